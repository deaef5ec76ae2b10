"""Faults that an attacker found once, each kept as a test."""

import pytest

from alerts.clock import tick
from domain.errors import BadValue, Refused
from domain.instants import micros
from domain.when import read_when
from importers.entries import BadEntry

FT = {"publisher": "Financial Times", "title": "The report", "published": "2025-01-10"}
LATER = {"publisher": "Later Paper", "title": "What came of it", "published": "2026-05-01"}
BUDGET = {"scope": "china", "year": 2025, "money": {"amount": "40", "currency": "CNY"}}
WINDOW = {"window": "w", "title": "A window", "purpose": "comments"}


@pytest.fixture
def m(book):
    """A daybook with one matter."""
    book.open("m")
    return book


def report(m, key="b1", sources=(FT,), **raw):
    return m.record("m", "BudgetAllocated", key, **{"occurred": "2025-01-10", "details": BUDGET, "sources": list(sources)} | raw)


def opened(m, key="opened", window="w", **raw):
    details = WINDOW | {"window": window} | raw.pop("details", {"due": "2025-04-05"})
    return m.record("m", "WindowOpened", key, **{"occurred": "2025-01-02", "announced": "2025-01-02", "details": details} | raw)


@pytest.mark.parametrize("text", ["Y1E99999999", "Y1E99", "../Y1E99", "Y" + "9" * 50, "2025S3", "9" * 59])
def test_a_year_that_would_be_worked_out_digit_by_digit_is_refused_at_once(text):
    with pytest.raises(BadValue):
        read_when(text)


def test_why_of_a_corrected_value_keeps_the_sources_of_its_entry(m):
    report(m)
    changes = {"money": {"amount": "44", "currency": "CNY"}}
    m.record("m", "EntryCorrected", "c1", of=["b1"], changes=changes, slip="ours", announced="2026-03-01", sources=[LATER])
    found = m.why("procurement", "budgets.china-2025.money", "2025-02-01", matter="m")
    (claim,) = found["claims"]
    assert [source["publisher"] for source in claim["sources"]] == ["Financial Times"]
    assert claim["value"]["amount"] == "44"
    assert claim["corrected_by"] is None
    now = m.why("procurement", "budgets.china-2025.money", matter="m")["claims"][0]
    assert now["corrected_by"] == "m.c1"


def test_the_id_of_a_correction_is_not_named_before_it_is_known(m):
    report(m)
    m.record("m", "EntryCorrected", "c1", of=["b1"], changes={"summary": "Reworded."}, slip="ours", announced="2026-03-01")
    then = m.daybook.view("procurement", m.daybook.ask("2025-02-01"), "m").body()
    assert then["state_of"]["budgets.china-2025.money"]["events"] == ["m.b1"]
    now = m.daybook.view("procurement", m.daybook.ask(), "m").body()
    assert now["state_of"]["budgets.china-2025.money"]["events"] == ["m.b1", "m.c1"]


def test_a_sentence_names_no_source_that_was_published_later(m):
    m.record(
        "m",
        "ServiceSuspended",
        "s",
        occurred="2025-01-10",
        announced="2025-01-10",
        details={"where": ["service"]},
        sources=[LATER, FT],
    )
    (told,) = m.diff("tiktok-status", "2025-01-01", "2025-01-12", matter="m")
    assert told["sentence"].endswith("according to Financial Times")


def test_two_denials_of_one_report_are_retracted_together(m):
    report(m)
    for key in ("d1", "d2"):
        m.record("m", "ReportDenied", key, of=["b1"], by=key, announced="2025-01-11")
    assert m.state("procurement", matter="m")["budgets"][0]["standing"] == "denied"
    m.record("m", "EntryRetracted", "r", of=["d1", "d2"], reason="Both were of another report.", announced="2025-01-12")
    assert m.state("procurement", matter="m")["budgets"][0]["standing"] == "reported"


def test_guidance_that_replaces_itself_is_refused_by_name(m):
    m.record("m", "SourcingGuidanceIssued", "g", occurred="2025-01-10", details={"guidance": "g", "issued_by": "X", "text": "Buy."})
    with pytest.raises(Refused) as refused:
        m.record("m", "SourcingGuidanceIssued", "h", occurred="2025-01-11",
                 details={"guidance": "g", "issued_by": "X", "text": "Buy.", "replaces": "g"})  # fmt: skip
    assert refused.value.field == "details.replaces"


def test_an_alert_is_not_told_again_when_something_else_of_its_window_is_corrected(m):
    opened(m)
    at = m.clock
    at.now = micros(read_when("2025-03-20T12:00Z").last)
    tick(m.alerts, at())
    at.now = micros(read_when("2025-03-29T12:00Z").last)
    assert [alert.step for alert in tick(m.alerts, at())] == ["7"]
    m.record("m", "EntryCorrected", "c", of=["opened"], changes={"remarks": "A remark."}, slip="ours", announced="2025-03-29")
    assert tick(m.alerts, at()) == []


def test_a_null_where_a_value_has_a_default_is_refused_by_its_field(m):
    with pytest.raises(BadEntry) as refused:
        opened(m, details={"due": "2025-04-05", "due_is": None})
    assert [problem.field for problem in refused.value.problems] == ["details.due_is"]


def test_an_empty_scope_is_refused_rather_than_reaching_everything(m):
    report(m)
    with pytest.raises(BadEntry):
        m.record("m", "ReportDenied", "d", of=["b1"], by="X", scope=[], announced="2025-01-11")


def test_a_window_within_its_uncertain_due_date_is_still_due(m):
    opened(m, details={"due": "2025-06"})
    found = m.daybook.deadlines(m.daybook.ask("2025-06-15"), within=30)["deadlines"]
    assert [(row["window"], row["days_left"], row["status"]) for row in found] == [("w", 0, "open")]


def test_a_due_instant_falls_on_its_day_in_the_matters_zone(m):
    opened(m, details={"due": "2025-04-06T01:00Z"})
    (row,) = m.daybook.deadlines(m.daybook.ask("2025-04-05T12:00-04:00"))["deadlines"]
    assert row["days_left"] == 0


def test_a_slip_in_the_day_of_knowledge_counts_once_in_what_is_withheld(m):
    report(m, announced="2025-06-10")
    report(m, key="b2", details=BUDGET | {"year": 2026}, announced="2025-07-01")
    m.record("m", "EntryCorrected", "c", of=["b1"], changes={"announced": "2025-01-10"}, slip="ours", announced="2025-08-01")
    question = m.daybook.ask("2025-02-01")
    assert m.daybook.view("timeline", question, "m").point["withheld"] == 2
    assert m.daybook.matter("m", question)["events"] == 1


def test_records_start_where_something_was_first_known(m):
    report(m)
    m.record("m", "DevelopmentReported", "memo", occurred="2017-03-01", announced="2026-05-01", details={"text": "A memo."})
    assert m.daybook.view("timeline", m.daybook.ask("2025-02-01"), "m").point["records_start"] == "2025-01-10"


def test_before_its_first_position_the_log_has_no_matter(m):
    report(m)
    assert m.daybook.matters(m.daybook.ask(recorded_at="0")) == []
    assert len(m.daybook.matters(m.daybook.ask(recorded_at="1"))) == 1


def test_nothing_is_left_of_a_window_whose_opening_was_retracted(m):
    opened(m)
    m.record(
        "m", "WindowExtended", "x", occurred="2025-02-01", announced="2025-02-01", details={"window": "w", "due": "2025-06-01"}
    )
    m.record("m", "WindowSuspended", "s", occurred="2025-02-02", announced="2025-02-02", details={"window": "w"})
    m.record("m", "EntryRetracted", "r", of=["opened"], reason="There was none.", slip="ours", announced="2025-02-03")
    assert m.daybook.deadlines(m.daybook.ask("2025-02-05"), status="all")["deadlines"] == []


@pytest.mark.parametrize(
    ("occurred", "due", "field"), [("2024-12-01", "2025-06-01", "occurred"), ("2025-03-01", "2025-02-01", "details.due")]
)
def test_an_extension_acts_from_the_day_it_is_made(m, occurred, due, field):
    opened(m)
    with pytest.raises(Refused) as refused:
        m.record("m", "WindowExtended", "x", occurred=occurred, announced="2025-03-01", details={"window": "w", "due": due})
    assert refused.value.field == field


def test_a_denial_is_disputed_only_where_its_report_is_known_and_not_retracted(m):
    report(m, announced="2025-02-01")
    m.record("m", "ReportDenied", "d", of=["b1"], by="X", announced="2025-01-15")
    assert m.state("procurement", "2025-01-20", matter="m")["disputes"] == []
    assert [d["id"] for d in m.state("procurement", "2025-02-02", matter="m")["disputes"]] == ["d"]
    m.record("m", "EntryRetracted", "r", of=["b1"], reason="Never reported.", slip="ours", announced="2025-03-01")
    assert m.state("procurement", "2025-02-02", matter="m")["disputes"] == []


def test_names_without_latin_letters_do_not_share_one_place(m):
    for n, case in enumerate(("北京案", "上海案")):
        m.record("m", "LawsuitFiled", f"case-{n}", occurred="2025-01-10", details={"case": case, "court": "C"})
    assert [c["case"] for c in m.state("tiktok-status", "2025-02-01", matter="m")["cases"]] == ["北京案", "上海案"]


def test_periods_of_two_years_are_not_rivals(m):
    for year in (2024, 2025):
        money = {"amount": str(year), "currency": "USD"}
        m.record("m", "RevenueReported", f"r{year}", occurred="2025-01-10", details={"period": f"H1/{year}", "money": money})
    found = m.state("procurement", "2025-02-01", matter="m")["company"]["revenue"]
    assert [(row["id"], row["rivals"]) for row in found] == [("h1-2024", []), ("h1-2025", [])]


def test_back_in_time_a_change_has_no_cause(own_bundled):
    told = own_bundled.diff("tiktok-status", "2025-04-05", "2025-04-03")
    assert next(c["sentence"] for c in told if c["field"] == "window.due") == "Due date moved from 19 June to 5 April 2025"


def test_a_closed_window_is_told_with_what_closed_it(own_bundled):
    told = own_bundled.diff("tiktok-status", "2025-09-24", "2025-09-26")
    (closed,) = [c for c in told if c["field"].startswith("former_windows.")]
    assert closed["events"][0] == "tiktok-divestiture.pause-1-superseded"
    assert closed["sentence"] == "Window closed: Pause in enforcement (superseded), by EO 14352"


def test_a_date_that_passed_has_no_cause_and_no_day_of_an_entry(own_bundled):
    told = own_bundled.diff("tiktok-status", "2025-01-18", "2025-01-19")
    (closed,) = [c for c in told if c["field"] == "former_windows.divest-or-ban"]
    assert closed["on"] is None
    assert closed["sentence"] == "Window closed: Sell TikTok in the US, or the ban begins (its date passed)"
    (law,) = [c for c in told if c["field"] == "law.status"]
    assert law["on"] == "2025-01-19"
