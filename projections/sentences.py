"""A change in a sentence: “Due date moved from 5 April to 19 June 2025, by EO 14258”."""

import re
from datetime import date
from typing import Any

from domain.when import plain_date
from projections.headlines import clipped, money, said
from projections.tree import has_id

LABELS = {
    "window.due": "Due date",
    "window.opened_by": "Opened by",
    "window.status": "Window",
    "window.legal_basis": "Legal basis",
    "service.status": "The service",
    "service.app_stores": "The app in the stores",
    "law.status": "The law",
    "enforcement.status": "Enforcement",
    "ownership.status": "Ownership",
    "ownership.condition": "Condition on the ownership",
    "next_deadline.due": "Next deadline",
    "nvidia_china.h20": "H20 to China",
    "nvidia_china.h200": "H200 to China",
    "government_devices.status": "The ban on government devices",
    "company.valuation": "Valuation",
    "company.valuation.money": "Valuation",
    "company.listing": "Listing",
}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOVED = ("due", "compliance", "effective", "comments_close", "opens")


APPEARED = {
    "budgets": "New budget reported",
    "supplier_shares": "New supplier share reported",
    "supplier_dependence": "New report on a supplier",
    "sourcing_guidance": "New guidance",
    "orders": "New order",
    "access": "New report on access to chips",
    "models": "New model plan reported",
    "disputes": "New dispute",
    "revenue": "New revenue reported",
    "products": "New report on a product",
    "competitors": "New report on competitors",
    "rules": "New rule",
    "guidance": "New guidance",
    "assurances": "New remark",
    "tariffs": "New duty",
    "cases": "New case",
    "rulings": "New ruling",
    "bills": "New vote",
    "deadlines": "New deadline",
    "former_windows": "Window closed",
    "events": "New entry",
}
"""How a thing that appears in a list is told."""


def sentence(path: str, before: Any, after: Any, of: str | None, causes: list[dict[str, Any]]) -> str:
    """One change in one sentence. `of` names the thing whose field it is; the first of `causes` names what did it."""
    if path == "window":
        told = _window(before, after)
    elif has_id(before) or has_id(after):
        told = _item(path, before, after, causes)
    else:
        told = _told(label_of(path, of), path.rpartition(".")[2], before, after)
    cause = causes[0].get("cause") if causes else None
    return told + (f", {cause}" if cause and cause.partition(" ")[2] not in told else "")


def label_of(path: str, of: str | None = None) -> str:
    """What a reader calls a value: “Due date”, “AI diffusion framework: status”."""
    if path in LABELS:
        return LABELS[path]
    *parents, last = path.split(".")
    field = last.replace("_", " ")
    if of:
        return f"{of}: {field}"
    return f"{parents[-1].replace('_', ' ').capitalize()}: {field}" if parents else field.capitalize()


def _window(before: dict[str, Any] | None, after: dict[str, Any] | None) -> str:
    if after is None:
        return f"No window is open any more; the last was “{before['title']}”{_due(before)}"
    opened_by = f", opened by {after['opened_by']}" if after["opened_by"] else ""
    opened = f"“{after['title']}”{opened_by}{_due(after)}"
    if before is None:
        return f"A window is open: {opened}"
    return f"The window “{before['title']}”{_due(before)}, gave way to {opened}"


def _due(window: dict[str, Any]) -> str:
    return f", due {said(window['due'])}" if window["due"] else ", its due date not read"


def _item(path: str, before: Any, after: Any, causes: list[dict[str, Any]]) -> str:
    kind = path.split(".")[-2]
    item = after or before
    named = called(item) or (causes[0].get("headline") if causes else None) or item["id"]
    named = named.removesuffix(".")
    if before is None:
        state = item.get("status") or (item.get("standing") if item.get("standing") not in (None, "reported", "official") else None)
        state = "its date passed" if state == "lapsed" else state
        due = f", due {said(item['due'])}" if kind == "deadlines" and item.get("due") else ""
        return f"{APPEARED.get(kind, 'New')}: {named}{due}" + (f" ({state})" if state and kind != "orders" else "")
    return f"No longer among the {kind.replace('_', ' ')}: {named}"


def called(item: dict[str, Any]) -> str | None:
    """What a thing in a view is called, by the fields that name one; None where it has no name of its own."""
    if not (item.get("id") or item.get("name")):
        return None
    titled = ": ".join(filter(None, (item.get("order"), item.get("title"))))
    return item.get("headline") or titled or item.get("ruling") or item.get("case") or item.get("what") or _dispute(item)


def _dispute(item: dict[str, Any]) -> str | None:
    return (
        f"{item['by']} denies {len(item['reports'])} reported {'figure' if len(item['reports']) == 1 else 'figures'}"
        if "reports" in item
        else None
    )


def _told(label: str, field: str, before: Any, after: Any) -> str:
    empty_before, empty_after = before in (None, [], 0), after in (None, [], 0)
    if empty_after and not empty_before:
        return f"{label} was {in_words(before)}, now none"
    if _is_prose(after):
        return f"{label}: {in_words(after)}"
    if empty_before:
        return f"{label} is now {in_words(after)}"
    if field in _MOVED and _is_day(before) and _is_day(after):
        return f"{label} moved from {short_from(before, after)} to {in_words(after)}"
    return f"{label} changed from {in_words(before)} to {in_words(after)}"


def _is_prose(value: Any) -> bool:
    """A sentence, which is told as it stands."""
    return isinstance(value, str) and value.endswith(".") and " " in value


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and bool(_ISO_DAY.fullmatch(value))


def short_from(before: str, after: str) -> str:
    """“5 April”, where the year is said once after it."""
    words = plain_date(date.fromisoformat(before))
    return words.removesuffix(f" {before[:4]}") if before[:4] == after[:4] else words


def in_words(value: Any) -> str:
    """A value as a reader says it."""
    if isinstance(value, dict) and "amount" in value:
        return money(value)
    if isinstance(value, dict) and "money" in value:
        return in_words(value["money"])
    if isinstance(value, dict) and "holder" in value:
        return f"{value['holder']} {float(value['share']) * 100:.4g}%"
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {in_words(child)}" for name, child in value.items() if child is not None)
    if isinstance(value, list):
        return "; ".join(in_words(item) for item in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if _is_day(value):
        return said(value)
    return "none" if value is None else clipped(str(value), 200).removesuffix(".")
