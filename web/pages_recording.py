"""Recording in the browser: choose a matter and a kind, fill in its form, look at what the views will say, record."""

import inspect
import sys
from collections import Counter
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from domain.errors import Forbidden, NotFound, Refused, SignInNeeded, TooMany
from domain.events import KINDS, Amendment, Entry, details_of
from importers.entries import as_posted
from importers.schemas import kind_named
from service.browsing import Filter
from service.writing import Posting
from web import drafts
from web.context import daybook, only, permit, visitor
from web.csrf import NotOurForm
from web.drafts import Outcome
from web.forms import Form, defaults_of, form_of, named_within
from web.forms_posted import from_posted, to_posted
from web.forms_specs import fields_of
from web.forms_words import first_sentence
from web.problem_types import type_of
from web.words import kind_words

recording = Blueprint("recording", __name__)
_GROUPS = ("law", "service", "windows", "exports", "company")
"""The modules of the kinds, in the order of docs/events.md."""
OFTEN = 5
ALSO_CALLED = {"Window": "deadline due date extension comments comment period"}
"""What people call a kind besides its name, by how its name begins."""
ON_AN_ENTRY = ("deny", "denie", "denial", "disput", "confirm", "correct", "retract", "undo")
"""How the words begin with which people look for what stands on an entry's own page."""
TOO_OLD = "The page was too old, or your session has ended, so the form was not taken. Nothing was changed."


@recording.get("/record")
def choose() -> str:
    """Which matter, and which kind of entry."""
    only("matter", "q")
    permit("record")
    matters = daybook().matters(daybook().ask())
    asked, words = request.args.get("matter"), request.args.get("q", "").split()
    chosen = next((each for each in matters if each["slug"] == asked), None)
    if asked and chosen is None:
        daybook().matter(asked, daybook().ask())  # tells that there is none, and which are meant
    chosen = chosen or (matters[0] if matters else None)
    often = _often(chosen["slug"]) if chosen and not words else []
    return render_template(
        "record-choose.html", matters=matters, chosen=chosen, groups=_kinds(words), often=often, q=request.args.get("q", ""),
        of_an_entry=_is_of_an_entry(words),
    )  # fmt: skip


def _kinds(words: list[str]) -> list[dict[str, Any]]:
    """The kinds in their groups, each with its docstring's first sentence; only those that have every word."""
    groups = []
    for name in _GROUPS:
        module = f"domain.events.{name}"
        title = inspect.getdoc(sys.modules[module]).splitlines()[0].partition(":")[0].rstrip(".")
        found = [_told(kind) for kind in KINDS.values() if kind.__module__ == module and _matches(kind, words)]
        if found:
            groups.append({"title": title, "kinds": found})
    return groups


def _told(kind: type[Entry]) -> dict[str, str]:
    return {"name": kind.__name__, "words": kind_words(kind.__name__), "about": first_sentence(inspect.getdoc(kind))}


def _matches(kind: type[Entry], words: list[str]) -> bool:
    names = " ".join(spec.name.replace("_", " ") for spec in fields_of(kind) if spec.path.startswith("details."))
    text = f"{kind_words(kind.__name__)} {kind.__name__} {inspect.getdoc(kind)} {names} {_also_called(kind)}".lower()
    return all(word.lower() in text for word in words)


def _also_called(kind: type[Entry]) -> str:
    return next((words for start, words in ALSO_CALLED.items() if kind.__name__.startswith(start)), "")


def _is_of_an_entry(words: list[str]) -> bool:
    """Whether somebody looks for what is done on an entry's own page."""
    return any(word.lower().startswith(ON_AN_ENTRY) for word in words)


def _often(slug: str) -> list[dict[str, str]]:
    """The kinds that this matter has most of."""
    entries = daybook().events(Filter(matter=slug, limit=drafts.SUGGESTED), daybook().ask())[0]
    counted = Counter(each["kind"] for each in entries if not issubclass(KINDS[each["kind"]], Amendment))
    return [_told(KINDS[name]) for name, _ in counted.most_common(OFTEN)]


@recording.route("/record/<slug>/<kind>", methods=("GET", "POST"))
def record(slug: str, kind: str) -> str | Response:
    """The form of a kind; its preview; its record."""
    only("from", "window")
    by, its = permit("record"), daybook().matter(slug, daybook().ask())
    chosen = _kind(kind)
    if request.method == "GET":
        typed = copied(chosen) if request.args.get("from") else about_window(chosen)
        return _page(its, chosen, typed, {}, Outcome(), False)
    form = request.form
    drafts.refuse_strays(chosen, form)
    raw = from_posted(chosen, form)
    if drafts.is_save(form):
        outcome = drafts.save(Posting(slug, raw), by, form)
        if outcome.stored:
            return recorded(outcome)
    else:
        outcome = Outcome() if form.get("add") else drafts.try_out(Posting(slug, raw), by)
    drafts.tell_of_source(outcome, raw)
    return _page(its, chosen, to_posted(chosen, raw), form, outcome, drafts.is_save(form))


@recording.get("/events/<event_id>/again")
def again(event_id: str) -> Response:
    """To the form in which an entry was recorded, filled in as it was."""
    only()
    now = daybook().entry_now(event_id, permit("record"))
    slug, entry = now.matter.slug, now.entry
    act = {"ReportDenied": "deny", "ReportConfirmed": "confirm"}.get(entry.kind)
    if act:
        return redirect(url_for("recording.amend", event_id=f"{slug}.{entry.of[0]}", act=act, **{"from": event_id}), 303)
    return redirect(url_for("recording.record", slug=slug, kind=entry.kind, **{"from": event_id}), 303)


def _kind(name: str) -> type[Entry]:
    try:
        kind = kind_named(name)
    except Refused as error:
        raise NotFound(error.detail, "kind") from None
    if issubclass(kind, Amendment):
        raise NotFound(f"A {name} is about an entry: open that entry and deny, confirm, correct or retract it there.", "kind")
    return kind


def copied(kind: type[Entry]) -> MultiDict[str, str]:
    """The form of an entry recorded before, to record it again."""
    entry = daybook().entry_now(request.args["from"], visitor()).entry
    if type(entry) is not kind:
        raise NotFound(f"That entry is no {kind.__name__}.", "from")
    return to_posted(kind, {name: value for name, value in as_posted(entry).items() if name != "key"})


def about_window(kind: type[Entry]) -> MultiDict[str, str]:
    """A new form of a kind, which names the window that it was opened for."""
    typed, window = defaults_of(kind), request.args.get("window")
    if window and "window" in details_of(kind):
        typed["details.window"] = window[:80]
    return typed


def recorded(outcome: Outcome) -> Response:
    """To the entry's page, which says that it was recorded."""
    done = "known" if outcome.known else "recorded"
    return redirect(url_for("pages.event", event_id=outcome.stored["id"], done=done), 303)


def _page(
    its: dict[str, Any], kind: type[Entry], typed: MultiDict[str, str], sent: Any, outcome: Outcome, is_save: bool
) -> str | Response:
    is_part = request.headers.get("X-Fragment") == "preview"
    form = form_of(
        kind, typed, outcome.problems, {} if is_part else drafts.written_before(its["slug"], kind), more_rows=sent.get("add", "")
    )
    return show(
        "record.html", form, outcome, sent, is_save, its=its, kind=kind.__name__, about=first_sentence(inspect.getdoc(kind)),
        restart=url_for("recording.record", slug=its["slug"], kind=kind.__name__),
    )  # fmt: skip


def show(template: str, form: Form, outcome: Outcome, sent: Any, is_save: bool, **values: Any) -> str | Response:
    """The page with its form and its preview, or the preview alone where the page's module asks for that."""
    renewed = any(problem.field == "form" for problem in outcome.problems)
    part = drafts.part(outcome, form, is_save)
    if request.headers.get("X-Fragment") == "preview":
        return render_template("_preview.html", form=form, part=part, **values)
    page = render_template(
        template, form=form, part=part, form_id=drafts.form_id(MultiDict() if renewed else MultiDict(sent)),
        is_save=is_save, added=sent.get("add", ""), previewed=sent.get("action") == "preview", named_within=named_within, **values,
    )  # fmt: skip
    return Response(page, outcome.status, mimetype="text/html")


@recording.errorhandler(NotOurForm)
@recording.errorhandler(SignInNeeded)
@recording.errorhandler(Forbidden)
@recording.errorhandler(TooMany)
def _kept(error: Exception) -> Response:
    """A form that cannot be taken just now is shown again with all that was typed, to be sent once more."""
    if request.method != "POST" or (isinstance(error, Forbidden) and not request.form):
        return _as_elsewhere(error)
    status = error.code if isinstance(error, NotOurForm) else type_of(type(error)).status
    told = TOO_OLD if isinstance(error, NotOurForm) else error.detail
    if request.headers.get("X-Fragment") == "preview":
        return Response(render_template("_preview-refused.html", told=told), status, mimetype="text/html")
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    page = render_template("record-kept.html", told=told, kept=kept, nobody=visitor().account is None, action=request.path)
    headers = {"Retry-After": str(max(1, error.wait))} if isinstance(error, TooMany) else {}
    return Response(page, status, headers, mimetype="text/html")


def _as_elsewhere(error: Exception) -> Response:
    """What the whole app answers to an error."""
    handlers = current_app.error_handler_spec[None][None]
    return next(handlers[kind] for kind in type(error).__mro__ if kind in handlers)(error)
