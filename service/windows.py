"""One window at a point: its deadline, its history, and the other windows that the same document opened."""

from dataclasses import asdict
from typing import Any

from domain.errors import NotFound
from projections.engine import Claim
from projections.read_model import reading
from projections.read_model.reading import MatterRow, Rows
from projections.tree import split, state_of
from projections.views import VIEWS
from projections.window_history import Move, ahead, history
from projections.windows import Window, deadline, windows
from service.asking import Question
from service.browsing import matter_row
from service.entries import briefs, event_id
from service.log import Readable
from service.reading import matter_at, matters_for, point


def window(log: Readable, slug: str, name: str, question: Question) -> dict[str, Any]:
    """{point, window, state_of, rule, steps, ends, history, ahead, siblings, successor} of one window at a point; raises `NotFound`.

    `window` is as in `deadlines`; `rule` and `steps` say how its date is counted; `ends` is the first instant at which it is over;
    `history` and `ahead` are as in `histories`; `siblings` the other windows of its document, `successor` the one that superseded it.
    """
    with log.reading() as rows:
        position = question.position(rows)
        row = matter_row(rows, slug, position)
        found = {each.id: each for each in windows(matter_at(log, rows, row, question, position, under="windows"))}
        if name not in found:
            raise _no_such_window(row, name, list(found))
        its = found[name]
        successor = found.get(its.value("superseded_by"))
        state, leaves = split(deadline(its))
        return {
            "point": point(rows, [row], question, position),
            "window": state,
            "state_of": state_of(leaves),
            "rule": asdict(its.period) if its.period else None,
            "steps": list(its.steps),
            "ends": its.ends_at.isoformat() if its.ends_at else None,
            **_lives(log, rows, row, [its], question)[state["id"]],
            "siblings": [_beside(each) for each in found.values() if each is not its and _same_document(each, its)],
            "successor": _beside(successor) if successor else None,
        }


def histories(log: Readable, question: Question, matter: str | None = None) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """{history, ahead} of every window at a point, by the id of its deadline.

    A move is {what, on, known, event, headline, standing, occurred, by, before, due, stated, until, note, steps}, the first first;
    `ahead` are those announced for a later day.
    """
    with log.reading() as rows:
        position = question.position(rows)
        lives: dict[str, Any] = {}
        for row in matters_for(rows, VIEWS["deadlines"], matter, position):
            there = matter_at(log, rows, row, question, position, under="windows")
            lives |= _lives(log, rows, row, windows(there), question)
        return lives


def _no_such_window(row: MatterRow, name: str, some: list[str]) -> NotFound:
    known = f" It has: {', '.join(some[:8])}." if some else ""
    return NotFound(f"The matter “{row.title}” has no window “{name[:80]}” at this point.{known}", "window")


def _lives(log: Readable, rows: Rows, row: MatterRow, found: list[Window], question: Question) -> dict[str, Any]:
    """The moves so far, and those announced, of windows of one matter, with what is shown of the entries behind them."""
    at = question.at(row.time_zone, question.position(rows))
    claims = reading.claims_under(rows, row.slug, "windows", at)
    moves = {its.deadline_id: _moves(its, claims.get(f"windows.{its.id}", [])) for its in found}
    keys = {move.event for life in moves.values() for each in life.values() for move in each if move.event}
    entries = briefs(log, rows, reading.entries_named(rows, row.slug, keys, at), row, at, question.knows_all(row.time_zone))
    shown = {entry["key"]: entry for entry in entries}
    return {
        name: {when: [_told(row.slug, move, shown.get(move.event)) for move in each] for when, each in life.items()}
        for name, life in moves.items()
    }


def _moves(its: Window, claims: list[Claim]) -> dict[str, list[Move]]:
    return {"history": history(its, claims), "ahead": ahead(its, claims)}


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


def _beside(window: Window) -> dict[str, Any]:
    return {"window": window.id, "title": window.value("title"), "status": window.status, "due": window.due_text}
