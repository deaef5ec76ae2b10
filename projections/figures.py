"""Reported figures: the line known latest is shown, the other lines stand beside it as its rivals."""

from typing import Any

from projections.engine import Fact, with_rivals


def shown(lines: list[dict[str, Fact]], by: str) -> tuple[dict[str, Fact], list[dict[str, Fact]]]:
    """The line to show and its rivals, latest known first; the fact named `by` carries the rivals' facts."""
    lines = sorted((line for line in lines if by in line), key=lambda line: _latest(line[by]), reverse=True)
    if not lines:
        return {}, []
    first, *others = lines
    return first | {by: with_rivals(first[by], [other[by] for other in others])}, others


def _latest(fact: Fact) -> tuple[int, int]:
    return fact.claim.known, fact.claim.position


def rivals_of(others: list[dict[str, Fact]], *names: str) -> list[dict[str, Any]]:
    """The rivals as plain values, each with its standing and its event."""
    return [_rival(other, names) for other in others]


def _rival(other: dict[str, Fact], names: tuple[str, ...]) -> dict[str, Any]:
    leading = next(other[name] for name in names if name in other)
    plain = {name: other[name].value if name in other else None for name in names}
    return plain | {"standing": leading.standing, "event": leading.events()[0]}
