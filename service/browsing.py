"""Lists: matters, entries, deadlines, and the changes before and after a day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.errors import BadValue, NotFound
from domain.instants import day_in, end_of, start_of
from importers.schemas import kind_named
from projections.deadlines import soonest
from projections.engine import Point, is_visible
from projections.read_model import reading
from projections.read_model.reading import EntryRow, MatterRow, Rows
from projections.tree import split, state_of
from projections.views import VIEWS
from projections.windows import RUNNING, STATUSES, deadline
from service.asking import Question
from service.entries import briefs, event_id, whole
from service.log import Readable
from service.reading import matter_at, matters_for, no_such_matter, point, recorded_text

ALL = "all"
"""Asks for windows of every status."""


@dataclass(frozen=True)
class Filter:
    """Which entries to list: each None asks for all. `after` is a position of the log, `limit` at most 500."""

    matter: str | None = None
    kind: str | None = None
    q: str | None = None
    since: date | None = None
    until: date | None = None
    after: int = 0
    limit: int = 100


def matters(log: Readable, question: Question) -> list[dict[str, Any]]:
    """Every matter with its last entry and its next deadline at the point."""
    with log.reading() as rows:
        return [_matter(log, rows, row, question) for row in reading.matters(rows, question.position(rows))]


def matter(log: Readable, slug: str, question: Question) -> dict[str, Any]:
    """One matter, as in `matters`; raises `NotFound`."""
    with log.reading() as rows:
        return _matter(log, rows, matter_row(rows, slug, question.position(rows)), question)


def matter_row(rows: Rows, slug: str, position: int | None = None) -> MatterRow:
    """The matter of that slug, on record up to a position of the log; raises `NotFound`."""
    found = reading.matter_named(rows, slug, position)
    if found is None:
        raise no_such_matter(rows, slug)
    return found


def _matter(log: Readable, rows: Rows, row: MatterRow, question: Question) -> dict[str, Any]:
    position = question.position(rows)
    there = matter_at(log, rows, row, question, position, under="windows")
    last = reading.last_since(rows, row.slug, there.at, there.at.as_of)
    running = [window for window in soonest([there]) if window.status in RUNNING and window.due]
    return {
        "slug": row.slug,
        "title": row.title,
        "summary": row.summary,
        "time_zone": row.time_zone,
        "jurisdiction": row.jurisdiction,
        "group": row.group,
        "version": reading.matter_version(rows, row.slug),
        "events": reading.counted(rows, row.slug, there.at),
        "last_event": listed(log, rows, [last], [row], question)[0] if last else None,
        "next_deadline": split(deadline(running[0]))[0] if running else None,
    }


def listed(
    log: Readable, rows: Rows, found: Sequence[EntryRow], asked: Sequence[MatterRow], question: Question
) -> list[dict[str, Any]]:
    """Entry rows as briefs, in the order given."""
    position = question.position(rows)
    shown = {}
    for matter in asked:
        its = [row for row in found if row.matter == matter.slug]
        at = question.at(matter.time_zone, position)
        shown |= {b["id"]: b for b in (briefs(log, rows, its, matter, at, question.knows_all(matter.time_zone)) if its else ())}
    return [shown[event_id(row.matter, row.key)] for row in found]


def events(log: Readable, wanted: Filter, question: Question) -> tuple[list[dict[str, Any]], int | None]:
    """A page of whole entries as they read now, in the order of the log, and the position to go on after (None at the end)."""
    if wanted.kind is not None:
        kind_named(wanted.kind)
    with log.reading() as rows:
        asked = reading.matters(rows)
        if wanted.matter is not None:
            matter_row(rows, wanted.matter)
        found = reading.search(
            rows,
            matter=wanted.matter,
            kind=wanted.kind,
            words=(wanted.q or "").split(),
            since=wanted.since,
            until=wanted.until,
            after=wanted.after,
            limit=wanted.limit + 1,
        )
        page = found[: wanted.limit]
        more = page[-1].first_position if len(found) > wanted.limit else None
        by_slug = {row.slug: row for row in asked}
        return [_whole(log, rows, row, by_slug[row.matter], question) for row in page], more


def latest(log: Readable, limit: int, question: Question) -> list[dict[str, Any]]:
    """The entries recorded last, the newest first, each with the instant of its record."""
    with log.reading() as rows:
        found = reading.latest(rows, limit)
        shown = listed(log, rows, found, reading.matters(rows), question)
        return [entry | {"recorded": recorded_text(reading.recorded_of(rows, entry["position"]))} for entry in shown]


def headlines(log: Readable, question: Question, ids: Collection[str]) -> dict[str, str]:
    """What entries are called at the point, by id; those that are not seen there are left out."""
    with log.reading() as rows:
        position, named = question.position(rows), {}
        for matter in reading.matters(rows, position):
            keys = {each.partition(".")[2] for each in ids if each.startswith(matter.slug + ".")}
            at = question.at(matter.time_zone, position)
            found = reading.entries_named(rows, matter.slug, keys, at) if keys else []
            shown = briefs(log, rows, found, matter, at, knows_all=False) if found else []
            named |= {entry["id"]: entry["headline"] for entry in shown}
        return named


def event(log: Readable, event_id: str, question: Question) -> dict[str, Any]:
    """One entry with all its dates, sources, amendments and its standing at the point; raises `NotFound`."""
    slug, _, key = event_id.partition(".")
    with log.reading() as rows:
        its = reading.matter_named(rows, slug)
        at = question.at(its.time_zone, question.position(rows)) if its else None
        every = reading.entry_rows(rows, slug, key) if its else []
        known = [row for row in every if is_visible(row, at)]
        if not every:
            raise NotFound(f"There is no event “{event_id[:120]}”.", "id")
        if not known:
            raise NotFound(f"The event “{event_id[:120]}” was not known at this point.", "id")
        return _whole(log, rows, known[-1], its, question)


def _whole(log: Readable, rows: Rows, row: EntryRow, matter: MatterRow, question: Question) -> dict[str, Any]:
    at = question.at(matter.time_zone, question.position(rows))
    return whole(log, rows, row, matter, at, question.knows_all(matter.time_zone))


def point_of(log: Readable, question: Question, matter: str | None = None) -> dict[str, Any]:
    """The point of a question about every entry, or those of a matter; raises `NotFound` for an unknown one."""
    with log.reading() as rows:
        position = question.position(rows)
        return point(rows, matters_for(rows, VIEWS["timeline"], matter, position), question, position)


def deadlines(
    log: Readable, question: Question, within: int | None = None, status: str | None = None, matter: str | None = None
) -> dict[str, Any]:
    """The windows at a point by due date: running ones, or those of a `status` (or `all`).

    `within` leaves those that are due within so many days of the day asked about.
    """
    if status not in (None, ALL, *STATUSES):
        raise BadValue(f"“{status[:40]}” is not a status. Known: {', '.join((*STATUSES, ALL))}.", "status")
    wanted = STATUSES if status == ALL else (status,) if status else RUNNING
    with log.reading() as rows:
        position = question.position(rows)
        asked = matters_for(rows, VIEWS["deadlines"], matter, position)
        there = [matter_at(log, rows, row, question, position, under="windows") for row in asked]
        found = [window for window in soonest(there) if window.status in wanted]
        if within is not None:
            found = [window for window in found if window.due and 0 <= window.days_left <= within]
        state, leaves = split([deadline(window) for window in found])
        return {"point": point(rows, asked, question, position), "deadlines": state, "state_of": state_of(leaves)}


@dataclass(frozen=True)
class Neighbour:
    """A day on which something became known, and what."""

    day: date
    headline: str


def neighbours(log: Readable, question: Question, matter: str | None = None) -> tuple[Neighbour | None, Neighbour | None]:
    """The days of the last change before, and the first after, the day asked about; never one after today.

    A matter that is not on record has none: a view stands on its own matter even where that was never loaded.
    """
    with log.reading() as rows:
        asked = [row for row in reading.matters(rows) if matter in (None, row.slug)]
        before = [(_before(rows, row, question), row) for row in asked]
        after = [(_after(rows, row, question), row) for row in asked]
        last = max(((e, row) for e, row in before if e), key=lambda found: found[0].since, default=None)
        first = min(((e, row) for e, row in after if e), key=lambda found: found[0].since, default=None)
        return _neighbour(log, rows, last, question), _neighbour(log, rows, first, question)


def _before(rows: Rows, row: MatterRow, question: Question) -> EntryRow | None:
    dawn = start_of(question.day(row.time_zone), row.time_zone) - 1
    return reading.last_since(rows, row.slug, question.at(row.time_zone, question.position(rows)), dawn)


def _after(rows: Rows, row: MatterRow, question: Question) -> EntryRow | None:
    zone = row.time_zone
    night, today_ends = end_of(question.day(zone), zone), end_of(day_in(question.now, zone), zone)
    return reading.first_since(rows, row.slug, Point(today_ends, today_ends, question.position(rows)), night)


def _neighbour(log: Readable, rows: Rows, found: tuple[EntryRow, MatterRow] | None, question: Question) -> Neighbour | None:
    if found is None:
        return None
    entry, row = found
    (shown,) = listed(log, rows, [entry], [row], question)
    return Neighbour(day_in(entry.since, row.time_zone), shown["headline"])
