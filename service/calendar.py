"""Windows for calendars: each with a sequence and an instant that rise whenever what is shown of it changes, from the log alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.instants import day_in, moment, over_at, start_of
from domain.when import read_when
from projections.engine import Claim, Fact, Point
from projections.matter_at import MatterAt
from projections.read_model import reading
from projections.read_model.changes import Recording, behind_windows, recordings_of, windows_ever
from projections.read_model.reading import MatterRow, Rows
from projections.tree import split
from projections.views import VIEWS
from projections.windows import CLOSED, Window, deadline, windows
from service.asking import Question
from service.browsing import matter_row
from service.entries import briefs, event_id
from service.log import Readable
from service.reading import matter_at, matters_for, recorded_text
from service.windows import histories

TURNS = 1000
"""So much a recording raises the sequence; in between it counts what the days themselves changed."""
Moves = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class _Matter:
    """A matter at the point, and what stands behind its windows: the keys of the entries of each, what each wrote, the visible claims."""

    rows: Rows
    row: MatterRow
    at: Point
    day: date
    keys: dict[str, set[str]]
    recordings: dict[str, set[Recording]]
    claims: dict[str, list[Claim]]

    def behind(self, window: str) -> list[tuple[Recording, str]]:
        """The recordings behind a window with the keys of their entries, the first first."""
        return sorted((each, key) for key in self.keys.get(window, ()) for each in self.recordings.get(key, ()))

    def as_it_was(self, window: str, position: int) -> Window | None:
        """A window of the point as the log had it up to a position, where it had a due date."""
        at = replace(self.at, position=position)
        facts = reading.facts_at(self.rows, self.row.slug, at, subject=f"windows.{window}")
        there = MatterAt(self.row.slug, self.row.title, self.row.time_zone, self.row.jurisdiction, at, self.day, facts)
        return next((its for its in windows(there) if its.due), None)


def now_at_the_latest(question: Question) -> Question:
    """The question, and where it names no point, this very moment: what is due at 18:00 is not over in the morning of that day."""
    if question.as_of is not None or question.known_on is not None or question.hindsight or question.recorded_at is not None:
        return question
    return replace(question, as_of=moment(question.now), hindsight=True)


def calendar(log: Readable, question: Question, matter: str | None = None) -> list[dict[str, Any]]:
    """Every window that has a due date at the point, or once had one by it; by due date. Raises `NotFound`.

    Each is as in `deadlines`, with `matter_title`, `moves` (as in `histories`), `steps`, `standing` and `said` of its due date ({kind, by,
    scope, event} of who denies or confirms it); of its last change `sequence`, `modified` (an instant), and the point that shows it so for
    ever (`as_of`, `position`); and `gone`: None, or {event, headline} of the entry that took its opening or its date back, where it is
    shown as it stood before that.
    """
    lives = histories(log, question, matter)
    found: list[dict[str, Any]] = []
    with log.reading() as rows:
        position = question.position(rows)
        for row in matters_for(rows, VIEWS["deadlines"], matter, position):
            there = windows(matter_at(log, rows, row, question, position, under="windows"))
            found += _of_matter(log, _matter(rows, row, question, position), [its for its in there if its.due], lives)
    return sorted(found, key=lambda each: (each["due"], each["id"]))


def names_ever(log: Readable, slug: str) -> set[str]:
    """The windows that a matter has or had; raises `NotFound` for a matter that is not there to see."""
    with log.reading() as rows:
        return windows_ever(rows, matter_row(rows, slug).slug)


def _matter(rows: Rows, row: MatterRow, question: Question, position: int | None) -> _Matter:
    at = question.at(row.time_zone, position)
    keys = behind_windows(rows, row.slug, reading.notices(rows, row.slug), position)
    written = recordings_of(rows, row.slug, {key for its in keys.values() for key in its}, position, at.known)
    claims = {subject.partition(".")[2]: its for subject, its in reading.claims_under(rows, row.slug, "windows", at).items()}
    return _Matter(rows, row, at, question.day(row.time_zone), keys, written, claims)


def _of_matter(log: Readable, matter: _Matter, there: list[Window], lives: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for its in there:
        yield _told(matter, its, lives.get(its.deadline_id, {}).get("history", [])) | {"gone": None}
    for window in sorted(matter.keys.keys() - {its.id for its in there}):
        for position in sorted({recording.position for recording, _ in matter.behind(window)}, reverse=True):
            if its := matter.as_it_was(window, position - 1):
                yield _told(matter, its, []) | {"gone": _why_gone(log, matter, window, position)}
                break


def _told(matter: _Matter, its: Window, moves: Moves) -> dict[str, Any]:
    state, _ = split(deadline(its))
    gives_due = its.fact(its.gives_due)
    more = {"steps": list(its.steps), "moves": list(moves), "standing": gives_due.standing, "said": _said(gives_due)}
    return state | {"matter_title": matter.row.title} | more | _changes(matter, its, moves)


def _said(fact: Fact) -> list[dict[str, Any]]:
    return [
        {"kind": n.kind, "by": n.by, "scope": list(n.scope) if n.scope else None, "event": event_id(n.matter, n.key)}
        for n in fact.notices
    ]


def _changes(matter: _Matter, its: Window, moves: Moves) -> dict[str, Any]:
    """{sequence, modified, as_of, position}: what was recorded comes first, whatever it undoes, then the turns of the days."""
    behind = {recording for recording, _ in matter.behind(its.id)}
    turns = _turns(its, matter.claims.get(its.id, []), moves, matter.at)
    zone = matter.row.time_zone
    instants = [max(reading.recorded_of(matter.rows, each.position), start_of(day_in(each.known, zone), zone)) for each in behind]
    last = max([*instants, *turns])
    return {
        "sequence": (len(behind) - 1) * TURNS + min(len(turns), TURNS - 1),
        "modified": recorded_text(last),
        "as_of": min(matter.day, day_in(last, zone)).isoformat(),
        "position": max(each.position for each in behind),
    }


def _turns(its: Window, claims: Sequence[Claim], moves: Moves, at: Point) -> set[int]:
    """The instants up to the point at which what stands on record came to count, ended, ran out, or was counted anew."""
    zone = its.matter.time_zone
    found = {claim.start for claim in claims if claim.start > claim.known}
    found |= {claim.end for claim in claims if claim.end is not None}
    found |= {
        start_of(date.fromisoformat(move["on"]), zone) for move in moves if move["event"] is None and move["what"] != "lapsed"
    }
    found |= set(_run_out(its, moves))
    found |= {start_of(read_when(claim.value).last, zone) for claim in claims if claim.field == "opens" and claim.value}
    begun = min((max(claim.start, claim.known) for claim in claims), default=at.as_of)
    return {instant for instant in found if begun < instant <= at.as_of}


def _run_out(its: Window, moves: Moves) -> Iterator[int]:
    """When each due date that it had was over, unless it had moved or the window was closed by then."""
    zone = its.matter.time_zone
    dated = [n for n, move in enumerate(moves) if move["due"] and move["due"] != move["before"]]
    for n in dated:
        latest = read_when(moves[n]["due"]).latest
        over = over_at(latest, its.value("due_is"), zone) if latest else None
        ends = [date.fromisoformat(move["on"]) for m, move in enumerate(moves) if m > n and (m in dated or move["what"] in CLOSED)]
        if over is not None and not any(start_of(day, zone) <= over for day in ends):
            yield over


def _why_gone(log: Readable, matter: _Matter, window: str, position: int) -> dict[str, Any]:
    """The entry that was recorded at a position."""
    row, rows = matter.row, matter.rows
    first = {key: min(each.position for each in matter.recordings[key]) for _, key in matter.behind(window)}
    key = next(key for key, there in first.items() if there == position)
    shown = briefs(log, rows, reading.entries_named(rows, row.slug, [key], matter.at), row, matter.at, knows_all=False)
    return {"event": event_id(row.slug, key), "headline": shown[0]["headline"] if shown else None}
