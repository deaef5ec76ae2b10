"""One's own alerts on the page of alerts, first of all and at a point; nobody else's."""

import re

import pytest

from tests.web.inboxes import Telling, own, plain, told_of_one


@pytest.fixture
def house(book):
    """A reader who is told of one window, and others who are told nothing."""
    return told_of_one(book)


def test_ones_own_alerts_come_first_with_when_why_and_where_each_went(house):
    page = plain(house.browser("reader").get("/alerts"))
    assert page.index("For you") < page.index("sent by this daybook's clock")
    said = own(house)
    assert "7 days before now 7 days left 7 days left: “Comments on the levy” is due on 1 December 2026." in said
    assert "Tue 24 Nov 2026, 12:00 UTC · m · due date given by Comments on the levy, due 1 December 2026" in said
    assert "Work: waits to be sent" in said
    assert said.count("7 days before") == 1


def test_each_alert_leads_to_its_page(house):
    browser = house.browser("reader")
    (address,) = re.findall(r'href="(/account/alerts/items/[^"]+)"', browser.get("/alerts").text)
    assert address == house.only_item()
    assert browser.get(address).status_code == 200


def test_nobody_sees_anothers_alerts(house):
    assert "There was no alert for you by 24 November 2026" in own(house, "editor")
    assert own(house, "admin").count("Comments on the levy") == 0
    for role in ("editor", "admin", "recorder"):
        assert house.browser(role).get(house.only_item()).status_code == 404
        for act in ("acknowledge", "unacknowledge", "wake"):
            assert house.browser(role).post(f"{house.only_item()}/{act}").status_code == 404
    assert house.alerts.wishes.acknowledged(house.ids["reader"]) == set()


def test_nobody_signed_in_has_an_inbox_and_is_told_how_to_get_one(house):
    page = house.browser().get("/alerts")
    assert 'class="inbox"' not in page.text
    assert "Sign in for alerts of your own" in plain(page)
    assert "Sent by this daybook's clock" in plain(page)


def test_a_token_reads_no_inbox(house):
    page = house.browser().get("/alerts", headers=house.token("reader"))
    assert page.status_code == 200
    assert 'class="inbox"' not in page.text
    assert house.browser().get(house.only_item(), headers=house.token("reader")).status_code == 403


def test_the_days_left_are_those_then_and_those_now(house):
    house.book.clock.set(2026, 11, 29, 12)
    assert "7 days before now 2 days left 7 days left:" in own(house)
    house.book.clock.set(2026, 12, 1, 12)
    assert "now due today 7 days left:" in own(house)
    house.book.clock.set(2026, 12, 3, 12)
    assert "now over since 1 December 2026 7 days left:" in own(house)


def test_a_date_that_moved_since_is_told_beside_the_former(house):
    house.book.record(
        "m", "WindowExtended", "x", occurred="2026-11-24", announced="2026-11-24", details={"window": "w", "due": "2026-12-09"}
    )
    assert "now 15 days left, due 9 December 2026 by now 7 days left:" in own(house)


def test_alerts_are_asked_at_a_point(house):
    house.tick(2026, 11, 28)
    assert own(house, query="?as_of=2026-11-23").count("days before") == 0
    assert "There was no alert for you by 23 November 2026" in own(house, query="?as_of=2026-11-23")
    then = own(house, query="?as_of=2026-11-26")
    assert "For you, by 26 November 2026" in then
    assert "7 days before by then 5 days left 7 days left:" in then
    assert "As of today: Work: not delivered: a nearer step took its place" in then
    assert "3 days before" not in then
    assert "3 days before now 3 days left" in own(house)


def test_alerts_are_asked_as_the_log_stood(house):
    before = house.book.log.size()
    house.tick(2026, 11, 28)
    assert "3 days before" in own(house)
    then = own(house, query="?recorded_at=2026-11-26T00:00Z")
    assert ("7 days before" in then, "3 days before" in then) == (True, False)
    first = house.alerts.store.row("SELECT MIN(position) FROM alerts WHERE person IS NOT NULL")[0]
    assert first <= before
    assert "7 days before" not in own(house, query="?recorded_at=1")
    assert house.browser("reader").get("/alerts?recorded_at=999999").status_code == 422


def test_what_a_person_said_of_his_alerts_is_not_told_of_the_past(house):
    house.browser("reader").post(f"{house.only_item()}/acknowledge")
    assert "acknowledged" in own(house)
    assert "acknowledged" not in own(house, query="?as_of=2026-11-24")


def test_the_inbox_is_paged_and_every_alert_stands_on_one_page(house):
    for n in range(45):
        house.window(f"w{n:02}", "2026-12-01", f"Window {n:02}")
    house.tick()
    browser, address, seen = house.browser("reader"), "/alerts", []
    for _ in range(3):
        page = browser.get(address)
        items = re.findall(r'href="(/account/alerts/items/[^"]+)"', page.text)
        seen += items
        more = re.search(r'<a href="([^"]+)" rel="next">Older', page.text)
        assert (len(items) == 20) == (more is not None)
        address = more[1] if more else None
    assert address is None
    assert len(seen) == len(set(seen)) == 46
    assert seen[-1] == f"/account/alerts/items/{house.alert('w')}"


@pytest.mark.parametrize("query", ["?before=x", "?before=-1", "?before=%C2%B2", "?known_on=now", "?page=2", "?before=1&before=2"])
def test_a_parameter_that_cannot_be_is_refused(house, query):
    assert house.browser("reader").get(f"/alerts{query}").status_code == 422


def test_what_was_never_sent_says_why(house):
    house.browser("reader").post(f"{house.only_item()}/acknowledge")
    house.tick(2026, 11, 28)
    said = own(house)
    assert "this page: only listed: it was acknowledged Work: not delivered: it was acknowledged" in said


def test_what_went_by_a_channel_that_is_gone_still_stands(house):
    house.alerts.policies.delete(house.alerts.policies.of(house.ids["reader"])[0].id, house.ids["reader"], "shell")
    mail = next(each for each in house.alerts.ways.of(house.ids["reader"]) if each.kind == "email")
    house.alerts.ways.delete(mail.id, house.ids["reader"], "shell")
    assert "7 days left: “Comments on the levy”" in own(house)
    assert "a channel that is gone: nothing is kept of it" in own(house)


def test_instants_are_told_in_the_persons_zone(house):
    house.alerts.wishes.keep({"time_zone": "Asia/Tokyo"}, house.ids["reader"])
    assert "Tue 24 Nov 2026, 21:00 Tokyo" in own(house)


def test_each_kind_of_change_has_its_sentence(house):
    record = house.book.record
    details = {"window": "w", "due": "2026-12-09"}
    record("m", "WindowExtended", "x", occurred="2026-11-24", announced="2026-11-24", details=details)
    house.tick()
    record("m", "EntryCorrected", "c", announced="2026-11-24", of=["w"], changes={"purpose": "application"}, slip="ours")
    house.tick()
    record("m", "WindowMet", "met", occurred="2026-11-24", announced="2026-11-24", details={"window": "w", "evidence": "Done."})
    house.tick()
    said = own(house)
    assert (
        "due date moved 15 days left then, now met The due date of “Comments on the levy” moved from 1 December to 9 December 2026."
        in said
    )
    assert "status changed 15 days left then, now met “Comments on the levy” was met; it was open before." in said
    assert "corrected now met Corrected (our slip), purpose: Comments on the levy, due 1 December 2026." in said


def test_whoever_left_a_group_reads_no_more_of_its_alerts(book):
    house = Telling(book).fill()
    house.people.accounts.join(house.ids["reader"], "desk", "shell")
    book.open("secret", "Europe/Berlin", group="desk")
    house.policy("reader")
    house.window("w", "2026-12-01", "The quiet plan", matter="secret")
    house.tick(2026, 11, 24)
    item = f"/account/alerts/items/{house.items('reader')[0]}"
    assert "The quiet plan" in own(house)
    assert house.browser("reader").get(item).status_code == 200
    house.people.accounts.leave(house.ids["reader"], "desk", "shell")
    assert "The quiet plan" not in own(house)
    gone = house.browser("reader").get(item)
    assert gone.status_code == 404
    assert "a matter that you do not see any more" in plain(gone)
    assert "The quiet plan" not in gone.text


def test_what_a_later_channel_tells_again_leaves_the_first_telling_as_it_was(house):
    later = house.address("reader", "later@example.org")
    house.book.clock.set(2026, 11, 24, 15)
    house.policy("reader", later, changes=())
    house.book.clock.set(2026, 11, 24, 16)
    raw = {"name": "Later", "about": {}, "ladder": ["7d"], "changes": [], "routes": [{"channel": later.id}]}
    house.alerts.policies.keep(house.alerts.policies.read(raw, house.ids["reader"], house.book.clock()), house.ids["reader"])
    house.tick()
    assert "Tue 24 Nov 2026, 12:00 UTC · m" in own(house)
    assert "Tue 24 Nov 2026, 16:00 UTC · m" not in own(house)


def test_what_was_sent_to_all_is_not_listed_as_not_sent(house):
    page = plain(house.browser().get("/alerts"))
    sent, unsent = page.partition("Not sent: alerts")[::2]
    assert "7 days left: “Comments on the levy”" in sent
    assert "7 days left: “Comments on the levy”" not in unsent


def test_the_list_for_everybody_leads_to_the_window(house):
    assert '<a href="/matters/m/windows/w">7 days left' in house.browser().get("/alerts").text
