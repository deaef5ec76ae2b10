"""The log: an `eventsourcing` application over our recorder. The only file that appends."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import InfrastructureFactory, StoredEvent, Transcoder
from eventsourcing.utils import Environment, EnvType

from domain.events import KINDS, AlertRaised, Entry, MatterOpened, MatterShared, StepsPassed
from domain.matter import Matter
from domain.watch import News, Watch
from projections.read_model.reading import Rows, last_position, matter_named, recorded_at, recorded_history, stream_of, whole_log
from projections.read_model.writing import History, write_alert, write_audience, write_entry, write_matter
from service.recorder import LONGEST_WAIT, DaybookFactory, DaybookRecorder, rows_of
from service.transcoder import PlainTranscoder

Progress = Callable[[int], None]
Beside = Callable[[Any, list[int]], None]
"""Writes what belongs to an append in its own transaction, given the cursor and the positions of the events."""


Kept = Matter | Watch | News
"""What has a stream of its own in the log."""


class Readable(Protocol):
    """What can be read: the whole log, what an audience sees of it, or a trial."""

    def reading(self) -> AbstractContextManager[Rows]:
        """A consistent snapshot to read from."""

    def originals(self, rows: Rows, positions: Iterable[int]) -> dict[int, Entry]:
        """The entries recorded at those positions of the log, as they were first recorded."""

    def matter(self, slug: str) -> Matter | None:
        """The matter of that slug as it stands, or None where there is none to see."""


class Log(Application[str]):
    """Matters and alerts are saved here; the read model is written in the same transaction."""

    recorder: DaybookRecorder

    def __init__(self, path: str, clock: Callable[[], int], create: bool = True) -> None:
        self._kept: dict[int, Entry] = {}
        super().__init__(
            {
                "SQLITE_DBNAME": path,
                "SQLITE_LOCK_TIMEOUT": str(LONGEST_WAIT),
                "ORIGINATOR_ID_TYPE": "text",
                "CREATE_TABLE": "yes" if create else "no",
            }
        )
        self.recorder.clock = clock

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Only what is given: a variable of the machine's environment must not turn on a cipher or another database."""
        return Environment(name, dict(env or {}))

    def construct_factory(self, env: Environment) -> InfrastructureFactory:
        """Ours, so that its recorder is ours."""
        return DaybookFactory(env)

    def construct_transcoder(self) -> Transcoder:
        """Plain JSON."""
        return PlainTranscoder()

    def reading(self) -> AbstractContextManager[Rows]:
        """A consistent snapshot of all of it."""
        return self.recorder.reading()

    def seen_by(self, groups: frozenset[str] | None) -> "SeenLog":
        """The log as those groups see it; None sees all."""
        return SeenLog(self, groups)

    def append_within(self, c: Any, changed: Sequence[Kept], beside: Beside) -> None:
        """Append what is pending, and write what belongs beside it, within a transaction that somebody else ends."""
        project = self._projecting(changed, beside)
        stored = [self.mapper.to_stored_event(event) for aggregate in changed for event in aggregate.collect_events()]
        if project:
            self.recorder.insert_within(c, stored, project)
        else:
            beside(c, [])

    def matter(self, slug: str) -> Matter | None:
        """The matter of that slug as it stands, or None."""
        try:
            return self.repository.get(Matter.create_id(slug))
        except AggregateNotFoundError:
            return None

    def save_matter(self, matter: Matter) -> None:
        """Append what is pending and its facts, all or nothing; raises the library's IntegrityError on a conflict."""
        self.save_matters([matter])

    def save_matters(self, matters: Sequence[Matter], beside: Beside = lambda c, positions: None) -> None:
        """As `save_matter`, of several in one transaction, with what is to be written beside them."""
        project = self._projecting(matters, beside)
        if project:
            self.save(*matters, project=project)

    def _projecting(self, changed: Sequence[Kept], beside: Beside) -> Beside | None:
        """What writes the read model's rows of all that is pending; None where nothing is."""
        pending = [(event, *_place(aggregate)) for aggregate in changed for event in aggregate.pending_events]

        def project(c: Any, positions: list[int]) -> None:
            for (event, matter, zone), position in zip(pending, positions, strict=True):
                self._write(c, event, matter, zone, position)
            beside(c, positions)

        return project if pending else None

    def _write(self, c: Any, event: Any, slug: str, time_zone: str, position: int) -> None:
        if isinstance(event, MatterOpened):
            write_matter(c, event, position)
        elif isinstance(event, MatterShared):
            write_audience(c, event, slug)
        elif isinstance(event, Entry):
            write_entry(c, event, slug, time_zone, position, lambda key: history_of(c, slug, key))
        elif isinstance(event, AlertRaised | StepsPassed):
            write_alert(c, event, position)

    def originals(self, rows: Rows, positions: Iterable[int]) -> dict[int, Entry]:
        """The entries recorded at those positions of the log, as they were first recorded."""
        wanted = set(positions)
        found = {position: self._kept[position] for position in wanted if position in self._kept}
        missing = wanted - found.keys()
        fresh = {position: revive(topic, json.loads(state)) for position, topic, state in recorded_at(rows, missing)}
        if len(self._kept) + len(fresh) > KEPT:
            self._kept = {}
        self._kept.update(fresh)
        return found | fresh

    def stored(self) -> Iterator[tuple[int, int, StoredEvent]]:
        """The whole log in order: (position, recorded instant, stored event)."""
        with self.reading() as rows:
            for position, recorded, *stored in whole_log(rows):
                yield position, recorded, StoredEvent(*stored)

    def export(self) -> Iterator[dict[str, Any]]:
        """The whole log in order as plain JSON, each event with its position and recorded instant."""
        for position, recorded, event in self.stored():
            yield {
                "position": position,
                "recorded": recorded,
                "stream": event.originator_id,
                "version": event.originator_version,
                "kind": event.topic,
                "state": json.loads(event.state),
            }

    def rebuild(self, progress: Progress = lambda done: None) -> int:
        """Make the read model anew from the log, in one transaction; returns how many events were read."""
        zones: dict[str, str] = {}
        done = 0
        with self.recorder.writing() as c:
            self.recorder.renew_read_model(c)
            for done, (position, _, stored) in enumerate(self.stored(), 1):
                event = self.mapper.to_domain_event(stored)
                slug = str(stored.originator_id).partition(":")[2]
                if isinstance(event, MatterOpened):
                    zones[slug] = event.time_zone
                self._write(c, event, slug, zones.get(slug, "UTC"), position)
                progress(done)
        return done

    def read_model_version(self) -> int:
        """Which form the read model's tables have; 0 where there are none."""
        return self.recorder.read_model_version()

    def size(self) -> int:
        """How many events the log holds."""
        with self.reading() as rows:
            return last_position(rows)


class SeenLog:
    """The log as an audience sees it: matters that are private to other groups are not there."""

    def __init__(self, log: Log, groups: frozenset[str] | None) -> None:
        self._whole = log
        self.groups = groups

    def reading(self) -> AbstractContextManager[Rows]:
        """A consistent snapshot of what is seen."""
        return self._whole.recorder.reading(self.groups)

    def originals(self, rows: Rows, positions: Iterable[int]) -> dict[int, Entry]:
        """The entries recorded at those positions, which rows that are seen have given."""
        return self._whole.originals(rows, positions)

    def seen_by(self, groups: frozenset[str] | None) -> "SeenLog":
        """The same log as other groups see it."""
        return SeenLog(self._whole, groups)

    def matter(self, slug: str) -> Matter | None:
        """The matter of that slug as it stands, or None where there is none to see."""
        with self.reading() as rows:
            seen = matter_named(rows, slug) is not None
        return self._whole.matter(slug) if seen else None

    def is_taken(self, slug: str) -> bool:
        """Whether there is a matter of that slug, seen or not."""
        return self._whole.matter(slug) is not None

    def save(self, matters: Sequence[Matter], beside: Beside = lambda c, positions: None) -> None:
        """Append what is pending in matters, and write what belongs beside it, also where nothing is pending."""
        if any(matter.pending_events for matter in matters):
            self._whole.save_matters([matter for matter in matters if matter.pending_events], beside)
            return
        with self._whole.recorder.writing() as c:
            beside(c, [])

    def size(self) -> int:
        """The last position of the log that is seen."""
        with self.reading() as rows:
            return last_position(rows)

    @contextmanager
    def trying(self) -> Iterator["HeldLog"]:
        """A log to try things on; whatever is saved there is gone at the end. Writers wait meanwhile."""
        with self._whole.recorder.trying() as c:
            yield HeldLog(self._whole, c, self.groups)

    @contextmanager
    def holding(self) -> Iterator["HeldLog"]:
        """The log while nobody else writes; what is saved there is stored at the end, all or nothing."""
        with self._whole.recorder.writing() as c:
            yield HeldLog(self._whole, c, self.groups)


class HeldLog:
    """A log within one transaction that holds the write lock: what is saved there is read there by the code that reads what is.

    `cursor` writes what is kept beside the log in the same transaction.
    """

    def __init__(self, log: Log, c: Any, groups: frozenset[str] | None) -> None:
        self._log = log
        self.cursor = c
        self._rows = rows_of(c, groups)

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """The transaction itself."""
        yield self._rows

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """The transaction itself, for what is kept beside the log."""
        yield self.cursor

    def matter(self, slug: str) -> Matter | None:
        """The matter of that slug as it stands here, read in this transaction: who holds the writer waits for no other connection."""
        matter = None
        if matter_named(self._rows, slug) is not None:
            for stored in stream_of(self._rows, Matter.create_id(slug)):
                matter = self._log.mapper.to_domain_event(StoredEvent(*stored)).mutate(matter)
        return matter

    def originals(self, rows: Rows, positions: Iterable[int]) -> dict[int, Entry]:
        """As the log's, but nothing of it is kept: these positions will be given again."""
        return {position: revive(topic, json.loads(state)) for position, topic, state in recorded_at(rows, set(positions))}

    def watch(self, matter: str, window: str) -> Watch | None:
        """The watch over a window, read in this transaction; None where none was begun."""
        watch = None
        for stored in stream_of(self._rows, Watch.create_id(matter, window)):
            watch = self._log.mapper.to_domain_event(StoredEvent(*stored)).mutate(watch)
        return watch

    def save(self, changed: Sequence[Kept], beside: Beside = lambda c, positions: None) -> None:
        """Append what is pending, and write what belongs beside it, in this transaction."""
        self._log.append_within(self.cursor, changed, beside)


def _place(aggregate: Kept) -> tuple[str, str]:
    """The matter and the time zone of what is kept."""
    return (aggregate.slug, aggregate.time_zone) if isinstance(aggregate, Matter) else (aggregate.matter, "UTC")


KEPT = 20_000
"""Decoded entries kept in memory; they never change."""


def history_of(c: Any, matter: str, key: str) -> History:
    """An entry and what changed it, as far as this transaction sees."""
    (position, kind, state), *changes = recorded_history(c, matter, key)
    return History(revive(kind, json.loads(state)), position, [revive(topic, json.loads(text)) for _, topic, text in changes])


def revive(kind: str, values: dict[str, Any]) -> Entry:
    """An entry from its stored values."""
    return KINDS[kind](**({"originator_id": "", "originator_version": 0, "timestamp": None, "actor": ""} | values))
