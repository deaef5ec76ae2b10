"""Made-up reports, and what becomes of entries: denied, confirmed, corrected, retracted."""

from typing import TYPE_CHECKING, Any

from benchmarks.words import sentence
from domain.events import (
    BudgetAllocated,
    DevelopmentReported,
    Entry,
    EntryCorrected,
    EntryRetracted,
    ExportRuleTightened,
    ProductUsageReported,
    ReportConfirmed,
    ReportDenied,
)

if TYPE_CHECKING:
    from benchmarks.corpus import Story

Draft = tuple[type[Entry], dict[str, Any]]
AMENDABLE = (BudgetAllocated, ProductUsageReported, ExportRuleTightened, DevelopmentReported)


def remember(story: "Story", kind: type[Entry], values: dict[str, Any]) -> None:
    """Keep what a later entry may be about."""
    if kind in AMENDABLE:
        story.recent.append((kind, values["key"], values))


def development(story: "Story") -> Draft:
    """A report that changes no figure."""
    return DevelopmentReported, {"text": sentence(story.random, 25)}


def denial(story: "Story") -> Draft | None:
    """Somebody denies a recent report: all of it, or a budget's money."""
    return _said(story, ReportDenied)


def confirmation(story: "Story") -> Draft | None:
    """Somebody confirms a recent report."""
    return _said(story, ReportConfirmed)


def _said(story: "Story", kind: type[Entry]) -> Draft | None:
    if not story.recent:
        return None
    reported, key, values = story.random.choice(story.recent)
    scope = [f"budgets.{values['scope']}-{values['year']}.money"] if reported is BudgetAllocated else None
    return kind, _now(story) | {"of": [key], "by": "A spokesman", "scope": scope, "statement": sentence(story.random, 10)}


def correction(story: "Story") -> Draft | None:
    """A recent entry's summary and its day are set right: our slip as often as the source's."""
    if not story.recent:
        return None
    _, key, values = story.random.choice(story.recent)
    changes = {"summary": sentence(story.random, 18), "occurred": values["announced"]}
    return EntryCorrected, _now(story) | {"of": [key], "changes": changes, "slip": _slip(story)}


def retraction(story: "Story") -> Draft | None:
    """A recent entry is taken back."""
    if not story.recent:
        return None
    retracted = story.random.choice(story.recent)
    story.recent.remove(retracted)
    return EntryRetracted, _now(story) | {"of": [retracted[1]], "reason": sentence(story.random, 10), "slip": _slip(story)}


def _slip(story: "Story") -> str:
    return story.random.choice(("ours", "source"))


def _now(story: "Story") -> dict[str, str]:
    return {"occurred": story.calendar.today.isoformat()}
