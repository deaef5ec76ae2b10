"""Bad input to a count is an error that names its field, and never a date."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.deadlines import LONGEST, Period, check_jurisdiction, count, read_length
from domain.errors import BadValue

GOOD = {"start": "2025-01-20", "length": 75}
HOURS = {"length": 72, "unit": "hours", "rule": "real-hours"}
BERLIN, NEW_YORK = {"zone": "Europe/Berlin"}, {"zone": "America/New_York"}

BAD = {
    "no such month": ("start", {"start": "2026-13-01"}),
    "no such day": ("start", {"start": "2026-02-29"}),
    "no start": ("start", {"start": ""}),
    "only blanks": ("start", {"start": "  "}),
    "words that are no date": ("start", {"start": "soon"}),
    "a day in another order": ("start", {"start": "20/01/2025"}),
    "a year that is not kept": ("start", {"start": "0999-12-31"}),
    "a year with five digits": ("start", {"start": "12025-01-01"}),
    "a span that ends before it starts": ("start", {"start": "2025-03-01/2025-02-01"}),
    "a span with neither end": ("start", {"start": "../.."}),
    "a start that is a number": ("start", {"start": 20250120}),
    "no start at all": ("start", {"start": None}),
    "a day for real hours": ("start", HOURS),
    "a month for real hours": ("start", HOURS | {"start": "2025-01"}),
    "a day for a court's hours": ("start", HOURS | {"rule": "frcp-6a"}),
    "a day for hours of the Union": ("start", HOURS | {"rule": "eu-1182-71"}),
    "an uncertain moment for hours that may roll": (
        "start",
        HOURS | {"rule": "frcp-6a", "start": "2026-03-05T15:00-05:00/2026-03-06T09:00-05:00"},
    ),
    "a local time without a zone": ("start", HOURS | {"start": "2026-08-25T14:30"}),
    "a local time without a zone for days": ("start", {"start": "2026-08-25T14:30"}),
    "a local time that did not come": ("start", HOURS | BERLIN | {"start": "2026-03-29T02:30"}),
    "a local time that did not come there": ("start", HOURS | NEW_YORK | {"start": "2026-03-08T02:00"}),
    "a local time that came twice": ("start", HOURS | BERLIN | {"start": "2026-10-25T02:30"}),
    "a local time that came twice there": ("start", HOURS | NEW_YORK | {"start": "2026-11-01T01:00"}),
    "an hour that is none": ("start", HOURS | BERLIN | {"start": "2026-08-25T24:30"}),
    "an offset that is none": ("start", HOURS | {"start": "2026-08-25T14:30+25:00"}),
    "zero": ("length", {"length": 0}),
    "negative": ("length", {"length": -1}),
    "fractional": ("length", {"length": 7.5}),
    "a whole number that is no integer": ("length", {"length": 75.0}),
    "a truth value": ("length", {"length": True}),
    "a word": ("length", {"length": "75"}),
    "no length": ("length", {"length": None}),
    "not a number": ("length", {"length": float("nan")}),
    "absurd": ("length", {"length": 10**30}),
    "past the last year": ("length", {"start": "2999-12-31", "length": 1}),
    "past the last year in months": ("length", {"start": "2999-12-31", "length": 1, "unit": "month"}),
    "past the last year in centuries": ("length", {"start": "2950-01-01", "length": 100, "unit": "years"}),
    "past the last year in hours": ("length", HOURS | {"start": "2999-12-31T23:00Z"}),
    "past the last year from an uncertain day": ("length", {"start": "2999", "length": 1}),
    "before the first year": ("length", {"start": "1000-01-01", "length": 1, "before": True}),
    "before the first year in months": ("length", {"start": "1000-01-31", "length": 1, "unit": "month", "before": True}),
    "no unit": ("unit", {"unit": ""}),
    "an unknown unit": ("unit", {"unit": "fortnights"}),
    "a unit that is none": ("unit", {"unit": None}),
    "hours where none are counted": ("unit", {"unit": "hours", "start": "2025-01-20T10:00Z"}),
    "hours in the Register": ("unit", {"unit": "hours", "rule": "1-cfr-18.17"}),
    "business days in the Register": ("unit", {"unit": "business days", "rule": "1-cfr-18.17"}),
    "business days in court": ("unit", {"unit": "business days", "rule": "frcp-6a"}),
    "days in real hours": ("unit", {"unit": "days", "rule": "real-hours"}),
    "an unknown rule": ("rule", {"rule": "guess"}),
    "no rule": ("rule", {"rule": ""}),
    "backwards in the Register": ("before", {"rule": "1-cfr-18.17", "before": True}),
    "an unknown way to count": ("counting", {"counting": "around"}),
    "from the trigger in the Register": ("counting", {"rule": "1-cfr-18.17", "counting": "from"}),
    "from the trigger in court": ("counting", {"rule": "frcp-6a", "counting": "from"}),
    "from the trigger in the Union": ("counting", {"rule": "eu-1182-71", "counting": "from"}),
    "from the trigger in real hours": ("counting", HOURS | {"counting": "from"}),
    "a court's hours without its zone": ("zone", HOURS | {"rule": "frcp-6a", "start": "2026-03-05T15:00-05:00"}),
    "an unknown zone": ("zone", {"zone": "Mars/Olympus"}),
    "a zone that is a path": ("zone", {"zone": "../../etc/passwd"}),
    "an unknown country": ("jurisdiction", {"jurisdiction": "ZZ"}),
    "an unknown state": ("jurisdiction", {"jurisdiction": "US-XX"}),
    "a country in small letters": ("jurisdiction", {"jurisdiction": "us"}),
    "no country": ("jurisdiction", {"jurisdiction": ""}),
    "a country for the Register": ("jurisdiction", {"jurisdiction": "CN", "rule": "1-cfr-18.17"}),
    "a country for a US court": ("jurisdiction", {"jurisdiction": "GB", "rule": "frcp-6a"}),
    "a country outside the Union": ("jurisdiction", {"jurisdiction": "CH", "rule": "eu-1182-71"}),
    "a year before the federal calendar": ("jurisdiction", {"start": "1700-01-01", "rule": "1-cfr-18.17"}),
    "a year after the federal calendar": ("jurisdiction", {"start": "2200-01-01", "rule": "1-cfr-18.17"}),
    "a year after the calendar of a member": (
        "jurisdiction",
        {"start": "2200-01-01", "rule": "eu-1182-71", "jurisdiction": "DE"},
    ),
    "a year before China's calendar": ("jurisdiction", {"start": "1900-01-01", "unit": "business days", "jurisdiction": "CN"}),
    "an inaccessible office for an order": ("inaccessible", {"inaccessible": ("2025-04-05",)}),
    "an inaccessible office in the Register": ("inaccessible", {"inaccessible": ("2025-04-05",), "rule": "1-cfr-18.17"}),
    "an inaccessible day that is none": ("inaccessible", {"inaccessible": ("2025-02-30",), "rule": "frcp-6a"}),
    "an inaccessible month": ("inaccessible", {"inaccessible": ("2025-02",), "rule": "frcp-6a"}),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_names_its_field_and_gives_no_date(name):
    field, values = BAD[name]
    with pytest.raises(BadValue) as refused:
        count(Period(**GOOD | values))
    assert refused.value.field == field
    assert len(refused.value.detail) < 300


@pytest.mark.parametrize(
    ("start", "said"),
    [("2026-03-29T02:30", "There was no"), ("2026-10-25T02:30", "came twice"), ("2026-10-25T02:00", "came twice")],
)
def test_a_local_time_says_why_it_is_none(start, said):
    with pytest.raises(BadValue) as refused:
        count(Period(start, 1, "hour", "real-hours", zone="Europe/Berlin"))
    assert said in refused.value.detail


@pytest.mark.parametrize("unit", LONGEST)
def test_a_length_ends_where_it_is_taken_for_a_slip(unit):
    start, rule = ("2025-01-20T10:00Z", "real-hours") if unit == "hours" else ("2025-01-20", "calendar")
    jurisdiction = "US" if unit == "business days" else None
    assert count(Period(start, LONGEST[unit], unit, rule, jurisdiction=jurisdiction)).due > start
    with pytest.raises(BadValue) as refused:
        count(Period(start, LONGEST[unit] + 1, unit, rule, jurisdiction=jurisdiction))
    assert refused.value.field == "length"


@pytest.mark.parametrize(
    "text", ["", "days", "75 fortnights", "-75 days", "7.5 days", "75  days", "0 days", "９ days", "75 days long"]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(BadValue):
        read_length(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("75 days", (75, "days")),
        ("75", (75, "days")),
        ("1 business day", (1, "business days")),
        ("10 working days", (10, "business days")),
        ("1 month", (1, "months")),
        (" 72 hours ", (72, "hours")),
    ],
)
def test_a_period_is_read_as_people_write_it(text, read):
    assert read_length(text) == read


@pytest.mark.parametrize("name", ["", "ZZ", "us", "US-XX", "US-DC-X", "-", "__class__", "EU", "\x00", "HolidayBase", "XNYS"])
def test_what_is_no_jurisdiction_is_refused(name):
    with pytest.raises(BadValue) as refused:
        check_jurisdiction(name)
    assert refused.value.field == "jurisdiction"


def test_a_count_near_the_edge_of_the_years_still_gives_its_date():
    assert count(Period("2999-12-30", 1)).due == "2999-12-31"
    assert count(Period("1000-01-02", 1, before=True)).due == "1000-01-01"
    assert count(Period("2099-12-01", 10, rule="1-cfr-18.17"), date(2099, 12, 1)).due == "2099-12-11"


@settings(deadline=None)
@given(
    st.text(max_size=30) | st.text("0123456789-T:Z+~/.[]X", max_size=25),
    st.sampled_from(["days", "hours", "months"]),
    st.sampled_from([None, "Europe/Berlin"]),
)
@example("2026-10-25T02:30", "hours", "Europe/Berlin")
@example("2025-03~", "days", None)
def test_any_text_as_a_start_gives_a_date_or_an_error_of_ours(text, unit, zone):
    rule = "real-hours" if unit == "hours" else "calendar"
    try:
        result = count(Period(text, 1, unit, rule, zone=zone))
    except BadValue as error:
        fields = [error.field]
    else:
        fields = [] if result.earliest or result.latest else ["no end"]
    assert fields in ([], ["start"]) or (fields == ["length"] and "2999" in text)
