"""A view at a point: the one path from a question to an answer, which pages, API, command line, diff and alerts share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import NotFound
from domain.instants import day_in, moment
from projections.engine import Fact, Notice, Point
from projections.read_model import reading
from projections.read_model.reading import MatterRow, Rows
from projections.tree import Derived, Lane, ids_of, split, standing_of
from projections.views import View, view_named
from service.asking import Question
from service.entries import bodies, brief, event_id
from service.log import Log


@dataclass(frozen=True)
class Answer:
    """A view's state at a point, with the facts behind each of its values."""

    view: View
    point: dict[str, Any]
    state: dict[str, Any]
    leaves: dict[str, Fact | Derived]
    events: dict[str, dict[str, Any]]

    def body(self) -> dict[str, Any]:
        """The answer as plain JSON: `state_of` has standing and events under the same dotted paths as `state`."""
        state_of = {path: {"standing": standing_of(leaf), "events": ids_of(leaf)} for path, leaf in self.leaves.items()}
        return {"view": self.view.name, "point": self.point, "state": self.state, "state_of": state_of, "events": self.events}


def answer(log: Log, name: str, question: Question, matter: str | None = None) -> Answer:
    """The view of that name at the question's point; raises `NotFound` for an unknown view or matter."""
    view = view_named(name)
    with log.reading() as rows:
        return answer_in(log, rows, view, question, matter)


def answer_in(log: Log, rows: Rows, view: View, question: Question, matter: str | None) -> Answer:
    """As `answer`, within a snapshot that is being read."""
    asked = matters_for(rows, view, matter)
    position = question.position(rows)
    prefix = {"deadlines": "windows", "timeline": "\x00"}.get(view.name)
    lanes = [lane_at(log, rows, row, question, position, prefix, with_entries=view.name == "timeline") for row in asked]
    state, leaves = split(view.build(lanes or [_empty_lane(question)]))
    events = _events_behind(log, rows, asked, lanes, leaves, question)
    return Answer(view, point(rows, asked, question, position), state, leaves, events)


def matters_for(rows: Rows, view: View, matter: str | None) -> list[MatterRow]:
    """The matters that a view is made from: the one asked for, else its own, else all."""
    wanted = matter or view.matter
    if wanted is None:
        return reading.matters(rows)
    found = reading.matter_named(rows, wanted)
    if matter and not found:
        raise NotFound(f"There is no matter “{matter[:80]}”.", "matter")
    return [found] if found else []


def all_lanes(log: Log, question: Question, prefix: str | None = None) -> list[Lane]:
    """Every matter at the question's point; with `prefix`, only the facts under it."""
    with log.reading() as rows:
        position = question.position(rows)
        return [lane_at(log, rows, row, question, position, prefix) for row in reading.matters(rows)]


def lane_at(
    log: Log, rows: Rows, matter: MatterRow, question: Question, position: int | None,
    prefix: str | None = None, with_entries: bool = False,
) -> Lane:  # fmt: skip
    """One matter at the question's point."""
    at = question.at(matter.time_zone, position)
    notices = reading.notices(rows, matter.slug)
    entries = tuple(briefs(log, rows, matter, notices, at, question.knows_all(matter.time_zone))) if with_entries else ()
    return Lane(
        matter.slug,
        matter.title,
        matter.time_zone,
        matter.jurisdiction,
        at,
        question.day(matter.time_zone),
        {} if prefix == "\x00" else reading.facts_at(rows, matter.slug, at, prefix),
        tuple(notices),
        entries,
    )


def briefs(log: Log, rows: Rows, matter: MatterRow, notices: Sequence[Notice], at: Point, remarks: bool) -> list[dict[str, Any]]:
    """The entries of a matter at a point."""
    found = reading.entries_at(rows, matter.slug, at)
    about = by_target(notices)
    read = zip(found, bodies(log, rows, found), strict=True)
    return [brief(row, entry, matter, about.get(row.key, ()), at, remarks) for row, entry in read]


def by_target(notices: Sequence[Notice]) -> dict[str, list[Notice]]:
    """Notices by the entry they are about."""
    about: dict[str, list[Notice]] = {}
    for notice in notices:
        about.setdefault(notice.target, []).append(notice)
    return about


def _empty_lane(question: Question) -> Lane:
    return Lane("", "", "UTC", "US", question.at("UTC", None), question.day("UTC"), {})


def _events_behind(
    log: Log, rows: Rows, asked: list[MatterRow], lanes: list[Lane], leaves: dict[str, Any], question: Question
) -> dict[str, dict[str, Any]]:
    """The entries that the state rests on, each with its sources."""
    wanted = {event for leaf in leaves.values() for event in ids_of(leaf)}
    behind = {}
    for matter, lane in zip(asked, lanes, strict=True):
        mine = {event.partition(".")[2] for event in wanted if event.startswith(matter.slug + ".")}
        if not mine:
            continue
        found = reading.entries_named(rows, matter.slug, mine, lane.at)
        about, remarks = by_target(lane.notices), question.knows_all(matter.time_zone)
        for row, entry in zip(found, bodies(log, rows, found), strict=True):
            behind[event_id(row.matter, row.key)] = brief(row, entry, matter, about.get(row.key, ()), lane.at, remarks)
    return behind


def point(rows: Rows, asked: list[MatterRow], question: Question, position: int | None) -> dict[str, Any]:
    """The point that an answer was taken at, and how much it withheld."""
    zones = list(dict.fromkeys(row.time_zone for row in asked))
    zone = zones[0] if len(zones) == 1 else None
    counted_in = zone or "UTC"
    starts = [reading.records_start(rows, row.slug) for row in asked]
    first = min(((s, row.time_zone) for s, row in zip(starts, asked, strict=True) if s is not None), default=None)
    return {
        "as_of": question.when(counted_in).isoformat(),
        "known_on": _known_on(question, counted_in),
        "hindsight": question.hindsight,
        "recorded_at": question.recorded_at if isinstance(question.recorded_at, int | None) else question.recorded_at.isoformat(),
        "position": position if position is not None else reading.last_position(rows),
        "time_zone": zone,
        "time_zones": zones,
        "withheld": sum(reading.withheld(rows, row.slug, question.at(row.time_zone, position)) for row in asked),
        "records_start": day_in(*first).isoformat() if first else None,
        "future": question.is_future(counted_in),
    }


def _known_on(question: Question, time_zone: str) -> str:
    """The day (or instant) that knowledge was cut off at."""
    if question.hindsight or (question.known_on is None and question.is_future(time_zone)):
        return day_in(question.now, time_zone).isoformat()
    return (question.known_on or question.when(time_zone)).isoformat()


def recorded_text(recorded: int) -> str:
    """A recorded instant as ISO text in UTC."""
    return moment(recorded).isoformat()
