"""What a matter refuses, one rule and one error for each reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from domain.deadlines import Counted, count, in_place
from domain.errors import BadValue, RuleBroken
from domain.events import (
    ENVELOPE,
    Amendment,
    Entry,
    EntryCorrected,
    EntryRetracted,
    ExecutiveOrderSigned,
    ExportRule,
    ExportRuleCorrected,
    ExportRuleRescinded,
    ExportRuleRescissionAnnounced,
    ExportRuleSuspended,
    Figure,
    LawEnacted,
    LawTookEffect,
    OrderRevoked,
    SourcingGuidanceIssued,
    WindowExtended,
    WindowMet,
    WindowOpened,
    WindowSuperseded,
    WindowSuspended,
    WindowWithdrawn,
    details_of,
)
from domain.instants import end_of, start_of
from domain.known import known_span
from domain.when import read_when

if TYPE_CHECKING:
    from domain.matter import Matter, Window

Rule = Callable[[Any, "Matter"], None]
_RULES: list[tuple[tuple[type, ...], Rule]] = []


def rule(*kinds: type) -> Callable[[Rule], Rule]:
    """Register a rule for the kinds named and their subclasses."""

    def register(function: Rule) -> Rule:
        _RULES.append((kinds, function))
        return function

    return register


def check(entry: Entry, matter: Matter) -> None:
    """Raise the error of the first rule that the entry breaks."""
    for kinds, function in _RULES:
        if isinstance(entry, kinds):
            function(entry, matter)


class KeyTaken(RuleBroken):
    """Another entry has this key."""

    def __init__(self, key: str, old: dict, new: dict, old_kind: str, new_kind: str) -> None:
        names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        differs = f"kind ({old_kind}, not {new_kind})" if old_kind != new_kind else ", ".join(names)
        super().__init__(
            f"The key “{key}” is taken by an entry that differs in {differs}. "
            "What is recorded is never changed: record an EntryCorrected, or choose another key.",
            "key",
        )


class NoSource(RuleBroken):
    """An entry needs at least one source, or a citation marked unread."""


@rule(Entry)
def has_a_source(entry: Entry, matter: Matter) -> None:
    """At least one source; each names a publisher, a title or a citation."""
    if not entry.sources:
        raise NoSource("Give at least one source, or a citation marked `unread: true`.", "sources")
    for n, source in enumerate(entry.sources):
        if not any(source.get(name) for name in ("publisher", "title", "citation")):
            raise NoSource("Say whose source it is: a publisher, a title or a citation.", f"sources.{n}")


class NotKnown(RuleBroken):
    """An entry must say when the public could know it."""


@rule(Entry)
def is_known(entry: Entry, matter: Matter) -> None:
    """`announced`, or a source with its day of publication."""
    if known_span(entry) is None:
        raise NotKnown(
            "Say when the public could first know this: give `announced`, or the `published` day of a source.", "announced"
        )


class EndsBeforeStart(RuleBroken):
    """A period ends before it starts."""


@rule(Entry)
def effective_runs_forward(entry: Entry, matter: Matter) -> None:
    """`effective.until` is not before `effective.from`."""
    effective = entry.effective or {}
    start, end = effective.get("from"), effective.get("until")
    if start and end:
        _forward(read_when(start).first, read_when(end).last, matter, "effective.until")


def _forward(start: date | datetime, end: date | datetime, matter: Matter, field: str) -> None:
    if end_of(end, matter.time_zone) < start_of(start, matter.time_zone):
        raise EndsBeforeStart(f"It would end ({end}) before it starts ({start}).", field)


class WindowAlreadyOpened(RuleBroken):
    """A window of that name was opened before."""


class NoDueDate(RuleBroken):
    """A window without a stated due date needs a rule to count it by, or remarks saying why there is none; so does an extension."""


@rule(WindowOpened)
def window_opens_once(entry: WindowOpened, matter: Matter) -> None:
    """A window's name is new, it has a due date, a rule or a remark, and it ends after it starts."""
    if entry.window in matter.opened:
        way = "extend it, or name another" if entry.window in matter.windows else "that was retracted; give this one another name"
        raise WindowAlreadyOpened(f"The window “{entry.window}” was opened before; {way}.", "details.window")
    _check_opened(entry, matter)


def _check_opened(entry: WindowOpened, matter: Matter) -> None:
    if not (entry.due or entry.rule or entry.remarks):
        raise NoDueDate("Give the `due` date or the `rule` to count it by, or say in `remarks` why there is none.", "details.due")
    _check_due(entry, entry.opens or entry.occurred, matter)


def _check_due(entry: WindowOpened | WindowExtended, opens: str, matter: Matter) -> None:
    if entry.due:
        _forward(read_when(opens).first, read_when(entry.due).last, matter, "details.due")
    if entry.rule:
        counted = _count(entry, matter)
        if counted.latest is not None:
            _forward(read_when(opens).first, counted.latest, matter, "details.rule.length")


def _is_before(day: str, other: str, matter: Matter) -> bool:
    return end_of(read_when(day).last, matter.time_zone) < start_of(read_when(other).first, matter.time_zone)


def _check_extension(entry: WindowExtended, opens: str, matter: Matter) -> None:
    """An extension acts from the day it is made, so that is not before the window opened nor after the date it sets."""
    if _is_before(entry.occurred, opens, matter):
        raise EndsBeforeStart(f"The window opened on {opens}, after this extension of {entry.occurred}.", "occurred")
    if not (entry.due or entry.rule):
        raise NoDueDate("Give the `due` date that the window is extended to, or the `rule` to count it by.", "details.due")
    _check_due(entry, entry.occurred, matter)


def _count(entry: WindowOpened | WindowExtended, matter: Matter) -> Counted:
    due_is = entry.due_is if isinstance(entry, WindowOpened) else _window(entry, matter).due_is
    try:
        counted = count(in_place(entry.rule, matter.jurisdiction, matter.time_zone, due_is))
        read_when(counted.due)
        return counted
    except BadValue as error:
        if error.field == "due_is":
            raise BadValue(error.detail, f"details.{'due_is' if isinstance(entry, WindowOpened) else 'rule.rule'}") from None
        raise BadValue(error.detail, f"details.rule.{error.field or 'start'}") from None


class WindowNotOpened(RuleBroken):
    """No window of that name was ever opened on record."""


class SupersedesItself(RuleBroken):
    """A window cannot be superseded by one that it supersedes."""


class WindowClosed(RuleBroken):
    """The window was superseded, met or withdrawn."""


@rule(WindowExtended, WindowSuperseded, WindowSuspended, WindowMet, WindowWithdrawn)
def window_is_open(entry: Any, matter: Matter) -> None:
    """A window must be open on record before anything happens to it."""
    window = _window(entry, matter)
    if not window.open:
        raise WindowClosed(f"The window “{entry.window}” is closed already.", "details.window")
    if isinstance(entry, WindowExtended):
        _check_extension(entry, window.opens, matter)


def _window(entry: Any, matter: Matter) -> Window:
    """The window that an entry is about, as it is on record."""
    window = matter.windows.get(entry.window)
    if window is None:
        raise WindowNotOpened(f"No window “{entry.window}” was opened in this matter.", "details.window")
    return window


@rule(WindowSuperseded)
def successor_is_another(entry: WindowSuperseded, matter: Matter) -> None:
    """A window is superseded by another window that is on record."""
    if entry.superseded_by == entry.window or entry.superseded_by not in matter.windows:
        raise WindowNotOpened(f"“{entry.superseded_by}” is not another window on record; open it first.", "details.superseded_by")
    if entry.window in _successors(entry.superseded_by, matter):
        raise SupersedesItself(
            f"“{entry.superseded_by}” was itself superseded by “{entry.window}”, so neither would be left.", "details.superseded_by"
        )


def _successors(window: str, matter: Matter) -> set[str]:
    """The windows that came after one, each superseded by the next."""
    found: set[str] = set()
    following = matter.windows[window].superseded_by
    while following in matter.windows and following not in found:
        found.add(following)
        following = matter.windows[following].superseded_by
    return found


@rule(WindowSuspended)
def suspension_runs_forward(entry: WindowSuspended, matter: Matter) -> None:
    """A suspension does not end before the day on which it begins."""
    until = (entry.effective or {}).get("until")
    begins = (entry.effective or {}).get("from") or entry.occurred
    if until and _is_before(until, begins, matter):
        raise EndsBeforeStart(f"The suspension would end ({until}) before it begins ({begins}).", "effective.until")


class NoSuchEntry(RuleBroken):
    """The entry named is not in this matter."""


class AlreadyRetracted(RuleBroken):
    """The entry was retracted; nothing more can be said about it."""


@rule(Amendment)
def amends_something(entry: Amendment, matter: Matter) -> None:
    """An amendment names entries that are on record and not retracted."""
    if not entry.of:
        raise NoSuchEntry("Name the entry that this is about.", "of")
    for n, key in enumerate(entry.of):
        if key not in matter.entries:
            raise NoSuchEntry(f"There is no entry “{key}” in this matter.", f"of.{n}")
        if key in matter.retracted:
            raise AlreadyRetracted(f"The entry “{key}” was retracted.", f"of.{n}")


class NotAmendable(RuleBroken):
    """A correction or retraction is not itself corrected or retracted: correct the entry again."""


class NothingChanges(RuleBroken):
    """A correction must change something, and never the key or the kind."""


@rule(EntryCorrected, EntryRetracted)
def amends_an_entry(entry: EntryCorrected | EntryRetracted, matter: Matter) -> None:
    """Corrections are of entries, of one at a time."""
    for n, key in enumerate(entry.of):
        if isinstance(matter.entries[key], EntryCorrected | EntryRetracted):
            raise NotAmendable(f"“{key}” is itself a correction or a retraction; correct the entry that it is about.", f"of.{n}")


@rule(EntryCorrected)
def correction_changes_something(entry: EntryCorrected, matter: Matter) -> None:
    """At least one field really differs, and the corrected entry keeps the other rules."""
    if len(entry.of) != 1:
        raise NotAmendable("Correct one entry at a time.", "of")
    original = matter.entries[entry.of[0]]
    unknown = [name for name in entry.changes if name not in correctable(type(original))]
    if unknown:
        raise NothingChanges(f"“{unknown[0]}” cannot be changed in a {original.kind}.", f"changes.{unknown[0]}")
    if all(getattr(original, name) == value for name, value in entry.changes.items()):
        raise NothingChanges("The correction changes nothing.", "changes")
    try:
        _still_sound(replace(original, **entry.changes), matter)
    except (RuleBroken, BadValue) as error:
        error.field = f"changes.{error.field.removeprefix('details.')}"
        raise


def correctable(kind: type[Entry]) -> frozenset[str]:
    """The fields of a kind that a correction may change: not what the entry is, nor what it is about."""
    return frozenset((*ENVELOPE, *details_of(kind))) - kind.filled_in - kind.names - {"key"}


def _still_sound(corrected: Entry, matter: Matter) -> None:
    """A corrected entry keeps the rules that do not ask whether it is new."""
    has_a_source(corrected, matter)
    is_known(corrected, matter)
    effective_runs_forward(corrected, matter)
    if isinstance(corrected, WindowOpened):
        _still_opens(corrected, matter)
    elif isinstance(corrected, WindowExtended):
        _check_extension(corrected, _window(corrected, matter).opens, matter)


def _still_opens(corrected: WindowOpened, matter: Matter) -> None:
    """A corrected opening has a due date, and none of the window's extensions came before it."""
    _check_opened(corrected, matter)
    opens = corrected.opens or corrected.occurred
    others = (matter.entries[key] for key in matter.of_window[corrected.window] if key not in matter.retracted)
    if any(isinstance(other, WindowExtended) and _is_before(other.occurred, opens, matter) for other in others):
        raise EndsBeforeStart(f"It was extended before {opens}; a window opens before that.", "details.opens")


class NothingToRevise(RuleBroken):
    """`revises` must name an entry of the same kind."""


@rule(Figure)
def revises_its_kind(entry: Figure, matter: Matter) -> None:
    """A revised figure is of the same kind."""
    if entry.revises and type(matter.entries.get(entry.revises)) is not type(entry):
        raise NothingToRevise(f"There is no {entry.kind} “{entry.revises}” to revise.", "details.revises")


def name_of(entry: Entry) -> tuple[type, str] | None:
    """The name under which an entry puts something on record: a rule, order, law, guidance; None for others."""
    for kind, name in _NAMED:
        if isinstance(entry, kind):
            return kind, name(entry)
    return None


_NAMED: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (ExportRule, lambda entry: entry.rule),
    (ExecutiveOrderSigned, lambda entry: f"EO {entry.number}"),
    (LawEnacted, lambda entry: entry.law),
    (SourcingGuidanceIssued, lambda entry: entry.guidance),
)


class RuleNotOnRecord(RuleBroken):
    """The export rule named is not on record."""


@rule(ExportRuleCorrected, ExportRuleSuspended, ExportRuleRescissionAnnounced, ExportRuleRescinded)
def rule_is_on_record(entry: Any, matter: Matter) -> None:
    """Only a rule on record can be corrected, suspended or rescinded."""
    if not matter.names[ExportRule, entry.rule]:
        raise RuleNotOnRecord(f"No export rule “{entry.rule}” is on record in this matter.", "details.rule")


class OrderNotOnRecord(RuleBroken):
    """The order named is not on record."""


@rule(OrderRevoked)
def order_is_on_record(entry: OrderRevoked, matter: Matter) -> None:
    """Only an order on record can be revoked."""
    if not matter.names[ExecutiveOrderSigned, entry.order]:
        raise OrderNotOnRecord(f"No order “{entry.order}” is on record in this matter.", "details.order")


class LawNotOnRecord(RuleBroken):
    """The law named is not on record."""


@rule(LawTookEffect)
def law_is_on_record(entry: LawTookEffect, matter: Matter) -> None:
    """Only an enacted law takes effect."""
    if not matter.names[LawEnacted, entry.law]:
        raise LawNotOnRecord(f"No law “{entry.law}” is on record in this matter.", "details.law")


class GuidanceNotOnRecord(RuleBroken):
    """The guidance that is said to be replaced is not on record."""


@rule(SourcingGuidanceIssued)
def replaced_guidance_is_on_record(entry: SourcingGuidanceIssued, matter: Matter) -> None:
    """Guidance replaces other guidance that is on record."""
    if entry.replaces == entry.guidance:
        raise GuidanceNotOnRecord("Guidance cannot replace itself.", "details.replaces")
    if entry.replaces and not matter.names[SourcingGuidanceIssued, entry.replaces]:
        raise GuidanceNotOnRecord(f"No guidance “{entry.replaces}” is on record in this matter.", "details.replaces")
