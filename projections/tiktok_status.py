"""The view `tiktok-status`: service, law, enforcement, the open window, ownership."""

import re
from typing import Any

from domain.events import (
    BillPassed,
    CourtRuled,
    DealAgreed,
    DealClosed,
    DivestitureOrdered,
    ExecutiveOrderSigned,
    LawEnacted,
    LawsuitFiled,
    LawTookEffect,
    OrderRevoked,
    OwnershipConditionStated,
    SaleDemanded,
    ServiceRestored,
    ServiceSuspended,
)
from projections import assertions
from projections.assertions import fact, facts
from projections.engine import Fact
from projections.tree import Derived, Lane
from projections.windows import RUNNING, Window, windows

ENFORCEMENT = ("enforcement", "status")
DIVESTITURE, DEVICES = "divestiture", "government-devices"
"""The laws that the view speaks of: the act of 2024, and the ban on government devices."""


@assertions.register
def _suspended(entry: ServiceSuspended):
    for where in entry.where:
        yield fact(entry, "service", _place(where), "suspended")


@assertions.register
def _restored(entry: ServiceRestored):
    for where in entry.where:
        yield fact(entry, "service", _place(where), "available")


def _place(where: str) -> str:
    return "status" if where == "service" else "app_stores"


@assertions.register
def _enacted(entry: LawEnacted):
    yield from facts(
        entry, f"laws.{entry.law}", status="enacted", title=entry.title, citation=entry.citation, signed=entry.occurred
    )


@assertions.register
def _took_effect(entry: LawTookEffect):
    yield fact(entry, f"laws.{entry.law}", "status", "in force")
    if entry.law == DIVESTITURE:
        yield fact(entry, *ENFORCEMENT, "applicable")


@assertions.register
def _passed(entry: BillPassed):
    yield from facts(entry, f"bills.{_slug(entry.bill)}", bill=entry.bill, chamber=entry.chamber, ayes=entry.ayes, noes=entry.noes)


@assertions.register
def _order(entry: ExecutiveOrderSigned):
    name = f"EO {entry.number}"
    yield from facts(
        entry,
        f"orders.{_slug(name)}",
        since=entry.occurred,
        order=name,
        title=entry.title,
        citation=entry.citation,
        signed=entry.occurred,
        status="signed",
    )


@assertions.register
def _divestiture(entry: DivestitureOrdered):
    yield from facts(
        entry, f"orders.{entry.order}", title=entry.title, citation=entry.citation, signed=entry.occurred, status="signed"
    )


@assertions.register
def _revoked(entry: OrderRevoked):
    yield from facts(entry, f"orders.{_slug(entry.order)}", status="revoked", revoked_by=entry.revoked_by)


@assertions.register
def _sued(entry: LawsuitFiled):
    subject = f"cases.{_slug(entry.docket or entry.case)}"
    yield from facts(entry, subject, case=entry.case, court=entry.court, docket=entry.docket, status="filed", by=entry.by)


@assertions.register
def _ruled(entry: CourtRuled):
    subject = f"cases.{_slug(entry.docket or entry.case)}"
    yield from facts(entry, subject, case=entry.case, court=entry.court, docket=entry.docket, status="ruled", ruling=entry.ruling)


@assertions.register
def _demanded(entry: SaleDemanded):
    yield fact(entry, "ownership", "status", "sale required")


@assertions.register
def _condition(entry: OwnershipConditionStated):
    yield from facts(entry, "ownership", condition=entry.text, condition_by=entry.by)


@assertions.register
def _agreed(entry: DealAgreed):
    yield from facts(entry, "ownership", status="deal agreed", parties=entry.parties, holdings=entry.holdings)


@assertions.register
def _closed(entry: DealClosed):
    yield from facts(entry, "ownership", status="joint venture", owner=entry.owner)
    yield fact(entry, *ENFORCEMENT, "not applicable")


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80]


def view(lanes: list[Lane]) -> dict[str, Any]:
    """The state of TikTok in the US at the point, from its one matter."""
    lane = lanes[0]
    found = windows(lane)
    running = [w for w in found if w.status in RUNNING]
    current = next((w for w in found if w.status == "open"), None)
    return {
        "service": {
            "status": lane.get("service", "status") or "available",
            "app_stores": lane.get("service", "app_stores") or "available",
        },
        "law": _law(lane, DIVESTITURE),
        "enforcement": {"status": _enforcement(lane, found)},
        "window": _window(current) if current else None,
        "ownership": {
            "status": lane.get("ownership", "status") or "bytedance",
            "condition": lane.get("ownership", "condition"),
            "condition_by": lane.get("ownership", "condition_by"),
            "owner": lane.get("ownership", "owner"),
            "holdings": lane.get("ownership", "holdings"),
        },
        "next_deadline": _next_deadline(next((w for w in running if w.due), None)),
        "former_windows": [_former(w) for w in found if w.status not in RUNNING],
        "orders": lane.items("orders", "order", "title", "status", "signed", "citation", "revoked_by"),
        "cases": lane.items("cases", "case", "court", "status", "ruling", "docket"),
        "government_devices": _law(lane, DEVICES),
    }


def _enforcement(lane: Lane, found: list[Window]) -> Fact | Derived | str:
    """An order's pause follows its window: while one runs enforcement rests, and when it has run out the law is back.

    Back without anything read since is `presumed`.
    """
    held = lane.get(*ENFORCEMENT)
    if held is None or held.value != "applicable":
        return held or "not applicable"
    pausing = next((window for window in found if window.is_pausing), None)
    if pausing:
        return pausing.derived("paused", "pauses", "due", "status")
    ran_out = [window for window in found if window.value("pauses") and window.status == "lapsed"]
    return Derived(held.value, (held, *(window.fact("due") for window in ran_out)), "presumed") if ran_out else held


def _law(lane: Lane, law: str) -> dict[str, Any]:
    subject = f"laws.{law}"
    return {
        "status": lane.get(subject, "status") or "none",
        "title": lane.get(subject, "title"),
        "citation": lane.get(subject, "citation"),
    }


def _window(window: Window) -> dict[str, Any]:
    extensions = window.extensions
    return {
        "name": window.id,
        "title": window.fact("title"),
        "opened_by": window.fact("opened_by"),
        "legal_basis": window.fact("legal_basis"),
        "opens": window.fact("opens"),
        "due": window.derived(window.value("due"), "due"),
        "due_is": window.fact("due_is"),
        "days_left": window.derived(window.days_left, "due"),
        "working_days_left": window.derived(window.working_days_left, "due"),
        "status": window.derived(window.status, "status", "due"),
        "extensions": Derived(len(extensions), extensions) if extensions else 0,
        "stated": window.fact("stated"),
        "computed": window.derived(window.computed and window.computed.due.isoformat(), "rule"),
    }


def _former(window: Window) -> dict[str, Any]:
    return {
        "id": window.id,
        "title": window.fact("title"),
        "opened_by": window.fact("opened_by"),
        "due": window.fact("due"),
        "status": window.derived(window.status, "status", "due"),
        "superseded_by": window.fact("superseded_by"),
    }


def _next_deadline(window: Window | None) -> dict[str, Any] | None:
    if window is None:
        return None
    return {
        "window": window.id,
        "title": window.fact("title"),
        "due": window.fact("due"),
        "days_left": window.derived(window.days_left, "due"),
    }
