"""One line that tells what an entry is: for lists, labels and messages."""

import re
from collections.abc import Mapping, Sequence
from functools import singledispatch

from domain import events
from domain.deadlines import Period
from domain.events import Entry
from domain.values import Source
from domain.when import plain_date, read_when

Titles = Mapping[str, str]
"""What the windows, rules and laws are called at the point, by subject (`windows.pause-1`), and entries (`entries.eo-14166`)."""
UNNAMED: Titles = {}


@singledispatch
def headline(entry: Entry, titles: Titles = UNNAMED) -> str:
    """A short plain line, such as “EO 14258 signed”. What is not in `titles` is called by its key."""
    named = getattr(entry, "title", None) or getattr(entry, "text", None) or entry.summary or entry.kind
    return short(named)


def short(text: str, longest: int = 110) -> str:
    """The text's first sentence, cut at a word where it is long."""
    return clipped(re.split(r"(?<=[a-z0-9)”]{4})\. (?=[A-Z])", text)[0].rstrip("."), longest)


def clipped(text: str, longest: int) -> str:
    """The text, cut at a word where it is long."""
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"


def cause(entry: Entry, sources: Sequence[Source]) -> str | None:
    """“by EO 14258”, “according to Reuters”: the act that did it, else who says so among the sources given."""
    if isinstance(entry, events.ExecutiveOrderSigned):
        return f"by EO {entry.number}"
    if isinstance(entry, events.CourtRuled):
        return f"by the {entry.court}"
    for name in ("legal_basis", "opened_by", "revoked_by", "document_number", "citation"):
        if getattr(entry, name, None):
            return f"by {getattr(entry, name)}"
    reporter = getattr(entry, "reported_by", None) or next((s["publisher"] for s in sources if s.get("publisher")), None)
    return f"according to {reporter.rstrip('.')}" if reporter else None


def said(when: str) -> str:
    """A date in words, uncertain ones as the source or EDTF has them."""
    span = read_when(when)
    if re.fullmatch(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d", when):
        return f"{plain_date(span.earliest)} to {plain_date(span.latest)}"
    return plain_date(span.first) if span.certain else span.text


def count(number: int, noun: str, many: str | None = None) -> str:
    """“1 entry”, “3 entries”."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def money(value: dict) -> str:
    """“over $12bn”, “¥40bn”."""
    amount = float(value["amount"])
    scaled = next(
        (f"{_digits(amount / size)}{unit}" for size, unit in ((1e9, "bn"), (1e6, "m")) if amount >= size), f"{amount:,.10g}"
    )
    symbol = {"USD": "$", "CNY": "Rmb"}.get(value["currency"], value["currency"] + " ")
    return " ".join(filter(None, (value.get("qualifier"), f"{symbol}{scaled}")))


def _of(titles: Titles, prefix: str, name: str) -> str:
    """What an entry refers to, by its title."""
    title = titles.get(f"{prefix}.{name}")
    return f"“{title}”" if title else name


def _about(titles: Titles, entry: events.Amendment) -> str:
    """The entries that an amendment is about, by their headlines."""
    return "; ".join(titles.get(f"entries.{key}", key) for key in entry.of)


_SPELLED = {"ai": "AI", "huawei": "Huawei", "ascend": "Ascend", "nvidia": "Nvidia", "china": "China", "us": "US"}


def spelled(name: str) -> str:
    """A key in words: “Huawei Ascend” for `huawei-ascend`."""
    return " ".join(_SPELLED.get(word, word) for word in name.split("-"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _place(scope: str) -> str:
    """“in China in”, “abroad in”, “in”: where a budget is for, before its year."""
    return {"overseas": "abroad in", "total": "in"}.get(scope, f"in {scope.replace('-', ' ').title()} in")


def _digits(number: float) -> str:
    return f"{number:,.0f}" if number >= 1000 else f"{number:.4g}"


@headline.register
def _(entry: events.BudgetAllocated, titles: Titles = UNNAMED) -> str:
    purpose = {"capex": "capital spending"}.get(entry.purpose, spelled(entry.purpose))
    return _capital(f"{money(entry.money)} for {purpose} {_place(entry.scope)} {entry.year}, as reported")


@headline.register
def _(entry: events.ExecutiveOrderSigned, titles: Titles = UNNAMED) -> str:
    return f"EO {entry.number}: {entry.title}"


@headline.register
def _(entry: events.OrderRevoked, titles: Titles = UNNAMED) -> str:
    return f"{entry.order} revoked by {entry.revoked_by}"


@headline.register
def _(entry: events.WindowOpened, titles: Titles = UNNAMED) -> str:
    due = said(entry.due) if entry.due else _by_rule(entry.rule) if entry.rule else None
    return entry.title + (f", due {due}" if due else "")


def _by_rule(rule: dict) -> str:
    """“15 days from 20 November 2018”: what a rule counts, which gives a date only with a calendar."""
    period = Period.of(rule)
    return f"{period.words()} {'before' if period.before else 'from'} {said(period.start)}"


@headline.register
def _(entry: events.WindowExtended, titles: Titles = UNNAMED) -> str:
    until = f" to {said(entry.due)}" if entry.due else f" to {_by_rule(entry.rule)}"
    return f"{_of(titles, 'windows', entry.window)} extended{until}" + (f" by {entry.legal_basis}" if entry.legal_basis else "")


@headline.register
def _(entry: events.WindowSuperseded, titles: Titles = UNNAMED) -> str:
    return f"{_of(titles, 'windows', entry.window)} superseded" + (f" by {entry.legal_basis}" if entry.legal_basis else "")


@headline.register
def _(entry: events.WindowSuspended, titles: Titles = UNNAMED) -> str:
    return f"{_of(titles, 'windows', entry.window)} suspended"


@headline.register
def _(entry: events.WindowMet, titles: Titles = UNNAMED) -> str:
    return f"{_of(titles, 'windows', entry.window)} met: {short(entry.evidence, 80)}"


@headline.register
def _(entry: events.WindowWithdrawn, titles: Titles = UNNAMED) -> str:
    return f"{_of(titles, 'windows', entry.window)} withdrawn: {short(entry.reason, 80)}"


@headline.register
def _(entry: events.LastDayReached, titles: Titles = UNNAMED) -> str:
    return f"Last day of {_of(titles, 'windows', entry.window)}"


@headline.register
def _(entry: events.LawTookEffect, titles: Titles = UNNAMED) -> str:
    return f"Took effect: {_of(titles, 'laws', entry.law)}"


@headline.register
def _(entry: events.BillPassed, titles: Titles = UNNAMED) -> str:
    votes = f", {entry.ayes} to {entry.noes}" if entry.ayes is not None and entry.noes is not None else ""
    return f"{entry.chamber} passed {entry.bill}{votes}"


@headline.register
def _(entry: events.CourtRuled, titles: Titles = UNNAMED) -> str:
    return f"{entry.court}: {short(entry.ruling, 90)}"


@headline.register
def _(entry: events.LawsuitFiled, titles: Titles = UNNAMED) -> str:
    return f"{entry.case}: filed with the {entry.court}"


@headline.register
def _(entry: events.SaleDemanded, titles: Titles = UNNAMED) -> str:
    return f"Sale demanded by {entry.by}"


@headline.register
def _(entry: events.ServiceSuspended, titles: Titles = UNNAMED) -> str:
    return f"Suspended: {' and '.join(entry.where)}"


@headline.register
def _(entry: events.ServiceRestored, titles: Titles = UNNAMED) -> str:
    return f"Restored: {' and '.join(entry.where)}"


@headline.register
def _(entry: events.DealAgreed, titles: Titles = UNNAMED) -> str:
    return "Binding agreements on the sale signed"


@headline.register
def _(entry: events.DealClosed, titles: Titles = UNNAMED) -> str:
    return f"Deal closed: {entry.owner}"


@headline.register
def _(entry: events.OwnershipConditionStated, titles: Titles = UNNAMED) -> str:
    return f"{entry.by}: {short(entry.text, 90)}"


@headline.register
def _(entry: events.ExportRuleRescissionAnnounced, titles: Titles = UNNAMED) -> str:
    return f"{entry.by} announces that it will rescind {_of(titles, 'rules', entry.rule)}"


@headline.register
def _(entry: events.ExportRuleRescinded, titles: Titles = UNNAMED) -> str:
    return f"{_of(titles, 'rules', entry.rule)} rescinded"


@headline.register
def _(entry: events.SupplierShareReported, titles: Titles = UNNAMED) -> str:
    qualifier = f"{entry.qualifier} " if entry.qualifier else ""
    orders = f"of orders in {entry.market.capitalize()} to {entry.group} suppliers"
    return _capital(f"{qualifier}{float(entry.share):.0%} {orders} ({', '.join(entry.suppliers)})")


@headline.register
def _(entry: events.SourcingGuidanceIssued, titles: Titles = UNNAMED) -> str:
    if entry.minimum_domestic_share:
        return f"Buy at least {float(entry.minimum_domestic_share):.0%} at home"
    return short(entry.text or entry.summary or entry.guidance)


@headline.register
def _(entry: events.SupplierDependenceReported, titles: Titles = UNNAMED) -> str:
    return f"Reliance on {entry.supplier} reported"


@headline.register
def _(entry: events.OrderPlaced, titles: Titles = UNNAMED) -> str:
    quantity = f"{entry.qualifier or ''} {entry.quantity:,} ".lstrip() if entry.quantity else ""
    return f"Ordered, as reported: {quantity}{entry.what}"


@headline.register
def _(entry: events.ValuationReported, titles: Titles = UNNAMED) -> str:
    return f"Valued at {money(entry.money)}"


@headline.register
def _(entry: events.RevenueReported, titles: Titles = UNNAMED) -> str:
    return f"Revenue of {money(entry.money)} in {entry.period}"


@headline.register
def _(entry: events.ProductUsageReported, titles: Titles = UNNAMED) -> str:
    if entry.users is None:
        return short(f"{entry.product.capitalize()}: {entry.text or entry.summary or 'use reported'}")
    per = f" a {entry.per}" if entry.per else ""
    return f"{entry.product.capitalize()}: {entry.qualifier + ' ' if entry.qualifier else ''}{entry.users:,} users{per}"


@headline.register
def _(entry: events.CompetitorInvestmentReported, titles: Titles = UNNAMED) -> str:
    return f"Competitors invest: {', '.join(entry.competitors)}"


@headline.register
def _(entry: events.ReportDenied, titles: Titles = UNNAMED) -> str:
    return f"{entry.by} denies: {short(entry.statement, 80) if entry.statement else _about(titles, entry)}"


@headline.register
def _(entry: events.ReportConfirmed, titles: Titles = UNNAMED) -> str:
    return f"{entry.by} confirms: {short(entry.statement, 80) if entry.statement else _about(titles, entry)}"


@headline.register
def _(entry: events.EntryCorrected, titles: Titles = UNNAMED) -> str:
    whose = "our slip" if entry.slip == "ours" else "the source's correction"
    fields = ", ".join(name.replace("_", " ") for name in sorted(entry.changes))
    return f"Corrected ({whose}), {fields}: {_about(titles, entry)}"


@headline.register
def _(entry: events.EntryRetracted, titles: Titles = UNNAMED) -> str:
    whose = " as our slip" if entry.slip == "ours" else ""
    return f"Retracted{whose}: {_about(titles, entry)}"
