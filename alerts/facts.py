"""What an alert tells, as plain values: nothing here is worded for one channel more than for another."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from alerts.model import Item

STEP, PASSED = "step", "passed"
"""What an item tells that is no change: a lead time was reached; lead times passed that nobody could tell in time."""
_TYPES = {
    STEP: "deadline.step",
    PASSED: "deadline.passed",
    "moved": "deadline.moved",
    "closed": "deadline.closed",
    "conflict": "deadline.conflict",
    "amended": "entry.amended",
    "new": "entry.new",
}


class NotToTell(Exception):
    """There is nothing true to tell any more; `reason` is a sentence that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Cause:
    """One step in the life of a window: `words` say what was done, `day` when (as written), `entry` is the id of the entry that did it.

    `what` is as in `projections.window_history.Move`; `before` and `due` are due dates as written; `path` leads to the entry as it was told.
    """

    what: str
    words: str
    day: str
    entry: str | None = None
    headline: str | None = None
    standing: str | None = None
    by: str | None = None
    before: str | None = None
    due: str | None = None
    path: str | None = None


@dataclass(frozen=True)
class Told:
    """An item at the moment of sending: days are ISO and counted on `on` in the matter's zone; due dates are as written.

    `subject` is one short line, `sentence` what happened; `step` and `passed` are names of lead times (`7`, `12h`). The rest by `what`:
    `window` {window, title, purpose, status, due, due_is, due_standing, ends, days_left, working_days_left, hours_left, opened_by, legal_basis,
    stated, computed, conflict, leads, earlier, owner, evidence, closed_by, successor, suspended_until, announced};
    `entry`, and each of `about` (the entries that it amends) {id, kind, headline, summary, occurred, wording, known, known_days_later, recorded,
    recorded_on, recorded_days_later, standing, sources, later_sources, amendments, path};
    `sources`, of a window: the entries that ended it or moved or give its due date, each {gives, entry, path, headline, standing, sources,
    later_sources};
    `change` {from, to, days, acts}, {status, former, acts}, {stated, computed, leads, earlier} or, of an amendment, {by, scope, statement, slip,
    reason, fields}. `exact`, `today`, `answer` are paths of pages: what was told, for ever; what is so whenever it is opened; where the alert
    is acknowledged or snoozed, None where neither can be.
    """

    item: str
    what: str
    matter: str
    matter_title: str
    time_zone: str
    on: str
    title: str
    subject: str
    sentence: str
    exact: str
    today: str
    answer: str | None = None
    window: dict[str, Any] | None = None
    change: dict[str, Any] | None = None
    step: str | None = None
    passed: tuple[str, ...] = ()
    passed_sentences: tuple[str, ...] = ()
    why: tuple[Cause, ...] = ()
    counting: tuple[str, ...] = ()
    sources: tuple[dict[str, Any], ...] = ()
    entry: dict[str, Any] | None = None
    about: tuple[dict[str, Any], ...] = ()

    @property
    def type(self) -> str:
        """The type of its payload: `deadline.step`, `entry.amended`."""
        return _TYPES[self.what]


def answer_path(item: Item) -> str | None:
    """Where its owner acknowledges or snoozes it; the house has nobody who could."""
    return f"/account/alerts/items/{quote(item.id, safe='')}" if item.account else None


def window_path(matter: str, window: str, **point: str) -> str:
    """The page of a window, at a point."""
    return _path("matters", matter, "windows", window, **point)


def entry_path(entry: str, **point: str) -> str:
    """The page of an entry, at a point."""
    return _path("events", entry, **point)


def frozen(point: dict[str, Any]) -> dict[str, str]:
    """The parameters that give the very answer again that was told: its day, and the log up to where it was read."""
    return {"as_of": point["as_of"], "recorded_at": str(point["position"])}


def _path(*parts: str, **point: str) -> str:
    address = "/" + "/".join(quote(part, safe="") for part in parts)
    return f"{address}?{urlencode(point)}" if point else address
