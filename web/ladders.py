"""The history of windows as ladders of bars: a rung for each move, on one scale of days. Pure: plain values in, plain values out."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from domain.when import days_between, read_when
from projections.headlines import count
from projections.window_history import DATED, WHAT
from projections.windows import CLOSED
from web.lanes import Range


def ladder(its: dict[str, Any], moves: Sequence[dict[str, Any]], today: date) -> dict[str, Any]:
    """{window, rungs, as_of, first, last} of a window, as a deadline, and its history; places are percentages of the scale."""
    following = [date.fromisoformat(move["on"]) for move in moves[1:]]
    spans = [_span(move, its, until) for move, until in zip(moves, [*following, today], strict=True)]
    whole = Range(min(first for first, _ in spans), max(last for _, last in spans))
    leading = max((n for n, move in enumerate(moves) if move["what"] in DATED), default=None)
    rungs = [_rung(move, span, whole, its, n == leading) for n, (move, span) in enumerate(zip(moves, spans, strict=True))]
    as_of = whole.at(today, 1) if whole.holds(today) else None
    return {"window": its, "rungs": rungs, "as_of": as_of, "first": whole.first.isoformat(), "last": whole.last.isoformat()}


def _span(move: dict[str, Any], its: dict[str, Any], until: date) -> tuple[date, date]:
    """The days that a rung covers: from the move to the due date that it left, or through a suspension; else its own day.

    Without a date it runs `until` the next move, or the day asked about.
    """
    on = _began(move, its)
    if move["what"] in DATED and move["due"]:
        return min(on, _last(move["due"])), max(on, _last(move["due"]))
    if move["what"] in DATED or (move["what"] == "suspended" and not move["until"]):
        return on, max(on, until)
    return on, max(on, date.fromisoformat(move["until"])) if move["until"] else on


def _began(move: dict[str, Any], its: dict[str, Any]) -> date:
    return _last(its["opens"]) if move["what"] == "opened" and its["opens"] else date.fromisoformat(move["on"])


def _last(text: str) -> date:
    last = read_when(text).last
    return last.date() if isinstance(last, datetime) else last


def _rung(move: dict[str, Any], span: tuple[date, date], whole: Range, its: dict[str, Any], leads: bool) -> dict[str, Any]:
    first, last = span
    on = date.fromisoformat(move["on"])
    x = whole.at(first)
    return move | {
        "words": WHAT[move["what"]],
        "bar": move["what"] in (*DATED, "suspended"),
        "state": its["status"] if leads else "suspended" if move["what"] == "suspended" else "gone",
        "leads": leads,
        "x": x,
        "width": round(max(whole.at(last, 1) - x, 0.5), 2),
        "moved": _moved(move),
        "before_end": bool(move["due"]) and on < _last(move["due"]),
        "reaches_back": move["what"] == "opened" and bool(move["occurred"]) and move["on"] < move["occurred"][:10],
    }


def _moved(move: dict[str, Any]) -> str:
    """“+75 days”, where both due dates are certain."""
    if not (move["before"] and move["due"]) or move["before"] == move["due"]:
        return ""
    before, after = read_when(move["before"]), read_when(move["due"])
    if not (before.certain and after.certain):
        return ""
    days = days_between(_last(move["before"]), _last(move["due"]))
    return f"{'+' if days > 0 else '−'}{count(abs(days), 'day')}" if days else ""


def stages(history: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The moves that a window's bar on the timeline marks: those that gave a due date, and the one that closed it early."""
    return [
        {"event": m["event"], "headline": m["headline"] or WHAT[m["what"]], "day": m["on"], "due": m["due"] if m["what"] in DATED else None,
         "closes": m["what"] in CLOSED}
        for m in history
        if m["what"] in (*DATED, *CLOSED)
    ]  # fmt: skip
