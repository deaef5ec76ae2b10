"""Forms made from the event classes: their fields, what is understood of what people type, and the way back."""

from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from domain.events import KINDS, Amendment, ExecutiveOrderSigned, content, details_of
from importers.entries import BadEntry, Problem, read_entry
from importers.matter_file import read_matter_file
from service.keys import candidates, proposed_key, slug_of
from web.forms import defaults_of, form_of
from web.forms_posted import from_posted, strays, to_posted
from web.forms_specs import Spec, fields_of, groups_of, names_in

MATTERS = Path(__file__).resolve().parents[2] / "matters"
FORMED = sorted(
    (kind for kind in KINDS.values() if kind.__name__ not in ("EntryCorrected", "EntryRetracted")), key=lambda k: k.__name__
)
SAMPLES = {
    "text": "A line: “quoted”, 100% & more", "prose": "Some words.\n\nAnd more.", "slug": "a-name-2", "when": "2025-03~", "day": "2025-04-05",
    "share": "0.6", "url": "https://example.org/a?b=c&d=%20#e", "path": "budgets.china-2025.money", "number": 14166, "yes": True,
}  # fmt: skip


def full(spec: Spec, which: int = 0):
    """A value for a field, with everything in it filled."""
    if spec.what in ("rows", "group"):
        members = {m.name: full(m, which) for m in spec.members} if spec.name not in ("money", "usd", "per_share", "unit_price") else {
            "amount": "200.41", "currency": "CNY", "qualifier": "up to"}  # fmt: skip
        return [members, members | ({"holder": "B"} if "holder" in members else {"title": "B"})] if spec.what == "rows" else members
    if spec.what in ("choice", "constant"):
        return spec.choices[-1]
    if spec.what == "checks":
        return list(spec.choices)
    if spec.what == "lines":
        return ["One, two", "Three"] if spec.of == "text" else ["budgets.china-2025.money", "orders.a"]
    return {"currency": "USD", "occurred": "../2025"}.get(spec.name, SAMPLES[spec.what])


def posted(kind: type, values: dict) -> dict:
    """Values by field as an entry is posted."""
    if issubclass(kind, Amendment):
        return {"kind": kind.__name__} | values
    names = set(details_of(kind))
    details = {name: value for name, value in values.items() if name in names}
    return {"kind": kind.__name__} | {k: v for k, v in values.items() if k not in names} | ({"details": details} if details else {})


@pytest.mark.parametrize("kind", FORMED, ids=lambda kind: kind.__name__)
def test_an_entry_with_every_field_goes_into_its_form_and_comes_back_the_same(kind):
    raw = posted(kind, {spec.name: full(spec) for spec in fields_of(kind)})
    if raw.get("details", {}).get("licences"):
        raw["details"]["licences"][1] = {"chip": "b", "status": "barred"}
    form = to_posted(kind, raw)
    assert from_posted(kind, form) == raw
    assert {name.replace(".0.", ".*.").replace(".1.", ".*.") for name in form} == set(names_in(fields_of(kind)))


BUNDLED = [located for path in sorted(MATTERS.glob("*.yaml")) for located in read_matter_file(path).entries]


@pytest.mark.parametrize("located", BUNDLED, ids=lambda located: located.command.values["key"])
def test_every_bundled_entry_goes_into_its_form_and_comes_back_the_same(located):
    kind, values = located.command.kind, located.command.values
    raw = posted(kind, {name: value for name, value in values.items() if value is not None and name != "of"})
    back = from_posted(kind, to_posted(kind, raw))
    again = read_entry(back | ({"of": values["of"]} if "of" in values else {}))
    assert again.kind is kind
    assert {k: v for k, v in again.values.items() if v is not None} == {k: v for k, v in values.items() if v is not None}


def test_the_bundled_entries_are_of_many_kinds():
    assert len(BUNDLED) > 60
    assert len({located.command.kind for located in BUNDLED}) > 25


@pytest.mark.parametrize("kind", FORMED, ids=lambda kind: kind.__name__)
def test_a_form_asks_for_the_source_first_and_for_what_is_required_before_the_rest(kind):
    names = [group.name for group in groups_of(kind)]
    assert names == (["source", "what", "dates", "words"] if "what" in names else ["source", "dates", "words"])
    needed = [spec.required for group in groups_of(kind) if group.name == "what" for spec in group.fields]
    assert needed == sorted(needed, reverse=True)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_form_has_a_field_that_daybook_fills_in(kind):
    names = {name.rpartition(".")[2] for name in names_in(fields_of(kind))}
    assert names & {"actor", "visibility", "idempotency_key", "line", "position", "recorded", "standing", "of", "changes"} == set()


@pytest.mark.parametrize(
    "name",
    [
        "actor",
        "visibility",
        "idempotency_key",
        "details.line",
        "details.actor",
        "line",
        "position",
        "of",
        "sources.0.actor",
        "sources.0.x.1",
    ],
)
def test_a_field_that_is_not_of_the_kind_is_not_read_and_is_named(name):
    kind = KINDS["BudgetAllocated"]
    form = MultiDict({"details.scope": "china", "csrf_token": "x", "sources.12.title": "T", name: "me"})
    assert strays(kind, form, ("csrf_token",)) == [name]
    assert from_posted(kind, form) == {"kind": "BudgetAllocated", "details": {"scope": "china"}, "sources": [{"title": "T"}]}


@pytest.mark.parametrize(
    ("typed", "money"),
    [
        ("40 billion", {"amount": "40000000000"}),
        ("40,000,000,000", {"amount": "40000000000"}),
        ("40bn", {"amount": "40000000000"}),
        ("1.5 million", {"amount": "1500000"}),
        ("200.41", {"amount": "200.41"}),
        ("0.0000015 million", {"amount": "0.0000015 million"}),
        ("$12bn", {"amount": "12000000000", "currency": "USD"}),
        ("over $12bn", {"amount": "12000000000", "currency": "USD", "qualifier": "over"}),
        ("More than US$12 billion", {"amount": "12000000000", "currency": "USD", "qualifier": "over"}),
        ("Rmb 85 billion", {"amount": "85000000000", "currency": "CNY"}),
        ("about 150 billion yuan", {"amount": "150000000000", "currency": "CNY", "qualifier": "about"}),
        ("EUR 3,000", {"amount": "3000", "currency": "EUR"}),
        ("40,00", {"amount": "40,00"}),
        ("a lot", {"amount": "a lot"}),
        ("-5", {"amount": "-5"}),
        ("1e9", {"amount": "1e9"}),
    ],
)
def test_money_is_understood_as_people_write_it_and_left_as_typed_where_it_is_not(typed, money):
    assert from_posted(KINDS["BudgetAllocated"], MultiDict({"details.money.amount": typed}))["details"]["money"] == money


def test_a_currency_and_a_hedge_that_were_chosen_stand_before_those_in_the_amount():
    form = MultiDict({"details.money.amount": "over $12bn", "details.money.currency": "hkd", "details.money.qualifier": "about"})
    money = from_posted(KINDS["BudgetAllocated"], form)["details"]["money"]
    assert money == {"amount": "12000000000", "currency": "HKD", "qualifier": "about"}


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [
        ("details.year", "2025", 2025),
        ("details.year", "2,025", 2025),
        ("details.year", "soon", "soon"),
        ("details.year", "2025.5", "2025.5"),
        ("details.scope", "Hong Kong ", "hong-kong"),
        ("details.scope", "中国", "中国"),
        ("announced", "21 March 2025", "2025-03-21"),
        ("announced", "March 21, 2025", "2025-03-21"),
        ("announced", "2025-03~", "2025-03~"),
        ("announced", "about March 2025", "2025-03~"),
        ("announced", "one fine day", "one fine day"),
    ],
)
def test_numbers_names_and_dates_are_understood_as_people_write_them(name, typed, stored):
    raw = from_posted(KINDS["BudgetAllocated"], MultiDict({name: typed}))
    for part in name.split("."):
        raw = raw[part]
    assert raw == stored


def test_a_share_may_be_per_cent():
    def of(typed):
        return from_posted(KINDS["SupplierShareReported"], MultiDict({"details.share": typed}))["details"]["share"]

    assert [of("60%"), of("12.5 per cent"), of("100%"), of("0.6"), of("60")] == ["0.6", "0.125", "1", "0.6", "60"]


def test_a_date_in_words_is_read_and_its_words_are_kept():
    read = from_posted(ExecutiveOrderSigned, MultiDict({"occurred": "early 2025"}))
    assert (read["occurred"], read["wording"]) == ("2025-01/2025-04", "early 2025")
    assert "wording" not in from_posted(ExecutiveOrderSigned, MultiDict({"occurred": "2025-01-20"}))
    own = MultiDict({"occurred": "early 2025", "wording": "in the new year"})
    assert from_posted(ExecutiveOrderSigned, own)["wording"] == "in the new year"


def test_a_citation_that_fills_its_field_is_put_into_its_normal_form():
    form = MultiDict({"sources.0.citation": "90 Fed. Reg. 8,611", "sources.1.citation": "Pub. L. 118–50, div. H", "details.citation": "E.O. 14166",
                      "details.document_number": "FR Doc. 2025-02087"})  # fmt: skip
    raw = from_posted(ExecutiveOrderSigned, form)
    assert [source["citation"] for source in raw["sources"]] == ["90 FR 8611", "Pub. L. 118–50, div. H"]
    assert raw["details"] == {"citation": "EO 14166", "document_number": "2025-02087"}


def test_empty_fields_and_empty_rows_are_left_out():
    form = MultiDict({"sources.0.title": " ", "sources.1.title": "T", "sources.1.url": "", "effective.from": "", "summary": "\r\n"})
    assert from_posted(ExecutiveOrderSigned, form) == {"kind": "ExecutiveOrderSigned", "details": {}, "sources": [{"title": "T"}]}


def test_one_line_a_name_and_one_box_a_place():
    deal = from_posted(KINDS["DealAgreed"], MultiDict({"details.parties": "ByteDance\r\n\r\n Oracle "}))
    assert deal["details"]["parties"] == ["ByteDance", "Oracle"]
    form = MultiDict([("details.where", "service"), ("details.where", "app stores")])
    assert from_posted(KINDS["ServiceSuspended"], form)["details"]["where"] == ["service", "app stores"]


def problems_of(kind: type, form: MultiDict) -> list[Problem]:
    with pytest.raises(BadEntry) as refused:
        read_entry(from_posted(kind, form) | {"key": "k"})
    return refused.value.problems


def test_what_is_wrong_stands_at_its_field():
    form = MultiDict({"details.money.amount": "a lot", "sources.0.url": "nowhere", "occurred": "", "details.year": "soon"})
    kind = KINDS["BudgetAllocated"]
    shown = form_of(kind, form, problems_of(kind, form))
    told = {field.path: field.error for field in shown.wrong}
    assert set(told) == {
        "details.money.amount",
        "details.money.currency",
        "sources.0.url",
        "occurred",
        "details.year",
        "details.scope",
    }
    assert told["details.scope"] == "Scope is required."
    assert told["details.year"] == "Year must be a whole number."
    assert "“a lot” is not an amount" in told["details.money.amount"]
    assert shown.errors == ()


def test_what_is_wrong_with_one_line_stands_at_the_lines_and_with_nothing_in_particular_above():
    kind = KINDS["DealAgreed"]
    shown = form_of(kind, MultiDict(), [Problem("details.parties.1", "is empty."), Problem("", "Odd."), Problem("key", "Taken.")])
    assert {field.path: field.error for field in shown.wrong} == {"details.parties": "Parties is empty.", "key": "Taken."}
    assert shown.errors == ("Odd.",)


def test_a_folded_field_is_open_where_it_is_filled_or_wrong():
    kind = ExecutiveOrderSigned
    dates = {section.name: section for section in form_of(kind, MultiDict()).sections}["dates"]
    assert [field.path for field in dates.shown] == ["occurred", "announced"]
    assert not dates.open
    filled = form_of(kind, MultiDict({"effective.from": "2025-01-19"}))
    assert {section.name for section in filled.sections if section.open} == {"dates"}
    assert {section.name for section in form_of(kind, MultiDict(), [Problem("remarks", "No.")]).sections if section.open} == {
        "words"
    }


def test_a_list_gets_one_row_more_on_wish_and_at_most_a_hundred():
    def rows(form, more=""):
        return len(form_of(ExecutiveOrderSigned, form, more_rows=more).sections[0].fields[0].rows)

    two = MultiDict({"sources.0.title": "A", "sources.1.title": "B"})
    assert [rows(MultiDict()), rows(two), rows(two, "sources"), rows(MultiDict(), "sources")] == [1, 2, 3, 2]
    assert rows(MultiDict({f"sources.{n}.title": "A" for n in range(300)}), "sources") == 100


def test_a_new_form_begins_with_the_values_that_are_there_when_left_out():
    assert dict(defaults_of(KINDS["BudgetAllocated"])) == {"details.purpose": "ai"}
    assert dict(defaults_of(KINDS["WindowOpened"])) == {"details.due_is": "last day"}
    assert dict(defaults_of(ExecutiveOrderSigned)) == {}


def test_a_key_is_proposed_from_kind_day_and_title():
    raw = {"kind": "ExecutiveOrderSigned", "occurred": "2025-01-20", "details": {"title": "Protecting “Americans’ Data” from 中国"}}
    assert proposed_key(raw) == "executive-order-signed-2025-01-20-protecting-americans-data"
    assert (
        proposed_key({"kind": "ReportDenied", "announced": "2025-01-21", "by": "ByteDance"}) == "report-denied-2025-01-21-bytedance"
    )
    assert proposed_key({"kind": "DevelopmentReported"}) == "development-reported"
    assert list(candidates("k", 3)) == ["k", "k-2", "k-3"]
    assert slug_of("x" * 200) == "x" * 80


@pytest.mark.parametrize("kind", FORMED, ids=lambda kind: kind.__name__)
def test_every_field_has_a_label_and_the_label_of_a_required_one_is_short(kind):
    def every(fields):
        for field in fields:
            yield field
            yield from every(field.members)
            for row in field.rows:
                yield from every(row)

    for section in form_of(kind, MultiDict()).sections:
        for field in every(section.fields):
            assert 2 < len(field.label) < 45
            assert "_" not in field.label


def test_the_values_of_a_stored_entry_are_those_of_its_form(own_bundled):
    entry = own_bundled.log.matter("tiktok-divestiture").entries["eo-14166"]
    raw = posted(type(entry), content(entry))
    assert read_entry(from_posted(type(entry), to_posted(type(entry), raw))).values["number"] == 14166
