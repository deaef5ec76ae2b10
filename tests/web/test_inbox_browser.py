"""The inbox, one alert and the ways in and out in a real Chromium: wide, phone and dark, by keyboard, and without JavaScript."""

import re

import pytest

from tests.conftest import Clock, Recorder
from tests.web.chromium import IN_A_BROWSER, PHONE, WIDE, follow, pages, runs_out, serious, serving
from tests.web.houses import PASSWORD
from tests.web.inboxes import Telling

pytestmark = IN_A_BROWSER
OPEN_TO_ALL = ("/confirm/{code}", "/confirm/x", "/leave/{leave}", "/deadlines")
PAGES = (*OPEN_TO_ALL, "/alerts", *(f"/account/alerts/items/{{{name}}}" for name in ("step", "amended", "former")))


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A house over a real server whose clock stands still, with its address and the names of its pages."""
    book = Recorder(tmp_path_factory.mktemp("inbox") / "daybook.sqlite", Clock())
    house = Telling(book).fill()
    mail, (_, code) = house.address("reader"), house.unconfirmed("reader", "zoe@other.example")
    house.policy("reader", house.page("reader"), mail)
    house.window(due="2026-11-27", title="Comments on the levy on grain and on what is made of it")
    house.window("v", due="2026-12-01")
    house.tick(2026, 11, 24)
    details = {"window": "v", "due": "2026-12-09"}
    book.record("m", "WindowExtended", "x", occurred="2026-11-24", announced="2026-11-24", details=details)
    book.record("m", "EntryCorrected", "c", announced="2026-11-24", of=["w"], changes={"purpose": "application"}, slip="ours")
    house.tick()
    book.clock.now += 3_600_000_000
    names = {
        "code": code,
        "leave": mail.leave,
        "step": house.alert("w"),
        "former": house.alert("v"),
        "amended": house.items("reader", "amended")[0],
    }
    with serving(house.app) as address:
        yield house, address, names
    book.log.close()


@pytest.fixture
def visit(chromium, served):
    """Open an address in a browser of its own, signed in as the reader or as nobody."""
    _, address, names = served
    with pages(chromium, "404", "422") as new:

        def opened(path, signed_in=True, *how, **named):
            page = new(*how, **named)
            if signed_in:
                page.goto(f"{address}/sign-in")
                page.fill("#in-name", "reader one")
                page.fill("#in-password", PASSWORD)
                follow(page, "main button")
            page.goto(address + path.format(**names))
            return page

        yield opened


@pytest.mark.parametrize(("size", "colours"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide-light", "phone-dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_and_nothing_runs_out_of_the_page(visit, path, size, colours):
    page = visit(path, path not in OPEN_TO_ALL, size, colours)
    assert page.locator("h1").count() == 1
    assert serious(page) == []
    assert runs_out(page) <= 0


def test_the_warning_of_a_clock_that_stands_still_is_seen_on_a_phone(visit):
    page = visit("/deadlines", False, PHONE)
    assert page.locator("text=No clock has looked since 24 November 2026, 12:00 UTC").is_visible()


def test_from_an_e_mail_on_a_phone_without_javascript_an_alert_is_answered(visit, served):
    house, address, names = served
    page = visit("/account/alerts/items/{step}", False, PHONE, scripts=False)
    assert "/sign-in?next=/account/alerts/items/" in page.url
    page.fill("#in-name", "reader one")
    page.fill("#in-password", PASSWORD)
    follow(page, "main button")
    assert page.url == f"{address}/account/alerts/items/{names['step']}"
    for button, told, then in (
        ("Acknowledge", "Acknowledged", "Undo"), ("Undo", "Taken back", "Acknowledge"),
        ("Three days", "Snoozed", "Wake"), ("Wake", "Awake", "Three days"),
    ):  # fmt: skip
        follow(page, f"main button:has-text('{button}')")
        assert told in page.inner_text(".done")
        assert page.locator(f"main button:has-text('{then}')").first.is_visible()
    page.fill("#until", "2026-11-26")
    follow(page, "text=Snooze until then")
    assert "Thu 26 Nov 2026, 00:00 UTC" in page.inner_text("main")
    follow(page, "main button:has-text('Wake')")
    assert house.alerts.wishes.snoozed(house.ids["reader"]) == {}


def test_buttons_are_large_enough_for_a_thumb(visit):
    page = visit("/account/alerts/items/{step}", True, PHONE)
    for button in page.locator("main button").all():
        assert button.bounding_box()["height"] >= 40


def test_a_wrong_date_stands_at_its_field_with_the_focus(visit):
    page = visit("/account/alerts/items/{step}")
    page.fill("#until", "2026-11-01")
    follow(page, "text=Snooze until then")
    assert page.evaluate("document.activeElement.id") == "until"
    assert page.input_value("#until") == "2026-11-01"
    assert "Snooze until a time to come" in page.inner_text("#until-wrong")
    assert serious(page) == []


def test_the_inbox_leads_to_an_alert_by_keyboard(visit):
    page = visit("/alerts")
    page.focus(".inbox h3 a >> nth=0")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert re.search("/account/alerts/items/[0-9a-f]+$", page.url)


def test_an_address_is_left_with_one_click(visit, served):
    house, *_ = served
    page = visit("/leave/{leave}", False, PHONE, scripts=False)
    follow(page, "text=Send nothing more there")
    assert "You will no longer get alerts at a…@example.org" in page.inner_text("main")
    mail = next(each for each in house.alerts.ways.of(house.ids["reader"]) if each.name == "Work")
    assert mail.off == "Turned off by the link in a message."
    house.alerts.ways.turn_on(mail.id, mail.account, mail.account)
