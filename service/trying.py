"""What entries would change, worked out by recording them in a transaction that is never committed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from eventsourcing.persistence import IntegrityError

from domain.deadlines import agrees, count, in_place
from domain.events import Amendment, Entry, WindowExtended, WindowOpened
from domain.instants import day_in, end_of
from domain.known import known_at
from domain.when import read_when
from projections.engine import winner
from projections.read_model import reading
from projections.read_model.reading import MatterRow, Rows
from projections.views import VIEWS, View, view_named
from service.asking import Question
from service.comparing import changes
from service.entries import bodies, briefs, event_id
from service.log import HeldLog, Readable, SeenLog
from service.reading import Answer, answer_in
from service.recording import retried
from service.visitor import SHELL, Visitor
from service.writing import ANY, Decision, Posting, Versions, decide, receipts

UNPLACED = {"position": None, "recorded": None, "stored": False}
T = TypeVar("T")
DAYS = 6
"""At how many days a preview compares the views."""


@dataclass(frozen=True)
class Preview:
    """What recording entries would do: receipts, versions, the changes of each view, and warnings.

    Nothing is stored, so `stored` is false; what is not on record yet has no position and no recorded instant. The versions are
    those of now.

    A change is as in a diff, with the day `as_of` on which the view would read so. A warning is {entry, field, kind, detail,
    event}: `entry` the number of the entry from 0, `kind` one of duplicate, "stated and counted differ", "nothing dated".
    """

    entries: list[dict[str, Any]]
    versions: dict[str, int]
    changes: dict[str, list[dict[str, Any]]]
    warnings: list[dict[str, Any]]


@dataclass(frozen=True)
class _Before:
    """What was decided, and how things stand before it: the questions asked of views, their answers, versions, warnings."""

    decision: Decision
    asked: list[tuple[View, str | None, Question]]
    answers: list[Answer]
    versions: dict[str, int]
    warnings: list[dict[str, Any]]


def preview(log: SeenLog, postings: Sequence[Posting], by: Visitor, now: int, versions: Versions = ANY) -> Preview:
    """What these entries would change; raises what `write` would raise. Nothing is stored."""
    by.demand("record")

    def before(there: Readable) -> _Before:
        decision = decide(there, postings, by, now, versions)
        with there.reading() as rows:
            matters = _rows(rows, decision)
            asked = [(view, m.slug, question) for m in matters for view in _views(m.slug) for question in _days(m, decision, now)]
            answers = [answer_in(there, rows, view, question, slug) for view, slug, question in asked]
            now_at = {slug: reading.matter_version(rows, slug) for slug in decision.matters}
            return _Before(decision, asked, answers, now_at, list(_warnings(there, rows, decision, now)))

    def after(was: _Before, trial: HeldLog, rows: Rows) -> Preview:
        answers = [answer_in(trial, rows, view, question, slug) for view, slug, question in was.asked]
        would = [receipt | UNPLACED if receipt["stored"] else receipt for receipt in receipts(rows, was.decision)]
        return Preview(would, was.versions, _told(zip(was.answers, answers, strict=True)), was.warnings)

    return retried(lambda: _tried(log, before, after))


def _tried(log: SeenLog, before: Callable[[Readable], _Before], after: Callable[[_Before, HeldLog, Rows], T]) -> T:
    """Decide, then try under the write lock; and where somebody wrote between, decide anew under it."""
    was = before(log)
    with suppress(IntegrityError), log.trying() as trial, trial.reading() as rows:
        trial.save(list(was.decision.matters.values()))
        return after(was, trial, rows)
    with log.trying() as trial, trial.reading() as rows:
        was = before(trial)
        trial.save(list(was.decision.matters.values()))
        return after(was, trial, rows)


def _rows(rows: Rows, decision: Decision) -> list[MatterRow]:
    return [reading.matter_named(rows, slug) for slug in decision.matters]


def _views(slug: str) -> list[View]:
    """The views that a matter goes into."""
    return [view.for_comparing() for view in VIEWS.values() if view.matter in (None, slug)]


def _days(matter: MatterRow, decision: Decision, now: int) -> list[Question]:
    """Today, the day from which each entry counts, and the day ahead from which it has effect."""
    zone = matter.time_zone
    today = day_in(now, zone)
    days = {today: None}
    for posting, entry, _ in decision.entries:
        if posting.matter == matter.slug:
            days |= dict.fromkeys(_own_days(entry, zone, today))
    return [Question(now, day) for day in list(days)[:DAYS]]


def _own_days(entry: Entry, zone: str, today: date) -> Iterator[date]:
    yield day_in(max(known_at(entry, zone), end_of(read_when(entry.occurred).first, zone)), zone)
    start = (entry.effective or {}).get("from")
    ahead = day_in(end_of(read_when(start).last, zone), zone) if start else today
    if ahead > today:
        yield ahead


def _told(pairs: Iterable[tuple[Answer, Answer]]) -> dict[str, list[dict[str, Any]]]:
    """The changes by view, each once, on the first day compared that shows it: today where it shows today."""
    told: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
    for before, after in pairs:
        of_view = told.setdefault(after.view.name, {})
        for change in changes(before, after):
            of_view.setdefault((change["field"], change["sentence"]), change | {"as_of": after.point["as_of"]})
    return {name: list(found.values()) for name, found in told.items()}


def _warnings(log: Readable, rows: Rows, decision: Decision, now: int) -> Iterator[dict[str, Any]]:
    for n, (posting, entry, is_new) in enumerate(decision.entries):
        if not is_new:
            continue
        for kind, field, detail, event in _warned(log, rows, posting.matter, entry, now):
            yield {"entry": n, "field": posting.named(field), "kind": kind, "detail": detail, "event": event}


def _warned(log: Readable, rows: Rows, slug: str, entry: Entry, now: int) -> Iterator[tuple[str, str, str, str | None]]:
    if not any(source.get("published") for source in entry.sources):
        yield "nothing dated", "sources", "None of its sources says when it was published; a dated source can be checked.", None
    computed = _counted_otherwise(rows, entry, reading.matter_named(rows, slug), now)
    if computed:
        detail = f"The due date is stated as {entry.due}, but the rule counts to {computed}. Both are kept and shown."
        yield "stated and counted differ", "details.due", detail, None
    like = _like(log, rows, slug, entry, now)
    if like:
        yield "duplicate", "", f"This may be on record already: “{like['headline']}”, {like['occurred']}.", like["id"]


def _counted_otherwise(rows: Rows, entry: Entry, matter: MatterRow, now: int) -> str | None:
    """The due date that a window's own rule counts to, where another is stated beside it."""
    if not isinstance(entry, WindowOpened | WindowExtended) or not (entry.due and entry.rule):
        return None
    due_is = entry.due_is if isinstance(entry, WindowOpened) else _due_is(rows, entry.window, matter, now)
    counted = count(in_place(entry.rule, matter.jurisdiction, matter.time_zone, due_is))
    return None if agrees(read_when(entry.due), counted, matter.time_zone) else counted.due


def _due_is(rows: Rows, window: str, matter: MatterRow, now: int) -> str | None:
    at = Question(now).at(matter.time_zone, None)
    held = winner(reading.walk_back(rows, matter.slug, f"windows.{window}", "due_is", at), at)
    return held[0].value if held else None


def _like(log: Readable, rows: Rows, slug: str, entry: Entry, now: int) -> dict[str, Any] | None:
    """An entry of the same kind on the same day, or about the same entries, that is on record and not taken back."""
    matter = reading.matter_named(rows, slug)
    at = Question(now).at(matter.time_zone, None)
    found = reading.entries_alike(rows, slug, entry.kind, at, entry.key)
    if hasattr(entry, "window"):  # the same said of another window is no duplicate
        found = [row for row, other in zip(found, bodies(log, rows, found), strict=True) if other.window == entry.window]
    for shown in briefs(log, rows, found, matter, at, knows_all=True):
        if shown["standing"] != "retracted" and _is_alike(shown, entry, rows, slug):
            return shown
    return None


def _is_alike(shown: dict[str, Any], entry: Entry, rows: Rows, slug: str) -> bool:
    if isinstance(entry, Amendment):
        about = {notice.key for notice in reading.notices_about(rows, slug, entry.of)}
        return shown["key"] in about and shown["occurred"] == entry.occurred
    addresses = {source.get("url") for source in entry.sources} - {None}
    return shown["occurred"] == entry.occurred or bool(addresses & {source.get("url") for source in shown["sources"]})


def what_if(log: SeenLog, view: str, postings: Sequence[Posting], question: Question, matter: str | None = None) -> dict[str, Any]:
    """A view over extra entries, never stored: the answer, and `changes` against the view without them.

    Entries that would be known only by the day asked about are supposed known: the question is asked as if on that day. What is
    supposed is nobody's, so every rule of the matter holds but none of rights.
    """
    asked = (view_named(view), matter, _as_if_then(question))

    def before(there: Readable) -> _Before:
        decision = decide(there, postings, replace(SHELL, account="what-if"), asked[2].now)
        return _Before(decision, [asked], [_answer(there, *asked)], {}, [])

    def after(was: _Before, trial: HeldLog, rows: Rows) -> dict[str, Any]:
        answer = _answer(trial, *asked)
        supposed = [event_id(posting.matter, entry.key) for posting, entry, _ in was.decision.entries]
        return answer.body() | {"changes": changes(was.answers[0], answer), "supposed": supposed}

    return retried(lambda: _tried(log, before, after))


def _answer(log: Readable, view: View, matter: str | None, question: Question) -> Answer:
    with log.reading() as rows:
        return answer_in(log, rows, view, question, matter)


def _as_if_then(question: Question) -> Question:
    """A question about a day ahead, asked on that day."""
    if question.as_of is None:
        return question
    return replace(question, now=max(question.now, end_of(question.as_of, "UTC") - 1))
