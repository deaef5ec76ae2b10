"""Apps over a daybook with accounts and tokens as tests need them."""

from argon2 import PasswordHasher

from service.people import People
from web.app import create_app


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
