"""Whether the clock ticks and how its messages stand: told from the tables alone, so that any process can tell."""

from dataclasses import dataclass
from typing import Any

from alerts.book import Alerts
from alerts.outbox import GIVEN_UP, WAITING
from domain.instants import moment
from domain.when import plain_date
from projections.headlines import count
from projections.read_model import reading
from service.people.store import DAY, HOUR, MINUTE

SECOND = 1_000_000
USUAL_TICK = 60
"""Seconds between two ticks, where no clock has said how often it looks."""
LATE = 5 * MINUTE
"""A message that was due longer ago than this, in microseconds, is late."""
BUCKETS = (1, 5, 15, 60, 300, 900, 3600, 21_600, 86_400)
"""Seconds between when a message was to be sent and when it was."""
START = "Whoever runs this daybook: start `daybook clock` or `daybook serve`."


@dataclass(frozen=True)
class Beat:
    """The clock at a moment: `last_tick` is an instant (None: it never ticked), `every` the seconds between two ticks; `age` is microseconds
    since the last one, or since the store began where there was none (None: nothing was ever stored). `leader` is the process that leads.
    """

    last_tick: int | None
    every: int
    age: int | None
    leader: str | None

    @property
    def stands_still(self) -> bool:
        """No tick for longer than three of them take, and than two minutes."""
        return self.age is not None and self.age > max(3 * self.every * SECOND, 2 * MINUTE)

    @property
    def warning(self) -> str | None:
        """What is said where the clock stands still; None where all is well."""
        if not self.stands_still:
            return None
        since = (
            "has ever looked at this daybook"
            if self.last_tick is None
            else f"has looked since {plain_date(moment(self.last_tick))} UTC"
        )
        return f"No clock {since}. Alerts are not being sent. {START}"


@dataclass(frozen=True)
class Pulse:
    """The clock and its messages at a moment. `held` alerts wait for quiet hours, a digest or the end of a snooze; `waiting` messages are
    to be sent, of which `late` should have been long ago, the oldest `oldest` microseconds ago (None: none waits); `given_up` never arrived.
    """

    beat: Beat
    held: int
    waiting: int
    late: int
    oldest: int | None
    given_up: int

    @property
    def words(self) -> str:
        """All of it in one line."""
        beat = self.beat
        looked = "has never looked" if beat.last_tick is None else f"looked {_span(beat.age)} ago"
        told = beat.warning or f"The clock {looked}." + (f" It looks every {_span(beat.every * SECOND)}." if beat.last_tick else "")
        late = f", {self.late:,} of them late" if self.late else ""
        held = f" {count(self.held, 'alert is', 'alerts are')} held back for quiet hours, digests or snoozes." if self.held else ""
        lost = f" {count(self.given_up, 'message')} never arrived." if self.given_up else ""
        return f"{told} {count(self.waiting, 'message waits', 'messages wait')} to be sent{late}.{held}{lost}"

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        seconds = None if self.oldest is None else self.oldest // SECOND
        counts = {"held": self.held, "waiting": self.waiting, "late": self.late, "given_up": self.given_up}
        return beat_shown(self.beat) | {"every_seconds": self.beat.every, **counts, "oldest_waiting_seconds": seconds}


def beat_shown(beat: Beat) -> dict[str, Any]:
    """{last_tick, age_seconds, standing_still}: null for a clock that never ticked."""
    return {
        "last_tick": None if beat.last_tick is None else moment(beat.last_tick).isoformat(),
        "age_seconds": None if beat.last_tick is None else beat.age // SECOND,
        "standing_still": beat.stands_still,
    }


def beat(alerts: Alerts, now: int) -> Beat:
    """Whether the clock ticks, at an instant; cheap enough for every page."""
    sql = "SELECT name, value, holder FROM clock WHERE name IN ('tick', 'every', 'leader')"
    found = {name: (value, holder) for name, value, holder in alerts.store.rows(sql)}
    last = found["tick"][0] if "tick" in found else None
    since = _first_recorded(alerts) if last is None else last
    until, holder = found.get("leader", (0, None))
    every = found["every"][0] if "every" in found else USUAL_TICK
    return Beat(last, every, None if since is None else max(0, now - since), holder if until > now else None)


def _first_recorded(alerts: Alerts) -> int | None:
    """When the store began; None where it is empty."""
    with alerts.log.reading() as rows:
        return reading.recorded_of(rows, 1)


def pulse(alerts: Alerts, now: int) -> Pulse:
    """The clock and its messages at an instant."""
    held, oldest, late = alerts.store.row(
        """SELECT (SELECT COUNT(*) FROM outbox WHERE message IS NULL AND dropped IS NULL),
        (SELECT MIN(due) FROM messages WHERE state='waiting'),
        (SELECT COUNT(*) FROM messages WHERE state='waiting' AND due<?)""",
        now - LATE,
    )
    states = message_states(alerts)
    waited = None if oldest is None else max(0, now - oldest)
    return Pulse(beat(alerts, now), held, states.get(WAITING, 0), late, waited, states.get(GIVEN_UP, 0))


def message_states(alerts: Alerts) -> dict[str, int]:
    """How many messages there are in each state."""
    return dict(alerts.store.rows("SELECT state, COUNT(*) FROM messages GROUP BY state"))


def lateness(alerts: Alerts) -> tuple[list[int], float]:
    """Of the messages that were sent: how many came within each of `BUCKETS` seconds, and in all; and the sum of seconds."""
    within = ", ".join(f"COALESCE(SUM(ended-due<={seconds * SECOND}), 0)" for seconds in BUCKETS)
    sql = f"SELECT {within}, COUNT(*), COALESCE(SUM(MAX(ended-due, 0)), 0) FROM messages WHERE state='sent'"
    *counts, total = alerts.store.row(sql)
    return list(counts), total / SECOND


def _span(micros: int) -> str:
    """“12 seconds”, “3 hours”: the largest unit of which there are two."""
    for size, unit in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if micros >= 2 * size:
            return count(micros // size, unit)
    return count(micros // SECOND, "second")
