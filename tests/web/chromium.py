"""A real Chromium for the tests of pages: a server to visit, pages that must not complain, and what axe finds."""

import shutil
import threading
from contextlib import contextmanager

import pytest
from werkzeug.serving import make_server

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed here (on Debian: apt-get install chromium)"),
]
"""The marks of a module whose tests need it."""


@contextmanager
def launched():
    """The browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def serving(app):
    """The address of a real server of the app, on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def pages(browser, *expected):
    """Makes pages, each in a browser of its own; whatever their consoles complain of, but for what is `expected`, fails the test."""
    contexts, complaints = [], []

    def new(size=WIDE, colours="light", scripts=True):
        context = browser.new_context(viewport=size, color_scheme=colours, java_script_enabled=scripts)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield new
    for context in contexts:
        context.close()
    assert [text for text in complaints if not any(each in text for each in expected)] == []


def follow(page, what):
    """Click and wait for the page that it leads to."""
    with page.expect_navigation():
        page.click(what)


def violations(page, **options):
    """All that axe finds."""
    from axe_playwright_python.sync_playwright import Axe

    return Axe().run(page, options=options or None).response["violations"]


def serious(page):
    """What axe finds that keeps somebody out."""
    found = [each for each in violations(page) if each["impact"] in ("serious", "critical")]
    return [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]


def runs_out(page):
    """By how many pixels a page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
