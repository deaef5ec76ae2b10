"""The pages where alerts are set in a real Chromium: wide, phone and dark, by keyboard, and without JavaScript."""

import pytest

from alerts.outbox import put_message
from tests.conftest import Clock, Recorder
from tests.web.alerting_houses import HOME, NEW, AlertingHouse
from tests.web.chromium import IN_A_BROWSER, PHONE, WIDE, follow, pages, runs_out, serious, serving
from tests.web.houses import ROLES

pytestmark = IN_A_BROWSER
PAGES = (
    "", "/policies/new", "/policies/{policy}", "/policies/{policy}/delete", "/channels/new", "/channels/{page}", "/channels/{mail}",
    "/channels/{hook}", "/channels/{hook}/delete", "/preferences", "/filters/new", "/filters/{filter}", "/addresses/new", "/deliveries",
    "/deliveries/{lost}", "/house",
)  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A house whose admin has set all there is, over a real server, with its address."""
    book = Recorder(tmp_path_factory.mktemp("alerting") / "daybook.sqlite", Clock())
    house = AlertingHouse(book)
    account, alerts = house.ids["admin"], house.alerts
    mail, hook = house.confirmed("admin"), house.confirmed("admin", "http://127.0.0.1:9/hook", "webhook")
    alerts.ways.turn_off(hook.id, account, account, "It answered that it is gone.")
    saved = alerts.filters.keep({"name": "Clouds", "about": {"matter": "cloud"}}, account)
    routes = [{"channel": each.id, "rhythm": rhythm} for each, rhythm in ((mail, "at once"), (hook, "weekly"))]
    raw = {"name": "Mine", "filter": saved.id, "routes": [*routes, {"channel": house.page_id("admin")}]}
    policy = alerts.policies.keep(alerts.policies.read(raw, account, book.clock()), account)
    alerts.wishes.keep({"time_zone": "Europe/Brussels", "quiet_from": "22:00", "quiet_until": "07:30"}, account)
    house.alerts.subscriptions.make(account, "phone", saved.about)
    with alerts.store.writing() as c:
        for n, state in enumerate(("sent", "waiting", "given up", "dropped")):
            body = {
                "subject": f"3 days left: The comments window, due 27 November 2026 ({n})",
                "text": "Text\n" * 5,
                "html": "",
                "data": {},
            }
            put_message(c, f"m-{n}", account, mail.id, "alert", book.clock() + n, book.clock(), body, state)
    house.ids |= {
        "policy": policy.id,
        "page": house.page_id("admin"),
        "mail": mail.id,
        "hook": hook.id,
        "filter": saved.id,
        "lost": "m-2",
    }
    house.cookies = {role: house.browser(role).cookie().value for role in ROLES}
    with serving(house.app) as its:
        yield house, its
    book.log.close()


@pytest.fixture
def visit(chromium, served):
    """Open a page of alerts in a browser of its own, signed in as a role."""
    house, address = served
    with pages(chromium, "422", "404") as new:

        def opened(path="", role="admin", *how, **named):
            page = new(*how, **named)
            page.context.add_cookies([{"name": "daybook", "value": house.cookies[role], "url": address}])
            page.goto(address + HOME + path.format(**house.ids))
            return page

        yield opened


@pytest.mark.parametrize(("size", "colours"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide-light", "phone-dark"])
def test_axe_finds_nothing_serious_and_nothing_runs_out_of_any_page(visit, served, size, colours):
    house, address = served
    page, found = visit("", "admin", size, colours), {}
    for path in PAGES:
        page.goto(address + HOME + path.format(**house.ids))
        found[path] = (page.locator("h1").count(), serious(page), max(0, runs_out(page)))
    assert {path: wrong for path, wrong in found.items() if wrong != (1, [], 0)} == {}


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_what_teaches_whoever_has_nothing_is_sound_too(visit, size):
    page = visit("", "recorder", size)
    assert page.locator("text=Nothing tells you of anything yet").is_visible()
    assert serious(page) == []
    assert runs_out(page) <= 0


def test_the_preview_follows_what_is_typed_and_says_what_is_wrong(visit):
    page = visit("/policies/new?matter=cloud&window=comments", "editor")
    assert page.locator("#preview .coming tbody tr").count() == 3
    page.fill("[name=ladder]", "1d")
    page.wait_for_selector("#preview .coming tbody tr:only-child")
    page.fill("[name=ladder]", "-1d")
    page.wait_for_selector("#preview >> text=lies after the due date")
    assert page.input_value("[name=ladder]") == "-1d"
    assert serious(page) == []


def test_what_is_wrong_has_the_focus_at_its_field(visit):
    page = visit("/policies/new", "editor")
    page.fill("[name=ladder]", "soon")
    follow(page, "button[value=save]")
    assert page.evaluate("document.activeElement.name") == "ladder"
    assert page.locator("#f-ladder-wrong").is_visible()
    assert serious(page) == []


def test_a_policy_is_made_by_keyboard_alone(visit, served):
    house, _ = served
    page = visit("/policies/new", "recorder")
    page.focus("[name=about]")
    page.keyboard.press("ArrowDown")
    assert page.input_value("[name=about]") == "matter:cloud"
    page.focus("[name=name]")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Save the policy"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("text=The policy is saved.").is_visible()
    (policy,) = house.policies("recorder")
    assert (policy.name, policy.about.matter) == ("By keyboard", "cloud")
    house.alerts.policies.delete(policy.id, house.ids["recorder"], "shell")


def test_all_of_it_works_without_javascript(visit, served):
    house, address = served
    page = visit("", "reader", scripts=False)
    page.fill("[name=address]", "rae@example.org")
    follow(page, "text=Tell me of every deadline")
    assert page.locator("text=once you have followed the link that was just sent").is_visible()
    page.goto(address + NEW + "?matter=cloud&window=reply")
    page.fill("[name=ladder]", "5d")
    follow(page, "button[value=preview]:not(.visually-hidden)")
    assert page.locator("#preview .coming tbody tr").count() == 1
    assert "5 days before, due" in page.inner_text("#preview")
    page.fill("[name=name]", "Without scripts")
    follow(page, "button[value=save]")
    follow(page, "[aria-label='Pause Without scripts']")
    assert "The policy is paused" in page.inner_text("main")
    follow(page, "[aria-label='Delete Without scripts']")
    follow(page, "text=Delete it")
    assert [policy.name for policy in house.policies("reader")] == ["Every deadline"]
    follow(page, "text=Make a secret address")
    page.fill("[name=name]", "phone")
    follow(page, "text=Make the address")
    assert "/deadlines.ics" in page.input_value("#link-1")


def test_a_secret_stands_selected_and_is_whole_on_a_phone(visit):
    page = visit("/channels/{hook}", "admin", PHONE)
    follow(page, "text=Show the secret")
    fits = "() => { const f = document.querySelector('.once textarea'); return f.scrollWidth <= f.clientWidth && f.scrollHeight <= f.clientHeight }"
    assert page.evaluate(fits)
    assert page.evaluate("document.activeElement.value.slice(document.activeElement.selectionStart)").startswith("whsec_")
    assert serious(page) == []


def test_the_channels_that_are_not_chosen_hide_what_would_not_count(visit):
    page = visit("/policies/new", "admin")
    own = page.locator(".route", has_text="ann@example.org")
    assert own.locator("select").is_visible()
    own.locator("[type=checkbox]").uncheck()
    assert not own.locator("select").is_visible()


def test_replay_takes_what_was_given_up_off_the_top(visit, served):
    house, _ = served
    page = visit()
    assert "1 message never arrived" in page.inner_text(".problems")
    follow(page, "text=Replay")
    assert "handed to the clock once more" in page.inner_text("main")
    with house.alerts.store.writing() as c:
        c.execute("UPDATE messages SET state='given up' WHERE id='m-2'")
