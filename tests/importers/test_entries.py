"""Entries as posted: a schema for every kind, and every bad field told by its name."""

from contextlib import suppress
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.events import ENVELOPE, KINDS, Amendment, details_of
from importers.entries import BadEntry, read_entry
from importers.schemas import schema_of

SOURCES = [{"publisher": "Reuters", "published": "2025-01-21"}]


def budget(**changes):
    details = {"scope": "china", "year": 2025, "money": {"amount": "40000000000", "currency": "CNY"}}
    raw = {"key": "ft", "kind": "BudgetAllocated", "occurred": "2025-01-21", "details": details, "sources": SOURCES}
    raw = deepcopy(raw)
    for path, value in changes.items():
        *parents, last = path.split("__")
        target = raw
        for parent in parents:
            target = target[parent] if isinstance(target, dict) else target[int(parent)]
        target[last] = value
    return raw


def problems(raw) -> dict[str, str]:
    with pytest.raises(BadEntry) as refused:
        read_entry(raw)
    assert all(p.detail.strip() for p in refused.value.problems)
    return {p.field: p.detail for p in refused.value.problems}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_has_a_schema_with_all_its_fields(kind):
    members = schema_of(kind).fields
    envelope = {name for name in ENVELOPE if name not in kind.filled_in}
    details = {name for name in details_of(kind) if name not in kind.filled_in}
    if issubclass(kind, Amendment):
        assert set(members) == envelope | details | {"kind", "matter"}
    else:
        assert set(members) == envelope | {"kind", "matter"} | ({"details"} if details else set())
        assert set(members["details"].schema.fields) == details


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_names_what_it_misses(kind):
    missing = problems({"kind": kind.__name__})
    assert {"key", "sources"} <= set(missing)
    assert set(missing.values()) == {"is required."}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_nobody_who_posts_may_set_what_daybook_sets(kind):
    told = problems({"kind": kind.__name__, "actor": "me", "visibility": "secret", "idempotency_key": "x"})
    assert {"actor", "visibility", "idempotency_key"} <= set(told)


def test_an_entry_is_read_into_its_kind_and_values():
    command = read_entry(budget())
    assert command.kind is KINDS["BudgetAllocated"]
    assert command.values["money"] == {"amount": "40000000000", "currency": "CNY", "qualifier": None}
    assert (command.values["key"], command.values["occurred"]) == ("ft", "2025-01-21")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"key": "EO 14166"}, "key"),
        ({"key": "é"}, "key"),
        ({"key": "x" * 81}, "key"),
        ({"key": ""}, "key"),
        ({"key": "a\n"}, "key"),
        ({"key": None}, "key"),
        ({"occurred": "2025-02-30"}, "occurred"),
        ({"occurred": None}, "occurred"),
        ({"occurred": ["2025"]}, "occurred"),
        ({"occurred": True}, "occurred"),
        ({"announced": "soon"}, "announced"),
        ({"effective": {"from": "never"}}, "effective.from"),
        ({"effective": {"since": "2025"}}, "effective.since"),
        ({"effective": "2025"}, "effective"),
        ({"details__year": "2025"}, "details.year"),
        ({"details__year": 2025.5}, "details.year"),
        ({"details__year": True}, "details.year"),
        ({"details__year": -1}, "details.year"),
        ({"details__scope": "China!"}, "details.scope"),
        ({"details__money": 40}, "details.money"),
        ({"details__money__amount": "40bn"}, "details.money.amount"),
        ({"details__money__amount": "-1"}, "details.money.amount"),
        ({"details__money__amount": "1e9"}, "details.money.amount"),
        ({"details__money__amount": "NaN"}, "details.money.amount"),
        ({"details__money__amount": "1" * 19}, "details.money.amount"),
        ({"details__money__amount": "４０"}, "details.money.amount"),
        ({"details__money__currency": "yuan"}, "details.money.currency"),
        ({"details__money__qualifier": "roughly"}, "details.money.qualifier"),
        ({"details__nonsense": 1}, "details.nonsense"),
        ({"details__line": "x"}, "details.line"),
        ({"details": []}, "details"),
        ({"nonsense": 1}, "nonsense"),
        ({"sources": []}, "sources"),
        ({"sources": "Reuters"}, "sources"),
        ({"sources": [{"publisher": "x"}] * 101}, "sources"),
        ({"sources__0__url": "ftp://example.com"}, "sources.0.url"),
        ({"sources__0__url": "javascript:alert(1)"}, "sources.0.url"),
        ({"sources__0__url": "https://example.com/" + "x" * 2000}, "sources.0.url"),
        ({"sources__0__published": "2025-13"}, "sources.0.published"),
        ({"sources__0__unread": "yes"}, "sources.0.unread"),
        ({"sources__0__nonsense": 1}, "sources.0.nonsense"),
        ({"claimed": "certain"}, "claimed"),
        ({"summary": 5}, "summary"),
    ],
)
def test_a_bad_field_is_told_by_its_path(change, field):
    told = problems(budget(**change))
    assert any(path == field or path.startswith(field + ".") for path in told), told


TITLE = {"key": "eo", "kind": "ExecutiveOrderSigned", "occurred": "2025-01-20", "sources": SOURCES}


def titled(title):
    return TITLE | {"details": {"number": 1, "title": title}}


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>", "a <b>bold</b> order", "< img src=x>", "<!-- x -->", "</p>", "<?php", "x" * 301,
        "x" * 1_000_000, "two\nlines", "tab\x00", "\u202eevil", "\x1b[31m", "", "   ", "\ud800", "\x7f",
    ],
    ids=lambda title: repr(title[:14]),
)  # fmt: skip
def test_markup_control_characters_and_a_megabyte_are_no_title(title):
    assert set(problems(titled(title))) == {"details.title"}


@pytest.mark.parametrize("title", ["x < 5 & y > 3", "Züge, 中文, 😀", "Rule 1 <50 per cent>", "a" * 300])
def test_plain_text_of_any_script_is_a_title(title):
    assert read_entry(titled(title)).values["title"] == title


def test_blanks_around_a_title_are_left_out():
    assert read_entry(titled("  An order ")).values["title"] == "An order"


@pytest.mark.parametrize(
    "raw", [None, [], "text", 5, {}, {"kind": None}, {"kind": ["x"]}, {"kind": "Nonsense"}, {"kind": "MatterOpened"}]
)
def test_what_is_no_entry_is_refused(raw):
    assert problems(raw)


def test_a_mistyped_kind_is_told_the_nearest():
    assert "BudgetAllocated" in problems({"kind": "BudgetAlocated"})["kind"]


def test_every_bad_field_is_told_at_once():
    assert set(problems(budget(key="X Y", details__year="soon", sources__0__url="x"))) == {"key", "details.year", "sources.0.url"}


@pytest.mark.parametrize(
    ("words", "stored", "wording"),
    [
        ("by 2025", "../2025", "by 2025"),
        ("early May 2026", "2026-05~", "early May 2026"),
        ("2025-03", "2025-03", None),
        (2025, "2025", None),
    ],
)
def test_a_date_in_words_is_stored_as_edtf_and_its_wording_is_kept(words, stored, wording):
    values = read_entry(budget(occurred=words)).values
    assert (values["occurred"], values.get("wording")) == (stored, wording)


def test_a_wording_that_was_given_is_kept():
    assert read_entry(budget(occurred="by 2025", wording="some time before 2026")).values["wording"] == "some time before 2026"


def test_an_amendment_occurs_when_it_is_announced_or_first_published():
    raw = {"key": "d", "kind": "ReportDenied", "of": ["ft"], "by": "X", "sources": SOURCES}
    assert read_entry(raw).values["occurred"] == "2025-01-21"
    assert read_entry(raw | {"announced": "2025-01-22"}).values["occurred"] == "2025-01-22"
    assert read_entry(raw | {"occurred": "2025-01-20"}).values["occurred"] == "2025-01-20"


def test_an_amendment_without_any_date_says_what_to_give():
    assert set(problems({"key": "d", "kind": "ReportDenied", "of": ["ft"], "by": "X", "sources": [{"publisher": "P"}]})) == {
        "announced"
    }


@pytest.mark.parametrize("path", ["Budgets.x", "budgets..x", "a.b.c.d.e.f", "budgets.", "<b>", "x y"])
def test_a_scope_is_a_dotted_path(path):
    raw = {"key": "d", "kind": "ReportDenied", "of": ["ft"], "by": "X", "scope": [path], "sources": SOURCES}
    assert set(problems(raw)) == {"scope.0"}


@pytest.mark.parametrize("share", ["1.1", "-0.1", "60%", "0.1234567", ".5", "", "０.５"])
def test_a_share_is_a_decimal_from_0_to_1(share):
    raw = {"key": "s", "kind": "SupplierShareReported", "occurred": "2025", "sources": SOURCES}
    details = {"market": "china", "group": "domestic", "share": share, "year": 2025, "suppliers": ["Huawei"]}
    assert set(problems(raw | {"details": details})) == {"details.share"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["key", "occurred", "announced", "effective", "sources", "details", "summary", "of", "by", "scope", "changes", "matter"]


@given(st.sampled_from(sorted(KINDS)), st.dictionaries(st.sampled_from(NAMES), JSON), JSON)
@settings(max_examples=200, deadline=None)
def test_whatever_is_posted_is_read_or_refused_and_never_crashes(kind, fields, stray):
    for raw in ({"kind": kind} | fields, budget() | fields, budget(details=stray), stray):
        with suppress(BadEntry):
            assert read_entry(raw).kind in KINDS.values()
