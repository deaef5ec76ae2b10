"""The watch over one window: which steps of its ladder were told or passed, so that each is told once."""

from dataclasses import dataclass
from datetime import date

from eventsourcing.domain import BaseAggregate
from eventsourcing.utils import register_topic

from domain.events import AlertRaised, DueDateSeen, StepsPassed, WatchBegun
from domain.ladder import MOVED, STEPS, alert_id, reached, step_day


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
        self.turns = 0
        self.done: dict[tuple[str, str], set[str]] = {}

    def see(self, title: str, due: date, due_is: str, given_by: str, today: date) -> None:
        """See the window's due date, and the entry that gave it, on a day of its zone.

        The first sight of a due date marks the steps of earlier days as passed; a change from one that was watched raises
        `moved`. Of several steps reached since the last sight only the nearest is raised, the others have passed.
        """
        sight = _Sight(title, due, due_is, given_by, today)
        if self.due != sight.version:
            self._see_new(sight)
        *passed, nearest = [step for step in reached(due, today) if str(step) not in self.done[sight.version]] or [None]
        if nearest is not None and due < today:
            self._pass(sight, [*passed, nearest])
        elif nearest is not None:
            self._pass(sight, passed)
            self._raise(sight, str(nearest))

    def _see_new(self, sight: "_Sight") -> None:
        former = self.due[0] if self.due else None
        due, given_by = sight.version
        self.trigger_event(DueDateSeen, due=due, given_by=given_by, on=sight.today.isoformat())
        done = self.done[sight.version]
        self._pass(sight, [step for step in STEPS if step_day(sight.due, step) < sight.today and str(step) not in done])
        if former not in (None, due):
            self._raise(sight, MOVED, former)

    def _raise(self, sight: "_Sight", step: str, former: str | None = None) -> None:
        self.trigger_event(
            AlertRaised,
            alert=alert_id(self.matter, self.window, *sight.version, f"{step} {self.turns}" if former else step),
            step=step,
            days_left=(sight.due - sight.today).days,
            due_is=sight.due_is,
            former_due=former,
            **self._common(sight),
        )

    def _pass(self, sight: "_Sight", steps: list[int]) -> None:
        if steps:
            self.trigger_event(StepsPassed, steps=[str(step) for step in steps], **self._common(sight))

    def _common(self, sight: "_Sight") -> dict[str, str]:
        return {
            "matter": self.matter,
            "window": self.window,
            "title": sight.title,
            "due": sight.due.isoformat(),
            "given_by": sight.given_by,
            "on": sight.today.isoformat(),
        }

    def note_seen(self, event: DueDateSeen) -> None:
        """Take in a due date that is watched from now on."""
        self.due = (event.due, event.given_by)
        self.turns += 1
        self.done.setdefault(self.due, set())

    def note_done(self, event: AlertRaised | StepsPassed, steps: list[str]) -> None:
        """Take in steps that were told or passed."""
        self.done[event.due, event.given_by].update(steps)


@dataclass(frozen=True)
class _Sight:
    """A due date as it was seen on a day."""

    title: str
    due: date
    due_is: str
    given_by: str
    today: date

    @property
    def version(self) -> tuple[str, str]:
        return self.due.isoformat(), self.given_by


register_topic(Watch.TOPIC, Watch)
