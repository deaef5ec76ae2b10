"""From the tables to facts at a point."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.instants import DAWN, day_in, end_of, start_of
from projections.engine import Claim, Fact, Notice, Point, held, is_visible, winner
from projections.read_model.rows import CLAIM_COLUMNS, NOTICE_COLUMNS, row_claim, row_notice, withdrawals


class Rows:
    """A snapshot to read from: `rows(sql, parameters)` yields rows lazily.

    `groups` are those whose private matters are seen beside the public ones; None sees all. Whatever names a matter, or reads
    across matters, goes through `matters`, `matter_named` or `_seen`, so what is private to others is not there at all.
    """

    def __init__(self, run: Callable[..., Iterator[Sequence[Any]]], groups: frozenset[str] | None = None) -> None:
        self._run = run
        self.groups = groups

    def __call__(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Sequence[Any]]:
        """Run SQL with its parameters."""
        return self._run(sql, parameters)


def _seen(rows: Rows) -> tuple[str, tuple[str, ...]]:
    """A condition on the table `matters`, and its values: those that are seen."""
    if rows.groups is None:
        return "1=1", ()
    marks = _marks(sorted(rows.groups))
    return f"(audience IS NULL OR audience IN ({marks}))", tuple(sorted(rows.groups))


def _of_seen(rows: Rows) -> tuple[str, tuple[str, ...]]:
    """A condition on the column `matter` of any table, and its values."""
    if rows.groups is None:
        return "1=1", ()
    condition, values = _seen(rows)
    return f"matter IN (SELECT slug FROM matters WHERE {condition})", values


_WALK_BACK = f"""SELECT {CLAIM_COLUMNS} FROM claims
    WHERE matter=? AND subject=? AND field=? AND start<=? AND known<=? AND position<=?
    ORDER BY start DESC, known DESC, rank DESC, position DESC"""
_NEWEST = f"""SELECT {", ".join("c." + name for name in CLAIM_COLUMNS.split(", "))} FROM fields f CROSS JOIN claims c
    ON c.matter=f.matter AND c.subject=f.subject AND c.field=f.field AND (c.start, c.known, c.rank, c.position) =
    (SELECT start, known, rank, position FROM claims n WHERE n.matter=f.matter AND n.subject=f.subject AND n.field=f.field
     AND n.start<=? AND n.known<=? AND n.position<=? ORDER BY start DESC, known DESC, rank DESC, position DESC LIMIT 1)
    WHERE f.matter=?"""
"""The newest candidate of every field; nearly always the one that holds."""
EVER = 2**62


@dataclass(frozen=True)
class MatterRow:
    """A matter's own fields."""

    slug: str
    title: str
    summary: str
    time_zone: str
    jurisdiction: str
    position: int
    group: str | None = None


@dataclass(frozen=True)
class EntryRow:
    """An entry as it reads from `position` on; `body` is None where the stored event itself says it all.

    `since` is the instant from which it has both happened and is known.
    """

    matter: str
    key: str
    position: int
    first_position: int
    kind: str
    known: int
    starts: int
    since: int
    retracted: bool
    own_slip: bool
    body: str | None
    withdrawn: tuple


_ENTRY = "matter, key, position, first_position, kind, known, starts, since, retracted, own_slip, body, withdrawn"


def _entry_row(row: Sequence[Any]) -> EntryRow:
    return EntryRow(*row[:8], bool(row[8]), bool(row[9]), row[10], withdrawals(row[11]))


def matters(rows: Rows, position: int | None = None) -> list[MatterRow]:
    """Every matter on record up to a position of the log, in the order in which they were opened."""
    upto = EVER if position is None else position
    seen, values = _seen(rows)
    sql = f"SELECT * FROM matters WHERE position<=? AND {seen} ORDER BY position"
    return [MatterRow(*row) for row in rows(sql, (upto, *values))]


def matter_named(rows: Rows, slug: str, position: int | None = None) -> MatterRow | None:
    """The matter of that slug, where it is on record up to a position of the log."""
    upto = EVER if position is None else position
    seen, values = _seen(rows)
    found = next(iter(rows(f"SELECT * FROM matters WHERE slug=? AND position<=? AND {seen}", (slug, upto, *values))), None)
    return MatterRow(*found) if found else None


def facts_at(
    rows: Rows, matter: str, at: Point, prefix: str | None = None, subject: str | None = None
) -> dict[tuple[str, str], Fact]:
    """The facts of a matter that hold at a point; with `prefix` only of the subjects under it, or only of one `subject`."""
    sql, values = _NEWEST, [at.as_of, at.known, _position(at), matter]
    if prefix:
        sql, values = sql + " AND f.subject>=? AND f.subject<?", [*values, prefix + ".", prefix + "/"]
    if subject:
        sql, values = sql + " AND f.subject=?", [*values, subject]
    newest = [row_claim(row) for row in rows(sql, values)]
    won = [found for claim in newest if (found := _winner(rows, claim, at))]
    return held(won, notices_about(rows, matter, {claim.entry for claim, _ in won}), at)


def titles_at(rows: Rows, matter: str, at: Point) -> dict[str, str]:
    """What the windows, rules and laws of a matter are called at a point, by subject."""
    newest = [row_claim(row) for row in rows(_NEWEST + " AND f.field='title'", [at.as_of, at.known, _position(at), matter])]
    won = (_winner(rows, claim, at) for claim in newest)
    return {found[0].subject: found[0].value for found in won if found}


def _winner(rows: Rows, newest: Claim, at: Point) -> tuple[Claim, bool] | None:
    """The newest candidate where it decides; else walk back."""
    return winner([newest], at) or winner(walk_back(rows, newest.matter, newest.subject, newest.field, at), at)


def _position(at: Point) -> int:
    return EVER if at.position is None else at.position


def walk_back(rows: Rows, matter: str, subject: str, field: str, at: Point) -> Iterator[Claim]:
    """The claims of one field back from the point, the greatest start first."""
    return map(row_claim, rows(_WALK_BACK, (matter, subject, field, at.as_of, at.known, _position(at))))


def claims_under(rows: Rows, matter: str, prefix: str, at: Point) -> dict[str, list[Claim]]:
    """Every claim about the subjects under a prefix that is seen at a point, by subject: those that hold there, held before, or are announced."""
    sql = f"SELECT {CLAIM_COLUMNS} FROM claims WHERE matter=? AND subject>=? AND subject<? AND known<=? AND position<=? ORDER BY start, rank, field"
    found: dict[str, list[Claim]] = {}
    for claim in map(row_claim, rows(sql, (matter, prefix + ".", prefix + "/", at.known, _position(at)))):
        if is_visible(claim, at):
            found.setdefault(claim.subject, []).append(claim)
    return found


def notices(rows: Rows, matter: str) -> list[Notice]:
    """Every notice of a matter, in the order in which they were recorded."""
    return [row_notice(row) for row in rows(f"SELECT {NOTICE_COLUMNS} FROM notices WHERE matter=? ORDER BY position", (matter,))]


def notices_about(rows: Rows, matter: str, keys: Collection[str]) -> list[Notice]:
    """The notices about those entries, in the order in which they were recorded."""
    found = []
    for batch in _batches(keys):
        sql = f"SELECT {NOTICE_COLUMNS} FROM notices WHERE matter=? AND target IN ({_marks(batch)}) ORDER BY position"
        found += map(row_notice, rows(sql, (matter, *batch)))
    return found


def _batches(keys: Collection[Any]) -> Iterator[list[Any]]:
    ordered = sorted(keys)
    return (ordered[n : n + 500] for n in range(0, len(ordered), 500))


def _marks(batch: Sequence[Any]) -> str:
    return ",".join("?" * len(batch))


def entries_at(rows: Rows, matter: str, at: Point) -> list[EntryRow]:
    """The entries of a matter that are known at a point, as they read there, in the order in which they happened."""
    sql = f"SELECT {_ENTRY} FROM entries WHERE matter=? AND known<=? ORDER BY starts, first_position"
    return [row for row in map(_entry_row, rows(sql, (matter, at.known))) if is_visible(row, at)]


def entries_named(rows: Rows, matter: str, keys: Collection[str], at: Point) -> list[EntryRow]:
    """The entries of those keys as they read at a point."""
    found = []
    for batch in _batches(keys):
        sql = f"SELECT {_ENTRY} FROM entries WHERE matter=? AND key IN ({_marks(batch)}) AND known<=?"
        found += [row for row in map(_entry_row, rows(sql, (matter, *batch, at.known))) if is_visible(row, at)]
    return found


def entries_alike(rows: Rows, matter: str, kind: str, at: Point, but: str) -> list[EntryRow]:
    """The other entries of a kind in a matter that are seen at a point."""
    sql = f"SELECT {_ENTRY} FROM entries WHERE matter=? AND kind=? AND key<>? AND withdrawn IS NULL ORDER BY first_position DESC LIMIT 500"
    return [row for row in map(_entry_row, rows(sql, (matter, kind, but))) if is_visible(row, at)]


def last_since(rows: Rows, matter: str, at: Point, until: int) -> EntryRow | None:
    """The entry of a matter that last came to count, happened and known, by an instant; of several the first recorded.

    Slips of ours, and what mends them, are left out: they are no news about the matter.
    """
    sql = f"SELECT {_ENTRY} FROM entries WHERE matter=? AND since<=? AND own_slip=0 ORDER BY since DESC, first_position"
    return next((row for row in map(_entry_row, rows(sql, (matter, until))) if is_visible(row, at)), None)


def first_since(rows: Rows, matter: str, at: Point, after: int) -> EntryRow | None:
    """The entry of a matter that first comes to count after an instant, among those known at a point; slips as in `last_since`."""
    sql = f"SELECT {_ENTRY} FROM entries WHERE matter=? AND since>? AND since<=? AND own_slip=0 ORDER BY since, first_position"
    return next((row for row in map(_entry_row, rows(sql, (matter, after, at.as_of))) if is_visible(row, at)), None)


def entry_rows(rows: Rows, matter: str, key: str) -> list[EntryRow]:
    """Every row of one entry, oldest first."""
    sql = f"SELECT {_ENTRY} FROM entries WHERE matter=? AND key=? ORDER BY position, known"
    return list(map(_entry_row, rows(sql, (matter, key))))


def day_known(row: EntryRow, time_zone: str) -> str:
    """The day from which an entry is known."""
    return day_in(row.known, time_zone).isoformat()


def withheld(rows: Rows, matter: str, at: Point) -> int:
    """How many entries of a matter are not seen at a point: known, or recorded, only after it."""
    return counted(rows, matter, None) - counted(rows, matter, at)


def counted(rows: Rows, matter: str, at: Point | None) -> int:
    """How many entries of a matter are seen at a point; all of them for None. At most one row of an entry is seen."""
    if at is None:
        return _first(rows, "SELECT COUNT(*) FROM entries WHERE matter=? AND position=first_position", matter)
    seen = "matter=? AND known<=? AND position<=?"
    values = (matter, at.known, _position(at))
    plain = _first(rows, f"SELECT COUNT(*) FROM entries WHERE {seen} AND withdrawn IS NULL", *values)
    others = rows(f"SELECT {_ENTRY} FROM entries WHERE {seen} AND withdrawn IS NOT NULL", values)
    return plain + sum(is_visible(row, at) for row in map(_entry_row, others))


def _first(rows: Rows, sql: str, *values: Any) -> Any:
    return next(iter(rows(sql, values)))[0]


def records_start(rows: Rows, matter: str, position: int | None) -> int | None:
    """The first instant of which this daybook, up to a position of the log, has anything known."""
    sql = "SELECT MIN(known) FROM entries WHERE matter=? AND position<=? AND retracted=0"
    return _first(rows, sql, matter, EVER if position is None else position)


def turns_of(rows: Rows, matter: str, prefix: str, subject: str | None = None) -> dict[str, set[int]]:
    """For each subject under a prefix, or that one, the instants at which what is claimed of it can change: known, begun or ended."""
    which, values = ("subject=?", (subject,)) if subject else ("subject>=? AND subject<?", (prefix + ".", prefix + "/"))
    sql = f"SELECT subject, start, known, ends, withdrawn FROM claims WHERE matter=? AND {which}"
    turns: dict[str, set[int]] = {}
    for name, start, known, ends, withdrawn in rows(sql, (matter, *values)):
        later = [w.known for w in withdrawals(withdrawn) if w.known > DAWN]
        turns.setdefault(name, set()).update((max(start, known), *(() if ends is None else (ends,)), *later))
    return turns


def recorded_since(rows: Rows, position: int, limit: int) -> list[EntryRow]:
    """Entries as they were first recorded after a position of the log, in its order."""
    sql = f"SELECT {_ENTRY} FROM entries WHERE first_position>? AND position=first_position ORDER BY first_position LIMIT ?"
    return list(map(_entry_row, rows(sql, (position, limit))))


def windows_touched(rows: Rows, matter: str, position: int) -> list[str]:
    """The windows of a matter of which something was claimed, or taken back, after a position of the log."""
    within = "matter=? AND subject>='windows.' AND subject<'windows/'"
    sql = f"""SELECT DISTINCT subject FROM claims WHERE {within} AND (position>? OR entry IN (
        SELECT target FROM notices WHERE matter=? AND position>?))"""
    return [subject.partition(".")[2] for (subject,) in map(tuple, rows(sql, (matter, position, matter, position)))]


def shared_since(rows: Rows, position: int) -> bool:
    """Whether anybody changed who sees a matter after a position of the log."""
    return bool(list(rows(f"SELECT 1 {_STORED} WHERE l.position>? AND s.topic='MatterShared' LIMIT 1", (position,))))


def position_at(rows: Rows, recorded: int) -> int:
    """The log's last position at an instant, 0 before the first: recorded instants rise with the positions."""
    low, high = 0, _first(rows, "SELECT COALESCE(MAX(position), 0) FROM ledger")
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if recorded_of(rows, middle) <= recorded else (low, middle - 1)
    return last_position(rows, low)


_STORED = "FROM ledger l JOIN stored_events s ON s.originator_id=l.stream AND s.originator_version=l.version"


def whole_log(rows: Rows) -> Iterator[Sequence[Any]]:
    """The log in order: (position, recorded, stream, version, kind, state)."""
    return rows(f"SELECT l.position, l.recorded, l.stream, l.version, s.topic, s.state {_STORED} ORDER BY l.position")


def stream_of(rows: Rows, stream: str) -> Iterator[Sequence[Any]]:
    """A stream's events in order: (stream, version, kind, state)."""
    sql = "SELECT originator_id, originator_version, topic, state FROM stored_events WHERE originator_id=? ORDER BY originator_version"
    return rows(sql, (stream,))


def recorded_at(rows: Rows, positions: Collection[int]) -> Iterator[Sequence[Any]]:
    """What was recorded at those positions: (position, kind, state)."""
    for batch in _batches(positions):
        yield from rows(f"SELECT l.position, s.topic, s.state {_STORED} WHERE l.position IN ({_marks(batch)})", batch)


def recorded_history(c: Any, matter: str, key: str) -> list[tuple[int, str, bytes]]:
    """An entry as recorded, then its corrections and retractions, in the order of the log: (position, kind, state)."""
    c.execute(
        f"""SELECT l.position, s.topic, s.state {_STORED} JOIN entries e ON e.first_position=l.position
        WHERE e.matter=? AND e.position=e.first_position AND (e.key=? OR e.key IN (
            SELECT key FROM notices WHERE matter=? AND target=? AND kind IN ('EntryCorrected', 'EntryRetracted')))
        ORDER BY l.position""",
        (matter, key, matter, key),
    )
    return [tuple(row) for row in c.fetchall()]


def last_position(rows: Rows, upto: int = EVER) -> int:
    """The log's last position up to another, 0 before the first; only of what is seen, so it tells nothing of the rest."""
    if rows.groups is None:
        return _first(rows, "SELECT COALESCE(MAX(position), 0) FROM ledger WHERE position<=?", upto)
    sql = "SELECT position FROM ledger WHERE stream=? AND position<=? ORDER BY version DESC LIMIT 1"
    found = [next(iter(rows(sql, (f"matter:{matter.slug}", upto))), (0,))[0] for matter in matters(rows)]
    return max(found, default=0)


def matter_version(rows: Rows, slug: str) -> int:
    """How many events the stream of a matter has."""
    return _first(rows, "SELECT COALESCE(MAX(version), 0) FROM ledger WHERE stream=?", f"matter:{slug}")


def recorded_of(rows: Rows, position: int) -> int | None:
    """When a position of the log was recorded."""
    found = next(iter(rows("SELECT recorded FROM ledger WHERE position=?", (position,))), None)
    return found[0] if found else None


def alerts(rows: Rows, until: str, limit: int, person: str | None = None, upto: int = EVER) -> list[tuple[int, dict[str, Any]]]:
    """The alerts raised for a person (None: the daybook's own), and steps passed, up to a day, the newest first: (position, body)."""
    seen, values = _of_seen(rows)
    whose, who = ("person IS NULL", ()) if person is None else ("person=?", (person,))
    sql = (
        f"SELECT position, body FROM alerts WHERE told_on<=? AND {whose} AND position<=? AND {seen} ORDER BY position DESC LIMIT ?"
    )
    return [(row[0], json.loads(row[1])) for row in rows(sql, (until, *who, upto, *values, limit))]


def latest(rows: Rows, limit: int) -> list[EntryRow]:
    """The entries recorded last, as they read now, the newest first."""
    seen, values = _of_seen(rows)
    sql = f"SELECT {_ENTRY} FROM entries WHERE withdrawn IS NULL AND {seen} ORDER BY first_position DESC LIMIT ?"
    return list(map(_entry_row, rows(sql, (*values, limit))))


def search(
    rows: Rows, *, matter: str | None, kind: str | None, words: Sequence[str], since: date | None, until: date | None,
    after: int, limit: int,
) -> list[EntryRow]:  # fmt: skip
    """Entries as they read now, by the position at which they were first recorded; days are of each matter's zone."""
    seen, seen_values = _of_seen(rows)
    where, values = ["withdrawn IS NULL", "first_position>?", seen], [after, *seen_values]
    for sql, value in (("matter=?", matter), ("kind=?", kind)):
        if value is not None:
            where.append(sql)
            values.append(value)
    for word in words:
        where.append("search LIKE ? ESCAPE '!'")
        values.append(f"%{_literal(word.lower())}%")
    if since or until:
        days, bounds = _between(rows, since, until)
        where.append(days)
        values += bounds
    sql = f"SELECT {_ENTRY} FROM entries WHERE {' AND '.join(where)} ORDER BY first_position LIMIT ?"
    return list(map(_entry_row, rows(sql, (*values, limit))))


def _between(rows: Rows, since: date | None, until: date | None) -> tuple[str, list[Any]]:
    """A condition that an entry happened between two days, whichever instants those are in its matter's zone."""
    parts, values = [], []
    for (zone,) in [tuple(row) for row in rows("SELECT DISTINCT time_zone FROM matters")]:
        starts, ends = start_of(since, zone) if since else DAWN, end_of(until, zone) if until else EVER
        parts.append("(matter IN (SELECT slug FROM matters WHERE time_zone=?) AND starts BETWEEN ? AND ?)")
        values += [zone, starts, ends]
    return f"({' OR '.join(parts) or '1=0'})", values


def _literal(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
