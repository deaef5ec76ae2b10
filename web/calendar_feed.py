"""Deadlines as an iCalendar (RFC 5545, RFC 7986): one event a window, cancelled rather than gone."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app, url_for
from icalendar import Alarm, Calendar, Event, vText

from alerts.matching import matches_window
from alerts.model import About
from alerts.sentences import due_words, move_sentence
from domain.instants import day_of
from domain.ladder import Step
from domain.when import days_between, read_when
from projections.headlines import count
from projections.windows import RUNNING
from projections.words import city, day, scope, status_word
from service.asking import Question
from service.daybook import Daybook
from web.feed_question import in_words

REFRESH = timedelta(hours=1)
"""How often a program is asked to fetch the calendar; most fetch less often."""
HONEST = (
    "Windows and their due dates, each a day or a moment. What moves, moves here; what is closed or taken back stays, cancelled. This asks"
    " to be fetched every hour, but calendar programs fetch as they like, some only once a day or less often, and may pass over alarms of"
    " calendars that they subscribe to. For what must not be missed, set an alert by e-mail too."
)
_CANCELLED = ("superseded", "met", "withdrawn")


def absolute(endpoint: str, **values: Any) -> str:
    """The address of a page as others are told it."""
    return current_app.config["BASE_URL"] + url_for(endpoint, **values)


def windows_within(book: Daybook, question: Question, about: About) -> list[dict[str, Any]]:
    """The windows within a filter that have a due date, or had one; raises `NotFound` for a matter that is not there to see."""
    return [row for row in book.calendar(question, about.matter) if matches_window(about, row)]


def calendar_of(rows: Sequence[dict[str, Any]], about: About, alarms: Sequence[Step]) -> bytes:
    """Windows as a calendar, each running one with alarms."""
    narrowed = in_words(about)
    name = "Daybook deadlines" + (f": {narrowed}" if narrowed else "")
    calendar = Calendar()
    calendar.add("prodid", "-//Daybook//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for property in ("name", "x-wr-calname"):
        calendar.add(property, vText(name))
    for property in ("description", "x-wr-caldesc"):
        calendar.add(property, vText(HONEST))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for row in rows:
        calendar.add_component(_event(row, alarms))
    return calendar.to_ical(sorted=False)


def _event(row: dict[str, Any], alarms: Sequence[Step]) -> Event:
    first = read_when(row["due"]).first
    timed = isinstance(first, datetime)
    the_day = day_of(first, row["time_zone"])
    modified = datetime.fromisoformat(row["modified"]).astimezone(UTC).replace(microsecond=0)
    page = _page(row)
    event = Event()
    event.add("uid", f"{row['matter']}.{row['window']}@daybook")
    event.add("dtstamp", modified)
    event.add("last-modified", modified)
    event.add("sequence", row["sequence"])
    event.add("summary", _summary(row))
    event.add("dtstart", first.astimezone(UTC) if timed else the_day)
    if not timed:
        event.add("dtend", the_day + timedelta(days=1))
    event.add("status", "CANCELLED" if _is_cancelled(row) else "CONFIRMED")
    event.add("categories", [row["matter"]])
    event.add("description", "\n".join(_described(row)))
    event.add("url", page)
    event.add("transp", "TRANSPARENT")
    if row["status"] in RUNNING and not row["gone"]:
        for step in alarms:
            event.add_component(_alarm(row, step, timed))
    return event


def _is_cancelled(row: dict[str, Any]) -> bool:
    return bool(row["gone"]) or row["status"] in _CANCELLED


def _summary(row: dict[str, Any]) -> str:
    """The title; of one whose date counts no more the reason before it, since many programs show cancelled events like others."""
    if row["gone"]:
        return f"Taken back: {row['title']}"
    return f"{row['status'].capitalize()}: {row['title']}" if row["status"] in (*_CANCELLED, "suspended") else row["title"]


def _page(row: dict[str, Any]) -> str:
    """A window's page; of one that was taken back the entry that did it, since the window has none any more."""
    if row["gone"]:
        return absolute("pages.event", event_id=row["gone"]["event"])
    return absolute("pages.window", slug=row["matter"], name=row["window"])


def _described(row: dict[str, Any]) -> Iterator[str]:
    """What, when, how many days, why and where, a line each. Nothing in it changes by itself from day to day."""
    if row["gone"]:
        yield f"Taken back: {row['gone']['headline'] or 'the entry that gave it'}. Until then it was said to be due {day(row['due'])}."
        yield f"Matter: {row['matter_title']}."
        yield f"Why: {_page(row)}"
        return
    yield f"Due {due_words(row['due'], row['due_is'], row['status'] not in RUNNING)}, {city(row['time_zone'])} time. Status: {status_word(row)}."
    yield f"Matter: {row['matter_title']}. Purpose: {row['purpose']}." + (f" Owner: {row['owner']}." if row["owner"] else "")
    days = _days(row)
    if days:
        yield f"It runs {days} from {day(row['opens'])}."
    yield from _counted(row)
    for said in row["said"]:
        what = "denies" if said["kind"] == "ReportDenied" else "confirms"
        reach = "; ".join(map(scope, said["scope"])) if said["scope"] else "all of it"
        yield f"The due date is {row['standing']}: {said['by']} {what} {reach}: {absolute('pages.event', event_id=said['event'])}"
    for move in row["moves"]:
        yield _moved(move)
    if row["evidence"]:
        yield f"Met: {row['evidence']}"
    yield f"As it stands today: {_page(row)}"
    point = {"as_of": row["as_of"], "recorded_at": row["position"]}
    yield f"As this was told: {absolute('pages.window', slug=row['matter'], name=row['window'], **point)}"


def _days(row: dict[str, Any]) -> str:
    """“75 calendar days”, where both ends are certain."""
    opens, due = read_when(row["opens"]), read_when(row["due"])
    if not (opens.certain and due.certain):
        return ""
    length = days_between(day_of(opens.first, row["time_zone"]), day_of(due.first, row["time_zone"]))
    return count(length, "calendar day") if length > 0 else ""


def _counted(row: dict[str, Any]) -> Iterator[str]:
    if row["conflict"]:
        yield f"Stated {day(row['stated'])}, counted {day(row['computed'])}: they disagree, and the stated one leads."
    elif row["stated"] and row["computed"]:
        yield f"Stated and counted: {day(row['stated'])}."
    elif row["computed"]:
        yield "Counted by a rule; its page says how, step by step."


def _moved(move: dict[str, Any]) -> str:
    told = f"{day(move['occurred'] or move['on'])}: {move_sentence(move)}"
    return f"{told}: {absolute('pages.event', event_id=move['event'])}" if move["event"] else told


def _alarm(row: dict[str, Any], step: Step, timed: bool) -> Alarm:
    """A step of the ladder, for the reader's own calendar to tell: days count from the day's start, hours from the end."""
    hours = step.unit == "h"
    left = "Due today" if not step.number else f"{step.words} left"
    ends = {"RELATED": "END"} if hours and not timed and row["due_is"] == "last day" else {}
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{left}: {row['title']}")
    alarm.add("trigger", timedelta(hours=-step.number) if hours else timedelta(days=-step.number), parameters=ends)
    return alarm
