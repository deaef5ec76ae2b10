"""What the clock told, or found passed: events of streams of their own, one stream a window, and one for each entry that was told of."""

from eventsourcing.domain import CanInitAggregate

from domain.events.base import Event, event
from domain.values import Day, DueIs, Slug, Text


@event
class AlertRaised(Event):
    """An alert was raised: a step of a ladder was reached (`30` to `0` days, `12h`), steps had `passed` while no clock ran, or something changed.

    What changed is the `step`: the due date `moved`, the window was `closed` (its `status` now), a stated and a counted date are in
    `conflict`, an entry was `amended` or is `new`. `person` and `channel` are opaque ids; without them it is the daybook's own ladder.
    """

    alert: str
    matter: Slug
    window: Slug | None = None
    title: Text
    step: str
    due: Day | None = None
    due_is: DueIs | None = None
    days_left: int | None = None
    on: Day
    former_due: Day | None = None
    given_by: str | None = None
    person: str | None = None
    channel: str | None = None
    passed: list[str] | None = None
    status: str | None = None
    former_status: str | None = None
    stated: str | None = None
    computed: str | None = None
    entry: Slug | None = None
    kind: str | None = None
    of: list[Slug] | None = None

    def apply(self, aggregate: object) -> None:
        """Tell the watch."""
        aggregate.note_done(self, [self.step, *(self.passed or ())])


@event
class ConflictSeen(Event):
    """The clock saw that a stated and a counted date disagree; with null for both, that they do no longer."""

    stated: str | None
    computed: str | None
    on: Day

    def apply(self, aggregate: object) -> None:
        """Tell the watch."""
        aggregate.note_conflict((self.stated, self.computed) if self.stated else None)


@event
class DueDateSeen(Event):
    """The clock saw this due date, given by this entry, for the first time; `at` is the instant."""

    due: Day
    given_by: str
    on: Day
    at: int | None = None

    def apply(self, aggregate: object) -> None:
        """Tell the watch."""
        aggregate.note_seen(self)


@event
class NewsBegun(CanInitAggregate[str], Event):
    """The clock began to tell of an entry at a position of the log."""

    originator_topic: str
    matter: Slug
    entry: Slug
    position: int


@event
class StatusSeen(Event):
    """The clock saw that a window it watches was closed or suspended, or runs again."""

    status: str
    on: Day

    def apply(self, aggregate: object) -> None:
        """Tell the watch."""
        aggregate.note_status(self.status)


@event
class StepsPassed(Event):
    """These steps had passed before the clock first saw the due date, or while it was away, and are never sent."""

    matter: Slug
    window: Slug
    title: Text
    due: Day
    steps: list[str]
    given_by: str
    on: Day

    def apply(self, aggregate: object) -> None:
        """Tell the watch."""
        aggregate.note_done(self, self.steps)


@event
class WatchBegun(CanInitAggregate[str], Event):
    """The clock began to watch a window."""

    originator_topic: str
    matter: Slug
    window: Slug
