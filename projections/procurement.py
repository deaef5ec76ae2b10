"""The view `procurement`: what ByteDance was reported to plan, buy, be told and be worth, with denials beside the reports."""

from typing import Any

from domain.events import (
    BudgetAllocated,
    CompetitorInvestmentReported,
    DataCentreAccessReported,
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
from domain.when import read_when
from projections import assertions
from projections.assertions import fact, facts, slug
from projections.engine import Fact, visible_notices
from projections.figures import rivals_of, shown
from projections.matter_at import MatterAt


@assertions.register
def _budget(entry: BudgetAllocated):
    purpose = "" if entry.purpose == "ai" else f"-{entry.purpose}"
    yield from facts(
        entry,
        f"budgets.{entry.scope}{purpose}-{entry.year}/{entry.line}",
        scope=entry.scope,
        purpose=entry.purpose,
        year=entry.year,
        money=entry.money,
        usd=entry.usd or (entry.money if entry.money["currency"] == "USD" else None),
        reported_by=entry.reported_by,
        compared=entry.compared,
    )


@assertions.register
def _share(entry: SupplierShareReported):
    yield from facts(
        entry,
        f"supplier_shares.{entry.market}-{entry.group}-{entry.year}/{entry.line}",
        market=entry.market,
        group=entry.group,
        year=entry.year,
        share=entry.share,
        qualifier=entry.qualifier,
        suppliers=entry.suppliers,
        reported_by=entry.reported_by,
    )


@assertions.register
def _dependence(entry: SupplierDependenceReported):
    yield from facts(entry, f"dependence.{entry.key}", supplier=entry.supplier, text=entry.text)


@assertions.register
def _guidance(entry: SourcingGuidanceIssued):
    subject = f"sourcing_guidance.{entry.guidance}"
    yield from facts(
        entry,
        subject,
        issued_by=entry.issued_by,
        minimum_domestic_share=entry.minimum_domestic_share,
        text=entry.text or entry.summary,
        status="issued",
    )
    if entry.replaces:
        yield from facts(entry, f"sourcing_guidance.{entry.replaces}", status="replaced", replaced_by=entry.guidance)


@assertions.register
def _order(entry: OrderPlaced):
    yield from facts(
        entry,
        f"orders.{entry.order}/{entry.line}",
        what=entry.what,
        supplier=entry.supplier,
        quantity=entry.quantity,
        received=entry.received,
        qualifier=entry.qualifier,
        unit_price=entry.unit_price,
        reported_by=entry.reported_by,
    )


@assertions.register
def _access(entry: DataCentreAccessReported):
    yield from facts(entry, f"access.{entry.access}", text=entry.text)


@assertions.register
def _model(entry: ModelPlanReported):
    yield from facts(entry, f"models.{entry.model}", text=entry.text)


@assertions.register
def _valuation(entry: ValuationReported):
    month = read_when(entry.occurred).last.strftime("%Y-%m")
    yield from facts(
        entry,
        f"valuations.{entry.series}-{month}/{entry.line}",
        money=entry.money,
        per_share=entry.per_share,
        in_what=entry.in_what,
        reported_by=entry.reported_by,
    )


@assertions.register
def _revenue(entry: RevenueReported):
    yield from facts(entry, f"revenue.{slug(entry.period, entry.key)}/{entry.line}", period=entry.period, money=entry.money)


@assertions.register
def _listing(entry: ListingPlanReported):
    yield fact(entry, "listing", "text", entry.text)


@assertions.register
def _usage(entry: ProductUsageReported):
    per = f"-users-a-{entry.per}" if entry.per else ""
    yield from facts(
        entry,
        f"products.{entry.product}{per}",
        product=entry.product,
        users=entry.users,
        per=entry.per,
        qualifier=entry.qualifier,
        measured=entry.measured or (entry.occurred if entry.users else None),
        text=entry.text,
        reported_by=entry.reported_by,
    )


@assertions.register
def _competitors(entry: CompetitorInvestmentReported):
    yield from facts(entry, f"competitors.{entry.key}", competitors=entry.competitors, text=entry.text)


def view(matters: list[MatterAt]) -> dict[str, Any]:
    """The company's chip buying at the point, from its one matter."""
    matter = matters[0]
    return {
        "budgets": [_budget_item(*item) for item in matter.lines("budgets").items()],
        "supplier_shares": [_share_item(*item) for item in matter.lines("supplier_shares").items()],
        "supplier_dependence": matter.items("dependence", "supplier", "text"),
        "sourcing_guidance": matter.items(
            "sourcing_guidance", "minimum_domestic_share", "text", "issued_by", "status", "replaced_by"
        ),
        "orders": [_order_item(*item) for item in matter.lines("orders").items()],
        "access": matter.items("access", "text"),
        "models": matter.items("models", "text"),
        "disputes": _disputes(matter),
        "company": {
            "valuation": _valuation_item(matter),
            "revenue": [_money_item(*item) for item in matter.lines("revenue").items()],
            "products": matter.items("products", "product", "users", "per", "qualifier", "measured", "text", "reported_by"),
            "competitors": matter.items("competitors", "competitors", "text"),
            "listing": matter.get("listing", "text"),
        },
    }


def _standing(fact: Fact | None) -> str | None:
    return fact.standing if fact else None


def _budget_item(name: str, lines: list[dict[str, Fact]]) -> dict[str, Any]:
    first, others = shown(lines, "money")
    fields = ("scope", "purpose", "year", "money", "usd", "reported_by", "compared")
    return (
        {"id": name}
        | {field: first.get(field) for field in fields}
        | {"standing": _standing(first.get("money")), "rivals": rivals_of(others, "money", "usd", "reported_by")}
    )


def _share_item(name: str, lines: list[dict[str, Fact]]) -> dict[str, Any]:
    first, others = shown(lines, "share")
    fields = ("market", "group", "year", "share", "qualifier", "suppliers", "reported_by")
    return (
        {"id": name}
        | {field: first.get(field) for field in fields}
        | {"standing": _standing(first.get("share")), "rivals": rivals_of(others, "share", "reported_by")}
    )


def _order_item(name: str, lines: list[dict[str, Fact]]) -> dict[str, Any]:
    by = next((field for field in ("unit_price", "quantity") if any(field in line for line in lines)), "what")
    first, others = shown(lines, by)
    fields = ("what", "supplier", "quantity", "received", "qualifier", "unit_price", "reported_by")
    return (
        {"id": name}
        | {field: first.get(field) for field in fields}
        | {"standing": _standing(first.get(by)), "rivals": rivals_of(others, by, "reported_by")}
    )


def _money_item(name: str, lines: list[dict[str, Fact]]) -> dict[str, Any]:
    first, others = shown(lines, "money")
    return {"id": name, "period": first.get("period"), "money": first.get("money"), "rivals": rivals_of(others, "money")}


def _valuation_item(matter: MatterAt) -> dict[str, Any] | None:
    """The valuation of the latest month that is spoken of; earlier months are its history."""
    months = matter.lines("valuations")
    if not months:
        return None
    latest = max(months, key=lambda month: max(line["money"].claim.start for line in months[month]))
    first, others = shown(months[latest], "money")
    fields = ("money", "per_share", "in_what", "reported_by")
    return {"of": latest.removeprefix("company-")} | {field: first.get(field) for field in fields} | {
        "standing": _standing(first.get("money")),
        "rivals": rivals_of(others, "money", "in_what", "reported_by"),
        "earlier": [{"id": month, "money": shown(months[month], "money")[0]["money"]} for month in sorted(months) if month != latest],
    }  # fmt: skip


def _disputes(matter: MatterAt) -> list[dict[str, Any]]:
    """Every denial that counts at the point: the reports, who denies them, in what words, and how far it reaches."""
    denials: dict[str, dict[str, Any]] = {}
    for notices in visible_notices(matter.notices, matter.at).values():
        for notice in notices:
            if notice.kind != "ReportDenied":
                continue
            row = denials.setdefault(
                notice.key,
                {
                    "id": notice.key,
                    "by": notice.by,
                    "statement": notice.statement,
                    "scope": list(notice.scope) if notice.scope else None,
                    "reports": [],
                    "denial": f"{matter.slug}.{notice.key}",
                },
            )
            row["reports"].append(f"{matter.slug}.{notice.target}")
    return list(denials.values())
