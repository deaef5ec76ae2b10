"""One's own alerts: the overview, the quick start, and how one wants to be spoken to."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from alerts.inbox import Inbox
from alerts.model import EMAIL, OWN, PAGE, Channel, Policy, Preferences
from alerts.outbox import GIVEN_UP, Dispatch
from alerts.own import carried, waiting
from alerts.planning import allowed
from alerts.preview import Coming, previews
from alerts.standing import failing, matters_seen, messages, unseen
from domain.errors import Refused
from domain.ladder import LADDER
from service.browsing import ALL
from service.people.store import HOUR
from web.alerting_forms import preferences_raw, said_of
from web.alerting_words import (
    DAYS,
    STATE_WORDS,
    about_words,
    channel_shown,
    in_zone,
    ladder_text,
    message_shown,
    policy_shown,
    preferences_words,
)
from web.caching import never_kept
from web.context import alerting as book
from web.context import daybook, only, permit, visitor
from web.pages_people import own_session, show
from web.people_forms import Slip, posted

alerting = Blueprint("alerting", __name__)
alerting.after_request(never_kept)
START = "start"
DONE = {
    "start": "Done: you hear of every deadline.",
    "start-proof": "Done: you hear of every deadline on the page of alerts, and by e-mail once you have followed the link that was just sent to your address.",
    "policy": "The policy is saved.",
    "paused": "The policy is paused: nothing is told by it.",
    "resumed": "The policy counts again, from now on.",
    "policy-gone": "The policy is deleted.",
    "channel-gone": "The channel is deleted.",
    "preferences": "Saved. What waits to be sent is looked at anew.",
    "filter": "The filter is saved.",
    "filter-gone": "The filter is deleted.",
    "revoked": "The address is revoked; it answers nobody any more.",
}


@alerting.app_template_filter("in_zone")
def _in_zone(at: int, time_zone: str) -> str:
    return in_zone(at, time_zone)


def me() -> str:
    """The account whose alerts these are; a token is not enough. Raises `SignInNeeded`, `Forbidden`."""
    return own_session().visitor.account


def mine() -> Preferences:
    """How the visitor wants to be spoken to."""
    return book().wishes.of(me())


def page(template: str, slip: Slip | None = None, **values: Any) -> Response:
    """A page of these, with what was wrong in its form, and the zone in which it tells times."""
    wrong = (lambda name: said_of(name, slip.detail) if slip.field == name else "") if slip else (lambda name: "")
    return show(template, slip, wrong=wrong, tz=mine().time_zone, **values)


def back(done: str, endpoint: str = "alerting.overview", **values: str) -> Response:
    """To a page that says what was done."""
    return redirect(url_for(endpoint, done=done, **values), 303)


def windows_seen() -> list[dict[str, Any]]:
    """Every window that the visitor sees, the one due first first; worked out once a request."""
    if "windows_seen" not in g:
        g.windows_seen = daybook().deadlines(daybook().ask(), status=ALL)["deadlines"]
    return g.windows_seen


def names_of() -> dict[Any, str]:
    """The titles of matters by slug and of windows by (matter, window), as the visitor sees them."""
    titles = {(each["matter"], each["window"]): each["title"] for each in windows_seen()}
    return matters_seen(book(), visitor().groups) | titles


def channels_of(account: str | None) -> dict[str, dict[str, Any]]:
    """Channels as the pages show them, by id."""
    fails = failing(book(), account)
    there = {channel.id: channel for channel in book().ways.of(account)}
    usable = allowed(there, {account: visitor().role} if account else {})
    return {key: channel_shown(channel, fails) for key, channel in usable.items()}


def may_set(channel: Channel) -> Channel:
    """A channel of one's own, where one may still have one of its kind; raises `Forbidden`."""
    permit(OWN.get(channel.kind, "alerts"))
    return channel


def messages_shown(found: list[Dispatch], channels: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Messages as the pages show them: what one sees no longer is not read out of an old message."""
    hidden = unseen(book(), [each.id for each in found], visitor().groups)
    alerts, names = carried(book(), [each.id for each in found]), names_of()
    wishes = {account: book().wishes.of(account) for account in {each.account for each in found}}
    return [
        message_shown(each, channels, each.id not in hidden, alerts.get(each.id, ()), names, wishes[each.account]) for each in found
    ]


def has_mail() -> bool:
    """Whether this daybook can send e-mail."""
    return book().ways.senders.sending.mail is not None


@alerting.get("/account/alerts")
def overview() -> Response:
    """All that one has set, and what is next."""
    only("done")
    return _overview()


def _overview(slip: Slip | None = None, typed: Mapping[str, str] | None = None) -> Response:
    account, names, channels = me(), names_of(), channels_of(me())
    filters = {each.id: each for each in book().filters.of(account)}
    policies, waits = book().policies.of(account), waiting(book(), account)
    given_up = messages(book(), account, 5, state=GIVEN_UP)
    addresses = book().subscriptions.of(account)
    return page(
        "alerting.html",
        slip,
        typed=typed or {},
        policies=[policy_shown(each, channels, filters, names) for each in policies],
        coming=_coming(policies),
        now=book().clock(),
        channels=channels,
        state_words=STATE_WORDS,
        mail=has_mail(),
        preferences=preferences_words(mine()),
        filters=[{"id": each.id, "name": each.name, "about": about_words(each.about, names)} for each in filters.values()],
        addresses=[
            {"its": each, "about": about_words(each.about, names), "saved": filters.get(each.filter)}
            for each in addresses
            if not each.revoked
        ],
        revoked=sum(each.revoked is not None for each in addresses),
        lost=messages_shown(given_up, channels),
        failing=[
            each | {"waits": waits.get(each["id"], 0)}
            for each in channels.values()
            if each["state"] == "failing" and each["since"] <= book().clock() - HOUR
        ],
        many_lost=Inbox(book(), account).given_up(),
        done=DONE.get(request.args.get("done", "")),
        house=visitor().may("manage"),
    )


def _coming(policies: list[Policy]) -> dict[str, Coming | None]:
    """The next send of each policy that is not paused, by its id."""
    found = previews(book(), [each for each in policies if not each.paused], me(), book().clock(), limit=1)
    return {key: next(iter(its.coming), None) for key, its in found.items()}


@alerting.post("/account/alerts/start")
def start() -> Response:
    """The quick start: every deadline, on the page, and by e-mail where an address is given."""
    only()
    account, typed = me(), posted("address")
    address = typed["address"].strip()
    try:
        channel = _address(account, address) if address else None
        routes = [
            {"channel": each.id} for each in book().ways.of(account) if each.kind == PAGE or (channel and each.id == channel.id)
        ]
        raw = {"name": "Every deadline", "ladder": ladder_text(LADDER), "routes": routes}
        book().policies.keep(book().policies.read(raw, account, book().clock()), account)
    except Refused as error:
        error.field = "address" if error.field == "target" else error.field
        return _overview(Slip(START, error, typed), typed)
    if channel and not channel.confirmed:
        return back("start-proof")
    return back(START)


def _address(account: str, address: str) -> Channel:
    """The account's channel to an e-mail address, made where it is not there."""
    tidied = book().ways.senders.check(EMAIL, address)
    there = next((each for each in book().ways.of(account) if (each.kind, each.target) == (EMAIL, tidied)), None)
    if there:
        return there
    channel, code = book().ways.make({"kind": EMAIL, "target": address}, visitor())
    book().send_proof(channel, code)
    return channel


@alerting.route("/account/alerts/preferences", methods=("GET", "POST"))
def preferences() -> Response:
    """The zone, the quiet hours, the digests."""
    only()
    its = mine()
    typed = {
        "time_zone": its.time_zone,
        "quiet_from": its.quiet_from or "",
        "quiet_until": its.quiet_until or "",
        "digest_at": its.digest_at,
        "digest_day": str(its.digest_day),
    }
    slip = None
    if request.method == "POST":
        typed = posted(*typed)
        try:
            book().wishes.keep(preferences_raw(typed), me())
            return back("preferences")
        except Refused as error:
            slip = Slip("preferences", error, typed)
    zones = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
    return page("alerting-preferences.html", slip, typed=typed, zones=zones, days=[(str(n), day) for n, day in enumerate(DAYS)])
