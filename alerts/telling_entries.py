"""What is told of an entry: that it is new, or that it was denied, confirmed, corrected or taken back."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from alerts.facts import NotToTell, Told, answer_path, entry_path, frozen
from alerts.model import Item
from domain.errors import NotFound
from domain.instants import day_in, micros
from domain.when import days_between
from projections.headlines import count
from projections.windows import RUNNING
from projections.words import name as named
from projections.words import plain, scope
from service import browsing
from service.asking import Question
from service.entries import event_id
from service.log import Readable
from service.windows import window

_SHOWN = (
    "id", "kind", "headline", "summary", "occurred", "wording", "known", "known_days_later", "recorded", "standing", "sources", "later_sources", "amendments",
)  # fmt: skip
_ACTS = {"ReportDenied": "denies", "ReportConfirmed": "confirms", "EntryCorrected": "corrected", "EntryRetracted": "taken back"}


def new(log: Readable, item: Item, question: Question) -> Told:
    """An entry is new on record."""
    entry, point = _entry(log, item, item.facts["entry"], question), _point(log, item, question)
    if entry["standing"] == "retracted":
        raise NotToTell(f"The entry “{entry['headline']}” was taken back by now.")
    sentence = f"New on record: {_stopped(entry['headline'])}"
    return _told(log, item, question, point, entry, f"New: {entry['headline']}", sentence)


def amended(log: Readable, item: Item, question: Question) -> Told:
    """An amendment, beside what it is about, as that read before it."""
    act, point = _entry(log, item, item.facts["entry"], question), _point(log, item, question)
    if act["standing"] == "retracted":
        raise NotToTell(f"“{act['headline']}” was itself taken back by now.")
    keys = act.get("of") or item.facts.get("of") or ()
    about = tuple(_entry(log, item, key, question) for key in keys)
    fields = _fields(log, item, act, about[0], question) if act["kind"] == "EntryCorrected" and about else []
    change = {
        "by": act.get("by"),
        "scope": [{"path": path, "words": scope(path)} for path in act.get("scope") or ()],
        "statement": act.get("statement"),
        "slip": act.get("slip"),
        "reason": act.get("reason"),
        "fields": fields,
    }
    subject, sentence = _subject(act, about), _sentence(act, about, fields)
    shown = tuple(_plain(entry, point) for entry in about)
    return replace(_told(log, item, question, point, act, subject, sentence), change=change, about=shown)


def _entry(log: Readable, item: Item, key: str, question: Question) -> dict[str, Any]:
    try:
        return browsing.event(log, event_id(item.matter, key), question)
    except NotFound:
        raise NotToTell(f"The entry “{event_id(item.matter, key)}” is not to be seen any more.") from None


def _point(log: Readable, item: Item, question: Question) -> dict[str, str]:
    return frozen(browsing.point_of(log, question, item.matter))


def _subject(act: dict[str, Any], about: tuple[dict[str, Any], ...]) -> str:
    more = f" and {len(about) - 1} more" if len(about) > 1 else ""
    what = f"“{about[0]['headline']}”{more}" if about else act["headline"]
    if act["kind"] in ("ReportDenied", "ReportConfirmed"):
        return f"{act['by']} {_ACTS[act['kind']]}: {what}"
    return f"{_ACTS[act['kind']].capitalize()}: {what}"


def _sentence(act: dict[str, Any], about: tuple[dict[str, Any], ...], fields: list[dict[str, Any]]) -> str:
    """“ByteDance denies “Over $12bn for AI in 2025, as reported”.”, “… was corrected by us, whose slip it was: due.”"""
    others = len(about) - 1
    more = f" and {count(others, 'more entry', 'more entries')}" if others > 0 else ""
    what = f"“{about[0]['headline']}”{more}" if about else act["headline"]
    if act["kind"] in ("ReportDenied", "ReportConfirmed"):
        return f"{act['by']} {_ACTS[act['kind']]} {what}."
    whose = " by us, whose slip it was" if act.get("slip") == "ours" else " by its source"
    if act["kind"] == "EntryRetracted":
        return f"{what} {'were' if others > 0 else 'was'} taken back{whose}. {_stopped(act.get('reason') or '')}".rstrip()
    told = ", ".join(f"{each['field']}" for each in fields)
    return f"{what} was corrected{whose}: {told}."


def _stopped(text: str) -> str:
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _fields(log: Readable, item: Item, act: dict[str, Any], target: dict[str, Any], question: Question) -> list[dict[str, Any]]:
    """The corrected fields, each {field, from, to, words}: from as it read just before the correction was recorded."""
    before = browsing.event(log, target["id"], replace(question, recorded_at=act["position"] - 1))
    found = []
    for field, after in (act.get("changes") or {}).items():
        was = (before.get("details") or {}).get(field, before.get(field))
        words = {"from_words": _in_words(was), "to_words": _in_words(after)}
        found.append({"name": field, "field": named(field), "from": was, "to": after} | words)
    return found


def _in_words(value: Any) -> str:
    return plain(value) if value not in (None, [], {}) else "nothing"


def _told(
    log: Readable, item: Item, question: Question, point: dict[str, str], entry: dict[str, Any], subject: str, sentence: str
) -> Told:
    with log.reading() as rows:
        title = browsing.matter_row(rows, item.matter).title
    return Told(
        item=item.id,
        what=item.what,
        matter=item.matter,
        matter_title=title,
        time_zone=entry["time_zone"],
        on=day_in(question.now, entry["time_zone"]).isoformat(),
        title=entry["headline"],
        subject=subject,
        sentence=sentence,
        exact=entry_path(entry["id"], **point),
        today=entry_path(entry["id"]),
        answer=answer_path(item) if _has_running_window(log, item, question) else None,
        entry=_plain(entry, point),
    )


def _has_running_window(log: Readable, item: Item, question: Question) -> bool:
    """Whether it is about one window, which can be snoozed."""
    try:
        return bool(item.window) and window(log, item.matter, item.window, question)["window"]["status"] in RUNNING
    except NotFound:
        return False


def _plain(entry: dict[str, Any], point: dict[str, str]) -> dict[str, Any]:
    """An entry's facts, with how many days after it was known it was recorded here."""
    shown = {name: entry[name] for name in _SHOWN} | {"path": entry_path(entry["id"], **point)}
    if not entry["recorded"]:
        return shown | {"recorded_on": None, "recorded_days_later": None}
    on = day_in(micros(datetime.fromisoformat(entry["recorded"])), entry["time_zone"])
    later = max(0, days_between(date.fromisoformat(entry["known"]), on))
    return shown | {"recorded_on": on.isoformat(), "recorded_days_later": later}
