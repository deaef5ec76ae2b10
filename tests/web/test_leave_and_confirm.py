"""An address is confirmed, and left, by a secret in an e-mail: by a button, never by a look; for nobody signed in, and where reading is closed."""

import http.client
import logging
import re

import pytest
import structlog

from alerts.model import EMAIL, WEBHOOK, Channel
from service.people import audit
from tests.web.chromium import serving
from tests.web.inboxes import Telling, plain
from web.app import create_app
from web.edge import Edge
from web.limits import read_limit
from web.pages_codes import masked
from web.visits import CLOSED, OPEN

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def house(book):
    """A house where reading is closed: nobody who is not signed in sees any other page."""
    return Telling(book, reading=CLOSED).fill()


def off(house, channel):
    return house.alerts.ways.get(channel.id, channel.account).off


def confirmed(house, channel):
    return house.alerts.ways.get(channel.id, channel.account).confirmed is not None


# Confirming


def test_a_look_shows_the_address_and_a_button_and_confirms_nothing(house):
    channel, code = house.unconfirmed("reader")
    browser = house.browser()
    for _ in range(2):
        page = browser.get(f"/confirm/{code}")
        assert page.status_code == 200
        assert "wants alerts sent to a…@example.org" in plain(page)
        assert 'method="post"' in page.text
        assert browser.client.head(f"/confirm/{code}").status_code == 200
        assert browser.client.options(f"/confirm/{code}").status_code == 200
    assert not confirmed(house, channel)


def test_the_button_confirms_it_and_the_link_is_used_up(house):
    channel, code = house.unconfirmed("reader")
    browser = house.browser()
    done = browser.post(f"/confirm/{code}", page=f"/confirm/{code}")
    assert done.status_code == 200
    assert "Alerts are sent to a…@example.org from now on" in plain(done)
    assert confirmed(house, channel)
    for again in (browser.get(f"/confirm/{code}"), browser.post(f"/confirm/{code}", page="/sign-in")):
        assert again.status_code == 404
        assert "Nothing to confirm" in plain(again)


def test_another_site_cannot_press_the_button(house):
    channel, code = house.unconfirmed("reader")
    assert house.browser().client.post(f"/confirm/{code}").status_code == 400
    foreign = house.browser().post(f"/confirm/{code}", page=f"/confirm/{code}", headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 400
    assert not confirmed(house, channel)


def test_a_link_that_a_newer_one_replaced_counts_no_more(house):
    channel, code = house.unconfirmed("reader")
    newer = house.alerts.ways.new_proof(channel.id, channel.account)
    assert house.browser().get(f"/confirm/{code}").status_code == 404
    assert house.browser().get(f"/confirm/{newer}").status_code == 200


def test_whoever_is_signed_in_as_another_confirms_the_owners_address_only(house):
    channel, code = house.unconfirmed("reader")
    browser = house.browser("editor")
    assert browser.post(f"/confirm/{code}", page=f"/confirm/{code}").status_code == 200
    assert confirmed(house, channel)
    assert [each.kind for each in house.alerts.ways.of(house.ids["editor"])] == ["page"]


# Leaving


def test_a_look_at_the_way_out_turns_nothing_off(house):
    channel = house.address("reader")
    for _ in range(2):
        page = house.browser().get(f"/leave/{channel.leave}")
        assert page.status_code == 200
        assert "You will no longer get alerts at a…@example.org" in plain(page)
        assert house.browser().client.head(f"/leave/{channel.leave}").status_code == 200
    assert off(house, channel) is None


def test_a_mail_program_leaves_with_one_post_without_cookie_or_token(house):
    channel = house.address("reader")
    client = house.app.test_client(use_cookies=False)
    got = client.post(
        f"/leave/{channel.leave}", data=ONE_CLICK, headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}
    )
    assert (got.status_code, got.headers.get("Location"), got.headers.get("Set-Cookie")) == (200, None, None)
    assert off(house, channel) == "Turned off by the link in a message."
    assert "Sign in and turn it on again under What is sent to you, and how" in plain(got)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_over_a_real_connection_the_two_forms_of_rfc_8058_are_taken(house, kind):
    channel = house.address("reader")
    boundary = "x8058"
    body = "List-Unsubscribe=One-Click"
    if kind == "multipart/form-data":
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--{boundary}--\r\n'
        kind += f"; boundary={boundary}"
    with serving(house.app) as address:
        connection = http.client.HTTPConnection(address.removeprefix("http://"))
        connection.request("POST", f"/leave/{channel.leave}", body, {"Content-Type": kind})
        assert connection.getresponse().status == 200
        connection.close()
    assert off(house, channel) is not None


def test_leaving_twice_is_answered_alike_and_written_once(house):
    channel = house.address("reader")
    client = house.app.test_client()
    for _ in range(3):
        assert client.post(f"/leave/{channel.leave}", data=ONE_CLICK).status_code == 200
    lines = audit.read(house.people.store, None, 50, channel.account, audit.CHANNEL_CHANGED)
    assert [(line.actor, line.detail["change"]) for line in lines] == [(None, "turned off")]
    assert "No more alerts there" in plain(client.get(f"/leave/{channel.leave}"))


def test_a_channel_that_is_off_for_another_reason_keeps_its_reason_to_its_owner(house):
    channel = house.address("reader")
    house.alerts.ways.turn_off(channel.id, channel.account, "clock", "The mail server refused ann.smith@example.org")
    got = house.app.test_client().post(f"/leave/{channel.leave}", data=ONE_CLICK)
    assert got.status_code == 200
    assert "ann.smith" not in got.text
    assert off(house, channel) == "The mail server refused ann.smith@example.org"


def test_only_that_channel_goes_off_and_it_can_be_turned_on_again(house):
    channel, other = house.address("reader"), house.address("reader", "ann@home.example")
    client = house.app.test_client()
    client.post(f"/leave/{channel.leave}", data=ONE_CLICK)
    assert [off(house, each) is None for each in (channel, other, house.page("reader"))] == [False, True, True]
    house.alerts.ways.turn_on(channel.id, channel.account, channel.account)
    assert off(house, channel) is None
    assert client.get(f"/leave/{channel.leave}").status_code == 200


def test_what_waited_for_a_channel_that_was_left_is_not_sent(house):
    channel = house.address("reader")
    house.policy("reader", channel)
    house.window()
    house.tick(2026, 11, 24)
    house.app.test_client().post(f"/leave/{channel.leave}", data=ONE_CLICK)
    house.alerts.work()
    states = house.alerts.store.rows("SELECT state, detail FROM messages WHERE channel=?", channel.id)
    assert states
    assert {state for state, _ in states} == {"dropped"}
    assert "channel is off" in states[0][1]


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "No"}, {"list-unsubscribe": "One-Click"}, {"csrf_token": "x"}])
def test_a_post_that_is_not_the_one_click_changes_nothing_and_shows_the_button(house, body):
    channel = house.address("reader")
    got = house.app.test_client().post(f"/leave/{channel.leave}", data=body)
    assert got.status_code == 422
    assert "Send nothing more there" in plain(got)
    assert off(house, channel) is None


def test_the_button_on_the_page_sends_what_a_mail_program_sends(house):
    channel = house.address("reader")
    page = house.browser().get(f"/leave/{channel.leave}").text
    form = re.search("<main.*?(<form.*?</form>)", page, re.DOTALL)[1]
    assert 'name="List-Unsubscribe" value="One-Click"' in form
    assert "csrf_token" not in form


def test_the_page_of_alerts_has_no_way_out(house):
    page = house.page("reader")
    assert house.browser().get(f"/leave/{page.leave}").status_code == 404
    assert house.app.test_client().post(f"/leave/{page.leave}", data=ONE_CLICK).status_code == 404
    assert off(house, page) is None


def test_the_houses_own_channel_is_turned_on_by_who_runs_the_daybook(house):
    channel = house.alerts.ways.make_confirmed({"kind": "email", "name": "Desk", "target": "desk@example.org"}, None, "shell")
    got = house.app.test_client().post(f"/leave/{channel.leave}", data=ONE_CLICK)
    assert got.status_code == 200
    assert "Whoever runs this daybook can turn it on again" in plain(got)
    assert off(house, channel) is not None


# Both


def test_both_work_alike_where_reading_is_open(book):
    house = Telling(book, reading=OPEN).fill()
    channel, (_, code) = house.address("reader"), house.unconfirmed("reader", "zoe@other.example")
    browser = house.browser()
    assert [browser.get(address).status_code for address in (f"/confirm/{code}", f"/leave/{channel.leave}")] == [200, 200]
    assert browser.post(f"/confirm/{code}", page=f"/confirm/{code}").status_code == 200
    assert house.app.test_client().post(f"/leave/{channel.leave}", data=ONE_CLICK).status_code == 200
    assert off(house, channel) is not None


@pytest.mark.parametrize("way", ["confirm", "leave"])
@pytest.mark.parametrize("code", ["nope", "x" * 2000, "%F0%9F%98%80", "a'; DROP TABLE channels;--", "%2e%2e"])
def test_a_code_that_is_none_gets_a_plain_page(house, way, code):
    channel = house.address("reader")
    browser = house.browser()
    assert browser.get(f"/{way}/{code}").status_code == 404
    assert browser.client.post(f"/{way}/{code}", data=ONE_CLICK | {"csrf_token": browser.csrf()}).status_code in (404, 422)
    assert confirmed(house, channel)
    assert off(house, channel) is None


def test_neither_code_does_the_others_work(house):
    channel, code = house.unconfirmed("reader")
    browser = house.browser()
    assert browser.get(f"/leave/{code}").status_code == 404
    assert browser.get(f"/confirm/{channel.leave}").status_code == 404


def test_nothing_but_the_masked_address_is_told_of_whose_it_is(house):
    channel, (_, code) = house.address("reader"), house.unconfirmed("reader", "zoe@other.example")
    house.policy("reader", channel)
    browser = house.browser()
    pages = [browser.get(f"/confirm/{code}"), browser.get(f"/leave/{channel.leave}")]
    pages += [browser.post(f"/confirm/{code}", page="/sign-in"), browser.client.post(f"/leave/{channel.leave}", data=ONE_CLICK)]
    for page in pages:
        assert page.status_code == 200
        for private in ("reader one", house.ids["reader"], channel.id, "ann.smith", "zoe@", "Work", "Policy"):
            assert private not in page.text


@pytest.mark.parametrize(
    ("target", "shown"),
    [("ann.smith@example.org", "a…@example.org"), ("a@example.org", "a…@example.org"), ("“a@b”@example.org", "“…@example.org")],
)
def test_an_address_is_masked_to_its_first_letter_and_host(target, shown):
    assert masked(Channel("c", "u", EMAIL, "n", target)) == shown


def test_a_webhook_is_named_by_its_host_alone():
    said = masked(Channel("c", "u", WEBHOOK, "n", "https://hooks.example.org/T0/secret-path?token=abc"))
    assert "hooks.example.org" in said
    assert "secret-path" not in said
    assert "abc" not in said


def test_neither_page_is_kept_or_indexed_nor_tells_its_address_on(house):
    channel, (_, code) = house.address("reader"), house.unconfirmed("reader", "zoe@other.example")
    for address in (f"/confirm/{code}", f"/leave/{channel.leave}", "/leave/nope"):
        got = house.browser().get(address)
        assert got.headers["Cache-Control"] == "no-store"
        assert got.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in got.headers["X-Robots-Tag"]
        assert address.rpartition("/")[2] not in got.text


def test_codes_are_in_no_log_and_in_no_metric(house, caplog, capsys, monkeypatch):
    channel, (_, code) = house.address("reader"), house.unconfirmed("reader", "zoe@other.example")
    caplog.set_level(logging.DEBUG)
    browser = house.browser()
    house.app.testing = False
    with structlog.testing.capture_logs() as logged:
        browser.post(f"/confirm/{code}", page=f"/confirm/{code}")
        browser.client.post(f"/leave/{channel.leave}", data=ONE_CLICK)
        browser.client.post(f"/confirm/{code}")

        def broken(code):
            raise RuntimeError("broken")

        monkeypatch.setattr(house.app.extensions["alerts"].ways, "leaving", broken)
        assert browser.get(f"/leave/{channel.leave}").status_code == 500
    assert any(line["event"] == "unforeseen" and line["path"] == "/leave/<secret>" for line in logged)
    metrics = house.browser("reader").get("/metrics").text
    assert 'endpoint="codes.leaving"' in metrics
    said = repr(logged) + caplog.text + "".join(capsys.readouterr()) + metrics
    assert channel.leave not in said
    assert code not in said


def test_a_query_is_refused(house):
    channel = house.address("reader")
    assert house.browser().get(f"/leave/{channel.leave}?x=1").status_code == 422
    assert house.app.test_client().post(f"/leave/{channel.leave}?x=1", data=ONE_CLICK).status_code == 422
    assert off(house, channel) is None


def test_the_limits_stand_for_both(book):
    house = Telling(book).fill()
    edge = Edge(reading=read_limit("3/minute", "r"), writing=read_limit("2/minute", "w"))
    client = create_app(book.daybook, people=house.people, edge=edge).test_client()
    assert [client.get("/leave/guess").status_code for _ in range(4)] == [404, 404, 404, 429]
    assert [client.post("/leave/guess", data=ONE_CLICK).status_code for _ in range(3)] == [404, 404, 429]
    assert client.get("/confirm/guess").status_code == 429
