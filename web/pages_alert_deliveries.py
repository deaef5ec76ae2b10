"""The log of deliveries, one's own and for admins the house's: what was sent, when, what each try met, and once more."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from alerts.inbox import Inbox
from alerts.outbox import DROPPED, GIVEN_UP, SENT, WAITING
from alerts.standing import counted, messages
from domain.errors import BadValue, RuleBroken
from web.alerting_words import STATE_WORDS, item_words, policy_shown
from web.context import only, permit
from web.pages_alerting import alerting, back, book, channels_of, may_set, me, messages_shown, names_of, page
from web.people_forms import Slip, posted

PAGE_OF = 30
STATES = (WAITING, SENT, GIVEN_UP, DROPPED)
DONE = {
    "test": "The test was handed to the clock, which sends within seconds. Load this page again to see what came of it.",
    "replay": "It was handed to the clock once more, as it was and under the same id. Load this page again to see what came of it.",
}


@alerting.get("/account/alerts/deliveries")
def deliveries() -> Response:
    """What was and is to be sent, the newest first."""
    only("state", "channel", "after")
    return page("alerting-deliveries.html", **_log(me(), "alerting.deliveries"))


def _log(account: str | None, endpoint: str) -> dict[str, Any]:
    """A page of the log, as its address asks for it."""
    state, channel, after = (request.args.get(name) or None for name in ("state", "channel", "after"))
    if state not in (None, *STATES):
        raise BadValue(f"A message is {', '.join(STATES)}; “{state[:40]}” is none of these.", "state")
    if channel:
        book().ways.get(channel, account)
    found = messages(book(), account, PAGE_OF + 1, after, state, channel)
    channels, rows = channels_of(account), found[:PAGE_OF]
    older = url_for(endpoint, state=state, channel=channel, after=rows[-1].id) if len(found) > PAGE_OF else None
    return {
        "messages": messages_shown(rows, channels),
        "counts": counted(book(), account),
        "states": STATES,
        "endpoint": endpoint,
        "chosen": {"state": state, "channel": channel},
        "channels": channels,
        "older": older,
        "later": after,
    }


@alerting.get("/account/alerts/deliveries/<message>")
def delivery(message: str) -> Response:
    """One message: its text, its alerts, its tries."""
    only("done")
    return _one(me(), message)


def _one(account: str | None, message: str, slip: Slip | None = None) -> Response:
    inbox, names = Inbox(book(), account), names_of()
    (shown,) = messages_shown([inbox.message(message)], channels_of(account))
    alerts = [
        {
            "item": row.item,
            "words": item_words(row.item.what, row.item.facts),
            "title": _title(row.item, names),
            "dropped": row.dropped,
        }
        for row in inbox.carried(message)
        if row.item.matter in names
    ]
    return page(
        "alerting-delivery.html",
        slip,
        its=shown,
        tries=inbox.attempts(message),
        alerts=alerts,
        names=names,
        of_house=account is None,
        done=DONE.get(request.args.get("done", "")),
    )


def _title(item: Any, names: dict[Any, str]) -> str:
    return names.get((item.matter, item.window)) or names.get(item.matter) or item.matter


@alerting.post("/account/alerts/deliveries/<message>/replay")
def replay(message: str) -> Response:
    """Send it once more, as it was."""
    only()
    posted()
    account = me()
    may_set(book().ways.get(Inbox(book(), account).message(message).channel, account))
    try:
        Inbox(book(), account).replay(message)
    except RuleBroken as error:
        return _one(account, message, Slip("replay", error, {}))
    return back("replay", "alerting.delivery", message=message)


@alerting.get("/account/alerts/house")
def house() -> Response:
    """For admins: the house's channels and policies, which a file and the command line make, and what was sent by them."""
    only("state", "channel", "after")
    me()
    permit("manage")
    log, names = _log(None, "alerting.house"), names_of()
    policies = [policy_shown(each, log["channels"], {}, names) for each in book().policies.of(None)]
    return page("alerting-house.html", policies=policies, state_words=STATE_WORDS, **log)


@alerting.get("/account/alerts/house/deliveries/<message>")
def delivery_of_house(message: str) -> Response:
    """For admins: one message of the house."""
    only()
    me()
    permit("manage")
    return _one(None, message)
