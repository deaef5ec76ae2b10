"""What a file of policies says, stored: all of it or nothing, and the same file twice changes nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from alerts.book import Alerts
from alerts.model import PAGE, About, Channel, Policy
from alerts.policies import Filters, Policies
from alerts.policy_file import Located, read_policy_file
from alerts.preferences import Wishes
from alerts.schemas import about_of
from alerts.there import check_about
from alerts.ways import Ways
from domain.errors import BadValue, NotFound, Refused
from importers.yaml_lines import BadFile
from service.people import People
from service.people.checks import SHELL
from service.people.store import Store

Checked = dict[tuple[str, str], str]
"""The tidied target of each (kind, target), checked before the store is locked: a host is looked up for it."""


@dataclass
class Loaded:
    """What a file came to: how many entries of each section were new, changed, or stood so already; and the channels that were made."""

    new: int = 0
    changed: int = 0
    same: int = 0
    channels: list[Channel] = field(default_factory=list)


@dataclass(frozen=True)
class _CheckedBefore:
    """Stands in for the senders: their answer was asked for before."""

    targets: Checked

    def check(self, kind: str, target: str) -> str:
        return self.targets[kind, target]


def load_policies(alerts: Alerts, path: Path, environ: Mapping[str, str]) -> Loaded:
    """Store what a file says, as the operator, who answers for the channels in it; raises `BadFile` with every problem."""
    entries = read_policy_file(path, environ)
    _check_abouts(alerts, entries)
    targets = _targets(alerts, entries)
    with alerts.log.seen_by(None).holding() as held:
        store = Store(held, alerts.clock)
        desk = _Desk(store, Ways(store, _CheckedBefore(targets)), Loaded())
        problems = []
        for entry in entries:
            try:
                desk.store_entry(entry)
            except Refused as error:
                problems.append(entry.told(_field(error.field), error.detail))
        if problems:
            raise BadFile(problems)
    return desk.loaded


def _field(field: str) -> str:
    """The field of a refusal as the file has it."""
    first, _, rest = field.partition(".")
    if first == "routes":
        return f"channels.{rest.removesuffix('.channel')}"
    return field


def _check_abouts(alerts: Alerts, entries: list[Located]) -> None:
    """What the entries are about must be there for their account to see, before the store is locked; raises `BadFile`."""
    problems = []
    for entry in entries:
        try:
            groups = _groups(alerts, entry.values.get("account"))
            check_about(alerts.log.seen_by(groups), about_of(entry.values.get("about")))
        except NotFound:
            continue  # no such account: told with what else is wrong of the entry
        except BadValue as error:
            problems.append(entry.told(error.field, error.detail))
    if problems:
        raise BadFile(problems)


def _groups(alerts: Alerts, name: str | None) -> frozenset[str]:
    """The groups of an account; the house has none."""
    return frozenset(People(alerts.store.recorder, alerts.clock).accounts.named(name).groups) if name else frozenset()


def _targets(alerts: Alerts, entries: list[Located]) -> Checked:
    """Every target in the file, checked once; raises `BadFile`."""
    found: Checked = {}
    problems = []
    for entry in entries:
        for n, channel in enumerate(entry.values.get("channels", ())):
            key = channel["kind"], channel["target"]
            if channel["kind"] == PAGE or key in found:
                continue
            try:
                found[key] = alerts.ways.senders.check(*key)
            except BadValue as error:
                problems.append(entry.told(f"channels.{n}.{channel['kind']}", error.detail))
    if problems:
        raise BadFile(problems)
    return found


@dataclass
class _Desk:
    """Stores one entry after another."""

    store: Store
    ways: Ways
    loaded: Loaded
    seen: set[tuple[str, str | None, str]] = field(default_factory=set)

    def store_entry(self, entry: Located) -> None:
        """Raises `Refused` with a field as the stores name it."""
        values = entry.values
        account = self._account(values.get("account"))
        key = entry.section, account, values.get("name", "")
        if key in self.seen:
            raise BadValue("It stands in this file twice.", "name" if "name" in values else "account")
        self.seen.add(key)
        {"filters": self._filter, "preferences": self._preferences, "policies": self._policy}[entry.section](values, account)

    def _account(self, name: str | None) -> str | None:
        if name is None:
            return None
        try:
            return People(self.store.recorder, self.store.clock).accounts.named(name).id
        except NotFound as error:
            raise BadValue(error.detail, "account") from None

    def _filter(self, values: dict[str, Any], account: str) -> None:
        filters = Filters(self.store)
        former = next((each for each in filters.of(account) if each.name == values["name"]), None)
        if self._counts(former is not None, former is not None and former.about == About(**values["about"])):
            filters.keep({"name": values["name"], "about": values["about"]}, account, former.id if former else None)

    def _preferences(self, values: dict[str, Any], account: str) -> None:
        wishes = Wishes(self.store)
        wanted = {name: value for name, value in values.items() if name != "account"}
        is_there = account in wishes.all()
        if self._counts(is_there, is_there and asdict(wishes.of(account)) == wanted):
            wishes.keep(wanted, account)

    def _policy(self, values: dict[str, Any], account: str | None) -> None:
        policies = Policies(self.store)
        former = next((each for each in policies.of(account) if each.name == values["name"]), None)
        wanted = policies.read(self._raw(values, account), account, self.store.clock(), former.id if former else None)
        if self._counts(former is not None, former is not None and _is_same(former, wanted)):
            policies.keep(wanted, SHELL)

    def _counts(self, is_there: bool, is_same: bool) -> bool:
        """Count an entry; whether it is to be stored."""
        self.loaded.same += is_same
        self.loaded.changed += is_there and not is_same
        self.loaded.new += not is_there
        return not is_same

    def _raw(self, values: dict[str, Any], account: str | None) -> dict[str, Any]:
        """A policy as it would be posted."""
        routes = []
        for n, channel in enumerate(values["channels"]):
            ladder = None if channel["ladder"] is None else [step.text for step in channel["ladder"]]
            routes.append({"channel": self._channel(channel, account, n), "ladder": ladder, "rhythm": channel["rhythm"]})
        saved = self._saved(values["filter"], account) if values["filter"] else None
        ladder = [step.text for step in values["ladder"]]
        plain = {name: values[name] for name in ("name", "about", "changes", "paused")}
        return plain | {"filter": saved, "ladder": ladder, "routes": routes}

    def _saved(self, name: str, account: str | None) -> str:
        found = next((each.id for each in Filters(self.store).of(account or "") if each.name == name), None)
        if found is None:
            raise BadValue(f"There is no filter called “{name}”, in this file or saved before.", "filter")
        return found

    def _channel(self, channel: dict[str, Any], account: str | None, n: int) -> str:
        """The id of a channel, which is made where it is not there, and confirmed by the operator's word."""
        if channel["kind"] == PAGE:
            return next(each.id for each in self.ways.of(account) if each.kind == PAGE)
        target = self.ways.senders.check(channel["kind"], channel["target"])
        there = next((each for each in self.ways.of(account) if (each.kind, each.target) == (channel["kind"], target)), None)
        if there:
            self.ways.vouch(there.id, account, SHELL)
            return there.id
        try:
            raw = {"kind": channel["kind"], "target": channel["target"], "name": channel["name"]}
            made = self.ways.make_confirmed(raw, account, SHELL)
        except Refused as error:
            error.field = f"channels.{n}.{channel['kind']}"
            raise
        self.loaded.channels.append(made)
        return made.id


def _is_same(former: Policy, wanted: Policy) -> bool:
    return former == replace(wanted, since=former.since, kept=former.kept)
