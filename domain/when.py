"""Dates that may be uncertain: ISO days, instants, EDTF, and a few plain words.

Authority: EDTF is ISO 8601-2:2019. Own small grammar first, because the general parsers read "by 2025" as a day.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from domain.errors import BadValue

FIRST_YEAR, LAST_YEAR = 1000, 2999
SEASONS = range(21, 42)
"""EDTF writes seasons, quarters and halves where a month stands: `2025-21` is spring."""

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?%]?)", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})[~?%]?", re.ASCII)
_WORDS = re.compile(
    r"(?:(?P<hedge>by|before the end of|in|early|mid|late|about|around|circa|c\.)\s+)?"
    r"(?:(?P<day>\d{1,2})\s+)?(?:(?P<month>[a-z]{3,9})\.?\s+)?(?P<year>\d{4})",
    re.IGNORECASE | re.ASCII,
)
_US_ORDER = re.compile(r"^([A-Za-z]{3,9})\.? (\d{1,2}), (\d{4})$", re.ASCII)
_MONTHS = {name.lower(): n for names in (calendar.month_name, calendar.month_abbr) for n, name in enumerate(names) if n}
_PART_OF_YEAR = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}


@dataclass(frozen=True)
class Span:
    """The days (or instants) that a date may lie on; `None` at an end means that end is not known."""

    text: str
    earliest: date | datetime | None
    latest: date | datetime | None
    approximate: bool = False

    @property
    def certain(self) -> bool:
        """True for one exact day or instant."""
        return self.earliest == self.latest and not self.approximate

    @property
    def last(self) -> date | datetime:
        """The latest day, or the earliest where no end is known: from here on it has surely begun."""
        return self.latest if self.latest is not None else self.earliest

    @property
    def first(self) -> date | datetime:
        """The earliest day, or the latest where no start is known."""
        return self.earliest if self.earliest is not None else self.latest


@lru_cache(maxsize=65536)
def read_when(text: str) -> Span:
    """Read a date: `2025-03-21`, `2025-03~`, `../2025`, `2025-01-18T22:30-05:00`, or EDTF of levels 0 to 2.

    Raises `BadValue` for anything else, and never guesses.
    """
    if not isinstance(text, str) or not text.strip() or len(text) > 80:
        raise _not_a_date(text)
    text = text.strip()
    if _INSTANT.fullmatch(text):
        return _instant(text)
    if text[0] in "[{":
        return _set(text)
    if "/" in text:
        return _interval(text)
    if partial := _PARTIAL.fullmatch(text):
        return _partial(text, partial)
    return _edtf(text)


def read_words(text: str) -> Span:
    """Read a date as people write it (`by 2025`, `early 2025`, `March 2025`, `21 March 2025`) or as `read_when` does."""
    text = _US_ORDER.sub(r"\2 \1 \3", text.strip())
    match = _WORDS.fullmatch(text)
    if not match or (match["day"] and not match["month"]) or match["year"] == text.strip():
        return read_when(text)
    hedge, year = (match["hedge"] or "").lower(), match["year"]
    if hedge in _PART_OF_YEAR and not match["month"]:
        first, last = _PART_OF_YEAR[hedge]
        return read_when(f"{year}-{first:02d}/{year}-{last:02d}")
    iso = year
    if match["month"]:
        month = _MONTHS.get(match["month"].lower())
        if month is None:
            raise BadValue(f"{_shown(text)} is not a date: there is no month {match['month']}.")
        iso += f"-{month:02d}" + (f"-{int(match['day']):02d}" if match["day"] else "")
    if hedge in ("by", "before the end of"):
        return read_when(f"../{iso}")
    return read_when(iso + ("" if hedge in ("", "in") else "~"))


def read_day(text: str) -> date:
    """Read one certain day, `2025-04-05`; raises `BadValue`."""
    span = read_when(text)
    if not span.certain or isinstance(span.earliest, datetime):
        raise BadValue(f"{_shown(text)} is not one certain day. Write it as 2025-04-05.")
    return span.earliest


def _not_a_date(text: object) -> BadValue:
    return BadValue(f"{_shown(text)} is not a date. Write it as 2025-03-21, 2025-03, 2025, 2025-03~ or ../2025.")


def _shown(text: object) -> str:
    shown = str(text)
    return f"“{shown[:40]}…”" if len(shown) > 40 else f"“{shown}”"


def _instant(text: str) -> Span:
    approximate = text[-1] in "~?%"
    try:
        value = datetime.fromisoformat(text.rstrip("~?%"))
    except ValueError as error:
        raise BadValue(f"{_shown(text)} is not an instant: {error}.") from None
    _check_year(text, value.year)
    return Span(text, value, value, approximate)


def _interval(text: str) -> Span:
    start_text, _, end_text = text.partition("/")
    if "/" in end_text:
        raise BadValue(f"{_shown(text)} has more than two ends.")
    start = None if start_text in ("", "..") else read_when(start_text)
    end = None if end_text in ("", "..") else read_when(end_text)
    if start is None and end is None:
        raise BadValue(f"{_shown(text)} has neither a first nor a last day.")
    if start and end and _is_later(start.first, end.last):
        raise BadValue(f"{_shown(text)} ends before it starts.")
    approximate = any(side is not None and side.approximate for side in (start, end))
    return Span(text, start.first if start else None, end.last if end else None, approximate)


def _set(text: str) -> Span:
    """One of several dates, or all of them: from the first of the earliest to the last of the latest."""
    members = text[1:-1].split(",")
    if {"[": "]", "{": "}"}[text[0]] != text[-1] or not all(member.strip() for member in members):
        raise _not_a_date(text)
    read = [_member(member.strip()) for member in members]
    starts, ends = [start for start, _ in read], [end for _, end in read]
    earliest = None if None in starts else min(starts, key=_day_of)
    latest = None if None in ends else max(ends, key=_day_of)
    if earliest is None and latest is None:
        raise _not_a_date(text)
    return Span(text, earliest, latest, approximate=True)


def _member(text: str) -> tuple[date | datetime | None, date | datetime | None]:
    """A member of a set, `2025-03`, `2025..2027`, `..2025` or `2025..`, from and until when; it is no set itself."""
    start, dots, end = text.partition("..")
    if text[0] in "[{" or "/" in text or ".." in end or not (start or end):
        raise _not_a_date(text)
    first, last = (read_when(part) if part else None for part in (start, end if dots else start))
    return first.first if first else None, last.last if last else None


def _is_later(value: date | datetime, other: date | datetime) -> bool:
    if isinstance(value, datetime) and isinstance(other, datetime):
        return value > other
    return _day_of(value) > _day_of(other)


def _day_of(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _partial(text: str, match: re.Match) -> Span:
    year, month, day = (int(part) if part else None for part in match.groups()[:3])
    _check_year(text, year)
    if month is not None and month in SEASONS and day is None:
        return _edtf(text)
    if month is not None and not 1 <= month <= 12:
        raise BadValue(f"{_shown(text)} is not a date: there is no month {month}.")
    if day is not None and not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise BadValue(f"{_shown(text)} is not a date: {calendar.month_name[month]} {year} has no day {day}.")
    first = date(year, month or 1, day or 1)
    last_month = month or 12
    last = date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    return Span(text, first, last, bool(match[4]))


LONGEST_EDTF = 16
"""Characters of one date that the EDTF parser is given; intervals and sets are taken apart before."""
_BEYOND = re.compile(r"[^0-9X~?%-]|\d{5}", re.ASCII)
"""Not handed to the EDTF parser: long years and exponents (`Y1E9`), which it would work out digit by digit."""


def _edtf(text: str) -> Span:
    if _BEYOND.search(text) or len(text) > LONGEST_EDTF:
        raise _not_a_date(text)
    from edtf import parse_edtf  # a heavy grammar, loaded only where the small one does not reach
    from edtf.parser.edtf_exceptions import EDTFParseException

    try:
        parsed = parse_edtf(text)
        earliest, latest = (date(*part[:3]) for part in (parsed.lower_strict(), parsed.upper_strict()))
    except (EDTFParseException, ValueError, TypeError, AttributeError, LookupError, ArithmeticError):
        raise _not_a_date(text) from None
    _check_year(text, earliest.year)
    _check_year(text, latest.year)
    return Span(text, earliest, latest, approximate=True)


def _check_year(text: str, year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadValue(f"{_shown(text)} lies outside the years {FIRST_YEAR} to {LAST_YEAR} that this daybook keeps.")


def plain_date(value: date | datetime) -> str:
    """“5 April 2025”, or with its time for an instant."""
    words = f"{value.day} {calendar.month_name[value.month]} {value.year}"
    return f"{words}, {value:%H:%M}" if isinstance(value, datetime) else words


def days_between(start: date, end: date) -> int:
    """Calendar days from `start` to `end`, negative when `end` is earlier."""
    return (end - start) // timedelta(days=1)
