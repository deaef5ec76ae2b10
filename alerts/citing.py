"""The sources behind a window: of the entries that gave it its due date, or ended it."""

from collections.abc import Collection
from typing import Any

from projections.read_model import reading
from projections.read_model.reading import MatterRow, Rows
from service.asking import Question
from service.entries import briefs
from service.log import Readable

_SHOWN = ("headline", "standing", "sources", "later_sources")


def entries_of(there: dict[str, Any]) -> set[str]:
    """The ids of the entries that a window's life and due date rest on, of what `service.windows.window` answers."""
    return {move["event"] for move in there["history"] if move["event"]} | set(due_by(there))


def due_by(there: dict[str, Any]) -> list[str]:
    """The ids of the entries that give its due date."""
    return list((there["state_of"].get("due") or {}).get("events") or ())


def cited(log: Readable, rows: Rows, matter: MatterRow, ids: Collection[str], question: Question) -> dict[str, dict[str, Any]]:
    """Each entry of a matter by its id, as {headline, standing, sources, later_sources} at the point; those not seen there are left out."""
    at = question.at(matter.time_zone, question.position(rows))
    found = reading.entries_named(rows, matter.slug, {each.partition(".")[2] for each in ids}, at)
    told = briefs(log, rows, found, matter, at, question.knows_all(matter.time_zone))
    return {entry["id"]: {name: entry[name] for name in _SHOWN} for entry in told}
