"""What changed last, by the positions of the log alone: entries with what amended them, and what stands behind each window."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from projections.engine import Notice
from projections.read_model.reading import EVER, Rows


class Recording(NamedTuple):
    """A row that an entry wrote at a position of the log: what it says from then on, for who knows what was known at `known`."""

    position: int
    known: int


class Newest(NamedTuple):
    """Where an entry was first recorded, and the text of it that is searched."""

    position: int
    matter: str
    key: str
    kind: str
    search: str


def newest_first(rows: Rows, matters: Collection[str], kinds: Collection[str], limit: int) -> Iterator[Newest]:
    """The entries of matters that are seen, the last recorded first, read no further than needed; no kinds: of all."""
    # of one matter the index of its entries is the way; of several the log itself, and never a sort of all of them
    of = "matter" if len(matters) == 1 else "(matter || '')"
    where = f"withdrawn IS NULL AND {of} IN ({_marks(matters)})" + (f" AND kind IN ({_marks(kinds)})" if kinds else "")
    sql = f"SELECT first_position, matter, key, kind, search FROM entries WHERE {where} ORDER BY first_position DESC LIMIT ?"
    return (Newest(*row) for row in rows(sql, (*sorted(matters), *sorted(kinds), limit)))


def _marks(values: Collection[str]) -> str:
    return ",".join("?" * len(values))


def windows_ever(rows: Rows, matter: str) -> set[str]:
    """The windows of a matter that anything was ever claimed of, also those that were taken back."""
    sql = "SELECT DISTINCT subject FROM claims WHERE matter=? AND subject>=? AND subject<?"
    return {subject.partition(".")[2] for (subject,) in rows(sql, (matter, "windows.", "windows/"))}


def behind_windows(rows: Rows, matter: str, notices: Sequence[Notice], position: int | None) -> dict[str, set[str]]:
    """By window the keys of all entries that ever claimed anything of it, up to a position, and of those that amend them."""
    upto = EVER if position is None else position
    sql = "SELECT DISTINCT subject, entry FROM claims WHERE matter=? AND subject>=? AND subject<? AND position<=?"
    found: dict[str, set[str]] = {}
    for subject, entry in rows(sql, (matter, "windows.", "windows/", upto)):
        found.setdefault(subject.partition(".")[2], set()).add(entry)
    amended: dict[str, set[str]] = {}
    for notice in notices:
        if notice.position <= upto:
            amended.setdefault(notice.target, set()).add(notice.key)
    return {window: _with_amendments(keys, amended) for window, keys in found.items()}


def _with_amendments(keys: set[str], amended: dict[str, set[str]]) -> set[str]:
    """Also the amendments of amendments: a retracted denial changes what was denied."""
    found, waiting = set(keys), list(keys)
    while waiting:
        more = amended.get(waiting.pop(), set()) - found
        found |= more
        waiting += more
    return found


def recordings_of(rows: Rows, matter: str, keys: Collection[str], position: int | None, known: int) -> dict[str, set[Recording]]:
    """By key what entries wrote up to a position, and up to a point of knowledge. Nothing is ever taken out of it, whatever is corrected."""
    found: dict[str, set[Recording]] = {}
    ordered = sorted(keys)
    for n in range(0, len(ordered), 500):
        batch = ordered[n : n + 500]
        sql = f"SELECT key, position, known FROM entries WHERE matter=? AND key IN ({_marks(batch)}) AND position<=? AND known<=?"
        for key, *written in rows(sql, (matter, *batch, EVER if position is None else position, known)):
            found.setdefault(key, set()).add(Recording(*written))
    return found
