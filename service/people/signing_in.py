"""Signing in. Attempts are counted in the store, so that all processes count together, under hashes of what was typed."""

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from domain.errors import SignInNeeded, TooMany
from service.people import audit, sessions
from service.people.checks import folded
from service.people.passwords import Passwords
from service.people.store import MINUTE, Store, first, new_id

WINDOW = 15 * MINUTE
OF_A_NAME, OF_AN_ADDRESS = 5, 30
"""So many failures within the window are free; each further one doubles the wait."""
FIRST_WAIT, LONGEST_WAIT = 30, 15 * 60
"""In seconds."""


class WrongSignIn(SignInNeeded):
    """Name and password do not belong together; which of them is wrong is not told."""


class SigningIn:
    """Checks names and passwords and begins sessions."""

    def __init__(self, store: Store, passwords: Passwords) -> None:
        self.store = store
        self.passwords = passwords

    def sign_in(self, name: str, password: str, address: str, agent: str, pepper: str) -> str:
        """The secret of a new session; raises `WrongSignIn` or `TooMany`."""
        attempt, marks = new_id("a", 8), _marks(name, address, pepper)
        account, stored = self._checked(name, password, attempt, marks)
        renewed = self.passwords.hash(password) if self.passwords.stale(stored) else stored
        return self._begun(account, stored, renewed, agent, attempt, marks[0])

    def prove(self, name: str, password: str, address: str, pepper: str) -> None:
        """Whether who is signed in knows the password, counted as a sign-in is; raises `WrongSignIn` or `TooMany`."""
        attempt, marks = new_id("a", 8), _marks(name, address, pepper)
        self._checked(name, password, attempt, marks)
        with self.store.writing() as c:
            _forgive(c, marks[0], attempt)

    def _checked(self, name: str, password: str, attempt: str, marks: tuple[str, str]) -> tuple[str, str]:
        """The account and its hash. A guess counts before it is checked, so that none slips by beside others."""
        self._count(attempt, marks)
        found = self.store.row("SELECT id, password FROM accounts WHERE folded = ? AND disabled IS NULL", folded(name))
        account, stored = found or (None, None)
        if not self.passwords.fits(stored, password):
            self._failed(name)
            raise _wrong()
        return account, stored

    def _count(self, attempt: str, marks: tuple[str, str]) -> None:
        """Count an attempt, or refuse it as one too many."""
        now = self.store.clock()
        with self.store.writing() as c:
            c.execute("DELETE FROM attempts WHERE at <= ?", (now - WINDOW,))
            wait = max(_wait(c, mark, free, now) for mark, free in zip(marks, (OF_A_NAME, OF_AN_ADDRESS), strict=True))
            if wait > 0:
                raise TooMany(f"Too many attempts to sign in. Wait {_in_words(wait)}, then try again.", wait)
            for n, mark in enumerate(marks):
                c.execute("INSERT INTO attempts VALUES (?,?,?)", (f"{attempt}.{n}", mark, now))

    def _failed(self, name: str) -> None:
        with self.store.writing() as c:
            known = first(c, "SELECT id FROM accounts WHERE folded = ?", folded(name))
            audit.write(c, self.store.clock(), None, audit.SIGN_IN_FAILED, known[0] if known else None)

    def _begun(self, account: str, stored: str, renewed: str, agent: str, attempt: str, its_name: str) -> str:
        """The session; the account may have been disabled, or its password changed, while the password was checked."""
        now = self.store.clock()
        with self.store.writing() as c:
            if not first(c, "SELECT 1 FROM accounts WHERE id = ? AND disabled IS NULL AND password = ?", account, stored):
                raise _wrong()
            _forgive(c, its_name, attempt)
            c.execute("UPDATE accounts SET last_sign_in = ?, password = ? WHERE id = ?", (now, renewed, account))
            audit.write(c, now, account, audit.SIGNED_IN, account)
            return sessions.begin(c, account, agent, now)


def _wrong() -> WrongSignIn:
    return WrongSignIn("That name and password do not belong together.", "password")


def _forgive(c: Any, its_name: str, attempt: str) -> None:
    """After the right password: earlier failures of the name are forgotten, those of the address are not."""
    c.execute("DELETE FROM attempts WHERE subject = ? OR id = ?", (its_name, f"{attempt}.1"))


def _marks(name: str, address: str, pepper: str) -> tuple[str, str]:
    """What attempts are counted under; what was typed may be a password in the wrong field, so it is not kept."""
    return _mark(f"name {folded(name)}", pepper), _mark(f"address {_network(address)}", pepper)


def _mark(text: str, pepper: str) -> str:
    return hmac.new(pepper.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _network(address: str) -> str:
    """An IPv6 customer has a whole /64 to come from."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) and not found.ipv4_mapped else str(found)


def _wait(c: Any, mark: str, free: int, now: int) -> int:
    """Seconds still to wait."""
    failures, last = first(c, "SELECT COUNT(*), MAX(at) FROM attempts WHERE subject = ?", mark)
    if failures < free:
        return 0
    wait = min(FIRST_WAIT * 2 ** min(failures - free, 10), LONGEST_WAIT)
    return -((now - last - wait * 1_000_000) // 1_000_000)


def _in_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return f"{seconds} seconds" if seconds < 60 else "a minute" if minutes == 1 else f"{minutes} minutes"
