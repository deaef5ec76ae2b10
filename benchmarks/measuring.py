"""Timing by turns: what is compared is measured alternately, in one process and one run, so that drift cancels."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter

Task = Callable[[], object]


@dataclass
class Times:
    """Seconds that one thing took, each time; `per` is how many events that was, and all results are for one of them."""

    per: int = 1
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median."""
        return median(self.seconds) / self.per

    @property
    def p99(self) -> float | None:
        """The 99th percentile; None below a hundred samples, which do not have one."""
        return quantiles(self.seconds, n=100)[98] / self.per if len(self.seconds) >= 100 else None

    @property
    def worst(self) -> float:
        """The longest."""
        return max(self.seconds) / self.per


def seconds(task: Task) -> float:
    """How long it takes, once."""
    start = perf_counter()
    task()
    return perf_counter() - start


def by_turns(turn: int, *pairs: tuple[Times, Task]) -> None:
    """Run each task once and keep how long it took, starting with another one each turn."""
    first = turn % len(pairs)
    for times, task in pairs[first:] + pairs[:first]:
        times.seconds.append(seconds(task))
