"""Which facts an entry claims: each view's file registers its own, `claims_of` gathers them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_type_hints

from domain.events import Entry, ReportConfirmed, ReportDenied
from domain.instants import after, start_of
from domain.known import known_at
from domain.when import read_when
from projections.engine import Claim, Notice

_ASSERTIONS: dict[type, list[Callable[[Any], Iterator["Assertion"]]]] = {}


@dataclass(frozen=True)
class Assertion:
    """One claimed fact: in force from `since`, through the last day `until` or up to the start of the day `before`."""

    subject: str
    field: str
    value: Any
    since: str
    until: str | None = None
    before: str | None = None


def register(function: Callable[[Any], Iterator[Assertion]]) -> Callable[[Any], Iterator[Assertion]]:
    """Register a function that yields the facts of the kinds in its parameter's annotation, and of their subclasses."""
    hint = next(iter(get_type_hints(function).values()))
    for kind in getattr(hint, "__args__", (hint,)):
        _ASSERTIONS.setdefault(kind, []).append(function)
    return function


@lru_cache
def _functions(kind: type) -> tuple[Callable, ...]:
    return tuple(f for base in kind.__mro__ for f in _ASSERTIONS.get(base, ()))


def fact(entry: Entry, subject: str, field: str, value: Any, since: str | None = None, **bounds: str | None) -> Assertion:
    """A fact that an entry claims, in force from `since`, else from `effective.from`, else from when it occurred."""
    return Assertion(subject, field, value, since or starts(entry), **bounds)


def facts(entry: Entry, subject: str, since: str | None = None, **values: Any) -> Iterator[Assertion]:
    """Several facts about one subject; those without a value are left out."""
    for field, value in values.items():
        if value is not None:
            yield fact(entry, subject, field, value, since)


def slug(text: str, otherwise: str) -> str:
    """A text as a name in paths; `otherwise` where no letter of it can stand there."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80] or otherwise


def starts(entry: Entry) -> str:
    """From when an entry has effect."""
    return (entry.effective or {}).get("from") or entry.occurred


def assertions_of(entry: Entry) -> list[Assertion]:
    """Every fact that an entry claims."""
    return [assertion for function in _functions(type(entry)) for assertion in function(entry)]


def claims_of(
    entry: Entry, matter: str, time_zone: str, position: int,
    known: int | None = None, rank: int | None = None, corrected_by: str | None = None,
) -> Iterator[Claim]:  # fmt: skip
    """The claims of an entry as rows written at `position`; `known` is its own unless given, `rank` the position."""
    known = known_at(entry, time_zone) if known is None else known
    for assertion in assertions_of(entry):
        span = read_when(assertion.since)
        yield Claim(
            matter,
            assertion.subject,
            assertion.field,
            start_of(span.last, time_zone),
            known,
            position if rank is None else rank,
            position,
            _end(assertion, time_zone),
            assertion.value,
            entry.key,
            entry.standing,
            not span.certain,
            corrected_by,
        )


def _end(assertion: Assertion, time_zone: str) -> int | None:
    if assertion.until:
        return after(read_when(assertion.until).last, time_zone)
    return start_of(read_when(assertion.before).last, time_zone) if assertion.before else None


def notices_of(entry: Entry, matter: str, time_zone: str, position: int, known: int | None = None) -> Iterable[Notice]:
    """What a denial or confirmation says, one notice for each entry it is about."""
    if not isinstance(entry, ReportDenied | ReportConfirmed):
        return
    known = known_at(entry, time_zone) if known is None else known
    scope = tuple(entry.scope) if entry.scope else None
    for target in entry.of:
        yield Notice(matter, target, entry.kind, entry.key, known, position, entry.by, scope, entry.statement)
