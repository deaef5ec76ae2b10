"""Counting to a due date, as command line and API answer it."""

from typing import Any

from domain.counting import count
from domain.errors import BadValue
from domain.when import read_day


def counted(start: str, length: int, unit: str = "days", rule: str = "calendar") -> dict[str, Any]:
    """{due, rule, authority, steps}; raises `BadValue` naming the field, and never invents a date."""
    try:
        day = read_day(start)
    except BadValue as error:
        raise BadValue(error.detail, "start") from None
    result = count(day, length, unit, rule)
    return {"due": result.due.isoformat(), "rule": result.rule, "authority": result.authority, "steps": list(result.steps)}
