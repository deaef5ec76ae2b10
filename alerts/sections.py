"""Facts into a section of a message: labelled lines, the chain, sources and links, in the reader's words, safe to print."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from alerts.facts import PASSED, STEP, Told
from alerts.sentences import due_words, from_to, offset
from domain.when import plain_date
from projections.headlines import count
from projections.windows import CLOSED, RUNNING
from projections.words import city, day, kind_words, status_word

_TURNING = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Marks that are not seen but turn or hide what stands beside them."""

_ANSWERED = (STEP, PASSED, "moved")
"""What tells of a due date, which can be acknowledged; of all else only the window can be snoozed."""


def sections(tolds: Sequence[Told], base_url: str) -> list[dict[str, Any]]:
    """The sections of a message: what two alerts say of the same window is said once."""
    first: dict[str, int] = {}
    shown: list[dict[str, Any]] = []
    for n, told in enumerate(tolds, 1):
        earlier = first.setdefault(told.exact, n) if told.window else n
        its = section(told, base_url)
        shown.append(its | _again(told, its, earlier, shown[earlier - 1]) if earlier < n else its)
    return shown


def _again(told: Told, its: dict[str, Any], number: int, first: dict[str, Any]) -> dict[str, Any]:
    """What differs in the section of a window that stands in an earlier one: only what happened, by whom, and where to answer."""
    rows = [row for row in (*tidy(_change_rows(told)), ("The rest", f"as in alert {number}")) if row[1]]
    answer = [link for link in its["links"] if told.answer and link[1].endswith(told.answer)]
    cited = [group for group in its["sources"] if group not in first["sources"]]
    return {"rows": rows, "why": [], "counting": [], "sources": cited, "links": answer}


def section(told: Told, base_url: str) -> dict[str, Any]:
    """{what, matter, subject, sentence, passed, rows, about, why, counting, sources, links} of one alert; nothing but plain lines in it.

    `sources` are [heading, sources] each; the first of `links` is the one that is asked for most, the last the least.
    """
    return tidy(
        {
            "what": told.what,
            "matter": told.matter_title,
            "subject": told.subject,
            "sentence": told.sentence,
            "passed": list(told.passed_sentences),
            "summary": told.entry["summary"] if told.entry else None,
            "rows": _rows(told),
            "about": [_about(entry, base_url) for entry in told.about],
            "why": [_cause(cause, base_url) for cause in told.why],
            "counting": list(told.counting),
            "sources": _cited(told),
            "links": _links(told, base_url),
        }
    )


def tidy(value: Any) -> Any:
    """The same with every text on one line, without control characters and marks that would turn what is read."""
    if isinstance(value, str):
        shown = "".join(" " if unicodedata.category(each) == "Cc" else each for each in value)
        return " ".join(_TURNING.sub("", shown).split())
    if isinstance(value, dict):
        return {name: tidy(child) for name, child in value.items()}
    return [tidy(child) for child in value] if isinstance(value, list | tuple) else value


def _rows(told: Told) -> list[tuple[str, str]]:
    """Labels and values, those without a value left out."""
    rows = [*_change_rows(told), *(_window_rows(told) if told.window else ()), *(_entry_rows(told) if told.entry else ())]
    return [(label, value) for label, value in rows if value]


def _change_rows(told: Told) -> list[tuple[str, str | None]]:
    change = told.change or {}
    if told.what == "moved":
        days = change["days"]
        shift = f", {count(abs(days), 'day')} {'later' if days > 0 else 'earlier'}" if days else ""
        return [("Moved", from_to(change["from"], change["to"]) + shift)]
    if told.what != "amended":
        return []
    reach = "; ".join(each["words"] for each in change["scope"])
    fields = [(f"{each['field'].capitalize()}", f"{each['to_words']}; it read: {each['from_words']}") for each in change["fields"]]
    return [("In words", change["statement"]), ("Reaches", reach), *fields, ("Reason", change["reason"])]


def _window_rows(told: Told) -> list[tuple[str, str | None]]:
    its = told.window
    running = its["status"] in RUNNING or _is_effect_today(told)
    closed = its["status"] in CLOSED
    basis = its["legal_basis"] or its["opened_by"]
    follows = its["successor"]
    return [
        ("Due" if running else "Was due", due_words(its["due"], its["due_is"], over=not running)),
        ("Ends" if running else "Ended", _ends(told) if not closed else None),
        ("Left", _left(told) if running else None),
        ("Status", _status(told)),
        ("Announced", "; ".join(its["announced"])),
        ("Stated", f"{day(its['stated'])}, which leads" if its["conflict"] else None),
        ("Counted", f"{day(its['computed'])}, the {_order(its, 'counted')} of the two" if its["conflict"] else None),
        ("Rests on", basis),
        ("Opened by", its["opened_by"] if its["opened_by"] != basis else None),
        ("Closed by", its["closed_by"]),
        ("After it", f"“{follows['title']}”" + (f", due {day(follows['due'])}" if follows["due"] else "") if follows else None),
        ("Evidence", its["evidence"]),
        ("Owner", its["owner"]),
        ("Standing", its["due_standing"] if its["due_standing"] not in (None, "official") else None),
    ]


def _is_effect_today(told: Told) -> bool:
    """It is over from the start of this very day, which is when an effect day is told."""
    return told.window["status"] == "lapsed" and told.window["due_is"] == "effect day" and told.window["due"] == told.on


def _order(its: dict[str, Any], name: str) -> str:
    return "earlier" if its["earlier"] == name else "later"


def _ends(told: Told) -> str | None:
    """“00:00 on 6 April 2025, New York time (UTC−04:00)”."""
    if not told.window["ends"]:
        return None
    ends = datetime.fromisoformat(told.window["ends"])
    return f"{ends:%H:%M} on {plain_date(ends.date())}, {city(told.time_zone)} time ({offset(ends)})"


def _left(told: Told) -> str:
    """“7 calendar days, of which 5 working days, counted on 29 March 2025”; the hours where no day is left."""
    its = told.window
    days, hours, work = its["days_left"], its["hours_left"], its["working_days_left"]
    if days is None:
        return ""
    of_work = f", of which {count(work, 'working day')}" if work is not None else ""
    words = f"{count(days, 'calendar day')}{of_work}" if days else "none after this very day"
    soon = f" (about {count(hours, 'hour')})" if not days and hours else ""
    return f"{words}{soon}, counted on {day(told.on)}"


def _status(told: Told) -> str:
    its = told.window
    if its["status"] == "suspended":
        until = f"through {day(its['suspended_until'])}" if its["suspended_until"] else "until further notice"
        return f"suspended {until}; its due date does not move by itself"
    return "over since the start of this day" if _is_effect_today(told) else status_word(its)


def _entry_rows(told: Told) -> list[tuple[str, str | None]]:
    its = told.entry
    return [
        ("Kind", kind_words(its["kind"]) if told.what == "new" else None),
        ("Occurred", f"“{its['wording']}” ({day(its['occurred'])})" if its["wording"] else day(its["occurred"])),
        ("Known", _known(its)),
        ("Recorded", _recorded(its)),
        ("Standing", its["standing"]),
        *(_said_of_it(each) for each in its["amendments"]),
    ]


def _said_of_it(each: dict[str, Any]) -> tuple[str, str]:
    """(“Denied”, “by ByteDance, known 21 January 2025. The reported budget is inaccurate.”)"""
    who = f"by {each['by']}, " if each["by"] else ""
    statement = f". {each['statement']}" if each["statement"] else ""
    return kind_words(each["kind"]).partition(" ")[2].capitalize(), f"{who}known {day(each['known'])}{statement}"


def _known(its: dict[str, Any]) -> str:
    later = its["known_days_later"]
    return day(its["known"]) + (f", {count(later, 'day')} after it happened" if later else "")


def _recorded(its: dict[str, Any]) -> str | None:
    """“recorded 10 days after it was known”."""
    if not its["recorded_on"]:
        return None
    later, words = its["recorded_days_later"], day(its["recorded_on"])
    return f"{words}, {count(later, 'day')} after it was known" if later else f"{words}, the day it was known"


def _about(entry: dict[str, Any], base_url: str) -> dict[str, Any]:
    """An entry that an amendment is about: what it said, and how it stands now."""
    return {
        "headline": entry["headline"],
        "summary": entry["summary"] if entry["summary"] != entry["headline"] else None,
        "standing": entry["standing"],
        "known": day(entry["known"]),
        "entry": entry["id"],
        "url": base_url + entry["path"],
        "sources": _sources(entry),
    }


def _cause(cause: Any, base_url: str) -> dict[str, Any]:
    return {
        "day": day(cause.day),
        "words": cause.words,
        "standing": cause.standing,
        "entry": cause.entry,
        "url": base_url + cause.path if cause.path else None,
    }


def _cited(told: Told) -> list[tuple[str, list[dict[str, Any]]]]:
    """Sources under what they are sources of: “Source of the due date”; each is named once."""
    found: dict[str, list[dict[str, Any]]] = {}
    for given in told.sources:
        its = found.setdefault(f"of the {given['gives']}", [])
        its += [source for source in _sources(given) if source not in its]
    groups = [("Sources", _sources(told.entry))]
    groups += [(f"{'Source' if len(its) == 1 else 'Sources'} {of}", its) for of, its in found.items()]
    return [group for group in groups if group[1]]


def _sources(entry: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Each source in a line, with the address where it can be read."""
    return [_source(source) for source in entry["sources"]] if entry else []


def _source(source: dict[str, Any]) -> dict[str, Any]:
    title = f"“{source['title']}”" if source.get("title") else None
    published = f"published {day(source['published'])}" if source.get("published") else None
    parts = (source.get("publisher"), title, source.get("citation"), source.get("pinpoint"), published)
    words = ", ".join(filter(None, parts))
    url = next((source[name] for name in ("url", "seen_at", "archived_url") if _is_web(source.get(name))), None)
    return {"words": f"{words}; nobody here read it" if source.get("unread") else words, "url": url}


def _is_web(url: str | None) -> bool:
    return bool(url) and urlsplit(url).scheme in ("http", "https")


def _links(told: Told, base_url: str) -> list[tuple[str, str]]:
    answer = "Acknowledge or snooze" if told.what in _ANSWERED else "Snooze this deadline"
    links = [
        (f"Open this {'deadline' if told.window else 'entry'}", told.today), (answer, told.answer),
        ("As it stood when this was sent", told.exact),
    ]  # fmt: skip
    return [(words, base_url + path) for words, path in links if path]
