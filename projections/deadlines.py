"""The view `deadlines`: every window at the point, the one due first first."""

from typing import Any

from projections.tree import Lane
from projections.windows import RUNNING, Window, deadline, windows


def view(lanes: list[Lane]) -> dict[str, Any]:
    """The windows that are running (upcoming, open or suspended) over all matters asked for."""
    return {"deadlines": [deadline(window) for window in soonest(lanes) if window.status in RUNNING]}


def soonest(lanes: list[Lane]) -> list[Window]:
    """Every window of the lanes, whatever its status, by due date; those without one last."""
    found = [window for lane in lanes for window in windows(lane)]
    return sorted(found, key=lambda w: (w.due is None, w.due_day.toordinal() if w.due else 0, w.lane.slug, w.id))
