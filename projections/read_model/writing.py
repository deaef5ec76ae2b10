"""From a recorded event into the tables, inside the transaction that appends it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import projections.views  # noqa: F401 (every view registers the facts that it reads)
from domain.events import AlertRaised, Entry, EntryCorrected, EntryRetracted, MatterOpened, MatterShared, StepsPassed, values_of
from domain.events.base import LIBRARY_FIELDS
from domain.instants import DAWN, start_of
from domain.known import known_at
from domain.versions import Change, Version, versions
from domain.when import read_when
from projections.assertions import assertions_of, claims_of, notices_of
from projections.engine import Notice, Withdrawal
from projections.headlines import headline
from projections.read_model.rows import CLAIM_COLUMNS, NOTICE_COLUMNS, and_withdrawn, claim_row, dump, notice_row


class Cursor(Protocol):
    """What both engines' cursors can do."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Any: ...
    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def fetchone(self) -> Any: ...


_INSERT_CLAIMS = f"INSERT INTO claims ({CLAIM_COLUMNS}) VALUES ({','.join('?' * 14)})"
_INSERT_FIELDS = "INSERT INTO fields VALUES (?,?,?) ON CONFLICT DO NOTHING"
_INSERT_NOTICES = f"INSERT INTO notices ({NOTICE_COLUMNS}) VALUES ({','.join('?' * 10)})"
_INSERT_ENTRY = """INSERT INTO entries (matter, key, position, first_position, kind, known, starts, since, retracted, own_slip, body, search, withdrawn)
    VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"""


@dataclass(frozen=True)
class History:
    """An entry as it was first recorded, where, and the corrections and retractions of it in the order of the log."""

    original: Entry
    position: int
    changes: list[Change]


def write_matter(c: Cursor, event: MatterOpened, position: int) -> None:
    """A matter was opened."""
    values = (event.slug, event.title, event.summary, event.time_zone, event.jurisdiction, position, event.group)
    c.execute("INSERT INTO matters VALUES (?,?,?,?,?,?,?)", values)


def write_audience(c: Cursor, event: MatterShared, matter: str) -> None:
    """Who sees a matter was changed; it counts at once and for every point."""
    c.execute("UPDATE matters SET audience=? WHERE slug=?", (event.group, matter))


def write_alert(c: Cursor, event: AlertRaised | StepsPassed, position: int) -> None:
    """An alert was raised, or steps passed untold; the same alert id can stand only once."""
    body = {name: value for name, value in vars(event).items() if name not in LIBRARY_FIELDS and value is not None}
    alert, person = (getattr(event, name, None) for name in ("alert", "person"))
    c.execute("INSERT INTO alerts VALUES (?,?,?,?,?,?)", (position, alert, event.matter, event.on, person, dump(body)))


def write_entry(c: Cursor, entry: Entry, matter: str, time_zone: str, position: int, history: Callable[[str], History]) -> None:
    """An entry was recorded: its row, claims and notices; a correction or retraction writes what it is about anew."""
    known = known_at(entry, time_zone)
    version = Version(entry, known, known)
    _write_version(c, version, matter, time_zone, position, position)
    if isinstance(entry, EntryCorrected | EntryRetracted):
        for key in entry.of:
            _notice(c, entry, key, matter, version.known, position)
            _rewrite(c, history(key), matter, time_zone, position)


def _rewrite(c: Cursor, history: History, matter: str, time_zone: str, position: int) -> None:
    """From this position of the log on an entry reads in new versions; before it, as it did."""
    former = versions(history.original, history.changes[:-1], time_zone)
    _withdraw(c, matter, former, Withdrawal(DAWN, position))
    for version in versions(history.original, history.changes, time_zone):
        _write_version(c, version, matter, time_zone, position, history.position)


def _write_version(c: Cursor, version: Version, matter: str, time_zone: str, position: int, first: int) -> None:
    withdrawn = and_withdrawn(None, Withdrawal(version.until, position)) if version.until is not None else None
    _write_row(c, version, matter, time_zone, position, first, withdrawn)
    if version.retracted:
        return
    claims = list(claims_of(version.entry, matter, time_zone, position, version.known, first, version.corrected_by))
    notices = notices_of(version.entry, matter, time_zone, position, version.known)
    c.executemany(_INSERT_CLAIMS, [(*claim_row(claim), withdrawn) for claim in claims])
    c.executemany(_INSERT_FIELDS, {claim[:3] for claim in claims})
    c.executemany(_INSERT_NOTICES, [(*notice_row(notice), withdrawn) for notice in notices])


def _write_row(c: Cursor, version: Version, matter: str, time_zone: str, position: int, first: int, withdrawn: str | None) -> None:
    """One row of `entries`: an entry as it reads from a position of the log and a point of knowledge on."""
    entry = version.entry
    starts = start_of(read_when(entry.occurred).first, time_zone)
    search = " ".join(filter(None, (entry.key, entry.kind, headline(entry), entry.summary, *_publishers(entry)))).lower()
    body = dump(values_of(entry)) if position != first else None
    since = max(version.counts, starts)
    row = (
        matter,
        entry.key,
        position,
        first,
        entry.kind,
        version.known,
        starts,
        since,
        int(version.retracted),
        int(version.own_slip or _tells_own_slip(entry)),
        body,
        search,
        withdrawn,
    )
    c.execute(_INSERT_ENTRY, row)


def _tells_own_slip(entry: Entry) -> bool:
    """An amendment that mends a slip of ours: about our record, no news about the matter."""
    return isinstance(entry, EntryCorrected | EntryRetracted) and entry.slip == "ours"


def _publishers(entry: Entry) -> Iterable[str]:
    return (str(source.get(name)) for source in entry.sources for name in ("publisher", "title", "citation") if source.get(name))


def _notice(c: Cursor, change: Change, target: str, matter: str, known: int, position: int) -> None:
    notice = Notice(matter, target, change.kind, change.key, known, position, change.actor, None, change.reason)
    c.executemany(_INSERT_NOTICES, [(*notice_row(notice), None)])


def _withdraw(c: Cursor, matter: str, former: list[Version], withdrawal: Withdrawal) -> None:
    """Withdraw all that an entry said in its former versions, wherever in the tables it said so."""
    entries = [version.entry for version in former]
    key = entries[0].key
    _mark(c, "entries", {"matter": matter, "key": key}, withdrawal)
    for subject, field in {(a.subject, a.field) for entry in entries for a in assertions_of(entry)}:
        _mark(c, "claims", {"matter": matter, "subject": subject, "field": field, "entry": key}, withdrawal)
    for target in {target for entry in entries for target in getattr(entry, "of", ())}:
        _mark(c, "notices", {"matter": matter, "target": target, "key": key}, withdrawal)


def _mark(c: Cursor, table: str, where: dict[str, str], withdrawal: Withdrawal) -> None:
    """Add a withdrawal to the rows written before it; by what they hold already, which is mostly nothing."""
    condition = " AND ".join(f"{name}=?" for name in where) + " AND position<?"
    values = (*where.values(), withdrawal.position)
    c.execute(f"SELECT DISTINCT withdrawn FROM {table} WHERE {condition}", values)
    for (held,) in [tuple(row) for row in c.fetchall()]:
        same, more = ("withdrawn IS NULL", ()) if held is None else ("withdrawn=?", (held,))
        c.execute(f"UPDATE {table} SET withdrawn=? WHERE {condition} AND {same}", (and_withdrawn(held, withdrawal), *values, *more))
