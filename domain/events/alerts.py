"""What the clock told, or found passed: events of a stream of their own, one stream a window."""

from eventsourcing.domain import CanInitAggregate

from domain.events.base import Event, event
from domain.values import Day, DueIs, Slug, Text


@event
class AlertRaised(Event):
    """An alert was raised: a step of the ladder was reached (`30` to `0` days), or the due date `moved`."""

    alert: str
    matter: Slug
    window: Slug
    title: Text
    step: str
    due: Day
    due_is: DueIs
    days_left: int
    on: Day
    former_due: Day | None = None
    given_by: str

    def apply(self, aggregate: object) -> None:
        """Tell the watch."""
        aggregate.note_done(self, [self.step])


@event
class DueDateSeen(Event):
    """The clock saw this due date, given by this entry, for the first time."""

    due: Day
    given_by: str
    on: Day

    def apply(self, aggregate: object) -> None:
        """Tell the watch."""
        aggregate.note_seen(self)


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
