"""Recording: corrections and retractions on all three clocks, refusals that store nothing, the same thing twice."""

from datetime import UTC, datetime

import pytest

from domain.errors import BadValue, NotFound, Refused
from domain.instants import moment
from importers.entries import BadEntry
from importers.yaml_lines import BadFile
from projections.tree import at_path
from service.recording import KnownInTheFuture, ScopeReachesNothing

TIKTOK, BYTEDANCE, EXPORTS = "tiktok-divestiture", "bytedance-ai-procurement", "us-chip-export-controls"
CHINA = "budgets.china-2025.money"


@pytest.fixture
def m(book):
    """A budget known on 21 January 2025, and a distractor of another year."""
    book.open("m")
    for key, year, amount in (("ft", 2025, "40"), ("distractor", 2024, "1")):
        details = {"scope": "china", "year": year, "money": {"amount": amount, "currency": "CNY"}}
        book.record("m", "BudgetAllocated", key, occurred="2025-01-21", announced="2025-01-21", details=details)
    return book


def correct(book, key, day, amount=None, slip="source", of="ft", **changes):
    changes |= {"money": {"amount": amount, "currency": "CNY"}} if amount else {}
    book.record("m", "EntryCorrected", key, announced=day, of=[of], changes=changes, slip=slip)


def amount(book, as_of, known_on=None, recorded_at=None):
    budgets = book.state("procurement", as_of, known_on, recorded_at, matter="m")["budgets"]
    return next((b["money"]["amount"] for b in budgets if b["id"] == "china-2025"), None)


def size(book) -> str:
    return str(book.log.size())


def test_a_slip_of_ours_reaches_back_to_the_day_the_entry_was_known(m):
    before = size(m)
    correct(m, "c", "2025-06-01", "44", slip="ours")
    assert [amount(m, day) for day in ("2025-01-20", "2025-01-21", "2025-06-01")] == [None, "44", "44"]
    assert amount(m, "2025-01-21", "now") == "44"
    assert amount(m, "2025-01-21", recorded_at=before) == "40"


def test_a_correction_by_the_source_counts_from_its_publication(m):
    before = size(m)
    correct(m, "c", "2025-06-01", "44")
    assert [amount(m, day) for day in ("2025-01-21", "2025-05-31", "2025-06-01")] == ["40", "40", "44"]
    assert amount(m, "2025-01-21", "2025-05-31") == "40"
    assert amount(m, "2025-01-21", "now") == "44"
    assert amount(m, "2025-06-01", recorded_at=before) == "40"


def test_a_slip_of_ours_in_another_field_does_not_carry_the_sources_correction_back(m):
    correct(m, "c1", "2025-06-01", "44")
    correct(m, "c2", "2025-06-10", slip="ours", summary="A typo less.")
    assert [amount(m, day) for day in ("2025-05-31", "2025-06-01", "2025-07-01")] == ["40", "44", "44"]


def test_corrections_by_the_source_follow_each_other(m):
    correct(m, "c1", "2025-03-01", "44")
    correct(m, "c2", "2025-06-01", "45")
    assert [amount(m, day) for day in ("2025-02-28", "2025-03-01", "2025-05-31", "2025-06-01")] == ["40", "44", "44", "45"]


def test_a_correction_published_early_and_recorded_late_does_not_carry_a_later_one_back(m):
    correct(m, "late", "2025-06-01", "45")
    correct(m, "early", "2025-03-01", reported_by="Reuters")
    assert [amount(m, day) for day in ("2025-02-28", "2025-03-15", "2025-06-01")] == ["40", "40", "45"]


def test_a_correction_of_a_slip_in_the_key_dates_moves_the_effect(m):
    correct(m, "c", "2025-06-01", slip="ours", occurred="2025-02-01", announced="2025-02-01")
    assert [amount(m, day) for day in ("2025-01-31", "2025-02-01")] == [None, "40"]


def test_a_corrected_value_names_its_correction_in_why(m):
    correct(m, "c", "2025-06-01", "44")
    (claim,) = m.why("procurement", CHINA, "2025-06-01", matter="m")["claims"]
    assert (claim["event"], claim["corrected_by"], claim["value"]["amount"]) == ("m.ft", "m.c", "44")
    (former,) = m.why("procurement", CHINA, "2025-05-31", matter="m")["claims"]
    assert (former["corrected_by"], former["value"]["amount"]) == (None, "40")


def test_a_denial_still_reaches_a_report_that_was_corrected(m):
    m.record("m", "ReportDenied", "d", announced="2025-01-22", of=["ft"], by="X")
    correct(m, "c", "2025-06-01", "44")
    assert m.why("procurement", CHINA, "2025-07-01", matter="m")["standing"] == "denied"


def test_a_retraction_by_the_source_counts_from_its_publication(m):
    before = size(m)
    m.record("m", "EntryRetracted", "r", announced="2025-06-01", of=["ft"], reason="Withdrawn.")
    assert [amount(m, day) for day in ("2025-05-31", "2025-06-01")] == ["40", None]
    assert (amount(m, "2025-01-21", "now"), amount(m, "2025-06-01", recorded_at=before)) == (None, "40")


def test_a_retraction_of_our_own_entry_reaches_back_and_only_the_replay_still_sees_it(m):
    before = size(m)
    m.record("m", "EntryRetracted", "r", announced="2025-06-01", of=["ft"], reason="Never read.", slip="ours")
    assert [amount(m, day) for day in ("2025-01-21", "2025-06-01")] == [None, None]
    assert amount(m, "2025-01-21", recorded_at=before) == "40"


def test_a_retracted_entry_stands_as_retracted_in_the_timeline_from_then_on(m):
    m.record("m", "EntryRetracted", "r", announced="2025-06-01", of=["ft"], reason="Withdrawn.")

    def standing(day):
        return {e["key"]: e["standing"] for e in m.state("timeline", day, matter="m")["events"]}

    assert standing("2025-05-31") == {"ft": "reported", "distractor": "reported"}
    assert standing("2025-06-01")["ft"] == "retracted"


def test_a_corrected_retraction_target_keeps_its_history(m):
    correct(m, "c", "2025-03-01", "44")
    m.record("m", "EntryRetracted", "r", announced="2025-06-01", of=["ft"], reason="Withdrawn.")
    assert [amount(m, day) for day in ("2025-02-28", "2025-03-01", "2025-05-31", "2025-06-01")] == ["40", "44", "44", None]


def test_a_correction_of_an_orders_effect_moves_what_hindsight_says(own_bundled):
    changes = {"effective": {"from": "2025-01-20"}}
    own_bundled.record(TIKTOK, "EntryCorrected", "c", announced="2026-01-01", of=["pause-1-opened"], changes=changes)

    def status(known_on):
        return own_bundled.state("tiktok-status", "2025-01-19", known_on)["enforcement"]["status"]

    assert (status("2025-12-31"), status("now")) == ("paused", "applicable")


def test_a_corrected_due_date_is_what_the_rules_and_the_deadlines_see(own_bundled):
    own_bundled.record(
        TIKTOK, "EntryCorrected", "c", announced="2025-02-01", of=["pause-1-opened"], changes={"due": "2025-04-04"}, slip="ours"
    )
    window = own_bundled.state("tiktok-status", "2025-03-21")["window"]
    assert (window["due"], window["computed"], window["days_left"]) == ("2025-04-04", "2025-04-05", 14)


def test_a_pause_follows_its_window_when_the_opening_is_corrected(book):
    book.open("m")
    common = {"occurred": "2025-01-20", "announced": "2025-01-20"}
    opened = {"window": "w", "title": "W", "purpose": "enforcement pause", "due": "2025-04-05", "pauses": True}
    book.record("m", "LawEnacted", "act", **common, details={"law": "divestiture", "title": "An act"})
    book.record("m", "LawTookEffect", "in-force", **common, details={"law": "divestiture"})
    book.record("m", "WindowOpened", "opened", **common, details=opened)
    book.record(
        "m", "WindowExtended", "ext", occurred="2025-04-04", announced="2025-04-04", details={"window": "w", "due": "2025-06-19"}
    )
    correct(book, "c", "2025-02-01", slip="ours", of="opened", due_is="effect day")
    state = book.state("tiktok-status", "2025-06-19", matter="m")
    assert state["window"] is None
    assert state["enforcement"]["status"] == "applicable"


def test_no_pause_is_left_of_a_window_whose_opening_was_retracted(own_bundled):
    own_bundled.record(TIKTOK, "EntryRetracted", "r", announced="2025-02-01", of=["pause-1-opened"], reason="A slip.", slip="ours")
    state = own_bundled.state("tiktok-status", "2025-05-01")
    assert (state["window"], state["enforcement"]["status"]) == (None, "applicable")


# the recorded clock


def test_recorded_at_replays_the_log_as_it_stood_at_an_instant(book):
    details = {"scope": "china", "year": 2025, "money": {"amount": "40", "currency": "CNY"}}
    book.clock.set(2026, 1, 1)
    book.open("m")
    book.record("m", "BudgetAllocated", "first", occurred="2025-01-21", announced="2025-01-21", details=details)
    book.clock.set(2026, 2, 1)
    correct(book, "c", "2025-01-22", "44", of="first", slip="ours")
    book.clock.set(2026, 3, 1)
    seen = [amount(book, "2025-02-01", recorded_at=at) for at in ("2026-01-31", "2026-01-31T23:59:59Z", "2026-02-01", "now")]
    assert seen == ["40", "40", "44", "44"]
    assert amount(book, "2025-02-01", recorded_at="2025-12-31T23:59Z") is None


def test_every_position_of_the_log_can_be_replayed(m):
    correct(m, "c", "2025-01-22", "44", slip="ours")
    seen = [amount(m, "2025-02-01", recorded_at=str(n)) for n in range(m.log.size() + 1)]
    assert seen == [None, None, "40", "40", "44"]


def test_a_position_that_the_log_has_not_reached_is_in_the_future(m):
    with pytest.raises(BadValue) as refused:
        amount(m, "2025-02-01", recorded_at=str(m.log.size() + 1))
    assert refused.value.field == "recorded_at"


def test_the_recorded_time_is_when_it_was_stored(book):
    book.clock.set(2026, 5, 5, 12)
    book.open("m")
    ((recorded,),) = book.rows("SELECT recorded FROM ledger")
    assert moment(recorded) == datetime(2026, 5, 5, 12, tzinfo=UTC)


# what is refused stores nothing


def test_an_unknown_matter_is_not_found(book):
    with pytest.raises(NotFound) as refused:
        book.record("nothing", "DevelopmentReported", "k", occurred="2025-01-01", details={"text": "X."})
    assert refused.value.field == "matter"


def test_what_will_be_known_only_later_is_refused(m):
    with pytest.raises(KnownInTheFuture) as refused:
        m.record("m", "DevelopmentReported", "k", occurred="2026-12-01", announced="2026-12-01", details={"text": "X."})
    assert refused.value.field == "announced"
    assert "'k'" not in str(m.rows("SELECT key FROM entries"))


def test_what_is_known_by_tonight_in_the_matters_zone_is_accepted(m):
    m.record("m", "DevelopmentReported", "k", occurred="2026-11-24", announced="2026-11-24", details={"text": "X."})
    with pytest.raises(KnownInTheFuture):
        m.record("m", "DevelopmentReported", "k2", occurred="2026-11-25", announced="2026-11-25", details={"text": "X."})


@pytest.mark.parametrize("scope", [["budgets.total-2025"], ["budgets.china"], ["budgets.china-2025.money.amount"]])
def test_a_denial_of_what_the_entry_does_not_claim_is_refused(m, scope):
    before = m.tables()
    with pytest.raises(ScopeReachesNothing) as refused:
        m.record("m", "ReportDenied", "d", announced="2025-01-22", of=["ft"], by="X", scope=["budgets.china-2025", *scope])
    assert refused.value.field == "scope.1"
    assert "budgets.china-2025.money" in refused.value.detail
    assert m.tables() == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nonsense": 1}, "nonsense"),
        ({"money": {"amount": "much", "currency": "CNY"}}, "money"),
        ({"year": "soon"}, "year"),
        ({"occurred": "2025-02-30"}, "occurred"),
        ({"sources": []}, "sources"),
        ({"summary": "<b>bold</b>"}, "summary"),
        ({"actor": "somebody"}, "actor"),
    ],
)
def test_a_correction_is_checked_as_the_entry_would_be(m, changes, field):
    before = m.tables()
    with pytest.raises((BadEntry, Refused)) as refused:
        m.record("m", "EntryCorrected", "c", announced="2025-06-01", of=["ft"], changes=changes)
    assert field in str(refused.value)
    assert m.tables() == before


@pytest.mark.parametrize(
    ("changes", "of"),
    [
        ({"kind": "ValuationReported"}, "ft"),
        ({"kind": "RevenueReported"}, "ft"),
        ({"announced": "2030-01-01"}, "ft"),
        ({"announced": None, "sources": [{"publisher": "P"}]}, "ft"),
        ({"scope": ["budgets.mars-2025"]}, "d"),
        ({"of": ["nothing"]}, "d"),
    ],
    ids=["kind", "other kind", "known in the future", "never known", "scope of nothing", "of nothing"],
)
def test_a_correction_that_would_break_a_rule_is_refused_and_not_stored(m, changes, of):
    m.record("m", "ReportDenied", "d", announced="2025-01-22", of=["ft"], by="X")
    before = m.tables()
    with pytest.raises((BadEntry, Refused)):
        m.record("m", "EntryCorrected", "c", announced="2025-06-01", of=[of], changes=changes)
    assert m.tables() == before


def test_a_correction_to_another_kind_of_the_same_shape_is_refused(own_bundled):
    changes = {"kind": "ExportRuleTightened"}
    with pytest.raises((BadEntry, Refused)):
        own_bundled.record(EXPORTS, "EntryCorrected", "c", announced="2026-06-01", of=["ai-diffusion-issued"], changes=changes)


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("ServiceSuspended", {"occurred": "2025-06-01", "details": {"where": ["service", "service"]}}, "details.where"),
        ("ExportRuleIssued", {"occurred": "2025-06-01", "details": {"rule": "r", "title": "R", "licences": [
            {"chip": "h20", "status": "allowed"}, {"chip": "h20", "status": "barred"}]}}, "details.licences"),
        ("ReportDenied", {"announced": "2025-06-01", "of": ["ft", "ft"], "by": "X"}, "of"),
        ("EntryRetracted", {"announced": "2025-06-01", "of": ["ft", "ft"], "reason": "X."}, "of"),
    ],
    ids=["where", "chip", "denied", "retracted"],
)  # fmt: skip
def test_the_same_thing_named_twice_in_one_entry_is_refused_by_its_field(m, kind, values, field):
    with pytest.raises(BadEntry) as refused:
        m.record("m", kind, "twice", **values)
    assert [(p.field, "twice" in p.detail) for p in refused.value.problems] == [(field, True)]


# the same thing twice


def test_the_same_entry_twice_stores_nothing_new(m):
    before = m.tables(), m.log.size()
    details = {"scope": "china", "year": 2025, "money": {"amount": "40", "currency": "CNY"}}
    entry = m.record("m", "BudgetAllocated", "ft", actor="another", occurred="2025-01-21", announced="2025-01-21", details=details)
    assert entry.actor == "tester"
    assert (m.tables(), m.log.size()) == before


def test_the_bundled_files_twice_store_nothing_new(own_bundled):
    before = own_bundled.tables(), own_bundled.log.size()
    assert [loaded.stored for loaded in own_bundled.load_bundled()] == [0, 0, 0]
    assert (own_bundled.tables(), own_bundled.log.size()) == before


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("EntryCorrected", {"of": ["us-company-remark"], "changes": {"summary": "In other words."}}),
        ("EntryCorrected", {"of": ["pause-1-opened"], "changes": {"pauses": False}}),
        ("EntryRetracted", {"of": ["us-company-remark"], "reason": "A slip."}),
        ("EntryRetracted", {"of": ["pause-1-opened"], "reason": "A slip."}),
    ],
    ids=["corrected", "pause corrected", "retracted", "opening retracted"],
)
def test_a_file_is_loaded_again_after_one_of_its_entries_was_amended(own_bundled, kind, values):
    own_bundled.record(TIKTOK, kind, "amended", announced="2026-06-01", slip="ours", **values)
    assert [loaded.stored for loaded in own_bundled.load_bundled()] == [0, 0, 0]


GOOD = """  - key: good
    kind: DevelopmentReported
    occurred: 2025-01-01
    announced: 2025-01-01
    details: {text: Something.}
    sources: [{publisher: P}]
"""


def test_a_bad_entry_is_told_with_file_line_and_field_and_nothing_of_its_file_is_stored(book, matter_file):
    bad = GOOD.replace("key: good", "key: bad").replace("sources: [{publisher: P}]", "sources: [{url: 'https://example.com'}]")
    path = matter_file("events:\n" + GOOD + bad)
    with pytest.raises(BadFile) as refused:
        book.daybook.load(path)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{path}, line 14, field sources.0 (entry bad): ")
    assert book.log.size() == 0


def test_every_bad_entry_of_a_file_is_told_at_once(book, matter_file):
    path = matter_file(
        "events:\n" + "".join(GOOD.replace("announced: 2025-01-01\n", "\n").replace("good", f"k{n}") for n in range(3))
    )
    with pytest.raises(BadFile) as refused:
        book.daybook.load(path)
    assert len(refused.value.problems) == 3


def test_a_file_whose_matter_differs_from_the_one_on_record_is_refused(book, matter_file):
    book.daybook.load(matter_file("events:\n" + GOOD))
    header = "matter:\n  slug: m\n  title: Another\n  summary: A matter.\n  time_zone: UTC\n  jurisdiction: US\n"
    with pytest.raises(BadFile) as refused:
        book.daybook.load(matter_file("events:\n" + GOOD.replace("good", "new"), header=header))
    assert "matter.title" in refused.value.problems[0]
    assert book.log.size() == 2


def test_a_file_with_a_new_entry_adds_only_that_one(book, matter_file):
    book.daybook.load(matter_file("events:\n" + GOOD))
    loaded = book.daybook.load(matter_file("events:\n" + GOOD + GOOD.replace("good", "new")))
    assert (loaded.stored, loaded.known_already) == (1, 1)


# sentences and windows that only a recorded matter has


def test_a_window_that_opens_without_a_due_date_is_told_in_a_sentence(own_bundled):
    details = {"window": "w", "title": "Comments", "purpose": "comments", "opened_by": "A notice"}
    own_bundled.record(
        TIKTOK, "WindowOpened", "w", occurred="2026-06-01", announced="2026-06-01", details=details, remarks="Unread."
    )
    (told,) = [c["sentence"] for c in own_bundled.diff("tiktok-status", "2026-05-31", "2026-06-01") if c["field"] == "window"]
    assert "Comments" in told
    assert "None" not in told


def test_a_window_opened_by_nobody_named_is_told_without_none(own_bundled):
    details = {"window": "w", "title": "Comments", "purpose": "comments", "due": "2026-12-30"}
    own_bundled.record(TIKTOK, "WindowOpened", "w", occurred="2026-06-01", announced="2026-06-01", details=details)
    (told,) = [c["sentence"] for c in own_bundled.diff("tiktok-status", "2026-05-31", "2026-06-01") if c["field"] == "window"]
    assert "Comments" in told
    assert "None" not in told


def test_a_rescinded_rule_is_rescinded_and_a_suspended_one_comes_back(own_bundled):
    record = own_bundled.record
    record(EXPORTS, "ExportRuleRescinded", "r", occurred="2026-06-01", announced="2026-06-01",
           details={"rule": "ai-diffusion", "citation": "91 FR 1"})  # fmt: skip
    found = [
        at_path(own_bundled.state("export-controls", day), "rules.ai-diffusion.status") for day in ("2026-05-31", "2026-06-01")
    ]
    assert found == ["rescission announced", "rescinded"]


# what a correction may not touch


@pytest.mark.parametrize(
    ("matter", "key", "field"),
    [
        (TIKTOK, "pause-1-extended-1", "window"),
        (TIKTOK, "pause-2-met", "window"),
        (TIKTOK, "pause-1-superseded", "superseded_by"),
        (TIKTOK, "pause-2-opened", "window"),
        (TIKTOK, "eo-13942-revoked", "order"),
        (TIKTOK, "pafaca-in-force", "law"),
        (EXPORTS, "affiliates-suspended", "rule"),
    ],
)
def test_what_an_entry_is_about_is_never_corrected(own_bundled, matter, key, field):
    with pytest.raises(Refused) as refused:
        own_bundled.record(matter, "EntryCorrected", "c", announced="2026-06-01", of=[key], changes={field: "another"})
    assert refused.value.field == f"changes.{field}"


def test_a_title_learnt_later_names_no_earlier_entry(own_bundled):
    own_bundled.record(
        TIKTOK, "EntryCorrected", "c", announced="2026-06-01", of=["pause-1-opened"], changes={"title": "Renamed in 2026"}
    )
    told = {e["key"]: e["headline"] for e in own_bundled.state("timeline", "2025-04-05", matter=TIKTOK)["events"]}
    assert told["pause-1-extended-1"] == "“Pause in enforcement” extended to 19 June 2025 by EO 14258"
    now = {e["key"]: e["headline"] for e in own_bundled.state("timeline", matter=TIKTOK)["events"]}
    assert now["pause-1-extended-1"] == "“Renamed in 2026” extended to 19 June 2025 by EO 14258"
