"""What is told of a window: a lead time, lead times that passed, a due date that moved, an end, two dates that disagree."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from alerts import outbox
from alerts.citing import cited, due_by, entries_of
from alerts.facts import PASSED, STEP, Cause, NotToTell, Told, answer_path, entry_path, frozen, window_path
from alerts.model import Item
from alerts.sentences import move_sentence, moved_sentence, passed_sentence, step_sentence, step_subject
from domain.errors import NotFound
from domain.instants import day_in, day_of, over_at
from domain.ladder import HOUR, read_step
from domain.when import days_between, read_when
from projections.read_model.reading import Rows
from projections.window_history import DATED, WHAT
from projections.windows import CLOSED, RUNNING
from projections.words import day
from service.asking import Question
from service.browsing import matter_row
from service.log import Readable
from service.windows import window

_SAME = ("window", "title", "due", "due_is", "days_left", "working_days_left", "opened_by", "legal_basis")
_AND = ("stated", "computed", "conflict", "owner", "evidence", "closed_by", "purpose")
NOT_RUNNING = ("suspended", *CLOSED)
"""The statuses that are told of; any other is open, or its date has passed."""
MISSED, SAME_TIME = "passed while the clock was down", "reached at the same time"
WAITED = {
    STEP: "waited for this message",
    "moved": "of the former date not sent any more",
    PASSED: "waited until the time was over",
}
"""What is said of steps without a message of their own, the last by what is told instead."""


@dataclass(frozen=True)
class Now:
    """A window at the moment of sending: as `service.windows.window` answers, its matter's title, and the moment.

    `raised` are the steps of the item's due date that the clock raised one by one; `entries` those behind it, by id, with their sources.
    """

    there: dict[str, Any]
    matter_title: str
    now: int
    raised: frozenset[str] = frozenset()
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def its(self) -> dict[str, Any]:
        """The window, as a deadline."""
        return self.there["window"]

    @property
    def title(self) -> str:
        """What it is called."""
        return self.its["title"]

    @property
    def zone(self) -> str:
        """Its matter's time zone."""
        return self.its["time_zone"]

    @property
    def on(self) -> date:
        """The day of the moment."""
        return day_in(self.now, self.zone)

    @property
    def due_day(self) -> date | None:
        """The day that is counted to: the earliest, where the due date is uncertain."""
        return day_of(read_when(self.its["due"]).first, self.zone) if self.its["due"] else None

    @property
    def may_end(self) -> int | None:
        """The first instant at which it may be over."""
        due = self.its["due"]
        return over_at(read_when(due).first, self.its["due_is"], self.zone) if due else None

    @property
    def hours_left(self) -> int | None:
        """Hours until it may be over, to the nearest."""
        return max(0, round((self.may_end - self.now) / HOUR)) if self.may_end is not None else None

    @property
    def is_over(self) -> bool:
        """Its due date is past; an effect day is told all through it, though it is over from its start."""
        return self.its["status"] == "lapsed" and not (self.its["due_is"] == "effect day" and self.due_day == self.on)

    def last(self, *what: str) -> dict[str, Any] | None:
        """The last move of its history of those kinds."""
        return next((move for move in reversed(self.there["history"]) if move["what"] in what), None)


def window_now(log: Readable, item: Item, question: Question) -> Now:
    """The window of an item as its person sees it; raises `NotToTell` where he does not."""
    try:
        there = window(log, item.matter, item.window, question)
        with log.reading() as rows:
            matter = matter_row(rows, item.matter)
            entries = cited(log, rows, matter, entries_of(there), question)
            return Now(there, matter.title, question.now, _raised(rows, item), entries)
    except NotFound:
        raise NotToTell(f"The window “{item.window}” of the matter “{item.matter}” is not to be seen any more.") from None


def _raised(rows: Rows, item: Item) -> frozenset[str]:
    """The steps that were raised for the item's person, channel and due date (a moved one's former); read only where some passed."""
    if not (item.facts.get("passed") or item.facts.get("steps")):
        return frozenset()
    due = item.facts.get("former_due") or item.facts.get("due")
    return frozenset(alert["step"] for alert in outbox.raised(rows, item) if alert.get("due") == due)


def step(its: Now, item: Item) -> Told:
    """A lead time was reached: what is left now, which may be less than the lead time."""
    _still_due(its, item)
    if its.its["status"] in CLOSED:
        raise NotToTell(f"“{its.title}” is {its.its['status']} by now, so no lead time counts for it any more.")
    if its.is_over:
        return _passed(its, item, [item.facts["step"], *item.facts.get("passed", ())])
    reached = read_step(item.facts["step"])
    days, hours = its.its["days_left"], its.hours_left if reached.unit == "h" else None
    due = its.its["due"]
    subject = step_subject(its.title, due, days, hours)
    sentence = step_sentence(its.title, due, its.its["due_is"], days, hours)
    return _told(its, item, subject, sentence, passed=item.facts.get("passed", ()))


def passed(its: Now, item: Item) -> Told:
    """Lead times passed, and then the due date, that nobody could tell in time."""
    _still_due(its, item)
    return _passed(its, item, item.facts.get("steps") or item.facts.get("passed") or ())


def _passed(its: Now, item: Item, steps: Sequence[str]) -> Told:
    was = "was due" if its.is_over or its.its["status"] in CLOSED else "is due"
    due = day(its.its["due"])
    sentence = f"“{its.title}” {was} on {due}; its lead times passed before they could be told."
    return _told(its, item, f"Passed: {its.title}, {was} {due}", sentence, what=PASSED, passed=steps)


def moved(its: Now, item: Item) -> Told:
    """The due date moved: from what to what, by which acts."""
    _still_due(its, item)
    former, due = item.facts["former_due"], its.its["due"]
    acts = _acts(its, former)
    by = [act["by"] for act in acts if act["by"]]
    later = date.fromisoformat(former) <= its.due_day
    subject = f"Moved {'' if later else 'to an earlier day, '}to {day(due)}: {its.title}".replace("day, to ", "day, ")
    sentence = moved_sentence(its.title, former, due, by)
    if not acts:
        sentence += f" No new act moved it: what was on record for {day(former)} was corrected or taken back."
    elif not by and acts[-1]["what"] == "recounted":
        sentence += " It was counted anew, because a closing became known."
    change = {"from": former, "to": due, "days": days_between(date.fromisoformat(former), its.due_day)}
    return _told(its, item, subject, sentence, change | {"acts": _shown(acts)}, item.facts.get("passed", ()))


def _shown(acts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: act[name] for name in ("by", "event", "headline")} for act in acts]


def _acts(its: Now, former: str) -> list[dict[str, Any]]:
    """The moves that led from the former due date to the one that leads; none where the former is no longer in the history."""
    dated = [move for move in its.there["history"] if move["what"] in DATED and move["due"]]
    days = [day_of(read_when(move["due"]).first, its.zone).isoformat() for move in dated]
    last_former = max((n for n, each in enumerate(days) if each == former), default=None)
    return dated[last_former + 1 :] if last_former is not None else []


def closed(its: Now, item: Item) -> Told:
    """A window was suspended, superseded, met or withdrawn, or runs again."""
    status, now = item.facts["status"], its.its["status"]
    if status != (now if now in NOT_RUNNING else "open"):
        was = "that it runs again" if status == "open" else f"that it was {status}"
        raise NotToTell(f"“{its.title}” is {'past its date' if now == 'lapsed' else now} by now; {was} is no longer so.")
    former = item.facts.get("former")
    move = its.last("resumed" if status == "open" else status)
    subject = f"{WHAT['resumed'] if status == 'open' else WHAT[status]}: {its.title}" + (f", {_day(move)}" if move else "")
    sentence = _again(its, former) if status == "open" else _ended(its, status, move)
    acts = _shown([move] if move and move["event"] else [])
    return _told(its, item, subject, sentence, {"status": status, "former": former, "acts": acts})


def _day(move: dict[str, Any]) -> str:
    return day(move["on"] if move["what"] == "suspended" else move["occurred"] or move["on"])


def _again(its: Now, former: str | None) -> str:
    running = its.its["status"] in RUNNING
    return f"“{its.title}” {'runs again' if running else 'has passed its date'}" + (f"; it was {former}." if former else ".")


def _ended(its: Now, status: str, move: dict[str, Any] | None) -> str:
    told = f"“{its.title}” {'is' if status == 'suspended' else 'was'} {status}"
    if move is None:
        return f"{told}."
    through = f" through {day(move['until'])}" if move["until"] else ""
    told += (f" from {_day(move)}{through}" if status == "suspended" else f" on {_day(move)}") + (
        f", by {move['by']}" if move["by"] else ""
    )
    after = its.there["successor"]
    if status == "superseded" and after:
        told += f". After it comes “{after['title']}”" + (f", due {day(after['due'])}" if after["due"] else "")
    return told + (f": {move['note'].rstrip('.')}." if status == "met" and move["note"] else ".")


def conflict(its: Now, item: Item) -> Told:
    """The stated and the counted date disagree."""
    if not its.its["conflict"]:
        raise NotToTell(f"The stated and the counted date of “{its.title}” do not disagree any more.")
    stated, computed = its.its["stated"], its.its["computed"]
    earlier = _earlier(its)
    subject = f"Two dates: {its.title}, stated {day(stated)}, counted {day(computed)}"
    sentence = (
        f"Two dates for “{its.title}”: {day(stated)} is stated, {day(computed)} is counted. "
        f"The stated one leads; the {earlier} one is the earlier."
    )
    return _told(its, item, subject, sentence, {"stated": stated, "computed": computed, "leads": "stated", "earlier": earlier})


def _earlier(its: Now) -> str:
    stated, counted = (day_of(read_when(its.its[name]).last, its.zone) for name in ("stated", "computed"))
    return "counted" if counted < stated else "stated"


def _still_due(its: Now, item: Item) -> None:
    """Raises `NotToTell` where another due date leads by now than the one that the item was made for."""
    meant = item.facts.get("due")
    if its.due_day is None:
        raise NotToTell(f"“{its.title}” has no due date any more.")
    if meant and meant != its.due_day.isoformat():
        raise NotToTell(f"The due date of “{its.title}” is {day(its.its['due'])} by now, no longer {day(meant)}.")


def _told(
    its: Now, item: Item, subject: str, sentence: str, change: dict[str, Any] | None = None, passed: Sequence[str] = (),
    what: str | None = None,
) -> Told:  # fmt: skip
    point = frozen(its.there["point"])
    return Told(
        item=item.id,
        what=what or item.what,
        matter=item.matter,
        matter_title=its.matter_title,
        time_zone=its.zone,
        on=its.on.isoformat(),
        title=its.title,
        subject=subject,
        sentence=sentence,
        exact=window_path(item.matter, item.window, **point),
        today=window_path(item.matter, item.window),
        answer=answer_path(item) if its.its["status"] in RUNNING else None,
        window=_plain(its),
        change=change,
        step=item.facts["step"] if item.what == STEP else None,
        passed=tuple(passed),
        passed_sentences=tuple(_about_passed(its, item, passed)),
        why=tuple(_cause(move, point) for move in its.there["history"]),
        counting=tuple(its.there["steps"]),
        sources=tuple(_sources(its, item.what, change or {}, point)),
    )


def _sources(its: Now, what: str, change: dict[str, Any], point: dict[str, str]) -> list[dict[str, Any]]:
    """The entries that ended or suspended it, or moved its due date, then those that give the due date: each with its sources."""
    ended = "suspension" if its.its["status"] == "suspended" else "end"
    acts = {act["event"]: ended if what == "closed" else "due date" for act in change.get("acts", ()) if act["event"]}
    gives = acts | {event: "due date" for event in due_by(its.there) if event not in acts}
    return [
        {"gives": gives[event], "entry": event, "path": entry_path(event, **point)} | its.entries[event]
        for event in gives
        if event in its.entries
    ]


def _plain(its: Now) -> dict[str, Any]:
    """The window's facts; what a closed one has left is not told."""
    running = its.its["status"] in RUNNING
    suspended = its.last("suspended") if its.its["status"] == "suspended" else None
    due_standing = (its.there["state_of"].get("due") or {}).get("standing")
    return {name: its.its[name] for name in (*_SAME, *_AND)} | {
        "status": its.its["status"],
        "days_left": its.its["days_left"] if running else None,
        "working_days_left": its.its["working_days_left"] if running else None,
        "hours_left": its.hours_left if running else None,
        "ends": its.there["ends"],
        "due_standing": due_standing if its.its["due"] else None,
        "leads": "stated" if its.its["conflict"] else None,
        "earlier": _earlier(its) if its.its["conflict"] else None,
        "successor": its.there["successor"],
        "suspended_until": suspended and suspended["until"],
        "announced": [move_sentence(move) for move in its.there["ahead"]],
    }


def _cause(move: dict[str, Any], point: dict[str, str]) -> Cause:
    on = move["on"] if move["what"] == "suspended" else move["occurred"] or move["on"]
    path = entry_path(move["event"], **point) if move["event"] else None
    same = {name: move[name] for name in ("what", "headline", "standing", "by", "before", "due")}
    return Cause(words=move_sentence(move), day=on, entry=move["event"], path=path, **same)


def _about_passed(its: Now, item: Item, steps: Sequence[str]) -> list[str]:
    """What became of steps that had no message of their own: those that no clock saw passed; those that were raised waited.

    A step that is reached in the same instant as the one that is told only came with it.
    """
    if not steps or its.may_end is None:
        return []
    told = _reached(its, item.facts["step"]) if item.what == STEP else None
    with_it = [name for name in steps if _reached(its, name) == told and name != item.facts["step"]] if told else []
    waited = [name for name in steps if name in its.raised and name not in with_it]
    missed = [name for name in steps if name not in (*with_it, *waited)]
    each = ((missed, MISSED), (waited, WAITED.get(item.what, WAITED[PASSED])), (with_it, SAME_TIME))
    return [passed_sentence(some, why) for some, why in each if some]


def _reached(its: Now, name: str) -> int:
    return read_step(name).moment(its.due_day, its.may_end, its.zone)
