"""A view is a tree with facts at its leaves. Here it is split into plain values and, beside them, where each comes from."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from projections.engine import Fact, Notice, Point


@dataclass(frozen=True)
class Derived:
    """A value worked out from facts at the point (days left, lapsed), never stored. Stands as its first fact does."""

    value: Any
    facts: tuple[Fact, ...] = ()
    standing: str | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lane:
    """One matter at a point: what a view is made from. `today` is the day of the point in the matter's zone."""

    slug: str
    title: str
    time_zone: str
    jurisdiction: str
    at: Point
    today: date
    facts: dict[tuple[str, str], Fact]
    notices: tuple[Notice, ...] = ()
    entries: tuple[Any, ...] = ()

    def get(self, subject: str, field: str) -> Fact | None:
        """One fact, or None where nothing is claimed."""
        return self.facts.get((subject, field))

    def subjects(self, prefix: str) -> dict[str, dict[str, Fact]]:
        """The facts of every subject under a prefix, by what follows the prefix."""
        found: dict[str, dict[str, Fact]] = {}
        for (subject, field), fact in self.facts.items():
            if subject.startswith(prefix + "."):
                found.setdefault(subject[len(prefix) + 1 :], {})[field] = fact
        return found

    def items(self, prefix: str, *names: str) -> list[dict[str, Any]]:
        """The subjects under a prefix as list items with the named fields, in the order in which they began."""
        begun = sorted(self.subjects(prefix).items(), key=lambda item: (min(f.claim.start for f in item[1].values()), item[0]))
        return [{"id": name} | {field: fields.get(field) for field in names} for name, fields in begun]

    def lines(self, prefix: str) -> dict[str, list[dict[str, Fact]]]:
        """As `subjects`, with the lines of one figure together."""
        found: dict[str, list[dict[str, Fact]]] = {}
        for name, fields in self.subjects(prefix).items():
            found.setdefault(name.partition("/")[0], []).append(fields)
        return found


def ids_of(leaf: Fact | Derived) -> list[str]:
    """The ids of the events that a leaf rests on."""
    facts = (leaf,) if isinstance(leaf, Fact) else leaf.facts
    return list(dict.fromkeys(event for fact in facts for event in fact.events()))


def standing_of(leaf: Fact | Derived) -> str | None:
    """How a leaf stands."""
    if isinstance(leaf, Fact):
        return leaf.standing
    return leaf.standing or (leaf.facts[0].standing if leaf.facts else None)


def split(tree: Any) -> tuple[Any, dict[str, Fact | Derived]]:
    """The plain state, and its leaves by dotted path. List items are found by their `id`."""
    leaves: dict[str, Fact | Derived] = {}
    return _plain(tree, "", leaves), leaves


def _plain(node: Any, path: str, leaves: dict[str, Fact | Derived]) -> Any:
    if isinstance(node, Fact | Derived):
        leaves[path] = node
        return node.value
    if isinstance(node, dict):
        return {name: _plain(child, _join(path, name), leaves) for name, child in node.items()}
    if isinstance(node, list | tuple):
        return [_plain(item, _join(path, item["id"]) if has_id(item) else path, leaves) for item in node]
    return node


def has_id(item: Any) -> bool:
    """A list item that a path can name."""
    return isinstance(item, dict) and isinstance(item.get("id"), str)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def at_path(state: Any, path: str) -> Any:
    """The value at a dotted path; raises KeyError."""
    for part in path.split("."):
        if isinstance(state, list):
            state = {item["id"]: item for item in state if has_id(item)}[part]
        elif isinstance(state, dict):
            state = state[part]
        else:
            raise KeyError(path)
    return state
