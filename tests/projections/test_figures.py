"""Reported figures: lines, rivals, denials within their scope, and what each standing does to the view."""

import pytest


@pytest.fixture
def m(book):
    """A matter with a budget for China, and a distractor of another year."""
    book.open("m", "Asia/Shanghai")
    budget(book, "distractor", "2025-01-02", 1, year=2024)
    budget(book, "ft", "2025-01-21", 40)
    return book


def budget(book, key, day, bn, scope="china", year=2025, announced=None, **details):
    money = {"amount": str(bn * 10**9), "currency": "CNY"}
    details = {"scope": scope, "year": year, "money": money, **details}
    book.record("m", "BudgetAllocated", key, occurred=day, announced=announced or day, details=details)


def amend(book, kind, key, day, of, **values):
    book.record("m", kind, key, announced=day, of=of, **values)


def shown(book, as_of, name="china-2025", **kw):
    budgets = book.state("procurement", as_of, matter="m", **kw)["budgets"]
    item = next((b for b in budgets if b["id"] == name), None)
    return item and (
        int(item["money"]["amount"]) // 10**9,
        item["standing"],
        [int(r["money"]["amount"]) // 10**9 for r in item["rivals"]],
    )


def test_a_second_report_stands_beside_the_first_and_contests_it(m):
    budget(m, "reuters", "2025-02-01", 50)
    assert shown(m, "2025-01-31") == (40, "reported", [])
    assert shown(m, "2025-02-01") == (50, "contested", [40])


def test_a_second_report_of_the_same_figure_contests_nothing(m):
    budget(m, "reuters", "2025-02-01", 40)
    assert shown(m, "2025-02-01") == (40, "reported", [40])


def test_a_revision_replaces_its_own_line_only(m):
    budget(m, "reuters", "2025-02-01", 50)
    budget(m, "ft-2", "2025-03-01", 45, revises="ft")
    assert shown(m, "2025-03-01") == (45, "contested", [50])


def test_the_line_known_latest_is_shown_even_when_it_speaks_of_an_earlier_day(m):
    budget(m, "late", "2025-01-05", 30, announced="2025-02-01")
    assert shown(m, "2025-02-01") == (30, "contested", [40])
    assert shown(m, "2025-01-31") == (40, "reported", [])


def test_another_scope_purpose_or_year_is_another_figure(m):
    budget(m, "total", "2025-02-01", 90, scope="total")
    budget(m, "capex", "2025-02-01", 150, purpose="capex")
    assert shown(m, "2025-02-01") == (40, "reported", [])
    assert shown(m, "2025-02-01", "total-2025") == (90, "reported", [])
    assert shown(m, "2025-02-01", "china-capex-2025") == (150, "reported", [])
    assert shown(m, "2025-02-01", "china-2024") == (1, "reported", [])


def test_a_denial_reaches_only_its_scope(m):
    budget(m, "total", "2025-01-21", 90, scope="total")
    amend(m, "ReportDenied", "d", "2025-01-22", ["ft", "total"], by="X", scope=["budgets.total-2025"])
    assert (shown(m, "2025-01-22")[1], shown(m, "2025-01-22", "total-2025")[1]) == ("reported", "denied")
    assert shown(m, "2025-01-21", "total-2025")[1] == "reported"


def test_a_denial_may_reach_one_value_of_an_entry(m):
    amend(m, "ReportDenied", "d", "2025-01-22", ["ft"], by="X", scope=["budgets.china-2025.money"])
    body = m.daybook.view("procurement", m.daybook.ask("2025-01-22"), "m").body()["state_of"]
    assert body["budgets.china-2025.money"]["standing"] == "denied"
    assert body["budgets.china-2025.year"]["standing"] == "reported"


def test_denied_and_confirmed_is_contested_and_a_denial_alone_denied(m):
    amend(m, "ReportDenied", "d", "2025-01-22", ["ft"], by="X")
    amend(m, "ReportConfirmed", "c", "2025-01-24", ["ft"], by="Y")
    assert [shown(m, f"2025-01-{d}")[1] for d in (21, 23, 24)] == ["reported", "denied", "contested"]


def test_a_retracted_denial_no_longer_colours(m):
    amend(m, "ReportDenied", "d", "2025-01-22", ["ft"], by="X")
    amend(m, "EntryRetracted", "r", "2025-01-25", ["d"], reason="Never said.")
    assert [shown(m, f"2025-01-{d}")[1] for d in (24, 25)] == ["denied", "reported"]
    assert m.state("procurement", "2025-01-24", matter="m")["disputes"][0]["by"] == "X"
    assert m.state("procurement", "2025-01-25", matter="m")["disputes"] == []


def test_a_retracted_report_is_gone_and_its_rival_stands_alone(m):
    budget(m, "reuters", "2025-02-01", 50)
    amend(m, "EntryRetracted", "r", "2025-02-05", ["reuters"], reason="Withdrawn by the paper.")
    assert shown(m, "2025-02-04") == (50, "contested", [40])
    assert shown(m, "2025-02-05") == (40, "reported", [])


def test_a_dispute_names_reports_denier_words_and_scope(m):
    amend(m, "ReportDenied", "d", "2025-01-22", ["ft"], by="X", scope=["budgets.china-2025"], statement="It is wrong.")
    (dispute,) = m.state("procurement", "2025-01-22", matter="m")["disputes"]
    assert dispute == {
        "id": "d", "by": "X", "statement": "It is wrong.", "scope": ["budgets.china-2025"], "reports": ["m.ft"], "denial": "m.d",
    }  # fmt: skip


def test_why_shows_every_line_and_which_one_holds(m):
    budget(m, "reuters", "2025-02-01", 50)
    found = m.why("procurement", "budgets.china-2025.money", "2025-02-01", matter="m")
    assert [(c["event"], c["current"]) for c in found["claims"]] == [("m.reuters", True), ("m.ft", True)]
    assert found["standing"] == "contested"
    assert all(claim["sources"] for claim in found["claims"])
