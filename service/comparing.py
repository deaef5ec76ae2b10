"""The diff of a view between two points, as data and in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from projections.sentences import called, sentence
from projections.tree import has_id, ids_of, join
from projections.views import view_named
from service.asking import Question
from service.log import Readable
from service.reading import Answer, answer_in

FOLLOWS = frozenset(
    (
        "days_left", "working_days_left", "next_deadline", "extensions", "condition_by", "legal_basis", "stated", "computed",
        "events", "amended_by", "position", "remarks", "sources", "later_sources", "cause", "earlier", "rescission_announced_by", "replaced_by",
    )
)  # fmt: skip
"""Values that follow from others or change every day of themselves; they are no change of their own."""


@dataclass(frozen=True)
class Change:
    """One value that differs: its path, what it was and is, and what the thing that has it is called."""

    path: str
    before: Any
    after: Any
    of: str | None = None


def diff(log: Readable, name: str, before: Question, after: Question, matter: str | None = None) -> dict[str, Any]:
    """What differs between two points of a view: {from, to, changes: [{field, before, after, events, sentence}]}."""
    view = view_named(name).for_comparing()
    with log.reading() as rows:
        first, second = (answer_in(log, rows, view, question, matter) for question in (before, after))
    return {"view": name, "from": first.point, "to": second.point, "changes": changes(first, second)}


def changes(first: Answer, second: Answer) -> list[dict[str, Any]]:
    """The changes from one answer to another. A thing that appears, goes or is replaced is one change."""
    return [_told(change, first, second) for change in _compare("", first.state, second.state, None)]


def _told(change: Change, first: Answer, second: Answer) -> dict[str, Any]:
    events = _events(first, second, change.path)
    causes = [second.events.get(event) or first.events.get(event) or {} for event in events]
    if not _between(causes, first, second):
        causes = []
    return {
        "field": change.path,
        "before": change.before,
        "after": change.after,
        "on": causes[0].get("since") if causes else None,
        "events": events,
        "sentence": sentence(change.path, change.before, change.after, change.of, causes),
    }


def _between(causes: list[dict[str, Any]], first: Answer, second: Answer) -> bool:
    """Whether the first of the entries behind a change came between the two days.

    If not, the change follows from the passing of time (a date that passed), or is told back in time: nothing caused it.
    """
    start, end = first.point["as_of"][:10], second.point["as_of"][:10]
    on = causes[0].get("since") if causes else None
    return start <= end and (on is None or start == end or start < on <= end)


def _compare(path: str, old: Any, new: Any, of: str | None) -> Iterator[Change]:
    if old == new or (_empty(old) and _empty(new)):
        return
    if _is_list_of_things(old) and _is_list_of_things(new):
        before, after = ({item["id"]: item for item in side or []} for side in (old, new))
        for key in dict.fromkeys([*after, *before]):
            yield from _compare(join(path, key), before.get(key), after.get(key), None)
    elif _is_thing(old) and _is_thing(new) and _identity(old) == _identity(new):
        for name in new:
            if name not in FOLLOWS or (new[name] and _is_list_of_things(new[name])):
                yield from _compare(join(path, name), old.get(name), new[name], called(new) or new.get("id") or of)
    else:
        yield Change(path, old, new, of)


def _is_thing(value: Any) -> bool:
    """A mapping of fields; an amount of money is one value."""
    return isinstance(value, dict) and "amount" not in value


def _is_list_of_things(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(has_id(item) for item in value))


def _identity(thing: dict[str, Any]) -> Any:
    return thing.get("id") or thing.get("name")


def _empty(value: Any) -> bool:
    return value is None or value == []


def _events(first: Answer, second: Answer, path: str) -> list[str]:
    """The events behind a change, what did it first: those of the new value that the old one did not have, else of either."""
    old, new = _ids_under(first, path), _ids_under(second, path)
    found = [event for event in new if event not in old] or new or old
    did = [event for event in _ids_under(second, f"{path}.status") or _ids_under(first, f"{path}.status") if event in found]
    return list(dict.fromkeys([*did[:1], *found]))


def _ids_under(answered: Answer, path: str) -> list[str]:
    leaves = (leaf for p, leaf in answered.leaves.items() if p == path or p.startswith(path + "."))
    found = list(dict.fromkeys(event for leaf in leaves for event in ids_of(leaf)))
    return found or ([".".join(path.split(".")[1:3])] if path.startswith("events.") else [])
