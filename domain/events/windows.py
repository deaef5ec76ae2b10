"""Windows: periods with a due date."""

from typing import Literal

from domain.events.base import Entry, event
from domain.values import CountRule, DueIs, Prose, Slug, Text, When

Purpose = Literal[
    "enforcement pause", "divestiture", "comments", "compliance", "suspension", "application", "filing", "notice", "other"
]  # fmt: skip


@event
class WindowOpened(Entry):
    """A period with a due date was opened.

    `due` is the date that a document states, `rule` how a document counts to it; both are kept. `due_is` tells whether the
    period is open through that day (`last day`) or over from its start (`effect day`). `pauses` says that enforcement rests
    while the window runs, however it is moved; `effective.from` may reach back before it opened.
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
    names = frozenset(("window",))


@event
class WindowExtended(Entry):
    """An open window's due date was moved; the extension acts from the day it `occurred`.

    `due` is the date that a document states, `rule` how it counts to it; at least one of them is given.
    """

    window: Slug
    due: When | None = None
    legal_basis: Text | None = None
    rule: CountRule | None = None
    names = frozenset(("window",))


@event
class WindowSuperseded(Entry):
    """A window was replaced by another, also before its end."""

    window: Slug
    superseded_by: Slug
    legal_basis: Text | None = None
    names = frozenset(
        (
            "window",
            "superseded_by",
        )
    )


@event
class WindowSuspended(Entry):
    """A window was suspended, through its last day or until further notice; its due date does not move by itself.

    The last day is `effective.until`.
    """

    window: Slug
    legal_basis: Text | None = None
    names = frozenset(("window",))


@event
class WindowMet(Entry):
    """What the window asked for was done; `evidence` shows it."""

    window: Slug
    evidence: Prose
    names = frozenset(("window",))


@event
class WindowWithdrawn(Entry):
    """A window was withdrawn by who opened it."""

    window: Slug
    reason: Prose
    names = frozenset(("window",))


@event
class LastDayReached(Entry):
    """The last day that a document fixed for a window, known since that document; silent on any later extension."""

    window: Slug
    names = frozenset(("window",))
