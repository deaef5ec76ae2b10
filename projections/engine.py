"""One question, three clocks: which of the claims about a field holds at a point, and how it stands.

`winner` decides which claim of a field holds and `held` how it stands; every view, diff, why and alert asks them through
the read model, and `resolve` asks them of claims in memory. Authority: bitemporal data as in SQL:2011 and Snodgrass, with the
`until next` rule of XTDB 1: a value lasts until the next that starts later.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple


class Withdrawal(NamedTuple):
    """From when a claim no longer counts: for who asks as known at `known` or later, of a log up to `position` or later."""

    known: int
    position: int


class Claim(NamedTuple):
    """One fact that an entry claims. Instants in microseconds, `end` exclusive or None; the greatest `start` wins.

    `position` is where in the log this row was written, `rank` where its entry was first recorded: a correction keeps
    its entry's place among ties.
    """

    matter: str
    subject: str
    field: str
    start: int
    known: int
    rank: int
    position: int
    end: int | None
    value: Any
    entry: str
    standing: str
    uncertain: bool = False
    corrected_by: str | None = None
    withdrawn: tuple[Withdrawal, ...] = ()


class Notice(NamedTuple):
    """What an amendment says about an entry: denied or confirmed, by whom, within which scope (None: all of it)."""

    matter: str
    target: str
    kind: str
    key: str
    known: int
    position: int
    by: str
    scope: tuple[str, ...] | None
    statement: str | None = None
    withdrawn: tuple[Withdrawal, ...] = ()


@dataclass(frozen=True)
class Point:
    """Where a question is asked: in force at `as_of`, as known at `known`, of the log up to `position` (None: all)."""

    as_of: int
    known: int
    position: int | None = None


@dataclass(frozen=True)
class Fact:
    """A claim that holds at a point, how it stands there, the notices about it, and its rivals."""

    claim: Claim
    standing: str
    notices: tuple[Notice, ...] = ()
    rivals: tuple["Fact", ...] = ()

    @property
    def value(self) -> Any:
        """What is claimed."""
        return self.claim.value

    def events(self) -> tuple[str, ...]:
        """The ids of the entries that it rests on, its own first."""
        keys = [self.claim.entry, self.claim.corrected_by, *(notice.key for notice in self.notices)]
        return tuple(dict.fromkeys(f"{self.claim.matter}.{key}" for key in keys if key))


def is_visible(row: Claim | Notice, at: Point) -> bool:
    """Known and recorded by the point, and not withdrawn there."""
    if row.known > at.known or not _recorded(row.position, at):
        return False
    return not any(w.known <= at.known and _recorded(w.position, at) for w in row.withdrawn)


def _recorded(position: int, at: Point) -> bool:
    return at.position is None or position <= at.position


def newest_first(claims: Iterable[Claim]) -> list[Claim]:
    """The order in which `winner` walks back: the greatest start first; ties by known, then rank."""
    return sorted(claims, key=lambda c: (c.start, c.known, c.rank, c.position), reverse=True)


def winner(newest: Iterable[Claim], at: Point) -> tuple[Claim, bool] | None:
    """The claim of one field that holds at the point, and whether it only shines through a later one that has ended.

    `newest` walks back in the order of `newest_first` and is read no further than needed.
    """
    shines_through = False
    for claim in newest:
        if claim.start > at.as_of or not is_visible(claim, at):
            continue
        if claim.end is None or claim.end > at.as_of:
            return claim, shines_through
        shines_through = True
    return None


def resolve(claims: Iterable[Claim], at: Point, notices: Iterable[Notice] = ()) -> dict[tuple[str, str], Fact]:
    """The facts that hold at a point, by (subject, field). A null value is a fact that says there is none: left out."""
    by_field = groupby(sorted(claims, key=lambda c: (c.subject, c.field)), key=lambda c: (c.subject, c.field))
    return held((winner(newest_first(group), at) for _, group in by_field), notices, at)


def held(winners: Iterable[tuple[Claim, bool] | None], notices: Iterable[Notice], at: Point) -> dict[tuple[str, str], Fact]:
    """The winners of each field as facts, by (subject, field)."""
    about = visible_notices(notices, at)
    won = (found for found in winners if found and found[0].value is not None)
    return {(claim.subject, claim.field): standing_fact(claim, shines, about.get(claim.entry, ())) for claim, shines in won}


def visible_notices(notices: Iterable[Notice], at: Point) -> dict[str, list[Notice]]:
    """The notices that count at the point, by the entry they are about."""
    about: dict[str, list[Notice]] = {}
    for notice in notices:
        if is_visible(notice, at):
            about.setdefault(notice.target, []).append(notice)
    return about


def standing_fact(claim: Claim, shines_through: bool, about: Iterable[Notice]) -> Fact:
    """A claim with its standing, given the visible notices about its entry."""
    reaching = tuple(notice for notice in about if reaches(notice, claim))
    standing = amended({notice.kind for notice in reaching}, "presumed" if shines_through else claim.standing)
    return Fact(claim, standing, reaching)


def amended(kinds: set[str], otherwise: str) -> str:
    """How something stands of which this was said: denied and confirmed is contested; `otherwise` where nothing was said."""
    if {"ReportDenied", "ReportConfirmed"} <= kinds:
        return "contested"
    if "ReportDenied" in kinds:
        return "denied"
    return "confirmed" if "ReportConfirmed" in kinds else otherwise


def reaches(notice: Notice, claim: Claim) -> bool:
    """A denial or confirmation reaches only the facts in its scope."""
    path = path_of(claim.subject, claim.field)
    return notice.scope is None or any(within(path, scope) for scope in notice.scope)


def within(path: str, scope: str) -> bool:
    """A dotted path is the scope itself or lies under it."""
    return path == scope or path.startswith(scope + ".")


def path_of(subject: str, field: str) -> str:
    """The dotted path of a field, whichever line the subject is on: `budgets.china-2025.money`."""
    return f"{subject.partition('/')[0]}.{field}"


def with_rivals(fact: Fact, rivals: Iterable[Fact]) -> Fact:
    """A fact beside its rivals; unequal ones make it contested."""
    rivals = tuple(rivals)
    unequal = any(rival.value != fact.value for rival in rivals)
    return replace(fact, rivals=rivals, standing="contested" if unequal else fact.standing)
