"""`resolve`: examples of each rule, and against a replay written another way."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.instants import DAWN
from projections.engine import Claim, Notice, Point, Withdrawal, path_of, resolve


def claim(value, start, known=0, position=1, end=None, withdrawn=(), subject="s", field="f", entry=None) -> Claim:
    withdrawn = tuple(Withdrawal(*w) for w in withdrawn)
    return Claim(
        "m",
        subject,
        field,
        start,
        known,
        position,
        position,
        end,
        value,
        entry or f"e{position}",
        "official",
        False,
        None,
        withdrawn,
    )


def value_at(claims, as_of, known=100, position=None):
    fact = resolve(claims, Point(as_of, known, position)).get(("s", "f"))
    return fact and (fact.value, fact.standing)


OLD, NEW = claim("old", 10, position=1), claim("new", 20, position=2)


def test_the_claim_that_starts_last_holds():
    assert [value_at([NEW, OLD], at) for at in (9, 10, 19, 20)] == [
        None,
        ("old", "official"),
        ("old", "official"),
        ("new", "official"),
    ]


def test_a_claim_recorded_later_that_starts_earlier_does_not_win():
    late = claim("late", 15, known=50, position=3)
    assert value_at([OLD, NEW, late], 30) == ("new", "official")
    assert value_at([OLD, NEW, late], 16) == ("late", "official")


def test_of_two_that_start_together_the_one_known_later_holds_and_then_the_one_recorded_later():
    assert value_at([claim("a", 10, known=1, position=2), claim("b", 10, known=2, position=1)], 10)[0] == "b"
    assert value_at([claim("a", 10, known=1, position=2), claim("b", 10, known=1, position=1)], 10)[0] == "a"


def test_what_is_known_later_does_not_count():
    assert value_at([OLD, claim("leak", 20, known=60, position=2)], 30, known=59) == ("old", "official")


def test_what_is_recorded_later_does_not_count():
    assert value_at([OLD, NEW], 30, position=1) == ("old", "official")
    assert value_at([OLD, NEW], 30, position=0) is None


def test_after_a_bounded_claim_the_older_shines_through_as_presumed():
    bounded = claim("paused", 20, position=2, end=30)
    assert value_at([OLD, bounded], 29) == ("paused", "official")
    assert value_at([OLD, bounded], 30) == ("old", "presumed")


def test_nothing_shines_through_where_there_was_nothing():
    assert value_at([claim("paused", 20, end=30)], 30) is None


def test_what_is_read_after_the_bounded_end_is_not_presumed():
    assert value_at([OLD, claim("paused", 20, position=2, end=30), claim("again", 30, position=3)], 30) == ("again", "official")


def test_a_claim_written_anew_keeps_the_place_of_its_entry_among_ties():
    rewritten = claim("older", 10, position=9)._replace(rank=1)
    assert value_at([rewritten, claim("newer", 10, position=2)], 10)[0] == "newer"


def test_a_null_value_says_that_there_is_none():
    assert value_at([OLD, claim(None, 20, position=2)], 20) is None


def test_a_withdrawal_counts_for_those_who_know_of_it():
    withdrawn = claim("new", 20, position=2, withdrawn=[(50, 3)])
    assert value_at([OLD, withdrawn], 30, known=49) == ("new", "official")
    assert value_at([OLD, withdrawn], 30, known=50) == ("old", "official")


def test_only_the_replay_still_sees_what_was_withdrawn_from_the_beginning():
    withdrawn = claim("slip", 20, position=2, withdrawn=[(DAWN, 3)])
    assert value_at([OLD, withdrawn], 30, known=0) == ("old", "official")
    assert value_at([OLD, withdrawn], 30, known=0, position=2) == ("slip", "official")


def test_each_field_of_each_subject_is_resolved_by_itself():
    others = [claim("x", 30, position=3, subject="t"), claim("y", 30, position=4, field="g")]
    facts = resolve([OLD, *others], Point(40, 40))
    assert {name: fact.value for name, fact in facts.items()} == {("s", "f"): "old", ("t", "f"): "x", ("s", "g"): "y"}


# how a fact stands


def notice(kind, key="n", known=0, position=9, scope=None, target="e1", withdrawn=()) -> Notice:
    return Notice("m", target, kind, key, known, position, "Somebody", scope, None, tuple(Withdrawal(*w) for w in withdrawn))


def standing(notices, known=100, claims=(OLD,), as_of=15):
    return resolve(claims, Point(as_of, known), notices)["s", "f"].standing


DENIAL, CONFIRMATION = notice("ReportDenied", "d"), notice("ReportConfirmed", "c")


def test_a_denial_outranks_the_claims_own_standing_and_a_confirmation_too():
    assert standing([DENIAL]) == "denied"
    assert standing([CONFIRMATION]) == "confirmed"


def test_denied_and_confirmed_is_contested():
    assert standing([DENIAL, CONFIRMATION]) == "contested"


def test_a_denial_outranks_presumed():
    bounded = claim("paused", 20, position=2, end=30)
    assert standing([], claims=[OLD, bounded], as_of=40) == "presumed"
    assert standing([DENIAL], claims=[OLD, bounded], as_of=40) == "denied"


def test_a_denial_not_yet_known_does_not_even_colour():
    assert standing([notice("ReportDenied", known=60)], known=59) == "official"


def test_a_denial_of_another_entry_does_not_reach():
    assert standing([notice("ReportDenied", target="e2")]) == "official"


def test_a_denial_that_was_retracted_no_longer_counts():
    retracted = notice("ReportDenied", withdrawn=[(50, 10)])
    assert (standing([retracted], known=49), standing([retracted], known=50)) == ("denied", "official")


def test_a_denial_reaches_the_value_in_its_scope_and_what_lies_under_it():
    assert [standing([notice("ReportDenied", scope=(scope,))]) for scope in ("s", "s.f", "s.g", "t", "s.f.x", "", "s.")] == [
        "denied", "denied", "official", "official", "official", "official", "official",
    ]  # fmt: skip


def test_a_scope_of_no_values_reaches_nothing():
    assert standing([notice("ReportDenied", scope=())]) == "official"


def test_a_scope_does_not_reach_a_name_that_only_begins_alike():
    longer = claim("x", 10, subject="s2")
    facts = resolve([OLD, longer._replace(entry="e1", position=2)], Point(15, 15), [notice("ReportDenied", scope=("s",))])
    assert (facts["s", "f"].standing, facts["s2", "f"].standing) == ("denied", "official")


def test_a_scope_reaches_a_figure_on_whichever_line():
    assert path_of("budgets.china-2025/ft-report", "money") == "budgets.china-2025.money"


def test_a_fact_names_its_event_its_correction_and_its_notices():
    corrected = OLD._replace(corrected_by="c1")
    fact = resolve([corrected], Point(15, 15), [DENIAL])["s", "f"]
    assert fact.events() == ("m.e1", "m.c1", "m.d")


# against another way to the answer

TIMES = st.integers(0, 8)
WITHDRAWALS = st.lists(st.tuples(st.sampled_from([DAWN, *range(9)]), st.integers(0, 12)), max_size=2)


@st.composite
def histories(draw) -> list[Claim]:
    """Claims on one or two fields, in the order in which they were recorded."""
    claims = []
    for position in range(1, draw(st.integers(1, 10)) + 1):
        value = draw(st.sampled_from(["a", "b", "c", None]))
        start = draw(TIMES)
        end = draw(st.none() | st.integers(start, 9))
        claims.append(claim(value, start, draw(TIMES), position, end, draw(WITHDRAWALS), field=draw(st.sampled_from("fg"))))
    return claims


POINTS = st.builds(Point, TIMES, TIMES, st.none() | st.integers(0, 11))


def naive(claims: list[Claim], at: Point):
    """The same question by filtering everything: (value, presumed) or None."""

    def order(c):
        return c.start, c.known, c.position

    limit = 10**6 if at.position is None else at.position
    gone = {c for c in claims for w in c.withdrawn if w.known <= at.known and w.position <= limit}
    seen = [c for c in claims if c not in gone and c.start <= at.as_of and c.known <= at.known and c.position <= limit]
    holding = [c for c in seen if c.end is None or c.end > at.as_of]
    if not holding:
        return None
    best = max(holding, key=order)
    presumed = any(order(c) > order(best) and c not in holding for c in seen)
    return None if best.value is None else (best.value, presumed)


@given(histories(), POINTS)
@settings(max_examples=600, deadline=None)
def test_resolve_is_what_a_naive_replay_gives(claims, at):
    facts = resolve(claims, at)
    found = {field: (fact.value, fact.standing == "presumed") for (_, field), fact in facts.items()}
    expected = {field: naive([c for c in claims if c.field == field], at) for field in "fg"}
    assert found == {field: told for field, told in expected.items() if told}


@given(histories(), POINTS, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_claims_are_handed_over_does_not_matter(claims, at, random):
    shuffled = list(claims)
    random.shuffle(shuffled)
    assert resolve(shuffled, at) == resolve(claims, at)


@given(histories(), POINTS, st.integers(1, 5))
@settings(max_examples=200, deadline=None)
def test_what_becomes_known_or_is_recorded_later_never_leaks_into_an_answer(claims, at, more):
    n = len(claims)
    later_known = [claim("leak", s, at.known + 1, n + 20 + s) for s in range(more)]
    assert resolve([*claims, *later_known], at) == resolve(claims, at)
    limit = n if at.position is None else at.position
    pinned = Point(at.as_of, at.known, limit)
    later_recorded = [claim("leak", s, 0, max(n, limit) + 1 + s) for s in range(more)]
    assert resolve([*claims, *later_recorded], pinned) == resolve(claims, pinned)
