"""The view `export-controls`: the US rules on chips, each with its several dates, and what may be sold to China."""

from typing import Any

from domain.events import (
    ExportAssuranceReported,
    ExportGuidanceIssued,
    ExportRule,
    ExportRuleCorrected,
    ExportRuleRescinded,
    ExportRuleRescissionAnnounced,
    ExportRuleSuspended,
    TariffImposed,
)
from domain.when import read_when
from projections import assertions
from projections.assertions import fact, facts
from projections.matter_at import MatterAt

CHIPS = ("h20", "h200")
_RULE_FIELDS = (
    "title", "status", "announced", "published", "effective", "compliance", "comments_close", "citation", "document_number",
    "rin", "docket", "corrected_by", "suspended_until", "suspended_by", "rescission_announced_by", "rescinded_by",
)  # fmt: skip


@assertions.register
def _issued(entry: ExportRule):
    subject, effective = f"rules.{entry.rule}", (entry.effective or {}).get("from")
    yield from facts(
        entry,
        subject,
        since=entry.occurred,
        title=entry.title,
        citation=entry.citation or entry.document_number,
        document_number=entry.document_number,
        rin=entry.rin,
        docket=entry.docket,
        announced=entry.announced,
        published=entry.published,
        effective=effective,
        compliance=entry.compliance,
        comments_close=entry.comments_close,
    )
    if effective and read_when(effective).last > read_when(entry.occurred).last:
        yield fact(entry, subject, "status", "announced", since=entry.occurred)
    yield fact(entry, subject, "status", "in force")
    for licence in entry.licences or ():
        yield fact(entry, "nvidia_china", licence["chip"], licence["status"])


@assertions.register
def _corrected(entry: ExportRuleCorrected):
    yield from facts(entry, f"rules.{entry.rule}", corrected_by=entry.citation or entry.document_number or entry.title)


@assertions.register
def _suspended(entry: ExportRuleSuspended):
    effective = entry.effective or {}
    subject = f"rules.{entry.rule}"
    yield fact(entry, subject, "status", "suspended", until=effective.get("until"))
    yield from facts(entry, subject, suspended_until=effective.get("until"), suspended_by=entry.document_number or entry.title)


@assertions.register
def _rescission_announced(entry: ExportRuleRescissionAnnounced):
    yield from facts(entry, f"rules.{entry.rule}", status="rescission announced", rescission_announced_by=entry.by)


@assertions.register
def _rescinded(entry: ExportRuleRescinded):
    yield from facts(entry, f"rules.{entry.rule}", status="rescinded", rescinded_by=entry.citation)


@assertions.register
def _guidance(entry: ExportGuidanceIssued):
    yield from facts(entry, f"guidance.{entry.key}", by=entry.by, text=entry.text)


@assertions.register
def _assurance(entry: ExportAssuranceReported):
    yield from facts(entry, f"assurances.{entry.key}", by=entry.by, text=entry.text)


@assertions.register
def _tariff(entry: TariffImposed):
    yield from facts(entry, f"tariffs.{entry.key}", text=entry.text, citation=entry.citation)


def view(matters: list[MatterAt]) -> dict[str, Any]:
    """The export controls at the point, from their one matter."""
    matter = matters[0]
    return {
        "rules": matter.items("rules", *_RULE_FIELDS),
        "nvidia_china": {chip: matter.get("nvidia_china", chip) for chip in CHIPS},
        "guidance": matter.items("guidance", "by", "text"),
        "assurances": matter.items("assurances", "by", "text"),
        "tariffs": matter.items("tariffs", "text", "citation"),
    }
