"""The log of deliveries and a message's page, with replay; and the house's, for admins."""

import re

import pytest

from alerts.clock import tick
from alerts.outbox import put_message
from tests.alerts.receivers import http_receiver
from tests.web.alerting_houses import HOME, NEW, AlertingHouse, main, policy_form
from tests.web.houses import text

LOG = f"{HOME}/deliveries"


@pytest.fixture
def house(book):
    return AlertingHouse(book)


@pytest.fixture
def editor(house):
    return house.browser("editor")


def many(house, number, account="editor", state="waiting"):
    """Messages that were all made at the same instant, as one tick makes them."""
    channel = house.confirmed(account)
    now = house.book.clock()
    with house.alerts.store.writing() as c:
        for n in range(number):
            body = {"subject": f"Subject {n:03}", "text": f"Text {n}", "html": "", "data": {}}
            put_message(c, f"m-{account}-{n:03}", house.ids[account], channel.id, "alert", now, now, body, state)
    return channel


def listed(response):
    return re.findall(r"Subject (\d+)</a>", text(response))


def test_the_log_has_every_message_once_also_those_that_were_made_together(house, editor):
    many(house, 70)
    path, seen = LOG, []
    while path:
        page = editor.get(path)
        seen += listed(page)
        older = re.search(r'href="([^"]+)" rel="next"', text(page))
        path = older and older[1]
    assert len(seen) == 70
    assert sorted(seen) == [f"{n:03}" for n in range(70)]


def test_the_log_is_asked_for_a_state_and_a_channel(house, editor):
    channel = many(house, 3)
    house.alerts.send_test(house.confirmed("editor", "http://127.0.0.1:9/x", "webhook"))
    assert "waiting 4" in main(editor.get(LOG))
    assert len(listed(editor.get(f"{LOG}?state=waiting&channel={channel.id}"))) == 3
    assert listed(editor.get(f"{LOG}?state=sent")) == []
    assert "No message of that kind." in main(editor.get(f"{LOG}?state=sent"))
    assert editor.get(f"{LOG}?state=lost").status_code == 422
    assert editor.get(f"{LOG}?states=sent").status_code == 422


def test_a_message_tells_its_alerts_its_text_and_each_try(book):
    with http_receiver(status=500) as receiver:
        house = AlertingHouse(book)
        editor = house.browser("editor")
        hook = house.confirmed("editor", f"{receiver.url}/hook", "webhook")
        editor.post(NEW, policy_form(hook.id, about="window:cloud/comments"))
        house.tick()
        (message,) = house.alerts.store.row("SELECT id FROM messages WHERE channel=?", hook.id)
        page = main(editor.get(f"{LOG}/{message}"))
        assert "✕ failing · alert to" in page
        assert re.search(r"Tries failed .*500.* Tue 24 Nov 2026, 12:00", page)
        assert "The comments window 3 days before, due 27 November 2026" in page
        assert '"type": "deadline.step"' in page
        receiver.status = 204
        house.later(3600)
        house.tick()
        page = main(editor.get(f"{LOG}/{message}"))
        assert "✓ sent" in page
        assert re.search(r"Sent Tue 24 Nov 2026, 13:00 \d+ (minutes|hour) after it was due", page)
        assert "1 hour after it was due" in main(editor.get(LOG))


def test_what_was_given_up_is_loud_and_replayed_with_a_button(book):
    with http_receiver(status=410) as receiver:
        house = AlertingHouse(book)
        editor = house.browser("editor")
        hook = house.confirmed("editor", f"{receiver.url}/hook", "webhook")
        message = house.alerts.send_test(hook)
        house.tick()
        overview = editor.get(HOME)
        assert "1 message never arrived" in main(overview)
        assert f'action="{LOG}/{message}/replay"' in text(overview)
        assert "Given up: it was not delivered" in main(editor.get(f"{LOG}/{message}"))
        receiver.status = 204
        assert editor.post(f"{LOG}/{message}/replay").location == f"{LOG}/{message}?done=replay"
        assert "handed to the clock once more" in main(editor.get(f"{LOG}/{message}?done=replay"))
        house.tick()
        assert [each.headers["webhook-id"] for each in receiver.requests] == [message, message]
        assert "never arrived" not in main(editor.get(HOME))
        assert "✓ sent" in main(editor.get(f"{LOG}/{message}"))


def test_what_waits_is_not_replayed(house, editor):
    many(house, 1)
    told = editor.post(f"{LOG}/m-editor-000/replay")
    assert (told.status_code, "It waits to be sent already." in main(told)) == (409, True)
    assert "Replay" not in main(editor.get(f"{LOG}/m-editor-000"))


def test_times_are_in_the_zone_of_the_person(house, editor):
    many(house, 1)
    house.alerts.wishes.keep({"time_zone": "Asia/Tokyo"}, house.ids["editor"])
    assert "Tue 24 Nov 2026, 21:00" in main(editor.get(LOG))


def test_whoever_left_a_group_reads_no_more_of_its_matters_in_old_messages(house):
    house.people.accounts.join(house.ids["editor"], "desk", "shell")
    house.book.open("hidden", "Europe/Brussels", "BE", group="desk")
    house.window("secret", "2026-11-27", "hidden", "A secret window")
    editor, mail = house.browser("editor"), house.confirmed("editor")
    editor.post(NEW, policy_form(mail.id, about="matter:hidden"))
    house.tick()
    (message,) = house.alerts.store.row("SELECT id FROM messages WHERE channel=?", mail.id)
    with house.alerts.store.writing() as c:
        c.execute("UPDATE messages SET state='given up', ended=made WHERE id=?", (message,))
    pages = (HOME, LOG, f"{LOG}/{message}", f"{HOME}/channels/{mail.id}")
    assert all("secret window" in main(editor.get(page)) for page in pages)
    house.people.accounts.leave(house.ids["editor"], "desk", "shell")
    for page in pages:
        told = main(editor.get(page))
        assert "About a matter that you see no longer" in told
        assert "secret window" not in told
    assert "hidden" not in main(editor.get(f"{LOG}/{message}"))


# The house


def test_an_admin_looks_at_the_alerts_of_the_house_and_nobody_else_does(house):
    channel = house.alerts.ways.make_confirmed(
        {"kind": "webhook", "name": "Desk", "target": "http://127.0.0.1:9/x?key=topsecret"}, None, "shell"
    )
    raw = {"name": "All", "routes": [{"channel": channel.id}]}
    house.alerts.policies.keep(house.alerts.policies.read(raw, None, house.book.clock()), "shell")
    message = house.alerts.send_test(channel)
    admin = house.browser("admin")
    page = admin.get(f"{HOME}/house")
    assert f'href="{HOME}/house"' in text(admin.get(HOME))
    for told in (
        "Desk webhook, http://127.0.0.1:9",
        "All everything",
        "30, 14, 7, 3 and 1 days before, on the day itself",
        "anything changes",
    ):
        assert told in main(page)
    assert "topsecret" not in text(page)
    assert channel.secrets[0] not in text(page)
    one = admin.get(f"{HOME}/house/deliveries/{message}")
    assert one.status_code == 200
    assert "Replay" not in main(one)
    assert admin.get(f"{LOG}/{message}").status_code == 404
    for role in ("reader", "editor"):
        browser = house.browser(role)
        assert f'href="{HOME}/house"' not in text(browser.get(HOME))
        assert browser.get(f"{HOME}/house").status_code == 403
        assert browser.get(f"{HOME}/house/deliveries/{message}").status_code == 403


def test_a_try_that_falls_into_quiet_hours_is_told_as_their_end(book):
    with http_receiver(status=500) as receiver:
        house = AlertingHouse(book)
        editor = house.browser("editor")
        hook = house.confirmed("editor", f"{receiver.url}/hook", "webhook")
        editor.post(NEW, policy_form(hook.id, about="window:cloud/comments"))
        house.tick()
        assert "next try Tue 24 Nov 2026, 12:0" in main(editor.get(LOG))
        house.alerts.wishes.keep({"quiet_from": "11:00", "quiet_until": "18:00"}, house.ids["editor"])
        assert "held for your quiet hours, until Tue 24 Nov 2026, 18:00" in main(editor.get(LOG))


def test_what_is_not_written_yet_is_called_by_what_is_known_of_it(house, editor):
    hook = house.confirmed("editor", "http://127.0.0.1:9/x", "webhook")
    editor.post(NEW, policy_form(hook.id, about="window:cloud/comments"))
    tick(house.alerts, house.book.clock())
    assert "3 days before, due 27 November 2026: The comments window" in main(editor.get(LOG))
