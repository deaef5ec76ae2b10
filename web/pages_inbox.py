"""The page of alerts, first one's own; and the page of one alert, where it is acknowledged or snoozed."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from alerts.facts import NotToTell
from alerts.history import alerts_by, position_of
from alerts.inbox import Inbox
from alerts.own import own_alert, own_alerts
from alerts.telling import told
from domain.errors import BadValue
from domain.instants import day_in
from projections.windows import RUNNING
from service.asking import Question
from service.people.store import DAY
from web.caching import never_kept
from web.context import alerting, daybook, only
from web.page_inbox import Wished, due_before, exact_path, is_still_due, shown, windows_at
from web.page_question import asked_in_words, here
from web.pages import pages
from web.pages import show as show_at
from web.pages_people import own_session, show
from web.people_forms import Slip, posted
from web.problems import bad_parameter
from web.visits import signed_in
from web.words import short_day

inbox = Blueprint("inbox", __name__)
inbox.after_request(never_kept)
PAGE_OF = 20
"""How many of one's own alerts stand on a page."""
SNOOZES = {"1": "a day", "3": "three days", "7": "a week"}
DONE = {
    "acknowledged": "Acknowledged: nothing more of this due date is sent to you. If it moves, you hear of that.",
    "unacknowledged": "Taken back: you hear of this due date again.",
    "snoozed": "Snoozed.",
    "woken": "Awake: you hear of this window again.",
}


@pages.get("/alerts")
def alerts() -> str:
    """One's own alerts; then what was told to everybody, what passed, and what a clock that always ran would have told."""
    only("as_of", "recorded_at", "before")
    question = asked_in_words()
    by, point = alerts_by(daybook().log, question), daybook().point(question)
    mine, wished, older = _own(question)
    ids = {alert["given_by"] for alert in (*by["raised"], *by["would_have_been"])} | {
        why for each in mine for why in _whys(each.told)
    }
    names = {row["slug"]: row["title"] for row in daybook().matters(question)} | daybook().headlines(question, ids)
    windows = windows_at(daybook(), question) if mine else {}
    is_now = question.as_of is None and question.recorded_at is None
    return show_at(
        "alerts.html", question, point, clocks=False, names=names, by=by["as_of"], would=_unsent(by),
        sent=[a for a in by["raised"] if a["raised"]], passed=[a for a in by["raised"] if not a["raised"]],
        own=[shown(each, wished, windows, names, is_now) for each in mine], older=older, later=request.args.get("before"), is_now=is_now,
    )  # fmt: skip


def _unsent(by: dict[str, Any]) -> list[dict[str, Any]]:
    """What a clock that always ran would have told and ours did not, the latest first."""
    names = ("matter", "window", "step", "due", "given_by", "former_due")
    sent = {tuple(alert.get(name) for name in names) for alert in by["raised"] if alert["raised"]}
    return [alert for alert in reversed(by["would_have_been"]) if tuple(alert.get(name) for name in names) not in sent]


def _own(question: Question) -> tuple[list[Any], Wished | None, str | None]:
    """A page of the visitor's own alerts, what he said of them, and the address of the next page; nothing for nobody and for a token."""
    its, before = signed_in(), _before()
    if its is None:
        return [], None, None
    account, log = its.visitor.account, daybook().log
    upto = min(position_of(log, question), before)
    found, more = own_alerts(alerting(), log, account, question.day("UTC"), upto, PAGE_OF)
    return found, Wished(alerting(), account), here(before=more) if more else None


def _before() -> int:
    """The position that a page of the inbox goes down from."""
    text = request.args.get("before", "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise bad_parameter("before", "is the position that a page of alerts ends with; follow the link “Older”.")
    return int(text) if text else 2**62


def _whys(its: dict[str, Any]) -> list[str]:
    return [its["given_by"]] if its.get("given_by") else [f"{its['matter']}.{its['entry']}"]


@inbox.get("/account/alerts/items/<item>")
def alert(item: str) -> Response:
    """One alert: what it said and why, whether it is still so, and what can be done about it."""
    only("done")
    return _alert(own_session().visitor.account, item)


def _alert(account: str, item: str, slip: Slip | None = None) -> Response:
    row, question = Inbox(alerting(), account).item(item), daybook().ask()
    own = own_alert(alerting(), daybook().log, account, item, row.item.facts["position"])
    wished, windows = Wished(alerting(), account), windows_at(daybook(), question)
    names = {each["slug"]: each["title"] for each in daybook().matters(question)} | daybook().headlines(question, _whys(own.told))
    its, until = own.told, wished.snoozed(own.told)
    there = windows.get((its["matter"], its.get("window")))
    now, gone = _told_now(row.item, question)
    return show(
        "alert-item.html", slip, alert=shown(own, wished, windows, names), told=its, row=row, now=now, gone=gone, there=there,
        exact=exact_path(daybook().log, its, own.position), today=now.today if now else None, snoozes=_snoozes(wished, there),
        can_acknowledge=wished.acknowledged(its) or is_still_due(its, there), can_snooze=bool(until) or bool(there and there["status"] in RUNNING), too_long=due_before(there, until),
        done=DONE.get(request.args.get("done", "")), zone=wished.time_zone,
    )  # fmt: skip


def _snoozes(wished: Wished, there: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Each pause that is offered: its days, words, the day on which it ends, and whether the window may be over before that."""
    ends = {days: alerting().clock() + int(days) * DAY for days in SNOOZES}
    return [
        {
            "days": days,
            "words": SNOOZES[days],
            "day": short_day(day_in(until, wished.time_zone)),
            "late": due_before(there, until),
        }
        for days, until in ends.items()
    ]


def _told_now(item: Any, question: Question) -> tuple[Any, str | None]:
    """What an alert tells at this moment; or why nothing of it is so any more."""
    try:
        return told(daybook().log, item, question.now), None
    except NotToTell as error:
        return None, error.reason


@inbox.post("/account/alerts/items/<item>/acknowledge")
def acknowledge(item: str) -> Response:
    """Hear no more of its due date."""
    return _answered(item, "acknowledged", lambda its: its.acknowledge(item))


@inbox.post("/account/alerts/items/<item>/unacknowledge")
def unacknowledge(item: str) -> Response:
    """Hear of it again."""
    return _answered(item, "unacknowledged", lambda its: its.unacknowledge(item))


@inbox.post("/account/alerts/items/<item>/snooze")
def snooze(item: str) -> Response:
    """Hear nothing of its window for a time."""
    return _answered(item, "snoozed", lambda its: its.snooze(item, _until(its)), "days", "until")


@inbox.post("/account/alerts/items/<item>/wake")
def wake(item: str) -> Response:
    """Hear of its window again."""
    return _answered(item, "woken", lambda its: its.wake(item))


def _answered(item: str, done: str, act: Callable[[Inbox], Any], *names: str) -> Response:
    """Do it and go back to the alert; a wrong value is told there."""
    account = own_session().visitor.account
    only()
    typed = posted(*names)
    try:
        act(Inbox(alerting(), account))
    except BadValue as error:
        return _alert(account, item, Slip("snooze", error, typed))
    return redirect(url_for("inbox.alert", item=item, done=done), 303)


def _until(its: Inbox) -> int:
    """When a snooze ends: after so many days, or from the start of a day in the person's zone. Raises `BadValue`."""
    days, text = request.form.get("days", ""), request.form.get("until", "").strip()
    if days:
        if days not in SNOOZES:
            raise BadValue("Snooze for a day, three days or a week, or until a date.", "until")
        return its.alerts.clock() + int(days) * DAY
    return its.snooze_until(text)
