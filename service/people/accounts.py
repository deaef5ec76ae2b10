"""Accounts, their roles and groups. Every change is audited in its own transaction; `by` is an account's id or `shell`."""

from dataclasses import dataclass
from typing import Any

from domain.errors import RuleBroken
from service.alert_tables import PERSONAL
from service.people import audit
from service.people.checks import (
    LastAdmin,
    NameTaken,
    NoSuchAccount,
    checked_group,
    checked_name,
    checked_password,
    checked_role,
    folded,
)  # fmt: skip
from service.people.passwords import Passwords
from service.people.store import DAY, Store, first, hashed, new_id, new_secret

INVITED_FOR = 7 * DAY
_COLUMNS = "a.id, a.name, a.role, a.made, a.disabled, a.erased, a.password IS NOT NULL, a.last_sign_in, i.expires"
_FROM = f"SELECT {_COLUMNS} FROM accounts a LEFT JOIN invitations i ON i.account = a.id"


@dataclass(frozen=True)
class Account:
    """An account as an admin sees it. `invited` is when its invitation ends."""

    id: str
    name: str | None
    role: str
    made: int
    disabled: int | None
    erased: int | None
    has_password: bool
    last_sign_in: int | None
    invited: int | None
    groups: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The name, or the opaque id where the name was erased."""
        return self.name or self.id


class Accounts:
    """Who there is."""

    def __init__(self, store: Store, passwords: Passwords) -> None:
        self.store = store
        self.passwords = passwords

    def any(self) -> bool:
        """Whether there is an account that somebody can sign in with."""
        return bool(self.store.rows("SELECT 1 FROM accounts WHERE erased IS NULL LIMIT 1"))

    def all(self) -> list[Account]:
        """Every account that was not erased, by name."""
        return self._read(f"{_FROM} WHERE a.erased IS NULL ORDER BY a.folded")

    def get(self, account: str) -> Account:
        """The account of that id; raises `NoSuchAccount`."""
        return self._one(f"{_FROM} WHERE a.id = ?", account, account)

    def named(self, name: str) -> Account:
        """The account of that name, or of that opaque id; raises `NoSuchAccount`."""
        return self._one(f"{_FROM} WHERE a.folded = ? OR a.id = ?", name, folded(name), name)

    def _one(self, sql: str, asked: str, *values: Any) -> Account:
        found = self._read(sql, *values)
        if not found:
            raise NoSuchAccount(f"There is no account “{asked[:60]}”.", "name")
        return found[0]

    def _read(self, sql: str, *values: Any) -> list[Account]:
        with self.store.recorder.reading() as rows:
            found = [tuple(row) for row in rows(sql, values)]
            teams: dict[str, list[str]] = {}
            for team, account in list(rows("SELECT team, account FROM memberships ORDER BY team")) if found else ():
                teams.setdefault(account, []).append(team)
        return [Account(*row[:6], bool(row[6]), *row[7:], tuple(teams.get(row[0], ()))) for row in found]

    def names(self) -> dict[str, str]:
        """What the ids that stand in the log are called; an erased one is not in it."""
        return dict(self.store.rows("SELECT id, name FROM accounts WHERE name IS NOT NULL"))

    def add(self, name: str, role: str, by: str, password: str | None = None) -> Account:
        """A new account; without a password nobody can sign in with it until it is invited. Raises `BadValue`, `NameTaken`."""
        name, role = checked_name(name), checked_role(role)
        kept = self.passwords.hash(checked_password(password, name)) if password is not None else None
        account, now = new_id("u", 8), self.store.clock()
        with self.store.writing() as c:
            if first(c, "SELECT 1 FROM accounts WHERE folded = ?", folded(name)):
                raise NameTaken(f"There is an account “{name}” already.", "name")
            c.execute(
                "INSERT INTO accounts (id, name, folded, password, role, made) VALUES (?,?,?,?,?,?)",
                (account, name, folded(name), kept, role, now),
            )
            audit.write(c, now, by, audit.ACCOUNT_MADE, account, role=role)
        return self.get(account)

    def invite(self, account: str, by: str) -> str:
        """A one-time code with which the account's owner sets his password within seven days; an older one no longer counts."""
        code, now = new_secret(), self.store.clock()
        with self.store.writing() as c:
            _standing(c, account)
            c.execute("DELETE FROM invitations WHERE account = ?", (account,))
            c.execute("INSERT INTO invitations VALUES (?,?,?)", (account, hashed(code), now + INVITED_FOR))
            audit.write(c, now, by, audit.INVITED, account)
        return code

    def invited(self, code: str) -> Account | None:
        """Whose invitation it is, where it still counts."""
        sql = f"{_FROM} WHERE i.hash = ? AND i.expires > ? AND a.disabled IS NULL"
        found = self._read(sql, hashed(code), self.store.clock())
        return found[0] if found else None

    def accept(self, code: str, password: str) -> Account:
        """Set the password that an invitation asks for; it counts once. Raises `BadValue`, `NoSuchAccount`."""
        account = self.invited(code)
        if account is None:
            raise _no_invitation()
        kept = self.passwords.hash(checked_password(password, account.name))
        with self.store.writing() as c:
            if not first(c, "SELECT 1 FROM invitations WHERE hash = ?", hashed(code)):
                raise _no_invitation()
            self._keep_password(c, account.id, kept, account.id)
        return account

    def set_password(self, account: str, password: str, by: str) -> None:
        """Set a password and end every session of the account; raises `BadValue`."""
        kept = self.passwords.hash(checked_password(password, self.get(account).name))
        with self.store.writing() as c:
            _standing(c, account)
            self._keep_password(c, account, kept, by)

    def _keep_password(self, c: Any, account: str, kept: str, by: str) -> None:
        c.execute("UPDATE accounts SET password = ? WHERE id = ?", (kept, account))
        c.execute("DELETE FROM invitations WHERE account = ?", (account,))
        c.execute("DELETE FROM sessions WHERE account = ?", (account,))
        audit.write(c, self.store.clock(), by, audit.PASSWORD_CHANGED, account)

    def set_role(self, account: str, role: str, by: str) -> None:
        """Give a role; it counts from the next request on. Raises `BadValue`, `LastAdmin`."""
        checked_role(role)
        with self.store.writing() as c:
            former = _standing(c, account)
            if former == role:
                return
            _keep_an_admin(c, account)
            c.execute("UPDATE accounts SET role = ? WHERE id = ?", (role, account))
            audit.write(c, self.store.clock(), by, audit.ROLE_CHANGED, account, role=role, former=former)

    def disable(self, account: str, by: str) -> None:
        """Nobody can sign in with it or use its tokens; its sessions end at once. Raises `LastAdmin`."""
        with self.store.writing() as c:
            if self._shut(c, account):
                audit.write(c, self.store.clock(), by, audit.DISABLED, account)

    def _shut(self, c: Any, account: str) -> bool:
        """Whether it was open."""
        _standing(c, account)
        _keep_an_admin(c, account)
        was_open = first(c, "SELECT 1 FROM accounts WHERE id = ? AND disabled IS NULL", account)
        c.execute("UPDATE accounts SET disabled = COALESCE(disabled, ?) WHERE id = ?", (self.store.clock(), account))
        for table in ("sessions", "invitations"):
            c.execute(f"DELETE FROM {table} WHERE account = ?", (account,))
        return bool(was_open)

    def enable(self, account: str, by: str) -> None:
        """The account counts again, with the password and tokens that it had."""
        with self.store.writing() as c:
            _standing(c, account)
            if first(c, "SELECT 1 FROM accounts WHERE id = ? AND disabled IS NOT NULL", account):
                c.execute("UPDATE accounts SET disabled = NULL WHERE id = ?", (account,))
                audit.write(c, self.store.clock(), by, audit.ENABLED, account)

    def erase(self, account: str, by: str) -> None:
        """Forget name, password, groups, tokens, sessions and all that alerting keeps of it for good; the id stays in the log's events. Raises `LastAdmin`."""
        now = self.store.clock()
        with self.store.writing() as c:
            self._shut(c, account)
            c.execute("UPDATE accounts SET name = NULL, folded = NULL, password = NULL, erased = ? WHERE id = ?", (now, account))
            c.execute("DELETE FROM deliveries WHERE message IN (SELECT id FROM messages WHERE account = ?)", (account,))
            for table in ("tokens", "memberships", *PERSONAL):
                c.execute(f"DELETE FROM {table} WHERE account = ?", (account,))
            audit.write(c, now, by, audit.ERASED, account)

    def join(self, account: str, group: str, by: str) -> None:
        """Add to a group; a group is there as long as it has a member."""
        checked_group(group)
        now = self.store.clock()
        with self.store.writing() as c:
            _standing(c, account)
            if first(c, "SELECT 1 FROM memberships WHERE team = ? AND account = ?", group, account):
                return
            c.execute("INSERT INTO memberships VALUES (?,?,?)", (group, account, now))
            audit.write(c, now, by, audit.JOINED, account, group=group)

    def leave(self, account: str, group: str, by: str) -> None:
        """Take out of a group; raises `RuleBroken` where it is not in it."""
        with self.store.writing() as c:
            _standing(c, account)
            if not first(c, "SELECT 1 FROM memberships WHERE team = ? AND account = ?", group, account):
                raise RuleBroken(f"The account is not in the group “{group[:60]}”.", "group")
            c.execute("DELETE FROM memberships WHERE team = ? AND account = ?", (group, account))
            audit.write(c, self.store.clock(), by, audit.LEFT, account, group=group)

    def groups(self) -> dict[str, list[str]]:
        """Each group with the names of its members."""
        found: dict[str, list[str]] = {}
        for team, name in self.store.rows(
            "SELECT m.team, a.name FROM memberships m JOIN accounts a ON a.id = m.account ORDER BY m.team, a.folded"
        ):
            found.setdefault(team, []).append(name)
        return found


def _standing(c: Any, account: str) -> str:
    """The role of an account that is there and not erased; raises `NoSuchAccount`."""
    found = first(c, "SELECT role FROM accounts WHERE id = ? AND erased IS NULL", account)
    if found is None:
        raise NoSuchAccount(f"There is no account “{account[:60]}”.", "name")
    return found[0]


def _keep_an_admin(c: Any, account: str) -> None:
    """Before an account loses its power: another admin who can sign in must be there, where this is one; raises `LastAdmin`."""
    able = "role = 'admin' AND disabled IS NULL AND password IS NOT NULL"
    if first(c, f"SELECT 1 FROM accounts WHERE id = ? AND {able}", account) and not first(
        c, f"SELECT 1 FROM accounts WHERE id <> ? AND {able}", account
    ):
        raise LastAdmin("This is the last admin. Make another one first, who can sign in.", "role")


def _no_invitation() -> NoSuchAccount:
    return NoSuchAccount("This invitation has been used, or is too old. Ask for a new one.", "code")
