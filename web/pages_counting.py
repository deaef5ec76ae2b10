"""The page to count a deadline on. Its address is the whole question, so that it can be sent to a colleague."""

import json
import shlex
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from domain.deadlines import RULES, UNITS
from domain.deadlines.periods import read_start
from domain.deadlines.steps import MANY
from domain.errors import BadValue
from domain.instants import day_in, day_of
from domain.when import plain_date
from web.context import daybook, only
from web.count_question import DEFAULTS, FIELDS, Asked, checked, read_question, says_something
from web.forms_words import CHOICES
from web.places import ZONES, jurisdictions
from web.problems import wants_json

counting = Blueprint("counting", __name__)
RARE = ("counting", "due_is", "no_roll", "inaccessible", "known_on")
"""Folded away, unless one of them is filled or wrong."""
EXAMPLES = {
    "order": {"start": "2025-01-20", "length": "75"},
    "then": {"start": "2018-11-20", "length": "15", "rule": "1-cfr-18.17", "known_on": "2018-11-20"},
    "now": {"start": "2018-11-20", "length": "15", "rule": "1-cfr-18.17"},
    "hours": {"start": "2026-03-27T12:00", "length": "72", "unit": "hours", "rule": "real-hours", "zone": "Europe/Berlin"},
}
"""The worked examples of the empty page."""


@counting.get("/count")
def count() -> str | Response:
    """Count to a due date, with its steps."""
    only(*FIELDS)
    if not request.args:
        return _page(Asked(dict(DEFAULTS)), daybook().clock())
    tidy = {name: text.strip() for name, text in request.args.items() if says_something(name, text.strip())}
    if tidy != request.args.to_dict():
        return redirect(url_for("counting.count", **tidy))
    asked, now = read_question(tidy), daybook().clock()
    if not asked.wrong:
        _answer(asked, now)
    if asked.wrong and wants_json():
        name, detail = next(iter(asked.wrong.items()))
        raise BadValue(detail, name)
    return Response(_page(asked, now), 422 if asked.wrong else 200, mimetype="text/html")


def _answer(asked: Asked, now: int) -> None:
    def act() -> None:
        asked.told = asked.answered(asked.values["known_on"], now)

    checked(asked, "start", act)


def _page(asked: Asked, now: int) -> str:
    return render_template(
        "count.html", asked=asked, told=asked.told, typed=asked.typed, wrong=asked.wrong, rules=RULES.values(), units=UNITS,
        choices=CHOICES, spoken=spoken, clock=clock, zones=ZONES, jurisdictions=jurisdictions(), examples=EXAMPLES,
        unfolded=any(asked.typed.get(name) != DEFAULTS.get(name) for name in RARE),
        **(_about(asked, now) if asked.told else {}),
    )  # fmt: skip


def _about(asked: Asked, now: int) -> dict[str, Any]:
    """What the page says beside the answer itself."""
    told = asked.told
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
    period = asked.period
    start = read_start(period.start, period.zone)
    way = "before" if period.before else period.counting
    return f"{period.words()} {way} {plain_date(start.first) if start.certain else period.start}"


def _named(skipped: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The closed days that are told one by one: of many, all but the weekends."""
    return skipped if len(skipped) < MANY else [each for each in skipped if not each["weekend"]]


def _why(closed: dict[str, Any]) -> str:
    """Why a day is closed, in words; a holiday that no order or law of ours made says what it is."""
    if closed["weekend"]:
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
    words = ["daybook", "count", period.start, f"{period.length} {period.unit}", "--rule", period.rule]
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
