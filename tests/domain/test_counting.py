"""Counting days: published dates, the steps, and that bad input is an error and never a date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.counting import AUTHORITIES, LONGEST, count
from domain.errors import BadValue
from domain.working_days import public_holidays, working_days_between


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        (date(2025, 1, 20), 75, date(2025, 4, 5)),  # EO 14166; EO 14352 names the day
        (date(2024, 4, 24), 270, date(2025, 1, 19)),  # Pub. L. 118-50: TikTok v. Garland
        (date(2025, 9, 25), 120, date(2026, 1, 23)),  # EO 14352
        (date(2025, 6, 19), 90, date(2025, 9, 17)),  # EO 14310
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2025, 12, 31), 1, date(2026, 1, 1)),
    ],
)
def test_calendar_days_are_counted_from_the_day_after_and_do_not_roll(start, length, due):
    assert count(start, length).due == due


def test_a_count_explains_itself():
    counted = count(date(2025, 1, 20), 75)
    assert counted.authority == AUTHORITIES["calendar"]
    assert [step for step in counted.steps if "Day 75 is 5 April 2025, a Saturday" in step]
    assert "20 January 2025" in counted.steps[0]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"length": 0}, "length"),
        ({"length": -1}, "length"),
        ({"length": 7.5}, "length"),
        ({"length": True}, "length"),
        ({"length": "75"}, "length"),
        ({"length": None}, "length"),
        ({"length": LONGEST + 1}, "length"),
        ({"length": 10**30}, "length"),
        ({"length": 75, "unit": "weeks"}, "unit"),
        ({"length": 75, "unit": ""}, "unit"),
        ({"length": 75, "rule": "guess"}, "rule"),
    ],
)
def test_bad_input_gives_an_error_that_names_it(values, field):
    with pytest.raises(BadValue) as refused:
        count(date(2025, 1, 20), **values)
    assert refused.value.field == field


@pytest.mark.parametrize("start", [date(2999, 12, 31), date.max])
def test_a_count_past_the_last_year_is_an_error(start):
    with pytest.raises(BadValue):
        count(start, 1)


@given(st.dates(date(1000, 1, 1), date(2800, 1, 1)), st.integers(1, LONGEST), st.integers(1, 10_000))
def test_counting_is_additive_and_goes_forward(start, first, second):
    due = count(start, first).due
    assert due == start + timedelta(days=first) > start
    assert count(due, second).due == start + timedelta(days=first + second)


def test_working_days_leave_out_weekends_and_public_holidays():
    assert working_days_between(date(2025, 3, 21), date(2025, 4, 5), "US") == 10
    assert working_days_between(date(2025, 1, 17), date(2025, 1, 21), "US") == 1  # a weekend and Martin Luther King day


def test_working_days_count_the_due_day_and_not_the_first():
    assert working_days_between(date(2025, 3, 24), date(2025, 3, 25), "US") == 1
    assert working_days_between(date(2025, 3, 25), date(2025, 3, 25), "US") == 0


def test_there_are_no_working_days_backwards():
    assert working_days_between(date(2025, 3, 25), date(2025, 3, 24), "US") == 0


def test_a_holiday_of_one_jurisdiction_is_a_working_day_in_another():
    assert working_days_between(date(2025, 7, 3), date(2025, 7, 4), "US") == 0
    assert working_days_between(date(2025, 7, 3), date(2025, 7, 4), "CN") == 1


@pytest.mark.parametrize(
    "jurisdiction", ["", "ZZ", "us", "US-XX", "US-DC-X", "-", "__class__", "EU", "\x00", "HolidayBase", "XNYS"]
)
def test_what_is_no_jurisdiction_is_refused(jurisdiction):
    with pytest.raises(BadValue) as refused:
        public_holidays(jurisdiction)
    assert refused.value.field == "jurisdiction"
