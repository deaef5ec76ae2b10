"""Days into instants, in a named time zone: the one place where a closing day becomes a moment.

An instant is an integer: microseconds since 1970-01-01T00:00Z. Periods are half-open.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from domain.errors import BadValue

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAWN = -(2**62)
"""Earlier than any instant."""


def micros(moment: datetime) -> int:
    """An aware datetime as an instant."""
    return (moment - EPOCH) // MICROSECOND


def moment(instant: int) -> datetime:
    """An instant as a UTC datetime."""
    return EPOCH + instant * MICROSECOND


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name; raises `BadValue`."""
    if name in _zone_names():
        return ZoneInfo(name)
    raise BadValue(f"“{str(name)[:40]}” is not a time zone. Write an IANA name such as America/New_York.", "time_zone")


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    """The names of the IANA database; not those that mean another zone on another machine."""
    return frozenset(available_timezones() - {"localtime", "posixrules", "Factory"})


@lru_cache(maxsize=65536)
def start_of(value: date | datetime, time_zone: str) -> int:
    """The first instant of a day in the zone; an exact instant is itself."""
    if isinstance(value, datetime):
        return micros(value)
    return micros(datetime.combine(value, time.min, zone(time_zone)))


@lru_cache(maxsize=65536)
def end_of(value: date | datetime, time_zone: str) -> int:
    """The last instant that belongs to a day in the zone; an exact instant is itself."""
    if isinstance(value, datetime):
        return micros(value)
    return start_of(value + timedelta(days=1), time_zone) - 1


def after(value: date | datetime, time_zone: str) -> int:
    """The first instant after a last day: where a half-open period that includes the day ends."""
    return end_of(value, time_zone) + 1


def over_at(last: date | datetime, due_is: str, time_zone: str) -> int:
    """The first instant at which a period is over: after its last day, at the start of an effect day, or an instant itself."""
    return after(last, time_zone) if due_is == "last day" and not isinstance(last, datetime) else start_of(last, time_zone)


def day_of(value: date | datetime, time_zone: str) -> date:
    """A day as it is, an instant as the day on which it falls in the zone."""
    return value.astimezone(zone(time_zone)).date() if isinstance(value, datetime) else value


def last_day_over(instant: int, time_zone: str) -> date:
    """The last day that has ended in the zone by an instant, which may be its very last."""
    day = day_in(instant, time_zone)
    return day if end_of(day, time_zone) <= instant else day - timedelta(days=1)


def day_in(instant: int, time_zone: str) -> date:
    """The day on which an instant falls in the zone."""
    return moment(instant).astimezone(zone(time_zone)).date()
