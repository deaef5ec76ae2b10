"""Keys for entries that were posted without one: made from what they say, plain to read in an address."""

import re
from collections.abc import Iterator
from typing import Any

from domain.errors import BadValue
from domain.when import read_words

LONGEST = 80
PROPOSED = 60
"""Letters of a key that we make ourselves."""
MOST = 200
"""How many numbers are tried after a key that is taken."""
_ENDINGS = {
    "ReportDenied": "denied",
    "ReportConfirmed": "confirmed",
    "EntryCorrected": "corrected",
    "EntryRetracted": "retracted",
}
_NAMING = (
    "number", "title", "window", "rule", "law", "order", "guidance", "product", "case", "bill", "by", "supplier", "owner",
    "reported_by", "text", "reason",
)  # fmt: skip
"""The fields that tell entries of a kind apart, the best first."""


def proposed_key(raw: dict[str, Any]) -> str:
    """A key for an entry as posted: kind, day and what it names; of an amendment, its entry's key with what became of it."""
    kind, of = str(raw.get("kind", "")), raw.get("of")
    if kind in _ENDINGS and isinstance(of, list) and of and isinstance(of[0], str):
        return slug_of(f"{of[0][:60]}-{_ENDINGS[kind]}")
    words = re.sub(r"(?<!^)(?=[A-Z])", "-", kind)
    details = raw.get("details") if isinstance(raw.get("details"), dict) else raw
    named = next((details[name] for name in _NAMING if isinstance(details.get(name), str | int)), raw.get("summary", ""))
    return slug_of(f"{words} {_day(raw.get('occurred') or raw.get('announced'))} {named}", PROPOSED) or "entry"


def _day(text: Any) -> str:
    """A certain day as it is written, of an uncertain date its year; nothing of what is no date."""
    try:
        span = read_words(str(text))
    except BadValue:
        return ""
    return span.first.isoformat()[:10] if span.certain else str(span.last.year) if span.first.year == span.last.year else ""


def slug_of(text: str, longest: int = LONGEST) -> str:
    """Any text as a short name; cut at a hyphen where it is long. Empty where nothing of it is a letter or digit."""
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "").replace("’", "")).strip("-")
    return slug if len(slug) <= longest else slug[: longest + 1].rpartition("-")[0] or slug[:longest]


def candidates(base: str, most: int = MOST) -> Iterator[str]:
    """A key and, for where it is taken, the next ones: `key`, `key-2`, `key-3`."""
    yield base
    for number in range(2, most + 1):
        yield f"{base[: LONGEST - 4].rstrip('-')}-{number}"
