"""Recording: one entry, or a matter's file, all or nothing. Same content twice stores nothing new."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from eventsourcing.persistence import IntegrityError

from domain.errors import NotFound, Refused, RuleBroken
from domain.events import Amendment, Entry, EntryCorrected, content
from domain.instants import day_in, end_of
from domain.known import known_at
from domain.matter import Matter
from domain.rules import correctable
from importers.entries import BadEntry, Command, Problem, posted, read_entry
from importers.matter_file import MatterFile, read_matter_file, told_refusal
from importers.yaml_lines import BadFile
from projections.assertions import assertions_of
from projections.engine import path_of, within
from service.log import Log

ATTEMPTS = 20
"""How often a command is tried when another process wrote to the same matter first."""
LOADER = "loader"
"""The actor of what is loaded from a file."""

T = TypeVar("T")


class ScopeReachesNothing(RuleBroken):
    """A denial or confirmation names a value that the entry does not claim."""


class KnownInTheFuture(RuleBroken):
    """Nothing can be recorded that the public will only know later."""


class SaysTwoThings(RuleBroken):
    """An entry claims the same value twice."""


class WrittenMeanwhile(RuleBroken):
    """Others wrote to the matter at the same time, again and again."""


@dataclass(frozen=True)
class Loaded:
    """What loading a file did."""

    matter: str
    stored: int
    known_already: int


def record(log: Log, slug: str, command: Command, actor: str, now: int) -> Entry:
    """Record one entry in a matter; raises `NotFound` or the rule's error, and then nothing was stored."""

    def once() -> Entry:
        matter = log.matter(slug)
        if matter is None:
            raise NotFound(f"There is no matter “{slug[:80]}”.", "matter")
        entry, _ = record_in(matter, command, actor, now)
        log.save_matter(matter)
        return entry

    return retried(once)


def load_file(log: Log, path: Path, now: int, progress: Callable[[int], None] = lambda done: None) -> Loaded:
    """Load a matter's file; raises `BadFile` with file, line and field, and then nothing of it was stored."""
    file = read_matter_file(path)
    return retried(lambda: _load(log, file, now, progress))


def _load(log: Log, file: MatterFile, now: int, progress: Callable[[int], None]) -> Loaded:
    matter = _opened(log, file)
    before = matter.version if not matter.pending_events else 0
    problems = []
    for done, located in enumerate(file.entries, 1):
        try:
            record_in(matter, located.command, LOADER, now)
        except Refused as error:
            problems.append(told_refusal(file, located, error))
        except BadEntry as error:
            problems += [told_refusal(file, located, Refused(p.detail, p.field)) for p in error.problems]
        progress(done)
    if problems:
        raise BadFile(problems)
    stored = sum(isinstance(event, Entry) for event in matter.pending_events)
    if matter.version != before:
        log.save_matter(matter)
    return Loaded(matter.slug, stored, len(file.entries) - stored)


def _opened(log: Log, file: MatterFile) -> Matter:
    """The matter on record, or a new one."""
    matter = log.matter(file.header["slug"])
    if matter is None:
        return Matter.open(**file.header, actor=LOADER)
    for name, value in file.header.items():
        if getattr(matter, name) != value:
            raise BadFile(
                [
                    f"{file.path}, line 1, field matter.{name}: the matter “{matter.slug}” is on record with “{getattr(matter, name)}”."
                ]
            )
    return matter


def record_in(matter: Matter, command: Command, actor: str, now: int) -> tuple[Entry, bool]:
    """Record one entry in a matter that somebody else saves: the entry, and whether it is new; raises as `record`."""
    values = command.values
    if command.kind is EntryCorrected:
        values = values | {"changes": _changes(matter, values)}
    is_known = values["key"] in matter.entries
    entry = matter.record(command.kind, actor=actor, **values)
    if not is_known:
        _check_not_future(matter, entry, now)
        _check_scope(matter, entry)
        for corrected in _corrected(matter, entry):
            _check_corrected(matter, corrected, now)
    return entry, not is_known


def _corrected(matter: Matter, entry: Entry) -> list[Entry]:
    """What a correction makes of its entry: it is checked as the entry itself would be."""
    return [matter.entries[key] for key in entry.of] if isinstance(entry, EntryCorrected) else []


def _check_corrected(matter: Matter, corrected: Entry, now: int) -> None:
    try:
        _check_not_future(matter, corrected, now)
        _check_scope(matter, corrected)
    except RuleBroken as error:
        error.field = f"changes.{error.field}"
        raise


def _check_not_future(matter: Matter, entry: Entry, now: int) -> None:
    """Known by the end of today, in the matter's zone."""
    if known_at(entry, matter.time_zone) > end_of(day_in(now, matter.time_zone), matter.time_zone):
        raise KnownInTheFuture("It would be known only in the future; record it when it is announced.", "announced")


def _check_scope(matter: Matter, entry: Entry) -> None:
    if not isinstance(entry, Amendment) or not getattr(entry, "scope", None):
        return
    claimed = {path_of(a.subject, a.field) for key in entry.of for a in assertions_of(matter.entries[key])}
    for n, scope in enumerate(entry.scope):
        if not any(within(path, scope) for path in claimed):
            some = f" They claim: {', '.join(sorted(claimed)[:12])}." if claimed else " They claim no value at all."
            raise ScopeReachesNothing(f"The entries named claim nothing under “{scope}”.{some}", f"scope.{n}")


def _changes(matter: Matter, values: dict[str, Any]) -> dict[str, Any]:
    """The changes of a correction, checked as the corrected entry would be; raises `BadEntry`."""
    original = matter.entries.get(values["of"][0]) if values["of"] else None
    asked = _flat(values["changes"])
    if original is None or not asked.keys() <= correctable(type(original)):
        return asked  # the matter's own rules tell what is wrong
    try:
        checked = read_entry(posted(type(original), content(original) | asked)).values
    except BadEntry as error:
        raise BadEntry([Problem(f"changes.{p.field.removeprefix('details.')}", p.detail) for p in error.problems]) from None
    return {name: checked.get(name) for name in asked}


def _flat(changes: dict[str, Any]) -> dict[str, Any]:
    """Changes by field, whether those of the kind stand under `details` or not; raises `BadEntry` for one given twice."""
    details = changes.get("details", {})
    plain = {name: value for name, value in changes.items() if name != "details"}
    if not isinstance(details, dict):
        raise BadEntry([Problem("changes.details", "must be a mapping of fields.")])
    if twice := plain.keys() & details.keys():
        raise BadEntry([Problem(f"changes.details.{min(twice)}", "is given twice; one of the two would be ignored.")])
    return plain | details


def retried(command: Callable[[], T]) -> T:
    """Run a command again when another process wrote first; raises `WrittenMeanwhile` after many times."""
    for attempt in range(ATTEMPTS):
        try:
            return command()
        except IntegrityError as error:
            if "UNIQUE constraint failed: claims" in str(error):
                raise SaysTwoThings("It says two things about the same value from the same day.") from None
            time.sleep(random.uniform(0, 0.01 * 2 ** min(attempt, 6)))  # noqa: S311 (only to step aside)
    raise WrittenMeanwhile("Others were writing to this matter at the same time. Nothing was stored; try again.")
