"""The view `tiktok-status`: service, law, enforcement, the open window, ownership."""

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
from projections.assertions import fact, facts, slug
from projections.engine import Fact
from projections.matter_at import MatterAt
from projections.tree import Derived
from projections.windows import RUNNING, Window, deadline, windows

ENFORCEMENT = ("enforcement", "status")
DIVESTITURE, DEVICES = "divestiture", "government-devices"
"""The laws that the view speaks of: the act of 2024, and the ban on government devices."""
OPEN = (
    "title", "opened_by", "legal_basis", "opens", "due", "due_is", "days_left", "working_days_left", "status", "extensions",
    "stated", "computed", "conflict",
)  # fmt: skip
FORMER = ("title", "purpose", "opened_by", "due", "status", "superseded_by", "closed_by", "evidence")
NEXT = ("window", "title", "opens", "due", "days_left")
"""Which fields of a window the view shows: of the open one, of a closed one, of the one due next."""


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
    yield from facts(
        entry, f"bills.{slug(entry.bill, entry.key)}", bill=entry.bill, chamber=entry.chamber, ayes=entry.ayes, noes=entry.noes
    )


@assertions.register
def _order(entry: ExecutiveOrderSigned):
    name = f"EO {entry.number}"
    yield from facts(
        entry,
        f"orders.{slug(name, entry.key)}",
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
    yield from facts(entry, f"orders.{slug(entry.order, entry.key)}", status="revoked", revoked_by=entry.revoked_by)


@assertions.register
def _sued(entry: LawsuitFiled):
    subject = f"cases.{slug(entry.docket or entry.case, entry.key)}"
    yield from facts(entry, subject, case=entry.case, court=entry.court, docket=entry.docket, status="filed", by=entry.by)


@assertions.register
def _ruled(entry: CourtRuled):
    subject = f"cases.{slug(entry.docket or entry.case, entry.key)}"
    yield from facts(entry, subject, case=entry.case, court=entry.court, docket=entry.docket, status="ruled")
    ruling = {"case": entry.case, "court": entry.court, "docket": entry.docket, "ruling": entry.ruling, "on": entry.occurred}
    yield from facts(entry, f"rulings.{entry.key}", **ruling)


@assertions.register
def _demanded(entry: SaleDemanded):
    yield fact(entry, "ownership", "status", "sale required")


@assertions.register
def _condition(entry: OwnershipConditionStated):
    yield from facts(entry, "ownership", condition=entry.text, condition_by=entry.by)


@assertions.register
def _agreed(entry: DealAgreed):
    yield from facts(
        entry,
        "ownership",
        status="deal agreed",
        parties=entry.parties,
        holdings=entry.holdings,
        closing_planned=entry.closing_planned,
    )


@assertions.register
def _closed(entry: DealClosed):
    yield from facts(entry, "ownership", status="joint venture", owner=entry.owner)
    yield fact(entry, *ENFORCEMENT, "not applicable")


def view(matters: list[MatterAt]) -> dict[str, Any]:
    """The state of TikTok in the US at the point, from its one matter."""
    matter = matters[0]
    found = windows(matter)
    running = [w for w in found if w.status in RUNNING]
    current = next((w for w in found if w.status == "open"), None)
    return {
        "service": {
            "status": matter.get("service", "status") or "available",
            "app_stores": matter.get("service", "app_stores") or "available",
        },
        "law": _law(matter, DIVESTITURE),
        "enforcement": {"status": _enforcement(matter, found)},
        "window": {"name": current.id} | _window(current, *OPEN) if current else None,
        "ownership": {
            "status": matter.get("ownership", "status") or "bytedance",
            "condition": matter.get("ownership", "condition"),
            "condition_by": matter.get("ownership", "condition_by"),
            "owner": matter.get("ownership", "owner"),
            "parties": matter.get("ownership", "parties"),
            "holdings": matter.get("ownership", "holdings"),
            "closing_planned": matter.get("ownership", "closing_planned"),
        },
        "next_deadline": next((_window(w, *NEXT) for w in running if w.due), None),
        "former_windows": [{"id": w.id} | _window(w, *FORMER) for w in found if w.status not in ("open", "upcoming")],
        "orders": matter.items("orders", "order", "title", "status", "signed", "citation", "revoked_by"),
        "cases": matter.items("cases", "case", "court", "status", "docket", "by"),
        "rulings": matter.items("rulings", "on", "case", "court", "docket", "ruling"),
        "bills": matter.items("bills", "bill", "chamber", "ayes", "noes"),
        "government_devices": _law(matter, DEVICES),
    }


def _enforcement(matter: MatterAt, found: list[Window]) -> Fact | Derived | str:
    """An order's pause follows its window: while one runs enforcement rests, and when it has run out the law is back.

    Back without anything read since is `presumed`.
    """
    held = matter.get(*ENFORCEMENT)
    if held is None or held.value != "applicable":
        return held or "not applicable"
    pausing = next((window for window in found if window.is_pausing), None)
    if pausing:
        return pausing.derived("paused", "pauses", pausing.gives_due, "status")
    ran_out = [w for w in found if w.value("pauses") and w.status == "lapsed" and w.ends > held.claim.start]
    return Derived(held.value, (held, *(window.fact(window.gives_due) for window in ran_out)), "presumed") if ran_out else held


def _law(matter: MatterAt, law: str) -> dict[str, Any]:
    subject = f"laws.{law}"
    return {
        "status": matter.get(subject, "status") or "none",
        "signed": matter.get(subject, "signed"),
        "title": matter.get(subject, "title"),
        "citation": matter.get(subject, "citation"),
    }


def _window(window: Window, *names: str) -> dict[str, Any]:
    """The named fields of a window as a deadline has them."""
    told = deadline(window)
    return {name: told[name] for name in names}
