"""Days into instants: nights when the clocks change, the end of a day, zones."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import BadValue
from domain.instants import after, day_in, end_of, micros, moment, start_of, zone

HOUR = 3_600_000_000
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
ZONES = st.sampled_from(["America/New_York", "Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "UTC"])


@pytest.mark.parametrize(
    ("day", "zone_name", "hours"),
    [
        (date(2025, 3, 8), "America/New_York", 24),
        (date(2025, 3, 9), "America/New_York", 23),
        (date(2025, 11, 2), "America/New_York", 25),
        (date(2025, 3, 30), "Europe/Berlin", 23),
        (date(2025, 10, 26), "Europe/Berlin", 25),
        (date(2018, 11, 4), "America/Sao_Paulo", 23),
        (date(2025, 3, 9), "Asia/Shanghai", 24),
        (date(2011, 12, 30), "Pacific/Apia", 0),
    ],
)
def test_a_day_is_as_long_as_its_zone_makes_it(day, zone_name, hours):
    assert after(day, zone_name) - start_of(day, zone_name) == hours * HOUR


def test_a_day_begins_at_midnight_of_its_zone():
    assert moment(start_of(date(2025, 1, 19), "America/New_York")) == datetime(2025, 1, 19, 5, tzinfo=UTC)


def test_the_end_of_a_day_is_its_last_microsecond():
    assert moment(end_of(date(2025, 4, 5), "America/New_York")) == datetime(2025, 4, 6, 3, 59, 59, 999999, tzinfo=UTC)


def test_the_minute_after_a_last_day_is_the_next_day():
    last = end_of(date(2025, 4, 5), "America/New_York")
    assert day_in(last, "America/New_York") == date(2025, 4, 5)
    assert day_in(last + 60_000_000, "America/New_York") == date(2025, 4, 6)


def test_an_exact_instant_is_itself_in_every_zone():
    exact = datetime(2025, 1, 18, 22, 30, tzinfo=zone("America/New_York"))
    assert start_of(exact, "Asia/Shanghai") == end_of(exact, "UTC") == micros(exact)


def test_the_same_instant_falls_on_different_days():
    instant = micros(datetime(2025, 1, 20, 2, tzinfo=UTC))
    assert day_in(instant, "America/New_York") == date(2025, 1, 19)
    assert day_in(instant, "Asia/Shanghai") == date(2025, 1, 20)


@given(DAYS, ZONES)
@settings(deadline=None)
def test_both_ends_of_a_day_lie_on_it_and_days_follow_each_other_without_a_gap(day, zone_name):
    assert day_in(start_of(day, zone_name), zone_name) == day
    assert day_in(end_of(day, zone_name), zone_name) == day
    assert after(day, zone_name) == start_of(day + timedelta(days=1), zone_name)


@given(st.integers(-(10**16), 3 * 10**16))
def test_an_instant_and_its_moment_are_the_same(instant):
    assert micros(moment(instant)) == instant


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "America", "../etc/passwd", "\x00", "x" * 5000, "é", None, 5])
def test_what_is_no_zone_is_refused(name):
    with pytest.raises(BadValue) as refused:
        zone(name)
    assert refused.value.field == "time_zone"
