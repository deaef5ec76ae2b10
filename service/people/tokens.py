"""Personal API tokens: shown once, kept as a hash, found by one seek. A token can do what its account's role allows now, and no more."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.errors import BadValue, NotFound, RuleBroken
from service.people import audit
from service.people.store import DAY, MINUTE, Store, first, hashed, new_id, new_secret
from service.visitor import SCOPES, Visitor

PREFIX = "daybook_"
LONGEST_DAYS = 366
MOST = 50
"""How many valid tokens an account may have."""


@dataclass(frozen=True)
class Token:
    """A token as its owner sees it; its secret is not known any more."""

    id: str
    account: str
    name: str
    scopes: tuple[str, ...]
    made: int
    expires: int
    used: int | None
    revoked: int | None


class Tokens:
    """The tokens of all accounts."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def make(self, account: str, name: str, scopes: Collection[str], days: int, by: str) -> tuple[Token, str]:
        """A new token, and the secret that is shown this once. Raises `BadValue` naming the field."""
        name, kept = _checked(name, scopes, days)
        secret, now = PREFIX + new_secret(), self.store.clock()
        token = Token(new_id("t"), account, name, kept, now, now + days * DAY, None, None)
        with self.store.writing() as c:
            if not first(c, "SELECT 1 FROM accounts WHERE id = ? AND disabled IS NULL", account):
                raise RuleBroken("A disabled account gets no tokens.", "name")
            (there,) = first(c, "SELECT COUNT(*) FROM tokens WHERE account = ? AND revoked IS NULL AND expires > ?", account, now)
            if there >= MOST:
                raise RuleBroken(f"An account has at most {MOST} tokens that are valid. Revoke one first.", "name")
            c.execute(
                "INSERT INTO tokens VALUES (?,?,?,?,?,?,?,NULL,NULL)",
                (token.id, hashed(secret), account, name, " ".join(kept), now, token.expires),
            )
            audit.write(c, now, by, audit.TOKEN_MADE, account, token=token.id, scopes=list(kept))
        return token, secret

    def of(self, account: str) -> list[Token]:
        """The tokens of an account, the newest first; revoked and expired ones too."""
        sql = "SELECT id, account, name, scopes, made, expires, used, revoked FROM tokens WHERE account = ? ORDER BY made DESC, id"
        return [Token(*row[:3], tuple(row[3].split()), *row[4:]) for row in self.store.rows(sql, account)]

    def revoke(self, token: str, by: str, account: str | None = None) -> None:
        """Revoke at once, one of `account` where that is given; raises `NotFound`."""
        with self.store.writing() as c:
            found = first(c, "SELECT account, revoked FROM tokens WHERE id = ?", token)
            if found is None or account not in (None, found[0]):
                raise NotFound(f"There is no token “{token[:40]}”.", "id")
            if found[1] is None:
                now = self.store.clock()
                c.execute("UPDATE tokens SET revoked = ? WHERE id = ?", (now, token))
                audit.write(c, now, by, audit.TOKEN_REVOKED, found[0], token=token)

    def visitor(self, secret: str) -> Visitor | None:
        """Who comes with a token; None for one that is unknown, expired, revoked or of a disabled account."""
        if not secret.startswith(PREFIX):
            return None
        now = self.store.clock()
        found = self.store.row(
            "SELECT t.id, t.account, t.scopes, t.used, a.role FROM tokens t JOIN accounts a ON a.id = t.account"
            " WHERE t.hash = ? AND t.revoked IS NULL AND t.expires > ? AND a.disabled IS NULL",
            hashed(secret), now,
        )  # fmt: skip
        if found is None:
            return None
        token, account, scopes, used, role = found
        if used is None or now - used >= MINUTE:
            with self.store.writing() as c:
                c.execute("UPDATE tokens SET used = ? WHERE id = ?", (now, token))
        return Visitor(account, role, self._groups(account), frozenset(scopes.split()), token)

    def _groups(self, account: str) -> frozenset[str]:
        return frozenset(team for (team,) in self.store.rows("SELECT team FROM memberships WHERE account = ?", account))


def _checked(name: str, scopes: Collection[str], days: int) -> tuple[str, tuple[str, ...]]:
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= 60 or not tidy.isprintable():
        raise BadValue("Give the token a name of 1 to 60 characters, such as where it is used.", "name")
    for scope in scopes:
        if scope not in SCOPES:
            raise BadValue(f"“{scope[:40]}” is not a scope. Scopes: {', '.join(SCOPES)}.", "scopes")
    if not scopes:
        raise BadValue("Choose what the token may be used for.", "scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise BadValue(f"A token is valid for 1 to {LONGEST_DAYS} days.", "days")
    return tidy, tuple(scope for scope in SCOPES if scope in scopes)
