"""An entry as it reads now by all that is on record, for the pages that amend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.events import Amendment, Entry, EntryCorrected, content, details_of
from domain.matter import Matter
from domain.versions import versions
from projections.assertions import assertions_of
from projections.engine import path_of
from web.context import daybook


def matter_of(event_id: str) -> tuple[Matter, str]:
    """The matter of an entry that the visitor sees, and the entry's key; raises `NotFound`."""
    daybook().event(event_id, daybook().ask())
    slug, _, key = event_id.partition(".")
    return daybook().log.matter(slug), key


def entry_now(event_id: str) -> tuple[str, Entry, bool]:
    """The slug of its matter, the entry as corrected, and whether it was taken back; raises `NotFound`."""
    matter, key = matter_of(event_id)
    return matter.slug, matter.entries[key], key in matter.retracted


def as_posted(values: dict[str, Any], kind: type[Entry]) -> dict[str, Any]:
    """An entry's content in the form in which it is posted."""
    if issubclass(kind, Amendment):
        return {"kind": kind.__name__} | values
    names = set(details_of(kind))
    details = {name: value for name, value in values.items() if name in names}
    return {"kind": kind.__name__, "details": details} | {name: value for name, value in values.items() if name not in names}


def raw_of(entry: Entry) -> dict[str, Any]:
    """An entry as it would be posted."""
    return as_posted(content(entry), type(entry))


@dataclass(frozen=True)
class Claimed:
    """A thing of which an entry claims fields: its path in a view, and theirs."""

    path: str
    fields: tuple[str, ...]


def claims_of(entry: Entry) -> list[Claimed]:
    """What an entry claims, by thing: `budgets.china-2025` with its money, year and so on."""
    found: dict[str, dict[str, None]] = {}
    for path in _paths(entry):
        thing, _, _ = path.rpartition(".")
        found.setdefault(thing, {})[path] = None
    return [Claimed(thing, tuple(paths)) for thing, paths in found.items()]


def _paths(entry: Entry) -> Iterator[str]:
    paths = (path_of(claim.subject, claim.field) for claim in assertions_of(entry))
    yield from (path for path in paths if ":" not in path)


def before(matter: Matter, correction: EntryCorrected) -> dict[str, Any]:
    """What undoes a correction: its fields as they would read without it, where they read otherwise now."""
    key = correction.of[0]
    others = [change for change in matter.changes[key] if change.key != correction.key]
    without = versions(matter.originals[key], others, matter.time_zone)[-1].entry
    now = matter.entries[key]
    return {name: getattr(without, name) for name in correction.changes if getattr(without, name) != getattr(now, name)}
