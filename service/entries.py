"""Entries as readers see them: as posted, and what became of them."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from domain.events import ENVELOPE, Amendment, Entry, details_of
from domain.instants import day_in, moment, start_of
from domain.known import known_at
from domain.when import days_between, read_when
from projections.engine import Notice, Point, amended, is_visible
from projections.headlines import Titles, cause, headline
from projections.read_model import reading
from projections.read_model.reading import EntryRow, MatterRow, Rows
from service.log import Readable, revive

_SHOWN = tuple(name for name in ENVELOPE if name not in ("actor", "idempotency_key", "visibility", "sources", "remarks"))


def bodies(log: Readable, rows: Rows, found: Sequence[EntryRow]) -> list[Entry]:
    """The entries of those rows, as they read there."""
    originals = log.originals(rows, (row.first_position for row in found))
    return [revive(row.kind, json.loads(row.body)) if row.body else originals[row.first_position] for row in found]


def event_id(matter: str, key: str) -> str:
    """The short address of an entry: `tiktok-divestiture.eo-14166`."""
    return f"{matter}.{key}"


def briefs(
    log: Readable, rows: Rows, found: Sequence[EntryRow], matter: MatterRow, at: Point, knows_all: bool
) -> list[dict[str, Any]]:
    """Entry rows of one matter as briefs, in the order given."""
    about = by_target(reading.notices_about(rows, matter.slug, {row.key for row in found}))
    read = list(zip(found, bodies(log, rows, found), strict=True))
    titles = titles_for(log, rows, matter.slug, at, [entry for _, entry in read])
    return [brief(row, entry, matter, about.get(row.key, ()), at, titles, knows_all) for row, entry in read]


def titles_for(log: Readable, rows: Rows, matter: str, at: Point, shown: Iterable[Entry]) -> Titles:
    """What windows, rules and laws are called at a point, and the entries that those shown are about."""
    titles = reading.titles_at(rows, matter, at)
    about = {key for entry in shown if isinstance(entry, Amendment) for key in entry.of}
    found = reading.entries_named(rows, matter, about, at) if about else []
    return titles | {f"entries.{entry.key}": headline(entry, titles) for entry in bodies(log, rows, found)}


def by_target(notices: Iterable[Notice]) -> dict[str, list[Notice]]:
    """Notices by the entry they are about."""
    about: dict[str, list[Notice]] = {}
    for notice in notices:
        about.setdefault(notice.target, []).append(notice)
    return about


def brief(
    row: EntryRow, entry: Entry, matter: MatterRow, notices: Iterable[Notice], at: Point, titles: Titles, remarks: bool = True
) -> dict[str, Any]:
    """An entry in a list: what, when, since when it is known, who says so, how it stands.

    Remarks are the editors' and were written with hindsight, so a question as known then leaves them out.
    """
    told = sources_by(entry, matter.time_zone, at)
    known_day = day_in(known_at(entry, matter.time_zone), matter.time_zone)
    occurred = read_when(entry.occurred)
    happened = day_in(row.starts, matter.time_zone)
    return {
        "id": event_id(row.matter, row.key),
        "matter": row.matter,
        "key": row.key,
        "kind": row.kind,
        "headline": headline(entry, titles),
        "cause": cause(entry, [source for source in told["sources"] if not source.get("published_later")]),
        "summary": entry.summary,
        "occurred": entry.occurred,
        "wording": entry.wording,
        "uncertain": not occurred.certain,
        "effective": entry.effective,
        "known": known_day.isoformat(),
        "since": day_in(row.since, matter.time_zone).isoformat(),
        "known_days_later": max(0, days_between(happened, known_day)) if occurred.certain else None,
        "standing": entry_standing(row, entry, notices, at),
        "own_slip": row.own_slip,
        "amended_by": [event_id(row.matter, notice.key) for notice in notices if is_visible(notice, at)],
        **told,
        "remarks": entry.remarks if remarks else None,
        "position": row.first_position,
    }


def sources_by(entry: Entry, time_zone: str, at: Point) -> dict[str, Any]:
    """{sources, later_sources}: those published by the point, and how many were published later and are left out.

    A later source says later things in its very title. One without a date, or that may be earlier, is kept. Where all are
    later (an order is printed days after it is signed) the first of them is kept and marked `published_later`.
    """
    kept = [source for source in entry.sources if not _is_later(source, time_zone, at)]
    if not kept and entry.sources:
        first = min(entry.sources, key=lambda source: start_of(read_when(source["published"]).first, time_zone))
        kept = [first | {"published_later": True}]
    return {"sources": kept, "later_sources": len(entry.sources) - len(kept)}


def _is_later(source: dict[str, Any], time_zone: str, at: Point) -> bool:
    published = source.get("published")
    return bool(published) and start_of(read_when(published).first, time_zone) > at.known


def entry_standing(row: EntryRow, entry: Entry, notices: Iterable[Notice], at: Point) -> str:
    """How an entry as a whole stands at a point."""
    if row.retracted:
        return "retracted"
    return amended({notice.kind for notice in notices if is_visible(notice, at)}, entry.standing)


def whole(log: Readable, rows: Rows, row: EntryRow, matter: MatterRow, at: Point, knows_all: bool) -> dict[str, Any]:
    """An entry with everything that it says, as posted, and its amendments."""
    (entry,) = bodies(log, rows, [row])
    original = log.originals(rows, [row.first_position])[row.first_position]
    details = {name: getattr(entry, name) for name in details_of(type(entry)) if getattr(entry, name) is not None}
    nested = details if isinstance(entry, Amendment) else {"details": details}
    recorded = reading.recorded_of(rows, row.first_position)
    notices = [notice for notice in reading.notices_about(rows, matter.slug, [row.key]) if is_visible(notice, at)]
    (told,) = briefs(log, rows, [row], matter, at, knows_all)
    return (
        told
        | {name: getattr(entry, name) for name in _SHOWN}
        | nested
        | {
            "recorded": moment(recorded).isoformat() if recorded is not None else None,
            "actor": original.actor,
            "time_zone": matter.time_zone,
            "amendments": [_amendment(notice, matter) for notice in notices],
            "original": _as_first_recorded(original, entry) if knows_all else {},
        }
    )


def _amendment(notice: Notice, matter: MatterRow) -> dict[str, Any]:
    return {
        "id": event_id(matter.slug, notice.key),
        "kind": notice.kind,
        "by": notice.by if notice.kind in ("ReportDenied", "ReportConfirmed") else None,
        "statement": notice.statement,
        "scope": list(notice.scope) if notice.scope else None,
        "known": day_in(notice.known, matter.time_zone).isoformat(),
    }


def _as_first_recorded(original: Entry, entry: Entry) -> dict[str, Any]:
    """What the entry said before it was corrected, for the fields that differ."""
    names = (*_SHOWN, *details_of(type(entry)))
    return {name: getattr(original, name) for name in names if getattr(original, name) != getattr(entry, name)}
