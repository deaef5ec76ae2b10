"""A policy of one's own: its form with what it would send, pausing, deleting."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from alerts.model import CHANGES, RHYTHMS, Policy
from alerts.preview import Coming, Preview, preview
from alerts.schemas import about_of
from alerts.there import check_there
from domain.errors import Refused
from domain.events import KINDS
from importers.schemas import kind_named
from projections.windows import RUNNING
from projections.words import kind_words
from web.alerting_forms import EVERYTHING, PolicyForm, has_rhythm, policy_kept, policy_new, policy_posted, said_of, subjects
from web.alerting_words import RHYTHM_WORDS, STATE_WORDS, about_words, suggested
from web.context import daybook, only
from web.pages_alerting import alerting, back, book, channels_of, me, mine, names_of, page, windows_seen
from web.people_forms import Slip, posted

SHOWN = 12
"""How many sends to come the form shows."""
_OFFERED = 200
"""How many running windows the form offers; any other is chosen from its own page."""
PREFILLED = ("matter", "window", "filter", "kind", "words")


@alerting.route("/account/alerts/policies/new", methods=("GET", "POST"))
def new_policy() -> Response:
    """The form of a new policy; a link can say what it is about."""
    if request.method == "POST":
        only()
        return _taken(None)
    only(*PREFILLED)
    given = {name: request.args.get(name) or None for name in PREFILLED}
    saved = given.pop("filter")
    if given["kind"]:
        given["kind"] = kind_named(given["kind"]).__name__
    about = about_of({} if saved else given)
    check_there(daybook().log, about)
    if saved:
        book().filters.get(saved, me())
    return _form(None, policy_new(about, saved, book().ways.of(me())))


@alerting.route("/account/alerts/policies/<policy>", methods=("GET", "POST"))
def policy(policy: str) -> Response:
    """The form of a policy that is there."""
    only()
    its = book().policies.get(policy, me())
    return _taken(its) if request.method == "POST" else _form(its, policy_kept(its))


def _taken(former: Policy | None) -> Response:
    """The form as it was sent: kept where that is asked and nothing is wrong with it, else shown again with what it would send."""
    me()
    form = policy_posted()
    if form.typed["action"] != "save":
        return _form(former, form)
    try:
        book().policies.keep(_read(former, form), me())
    except Refused as error:
        return _form(former, form, error)
    return back("policy")


def _read(former: Policy | None, form: PolicyForm) -> Policy:
    """The policy of a form, checked; raises `Refused`."""
    raw = form.raw(form.typed["name"].strip() or "-", bool(former and form.typed["paused"]))
    its = book().policies.read(raw, me(), book().clock(), former.id if former else None)
    check_there(daybook().log, its.about)
    if not form.typed["name"].strip():
        its = replace(its, name=suggested(its.about, _saved_name(its), names_of()))
    return its


def _saved_name(its: Policy) -> str | None:
    return book().filters.get(its.filter, me()).name if its.filter else None


def _form(former: Policy | None, form: PolicyForm, error: Refused | None = None) -> Response:
    its, found, refused = None, None, error
    try:
        its = _read(former, form)
        found = preview(book(), its, book().clock())
    except Refused as wrong:
        refused = error or wrong
    asked_for = request.form.get("action") == "preview"
    if refused and (error or asked_for):
        refused.field = form.field_of(refused)
    slip = Slip("policy", refused, form.typed) if refused and (error or asked_for) else None
    names = names_of()
    part = _part(former, its, found, refused, names)
    if request.headers.get("X-Fragment") == "preview":
        return Response(render_template("_alerting-preview.html", **part), slip.status if slip else 200, mimetype="text/html")
    return page(
        "alerting-policy.html",
        slip,
        form=form,
        typed=form.typed,
        groups=_subjects(names, form.typed["about"]),
        everything=EVERYTHING,
        kinds=kinds(),
        changes=CHANGES,
        channels=_channels(),
        state_words=STATE_WORDS,
        rhythms={each: RHYTHM_WORDS[each] for each in RHYTHMS},
        previewed=asked_for and not refused,
        action=request.path,
        fields=form.fields(),
        **part,
    )


def _part(
    former: Policy | None, its: Policy | None, found: Preview | None, refused: Refused | None, names: dict[Any, str]
) -> dict[str, Any]:
    """What the preview shows."""
    channels = channels_of(me())
    values: dict[str, Any] = {
        "its": its,
        "former": former,
        "refused": refused,
        "found": found,
        "now": book().clock(),
        "zone": mine().time_zone,
    }
    if refused:
        values["amiss"] = said_of(refused.field, refused.detail)
    if its and found:
        saved = book().filters.get(its.filter, me()) if its.filter else None
        sends = together(found.coming, channels)
        values |= {
            "told": about_words(saved.about if saved else its.about, names),
            "changes_told": [CHANGES[each] for each in its.changes],
            "sends": sends[:SHOWN],
            "more": found.more + sum(len(each["channels"]) for each in sends[SHOWN:]),
            "silent": all(channels[route.channel]["state"] in ("off", "unconfirmed") for route in its.routes),
        }
    return values


def together(coming: Iterable[Coming], channels: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Sends to come, those of the same step at the same instant as one, with all their channels."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for each in coming:
        one = {name: getattr(each, name) for name in ("at", "reached", "matter", "window", "title", "due", "step", "held")}
        key = each.at, each.matter, each.window, each.step
        found.setdefault(key, one | {"channels": []})["channels"].append(channels[each.channel.id])
    return list(found.values())


def _channels() -> list[dict[str, Any]]:
    shown = channels_of(me())
    return [shown[each.id] | {"has_rhythm": has_rhythm(each)} for each in book().ways.of(me())]


def running_windows() -> list[tuple[str, str]]:
    """(matter, window) of the windows that run, the one due first first."""
    return [(each["matter"], each["window"]) for each in windows_seen() if each["status"] in RUNNING][:_OFFERED]


def _subjects(names: dict[Any, str], chosen: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return subjects(names, running_windows(), book().filters.of(me()), chosen)


def kinds() -> list[tuple[str, str]]:
    """Every kind of entry and its words, by the words."""
    return sorted(((name, kind_words(name)) for name in KINDS), key=lambda each: each[1])


@alerting.post("/account/alerts/policies/<policy>/pause")
def pause(policy: str) -> Response:
    """Tell nothing by it until it is resumed."""
    return _set_paused(policy, True)


@alerting.post("/account/alerts/policies/<policy>/resume")
def resume(policy: str) -> Response:
    """It counts again; what was reached meanwhile is history."""
    return _set_paused(policy, False)


def _set_paused(policy: str, paused: bool) -> Response:
    only()
    posted()
    its = book().policies.get(policy, me())
    if its.paused is not paused:
        book().policies.keep(replace(its, paused=paused, since=book().clock()), me())
    return back("paused" if paused else "resumed")


@alerting.route("/account/alerts/policies/<policy>/delete", methods=("GET", "POST"))
def delete_policy(policy: str) -> Response:
    """Asked once more, then deleted."""
    only()
    its = book().policies.get(policy, me())
    if request.method == "POST":
        posted()
        book().policies.delete(policy, me(), me())
        return back("policy-gone")
    return page(
        "alerting-delete.html",
        title=f"Delete “{its.name}”?",
        above=("the policy", url_for("alerting.policy", policy=policy)),
        action=request.path,
        told="Nothing is told by it any more; its log of deliveries stays. To rest it for a while, pause it instead.",
        refused=None,
    )
