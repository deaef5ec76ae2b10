"""The pages of people in a real Chromium: wide, phone and dark, by keyboard, and without JavaScript."""

import pytest

from tests.conftest import Clock, Recorder
from tests.web.chromium import IN_A_BROWSER, PHONE, WIDE, follow, pages, runs_out, serious, serving
from tests.web.houses import PASSWORD, House

pytestmark = IN_A_BROWSER
PAGES = (
    "/sign-in",
    "/welcome?code={code}",
    "/welcome?code=x",
    "/account",
    "/people",
    "/people/{reader}",
    "/audit",
    "/audit?act=signed+in",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A house over a real server, with its address."""
    book = Recorder(tmp_path_factory.mktemp("people") / "daybook.sqlite", Clock())
    house = House(book).fill()
    house.people.accounts.join(house.ids["reader"], "trade-desk", "shell")
    house.people.tokens.make(house.ids["admin"], "laptop", ["read", "record"], 90, "shell")
    house.ids["code"] = house.people.accounts.invite(house.people.accounts.add("guest", "reader", "shell").id, "shell")
    with serving(house.app) as its:
        yield house, its
    book.log.close()


@pytest.fixture
def visit(chromium, served):
    """Open an address in a browser of its own, signed in as a role or as nobody."""
    house, address = served
    with pages(chromium, "422", "404") as new:

        def opened(path, role=None, *how, **named):
            page = new(*how, **named)
            if role:
                page.goto(f"{address}/sign-in")
                page.fill("#in-name", f"{role} one")
                page.fill("#in-password", PASSWORD)
                follow(page, "main button")
            page.goto(address + path.format(**house.ids))
            return page

        yield opened


@pytest.mark.parametrize(("size", "colours"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide-light", "phone-dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_and_nothing_runs_out_of_the_page(visit, path, size, colours):
    page = visit(path, None if path.startswith(("/sign-in", "/welcome")) else "admin", size, colours)
    assert page.locator("h1").count() == 1
    assert serious(page) == []
    assert runs_out(page) <= 0


def test_signing_in_and_out_works_by_keyboard_alone(visit):
    page = visit("/sign-in?next=/account")
    assert page.evaluate("document.activeElement.id") == "in-name"
    page.keyboard.type("reader one")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/account")
    page.focus("text=Sign out >> nth=0")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("text=Sign in").is_visible()


def test_what_was_wrong_stands_at_its_field_with_the_focus_and_axe_finds_nothing(visit):
    page = visit("/sign-in")
    page.fill("#in-name", "nobody here")
    page.fill("#in-password", "wrong-wrong-wrong")
    follow(page, "main button")
    assert page.evaluate("document.activeElement.id") == "in-password"
    assert page.input_value("#in-name") == "nobody here"
    assert page.input_value("#in-password") == ""
    assert serious(page) == []


def test_a_new_token_stands_selected_ready_to_be_copied(visit):
    page = visit("/account", "recorder")
    page.fill("#token-name", "ci")
    follow(page, "text=Make the token")
    selected = page.evaluate(
        "() => { const i = document.querySelector('#secret'); return i.value.slice(i.selectionStart, i.selectionEnd) }"
    )
    assert selected.startswith("daybook_")
    assert serious(page) == []


def test_a_new_token_is_whole_on_a_phone_and_copied_with_a_button(visit):
    page = visit("/account", "recorder", PHONE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.fill("#token-name", "ci")
    follow(page, "text=Make the token")
    assert page.evaluate(
        "() => { const f = document.querySelector('#secret'); return f.scrollWidth <= f.clientWidth && f.scrollHeight <= f.clientHeight }"
    )
    page.click("[data-copy]")
    page.wait_for_selector("text=Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.input_value("#secret")


def test_all_of_it_works_without_javascript(visit):
    page = visit("/people", "admin", scripts=False)
    page.fill("#make-name", "made without scripts")
    page.check("input[value=editor]")
    follow(page, "text=Make the account")
    assert "/welcome?code=" in page.input_value("#invitation")
    page.fill("#groups-group", "counsel")
    follow(page, "text=Add >> nth=-1")
    page.fill("#erase-name", "made without scripts")
    follow(page, "text=Erase for good")
    assert page.url.endswith("/people")
    assert not page.locator("text=made without scripts").count()
