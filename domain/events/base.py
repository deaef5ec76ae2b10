"""The envelope that every entry has, and the register of kinds."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from eventsourcing.domain import CanInitAggregate, CanMutateAggregate
from eventsourcing.utils import register_topic

from domain.values import Claimed, Effective, Prose, Slug, Source, Text, When

KINDS: dict[str, type["Entry"]] = {}
"""Every kind of entry that can be recorded, by its stored name."""

T = TypeVar("T", bound=type)


def event(cls: T) -> T:
    """Make an event class: frozen, keyword-only, stored under its class name wherever its file may move."""
    cls = dataclass(frozen=True, kw_only=True)(cls)
    cls.TOPIC = cls.__name__
    register_topic(cls.__name__, cls)
    if issubclass(cls, Entry):
        KINDS[cls.__name__] = cls
    return cls


@dataclass(frozen=True, kw_only=True)
class Event(CanMutateAggregate[str]):
    """What the event library keeps of every event: its stream, its version there, and the clock of who built it.

    That clock is not the recorded instant; the event store stamps its own.
    """

    originator_id: str
    originator_version: int
    timestamp: datetime | str | None


@dataclass(frozen=True, kw_only=True)
class Entry(Event):
    """What every entry holds.

    `key` names it within its matter; `occurred` is when it happened, `wording` the source's words for that date;
    `effective` from when until when it has effect; `announced` the first day the public could know it and
    `announced_basis` why; `sources` who says so; `claimed` whether it is a public act or a report, where that differs from
    its kind; `remarks` what is contested or unread, in words; `actor` an opaque id of who recorded it.
    """

    key: Slug
    actor: str
    occurred: When
    wording: Text | None = None
    effective: Effective | None = None
    announced: When | None = None
    announced_basis: Text | None = None
    sources: list[Source]
    visibility: str = "public"
    idempotency_key: str | None = None
    summary: Prose | None = None
    remarks: Prose | None = None
    claimed: Claimed | None = None

    basis: ClassVar[Claimed] = "official"
    filled_in: ClassVar[frozenset[str]] = frozenset(("actor", "idempotency_key", "visibility"))
    """Fields that Daybook fills in and that nobody posts."""
    names: ClassVar[frozenset[str]] = frozenset()
    """Fields that name what it is about. They are never corrected: retract the entry and record another."""

    @property
    def kind(self) -> str:
        """The stored name of its class."""
        return type(self).__name__

    @property
    def standing(self) -> Claimed:
        """`official` for a public act, `reported` for somebody's report."""
        return self.claimed or self.basis

    def apply(self, aggregate: Any) -> None:
        """Tell the matter."""
        aggregate.note(self)


@dataclass(frozen=True, kw_only=True)
class Amendment(Entry):
    """An entry about an earlier entry of the same matter."""

    of: list[Slug]
    names = frozenset(("of",))


@event
class MatterOpened(CanInitAggregate[str], Event):
    """A matter was opened: one tracked file, in one time zone and jurisdiction; with `group` only that group sees it."""

    originator_topic: str
    actor: str
    slug: Slug
    title: Text
    summary: Prose
    time_zone: str
    jurisdiction: str
    group: Slug | None = None


@event
class MatterShared(Event):
    """Who sees a matter was changed: one group alone, or everyone (null)."""

    actor: str
    group: Slug | None

    def apply(self, aggregate: Any) -> None:
        """Tell the matter."""
        aggregate.group = self.group


LIBRARY_FIELDS = frozenset(f.name for f in fields(Event))
ENVELOPE = tuple(f.name for f in fields(Entry) if f.name not in LIBRARY_FIELDS)
"""The names of the envelope's fields."""


def details_of(kind: type[Entry]) -> tuple[str, ...]:
    """The names of the fields that a kind has beyond the envelope."""
    return tuple(f.name for f in fields(kind) if f.name not in LIBRARY_FIELDS and f.name not in ENVELOPE)


def values_of(entry: Entry) -> dict[str, Any]:
    """Every field of an entry that has a value, without what the event library keeps."""
    return {name: value for name, value in vars(entry).items() if name not in LIBRARY_FIELDS and value is not None}


def content(entry: Entry) -> dict[str, Any]:
    """What whoever posted it said: two entries with equal content are the same entry."""
    return {name: value for name, value in values_of(entry).items() if name not in entry.filled_in}
