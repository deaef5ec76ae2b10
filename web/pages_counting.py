"""The page to count a deadline on. Its address is the whole question, so that it can be sent to a colleague."""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, get_args

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from domain.deadlines import COUNTING, RULES, UNITS, Period, check_jurisdiction
from domain.deadlines.periods import read_start, unit_named
from domain.errors import BadValue
from domain.instants import day_in, day_of, zone
from domain.values import DueIs
from domain.when import plain_date, read_words
from service.counting import counted
from web.context import daybook, only
from web.forms_words import CHOICES
from web.page_question import understood
from web.places import ZONES, jurisdiction_named, jurisdictions, zone_named
from web.problems import wants_json

counting = Blueprint("counting", __name__)
RARE = ("counting", "due_is", "no_roll", "inaccessible", "known_on")
"""Folded away, unless one of them is filled or wrong."""
DEFAULTS = {"unit": "days", "rule": "calendar", "counting": "after", "due_is": "last day"}
_WHOLE = re.compile(r"\d{1,9}|\d{1,3}(,\d{3}){1,2}", re.ASCII)
_BETWEEN_DAYS = re.compile(r"[;\n]|,(?!\s*\d{4}\b(?!-))")
"""What stands between two days, which is not the comma of “January 20, 2025”."""
_TIMED = re.compile(r"(?P<day>.{8,20}?),? (?P<time>\d{1,2}:\d{2})(?: ?\(?(?:UTC)?(?P<offset>Z|[+-]\d{2}:\d{2})\)?)?", re.ASCII)
_WISH = {"": False, "0": False, "no": False, "1": True, "yes": True}
MOST_DAYS = 60
MANY = 12
"""From more closed days than so many on, weekends are told as a number."""
EXAMPLES = {
    "order": {"start": "2025-01-20", "length": "75"},
    "then": {"start": "2018-11-20", "length": "15", "rule": "1-cfr-18.17", "known_on": "2018-11-20"},
    "now": {"start": "2018-11-20", "length": "15", "rule": "1-cfr-18.17"},
    "hours": {"start": "2026-03-27T12:00", "length": "72", "unit": "hours", "rule": "real-hours", "zone": "Europe/Berlin"},
}
"""The worked examples of the empty page."""


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


@counting.get("/count")
def count() -> str | Response:
    """Count to a due date, with its steps."""
    only(*FIELDS)
    if not request.args:
        return _page(Asked(dict(DEFAULTS)))
    tidy = {name: text.strip() for name, text in request.args.items() if _says_something(name, text.strip())}
    if tidy != request.args.to_dict():
        return redirect(url_for("counting.count", **tidy))
    asked = _asked(tidy)
    if not asked.wrong:
        _answer(asked)
    if asked.wrong and wants_json():
        name, detail = next(iter(asked.wrong.items()))
        raise BadValue(detail, name)
    return Response(_page(asked), 422 if asked.wrong else 200, mimetype="text/html")


def asked_by(rule: Mapping[str, Any], known_on: str) -> dict[str, str]:
    """What the page's address says of a window's rule, to count it there as known on a day."""
    asked = {"known_on": known_on, "inaccessible": "; ".join(rule["inaccessible"])}
    asked |= {name: "1" for name in ("before", "no_roll") if rule[name]}
    asked |= {
        name: str(rule[name] or "") for name in ("start", "length", "unit", "rule", "counting", "jurisdiction", "zone", "due_is")
    }
    return {name: text for name, text in asked.items() if _says_something(name, text)}


def _says_something(name: str, text: str) -> bool:
    """An empty field and a default say nothing, and are left out of the address; what must be given stays in it."""
    return name in ("start", "length") or text not in ("", DEFAULTS.get(name))


def _asked(typed: dict[str, str]) -> Asked:
    asked = Asked(DEFAULTS | typed)
    for name, read in _READERS.items():
        try:
            asked.values[name] = read(asked.typed.get(name, ""))
        except BadValue as error:
            asked.wrong[name] = error.detail
    if "start" not in asked.wrong and "zone" not in asked.wrong:
        _checked(asked, "start", lambda: read_start(asked.values["start"], asked.values["zone"]))
    return asked


def _checked(asked: Asked, name: str, act: Callable[[], Any]) -> None:
    try:
        act()
    except BadValue as error:
        asked.wrong[error.field if error.field in FIELDS else name] = error.detail
        asked.wrong = {name: asked.wrong[name] for name in FIELDS if name in asked.wrong}


def _answer(asked: Asked) -> None:
    def act() -> None:
        asked.told = asked.answered(asked.values["known_on"], daybook().clock())

    _checked(asked, "start", act)


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


def _page(asked: Asked) -> str:
    return render_template(
        "count.html", asked=asked, told=asked.told, typed=asked.typed, wrong=asked.wrong, rules=RULES.values(), units=UNITS,
        choices=CHOICES, spoken=spoken, clock=clock, zones=ZONES, jurisdictions=jurisdictions(), examples=EXAMPLES,
        unfolded=any(asked.typed.get(name) != DEFAULTS.get(name) for name in RARE),
        **(_about(asked) if asked.told else {}),
    )  # fmt: skip


def _about(asked: Asked) -> dict[str, Any]:
    """What the page says beside the answer itself."""
    told, now = asked.told, daybook().clock()
    today = day_in(now, asked.values["zone"] or "UTC")
    return {
        "question": _question(asked),
        "told_in": asked.values["jurisdiction"] and jurisdictions().get(asked.values["jurisdiction"], asked.values["jurisdiction"]),
        "rule": RULES[told["rule"]],
        "today": today.isoformat(),
        "whose": " and ".join(RULES[told["rule"]].calendar_for(asked.period, today).jurisdictions) or "Mondays to Fridays",
        "steps": [step for step in told["steps"] if not step.endswith(tuple(told["cautions"]))],
        "skipped": [each | {"why": _why(each)} for each in _named(told["skipped"])],
        "weekends": len(told["skipped"]) - len(_named(told["skipped"])),
        "otherwise": _otherwise(asked, today, now),
        "command": _command(asked),
        "curl": _curl(asked),
    }


def _question(asked: Asked) -> str:
    """“15 days after 20 November 2018”."""
    period = replace(asked.period, unit=unit_named(asked.values["unit"]))
    start = read_start(period.start, period.zone)
    way = "before" if period.before else period.counting
    return f"{period.words()} {way} {plain_date(start.first) if start.certain else period.start}"


def _named(skipped: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The closed days that are told one by one: of many, all but the weekends."""
    return skipped if len(skipped) <= MANY else [each for each in skipped if not _is_weekend(each)]


def _is_weekend(closed: dict[str, Any]) -> bool:
    """Of a day of a weekend, which is not everywhere Saturday and Sunday, the reason is its own name."""
    return closed["why"] == f"{date.fromisoformat(closed['day']):%A}"


def _why(closed: dict[str, Any]) -> str:
    """Why a day is closed, in words; a holiday that no order or law of ours made says what it is."""
    if _is_weekend(closed):
        return "weekend"
    plain = closed["authority"] or "inaccessible" in closed["why"]
    return closed["why"] if plain else f"{closed['why']}, a public holiday"


def spoken(text: str) -> str:
    """A due day or moment in words: “Thursday, 6 December 2018”, “Monday, 30 March 2026, 13:00”."""
    when = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return f"{when:%A}, {plain_date(when)}"


def clock(text: str) -> str:
    """The moment at which a day is over: “00:00 on 7 December 2018 (UTC-05:00)”."""
    moment = datetime.fromisoformat(text)
    offset = f"{moment:%z}"
    return f"{moment:%H:%M} on {plain_date(moment.date())} (UTC{offset[:3]}:{offset[3:5]})"


def _otherwise(asked: Asked, today: date, now: int) -> list[dict[str, Any]]:
    """The same question as known on the day of its trigger, and as known now, where that gives another date."""
    start = read_start(asked.values["start"], asked.values["zone"])
    trigger = day_of(start.first, asked.values["zone"] or "UTC")
    days = [trigger.isoformat()] if trigger < today else []
    found = []
    for known_on in (*days, None):
        due = asked.answered(known_on, now)
        if due["due"] != asked.told["due"]:
            found.append({"known_on": known_on, "told": due, "url": url_for("counting.count", **_address(asked, known_on))})
    return found


def _address(asked: Asked, known_on: str | None) -> dict[str, str]:
    kept = {name: text for name, text in asked.typed.items() if text != DEFAULTS.get(name) and name != "known_on"}
    return kept | ({"known_on": known_on} if known_on else {})


def _command(asked: Asked) -> str:
    """The same question for the command line."""
    period, known_on = asked.period, asked.values["known_on"]
    words = ["daybook", "count", period.start, f"{period.length} {unit_named(period.unit)}", "--rule", period.rule]
    given = {"--jurisdiction": period.jurisdiction, "--zone": period.zone, "--known-on": known_on}
    flags = {
        "--before": period.before, "--from-trigger": period.counting == "from", "--no-roll": period.no_roll,
        "--effect-day": period.due_is == "effect day",
    }  # fmt: skip
    words += [word for name, value in given.items() if value for word in (name, value)]
    words += [name for name, wished in flags.items() if wished]
    words += [word for day in period.inaccessible for word in ("--inaccessible", day)]
    return shlex.join(words)


def _curl(asked: Asked) -> str:
    """The same question for the API."""
    always = ("start", "length", "unit", "rule")
    body = {
        name: value for name, value in asked.values.items() if name in always or value not in (None, False, (), DEFAULTS.get(name))
    }
    address = f"{current_app.config['BASE_URL']}/api/v1/count"
    return f"curl -s {address} -H 'Content-Type: application/json' -d {shlex.quote(json.dumps(body, ensure_ascii=False))}"
