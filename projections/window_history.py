"""The history of a window at a point: who moved it, when, from what to what, and what followed from the days themselves."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby, zip_longest
from typing import Any

from domain.deadlines import became_known
from domain.instants import day_in
from domain.when import read_when
from projections.engine import Claim
from projections.matter_at import MatterAt
from projections.windows import CLOSED, Window

ACTS = ("suspended", *CLOSED)
"""The statuses that an entry claims, which say what was done."""
WHAT = {
    "opened": "Opened",
    "dated": "Date given",
    "extended": "Extended",
    "shortened": "Moved to an earlier day",
    "restated": "Stated again",
    "recounted": "Counted anew",
    "suspended": "Suspended",
    "resumed": "Running again",
    "superseded": "Superseded",
    "met": "Met",
    "withdrawn": "Withdrawn",
    "lapsed": "Date passed",
}
"""What a move of a window is called."""
DATED = ("opened", "dated", "extended", "shortened", "restated", "recounted")
"""The moves that give a due date."""


@dataclass(frozen=True)
class Move:
    """One step in the life of a window.

    `what` is opened, dated (its first date given), extended, shortened, restated, suspended, resumed, superseded, met, withdrawn,
    lapsed, or recounted: the calendar changed and with it a counted date. `on` is the day on which it took effect, `known` from when it could be known; `event` the key of
    the entry that did it, None for what follows from the days. `before` and `due` are due dates as written, `steps` how `due` was counted.
    """

    what: str
    on: date
    known: date | None = None
    event: str | None = None
    by: str | None = None
    before: str | None = None
    due: str | None = None
    stated: bool = False
    until: date | None = None
    note: str | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Said:
    """What one entry claims of a window, by field."""

    key: str
    claims: Mapping[str, Claim]

    def value(self, field: str) -> Any:
        claim = self.claims.get(field)
        return claim.value if claim else None

    @property
    def start(self) -> int:
        return min(claim.start for claim in self.claims.values())

    @property
    def known(self) -> int:
        return min(claim.known for claim in self.claims.values())

    @property
    def order(self) -> tuple[int, int]:
        return self.start, min(claim.rank for claim in self.claims.values())


def history(window: Window, claims: Iterable[Claim]) -> list[Move]:
    """The moves of a window, the first first, from the claims about it that are seen at the point."""
    said = _said(claim for claim in claims if claim.start <= window.matter.at.as_of)
    moves = [*_told(window, said), *_recounted(window, said), *_resumed(window.matter, said), *_lapsed(window)]
    return _in_order(moves)


def ahead(window: Window, claims: Iterable[Claim]) -> list[Move]:
    """What is announced at the point and begins only later, in order: a suspension from a day to come."""
    return list(_told(window, _said(claim for claim in claims if claim.start > window.matter.at.as_of)))


def _said(claims: Iterable[Claim]) -> list[_Said]:
    by_entry = groupby(sorted(claims, key=lambda claim: claim.entry), key=lambda claim: claim.entry)
    return sorted((_Said(key, {claim.field: claim for claim in its}) for key, its in by_entry), key=lambda its: its.order)


def _told(window: Window, said: list[_Said]) -> Iterator[Move]:
    for its in said:
        found = _dated(window, its) if "due" in its.claims or "rule" in its.claims else _undated(window.matter, its)
        if found:
            yield found


def _move(matter: MatterAt, its: _Said, what: str, **more: Any) -> Move:
    on, known = (day_in(instant, matter.time_zone) for instant in (its.start, its.known))
    return Move(what, on, known, its.key, **more)


def _dated(window: Window, its: _Said) -> Move:
    """An entry that gives a due date, or a rule for it."""
    what, stated = "opened" if "opens" in its.claims else "extended", its.value("due")
    counted = window.count(its.value("rule"), _first_day(window.matter, its))
    by = its.value("opened_by") or its.value("legal_basis")
    due = stated or (counted and counted.due)
    return _move(window.matter, its, what, by=by, due=due, stated=stated is not None, steps=counted.steps if counted else ())


def _first_day(matter: MatterAt, its: _Said) -> date:
    """The day on which what an entry gives first counted: known, and begun."""
    return min(day_in(max(its.known, its.start), matter.time_zone), matter.known_day)


def _undated(matter: MatterAt, its: _Said) -> Move | None:
    status = its.claims.get("status")
    if status is None or status.value not in ACTS:
        return _move(matter, its, "opened", by=its.value("opened_by")) if "opens" in its.claims else None
    until = day_in(status.end - 1, matter.time_zone) if status.end is not None else None
    note = its.value("evidence") or its.value("superseded_by")
    return _move(matter, its, status.value, by=its.value("closed_by") or its.value("suspended_by"), until=until, note=note)


def _recounted(window: Window, said: list[_Said]) -> Iterator[Move]:
    """Days on which a closing became known that moved a date which no document states."""
    dated = [its for its in said if "due" in its.claims or "rule" in its.claims]
    matter = window.matter
    for its, following in zip_longest(dated, dated[1:]):
        if not its.value("rule") or its.value("due"):
            continue
        last = day_in(following.start, matter.time_zone) if following else window.known_day
        yield from _recounts(window, its, _first_day(matter, its), min(last, window.known_day))


def _recounts(window: Window, its: _Said, first: date, last: date) -> Iterator[Move]:
    before = window.count(its.value("rule"), first)
    for day in became_known(first, last):
        after = window.count(its.value("rule"), day)
        if after and before and after.due != before.due:
            news = [closed.told() for closed in after.skipped if closed not in before.skipped]
            yield Move("recounted", day, day, None, None, before.due, after.due, note="; ".join(news) or None, steps=after.steps)
            before = after


def _resumed(matter: MatterAt, said: list[_Said]) -> Iterator[Move]:
    """A suspension with a last day is over after it, unless a longer one had begun or the window was closed."""
    spans = [its.claims["status"] for its in said if its.value("status") in ACTS]
    for span in spans:
        ended = span.end is not None and span.end <= matter.at.as_of
        if ended and not any(other.start <= span.end and (other.end is None or other.end > span.end) for other in spans):
            yield Move("resumed", day_in(span.end, matter.time_zone))


def _lapsed(window: Window) -> Iterator[Move]:
    if window.status == "lapsed":
        yield Move("lapsed", day_in(window.ends, window.matter.time_zone))


def _in_order(moves: list[Move]) -> list[Move]:
    """By day, each with the due date that it found and the one that it left."""
    found, due = [], None
    for move in sorted(moves, key=lambda move: (move.on, move.event is None)):
        found.append(replace(move, what=_kind(move, due), before=due, due=move.due or due))
        due = found[-1].due
    return found


def _kind(move: Move, before: str | None) -> str:
    """An extension to an earlier day shortens, one to the same day restates, and the first date given is that."""
    if move.what != "extended":
        return move.what
    if before is None:
        return "dated"
    if move.due == before:
        return "restated"
    return "shortened" if _latest(move.due) < _latest(before) else "extended"


def _latest(due: str | None) -> date:
    """The latest day that a due date may be; none known is the farthest."""
    latest = read_when(due).latest if due else None
    return latest.date() if isinstance(latest, datetime) else latest or date.max
