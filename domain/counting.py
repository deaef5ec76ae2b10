"""Counting days to a due date, with the steps a lawyer can check.

Rule `calendar`: US statutes and executive orders count plain days from the day after the trigger and do not roll
over weekends or holidays: EO 14352 states that the 75 days of EO 14166, signed 2025-01-20, ran until April 5, 2025, a Saturday.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import BadValue
from domain.when import FIRST_YEAR, LAST_YEAR, plain_date

AUTHORITIES = {
    "calendar": "Plain calendar days from the day after the trigger, no roll: as EO 14352 counts the 75 days of EO 14166",
}
LONGEST = 36_525
"""Days; about a hundred years. A longer period is taken for a slip."""


@dataclass(frozen=True)
class Counted:
    """A due date and how it came about: `steps` are sentences in order."""

    due: date
    rule: str
    authority: str
    steps: tuple[str, ...]


def count(start: date, length: int, unit: str = "days", rule: str = "calendar", before: bool = False) -> Counted:
    """The due date `length` `unit` after (or before) `start` under a named rule; raises `BadValue` and never guesses."""
    if rule not in AUTHORITIES:
        raise BadValue(f"There is no rule “{rule}” here. Known: {', '.join(AUTHORITIES)}.", "rule")
    if unit not in ("day", "days"):
        raise BadValue(f"The rule calendar counts days, not “{unit}”.", "unit")
    if not isinstance(length, int) or isinstance(length, bool) or not 1 <= length <= LONGEST:
        raise BadValue(f"A length is a whole number of days from 1 to {LONGEST:,}, not “{length}”.", "length")
    step = timedelta(days=-1 if before else 1)
    try:
        due = start + length * step
    except OverflowError:
        due = None
    if due is None or not FIRST_YEAR <= due.year <= LAST_YEAR:
        raise BadValue(f"{length:,} days from {start} leaves the years {FIRST_YEAR} to {LAST_YEAR}.", "length")
    return Counted(due, rule, AUTHORITIES[rule], _steps(start, length, start + step, due, "back" if before else "on"))


def _steps(start: date, length: int, day_one: date, due: date, way: str) -> tuple[str, ...]:
    return (
        f"The trigger is {plain_date(start)}; that day is not counted.",
        f"Day 1 is {plain_date(day_one)}." if way == "on" else f"Counting back, day 1 is {plain_date(day_one)}.",
        f"Day {length} is {plain_date(due)}, a {due:%A}.",
        "Plain calendar days: weekends and holidays count, and the last day does not roll.",
    )
