"""Events about events: a denial stands beside the report that it denies, and a correction beside what it corrects."""

from typing import Any, Literal

from domain.events.base import Amendment, event
from domain.values import Prose, ScopePath, Text

Slip = Literal["ours", "source"]


@event
class ReportDenied(Amendment):
    """Somebody denied a report. It reaches only the values in `scope`; left out, all that the entries claim."""

    by: Text
    scope: list[ScopePath] | None = None
    statement: Prose | None = None
    basis = "reported"


@event
class ReportConfirmed(Amendment):
    """Somebody confirmed a report, within `scope` as in a denial."""

    by: Text
    scope: list[ScopePath] | None = None
    statement: Prose | None = None
    basis = "reported"


@event
class EntryCorrected(Amendment):
    """An entry was corrected: `changes` holds the fields that differ.

    Our own slip (`ours`) reaches back to the day the entry was known: only `recorded_at` still sees it. One that the
    source made (`source`) counts from the correction's own publication.
    """

    changes: dict[str, Any]
    slip: Slip = "source"
    reason: Prose | None = None


@event
class EntryRetracted(Amendment):
    """An entry was taken back, by us (`ours`, which reaches back) or by its source (from its publication)."""

    reason: Prose
    slip: Slip = "source"
