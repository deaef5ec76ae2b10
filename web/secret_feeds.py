"""The calendar and the feeds under a person's secret address: what he may read at that moment, within the address's filter, and no page."""

from urllib.parse import quote

from flask import Blueprint, Response, current_app, g

from alerts.model import About
from alerts.subscriptions import Subscription
from domain.errors import NotFound
from service.visitor import Visitor
from web.calendar_feed import calendar_of, windows_within
from web.context import alerting, daybook, only
from web.feed_question import alarms_asked
from web.feeds import CALENDAR
from web.news_feeds import as_atom, as_json
from web.news_items import Item, items

secret_feeds = Blueprint("secret_feeds", __name__)
_HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}


def reader_of(secret: str) -> Visitor:
    """Who reads by a secret address, which is kept for the route; raises one `NotFound`, whether it never was, was revoked, or its account is shut."""
    found = alerting().subscriptions.find(secret)
    if found is None:
        raise NotFound("There is nothing at this address: it is not one of ours, or it counts no longer.")
    g.subscription, reader = found
    return reader


@secret_feeds.after_request
def _keep_private(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response


@secret_feeds.get("/s/<secret>/deadlines.ics")
def calendar(secret: str) -> Response:
    """The windows within the address's filter, at this moment; `alarms` as in the calendar for everybody."""
    only("alarms")
    alarms, book = alarms_asked(), daybook()
    try:
        rows = windows_within(book, book.ask(), _about())
    except NotFound:  # as with the feeds
        rows = []
    return Response(calendar_of(rows, _about(), alarms), mimetype="text/calendar", headers=CALENDAR)


@secret_feeds.get("/s/<secret>/feed.atom")
def atom(secret: str) -> Response:
    """Alerts and entries within the address's filter, as Atom."""
    only()
    return as_atom(_items(), _about(), f"urn:daybook:feed:{_subscription().id}", _own(secret, "feed.atom"))


@secret_feeds.get("/s/<secret>/feed.json")
def json_feed(secret: str) -> Response:
    """The same as JSON Feed 1.1."""
    only()
    return as_json(_items(), _about(), _own(secret, "feed.json"))


def _subscription() -> Subscription:
    return g.subscription


def _about() -> About:
    return _subscription().about


def _items() -> list[Item]:
    """Nothing where the owner no longer sees the matter: it must not be told from one that never was."""
    try:
        return items(daybook(), _about())
    except NotFound:
        return []


def _own(secret: str, name: str) -> str:
    """The one link that holds the secret: the feed's own."""
    return f"{current_app.config['BASE_URL']}/s/{quote(secret, safe='')}/{name}"
