"""The pages of people in a real Chromium: wide, phone and dark, by keyboard, and without JavaScript."""

import threading

import pytest
from werkzeug.serving import make_server

from tests.conftest import Clock, Recorder
from tests.web.houses import PASSWORD, House
from tests.web.test_browser import CHROMIUM, PHONE, WIDE, chromium, follow  # noqa: F401 (a fixture)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed here (on Debian: apt-get install chromium)"),
]
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
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield house, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    book.log.close()


@pytest.fixture
def visit(chromium, served):  # noqa: F811
    """Open an address in a browser of its own, signed in as a role or as nobody."""
    house, address = served
    contexts, complaints = [], []

    def opened(path, role=None, size=WIDE, colours="light", scripts=True):
        context = chromium.new_context(viewport=size, color_scheme=colours, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in ("error", "warning") and "422" not in said.text else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if role:
            page.goto(f"{address}/sign-in")
            page.fill("#in-name", f"{role} one")
            page.fill("#in-password", PASSWORD)
            follow(page, "main button")
        page.goto(address + path.format(**house.ids))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [said for said in complaints if "404" not in said] == []


@pytest.mark.parametrize(("size", "colours"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide-light", "phone-dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_and_nothing_runs_out_of_the_page(visit, path, size, colours):
    page = visit(path, None if path.startswith(("/sign-in", "/welcome")) else "admin", size, colours)
    assert page.locator("h1").count() == 1
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def serious(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(v["id"], [node["html"][:120] for node in v["nodes"][:3]]) for v in found if v["impact"] in ("serious", "critical")]


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
