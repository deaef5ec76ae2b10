"""The view `deadlines`: every window at the point, the one due first first."""

from typing import Any

from projections.matter_at import MatterAt
from projections.windows import RUNNING, Window, by_due, deadline, windows


def view(matters: list[MatterAt]) -> dict[str, Any]:
    """The windows that are running (upcoming, open or suspended) over all matters asked for."""
    return {"deadlines": [deadline(window) for window in soonest(matters) if window.status in RUNNING]}


def every(matters: list[MatterAt]) -> dict[str, Any]:
    """All windows, whatever their status: what a diff compares, so that one that was met is told with what met it."""
    return {"deadlines": [deadline(window) for window in soonest(matters)]}


def soonest(matters: list[MatterAt]) -> list[Window]:
    """Every window of the matters, whatever its status, by due date; those without one last."""
    found = [window for matter in matters for window in windows(matter)]
    return sorted(found, key=by_due)
