"""Which days are closed, where, and as known on which day.

Weekends and public holidays come from the `holidays` library (category `public`, but see `GENERAL_HOLIDAYS`), one-off closings from `closings`.
"""

import re
from bisect import bisect_right
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

import holidays

from domain.deadlines.closings import BY_ORDER, last_change, made_by_law
from domain.errors import BadValue
from domain.when import plain_date

DAY = timedelta(days=1)
INAUGURATION = "Inauguration Day"
ANNOUNCED_YEARLY = ("CN",)
"""China says each year which weekend days are worked for which holidays."""
GENERAL_HOLIDAYS = {"HK": ("public", "optional")}
"""The general holidays of Hong Kong (Cap. 149) are two categories of the library: the statutory ones, and the rest of them."""
FARTHEST = timedelta(days=7_305)
"""Over how many days working days are counted: twenty years."""
LONGEST_REST = 60
"""Days in a row that may be closed; a calendar that is closed for longer is a mistake."""


@dataclass(frozen=True)
class Closed:
    """A day that is closed, why, and on whose authority where a law or an order (`by_order`) closed it."""

    day: date
    why: str
    authority: str | None = None
    by_order: bool = False
    weekend: bool = False

    def told(self) -> str:
        """“1 September 2007 is a Saturday”, “5 December 2018 is closed: Day of Mourning … (EO 13852)”."""
        if self.weekend:
            return f"{plain_date(self.day)} is a {self.why}"
        return f"{plain_date(self.day)}, a {self.day:%A}, is closed: {self.why}" + (
            f" ({self.authority})" if self.authority else ""
        )


@dataclass(frozen=True)
class Calendar:
    """The closed days of one or more jurisdictions as known on a day (`known` None: as known now).

    `by_order` counts closings of the US executive departments, `inauguration` the holiday of the offices in Washington;
    `no_swaps` keeps every Saturday and Sunday closed, also where a country works one instead of another day.
    No jurisdiction: Saturdays and Sundays only.
    """

    jurisdictions: tuple[str, ...]
    known: date | None = None
    by_order: bool = False
    inauguration: bool = False
    no_swaps: bool = False

    @classmethod
    def of(cls, jurisdiction: str, known: date | None = None) -> "Calendar":
        """The working days of a jurisdiction; in the US the executive departments' closings count."""
        return cls((jurisdiction,), known, by_order=in_us(jurisdiction))

    def closed(self, day: date) -> Closed | None:
        """Why a day is closed, or None; raises `BadValue` outside the years whose holidays are known."""
        usual = self._weekend(day) or self._holiday(day)
        if usual:
            return usual
        closing = BY_ORDER.get(day) if self.by_order else None
        if closing and (self.known is None or closing.known <= self.known):
            return Closed(day, closing.name, f"{closing.authority}, known since {plain_date(closing.known)}", by_order=True)
        if self.inauguration and INAUGURATION in (_names("US-DC", day) or ""):
            return Closed(day, INAUGURATION, "5 U.S.C. 6103(c)")
        return None

    def _weekend(self, day: date) -> Closed | None:
        saturday_or_sunday = day.weekday() >= 5
        rests = [_rests(each, day) for each in self.jurisdictions if not self.no_swaps] or [saturday_or_sunday]
        return Closed(day, f"{day:%A}", weekend=True) if any(rests) else None

    def _holiday(self, day: date) -> Closed | None:
        for jurisdiction in self.jurisdictions:
            name = _names(jurisdiction, day)
            law = made_by_law(jurisdiction, name) if name else None
            if name and (law is None or self.known is None or law.known <= self.known):
                return Closed(day, name, law and law.authority)
        return None

    def next_open(self, day: date, step: timedelta = DAY) -> tuple[date, tuple[Closed, ...]]:
        """The first open day from `day` on (or back), itself if it is open, and the closed days passed over."""
        passed: list[Closed] = []
        while (shut := self.closed(day)) is not None:
            passed.append(shut)
            if len(passed) > LONGEST_REST:
                raise BadValue(f"No open day was found within {LONGEST_REST} days of {plain_date(passed[0].day)}.", "jurisdiction")
            day += step
        return day, tuple(passed)

    def working_days(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 when `end` is not later.

        Raises `BadValue` where no calendar is known, and beyond `FARTHEST`.
        """
        if end <= start:
            return 0
        if end - start > FARTHEST:
            raise BadValue(f"Working days are counted over at most {FARTHEST.days:,} days.", "start")
        same = replace(self, known=last_change(self.known)) if self.known else self
        years = (_open_days(same, year) for year in range(start.year, end.year + 1))
        return sum(bisect_right(days, end) - bisect_right(days, start) for days in years)

    def works_saturdays(self) -> Iterator[str]:
        """The jurisdictions whose weekend is Sunday alone."""
        return (each for each in self.jurisdictions if not self.no_swaps and set(_library(each).weekend) == {6})

    def announced_through(self) -> Iterator[tuple[str, int]]:
        """The jurisdictions that announce moved holidays year by year, each with the last year known here."""
        for jurisdiction in self.jurisdictions:
            if jurisdiction.partition("-")[0] in ANNOUNCED_YEARLY:
                yield jurisdiction, max(_library(jurisdiction).special_public_holidays)


@lru_cache(maxsize=2048)
def _open_days(calendar: Calendar, year: int) -> tuple[date, ...]:
    """The open days of a year in order."""
    return tuple(day for day in _days_of(year) if calendar.closed(day) is None)


def _days_of(year: int) -> Iterator[date]:
    return (date(year, 1, 1) + n * DAY for n in range(365 + isleap(year)))


def in_us(jurisdiction: str) -> bool:
    """The United States or one of their states."""
    return jurisdiction.partition("-")[0] == "US"


def check_jurisdiction(jurisdiction: str) -> str:
    """The jurisdiction as given, an ISO 3166 country (`US`) or subdivision (`US-DC`); raises `BadValue`."""
    _library(jurisdiction)
    return jurisdiction


@lru_cache(maxsize=256)
def _library(jurisdiction: str) -> holidays.HolidayBase:
    country, dash, subdivision = str(jurisdiction).partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known or (dash and subdivision not in known[country]):
        raise BadValue(f"No calendar is known for the jurisdiction “{str(jurisdiction)[:40]}”.", "jurisdiction")
    found = holidays.country_holidays(country, subdiv=subdivision or None)
    english = next(
        (name for name in ("en_US", *found.supported_languages) if name in found.supported_languages and "en" in name), None
    )
    return holidays.country_holidays(country, subdiv=subdivision or None, language=english) if english else found


@lru_cache(maxsize=4096)
def _year(jurisdiction: str, year: int) -> tuple[dict[date, str], frozenset[date]]:
    """The holidays of a year by day, and the weekend days that rest; raises `BadValue` where they are not known.

    Which days are the weekend may change with the years (the Emirates: Saturday and Sunday since 2022).
    """
    there = _library(jurisdiction)
    if not there.start_year <= year <= there.end_year:
        span = f"{there.start_year} to {there.end_year}"
        raise BadValue(f"The holidays of {jurisdiction} are known here for the years {span} only, not for {year}.", "jurisdiction")
    found = type(there)(subdiv=there.subdiv, years=year, language=there.language, categories=_categories(jurisdiction))
    rests = frozenset(day for day in _days_of(year) if found.is_weekend(day) and day not in found.weekend_workdays)
    return {day: _iso_days(name) for day, name in found.items() if day.year == year}, rests


def _categories(jurisdiction: str) -> tuple[str, ...]:
    return GENERAL_HOLIDAYS.get(jurisdiction.partition("-")[0], ("public",))


def _iso_days(name: str) -> str:
    """A holiday's name with the days in it as ISO writes them: “Day off (substituted from 2026-02-14)”."""
    return re.sub(r"(\d\d)/(\d\d)/(\d{4})", r"\3-\1-\2", name)


def _names(jurisdiction: str, day: date) -> str | None:
    return _year(jurisdiction, day.year)[0].get(day)


def _rests(jurisdiction: str, day: date) -> bool:
    """A weekend day there that is not worked instead of another."""
    return day in _year(jurisdiction, day.year)[1]
