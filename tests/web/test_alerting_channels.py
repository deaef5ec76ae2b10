"""The pages of a person's channels: added, confirmed, tried out, turned off, their secrets, deleted."""

import json
import re

import pytest

from alerts.sending import PATIENCE
from tests.alerts.receivers import http_receiver, mail_server
from tests.web.alerting_houses import HOME, NEW, AlertingHouse, at_field, main, policy_form, sending_by
from tests.web.houses import text

ADD = f"{HOME}/channels/new"


@pytest.fixture
def house(book):
    return AlertingHouse(book)


@pytest.fixture
def reader(house):
    return house.browser("reader")


@pytest.fixture
def editor(house):
    return house.browser("editor")


def email(target="ann@example.org", name=""):
    return {"kind": "email", "target": target, "name": name}


def webhook(target, name=""):
    return {"kind": "webhook", "target": target, "name": name}


def pages_of(browser, channel):
    return f"{HOME}/channels/{channel.id}"


# Adding


def test_an_address_is_sent_a_link_and_counts_once_that_was_followed(book):
    with mail_server() as mail:
        house = AlertingHouse(book, sending_by(mail.url))
        reader = house.browser("reader")
        where = reader.post(ADD, email(name="Work")).location
        house.tick()
        (message,) = mail.messages
        link = re.search(r"http://localhost(/confirm/\S+)", message.get_body(("plain",)).get_content())[1]
        assert message["To"] == "ann@example.org"
        assert "waits for its confirmation" in main(reader.get(where))
        assert link not in text(reader.get(where))
        assert house.browser().post(link).status_code == 200
        assert house.channel("reader").confirmed
        assert "Waiting for its confirmation" not in main(reader.get(where))


def test_the_link_that_proves_an_address_is_shown_to_nobody_on_the_pages(house, reader):
    reader.post(ADD, email())
    (message,) = house.alerts.store.row("SELECT id FROM messages WHERE what='proof'")
    body = json.loads(house.alerts.store.row("SELECT body FROM messages WHERE what='proof'")[0])
    link = re.search(r"/confirm/\S+", body["text"])[0]
    page = reader.get(f"{HOME}/deliveries/{message}")
    assert page.status_code == 200
    assert "shown to nobody but who reads that address" in main(page)
    for path in (f"{HOME}/deliveries/{message}", f"{HOME}/deliveries", pages_of(reader, house.channel("reader")), HOME):
        assert link not in text(reader.get(path))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (email(""), "Type the address."),
        (email("ann"), "is not one e-mail address"),
        (email("ann@example.org, bob@example.org"), "is not one e-mail address"),
        (webhook("http://10.0.0.7/hook"), "10.0.0.7"),
        (webhook("http://0x7f.1/hook"), ""),
        (webhook("ftp://example.org/"), "not ftp://"),
        (webhook("https://ann:secret@example.org/"), "no user or password"),
    ],
)
def test_a_wrong_target_comes_back_at_its_field_of_its_own_form(house, editor, typed, told):
    response = editor.post(ADD, typed | {"name": "Kept"})
    assert response.status_code == 422
    assert told in at_field(response, "target")
    assert at_field(response, "target")
    assert text(response).count('value="Kept"') == 1
    assert text(response).count("aria-invalid") == 1
    assert [each.kind for each in house.alerts.ways.of(house.ids["editor"])] == ["page"]


def test_the_same_address_twice_and_a_kind_that_nobody_makes_are_refused(house, editor):
    editor.post(ADD, email())
    again = editor.post(ADD, email())
    assert again.status_code == 409
    assert "That one is there already." in at_field(again, "target")
    assert editor.post(ADD, email() | {"kind": "apprise"}).status_code == 422
    assert editor.post(ADD, email() | {"kind": "page"}).status_code == 422
    assert editor.post(ADD, email() | {"account": house.ids["admin"]}).status_code == 422


def test_whoever_may_not_have_a_webhook_is_told_who_may_and_cannot_post_one(house, reader):
    page = reader.get(ADD)
    assert "Editors and admins may" in main(page)
    assert 'value="webhook"' not in text(page)
    assert reader.post(ADD, webhook("http://127.0.0.1:9/")).status_code == 403
    assert [each.kind for each in house.alerts.ways.of(house.ids["reader"])] == ["page"]


def test_a_link_is_not_asked_for_again_at_once(house, reader):
    reader.post(ADD, email())
    page = pages_of(reader, house.channel("reader"))
    refused = reader.post(f"{page}/confirm")
    assert refused.status_code == 409
    assert "less than ten minutes ago" in main(refused)
    house.later(601)
    assert reader.post(f"{page}/confirm").location == f"{page}?done=proof"
    assert house.alerts.store.row("SELECT COUNT(*) FROM messages WHERE what='proof'") == (2,)


def test_too_many_links_within_an_hour_are_refused_in_words(house, reader):
    answers = [reader.post(ADD, email(f"ann{n}@example.org")).status_code for n in range(11)]
    assert answers == [303] * 10 + [429]


# A webhook's secret


@pytest.fixture
def hook(house, editor):
    """A webhook of the editor's, and the page that was shown when it was made."""
    made = editor.post(ADD, webhook("http://127.0.0.1:9/hook?key=topsecret", "Desk"))
    return house.channel("editor", "webhook"), made


def secrets_on(response):
    return re.findall(r">(whsec_[^<]+)</textarea>", text(response))


def test_the_secret_is_shown_at_making_and_then_only_where_it_is_asked_for(house, editor, hook):
    channel, made = hook
    page = pages_of(editor, channel)
    assert secrets_on(made) == list(channel.secrets)
    for path in (page, HOME, f"{page}/delete", f"{HOME}/deliveries"):
        assert channel.secrets[0] not in text(editor.get(path))
        assert "topsecret" not in text(editor.get(path))
    assert secrets_on(editor.post(f"{page}/secret")) == list(channel.secrets)
    assert editor.get(f"{page}/secret").status_code == 405


def test_a_secret_is_rotated_beside_the_former_and_the_former_dropped(house, editor, hook):
    channel, _ = hook
    page = pages_of(editor, channel)
    rotated = secrets_on(editor.post(f"{page}/rotate"))
    assert len(rotated) == 2
    assert rotated[1] == channel.secrets[0] != rotated[0]
    assert "Drop the former" in main(editor.get(page))
    assert editor.post(f"{page}/drop").location == f"{page}?done=dropped"
    assert house.channel("editor", "webhook").secrets == (rotated[0],)


def test_an_address_has_no_secret(house, reader):
    channel = house.confirmed("reader")
    for act in ("secret", "rotate", "drop"):
        told = reader.post(f"{pages_of(reader, channel)}/{act}")
        assert (told.status_code, "Only a webhook has secrets." in main(told)) == (409, True)


def test_whoever_may_have_no_webhook_any_more_can_only_turn_it_off(house, editor, hook):
    channel, _ = hook
    message = house.alerts.send_test(channel)
    house.people.accounts.set_role(house.ids["editor"], "reader", house.ids["admin"])
    editor = house.browser("editor")
    page = pages_of(editor, channel)
    assert "its owner may not have such a channel any more" in main(editor.get(HOME))
    for act in ("secret", "rotate", "drop", "test", "on"):
        assert editor.post(f"{page}/{act}").status_code == 403, act
    assert editor.post(f"{HOME}/deliveries/{message}/replay").status_code == 403
    assert editor.post(f"{page}/off").status_code == 303
    assert editor.post(f"{page}/delete").status_code == 303


# Trying out


def test_a_test_is_handed_to_the_clock_and_its_page_tells_what_came_of_it(book):
    with http_receiver() as receiver:
        house = AlertingHouse(book)
        editor = house.browser("editor")
        editor.post(ADD, webhook(f"{receiver.url}/hook", "Desk"))
        channel = house.channel("editor", "webhook")
        where = editor.post(f"{pages_of(editor, channel)}/test").location
        assert re.fullmatch(rf"{HOME}/deliveries/m-\w+\?done=test", where)
        assert "The test was handed to the clock" in main(editor.get(where))
        assert receiver.requests == []
        house.tick()
        assert len(receiver.requests) == 1
        page = main(editor.get(where))
        assert "handed to the clock" not in page
        assert "✓ sent · test to Desk" in page
        assert json.loads(receiver.requests[0].body)["data"]["id"] in page


def test_tests_do_not_come_thick_and_fast_nor_to_whoever_has_not_confirmed(house, reader):
    mail = house.confirmed("reader")
    page = pages_of(reader, mail)
    assert reader.post(f"{page}/test").status_code == 303
    again = reader.post(f"{page}/test")
    assert (again.status_code, "less than half a minute ago" in main(again)) == (409, True)
    reader.post(ADD, email("bob@example.org"))
    waiting = next(each for each in house.alerts.ways.of(house.ids["reader"]) if not each.confirmed)
    refused = reader.post(f"{pages_of(reader, waiting)}/test")
    assert (refused.status_code, "confirmed and on" in main(refused)) == (409, True)
    assert reader.post(f"{HOME}/channels/{house.page_id('reader')}/test").status_code == 409
    assert house.alerts.store.row("SELECT COUNT(*) FROM messages WHERE what='test'") == (1,)


def test_a_channel_that_fails_says_since_when_and_why_until_something_comes_through(house, editor, hook):
    channel, _ = hook
    editor.post(f"{pages_of(editor, channel)}/test")
    house.tick()
    told = main(editor.get(HOME))
    assert re.search(r"failing since Tue 24 Nov 2026, 12:00: http://127.0.0.1:9 could not be reached", told)
    assert "topsecret" not in told
    assert "Failing since Tue 24 Nov 2026, 12:00" in main(editor.get(pages_of(editor, channel)))
    assert "has failed since" not in told
    house.book.clock.now += 3_700_000_000
    assert "has failed since Tue 24 Nov 2026, 12:00 ; 1 message waits." in main(editor.get(HOME))
    (message,) = house.alerts.store.row("SELECT id FROM messages WHERE what='test'")
    values = (message, 9, house.book.clock(), "sent", None)
    with house.alerts.store.writing() as c:
        c.execute("INSERT INTO deliveries VALUES (?,?,?,?,?)", values)
    assert "failing" not in main(editor.get(HOME))


# Off, on, gone


def test_a_channel_is_turned_off_and_on(house, reader):
    mail = house.confirmed("reader")
    page = pages_of(reader, mail)
    assert reader.post(f"{page}/off").location == f"{page}?done=off"
    assert house.channel("reader").off
    assert "Nothing is sent to it" in main(reader.get(page))
    assert "You turned it off." in main(reader.get(HOME))
    house.later(60)
    assert reader.post(f"{page}/on").location == f"{page}?done=on"
    assert (house.channel("reader").off, house.channel("reader").confirmed) == (None, house.book.clock())


def test_a_channel_that_a_policy_uses_is_not_deleted_and_the_policy_is_named(house, reader):
    mail = house.confirmed("reader")
    page = pages_of(reader, mail)
    reader.post(NEW, policy_form(mail.id, name="Its policy"))
    for told in (reader.get(f"{page}/delete"), reader.post(f"{page}/delete")):
        assert "“Its policy”" in main(told)
    assert house.channel("reader") == mail
    (policy,) = house.policies("reader")
    reader.post(f"{HOME}/policies/{policy.id}/delete")
    assert "Delete it" in main(reader.get(f"{page}/delete"))
    assert reader.post(f"{page}/delete").location == f"{HOME}?done=channel-gone"
    assert [each.kind for each in house.alerts.ways.of(house.ids["reader"])] == ["page"]


def test_a_channel_that_is_deleted_leaves_no_try_behind_nor_does_the_account_once_it_is_erased(house, editor, hook):
    channel, _ = hook
    editor.post(f"{pages_of(editor, channel)}/test")
    house.tick()
    tries = "SELECT COUNT(*) FROM deliveries"
    assert house.alerts.store.row(tries) == (1,)
    editor.post(f"{pages_of(editor, channel)}/delete")
    house.people.accounts.erase(house.ids["editor"], "shell")
    assert house.alerts.store.row(tries) == (0,)


def test_the_page_of_alerts_stays(house, reader):
    told = reader.post(f"{HOME}/channels/{house.page_id('reader')}/delete")
    assert (told.status_code, "The page stays." in main(told)) == (409, True)


def test_what_a_channel_page_says_of_patience_is_so():
    assert PATIENCE.give_up == 3 * 86_400_000_000
