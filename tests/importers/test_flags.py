"""Flags of a command line into an entry as posted."""

import pytest

from domain.errors import BadValue
from importers.entries import read_entry
from importers.flags import entry_from, flags_in
from importers.schemas import kind_named


def read(kind, text):
    return entry_from(kind_named(kind), flags_in(text.split()))


def test_flags_go_where_the_kind_has_them():
    raw = read("WindowOpened", "--key w --occurred 2025-01-20 --window w --due 2025-04-05 --effective.from 2025-01-19")
    assert raw["details"] == {"window": "w", "due": "2025-04-05"}
    assert raw["effective"] == {"from": "2025-01-19"}
    assert (raw["kind"], raw["key"], raw["occurred"]) == ("WindowOpened", "w", "2025-01-20")


def test_a_value_goes_into_its_parts_and_numbers_are_numbers():
    raw = read("BudgetAllocated", "--money.amount 40000000000 --money.currency CNY --year 2025")["details"]
    assert raw == {"money": {"amount": "40000000000", "currency": "CNY"}, "year": 2025}


def test_a_flag_again_is_the_next_item_of_a_list():
    raw = read("ServiceSuspended", "--where service --where=app-stores --source.publisher A --source.title T --source.publisher B")
    assert raw["details"]["where"] == ["service", "app-stores"]
    assert raw["sources"] == [{"publisher": "A", "title": "T"}, {"publisher": "B"}]


def test_lists_and_mappings_may_be_json():
    raw = entry_from(
        kind_named("EntryCorrected"), [("changes", '{"summary": "x"}'), ("sources", '[{"publisher": "A"}]'), ("of", "a")]
    )
    assert (raw["changes"], raw["sources"], raw["of"]) == ({"summary": "x"}, [{"publisher": "A"}], ["a"])


def test_a_change_is_named_by_its_field():
    raw = read("EntryCorrected", "--of a --changes.text Right. --changes.due 2025-04-05")
    assert raw["changes"] == {"text": "Right.", "due": "2025-04-05"}


def test_what_comes_out_is_read_as_an_entry():
    raw = read("ReportDenied", "--key d --of a --by X --scope budgets.china-2025.money --announced 2025-01-21 --source.publisher Y")
    assert read_entry(raw).values["of"] == ["a"]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--actor me", "has no “actor”"),
        ("--idempotency-key x", "has no “idempotency-key”"),
        ("--key", "has no value"),
        ("stray", "is not expected here"),
        ("--key a --key b", "given twice"),
        ("--effective.since 2025", "There is no “since” there. It has: from, until."),
        ("--effective [", "takes JSON"),
        ("--key.inner x", "There is no “inner” there."),
    ],
)
def test_what_cannot_be_a_flag_is_told(flags, said):
    with pytest.raises(BadValue, match=said.replace("[", r"\[").replace(".", r"\.")):
        read("WindowOpened", flags)
