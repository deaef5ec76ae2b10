"""What is due: a running window's due date as a clock has to see it, and when that can change or be told next."""

from datetime import date

from domain.deadlines import became_known
from domain.instants import day_in, end_of, over_at, start_of
from domain.ladder import LONGEST_DAYS, Step
from domain.watch import Sight
from projections.matter_at import MatterAt
from projections.windows import RUNNING, Window, windows

NEWS_FOR = 7 * 24 * 3_600_000_000
"""What became known longer ago than a week (in microseconds) is history where it is first seen."""
_FIRST_YEAR = LONGEST_DAYS // 365 + 2


def sight(window: Window) -> Sight | None:
    """The window as the clock sees it; None where nothing was ever due on a day that one can count back from."""
    if window.due is None or window.due_day.year < _FIRST_YEAR:
        return None
    claim, matter = window.fact(window.gives_due).claim, window.matter
    due_is = window.value("due_is")
    return Sight(
        title=window.value("title"),
        due=window.due_day,
        due_is=due_is,
        given_by=f"{matter.slug}.{claim.entry}",
        today=matter.today,
        ends=over_at(window.due.first, due_is, matter.time_zone),
        time_zone=matter.time_zone,
        status=window.status,
        conflict=(window.value("stated"), window.computed.due) if window.conflict else None,
        given_at=claim.position,
        is_news=claim.known >= matter.at.known - NEWS_FOR,
        runs=_still_counts(window),
    )


def sightings(matters: list[MatterAt]) -> list[tuple[Window, Sight]]:
    """The running windows to watch at a point."""
    seen = [(window, sight(window)) for matter in matters for window in windows(matter)]
    return [(window, its) for window, its in seen if its and its.runs]


def _still_counts(window: Window) -> bool:
    """Running; or over on this very day, which is when an effect day is told."""
    return window.status in RUNNING or (window.status == "lapsed" and window.due_day == window.matter.today)


def next_look(time_zone: str, window: Window | None, its: Sight | None, steps: set[Step], turns: set[int], now: int) -> int | None:
    """The next instant at which a window can change or a step is reached; None where nothing is to come.

    `turns` are the instants at which what is claimed of it is known, begins or ends: each counts from the start of its day. A window that
    is None is not known yet.
    """
    coming = {start_of(day_in(turn, time_zone), time_zone) for turn in turns}
    if its and its.runs:
        coming |= {step.moment(its.due, its.ends, time_zone) for step in steps} | {its.ends, end_of(its.due, time_zone) + 1}
    if window and window.value("rule") and window.status in RUNNING:
        horizon = day_in(its.ends, time_zone) if its else date.max
        coming |= {start_of(day, time_zone) for day in became_known(window.matter.today, horizon)}
    return min((at for at in coming if at > now), default=None)
