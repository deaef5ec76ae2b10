"""What a policy would send next, worked out before it is saved; nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from alerts import outbox
from alerts.book import Alerts
from alerts.due import sightings
from alerts.matching import matches_window
from alerts.model import PAGE, Channel, Policy, Preferences, Route
from alerts.planning import Planner
from alerts.preferences import ready_at, version_of
from domain.instants import day_in, moment
from domain.ladder import Step
from domain.watch import Sight
from projections.read_model import reading
from projections.tree import split
from projections.windows import deadline
from service.asking import ask
from service.people.store import DAY, whose
from service.reading import matter_at

MOST = 50
"""How many sends are shown."""


@dataclass(frozen=True)
class Coming:
    """One send to come: `at` when it is sent, `reached` when its step is (instants); `held` says why it is later, where it is."""

    at: int
    reached: int
    matter: str
    window: str
    title: str
    due: str
    due_is: str
    step: Step
    channel: Channel
    held: str | None
    days_left: int
    time_zone: str

    def shown(self) -> dict[str, Any]:
        """As plain values, for the API."""
        return {
            "at": moment(self.at).isoformat(), "reached": moment(self.reached).isoformat(), "matter": self.matter, "window": self.window,
            "title": self.title, "due": self.due, "due_is": self.due_is, "step": self.step.text, "days_left": self.days_left,
            "channel": self.channel.id, "channel_name": self.channel.name, "held": self.held, "time_zone": self.time_zone,
        }  # fmt: skip


@dataclass(frozen=True)
class Preview:
    """What comes of a policy: the next sends in order, how many more there are, how many windows it is about now, and the steps that have passed."""

    coming: list[Coming]
    more: int
    windows: int
    passed: int

    def shown(self) -> dict[str, Any]:
        """As plain values, for the API."""
        return {"coming": [each.shown() for each in self.coming], "more": self.more, "windows": self.windows, "passed": self.passed}


def preview(alerts: Alerts, policy: Policy, now: int, limit: int = MOST) -> Preview:
    """The next sends of a policy as it stands or as it is drafted, by what is on record now. A date that moves moves them."""
    planner = alerts.planner()
    about = planner.filters.get(policy.filter) if policy.filter else policy.about
    return _preview(alerts, policy, planner, _seen(alerts, policy.account, planner, about and about.matter, now), now, limit)


def previews(alerts: Alerts, policies: Sequence[Policy], account: str, now: int, limit: int = MOST) -> dict[str, Preview]:
    """The same of several policies of one account, by their ids: the windows are looked at once for all."""
    planner = alerts.planner()
    found = _seen(alerts, account, planner, None, now) if policies else []
    return {policy.id: _preview(alerts, policy, planner, found, now, limit) for policy in policies}


def _seen(
    alerts: Alerts, account: str | None, planner: Planner, matter: str | None, now: int
) -> list[tuple[dict[str, Any], Sight]]:
    """The windows that an account sees now, of one matter or of all."""
    groups = planner.audience.groups.get(account or "", frozenset())
    with alerts.log.seen_by(groups).reading() as rows:
        question = ask(now)
        asked = [row for row in reading.matters(rows) if matter in (None, row.slug)]
        there = [matter_at(alerts.log.seen_by(groups), rows, row, question, None, under="windows") for row in asked]
        return [(split(deadline(window))[0], sight) for window, sight in sightings(there)]


def _preview(
    alerts: Alerts, policy: Policy, planner: Planner, found: list[tuple[dict[str, Any], Sight]], now: int, limit: int
) -> Preview:  # fmt: skip
    about = planner.filters.get(policy.filter) if policy.filter else policy.about
    matched = [(shown, sight) for shown, sight in found if about is not None and matches_window(about, shown)]
    told, its = _told(alerts, policy.account, now), alerts.wishes.of(policy.account)
    snoozed, acknowledged = alerts.wishes.snoozed(policy.account or ""), alerts.wishes.acknowledged(policy.account or "")
    sends, passed = [], 0
    for shown, sight in matched:
        window = shown["matter"], shown["window"]
        asleep, is_acknowledged = snoozed.get(window), (*window, version_of(*sight.version)) in acknowledged
        for route in policy.routes:
            ahead = [step for step in route.ladder if not _has_passed(step, sight, now)]
            passed += len(route.ladder) - len(ahead)
            channel = planner.channels[route.channel]
            if is_acknowledged:
                continue
            fresh = [step for step in ahead if (channel.id, *window, *sight.version, step.name) not in told]
            sends += [_coming(shown, sight, step, route, channel, its, asleep, now) for step in fresh]
    sends.sort(key=lambda each: (each.at, each.reached, each.matter, each.window))
    return Preview(sends[:limit], max(0, len(sends) - limit), len(matched), passed)


def _told(alerts: Alerts, account: str | None, now: int) -> set[tuple[str, ...]]:
    """The steps that were raised lately: a step of today may have been."""
    mine, who = whose(account)
    rows = outbox.kept(alerts.store, f"{mine} AND made>? AND what='step'", *who, now - 2 * DAY)
    facts = ((row.item, row.item.facts) for row in rows)
    return {(its.channel, its.matter, its.window, told["due"], told["given_by"], told["step"]) for its, told in facts}


def _has_passed(step: Step, sight: Sight, now: int) -> bool:
    """Reached before now, and not today: it is history for whoever asks only now."""
    is_today = step.unit == "d" and step.day(sight.due) == sight.today
    return step.moment(sight.due, sight.ends, sight.time_zone) <= now and not is_today


def _coming(
    shown: dict[str, Any], sight: Sight, step: Step, route: Route, channel: Channel, its: Preferences, snoozed: int | None, now: int
) -> Coming:  # fmt: skip
    reached = step.moment(sight.due, sight.ends, sight.time_zone)
    at, held = _sent_at(max(reached, now), sight, route, channel, its, snoozed)
    left = (sight.due - day_in(reached, sight.time_zone)).days
    return Coming(
        at, reached, shown["matter"], shown["window"], sight.title, shown["due"], sight.due_is, step, channel, held, left,
        sight.time_zone,
    )  # fmt: skip


def _sent_at(
    raised: int, sight: Sight, route: Route, channel: Channel, its: Preferences, snoozed: int | None
) -> tuple[int, str | None]:  # fmt: skip
    """When it is sent, and why not at once; the page waits for nothing."""
    if channel.kind == PAGE:
        return raised, None
    at = ready_at(its, route.rhythm, raised, raised, sight.ends, snoozed)
    if at == raised:
        return at, None
    if snoozed and snoozed > raised and at == snoozed:
        return at, "snoozed"
    return at, f"{route.rhythm} digest" if ready_at(its, "at once", raised, raised, sight.ends, None) != at else "quiet hours"
