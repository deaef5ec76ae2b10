"""`daybook count`: the due date with its steps, JSON as the API has it, and one line that names what was wrong."""

import json

import pytest

SHAPE = {
    "due", "rule", "authority", "steps", "earliest", "latest", "nominal", "skipped", "cautions", "due_is", "ends", "zone", "known_on",
    "days_left", "working_days_left",
}  # fmt: skip


def counted(run, *arguments):
    done = run("count", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_answer_is_readable_with_its_rule_its_authority_and_its_steps(run):
    printed = run("count", "2018-11-20", "15 days", "--rule", "1-cfr-18.17", "--zone", "America/New_York").stdout
    lines = printed.splitlines()
    assert lines[0].startswith("Due 6 December 2018 (2018-12-06) — rule 1-cfr-18.17: 1 CFR 18.17")
    assert lines[1] == "  1. The trigger is 20 November 2018; that day is not counted."
    assert "EO 13852" in printed
    assert "  Had nothing moved it: 2018-12-05." in lines
    assert "  Over from 2018-12-07T00:00:00-05:00." in lines
    assert "left" not in printed


def test_what_lies_ahead_says_the_days_left(run):
    printed = run("count", "2900-01-01", "1 day").stdout
    assert " days left" in printed
    assert "working" not in printed  # no calendar reaches so far


def test_json_has_the_fields_that_scripts_rely_on_and_the_rest(run):
    body = counted(run, "2025-01-20", "75 days")
    assert set(body) == SHAPE
    assert (body["due"], body["rule"]) == ("2025-04-05", "calendar")
    assert "EO 14352" in body["authority"]
    assert body["steps"][2] == "Day 75 is 5 April 2025, a Saturday."
    assert (body["earliest"], body["latest"], body["nominal"], body["skipped"]) == ("2025-04-05", "2025-04-05", "2025-04-05", [])
    assert (body["ends"], body["zone"], body["days_left"], body["working_days_left"]) == (None, None, None, None)


def test_a_closed_day_is_given_with_why_and_on_whose_authority(run):
    (skipped,) = counted(run, "2018-11-20", "15 days", "--rule", "1-cfr-18.17")["skipped"]
    assert skipped["day"] == "2018-12-05"
    assert skipped["why"] == "Day of Mourning for President George H.W. Bush"
    assert skipped["authority"].startswith("EO 13852")


@pytest.mark.parametrize(
    ("known_on", "due"), [("2018-11-20", "2018-12-05"), ("2018-11-30", "2018-12-05"), ("2018-12-01", "2018-12-06")]
)
def test_a_closing_counts_from_the_day_it_became_known(run, known_on, due):
    body = counted(run, "2018-11-20", "15 days", "--rule", "1-cfr-18.17", "--known-on", known_on)
    assert (body["due"], body["known_on"]) == (due, known_on)


@pytest.mark.parametrize(
    ("arguments", "due"),
    [
        (["2025-04-05", "75 days", "--before"], "2025-01-20"),
        (["2025-01-20", "75 days", "--from-trigger"], "2025-04-04"),
        (["20 January 2025", "75 day"], "2025-04-05"),
        (["2025-01-20", "75"], "2025-04-05"),
        (["2026-01-30", "1 month"], "2026-02-28"),
        (["2026-11-24", "3 working days"], "2026-11-30"),
        (["2018-11-20", "15 days", "--rule", "1-cfr-18.17", "--no-roll"], "2018-12-05"),
        (["2026-04-06", "14 days", "--rule", "frcp-6a", "--jurisdiction", "US-MA"], "2026-04-21"),
        (["2026-04-06", "14 days", "--rule", "frcp-6a", "--inaccessible", "2026-04-20", "--inaccessible", "2026-04-21"], "2026-04-22"),
        (["2025-03", "30 days"], "2025-03-31/2025-04-30"),
        (["2026-03-27T12:00", "72 hours", "--rule", "real-hours", "--zone", "Europe/Berlin"], "2026-03-30T13:00:00+02:00"),
        (["2026-10-23T12:00+02:00", "72 hours", "--rule", "real-hours", "--zone", "Europe/Berlin"], "2026-10-26T11:00:00+01:00"),
        (["2026-03-27T12:00Z", "72 hours", "--rule", "real-hours"], "2026-03-30T12:00:00+00:00"),
    ],
)  # fmt: skip
def test_each_option_counts(run, arguments, due):
    assert counted(run, *arguments)["due"] == due


def test_a_due_day_is_over_after_its_end_and_an_effect_day_at_its_start(run):
    day = ("2025-01-20", "75 days", "--zone", "America/New_York")
    assert counted(run, *day)["ends"] == "2025-04-06T00:00:00-04:00"
    body = counted(run, *day, "--effect-day")
    assert (body["due_is"], body["ends"]) == ("effect day", "2025-04-05T00:00:00-04:00")


def test_a_span_is_printed_with_both_its_ends(run):
    assert "Due earliest 31 March 2025, latest 30 April 2025 (2025-03-31/2025-04-30)" in run("count", "2025-03", "30 days").stdout
    assert "Due latest 30 April 2025 (../2025-04-30)" in run("count", "../2025-03", "30 days").stdout
    assert "Due about 5 April 2025 (2025-04-05~)" in run("count", "2025-01-20~", "75 days").stdout


def test_counting_needs_no_store(run, tmp_path):
    assert run("count", "2025-01-20", "75 days", folder=tmp_path / "none").returncode == 0
    assert not (tmp_path / "none").exists()


def test_the_help_names_every_rule(run):
    told = run("count", "--help").stdout
    for rule in ("calendar", "1-cfr-18.17", "frcp-6a", "eu-1182-71", "real-hours"):
        assert rule in told


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["2025-02-30", "75 days"], "start: “2025-02-30” is not a date: February 2025 has no day 30."),
        (["2025-01-20", "-1 days"], "-1"),
        (["2025-01-20", "0 days"], "length: A length is a whole number of days from 1 to 36,525, not “0”."),
        (["2025-01-20", "36526 days"], "length:"),
        (["2025-01-20", "1.5 days"], "period: “1.5 days” is not a period."),
        (["2025-01-20", "75 moons"], "unit: “moons” is not a unit."),
        (["2025-01-20", "75 days", "--rule", "lunar"], "rule: There is no rule “lunar” here."),
        (["2025-01-20", "75 days", "--rule", "real-hours"], "unit: The rule real-hours counts hours"),
        (["2025-01-20", "15 days", "--rule", "1-cfr-18.17", "--before"], "before: The rule 1-cfr-18.17 counts forward only."),
        (["2025-01-20", "15 days", "--rule", "frcp-6a", "--from-trigger"], "counting:"),
        (["2025-01-20", "15 days", "--inaccessible", "2025-02-04"], "inaccessible:"),
        (["2025-01-20", "15 days", "--rule", "frcp-6a", "--inaccessible", "monday"], "inaccessible:"),
        (["2025-01-20", "15 days", "--rule", "1-cfr-18.17", "--jurisdiction", "DE"], "jurisdiction:"),
        (["2025-01-20", "15 days", "--jurisdiction", "Atlantis"], "jurisdiction:"),
        (["2025-01-20", "15 days", "--zone", "Mars/Base"], "zone: “Mars/Base” is not a time zone."),
        (["2025-01-20", "72 hours", "--rule", "real-hours", "--zone", "Europe/Berlin"], "start:"),
        (["2025-01-20T10:00", "72 hours", "--rule", "real-hours"], "start: “2025-01-20T10:00” is a time in which time zone?"),
        (["2026-03-29T02:30", "72 hours", "--rule", "real-hours", "--zone", "Europe/Berlin"], "start: There was no"),
        (["2025-01-20", "75 days", "--known-on", "2999-01-01"], "known_on:"),
        (["2025-01-20"], "PERIOD"),
        (["2025-01-20", "75 days", "--round"], "--round"),
    ],
)  # fmt: skip
def test_bad_input_exits_with_2_and_one_line_and_prints_no_date(run, arguments, named):
    done = run("count", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.startswith("daybook: ")
    assert named in done.stderr
