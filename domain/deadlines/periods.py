"""A period as a document states it: how long, in which unit, from when, which way, under which rule set."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, get_args

from domain.errors import BadValue
from domain.instants import zone
from domain.values import Counting
from domain.when import FIRST_YEAR, LAST_YEAR, Span, read_when, read_words

LONGEST = {"days": 36_525, "business days": 2_600, "weeks": 5_217, "months": 1_200, "years": 100, "hours": 876_600}
"""The longest period in each unit: about a hundred years, and ten of business days. A longer one is taken for a slip."""
UNITS = tuple(LONGEST)
COUNTING = get_args(Counting)
"""The day after the trigger is day 1, or the trigger's own day is."""
_SAME = {"working days": "business days", "working day": "business days", "business day": "business days"}
UNIT_NAMES = (*UNITS, *(unit[:-1] for unit in UNITS), *_SAME)
"""Every way to write a unit."""
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """A length in a unit, after (or `before`) a trigger, under a rule set.

    `start` is a day, an instant, or an uncertain date; a local time (`2025-01-20T10:00`) needs `zone`. `counting` is `after` the
    trigger, or `from` it where the trigger's own day counts. `jurisdiction` says whose holidays count, `inaccessible` on
    which days the clerk's office was, `no_roll` that a closed last day stays, `due_is` whether the end is a last day or an
    effect day, on which something begins.
    """

    start: str
    length: int
    unit: str = "days"
    rule: str = "calendar"
    before: bool = False
    counting: str = "after"
    jurisdiction: str | None = None
    zone: str | None = None
    no_roll: bool = False
    inaccessible: tuple[str, ...] = ()
    due_is: str = "last day"

    @classmethod
    def of(cls, rule: Mapping[str, Any]) -> "Period":
        """A `CountRule` of an event as a period; what it leaves out is as above."""
        given = {each.name: rule[each.name] for each in fields(cls) if rule.get(each.name) is not None}
        return cls(**given | {"inaccessible": tuple(given.get("inaccessible", ()))})

    @property
    def step(self) -> int:
        """1 where the period runs forward, -1 where it runs back."""
        return -1 if self.before else 1

    def words(self) -> str:
        """“75 days”, “1 business day”."""
        return f"{self.length:,} {self.unit[:-1] if self.length == 1 else self.unit}"


def unit_named(name: str) -> str:
    """The unit of that name, in singular or plural; raises `BadValue`."""
    unit = _SAME.get(name, name if name in LONGEST else f"{name}s")
    if unit not in LONGEST:
        raise BadValue(f"“{str(name)[:40]}” is not a unit. Known: {', '.join(UNITS)}.", "unit")
    return unit


def check_length(length: Any, unit: str) -> int:
    """A whole number from 1 to the unit's longest; raises `BadValue`."""
    if not isinstance(length, int) or isinstance(length, bool) or not 1 <= length <= LONGEST[unit]:
        raise BadValue(f"A length is a whole number of {unit} from 1 to {LONGEST[unit]:,}, not “{str(length)[:40]}”.", "length")
    return length


def read_length(text: str) -> tuple[int, str]:
    """“75 days” as (75, "days"); raises `BadValue`."""
    match = re.fullmatch(r"([0-9]{1,9})(?: ([a-z ]{1,20}))?", text.strip())
    if not match:
        raise BadValue(f"“{text[:40]}” is not a period. Write it as 75 days, 10 business days, 3 months or 72 hours.", "period")
    unit = unit_named(match[2] or "days")
    return check_length(int(match[1]), unit), unit


def read_start(text: str, time_zone: str | None) -> Span:
    """The trigger as a span of days or instants; a local time is taken in the zone. Raises `BadValue` naming `start`."""
    try:
        if isinstance(text, str) and _LOCAL.fullmatch(text.strip()):
            return _local(text.strip(), time_zone)
        return read_words(text) if isinstance(text, str) else read_when(text)
    except BadValue as error:
        raise BadValue(error.detail, "start") from None


def _local(text: str, time_zone: str | None) -> Span:
    if time_zone is None:
        raise BadValue(f"“{text}” is a time in which time zone? Give the zone, or an offset as in {text}-05:00.")
    try:
        naive = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadValue(f"“{text}” is not a time: {error}.") from None
    if not FIRST_YEAR <= naive.year <= LAST_YEAR:
        raise BadValue(f"“{text}” lies outside the years {FIRST_YEAR} to {LAST_YEAR}.")
    first, second = (naive.replace(tzinfo=zone(time_zone), fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        if first.utcoffset() < second.utcoffset():
            raise BadValue(f"There was no “{text}” in {time_zone}: the clocks went forward over it.")
        raise BadValue(f"“{text}” came twice in {time_zone}, as the clocks went back: write it with its offset.")
    return Span(text, first, first)


def add_months(day: date, months: int) -> tuple[date, bool]:
    """The same day `months` later (or earlier), and whether that month has no such day, so its last stands in."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OverflowError
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)), day.day > last


def add_plain(day: date, period: Period) -> tuple[date, bool]:
    """The day on which a period of days, weeks, months or years after `day` ends, no day rolled; as `add_months`."""
    if period.unit in ("days", "weeks"):
        return day + timedelta(days=period.step * period.length * (7 if period.unit == "weeks" else 1)), False
    return add_months(day, period.step * period.length * (12 if period.unit == "years" else 1))
