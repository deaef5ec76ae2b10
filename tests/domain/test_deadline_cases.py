"""Due dates worked out by hand from the authorities, the sentences that explain them, and the calendars behind them."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from domain.deadlines import RULES, UNITS, Calendar, Period, became_known, count
from domain.deadlines.closings import BY_LAW, BY_ORDER

CASES = list(csv.DictReader(Path(__file__).parents[1].joinpath("data", "deadline_cases.csv").read_text("utf-8").splitlines()))
PARTS = {"rule": str, "start": str, "length": int, "unit": str, "counting": str, "jurisdiction": str, "zone": str}


def period_of(case):
    """A row as a period; an empty cell is left out."""
    parts = {name: read(case[name]) for name, read in PARTS.items() if case[name]}
    flags = {name: case[name] == "yes" for name in ("before", "no_roll")}
    return Period(**parts, **flags, inaccessible=tuple(case["inaccessible"].split()))


def counted(name):
    case = next(case for case in CASES if case["id"] == name)
    return count(period_of(case), date.fromisoformat(case["known_on"]) if case["known_on"] else None)


@pytest.mark.parametrize("name", [case["id"] for case in CASES])
def test_a_period_ends_on_the_day_worked_out_by_hand(name):
    assert counted(name).due == next(case["due"] for case in CASES if case["id"] == name)


def test_the_table_is_whole():
    assert len({case["id"] for case in CASES}) == len(CASES) > 60
    assert all(case["authority"] and case["why"] and None not in case for case in CASES)
    assert {case["before"] for case in CASES} | {case["no_roll"] for case in CASES} == {"", "yes"}


def test_the_table_knows_every_rule_set_in_every_unit_both_ways():
    here = {(case["rule"], period_of(case).before) for case in CASES}
    assert here == {(rule.name, way) for rule in RULES.values() for way in {False, rule.before}}
    names = {unit[:-1]: unit for unit in UNITS} | {"working days": "business days"}
    units = {(case["rule"], names.get(case["unit"], case["unit"])) for case in CASES}
    assert units == {(rule.name, unit) for rule in RULES.values() for unit in rule.units}


STEPS = {
    "order-75": [
        "The trigger is 20 January 2025; that day is not counted.",
        "Day 1 is 21 January 2025.",
        "Day 75 is 5 April 2025, a Saturday.",
        "Plain calendar days: weekends and holidays count, and the last day does not roll.",
    ],
    "day-in-the-zone": [
        "The trigger is 21 January 2025, 01:00 (UTC), which falls on 20 January 2025 in America/New_York; that day is not counted.",
        "Day 1 is 21 January 2025.",
        "Day 75 is 5 April 2025, a Saturday.",
        "Plain calendar days: weekends and holidays count, and the last day does not roll.",
    ],
    "from-30": [
        "The trigger is 1 January 2026; that day is day 1.",
        "Day 1 is 1 January 2026.",
        "Day 30 is 30 January 2026, a Friday.",
        "Plain calendar days: weekends and holidays count, and the last day does not roll.",
    ],
    "register-bush-known": [
        "The trigger is 20 November 2018; that day is not counted.",
        "Day 1 is 21 November 2018.",
        "Day 15 is 5 December 2018, a Wednesday.",
        "5 December 2018, a Wednesday, is closed: Day of Mourning for President George H.W. Bush "
        "(EO 13852, 83 FR 62687, known since 1 December 2018).",
        "So the period runs on to the next open day: 6 December 2018, a Thursday (1 CFR 18.17).",
        "The calendar is that of US, with closings by executive order, as known on 1 December 2018.",
    ],
    "court-labor-day": [
        "The trigger is 22 August 2007; that day is not counted (Rule 6(a)(1)(A)).",
        "Day 1 is 23 August 2007.",
        "Day 10 is 1 September 2007, a Saturday.",
        "1 September 2007 is a Saturday.",
        "2 September 2007 is a Sunday.",
        "3 September 2007, a Monday, is closed: Labor Day.",
        "So the period runs on to the next open day: 4 September 2007, a Tuesday (Rule 6(a)(1)(C)).",
        "Unless the court says otherwise, the last day ends at midnight in the court’s time zone for electronic filing, and when the clerk’s office is scheduled to close for other filing (Rule 6(a)(4)).",
        "The calendar is that of US.",
        "No state is named: a holiday of the state where the court sits could move the last day (Rule 6(a)(6)(C)).",
        "Caution: Rule 6(a) is counted as it reads since 1 December 2009; before, it left weekends and holidays out of short periods.",
    ],
    "court-back-inaccessible": [
        "The trigger is 11 September 2007; that day is not counted (Rule 6(a)(1)(A)).",
        "Counting back, day 1 is 10 September 2007.",
        "Day 10 is 1 September 2007, a Saturday.",
        "1 September 2007 is a Saturday.",
        "So the period runs back to the open day before: 31 August 2007, a Friday (Rule 6(a)(5)).",
        "The clerk’s office was inaccessible on 31 August 2007, as given; 1 September 2007 is a Saturday; 2 September 2007 is a Sunday; 3 September 2007, a Monday, is closed: Labor Day.",
        "So the time is extended to the first accessible day: 4 September 2007, a Tuesday (Rule 6(a)(3)(A)).",
        "Unless the court says otherwise, the last day ends at midnight in the court’s time zone for electronic filing, and when the clerk’s office is scheduled to close for other filing (Rule 6(a)(4)).",
        "The calendar is that of US.",
        "Caution: Rule 6(a)(3)(A) extends to a later day also where one counts back, as its committee note of 2009 says. The day that is safe on any reading is 30 August 2007.",
        "Caution: Rule 6(a) is counted as it reads since 1 December 2009; before, it left weekends and holidays out of short periods.",
    ],
    "court-patriots-before": [
        "The trigger is 5 May 2008; that day is not counted (Rule 6(a)(1)(A)).",
        "Counting back, day 1 is 4 May 2008.",
        "Day 14 is 21 April 2008, a Monday.",
        "That day is no Saturday, Sunday or holiday, so it stays.",
        "Unless the court says otherwise, the last day ends at midnight in the court’s time zone for electronic filing, and when the clerk’s office is scheduled to close for other filing (Rule 6(a)(4)).",
        "The calendar is that of US.",
        "The holidays of US-MA do not count here in a period that runs back (Rule 6(a)(6)(C)).",
        "Caution: Rule 6(a) is counted as it reads since 1 December 2009; before, it left weekends and holidays out of short periods.",
    ],
    "court-hours": [
        "The trigger is 2 November 2007, 10:23 (UTC-04:00) in America/New_York.",
        "72 hours later it is 5 November 2007, 09:23 (UTC-05:00), a Monday. The clocks went back in between.",
        "That day is no Saturday, Sunday or holiday, so it stays.",
        "The calendar is that of US.",
        "No state is named: a holiday of the state where the court sits could move the last day (Rule 6(a)(6)(C)).",
        "Caution: Rule 6(a) is counted as it reads since 1 December 2009; before, it left weekends and holidays out of short periods.",
    ],
    "eu-two-days-over-a-weekend": [
        "The trigger is 6 March 2026; that day is not counted (article 3(1)).",
        "Day 1 is 7 March 2026.",
        "Day 2 is 8 March 2026, a Sunday.",
        "8 March 2026 is a Sunday.",
        "So the period runs on to the next open day: 9 March 2026, a Monday (article 3(4)).",
        "A period of two days or more includes at least 2 working days (article 3(5)), so it runs on to 10 March 2026, a Tuesday.",
        "No member state is named, so only Saturdays and Sundays are taken for closed.",
    ],
    "eu-days-back-sunday": [
        "The trigger is 11 March 2026; that day is not counted (article 3(1)).",
        "Counting back, day 1 is 10 March 2026.",
        "Day 10 is 1 March 2026, a Sunday.",
        "Counted back, a last day does not move (article 3(4)).",
        "No member state is named, so only Saturdays and Sundays are taken for closed.",
    ],
    "eu-month-act": [
        "The trigger is 31 January 2026; that day is not counted (article 3(1)).",
        "1 month after that, the last day is 28 February 2026, a Saturday: that month has no such day, so its last day stands in (article 3(2)(c)).",
        "The last day does not move, as asked for; article 3(4) would move one that is closed.",
    ],
    "business-closed": [
        "The trigger is 22 December 2025; that day is not counted.",
        "Business day 3 is 30 December 2025, a Tuesday.",
        "Left out: 24 December 2025, a Wednesday, is closed: closing of the executive departments beside Christmas Day "
        "(EO 14371, known since 18 December 2025); 25 December 2025, a Thursday, is closed: Christmas Day; "
        "26 December 2025, a Friday, is closed: closing of the executive departments beside Christmas Day "
        "(EO 14371, known since 18 December 2025); 27 December 2025 is a Saturday; 28 December 2025 is a Sunday.",
        "Only business days count, so the last day is one.",
        "The calendar is that of US, with closings by executive order, as known on 18 December 2025.",
    ],
    "hours-72-spring": [
        "The trigger is 27 March 2026, 12:00 (UTC+01:00) in Europe/Berlin.",
        "72 hours later it is 30 March 2026, 13:00 (UTC+02:00), a Monday. The clocks went forward in between.",
        "Every hour counts from the moment of the trigger, also over weekends and changes of the clock, and the end does not roll.",
    ],
    "month-as-trigger": [
        "The trigger, 2025-03, is uncertain, so the due date is a span and not a point.",
        "Earliest: The trigger is 1 March 2025; that day is not counted.",
        "Earliest: Day 1 is 2 March 2025.",
        "Earliest: Day 30 is 31 March 2025, a Monday.",
        "Earliest: Plain calendar days: weekends and holidays count, and the last day does not roll.",
        "Latest: The trigger is 31 March 2025; that day is not counted.",
        "Latest: Day 1 is 1 April 2025.",
        "Latest: Day 30 is 30 April 2025, a Wednesday.",
        "Latest: Plain calendar days: weekends and holidays count, and the last day does not roll.",
    ],
}


@pytest.mark.parametrize("name", STEPS)
def test_a_count_explains_itself_in_this_order(name):
    assert list(counted(name).steps) == STEPS[name]


@pytest.mark.parametrize(
    ("name", "skipped"),
    [
        ("court-labor-day", ["2007-09-01", "2007-09-02", "2007-09-03"]),
        ("court-back", ["2007-09-01"]),
        ("register-christmas-eve-known", ["2025-12-24", "2025-12-25", "2025-12-26", "2025-12-27", "2025-12-28"]),
        ("register-juneteenth-after", ["2021-06-18", "2021-06-19", "2021-06-20"]),
        ("business-back", ["2026-07-05", "2026-07-04", "2026-07-03"]),
        ("court-hours-back", ["2026-03-08", "2026-03-07"]),
        ("order-75", []),
    ],
)
def test_the_days_skipped_are_named_in_the_order_in_which_they_were_passed(name, skipped):
    assert [closed.day.isoformat() for closed in counted(name).skipped] == skipped


def test_a_court_is_told_of_an_executive_closing_and_of_the_other_date():
    result = counted("court-closed-by-order")
    assert result.due == "2018-12-05"
    assert len(result.cautions) == 1
    assert "Rule 6(a)(6)(B)" in result.cautions[0]
    assert "ends on 6 December 2018" in result.cautions[0]
    assert result.cautions[0] in result.steps
    assert count(Period("2018-11-21", 14, rule="frcp-6a"), date(2018, 11, 30)).cautions == ()
    back = count(Period("2018-12-19", 14, rule="frcp-6a", before=True))
    assert back.due == "2018-12-04"
    assert "if it does not, the period ends on 5 December 2018" in back.cautions[0]
    shut = count(Period("2018-11-21", 14, rule="frcp-6a", inaccessible=("2018-12-06",)))
    assert (shut.due, "ends on 7 December 2018" in shut.cautions[0]) == ("2018-12-05", True)
    christmas = count(Period("2018-12-09", 14, rule="frcp-6a"))  # Sunday the 23rd goes to the 24th, which an order closed too
    assert christmas.due == "2018-12-24"
    assert "ends on 26 December 2018" in christmas.cautions[0]


def test_few_working_days_in_a_period_of_hours_are_a_caution_and_no_longer_period():
    short = Period("2026-03-06T18:30", 48, "hours", "eu-1182-71", zone="Europe/Berlin")  # 19:00 Friday to 19:00 Sunday
    assert count(short).due == "2026-03-08T19:00:00+01:00"
    assert ["article 3(5)" in caution for caution in count(short).cautions] == [True]
    to_midnight = Period("2026-03-05T23:30", 72, "hours", "eu-1182-71", zone="Europe/Berlin")  # Friday, Saturday and Sunday
    assert count(to_midnight).due == "2026-03-09T00:00:00+01:00"
    assert len(count(to_midnight).cautions) == 1
    assert counted("eu-hours").cautions == ()


def test_a_last_day_beyond_what_china_has_announced_carries_a_caution():
    ((_, year),) = Calendar(("CN",)).announced_through()
    announced, later = (count(Period(f"{when}-03-02", 3, "business days", jurisdiction="CN")) for when in (year, year + 1))
    assert announced.cautions == ()
    assert [f"not for {year + 1}" in caution for caution in later.cautions] == [True]
    assert later.steps[-1] == later.cautions[0]


def test_hours_say_where_nothing_moved_them_and_the_nominal_end():
    result = counted("court-hours-saturday")
    assert result.nominal == "2026-03-07T15:00:00-05:00"
    assert result.due == "2026-03-09T15:00:00-04:00"


FEDERAL = {
    2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2022: "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26",
    2023: "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
    2024: "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
    2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
}
"""5 U.S.C. 6103: the weekdays kept, by hand; a holiday on a Saturday is kept on the Friday before, which may lie in the old year."""


@pytest.mark.parametrize("year", FEDERAL)
def test_every_weekday_of_the_federal_calendar_is_open_unless_the_law_closes_it(year):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    weekdays = [day for day in days if day.year == year and day.weekday() < 5]
    closed = [day for day in weekdays if Calendar(("US",)).closed(day)]
    assert [f"{day:%m-%d}" for day in closed] == FEDERAL[year].split()


@pytest.mark.parametrize("closing", BY_ORDER.values(), ids=lambda closing: closing.day.isoformat())
def test_a_closing_by_order_is_a_weekday_no_holiday_anyway_and_known_before(closing):
    assert closing.day.weekday() < 5
    assert Calendar(("US",)).closed(closing.day) is None
    assert timedelta(days=1) <= closing.day - closing.known <= timedelta(days=31)
    asked = [Calendar(("US",), known, by_order=True).closed(closing.day) for known in (closing.known - timedelta(1), closing.known)]
    assert asked[0] is None
    assert closing.authority in asked[1].authority


def test_what_became_known_is_told_once_and_in_order():
    assert became_known(date(2025, 12, 1), date(2025, 12, 31)) == [date(2025, 12, 18)]  # two closings, one order
    assert became_known(date(2021, 6, 16), date(2021, 6, 17)) == [BY_LAW[0].known]
    assert became_known(date(2021, 6, 17), date(2021, 6, 30)) == []


def test_working_days_leave_out_weekends_and_public_holidays_and_the_day_asked_on():
    us = Calendar.of("US")
    assert us.working_days(date(2025, 3, 21), date(2025, 4, 5)) == 10
    assert us.working_days(date(2025, 1, 17), date(2025, 1, 21)) == 1  # a weekend and the holiday for Martin Luther King
    assert us.working_days(date(2025, 3, 25), date(2025, 3, 25)) == 0
    assert us.working_days(date(2025, 3, 25), date(2025, 3, 24)) == 0


def test_a_holiday_of_one_jurisdiction_is_a_working_day_in_another():
    assert Calendar.of("US").working_days(date(2025, 7, 3), date(2025, 7, 4)) == 0
    assert Calendar.of("CN").working_days(date(2025, 7, 3), date(2025, 7, 4)) == 1


@pytest.mark.parametrize(
    ("last", "due_is", "zone", "ends"),
    [
        ("2026-03-07", "last day", "America/New_York", "2026-03-08T05:00:00+00:00"),
        ("2026-03-08", "last day", "America/New_York", "2026-03-09T04:00:00+00:00"),  # the clocks went forward that day
        ("2026-03-08", "effect day", "America/New_York", "2026-03-08T05:00:00+00:00"),
        ("2026-11-01", "last day", "America/New_York", "2026-11-02T05:00:00+00:00"),  # and back
        ("2026-11-01", "effect day", "America/New_York", "2026-11-01T04:00:00+00:00"),
        ("2018-11-03", "last day", "America/Sao_Paulo", "2018-11-04T03:00:00+00:00"),  # 00:00 did not come: the day began at 01:00
        ("2026-10-31", "last day", "America/Havana", "2026-11-01T04:00:00+00:00"),  # 00:00 comes twice: the first of them
        ("2026-04-05", "last day", "Asia/Shanghai", "2026-04-05T16:00:00+00:00"),
    ],
)
def test_a_last_day_is_over_at_its_end_in_the_zone_and_an_effect_day_comes_at_its_start(last, due_is, zone, ends):
    counted_day = count(Period((date.fromisoformat(last) - timedelta(days=1)).isoformat(), 1))
    assert counted_day.due == last
    assert counted_day.ends(due_is, zone).astimezone(UTC).isoformat() == ends


def test_comments_may_be_sent_through_the_last_second_of_the_day_in_the_zone():
    comments = count(Period("2020-10-22", 30, rule="1-cfr-18.17"))
    assert comments.ends("last day", "America/New_York") - timedelta(seconds=1) == datetime(2020, 11, 24, 4, 59, 59, tzinfo=UTC)


def test_a_span_is_over_after_its_latest_day_and_never_where_that_is_not_known():
    assert count(Period("2025-03", 30)).ends("last day", "UTC") == datetime(2025, 5, 1, tzinfo=UTC)
    assert count(Period("2025-03-01/..", 30)).ends("last day", "UTC") is None
    assert count(Period("2025-03-01/..", 30)).due == "2025-03-31/.."
