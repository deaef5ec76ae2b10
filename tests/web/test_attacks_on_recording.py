"""Markup in every field of every kind: said back, or stored and shown, it is text and nothing else."""

import re

import pytest

from domain.events import KINDS
from projections.views import VIEWS
from service.visitor import Visitor
from service.writing import Posting
from tests.web.recording import FORM, FORMED, ORDER, WINDOW
from web.forms_specs import Spec, fields_of

EVIL = "<script>alert(1)</script>"
SLY = "\"'><b onmouseover=alert(2)>&{{7*7}} javascript:alert(3)"


def filled(kind: type) -> dict[str, str]:
    """Every input of a kind's form, with what an attacker would put there."""
    return {name: value for spec in fields_of(kind) for name, value in inputs(spec, spec.path)}


def inputs(spec: Spec, path: str):
    if spec.what in ("rows", "group"):
        for member in spec.members:
            inner = f"{path}.0.{member.path}" if spec.what == "rows" else f"{path}.{member.path}"
            yield from inputs(member, inner)
    elif spec.what != "constant":
        yield path, f"{path} {EVIL}{SLY}"


def is_clean(page: str) -> bool:
    return not any(each in page for each in ("<script>alert", "<b onmouseover", 'href="javascript'))


@pytest.mark.parametrize("action", ["save", "preview"])
def test_no_field_of_any_kind_reflects_markup(recorder, action):
    for kind in FORMED:
        answer = recorder.send(f"/record/us-chip-export-controls/{kind.__name__}", filled(kind) | {"action": action})
        assert answer.status_code == (422 if action == "save" else 200), kind
        assert answer.text.count("alert(1)") >= len(filled(kind)) - 2, kind
        assert is_clean(answer.text), kind


@pytest.mark.parametrize("act", ["deny", "confirm", "correct", "retract"])
def test_no_field_of_an_amendment_reflects_markup(editor, act):
    names = ("by", "statement", "reason", "scope", "slip", "sources.0.title", "summary", "confirmed", "version", "position", "form")
    mine = {name for name in names if act in ("deny", "confirm") or name not in ("by", "statement", "scope")}
    mine -= {"reason", "slip"} if act in ("deny", "confirm") else set()
    answer = editor.send(f"{WINDOW}/{act}", dict.fromkeys(mine, EVIL + SLY) | {"action": "save"})
    assert answer.status_code in (409, 422)
    assert is_clean(answer.text)


def test_the_kept_form_and_the_search_reflect_no_markup(recorder):
    kept = recorder.client.post(FORM, data={"csrf_token": "x", "details.title": EVIL + SLY, EVIL: SLY})
    assert is_clean(kept.text)
    assert "alert(1)" in kept.text
    assert is_clean(recorder.get("/record?q=" + "%3Cscript%3Ealert(1)%3C/script%3E%22%27%3E"))


LINE = '“x” " \' > & {{7*7}} ${7*7} javascript:alert(3) onerror=alert(4) EO 14166 "onmouseover=alert(5)'


def valued(spec: Spec):
    """A value for a field that can be stored, with LINE wherever a text can stand."""
    if spec.what in ("rows", "group"):
        members = {member.name: valued(member) for member in spec.members}
        return [members] if spec.what == "rows" else members
    if spec.what in ("choice", "constant"):
        return "frcp-6a" if "frcp-6a" in spec.choices else spec.choices[0]  # the one rule set that takes every field
    if spec.what == "checks":
        return list(spec.choices)
    if spec.what == "lines":
        return ["2026-11-20"] if spec.of == "day" else [LINE]
    by_name = {
        "amount": "5",
        "currency": "USD",
        "published": "2026-11-20",
        "due": "2026-12-01",
        "start": "2026-11-20",
        "length": 11,
        "before": False,
        "jurisdiction": "US-MA",
        "zone": "America/New_York",
    }
    by_what = {
        "text": LINE,
        "prose": LINE,
        "slug": "a",
        "when": "2026-11-20",
        "day": "2026-11-20",
        "share": "0.6",
        "number": 7,
        "yes": True,
    }
    if spec.name in by_name:
        return by_name[spec.name]
    return by_what.get(spec.what) or "https://example.org/" + "a\"b'c"


def storable(kind: type) -> dict:
    """An entry of a kind with every field filled."""
    raw = {"kind": kind.__name__, "key": f"evil-{kind.__name__.lower()}"}
    values = {spec.path: valued(spec) for spec in fields_of(kind) if spec.name not in ("key", "revises", "replaces")}
    details = {path.partition(".")[2]: value for path, value in values.items() if path.startswith("details.")}
    names = {
        "window": kind.__name__.lower(),
        "superseded_by": "a",
        "rule": details.get("rule") if isinstance(details.get("rule"), dict) else "a",
    }
    details |= {name: value for name, value in names.items() if name in details}
    details |= {"order": "EO 7"} if kind.__name__ == "OrderRevoked" else {}
    return raw | {path: value for path, value in values.items() if "." not in path} | ({"details": details} if details else {})


FIRST = ("WindowOpened", "ExportRuleIssued", "LawEnacted", "ExecutiveOrderSigned")


def evil_entries() -> list[dict]:
    """An entry of every kind, those that others rest on first, and a window for each kind that is about one."""
    order = sorted(FORMED, key=lambda kind: kind.__name__ not in FIRST)
    opened = storable(KINDS["WindowOpened"])
    about = [raw["details"]["window"] for raw in map(storable, FORMED) if "window" in raw.get("details", {})]
    windows = [
        opened | {"key": f"evil-for-{name}", "details": opened["details"] | {"window": name}}
        for name in ("a", *about)
        if name != "windowopened"
    ]
    return [*windows, *(raw for raw in map(storable, order))]


@pytest.mark.parametrize("slug", ["tiktok-divestiture", "bytedance-ai-procurement", "us-chip-export-controls"])
def test_what_is_stored_in_any_field_of_any_kind_is_no_markup_in_any_page(site, recorder, slug):
    visitor = Visitor(recorder.account, "recorder")
    written = site.book.daybook.record([Posting(slug, raw) for raw in evil_entries()], visitor).entries
    assert {each["kind"] for each in written} == {kind.__name__ for kind in FORMED}
    views = [view.name for view in VIEWS.values() if view.matter == slug]
    pages = ["/", f"/matters/{slug}", "/deadlines", "/matters", "/alerts", *(f"/views/{name}" for name in views)]
    pages += [f"/diff?view={name}&from=2026-11-01&to=today" for name in (*views, "timeline")]
    pages += [f"/events/{each['id']}" for each in written] + [f"/events/{each['id']}/deny" for each in written[-3:]]
    pages += [f"/record/{slug}/{kind.__name__}" for kind in FORMED[:5]]
    for address in pages:
        page = recorder.get(address)
        outside = re.sub(r'"[^"]*"', '""', re.sub(r">[^<]*<", "><", page))
        assert not re.search(r"\bon(mouseover|error)\b|javascript:|alert\(", outside), address
        assert 'href="javascript' not in page
        assert "7*7" in page or "/record" in address or address in ("/", "/matters", "/alerts"), address
    assert 'href="https://www.federalregister.gov/executive-order/14166"' in recorder.get(f"/events/{written[-1]['id']}")


def test_an_address_that_is_no_address_is_refused(recorder):
    for url in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "http://"):
        answer = recorder.record(ORDER | {"sources.0.url": url})
        assert answer.status_code == 422
        assert f'href="{url}"' not in answer.text
