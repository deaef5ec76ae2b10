"""The app over the bundled matters, made once."""

import pytest
from argon2 import PasswordHasher

from service.people import People
from tests.web.chromium import launched, pages, serving
from tests.web.houses import House
from tests.web.recording import Person
from web.app import create_app
from web.visits import CLOSED


@pytest.fixture(scope="session")
def app(bundled):
    """The app over it."""
    return create_app(bundled.daybook)


@pytest.fixture
def api(app):
    """A client."""
    return app.test_client()


class Site:
    """An app over a daybook of its own that tests may write to, with accounts and tokens as they need them."""

    def __init__(self, book):
        self.book = book
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.people = People(book.log.recorder, book.clock, quick)
        self.app = create_app(book.daybook, people=self.people)
        self.accounts = {}

    def account(self, role, *groups):
        """The id of an account with that role, in those groups; made once."""
        if (role, groups) not in self.accounts:
            made = self.people.accounts.add(f"{role} {len(self.accounts)}", role, "shell", password="a long passphrase")
            for group in groups:
                self.people.accounts.join(made.id, group, "shell")
            self.accounts[role, groups] = made.id
        return self.accounts[role, groups]

    def client(self, role=None, *groups, scopes=("read", "record", "matters")):
        """A client that sends a token of such an account; without a role, nobody."""
        client = self.app.test_client()
        if role is not None:
            _, secret = self.people.tokens.make(self.account(role, *groups), "test", scopes, 30, "shell")
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return client


@pytest.fixture
def site(own_bundled):
    """The bundled matters with accounts; for writing."""
    return Site(own_bundled)


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
