"""The words that templates use: dates, money, standings, kinds. Plain functions, registered as filters."""

import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from domain.when import Span, plain_date, read_when
from projections.headlines import clipped, count, money, spelled
from projections.sentences import in_words, label_of

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
GROUPS = {
    "order": "law or order",
    "rule": "rule",
    "court": "court",
    "service": "service",
    "deal": "deal",
    "report": "report or statement",
    "window": "deadline window",
}
"""The groups of kinds, and what the legend calls them."""
_GROUP_OF = {
    "ExecutiveOrderSigned": "order", "DivestitureOrdered": "order", "OrderRevoked": "order", "SaleDemanded": "order",
    "BillPassed": "order", "LawEnacted": "order", "LawTookEffect": "order",
    "TariffImposed": "rule", "SourcingGuidanceIssued": "rule",
    "CourtRuled": "court", "LawsuitFiled": "court",
    "ServiceSuspended": "service", "ServiceRestored": "service",
    "DealAgreed": "deal", "DealClosed": "deal",
    "ExportAssuranceReported": "report", "LastDayReached": "window",
}  # fmt: skip
STANDINGS = {
    "official": ("■", "a public act"),
    "confirmed": ("✓", "reported, and confirmed"),
    "reported": ("○", "somebody's report"),
    "presumed": ("?", "an older value, with nothing read since"),
    "contested": ("≠", "others say otherwise"),
    "denied": ("✕", "reported, and denied"),
    "retracted": ("–", "taken back"),
}
_SHORTER = {
    "Supreme Court of the United States": "Supreme Court",
    "US Court of Appeals for the D.C. Circuit": "D.C. Circuit",
    "Bureau of Industry and Security": "BIS",
    "House of Representatives": "House",
}
"""Names that are long for a label."""
_PARTS = {
    "budgets": "budget", "supplier_shares": "supplier share", "models": "model plan", "orders": "order",
    "access": "access", "products": "product", "sourcing_guidance": "guidance", "company": "company",
}  # fmt: skip
_YES_NO = {True: "yes", False: "no"}


def group_of(kind: str) -> str:
    """The group of a kind of entry."""
    if kind in _GROUP_OF:
        return _GROUP_OF[kind]
    if kind.startswith("Export"):
        return "rule"
    return "window" if kind.startswith("Window") else "report"


def kind_words(kind: str) -> str:
    """“Executive order signed” for `ExecutiveOrderSigned`."""
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", kind).lower()
    return words[:1].upper() + words[1:]


def label(headline: str, longest: int = 32) -> str:
    """A headline short enough for a lane."""
    text = re.sub(r"^“[^”]+” (extended|superseded|suspended|met|withdrawn)", lambda found: found[1].capitalize(), headline)
    for name, shorter in _SHORTER.items():
        text = text.replace(name, shorter)
    text = re.sub(r"^(EO \d+): .*", r"\1 signed", text)
    return clipped(text, longest).replace(" …", "\u00a0…")


def day(text: str | None) -> str:
    """A date in words: “1 June 2025”, “November 2025”, “by July 2024”, “about 22:30 on 18 January 2025”."""
    if not text:
        return "not stated"
    span = read_when(text)
    if span.certain:
        return plain_date(span.first)
    return ("about " if span.approximate and "/" not in text and "[" not in text else "") + _span(span)


def _span(span: Span) -> str:
    first, last = span.earliest, span.latest
    if isinstance(first, datetime) and first == last:
        return f"{first:%H:%M} on {plain_date(first.date())}"
    if first is None:
        return f"by {_whole_period(date(last.year, last.month, 1) if _ends_month(last) else last, last)}"
    return f"from {plain_date(first)}" if last is None else _whole_period(first, last)


def _ends_month(value: date) -> bool:
    return (date.fromordinal(value.toordinal() + 1)).day == 1


def _whole_period(first: date, last: date) -> str:
    """A whole month or year by its name, else both days."""
    if first == last:
        return plain_date(first)
    if first.day == 1 and _ends_month(last):
        if (first.year, first.month) == (last.year, last.month):
            return plain_date(first).partition(" ")[2]
        if first.year == last.year and (first.month, last.month) == (1, 12):
            return str(first.year)
    start = plain_date(first)
    if first.year == last.year:
        start = start.removesuffix(f" {first.year}")
    if (first.year, first.month) == (last.year, last.month):
        start = str(first.day)
    return f"{start} to {plain_date(last)}"


def short_day(value: str | date | None) -> str:
    """“1 Jun 2025”; uncertain dates as `day` has them."""
    if not value:
        return "not stated"
    if isinstance(value, str):
        span = read_when(value)
        if not span.certain:
            return day(value)
        value = span.first
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def instant(text: str | None) -> str:
    """An instant in words, in UTC."""
    return f"{plain_date(datetime.fromisoformat(text))} UTC" if text else "not recorded"


def city(time_zone: str | None) -> str:
    """“New York” for `America/New_York`."""
    return (time_zone or "UTC").rpartition("/")[2].replace("_", " ")


def share(value: str | None) -> str:
    """“60%”."""
    return f"{float(value):.0%}" if value else ""


def times(number: int) -> str:
    """“once”, “twice”, “3 times”."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def host(url: str) -> str:
    """The site of an address."""
    return (urlsplit(url).hostname or url[:60]).removeprefix("www.")


def left(days: int | None) -> str:
    """“18 days left”, “due today”, “3 days ago”."""
    if days is None:
        return ""
    if days == 0:
        return "due today"
    return f"{count(days, 'day')} left" if days > 0 else f"{count(-days, 'day')} ago"


def due_is(value: str | None, due: str | None = None, over: bool = False) -> str:
    """What a due date means; `over` of one whose window is closed."""
    if due and "T" in due:
        return "over at that moment"
    if due and "/" in due:
        return "an uncertain date, counted to its earliest day"
    now, then = {
        "last day": ("open through that day", "was open through that day"),
        "effect day": ("over from the start of that day", "over from the start of that day"),
    }.get(value or "", ("", ""))
    return then if over else now


_OVER = {"comments": "closed", "application": "closed", "suspension": "ended", "enforcement pause": "ended"}


def status_word(window: dict[str, Any]) -> str:
    """A window's status in words: comments that have lapsed are “closed”, a pause has “ended”, of others the date has passed."""
    if window["status"] != "lapsed":
        return window["status"]
    return _OVER.get(window.get("purpose") or "", "date passed")


def field(path: str) -> str:
    """What a reader calls a value."""
    return label_of(path)


def name(text: str) -> str:
    """A field's name in words: “reported by”."""
    return text.replace("_", " ").replace("-", " ")


def scope(path: str) -> str:
    """The reach of a denial in words: “the China budget for 2025”."""
    section, _, rest = path.partition(".")
    budget = re.fullmatch(r"([a-z-]+)-(\d{4})(\.money)?", rest) if section == "budgets" else None
    if budget:
        return f"the {spelled(budget[1])} budget for {budget[2]}"
    return ": ".join(filter(None, (_PARTS.get(section, name(section)), name(rest).replace(".", ", "))))


def scope_title(item: dict[str, Any]) -> str:
    """A budget's scope and purpose in words: “AI, overseas, 2025”."""
    purpose = {"capex": "Capital spending"}.get(item["purpose"], spelled(item["purpose"]))
    where = spelled(item["scope"])
    return f"{purpose}, {where}, {item['year']}"


def plain(value: Any) -> str:
    """Any stored value as a reader says it."""
    if isinstance(value, bool):
        return _YES_NO[value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}(-\d{2})?[~?%]?|\.\./.+", value):
        return day(value)
    if isinstance(value, int):
        return f"{value:,}" if value > 9999 else str(value)
    return in_words(value)


FILTERS = {
    "day": day, "short_day": short_day, "instant": instant, "city": city, "money": money, "share": share, "left": left,
    "due_is": due_is, "field": field, "name": name, "scope": scope, "scope_title": scope_title, "plain": plain,
    "times": times, "status_word": status_word, "host": host, "kind": kind_words, "group": group_of, "label": label,
}  # fmt: skip
