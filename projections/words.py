"""Dates, kinds, scopes and values in a reader's words, for pages and messages alike."""

import re
from datetime import date, datetime
from typing import Any

from domain.when import Span, plain_date, read_when
from projections.headlines import spelled
from projections.sentences import in_words

_PARTS = {
    "budgets": "budget", "supplier_shares": "supplier share", "models": "model plan", "orders": "order",
    "access": "access", "products": "product", "sourcing_guidance": "guidance", "company": "company",
}  # fmt: skip
_YES_NO = {True: "yes", False: "no"}


def kind_words(kind: str) -> str:
    """“Executive order signed” for `ExecutiveOrderSigned`."""
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", kind).lower()
    return words[:1].upper() + words[1:]


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


def city(time_zone: str | None) -> str:
    """“New York” for `America/New_York`."""
    return (time_zone or "UTC").rpartition("/")[2].replace("_", " ")


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


def plain(value: Any) -> str:
    """Any stored value as a reader says it."""
    if isinstance(value, bool):
        return _YES_NO[value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}(-\d{2})?[~?%]?|\.\./.+", value):
        return day(value)
    if isinstance(value, int):
        return f"{value:,}" if value > 9999 else str(value)
    return in_words(value)
