"""What a correction changes, field by field, in words: money as people say it, and long texts word by word."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from domain.events import Entry
from web.forms_words import label_of
from web.words import plain

LONG = 6
"""From so many words on, a text is compared word by word."""


@dataclass(frozen=True)
class Difference:
    """A field, what it was and what it becomes; of a long text also its `words`: (“-”, “+” or “”, some of them in a row)."""

    label: str
    was: str
    becomes: str
    words: tuple[tuple[str, str], ...] = ()


def differences(kind: type[Entry], former: dict[str, Any], changes: dict[str, Any]) -> list[Difference]:
    """What a correction changes."""
    flat = former | former.get("details", {})
    old, new = _leaves({name: flat.get(name) for name in changes}), _leaves(changes)
    return [_difference(path, kind, old.get(path), new.get(path)) for path in {**old, **new} if old.get(path) != new.get(path)]


def _difference(path: str, kind: type[Entry], old: Any, new: Any) -> Difference:
    was, becomes = _said(old, path), _said(new, path)
    if was == becomes:
        was, becomes = _exactly(old), _exactly(new)
    words = _by_word(old, new) if isinstance(old, str) and isinstance(new, str) else ()
    return Difference(_called(path, kind), was, becomes, words)


def _leaves(value: Any, path: str = "") -> dict[str, Any]:
    """Every plain value, and every amount, under its dotted path."""
    if isinstance(value, dict) and "amount" not in value:
        inner = value.items()
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        inner = enumerate(value, 1)
    else:
        return {path: value}
    return {k: v for name, each in inner for k, v in _leaves(each, f"{path}.{name}" if path else str(name)).items()}


def _called(path: str, kind: type[Entry]) -> str:
    parts = path.split(".")
    numbered = " ".join(part for part in parts if part.isdigit())
    label = label_of(".".join(part for part in parts if not part.isdigit()), kind.__name__)
    return f"{label_of(parts[0])} {numbered}: {label}" if numbered else label


def _said(value: Any, path: str) -> str:
    if value is None or value == []:
        return "nothing"
    if path.rpartition(".")[2] in ("number", "year"):
        return str(value)
    try:
        return plain(value)
    except (KeyError, ValueError):
        return _exactly(value)


def _exactly(value: Any) -> str:
    """An amount to its last digit, also one that is only half filled in."""
    if not isinstance(value, dict):
        return str(value)
    amount = str(value.get("amount") or "")
    digits = f"{int(amount):,}" if amount.isdecimal() else amount
    return " ".join(filter(None, (value.get("qualifier"), digits, value.get("currency"))))


def _by_word(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """A long text with what went and what came, where the two have anything in common."""
    former, latter = old.split(), new.split()
    match = SequenceMatcher(None, former, latter, autojunk=False)
    if max(len(former), len(latter)) < LONG or match.ratio() < 0.3:
        return ()
    return tuple(_runs(match, former, latter))


def _runs(match: SequenceMatcher, former: list[str], latter: list[str]) -> Iterator[tuple[str, str]]:
    for what, i1, i2, j1, j2 in match.get_opcodes():
        if what == "equal":
            yield "", " ".join(former[i1:i2])
        else:
            yield from (("-", " ".join(former[i1:i2])),) if i2 > i1 else ()
            yield from (("+", " ".join(latter[j1:j2])),) if j2 > j1 else ()
