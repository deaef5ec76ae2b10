"""A matter: one tracked file, one event stream. `record` is its command; `domain.rules` says what it refuses."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from eventsourcing.domain import BaseAggregate
from eventsourcing.utils import register_topic

from domain.deadlines import check_jurisdiction
from domain.events import (
    Entry,
    EntryCorrected,
    EntryRetracted,
    Figure,
    MatterOpened,
    MatterShared,
    WindowMet,
    WindowOpened,
    WindowSuperseded,
    WindowWithdrawn,
    content,
)
from domain.instants import zone
from domain.rules import KeyTaken, check, name_of
from domain.versions import versions


@dataclass(frozen=True)
class Window:
    """What the rules need to know of a window: when it opened, what its due date means, whether it is open, and what came after it."""

    opens: str
    due_is: str
    open: bool = True
    superseded_by: str | None = None


class Matter(BaseAggregate[str]):
    """One tracked file. Commands raise `Refused` errors; what is recorded is never changed."""

    TOPIC = "Matter"

    @staticmethod
    def create_id(slug: str) -> str:
        """The stream of the matter with that slug."""
        return f"matter:{slug}"

    @classmethod
    def open(
        cls, *, slug: str, title: str, summary: str, time_zone: str, jurisdiction: str, actor: str, group: str | None = None
    ) -> "Matter":
        """Open a new matter, seen by everyone or by one `group`; raises `BadValue` for an unknown time zone or jurisdiction."""
        zone(time_zone)
        check_jurisdiction(jurisdiction)
        return cls._create(
            event_class=MatterOpened,
            slug=slug,
            title=title,
            summary=summary,
            time_zone=time_zone,
            jurisdiction=jurisdiction,
            actor=actor,
            group=group,
        )

    def __init__(self, slug: str, title: str, summary: str, time_zone: str, jurisdiction: str, group: str | None = None) -> None:
        self.slug = slug
        self.title = title
        self.summary = summary
        self.time_zone = time_zone
        self.jurisdiction = jurisdiction
        self.group = group
        self.entries: dict[str, Entry] = {}
        self.originals: dict[str, Entry] = {}
        self.changes: dict[str, list[EntryCorrected | EntryRetracted]] = {}
        self.retracted: set[str] = set()
        self.opened: set[str] = set()
        self.windows: dict[str, Window] = {}
        self.names: Counter[tuple[type, str]] = Counter()
        self.of_window: dict[str, list[str]] = {}

    def record(self, kind: type[Entry], **values: Any) -> Entry:
        """Record one entry and return it; the same entry again returns the stored one and stores nothing.

        Raises `KeyTaken` for other content under a known key, and each kind's own `RuleBroken` errors.
        """
        entry = self._proposed(kind, values)
        known = self.originals.get(entry.key) or self.entries.get(entry.key)
        if known is not None:
            if type(known) is type(entry) and content(known) == content(entry):
                return self.entries[entry.key]
            raise KeyTaken(entry.key, content(known), content(entry), known.kind, entry.kind)
        check(entry, self)
        details = {name: value for name, value in vars(entry).items() if not name.startswith("originator_")}
        self.trigger_event(kind, **details)
        return self.entries[entry.key]

    def share(self, group: str | None, actor: str) -> None:
        """Show the matter to one group alone, or to everyone (None); nothing is stored where that is so already."""
        if group != self.group:
            self.trigger_event(MatterShared, group=group, actor=actor)

    def _proposed(self, kind: type[Entry], values: dict[str, Any]) -> Entry:
        entry = kind(
            originator_id=self.id,
            originator_version=self.version + 1,
            timestamp=kind.create_timestamp(),
            **values,
        )
        return replace(entry, line=self._line(entry)) if isinstance(entry, Figure) else entry

    def _line(self, entry: Figure) -> str:
        revised = self.entries.get(entry.revises) if entry.revises else None
        return revised.line if isinstance(revised, Figure) else entry.key

    def note(self, entry: Entry) -> None:
        """Take in a recorded entry (called when events are applied, never to record)."""
        self.entries[entry.key] = entry
        self._name(entry, 1)
        if isinstance(entry, EntryCorrected | EntryRetracted):
            for key in entry.of:
                self._amend(key, entry)
        elif hasattr(entry, "window"):
            self.of_window.setdefault(entry.window, []).append(entry.key)
            self._follow(entry)

    def _name(self, entry: Entry, count: int) -> None:
        """Keep count of what is on record by name: rules, orders, laws, guidance."""
        name = name_of(entry)
        if name:
            self.names[name] += count

    def _amend(self, key: str, amendment: EntryCorrected | EntryRetracted) -> None:
        former = self.entries[key]
        self.originals.setdefault(key, former)
        self.changes.setdefault(key, []).append(amendment)
        latest = versions(self.originals[key], self.changes[key], self.time_zone)[-1]
        self.entries[key] = latest.entry
        self._name(former, -1)
        if latest.retracted:
            self.retracted.add(key)
        else:
            self._name(latest.entry, 1)
        if hasattr(former, "window"):
            self._follow_again(former.window)

    def _follow_again(self, window: str) -> None:
        """Make a window anew from the entries about it as they now read."""
        self.windows.pop(window, None)
        for key in self.of_window[window]:
            if key not in self.retracted:
                self._follow(self.entries[key])

    def _follow(self, entry: Entry) -> None:
        """Keep `windows` in step with an entry."""
        if isinstance(entry, WindowOpened):
            self.opened.add(entry.window)
            self.windows[entry.window] = Window(entry.opens or entry.occurred, entry.due_is)
        elif isinstance(entry, WindowSuperseded | WindowMet | WindowWithdrawn) and entry.window in self.windows:
            self.windows[entry.window] = replace(
                self.windows[entry.window], open=False, superseded_by=getattr(entry, "superseded_by", None)
            )


register_topic(Matter.TOPIC, Matter)
