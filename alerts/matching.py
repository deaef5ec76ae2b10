"""What is within an `About`: windows and entries that a policy, a saved filter or a feed asks for. Pure; shapes are those of the service."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from alerts.model import About
from domain.events import KINDS, details_of

_QUOTES = dict.fromkeys(map(ord, "'\"`´‘’‚‛“”„«»‹›′″"))
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2212\u00ad"
_APART = _QUOTES | dict.fromkeys(map(ord, _HYPHENS), " ")
_TOGETHER = _QUOTES | dict.fromkeys(map(ord, _HYPHENS))


def matches_window(about: About, deadline: Mapping[str, Any]) -> bool:
    """Whether a window, as in `deadlines` of the service, is within it. A kind asks for entries alone, so no window is."""
    if about.kind is not None or about.matter not in (None, deadline["matter"]):
        return False
    if about.window not in (None, deadline["window"]):
        return False
    return has_words(about.words, _said_of_window(deadline))


def matches_entry(about: About, entry: Mapping[str, Any]) -> bool:
    """Whether an entry is within it: a brief of the service or a whole entry, before or after it was amended.

    With a window, entries about it: those that name it, those whose scope lies in it, and (as `windows` of the brief says)
    amendments of such.
    """
    if about.matter not in (None, entry["matter"]) or about.kind not in (None, entry["kind"]):
        return False
    if about.window is not None and about.window not in windows_of(entry):
        return False
    return has_words(about.words, _said_of_entry(entry))


def likely(about: About) -> Callable[[str, str], bool]:
    """What a kind of entry and the text that is searched of it tell at once: False where `matches_entry` can only say no."""
    with_window = {name for name, kind in KINDS.items() if {"window", "superseded_by", "scope"} & set(details_of(kind))}

    def may(kind: str, searched: str) -> bool:
        if about.window is not None and kind not in with_window:
            return False
        return kind in _TELL_MORE or has_words(about.words, [searched])

    return may


def windows_of(entry: Mapping[str, Any]) -> set[str]:
    """The windows of its matter that an entry is about, as far as it tells."""
    details = entry.get("details") or {}
    named = {part.get(name) for part in (entry, details) for name in ("window", "superseded_by")}
    scopes = {scope.split(".")[1] for scope in entry.get("scope") or () if scope.startswith("windows.")}
    return {name for name in named | scopes | set(entry.get("windows") or ()) if name}


def words_in(text: str | None) -> list[str]:
    """The words that must all be found, as they are compared: without case and quotes, apart at hyphens."""
    return _folded(text or "").translate(_APART).split()


def has_words(wanted: str | None, texts: Iterable[str | None]) -> bool:
    """Whether every word is found somewhere in the texts, also within a longer word: “e-mail” is found in “email”, and the reverse."""
    words = words_in(wanted)
    if not words:
        return True
    said = _folded("\n".join(text for text in texts if text))
    said = f"{said.translate(_APART)}\n{said.translate(_TOGETHER)}"
    return all(word in said for word in words)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


_OF_WINDOW = (
    "window", "title", "purpose", "owner", "opened_by", "legal_basis", "closed_by", "superseded_by", "evidence", "matter",
)  # fmt: skip


def _said_of_window(deadline: Mapping[str, Any]) -> list[str | None]:
    return [deadline.get(name) for name in _OF_WINDOW]


_OF_ENTRY = ("key", "kind", "headline", "summary", "matter")
_OF_DETAILS = ("window", "purpose", "owner", "opened_by", "legal_basis")
_OF_SOURCE = ("publisher", "title", "citation")
_TITLED = ("window", "rule", "law", "of")
"""Fields whose titles a headline has only at a point."""
_TELL_MORE = {name for name, kind in KINDS.items() if {*_OF_DETAILS, *_TITLED} & set(details_of(kind))}
"""Kinds of which more is looked at than the text that is searched."""


def _said_of_entry(entry: Mapping[str, Any]) -> list[str | None]:
    details = entry.get("details") or {}
    sources = entry.get("sources") or ()
    told = [entry.get(name) for name in _OF_ENTRY] + [details.get(name) for name in _OF_DETAILS]
    return told + [source.get(name) for source in sources for name in _OF_SOURCE]
