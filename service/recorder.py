"""The event store's SQLite recorder: the ledger and the read model are written in the append's own transaction."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Semaphore
from typing import Any

from eventsourcing.persistence import IntegrityError, PersistenceError, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteFactory
from eventsourcing.utils import Environment

from projections.read_model.reading import Rows
from projections.read_model.schema import DERIVED, TABLES, VERSION
from service import idempotency
from service.alert_tables import ALERT_TABLES
from service.people.schema import PEOPLE_TABLES

LONGEST_WAIT = 30
"""Seconds that a writer waits for another, in this process or beside it, before he is told that the store is away."""
CONFLICTS = (IntegrityError, sqlite3.IntegrityError)
"""What a store raises that is there and holds something else already."""
STORE_ERRORS = (PersistenceError, sqlite3.Error)
"""What a store that is away, locked or broken raises; the library lets some of SQLite's own through."""

Project = Callable[[Any, Sequence[int]], None]
"""Writes the read model's rows for the events just inserted, given the cursor and their positions."""

_THERE = {
    "stored_events": "originator_id=NEW.originator_id AND originator_version=NEW.originator_version",
    "ledger": "position=NEW.position OR (stream=NEW.stream AND version=NEW.version)",
}
_APPEND_ONLY = [
    f"""CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"""
    for table in _THERE
    for verb in ("update", "delete")
] + [
    f"""CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE {there})
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"""
    for table, there in _THERE.items()
]
"""Nothing in the log is updated, deleted or replaced; SQLite calls no delete trigger for REPLACE."""


class DaybookRecorder(SQLiteApplicationRecorder):
    """Gives each event a dense position and a recorded instant under the write lock, then calls `project`."""

    clock: Callable[[], int]
    _trials = Semaphore(1)
    """One trial at a time in a process, so that writers wait for one at most."""

    def construct_create_table_statements(self) -> list[str]:
        """The library's table and ours; nothing in the log can be updated or deleted."""
        return [
            *super().construct_create_table_statements(),
            *TABLES,
            *_APPEND_ONLY,
            *idempotency.TABLES,
            *PEOPLE_TABLES,
            *ALERT_TABLES,
        ]

    def create_table(self) -> None:
        """Make the schema once; several processes may start together."""
        with self.writing() as c:
            self._create_table(c)
            c.execute("INSERT INTO read_model SELECT ? WHERE NOT EXISTS (SELECT 1 FROM read_model)", (VERSION,))

    def writing(self) -> AbstractContextManager[SQLiteCursor]:
        """A transaction that holds the write lock from its start."""
        return self._locked(commit=True)

    @contextmanager
    def trying(self) -> Iterator[SQLiteCursor]:
        """A transaction that holds the write lock and is always rolled back."""
        with self._trials, self._locked(commit=False) as cursor:
            yield cursor

    @contextmanager
    def _locked(self, commit: bool) -> Iterator[SQLiteCursor]:
        with self.datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
                if commit:
                    connection.commit()
            except sqlite3.IntegrityError as error:
                raise IntegrityError(error) from error
            finally:
                connection.rollback()

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], project: Project | None = None, **kwargs: Any
    ) -> Sequence[int] | None:
        notification_ids = super()._insert_events(c, stored_events, **kwargs)
        positions = self._stamp(c, stored_events)
        if project:
            project(c, positions)
        return notification_ids

    def insert_within(self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], project: Project) -> None:
        """Insert events in a transaction that somebody else ends."""
        self._insert_events(c, stored_events, project=project)

    def _stamp(self, c: SQLiteCursor, stored_events: Sequence[StoredEvent]) -> list[int]:
        """Positions and recorded instants; time never runs backwards in the log, whatever the machine's clock does."""
        c.execute("SELECT position, recorded FROM ledger ORDER BY position DESC LIMIT 1")
        position, last = tuple(c.fetchone() or (0, 0))
        recorded = max(self.clock(), last + 1)
        rows = [(position + n, e.originator_id, e.originator_version, recorded + n - 1) for n, e in enumerate(stored_events, 1)]
        c.executemany("INSERT INTO ledger VALUES (?,?,?,?)", rows)
        return [row[0] for row in rows]

    @contextmanager
    def reading(self, groups: frozenset[str] | None = None) -> Iterator[Rows]:
        """One consistent snapshot, as far as those groups see it."""
        with self.datastore.transaction(commit=False) as c:
            yield rows_of(c, groups)

    def read_model_version(self) -> int:
        """Which form the read model's tables have; 0 where there are none."""
        with self.reading() as rows:
            there = list(rows("SELECT 1 FROM sqlite_master WHERE name='read_model'"))
            return next(iter(rows("SELECT version FROM read_model")))[0] if there else 0

    def renew_read_model(self, c: SQLiteCursor) -> None:
        """Make the derived tables anew and empty, for `rebuild`."""
        for table in DERIVED:
            c.execute(f"DROP TABLE IF EXISTS {table}")
        self._create_table(c)
        c.execute("UPDATE read_model SET version=?", (VERSION,))


def rows_of(c: SQLiteCursor, groups: frozenset[str] | None = None) -> Rows:
    """What a transaction sees, its own writes among it."""
    connection = c.sqlite_cursor.connection
    return Rows(lambda sql, parameters: connection.execute(sql, parameters), groups)


class DaybookFactory(SQLiteFactory):
    """Makes our recorder."""

    application_recorder_class = DaybookRecorder

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self.datastore.pool.pool_timeout = LONGEST_WAIT
