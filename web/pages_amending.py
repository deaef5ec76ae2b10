"""Amending in the browser: deny, confirm, correct, retract, and undo. Each is an entry of its own; nothing is ever erased."""

from dataclasses import MISSING
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from domain.events import Amendment, Entry, EntryCorrected, EntryRetracted, ReportConfirmed, ReportDenied
from domain.rules import correctable
from importers.entries import Problem, as_posted
from service.amending import NotUndone, claims_of, undoing
from service.writing import Posting
from web import drafts
from web.context import daybook, only, permit, visitor
from web.differences import differences
from web.drafts import Outcome
from web.forms import Form, form_of, form_path, within
from web.forms_posted import from_posted, strays, to_posted
from web.forms_words import label_of
from web.pages_recording import copied, recorded, recording, show

NEW = "new."
"""Before the names of the corrected entry's own inputs, beside those of the correction itself."""
ACTS = {
    "deny": (
        ReportDenied,
        "Deny",
        "Who denies it, where, and how much of it. The report stays on record; the denial stands beside it.",
    ),
    "confirm": (ReportConfirmed, "Confirm", "Who confirms it, where, and how much of it."),
    "retract": (EntryRetracted, "Retract", "Taken back as a whole. It stays on record, struck through, and counts for nothing."),
}
SLIPS = (
    ("ours", "Ours", "We wrote it down wrongly. The source always said otherwise, so it counts from the day the entry was known."),
    (
        "source",
        "The source's",
        "The source said so and took it back later. It counts from the day on which the source corrected itself.",
    ),
)


@recording.route("/events/<event_id>/<any(deny, confirm, retract):act>", methods=("GET", "POST"))
def amend(event_id: str, act: str) -> str | Response:
    """Deny or confirm a report, or retract an entry."""
    only("from")
    kind, _, _ = ACTS[act]
    its, slug, entry = _about(event_id)
    by = permit("record")
    if request.method == "GET":
        typed = copied(kind) if request.args.get("from") else MultiDict()
        return _amending(act, event_id, its, entry, typed, drafts.read_here(slug), Outcome(), False)
    form = request.form
    drafts.refuse_strays(kind, form, *(["reach"] if act != "retract" else []))
    if _reaches_no_part(form):
        outcome = Outcome(problems=[Problem("scope", "Say which part of it, or choose “All of it”.")], status=_refused(form))
    else:
        raw = from_posted(kind, form) | {"of": [entry.key]} | ({"scope": None} if form.get("reach") == "all" else {})
        outcome = _done(slug, raw, by, form)
        drafts.tell_of_source(outcome, raw)
    if outcome.stored:
        return recorded(outcome)
    return _amending(act, event_id, its, entry, form, _carried(outcome, slug, form), outcome, drafts.is_save(form))


def _reaches_no_part(form: Any) -> bool:
    return form.get("reach") == "part" and not any(form.getlist("scope"))


def _refused(form: Any) -> int:
    return 422 if drafts.is_save(form) else 200


def _about(event_id: str) -> tuple[dict[str, Any], str, Entry]:
    its = daybook().event(event_id, daybook().ask())
    now = daybook().entry_now(event_id, visitor())
    return its, now.matter.slug, now.entry


def _done(slug: str, raw: dict[str, Any], by: Any, form: Any) -> Outcome:
    if drafts.is_save(form):
        return drafts.save(Posting(slug, raw), by, form)
    return Outcome() if form.get("add") else drafts.try_out(Posting(slug, raw), by)


def _carried(outcome: Outcome, slug: str, form: Any) -> dict[str, Any]:
    """What the form read stays until a clash was told; then it is what stands there now."""
    return drafts.read_here(slug) if outcome.status == 412 else {name: form.get(name, "") for name in ("version", "position")}


def _amending(
    act: str, event_id: str, its: dict[str, Any], entry: Entry, sent: Any, here: dict[str, Any], outcome: Outcome, is_save: bool
) -> str | Response:
    kind, title, about = ACTS[act]
    typed = to_posted(kind, from_posted(kind, sent)) if sent else MultiDict()
    wrong = next((problem.detail for problem in outcome.problems if problem.field == "scope"), "")
    form = form_of(
        kind, typed, outcome.problems, _suggested(its, kind), more_rows=sent.get("add", ""), leave=frozenset(("scope", "slip"))
    )
    return show(
        "amend.html", form, outcome, sent, is_save, act=act, title=title, about=about, entry=its, here=here, slip=_slip(kind, sent, outcome),
        claims=claims_of(entry) if act != "retract" else [], scope=set("\n".join(sent.getlist("scope")).split()) if sent else set(),
        reach=sent.get("reach") or ("part" if sent.get("scope") else "all"), wrong_scope=wrong,
        named=lambda path: within(label_of(path)),
        differs=None, new=None, **_named(its, event_id),
    )  # fmt: skip


def _suggested(its: dict[str, Any], kind: type[Entry]) -> dict[str, list[str]]:
    return {} if request.headers.get("X-Fragment") else drafts.written_before(its["matter"], kind)


def _named(its: dict[str, Any], event_id: str) -> dict[str, Any]:
    return {"its": daybook().matter(its["matter"], daybook().ask()), "event_id": event_id, "restart": request.path}


def _slip(kind: type[Entry], sent: Any, outcome: Outcome) -> dict[str, Any] | None:
    """The question whose slip it was, with what was chosen and what is wrong with it."""
    if not issubclass(kind, EntryCorrected | EntryRetracted):
        return None
    wrong = next((problem.detail for problem in outcome.problems if problem.field == "slip"), "")
    return {"choices": SLIPS, "chosen": sent.get("slip", "") if sent else "ours", "error": wrong}


@recording.route("/events/<event_id>/correct", methods=("GET", "POST"))
def correct(event_id: str) -> str | Response:
    """Correct an entry: its form as it now reads; only what differs is recorded."""
    only()
    its, slug, entry = _about(event_id)
    by = permit("record")
    kind, raw = type(entry), as_posted(entry)
    if request.method == "GET":
        typed = to_posted(kind, raw, NEW)
        return _correcting(event_id, its, entry, MultiDict(), typed, {}, drafts.read_here(slug), Outcome(), False)
    form = request.form
    _refuse_strays(kind, form)
    after = from_posted(kind, form, NEW)
    changes = _changes(kind, from_posted(kind, to_posted(kind, raw)), after)
    whole = _correction(form, entry, changes)
    outcome = _done(slug, whole, by, form)
    drafts.tell_of_source(outcome, whole)
    if outcome.stored:
        return recorded(outcome)
    outcome.problems = [_placed(problem, kind) for problem in outcome.problems]
    here = _carried(outcome, slug, form)
    return _correcting(event_id, its, entry, form, to_posted(kind, after, NEW), changes, here, outcome, drafts.is_save(form))


def _refuse_strays(kind: type[Entry], form: Any) -> None:
    """A form of two: the entry's own fields, and the correction's."""
    own = [name for name in form if not name.startswith(NEW)]
    drafts.refuse_strays(EntryCorrected, MultiDict((name, "") for name in own))
    open_ = {form_path(kind, name) for name in correctable(kind)}
    theirs = [name for name in form if name.startswith(NEW)]
    shut = [name for name in theirs if not any((name.removeprefix(NEW) + ".").startswith(path + ".") for path in open_)]
    for name in (*strays(kind, theirs, (), NEW), *shut):
        raise drafts.bad_parameter(name, "is not a field of this form.")


def _changes(kind: type[Entry], former: dict[str, Any], latter: dict[str, Any]) -> dict[str, Any]:
    """The fields that differ, by their own names; one that was emptied gets the value that it has where it is left out."""
    old, new = (raw | raw.get("details", {}) for raw in (former, latter))
    return {name: new.get(name, _left_out(kind, name)) for name in sorted(correctable(kind)) if old.get(name) != new.get(name)}


def _left_out(kind: type[Entry], name: str) -> Any:
    default = kind.__dataclass_fields__[name].default
    return None if default is MISSING else default


def _correction(form: Any, entry: Entry, changes: dict[str, Any]) -> dict[str, Any]:
    return from_posted(EntryCorrected, form) | {"of": [entry.key], "changes": changes}


def _placed(problem: Problem, kind: type[Entry]) -> Problem:
    """What is wrong with a change stands at the field that was changed."""
    if not problem.field.startswith("changes."):
        return Problem("", problem.detail) if problem.field == "changes" else problem
    return Problem(NEW + form_path(kind, problem.field.removeprefix("changes.")), problem.detail)


def _correcting(
    event_id: str, its: dict[str, Any], entry: Entry, sent: Any, typed: Any, changes: dict[str, Any], here: dict[str, Any],
    outcome: Outcome, is_save: bool,
) -> str | Response:  # fmt: skip
    kind, more = type(entry), sent.get("add", "")
    suggested = _suggested(its, kind)
    mine = [problem for problem in outcome.problems if not problem.field.startswith(NEW)]
    theirs = [Problem(p.field.removeprefix(NEW), p.detail) for p in outcome.problems if p.field.startswith(NEW)]
    new = form_of(kind, typed, theirs, suggested, prefix=NEW, more_rows=more, leave=frozenset(kind.names | {"key"}))
    own = to_posted(EntryCorrected, from_posted(EntryCorrected, sent)) if sent else MultiDict()
    form = form_of(EntryCorrected, own, mine, suggested, more_rows=more, leave=frozenset(("slip",)))
    both = Form((*new.sections, *form.sections), (*form.errors, *new.errors))
    return show(
        "amend.html", both, outcome, sent, is_save, act="correct", title="Correct",
        about="Change what is wrong. Only what differs is recorded, as a correction beside the entry.", entry=its, here=here,
        slip=_slip(EntryCorrected, sent, outcome), claims=[], scope=set(), differs=differences(kind, as_posted(entry), changes),
        new=new, own=form, **_named(its, event_id),
    )  # fmt: skip


@recording.post("/events/<event_id>/undo")
def undo(event_id: str) -> str | Response:
    """Take back what an entry did, by an entry that says so."""
    only()
    by = permit("record")
    now = daybook().entry_now(event_id, by)
    sent = MultiDict({"form": request.form.get("form", ""), "confirmed": "1", "version": str(now.matter.version)})
    try:
        outcome = drafts.save(undoing(now), by, sent)
    except NotUndone as error:
        return _cannot(event_id, now.entry, error.detail)
    if outcome.stored is None:
        return _cannot(event_id, now.entry, outcome.problems[0].detail)
    return redirect(url_for("pages.event", event_id=outcome.stored["id"], done="undone"), 303)


def _cannot(event_id: str, entry: Entry, why: str) -> Response:
    slug = event_id.partition(".")[0]
    about = daybook().entry_now(f"{slug}.{entry.of[0]}", visitor()).entry if isinstance(entry, EntryRetracted) else entry
    again = None
    if not isinstance(about, Amendment):
        again = url_for("recording.record", slug=slug, kind=about.kind, **{"from": f"{slug}.{about.key}"})
    page = render_template("undo.html", why=why, again=again, event_id=event_id)
    return Response(page, 409, mimetype="text/html")
