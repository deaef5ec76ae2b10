"""Policies and saved filters: who wants to be told of what. Every change is audited in its own transaction."""

import json
from dataclasses import asdict, replace
from typing import Any

from alerts.model import About, Policy, Route, SavedFilter, page_of
from alerts.schemas import FilterSchema, PolicySchema, about_of, read, routes_of
from alerts.ways import open_page
from domain.errors import BadValue, NotFound, RuleBroken
from domain.ladder import read_step
from service.people import audit
from service.people.store import Store, first, new_id, whose

MOST = 100
"""How many policies, and how many saved filters, a person may have."""
_COLUMNS = "id, account, name, about, filter, routes, changes, since, paused, kept"


class Policies:
    """The policies of all; `account` None is the house, whose policies the operator keeps."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def all(self, where: str = "1=1", *values: Any) -> list[Policy]:
        """Every policy that is not paused, or those for which something is true."""
        sql = f"SELECT {_COLUMNS} FROM policies WHERE paused=0 AND {where} ORDER BY id"
        return [_policy(row) for row in self.store.rows(sql, *values)]

    def of(self, account: str | None) -> list[Policy]:
        """The policies of an account, or of the house, by name."""
        mine, who = whose(account)
        return [_policy(row) for row in self.store.rows(f"SELECT {_COLUMNS} FROM policies WHERE {mine} ORDER BY name", *who)]

    def get(self, policy: str, account: str | None) -> Policy:
        """One of an account's own; raises `NotFound`."""
        found = next((each for each in self.of(account) if each.id == policy), None)
        if found is None:
            raise NotFound(f"You have no policy “{policy[:40]}”.", "policy")
        return found

    def read(self, raw: Any, account: str | None, now: int, policy: str | None = None) -> Policy:
        """A policy as it was sent, checked but not stored; raises `BadValue` naming the field, or `NotFound`."""
        values = read(PolicySchema, raw)
        about, saved, routes = about_of(values["about"]), values["filter"], routes_of(values)
        if saved and values["about"]:
            raise BadValue("Give `about` or a saved filter, not both.", "filter")
        if saved:
            Filters(self.store).get(saved, account)
        self._check_channels(routes, account)
        changes = tuple(dict.fromkeys(values["changes"]))
        return Policy(policy or new_id("y"), account, values["name"], about, saved, routes, changes, now, values["paused"])

    def _check_channels(self, routes: tuple[Route, ...], account: str | None) -> None:
        mine, who = whose(account)
        there = {row[0] for row in self.store.rows(f"SELECT id FROM channels WHERE {mine}", *who)}
        for n, route in enumerate(routes):
            if route.channel not in there | {page_of(account)}:
                raise BadValue(f"You have no channel “{route.channel[:40]}”.", f"routes.{n}.channel")

    def keep(self, wanted: Policy, by: str) -> Policy:
        """Store a policy, new or in place of the one with its id; what it asked for before keeps counting from when it did."""
        with self.store.writing() as c:
            row = first(c, f"SELECT {_COLUMNS} FROM policies WHERE id=?", wanted.id)
            former = _policy(row) if row else None
            if former is None:
                _room(c, "policies", wanted.account)
            else:
                wanted = replace(wanted, kept=_kept(former, wanted))
            _name_is_free(c, wanted)
            if page_of(wanted.account) in (route.channel for route in wanted.routes):
                open_page(c, wanted.account, self.store.clock())
            c.execute("DELETE FROM policies WHERE id=?", (wanted.id,))
            c.execute("INSERT INTO policies VALUES (?,?,?,?,?,?,?,?,?,?)", _row(wanted))
            audit.write(c, self.store.clock(), by, audit.POLICY_KEPT, wanted.account, policy=wanted.id)
        return wanted

    def delete(self, policy: str, account: str | None, by: str) -> None:
        """Nothing is told by it any more; raises `NotFound`."""
        self.get(policy, account)
        with self.store.writing() as c:
            c.execute("DELETE FROM policies WHERE id=?", (policy,))
            audit.write(c, self.store.clock(), by, audit.POLICY_DELETED, account, policy=policy)


class Filters:
    """Saved filters: of policies, calendars and feeds."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def of(self, account: str) -> list[SavedFilter]:
        """An account's filters, by name."""
        sql = "SELECT id, account, name, about FROM filters WHERE account=? ORDER BY name"
        return [SavedFilter(*row[:3], About(**json.loads(row[3]))) for row in self.store.rows(sql, account)]

    def all(self, where: str = "1=1", *values: Any) -> dict[str, About]:
        """Every filter, or those for which something is true, by its id."""
        rows = self.store.rows(f"SELECT id, about FROM filters WHERE {where}", *values)
        return {row[0]: About(**json.loads(row[1])) for row in rows}

    def get(self, saved: str, account: str | None) -> SavedFilter:
        """One of an account's own; raises `NotFound`."""
        found = next((each for each in self.of(account or "") if each.id == saved), None)
        if found is None:
            raise NotFound(f"You have no saved filter “{saved[:40]}”.", "filter")
        return found

    def keep(self, raw: Any, account: str, saved: str | None = None) -> SavedFilter:
        """Save a filter, new or in place of one; raises `BadValue`, `NotFound`."""
        values = read(FilterSchema, raw)
        if saved:
            self.get(saved, account)
        its = SavedFilter(saved or new_id("f"), account, values["name"], about_of(values["about"]))
        with self.store.writing() as c:
            if not saved:
                _room(c, "filters", account)
            if first(c, "SELECT 1 FROM filters WHERE account=? AND name=? AND id<>?", account, its.name, its.id):
                raise RuleBroken(f"You have a filter called “{its.name}” already.", "name")
            c.execute("DELETE FROM filters WHERE id=?", (its.id,))
            about = json.dumps(asdict(its.about), ensure_ascii=False)
            c.execute("INSERT INTO filters VALUES (?,?,?,?,?)", (its.id, account, its.name, about, self.store.clock()))
            audit.write(c, self.store.clock(), account, audit.FILTER_KEPT, account, filter=its.id)
        return its

    def delete(self, saved: str, account: str) -> None:
        """Raises `RuleBroken` where a policy or a secret address uses it, `NotFound`."""
        self.get(saved, account)
        with self.store.writing() as c:
            used = first(c, "SELECT name FROM policies WHERE filter=?", saved)
            if used:
                raise RuleBroken(f"The policy “{used[0]}” uses this filter. Change the policy first.", "filter")
            address = first(c, "SELECT name FROM subscriptions WHERE filter=? AND revoked IS NULL", saved)
            if address:
                raise RuleBroken(f"The secret address “{address[0]}” uses this filter. Revoke the address first.", "filter")
            c.execute("DELETE FROM filters WHERE id=?", (saved,))
            audit.write(c, self.store.clock(), account, audit.FILTER_DELETED, account, filter=saved)


def _room(c: Any, table: str, account: str | None) -> None:
    mine, who = whose(account)
    if first(c, f"SELECT COUNT(*) FROM {table} WHERE {mine}", *who)[0] >= MOST:
        raise RuleBroken(f"There are {MOST} of them already, which is the most. Delete one first.", "name")


def _name_is_free(c: Any, wanted: Policy) -> None:
    mine, who = whose(wanted.account)
    if first(c, f"SELECT 1 FROM policies WHERE {mine} AND name=? AND id<>?", *who, wanted.name, wanted.id):
        raise RuleBroken(f"There is a policy called “{wanted.name}” already.", "name")


def _kept(former: Policy, wanted: Policy) -> dict[str, int]:
    """Since when counts what was asked for before: nothing of a policy that rested, or that was about something else."""
    if former.paused or (former.about, former.filter) != (wanted.about, wanted.filter):
        return {}
    return {f"{channel} {what}": former.counts_from(channel, what) for channel, what in former.asks() & wanted.asks()}


def _row(policy: Policy) -> tuple[Any, ...]:
    routes = [{"channel": r.channel, "ladder": [step.text for step in r.ladder], "rhythm": r.rhythm} for r in policy.routes]
    texts = [json.dumps(each, ensure_ascii=False) for each in (asdict(policy.about), routes, policy.changes)]
    return (
        policy.id, policy.account, policy.name, texts[0], policy.filter, texts[1], texts[2], policy.since,
        int(policy.paused), json.dumps(policy.kept),
    )  # fmt: skip


def _policy(row: tuple[Any, ...]) -> Policy:
    key, account, name, about, saved, routes, changes, since, paused, kept = row
    read_routes = tuple(
        Route(each["channel"], tuple(map(read_step, each["ladder"])), each["rhythm"]) for each in json.loads(routes)
    )
    asked = About(**json.loads(about)), saved, read_routes, tuple(json.loads(changes))
    return Policy(key, account, name, *asked, since, bool(paused), json.loads(kept))
