"""Secret addresses of calendars and feeds: shown once, kept as a hash, revoked at once. One sees what its owner may read at that moment."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from alerts.model import About
from domain.errors import BadValue, NotFound, RuleBroken
from service.people import audit
from service.people.store import MINUTE, Store, first, hashed, new_id, new_secret
from service.visitor import Visitor

MOST = 50
"""How many addresses that count a person may have."""
LONGEST = 60
_JOINED = """s.id, s.account, s.name, COALESCE(f.about, s.about), s.filter, s.made, s.used, s.revoked, a.role
    FROM subscriptions s JOIN accounts a ON a.id=s.account LEFT JOIN filters f ON f.id=s.filter AND f.account=s.account"""


@dataclass(frozen=True)
class Subscription:
    """A secret address as its owner sees it; its secret is not known any more.

    `about` is what it asks for; with `filter` what that saved filter asked for when this was read.
    """

    id: str
    account: str
    name: str
    about: About
    filter: str | None
    made: int
    used: int | None
    revoked: int | None


class Subscriptions:
    """The secret addresses of all."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def make(
        self, account: str, name: str, about: About, filter: str | None = None, by: str | None = None
    ) -> tuple[Subscription, str]:
        """A new address for a filter, or for a saved one of the account's, and the secret that is shown this once.

        Raises `BadValue` naming the field, `NotFound` for a saved filter that is not his, `RuleBroken`.
        """
        name = _checked(name)
        if filter is not None and about != About():
            raise BadValue("Give a filter of its own or a saved one, not both.", "filter")
        about = self._saved(filter, account) if filter is not None else about
        secret, now = new_secret(), self.store.clock()
        its = Subscription(new_id("s"), account, name, about, filter, now, None, None)
        with self.store.writing() as c:
            if not first(c, "SELECT 1 FROM accounts WHERE id=? AND disabled IS NULL AND erased IS NULL", account):
                raise RuleBroken("A disabled account gets no secret addresses.", "name")
            if first(c, "SELECT COUNT(*) FROM subscriptions WHERE account=? AND revoked IS NULL", account)[0] >= MOST:
                raise RuleBroken(f"A person has at most {MOST} secret addresses. Revoke one first.", "name")
            kept = json.dumps(asdict(about), ensure_ascii=False)
            c.execute(
                "INSERT INTO subscriptions VALUES (?,?,?,?,?,?,?,NULL,NULL)",
                (its.id, hashed(secret), account, name, kept, filter, now),
            )
            audit.write(c, now, by or account, audit.FEED_MADE, account, address=its.id)
        return its, secret

    def _saved(self, filter: str, account: str) -> About:
        row = self.store.row("SELECT about FROM filters WHERE id=? AND account=?", filter, account)
        if row is None:
            raise NotFound(f"You have no saved filter “{filter[:40]}”.", "filter")
        return About(**json.loads(row[0]))

    def of(self, account: str) -> list[Subscription]:
        """The addresses of an account, the newest first; revoked ones too."""
        sql = f"SELECT {_JOINED} WHERE s.account=? ORDER BY s.made DESC, s.id"
        return [_subscription(row) for row in self.store.rows(sql, account)]

    def revoke(self, id: str, account: str | None, by: str) -> None:
        """Revoke at once, one of `account` where that is given; raises `NotFound`."""
        with self.store.writing() as c:
            found = first(c, "SELECT account, revoked FROM subscriptions WHERE id=?", id)
            if found is None or account not in (None, found[0]):
                raise NotFound(f"There is no secret address “{id[:40]}”.", "id")
            if found[1] is None:
                now = self.store.clock()
                c.execute("UPDATE subscriptions SET revoked=? WHERE id=?", (now, id))
                audit.write(c, now, by, audit.FEED_REVOKED, found[0], address=id)

    def find(self, secret: str) -> tuple[Subscription, Visitor] | None:
        """The address of a secret and who reads by it; None for one that is unknown or revoked, whose account is disabled or erased, or whose
        saved filter is gone. That it was used is noted once a minute."""
        row = self.store.row(
            f"SELECT {_JOINED} WHERE s.hash=? AND s.revoked IS NULL AND a.disabled IS NULL AND a.erased IS NULL"
            " AND (s.filter IS NULL OR f.id IS NOT NULL)",
            hashed(secret),
        )
        if row is None:
            return None
        its, role = _subscription(row), row[-1]
        self._note_use(its)
        groups = self.store.rows("SELECT team FROM memberships WHERE account=?", its.account)
        return its, Visitor(its.account, role, frozenset(team for (team,) in groups), frozenset(("read",)), its.id)

    def _note_use(self, its: Subscription) -> None:
        now = self.store.clock()
        if its.used is None or now - its.used >= MINUTE:
            with self.store.writing() as c:
                c.execute("UPDATE subscriptions SET used=? WHERE id=?", (now, its.id))


def _checked(name: str) -> str:
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= LONGEST or not tidy.isprintable():
        raise BadValue(f"Give the address a name of 1 to {LONGEST} characters, such as where it is used.", "name")
    return tidy


def _subscription(row: tuple[Any, ...]) -> Subscription:
    return Subscription(*row[:3], About(**json.loads(row[3])), *row[4:8])
