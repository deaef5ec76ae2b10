"""Windows: periods with a due date."""

from dataclasses import dataclass
from typing import Literal

from domain.events.base import Entry, event
from domain.values import CountRule, DueIs, Prose, Slug, Text, When

Purpose = Literal["enforcement pause", "divestiture", "comments", "compliance", "suspension", "application"]


@event
class WindowOpened(Entry):
    """A period with a due date was opened.

    `due` is the date that a document states, `rule` how a document counts to it; both are kept. `due_is` tells whether the
    period is open through that day (`last day`) or over from its start (`effect day`). `pauses` says that enforcement rests
    while the window runs; `effective.from` may reach back before it opened.
    """

    window: Slug
    title: Text
    purpose: Purpose
    opened_by: Text | None = None
    opens: When | None = None
    due: When | None = None
    due_is: DueIs = "last day"
    rule: CountRule | None = None
    pauses: bool = False
    owner: Text | None = None


@dataclass(frozen=True, kw_only=True)
class OfWindow(Entry):
    """What happens to an open window. `pauses` and `due_is` are filled in by the matter from its opening."""

    window: Slug
    pauses: bool = False
    due_is: DueIs | None = None


@event
class WindowExtended(OfWindow):
    """An open window's due date was moved; the extension acts from the day it `occurred`."""

    due: When
    legal_basis: Text | None = None
    rule: CountRule | None = None


@event
class WindowSuperseded(OfWindow):
    """A window was replaced by another, also before its end."""

    superseded_by: Slug
    legal_basis: Text | None = None


@event
class WindowSuspended(OfWindow):
    """A window was suspended through the last day in `effective.until`, or until further notice."""

    legal_basis: Text | None = None


@event
class WindowMet(OfWindow):
    """What the window asked for was done; `evidence` shows it."""

    evidence: Prose


@event
class WindowWithdrawn(OfWindow):
    """A window was withdrawn by who opened it."""

    reason: Prose


@event
class LastDayReached(Entry):
    """The last day that a document fixed for a window, known since that document; silent on any later extension."""

    window: Slug
