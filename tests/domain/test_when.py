"""Dates that may be uncertain: what is read, what is refused, and that nothing is guessed."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import BadValue
from domain.when import FIRST_YEAR, LAST_YEAR, days_between, plain_date, read_day, read_when, read_words

DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


def ends(span) -> tuple:
    return span.earliest, span.latest, span.approximate


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "approximate"),
    [
        ("2025-03-21", date(2025, 3, 21), date(2025, 3, 21), False),
        ("2025-03", date(2025, 3, 1), date(2025, 3, 31), False),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), False),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), False),
        ("2025-03~", date(2025, 3, 1), date(2025, 3, 31), True),
        ("2025?", date(2025, 1, 1), date(2025, 12, 31), True),
        ("2025-03-21%", date(2025, 3, 21), date(2025, 3, 21), True),
        ("../2025", None, date(2025, 12, 31), False),
        ("2025/..", date(2025, 1, 1), None, False),
        ("/2025-06", None, date(2025, 6, 30), False),
        ("2025-01/2025-04", date(2025, 1, 1), date(2025, 4, 30), False),
        ("2004-06~/2004-08?", date(2004, 6, 1), date(2004, 8, 31), True),
        ("201X", date(2010, 1, 1), date(2019, 12, 31), True),
        ("1985-04-XX", date(1985, 4, 1), date(1985, 4, 30), True),
        ("[1667,1668,1670..1672]", date(1667, 1, 1), date(1672, 12, 31), True),
        ("{1960,1961}", date(1960, 1, 1), date(1961, 12, 31), True),
        ("2025-21", date(2025, 3, 1), date(2025, 5, 31), True),
    ],
)
def test_edtf_of_levels_0_to_2_is_read(text, earliest, latest, approximate):
    assert ends(read_when(text)) == (earliest, latest, approximate)


@pytest.mark.parametrize("text", ["2025-01-18T22:30-05:00", "2025-01-19T03:30Z", "2025-01-19T03:30:00.000000+00:00"])
def test_an_instant_is_read_with_its_offset(text):
    span = read_when(text)
    assert span.earliest == span.latest == datetime(2025, 1, 19, 3, 30, tzinfo=UTC)
    assert span.certain


def test_an_instant_may_be_approximate():
    assert not read_when("2025-01-18T22:30-05:00~").certain


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("by 2025", "../2025"),
        ("by March 2025", "../2025-03"),
        ("before the end of 2025", "../2025"),
        ("in 2025", "2025"),
        ("early 2025", "2025-01/2025-04"),
        ("mid 2025", "2025-05/2025-08"),
        ("late 2025", "2025-09/2025-12"),
        ("early May 2026", "2026-05~"),
        ("about 2025", "2025~"),
        ("circa March 2025", "2025-03~"),
        ("March 2025", "2025-03"),
        ("21 March 2025", "2025-03-21"),
        ("Sep. 2025", "2025-09"),
        ("BY 2025", "../2025"),
        ("2025", "2025"),
        ("../2025", "../2025"),
    ],
)
def test_a_date_is_read_as_people_write_it(words, edtf):
    assert read_words(words).text == edtf


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-29", "2025-02-30", "2025-13", "2025-00", "2025-04-31", "2025-01-00", "2025-13~", "2025-1-1", "21/03/2025",
        "2025-01-01T24:00+00:00", "2025-01-01T10:60Z", "2025-06-30T23:59:60Z", "2025-01-01T10:00", "2025-01-01T10:00+99:00",
        "2025-05/2025-01", "2025-01-02/2025-01-01", "../..", "/", "tomorrow", "by 2025", "", " ", "20250321", "1e10", "nan",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    with pytest.raises(BadValue):
        read_when(text)


@pytest.mark.parametrize("text", ["2025-01/2025-02/2025-03", "2025/../2026", "../2025/2026"])
def test_an_interval_has_two_ends_and_no_more(text):
    with pytest.raises(BadValue):
        read_when(text)


def test_an_interval_of_instants_runs_forward_within_one_day():
    with pytest.raises(BadValue):
        read_when("2025-01-01T12:00Z/2025-01-01T10:00Z")


@pytest.mark.parametrize("text", ["２０２５-０３-２１", "٢٠٢٥", "2025-0３"])
def test_digits_of_other_scripts_are_no_iso_date(text):
    with pytest.raises(BadValue):
        read_when(text)


@pytest.mark.parametrize(
    "text", ["0999", "3000", "0000-01-01", "-0999", "Y170000002", "3000-01-01T00:00Z", "2025/3000", "[0998..0999]"]
)
def test_a_year_that_this_daybook_does_not_keep_is_refused(text):
    with pytest.raises(BadValue):
        read_when(text)


@pytest.mark.parametrize("words", ["31 February 2025", "Smarch 2025", "21 2025", "0 March 2025", "by 0999", "early 9999"])
def test_words_for_an_impossible_date_are_refused(words):
    with pytest.raises(BadValue):
        read_words(words)


def test_huge_input_is_refused_and_not_repeated():
    with pytest.raises(BadValue) as refused:
        read_when("2" * 1_000_000)
    assert len(refused.value.detail) < 200


@pytest.mark.parametrize("value", [None, 2025, b"2025"])
def test_what_is_not_text_is_refused(value):
    with pytest.raises(BadValue):
        read_when(value)


@given(st.text(max_size=70) | st.from_regex(r"[0-9TZX~?%/.,:+\[\]{}Y^ -]{1,30}", fullmatch=True))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused_and_never_crashes(text):
    for read in (read_when, read_words):
        try:
            span = read(text)
        except BadValue:
            continue
        assert span.first is not None
        assert span.last is not None


@given(DAYS)
def test_a_day_written_is_the_day_read(day):
    span = read_when(day.isoformat())
    assert (span.first, span.last, span.certain) == (day, day, True)


@given(DAYS, DAYS)
def test_an_interval_is_read_exactly_when_it_runs_forward(start, end):
    text = f"{start}/{end}"
    if start <= end:
        assert ends(read_when(text)) == (start, end, False)
    else:
        with pytest.raises(BadValue):
            read_when(text)


@given(DAYS, st.times(), st.timezones())
def test_an_instant_written_is_the_instant_read(day, time, zone):
    utc = datetime.combine(day.replace(year=2000 + day.year % 400), time, zone).astimezone(UTC)
    assert read_when(utc.isoformat()).first == utc


@given(DAYS)
def test_a_month_and_a_year_hold_their_days(day):
    month, year = read_when(f"{day:%Y-%m}".zfill(7)), read_when(f"{day.year:04d}")
    assert year.first <= month.first <= day <= month.last <= year.last


@pytest.mark.parametrize("text", ["2025-03", "2025-03-21~", "2025-03-21T10:00Z", "../2025-03-21"])
def test_only_one_certain_day_is_a_day(text):
    with pytest.raises(BadValue):
        read_day(text)


def test_the_last_of_an_open_end_is_its_start_and_the_first_of_an_open_start_its_end():
    assert read_when("2025/..").last == date(2025, 1, 1)
    assert read_when("../2025").first == date(2025, 12, 31)


@given(DAYS, DAYS)
def test_days_between_is_signed(start, end):
    assert days_between(start, end) == -days_between(end, start) == (end - start).days


def test_a_date_is_said_plainly():
    assert plain_date(date(2025, 4, 5)) == "5 April 2025"
    assert plain_date(datetime(2025, 1, 18, 22, 30, tzinfo=UTC)) == "18 January 2025, 22:30"
