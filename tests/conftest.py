"""What the tests share: cases for rules, a daybook in a real file, the bundled matters loaded once."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.book import Alerts
from alerts.channels import Senders
from alerts.channels.settings import Sending
from domain.errors import Refused
from domain.instants import micros
from domain.matter import Matter
from importers.entries import read_entry
from projections.read_model.schema import DERIVED
from service.daybook import Daybook
from service.log import Log
from service.recording import record

MATTERS = Path(__file__).resolve().parent.parent / "matters"
NOW = micros(datetime(2026, 11, 24, 12, tzinfo=UTC))
SOURCE = {"publisher": "Gazette", "title": "A notice", "published": "2025-01-20"}


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def set(self, *when: int) -> None:
        """Set to a moment in UTC: year, month, day, hour, …"""
        self.now = micros(datetime(*when, tzinfo=UTC))


class Case:
    """`given(entries).when(kind, …).then(kind, …)`, or `.then_refused(error, field)`."""

    def __init__(self, *entries: tuple[type, dict]) -> None:
        self.matter = Matter.open(
            slug="m", title="M", summary="A matter.", time_zone="America/New_York", jurisdiction="US", actor="opener"
        )
        for kind, values in entries:
            self._record(kind, values)
        self.matter.collect_events()
        self.stored = self.error = None

    def _record(self, kind: type, values: dict):
        name = re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()
        plain = {"key": name, "actor": "tester", "occurred": "2025-01-20", "sources": [SOURCE]}
        return self.matter.record(kind, **plain | values)

    def when(self, kind: type, **values) -> "Case":
        try:
            self.stored, self.error = self._record(kind, values), None
        except Refused as error:
            self.stored, self.error = None, error
        return self

    def then(self, kind: type, **expected) -> "Case":
        assert self.error is None, f"refused: {self.error!r}"
        assert [type(event) for event in self.matter.pending_events] == [kind]
        (event,) = self.matter.collect_events()
        assert {name: getattr(event, name) for name in expected} == expected
        return self

    def then_nothing_new(self) -> "Case":
        assert self.error is None, f"refused: {self.error!r}"
        assert list(self.matter.pending_events) == []
        return self

    def then_refused(self, error: type, field: str) -> "Case":
        assert type(self.error) is error, f"{self.error!r}"
        assert self.error.field == field
        assert len(self.error.detail) > 20
        assert list(self.matter.pending_events) == []
        return self


@pytest.fixture
def given():
    """Begin a case: a matter with these entries, each as (kind, values)."""
    return lambda *entries: Case(*entries)


class Recorder:
    """A daybook whose clock can be set, with short words for what tests do to it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        self.daybook = Daybook(Log(str(path), clock), clock)
        self.log = self.daybook.log
        self.alerts = Alerts(self.log, clock, Senders(Sending()), "http://127.0.0.1:8000")

    def again(self) -> "Recorder":
        """The same file, opened anew as another process would."""
        return Recorder(self.path, self.clock)

    def load_bundled(self) -> list:
        return [self.daybook.load(path) for path in sorted(MATTERS.glob("*.yaml"))]

    def open(self, slug: str, time_zone: str = "America/New_York", jurisdiction: str = "US", group: str | None = None) -> None:
        """A matter without entries."""
        where = {"time_zone": time_zone, "jurisdiction": jurisdiction, "group": group}
        matter = Matter.open(slug=slug, title=slug, summary="A matter.", actor="tester", **where)
        self.log.save_matter(matter)

    def record(self, matter: str, kind: str, key: str, actor: str = "tester", **raw):
        """Record one entry as it would be posted; raises what the service raises."""
        raw = {"kind": kind, "key": key, "sources": [SOURCE]} | raw
        return record(self.log, matter, read_entry(raw), actor, self.clock())

    def state(self, view: str, as_of: str | None = None, known_on: str | None = None, recorded_at: str | None = None, **kw):
        return self.daybook.view(view, self.daybook.ask(as_of, known_on, recorded_at), **kw).state

    def diff(self, view: str, before: str, after: str, **kw) -> list[dict]:
        return self.daybook.diff(view, self.daybook.ask(before), self.daybook.ask(after), **kw)["changes"]

    def why(self, view: str, field: str, *when: str, **kw) -> dict:
        return self.daybook.why(view, field, self.daybook.ask(*when), **kw)

    def tables(self) -> dict[str, list[tuple]]:
        """Every row of every derived table, in order."""
        with closing(sqlite3.connect(self.path)) as connection:
            return {name: sorted(map(repr, connection.execute(f"SELECT * FROM {name}"))) for name in DERIVED}

    def rows(self, sql: str) -> list[tuple]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
def book(tmp_path):
    """An empty daybook in a real file."""
    recorder = Recorder(tmp_path / "daybook.sqlite", Clock())
    yield recorder
    recorder.log.close()


@pytest.fixture(scope="session")
def bundled(tmp_path_factory):
    """The bundled matters in a real file, loaded once: for reading only."""
    recorder = Recorder(tmp_path_factory.mktemp("bundled") / "daybook.sqlite", Clock())
    recorder.load_bundled()
    yield recorder
    recorder.log.close()


@pytest.fixture
def own_bundled(bundled, tmp_path):
    """A copy of the bundled matters that a test may write to."""
    path = tmp_path / "daybook.sqlite"
    with closing(sqlite3.connect(bundled.path)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
    recorder = Recorder(path, Clock())
    yield recorder
    recorder.log.close()


@pytest.fixture
def matter_file(tmp_path):
    """Write a matter's YAML file: the usual header (unless `header` is given) and these events."""

    def write(events: str = "events: []\n", header: str | None = None, name: str = "matter.yaml") -> Path:
        usual = "matter:\n  slug: m\n  title: M\n  summary: A matter.\n  time_zone: UTC\n  jurisdiction: US\n"
        path = tmp_path / name
        path.write_text((usual if header is None else header) + events, encoding="utf-8")
        return path

    return write
