"""Windows at a point: what was claimed about each, and what follows from the day that is asked about."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from domain.deadlines import Calendar, Counted, Period, agrees, count, in_place
from domain.errors import BadValue
from domain.events import (
    WindowExtended,
    WindowMet,
    WindowOpened,
    WindowSuperseded,
    WindowSuspended,
    WindowWithdrawn,
)
from domain.instants import day_in, day_of, moment, over_at, start_of, zone
from domain.when import Span, days_between, plain_date, read_when
from projections import assertions
from projections.assertions import fact, facts, starts
from projections.engine import Fact
from projections.matter_at import MatterAt
from projections.tree import Derived

RUNNING = ("upcoming", "open", "suspended")
"""The statuses in which a window's due date still counts."""
CLOSED = ("superseded", "met", "withdrawn")
STATUSES = (*RUNNING, "superseded", "met", "lapsed", "withdrawn")


@assertions.register
def _opened(entry: WindowOpened):
    subject = f"windows.{entry.window}"
    yield from facts(
        entry,
        subject,
        since=_on_record(entry),
        title=entry.title,
        purpose=entry.purpose,
        opened_by=entry.opened_by,
        legal_basis=entry.opened_by,
        opens=entry.opens or entry.occurred,
        due=entry.due,
        due_is=entry.due_is,
        stated=entry.due,
        rule=entry.rule,
        owner=entry.owner,
        status="open",
    )
    if entry.pauses:
        yield fact(entry, subject, "pauses", True)


def _on_record(entry: WindowOpened) -> str:
    """A window is there from when it was opened, or from when its effect reaches back to."""
    return min(entry.occurred, starts(entry), key=lambda when: start_of(read_when(when).last, "UTC"))


@assertions.register
def _extended(entry: WindowExtended):
    subject = f"windows.{entry.window}"
    signed = entry.occurred  # an extension acts from its signing
    yield from facts(entry, subject, signed, legal_basis=entry.legal_basis)
    for name, value in (("due", entry.due), ("stated", entry.due), ("rule", entry.rule)):
        yield fact(entry, subject, name, value, signed)  # the former date, or its rule, is gone also where this gives none
    yield fact(entry, subject, f"extended_by:{entry.key}", entry.due or Period.of(entry.rule).words(), signed)


@assertions.register
def _superseded(entry: WindowSuperseded):
    subject = f"windows.{entry.window}"
    yield from facts(entry, subject, status="superseded", superseded_by=entry.superseded_by, closed_by=entry.legal_basis)


@assertions.register
def _suspended(entry: WindowSuspended):
    until = (entry.effective or {}).get("until")
    yield fact(entry, f"windows.{entry.window}", "status", "suspended", until=until)
    if entry.legal_basis:
        yield fact(entry, f"windows.{entry.window}", "suspended_by", entry.legal_basis, until=until)


@assertions.register
def _met(entry: WindowMet):
    yield from facts(entry, f"windows.{entry.window}", status="met", evidence=entry.evidence)


@assertions.register
def _withdrawn(entry: WindowWithdrawn):
    yield from facts(entry, f"windows.{entry.window}", status="withdrawn", closed_by=entry.reason)


@lru_cache(maxsize=4096)
def _counted(period: Period, known: date) -> Counted:
    return count(period, known)


@dataclass(frozen=True)
class Window:
    """A window at a point. `days_left` counts from the day asked about to the due date, from its earliest day where that is
    uncertain; `conflict` says that the stated and the computed date differ."""

    matter: MatterAt
    id: str
    fields: dict[str, Fact]

    @property
    def deadline_id(self) -> str:
        """What it is called among all deadlines."""
        return f"{self.matter.slug}:{self.id}"

    def value(self, name: str) -> Any:
        """A field's value, or None."""
        found = self.fields.get(name)
        return found.value if found else None

    @cached_property
    def due(self) -> Span | None:
        """The due date that leads: the stated one where there is one, else the computed one."""
        text = self.due_text
        return read_when(text) if text else None

    @property
    def due_text(self) -> str | None:
        """The due date that leads, as written."""
        return self.value("due") or (self.computed and self.computed.due)

    @cached_property
    def computed(self) -> Counted | None:
        """What the rule gives, with the calendar as known at the point, where there is a rule."""
        return self.count(self.value("rule"), self.known_day)

    def count(self, rule: dict[str, Any] | None, known: date) -> Counted | None:
        """What a rule gives in this window's place, with the calendar as known on a day; None without a rule."""
        try:
            return _counted(self._in_place(rule), known) if rule else None
        except BadValue:  # was counted when it was recorded; one calendar that changed since must not take the others' pages down
            return None

    def _in_place(self, rule: dict[str, Any]) -> Period:
        return in_place(rule, self.matter.jurisdiction, self.matter.time_zone, self.value("due_is"))

    @property
    def known_day(self) -> date:
        """The last day whose news counts for it: what becomes known once it is closed moves it no more."""
        status = self.fields["status"].claim
        if status.value not in CLOSED:
            return self.matter.known_day
        return min(self.matter.known_day, day_in(status.start, self.matter.time_zone))

    @cached_property
    def period(self) -> Period | None:
        """Its rule as a period in the place of its matter, where there is a rule."""
        rule = self.value("rule")
        return self._in_place(rule) if rule else None

    @cached_property
    def conflict(self) -> bool:
        """Stated and computed date differ."""
        stated = self.value("stated")
        return bool(self.computed and stated and not agrees(read_when(stated), self.computed, self.matter.time_zone))

    @property
    def status(self) -> str:
        """The stored status, or what follows from the point: `upcoming` before it opens, `lapsed` when its time is over."""
        stored = self.value("status")
        if stored != "open":
            return stored
        opens = read_when(self.value("opens")).last
        if start_of(opens, self.matter.time_zone) > self.matter.at.as_of:
            return "upcoming"
        return "lapsed" if self.is_over else "open"

    @property
    def ends(self) -> int | None:
        """The first instant at which it is over: after its last day, or when its effect day begins."""
        if self.due is None or self.due.latest is None:
            return None
        return over_at(self.due.latest, self.value("due_is"), self.matter.time_zone)

    @property
    def ends_at(self) -> datetime | None:
        """As `ends`, in the matter's zone."""
        return moment(self.ends).astimezone(zone(self.matter.time_zone)) if self.ends is not None else None

    @property
    def is_over(self) -> bool:
        """The due date has passed."""
        return self.ends is not None and self.ends <= self.matter.at.as_of

    @property
    def is_pausing(self) -> bool:
        """Enforcement rests: it is such a window, its effect has begun, nothing ended it, and its time is not over."""
        return bool(self.value("pauses")) and self.value("status") == "open" and not self.is_over

    @property
    def days_left(self) -> int | None:
        """Calendar days to the due date; negative when it has passed, 0 within an uncertain one."""
        if self.due is None:
            return None
        days = days_between(self.matter.today, self.due_day)
        return max(days, 0) if self.status in RUNNING else days

    @property
    def working_days_left(self) -> int | None:
        """Working days after the day asked about through the due date, as known at the point; None where no calendar reaches."""
        if self.due is None:
            return None
        try:
            return Calendar.of(self.matter.jurisdiction, self.matter.known_day).working_days(self.matter.today, self.due_day)
        except BadValue:
            return None

    @property
    def due_day(self) -> date:
        """The day that the countdown ends on, in the matter's zone: the earliest, where the date is uncertain."""
        return day_of(self.due.first, self.matter.time_zone)

    @property
    def extensions(self) -> tuple[Fact, ...]:
        """The facts of the extensions that count at the point, in the order in which they act."""
        found = [f for name, f in self.fields.items() if name.startswith("extended_by:")]
        return tuple(sorted(found, key=lambda f: (f.claim.start, f.claim.position)))

    def fact(self, name: str) -> Fact | None:
        """A field's fact."""
        return self.fields.get(name)

    @property
    def gives_due(self) -> str:
        """The field that the due date rests on: `due` where it is stated, else `rule`."""
        return "due" if self.value("due") else "rule"

    def derived(self, value: Any, *names: str) -> Derived | None:
        """A value worked out from the named fields."""
        found = tuple(self.fields[name] for name in names if name in self.fields)
        return Derived(value, found, steps=self.steps) if value is not None else None

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """How its date is counted, and what leads where a stated one disagrees."""
        if self.computed is None:
            return ()
        if not self.conflict:
            return self.computed.steps
        stated, counted = read_when(self.value("stated")), self.computed
        last = day_of(counted.latest, self.matter.time_zone) if counted.latest else date.max
        earlier = "counted" if last < day_of(stated.last, self.matter.time_zone) else "stated"
        day = plain_date(stated.first) if stated.certain else stated.text
        leads = f"The document states another date, {day}, which leads; the {earlier} one is the earlier."
        return (*counted.steps, leads)


def windows(matter: MatterAt) -> list[Window]:
    """Every window of a matter that is on record at the point, the one due first first; those without a due date last."""
    found = [Window(matter, name, fields) for name, fields in matter.subjects("windows").items() if "opens" in fields]
    return sorted(found, key=by_due)


def by_due(window: Window) -> tuple:
    """The order of windows: the one due first first; those without a due date last."""
    return window.due is None, window.due_day if window.due else date.max, window.matter.slug, window.id


def deadline(window: Window) -> dict[str, Any]:
    """A window as the reader's deadline."""
    computed = window.computed
    return {
        "id": window.deadline_id,
        "matter": window.matter.slug,
        "window": window.id,
        "title": window.fact("title"),
        "purpose": window.fact("purpose"),
        "opened_by": window.fact("opened_by"),
        "opens": window.fact("opens"),
        "due": window.derived(window.due_text, window.gives_due),
        "due_is": window.fact("due_is"),
        "days_left": window.derived(window.days_left, window.gives_due),
        "working_days_left": window.derived(window.working_days_left, window.gives_due),
        "status": window.derived(window.status, "status", window.gives_due, "opens"),
        "legal_basis": window.fact("legal_basis"),
        "extensions": window.derived(len(window.extensions), *_extension_names(window)) if window.extensions else 0,
        "stated": window.fact("stated"),
        "computed": window.derived(computed and computed.due, "rule"),
        "conflict": window.conflict,
        "owner": window.fact("owner"),
        "evidence": window.fact("evidence"),
        "closed_by": window.fact("closed_by"),
        "superseded_by": window.fact("superseded_by"),
        "time_zone": window.matter.time_zone,
        "events": _events(window),
    }


def _extension_names(window: Window) -> list[str]:
    return [name for name in window.fields if name.startswith("extended_by:")]


def _events(window: Window) -> list[str]:
    ordered = sorted(window.fields.values(), key=lambda f: f.claim.position)
    return list(dict.fromkeys(event for f in ordered for event in f.events()))
