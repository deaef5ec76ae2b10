"""What the feeds tell: alerts raised, and entries with what became of them, in blocks that are written as HTML or as plain text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from alerts.history import raised
from alerts.matching import likely, matches_entry, matches_window
from alerts.model import About
from alerts.sentences import due_words, move_sentence
from projections.words import day, kind_words, name, plain, scope
from service.browsing import ALL
from service.daybook import Daybook
from web.calendar_feed import absolute
from web.words import host

NEWEST = 100
"""How many items a feed holds."""
_LOOKED_AT = 1000
"""How many alerts are looked through for those of a filter."""
_CHANGED = ("denied", "contested", "retracted")
"""Standings that are said before the title of an entry."""


@dataclass(frozen=True)
class Line:
    """One thing told: under a label, with what stood there before, and where it leads."""

    label: str
    text: str
    url: str | None = None
    before: str | None = None


@dataclass(frozen=True)
class Item:
    """One item of a feed: `published` and `updated` are instants as ISO text; `tags` the matter and the kind."""

    id: str
    title: str
    published: str
    updated: str
    url: str
    lines: tuple[Line, ...]
    tags: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as plain text."""
        return "\n".join(map(_plain, self.lines))

    @property
    def html(self) -> str:
        """The lines as HTML; whatever was typed is escaped."""
        return str(Markup("\n").join(map(_html, self.lines)))


def _plain(line: Line) -> str:
    told = f"{line.text} (before: {line.before})" if line.before is not None else line.text
    return " ".join(filter(None, (f"{line.label}: {told}" if line.label else told, line.url)))


def _html(line: Line) -> Markup:
    label = Markup("<strong>{}:</strong> ").format(line.label) if line.label else Markup("")
    text = (
        Markup("<a href='{}'>{}</a>").format(line.url, line.text) if line.url and line.url.startswith("http") else escape(line.text)
    )
    before = Markup("<del>{}</del> → ").format(line.before) if line.before is not None else Markup("")
    return Markup("<p>{}{}{}</p>").format(label, before, Markup("<ins>{}</ins>").format(text) if before else text)


def items(book: Daybook, about: About) -> list[Item]:
    """The newest alerts of the house's ladder and entries within a filter, the newest first; raises `NotFound` for its matter."""
    wanted = {"matter": about.matter, "kind": about.kind, "limit": NEWEST}
    entries = book.newest(lambda entry: matches_entry(about, entry), likely(about), **wanted)
    moves = _moves(book, entries)
    names = book.headlines(book.ask(), {entry["updated_by"] for entry in entries if entry["updated_by"]})
    found = [*_alerts(book, about), *(_of_entry(book, entry, moves, names) for entry in entries)]
    return sorted(found, key=lambda item: (item.updated, item.id), reverse=True)[:NEWEST]


def _alerts(book: Daybook, about: About) -> list[Item]:
    if about.kind is not None:
        return []
    question = book.ask()
    told = [alert for alert in raised(book.log, question.day("UTC"), _LOOKED_AT) if alert["raised"]]
    if told and about != About():
        there = book.deadlines(question, status=ALL, matter=about.matter)["deadlines"]
        within = {(row["matter"], row["window"]) for row in there if matches_window(about, row)}
        told = [alert for alert in told if (alert["matter"], alert["window"]) in within]
    told = told[:NEWEST]
    names = book.headlines(question, {alert["given_by"] for alert in told})
    return [_of_alert(alert, names) for alert in told]


def _of_alert(alert: dict[str, Any], names: dict[str, str]) -> Item:
    window = absolute("pages.window", slug=alert["matter"], name=alert["window"])
    lines = [
        Line("", alert["message"]),
        Line("Due", due_words(alert["due"], alert["due_is"])),
        Line("Date given by", names.get(alert["given_by"], alert["given_by"]), absolute("pages.event", event_id=alert["given_by"])),
        Line("As it stands today", alert["title"], window),
        Line("As this was told", alert["title"], f"{window}?recorded_at={alert['position']}&as_of={alert['on']}"),
    ]
    recorded = alert["recorded"]
    return Item(
        f"urn:daybook:alert:{alert['alert']}",
        alert["message"],
        recorded,
        recorded,
        window,
        tuple(lines),
        (alert["matter"], "alert"),
    )


def _moves(book: Daybook, entries: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """By the id of an entry what it did to windows."""
    found: dict[str, list[dict[str, Any]]] = {}
    question = book.ask()
    for matter in {entry["matter"] for entry in entries if entry["windows"]}:
        for life in book.histories(question, matter).values():
            for move in life["history"] + life["ahead"]:
                found.setdefault(move["event"], []).append(move)
    return found


def _of_entry(book: Daybook, entry: dict[str, Any], moves: dict[str, list[dict[str, Any]]], names: dict[str, str]) -> Item:
    title = entry["headline"]
    if entry["standing"] in _CHANGED:
        title = f"{entry['standing'].capitalize()}: {title}"
    elif entry["original"]:
        title = f"Corrected: {title}"
    last = entry["updated_by"]
    changed = [Line("Latest change", names.get(last, last), absolute("pages.event", event_id=last))] if last else []
    lines = (*changed, *(line for line in _told(book, entry, moves) if line.text))
    page = absolute("pages.event", event_id=entry["id"])
    tags = (entry["matter"], entry["kind"], *(f"window {window}" for window in entry["windows"]))
    return Item(f"urn:daybook:event:{entry['id']}", title, entry["recorded"], entry["updated"], page, lines, tags)


def _told(book: Daybook, entry: dict[str, Any], moves: dict[str, list[dict[str, Any]]]) -> Iterator[Line]:
    """First what changed and who says so, then what the entry says, why, and where it leads."""
    yield from _said_of_it(entry)
    yield from _before(entry["original"], entry)
    if entry["summary"]:
        yield Line("", entry["summary"])
    yield from _amends(book, entry)
    for move in moves.get(entry["id"], ()):
        yield Line("What it did", move_sentence(move))
    yield Line("Matter", entry["matter_title"])
    yield Line("Kind", kind_words(entry["kind"]))
    yield Line("Occurred", entry["wording"] or day(entry["occurred"]))
    yield Line("Known", day(entry["known"]))
    yield Line("Standing", entry["standing"])
    if entry["cause"]:
        yield Line("Why", entry["cause"])
    for source in entry["sources"]:
        yield from _source(source)
    for window in entry["windows"]:
        yield Line("Window", window, absolute("pages.window", slug=entry["matter"], name=window))
    yield Line("As this was told", f"Position {entry['updated_at']} of the log", _exactly(entry))


def _exactly(entry: dict[str, Any]) -> str:
    return absolute("pages.event", event_id=entry["id"], recorded_at=entry["updated_at"])


_ACTS = {"ReportDenied": "Denied", "ReportConfirmed": "Confirmed", "EntryCorrected": "Corrected", "EntryRetracted": "Taken back"}


def _said_of_it(entry: dict[str, Any]) -> Iterator[Line]:
    """What was said of it, the latest first: who, when, in which words, how far it reaches."""
    for each in reversed(entry["amendments"]):
        reach = f"It reaches {'; '.join(map(scope, each['scope']))}." if each["scope"] else None
        by = f"by {each['by']}, {day(each['known'])}" if each["by"] else day(each["known"])
        told = ". ".join(part.rstrip(".") for part in (by, each["statement"], reach) if part)
        yield Line(_ACTS.get(each["kind"], kind_words(each["kind"])), f"{told}.", absolute("pages.event", event_id=each["id"]))


def _before(original: dict[str, Any], entry: dict[str, Any], of: str = "") -> Iterator[Line]:
    """What it says now, beside what it said when it was first recorded."""
    flat = entry | (entry.get("details") or {})
    for field, former in original.items():
        yield Line(f"{of}{name(field).capitalize()}, now", _value(field, flat.get(field)), before=_value(field, former))


def _value(field: str, value: Any) -> str:
    if value in (None, []):
        return "nothing"
    return str(value) if field in ("number", "year") else plain(value)


def _amends(book: Daybook, entry: dict[str, Any]) -> Iterator[Line]:
    """Of an amendment: what it is about, how far it reaches, and what was said before and is said now."""
    if not entry.get("of"):
        return
    if entry.get("by"):
        yield Line(_ACTS[entry["kind"]], f"by {entry['by']}")
    if entry.get("statement") and entry["statement"] != entry["summary"]:
        yield Line("In words", entry["statement"])
    if entry.get("reason"):
        yield Line("Reason", entry["reason"])
    if entry.get("slip"):
        yield Line("Whose slip", "ours" if entry["slip"] == "ours" else "the source's")
    if entry.get("scope"):
        yield Line("Reaches", "; ".join(map(scope, entry["scope"])))
    for key in entry["of"]:
        yield from _about(book, entry, f"{entry['matter']}.{key}")


def _about(book: Daybook, amendment: dict[str, Any], event_id: str) -> Iterator[Line]:
    whole = book.event(event_id, book.ask())
    yield Line("About", f"{whole['headline']} ({whole['standing']})", absolute("pages.event", event_id=event_id))
    changed = (amendment.get("changes") or {}).keys()
    yield from _before({field: former for field, former in whole["original"].items() if field in changed}, whole)


def _source(source: dict[str, Any]) -> Iterator[Line]:
    told = [source.get(part) for part in ("publisher", "title", "citation", "pinpoint")]
    if source.get("published"):
        told.append(day(source["published"]))
    url = source.get("url") or source.get("archived_url")
    words = ", ".join(str(part) for part in told if part) or (host(url) if url else "")
    yield Line("Source", words, url)
