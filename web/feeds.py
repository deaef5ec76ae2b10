"""Feeds: deadlines as a calendar, asked at a point; the newest alerts and entries as Atom and JSON Feed."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from icalendar import Alarm, Calendar, Event

from alerts.history import raised
from domain.instants import day_of
from domain.ladder import LADDER, Step
from domain.when import read_when
from projections.windows import RUNNING
from service.asking import Question
from service.browsing import ALL
from web.context import asked, daybook, only

feeds = Blueprint("feeds", __name__)
ATOM = "http://www.w3.org/2005/Atom"
NEWEST = 100
"""How many entries a feed holds."""


def _absolute(endpoint: str, **values: Any) -> str:
    return current_app.config["BASE_URL"] + url_for(endpoint, **values)


@feeds.get("/deadlines.ics")
def calendar() -> Response:
    """Every window with a due date as an all-day event; a closed one is cancelled, never gone."""
    only("as_of", "known_on", "recorded_at", "matter")
    return Response(_calendar(), mimetype="text/calendar", headers={"Content-Disposition": 'inline; filename="deadlines.ics"'})


def _calendar() -> bytes:
    question = asked()
    found = daybook().deadlines(question, status=ALL, matter=request.args.get("matter"))["deadlines"]
    rows = [row for row in found if row["due"]]
    book = Calendar()
    book.add("prodid", "-//Daybook//Deadlines//EN")
    book.add("version", "2.0")
    book.add("x-wr-calname", "Daybook deadlines")
    for row in sorted(rows, key=lambda row: (row["due"], row["id"])):
        book.add_component(_deadline_event(row, _recorded_last(row, question)))
    return book.to_ical()


def _recorded_last(row: dict[str, Any], question: Question) -> datetime:
    """When the last of the entries behind a window was recorded: the calendar stays the same until one more is."""
    recorded = [daybook().event(event, question)["recorded"] for event in row["events"]]
    return max(datetime.fromisoformat(each) for each in recorded).astimezone(UTC)


def _deadline_event(row: dict[str, Any], recorded: datetime) -> Event:
    first = read_when(row["due"]).first
    day = day_of(first, row["time_zone"])
    entry = Event()
    entry.add("uid", f"{row['matter']}.{row['window']}@daybook")
    entry.add("dtstamp", recorded.replace(microsecond=0))
    entry.add("summary", row["title"])
    entry.add("dtstart", first.astimezone(UTC) if isinstance(first, datetime) else day)
    if not isinstance(first, datetime):
        entry.add("dtend", day + timedelta(days=1))
    entry.add("sequence", row["extensions"] + (0 if row["status"] in RUNNING else 1))
    entry.add("status", "CONFIRMED" if row["status"] in (*RUNNING, "lapsed") else "CANCELLED")
    entry.add("description", _described(row))
    entry.add("url", _absolute("pages.window", slug=row["matter"], name=row["window"]))
    entry.add("transp", "TRANSPARENT")
    if row["status"] in RUNNING:
        for step in LADDER:
            entry.add_component(_alarm(row, step))
    return entry


def _described(row: dict[str, Any]) -> str:
    parts = [
        f"Due {row['due']} ({'moment' if 'T' in row['due'] else row['due_is']}), {row['time_zone']}. Status: {row['status']}.",
        f"Matter: {row['matter']}.",
    ]
    if row["legal_basis"]:
        parts.append(f"Legal basis: {row['legal_basis']}.")
    if row["conflict"]:
        parts.append(f"Stated {row['stated']}, counted {row['computed']}.")
    return " ".join(parts)


def _alarm(row: dict[str, Any], step: Step) -> Alarm:
    """A step of the ladder, for the reader's own calendar to tell."""
    left = "Due today" if not step.number else f"{step.words} left"
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{left}: {row['title']}")
    alarm.add("trigger", timedelta(**{"hours" if step.unit == "h" else "days": -step.number}))
    return alarm


def _items() -> list[dict[str, Any]]:
    """Alerts raised and entries recorded, the newest first."""
    question = daybook().ask()
    alerts = [_alert_item(alert) for alert in raised(daybook().log, question.day("UTC"), NEWEST) if alert["raised"]]
    entries = [_entry_item(entry) for entry in daybook().latest(NEWEST)]
    return sorted(alerts + entries, key=lambda item: (item["updated"], item["id"]), reverse=True)[:NEWEST]


def _alert_item(alert: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"urn:daybook:alert:{alert['alert']}",
        "title": alert["message"],
        "updated": alert["recorded"],
        "url": _absolute("pages.alerts"),
        "text": f"{alert['message']} Matter: {alert['matter']}. Given by {alert['given_by']}.",
    }


def _entry_item(entry: dict[str, Any]) -> dict[str, Any]:
    published = "; ".join(filter(None, (source.get("publisher") for source in entry["sources"])))
    return {
        "id": f"urn:daybook:event:{entry['id']}",
        "title": entry["headline"],
        "updated": entry["recorded"],
        "url": _absolute("pages.event", event_id=entry["id"]),
        "text": " ".join(
            filter(
                None, (entry["summary"], f"Occurred {entry['occurred']}, known {entry['known']}, {entry['standing']}.", published)
            )
        ),
    }


@feeds.get("/feed.atom")
def atom() -> Response:
    """Alerts raised and entries recorded, as Atom (RFC 4287)."""
    only()
    items = _items()
    root = ElementTree.Element("feed", xmlns=ATOM)
    _element(root, "id", "urn:daybook:feed:" + hashlib.sha256(current_app.config["BASE_URL"].encode()).hexdigest()[:16])
    _element(root, "title", "Daybook: alerts and new entries")
    _element(root, "updated", items[0]["updated"] if items else datetime(1970, 1, 1, tzinfo=UTC).isoformat())
    _element(ElementTree.SubElement(root, "author"), "name", "Daybook")
    ElementTree.SubElement(root, "link", rel="self", href=_absolute("feeds.atom"))
    ElementTree.SubElement(root, "link", rel="alternate", href=_absolute("pages.timeline"))
    for item in items:
        entry = ElementTree.SubElement(root, "entry")
        for name in ("id", "title", "updated"):
            _element(entry, name, item[name])
        ElementTree.SubElement(entry, "link", rel="alternate", href=item["url"])
        _element(entry, "summary", item["text"])
    return Response(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True), mimetype="application/atom+xml")


def _element(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


@feeds.get("/feed.json")
def json_feed() -> Response:
    """The same as JSON Feed 1.1."""
    only()
    items = [
        {"id": i["id"], "title": i["title"], "date_modified": i["updated"], "url": i["url"], "content_text": i["text"]}
        for i in _items()
    ]
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Daybook: alerts and new entries",
        "home_page_url": _absolute("pages.timeline"),
        "feed_url": _absolute("feeds.json_feed"),
        "items": items,
    }
    response = jsonify(body)
    response.mimetype = "application/feed+json"
    return response
