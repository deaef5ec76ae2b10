"""What cannot be counted on the page: told in plain words at its field, what was typed kept, and no date anywhere."""

import re
from html import unescape

import pytest

from tests.web.recording import words
from tests.web.test_counting_pages import answer, ask, heading


@pytest.mark.parametrize(
    ("asked", "field", "detail"),
    [
        ({"start": ""}, "start", "Say from which day or moment to count."),
        ({"start": "2025-02-30"}, "start", "“2025-02-30” is not a date: February 2025 has no day 30."),
        ({"start": "soon"}, "start", "“soon” is not a date."),
        ({"start": "March 2026, 12:00", "unit": "hours", "rule": "real-hours"}, "start", "“March 2026, 12:00” is not a date."),
        ({"start": "27 March 2026, 25:00", "unit": "hours", "rule": "real-hours", "zone": "Europe/Berlin"}, "start", "is not a time"),
        ({"start": "2026-03-27T12:00", "unit": "hours", "rule": "real-hours"}, "start", "is a time in which time zone?"),
        ({"start": "2026-03-29T02:30", "unit": "hours", "rule": "real-hours", "zone": "Europe/Berlin"}, "start", "There was no “2026-03-29T02:30” in Europe/Berlin"),
        ({"start": "2026-10-25T02:30", "unit": "hours", "rule": "real-hours", "zone": "Europe/Berlin"}, "start", "came twice in Europe/Berlin"),
        ({"start": "2026-03-27", "unit": "hours", "rule": "real-hours", "zone": "Europe/Berlin"}, "start", "has no time of day"),
        ({"length": ""}, "length", "Say how long the period is."),
        ({"length": "0"}, "length", "A length is a whole number of days from 1 to 36,525, not “0”."),
        ({"length": "-1"}, "length", "A length is a whole number, such as 75, not “-1”."),
        ({"length": "1.5"}, "length", "not “1.5”"),
        ({"length": "1,5"}, "length", "not “1,5”"),
        ({"length": "٣"}, "length", "not “٣”"),
        ({"length": "36526"}, "length", "from 1 to 36,525"),
        ({"length": "9" * 400}, "length", "A length is a whole number"),
        ({"unit": "moons"}, "unit", "“moons” is not a unit."),
        ({"rule": "lunar"}, "rule", "not “lunar”"),
        ({"rule": "real-hours"}, "unit", "The rule real-hours counts hours"),
        ({"rule": "1-cfr-18.17", "before": "1"}, "before", "counts forward only"),
        ({"before": "perhaps"}, "before", "not “perhaps”"),
        ({"no_roll": "perhaps"}, "no_roll", "not “perhaps”"),
        ({"jurisdiction": "Atlantis"}, "jurisdiction", "No calendar is known for the jurisdiction “Atlantis”."),
        ({"rule": "1-cfr-18.17", "jurisdiction": "DE"}, "jurisdiction", "does not count in “DE”"),
        ({"zone": "Mars/Base"}, "zone", "“Mars/Base” is not a time zone."),
        ({"zone": "../../etc/passwd"}, "zone", "is not a time zone."),
        ({"counting": "since"}, "counting", "not “since”"),
        ({"rule": "frcp-6a", "counting": "from"}, "counting", "never counts the day of the trigger"),
        ({"due_is": "someday"}, "due_is", "not “someday”"),
        ({"rule": "frcp-6a", "inaccessible": "2025-04"}, "inaccessible", "“2025-04” is not one certain day."),
        ({"rule": "frcp-6a", "inaccessible": "monday"}, "inaccessible", "“monday” is not one certain day."),
        ({"rule": "frcp-6a", "inaccessible": ", ".join(f"2025-{m:02d}-{d:02d}" for m in (1, 3, 5) for d in range(1, 25))}, "inaccessible", "At most 60 days"),
        ({"inaccessible": "2025-04-05"}, "inaccessible", "does not ask whether a clerk’s office is accessible"),
        ({"known_on": "2999-01-01"}, "known_on", "lies in the future"),
        ({"known_on": "2025"}, "known_on", "is not one certain day"),
        ({"start": "2950-01-01", "length": "36525"}, "length", "leaves the years 1000 to 2999"),
        ({"start": "2950-01-01", "rule": "1-cfr-18.17"}, "jurisdiction", "only, not for 2950"),
    ],
)  # fmt: skip
def test_an_error_stands_at_its_field_and_no_date_is_shown(api, asked, field, detail):
    given = {"start": "2025-01-20", "length": "75"} | asked
    page = unescape(ask(api, 422, **given))
    at_field = re.search(rf'<p class="error" id="{field}-error">(.*?)</p>', page)
    assert at_field is not None, words(page)[:300]
    assert detail in at_field[1]
    assert page.count('class="error"') == 1
    assert f'href="#{"rule-calendar" if field == "rule" else field}"' in page
    assert re.search(
        rf'(id|name)="{field}"[^>]*aria-describedby="{field}-error[^>]*aria-invalid="true"|aria-describedby="rule-error"', page
    )
    told = answer(page)
    assert heading(page) == "Count to a due date"
    assert "Due" not in told
    assert "Step by step" not in page
    assert "5 April 2025" not in told.replace("Write 2025-04-05 or 5 April 2025", "")
    for name, text in given.items():
        if name in ("start", "length", "jurisdiction", "zone", "inaccessible", "known_on"):
            assert f'name="{name}" value="{text}"' in page


def test_several_errors_are_told_together_in_the_order_of_the_fields(api):
    page = ask(api, 422, start="", length="x", zone="Mars/Base", known_on="soon")
    assert re.findall(r'class="error" id="(\w+)-error"', page) == ["start", "length", "zone", "known_on"]
    assert "No date: 4 things are to be put right" in answer(page)


def test_an_empty_form_that_is_sent_is_told_what_it_needs(api):
    page = ask(api, 422, start="", length="")
    assert re.findall(r'class="error" id="(\w+)-error"', page) == ["start", "length"]


def test_a_script_that_would_rather_have_json_gets_the_problem(api):
    wrong = api.get("/count?start=2025-02-30&length=75", headers={"Accept": "application/json"})
    assert (wrong.status_code, wrong.mimetype) == (422, "application/problem+json")
    assert [error["parameter"] for error in wrong.get_json(force=True)["errors"]] == ["start"]


@pytest.mark.parametrize("name", ["as_of", "start_", "Start", "period"])
def test_an_unknown_parameter_is_refused(api, name):
    page = api.get("/count", query_string={"start": "2025-01-20", "length": "75", name: "1"})
    assert page.status_code == 422
    assert "is not a parameter of this page" in words(page.text)
    assert "5 April" not in page.text


def test_a_parameter_that_is_given_twice_is_refused(api):
    assert api.get("/count?start=2025-01-20&length=75&length=76").status_code == 422


def test_what_is_typed_is_shown_as_text_and_never_as_markup(api):
    page = ask(api, 422, start='"><script>alert(1)</script>', length="75", jurisdiction="<b>x</b>")
    assert "<script>alert" not in page
    assert "<b>x" not in page


def test_a_zone_that_is_none_does_not_hide_a_day_that_is_none(api):
    page = api.get("/count", query_string={"start": "2026-13-01", "length": "-3", "rule": "frcp-6a", "zone": "Mars"})
    assert page.status_code == 422
    assert "3 things are to be put right" in page.text
    assert "there is no month 13" in page.text
