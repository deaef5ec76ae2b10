"""A view is a tree with facts at its leaves. Here it is split into plain values and, beside them, where each comes from."""

from dataclasses import dataclass
from typing import Any

from projections.engine import Fact


@dataclass(frozen=True)
class Derived:
    """A value worked out from facts at the point (days left, lapsed), never stored. Stands as its first fact does."""

    value: Any
    facts: tuple[Fact, ...] = ()
    standing: str | None = None
    steps: tuple[str, ...] = ()


def ids_of(leaf: Fact | Derived) -> list[str]:
    """The ids of the events that a leaf rests on."""
    facts = (leaf,) if isinstance(leaf, Fact) else leaf.facts
    return list(dict.fromkeys(event for fact in facts for event in fact.events()))


def standing_of(leaf: Fact | Derived) -> str | None:
    """How a leaf stands."""
    if isinstance(leaf, Fact):
        return leaf.standing
    return leaf.standing or (leaf.facts[0].standing if leaf.facts else None)


def state_of(leaves: dict[str, Fact | Derived]) -> dict[str, dict[str, Any]]:
    """How each value stands and on which events it rests, by its dotted path."""
    return {path: {"standing": standing_of(leaf), "events": ids_of(leaf)} for path, leaf in leaves.items()}


def split(tree: Any) -> tuple[Any, dict[str, Fact | Derived]]:
    """The plain state, and its leaves by dotted path. List items are found by their `id`."""
    leaves: dict[str, Fact | Derived] = {}
    return _plain(tree, "", leaves), leaves


def _plain(node: Any, path: str, leaves: dict[str, Fact | Derived]) -> Any:
    if isinstance(node, Fact | Derived):
        leaves[path] = node
        return node.value
    if isinstance(node, dict):
        return {name: _plain(child, join(path, name), leaves) for name, child in node.items()}
    if isinstance(node, list | tuple):
        return [_plain(item, join(path, item["id"]) if has_id(item) else path, leaves) for item in node]
    return node


def has_id(item: Any) -> bool:
    """A list item that a path can name."""
    return isinstance(item, dict) and isinstance(item.get("id"), str)


def join(path: str, name: str) -> str:
    """A dotted path and one more name."""
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
