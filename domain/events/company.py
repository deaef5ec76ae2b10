"""The company: budgets, suppliers, orders, figures. All of them reports, each on a line of its own unless it revises another.

A figure's subject is (scope, purpose, year, line). `revises` names the entry whose line it continues; the matter fills in `line`.
"""

from dataclasses import dataclass
from typing import Literal

from domain.events.base import Entry, event
from domain.values import Money, Prose, Qualifier, Share, Slug, Text, When


@dataclass(frozen=True, kw_only=True)
class Figure(Entry):
    """A reported figure: `reported_by` whom, `revises` which earlier entry; `line` is filled in by the matter."""

    reported_by: Text | None = None
    revises: Slug | None = None
    line: Slug | None = None
    basis = "reported"
    filled_in = Entry.filled_in | {"line"}
    names = frozenset(("revises",))


@event
class BudgetAllocated(Figure):
    """A budget for a year was allocated or planned, as reported. It takes effect when it is reported."""

    scope: Slug
    year: int
    money: Money
    purpose: Slug = "ai"
    usd: Money | None = None
    compared: Prose | None = None


@event
class SupplierShareReported(Figure):
    """A group of suppliers was reported to have a share of a market's orders."""

    market: Slug
    group: Literal["domestic", "foreign"]
    share: Share
    year: int
    qualifier: Qualifier | None = None
    suppliers: list[Text]


@event
class SupplierDependenceReported(Entry):
    """The company was reported to rely on a supplier."""

    supplier: Text
    text: Prose
    basis = "reported"


@event
class SourcingGuidanceIssued(Entry):
    """Companies were told where to buy, formally or not; `guidance` names it, `replaces` an earlier one that it ends."""

    guidance: Slug
    issued_by: Text
    minimum_domestic_share: Share | None = None
    text: Prose | None = None
    replaces: Slug | None = None
    basis = "reported"
    names = frozenset(
        (
            "guidance",
            "replaces",
        )
    )


@event
class OrderPlaced(Figure):
    """Chips were ordered, as reported."""

    order: Slug
    what: Text
    supplier: Text | None = None
    quantity: int | None = None
    received: int | None = None
    qualifier: Qualifier | None = None
    unit_price: Money | None = None


@event
class DataCentreAccessReported(Entry):
    """The company was reported to use chips in somebody else's data centres."""

    access: Slug
    text: Prose
    basis = "reported"


@event
class ModelPlanReported(Entry):
    """A plan to train a model was reported."""

    model: Slug
    text: Prose
    basis = "reported"


@event
class ValuationReported(Figure):
    """The company was valued, as reported, in some transaction (`in_what`)."""

    money: Money
    per_share: Money | None = None
    in_what: Prose | None = None
    series: Slug = "company"


@event
class RevenueReported(Figure):
    """Revenue of a period (`2025-Q1`) was reported."""

    period: Text
    money: Money


@event
class ListingPlanReported(Entry):
    """Something was reported about a listing on an exchange."""

    text: Prose
    basis = "reported"


@event
class ProductUsageReported(Figure):
    """A product's use was reported: how many users, over which kind of period (`per`), in which month."""

    product: Slug
    users: int | None = None
    per: Literal["day", "month"] | None = None
    qualifier: Qualifier | None = None
    measured: When | None = None
    text: Prose | None = None


@event
class CompetitorInvestmentReported(Entry):
    """Competitors were reported to invest."""

    competitors: list[Text]
    text: Prose
    basis = "reported"
