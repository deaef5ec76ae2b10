"""A question's words into a point: `as_of`, `known_on`, `recorded_at`."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.errors import BadValue
from domain.instants import day_in, end_of, micros, moment
from domain.when import read_words
from projections.engine import Point
from projections.read_model.reading import Rows, last_position, position_at

FARTHEST_ZONE = timedelta(hours=14)
"""A day has not begun anywhere on Earth until 14 hours before it begins in UTC."""


@dataclass(frozen=True)
class Question:
    """A question as asked. Days are the asker's words and become instants in each matter's own zone.

    `as_of` None is today, in each matter's zone; `known_on` None follows `as_of`; `recorded_at` is an instant or a position
    of the log; `now` is the asker's moment.
    """

    now: int
    as_of: date | datetime | None = None
    known_on: date | datetime | None = None
    hindsight: bool = False
    recorded_at: datetime | int | None = None

    def position(self, rows: Rows) -> int | None:
        """The last position of the log that counts; None for all of it."""
        if isinstance(self.recorded_at, datetime):
            return position_at(rows, micros(self.recorded_at))
        if self.recorded_at is not None and self.recorded_at > (last := last_position(rows)):
            raise BadValue(f"The log has {last:,} positions; {self.recorded_at:,} lies in its future.", "recorded_at")
        return self.recorded_at

    def when(self, time_zone: str) -> date | datetime:
        """The day or instant asked about."""
        return day_in(self.now, time_zone) if self.as_of is None else self.as_of

    def at(self, time_zone: str, position: int | None) -> Point:
        """The point in a matter's zone."""
        as_of = end_of(self.when(time_zone), time_zone)
        today_ends = end_of(day_in(self.now, time_zone), time_zone)
        if self.hindsight:
            known = today_ends
        else:
            known = min(as_of if self.known_on is None else end_of(self.known_on, time_zone), today_ends)
        return Point(as_of, known, position)

    def day(self, time_zone: str) -> date:
        """The day that is asked about, in a matter's zone."""
        return day_in(end_of(self.when(time_zone), time_zone), time_zone)

    def is_future(self, time_zone: str) -> bool:
        """The day asked about has not begun."""
        return self.day(time_zone) > day_in(self.now, time_zone)

    def knows_all(self, time_zone: str) -> bool:
        """Nothing known by now is left out: asked about today or later, or with hindsight."""
        return self.recorded_at is None and self.at(time_zone, None).known >= end_of(day_in(self.now, time_zone), time_zone)

    def moved_to(self, as_of: date | datetime) -> "Question":
        """The same question about another day."""
        return replace(self, as_of=as_of)


def ask(now: int, as_of: str | None = None, known_on: str | None = None, recorded_at: str | None = None) -> Question:
    """Read a question; raises `BadValue` naming the parameter. Nothing given asks about today; an empty text is an error."""
    return Question(
        now,
        None if as_of in (None, "today", "now") else _day_or_instant(as_of, "as_of"),
        None if known_on in (None, "now") else _not_future(_day_or_instant(known_on, "known_on"), now, "known_on"),
        known_on == "now",
        None if recorded_at in (None, "now") else _recorded_at(recorded_at, now),
    )


HOW = "Write a day as 2025-03-21, or an instant with its offset as 2025-03-21T10:00-04:00."


def _day_or_instant(text: str, parameter: str) -> date | datetime:
    try:
        span = read_words(text)
    except BadValue as error:
        plus = " In an address, write + as %2B." if re.search(r"T.+ \d\d:\d\d$", text) else ""
        raise BadValue(f"{error.detail.partition(' Write it')[0]} {HOW}{plus}", parameter) from None
    if not span.certain:
        raise BadValue(f"“{text[:40]}” is not one certain day. {HOW}", parameter)
    return span.last


def _not_future(value: date | datetime, now: int, parameter: str) -> date | datetime:
    future = micros(value) > now if isinstance(value, datetime) else value > (moment(now) + FARTHEST_ZONE).date()
    if future:
        raise BadValue(f"“{value.isoformat()}” lies in the future; nobody has known or recorded anything then.", parameter)
    return value


def _recorded_at(text: str, now: int) -> datetime | int:
    if re.fullmatch(r"[0-9]{1,12}", text):
        return int(text)
    value = _not_future(_day_or_instant(text, "recorded_at"), now, "recorded_at")
    if isinstance(value, datetime):
        return value
    return moment(end_of(value, "UTC"))
