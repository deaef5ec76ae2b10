"""Alerting: one tick over ten thousand open windows that five people each want to hear of, when nothing is due and when something is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import structlog
from rich import box
from rich.table import Table

from alerts.book import Alerts
from alerts.channels import Senders
from alerts.channels.settings import Sending
from alerts.clock import tick
from alerts.model import PAGE
from benchmarks.measuring import Times, by_turns, seconds
from benchmarks.report import duration, shown
from domain.events import WindowOpened
from domain.instants import micros
from domain.matter import Matter
from service.log import Log
from service.people import People

WINDOWS, MATTERS, PEOPLE, DUE_AT_ONCE, TURNS = 10_000, 100, 5, 100, 30
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCE = {"publisher": "Gazette", "title": "A notice", "published": "2026-01-20"}
LADDER_OF_LAW = 30
"""The longest lead time of the usual ladder: windows due later than that have no step today."""


@dataclass
class Measured:
    """How long each kind of tick took, and how long an empty transaction of the same store did beside the tick with nothing due."""

    idle: Times = field(default_factory=Times)
    bare: Times = field(default_factory=Times)
    due: Times = field(default_factory=lambda: Times(DUE_AT_ONCE))
    asked: Times = field(default_factory=Times)
    first: Times = field(default_factory=Times)
    raised: int = 0


class Corpus:
    """A store with open windows, the nearest due in more than thirty days but for those that are wanted due."""

    def __init__(self, directory: Path) -> None:
        self.now = micros(START)
        self.log = Log(str(directory / "alerting.sqlite"), self.clock)
        self.alerts = Alerts(self.log, self.clock, Senders(Sending()), "http://127.0.0.1:8000")
        for n in range(MATTERS):
            self.log.save_matter(self._matter(n))
        people = People(self.log.recorder, self.clock)
        self.people = [people.accounts.add(f"person-{n}", "editor", "shell").id for n in range(PEOPLE)]
        for account in self.people:
            self.keep(account, "all")

    def clock(self) -> int:
        """The time that it is here."""
        return self.now

    def _matter(self, number: int) -> Matter:
        slug = f"m-{number}"
        matter = Matter.open(
            slug=slug, title=slug, summary="Made for measuring.", time_zone="America/New_York", jurisdiction="US", actor="bench"
        )
        for n in range(WINDOWS // MATTERS):
            matter.record(
                WindowOpened, key=f"w-{n}", actor="bench", occurred="2026-01-20", announced="2026-01-20", sources=[SOURCE],
                window=f"w-{n}", title=f"Comments on rule {n}", purpose="comments", due=self._due(number, n).isoformat(),
            )  # fmt: skip
        return matter

    def _due(self, matter: int, n: int) -> date:
        """One window of each matter reaches its longest lead time tomorrow; the others later."""
        return START.date() + timedelta(LADDER_OF_LAW + 1 + (0 if n == 0 else 2 + (matter + n) % 200))

    def keep(self, account: str, name: str) -> None:
        """A policy of somebody's for all windows, on the page, which needs no receiver."""
        page = next(way for way in self.alerts.ways.of(account) if way.kind == PAGE)
        raw = {"name": name, "changes": ["moved"], "routes": [{"channel": page.id}]}
        self.alerts.policies.keep(self.alerts.policies.read(raw, account, self.now), account)

    def tick(self) -> int:
        """One tick; how many alerts it raised."""
        self.now += 60_000_000
        return len(tick(self.alerts, self.now))

    def bare(self) -> None:
        """A transaction that writes one row, which is the least that a tick does."""
        with self.log.recorder.writing() as c:
            c.execute("INSERT INTO clock VALUES ('bench', 0, NULL) ON CONFLICT (name) DO UPDATE SET value=value+1")


def measure(directory: Path) -> Measured:
    """Make the corpus, then tick: for the first time ever, with nothing due, after a policy was kept, with a hundred steps due at once."""
    found = Measured()
    with _silent():
        corpus = Corpus(directory)
        found.first.seconds.append(seconds(corpus.tick))
        for turn in range(TURNS):
            by_turns(turn, (found.idle, corpus.tick), (found.bare, corpus.bare))
        corpus.keep(corpus.people[0], "another")
        found.asked.seconds.append(seconds(corpus.tick))
        corpus.now = micros(START) + 24 * 3_600_000_000
        found.due.seconds.append(seconds(lambda: setattr(found, "raised", corpus.tick())))
        corpus.log.close()
    return found


@contextmanager
def _silent() -> Iterator[None]:
    """Each alert is logged; that is not measured."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50), cache_logger_on_first_use=False)
    yield
    structlog.configure(**before)


def table(its: Measured) -> Table:
    """One row a kind of tick."""
    title = f"One tick of the clock over {WINDOWS:,} open windows in {MATTERS} matters, {PEOPLE} people for each"
    made = Table(title=title, box=box.SIMPLE, title_justify="left")
    for heading in ("tick", "takes", "p99", "for each", "limited by"):
        made.add_column(heading, justify="left" if heading in ("tick", "limited by") else "right", no_wrap=True)
    ratio = f"{shown(its.idle.median / its.bare.median)} bare commits"
    worst = duration(its.idle.worst) + "*"
    made.add_row("nothing is due", duration(its.idle.median), worst, ratio, "the commit")
    due = sum(its.due.seconds)
    each = f"{duration(due / its.raised)} an alert ({its.raised})"
    made.add_row(f"{DUE_AT_ONCE} windows reach a step", duration(due), "once", each, "windows read one by one")
    limits = "windows read one by one", "the titles in what each new entry is called"
    for name, times, limit in (("after a policy was changed", its.asked, limits[0]), ("the first ever", its.first, limits[1])):
        once = sum(times.seconds)
        made.add_row(name, duration(once), "once", f"{duration(once / WINDOWS)} a window", limit)
    return made
