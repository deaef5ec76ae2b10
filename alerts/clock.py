"""The clock: it ticks, the log decides. Two clocks, or a clock that was killed, tell each step once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import structlog
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger
from eventsourcing.persistence import IntegrityError

from domain.events import AlertRaised
from domain.instants import moment
from projections.tree import Lane
from projections.windows import RUNNING, Window, windows
from service.asking import ask
from service.log import Log
from service.reading import all_lanes

logger = structlog.get_logger("daybook.clock")


@dataclass(frozen=True)
class Sighting:
    """A running window's due date on the day of its zone."""

    matter: str
    window: str
    title: str
    due: date
    given_by: str
    today: date


def sightings(lanes: list[Lane]) -> Iterator[Sighting]:
    """The due dates to watch at a point."""
    for lane in lanes:
        for window in windows(lane):
            if window.due is not None and _still_counts(window):
                yield _sighting(lane, window)


def _still_counts(window: Window) -> bool:
    """Running; or over from the start of this very day, which is when an effect day is told."""
    return window.status in RUNNING or (window.status == "lapsed" and window.due_day == window.lane.today)


def _sighting(lane: Lane, window: Window) -> Sighting:
    claim = window.fact("due").claim
    return Sighting(lane.slug, window.id, window.value("title"), window.due_day, f"{lane.slug}.{claim.corrected_by or claim.entry}", lane.today)


def tick(log: Log, now: int) -> list[AlertRaised]:
    """See every running window once and return the alerts that this clock raised."""
    raised = []
    for sighting in list(sightings(all_lanes(log, ask(now), prefix="windows"))):
        raised += _see(log, sighting)
    for alert in raised:
        logger.info(
            "alert raised", **{name: getattr(alert, name) for name in ("alert", "matter", "window", "step", "due", "days_left")}
        )
    return raised


def _see(log: Log, sighting: Sighting) -> list[AlertRaised]:
    watch = log.watch(sighting.matter, sighting.window)
    watch.see(sighting.title, sighting.due, sighting.given_by, sighting.today)
    if not watch.pending_events:
        return []
    try:
        return log.save_watch(watch)
    except IntegrityError:
        return []  # another clock was first; what it did not see, the next tick will


def start(scheduler: BaseScheduler, log: Log, clock: Callable[[], int], seconds: int) -> BaseScheduler:
    """Tick at once and then every so many seconds on that scheduler; a tick that fails is logged and tried again."""

    def beat() -> None:
        try:
            tick(log, clock())
        except Exception:
            logger.exception("the tick failed; it is tried again")

    trigger = IntervalTrigger(seconds=seconds)
    scheduler.add_job(beat, trigger, next_run_time=moment(clock()), coalesce=True, max_instances=1, misfire_grace_time=None)
    scheduler.start()
    return scheduler
