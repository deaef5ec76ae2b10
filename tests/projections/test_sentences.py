"""Changes, amounts and dates as a reader says them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.headlines import clipped, money, said, short
from projections.sentences import in_words, sentence


@pytest.mark.parametrize(
    ("amount", "currency", "qualifier", "words"),
    [
        ("40000000000", "CNY", None, "Rmb40bn"),
        ("12000000000", "USD", "over", "over $12bn"),
        ("6800000000", "USD", "about", "about $6.8bn"),
        ("200.41", "USD", None, "$200.41"),
        ("20000", "USD", "about", "about $20,000"),
        ("1500000", "EUR", "up to", "up to EUR 1.5m"),
        ("1000000000000", "USD", None, "$1,000bn"),
        ("12345000000000", "USD", None, "$12,345bn"),
        ("0", "USD", None, "$0"),
    ],
)
def test_an_amount_is_said_in_short(amount, currency, qualifier, words):
    assert money({"amount": amount, "currency": currency, "qualifier": qualifier}) == words


@given(st.integers(0, 10**18 - 1))
def test_no_amount_is_said_in_powers_of_ten(amount):
    assert not re.search(r"e\+?\d", money({"amount": str(amount), "currency": "USD"}))


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2025-04-05", "5 April 2025"),
        ("2025-03", "2025-03"),
        ("../2025", "../2025"),
        ("2025-01-18T22:30-05:00", "18 January 2025, 22:30"),
    ],
)
def test_a_certain_date_is_said_in_words_and_an_uncertain_one_as_written(when, words):
    assert said(when) == words


BY_EO = [{"cause": "by EO 14258"}]


@pytest.mark.parametrize(
    ("path", "before", "after", "of", "causes", "told"),
    [
        ("window.due", "2025-04-05", "2025-06-19", None, BY_EO, "Due date moved from 5 April to 19 June 2025, by EO 14258"),
        ("window.due", "2025-12-16", "2026-01-23", None, [], "Due date moved from 16 December 2025 to 23 January 2026"),
        ("window.legal_basis", "EO 14166", "EO 14258", None, BY_EO, "Legal basis changed from EO 14166 to EO 14258"),
        ("enforcement.status", "applicable", "paused", None, [], "Enforcement changed from applicable to paused"),
        ("nvidia_china.h20", None, "licence required", None, [], "H20 to China is now licence required"),
        ("ownership.condition", "A majority.", None, None, [], "Condition on the ownership was A majority, now none"),
        ("deadlines.x.conflict", False, True, "The pause", [], "The pause: conflict is now yes"),
        ("rules.r.compliance", "2025-05-15", "2025-06-15", "A rule", [], "A rule: compliance moved from 15 May to 15 June 2025"),
    ],
)
def test_a_change_is_told_in_a_sentence(path, before, after, of, causes, told):
    assert sentence(path, before, after, of, causes) == told


def test_a_thing_that_appears_or_goes_is_named():
    budget = {"id": "china-2025", "standing": "denied"}
    cause = [{"headline": "Rmb40bn for AI in 2025", "cause": "according to Financial Times"}]
    assert sentence("budgets.china-2025", None, budget, None, cause) == (
        "New budget reported: Rmb40bn for AI in 2025 (denied), according to Financial Times"
    )
    assert sentence("budgets.china-2025", budget, None, None, []) == "No longer among the budgets: china-2025"


def test_a_new_ruling_is_told_in_its_words_and_not_by_its_slug(bundled):
    told = [c["sentence"] for c in bundled.diff("tiktok-status", "2025-01-16", "2025-01-17") if c["field"].startswith("rulings.")]
    assert told == [
        "New ruling: The law is upheld as applied to those who challenged it, by the Supreme Court of the United States"
    ]


def test_values_are_said_plainly():
    assert in_words([{"holder": "Oracle", "share": "0.15"}, {"holder": "MGX", "share": "0.15"}]) == "Oracle 15%; MGX 15%"
    assert [in_words(value) for value in (True, False, None, [], "2025-04-05")] == ["yes", "no", "none", "none", "5 April 2025"]


@given(st.text(max_size=400), st.integers(1, 200))
def test_what_is_cut_is_never_much_longer_than_asked(text, longest):
    assert len(clipped(text, longest)) <= longest + 2
    assert len(short(text, longest)) <= longest + 2
