"""The question in a page's address, in people's words, and the bar that shows it on top of every page."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from flask import g, request, url_for

from domain.errors import BadValue
from domain.instants import day_in
from domain.when import plain_date, read_when, read_words
from projections.headlines import count
from service.asking import Question
from service.browsing import Filter
from web.context import daybook
from web.problems import bad_parameter
from web.words import city

POINT = ("as_of", "known_on", "recorded_at")
"""The parameters of a point; every page takes them."""
_ASKED_AT_A_DAY = tuple(
    f"pages.{name}" for name in ("timeline", "view", "why", "matters", "matter", "event", "deadlines", "alerts")
)
"""The pages that have a day; from any other the bar leads to the timeline."""
_TODAY = ("today", "now", "")
_SHIFT = re.compile(r"(?P<base>.*?)\s*(?P<sign>[+-])\s*(?P<days>\d{1,5})\s*d(?:ays?)?", re.IGNORECASE)
_LIKE_A_DATE = re.compile(r"\d{4}-\d{2}.*|\d{1,2} [a-z]{3,9}\.? \d{4}", re.IGNORECASE)
HOW_TO_WRITE = "Write a day as 2025-06-01, 1 jun 2025, today, -75d or EO 14166 + 75d."


def asked_in_words() -> Question:
    """The question in the address: days as people write them. What it was understood as is kept for the page's links."""
    given = {name: request.args.get(name, "").strip() for name in POINT}
    given["as_of"] = understood(given["as_of"], "as_of")
    if given["known_on"] != "now":
        given["known_on"] = understood(given["known_on"], "known_on")
    question = daybook().ask(*(given[name] or None for name in POINT))
    g.point_args = {name: value for name, value in given.items() if value}
    return question


def understood(text: str, parameter: str) -> str:
    """A day in words as an ISO day or instant; nothing for today. Raises `BadValue` in the reader's words."""
    text = text.strip()
    if text.lower() in _TODAY:
        return ""
    if found := _SHIFT.fullmatch(text):
        days = int(found["days"]) * (-1 if found["sign"] == "-" else 1)
        return _shifted(found["base"], days, parameter)
    return _one_day(text, parameter)


def _shifted(base: str, days: int, parameter: str) -> str:
    iso = understood(base, parameter)
    start = _day_of(read_when(iso).first) if iso else today()
    try:
        return (start + timedelta(days=days)).isoformat()
    except OverflowError:
        raise bad_parameter(parameter, f"lies too far away. {HOW_TO_WRITE}") from None


def _one_day(text: str, parameter: str) -> str:
    try:
        span = read_words(text)
    except BadValue as error:
        if _LIKE_A_DATE.fullmatch(text):
            raise BadValue(f"{error.detail.partition(' Write it')[0]} {HOW_TO_WRITE}", parameter) from None
        return _day_of_entry(text, parameter)
    if not span.certain:
        raise BadValue(f"“{text[:40]}” is not one certain day. {HOW_TO_WRITE}", parameter)
    return span.last.isoformat()


def began(entry: dict[str, Any]) -> date:
    """The first day on which an entry can have happened."""
    return _day_of(read_when(entry["occurred"]).first)


def _day_of_entry(text: str, parameter: str) -> str:
    """The day of the first entry that is called so: `EO 14166`."""
    found = daybook().events(Filter(q=text[:60], limit=500), daybook().ask())[0] if len(text) > 3 else []
    named = [entry for entry in found if re.match(re.escape(text.lower()) + r"\b", entry["headline"].lower())]
    if not named:
        raise BadValue(f"“{text[:40]}” is not a day, nor the name of an entry. {HOW_TO_WRITE}", parameter)
    first = read_when(min(named, key=lambda entry: (began(entry), entry["position"]))["occurred"]).last
    return _day_of(first).isoformat()


def _day_of(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def today(time_zone: str = "UTC") -> date:
    """Today, by the daybook's clock."""
    return day_in(daybook().clock(), time_zone)


def link(endpoint: str, **values: Any) -> str:
    """The address of another page at the same point."""
    return url_for(endpoint, **{name: value for name, value in (g.get("point_args", {}) | values).items() if value is not None})


def here(**changes: Any) -> str:
    """This page's own address, with some parameters changed (None drops one)."""
    kept = {name: value for name, value in request.args.items() if name not in POINT}
    values = (request.view_args or {}) | kept | g.get("point_args", {}) | changes
    return url_for(request.endpoint, **{name: value for name, value in values.items() if value is not None})


def moved_to(day: date) -> str:
    """This page at another day; a range that does not hold the day is dropped."""
    first, last = request.args.get("from"), request.args.get("to")
    outside = first and last and not first <= day.isoformat() <= last
    return here(as_of=day.isoformat(), **({"from": None, "to": None} if outside else {}))


def bar(question: Question, point: dict[str, Any], matter: str | None = None) -> dict[str, Any]:
    """All that the bar says: the day in words, the changes beside it, hindsight, and the frozen address."""
    zone = point["time_zone"] or "UTC"
    day = question.day(zone)
    before, after = daybook().neighbours(question, matter)
    past = day < day_in(question.now, zone)
    return _typed() | {
        "words": _in_words(question, zone, day),
        "on": _on(question, zone, day),
        "ends": _ends(question, point),
        "day": day.isoformat(),
        "before": before and {"day": before.day.isoformat(), "headline": before.headline, "url": moved_to(before.day)},
        "after": after and _after(after.day, after.headline, question, zone),
        "state": "future" if point["future"] else "past" if past else "today",
        "hindsight": point["hindsight"],
        "known_on": point["known_on"] if question.known_on is not None else None,
        "recorded_at": request.args.get("recorded_at") or None,
        "position": point["position"],
        "withheld": point["withheld"],
        "unstarted": _unstarted(point, day),
        "clocks": True,
        "then_url": here(known_on=None),
        "hindsight_url": here(known_on="now"),
        "today_url": here(as_of=None, known_on=None, recorded_at=None, **{"from": None, "to": None}),
        "frozen_url": here(**frozen(point)),
    }


def _in_words(question: Question, zone: str, day: date) -> str:
    if isinstance(question.as_of, datetime):
        return f"{plain_date(question.as_of)} ({question.as_of:%z})"
    return f"today, {plain_date(day)}" if question.as_of is None else plain_date(day)


def _on(question: Question, zone: str, day: date) -> str:
    """“on 1 June 2025”, “today, 24 November 2026”."""
    words = _in_words(question, zone, day)
    return words if question.as_of is None else f"at {words}" if isinstance(question.as_of, datetime) else f"on {words}"


def _ends(question: Question, point: dict[str, Any]) -> str:
    """“end of day in New York”: an as-of day is whole, in each matter's zone."""
    if isinstance(question.as_of, datetime):
        return "that instant"
    return "end of day in " + " and ".join(city(zone) for zone in point["time_zones"] or ["UTC"])


def _after(day: date, headline: str, question: Question, zone: str) -> dict[str, Any]:
    """The next change. As known then, its headline would tell what nobody knew; so it is named with hindsight only."""
    ahead = (day - question.day(zone)).days
    told = headline if question.knows_all(zone) else f"{count(ahead, 'day')} later"
    return {"day": day.isoformat(), "headline": told, "url": moved_to(day)}


def _unstarted(point: dict[str, Any], day: date) -> dict[str, str] | None:
    """Where records start, for a day before that."""
    start = point["records_start"]
    if start is None or day.isoformat() >= start:
        return None
    return {"day": start, "url": moved_to(date.fromisoformat(start))}


def frozen(point: dict[str, Any]) -> dict[str, str]:
    """The parameters that give this very answer for ever: absolute days, and the position of the log."""
    known = {"known_on": point["known_on"]} if point["known_on"] != point["as_of"] else {"known_on": None}
    return {"as_of": point["as_of"], "recorded_at": str(point["position"]), **known}


def _typed() -> dict[str, Any]:
    """What the form of the bar holds."""
    kept = ("known_on", "recorded_at", "matter", "kind", "later", "field", "status", "within")
    return {
        "action": request.path if request.endpoint in _ASKED_AT_A_DAY else url_for("pages.timeline"),
        "typed": request.args.get("as_of", ""),
        "kept": {name: request.args[name] for name in kept if request.args.get(name)},
        "error": None,
    }


def bar_of_error(errors: list[dict[str, str]]) -> dict[str, Any]:
    """The bar on an error page: the form alone, with the message at its field. Asks the store nothing."""
    said = {error.get("parameter"): error["detail"] for error in errors}
    typed = _typed()
    return typed | {
        "kept": {name: value for name, value in typed["kept"].items() if name not in said},
        "error": said.get("as_of"),
        "state": None,
    }
