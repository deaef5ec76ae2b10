"""What amending starts from: an entry as it reads now by all that is on record, what it claims, and what undoes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.errors import NotFound, RuleBroken
from domain.events import Entry, EntryCorrected, EntryRetracted
from domain.matter import Matter
from domain.versions import versions
from importers.entries import as_posted
from projections.assertions import assertions_of
from projections.engine import path_of
from service.entries import event_id
from service.log import SeenLog
from service.visitor import Visitor
from service.writing import Posting, may_mend

UNDONE = "Recorded by mistake, and taken back at once."


class NotUndone(RuleBroken):
    """There is nothing left to undo; what was taken back stays taken back."""


@dataclass(frozen=True)
class EntryNow:
    """An entry as it reads now, in its matter at the version read; whether it was taken back, and whether the asker may mend it."""

    matter: Matter
    entry: Entry
    retracted: bool
    may_mend: bool

    @property
    def raw(self) -> dict[str, Any]:
        """The entry as it would be posted."""
        return as_posted(self.entry)


def entry_now(log: SeenLog, named: str, by: Visitor) -> EntryNow:
    """The entry of that id; raises `NotFound`."""
    slug, _, key = named.partition(".")
    matter = log.matter(slug)
    if matter is None or key not in matter.entries:
        raise NotFound(f"There is no event “{named[:120]}”.", "id")
    entry = matter.entries[key]
    about = entry.of if isinstance(entry, EntryCorrected | EntryRetracted) else [key]
    return EntryNow(matter, entry, key in matter.retracted, may_mend(by, matter, about))


@dataclass(frozen=True)
class Claimed:
    """A thing of which an entry claims fields: its path in a view, and theirs."""

    path: str
    fields: tuple[str, ...]


def claims_of(entry: Entry) -> list[Claimed]:
    """What an entry claims, by thing: `budgets.china-2025` with its money, year and so on."""
    found: dict[str, dict[str, None]] = {}
    for path in _paths(entry):
        found.setdefault(path.rpartition(".")[0], {})[path] = None
    return [Claimed(thing, tuple(paths)) for thing, paths in found.items()]


def _paths(entry: Entry) -> Iterator[str]:
    paths = (path_of(claim.subject, claim.field) for claim in assertions_of(entry))
    yield from (path for path in paths if ":" not in path)


def undoing(now: EntryNow) -> Posting:
    """The amendment that takes back what an entry did, as a slip of ours; raises `NotUndone`."""
    matter, entry = now.matter, now.entry
    if isinstance(entry, EntryRetracted):
        raise NotUndone("A retraction is not undone: what was taken back stays taken back. Record the entry again instead.")
    if now.retracted:
        raise NotUndone("It was taken back already.")
    if not isinstance(entry, EntryCorrected):
        return Posting(matter.slug, {"kind": "EntryRetracted", "of": [entry.key], "slip": "ours", "reason": UNDONE})
    if entry.of[0] in matter.retracted:
        raise NotUndone("The entry that it corrects was taken back since.")
    changes = _restored(matter, entry)
    if not changes:
        raise NotUndone("What it changed was corrected again since, so nothing of it is left to undo.")
    reason = f"Undoes the correction {event_id(matter.slug, entry.key)}."
    return Posting(matter.slug, {"kind": "EntryCorrected", "of": entry.of, "changes": changes, "slip": "ours", "reason": reason})


def can_be_undone(now: EntryNow) -> bool:
    """Whether there is something left to undo."""
    try:
        undoing(now)
    except NotUndone:
        return False
    return True


def _restored(matter: Matter, correction: EntryCorrected) -> dict[str, Any]:
    """The fields of a correction as they would read without it, where they read otherwise now."""
    key = correction.of[0]
    others = [change for change in matter.changes[key] if change.key != correction.key]
    without = versions(matter.originals[key], others, matter.time_zone)[-1].entry
    now = matter.entries[key]
    return {name: getattr(without, name) for name in correction.changes if getattr(without, name) != getattr(now, name)}
