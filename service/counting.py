"""Counting to a due date, as command line and API answer it."""

import re
from typing import Any

from domain.counting import count
from domain.errors import BadValue
from domain.instants import zone as zone_named
from domain.when import read_day
from domain.working_days import public_holidays
from service.asking import ask


def counted(
    start: str, length: int, unit: str = "days", rule: str = "calendar", before: bool = False, *,
    jurisdiction: str | None = None, zone: str | None = None, known_on: str | None = None, now: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """{due, rule, authority, steps}; raises `BadValue` naming the field, and never invents a date.

    `jurisdiction`, `zone` and `known_on` are checked; the rule `calendar` counts plain days and is moved by none of them.
    """
    try:
        day = read_day(start)
    except BadValue as error:
        raise BadValue(error.detail, "start") from None
    if jurisdiction is not None:
        public_holidays(jurisdiction)
    if zone is not None:
        _zone(zone)
    ask(now, known_on=known_on)
    result = count(day, length, unit, rule, before)
    return {"due": result.due.isoformat(), "rule": result.rule, "authority": result.authority, "steps": list(result.steps)}


def _zone(name: str) -> None:
    try:
        zone_named(name)
    except BadValue as error:
        raise BadValue(error.detail, "zone") from None


def read_period(text: str) -> tuple[int, str]:
    """“75 days” as (75, "days"); raises `BadValue`."""
    match = re.fullmatch(r"([0-9]{1,9})(?: ([a-z ]{1,20}))?", text.strip())
    if not match:
        raise BadValue(f"“{text[:40]}” is not a period. Write it as 75 days.", "period")
    return int(match[1]), match[2] or "days"
