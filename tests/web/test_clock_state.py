"""The clock as the web shows it: /readyz, the metrics, and the warning on pages."""

import re

import pytest

from alerts import outbox
from tests.web.houses import text
from tests.web.inboxes import Telling
from web.visits import CLOSED

MINUTE = 60_000_000
WARNED = ("/", "/alerts", "/deadlines", "/account/alerts")
QUIET = ("/matters", "/matters/m", "/diff", "/count", "/account", "/welcome", "/account/alerts/items/x")


@pytest.fixture
def house(book):
    its = Telling(book).fill()
    its.window()
    return its


def figures(response):
    """The metrics by their name with its labels."""
    lines = [line for line in response.get_data(as_text=True).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_readyz_tells_when_the_clock_last_looked(house):
    house.tick()
    house.book.clock.now += 90_500_000
    got = house.browser().get("/readyz")
    assert got.json["clock"] == {"last_tick": "2026-11-24T12:00:00+00:00", "age_seconds": 90, "standing_still": False}


def test_readyz_stays_ready_where_the_clock_stands_still_or_never_was(house):
    house.book.clock.now += 10 * MINUTE
    got = house.browser().get("/readyz")
    assert (got.status_code, got.json["status"]) == (200, "ready")
    assert got.json["clock"] == {"last_tick": None, "age_seconds": None, "standing_still": True}
    house.tick()
    house.book.clock.now += 4 * MINUTE
    assert house.browser().get("/readyz").json["clock"]["standing_still"] is True


def test_readyz_tells_of_the_clock_where_reading_is_closed(book):
    house = Telling(book, reading=CLOSED).fill()
    got = house.browser().get("/readyz").json
    assert set(got) == {"status", "clock"}


def test_the_metrics_tell_the_clocks_last_tick_and_how_late_messages_were(house):
    house.policy("reader", house.page("reader"), house.address("reader"))
    house.window("v", "2026-11-27")
    house.tick()
    now = house.book.clock()
    with house.alerts.store.writing() as c:
        for key, late in (("a", 0), ("b", 3_000_000), ("c", 7_200_000_000)):
            outbox.put_message(c, key, "u", "c", "test", now, now, None, "sent")
            c.execute("UPDATE messages SET ended=? WHERE id=?", (now + late, key))
    house.book.clock.now += 30_000_000
    told = figures(house.browser().get("/metrics"))
    on_the_page = house.alerts.store.row("SELECT COUNT(*) FROM messages WHERE channel LIKE 'p-%'")[0]
    assert on_the_page >= 1
    assert told["daybook_clock_last_tick_timestamp_seconds"] == now / 1_000_000
    assert told['daybook_alert_lateness_seconds_bucket{le="1.0"}'] == on_the_page + 1
    assert told['daybook_alert_lateness_seconds_bucket{le="5.0"}'] == on_the_page + 2
    assert told['daybook_alert_lateness_seconds_bucket{le="3600.0"}'] == on_the_page + 2
    assert told['daybook_alert_lateness_seconds_bucket{le="21600.0"}'] == on_the_page + 3
    assert (
        told['daybook_alert_lateness_seconds_bucket{le="+Inf"}'] == told["daybook_alert_lateness_seconds_count"] == on_the_page + 3
    )
    assert told["daybook_alert_lateness_seconds_sum"] == 7203
    assert told['daybook_alert_messages{state="sent"}'] == on_the_page + 3
    assert told['daybook_alert_messages{state="waiting"}'] >= 1
    assert told['daybook_alert_messages{state="given up"}'] == told["daybook_alert_outbox_waiting"] == 0
    assert told["daybook_alert_oldest_waiting_seconds"] == pytest.approx(30, abs=0.01)


def test_another_process_tells_the_same_figures(house):
    house.policy("reader")
    house.tick()
    again = house.book.again()
    other = Telling(again)
    mine, others = (figures(each.browser().get("/metrics")) for each in (house, other))
    again.log.close()
    shared = {name for name in mine if "alert" in name or "clock" in name}
    assert len(shared) > 10
    assert {name: mine[name] for name in shared} == {name: others[name] for name in shared}


def test_what_waits_for_a_digest_is_counted_apart(house):
    page = house.page("reader")
    raw = {
        "name": "Daily",
        "about": {},
        "ladder": ["7d"],
        "changes": ["new"],
        "routes": [{"channel": house.address("reader").id, "rhythm": "daily"}],
    }
    house.alerts.policies.keep(house.alerts.policies.read(raw, page.account, house.book.clock()), page.account)
    house.window("v")
    house.tick()
    told = figures(house.browser().get("/metrics"))
    assert told["daybook_alert_outbox_waiting"] >= 1
    assert told['daybook_alert_messages{state="waiting"}'] == 0


def test_a_daybook_whose_clock_never_ticked_has_no_last_tick_in_its_metrics(house):
    assert "daybook_clock_last_tick_timestamp_seconds" not in figures(house.browser().get("/metrics"))


@pytest.mark.parametrize("path", WARNED)
def test_the_pages_that_rest_on_the_clock_warn_where_it_stands_still(house, path):
    house.tick(2026, 11, 24)
    house.book.clock.set(2026, 11, 24, 12, 30)
    told = "No clock has looked since 24 November 2026, 12:00 UTC. Alerts are not being sent. "
    what = {
        "reader": "Tell whoever runs this daybook.",
        "admin": "Whoever runs this daybook: start daybook clock or daybook serve.",
    }
    for role, words in what.items():
        assert told + words in re.sub("<[^>]+>", "", text(house.browser(role).get(path)))


@pytest.mark.parametrize("path", WARNED)
def test_they_say_nothing_when_all_is_well(house, path):
    house.tick()
    page = text(house.browser("reader").get(path))
    assert "No clock" not in page
    assert "stands still" not in page


@pytest.mark.parametrize("path", QUIET)
def test_other_pages_say_nothing(house, path):
    house.book.clock.now += 60 * MINUTE
    got = house.browser("reader").get(path)
    assert "No clock" not in text(got)


def test_an_error_page_asks_nothing_of_the_clock(house):
    house.book.clock.now += 60 * MINUTE
    got = house.browser().get("/deadlines?as_of=nonsense-at-all")
    assert got.status_code == 422
    assert "No clock" not in text(got)


def test_a_page_kept_by_a_browser_is_new_once_the_clock_stands_still(house):
    house.tick()
    browser = house.browser()
    tag = browser.get("/deadlines").headers["ETag"]
    assert browser.get("/deadlines", headers={"If-None-Match": tag}).status_code == 304
    house.book.clock.now += 60 * MINUTE
    assert browser.get("/deadlines", headers={"If-None-Match": tag}).status_code == 200
