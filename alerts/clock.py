"""The clock: it ticks, the log decides. Two clocks, or a clock that was killed, tell each step once."""

from collections.abc import Callable

import structlog
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger
from eventsourcing.persistence import IntegrityError

from alerts.due import Sighting, sightings
from domain.events import AlertRaised
from domain.instants import moment
from service.asking import ask
from service.log import Log
from service.reading import windows_at

logger = structlog.get_logger("daybook.clock")


def tick(log: Log, now: int) -> list[AlertRaised]:
    """See every running window once and return the alerts that this clock raised."""
    raised = []
    for sighting in list(sightings(windows_at(log, ask(now)))):
        raised += _see(log, sighting)
    for alert in raised:
        logger.info(
            "alert raised", **{name: getattr(alert, name) for name in ("alert", "matter", "window", "step", "due", "days_left")}
        )
    return raised


def _see(log: Log, sighting: Sighting) -> list[AlertRaised]:
    watch = log.watch(sighting.matter, sighting.window)
    watch.see(sighting.title, sighting.due, sighting.due_is, sighting.given_by, sighting.today)
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
