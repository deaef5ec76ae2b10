"""What is due: the due dates that a clock has to watch, as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from projections.matter_at import MatterAt
from projections.windows import RUNNING, Window, windows


@dataclass(frozen=True)
class Sighting:
    """A running window's due date on the day of its zone."""

    matter: str
    window: str
    title: str
    due: date
    due_is: str
    given_by: str
    today: date


def sightings(matters: list[MatterAt]) -> Iterator[Sighting]:
    """The due dates to watch at a point."""
    for matter in matters:
        for window in windows(matter):
            if window.due is not None and _still_counts(window):
                yield _sighting(window)


def _still_counts(window: Window) -> bool:
    """Running; or over from the start of this very day, which is when an effect day is told."""
    return window.status in RUNNING or (window.status == "lapsed" and window.due_day == window.matter.today)


def _sighting(window: Window) -> Sighting:
    claim, matter = window.fact(window.gives_due).claim, window.matter
    given_by = f"{matter.slug}.{claim.entry}"
    title, due_is = window.value("title"), window.value("due_is")
    return Sighting(matter.slug, window.id, title, window.due_day, due_is, given_by, matter.today)
