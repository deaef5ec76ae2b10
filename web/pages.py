"""The pages, server-rendered. A route reads the question, asks, and hands plain values to its template."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from domain.errors import BadValue
from projections.engine import within
from projections.headlines import count
from projections.views import VIEWS, view_named
from projections.windows import RUNNING, STATUSES
from service.amending import can_be_undone
from service.asking import Question
from service.browsing import ALL
from web import page_question
from web.citing import cited
from web.context import daybook, only, visitor
from web.count_question import asked_by
from web.drafts import form_id
from web.ladders import ladder
from web.page_question import POINT, asked_in_words, bar, here, link, understood
from web.page_timeline import closed_lately, day_asked, groups_of, ladders_of, on_one_scale, share_gone, timeline_at, windows_at
from web.problems import bad_parameter
from web.words import FILTERS, STANDINGS, due_is

pages = Blueprint("pages", __name__)
BAR = ("today_url", "clocks")
"""What a page may set otherwise in its bar: where “today” leads, and whether it has more clocks than the day."""


def register_filters(app: Flask) -> None:
    """The words and links that templates use."""
    app.jinja_env.filters.update(FILTERS, cited=cited)
    app.jinja_env.globals.update(link=link, here=here, STANDINGS=STANDINGS, count=count, due_is=due_is, VIEWS=VIEWS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: {"bar_of_error": page_question.bar_of_error, "request_id": g.get("request_id", "")})


def show(template: str, question: Question, point: dict[str, Any], matter: str | None = None, **values: Any) -> str:
    """A page with the as-of bar at its point."""
    its_bar = bar(question, point, matter) | {name: values.pop(name) for name in BAR if name in values}
    return render_template(template, point=point, bar=its_bar, **values)


@pages.get("/")
def timeline() -> str:
    """The lanes."""
    only(*POINT, "from", "to", "matter", "kind", "later", "slips")
    question = asked_in_words()
    return show("timeline.html", question, matter=request.args.get("matter") or None, **_renamed(timeline_at(question)))


def _renamed(values: dict[str, Any]) -> dict[str, Any]:
    """`matter` is the bar's word."""
    return {("only_matter" if name == "matter" else name): value for name, value in values.items()}


@pages.get("/views/<view>")
def view(view: str) -> str | Response:
    """A view at a point."""
    only(*POINT)
    its = view_named(view)
    question = asked_in_words()
    if its.matter is None:
        return redirect(link("pages.deadlines" if view == "deadlines" else "pages.timeline"))
    answer = daybook().view(view, question)
    today = day_asked(question, answer.point)
    return show(
        f"view-{view}.html", question, answer.point, its.matter, view=its, state=answer.state, state_of=answer.body()["state_of"],
        events=answer.events, gone=lambda window: share_gone(window, today), disputes_of=_disputes_of,
    )  # fmt: skip


def _disputes_of(state: dict[str, Any], path: str) -> list[dict[str, Any]]:
    """The denials that reach a value."""
    return [d for d in state["disputes"] if not d["scope"] or any(within(path, scope) for scope in d["scope"])]


@pages.get("/views/<view>/why")
def why(view: str) -> str:
    """Where a value comes from."""
    only(*POINT, "field", "matter")
    question, field, matter = asked_in_words(), request.args.get("field", ""), request.args.get("matter") or None
    if not field:
        raise BadValue("Which value? Add field=, such as field=window.due.", "field")
    told = daybook().why(view, field, question, matter)
    its = view_named(view).matter or matter
    ids = {claim["event"] for claim in told["claims"]} | {n["event"] for c in told["claims"] for n in c["said_of_it"]}
    page = {"view": view_named(view), "told": told, "names": daybook().headlines(question, ids)}
    return show("why.html", question, told["point"], its, today_url=url_for("pages.view", view=view), **page)


@pages.get("/matters")
def matters() -> str:
    """Every matter at the point."""
    only(*POINT)
    question = asked_in_words()
    found, point = daybook().matters(question), daybook().point(question)
    return show("matters.html", question, point, matters=found, home={v.matter: v for v in VIEWS.values() if v.matter})


@pages.get("/matters/<slug>")
def matter(slug: str) -> str:
    """One matter: its windows and entries at the point."""
    only(*POINT)
    question = asked_in_words()
    its, answer = daybook().matter(slug, question), daybook().view("timeline", question, slug)
    rungs = ladders_of(windows_at(question, slug), question, slug, day_asked(question, answer.point))
    entries = groups_of(reversed(answer.state["events"]))
    views = [view for view in VIEWS.values() if view.matter == slug]
    return show("matter.html", question, answer.point, slug, its=its, windows=rungs, entries=entries, views=views)


@pages.get("/matters/<slug>/windows/<name>")
def window(slug: str, name: str) -> str:
    """One window: its due date and how it is counted, its history, its evidence."""
    only(*POINT)
    question = asked_in_words()
    told = daybook().window(slug, name, question)
    its = daybook().matter(slug, question)
    today = day_asked(question, told["point"])
    again = asked_by(told["rule"], told["point"]["known_on"][:10]) if told["rule"] else {}
    page = {"told": told, "win": told["window"], "each": ladder(told["window"], told["history"], today), "counted_again": again}
    return show("window.html", question, told["point"], slug, its=its, **page)


@pages.get("/events/<event_id>")
def event(event_id: str) -> str:
    """One entry, whole."""
    only(*POINT, "done")
    question = asked_in_words()
    entry = daybook().event(event_id, question)
    slug = entry["matter"]
    point = daybook().point(question, slug)
    names = daybook().headlines(question, [f"{slug}.{key}" for key in entry.get("of", ())])
    now = daybook().entry_now(event_id, visitor()) if visitor().may("record") else None
    return show(
        "event.html",
        question,
        point,
        slug,
        entry=entry,
        names=names,
        its=daybook().matter(slug, question),
        mine=now is not None and now.may_mend,
        undoable=now is not None and now.may_mend and can_be_undone(now),
        form_id=form_id({}),
    )


@pages.get("/deadlines")
def deadlines() -> str:
    """The windows by due date."""
    only(*POINT, "within", "status", "matter")
    question, matter = asked_in_words(), request.args.get("matter") or None
    wanted = {"within": _days("within"), "status": request.args.get("status") or None, "matter": matter}
    found = daybook().deadlines(question, **wanted)
    every, today = windows_at(question, matter), day_asked(question, found["point"])
    shows_closed = wanted["status"] in (None, ALL) and wanted["within"] is None
    shown = [w for w in found["deadlines"] if w["status"] in RUNNING] if shows_closed else found["deadlines"]
    return show(
        "deadlines.html", question, found["point"], matter, deadlines=shown, state_of=found["state_of"], titles={w["window"]: w["title"] for w in every},
        counts={status: sum(w["status"] == status for w in every) for status in STATUSES}, wanted=wanted,
        closed=closed_lately(every) if shows_closed else [],
        scale=on_one_scale(every, today), names={row["slug"]: row["title"] for row in daybook().matters(question)},
    )  # fmt: skip


def _days(name: str) -> int | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 5:
        raise bad_parameter(name, f"is a whole number of days, such as 30, not “{text[:40]}”.")
    return int(text)


@pages.get("/diff")
def diff() -> str:
    """What changed between two days, in sentences."""
    only("view", "from", "to", "known_on", "matter")
    args = request.args
    name = args.get("view") or "tiktok-status"
    chosen = view_named(name)
    if not args.get("from") and not args.get("to"):
        return render_template("diff.html", told=None, view=chosen, typed=_suggested(chosen.matter), hindsight=False)
    hindsight = _hindsight()
    before, after = (daybook().ask(understood(args.get(end, ""), end) or None, hindsight) for end in ("from", "to"))
    told = daybook().diff(name, before, after, args.get("matter") or None)
    ids = {event for change in told["changes"] for event in change["events"]}
    names = daybook().headlines(before, ids) | daybook().headlines(after, ids)
    return render_template("diff.html", told=told, view=chosen, typed=_typed_ends(), hindsight=bool(hindsight), names=names)


def _hindsight() -> str | None:
    wish = request.args.get("known_on") or None
    if wish not in (None, "now"):
        raise bad_parameter("known_on", "is “now” here, for both days with hindsight, or left out: each as known then.")
    return wish


def _suggested(matter: str | None) -> dict[str, str]:
    """A pair of days to begin with: the last change in the view's matter, and the day before it."""
    last, _ = daybook().neighbours(daybook().ask(), matter)
    return {"from": (last.day - timedelta(days=1)).isoformat(), "to": last.day.isoformat()} if last else {"from": "", "to": ""}


def _typed_ends() -> dict[str, str]:
    return {end: request.args.get(end, "") for end in ("from", "to")}
