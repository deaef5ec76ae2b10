"""given / when / then for every rule of a matter."""

from pathlib import Path

import pytest

from domain import rules
from domain.errors import BadValue, Refused
from domain.events import (
    KINDS,
    BudgetAllocated,
    DealClosed,
    DevelopmentReported,
    EntryCorrected,
    EntryRetracted,
    ExecutiveOrderSigned,
    ExportRuleCorrected,
    ExportRuleIssued,
    ExportRuleRescinded,
    ExportRuleRescissionAnnounced,
    ExportRuleSuspended,
    ExportRuleTightened,
    LawEnacted,
    LawTookEffect,
    ListingPlanReported,
    OrderRevoked,
    ReportConfirmed,
    ReportDenied,
    SourcingGuidanceIssued,
    ValuationReported,
    WindowExtended,
    WindowMet,
    WindowOpened,
    WindowSuperseded,
    WindowSuspended,
    WindowWithdrawn,
)
from domain.matter import Matter

MONEY = {"amount": "40000000000", "currency": "CNY"}
COUNT = {"length": 75, "unit": "days", "start": "2025-01-20", "rule": "calendar"}
BUDGET = (BudgetAllocated, {"key": "budget", "scope": "china", "year": 2025, "money": MONEY})
ORDER = (ExecutiveOrderSigned, {"key": "eo-14166", "number": 14166, "title": "Application of the Act"})
PAUSE = {"window": "pause", "title": "75 days", "purpose": "enforcement pause", "pauses": True}
OPENED = (WindowOpened, {"key": "opened", "due": "2025-04-05", **PAUSE})
OTHER = (WindowOpened, {"key": "other", "due": "2026-01-23", **PAUSE, "window": "other"})
TIGHTENED = (ExportRuleTightened, {"key": "tightened", "rule": "ai-diffusion", "title": "AI diffusion"})
DENIED = (ReportDenied, {"key": "denied", "of": ["budget"], "by": "ByteDance"})
LATER = {
    WindowExtended: {"due": "2025-06-19"},
    WindowSuperseded: {"superseded_by": "other"},
    WindowSuspended: {},
    WindowMet: {"evidence": "The sale closed."},
    WindowWithdrawn: {"reason": "No longer needed."},
}
CLOSERS = (WindowSuperseded, WindowMet, WindowWithdrawn)


# the five events that the founding article asks for


def test_a_budget_is_allocated(given):
    given().when(*BUDGET[:1], **BUDGET[1]).then(BudgetAllocated, scope="china", year=2025, money=MONEY, purpose="ai")


def test_an_executive_order_is_signed(given):
    given().when(ExecutiveOrderSigned, number=14166, title="Application").then(
        ExecutiveOrderSigned, number=14166, occurred="2025-01-20"
    )


def test_a_window_of_75_days_is_opened(given):
    given().when(WindowOpened, rule=COUNT, **PAUSE).then(WindowOpened, rule=COUNT, due=None, due_is="last day", pauses=True)


def test_an_export_rule_is_tightened(given):
    given().when(ExportRuleTightened, rule="h20", title="H20 letter").then(ExportRuleTightened, rule="h20")


def test_a_report_is_denied(given):
    given(BUDGET).when(ReportDenied, of=["budget"], by="ByteDance").then(ReportDenied, of=["budget"], by="ByteDance")


# the same entry twice


def test_the_same_key_with_the_same_content_is_the_same_entry(given):
    case = given(BUDGET)
    case.when(BudgetAllocated, **BUDGET[1]).then_nothing_new()
    assert case.stored is case.matter.entries["budget"]


def test_who_records_it_is_not_content(given):
    given(BUDGET).when(BudgetAllocated, **BUDGET[1], actor="another", idempotency_key="x").then_nothing_new()


def test_a_key_with_other_content_is_taken_and_the_field_is_named(given):
    case = given(BUDGET).when(BudgetAllocated, **BUDGET[1] | {"year": 2026}).then_refused(rules.KeyTaken, "key")
    assert "year" in case.error.detail


def test_a_key_of_another_kind_is_taken(given):
    case = given(BUDGET).when(ListingPlanReported, key="budget", text="A listing.").then_refused(rules.KeyTaken, "key")
    assert "BudgetAllocated" in case.error.detail


def test_a_corrected_entry_posted_again_as_it_first_was_is_the_same_entry(given):
    correction = (EntryCorrected, {"of": ["budget"], "changes": {"year": 2026}})
    given(BUDGET, correction).when(BudgetAllocated, **BUDGET[1]).then_nothing_new()


def test_a_retracted_entry_posted_again_is_the_same_entry(given):
    retraction = (EntryRetracted, {"of": ["budget"], "reason": "A slip."})
    given(BUDGET, retraction).when(BudgetAllocated, **BUDGET[1]).then_nothing_new()


def test_an_extension_posted_again_after_its_windows_opening_was_retracted_is_the_same_entry(given):
    extended = {"key": "extended", "window": "pause", "due": "2025-06-19"}
    retraction = (EntryRetracted, {"of": ["opened"], "reason": "A slip."})
    given(OPENED, (WindowExtended, extended), retraction).when(WindowExtended, **extended).then_nothing_new()


# sources, and when it could be known


def test_an_entry_without_a_source_is_refused(given):
    given().when(DevelopmentReported, text="Something.", sources=[]).then_refused(rules.NoSource, "sources")


@pytest.mark.parametrize("n", [0, 1])
def test_a_source_that_names_nobody_is_refused_by_its_number(given, n):
    sources = [{"publisher": "Reuters", "published": "2025-01-21"}, {"publisher": "FT"}]
    sources[n] = {"url": "https://example.com/a", "published": "2025-01-21"}
    given().when(DevelopmentReported, text="Something.", sources=sources).then_refused(rules.NoSource, f"sources.{n}")


def test_a_citation_marked_unread_is_source_enough(given):
    sources = [{"citation": "90 FR 8611", "unread": True}]
    given().when(DevelopmentReported, text="X.", announced="2025-01-20", sources=sources).then(DevelopmentReported, sources=sources)


def test_an_entry_that_nobody_could_date_is_refused(given):
    given().when(DevelopmentReported, text="X.", sources=[{"publisher": "Reuters"}]).then_refused(rules.NotKnown, "announced")


def test_announced_alone_says_when_it_was_known(given):
    sources = [{"publisher": "Reuters"}]
    given().when(DevelopmentReported, text="X.", announced="2025-01-20", sources=sources).then(
        DevelopmentReported, announced="2025-01-20"
    )


def test_the_earliest_publication_counts_where_nothing_was_announced(given):
    sources = [{"publisher": "A", "published": "2025-02-01"}, {"publisher": "B", "published": "2025-01-25"}, {"publisher": "C"}]
    case = given().when(DevelopmentReported, text="X.", sources=sources)
    assert rules.known_span(case.stored).text == "2025-01-25"


def test_announced_counts_before_any_publication(given):
    sources = [{"publisher": "A", "published": "2025-01-01"}]
    case = given().when(DevelopmentReported, text="X.", announced="2025-01-20", sources=sources)
    assert rules.known_span(case.stored).text == "2025-01-20"


# periods


def test_an_effect_that_ends_before_it_starts_is_refused(given):
    effective = {"from": "2025-02-01", "until": "2025-01-31"}
    given().when(ExportRuleIssued, rule="r", title="R", effective=effective).then_refused(rules.EndsBeforeStart, "effective.until")


@pytest.mark.parametrize(
    "effective",
    [
        {"from": "2025-02-01", "until": "2025-02-01"},
        {"from": "2025-02-01"},
        {"until": "2025-01-01"},
        {"from": "2025", "until": "2025-01-01"},
    ],
)
def test_an_effect_of_one_day_an_open_one_and_an_uncertain_one_are_accepted(given, effective):
    given().when(ExportRuleIssued, rule="r", title="R", effective=effective).then(ExportRuleIssued, effective=effective)


# opening a window


def test_a_window_is_opened_only_once(given):
    given(OPENED).when(WindowOpened, key="twice", due="2025-05-01", **PAUSE).then_refused(
        rules.WindowAlreadyOpened, "details.window"
    )


def test_a_closed_window_is_not_opened_again(given):
    met = (WindowMet, {"window": "pause", "evidence": "Done."})
    given(OPENED, met).when(WindowOpened, key="twice", due="2025-05-01", **PAUSE).then_refused(
        rules.WindowAlreadyOpened, "details.window"
    )


def test_the_name_of_a_window_whose_opening_was_retracted_is_not_used_again(given):
    """Its extensions are still on record under that name."""
    retraction = (EntryRetracted, {"of": ["opened"], "reason": "A slip."})
    reopened = {**PAUSE, "due": "2025-05-01"}
    given(OPENED, retraction).when(WindowOpened, key="anew", **reopened).then_refused(rules.WindowAlreadyOpened, "details.window")


def test_a_window_without_due_date_rule_or_remark_is_refused(given):
    given().when(WindowOpened, **PAUSE).then_refused(rules.NoDueDate, "details.due")


def test_a_remark_may_say_why_there_is_no_due_date(given):
    given().when(WindowOpened, remarks="The day was not read.", **PAUSE).then(WindowOpened, due=None, rule=None)


def test_a_window_due_before_it_opens_is_refused(given):
    given().when(WindowOpened, due="2025-01-19", **PAUSE).then_refused(rules.EndsBeforeStart, "details.due")


def test_a_window_opens_when_it_says_not_when_it_occurred(given):
    given().when(WindowOpened, opens="2025-03-01", due="2025-02-01", **PAUSE).then_refused(rules.EndsBeforeStart, "details.due")


def test_a_window_may_be_due_on_the_day_it_opens(given):
    given().when(WindowOpened, due="2025-01-20", **PAUSE).then(WindowOpened, due="2025-01-20")


def test_stated_date_and_rule_are_both_kept_where_they_disagree(given):
    given().when(WindowOpened, due="2025-04-04", rule=COUNT, **PAUSE).then(WindowOpened, due="2025-04-04", rule=COUNT)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"length": 0}, "length"),
        ({"unit": "hours"}, "unit"),
        ({"rule": "guess"}, "rule"),
        ({"start": "2025-02-30"}, "start"),
        ({"zone": "Mars"}, "zone"),
        ({"jurisdiction": "Mars"}, "jurisdiction"),
        ({"counting": "until"}, "counting"),
        ({"rule": "1-cfr-18.17", "before": True}, "before"),
    ],
)
def test_a_rule_that_cannot_be_counted_is_refused_by_its_field(given, change, field):
    given().when(WindowOpened, rule=COUNT | change, **PAUSE).then_refused(BadValue, f"details.rule.{field}")


# what happens to a window


@pytest.mark.parametrize("kind", LATER, ids=lambda kind: kind.__name__)
def test_a_window_that_was_never_opened_is_refused(given, kind):
    given(OTHER).when(kind, window="pause", **LATER[kind]).then_refused(rules.WindowNotOpened, "details.window")


@pytest.mark.parametrize("closer", CLOSERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("kind", LATER, ids=lambda kind: kind.__name__)
def test_nothing_happens_to_a_closed_window(given, kind, closer):
    closed = (closer, {"key": "closed", "window": "pause", **LATER[closer]})
    given(OPENED, OTHER, closed).when(kind, window="pause", **LATER[kind]).then_refused(rules.WindowClosed, "details.window")


def test_an_extension_to_before_the_opening_is_refused(given):
    given(OPENED).when(WindowExtended, window="pause", due="2025-01-01").then_refused(rules.EndsBeforeStart, "details.due")


def test_a_suspended_window_can_be_extended(given):
    suspended = (WindowSuspended, {"window": "pause"})
    given(OPENED, suspended).when(WindowExtended, window="pause", due="2025-06-19").then(WindowExtended, due="2025-06-19")


def test_a_window_whose_closing_was_retracted_is_open_again(given):
    met = (WindowMet, {"key": "met", "window": "pause", "evidence": "Done."})
    retraction = (EntryRetracted, {"of": ["met"], "reason": "It was not."})
    given(OPENED, met, retraction).when(WindowExtended, window="pause", due="2025-06-19").then(WindowExtended, due="2025-06-19")


@pytest.mark.parametrize("successor", ["pause", "nowhere"])
def test_a_window_is_superseded_only_by_another_one_on_record(given, successor):
    given(OPENED).when(WindowSuperseded, window="pause", superseded_by=successor).then_refused(
        rules.WindowNotOpened, "details.superseded_by"
    )


# amendments


def test_an_amendment_about_nothing_is_refused(given):
    given(BUDGET).when(ReportDenied, of=[], by="ByteDance").then_refused(rules.NoSuchEntry, "of")


@pytest.mark.parametrize(("of", "field"), [(["nothing"], "of.0"), (["budget", "nothing"], "of.1")])
def test_an_amendment_of_an_unknown_entry_is_refused(given, of, field):
    given(BUDGET).when(ReportConfirmed, of=of, by="ByteDance").then_refused(rules.NoSuchEntry, field)


def test_nothing_more_is_said_about_a_retracted_entry(given):
    retraction = (EntryRetracted, {"of": ["budget"], "reason": "A slip."})
    given(ORDER, BUDGET, retraction).when(ReportDenied, of=["eo-14166", "budget"], by="X").then_refused(
        rules.AlreadyRetracted, "of.1"
    )


def test_a_report_can_be_denied_and_confirmed(given):
    given(BUDGET, DENIED).when(ReportConfirmed, of=["budget"], by="A supplier").then(ReportConfirmed, of=["budget"])


@pytest.mark.parametrize(
    "first",
    [
        (EntryCorrected, {"key": "first", "of": ["budget"], "changes": {"year": 2026}}),
        (EntryRetracted, {"key": "first", "of": ["eo-14166"], "reason": "A slip."}),
    ],
    ids=["correction", "retraction"],
)
@pytest.mark.parametrize(
    ("kind", "values"), [(EntryCorrected, {"changes": {"remarks": "X."}}), (EntryRetracted, {"reason": "A slip."})]
)
def test_corrections_and_retractions_are_not_amended_themselves(given, first, kind, values):
    given(ORDER, BUDGET, first).when(kind, key="second", of=["first"], **values).then_refused(rules.NotAmendable, "of.0")


def test_a_denial_can_be_corrected(given):
    given(BUDGET, DENIED).when(EntryCorrected, of=["denied"], changes={"by": "A spokesman"}).then(EntryCorrected, of=["denied"])


def test_entries_are_corrected_one_at_a_time(given):
    given(BUDGET, ORDER).when(EntryCorrected, of=["budget", "eo-14166"], changes={"remarks": "X."}).then_refused(
        rules.NotAmendable, "of"
    )


def test_several_entries_can_be_retracted_at_once(given):
    case = given(BUDGET, ORDER).when(EntryRetracted, of=["budget", "eo-14166"], reason="All wrong.")
    assert case.matter.retracted == {"budget", "eo-14166"}


def test_a_correction_changes_the_entry_and_its_window(given):
    changes = {"due": "2025-04-04", "due_is": "effect day", "opens": "2025-01-21"}
    case = given(OPENED).when(EntryCorrected, of=["opened"], changes=changes).then(EntryCorrected)
    assert case.matter.entries["opened"].due == "2025-04-04"
    assert (case.matter.windows["pause"].opens, case.matter.windows["pause"].due_is) == ("2025-01-21", "effect day")


def test_a_correction_that_changes_nothing_is_refused(given):
    given(BUDGET).when(EntryCorrected, of=["budget"], changes={"year": 2025}).then_refused(rules.NothingChanges, "changes")


@pytest.mark.parametrize("field", ["key", "kind", "line", "revises", "nonsense"])
def test_what_an_entry_is_cannot_be_corrected(given, field):
    given(BUDGET).when(EntryCorrected, of=["budget"], changes={field: "x"}).then_refused(rules.NothingChanges, f"changes.{field}")


@pytest.mark.parametrize(
    ("entry", "changes"),
    [
        (OPENED, {"due": "2020-01-01"}),
        (OPENED, {"effective": {"from": "2025-02-01", "until": "2025-01-01"}}),
        (BUDGET, {"sources": []}),
        (BUDGET, {"sources": [{"publisher": "Reuters"}]}),
    ],
    ids=["due before it opens", "effect before it starts", "no source", "never known"],
)
def test_a_corrected_entry_keeps_the_other_rules(given, entry, changes):
    case = given(entry).when(EntryCorrected, of=[entry[1]["key"]], changes=changes)
    assert isinstance(case.error, Refused)


# figures and what they revise


def test_a_figure_has_a_line_of_its_own(given):
    given(BUDGET).when(BudgetAllocated, **BUDGET[1] | {"key": "rival", "reported_by": "Reuters"}).then(
        BudgetAllocated, line="rival"
    )


def test_a_revision_continues_the_line_through_several_steps(given):
    second = (BudgetAllocated, BUDGET[1] | {"key": "second", "revises": "budget"})
    given(BUDGET, second).when(BudgetAllocated, **BUDGET[1] | {"key": "third", "revises": "second"}).then(
        BudgetAllocated, line="budget"
    )


@pytest.mark.parametrize("revises", ["nothing", "value"])
def test_a_figure_revises_only_its_own_kind(given, revises):
    value = (ValuationReported, {"key": "value", "money": MONEY})
    given(BUDGET, value).when(BudgetAllocated, **BUDGET[1] | {"key": "second", "revises": revises}).then_refused(
        rules.NothingToRevise, "details.revises"
    )


# what must be on record


RULES = {
    ExportRuleCorrected: {"title": "A correction"},
    ExportRuleSuspended: {"title": "Suspended"},
    ExportRuleRescissionAnnounced: {"by": "BIS"},
    ExportRuleRescinded: {},
}
ON_RECORD = [(TIGHTENED, kind, {"rule": "ai-diffusion", **rest}, rules.RuleNotOnRecord, "rule") for kind, rest in RULES.items()] + [
    (ORDER, OrderRevoked, {"order": "EO 14166", "revoked_by": "EO 14999"}, rules.OrderNotOnRecord, "order"),
    ((LawEnacted, {"key": "act", "law": "divestiture", "title": "An act"}), LawTookEffect, {"law": "divestiture"}, rules.LawNotOnRecord, "law"),
    (
        (SourcingGuidanceIssued, {"key": "advice", "guidance": "advice", "issued_by": "A ministry"}),
        SourcingGuidanceIssued,
        {"key": "new", "guidance": "new", "issued_by": "A ministry", "replaces": "advice"},
        rules.GuidanceNotOnRecord,
        "replaces",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("first", "kind", "values", "error", "field"), ON_RECORD)
def test_what_is_on_record_can_be_acted_upon(given, first, kind, values, error, field):
    given(first).when(kind, **values).then(kind, **values)


@pytest.mark.parametrize(("first", "kind", "values", "error", "field"), ON_RECORD)
def test_what_is_not_on_record_is_refused(given, first, kind, values, error, field):
    given(first).when(kind, **values | {field: "another"}).then_refused(error, f"details.{field}")


@pytest.mark.parametrize(("first", "kind", "values", "error", "field"), ON_RECORD)
def test_what_was_retracted_is_not_on_record(given, first, kind, values, error, field):
    retraction = (EntryRetracted, {"of": [first[1]["key"]], "reason": "A slip."})
    given(first, retraction).when(kind, **values).then_refused(error, f"details.{field}")


def test_guidance_that_replaces_nothing_needs_nothing_on_record(given):
    given().when(SourcingGuidanceIssued, guidance="new", issued_by="A ministry").then(SourcingGuidanceIssued, replaces=None)


def test_every_error_of_a_rule_is_raised_by_a_case_above():
    errors = {name for name, value in vars(rules).items() if isinstance(value, type) and issubclass(value, rules.RuleBroken)}
    cases = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in errors - {"RuleBroken"} if f"rules.{name}" not in cases] == []


# opening a matter, and what an event is


@pytest.mark.parametrize(
    ("change", "field"), [({"time_zone": "Mars/Olympus"}, "time_zone"), ({"jurisdiction": "ZZ"}, "jurisdiction")]
)
def test_a_matter_in_an_unknown_place_is_not_opened(change, field):
    values = {"slug": "m", "title": "M", "summary": "S.", "time_zone": "UTC", "jurisdiction": "US", "actor": "x"}
    with pytest.raises(BadValue) as refused:
        Matter.open(**values | change)
    assert refused.value.field == field


def test_an_events_stored_name_is_its_class_name():
    assert {name: kind.TOPIC for name, kind in KINDS.items()} == {name: name for name in KINDS}


def test_an_event_cannot_be_changed(given):
    event = given().when(DealClosed, owner="A venture").stored
    with pytest.raises(AttributeError):
        event.owner = "Another"


def test_an_extension_without_due_date_and_rule_is_refused(given):
    given(OPENED).when(WindowExtended, window="pause").then_refused(rules.NoDueDate, "details.due")


def test_a_rule_that_ends_before_the_window_opens_is_refused(given):
    back = COUNT | {"before": True}
    given().when(WindowOpened, rule=back, **PAUSE).then_refused(rules.EndsBeforeStart, "details.rule.length")


def test_a_rule_may_leave_zone_and_jurisdiction_to_its_matter(given):
    hours = {"length": 72, "unit": "hours", "start": "2025-01-20T10:00-05:00", "rule": "real-hours"}
    for rule in (hours, COUNT | {"unit": "business days"}, COUNT | {"rule": "1-cfr-18.17"}):
        given().when(WindowOpened, rule=rule, **PAUSE).then(WindowOpened, rule=rule)


def test_hours_from_a_day_without_a_time_are_refused(given):
    rule = COUNT | {"unit": "hours", "rule": "real-hours"}
    given().when(WindowOpened, rule=rule, **PAUSE).then_refused(BadValue, "details.rule.start")


def test_two_windows_do_not_supersede_each_other(given):
    superseded = (WindowSuperseded, {"key": "s", "window": "pause", "superseded_by": "other"})
    given(OPENED, OTHER, superseded).when(WindowSuperseded, window="other", superseded_by="pause").then_refused(
        rules.SupersedesItself, "details.superseded_by"
    )


def test_a_correction_leaves_a_window_a_due_date_a_rule_or_a_remark(given):
    given(OPENED).when(EntryCorrected, of=["opened"], changes={"due": None}, slip="ours").then_refused(
        rules.NoDueDate, "changes.due"
    )


def test_an_extension_is_not_corrected_once_its_window_was_taken_back(given):
    extended = (WindowExtended, {"key": "extended", "window": "pause", "due": "2025-06-19"})
    retraction = (EntryRetracted, {"key": "gone", "of": ["opened"], "reason": "Never.", "slip": "ours"})
    given(OPENED, extended, retraction).when(
        EntryCorrected, of=["extended"], changes={"due": "2025-06-20"}, slip="ours"
    ).then_refused(rules.WindowNotOpened, "changes.window")


def test_a_window_is_not_corrected_to_open_after_it_was_extended(given):
    extended = (WindowExtended, {"key": "extended", "occurred": "2025-02-01", "window": "pause", "due": "2025-06-19"})
    given(OPENED, extended).when(EntryCorrected, of=["opened"], changes={"opens": "2025-03-01"}, slip="ours").then_refused(
        rules.EndsBeforeStart, "changes.opens"
    )


@pytest.mark.parametrize(("begins", "until"), [(None, "2025-01-19"), ("2025-02-02", "2025-02-01")])
def test_a_suspension_does_not_end_before_it_begins(given, begins, until):
    effective = {"from": begins, "until": until}
    given(OPENED).when(WindowSuspended, window="pause", effective=effective).then_refused(rules.EndsBeforeStart, "effective.until")
