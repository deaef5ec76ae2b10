"""The calendar and the feeds, read by the readers that others use."""

from datetime import date

import feedparser
import icalendar
import pytest


def calendar_at(api, query):
    response = api.get(f"/deadlines.ics?{query}")
    assert response.mimetype == "text/calendar"
    parsed = icalendar.Calendar.from_ical(response.data)
    return {str(event["UID"]): event for event in parsed.walk("VEVENT")}


def test_the_calendar_has_the_window_on_its_day(api):
    event = calendar_at(api, "as_of=2025-03-21")["tiktok-divestiture.pause-1@daybook"]
    assert event.decoded("dtstart") == date(2025, 4, 5)
    assert event.decoded("dtend") == date(2025, 4, 6)
    assert event["STATUS"] == "CONFIRMED"
    assert int(event["SEQUENCE"]) == 0
    assert [alarm.decoded("trigger").days for alarm in event.walk("VALARM")] == [-30, -14, -7, -3, -1, 0]
    assert "EO 14166" in event["DESCRIPTION"]
    assert "pause-2" not in str(calendar_at(api, "as_of=2025-03-21"))


def test_a_moved_window_keeps_its_uid_and_raises_its_sequence(api):
    before = calendar_at(api, "as_of=2025-04-03")["tiktok-divestiture.pause-1@daybook"]
    after = calendar_at(api, "as_of=2025-04-05")["tiktok-divestiture.pause-1@daybook"]
    assert after.decoded("dtstart") == date(2025, 6, 19)
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_a_superseded_window_is_cancelled_rather_than_gone(api):
    open_window = calendar_at(api, "as_of=2025-09-20")["tiktok-divestiture.pause-1@daybook"]
    closed = calendar_at(api, "as_of=2025-09-26")["tiktok-divestiture.pause-1@daybook"]
    assert closed["STATUS"] == "CANCELLED"
    assert int(closed["SEQUENCE"]) > int(open_window["SEQUENCE"])


def test_the_calendar_can_be_of_one_matter(api):
    uids = calendar_at(api, "as_of=2025-03-21&matter=us-chip-export-controls")
    assert uids
    assert all(uid.startswith("us-chip-export-controls.") for uid in uids)


def test_the_atom_feed_is_well_formed_and_names_its_entries(api):
    response = api.get("/feed.atom")
    assert response.mimetype == "application/atom+xml"
    parsed = feedparser.parse(response.data)
    assert not parsed.bozo
    assert parsed.feed.title == "Daybook: alerts and new entries"
    assert len(parsed.entries) == 100
    entry = next(e for e in parsed.entries if e.id == "urn:daybook:event:tiktok-divestiture.eo-14352")
    assert entry.title == "EO 14352: Saving TikTok While Protecting National Security"
    assert entry.link == "http://127.0.0.1:8000/events/tiktok-divestiture.eo-14352"


def test_the_json_feed_has_the_same_items(api):
    body = api.get("/feed.json").get_json(force=True)
    assert body["version"] == "https://jsonfeed.org/version/1.1"
    assert {item["id"] for item in body["items"]} == {e.id for e in feedparser.parse(api.get("/feed.atom").data).entries}


@pytest.mark.parametrize(
    "url", ["/feed.atom?q=1", "/feed.json?x=", "/deadlines.ics?as-of=2025-01-01", "/deadlines.ics?as_of=2025-02-30"]
)
def test_a_mistyped_parameter_is_refused(api, url):
    assert api.get(url).status_code == 422
