"""Counting: due dates a second for each rule set, against plain calendar days, by turns in one run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from rich import box
from rich.table import Table

from benchmarks.measuring import Times, by_turns
from benchmarks.report import duration, shown
from domain.deadlines import RULES, Period, count

TURNS, BATCH, SEED = 100, 50, 7
FIRST, KNOWN = date(2015, 1, 1), date(2026, 1, 1)
WHERE = {"frcp-6a": "US-MA", "eu-1182-71": "DE"}
"""With the holidays of a state and of a member, where the rule set asks for them."""
LIMITS = {
    "days": "many small steps, a third of them sentences",
    "business days": "the calendar, asked day by day",
    "hours": "many small steps, a third of them sentences",
}
"""By the profiler."""


@dataclass(frozen=True)
class Counting:
    """One rule set in one unit, and how long each count took."""

    rule: str
    unit: str
    periods: tuple[Period, ...]
    times: Times

    def run(self) -> None:
        """Count the whole batch."""
        for period in self.periods:
            count(period, KNOWN)


def plans() -> Iterator[Counting]:
    """Plain calendar days first; then every rule set in days, business days and hours as it knows them."""
    for rule in RULES.values():
        for unit in rule.units:
            if unit in LIMITS:
                yield Counting(rule.name, unit, tuple(_periods(rule.name, unit)), Times(BATCH))


def _periods(rule: str, unit: str) -> Iterator[Period]:
    random = Random(SEED)  # the same days and lengths for each
    for _ in range(BATCH):
        day, length = FIRST + timedelta(days=random.randrange(3650)), random.randint(1, 120)
        if unit == "hours":
            moment = datetime(day.year, day.month, day.day, random.randrange(24), tzinfo=UTC)
            yield Period(moment.isoformat(), length, unit, rule, jurisdiction=WHERE.get(rule), zone="Europe/Berlin")
        else:
            yield Period(day.isoformat(), length, unit, rule, jurisdiction=WHERE.get(rule))


def measure() -> list[Counting]:
    """Count each batch so many times, by turns, after once that fills the calendars."""
    found = list(plans())
    for each in found:
        each.run()
    for turn in range(TURNS):
        by_turns(turn, *((each.times, each.run) for each in found))
    return found


def table(measured: list[Counting]) -> Table:
    """One row a rule set and unit; a ratio is its time by that of plain calendar days."""
    made = Table(title="Counting to a due date, with its steps", box=box.SIMPLE, title_justify="left")
    for heading in ("rule set", "unit", "counts a second", "median", "p99 of batches", "ratio", "limited by"):
        made.add_column(heading, justify="left" if heading in ("rule set", "unit", "limited by") else "right", no_wrap=True)
    plain = measured[0].times.median
    for each in measured:
        once = each.times.median
        cells = (f"{1 / once:,.0f}", duration(once), duration(each.times.p99), shown(once / plain), LIMITS[each.unit])
        made.add_row(each.rule, each.unit, *cells)
    return made
