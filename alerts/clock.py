"""The clock: it ticks, the log decides. Two clocks, or a clock that was killed, tell each step once; one leads, so that they do not both work."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger

from alerts.book import Alerts
from alerts.looking import look, look_at_all, set_position, take_in
from alerts.sending import AT_ONCE_MOST
from domain.events import AlertRaised
from service.people import audit
from service.people.store import first

logger = structlog.get_logger("daybook.clock")
LEASE = 15_000_000
"""For how long (microseconds) a clock leads without renewing it: so long nothing is sent after the leader was killed."""
SENDS_EVERY = 2
"""Seconds between two looks for messages that can be sent."""
_ASKED_ANEW = (
    audit.JOINED, audit.LEFT, audit.ROLE_CHANGED, audit.DISABLED, audit.ENABLED, audit.ERASED,
    audit.POLICY_KEPT, audit.POLICY_DELETED, audit.FILTER_KEPT, audit.FILTER_DELETED, audit.CHANNEL_CHANGED,
)  # fmt: skip
"""What changes who wants to hear of what. No policy names a channel that was just made, or one that could be deleted."""
_ALTERS_NO_PLAN = ("secret rotated", "former secret dropped", "asked to confirm")
"""The changes of a channel after which the same is to be told by it."""


def tick(alerts: Alerts, now: int, every: int | None = None) -> list[AlertRaised]:
    """Take in what was recorded, look at the windows that can have changed, make messages of what is ready; returns what was raised.

    `every` is the seconds between two ticks, kept for whoever has to tell whether the clock stands still.
    """
    _notice_others(alerts, now)
    raised = _do(
        alerts, take_in, "SELECT 1 FROM ledger WHERE position>COALESCE((SELECT value FROM clock WHERE name='recorded'), 0)", (), now
    )
    raised += _do(alerts, look, "SELECT 1 FROM watched WHERE look<=?", (now,), now)
    alerts.gather(now)
    with alerts.store.writing() as c:
        set_position(c, "tick", now)
        if every is not None:
            set_position(c, "every", every)
    for alert in raised:
        logger.info(
            "alert raised", **{name: getattr(alert, name) for name in ("alert", "matter", "window", "step", "due", "entry")}
        )
    return raised


def _do(alerts: Alerts, work: Callable[..., Any], wanted: str, values: tuple[Any, ...], now: int) -> list[AlertRaised]:
    """Work, batch by batch, where a look without the write lock finds that there is some; what was raised."""
    if alerts.store.row(wanted + " LIMIT 1", *values) is None:
        return []
    raised, more = [], True
    while more:
        found, more = work(alerts.log, alerts.planner, now)
        raised += found
    return raised


def _notice_others(alerts: Alerts, now: int) -> None:
    """Where somebody changed what is asked for, or set the machine's clock back, every window is looked at again."""
    stands = dict(alerts.store.rows("SELECT name, value FROM clock WHERE name IN ('audit', 'tick')"))
    acts, changes = (",".join("?" * len(some)) for some in (_ASKED_ANEW, _ALTERS_NO_PLAN))
    sql = f"SELECT MAX(at) FROM audit WHERE at>? AND act IN ({acts}) AND COALESCE(json_extract(detail, '$.change'), '') NOT IN ({changes})"
    (last,) = alerts.store.row(sql, stands.get("audit", 0), *_ASKED_ANEW, *_ALTERS_NO_PLAN)
    was_set_back = stands.get("tick", 0) > now
    if last or was_set_back:
        with alerts.store.writing() as c:
            look_at_all(c, "1=1" if was_set_back else "look IS NOT NULL")
            set_position(c, "audit", last or stands.get("audit", 0))


def lead(alerts: Alerts, holder: str, now: int) -> bool:
    """Whether this clock leads: by one conditional update, for a lease that is renewed when half of it is over."""
    held_by, until = alerts.store.row("SELECT holder, value FROM clock WHERE name='leader'") or (None, 0)
    if held_by == holder and until > now + LEASE // 2:
        return True
    if held_by != holder and now <= until <= now + LEASE:
        return False
    with alerts.store.writing() as c:
        c.execute("INSERT INTO clock VALUES ('leader', 0, NULL) ON CONFLICT (name) DO NOTHING")
        free = "holder=? OR value<? OR value>?"  # longer than a lease ahead: the machine's clock was set back
        c.execute(
            f"UPDATE clock SET holder=?, value=? WHERE name='leader' AND ({free})", (holder, now + LEASE, holder, now, now + LEASE)
        )
        return bool(first(c, "SELECT 1 FROM clock WHERE name='leader' AND holder=?", holder))


def start(scheduler: BaseScheduler, alerts: Alerts, seconds: int) -> BaseScheduler:
    """Tick at once and then every so many seconds on that scheduler, and send what is due; what fails is logged and tried again."""
    holder, clock = secrets.token_hex(8), alerts.clock
    at_once = datetime.now(UTC)  # the scheduler's own time, whatever clock we are given

    def leading(work: Callable[[], Any]) -> Callable[[], None]:
        def beat() -> None:
            try:
                if lead(alerts, holder, clock()):
                    work()
            except Exception:
                logger.exception("the clock's work failed; it is tried again")

        return beat

    for name, work, every, most in (
        ("tick", lambda: tick(alerts, clock(), seconds), seconds, 1),
        ("send", alerts.work, min(seconds, SENDS_EVERY), AT_ONCE_MOST),
    ):
        scheduler.add_job(
            leading(work), IntervalTrigger(seconds=every), id=name, next_run_time=at_once, coalesce=True, max_instances=most,
            misfire_grace_time=None,
        )  # fmt: skip
    scheduler.start()
    return scheduler
