"""From a recorded event into the tables, inside the transaction that appends it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol

import projections.views  # noqa: F401 (every view registers the facts that it reads)
from domain.events import AlertRaised, Entry, EntryCorrected, EntryRetracted, MatterOpened, StepsPassed, content
from domain.events.base import LIBRARY_FIELDS
from domain.instants import DAWN, start_of
from domain.when import read_when
from projections.assertions import claims_of, known_at, notices_of
from projections.engine import Notice, Withdrawal
from projections.headlines import headline
from projections.read_model.rows import CLAIM_COLUMNS, NOTICE_COLUMNS, and_withdrawn, claim_row, dump, notice_row


class Cursor(Protocol):
    """What both engines' cursors can do."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Any: ...
    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def fetchone(self) -> Any: ...


_INSERT_CLAIMS = f"INSERT INTO claims ({CLAIM_COLUMNS}) VALUES ({','.join('?' * 13)})"
_INSERT_FIELDS = "INSERT INTO fields VALUES (?,?,?) ON CONFLICT DO NOTHING"
_INSERT_NOTICES = f"INSERT INTO notices ({NOTICE_COLUMNS}) VALUES ({','.join('?' * 10)})"
_INSERT_ENTRY = """INSERT INTO entries (matter, key, position, first_position, kind, known, starts, retracted, body, search, withdrawn)
    VALUES (?,?,?,?,?,?,?,?,?,?,NULL)"""

Original = Callable[[str], Entry]
"""Gives the entry of a key as it stood before an amendment."""


def write_matter(c: Cursor, event: MatterOpened, position: int) -> None:
    """A matter was opened."""
    values = (event.slug, event.title, event.summary, event.time_zone, event.jurisdiction, position)
    c.execute("INSERT INTO matters VALUES (?,?,?,?,?,?)", values)


def write_alert(c: Cursor, event: AlertRaised | StepsPassed, position: int) -> None:
    """An alert was raised, or steps passed untold; the same alert id can stand only once."""
    alert = getattr(event, "alert", None)
    if alert or event.steps:
        body = {name: value for name, value in vars(event).items() if name not in LIBRARY_FIELDS}
        c.execute("INSERT INTO alerts VALUES (?,?,?,?,?)", (position, alert, event.matter, event.on, dump(body)))


def write_entry(c: Cursor, entry: Entry, matter: str, time_zone: str, position: int, original: Original) -> None:
    """An entry was recorded: its row, its claims, its notices; a correction or retraction also withdraws."""
    write_row(c, entry, matter, time_zone, position, position)
    write_claims(c, entry, matter, time_zone, position)
    c.executemany(_INSERT_NOTICES, map(notice_row, notices_of(entry, matter, time_zone, position)))
    if isinstance(entry, EntryCorrected):
        _correct(c, entry, original(entry.of[0]), matter, time_zone, position)
    elif isinstance(entry, EntryRetracted):
        for key in entry.of:
            _retract(c, entry, original(key), matter, time_zone, position)


def write_row(
    c: Cursor, entry: Entry, matter: str, time_zone: str, position: int, first_position: int,
    known: int | None = None, retracted: bool = False, body: str | None = None,
) -> None:  # fmt: skip
    """One row of `entries`: an entry as it reads from a position on."""
    starts = start_of(read_when(entry.occurred).first, time_zone)
    known = known_at(entry, time_zone) if known is None else known
    search = " ".join(filter(None, (entry.key, entry.kind, headline(entry), entry.summary, *_publishers(entry)))).lower()
    c.execute(
        _INSERT_ENTRY,
        (matter, entry.key, position, first_position, entry.kind, known, starts, int(retracted), body, search),
    )


def _publishers(entry: Entry) -> Iterable[str]:
    return (str(source.get(name)) for source in entry.sources for name in ("publisher", "title", "citation") if source.get(name))


def write_claims(c: Cursor, entry: Entry, matter: str, time_zone: str, position: int, **kwargs: Any) -> None:
    """The claims of an entry."""
    claims = list(claims_of(entry, matter, time_zone, position, **kwargs))
    c.executemany(_INSERT_CLAIMS, map(claim_row, claims))
    c.executemany(_INSERT_FIELDS, {claim[:3] for claim in claims})


def _correct(c: Cursor, correction: EntryCorrected, original: Entry, matter: str, time_zone: str, position: int) -> None:
    corrected = replace(original, **correction.changes)
    ours = correction.slip == "ours"
    said = known_at(correction, time_zone)
    known = known_at(corrected, time_zone) if ours else max(said, known_at(corrected, time_zone))
    first = _withdraw(c, matter, original.key, Withdrawal(DAWN if ours else said, position))
    body = dump(content(corrected))
    write_row(c, corrected, matter, time_zone, position, first, known=known, body=body)
    write_claims(c, corrected, matter, time_zone, position, known=known, corrected_by=correction.key)
    _renew_notices(c, corrected, matter, time_zone, position, known)
    _notice(c, correction, original.key, matter, said, position, correction.reason)


def _retract(c: Cursor, retraction: EntryRetracted, original: Entry, matter: str, time_zone: str, position: int) -> None:
    ours = retraction.slip == "ours"
    said = known_at(retraction, time_zone)
    first = _withdraw(c, matter, original.key, Withdrawal(DAWN if ours else said, position))
    known = known_at(original, time_zone) if ours else max(said, known_at(original, time_zone))
    body = dump(content(original))
    write_row(c, original, matter, time_zone, position, first, known=known, retracted=True, body=body)
    _notice(c, retraction, original.key, matter, said, position, retraction.reason)


def _renew_notices(c: Cursor, corrected: Entry, matter: str, time_zone: str, position: int, known: int) -> None:
    notices = (notice._replace(known=known) for notice in notices_of(corrected, matter, time_zone, position))
    c.executemany(_INSERT_NOTICES, map(notice_row, notices))


def _notice(c: Cursor, amendment: Any, target: str, matter: str, known: int, position: int, text: str | None) -> None:
    notice = Notice(matter, target, amendment.kind, amendment.key, known, position, amendment.actor, None, text)
    c.executemany(_INSERT_NOTICES, [notice_row(notice)])


def _withdraw(c: Cursor, matter: str, key: str, withdrawal: Withdrawal) -> int:
    """Withdraw what an entry said until now; returns the position at which it was first recorded."""
    c.execute(
        "SELECT position, first_position, withdrawn FROM entries WHERE matter=? AND key=? AND position<?",
        (matter, key, withdrawal.position),
    )
    rows = c.fetchall()
    c.executemany(
        "UPDATE entries SET withdrawn=? WHERE matter=? AND key=? AND position=?",
        [(and_withdrawn(row[2], withdrawal), matter, key, row[0]) for row in rows],
    )
    _withdraw_rows(c, "claims", "entry", matter, key, withdrawal)
    _withdraw_rows(c, "notices", "key", matter, key, withdrawal)
    return rows[0][1]


def _withdraw_rows(c: Cursor, table: str, column: str, matter: str, key: str, withdrawal: Withdrawal) -> None:
    """Mark rows that came from an entry; grouped by what they already hold, since most hold nothing."""
    where = f"matter=? AND {column}=? AND position<?"
    c.execute(f"SELECT DISTINCT withdrawn FROM {table} WHERE {where}", (matter, key, withdrawal.position))
    for (former,) in [tuple(row) for row in c.fetchall()]:
        same = "withdrawn IS NULL" if former is None else "withdrawn=?"
        values = (and_withdrawn(former, withdrawal), matter, key, withdrawal.position, *(() if former is None else (former,)))
        c.execute(f"UPDATE {table} SET withdrawn=? WHERE {where} AND {same}", values)
