"""Two files with the same events: Daybook's own, and the library's bare recorder with nothing of ours around it."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import time_ns

from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from benchmarks.corpus import Draft, Story, opened
from benchmarks.measuring import Times, by_turns, seconds
from domain.matter import Matter
from service.log import Log


def now() -> int:
    """This moment in microseconds."""
    return time_ns() // 1000


@dataclass
class Telling:
    """A matter in hand, and the entries still to come."""

    matter: Matter
    drafts: Iterator[Draft]

    def record(self, drafts: Sequence[Draft]) -> None:
        """The command, once for each."""
        for kind, values in drafts:
            self.matter.record(kind, **values)


@dataclass
class Appends:
    """How long appending took: ours is command, event, store and claims; theirs only stores what is made and mapped already."""

    ours: Times
    theirs: Times

    @classmethod
    def of(cls, size: int) -> "Appends":
        """For appends of so many events at once."""
        return cls(Times(size), Times(size))


class Laboratory:
    """A log of Daybook's and a bare one beside it, in one directory."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True)
        self.ours, self.theirs = directory / "daybook.sqlite", directory / "bare.sqlite"
        self.log = Log(str(self.ours), clock=now)
        self.bare = SQLiteApplicationRecorder(SQLiteDatastore(str(self.theirs), lock_timeout=30, originator_id_type="text"))
        self.bare.create_table()
        self.last: Telling | None = None

    def tell(self, slug: str, events: int, batch: int, appends: Appends) -> None:
        """Record a matter of so many events in batches, here and there by turns; its opening is the first of them."""
        self.last = Telling(opened(slug), Story(events, slug).entries())
        for turn in range(events // batch):
            self.append(batch, appends, turn)

    def append(self, count: int, appends: Appends, turn: int) -> None:
        """Append the next entries of the matter in hand, in one transaction."""
        matter = self.last.matter
        drafts = list(islice(self.last.drafts, count - len(matter.pending_events)))
        command = seconds(lambda: self.last.record(drafts))
        stored = [self.log.mapper.to_stored_event(event) for event in matter.pending_events]
        by_turns(
            turn,
            (appends.ours, lambda: self.log.save_matter(matter)),
            (appends.theirs, lambda: self.bare.insert_events(stored)),
        )
        appends.ours.seconds[-1] += command

    def sizes(self) -> tuple[int, int]:
        """Bytes on disk, ours and theirs, with nothing left in the write-ahead log."""
        return _bytes(self.ours), _bytes(self.theirs)

    def close(self) -> None:
        """Let go of both files."""
        self.log.close()
        self.bare.datastore.close()


def _bytes(path: Path) -> int:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path.stat().st_size
