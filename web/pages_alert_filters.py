"""Saved filters, and the secret addresses of the calendar and the feeds."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from alerts.matching import matches_window
from alerts.model import About, SavedFilter
from alerts.there import check_there
from domain.errors import BadValue, Refused, RuleBroken
from web.alerting_forms import EVERYTHING, about_typed, subject_of, subjects
from web.alerting_words import about_words
from web.context import daybook, only
from web.feed_question import FILTERS
from web.pages_alert_policies import kinds, running_windows
from web.pages_alerting import alerting, back, book, me, names_of, page
from web.pages_people import absolute
from web.people_forms import Slip, posted

FIELDS = ("name", "about", "kind", "words")
SHOWN = 10
"""How many of the windows that a filter shows are listed."""


@alerting.route("/account/alerts/filters/new", methods=("GET", "POST"))
def new_filter() -> Response:
    """The form of a new filter; a link can say what it is about."""
    if request.method == "POST":
        only()
        return _taken(None)
    only("matter", "window", "kind", "words")
    about = About(**{name: request.args.get(name) or None for name in ("matter", "window", "kind", "words")})
    check_there(daybook().log, about)
    return _form(None, _typed("", about))


@alerting.route("/account/alerts/filters/<saved>", methods=("GET", "POST"))
def saved_filter(saved: str) -> Response:
    """One filter: what it shows now, and its form."""
    only()
    its = book().filters.get(saved, me())
    return _taken(its) if request.method == "POST" else _form(its, _typed(its.name, its.about))


def _typed(name: str, about: About) -> dict[str, str]:
    return {"name": name, "about": subject_of(about), "kind": about.kind or "", "words": about.words or ""}


def _taken(former: SavedFilter | None) -> Response:
    account, typed = me(), posted(*FIELDS)
    try:
        if typed["about"].startswith("filter:"):
            raise BadValue("A filter is not made of another. Choose a matter, a window or everything.", "about")
        about, _ = about_typed(typed)
        check_there(daybook().log, About(matter=about["matter"], window=about["window"]))
        book().filters.keep({"name": typed["name"], "about": about}, account, former.id if former else None)
    except Refused as error:
        name = error.field.removeprefix("about.")
        error.field = "about" if name in ("matter", "window") else name
        return _form(former, typed, Slip("filter", error, typed))
    return back("filter")


def _form(its: SavedFilter | None, typed: dict[str, str], slip: Slip | None = None) -> Response:
    names = names_of()
    return page(
        "alerting-filter.html",
        slip,
        its=its,
        typed=typed,
        groups=subjects(names, running_windows(), (), typed["about"]),
        everything=EVERYTHING,
        kinds=kinds(),
        **(_shown(its, names) if its else {}),
    )


def _shown(its: SavedFilter, names: dict[Any, str]) -> dict[str, Any]:
    """What a filter shows now, and where its feeds are."""
    running = daybook().deadlines(daybook().ask())["deadlines"]
    windows = [each for each in running if matches_window(its.about, each)]
    asked = {name: getattr(its.about, of) for name, of in FILTERS.items() if getattr(its.about, of)}
    feeds = {
        name: url_for(f"feeds.{of}", **asked)
        for name, of in (("Calendar", "calendar"), ("Atom", "atom"), ("JSON Feed", "json_feed"))
    }
    return {"told": about_words(its.about, names), "windows": windows[:SHOWN], "many": len(windows), "feeds": feeds, "names": names}


@alerting.route("/account/alerts/filters/<saved>/delete", methods=("GET", "POST"))
def delete_filter(saved: str) -> Response:
    """Asked once more, then deleted; where a policy or a secret address uses it, that is said."""
    only()
    its, refused = book().filters.get(saved, me()), None
    if request.method == "POST":
        posted()
        try:
            book().filters.delete(saved, me())
            return back("filter-gone")
        except RuleBroken as error:
            refused = error
    return page(
        "alerting-delete.html",
        Slip("delete", refused, {}) if refused else None,
        title=f"Delete “{its.name}”?",
        refused=refused,
        above=("the filter", url_for("alerting.saved_filter", saved=saved)),
        action=request.path,
        told="The filter goes; nothing on record does.",
    )


@alerting.route("/account/alerts/addresses/new", methods=("GET", "POST"))
def new_address() -> Response:
    """The form of a secret address; made, its links stand on that one page and nowhere else."""
    if request.method == "GET":
        only("filter")
        saved = request.args.get("filter") or None
        if saved:
            book().filters.get(saved, me())
        return _address_form({"name": "", "about": subject_of(About(), saved), "kind": "", "words": ""})
    only()
    account, typed = me(), posted(*FIELDS)
    try:
        raw, saved = about_typed(typed)
        about = About(**raw)
        check_there(daybook().log, about)
        made, secret = book().subscriptions.make(account, typed["name"], about, saved)
    except Refused as error:
        error.field = "about" if error.field in ("matter", "window", "filter") else error.field
        return _address_form(typed, Slip("address", error, typed))
    links = {
        name: absolute(f"secret_feeds.{of}", secret=secret)
        for name, of in (("Calendar", "calendar"), ("Atom", "atom"), ("JSON Feed", "json_feed"))
    }
    return page("alerting-address-made.html", made=made, links=links, told=about_words(made.about, names_of()))


def _address_form(typed: dict[str, str], slip: Slip | None = None) -> Response:
    groups = subjects(names_of(), running_windows(), book().filters.of(me()), typed["about"])
    return page("alerting-address.html", slip, typed=typed, groups=groups, everything=EVERYTHING, kinds=kinds())


@alerting.post("/account/alerts/addresses/<address>/revoke")
def revoke_address(address: str) -> Response:
    """One of one's own answers nobody any more."""
    only()
    posted()
    book().subscriptions.revoke(address, me(), me())
    return back("revoked")
