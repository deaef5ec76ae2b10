"""The newest entries with what became of them: an entry that was denied, corrected or taken back comes up anew."""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from domain.events import KINDS, Amendment, Entry, details_of
from importers.schemas import kind_named
from projections.read_model import reading
from projections.read_model.changes import Newest, newest_first
from projections.read_model.reading import EntryRow, MatterRow, Rows
from service.asking import Question
from service.browsing import matter_row
from service.entries import bodies, briefs, event_id, whole
from service.log import Readable
from service.reading import recorded_text

AMENDING = frozenset(name for name, kind in KINDS.items() if issubclass(kind, Amendment))
PAGE, MOST = 500, 100_000
"""How many entries are looked at together, and at most: whoever asks for words that stand nowhere waits no longer."""

Accepts = Callable[[dict[str, Any]], bool]
Likely = Callable[[str, str], bool]


def newest(
    log: Readable, question: Question, accepts: Accepts, likely: Likely, matter: str | None = None, kind: str | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:  # fmt: skip
    """The entries last recorded or amended that `accepts` says yes to, the newest first; raises `NotFound`, `BadValue`.

    Whole entries, each with `windows` that it is about, and `updated`, `updated_at`, `updated_by`: instant, position and entry (None: its own)
    of the last recording that changed it. `accepts` gets a brief with `details` and `windows`; `likely` is asked first, with kind and searched text, what cannot be
    accepted. Only what an amendment of it, recorded later, changes raises `updated`.
    """
    if kind is not None:
        kind_named(kind)
    with log.reading() as rows:
        asked = {row.slug: row for row in ([matter_row(rows, matter)] if matter else reading.matters(rows))}
        found: list[tuple[_Change, dict[str, Any]]] = []
        for page in _changes(log, rows, asked, kind, likely, question) if asked else ():
            shown = _briefs(log, rows, asked, page, question)
            found += [(change, each) for change, each in zip(page, shown, strict=True) if accepts(each)]
            if len(found) >= limit:
                break
        return [_news(log, rows, asked[change.row.matter], change, each, question) for change, each in found[:limit]]


class _Change(NamedTuple):
    """An entry as it reads now, and the last recording that changed it: its position, and the key of its entry."""

    row: EntryRow
    at: int
    by: str


def _changes(
    log: Readable, rows: Rows, asked: dict[str, MatterRow], kind: str | None, likely: Likely, question: Question
) -> Iterator[list[_Change]]:
    """Entries with the recording of what changed them last, the newest first: each recording is news of itself and of what it amends."""
    done: set[tuple[str, str]] = set()
    stored = newest_first(rows, asked, {kind, *AMENDING} if kind else (), MOST)
    while page := list(islice(stored, PAGE)):
        about = _amended(log, rows, asked, page, question)
        changed = []
        for each in page:
            if kind in (None, each.kind) and (each.kind in AMENDING or likely(each.kind, each.search)):
                changed.append((each.matter, each.key, each))
            changed += [(each.matter, key, each) for key in about.get(each.position, ())]
        fresh = [change for change in changed if not (change[:2] in done or done.add(change[:2]))]
        yield [change for change in _rows_of(rows, asked, fresh, question) if kind in (None, change.row.kind)]


def _amended(
    log: Readable, rows: Rows, asked: dict[str, MatterRow], page: Sequence[Newest], question: Question
) -> dict[int, list[str]]:
    """By the position of each amendment the keys of what it changes: the entries that it is about, and what those amend."""
    found: dict[int, list[str]] = {}
    for slug, matter in asked.items():
        its = {each.key: each.position for each in page if each.matter == slug and each.kind in AMENDING}
        about = _targets(log, rows, matter, set(its), question) if its else {}
        for key, position in its.items():
            found[position] = _followed(key, about)
    return found


def _targets(log: Readable, rows: Rows, matter: MatterRow, keys: set[str], question: Question) -> dict[str, tuple[str, ...]]:
    """By the key of each amendment what it is about; and so for the amendments among those."""
    about: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    while keys:
        found = reading.entries_named(rows, matter.slug, keys, _now(matter, question))
        about |= {entry.key: tuple(entry.of) for entry in bodies(log, rows, found) if isinstance(entry, Amendment)}
        seen |= keys
        keys = {key for of in about.values() for key in of} - seen
    return about


def _followed(key: str, about: dict[str, tuple[str, ...]]) -> list[str]:
    found: list[str] = []
    waiting = list(about.get(key, ()))
    while waiting:
        if (key := waiting.pop(0)) not in found:
            found.append(key)
            waiting += about.get(key, ())
    return found


def _now(matter: MatterRow, question: Question) -> Any:
    return question.at(matter.time_zone, None)


def _rows_of(
    rows: Rows, asked: dict[str, MatterRow], changed: Sequence[tuple[str, str, Newest]], question: Question
) -> list[_Change]:
    """The rows of those entries as they read now, in the order given; what is not known yet is left out."""
    there: dict[tuple[str, str], EntryRow] = {}
    for slug, matter in asked.items():
        keys = {key for of, key, _ in changed if of == slug}
        there |= {(slug, row.key): row for row in (reading.entries_named(rows, slug, keys, _now(matter, question)) if keys else ())}
    return [_Change(there[slug, key], last.position, last.key) for slug, key, last in changed if (slug, key) in there]


def _briefs(
    log: Readable, rows: Rows, asked: dict[str, MatterRow], page: Sequence[_Change], question: Question
) -> list[dict[str, Any]]:
    """The briefs of several matters, in the order of the page."""
    shown: dict[str, dict[str, Any]] = {}
    for slug, matter in asked.items():
        its = [change.row for change in page if change.row.matter == slug]
        shown |= {told["id"]: told for told in (briefs_about(log, rows, matter, its, question) if its else ())}
    return [shown[event_id(change.row.matter, change.row.key)] for change in page]


def briefs_about(
    log: Readable, rows: Rows, matter: MatterRow, found: Sequence[EntryRow], question: Question
) -> list[dict[str, Any]]:
    """Briefs of entry rows of one matter as they read now, with the `details` that filters look at and the `windows` that each is about."""
    entries = bodies(log, rows, found)
    windows = windows_about(log, rows, matter, entries, question)
    shown = briefs(log, rows, found, matter, _now(matter, question), question.knows_all(matter.time_zone))
    return [
        told
        | {
            "details": {name: getattr(entry, name) for name in details_of(type(entry))},
            "windows": sorted(windows[entry.key]),
        }
        for told, entry in zip(shown, entries, strict=True)
    ]


def windows_about(
    log: Readable, rows: Rows, matter: MatterRow, entries: Collection[Entry], question: Question
) -> dict[str, set[str]]:
    """By key the windows of its matter that an entry is about: named by it, by its scope, or by what it amends."""
    about = _targets(log, rows, matter, {entry.key for entry in entries if isinstance(entry, Amendment)}, question)
    named = {entry.key: _named(entry) for entry in entries}
    wanted = {key for of in about.values() for key in of} - named.keys()
    found = reading.entries_named(rows, matter.slug, wanted, _now(matter, question)) if wanted else []
    named |= {entry.key: _named(entry) for entry in bodies(log, rows, found)}
    followed = {entry.key: (entry.key, *_followed(entry.key, about)) for entry in entries}
    return {key: {window for each in keys for window in named.get(each, ())} for key, keys in followed.items()}


def _named(entry: Entry) -> set[str]:
    scopes = {path.split(".")[1] for path in getattr(entry, "scope", None) or () if path.startswith("windows.")}
    named = {getattr(entry, name, None) for name in ("window", "superseded_by")}
    return {name for name in named | scopes if name}


def _news(
    log: Readable, rows: Rows, matter: MatterRow, change: _Change, told: dict[str, Any], question: Question
) -> dict[str, Any]:
    entry = whole(log, rows, change.row, matter, _now(matter, question), question.knows_all(matter.time_zone))
    return entry | {
        "windows": told["windows"],
        "matter_title": matter.title,
        "updated": recorded_text(reading.recorded_of(rows, change.at)),
        "updated_at": change.at,
        "updated_by": event_id(matter.slug, change.by) if change.by != change.row.key else None,
    }
