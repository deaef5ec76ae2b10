"""A ladder of lead times before a due date: 30, 14, 7, 3, 1 days before and the day itself; hours are allowed."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import BadValue
from domain.instants import start_of

HOUR = 3_600_000_000
"""An hour in microseconds."""
LONGEST_DAYS, LONGEST_HOURS, MOST_STEPS = 3650, 720, 24
MOVED = "moved"
"""The step of an alert that tells of a due date that moved."""
_WORDS = re.compile(r"(-?[0-9]{1,9}) ?(d|days?|h|hours?|w|weeks?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """One lead time, in whole days (reached at the start of that day in the matter's zone) or in hours before the end."""

    number: int
    unit: str = "d"

    @property
    def name(self) -> str:
        """How it is stored: `30` for days, `12h` for hours."""
        return f"{self.number}{'h' if self.unit == 'h' else ''}"

    @property
    def text(self) -> str:
        """How it is written: `30d`, `12h`."""
        return f"{self.number}{self.unit}"

    @property
    def words(self) -> str:
        """How it is said: “30 days”, “the day itself”."""
        if (self.number, self.unit) == (0, "d"):
            return "the day itself"
        noun = "hour" if self.unit == "h" else "day"
        return f"{self.number} {noun}{'' if self.number == 1 else 's'}"

    @property
    def before(self) -> str:
        """When it is, as it is said: “7 days before”, “12 hours before its end”, “on the day itself”."""
        if (self.number, self.unit) == (0, "d"):
            return "on the day itself"
        return f"{self.words} before{' its end' if self.unit == 'h' else ''}"

    def moment(self, due: date, ends: int, time_zone: str) -> int:
        """The instant at which it is reached, given the due day and the first instant at which the window is over."""
        return ends - self.number * HOUR if self.unit == "h" else start_of(self.day(due), time_zone)

    def day(self, due: date) -> date:
        """The day on which a step of days is reached."""
        return due - timedelta(days=self.number)


def read_step(text: str, field: str = "ladder") -> Step:
    """A lead time as people write it: `30d`, `30`, `2 weeks`, `12h`; raises `BadValue`."""
    found = _WORDS.fullmatch(text.strip())
    if not found:
        raise BadValue(f"“{text[:40]}” is not a lead time. Write days or hours such as 30d, 7d, 12h; 0d is the day itself.", field)
    number, unit = int(found[1]), (found[2] or "d")[0].lower()
    if number < 0:
        raise BadValue(f"“{text[:40]}” lies after the due date. A lead time counts back from it: 7d is seven days before.", field)
    number, unit = (number * 7, "d") if unit == "w" else (number, unit)
    if unit == "h" and not 1 <= number <= LONGEST_HOURS:
        raise BadValue(f"A lead time in hours is 1h to {LONGEST_HOURS}h, not {number}h.", field)
    if number > LONGEST_DAYS:
        raise BadValue(f"A lead time is at most {LONGEST_DAYS} days, not {number}.", field)
    return Step(number, unit)


def split_ladder(text: str) -> list[str]:
    """The lead times of a text such as “30d, 7d; 12h”, each as it was typed."""
    return [step.strip() for step in re.split("[,;]", text) if step.strip()]


def read_ladder(texts: list[str] | tuple[str, ...], field: str = "ladder") -> tuple[Step, ...]:
    """Lead times, each once, the longest first; raises `BadValue`."""
    if len(texts) > MOST_STEPS:
        raise BadValue(f"A ladder has at most {MOST_STEPS} lead times.", field)
    return in_order({read_step(text, field) for text in texts})


def in_order(steps: set[Step]) -> tuple[Step, ...]:
    """The longest lead first; the day itself counts as the 24 hours before its end."""
    return tuple(sorted(steps, key=lambda step: (-_hours(step), step.unit)))


def _hours(step: Step) -> int:
    return step.number if step.unit == "h" else (step.number + 1) * 24


LADDER = tuple(Step(days) for days in (30, 14, 7, 3, 1, 0))
"""The ladder that counts where nobody chose another."""


def alert_id(*parts: str) -> str:
    """The same alert has the same id, whoever raises it: window, version of its due date, step, person, channel."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
