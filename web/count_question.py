"""A question to the page that counts, as its address has it: what was typed, what was understood, what is wrong by field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args

from domain.deadlines import COUNTING, RULES, Period, check_jurisdiction
from domain.deadlines.periods import read_start, unit_named
from domain.errors import BadValue
from domain.instants import zone
from domain.values import DueIs
from domain.when import read_words
from service.counting import counted
from web.page_question import understood
from web.places import jurisdiction_named, zone_named

DEFAULTS = {"unit": "days", "rule": "calendar", "counting": "after", "due_is": "last day"}
_WHOLE = re.compile(r"\d{1,9}|\d{1,3}(,\d{3}){1,2}", re.ASCII)
_BETWEEN_DAYS = re.compile(r"[;\n]|,(?!\s*\d{4}\b(?!-))")
"""What stands between two days, which is not the comma of “January 20, 2025”."""
_TIMED = re.compile(r"(?P<day>.{8,20}?),? (?P<time>\d{1,2}:\d{2})(?: ?\(?(?:UTC)?(?P<offset>Z|[+-]\d{2}:\d{2})\)?)?", re.ASCII)
_WISH = {"": False, "0": False, "no": False, "1": True, "yes": True}
MOST_DAYS = 60


@dataclass
class Asked:
    """A question as it was typed: what was understood of it, and what is wrong with it by field."""

    typed: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    told: dict[str, Any] | None = None

    @property
    def period(self) -> Period:
        """What is counted."""
        return Period(**{name: value for name, value in self.values.items() if name != "known_on"})

    def answered(self, known_on: str | None, now: int) -> dict[str, Any]:
        """What the calculus answers, with the closings known by a day."""
        return counted(self.period, known_on=known_on, now=now)


def asked_by(rule: Mapping[str, Any], known_on: str) -> dict[str, str]:
    """What the page's address says of a window's rule, to count it there as known on a day."""
    asked = {"known_on": known_on, "inaccessible": "; ".join(rule["inaccessible"])}
    asked |= {name: "1" for name in ("before", "no_roll") if rule[name]}
    asked |= {
        name: str(rule[name] or "") for name in ("start", "length", "unit", "rule", "counting", "jurisdiction", "zone", "due_is")
    }
    return {name: text for name, text in asked.items() if says_something(name, text)}


def says_something(name: str, text: str) -> bool:
    """An empty field and a default say nothing, and are left out of the address; what must be given stays in it."""
    return name in ("start", "length") or text not in ("", DEFAULTS.get(name))


def read_question(typed: dict[str, str]) -> Asked:
    """The question of an address, each field read by its own reader."""
    asked = Asked(DEFAULTS | typed)
    for name, read in _READERS.items():
        try:
            asked.values[name] = read(asked.typed.get(name, ""))
        except BadValue as error:
            asked.wrong[name] = error.detail
    if "start" not in asked.wrong:  # also beside a zone that is none, so that everything is told at once
        checked(asked, "start", lambda: read_start(asked.values["start"], asked.values.get("zone", "UTC")))
    return asked


def checked(asked: Asked, name: str, act: Callable[[], Any]) -> None:
    """Do what may refuse; what it says is wrong stands at its field, else at `name`."""
    try:
        act()
    except BadValue as error:
        asked.wrong[error.field if error.field in FIELDS else name] = error.detail
        asked.wrong = {name: asked.wrong[name] for name in FIELDS if name in asked.wrong}


def _start(text: str) -> str:
    """The trigger as it is read; a time may stand behind its day as we print it: “27 March 2026, 12:00 (UTC+01:00)”."""
    if not text:
        raise BadValue("Say from which day or moment to count.")
    timed = _TIMED.fullmatch(text)
    try:
        return f"{_one_day(timed['day'])}T{timed['time']:0>5}{timed['offset'] or ''}" if timed else text
    except BadValue:
        return text


def _length(text: str) -> int:
    if not text:
        raise BadValue("Say how long the period is.")
    if not _WHOLE.fullmatch(text):
        raise BadValue(f"A length is a whole number, such as 75, not “{text[:40]}”.")
    return int(text.replace(",", ""))


def _wish(text: str) -> bool:
    if text.lower() not in _WISH:
        raise BadValue(f"This is 1 or left out, not “{text[:40]}”.")
    return _WISH[text.lower()]


def _days(text: str) -> tuple[str, ...]:
    days = [each.strip() for each in _BETWEEN_DAYS.split(text) if each.strip()]
    if len(days) > MOST_DAYS:
        raise BadValue(f"At most {MOST_DAYS} days can be given.")
    return tuple(_one_day(each) for each in days)


def _one_day(text: str) -> str:
    try:
        span = read_words(text)
    except BadValue:
        span = None
    if span is None or not span.certain or isinstance(span.earliest, datetime):
        raise BadValue(f"“{text[:40]}” is not one certain day. Write 2025-04-05 or 5 April 2025, with commas between several.")
    return span.earliest.isoformat()


def _choice(choices: tuple[str, ...], what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise BadValue(f"{what} is one of: {', '.join(choices)}; not “{text[:40]}”.")
        return text

    return read


_READERS: dict[str, Callable[[str], Any]] = {
    "start": _start,
    "length": _length,
    "unit": unit_named,
    "before": _wish,
    "rule": _choice(tuple(RULES), "The rule"),
    "jurisdiction": lambda text: check_jurisdiction(jurisdiction_named(text)) if text else None,
    "zone": lambda text: zone(zone_named(text)).key if text else None,
    "counting": _choice(COUNTING, "The first day"),
    "due_is": _choice(get_args(DueIs), "A due date"),
    "no_roll": _wish,
    "inaccessible": _days,
    "known_on": lambda text: understood(text, "known_on") or None,
}
"""How each field is read; a cross-check of several is the calculus' own."""
FIELDS = tuple(_READERS)
"""The parameters of the page, as the API names them."""
