"""What the inbox and the page of one alert show, as plain values."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from alerts.book import Alerts
from alerts.facts import entry_path, window_path
from alerts.model import PAGE
from alerts.outbox import DROPPED, GIVEN_UP, SENT, WAITING
from alerts.own import GONE, HELD, Own, Way
from alerts.preferences import version_of
from alerts.standing import failing
from domain.instants import day_in, day_of
from domain.ladder import read_step
from domain.when import read_when
from projections.read_model import reading
from projections.windows import RUNNING
from projections.words import city, day, kind_words
from service.asking import Question
from service.browsing import ALL
from service.daybook import Daybook
from service.entries import event_id
from service.log import Readable
from web.alerting_words import in_zone
from web.words import left

WHAT = {
    "moved": "due date moved", "closed": "status changed", "conflict": "two dates", "amended": "said of an entry", "new": "new entry",
    "passed": "not sent in time",
}  # fmt: skip
"""What an alert is about, in two words; any other is a lead time."""
SAID = {"ReportDenied": "denied", "ReportConfirmed": "confirmed", "EntryCorrected": "corrected", "EntryRetracted": "taken back"}
"""What was said of an entry, by the kind of what says it."""
Windows = dict[tuple[str, str], dict[str, Any]]


class Wished:
    """What a person said of his alerts, read once for a page: his zone, snoozes and acknowledgements; and which of his channels fail."""

    def __init__(self, alerts: Alerts, account: str) -> None:
        self.time_zone = alerts.wishes.of(account).time_zone
        self._snoozed = alerts.wishes.snoozed(account)
        self._acknowledged = alerts.wishes.acknowledged(account)
        self.failing = failing(alerts, account)

    def at(self, instant: int) -> str:
        """An instant in his zone: “Thu 26 Nov 2026, 09:00 New York”."""
        return f"{in_zone(instant, self.time_zone)} {city(self.time_zone)}"

    def snoozed(self, told: Mapping[str, Any]) -> int | None:
        """Until when nothing is said of an alert's window."""
        return self._snoozed.get((told["matter"], told.get("window", "")))

    def acknowledged(self, told: Mapping[str, Any]) -> bool:
        """Whether nothing more is said of an alert's due date."""
        if not is_about_due_date(told):
            return False
        return (told["matter"], told["window"], version_of(told["due"], told["given_by"])) in self._acknowledged


def is_about_due_date(told: Mapping[str, Any]) -> bool:
    """Whether an alert can be acknowledged."""
    return all(told.get(name) for name in ("window", "due", "given_by"))


def is_still_due(told: Mapping[str, Any], there: Mapping[str, Any] | None) -> bool:
    """Whether the due date that an alert told of still leads, in a window that runs: else there is nothing to acknowledge."""
    runs = there is not None and there["status"] in RUNNING and there["due"]
    return bool(is_about_due_date(told) and runs and due_day(there) == date.fromisoformat(told["due"]))


def windows_at(book: Daybook, question: Question) -> Windows:
    """Every window at a point, by matter and name."""
    return {(each["matter"], each["window"]): each for each in book.deadlines(question, status=ALL)["deadlines"]}


def shown(own: Own, wished: Wished, windows: Windows, names: Mapping[str, str], is_now: bool = True) -> dict[str, Any]:
    """One alert: what, when, days left then and at the point, why, and (where the point is now) how it stands for its person."""
    told = own.told
    there = windows.get((told["matter"], told.get("window")))
    why = told.get("given_by") or event_id(told["matter"], told["entry"])
    return {
        "item": own.page,
        "what": what_words(told),
        "message": told["message"],
        "when": wished.at(own.at),
        "matter": told["matter"],
        "matter_title": names.get(told["matter"], told["matter"]),
        "window": told.get("window"),
        "is_step": told["step"] not in WHAT,
        "then": told.get("days_left"),
        "now": now_words(told, there),
        "runs": bool(there and there["status"] in RUNNING),
        "why": why,
        "why_words": names.get(why, why),
        "acknowledged": is_now and wished.acknowledged(told),
        "snoozed": wished.at(until) if is_now and (until := wished.snoozed(told)) else None,
        "ways": [way_words(way, wished) for way in own.ways],
        "untold": all(way.state == DROPPED for way in own.ways),
    }


def what_words(told: Mapping[str, Any]) -> str:
    """“7 days before”, “on the day itself”, “due date moved”, “denied”; of a new entry its kind."""
    if told["step"] == "amended":
        return SAID.get(told.get("kind", ""), WHAT["amended"])
    if told["step"] == "new" and told.get("kind"):
        words = kind_words(told["kind"])
        return words[:1].lower() + words[1:]
    if told["step"] in WHAT:
        return WHAT[told["step"]]
    return read_step(told["step"]).before


def now_words(told: Mapping[str, Any], there: Mapping[str, Any] | None) -> str:
    """“4 days left”, “met”, “18 days left, due 19 June 2025 by now”; nothing of an alert about no window."""
    if not told.get("window"):
        return ""
    if there is None:
        return "not on record"
    running = there["status"] in RUNNING
    words = left(there["days_left"]) if running and there["status"] != "suspended" else there["status"]
    if there["status"] == "lapsed" and there["days_left"] is not None:
        words = f"over since {day(there['due'])}"
    moved = running and there["due"] and told.get("due") and due_day(there) != date.fromisoformat(told["due"])
    return f"{words or 'no due date'}, due {day(there['due'])} by now" if moved else words or "no due date"


def due_day(there: Mapping[str, Any]) -> date:
    """The day that is counted to."""
    return day_of(read_when(there["due"]).first, there["time_zone"])


def way_words(way: Way, wished: Wished) -> dict[str, Any]:
    """One channel of an alert, in words: {name, is_page, state, words, failing}, the last the id of a channel to which nothing gets through."""
    is_page, fails = way.kind == PAGE, wished.failing.get(way.channel) if way.state == WAITING else None
    words = {
        SENT: "here" if is_page else f"sent {wished.at(way.at)}" if way.at else "sent",
        WAITING: f"waits; failing since {wished.at(fails.since)}" if fails else "waits to be sent",
        HELD: f"held back until {wished.at(way.at)}" if way.at else "held back",
        GIVEN_UP: f"given up, not delivered: {way.detail}",
        DROPPED: f"{'only listed' if is_page else 'not delivered'}: {way.detail}",
        GONE: "nothing is kept of it",
    }[way.state]
    name = "this page" if is_page else way.name
    return {"name": name, "is_page": is_page, "state": way.state, "words": words, "failing": way.channel if fails else None}


def exact_path(log: Readable, told: Mapping[str, Any], position: int) -> str:
    """The page of what an alert was about, as it was when it was raised: that day, and the log as its person sees it up to there."""
    with log.reading() as rows:
        point = {"as_of": told["on"], "recorded_at": str(reading.last_position(rows, position))}
    if told.get("entry"):
        return entry_path(event_id(told["matter"], told["entry"]), **point)
    return window_path(told["matter"], told["window"], **point)


def due_before(there: Mapping[str, Any] | None, until: int | None) -> bool:
    """Whether a snooze ends after the window may be over, so that nothing more would be told of it."""
    if until is None or there is None or there["status"] not in RUNNING or not there["due"]:
        return False
    return day_in(until, there["time_zone"]) > due_day(there)
