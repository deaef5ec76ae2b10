"""The channels of people and of the house: kept, confirmed, their secrets rotated, turned off. Every change is audited in its own transaction."""

import json
from typing import Any

from alerts import outbox
from alerts.channels import Senders, shown
from alerts.channels.webhook import new_secret, rotated
from alerts.model import APPRISE, EMAIL, OWN, PAGE, WEBHOOK, Channel, page_of
from alerts.schemas import ChannelSchema, read
from domain.errors import BadValue, NotFound, RuleBroken, TooMany
from service.people import audit
from service.people.store import HOUR, MINUTE, Store, first, hashed, new_id, whose
from service.people.store import new_secret as new_code
from service.visitor import Visitor

MOST = 20
"""How many channels an account may have."""
MOST_PROOFS = 10
"""How many links that prove an address a person can have sent within an hour."""
ASKED_AGAIN = 10 * MINUTE
"""So long after a link was sent another may be asked for: the address can be a stranger's."""
_COLUMNS = "id, account, kind, name, target, secrets, confirmed, off, leave"


class Ways:
    """How people can be reached."""

    def __init__(self, store: Store, senders: Senders) -> None:
        self.store = store
        self.senders = senders

    def of(self, account: str | None) -> list[Channel]:
        """The channels of an account, or of the house, the page first. The page is there from the first look on."""
        mine, who = whose(account)
        rows = self.store.rows(f"SELECT {_COLUMNS} FROM channels WHERE {mine} ORDER BY kind<>'page', made, id", *who)
        if account is not None and not any(row[2] == PAGE for row in rows):
            self._open_page(account)
            return self.of(account)
        return [_channel(row) for row in rows]

    def _open_page(self, account: str) -> None:
        with self.store.writing() as c:
            open_page(c, account, self.store.clock())

    def get(self, channel: str, account: str | None) -> Channel:
        """One of an account's own; raises `NotFound`."""
        found = next((each for each in self.of(account) if each.id == channel), None)
        if found is None:
            raise NotFound(f"You have no channel “{channel[:40]}”.", "channel")
        return found

    def make(self, raw: Any, by: Visitor) -> tuple[Channel, str | None]:
        """A channel of one's own, and the code that proves an e-mail address, to be sent there. Raises `BadValue`, `Forbidden`."""
        values = read(ChannelSchema, raw)
        if values["kind"] not in OWN:
            raise BadValue(f"A channel is one of: {', '.join(OWN)}.", "kind")
        by.demand(OWN[values["kind"]])
        if values["kind"] == EMAIL:
            self._spare_strangers(by.account)
        code = new_code() if values["kind"] == EMAIL else None
        return self._keep(values, by.account, by.account, code), code

    def make_confirmed(self, raw: Any, account: str | None, by: str) -> Channel:
        """As an operator, who answers for it: no proof is asked for, and the house may have any kind. Raises `BadValue`."""
        values = read(ChannelSchema, raw)
        allowed = (*OWN, APPRISE) if account is None else tuple(OWN)
        if values["kind"] not in allowed:
            raise BadValue(f"A channel here is one of: {', '.join(allowed)}.", "kind")
        return self._keep(values, account, by, None)

    def _keep(self, values: dict[str, Any], account: str | None, by: str, code: str | None) -> Channel:
        kind, target, now = values["kind"], self.senders.check(values["kind"], values["target"]), self.store.clock()
        secrets = (new_secret(),) if kind == WEBHOOK else ()
        made = Channel(
            new_id("c"), account, kind, values["name"] or shown(kind, target), target, secrets,
            None if code else now, None, new_code(),
        )  # fmt: skip
        mine, who = whose(account)
        with self.store.writing() as c:
            if first(c, f"SELECT COUNT(*) FROM channels WHERE {mine}", *who)[0] >= MOST:
                raise RuleBroken(f"There are {MOST} channels already, which is the most. Delete one first.", "target")
            if first(c, f"SELECT 1 FROM channels WHERE {mine} AND kind=? AND target=?", *who, kind, target):
                raise RuleBroken("That one is there already.", "target")
            proof = hashed(code) if code else None
            c.execute(
                "INSERT INTO channels VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                (made.id, account, kind, made.name, target, json.dumps(secrets), now, made.confirmed, None, made.leave, proof),
            )
            audit.write(c, now, by, audit.CHANNEL_MADE, account, channel=made.id, kind=kind)
        return made

    def confirm(self, code: str) -> Channel:
        """Its owner has read what was sent there; raises `NotFound` for a code that is unknown or used."""
        row = self.store.row(f"SELECT {_COLUMNS} FROM channels WHERE proof=?", hashed(code))
        if row is None:
            raise NotFound("This link is not one of ours, or the address is confirmed already.", "code")
        self._change(row[0], row[1], row[1] or "shell", "confirmed", "confirmed=?, proof=NULL", self.store.clock())
        return self.get(row[0], row[1])

    def proving(self, code: str) -> Channel | None:
        """The channel whose proof this is; nothing is changed."""
        row = self.store.row(f"SELECT {_COLUMNS} FROM channels WHERE proof=?", hashed(code))
        return _channel(row) if row else None

    def vouch(self, channel: str, account: str | None, by: str) -> None:
        """As an operator, who answers for an address that its owner has not confirmed yet."""
        if not self.get(channel, account).confirmed:
            self._change(channel, account, by, "confirmed", "confirmed=?, proof=NULL", self.store.clock())

    def new_proof(self, channel: str, account: str) -> str:
        """Another code for an address that is not confirmed; the former no longer counts. Raises `RuleBroken`, `TooMany`."""
        if self.get(channel, account).confirmed:
            raise RuleBroken("This address is confirmed already.", "channel")
        self._not_too_soon(channel)
        self._spare_strangers(account)
        code = new_code()
        self._change(channel, account, account, "asked to confirm", "proof=?", hashed(code))
        return code

    def _not_too_soon(self, channel: str) -> None:
        last = outbox.last_made(self.store, channel, "proof")
        if last is not None and self.store.clock() < last + ASKED_AGAIN:
            told = "A link was sent there less than ten minutes ago. Look for it, also among the spam, before you ask for another."
            raise RuleBroken(told, "channel")

    def _spare_strangers(self, account: str | None) -> None:
        """An address that nobody has proved may be anybody's, so nobody can have it sent many links; raises `TooMany`."""
        now = self.store.clock()
        sql = """SELECT COUNT(*), MIN(at) FROM audit WHERE actor=? AND at>?
            AND (act=? AND detail LIKE '%"kind": "email"%' OR act=? AND detail LIKE '%"asked to confirm"%')"""
        sent, first_at = self.store.row(sql, account, now - HOUR, audit.CHANNEL_MADE, audit.CHANNEL_CHANGED)
        if sent >= MOST_PROOFS:
            raise TooMany(
                f"{MOST_PROOFS} links to confirm an address were sent within an hour. Wait.", (first_at + HOUR - now) // 1_000_000
            )

    def rotate(self, channel: str, account: str | None, by: str) -> Channel:
        """A new secret beside the former: both sign until the former is dropped. Raises `RuleBroken`, `NotFound`."""
        its = self._webhook(channel, account)
        self._change(channel, account, by, "secret rotated", "secrets=?", json.dumps(rotated(its.secrets[:1])))
        return self.get(channel, account)

    def drop_former(self, channel: str, account: str | None, by: str) -> Channel:
        """Only the newest secret signs from now on."""
        its = self._webhook(channel, account)
        self._change(channel, account, by, "former secret dropped", "secrets=?", json.dumps(its.secrets[:1]))
        return self.get(channel, account)

    def _webhook(self, channel: str, account: str | None) -> Channel:
        its = self.get(channel, account)
        if its.kind != WEBHOOK:
            raise RuleBroken("Only a webhook has secrets.", "channel")
        return its

    def turn_off(self, channel: str, account: str | None, by: str | None, why: str) -> None:
        """Nothing is sent to it any more; `by` is None for whoever holds its one-click way out.

        An address whose reader left that way has to be confirmed anew before anything is sent there again.
        """
        left = by is None and self.get(channel, account).kind == EMAIL
        self._change(channel, account, by, "turned off", "off=?, confirmed=NULL" if left else "off=?", why)
        with self.store.writing() as c:
            outbox.silence(c, channel, self.store.clock(), "the channel is off")

    def turn_on(self, channel: str, account: str | None, by: str) -> None:
        """It is spoken to again, of what comes from now on."""
        its = self.get(channel, account)
        if not its.off:
            return
        now = self.store.clock()
        self._change(channel, account, by, "turned on", "off=NULL, confirmed=?", now if its.confirmed else None)

    def leaving(self, code: str) -> Channel | None:
        """The channel whose one-click way out this is."""
        row = self.store.row(f"SELECT {_COLUMNS} FROM channels WHERE leave=?", code)
        return _channel(row) if row else None

    def delete(self, channel: str, account: str | None, by: str) -> None:
        """Gone, with all that was or was to be sent by it; raises `RuleBroken` where a policy uses it, `NotFound`."""
        its = self.get(channel, account)
        if its.kind == PAGE:
            raise RuleBroken("The page stays.", "channel")
        with self.store.writing() as c:
            c.execute("SELECT name, routes FROM policies")
            used = next((row[0] for row in c.fetchall() if f'"{channel}"' in row[1]), None)
            if used:
                raise RuleBroken(f"The policy “{used}” uses this channel. Change the policy first.", "channel")
            outbox.forget(c, channel)
            c.execute("DELETE FROM channels WHERE id=?", (channel,))
            audit.write(c, self.store.clock(), by, audit.CHANNEL_DELETED, account, channel=channel)

    def _change(self, channel: str, account: str | None, by: str | None, what: str, sql: str, *values: Any) -> None:
        with self.store.writing() as c:
            c.execute(f"UPDATE channels SET {sql} WHERE id=? AND COALESCE(account, '')=?", (*values, channel, account or ""))
            audit.write(c, self.store.clock(), by, audit.CHANNEL_CHANGED, account, channel=channel, change=what)


def all_channels(store: Store, where: str = "1=1", *values: Any) -> dict[str, Channel]:
    """Every channel, or those for which something is true, by its id."""
    return {row[0]: _channel(row) for row in store.rows(f"SELECT {_COLUMNS} FROM channels WHERE {where}", *values)}


def open_page(c: Any, account: str, now: int) -> None:
    """The page of an account as its channel, where it is not there yet; raises `NotFound`."""
    if not first(c, "SELECT 1 FROM accounts WHERE id=? AND erased IS NULL", account):
        raise NotFound("There is no such account.", "account")
    values = (page_of(account), account, PAGE, "The page of alerts", "", "[]", now, now, None, new_code(), None)
    c.execute("INSERT INTO channels VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING", values)


def _channel(row: tuple[Any, ...]) -> Channel:
    return Channel(*row[:5], tuple(json.loads(row[5])), *row[6:])
