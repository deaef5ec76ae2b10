"""The page to count on, as a browser without JavaScript has it: each field, each error, each example."""

import json
import re
import shlex
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.web.recording import words
from web.pages_counting import FIELDS
from web.places import ZONES, jurisdiction_named, jurisdictions, zone_named

DAYBOOK = Path(sys.executable).with_name("daybook")


def ask(api, status=200, **asked):
    page = api.get("/count", query_string=asked)
    assert page.status_code == status, words(page.text)[:400]
    return page.text


def heading(page):
    return words(re.search(r"<h1.*?</h1>", page, re.DOTALL)[0])


def answer(page):
    """What stands in the answer, without the form beside it."""
    return words(re.search(r"<article.*?</article>", page, re.DOTALL)[0])


def linked(page, text):
    """Where the link with that text leads."""
    found = [href for href, inner in re.findall(r'<a href="([^"]+)">(.*?)</a>', page, re.DOTALL) if text in words(inner)]
    assert len(found) == 1, found
    return unescape(found[0])


# The answer


def test_the_answer_stands_first_in_words_and_then_its_steps(api):
    page = ask(api, start="2025-01-20", length="75")
    assert heading(page) == "Due Saturday, 5 April 2025"
    assert page.index("<h1") < page.index("<form class=")
    told = answer(page)
    assert (
        told.index("Due Saturday")
        < told.index("Day 75 is 5 April 2025, a Saturday.")
        < told.index("as EO 14352 counts the 75 days")
    )
    assert "Name a time zone, and the moment is shown" in told


def test_a_zone_gives_the_moment_at_which_the_day_is_over(api):
    page = ask(api, start="2018-11-20", length="15", rule="1-cfr-18.17", zone="America/New_York")
    assert "Open through the end of that day: until 00:00 on 7 December 2018 (UTC-05:00) , New York." in answer(page)
    page = ask(api, start="2018-11-20", length="15", rule="1-cfr-18.17", zone="America/New_York", due_is="effect day")
    assert "Over from the start of that day: from 00:00 on 6 December 2018 (UTC-05:00) , New York." in answer(page)


def test_days_left_are_told_in_calendar_and_working_days_while_it_lies_ahead(api):
    told = answer(ask(api, start="2026-11-20", length="14", zone="America/New_York"))
    # from Tuesday, 24 November: Wednesday, Friday (Thursday is Thanksgiving), and Monday to Friday
    assert "10 calendar days left, of which 7 working days (US) from today, 24 November 2026 in New York" in told
    assert "calendar days left" not in answer(ask(api, start="2025-01-20", length="75"))
    assert "That day has passed." in answer(ask(api, start="2025-01-20", length="75"))


def test_the_day_itself_is_no_day_left_and_has_not_passed(api):
    assert "0 calendar days left" in answer(ask(api, start="2026-11-23", length="1"))
    assert "That day has passed." in answer(ask(api, start="2026-11-22", length="1"))


def test_an_effect_day_has_come_with_its_first_moment(api):
    assert "1 calendar day left" in answer(ask(api, start="2026-11-24", length="1", due_is="effect day"))
    assert "That day has come." in answer(ask(api, start="2026-11-23", length="1", due_is="effect day"))


def test_today_is_the_day_of_the_zone_and_not_of_the_server(api):
    # at noon in UTC it is the 25th already at UTC+14
    assert "from today, 25 November 2026 in Kiritimati" in answer(
        ask(api, start="2026-11-24", length="5", zone="Pacific/Kiritimati")
    )


def test_hours_that_are_counted_in_no_country_have_no_working_days(api):
    told = answer(ask(api, start="2026-11-27T12:00", length="72", unit="hours", rule="real-hours", zone="Europe/Berlin"))
    assert "6 calendar days left from today" in told
    assert "working" not in told


def test_closed_days_are_told_with_why_and_on_whose_authority(api):
    told = answer(ask(api, start="2018-11-20", length="15", rule="1-cfr-18.17"))
    assert "Wednesday, 5 December 2018 Day of Mourning for President George H.W. Bush EO 13852" in told
    assert "Had nothing moved it, the period would have ended on Wednesday, 5 December 2018." in told
    plain = answer(ask(api, start="2025-01-20", length="75"))
    assert "Closed days" not in plain
    assert "Had nothing moved it" not in plain


def test_a_day_on_which_the_office_was_inaccessible_is_no_public_holiday(api):
    told = answer(ask(api, start="2026-04-06", length="14", rule="frcp-6a", inaccessible="2026-04-20"))
    assert "Monday, 20 April 2026 the clerk’s office was inaccessible, as given Authority" in told


def test_many_weekends_are_told_as_a_number(api):
    told = answer(ask(api, start="2026-11-02", length="60", unit="business days"))
    assert "Thursday, 26 November 2026 Thanksgiving Day, a public holiday" in told
    assert re.search(r"And \d\d days of weekends\.", told)
    assert "Saturday, 7 November" not in told


def test_a_weekend_is_one_also_where_it_is_on_other_days(api):
    told = answer(ask(api, start="2026-11-18", length="2", unit="business days", jurisdiction="SA"))
    assert (
        heading(ask(api, start="2026-11-18", length="2", unit="business days", jurisdiction="SA")) == "Due Sunday, 22 November 2026"
    )
    assert "Friday, 20 November 2026 weekend Saturday, 21 November 2026 weekend" in told


def test_a_caution_is_marked_by_a_sign_and_a_word_and_told_once(api):
    page = ask(api, start="2018-11-21", length="14", rule="frcp-6a")
    assert 'class="warning caution"><span aria-hidden="true">⚠</span> <strong>Caution.</strong>' in page
    assert answer(page).count("Whether a court takes such a day") == 1


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-12", "Due between Tuesday, 2 March 2027 and Thursday, 1 April 2027"),
        ("../2026-12", "Due by Thursday, 1 April 2027, at the latest"),
        ("2026-12/..", "Due from Tuesday, 2 March 2027 on"),
        ("2026-12-01~", "Due about Tuesday, 2 March 2027"),
    ],
)
def test_an_uncertain_trigger_gives_a_span_and_not_a_day(api, start, expected):
    page = ask(api, start=start, length="91")
    assert heading(page).startswith(expected)
    if "~" not in start:
        assert "The trigger is uncertain, so this is a span and not a day." in page


def test_a_span_shows_its_earliest_and_its_latest_day(api):
    page = ask(api, start="2026-12", length="91", zone="America/New_York")
    assert "earliest Tuesday, 2 March 2027 latest Thursday, 1 April 2027" in heading(page)
    told = answer(page)
    assert "98 calendar days left" in told
    assert "from today, 24 November 2026 in New York, to the earliest day" in told
    assert "Open through the end of the latest day: until 00:00 on 2 April 2027" in told


# As known on


def test_an_answer_that_rests_on_what_became_known_later_offers_the_one_of_then(api):
    page = ask(api, start="2018-11-20", length="15", rule="1-cfr-18.17", zone="America/New_York")
    assert "As known on 20 November 2018, the day of the trigger, it fell due" in answer(page)
    then = api.get(linked(page, "Wednesday, 5 December 2018")).text
    assert heading(then) == "Due Wednesday, 5 December 2018"
    now = linked(then, "Thursday, 6 December 2018")
    assert "known_on" not in now
    assert "New_York" in now
    assert heading(api.get(now).text) == "Due Thursday, 6 December 2018"


def test_an_answer_that_rests_on_nothing_later_offers_no_other(api):
    assert "As known" not in answer(ask(api, start="2025-01-20", length="75"))
    assert "As known" not in answer(ask(api, start="2027-11-20", length="15", rule="1-cfr-18.17"))


@pytest.mark.parametrize("known_on", ["now", "today"])
def test_known_on_takes_the_words_of_the_other_pages(api, known_on):
    assert heading(ask(api, start="2018-11-20", length="15", rule="1-cfr-18.17", known_on=known_on)).endswith("6 December 2018")


# Fields


def test_the_address_is_the_whole_question_and_says_nothing_that_goes_without_saying(api):
    sent = {
        "start": " 2018-11-20 ", "length": "15", "unit": "days", "before": "", "rule": "1-cfr-18.17", "jurisdiction": "", "zone": "",
        "counting": "after", "due_is": "last day", "no_roll": "", "inaccessible": "", "known_on": "",
    }  # fmt: skip
    assert set(sent) == set(FIELDS)
    page = api.get("/count", query_string=sent)
    assert page.status_code == 302
    assert parse_qs(urlsplit(page.location).query) == {"start": ["2018-11-20"], "length": ["15"], "rule": ["1-cfr-18.17"]}
    assert heading(api.get(page.location).text) == "Due Thursday, 6 December 2018"


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ({"start": "20 January 2025", "length": "75"}, "Saturday, 5 April 2025"),
        ({"start": "January 20, 2025", "length": "75"}, "Saturday, 5 April 2025"),
        ({"start": "2025-04-05", "length": "75", "before": "1"}, "Monday, 20 January 2025"),
        ({"start": "2025-01-20", "length": "1,000"}, "Sunday, 17 October 2027"),
        ({"start": "2025-01-20", "length": "75", "unit": "day"}, "Saturday, 5 April 2025"),
        ({"start": "2025-01-20", "length": "75", "counting": "from"}, "Friday, 4 April 2025"),
        ({"start": "2026-01-30", "length": "1", "unit": "months"}, "Saturday, 28 February 2026"),
        ({"start": "2018-11-20", "length": "15", "rule": "1-cfr-18.17", "no_roll": "1"}, "Wednesday, 5 December 2018"),
        ({"start": "2026-04-06", "length": "14", "rule": "frcp-6a"}, "Monday, 20 April 2026"),
        # Patriots’ Day, in Massachusetts and Maine
        ({"start": "2026-04-06", "length": "14", "rule": "frcp-6a", "jurisdiction": "massachusetts"}, "Tuesday, 21 April 2026"),
        ({"start": "2026-04-06", "length": "14", "rule": "frcp-6a", "inaccessible": "20 April 2026; 2026-04-21"}, "Wednesday, 22 April 2026"),
        ({"start": "2026-04-06", "length": "14", "rule": "frcp-6a", "inaccessible": "April 20, 2026, April 21, 2026"}, "Wednesday, 22 April 2026"),
        ({"start": "2026-03-27T12:00", "length": "72", "unit": "hours", "rule": "real-hours", "zone": "berlin"}, "Monday, 30 March 2026, 13:00"),
        ({"start": "2026-03-27T12:00+01:00", "length": "72", "unit": "hours", "rule": "real-hours"}, "Monday, 30 March 2026, 12:00"),
        ({"start": "27 March 2026, 12:00 (UTC+01:00)", "length": "72", "unit": "hours", "rule": "real-hours"}, "Monday, 30 March 2026, 12:00"),
        ({"start": "27 March 2026 9:30", "length": "72", "unit": "hours", "rule": "real-hours", "zone": "Europe/Berlin"}, "Monday, 30 March 2026, 10:30"),
        ({"start": "2026-03-27 12:00", "length": "72", "unit": "hours", "rule": "real-hours", "zone": "Europe/Berlin"}, "Monday, 30 March 2026, 13:00"),
    ],
)  # fmt: skip
def test_each_field_counts(api, asked, due):
    assert heading(ask(api, **asked)) == f"Due {due}"


def test_what_was_asked_stands_in_the_form_again(api):
    page = ask(
        api, start="2026-04-06", length="14", rule="eu-1182-71", before="1", jurisdiction="DE", zone="Europe/Berlin", due_is="effect day",
        known_on="2026-04-06",
    )  # fmt: skip
    for name, value in (("start", "2026-04-06"), ("length", "14"), ("jurisdiction", "DE"), ("zone", "Europe/Berlin")):
        assert f'name="{name}" value="{value}"' in page
    for chosen in (
        'value="1" selected',
        'value="effect day" selected',
        'value="eu-1182-71" aria-describedby="about-eu-1182-71" checked',
    ):
        assert chosen in page
    assert page.count(" selected") == 5
    assert "<details open>" in page


def test_what_is_rarely_needed_is_folded_until_it_is_filled(api):
    assert "<details open>" not in ask(api)
    assert "<details open>" not in ask(api, start="2025-01-20", length="75", rule="1-cfr-18.17", zone="America/New_York")
    assert "<details open>" in ask(api, start="2025-01-20", length="75", known_on="2025-01-20")
    assert "<details open>" in ask(api, 422, start="2025-01-20", length="75", counting="since")


def test_each_rule_is_offered_with_what_it_does_and_its_citation(api):
    page = words(ask(api))
    for told in (
        "Plain days, or business days calendar Plain calendar days",
        "Federal Register documents 1-cfr-18.17",
        "Federal Rule of Civil Procedure 6(a)",
        "Regulation (EEC, Euratom) No 1182/71, articles 2 and 3",
        "72 hours of GDPR article 33",
    ):
        assert told in page


def test_the_jurisdictions_and_zones_that_are_offered_are_known(api):
    page = ask(api)
    for code in ("US", "US-DC", "US-MA", "US-WY", "CN", "HK", "DE", "SK"):
        assert f'<option value="{code}">' in page
    assert len([code for code in jurisdictions() if code.startswith("US-")]) >= 51
    for code, name in jurisdictions().items():
        assert jurisdiction_named(name) == jurisdiction_named(code.lower()) == code
        assert "Due" in heading(ask(api, start="2026-11-20", length="3", unit="business days", jurisdiction=code))
    for zone in ZONES:
        assert zone_named(zone.lower()) == zone
        assert "Due" in heading(ask(api, start="2026-11-20", length="3", zone=zone))


def test_a_jurisdiction_and_a_zone_that_are_not_offered_are_taken_too(api):
    assert "JP" not in jurisdictions()
    assert "Asia/Kathmandu" not in ZONES
    asked = {"start": "2026-11-02", "length": "1", "unit": "business days"}
    assert heading(ask(api, **asked, jurisdiction="US")) == "Due Tuesday, 3 November 2026"
    assert heading(ask(api, **asked, jurisdiction="JP", zone="Asia/Kathmandu")) == "Due Wednesday, 4 November 2026"  # Culture Day


# Elsewhere


def test_the_command_and_the_request_ask_the_same_question(api):
    asked = {
        "start": "5 April 2027", "length": "14", "rule": "frcp-6a", "before": "1", "jurisdiction": "maine", "zone": "new york",
        "inaccessible": "2027-03-22", "known_on": "2 January 2024",
    }  # fmt: skip
    page = ask(api, **asked)
    command, curl = (unescape(text) for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL))
    parts = shlex.split(curl)
    posted = api.post("/api/v1/count", json=json.loads(parts[-1])).get_json()
    name, *arguments = shlex.split(command)
    assert (name, parts[0], parts[2].endswith("/api/v1/count")) == ("daybook", "curl", True)
    done = subprocess.run([DAYBOOK, *arguments, "--json"], check=True, capture_output=True, text=True)
    printed = json.loads(done.stdout)
    for same in ("due", "rule", "steps", "skipped", "ends", "due_is", "zone", "known_on"):
        assert printed[same] == posted[same], same
    assert (posted["zone"], posted["known_on"]) == ("America/New_York", "2024-01-02")
    assert heading(page).endswith("23 March 2027")
    assert posted["due"] == "2027-03-23"  # Monday, the 22nd, was inaccessible


def test_a_flag_of_the_command_is_there_only_where_it_was_asked_for(api):
    plain = ask(api, start="2025-01-20", length="75")
    assert ">daybook count 2025-01-20 &#39;75 days&#39; --rule calendar</textarea>" in plain
    wished = ask(api, start="2025-01-20", length="75", counting="from")
    assert "--from-trigger</textarea>" in wished
    assert "--no-roll</textarea>" in ask(api, start="2025-01-20", length="75", rule="1-cfr-18.17", no_roll="1")


# Examples


@pytest.mark.parametrize(
    ("link", "due"),
    [
        ("75 days of EO 14166", "Due Saturday, 5 April 2025"),
        ("5 December as known that day", "Due Wednesday, 5 December 2018"),
        ("6 December as known now", "Due Thursday, 6 December 2018"),
        ("72 real hours", "Due Monday, 30 March 2026, 13:00"),
    ],
)
def test_each_worked_example_of_the_empty_page_gives_what_it_says(api, link, due):
    page = ask(api)
    assert "Worked examples" in page
    assert heading(api.get(linked(page, link)).text) == due


def test_the_page_is_in_the_navigation_and_its_title_has_the_answer(api):
    assert re.search(r'<a href="/count" aria-current="page">Count</a>', ask(api))
    title = re.search("<title>(.*?)</title>", ask(api, start="2025-01-20", length="75"))[1]
    assert title == "Due Saturday, 5 April 2025: 75 days after 20 January 2025 · Daybook"


def test_the_members_of_the_union_that_are_offered_are_those_that_its_rule_knows():
    from domain.deadlines.rule_sets import MEMBERS
    from web.places import NAMES

    assert set(NAMES) - {"US", "CN", "HK"} == set(MEMBERS.split())
