"""The calendar and the feeds for everybody: each for a filter in its address."""

import hashlib
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request

from alerts.model import About
from web.calendar_feed import absolute, calendar_of, windows_within
from web.context import asked, daybook, only
from web.feed_question import FILTERS, about_asked, alarms_asked
from web.news_feeds import as_atom, as_json
from web.news_items import items
from web.problems import bad_parameter

feeds = Blueprint("feeds", __name__)
CALENDAR = {"Content-Disposition": 'inline; filename="deadlines.ics"'}


@feeds.get("/deadlines.ics")
def calendar() -> Response:
    """Every window within the filter that has or had a due date, as an event; `alarms=30d,12h` or `none` chooses its alarms."""
    if "kind" in request.args:
        raise bad_parameter(
            "kind", "is a kind of entry, and a calendar holds windows. Ask /feed.atom for entries, or leave it out."
        )
    only("as_of", "known_on", "recorded_at", "alarms", *FILTERS)
    about, alarms = about_asked(), alarms_asked()
    rows = windows_within(daybook(), asked(), about)
    return Response(calendar_of(rows, about, alarms), mimetype="text/calendar", headers=CALENDAR)


@feeds.get("/feed.atom")
def atom() -> Response:
    """Alerts raised and entries recorded or amended, within the filter, as Atom."""
    only(*FILTERS)
    about = about_asked()
    return as_atom(items(daybook(), about), about, _id(about), _own("feeds.atom"))


@feeds.get("/feed.json")
def json_feed() -> Response:
    """The same as JSON Feed 1.1."""
    only(*FILTERS)
    about = about_asked()
    return as_json(items(daybook(), about), about, _own("feeds.json_feed"))


def _own(endpoint: str) -> str:
    """The address that was asked."""
    return absolute(endpoint, **request.args.to_dict())


def _id(about: About) -> str:
    """Of everything the house's, as ever; of a filter one of its own."""
    of = {name: getattr(about, field) for name, field in FILTERS.items() if getattr(about, field)}
    named = current_app.config["BASE_URL"] + (f"?{urlencode(of)}" if of else "")
    return "urn:daybook:feed:" + hashlib.sha256(named.encode()).hexdigest()[:16]
