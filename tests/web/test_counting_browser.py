"""The page to count on in a real Chromium: by the keys alone, without JavaScript, copied, for every eye."""

import pytest

from tests.web.chromium import IN_A_BROWSER, PHONE, WIDE, pages, runs_out, serving, violations
from web.app import create_app

pytestmark = IN_A_BROWSER
CFR = "/count?start=2018-11-20&length=15&rule=1-cfr-18.17&zone=America/New_York"
WRONG = "/count?start=2018-02-30&length=x&rule=lunar&counting=since&zone=Mars/Base"
PAGES = {
    "empty": "/count",
    "answer": CFR,
    "caution": "/count?start=2018-11-21&length=14&rule=frcp-6a",
    "span": "/count?start=2027-12&length=3&unit=months&rule=eu-1182-71&jurisdiction=DE&zone=Europe/Berlin",
    "many": "/count?start=2026-11-20&length=60&unit=business+days&jurisdiction=CN&known_on=2026-11-20",
    "error": WRONG,
}


@pytest.fixture(scope="module")
def address(bundled):
    """A server of the bundled matters."""
    with serving(create_app(bundled.daybook)) as its:
        yield its


@pytest.fixture
def visit(chromium, address):
    """Open an address and return the page."""
    with pages(chromium, "status of 422") as new:

        def opened(path, *how, **named):
            page = new(*how, **named)
            page.goto(address + path)
            return page

        yield opened


def tabbed_to(page, name):
    """Press Tab until a field has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"{name} is not reached by Tab")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_one_counts_by_the_keys_alone(visit, scripts):
    page = visit("/count", scripts=scripts)
    tabbed_to(page, "start")
    page.keyboard.type("20 November 2018")
    tabbed_to(page, "length")
    page.keyboard.type("15")
    tabbed_to(page, "rule")
    page.keyboard.press("ArrowDown")
    tabbed_to(page, "zone")
    page.keyboard.type("America/New_York")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.inner_text("h1") == "Due Thursday, 6 December 2018"
    assert page.url.endswith("/count?start=20+November+2018&length=15&rule=1-cfr-18.17&zone=America/New_York")
    assert page.input_value("[name=start]") == "20 November 2018"
    assert page.is_checked("[value='1-cfr-18.17']")


def test_what_is_rarely_needed_is_unfolded_and_asked(visit):
    page = visit(CFR)
    assert not page.is_visible("[name=known_on]")
    page.click("summary")
    page.fill("[name=known_on]", "20 November 2018")
    with page.expect_navigation():
        page.click("form.question button")
    assert page.inner_text("h1") == "Due Wednesday, 5 December 2018"
    assert page.is_visible("[name=known_on]")
    with page.expect_navigation():
        page.click(".pointer a")
    assert page.inner_text("h1") == "Due Thursday, 6 December 2018"


def test_an_error_takes_the_focus_and_its_link_leads_to_the_field(visit):
    page = visit("/count?start=2018-02-30&length=15")
    page.wait_for_function("document.activeElement.id === 'problems'")  # focus is given when the page is first drawn
    page.click("#problems a")
    assert page.evaluate("document.activeElement.id") == "start"
    page.fill("[name=start]", "2018-02-28")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.inner_text("h1") == "Due Thursday, 15 March 2018"


def test_the_command_is_copied_with_one_button(visit):
    page = visit(CFR)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-copy=command]")
    page.wait_for_selector(".copied [role=status] >> text=Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "daybook count 2018-11-20 '15 days' --rule 1-cfr-18.17 --zone America/New_York"


def test_the_button_to_copy_is_hidden_where_it_could_do_nothing(visit):
    assert not visit(CFR, scripts=False).is_visible("[data-copy=command]")


def test_the_answer_comes_before_the_question_on_a_phone(visit):
    page = visit(CFR, PHONE)
    assert page.locator("h1").bounding_box()["y"] < 200
    assert page.locator("form.question").bounding_box()["y"] > page.locator("h1").bounding_box()["y"]


def test_the_button_to_count_is_in_sight_on_a_wide_screen(visit):
    for path in PAGES.values():
        box = visit(path).locator("form.question button.main").bounding_box()
        assert 0 < box["y"] < 900 - box["height"], path


@pytest.mark.parametrize(
    ("name", "shows"),
    [
        ("empty", ".texts"),
        ("answer", ".due-date"),
        ("caution", ".caution"),
        ("span", ".due-date .span"),
        ("many", ".skipped"),
        ("error", "#problems"),
    ],
)
def test_the_pages_that_are_judged_are_what_they_are_called(visit, name, shows):
    page = visit(PAGES[name])
    assert page.locator(shows).count() >= 1
    assert page.locator("#problems").count() == (name == "error")


@pytest.mark.parametrize(("size", "colours"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide-light", "phone-dark"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing_and_nothing_is_cut_off(visit, path, size, colours):
    page = visit(path, size, colours)
    assert violations(page, runOnly=["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]) == []
    assert runs_out(page) <= 0
    small = page.evaluate(
        "[...document.querySelectorAll('main a:not(li a), main button, main input, main select, main summary')]"
        ".filter(e => e.getBoundingClientRect().height && e.type !== 'radio' && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"
    )
    assert [each for each in small if 'type="hidden"' not in each] == []
