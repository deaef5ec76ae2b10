"""A view at a point: the one path from a question to an answer, which pages, API, command line, diff and alerts share."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from domain.errors import NotFound
from domain.instants import day_in, moment
from projections.engine import Fact, Notice, Point, is_visible
from projections.matter_at import MatterAt
from projections.read_model import reading
from projections.read_model.reading import MatterRow, Rows
from projections.tree import Derived, ids_of, split, state_of
from projections.views import View, view_named
from service.asking import Question
from service.entries import briefs
from service.log import Readable


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
        return {
            "view": self.view.name,
            "point": self.point,
            "state": self.state,
            "state_of": state_of(self.leaves),
            "events": self.events,
        }


def answer(log: Readable, name: str, question: Question, matter: str | None = None) -> Answer:
    """The view of that name at the question's point; raises `NotFound` for an unknown view or matter."""
    view = view_named(name)
    with log.reading() as rows:
        return answer_in(log, rows, view, question, matter)


def answer_in(log: Readable, rows: Rows, view: View, question: Question, matter: str | None) -> Answer:
    """As `answer`, within a snapshot that is being read."""
    position = question.position(rows)
    asked = matters_for(rows, view, matter, position)
    found = [matter_at(log, rows, row, question, position, view.reads, view.under) for row in asked]
    state, leaves = split(view.build(found or [_nothing(question)]))
    events = _events_behind(log, rows, asked, question, position, leaves)
    return Answer(view, point(rows, asked, question, position), state, leaves, events)


def matters_for(rows: Rows, view: View, matter: str | None, position: int | None = None) -> list[MatterRow]:
    """The matters that a view is made from: the one asked for, else its own, else all."""
    wanted = matter or view.matter
    if wanted is None:
        return reading.matters(rows, position)
    found = reading.matter_named(rows, wanted, position)
    if matter and not reading.matter_named(rows, matter):
        raise no_such_matter(rows, matter)
    return [found] if found else []


def no_such_matter(rows: Rows, slug: str) -> NotFound:
    """There is no matter of that slug; some that there are."""
    some = ", ".join(row.slug for row in reading.matters(rows)[:8])
    return NotFound(f"There is no matter “{slug[:80]}”." + (f" Matters: {some}." if some else ""), "matter")


def matter_at(
    log: Readable, rows: Rows, matter: MatterRow, question: Question, position: int | None,
    reads: Collection[str] = ("facts",), under: str | None = None,
) -> MatterAt:  # fmt: skip
    """One matter at the question's point, with what is to be read of it."""
    at = question.at(matter.time_zone, position)
    return MatterAt(
        matter.slug,
        matter.title,
        matter.time_zone,
        matter.jurisdiction,
        at,
        question.day(matter.time_zone),
        reading.facts_at(rows, matter.slug, at, under) if "facts" in reads else {},
        tuple(_notices(rows, matter.slug, at)) if "notices" in reads else (),
        tuple(_entries(log, rows, matter, question, at)) if "entries" in reads else (),
    )


def subject_at(rows: Rows, matter: MatterRow, subject: str, question: Question) -> MatterAt:
    """One matter at the question's point, with the facts about one subject alone."""
    at = question.at(matter.time_zone, None)
    facts = reading.facts_at(rows, matter.slug, at, subject=subject)
    return MatterAt(matter.slug, matter.title, matter.time_zone, matter.jurisdiction, at, question.day(matter.time_zone), facts)


def _notices(rows: Rows, matter: str, at: Point) -> list[Notice]:
    """What was said of entries that are seen at the point and not retracted there."""
    said = [notice for notice in reading.notices(rows, matter) if is_visible(notice, at)]
    about = reading.entries_named(rows, matter, {notice.target for notice in said}, at)
    standing = {row.key for row in about if not row.retracted}
    return [notice for notice in said if notice.target in standing]


def _entries(log: Readable, rows: Rows, matter: MatterRow, question: Question, at: Point) -> Iterator[tuple[int, dict[str, Any]]]:
    found = reading.entries_at(rows, matter.slug, at)
    shown = briefs(log, rows, found, matter, at, question.knows_all(matter.time_zone))
    return zip((row.starts for row in found), shown, strict=True)


def _nothing(question: Question) -> MatterAt:
    """What a view is made from where its matter is not on record."""
    return MatterAt("", "", "UTC", "US", question.at("UTC", None), question.day("UTC"), {})


def _events_behind(
    log: Readable, rows: Rows, asked: list[MatterRow], question: Question, position: int | None, leaves: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """The entries that the state rests on, each with its sources."""
    wanted = {event for leaf in leaves.values() for event in ids_of(leaf)}
    behind = []
    for matter in asked:
        keys = {event.partition(".")[2] for event in wanted if event.startswith(matter.slug + ".")}
        at = question.at(matter.time_zone, position)
        found = reading.entries_named(rows, matter.slug, keys, at)
        behind += briefs(log, rows, found, matter, at, question.knows_all(matter.time_zone)) if found else []
    return {entry["id"]: entry for entry in behind}


def point(rows: Rows, asked: list[MatterRow], question: Question, position: int | None) -> dict[str, Any]:
    """The point that an answer was taken at, and how much it withheld."""
    zones = list(dict.fromkeys(row.time_zone for row in asked))
    zone = zones[0] if len(zones) == 1 else None
    counted_in = zone or "UTC"
    starts = [reading.records_start(rows, row.slug, position) for row in asked]
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
