"""Apps over a daybook with an account for each role, and browsers for them."""

import html
import re

from argon2 import PasswordHasher

from service.people import People
from web.app import create_app
from web.visits import Door

PASSWORD = "four words in a row"
ROLES = ("reader", "recorder", "editor", "admin")


class House:
    """An app over an empty daybook with one account for each role, and browsers for them."""

    def __init__(self, book, base_url="http://localhost", **door):
        self.book = book
        self.people = People(book.log.recorder, book.clock, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.app = create_app(book.daybook, base_url, door=Door(**door), people=self.people)
        self.ids = {}

    def fill(self):
        for role in ROLES:
            self.ids[role] = self.people.accounts.add(f"{role} one", role, "shell", PASSWORD).id
        return self

    def browser(self, role=None):
        """A browser, signed in with the account of a role."""
        browser = Browser(self.app)
        if role:
            assert browser.sign_in(f"{role} one", PASSWORD).status_code == 303
        return browser

    def token(self, role, *scopes):
        _, secret = self.people.tokens.make(self.ids[role], "test", scopes or ("read", "record", "matters"), 9, "shell")
        return {"Authorization": f"Bearer {secret}"}


class Browser:
    """A client that sends a form as a page of ours would: with the page's CSRF token."""

    def __init__(self, app):
        self.client = app.test_client()
        self.get = self.client.get

    def csrf(self, page="/sign-in"):
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).get_data(as_text=True))
        return found.group(1) if found else ""

    def post(self, path, data=None, page=None, **kwargs):
        token = self.csrf(page or ("/account" if self.secret() else "/sign-in"))
        return self.client.post(path, data={"csrf_token": token} | (data or {}), **kwargs)

    def sign_in(self, name, password, **more):
        return self.post("/sign-in", {"name": name, "password": password} | more, page="/sign-in")

    def secret(self):
        """Of the session that the cookie holds."""
        with self.client.session_transaction() as session:
            return session.get("id")

    def cookie(self, name="daybook"):
        return self.client.get_cookie(name)


def text(response):
    """The page as text, its entities read."""
    return html.unescape(response.get_data(as_text=True))
