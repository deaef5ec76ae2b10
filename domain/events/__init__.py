"""Every kind of event, subject and past participle. Their docstrings are docs/events.md."""

from domain.events.alerts import AlertRaised, ConflictSeen, DueDateSeen, NewsBegun, StatusSeen, StepsPassed, WatchBegun
from domain.events.amendments import EntryCorrected, EntryRetracted, ReportConfirmed, ReportDenied
from domain.events.base import ENVELOPE, KINDS, Amendment, Entry, MatterOpened, MatterShared, content, details_of, event, values_of
from domain.events.company import (
    BudgetAllocated,
    CompetitorInvestmentReported,
    DataCentreAccessReported,
    Figure,
    ListingPlanReported,
    ModelPlanReported,
    OrderPlaced,
    ProductUsageReported,
    RevenueReported,
    SourcingGuidanceIssued,
    SupplierDependenceReported,
    SupplierShareReported,
    ValuationReported,
)
from domain.events.exports import (
    DevelopmentReported,
    ExportAssuranceReported,
    ExportGuidanceIssued,
    ExportRule,
    ExportRuleCorrected,
    ExportRuleIssued,
    ExportRuleRelaxed,
    ExportRuleRescinded,
    ExportRuleRescissionAnnounced,
    ExportRuleSuspended,
    ExportRuleTightened,
    TariffImposed,
)
from domain.events.law import (
    BillPassed,
    CourtRuled,
    DivestitureOrdered,
    DocumentDisclosed,
    ExecutiveOrderSigned,
    LawEnacted,
    LawsuitFiled,
    LawTookEffect,
    OrderRevoked,
    SaleDemanded,
)
from domain.events.service import (
    DealAgreed,
    DealClosed,
    OwnershipConditionStated,
    ServiceRestored,
    ServiceSuspended,
)
from domain.events.windows import (
    LastDayReached,
    WindowExtended,
    WindowMet,
    WindowOpened,
    WindowSuperseded,
    WindowSuspended,
    WindowWithdrawn,
)

__all__ = [name for name in dir() if name[0].isupper()] + ["content", "details_of", "event"]
