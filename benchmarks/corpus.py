"""A made-up matter of any length: what kinds of entries it gets, how often, and how they hang together. Same seed, same matter."""

from collections import deque
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from benchmarks import figures, law, reports, windows
from benchmarks.calendar import Calendar
from benchmarks.words import sentence, sources
from domain.events import Entry
from domain.matter import Matter

Draft = tuple[type[Entry], dict[str, Any]]
"""A kind and what is particular to the entry; the envelope is filled in below."""
Writer = Callable[["Story"], Draft | None]
"""Drafts the next entry, or None when there is nothing to say of that sort now."""

WRITERS: tuple[tuple[int, Writer], ...] = (
    (30, windows.next_step),
    (18, figures.budget),
    (12, figures.usage),
    (5, figures.share),
    (3, law.order),
    (1, law.revocation),
    (5, law.ruling),
    (4, law.service),
    (7, law.export_rule),
    (6, reports.development),
    (4, reports.denial),
    (2, reports.confirmation),
    (2, reports.correction),
    (1, reports.retraction),
)
"""How often each sort of entry comes, in hundredths."""


class Story:
    """What the writers remember of a matter, so that each entry fits those before it."""

    def __init__(self, events: int, seed: int | str) -> None:
        self.random = Random(seed)
        self.calendar = Calendar(events, self.random)
        self.numbers: dict[str, int] = {}
        self.recent: deque[tuple[type[Entry], str, dict[str, Any]]] = deque(maxlen=60)
        self.orders: deque[int] = deque(maxlen=20)
        self.lines: dict[str, list[str]] = {}
        self.window: str | None = None
        self.superseded: str | None = None
        self.suspended = False

    def number(self, name: str) -> int:
        """The next number in a series, from 1."""
        self.numbers[name] = self.numbers.get(name, 0) + 1
        return self.numbers[name]

    def entries(self) -> Iterator[Draft]:
        """Entries without end, each as the kind and values of `Matter.record`."""
        for draft in law.beginnings(self):
            yield self._enveloped(*draft)
        writers = [writer for _, writer in WRITERS]
        weights = [weight for weight, _ in WRITERS]
        while True:
            draft = self.random.choices(writers, weights)[0](self)
            if draft is not None:
                yield self._enveloped(*draft)

    def _enveloped(self, kind: type[Entry], details: dict[str, Any]) -> Draft:
        today = self.calendar.today.isoformat()
        key = f"{kind.__name__.lower()}-{self.number(kind.__name__)}"
        envelope = {"key": key, "actor": "bench", "summary": sentence(self.random, 18), "sources": sources(self.random, today)}
        dates = {} if "occurred" in details else self.calendar.occurred()
        values = envelope | dates | {"announced": today} | details
        reports.remember(self, kind, values)
        self.calendar.next()
        return kind, values


def opened(slug: str) -> Matter:
    """A new matter with nothing in it, not yet saved."""
    return Matter.open(
        slug=slug,
        title=f"Made-up matter {slug}",
        summary="Made for measuring.",
        time_zone="America/New_York",
        jurisdiction="US",
        actor="bench",
    )
