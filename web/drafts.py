"""From a form to the log: try it, say what is wrong or doubtful, record it once. Nothing that was typed is lost on the way."""

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from domain.errors import Forbidden, Outdated, Refused, SignInNeeded
from domain.events import Entry
from importers.entries import BadEntry, Problem
from projections.views import VIEWS
from service.browsing import Filter
from service.idempotency import KeyReused
from service.trying import Preview
from service.visitor import Visitor
from service.writing import Posting
from web.context import daybook
from web.forms import NAMES_OF_SOURCE, NEEDS_SOURCE, Field, Form, named_within
from web.forms_posted import strays
from web.places import ZONES, jurisdictions
from web.problem_types import type_of
from web.problems import bad_parameter

CONTROLS = ("csrf_token", "action", "add", "form", "version", "position", "confirmed")
"""What every form of ours holds beside its fields."""
SAVE, AS_WELL = "save", "save-as-well"
"""What the buttons of a form send: record it; record it though one like it is on record."""
KNOWN = {
    "scope": ("china", "overseas", "total"), "purpose": ("ai", "capex"), "currency": ("CNY", "USD", "EUR"),
    "jurisdiction": tuple(jurisdictions()), "zone": ZONES,
}  # fmt: skip
"""What is offered in every matter, also where none of it was written before."""
SUGGESTED = 500
"""How many entries of a matter are read for what was written before."""


@dataclass
class Outcome:
    """What came of a form: where it was recorded, or a preview, or what is wrong; and what others wrote meanwhile."""

    stored: dict[str, Any] | None = None
    preview: Preview | None = None
    problems: list[Problem] = field(default_factory=list)
    status: int = 200
    meanwhile: list[dict[str, Any]] = field(default_factory=list)
    doubtful: bool = False

    @property
    def known(self) -> bool:
        """Whether it was on record before."""
        return self.stored is not None and not self.stored["stored"]


def try_out(posting: Posting, by: Visitor) -> Outcome:
    """What recording would do; nothing is stored."""
    return _outcome(lambda: Outcome(preview=daybook().preview([posting], by)), 200)


def save(posting: Posting, by: Visitor, form: MultiDict[str, str]) -> Outcome:
    """Record a form once, however often it is sent. A likely duplicate is recorded only when that was confirmed."""
    versions = _versions(posting.matter, form)

    def attempt() -> Outcome:
        preview = daybook().preview([posting], by, versions=versions)
        if on_record(preview.entries[0]):
            return Outcome(stored=preview.entries[0])
        if is_doubtful(preview) and not (form.get("confirmed") or form.get("action") == AS_WELL):
            return Outcome(preview=preview, doubtful=True, status=409)
        written = daybook().record([posting], by, versions=versions, key=form_id(form))
        return Outcome(stored=written.entries[0] | {"stored": True})

    return _outcome(attempt, 422, form)


def is_save(form: MultiDict[str, str]) -> bool:
    """Whether a form was sent to be recorded, and not to be looked at."""
    return form.get("action") in (SAVE, AS_WELL)


def tell_of_source(outcome: Outcome, raw: dict[str, Any]) -> None:
    """Where anything is wrong, a source that is still needed is told at once, not in a second round."""
    told = any(problem.field.startswith("sources") for problem in outcome.problems)
    if outcome.problems and outcome.status in (200, 409, 422) and not told:
        for number, source in enumerate(raw.get("sources") or [{}]):
            if not any(source.get(name) for name in NAMES_OF_SOURCE):
                outcome.problems.append(Problem(f"sources.{number}", NEEDS_SOURCE))


def on_record(receipt: dict[str, Any]) -> bool:
    """Whether an entry that is tried out was recorded before: what is only tried has no position in the log."""
    return receipt["position"] is not None


def is_doubtful(preview: Preview) -> bool:
    """Whether it may be on record already. Of corrections there may be several on a day."""
    alike = any(warning["kind"] == "duplicate" for warning in preview.warnings)
    return alike and preview.entries[0]["kind"] != "EntryCorrected"


def _outcome(act: Callable[[], Outcome], status: int, form: MultiDict[str, str] | None = None) -> Outcome:
    try:
        return act()
    except BadEntry as error:
        return Outcome(problems=error.problems, status=status)
    except (SignInNeeded, Forbidden):
        raise
    except Outdated:
        detail = "Others wrote to this matter since you opened this page. Look at what they wrote, then record again: what you typed is still here."
        return Outcome(problems=[Problem("", detail)], status=412, meanwhile=_meanwhile(form or MultiDict()))
    except KeyReused:
        detail = (
            "This form was recorded already, and what stands in it now is something else. Press Record again to record it as well."
        )
        return Outcome(problems=[Problem("form", detail)], status=409)
    except Refused as error:
        return Outcome(problems=[Problem(error.field, error.detail)], status=type_of(type(error)).status if status != 200 else 200)


def _slug_here() -> str:
    """The matter of this page."""
    named = request.view_args or {}
    return str(named.get("event_id") or named.get("slug", "")).partition(".")[0]


def _versions(slug: str, form: MultiDict[str, str]) -> dict[str, int]:
    """The matter's version that was read, where the form carries one."""
    text = form.get("version", "")
    return {slug: int(text)} if re.fullmatch(r"\d{1,9}", text, re.ASCII) else {}


def _meanwhile(form: MultiDict[str, str]) -> list[dict[str, Any]]:
    """The entries recorded in the matter since the page was read."""
    text = form.get("position", "")
    after = int(text) if re.fullmatch(r"\d{1,12}", text, re.ASCII) else 0
    return daybook().events(Filter(matter=_slug_here(), after=after, limit=20), daybook().ask())[0]


def form_id(form: MultiDict[str, str]) -> str:
    """The random id of a form: sent twice, it is recorded once."""
    sent = form.get("form", "")
    return sent if re.fullmatch(r"[\w-]{16,64}", sent, re.ASCII) else secrets.token_urlsafe(16)


def refuse_strays(kind: type[Entry], form: MultiDict[str, str], *known: str) -> None:
    """Refuse a form with a field that its kind has not: a mistyped or smuggled one is told, never ignored."""
    names = strays(kind, form, (*CONTROLS, *known))
    if names:
        raise bad_parameter(names[0], "is not a field of this form.")


def read_here(slug: str) -> dict[str, Any]:
    """What a form carries of the state that was read: the matter's version, and the position of the log."""
    question = daybook().ask()
    return {"version": daybook().matter(slug, question)["version"], "position": daybook().point(question, slug)["position"]}


def written_before(slug: str, kind: type[Entry]) -> dict[str, list[str]]:
    """What was written before in a matter, by field: to choose from instead of typing it again."""
    entries = daybook().events(Filter(matter=slug, limit=SUGGESTED), daybook().ask())[0]
    found: dict[str, dict[str, None]] = {"revises": {}}
    for entry in entries:
        if entry["standing"] == "retracted":
            continue
        if entry["kind"] == kind.__name__:
            found["revises"][entry["key"]] = None
        for values in (entry.get("details") or {}, *entry["sources"]):
            for name, value in values.items():
                if isinstance(value, str) and len(value) <= 80 and name not in _OWN:
                    found.setdefault(name, {})[value] = None
    found["superseded_by"] = found.get("window", {})
    for name, values in KNOWN.items():
        found[name] = dict.fromkeys(reversed(values)) | found.get(name, {})
    return {name: list(reversed(values)) for name, values in found.items()}


_OWN = frozenset(
    ("title", "text", "url", "seen_at", "archived_url", "published", "citation", "document_number", "rin", "pinpoint", "quote")
)
"""What is each entry's own and not to be chosen from."""


def part(outcome: Outcome, form: Form, is_refused: bool) -> dict[str, Any]:
    """What the preview part of a page shows."""
    preview = outcome.preview
    wrong = () if is_refused else form.wrong
    return {
        "outcome": outcome,
        "receipt": preview.entries[0] if preview else None,
        "on_record": preview is not None and on_record(preview.entries[0]),
        "views": _views(preview) if preview else [],
        "warnings": preview.warnings if preview else [],
        "alike": _alike(preview) if preview and is_doubtful(preview) else None,
        "refused": is_refused and bool(form.wrong or form.errors),
        "needs": [(each.id, _needed(each)) for each in wrong if each.missing],
        "amiss": [(each.id, each.error) for each in wrong if not each.missing]
        + [("", detail) for detail in (() if is_refused else form.errors)],
        "citations": list(_citations(form)),
    }


def _needed(one: Field) -> str:
    """What is still to be filled in, within a sentence."""
    return "a source" if one.told_above else named_within([one])


def _alike(preview: Preview) -> dict[str, Any]:
    """The entry on record that looks like this one."""
    found = next(warning["event"] for warning in preview.warnings if warning["kind"] == "duplicate")
    return daybook().event(found, daybook().ask())


def _views(preview: Preview) -> list[dict[str, Any]]:
    """The changes by view, those of the matter's own view first and the timeline last."""
    order = sorted(preview.changes, key=lambda name: (VIEWS[name].matter is None, name == "timeline"))
    return [{"name": name, "title": VIEWS[name].title, "url": _page_of(name), "changes": preview.changes[name]} for name in order]


def _page_of(name: str) -> str:
    return url_for("pages.view", view=name) if VIEWS[name].matter else url_for(f"pages.{name}")


def _citations(form: Form) -> Iterator[tuple[str, Any]]:
    """Every citation recognised in the form, each once, with the label of its field."""
    seen = set()
    for section in form.sections:
        for one in section.fields:
            for inner in _every(one):
                for citation in inner.citations:
                    if citation.normal not in seen:
                        seen.add(citation.normal)
                        yield inner.label, citation


def _every(one: Field) -> Iterator[Field]:
    yield one
    for inner in (*one.members, *(member for row in one.rows for member in row)):
        yield from _every(inner)
