"""The watch over one window: which steps were told to whom, or passed, so that each is told once; and the news of one entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from eventsourcing.domain import BaseAggregate
from eventsourcing.utils import register_topic

from domain.events import AlertRaised, ConflictSeen, DueDateSeen, NewsBegun, StatusSeen, StepsPassed, WatchBegun
from domain.instants import DAWN, day_in, start_of
from domain.ladder import LADDER, MOVED, Step, alert_id

OPEN = "open"
SPOKEN_OF = ("suspended", "superseded", "met", "withdrawn")
"""Statuses that are told when a window comes into them; and so is leaving the first."""
LAPSED = "lapsed"
"""The status of a window whose time is over: what passed of a watched one while no clock ran is still summed up."""
PASSED = "passed"
"""The step of an alert that sums up steps which nobody could tell in time."""


@dataclass(frozen=True)
class Plan:
    """What one channel of one person wants to hear of a window: each step and each change, with the instant from which it counts.

    A step that was reached before that instant is history. Without a channel it is the daybook's own.
    """

    channel: str | None
    person: str | None
    steps: Mapping[Step, int]
    changes: Mapping[str, int]

    @property
    def key(self) -> str:
        """What its steps are kept under."""
        return self.channel or ""

    @property
    def named(self) -> dict[str, str]:
        """Whom an alert is for."""
        return {"person": self.person, "channel": self.channel} if self.channel else {}


HOUSE = Plan(None, None, dict.fromkeys(LADDER, DAWN), {MOVED: DAWN})
"""The daybook's own ladder, for its page and feeds."""


@dataclass(frozen=True)
class Sight:
    """A window as it was seen: `ends` is the first instant at which it may be over, `conflict` the stated and the counted date.

    `given_at` is the position of the log at which what gives its date was recorded. `is_news`: what gives its date became known lately; else a conflict in what is seen first is history.
    """

    title: str
    due: date
    due_is: str
    given_by: str
    today: date
    ends: int
    time_zone: str
    status: str = OPEN
    conflict: tuple[str, str] | None = None
    given_at: int = 0
    is_news: bool = True
    runs: bool = True

    @property
    def version(self) -> tuple[str, str]:
        """The due date and the entry that gave it."""
        return self.due.isoformat(), self.given_by

    def is_over(self, now: int) -> bool:
        """Too late to tell of it; an effect day is told all through it, though it is over from its start."""
        return self.due < self.today or (self.ends <= now and self.due_is == "last day")

    @property
    def spoken_status(self) -> str:
        """The status, where it is one that is told; else `open`."""
        return self.status if self.status in SPOKEN_OF else OPEN


class Watch(BaseAggregate[str]):
    """One window's alerts. Optimistic concurrency on its stream makes two clocks tell each step once."""

    TOPIC = "Watch"

    @staticmethod
    def create_id(matter: str, window: str) -> str:
        """The stream of the alerts of a window."""
        return f"alerts:{matter}.{window}"

    @classmethod
    def begin(cls, matter: str, window: str) -> "Watch":
        """Begin to watch a window."""
        return cls._create(event_class=WatchBegun, matter=matter, window=window)

    def __init__(self, matter: str, window: str) -> None:
        self.matter = matter
        self.window = window
        self.due: tuple[str, str] | None = None
        self.seen: dict[tuple[str, str], DueDateSeen] = {}
        self.turns = 0  # how often what it saw changed: ids of changes are made with it, so it must follow from the events alone
        self.status = OPEN
        self.conflict: tuple[str, str] | None = None
        self.done: dict[tuple[str, str, str], set[str]] = {}

    def see(self, sight: Sight, now: int, plans: Sequence[Plan] = (HOUSE,)) -> None:
        """See the window at an instant, for all who want to hear of it.

        The first sight of a due date makes history of the steps of earlier days; a change from one that was watched is told. Of several
        steps reached since the last sight only the nearest is told, with the others that passed; after the end, that they passed.
        """
        first = self.due is None
        self._see_status(sight, plans, first)
        self._see_conflict(sight, plans, first)
        if not sight.runs and (first or sight.status != LAPSED):
            return
        if self.due != sight.version:
            self._see_due(sight, plans, now)
        for plan in plans:
            self._climb(sight, plan, now)

    def _see_status(self, sight: Sight, plans: Sequence[Plan], first: bool) -> None:
        former, status = self.status, sight.spoken_status
        if status == former:
            return
        self.trigger_event(StatusSeen, status=status, on=sight.today.isoformat())
        if not first:
            self._tell_change("closed", sight, plans, status, status=status, former_status=former)

    def _see_conflict(self, sight: Sight, plans: Sequence[Plan], first: bool) -> None:
        if sight.conflict == self.conflict or not sight.runs:
            return
        stated, computed = sight.conflict or (None, None)
        self.trigger_event(ConflictSeen, stated=stated, computed=computed, on=sight.today.isoformat())
        if sight.conflict and (sight.is_news or not first):
            self._tell_change("conflict", sight, plans, f"{stated} {computed}", stated=stated, computed=computed)

    def _see_due(self, sight: Sight, plans: Sequence[Plan], now: int) -> None:
        former = self.due[0] if self.due else None
        due, given_by = sight.version
        self.trigger_event(DueDateSeen, due=due, given_by=given_by, on=sight.today.isoformat(), at=now)
        if former not in (None, due):
            self._tell_change(MOVED, sight, plans, former_due=former)

    def _tell_change(self, change: str, sight: Sight, plans: Sequence[Plan], told: str = "", **facts: Any) -> None:
        for plan in plans:
            if change in plan.changes:
                self._raise(sight, plan, change, f"{change} {told} {self.turns}" if told else f"{change} {self.turns}", **facts)

    def _climb(self, sight: Sight, plan: Plan, now: int) -> None:
        """Tell the nearest of the steps that were reached and not told; what is history is passed over."""
        done = self.done.get((*sight.version, plan.key), set())
        reached = [(at, step) for step, at in self._moments(sight, plan) if at <= now and step.name not in done]
        fresh = [step for at, step in sorted(reached, key=lambda each: each[0]) if not self._is_history(sight, plan, step, at)]
        old = [step for _, step in reached if step not in fresh]
        if plan is HOUSE and old:
            self._pass(sight, old)
        if not fresh:
            return
        if sight.is_over(now):
            self._sum_up(sight, plan, fresh)
        elif plan is HOUSE:
            self._pass(sight, fresh[:-1])
            self._raise(sight, plan, fresh[-1].name, fresh[-1].name)
        else:
            self._raise(sight, plan, fresh[-1].name, fresh[-1].name, passed=[step.name for step in fresh[:-1]])

    def _sum_up(self, sight: Sight, plan: Plan, steps: list[Step]) -> None:
        if plan is HOUSE:
            self._pass(sight, steps)
        else:
            names = [step.name for step in steps]
            self._raise(sight, plan, PASSED, f"{PASSED} {' '.join(names)}", passed=names)

    def _moments(self, sight: Sight, plan: Plan) -> list[tuple[Step, int]]:
        return [(step, step.moment(sight.due, sight.ends, sight.time_zone)) for step in plan.steps]

    def _is_history(self, sight: Sight, plan: Plan, step: Step, at: int) -> bool:
        """Reached before the due date was first seen, or before the plan counted: on an earlier day; for hours, at an earlier instant."""
        seen = self.seen[sight.version]
        if step.unit == "h":
            seen_at = seen.at if seen.at is not None else start_of(date.fromisoformat(seen.on), sight.time_zone)
            return at < max(seen_at, plan.steps[step])
        since = day_in(plan.steps[step], sight.time_zone) if plan.steps[step] > DAWN else date.min
        return step.day(sight.due) < max(date.fromisoformat(seen.on), since)

    def _raise(self, sight: Sight, plan: Plan, step: str, id_of: str, **facts: Any) -> None:
        due, given_by = sight.version
        parts = (self.matter, self.window, due, given_by, id_of, *plan.named.values())
        self.trigger_event(
            AlertRaised,
            alert=alert_id(*parts),
            step=step,
            days_left=(sight.due - sight.today).days,
            due_is=sight.due_is,
            **{name: value for name, value in facts.items() if value},
            **plan.named,
            **self._common(sight),
        )

    def _pass(self, sight: Sight, steps: list[Step]) -> None:
        if steps:
            self.trigger_event(StepsPassed, steps=[step.name for step in steps], **self._common(sight))

    def _common(self, sight: Sight) -> dict[str, str]:
        due, given_by = sight.version
        return {
            "matter": self.matter, "window": self.window, "title": sight.title, "due": due, "given_by": given_by, "on": sight.today.isoformat()
        }  # fmt: skip

    def note_seen(self, event: DueDateSeen) -> None:
        """Take in a due date that is watched from now on."""
        self.due = (event.due, event.given_by)
        self.seen.setdefault(self.due, event)
        self.turns += 1

    def note_status(self, status: str) -> None:
        """Take in that it was closed or suspended, or runs again."""
        self.status = status
        self.turns += 1

    def note_conflict(self, conflict: tuple[str, str] | None) -> None:
        """Take in the stated and the counted date that disagree, or that none do."""
        self.conflict = conflict
        self.turns += 1

    def note_done(self, event: AlertRaised | StepsPassed, steps: list[str]) -> None:
        """Take in steps that were told or passed."""
        key = (event.due, event.given_by, getattr(event, "channel", None) or "")
        self.done.setdefault(key, set()).update(steps)


@dataclass(frozen=True)
class Told:
    """What happened to an entry, to be told: `change` is amended or new; `title` what the entry is called, `window` the one that it is about."""

    change: str
    matter: str
    entry: str
    position: int
    kind: str
    title: str
    on: date
    of: tuple[str, ...] = ()
    window: str | None = None


class News(BaseAggregate[str]):
    """What was told of one entry, at the position where it was recorded. That its stream is begun once makes two clocks tell it once."""

    TOPIC = "News"

    @staticmethod
    def create_id(matter: str, entry: str, position: int) -> str:
        """The stream of what was told of an entry."""
        return f"news:{position}"

    @classmethod
    def begin(cls, told: Told) -> "News":
        """Begin to tell of an entry."""
        return cls._create(event_class=NewsBegun, matter=told.matter, entry=told.entry, position=told.position)

    def __init__(self, matter: str, entry: str, position: int) -> None:
        self.matter = matter
        self.entry = entry
        self.position = position

    def tell(self, told: Told, plans: Sequence[Plan]) -> None:
        """Tell everybody who wants to hear of it."""
        for plan in plans:
            parts = (told.matter, told.entry, str(told.position), told.change, *plan.named.values())
            self.trigger_event(
                AlertRaised, alert=alert_id(*parts), matter=told.matter, window=told.window, title=told.title, step=told.change, on=told.on.isoformat(),
                entry=told.entry, kind=told.kind, of=list(told.of) or None, **plan.named,
            )  # fmt: skip

    def note_done(self, event: AlertRaised, steps: list[str]) -> None:
        """Nothing follows from it here."""


register_topic(Watch.TOPIC, Watch)
register_topic(News.TOPIC, News)
