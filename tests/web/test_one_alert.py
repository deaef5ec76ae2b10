"""The page of one alert: what it said and why, whether it is still so; acknowledged, snoozed, awake."""

import re
from datetime import UTC, datetime

import pytest

from alerts.preferences import version_of
from domain.instants import micros
from tests.web.inboxes import Telling, own, plain, told_of_one
from web.visits import CLOSED

DAY = 86_400_000_000


@pytest.fixture
def house(book):
    """A reader who is told of one window, and others who are told nothing."""
    return told_of_one(book)


def test_an_alert_says_what_when_how_many_days_why_and_links_the_exact_state(house):
    house.book.clock.set(2026, 11, 26, 12)
    browser = house.browser("reader")
    page = browser.get(house.only_item())
    said = plain(page)
    assert "7 days left: “Comments on the levy” is due on 1 December 2026. 7 days before, Tue 24 Nov 2026, 12:00 UTC." in said
    assert "Now: 5 days left: “Comments on the levy” is due on 1 December 2026." in said
    assert "Days left7 then, 5 days left now (3 working days)" in said
    assert "Opened, due 1 December 2026" in said
    (exact,) = re.findall('href="([^"]+)">As it stood', page.text)
    assert "as_of=2026-11-24" in exact
    assert "recorded_at=" in exact
    assert browser.get(exact.replace("&amp;", "&")).status_code == 200


def test_the_exact_state_stays_though_the_date_moves_and_the_alert_says_that_it_is_no_longer_so(house):
    details = {"window": "w", "due": "2026-12-09"}
    house.book.record("m", "WindowExtended", "x", occurred="2026-11-24", announced="2026-11-24", details=details)
    browser = house.browser("reader")
    page = browser.get(house.only_item())
    assert (
        "This is no longer so. The due date of “Comments on the levy” is 9 December 2026 by now, no longer 1 December 2026."
        in plain(page)
    )
    assert "/acknowledge" not in page.text
    (exact,) = re.findall('href="([^"]+)">As it stood', page.text)
    then = plain(browser.get(exact.replace("&amp;", "&")))
    assert "1 December 2026" in then
    assert "9 December 2026" not in then


def test_whoever_is_signed_out_is_led_to_sign_in_and_back(house):
    browser = house.browser()
    got = browser.get(house.only_item())
    assert (got.status_code, got.location) == (303, f"/sign-in?next={house.only_item()}")
    back = browser.sign_in("reader one", "four words in a row", next=house.only_item())
    assert (back.status_code, back.location) == (303, house.only_item())


def test_the_same_where_reading_is_closed(book):
    closed = Telling(book, reading=CLOSED).fill()
    got = closed.browser().get("/account/alerts/items/abc")
    assert (got.status_code, got.location) == (303, "/sign-in?next=/account/alerts/items/abc")


def test_a_form_sent_when_signed_out_changes_nothing_and_leads_back_to_the_alert(house):
    for act in ("acknowledge", "unacknowledge", "snooze", "wake"):
        got = house.browser().post(f"{house.only_item()}/{act}")
        assert got.status_code == 401
        assert f"/sign-in?next={house.only_item()}" in got.text
    assert house.alerts.wishes.acknowledged(house.ids["reader"]) == set()


def test_a_form_without_our_token_is_refused(house):
    browser = house.browser("reader")
    for act in ("acknowledge", "unacknowledge", "snooze", "wake"):
        assert browser.client.post(f"{house.only_item()}/{act}", data={"days": "1"}).status_code == 400
        assert (
            browser.post(f"{house.only_item()}/{act}", {"days": "1"}, headers={"Origin": "https://evil.example"}).status_code == 400
        )
    assert house.alerts.wishes.snoozed(house.ids["reader"]) == {}
    assert house.alerts.wishes.acknowledged(house.ids["reader"]) == set()


def test_looking_at_an_alert_changes_nothing(house):
    browser, item = house.browser("reader"), house.only_item()
    before = house.book.rows("SELECT * FROM outbox ORDER BY id")
    assert browser.get(item).status_code == 200
    for act in ("acknowledge", "snooze", "wake"):
        assert browser.get(f"{item}/{act}").status_code == 405
    assert house.book.rows("SELECT * FROM outbox ORDER BY id") == before
    assert house.alerts.wishes.acknowledged(house.ids["reader"]) == set()


def test_acknowledging_ends_the_ladder_on_every_channel_and_can_be_undone(house):
    browser, item = house.browser("reader"), house.only_item()
    got = browser.post(f"{item}/acknowledge")
    assert (got.status_code, got.location) == (303, f"{item}?done=acknowledged")
    assert "Nothing more of the due date 1 December 2026 is sent to you" in plain(browser.get(got.location))
    version = version_of("2026-12-01", "m.w")
    assert house.alerts.wishes.acknowledged(house.ids["reader"]) == {("m", "w", version)}
    undone = browser.post(f"{item}/unacknowledge")
    assert "you hear of this due date again" in plain(browser.get(undone.location))
    assert house.alerts.wishes.acknowledged(house.ids["reader"]) == set()
    assert "Undo" not in plain(browser.get(item))


def test_acknowledging_twice_is_as_once(house):
    browser, item = house.browser("reader"), house.only_item()
    assert [browser.post(f"{item}/acknowledge").status_code for _ in range(2)] == [303, 303]
    assert len(house.alerts.wishes.acknowledged(house.ids["reader"])) == 1


@pytest.mark.parametrize(("days", "until"), [("1", 1), ("3", 3), ("7", 7)])
def test_snoozing_for_a_time_counts_from_now(house, days, until):
    got = house.browser("reader").post(f"{house.only_item()}/snooze", {"days": days})
    assert got.location == f"{house.only_item()}?done=snoozed"
    assert house.alerts.wishes.snoozed(house.ids["reader"]) == {("m", "w"): house.book.clock() + until * DAY}


@pytest.mark.parametrize("typed", ["2026-11-27", "27 nov 2026"])
def test_snoozing_until_a_date_ends_with_the_start_of_that_day_in_ones_zone(house, typed):
    house.alerts.wishes.keep({"time_zone": "America/New_York"}, house.ids["reader"])
    browser, item = house.browser("reader"), house.only_item()
    assert browser.post(f"{item}/snooze", {"until": typed}).status_code == 303
    assert house.alerts.wishes.snoozed(house.ids["reader"]) == {("m", "w"): micros(datetime(2026, 11, 27, 5, tzinfo=UTC))}
    said = plain(browser.get(item))
    assert "nothing of this window is sent to you, by e-mail or otherwise, until Fri 27 Nov 2026, 00:00 New York" in said
    assert "It is due before that" not in said
    assert "snoozed until Fri 27 Nov 2026, 00:00 New York" in own(house)


def test_a_snooze_that_outlasts_the_due_date_says_so(house):
    browser, item = house.browser("reader"), house.only_item()
    browser.post(f"{item}/snooze", {"until": "2026-12-01"})
    assert "It is due before that" not in plain(browser.get(item))
    browser.post(f"{item}/snooze", {"until": "2026-12-02"})
    assert "It is due before that, on 1 December 2026." in plain(browser.get(item))


def test_waking_ends_the_snooze(house):
    browser, item = house.browser("reader"), house.only_item()
    browser.post(f"{item}/snooze", {"days": "7"})
    assert "Wake" in plain(browser.get(item))
    got = browser.post(f"{item}/wake")
    assert house.alerts.wishes.snoozed(house.ids["reader"]) == {}
    assert "Awake: you hear of this window again" in plain(browser.get(got.location))


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "Write the day until which you want to hear nothing"),
        ({"until": ""}, "Write the day until which you want to hear nothing"),
        ({"until": "soon"}, "Write the day until which you want to hear nothing"),
        ({"until": "2026-13-01"}, "Write the day until which you want to hear nothing"),
        ({"until": "2026-11"}, "Write the day until which you want to hear nothing"),
        ({"until": "2026-11-24"}, "Snooze until a time to come, at most a year ahead."),
        ({"until": "2026-11-01"}, "Snooze until a time to come, at most a year ahead."),
        ({"until": "2028-01-01"}, "Snooze until a time to come, at most a year ahead."),
        ({"days": "2"}, "Snooze for a day, three days or a week, or until a date."),
        ({"days": "-1"}, "Snooze for a day, three days or a week, or until a date."),
        ({"days": "99999999999"}, "Snooze for a day, three days or a week, or until a date."),
    ],
)
def test_a_snooze_that_cannot_be_is_told_at_its_field(house, form, told):
    got = house.browser("reader").post(f"{house.only_item()}/snooze", form)
    assert got.status_code == 422
    assert told in plain(got)
    assert 'aria-invalid="true"' in got.text
    assert house.alerts.wishes.snoozed(house.ids["reader"]) == {}


def test_a_field_that_a_form_has_not_is_refused(house):
    got = house.browser("reader").post(f"{house.only_item()}/acknowledge", {"account": house.ids["admin"]})
    assert got.status_code == 422


def test_an_alert_of_a_closed_window_offers_nothing(house):
    details = {"window": "w", "evidence": "Done."}
    house.book.record("m", "WindowMet", "met", occurred="2026-11-24", announced="2026-11-24", details=details)
    page = house.browser("reader").get(house.only_item())
    assert "so there is nothing to acknowledge or to snooze" in plain(page)
    assert "/snooze" not in page.text
    assert "/acknowledge" not in page.text


def test_an_alert_about_no_window_offers_nothing(book):
    house = Telling(book).fill()
    house.policy("reader")
    book.open("m", "Europe/Berlin")
    order = {"number": 14999, "title": "An order", "citation": "91 FR 1"}
    book.record("m", "ExecutiveOrderSigned", "s", occurred="2026-11-24", announced="2026-11-24", details=order)
    house.tick(2026, 11, 24)
    (item,) = house.items("reader", "new")
    page = house.browser("reader").get(f"/account/alerts/items/{item}")
    assert "This alert is about no window" in plain(page)
    assert "/snooze" not in page.text
    assert house.browser("reader").post(f"/account/alerts/items/{item}/snooze", {"days": "1"}).status_code == 409
    assert house.browser("reader").post(f"/account/alerts/items/{item}/acknowledge").status_code == 409


@pytest.mark.parametrize("item", ["nope", "%00", "x" * 500, "..%2F..", "%F0%9F%98%80"])
def test_an_alert_that_is_none_is_not_found(house, item):
    assert house.browser("reader").get(f"/account/alerts/items/{item}").status_code == 404


def test_the_page_of_an_alert_is_not_kept_by_the_browser(house):
    assert house.browser("reader").get(house.only_item()).headers["Cache-Control"] == "no-store"


def test_a_title_is_shown_as_it_is_written(book):
    house = Telling(book).fill()
    house.policy("reader")
    house.window(title="Rules & “orders” {{7*7}} 'x'")
    house.tick(2026, 11, 24)
    browser = house.browser("reader")
    for address in ("/alerts", f"/account/alerts/items/{house.items('reader')[0]}"):
        assert "Rules &amp; “orders” {{7*7}} &#39;x&#39;" in browser.get(address).text


def test_a_pause_that_is_offered_names_its_end_and_whether_that_is_too_late(house):
    said = plain(house.browser("reader").get(house.only_item()))
    assert "A week until 1 Dec 2026" in said
    assert "after the due date" not in said
    house.book.clock.set(2026, 11, 26, 12)
    assert "A week until 3 Dec 2026, after the due date" in plain(house.browser("reader").get(house.only_item()))


def test_who_has_acknowledged_is_offered_no_snooze(house):
    browser, item = house.browser("reader"), house.only_item()
    browser.post(f"{item}/acknowledge")
    assert f"{item}/snooze" not in browser.get(item).text
