"""The app over the bundled matters, made once."""

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests.alerts.receivers import http_receiver, mail_server
from tests.conftest import Clock, Recorder
from tests.web.alerting_desk import Desk
from tests.web.chromium import launched, pages, serving
from tests.web.houses import House
from tests.web.recording import Person
from tests.web.sites import Site
from web.app import create_app
from web.visits import CLOSED


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(tmp_path_factory):
    """Each app compiles its templates anew, and nearly every test has an app of its own: keep what the first one made."""
    with pytest.MonkeyPatch.context() as patch:
        cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": cache})
        yield


@pytest.fixture(scope="session")
def app(bundled):
    """The app over it."""
    return create_app(bundled.daybook)


@pytest.fixture
def api(app):
    """A client."""
    return app.test_client()


@pytest.fixture
def site(own_bundled):
    """The bundled matters with accounts; for writing."""
    return Site(own_bundled)


@pytest.fixture(scope="module")
def mail():
    """A real mail server."""
    with mail_server() as server:
        yield server


@pytest.fixture
def hook():
    """A real receiver of webhooks."""
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def desk(book, mail):
    """A daybook with one open window, whose alerts reach these two."""
    mail.messages.clear()
    return Desk(book, mail)


@pytest.fixture(scope="module")
def refusing(tmp_path_factory, mail):
    """The same, for tests of what is refused: they store nothing."""
    book = Recorder(tmp_path_factory.mktemp("desk") / "daybook.sqlite", Clock())
    yield Desk(book, mail)
    book.log.close()


@pytest.fixture
def house(book):
    """An empty daybook with an account for each role, and browsers for them."""
    return House(book).fill()


@pytest.fixture
def closed(book):
    """The same, where reading is closed."""
    return House(book, reading=CLOSED).fill()


@pytest.fixture
def editor(site):
    """An editor with a browser."""
    return Person(site, "editor")


@pytest.fixture
def recorder(site):
    """A recorder with a browser."""
    return Person(site, "recorder")


@pytest.fixture(scope="module")
def chromium():
    """A real browser."""
    with launched() as browser:
        yield browser


@pytest.fixture
def signed_in(chromium, site):
    """Open an address as an editor of a daybook of one's own and return the page."""
    name = site.people.accounts.get(site.account("editor", "desk")).name
    with serving(site.app) as address, pages(chromium, "status of 4", "Permissions-Policy") as new:

        def opened(path, *how, **named):
            page = new(*how, **named)
            page.goto(f"{address}/sign-in")
            page.fill("[name=name]", name)
            page.fill("[name=password]", "a long passphrase")
            with page.expect_navigation():
                page.click("main button")
            page.goto(address + path)
            return page

        yield opened
