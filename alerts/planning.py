"""Who wants to hear of what: the policies of all, their channels and the groups of their owners, read once a tick."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from alerts.matching import matches_entry, matches_window
from alerts.model import AT_ONCE, OWN, About, Channel, Policy, Route
from domain.ladder import Step
from domain.watch import HOUSE, Plan
from service.visitor import Visitor

OF_HOUSE = "house"
"""Whose an alert is that the operator's own channels get; accounts have ids of another form."""
_RHYTHM_ORDER = (AT_ONCE, "daily", "weekly")


@dataclass(frozen=True)
class Audience:
    """Who may see a matter: an account's groups; the house sees what is public."""

    groups: Mapping[str, frozenset[str]]

    def sees(self, account: str | None, group: str | None) -> bool:
        """Whether an account that is there and not disabled sees a matter of that group (None: public)."""
        if account is None:
            return group is None
        return account in self.groups and (group is None or group in self.groups[account])


@dataclass
class _Asked:
    """What one channel is asked to tell, gathered from the policies."""

    channel: Channel
    steps: dict[Step, int] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    rhythm: str = "weekly"

    def add(self, policy: Policy, route: Route) -> None:
        """What several policies ask for together: each step and change from the earliest instant, at the quickest rhythm."""
        confirmed = self.channel.confirmed or 0
        for step in route.ladder:
            since = max(policy.counts_from(route.channel, step.text), confirmed)
            self.steps[step] = min(since, self.steps.get(step, since))
        for change in policy.changes:
            since = max(policy.counts_from(route.channel, change), confirmed)
            self.changes[change] = min(since, self.changes.get(change, since))
        self.rhythm = min(self.rhythm, route.rhythm, key=_RHYTHM_ORDER.index)


@dataclass(frozen=True)
class Planner:
    """All that is asked for, at one moment."""

    policies: tuple[Policy, ...]
    filters: Mapping[str, About]
    channels: Mapping[str, Channel]
    audience: Audience

    def for_window(self, deadline: Mapping[str, Any], group: str | None, channel: str | None = None) -> "Plans":
        """The plans for a window (as in `deadlines` of the service) of a matter that a group sees; perhaps only of who is told by a channel."""
        return self._plans(group, lambda about: matches_window(about, deadline), channel)

    def for_entry(self, entries: Iterable[Mapping[str, Any]], group: str | None, channel: str | None = None) -> "Plans":
        """The plans for an entry: those that ask for it, or for one that it amends."""
        briefs = list(entries)
        return self._plans(group, lambda about: any(matches_entry(about, brief) for brief in briefs), channel)

    @cached_property
    def _by_channel(self) -> dict[str, list[Policy]]:
        found: dict[str, list[Policy]] = {}
        for policy in self.policies:
            for channel in {route.channel for route in policy.routes}:
                found.setdefault(channel, []).append(policy)
        return found

    def _plans(self, group: str | None, matches: Callable[[About], bool], only: str | None) -> "Plans":
        asked: dict[str, _Asked] = {}
        for policy in self.policies if only is None else self._by_channel.get(only, ()):
            about = self.filters.get(policy.filter) if policy.filter else policy.about
            if about is None or not self.audience.sees(policy.account, group) or not matches(about):
                continue
            for route in policy.routes:
                channel = self.channels.get(route.channel)
                if channel and channel.confirmed and not channel.off:
                    asked.setdefault(channel.id, _Asked(channel)).add(policy, route)
        return Plans(asked)


def allowed(channels: Mapping[str, Channel], roles: Mapping[str, str]) -> dict[str, Channel]:
    """The channels as they may be used: one whose owner may no longer have its kind is off. `roles` are those of the accounts that count."""
    off = "its owner may not have such a channel any more"
    return {key: each if may_have(each, roles) else replace(each, off=each.off or off) for key, each in channels.items()}


def may_have(channel: Channel, roles: Mapping[str, str]) -> bool:
    """Whether an account's role allows a channel; the house may have any."""
    needs = OWN.get(channel.kind)
    return channel.account is None or needs is None or Visitor(channel.account, roles.get(channel.account)).may(needs)


@dataclass(frozen=True)
class Plans:
    """What each channel is asked to tell of one window or entry."""

    asked: Mapping[str, _Asked]

    @property
    def all(self) -> tuple[Plan, ...]:
        """The plans of people, and the daybook's own."""
        return (HOUSE, *self.of_people())

    def of_people(self, change: str | None = None, recorded: int | None = None) -> tuple[Plan, ...]:
        """The plans of channels; with a change those that ask for it, from before something was recorded."""
        found = (Plan(its.channel.id, its.channel.account or OF_HOUSE, its.steps, its.changes) for its in self.asked.values())
        return tuple(
            plan
            for plan in found
            if change is None or (change in plan.changes and (recorded is None or plan.changes[change] <= recorded))
        )

    @property
    def steps(self) -> set[Step]:
        """Every step that somebody waits for."""
        return {step for plan in self.all for step in plan.steps}

    def rhythm(self, channel: str) -> str:
        """How often a channel is spoken to."""
        return self.asked[channel].rhythm

    def still_asks(self, channel: str, what: str, step: str | None) -> bool:
        """Whether a channel is still to be told of a step, or of a change."""
        its = self.asked.get(channel)
        if its is None:
            return False
        return what in its.changes if step is None else any(each.name == step for each in its.steps)
