"""The run: each size of log, once as one matter and once as many, measured in every way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.laboratory import Appends, Laboratory, now
from benchmarks.measuring import Times, seconds
from benchmarks.rebuilding import Rebuilt, rebuilding
from benchmarks.resolving import Resolved, resolving
from importers.entries import Command
from service.recording import record

BATCH, SMALL, SINGLES, LOADS = 1000, 100, 200, 20
Tell = Callable[[str], None]
"""Tells the user what is being done."""


@dataclass(frozen=True)
class Plan:
    """How one corpus is made and how often each thing is measured: fewer times where once takes long."""

    name: str
    matters: int
    each: int
    points: int
    replays: int
    rebuilds: int
    copies: int = 1

    @property
    def batch(self) -> int:
        """How many events are saved at once."""
        return min(BATCH, self.each)


@dataclass(frozen=True)
class Measured:
    """All that was measured of one corpus; sizes are in bytes an event, `loaded` is an append that loads its matter first."""

    plan: Plan
    resolved: Resolved
    rebuilt: Rebuilt
    batches: Appends
    singles: Appends
    loaded: Times
    ours: float
    theirs: float


def plans(events: int) -> Iterator[Plan]:
    """One matter of so many events; and from ten thousand on, the same number in matters of a hundred."""
    if events < 10_000:
        yield Plan(f"one matter of {events:,}", 1, events, points=100, replays=100, rebuilds=9, copies=5)
        return
    yield Plan(f"{events // SMALL:,} matters of {SMALL}", events // SMALL, SMALL, points=200, replays=200, rebuilds=1)
    yield Plan(f"one matter of {events:,}", 1, events, points=8, replays=1, rebuilds=0)


def measure(plan: Plan, directory: Path, tell: Tell) -> Measured:
    """Make the corpus, measuring the appends, then the rest on it; single appends come last, since they add to it."""
    batches, singles, loaded = Appends.of(plan.batch), Appends.of(1), Times()
    for copy in range(plan.copies):
        tell(f"{plan.name}: recording")
        lab = Laboratory(directory / f"{plan.matters}-{plan.each}-{copy}")
        slugs = [f"m-{n}" for n in range(plan.matters)]
        for slug in slugs:
            lab.tell(slug, plan.each, plan.batch, batches)
        if copy < plan.copies - 1:
            lab.close()
    ours, theirs = (size / lab.log.size() for size in lab.sizes())
    tell(f"{plan.name}: resolving")
    resolved = resolving(lab, slugs, plan.points, plan.replays)
    tell(f"{plan.name}: rebuilding")
    rebuilt = rebuilding(lab, plan.rebuilds)
    tell(f"{plan.name}: appending one at a time")
    for turn in range(SINGLES):
        lab.append(1, singles, turn)
    for _ in range(min(plan.replays, LOADS)):
        loaded.seconds.append(_append_loaded(lab))
    lab.close()
    return Measured(plan, resolved, rebuilt, batches, singles, loaded, ours, theirs)


def _append_loaded(lab: Laboratory) -> float:
    """Seconds that the service takes to record one entry: it loads the matter, as every request does."""
    kind, values = next(lab.last.drafts)
    actor = values.pop("actor")
    return seconds(lambda: record(lab.log, lab.last.matter.slug, Command(kind, values), actor, now()))
