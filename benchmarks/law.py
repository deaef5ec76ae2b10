"""Made-up law: the act and its day of effect, orders signed and revoked, rulings, the service, rules announced ahead."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from benchmarks.calendar import AHEAD
from benchmarks.words import sentence
from domain.events import (
    CourtRuled,
    Entry,
    ExecutiveOrderSigned,
    ExportRuleTightened,
    LawEnacted,
    LawTookEffect,
    OrderRevoked,
    ServiceRestored,
    ServiceSuspended,
)

if TYPE_CHECKING:
    from benchmarks.corpus import Story

Draft = tuple[type[Entry], dict[str, Any]]


def beginnings(story: "Story") -> Iterator[Draft]:
    """The act, and the day ahead on which it takes effect."""
    yield LawEnacted, {"law": "divestiture", "title": "The act", "citation": "Pub. L. 118-50"}
    yield LawTookEffect, {"law": "divestiture", "occurred": story.calendar.ahead(200, 270)}


def order(story: "Story") -> Draft:
    """The next executive order."""
    number = 13000 + story.number("order")
    story.orders.append(number)
    return ExecutiveOrderSigned, {"number": number, "title": sentence(story.random, 8), "citation": f"90 FR {number}"}


def revocation(story: "Story") -> Draft | None:
    """One of the latest orders is revoked."""
    if len(story.orders) < 2:
        return None
    revoked = story.orders[-2]
    story.orders.remove(revoked)
    return OrderRevoked, {"order": f"EO {revoked}", "revoked_by": f"EO {story.orders[-1]}"}


def ruling(story: "Story") -> Draft:
    """A ruling in one of two hundred cases."""
    docket = f"24-{story.random.randint(1, 200)}"
    ruling = sentence(story.random, 12)
    return CourtRuled, {"case": f"Company v. Agency {docket}", "court": "D.C. Circuit", "docket": docket, "ruling": ruling}


def service(story: "Story") -> Draft:
    """The service stops, or comes back."""
    story.suspended = not story.suspended
    return (ServiceSuspended if story.suspended else ServiceRestored), {"where": ["service", "app stores"]}


def export_rule(story: "Story") -> Draft:
    """One of fifty rules is tightened, often from a day ahead."""
    rule = f"rule-{story.random.randint(1, 50)}"
    ahead = {"effective": {"from": story.calendar.ahead(30, 300)}} if story.random.random() < AHEAD else {}
    licences = [{"chip": "h20", "status": story.random.choice(("licence required", "case by case", "barred"))}]
    return ExportRuleTightened, {"rule": rule, "title": f"The {rule}", "citation": "90 FR 100", "licences": licences} | ahead
