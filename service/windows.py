"""One window at a point: its deadline, its history, and the other windows that the same document opened."""

from dataclasses import asdict
from typing import Any

from domain.errors import NotFound
from projections.read_model import reading
from projections.read_model.reading import MatterRow, Rows
from projections.tree import split, state_of
from projections.window_history import Move, ahead, history
from projections.windows import Window, deadline, windows
from service.asking import Question
from service.browsing import matter_row
from service.entries import briefs, event_id
from service.log import Readable
from service.reading import matter_at, point


def window(log: Readable, slug: str, name: str, question: Question) -> dict[str, Any]:
    """{point, window, state_of, rule, steps, ends, history, ahead, siblings} of one window at a point; raises `NotFound`.

    `window` is as in `deadlines`; `rule` and `steps` say how its date is counted; `ends` is the first instant at which it is over. A move of its
    `history` is {what, on, known, event, headline, standing, occurred, by, before, due, stated, until, note, steps}, the first first; `ahead` are those announced for a later day.
    """
    with log.reading() as rows:
        position = question.position(rows)
        row = matter_row(rows, slug, position)
        there = matter_at(log, rows, row, question, position, under="windows")
        found = {each.id: each for each in windows(there)}
        if name not in found:
            raise _no_such_window(rows, row, name, list(found))
        its = found[name]
        state, leaves = split(deadline(its))
        return {
            "point": point(rows, [row], question, position),
            "window": state,
            "state_of": state_of(leaves),
            "rule": asdict(its.period) if its.period else None,
            "steps": list(its.steps),
            "ends": its.ends_at.isoformat() if its.ends_at else None,
            **_history(log, rows, row, its, question),
            "siblings": [_sibling(each) for each in found.values() if each is not its and _same_document(each, its)],
        }


def _no_such_window(rows: Rows, row: MatterRow, name: str, some: list[str]) -> NotFound:
    known = f" It has: {', '.join(some[:8])}." if some else ""
    return NotFound(f"The matter “{row.title}” has no window “{name[:80]}” at this point.{known}", "window")


def _history(log: Readable, rows: Rows, row: MatterRow, its: Window, question: Question) -> dict[str, list[dict[str, Any]]]:
    """The moves so far, and those announced, with what is shown of the entries behind them."""
    at = its.matter.at
    claims = reading.claims_about(rows, row.slug, f"windows.{its.id}", at)
    moves = {"history": history(its, claims), "ahead": ahead(its, claims)}
    keys = {move.event for each in moves.values() for move in each if move.event}
    found = reading.entries_named(rows, row.slug, keys, at)
    shown = {entry["key"]: entry for entry in briefs(log, rows, found, row, at, question.knows_all(row.time_zone))}
    return {name: [_told(row.slug, move, shown.get(move.event)) for move in each] for name, each in moves.items()}


def _told(slug: str, move: Move, entry: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "what": move.what,
        "on": move.on.isoformat(),
        "known": move.known.isoformat() if move.known else None,
        "event": event_id(slug, move.event) if move.event else None,
        "headline": entry["headline"] if entry else None,
        "occurred": entry["occurred"] if entry else None,
        "standing": entry["standing"] if entry else None,
        "by": move.by,
        "before": move.before,
        "due": move.due,
        "stated": move.stated,
        "until": move.until.isoformat() if move.until else None,
        "note": move.note,
        "steps": list(move.steps),
    }


def _same_document(window: Window, other: Window) -> bool:
    return bool(other.value("opened_by")) and window.value("opened_by") == other.value("opened_by")


def _sibling(window: Window) -> dict[str, Any]:
    return {"window": window.id, "title": window.value("title"), "status": window.status, "due": window.due_text}
