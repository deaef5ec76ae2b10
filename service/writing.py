"""Recording by people: permitted, checked, all or nothing, once for each idempotency key; or tried and never stored."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from eventsourcing.persistence import IntegrityError

from domain.errors import BadValue, NotFound, Outdated, Refused, RuleBroken, VersionNeeded
from domain.events import Entry, EntryCorrected, EntryRetracted
from domain.instants import day_in
from domain.matter import Matter
from domain.rules import KeyTaken
from importers.entries import BadEntry, Command, Problem, read_entry
from importers.matter_file import read_header
from projections.read_model import reading
from projections.read_model.reading import Rows
from service import idempotency
from service.entries import event_id
from service.keys import candidates, proposed_key
from service.log import HeldLog, Readable, SeenLog
from service.reading import recorded_text
from service.recorder import rows_of
from service.recording import record_in, retried
from service.visitor import Visitor

MOST = 1000
"""Entries in one batch."""
T = TypeVar("T")
IF_MATCH = "If-Match"
_MENDS = ("EntryCorrected", "EntryRetracted")
Versions = Mapping[str, int | None]
"""By matter the version that was read; None for whichever it is."""
ANY: Versions = MappingProxyType({})
"""The versions of who writes on whichever version there is."""


class MatterExists(RuleBroken):
    """A matter of that slug was opened before."""


@dataclass(frozen=True)
class Posting:
    """An entry as posted, for a matter. `at` is where it stands in what was posted: errors name their fields from there."""

    matter: str
    raw: dict[str, Any]
    at: str = ""

    def named(self, path: str) -> str:
        """A field of the entry as a field of what was posted."""
        return ".".join(filter(None, (self.at, path)))


@dataclass(frozen=True)
class Written:
    """What was stored: a receipt an entry, in the order posted, and the versions of the matters since.

    A receipt is {id, matter, key, kind, position, recorded, known, actor, stored, retracted}; `stored` is false for an entry that
    was on record before, `retracted` true where it was taken back. `again` says that an idempotency key was seen before, and this is the answer of that time.
    """

    entries: list[dict[str, Any]]
    versions: dict[str, int]
    again: bool = field(default=False, compare=False)


@dataclass
class Decision:
    """What postings come to before anything is stored: the matters with events pending, and each entry with whether it is new."""

    matters: dict[str, Matter] = field(default_factory=dict)
    entries: list[tuple[Posting, Entry, bool]] = field(default_factory=list)


def write(log: SeenLog, postings: Sequence[Posting], by: Visitor, now: int, versions: Versions, key: str | None = None) -> Written:
    """Record entries, all or nothing, in one transaction with the idempotency key.

    `versions` are those that the writer read, by matter (None: whichever it is): raises `Outdated` for a matter that has moved on,
    and `VersionNeeded` for a correction or retraction in a matter that is not named. Raises `BadEntry` with every field that
    cannot be read, `NotFound`, or the error of the first rule that is broken.
    """
    by.demand("record")
    key = idempotency.checked(key) if key is not None else None
    asked = idempotency.fingerprint([asdict(posting) for posting in postings])

    def attempt(there: SeenLog | HeldLog) -> Written:
        with there.reading() as rows:
            before = idempotency.answered(rows, by.account, key, asked) if key else None
        if before is not None:
            return Written(**before, again=True)
        decision = decide(there, postings, by, now, versions, key)
        return _stored(there, decision, lambda c, written: key and idempotency.keep(c, by.account, key, asked, written, now))

    return retried(lambda: _at_once(log, attempt))


def _at_once(log: SeenLog, attempt: Callable[[SeenLog | HeldLog], T]) -> T:
    """Decide and store; and where somebody else stored between, decide anew while nobody else writes."""
    with suppress(IntegrityError):
        return attempt(log)
    with log.holding() as held:
        return attempt(held)


def _stored(log: SeenLog | HeldLog, decision: Decision, beside: Callable[[Any, dict[str, Any]], Any]) -> Written:
    written: dict[str, Any] = {}

    def finish(c: Any, positions: Sequence[int]) -> None:
        rows = rows_of(c)
        versions = {slug: reading.matter_version(rows, slug) for slug in decision.matters}
        written.update(entries=receipts(rows, decision), versions=versions)
        beside(c, written)

    log.save(list(decision.matters.values()), finish)
    return Written(**written)


def decide(
    log: Readable, postings: Sequence[Posting], by: Visitor, now: int, versions: Versions = ANY, key: str | None = None
) -> Decision:
    """Check all postings against rules, rights and the versions that were read; nothing is stored."""
    if not 1 <= len(postings) <= MOST:
        raise BadValue(f"Send 1 to {MOST:,} entries at a time, not {len(postings):,}.", "events")
    decision = Decision()
    for posting, command in zip(postings, read_postings(log, postings, now), strict=True):
        try:
            matter = decision.matters.get(posting.matter) or _matter(log, posting.matter)
            decision.matters[posting.matter] = matter
            _permit(by, matter, command)
            filled = replace(command, values=command.values | {"idempotency_key": key})
            entry, is_new = _recorded(matter, posting, filled, by, now)
            if is_new:
                _check_version(matter, entry, versions)
        except Refused as error:
            error.field = posting.named(error.field) if error.field != IF_MATCH else IF_MATCH
            if not by.may("read") and isinstance(error, RuleBroken):
                error.detail = "A rule of the matter forbids it. What the rule is about, only a token with the scope read is told."
            raise
        except BadEntry as error:
            raise BadEntry([Problem(posting.named(p.field), p.detail) for p in error.problems]) from None
        decision.entries.append((posting, entry, is_new))
    return decision


def read_postings(log: Readable, postings: Sequence[Posting], now: int) -> list[Command]:
    """The commands that postings ask for; raises `BadEntry` with every problem in any of them."""
    commands, problems = [], []
    for posting in postings:
        named = posting.raw.get("matter", posting.matter)
        try:
            commands.append(read_entry(_filled(log, posting, now)))
        except BadEntry as error:
            problems += [Problem(posting.named(problem.field), problem.detail) for problem in error.problems]
        if named != posting.matter:
            problems.append(Problem(posting.named("matter"), f"This is recorded in the matter “{posting.matter}”."))
    if problems:
        raise BadEntry(problems)
    return commands


def _filled(log: Readable, posting: Posting, now: int) -> dict[str, Any]:
    """What was posted, with a key where there is none; what mends our own slip stands on the sources of its entry, from today."""
    raw = posting.raw
    if raw.get("kind") in _MENDS and raw.get("slip") == "ours" and not raw.get("sources"):
        matter = log.matter(posting.matter)
        of = raw.get("of")
        entry = matter.entries.get(str(of[0])) if matter and isinstance(of, list) and of else None
        if entry:
            raw = {"announced": day_in(now, matter.time_zone).isoformat()} | raw | {"sources": entry.sources}
    return raw if "key" in raw else raw | {"key": proposed_key(raw)}


def _recorded(matter: Matter, posting: Posting, command: Command, by: Visitor, now: int) -> tuple[Entry, bool]:
    """The entry and whether it is new. A key that we gave ourselves gets a number when other entries, or one taken back, have it."""
    if "key" in posting.raw:
        return record_in(matter, command, by.account, now)
    for key in candidates(command.values["key"]):
        if not _still_says_so(matter, key):
            continue
        try:
            return record_in(matter, replace(command, values=command.values | {"key": key}), by.account, now)
        except KeyTaken:
            continue
    raise BadValue("Give it a key of its own.", "key")


def _still_says_so(matter: Matter, key: str) -> bool:
    """Whether an entry of that key, where there is one, is neither taken back nor a correction that another has overtaken."""
    entry = matter.entries.get(key)
    if not isinstance(entry, EntryCorrected):
        return key not in matter.retracted
    now = matter.entries[entry.of[0]]
    return all(getattr(now, name) == value for name, value in entry.changes.items())


def _matter(log: Readable, slug: str) -> Matter:
    matter = log.matter(slug)
    if matter is None:
        raise NotFound(f"There is no matter “{slug[:80]}”.", "matter")
    return matter


def _permit(by: Visitor, matter: Matter, command: Command) -> None:
    by.demand("record")
    if issubclass(command.kind, EntryCorrected | EntryRetracted) and not may_mend(by, matter, command.values["of"]):
        by.demand("amend")


def may_mend(by: Visitor, matter: Matter, keys: Sequence[str]) -> bool:
    """Whether somebody may correct or retract entries: an editor all of them, a recorder those that he recorded himself."""
    about = [matter.originals.get(key) or matter.entries.get(key) for key in keys]
    return by.may("amend") or (by.may("record") and all(entry is None or entry.actor == by.account for entry in about))


def _check_version(matter: Matter, entry: Entry, versions: Versions) -> None:
    """What is new is stored only on top of the version that was read; what changes an entry needs one."""
    now_at = matter.version - len(matter.pending_events)
    if isinstance(entry, EntryCorrected | EntryRetracted) and versions is not ANY and matter.slug not in versions:
        raise VersionNeeded(
            "A correction or retraction changes how an entry reads: say with If-Match which version of the matter you read "
            "(its ETag, or `version`), or * for whichever it is.",
            IF_MATCH,
        )
    if versions.get(matter.slug) not in (None, now_at):
        raise Outdated(
            f"The matter “{matter.slug}” is at version {now_at} by now; you read version {versions[matter.slug]}. "
            "Read it again: others wrote to it meanwhile.",
            IF_MATCH,
        )


def receipts(rows: Rows, decision: Decision) -> list[dict[str, Any]]:
    """What became of each entry; read within the transaction that stored them, or tries them."""
    return [_receipt(rows, posting.matter, entry, is_new) for posting, entry, is_new in decision.entries]


def _receipt(rows: Rows, matter: str, entry: Entry, is_new: bool) -> dict[str, Any]:
    its = reading.entry_rows(rows, matter, entry.key)
    row = its[0]
    zone = reading.matter_named(rows, matter).time_zone
    return {
        "id": event_id(matter, entry.key),
        "matter": matter,
        "key": entry.key,
        "kind": entry.kind,
        "position": row.first_position,
        "recorded": recorded_text(reading.recorded_of(rows, row.first_position)),
        "known": reading.day_known(row, zone),
        "actor": entry.actor,
        "stored": is_new,
        "retracted": its[-1].retracted,
    }


def about(raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    """An amendment as posted for an entry: `of` names that entry too."""
    of = raw.get("of", [])
    return {**raw, "of": [*of, key] if isinstance(of, list) and key not in of else of}


def open_matter(log: Readable, values: Mapping[str, Any], by: Visitor) -> int:
    """Open a matter, seen by everyone or by one group of the opener's; returns its version. Raises `BadEntry`, `MatterExists`."""
    by.demand("matters")
    header = read_header(values)
    _own_group(by, header.get("group"))
    if log.is_taken(header["slug"]):
        raise MatterExists(f"The slug “{header['slug']}” is taken; choose another.", "slug")
    matter = Matter.open(**header, actor=by.account)
    try:
        log.save([matter])
    except IntegrityError:
        raise MatterExists(f"The slug “{header['slug']}” is taken; choose another.", "slug") from None
    return matter.version


def share_matter(log: Readable, slug: str, group: str | None, by: Visitor) -> int:
    """Show a matter to everyone (None) or to one group of the sharer's alone; returns its version."""
    by.demand("matters")
    _own_group(by, group)

    def once() -> int:
        matter = _matter(log, slug)
        matter.share(group, by.account)
        log.save([matter])
        return matter.version

    return retried(once)


def _own_group(by: Visitor, group: str | None) -> None:
    if group is not None and by.groups is not None and group not in by.groups:
        raise BadValue("Choose a group that you belong to; else you could not see the matter yourself.", "group")
