"""Sessions: a row each in the store, found by the hash of a random secret that only the browser's cookie has."""

from dataclasses import dataclass
from typing import Any

from domain.errors import NotFound
from service.people import audit
from service.people.store import DAY, HOUR, MINUTE, Store, first, hashed, new_id, new_secret
from service.visitor import Visitor

IDLE, ABSOLUTE = 12 * HOUR, 7 * DAY
"""A session ends when it was not used so long, and at the latest so long after it began."""


@dataclass(frozen=True)
class Session:
    """A session as its owner sees it; `agent` is what the browser called itself."""

    id: str
    made: int
    seen: int
    agent: str


@dataclass(frozen=True)
class SignedIn:
    """Who a session belongs to."""

    session: str
    name: str
    visitor: Visitor


def begin(c: Any, account: str, agent: str, now: int) -> str:
    """A new session within the transaction of a sign-in; the secret is for the cookie. Old ones of anybody are cleared away."""
    secret = new_secret()
    c.execute("DELETE FROM sessions WHERE expires <= ? OR seen <= ?", (now, now - IDLE))
    row = (new_id("s"), hashed(secret), account, now, now, now + ABSOLUTE, agent[:200])
    c.execute("INSERT INTO sessions VALUES (?,?,?,?,?,?,?)", row)
    return secret


class Sessions:
    """The sessions of all accounts."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def find(self, secret: str) -> SignedIn | None:
        """Who comes with a session's secret; None where it has ended."""
        now = self.store.clock()
        with self.store.recorder.reading() as rows:
            found = list(
                rows(
                    "SELECT s.id, s.account, s.seen, a.name, a.role FROM sessions s JOIN accounts a ON a.id = s.account"
                    " WHERE s.hash = ? AND s.expires > ? AND s.seen > ? AND a.disabled IS NULL",
                    (hashed(secret), now, now - IDLE),
                )
            )
            if not found:
                return None
            session, account, seen, name, role = found[0]
            teams = [team for (team,) in rows("SELECT team FROM memberships WHERE account = ?", (account,))]
        if now - seen >= MINUTE:
            with self.store.writing() as c:
                c.execute("UPDATE sessions SET seen = ? WHERE id = ?", (now, session))
        return SignedIn(session, name, Visitor(account, role, frozenset(teams)))

    def of(self, account: str) -> list[Session]:
        """The running sessions of an account, the one used last first."""
        now = self.store.clock()
        sql = "SELECT id, made, seen, agent FROM sessions WHERE account = ? AND expires > ? AND seen > ? ORDER BY seen DESC, id"
        return [Session(*row) for row in self.store.rows(sql, account, now, now - IDLE)]

    def sign_out(self, session: str, account: str) -> None:
        """End one's own session."""
        self._end(session, account, audit.SIGNED_OUT)

    def end(self, session: str, account: str) -> None:
        """End another session of one's own; raises `NotFound`."""
        if not self._end(session, account, audit.SESSION_ENDED):
            raise NotFound("There is no such session; it may have ended.", "id")

    def end_others(self, kept: str, account: str) -> int:
        """End all of one's sessions but one; how many there were."""
        return sum(self._end(each.id, account, audit.SESSION_ENDED) for each in self.of(account) if each.id != kept)

    def _end(self, session: str, account: str, act: str) -> bool:
        with self.store.writing() as c:
            if not first(c, "SELECT 1 FROM sessions WHERE id = ? AND account = ?", session, account):
                return False
            c.execute("DELETE FROM sessions WHERE id = ?", (session,))
            audit.write(c, self.store.clock(), account, act, account)
            return True
