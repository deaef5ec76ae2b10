"""Opening a matter in the browser, and who sees it."""

from typing import Any
from zoneinfo import available_timezones

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from domain.errors import Forbidden, Refused, SignInNeeded
from importers.entries import BadEntry, Problem
from service.keys import slug_of
from service.visitor import Visitor
from web.context import daybook, only, permit
from web.forms import Field, in_words
from web.pages_recording import recording
from web.problem_types import type_of
from web.problems import bad_parameter

FIELDS = (
    ("title", "Title", "What readers call it.", "text", True),
    ("summary", "What it is about", "A sentence or two.", "area", True),
    ("slug", "Name in addresses", "Left empty, it is made from the title.", "text", False),
    ("time_zone", "Time zone", "Days begin and end in it: America/New_York, Asia/Shanghai, Europe/Brussels, UTC.", "text", True),
    ("jurisdiction", "Jurisdiction", "Whose holidays count: US, CN, DE, US-CA, …", "text", True),
)
ZONES = ("America/New_York", "Asia/Shanghai", "Europe/Brussels", "Europe/London", "UTC")
_HELD = ("csrf_token", "group")


@recording.route("/matters/new", methods=("GET", "POST"))
def new_matter() -> str | Response:
    """Open a matter."""
    only()
    by = permit("matters")
    if request.method == "GET":
        return _opening(by, MultiDict({"time_zone": "America/New_York", "jurisdiction": "US"}), [], 200)
    _refuse_strays(*(name for name, *_ in FIELDS))
    values = {name: request.form[name].strip() for name, *_ in FIELDS if request.form.get(name, "").strip()}
    values.setdefault("slug", slug_of(values.get("title", ""), 60))
    try:
        daybook().open_matter(values | {"group": request.form.get("group") or None}, by)
    except BadEntry as error:
        return _opening(by, request.form, error.problems, 422)
    except (SignInNeeded, Forbidden):
        raise
    except Refused as error:
        return _opening(by, request.form, [Problem(error.field, error.detail)], type_of(type(error)).status)
    return redirect(url_for("recording.choose", matter=values["slug"]), 303)


def _refuse_strays(*names: str) -> None:
    for name in request.form:
        if name not in (*names, *_HELD):
            raise bad_parameter(name, "is not a field of this form.")


def _opening(by: Visitor, typed: Any, problems: list[Problem], status: int) -> Response:
    wrong = {problem.field.removeprefix("matter."): in_words(problem) for problem in problems}
    known = {"time_zone": (*ZONES, *sorted(available_timezones())), "jurisdiction": ("US", "CN", "EU", "DE", "GB")}
    fields = [
        Field(name, label, told, widget, needed, typed.get(name, ""), suggestions=known.get(name, ()), error=wrong.get(name, ""))
        for name, label, told, widget, needed in FIELDS
    ]
    named = {name for name, *_ in FIELDS} | {"group"}
    others = [detail for name, detail in wrong.items() if name not in named]
    page = render_template(
        "matter-new.html",
        fields=fields,
        groups=_groups(by),
        group=typed.get("group", ""),
        errors=others,
        wrong_group=wrong.get("group", ""),
    )
    return Response(page, status, mimetype="text/html")


def _groups(by: Visitor) -> list[str]:
    return sorted(by.groups or ())


@recording.route("/matters/<slug>/sharing", methods=("GET", "POST"))
def share(slug: str) -> str | Response:
    """Who sees a matter: everyone, or one of the visitor's groups alone."""
    only()
    by, its = permit("matters"), daybook().matter(slug, daybook().ask())
    if request.method == "POST":
        _refuse_strays()
        daybook().share_matter(slug, request.form.get("group") or None, by)
        return redirect(url_for("pages.matter", slug=slug), 303)
    return render_template("matter-sharing.html", its=its, groups=_groups(by))
