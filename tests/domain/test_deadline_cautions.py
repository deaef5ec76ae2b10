"""What an authority leaves open, what a reader must be told, and readings of which the earlier leads."""

from datetime import date

import pytest

from domain.deadlines import Period, count
from domain.errors import BadValue


def told(start, length, unit="days", rule="frcp-6a", known=None, **more):
    return count(Period(start, length, unit, rule, **more), known)


def court_back(start, length, *shut, **more):
    return told(start, length, before=True, inaccessible=shut, **more)


def test_an_inaccessible_office_never_moves_a_period_that_runs_back_to_its_trigger_or_beyond():
    result = court_back("2026-01-12", 2, "2026-01-09", "2026-01-12")
    assert result.due == "2026-01-09"
    assert "no accessible day is left before the trigger" in result.cautions[0]
    assert court_back("2026-01-13", 1, "2026-01-12", "2026-01-13", "2026-01-14").due == "2026-01-12"
    hours = told("2026-01-12T10:00", 48, "hours", before=True, zone="America/New_York", inaccessible=("2026-01-09",))
    assert hours.due == "2026-01-09T10:00:00-05:00"


def test_an_extension_in_a_period_that_runs_back_tells_the_day_that_is_safe():
    result = court_back("2026-02-06", 14, "2026-01-23")
    assert result.due == "2026-01-26"
    assert "safe on any reading is 22 January 2026" in result.cautions[0]


def test_days_of_an_inaccessible_office_that_move_nothing_are_told():
    result = told("2026-01-02", 21, inaccessible=("2026-01-22",))
    assert (result.due, result.cautions) == ("2026-01-23", ())
    assert "The clerk’s office was not inaccessible on 23 January 2026, so the days given move nothing." in result.steps


@pytest.mark.parametrize(
    ("start", "back", "shut"),
    [("2025-01-23", True, "2025-01-08"), ("2024-12-26", False, "2025-01-10"), ("2018-11-21", False, "2018-12-06")],
)
def test_the_earlier_reading_leads_also_where_the_office_was_inaccessible(start, back, shut):
    result = told(start, 14, before=back, inaccessible=(shut,))
    (caution,) = [each for each in result.cautions if "6(a)(6)(B)" in each]
    other = date.fromisoformat({"2025-01-23": "2025-01-10", "2024-12-26": "2025-01-13", "2018-11-21": "2018-12-07"}[start])
    assert date.fromisoformat(result.due) < other
    assert f"the period ends on {other.day} " in caution


@pytest.mark.parametrize(
    ("start", "due", "without"), [("2026-03-17", "2026-04-01", "31 March 2026"), ("2026-04-06", "2026-04-21", "20 April 2026")]
)
def test_a_date_that_rests_on_a_holiday_of_a_state_tells_the_date_without_it(start, due, without):
    state = "US-TX" if start == "2026-03-17" else "US-MA"
    result = told(start, 14, jurisdiction=state)
    assert result.due == due
    assert f"rests on a holiday of {state}" in result.cautions[0]
    assert result.cautions[0].endswith(f"ends on {without}.")
    assert told("2026-03-02", 14, jurisdiction=state).cautions == ()


def test_where_no_state_is_named_a_period_that_runs_forward_says_what_could_move_it():
    said = "No state is named: a holiday of the state where the court sits could move the last day (Rule 6(a)(6)(C))."
    assert said in told("2026-03-02", 14).steps
    assert said not in told("2026-03-02", 14, before=True).steps
    assert said not in told("2026-03-02", 14, jurisdiction="US-NY").steps


def test_a_trigger_older_than_the_rule_is_told_how_the_rule_read():
    assert "since 1 December 2009" in told("2005-03-01", 10).cautions[0]
    assert told("2009-12-01", 10).cautions == ()


def test_an_effect_day_of_an_act_of_the_union_does_not_move():
    result = told("2026-01-11", 20, rule="eu-1182-71", due_is="effect day")
    assert result.due == "2026-01-31"
    assert "A day on which something takes effect or ends does not move (article 4(1))." in result.steps
    assert told("2026-01-11", 20, rule="eu-1182-71").due == "2026-02-02"
    assert told("2026-01-09", 2, rule="eu-1182-71", due_is="effect day").due == "2026-01-11"
    assert told("2019-03-01", 15, rule="1-cfr-18.17", due_is="effect day").due == "2019-03-18"


@pytest.mark.parametrize("due_is", ["effect day", "someday"])
def test_a_rule_of_court_knows_no_effect_day_and_nobody_knows_another(due_is):
    with pytest.raises(BadValue) as refused:
        told("2026-01-11", 20, due_is=due_is)
    assert refused.value.field == "due_is"


@pytest.mark.parametrize("rule", ["frcp-6a", "calendar", "1-cfr-18.17"])
def test_a_moment_in_utc_is_no_day_without_the_zone_of_the_place(rule):
    with pytest.raises(BadValue) as refused:
        told("2026-11-11T04:30Z", 14, rule=rule)
    assert refused.value.field == "zone"
    assert told("2026-11-11T04:30Z", 14, rule=rule, zone="America/New_York").due == "2026-11-24"
    assert told("2026-11-10T23:30-05:00", 14, rule=rule).due == "2026-11-24"


@pytest.mark.parametrize(
    ("start", "zone_name", "word"),
    [("2026-11-02T12:00", "America/New_York", "back"), ("2026-03-30T12:00", "Europe/Berlin", "forward")],
)
def test_counted_back_over_a_change_of_the_clock_its_direction_is_as_it_was(start, zone_name, word):
    result = told(start, 72, "hours", "real-hours", before=True, zone=zone_name)
    assert any(f"The clocks went {word} in between." in step for step in result.steps)


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-04-02", 1, "2026-04-08"),
        ("2026-04-01", 5, "2026-04-11"),
        ("2025-04-17", 1, "2025-04-22"),
        ("2025-12-19", 1, "2025-12-20"),
    ],
)
def test_business_days_in_hong_kong_are_its_general_holidays_and_sundays(start, length, due):
    result = told(start, length, "business days", "calendar", jurisdiction="HK")
    assert result.due == due
    assert "Saturdays are working days in HK: the weekly holiday is Sunday." in result.steps


def test_only_a_calendar_whose_changes_are_dated_says_as_known_on_when():
    court, irish = (
        told("2022-03-08", 10, rule=rule, known=date(2022, 1, 1), jurisdiction=where).steps
        for rule, where in (("frcp-6a", "US-NY"), ("eu-1182-71", "IE"))
    )
    assert "The calendar is that of US and US-NY, as known on 1 January 2022." in court
    assert "The calendar is that of IE, as it stands today: when its holidays became known is not kept here." in irish


def test_an_approximate_trigger_gives_an_approximate_date_and_one_end_is_told_as_one():
    about = told("2026-05-03~", 10, rule="calendar")
    assert about.due == "2026-05-13~"
    assert "is approximate, and so is the due date" in about.steps[0]
    same = told("2026-04-03/2026-04-04", 14, jurisdiction="US-MA")
    assert (same.due, same.earliest, same.latest) == ("2026-04-17/2026-04-21", date(2026, 4, 17), date(2026, 4, 21))
    one = told("2026-04-04/2026-04-05", 14, jurisdiction="US-MA")
    assert one.due == "2026-04-21"
    assert "from each of its days the end is the same" in one.steps[0]


def test_what_was_asked_for_against_the_authority_says_what_the_authority_would_do():
    steps = told("2026-01-02", 22, no_roll=True).steps
    assert "The last day does not move, as asked for; Rule 6(a)(1)(C) would move one that is closed." in steps


def test_moved_days_in_china_are_named_with_iso_dates():
    (left_out,) = [
        s for s in told("2026-02-12", 5, "business days", "calendar", jurisdiction="CN").steps if s.startswith("Left out")
    ]
    assert "substituted from 2026-02-14" in left_out


def test_a_period_of_one_day_names_its_day_once():
    assert sum("Day 1 is" in step for step in told("2026-01-05", 1, rule="calendar").steps) == 1
