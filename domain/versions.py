"""How an entry reads from which knowledge on, given its corrections and retractions.

A slip of ours counts whenever anybody asks; what the source corrected or took back counts from its publication.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.events import Entry, EntryCorrected, EntryRetracted
from domain.instants import DAWN
from domain.known import known_at

Change = EntryCorrected | EntryRetracted


@dataclass(frozen=True)
class Version:
    """An entry as it reads for who knows what was known from `known` up to `until` (None: for ever).

    `counts` is since when it reads so: a slip of ours is told from the day of its correction on, and reads right from the first. `own_slip` says that it was retracted as a slip of ours.
    """

    entry: Entry
    known: int
    counts: int
    until: int | None = None
    corrected_by: str | None = None
    retracted: bool = False
    own_slip: bool = False


def versions(original: Entry, changes: Sequence[Change], time_zone: str) -> list[Version]:
    """The versions of an entry, in the order of knowledge; `changes` in the order in which they were recorded."""
    ordered = _in_order(changes, time_zone)
    begins = known_at(_folded(original, [change for change in ordered if change.slip == "ours"], None).entry, time_zone)
    turns = sorted({begins, *(max(begins, known_at(change, time_zone)) for change in ordered)})
    found: list[Version] = []
    for turn in turns:
        version = _folded(original, _counting(ordered, turn, time_zone), (turn, time_zone))
        counts = found[-1].counts if found and _reads_alike(found[-1], version) else turn
        found.append(replace(version, known=turn, counts=counts))
    return [replace(one, until=after.known) for one, after in pairwise(found)] + found[-1:]


def _reads_alike(one: Version, other: Version) -> bool:
    return one.retracted == other.retracted and one.entry == other.entry


def _in_order(changes: Sequence[Change], time_zone: str) -> list[Change]:
    """The source's by publication; ours after those of the source's that were on record when we made it."""
    latest = DAWN
    keyed = []
    for n, change in enumerate(changes):
        own = known_at(change, time_zone)
        if change.slip == "source":
            latest = max(latest, own)
        keyed.append((own if change.slip == "source" else latest, n, change))
    return [change for _, _, change in sorted(keyed, key=lambda item: item[:2])]


def _counting(ordered: list[Change], turn: int, time_zone: str) -> list[Change]:
    return [change for change in ordered if change.slip == "ours" or known_at(change, time_zone) <= turn]


def _folded(original: Entry, changes: list[Change], turn: tuple[int, str] | None) -> Version:
    """The entry with those changes; only a correction that is itself known at the turn is named."""
    entry, corrected_by, retracted, own_slip = original, None, False, False
    for change in changes:
        if isinstance(change, EntryRetracted):
            retracted, own_slip = True, change.slip == "ours"
        else:
            entry = replace(entry, **change.changes)
            corrected_by = change.key if turn and known_at(change, turn[1]) <= turn[0] else corrected_by
    return Version(entry, 0, 0, None, corrected_by, retracted, own_slip)
