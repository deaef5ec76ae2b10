"""Recording by people: permitted, checked, all or nothing, once for each idempotency key; or tried and never stored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from eventsourcing.persistence import IntegrityError

from domain.errors import BadValue, Outdated, Refused, RuleBroken
from domain.events import Amendment, Entry, EntryCorrected, EntryRetracted
from domain.matter import Matter
from domain.rules import KeyTaken
from importers.entries import BadEntry, Command, Problem, read_entry
from importers.matter_file import read_header
from projections.read_model import reading
from projections.read_model.reading import Rows
from service import idempotency
from service.entries import event_id
from service.log import SeenLog
from service.reading import no_such_matter, recorded_text
from service.recorder import rows_of
from service.recording import record_in, retried
from service.visitor import Visitor

MOST = 1000
"""Entries in one batch."""
_ENDINGS = {
    "ReportDenied": "denied",
    "ReportConfirmed": "confirmed",
    "EntryCorrected": "corrected",
    "EntryRetracted": "retracted",
}


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

    A receipt is {id, matter, key, kind, position, recorded, known, actor, stored}; `stored` is false for an entry that was on
    record before. `again` says that an idempotency key was seen before, and this is the answer of that time.
    """

    entries: list[dict[str, Any]]
    versions: dict[str, int]
    again: bool = field(default=False, compare=False)


@dataclass
class Decision:
    """What postings come to before anything is stored: the matters with events pending, and each entry with whether it is new."""

    matters: dict[str, Matter] = field(default_factory=dict)
    entries: list[tuple[Posting, Entry, bool]] = field(default_factory=list)


def write(
    log: SeenLog, postings: Sequence[Posting], by: Visitor, now: int, versions: Mapping[str, int], key: str | None = None
) -> Written:
    """Record entries, all or nothing, in one transaction with the idempotency key.

    `versions` are those that the writer read, by matter: raises `Outdated` for a matter that has moved on. Raises `BadEntry` with every
    field that cannot be read, `NotFound`, or the error of the first rule that is broken.
    """
    by.demand("record")
    key = idempotency.checked(key) if key is not None else None
    asked = idempotency.fingerprint([asdict(posting) for posting in postings])

    def once() -> Written:
        with log.reading() as rows:
            before = idempotency.answered(rows, by.account, key, asked) if key else None
        if before is not None:
            return Written(**before, again=True)
        decision = decide(log, postings, by, now, key)
        _check_versions(decision, versions)
        return _stored(log, decision, lambda c, written: key and idempotency.keep(c, by.account, key, asked, written, now))

    return retried(once)


def _stored(log: SeenLog, decision: Decision, beside: Callable[[Any, dict[str, Any]], Any]) -> Written:
    written: dict[str, Any] = {}

    def finish(c: Any, positions: Sequence[int]) -> None:
        rows = rows_of(c)
        versions = {slug: reading.matter_version(rows, slug) for slug in decision.matters}
        written.update(entries=receipts(rows, decision), versions=versions)
        beside(c, written)

    matters = [matter for matter in decision.matters.values() if matter.pending_events]
    if matters:
        log.whole.save_matters(matters, finish)
    else:
        with log.whole.recorder.writing() as c:
            finish(c, ())
    return Written(**written)


def decide(log: SeenLog, postings: Sequence[Posting], by: Visitor, now: int, key: str | None = None) -> Decision:
    """Check all postings against rules and rights; nothing is stored."""
    if not 1 <= len(postings) <= MOST:
        raise BadValue(f"Send 1 to {MOST:,} entries at a time, not {len(postings):,}.", "events")
    read = read_postings(postings)
    decision = Decision()
    for posting, command in zip(postings, read, strict=True):
        try:
            matter = decision.matters.get(posting.matter) or _matter(log, posting.matter)
            decision.matters[posting.matter] = matter
            _permit(by, matter, command)
            filled = replace(command, values=command.values | {"idempotency_key": key})
            entry, is_new = _recorded(matter, posting, filled, by, now)
        except Refused as error:
            error.field = posting.named(error.field)
            raise
        except BadEntry as error:
            raise BadEntry([Problem(posting.named(p.field), p.detail) for p in error.problems]) from None
        decision.entries.append((posting, entry, is_new))
    return decision


def read_postings(postings: Sequence[Posting]) -> list[Command]:
    """The commands that postings ask for; raises `BadEntry` with every problem in any of them."""
    commands, problems = [], []
    for posting in postings:
        named = posting.raw.get("matter", posting.matter)
        unnamed = {} if "key" in posting.raw or posting.raw.get("kind") not in _ENDINGS else {"key": _ending(posting)}
        try:
            commands.append(read_entry(posting.raw | unnamed))
        except BadEntry as error:
            problems += [Problem(posting.named(problem.field), problem.detail) for problem in error.problems]
        if named != posting.matter:
            problems.append(Problem(posting.named("matter"), f"This is recorded in the matter “{posting.matter}”."))
    if problems:
        raise BadEntry(problems)
    return commands


def _ending(posting: Posting) -> str:
    """The key of an amendment that was posted without one: `ft-2025-overseas-denied`."""
    of = posting.raw.get("of")
    about = of[0] if isinstance(of, list) and of and isinstance(of[0], str) else "entry"
    return f"{about[:60]}-{_ENDINGS[posting.raw['kind']]}"


def _recorded(matter: Matter, posting: Posting, command: Command, by: Visitor, now: int) -> tuple[Entry, bool]:
    """The entry and whether it is new. A key that we gave ourselves gets a number when others have it."""
    if "key" in posting.raw:
        return record_in(matter, command, by.account, now)
    base = command.values["key"]
    for number in range(2, MOST):
        try:
            return record_in(matter, command, by.account, now)
        except KeyTaken:
            command = replace(command, values=command.values | {"key": f"{base}-{number}"})
    raise BadValue("Give it a key of its own.", "key")


def _matter(log: SeenLog, slug: str) -> Matter:
    matter = log.matter(slug)
    if matter is None:
        with log.reading() as rows:
            raise no_such_matter(rows, slug)
    return matter


def _permit(by: Visitor, matter: Matter, command: Command) -> None:
    """Recorders record, deny and confirm, and may take back what they recorded themselves; the entries of others take an editor."""
    by.demand("record")
    if command.kind not in (EntryCorrected, EntryRetracted):
        return
    about = [matter.originals.get(key) or matter.entries.get(key) for key in command.values["of"]]
    if any(entry is not None and entry.actor != by.account for entry in about):
        by.demand("amend")


def _check_versions(decision: Decision, versions: Mapping[str, int]) -> None:
    """What is new is stored only on top of the version that was read."""
    for slug, matter in decision.matters.items():
        now_at = matter.version - len(matter.pending_events)
        if slug in versions and matter.pending_events and versions[slug] != now_at:
            raise Outdated(
                f"The matter “{slug}” is at version {now_at} by now; you read version {versions[slug]}. "
                "Read it again: others wrote to it meanwhile.",
                "If-Match",
            )


def receipts(rows: Rows, decision: Decision) -> list[dict[str, Any]]:
    """What became of each entry; read within the transaction that stored them, or tries them."""
    return [_receipt(rows, posting.matter, entry, is_new) for posting, entry, is_new in decision.entries]


def _receipt(rows: Rows, matter: str, entry: Entry, is_new: bool) -> dict[str, Any]:
    row = reading.entry_rows(rows, matter, entry.key)[0]
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
    }


def about(raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    """An amendment as posted for an entry: `of` names that entry first."""
    others = raw.get("of", [])
    return {**raw, "of": [key, *(each for each in others if each != key)] if isinstance(others, list) else others}


def is_of_an_amendment(kind: type[Entry]) -> bool:
    """Whether entries of this kind are about other entries."""
    return issubclass(kind, Amendment)


def open_matter(log: SeenLog, values: Mapping[str, Any], by: Visitor) -> int:
    """Open a matter, seen by everyone or by one group of the opener's; returns its version. Raises `BadEntry`, `MatterExists`."""
    by.demand("matters")
    header = read_header(values)
    _own_group(by, header.get("group"))
    if log.whole.matter(header["slug"]) is not None:
        raise MatterExists(f"The slug “{header['slug']}” is taken; choose another.", "slug")
    matter = Matter.open(**header, actor=by.account)
    try:
        log.whole.save_matter(matter)
    except IntegrityError:
        raise MatterExists(f"The slug “{header['slug']}” is taken; choose another.", "slug") from None
    return matter.version


def share_matter(log: SeenLog, slug: str, group: str | None, by: Visitor) -> int:
    """Show a matter to everyone (None) or to one group of the sharer's alone; returns its version."""
    by.demand("matters")
    _own_group(by, group)

    def once() -> int:
        matter = _matter(log, slug)
        matter.share(group, by.account)
        if matter.pending_events:
            log.whole.save_matter(matter)
        return matter.version

    return retried(once)


def _own_group(by: Visitor, group: str | None) -> None:
    if group is not None and by.groups is not None and group not in by.groups:
        raise BadValue("Choose a group that you belong to; else you could not see the matter yourself.", "group")
