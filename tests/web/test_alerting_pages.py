"""The pages where a person sets alerts: the overview, the quick start, policies with their preview, preferences, filters, secret addresses."""

import re

import pytest

from domain.ladder import LADDER
from tests.web.alerting_houses import HOME, NEW, AlertingHouse, at_field, main, policy_form, sending_by
from tests.web.houses import text


@pytest.fixture
def house(book):
    return AlertingHouse(book)


@pytest.fixture
def reader(house):
    return house.browser("reader")


# Who may


PAGES = ("", "/policies/new", "/channels/new", "/preferences", "/filters/new", "/addresses/new", "/deliveries")


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_for_a_session_alone_and_not_kept_by_the_browser(house, reader, page):
    assert house.browser().get(HOME + page).location.startswith("/sign-in?next=/account/alerts")
    assert reader.get(HOME + page).status_code == 200
    assert reader.get(HOME + page).headers["Cache-Control"] == "no-store"
    with_token = house.app.test_client().get(HOME + page, headers=house.token("reader", "read", "alerts"))
    assert with_token.status_code == 403


def test_nobody_reaches_what_another_has(house, reader):
    mine = house.confirmed("editor")
    house.browser("editor").post(NEW, policy_form(mine.id))
    (policy,) = house.policies("editor")
    saved = house.alerts.filters.keep({"name": "mine", "about": {}}, house.ids["editor"])
    message = house.alerts.send_test(mine)
    for path in (f"policies/{policy.id}", f"policies/{policy.id}/delete", f"channels/{mine.id}", f"channels/{mine.id}/delete"):
        assert reader.get(f"{HOME}/{path}").status_code == 404, path
    for path in (f"filters/{saved.id}", f"deliveries/{message}", f"deliveries?channel={mine.id}"):
        assert reader.get(f"{HOME}/{path}").status_code == 404, path
    for path in (f"policies/{policy.id}", f"policies/{policy.id}/pause", f"channels/{mine.id}/off", f"channels/{mine.id}/secret"):
        assert reader.post(f"{HOME}/{path}").status_code == 404, path
    for path in (f"channels/{mine.id}/test", f"deliveries/{message}/replay", f"filters/{saved.id}/delete"):
        assert reader.post(f"{HOME}/{path}").status_code == 404, path
    stolen = reader.post(NEW, policy_form(mine.id))
    assert stolen.status_code == 422
    assert not house.policies("reader")
    assert house.policies("editor") == [policy]
    assert house.channel("editor") == mine


def test_a_form_without_its_token_changes_nothing(house, reader):
    assert reader.client.post(f"{HOME}/start", data={"address": ""}).status_code == 400
    assert house.policies("reader") == []


# The quick start


def test_whoever_has_nothing_is_taught_and_begins_with_one_button(house, reader):
    assert "Nothing tells you of anything yet" in main(reader.get(HOME))
    assert reader.post(f"{HOME}/start", {"address": ""}).location == f"{HOME}?done=start"
    (policy,) = house.policies("reader")
    assert [route.channel for route in policy.routes] == [house.page_id("reader")]
    assert policy.routes[0].ladder == LADDER
    page = main(reader.get(f"{HOME}?done=start"))
    assert "Done: you hear of every deadline." in page
    assert "Nothing tells you" not in page


def test_the_quick_start_with_an_address_sends_a_link_there_and_says_so(house, reader):
    where = reader.post(f"{HOME}/start", {"address": " Ann@Example.ORG "}).location
    channel = house.channel("reader")
    assert where == f"{HOME}?done=start-proof"
    assert (channel.target, channel.confirmed) == ("Ann@example.org", None)
    assert {route.channel for route in house.policies("reader")[0].routes} == {channel.id, house.page_id("reader")}
    page = main(reader.get(where))
    assert "by e-mail once you have followed the link that was just sent to your address" in page
    assert "waits for its confirmation" in page


def test_an_address_that_is_none_comes_back_at_its_field_and_nothing_is_made(house, reader):
    told = reader.post(f"{HOME}/start", {"address": "ann at example"})
    assert told.status_code == 422
    assert "is not one e-mail address" in at_field(told, "address")
    assert 'value="ann at example"' in text(told)
    assert house.policies("reader") == []
    assert [each.kind for each in house.alerts.ways.of(house.ids["reader"])] == ["page"]


def test_without_a_mail_server_no_address_is_asked_for(book):
    reader = AlertingHouse(book, sending_by(mail=None)).browser("reader")
    assert "This daybook sends no e-mail" in main(reader.get(HOME))
    assert 'name="address"' not in text(reader.get(HOME))
    page = reader.get(f"{HOME}/channels/new")
    assert "DAYBOOK_SMTP" in main(page)
    assert 'value="email"' not in text(page)


# A policy's form


def test_a_policy_is_kept_as_it_was_typed_and_shown_so_again(house, reader):
    mail = house.confirmed("reader")
    form = policy_form(
        mail.id, house.page_id("reader"), name="Clouds", about="matter:cloud", words="comments", ladder="2 weeks, 12h", changes=["new", "moved"],
        **{f"rhythm.{mail.id}": "weekly", f"ladder.{mail.id}": "1d"},
    )  # fmt: skip
    assert reader.post(NEW, form).location == f"{HOME}?done=policy"
    (policy,) = house.policies("reader")
    assert (policy.about.matter, policy.about.words, set(policy.changes)) == ("cloud", "comments", {"new", "moved"})
    routes = {route.channel: route for route in policy.routes}
    assert [step.text for step in routes[mail.id].ladder] == ["1d"]
    assert routes[mail.id].rhythm == "weekly"
    assert [step.text for step in routes[house.page_id("reader")].ladder] == ["14d", "12h"]
    page = text(reader.get(f"{HOME}/policies/{policy.id}"))
    assert '<option value="matter:cloud" selected>' in page
    assert '<option value="weekly" selected>' in page
    assert page.count(" checked") == 4
    assert '"14d, 12h"' in page
    shown = main(reader.get(HOME))
    assert "in a weekly digest: 1 day before" in shown
    assert "14 days before, 12 hours before its end" in shown
    assert "cloud, with the words “comments”" in shown


def test_a_policy_that_is_changed_stays_the_same_policy(house, reader):
    page = house.page_id("reader")
    reader.post(NEW, policy_form(page, name="One"))
    (policy,) = house.policies("reader")
    reader.post(f"{HOME}/policies/{policy.id}", policy_form(page, name="Two", paused="yes"))
    (changed,) = house.policies("reader")
    assert (changed.id, changed.name, changed.paused) == (policy.id, "Two", True)


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ({}, "Every deadline"),
        ({"about": "matter:cloud"}, "cloud"),
        ({"about": "window:cloud/comments"}, "The comments window"),
        ({"kind": "WindowExtended"}, "Entries of the kind “Window extended”"),
        ({"about": "matter:cloud", "words": "levy"}, "cloud, with the words “levy”"),
    ],
)
def test_a_policy_without_a_name_is_called_after_what_it_is_about(house, reader, about, name):
    assert reader.post(NEW, policy_form(house.page_id("reader"), **about)).status_code == 303
    assert house.policies("reader")[0].name == name


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"ladder": "30d, -3d"}, "ladder", "“-3d” lies after the due date."),
        ({"ladder": "soon"}, "ladder", "“soon” is not a lead time."),
        ({"ladder": "9999d"}, "ladder", "at most 3650 days"),
        ({"ladder": "", "changes": []}, "ladder", "this would never tell anything"),
        ({"ladder.{page}": "800h"}, "ladder.{page}", "1h to 720h"),
        ({"rhythm.{page}": "hourly"}, "rhythm.{page}", "is one of: at once, daily, weekly."),
        ({"name": "<b>x</b>"}, "name", "The name is plain text"),
        ({"words": "<b>x</b>"}, "words", "This is plain text"),
        ({"kind": "Nonsense"}, "kind", "Nonsense"),
        ({"about": "matter:nowhere"}, "about", "nowhere"),
        ({"about": "window:cloud/nowhere"}, "about", "nowhere"),
        ({"about": "window:cloud"}, "about", "Choose what it is about from the list."),
        ({"about": "filter:nowhere", "words": ""}, "about", "You have no saved filter “nowhere”."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("action", ["save", "preview"])
def test_wrong_input_comes_back_with_all_that_was_typed_and_the_message_at_its_field(house, reader, typed, field, told, action):
    mail = house.confirmed("reader").id
    typed = {name.format(page=mail): value for name, value in typed.items()}
    form = policy_form(mail, **{"name": "Kept", "words": "kept words", "action": action} | typed)
    response = reader.post(NEW, form)
    assert response.status_code in (404, 422)
    assert told in at_field(response, field.format(page=mail))
    page = text(response)
    for name in ("name", "words", "ladder"):
        assert f'name="{name}" type="text" value="{form[name]}"' in page
    assert f'name="use.{mail}" value="yes" checked' in page
    assert house.policies("reader") == []


def test_a_policy_without_a_channel_is_asked_for_one(house, reader):
    response = reader.post(NEW, policy_form())
    assert response.status_code == 422
    assert "Choose one to 10 channels." in main(response)


def test_a_channel_that_is_gone_meanwhile_is_told(house, reader):
    gone = house.confirmed("reader").id
    house.alerts.ways.delete(gone, house.ids["reader"], "shell")
    response = reader.post(NEW, policy_form(gone))
    assert response.status_code == 422
    assert f"You have no channel “{gone}”." in main(response)


def test_a_filter_brings_its_own_words(house, reader):
    saved = house.alerts.filters.keep({"name": "Clouds", "about": {"matter": "cloud"}}, house.ids["reader"])
    page = house.page_id("reader")
    told = reader.post(NEW, policy_form(page, about=f"filter:{saved.id}", words="levy"))
    assert "A saved filter brings its own kind and words." in at_field(told, "words")
    assert reader.post(NEW, policy_form(page, about=f"filter:{saved.id}")).status_code == 303
    (policy,) = house.policies("reader")
    assert (policy.filter, policy.name) == (saved.id, "Clouds")
    assert "the saved filter “Clouds”: cloud" in main(reader.get(HOME))


def test_a_name_that_is_taken_is_told_at_the_name(house, reader):
    page = house.page_id("reader")
    reader.post(NEW, policy_form(page, name="Same"))
    assert "There is a policy called “Same” already." in at_field(reader.post(NEW, policy_form(page, name="Same")), "name")


def test_a_field_that_the_form_does_not_have_is_refused(house, reader):
    assert reader.post(NEW, policy_form(house.page_id("reader"), account=house.ids["editor"])).status_code == 422
    assert house.policies("reader") == []


@pytest.mark.parametrize(
    ("link", "chosen"),
    [
        ("?matter=cloud", "matter:cloud"),
        ("?matter=cloud&window=reply", "window:cloud/reply"),
        ("", "everything"),
    ],
)
def test_a_link_fills_in_what_the_policy_is_about(house, reader, link, chosen):
    page = reader.get(NEW + link)
    selected = re.findall(r'<option value="([^"]+)" selected>', text(page).partition('name="about"')[2].partition("</select>")[0])
    assert selected == ([chosen] if chosen != "everything" else [])


@pytest.mark.parametrize(
    "link", ["?matter=nowhere", "?matter=cloud&window=nowhere", "?filter=nowhere", "?window=reply", "?kind=Nonsense"]
)
def test_a_link_to_what_is_not_there_is_told(reader, link):
    assert reader.get(NEW + link).status_code in (404, 422)


def test_the_pages_of_a_window_a_matter_and_the_deadlines_lead_to_the_form(reader):
    for page, link in (
        ("/matters/cloud/windows/reply", "?matter=cloud&window=reply"),
        ("/matters/cloud", "?matter=cloud"),
        ("/deadlines", ""),
        ("/deadlines?matter=cloud", "?matter=cloud"),
    ):
        assert f'href="{NEW}{link}"' in text(reader.get(page)), page


def test_a_matter_private_to_another_group_is_neither_offered_nor_taken(house, reader):
    house.book.open("hidden", group="desk")
    house.window("secret", "2026-12-01", "hidden", "A secret window")
    assert "matter:hidden" not in text(reader.get(NEW))
    assert "secret window" not in text(reader.get(NEW))
    assert reader.get(f"{NEW}?matter=hidden").status_code == 404
    for about in ("matter:hidden", "window:hidden/secret"):
        told = reader.post(NEW, policy_form(house.page_id("reader"), about=about))
        assert told.status_code == 404
        assert "secret window" not in main(told)


# The preview


def previewed(browser, form):
    """The preview of a form, and that nothing was saved."""
    response = browser.post(NEW, form | {"action": "preview"})
    assert response.status_code == 200
    return " ".join(main(response).partition("What this would send")[2].split())


def test_the_preview_tells_the_next_sends_in_the_persons_zone_and_what_has_passed(house, reader):
    house.alerts.wishes.keep({"time_zone": "Asia/Tokyo"}, house.ids["reader"])
    told = previewed(reader, policy_form(house.page_id("reader"), about="window:cloud/comments"))
    assert "1 running window matches now. Earlier reminders are past and are not sent." in told
    assert "Times in Asia/Tokyo" in told
    rows = re.findall(r"(at once|\w{3} \d+ \w{3} 2026, \d\d:\d\d) The comments window ([^,]+),", told)
    assert rows == [
        ("at once", "3 days before"),
        ("Thu 26 Nov 2026, 08:00", "1 day before"),
        ("Fri 27 Nov 2026, 08:00", "on the day itself"),
    ]
    assert house.policies("reader") == []


def test_the_preview_says_why_something_is_sent_later(house, reader):
    mail = house.confirmed("reader").id
    house.alerts.wishes.keep({"time_zone": "Europe/Brussels", "quiet_from": "22:00", "quiet_until": "07:30"}, house.ids["reader"])
    form = policy_form(mail, about="window:cloud/comments", ladder="1d")
    assert "Thu 26 Nov 2026, 07:30 later, for your quiet hours: reached 00:00" in previewed(reader, form)
    weekly = previewed(reader, form | {"about": "window:cloud/reply", f"rhythm.{mail}": "daily"})
    assert "Mon 14 Dec 2026, 08:00 later, for the daily digest: reached 00:00" in weekly
    until = house.book.clock() + 5 * 86_400_000_000
    house.alerts.wishes.snooze(house.ids["reader"], "cloud", "reply", until)
    snoozed = previewed(reader, form | {"about": "window:cloud/reply", "ladder": "20d"})
    assert "Sun 29 Nov 2026, 13:00 later, for you snoozed it" in snoozed


def test_the_preview_of_an_address_that_waits_says_that_nothing_is_sent_there(house, reader):
    reader.post(f"{HOME}/channels/new", {"kind": "email", "target": "ann@example.org", "name": ""})
    waiting = house.channel("reader").id
    assert "None of its channels is on , so nothing is sent until one is." in previewed(reader, policy_form(waiting))
    assert "once it is confirmed" in previewed(reader, policy_form(waiting, house.page_id("reader")))


def test_the_preview_puts_channels_together_that_are_sent_the_same_at_once(house, reader):
    form = policy_form(house.confirmed("reader").id, house.page_id("reader"), about="window:cloud/comments", ladder="1d")
    told = previewed(reader, form)
    assert told.partition("By ")[2].count("The comments window") == 1
    assert (
        "1 day before, due 27 Nov 2026 The page of alerts ann@example.org" in told or "ann@example.org The page of alerts" in told
    )


def test_a_preview_can_be_asked_for_alone(house, reader):
    token = reader.csrf(HOME)
    form = policy_form(house.page_id("reader"), action="preview", csrf_token=token)
    part = reader.client.post(NEW, data=form, headers={"X-Fragment": "preview"})
    assert part.status_code == 200
    assert text(part).startswith("<h2>What this would send</h2>")
    wrong = reader.client.post(NEW, data=form | {"ladder": "-1d"}, headers={"X-Fragment": "preview"})
    assert wrong.status_code == 422
    assert text(wrong).startswith("<h2>What this would send</h2>")
    assert "“-1d” lies after the due date." in text(wrong)


def test_what_the_preview_says_is_what_the_clock_then_does(house, reader):
    reader.post(NEW, policy_form(house.page_id("reader"), about="window:cloud/comments", changes=[]))
    assert "at once The comments window, 3 days before" in main(reader.get(HOME))
    house.tick()
    assert "Wed 25 Nov 2026, 23:00 The comments window, 1 day before" in main(reader.get(HOME))
    told = []
    for _ in range(4):
        house.tick()
        told.append(len(house.alerts.store.rows("SELECT 1 FROM outbox WHERE what='step' AND channel=?", house.page_id("reader"))))
        house.later(86_400)
    assert told == [1, 1, 2, 3]


# Pausing and deleting


def test_a_policy_is_paused_and_resumed_from_then_on(house, reader):
    reader.post(NEW, policy_form(house.page_id("reader")))
    (policy,) = house.policies("reader")
    assert reader.post(f"{HOME}/policies/{policy.id}/pause").location == f"{HOME}?done=paused"
    assert house.policies("reader")[0].paused
    assert "paused" in main(reader.get(HOME))
    house.later(3600)
    reader.post(f"{HOME}/policies/{policy.id}/resume")
    (resumed,) = house.policies("reader")
    assert not resumed.paused
    assert resumed.since == house.book.clock()


def test_a_policy_is_deleted_only_once_it_was_asked_for_again(house, reader):
    reader.post(NEW, policy_form(house.page_id("reader"), name="Mine"))
    (policy,) = house.policies("reader")
    asked = reader.get(f"{HOME}/policies/{policy.id}/delete")
    assert "Delete “Mine”?" in main(asked)
    assert house.policies("reader") == [policy]
    assert reader.post(f"{HOME}/policies/{policy.id}/delete").location == f"{HOME}?done=policy-gone"
    assert house.policies("reader") == []
