"""Counting to a due date, as page, command line and API answer it."""

from datetime import date, datetime
from typing import Any

from domain.deadlines import RULES, Closed, Counted, Period, count
from domain.errors import BadValue
from domain.instants import day_in, day_of, last_day_over, micros, zone
from domain.when import days_between
from service.asking import ask


def counted(period: Period, *, known_on: str | None = None, now: int) -> dict[str, Any]:
    """A due date with its steps, as known on a day (None: today); raises `BadValue` naming the field, and invents no date.

    {due, rule, authority, steps, earliest, latest, nominal, skipped: [{day, why, authority, weekend}], cautions, due_is, ends, zone,
    known_on, days_left, working_days_left}; `ends` is the first instant at which the period is over, null where no zone is given
    or no end is known. Days are left from today, in the zone or else in UTC, to the earliest due day; null once it has passed.
    """
    time_zone = _zone(period.zone) if period.zone is not None else "UTC"
    known = last_day_over(ask(now, known_on=known_on).at(time_zone, None).known, time_zone)
    result = count(period, known)
    return _told(result, period) | {"known_on": known.isoformat()} | _left(result, period, time_zone, now)


def _zone(name: str) -> str:
    try:
        return zone(name).key
    except BadValue as error:
        raise BadValue(error.detail, "zone") from None


def _told(result: Counted, period: Period) -> dict[str, Any]:
    ends = _ends(result, period)
    return {
        "due": result.due,
        "rule": result.rule,
        "authority": result.authority,
        "steps": list(result.steps),
        "earliest": result.earliest.isoformat() if result.earliest else None,
        "latest": result.latest.isoformat() if result.latest else None,
        "nominal": result.nominal,
        "skipped": [_closed(each) for each in result.skipped],
        "cautions": list(result.cautions),
        "due_is": period.due_is,
        "ends": ends.isoformat() if ends else None,
        "zone": period.zone,
    }


def _closed(each: Closed) -> dict[str, Any]:
    return {"day": each.day.isoformat(), "why": each.why, "authority": each.authority, "weekend": each.weekend}


def _ends(result: Counted, period: Period) -> datetime | None:
    if isinstance(result.latest, datetime):
        return result.latest
    return result.ends(period.due_is, period.zone) if period.zone else None


def _left(result: Counted, period: Period, time_zone: str, now: int) -> dict[str, int | None]:
    """Calendar and working days from today to the earliest due day, with the calendar as known today."""
    due = result.earliest or result.latest
    today, day = day_in(now, time_zone), day_of(due, time_zone)
    over = micros(due) <= now if isinstance(due, datetime) else day == today and period.due_is == "effect day"
    if day < today or over:
        return {"days_left": None, "working_days_left": None}
    return {"days_left": days_between(today, day), "working_days_left": _working_days(period, today, due, day)}


def _working_days(period: Period, today: date, due: date | datetime, day: date) -> int | None:
    """None where no calendar reaches, and for hours that are counted in no particular country."""
    calendar = RULES[period.rule].calendar_for(period, today)
    if isinstance(due, datetime) and not calendar.jurisdictions:
        return None
    try:
        return calendar.working_days(today, day)
    except BadValue:
        return None
