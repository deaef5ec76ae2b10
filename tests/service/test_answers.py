"""What the bundled matters answer: the questions that the product was asked for, as a table."""

import itertools
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from projections.tree import at_path

MATTERS = sorted((Path(__file__).resolve().parents[2] / "matters").glob("*.yaml"))
NOT_SURE = {"F019", "F029", "F014", "F042", "F056", "F067"}
FACTS = [f"F{n:03d}" for n in (*range(1, 72), 74)]
ARTICLE = [f"A{n}" for n in range(1, 19)]

TABLE = [
    # view, as_of, known_on, {path: value}
    ("tiktok-status", "2020-01-01", None, {
        "service.status": "available", "law.status": "none", "enforcement.status": "not applicable", "window": None,
        "ownership.status": "bytedance", "next_deadline": None, "orders": []}),
    ("tiktok-status", "2024-04-24", None, {
        "law.status": "enacted", "enforcement.status": "not applicable", "window.name": "divest-or-ban", "window.due": "2025-01-19",
        "window.due_is": "effect day", "window.days_left": 270, "ownership.status": "sale required"}),
    ("tiktok-status", "2025-01-18", None, {"service.status": "suspended", "service.app_stores": "suspended", "law.status": "enacted"}),
    ("tiktok-status", "2025-01-19", None, {
        "law.status": "in force", "enforcement.status": "applicable", "window": None, "service.status": "available",
        "service.app_stores": "suspended", "next_deadline": None}),
    ("tiktok-status", "2025-01-19", "now", {"law.status": "in force", "enforcement.status": "paused", "window": None}),
    ("tiktok-status", "2025-01-20T10:00-05:00", None, {"enforcement.status": "applicable", "window": None}),
    ("tiktok-status", "2025-01-20", None, {"enforcement.status": "paused", "window.due": "2025-04-05", "window.days_left": 75}),
    ("tiktok-status", "2025-03-21", None, {
        "service.status": "available", "enforcement.status": "paused", "window.opened_by": "EO 14166", "window.legal_basis": "EO 14166",
        "window.due": "2025-04-05", "window.due_is": "last day", "window.days_left": 15, "window.status": "open",
        "window.extensions": 0, "window.computed": "2025-04-05", "next_deadline.due": "2025-04-05", "ownership.status": "sale required"}),
    ("tiktok-status", "2025-04-03", None, {"window.due": "2025-04-05", "window.days_left": 2}),
    ("tiktok-status", "2025-04-04", None, {"window.due": "2025-06-19", "window.legal_basis": "EO 14258", "window.extensions": 1}),
    ("tiktok-status", "2025-04-05", None, {"window.due": "2025-06-19", "window.days_left": 75, "enforcement.status": "paused"}),
    ("tiktok-status", "2025-06-19", None, {"window.due": "2025-09-17", "window.legal_basis": "EO 14310", "window.extensions": 2}),
    ("tiktok-status", "2025-09-20", None, {
        "window.due": "2025-12-16", "window.legal_basis": "EO 14350", "window.opened_by": "EO 14166", "window.extensions": 3,
        "window.opens": "2025-01-20", "enforcement.status": "paused"}),
    ("tiktok-status", "2025-09-26", None, {
        "window.due": "2026-01-23", "window.opened_by": "EO 14352", "window.legal_basis": "EO 14352", "window.extensions": 0,
        "former_windows.pause-1.status": "superseded", "former_windows.pause-1.superseded_by": "pause-2", "enforcement.status": "paused"}),
    ("tiktok-status", "2025-12-18", None, {"ownership.status": "deal agreed"}),
    ("tiktok-status", "2026-01-21", None, {"window.status": "open", "window.days_left": 2, "enforcement.status": "paused"}),
    ("tiktok-status", "2026-01-22", None, {"window": None, "former_windows.pause-2.status": "met", "enforcement.status": "not applicable"}),
    ("tiktok-status", "2026-02-01", None, {
        "window": None, "ownership.status": "joint venture", "enforcement.status": "not applicable", "law.status": "in force",
        "next_deadline": None}),
    ("export-controls", "2025-03-01", None, {
        "rules.ai-diffusion.status": "in force", "rules.ai-diffusion.compliance": "2025-05-15",
        "rules.ai-diffusion.effective": "2025-01-13", "nvidia_china.h20": None}),
    ("export-controls", "2025-05-12", None, {"rules.ai-diffusion.status": "in force"}),
    ("export-controls", "2025-05-14", None, {"rules.ai-diffusion.status": "rescission announced"}),
    ("export-controls", "2025-04-14", None, {"nvidia_china.h20": None}),
    ("export-controls", "2025-04-14", "now", {"nvidia_china.h20": "licence required"}),
    ("export-controls", "2025-04-15", None, {"nvidia_china.h20": "licence required"}),
    ("export-controls", "2025-08-12", None, {"nvidia_china.h20": "licence required", "nvidia_china.h200": None}),
    ("export-controls", "2025-12-08", None, {"nvidia_china.h200": None}),
    ("export-controls", "2026-01-14", None, {"nvidia_china.h200": None, "rules.h200-case-by-case.status": "announced"}),
    ("export-controls", "2026-01-15", None, {"nvidia_china.h200": "case by case", "rules.h200-case-by-case.status": "in force"}),
    ("export-controls", "2023-11-16", None, {"rules.advanced-computing-2023.status": "announced"}),
    ("export-controls", "2023-11-17", None, {"rules.advanced-computing-2023.status": "in force"}),
    ("export-controls", "2025-11-09", None, {"rules.affiliates-50-percent.status": "in force"}),
    ("export-controls", "2026-11-09", None, {"rules.affiliates-50-percent.status": "suspended"}),
    ("export-controls", "2026-11-10", None, {"rules.affiliates-50-percent.status": "in force"}),
    ("procurement", "2025-01-20", None, {"budgets": [], "supplier_shares": [], "sourcing_guidance": [], "company.valuation": None}),
    ("procurement", "2025-01-21", None, {
        "budgets.china-2025.money": {"amount": "40000000000", "currency": "CNY", "qualifier": None},
        "budgets.china-2025.usd": {"amount": "5500000000", "currency": "USD", "qualifier": None},
        "budgets.overseas-2025.money": {"amount": "6800000000", "currency": "USD", "qualifier": "about"},
        "budgets.total-2025.money": {"amount": "12000000000", "currency": "USD", "qualifier": "over"},
        "budgets.china-2025.standing": "denied", "budgets.overseas-2025.standing": "denied", "budgets.total-2025.standing": "denied",
        "supplier_shares.china-domestic-2025.share": "0.6", "supplier_shares.china-domestic-2025.qualifier": "about",
        "supplier_shares.china-domestic-2025.suppliers": ["Huawei", "Cambricon"],
        "supplier_shares.china-domestic-2025.standing": "reported",
        "sourcing_guidance.domestic-minimum-2025.minimum_domestic_share": "0.3",
        "company.valuation.money": {"amount": "300000000000", "currency": "USD", "qualifier": None}}),
    ("procurement", "2026-01-28", None, {
        "budgets.china-huawei-ascend-2026.standing": "contested", "sourcing_guidance.h200-customs-2026.status": "replaced"}),
    ("procurement", "2026-05-31", None, {"budgets.total-capex-2026.standing": "contested"}),
]  # fmt: skip


@pytest.mark.parametrize(("view", "as_of", "known_on", "expected"), TABLE)
def test_the_bundled_matters_answer(bundled, view, as_of, known_on, expected):
    state = bundled.state(view, as_of, known_on)
    assert {path: at_path(state, path) for path in expected} == expected


def test_before_the_report_there_is_no_plan_of_twelve_billion(bundled):
    state = bundled.state("procurement", "2025-01-20")
    assert state["budgets"] == []
    assert "12000000000" not in str(state)


def test_the_denial_stands_in_reuters_words_and_the_narrower_one_beside_it(bundled):
    disputes = {d["id"]: d for d in bundled.state("procurement", "2025-01-21")["disputes"]}
    wide, narrow = disputes["bytedance-denial-2025-01-21"], disputes["ft-denial-2025-01-21"]
    assert (wide["by"], narrow["by"]) == ("ByteDance", "ByteDance")
    assert "incorrect" in wide["statement"]
    assert wide["scope"] == ["budgets.total-2025", "budgets.china-2025", "budgets.overseas-2025"]
    assert narrow["scope"] == ["budgets.overseas-2025"]


def test_the_denied_budget_names_both_denials_as_its_events(bundled):
    body = bundled.daybook.view("procurement", bundled.daybook.ask("2025-01-21")).body()["state_of"]
    assert body["budgets.overseas-2025.money"]["events"] == [
        f"bytedance-ai-procurement.{key}" for key in ("ft-2025-overseas", "bytedance-denial-2025-01-21", "ft-denial-2025-01-21")
    ]
    assert body["supplier_shares.china-domestic-2025.share"]["standing"] == "reported"


def test_only_one_window_is_due_within_30_days_of_30_march_2025(bundled):
    ask = bundled.daybook.ask("2025-03-30")
    near = bundled.daybook.deadlines(ask, within=30)["deadlines"]
    assert [(d["window"], d["days_left"], d["due"]) for d in near] == [("pause-1", 6, "2025-04-05")]
    assert len(bundled.daybook.deadlines(ask)["deadlines"]) > 1


def test_two_orders_of_the_same_title_are_two_orders(bundled):
    orders = [o for o in bundled.state("tiktok-status", "2025-10-01")["orders"] if o["title"].startswith("Further Extending")]
    assert [(o["order"], o["signed"]) for o in orders] == [("EO 14310", "2025-06-19"), ("EO 14350", "2025-09-16")]


def test_an_order_of_2020_is_revoked_in_2021_and_not_before(bundled):
    found = [at_path(bundled.state("tiktok-status", day), "orders.eo-13942.status") for day in ("2021-06-08", "2021-06-09")]
    assert found == ["signed", "revoked"]


def test_rival_figures_stand_beside_each_other_and_neither_is_erased(bundled):
    state = bundled.state("procurement", "2026-01-01")
    huawei = at_path(state, "budgets.china-huawei-ascend-2026")
    assert {huawei["money"]["amount"], *(r["money"]["amount"] for r in huawei["rivals"])} == {"40000000000", "400000000000"}
    assert huawei["standing"] == "contested"


def test_what_is_known_only_later_is_withheld_and_counted(bundled):
    then = bundled.daybook.view("tiktok-status", bundled.daybook.ask("2025-01-19")).point
    hindsight = bundled.daybook.view("tiktok-status", bundled.daybook.ask("2025-01-19", "now")).point
    assert then["withheld"] > 0 == hindsight["withheld"]
    assert (then["records_start"], then["time_zone"], then["future"]) == ("2020-08-06", "America/New_York", False)


def test_a_question_about_a_day_to_come_is_answered_as_known_today_and_says_so(bundled):
    answered = bundled.daybook.view("export-controls", bundled.daybook.ask("2027-06-01"))
    assert answered.point["future"] is True
    assert answered.point["known_on"] == "2026-11-24"
    assert at_path(answered.state, "rules.affiliates-50-percent.status") == "in force"


@pytest.mark.parametrize("parameter", ["known_on", "recorded_at"])
@pytest.mark.parametrize("value", ["2026-11-27", "2999-01-01", "2026-11-24T12:01Z"])
def test_nobody_has_known_or_recorded_anything_in_the_future(bundled, parameter, value):
    from domain.errors import BadValue

    with pytest.raises(BadValue) as refused:
        bundled.daybook.ask(**{parameter: value})
    assert refused.value.field == parameter


@pytest.mark.parametrize("parameter", ["as_of", "known_on", "recorded_at"])
@pytest.mark.parametrize("value", ["2025-03", "yesterday", "2025-02-30", "2025~", "../2025"])
def test_a_point_is_one_certain_day_or_instant(bundled, parameter, value):
    from domain.errors import BadValue

    with pytest.raises(BadValue) as refused:
        bundled.daybook.ask(**{parameter: value})
    assert refused.value.field == parameter


def test_an_unknown_view_or_matter_is_not_found(bundled):
    from domain.errors import NotFound

    with pytest.raises(NotFound):
        bundled.state("nothing")
    with pytest.raises(NotFound):
        bundled.state("timeline", matter="nothing")


# every day of the record


def every_day(step: int = 9):
    day = date(2024, 4, 1)
    while day < date(2026, 7, 1):
        yield day
        day += timedelta(days=step)


def test_state_and_state_of_have_the_same_paths_all_through_the_record(bundled):
    for day in every_day(30):
        for view in ("tiktok-status", "procurement", "export-controls", "deadlines"):
            body = bundled.daybook.view(view, bundled.daybook.ask(day.isoformat())).body()
            for path, told in body["state_of"].items():
                at_path(body["state"], path)
                assert told["standing"], path
                assert told["events"], path
                assert set(told["events"]) <= set(body["events"]) | amendments(bundled), path


def amendments(bundled) -> set[str]:
    return {row[0] for row in bundled.rows("SELECT matter || '.' || key FROM notices")}


def test_as_known_then_nothing_of_a_later_day_is_behind_any_value(bundled):
    for day in every_day(30):
        for view in ("tiktok-status", "procurement", "export-controls"):
            body = bundled.daybook.view(view, bundled.daybook.ask(day.isoformat())).body()
            assert [e["id"] for e in body["events"].values() if e["known"] > day.isoformat()] == []


def test_every_change_is_told_in_a_whole_sentence_all_through_the_record(bundled):
    days = list(every_day())
    told = [
        change["sentence"]
        for view in ("tiktok-status", "procurement", "export-controls", "deadlines", "timeline")
        for before, after in itertools.pairwise(days)
        for change in bundled.diff(view, before.isoformat(), after.isoformat())
    ]
    assert len(told) > 200
    assert [s for s in told if not s or re.search(r"\b(None|null|nan)\b|[{}\[\]]", s)] == []


def test_why_answers_for_every_value_of_every_view(bundled):
    for day in ("2025-01-19", "2025-09-26", "2026-06-01"):
        for view in ("tiktok-status", "procurement", "export-controls"):
            answered = bundled.daybook.view(view, bundled.daybook.ask(day))
            for path in answered.leaves:
                found = bundled.why(view, path, day)
                assert found["value"] == at_path(answered.state, path)
                assert found["claims"], path
                assert all(claim["sources"] or claim["later_sources"] for claim in found["claims"]), path


# why, diff


def test_why_a_due_date_is_what_it_is(bundled):
    found = bundled.why("tiktok-status", "window.due", "2025-03-21")
    assert (found["value"], found["standing"]) == ("2025-04-05", "official")
    (claim,) = found["claims"]
    assert (claim["event"], claim["known"], claim["current"]) == ("tiktok-divestiture.pause-1-opened", "2025-01-20", True)
    assert next(s["publisher"] for s in claim["sources"]) == "Federal Register"
    assert any("Day 75 is 5 April 2025" in step for step in found["rule"]["steps"])


def test_why_shows_what_a_due_date_was_before(bundled):
    found = bundled.why("tiktok-status", "window.due", "2025-09-20")
    assert [(c["value"], c["current"]) for c in found["claims"]] == [
        ("2025-12-16", True), ("2025-09-17", False), ("2025-06-19", False), ("2025-04-05", False),
    ]  # fmt: skip
    assert found["rule"] is None


def test_why_knows_no_later_claim(bundled):
    assert "2025-06-19" not in str(bundled.why("tiktok-status", "window.due", "2025-03-21"))


def test_why_of_a_value_that_is_not_there_names_the_field(bundled):
    from domain.errors import BadValue

    for field in ("window.nothing", "window", "budgets", "", "window.due.x", "former_windows.nothing.due"):
        with pytest.raises(BadValue) as refused:
            bundled.why("tiktok-status", field, "2025-03-21")
        assert refused.value.field == "field"


def test_a_diff_tells_that_the_due_date_moved_and_by_what(bundled):
    changes = bundled.diff("tiktok-status", "2025-03-21", "2025-04-05")
    assert "Due date moved from 5 April to 19 June 2025, by EO 14258" in [c["sentence"] for c in changes]
    (due,) = [c for c in changes if c["field"] == "window.due"]
    assert (due["before"], due["after"], due["events"]) == ("2025-04-05", "2025-06-19", ["tiktok-divestiture.pause-1-extended-1"])


def test_a_diff_over_the_turn_of_a_year_says_both_years(bundled):
    told = [c["sentence"] for c in bundled.diff("deadlines", "2025-01-10", "2025-01-10")]
    assert told == []
    (window,) = [c for c in bundled.diff("tiktok-status", "2025-09-24", "2025-09-26") if c["field"] == "window"]
    assert "16 December 2025" in window["sentence"]
    assert "23 January 2026" in window["sentence"]


def test_a_diff_of_a_day_with_itself_as_known_then_and_now_tells_what_hindsight_changed(bundled):
    ask = bundled.daybook.ask
    changes = bundled.daybook.diff("tiktok-status", ask("2025-01-19"), ask("2025-01-19", "now"))["changes"]
    assert [(c["before"], c["after"]) for c in changes if c["field"] == "enforcement.status"] == [("applicable", "paused")]


def test_days_that_go_by_are_no_change(bundled):
    assert bundled.diff("tiktok-status", "2025-03-21", "2025-03-22") == []


# the files themselves


@pytest.mark.parametrize("name", [f for f in FACTS if f not in NOT_SURE] + ARTICLE)
def test_every_sure_fact_is_bundled(name):
    comments = re.findall(r"^ +# ([FA0-9, ]+)$", "\n".join(path.read_text(encoding="utf-8") for path in MATTERS), re.MULTILINE)
    assert name in {each.strip() for comment in comments for each in comment.split(",")}


@pytest.mark.parametrize("name", sorted(NOT_SURE))
def test_no_unsure_fact_is_bundled(name):
    assert not any(re.search(rf"# .*\b{name}\b", path.read_text(encoding="utf-8")) for path in MATTERS)


@pytest.mark.parametrize("path", MATTERS, ids=lambda path: path.stem)
def test_every_bundled_entry_has_sources_that_say_whose_they_are(path):
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["events"]
    assert entries
    for entry in entries:
        assert entry["sources"], entry["key"]
        assert all(s.get("publisher") or s.get("citation") or s.get("title") for s in entry["sources"]), entry["key"]


@pytest.mark.parametrize("path", MATTERS, ids=lambda path: path.stem)
def test_no_bundled_address_is_a_file_name(path):
    addresses = re.findall(r"(?:url|seen_at|archived_url): (\S+)", path.read_text(encoding="utf-8"))
    assert [a for a in addresses if not a.startswith(("https://", "http://"))] == []
