"""Who may do what: accounts, groups, tokens, sessions, and the audit of all that. Kept beside the log, never in it."""

from collections.abc import Callable

from argon2 import PasswordHasher

from service.people.accounts import Account, Accounts
from service.people.audit import Act, read
from service.people.passwords import Passwords
from service.people.sessions import Session, Sessions, SignedIn
from service.people.signing_in import SigningIn, WrongSignIn
from service.people.store import Recorder, Store, new_secret
from service.people.tokens import Token, Tokens

__all__ = ["Account", "Act", "People", "Session", "SignedIn", "Token", "WrongSignIn"]


class People:
    """Accounts, tokens, sessions and audit over the database of a log's recorder."""

    def __init__(self, recorder: Recorder, clock: Callable[[], int], hasher: PasswordHasher | None = None) -> None:
        self.store = Store(recorder, clock)
        passwords = Passwords(hasher)
        self.accounts = Accounts(self.store, passwords)
        self.tokens = Tokens(self.store)
        self.sessions = Sessions(self.store)
        self.signing_in = SigningIn(self.store, passwords)

    def sign_in(self, name: str, password: str, address: str, agent: str = "") -> str:
        """The secret of a new session; raises `WrongSignIn` or `TooMany`."""
        return self.signing_in.sign_in(name, password, address, agent, self.secret("names"))

    def change_password(self, name: str, former: str, password: str, address: str) -> None:
        """As its owner, who must know the former one; all sessions end. Raises `WrongSignIn`, `TooMany`, `BadValue`."""
        account = self.accounts.named(name).id
        self.signing_in.prove(name, former, address, self.secret("names"))
        self.accounts.set_password(account, password, account)

    def audit(self, before: int | None = None, limit: int = 50, account: str | None = None, act: str | None = None) -> list[Act]:
        """What people did, newest first."""
        return read(self.store, before, limit, account, act)

    def secret(self, name: str) -> str:
        """A random secret of this store, made when it is first asked for: what cookies are signed with, for one."""
        found = self.store.row("SELECT value FROM secrets WHERE name = ?", name)
        if found is None:
            with self.store.writing() as c:
                c.execute("INSERT INTO secrets VALUES (?,?) ON CONFLICT (name) DO NOTHING", (name, new_secret()))
            found = self.store.row("SELECT value FROM secrets WHERE name = ?", name)
        return found[0]
