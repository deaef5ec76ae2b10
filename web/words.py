"""The words that templates use: dates, money, standings, kinds. Plain functions, registered as filters."""

import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from domain.when import plain_date, read_when
from projections.headlines import clipped, count, money, spelled
from projections.sentences import label_of
from projections.words import city, day, due_is, kind_words, name, plain, scope, status_word

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


def group_of(kind: str) -> str:
    """The group of a kind of entry."""
    if kind in _GROUP_OF:
        return _GROUP_OF[kind]
    if kind.startswith("Export"):
        return "rule"
    return "window" if kind.startswith("Window") else "report"


def label(headline: str, longest: int = 32) -> str:
    """A headline short enough for a lane."""
    text = re.sub(r"^“[^”]+” (extended|superseded|suspended|met|withdrawn)", lambda found: found[1].capitalize(), headline)
    for long, shorter in _SHORTER.items():
        text = text.replace(long, shorter)
    text = re.sub(r"^(EO \d+): .*", r"\1 signed", text)
    return clipped(text, longest).replace(" …", "\u00a0…")


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


def field(path: str) -> str:
    """What a reader calls a value."""
    return label_of(path)


def scope_title(item: dict[str, Any]) -> str:
    """A budget's scope and purpose in words: “AI, overseas, 2025”."""
    purpose = {"capex": "Capital spending"}.get(item["purpose"], spelled(item["purpose"]))
    where = spelled(item["scope"])
    return f"{purpose}, {where}, {item['year']}"


FILTERS = {
    "day": day, "short_day": short_day, "instant": instant, "city": city, "money": money, "share": share, "left": left,
    "due_is": due_is, "field": field, "name": name, "scope": scope, "scope_title": scope_title, "plain": plain,
    "times": times, "status_word": status_word, "host": host, "kind": kind_words, "group": group_of, "label": label,
}  # fmt: skip
