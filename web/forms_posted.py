"""What people type into a form as an entry is posted, and back: `from_posted` and `to_posted`.

Only what is understood is put into its stored form (40 billion, 60%, 21 March 2025); what is not stays as typed, for the
schema to say what is wrong with it. Only fields of the kind are read, so nothing that Daybook fills in can be slipped in.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from domain.citations import recognised_in
from domain.errors import BadValue
from domain.events import Amendment, Entry
from domain.when import read_when, read_words
from service.keys import slug_of
from web.forms_specs import Spec, fields_of, names_in

MOST_ROWS = 100
CITED = frozenset(("citation", "legal_basis", "opened_by", "order", "revoked_by", "rin", "docket", "document_number"))
"""Fields that hold a citation and nothing else: it is put into its normal form."""
_WORD_BEFORE = re.compile(r"(RIN|FR Doc\.|Docket No\.) ")
_BARE = frozenset(("rin", "docket", "document_number"))
_UNITS = {
    "thousand": 3, "k": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9, "b": 9, "trillion": 12, "tn": 12,
}  # fmt: skip
_CURRENCIES = {
    "$": "USD", "us$": "USD", "dollars": "USD", "rmb": "CNY", "yuan": "CNY", "cn¥": "CNY", "€": "EUR", "euros": "EUR", "£": "GBP",
    "pounds": "GBP",
}  # fmt: skip
_QUALIFIERS = {
    "over": "over", "more than": "over", "above": "over", "about": "about", "around": "about", "roughly": "about",
    "approximately": "about", "at least": "at least", "up to": "up to", "as much as": "up to",
}  # fmt: skip
_AMOUNT = re.compile(
    rf"(?:(?P<qualifier>{'|'.join(_QUALIFIERS)}) )?(?P<before>us\$|\$|rmb|cn¥|€|£|[a-z]{{3}})? ?"
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}}){{1,6}}(?:\.\d{{1,6}})?|\d{{1,18}}(?:\.\d{{1,6}})?) ?(?P<unit>{'|'.join(_UNITS)})?"
    r"(?: (?P<after>yuan|dollars|euros|pounds|rmb|[a-z]{3}))?",
    re.IGNORECASE | re.ASCII,
)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,4})?) ?(?:%|per cent|percent)", re.ASCII)
_YES = ("1", "on", "yes", "true")


def from_posted(kind: type[Entry], form: MultiDict[str, str], prefix: str = "") -> dict[str, Any]:
    """The entry that a form holds, as it is posted; empty fields are left out. `prefix` begins the names of its inputs."""
    raw: dict[str, Any] = {"kind": kind.__name__}
    for spec in fields_of(kind):
        value = _read(spec, prefix, form)
        if value is not None:
            _put(raw, spec.path, value)
    if not issubclass(kind, Amendment) and any(spec.required for spec in fields_of(kind) if spec.path.startswith("details.")):
        raw.setdefault("details", {})
    return _with_wording(raw)


def _with_wording(raw: dict[str, Any]) -> dict[str, Any]:
    """A date in words becomes a date; of an uncertain one the words are kept beside it."""
    typed = raw.get("occurred")
    if not typed:
        return raw
    try:
        read = read_words(typed)
    except BadValue:
        return raw
    worded = not read.certain and read.text != typed
    return raw | {"occurred": read.text} | ({"wording": raw.get("wording", typed)} if worded else {})


def strays(kind: type[Entry], form: Iterable[str], known: Iterable[str], prefix: str = "") -> list[str]:
    """The names in a form that are neither fields of its kind nor among those `known` to its page."""
    names = {*names_in(fields_of(kind), prefix), *known}
    return [name for name in form if re.sub(r"\.\d{1,3}(?=\.)", ".*", name) not in names]


def _put(raw: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        raw = raw.setdefault(parent, {})
    raw[last] = value


def _read(spec: Spec, prefix: str, form: MultiDict[str, str]) -> Any:
    path = prefix + spec.path
    if spec.what == "rows":
        return [row for number in row_numbers(form, path) if (row := _members(spec, f"{path}.{number}.", form))] or None
    if spec.what == "group":
        return _members(spec, f"{path}.", form) or None
    if spec.what == "checks":
        return [value for value in form.getlist(path) if value] or None
    if spec.what == "lines":
        lines = "\n".join(form.getlist(path)).splitlines()
        return [_understood(spec.of, spec.name, line.strip()) for line in lines if line.strip()] or None
    if spec.what == "yes":
        return True if form.get(path, "").lower() in _YES else None
    text = form.get(path, "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return _understood(spec.what, spec.name, text) if text else None


def row_numbers(form: MultiDict[str, str], path: str) -> list[int]:
    """The numbers of the rows that a form holds under a path, in their order."""
    rows = re.compile(re.escape(path) + r"\.(\d{1,3})\.")
    return sorted({int(found[1]) for name in form if (found := rows.match(name))})[:MOST_ROWS]


def _members(spec: Spec, prefix: str, form: MultiDict[str, str]) -> dict[str, Any]:
    read = {member.name: _read(member, prefix, form) for member in spec.members if member.what != "constant"}
    found = {name: value for name, value in read.items() if value is not None}
    if {"amount", "currency"} <= {member.name for member in spec.members}:
        found = _money(found, spec.name)
    return found | ({m.name: m.default for m in spec.members if m.what == "constant"} if found else {})


def _money(found: dict[str, Any], name: str) -> dict[str, Any]:
    """Money as typed: the currency and the hedge may stand with the amount (“over $12bn”)."""
    typed = found.get("amount", "")
    read = _AMOUNT.fullmatch(typed)
    if read:
        said = {"qualifier": _QUALIFIERS.get((read["qualifier"] or "").lower()), "currency": _currency(read)}
        found = {k: v for k, v in said.items() if v} | found | {"amount": _digits(read)}
    if typed and name == "usd":
        found = {"currency": "USD"} | found
    return found | ({"currency": found["currency"].upper()} if "currency" in found else {})


def _currency(read: re.Match[str]) -> str | None:
    word = (read["before"] or read["after"] or "").lower()
    return _CURRENCIES.get(word) or word.upper() or None


def _digits(read: re.Match[str]) -> str:
    digits = read["number"].replace(",", "")
    if not read["unit"]:
        return digits
    scaled = Decimal(digits).scaleb(_UNITS[read["unit"].lower()])
    return format(scaled.quantize(Decimal(1)) if scaled == scaled.to_integral() else scaled.normalize(), "f")


def _understood(what: str, name: str, text: str) -> Any:
    """A text as its field stores it, where it is understood; else as typed."""
    if what == "number":
        return _whole(text)
    if what == "share":
        percent = _PERCENT.fullmatch(text)
        return format((Decimal(percent[1]) / 100).normalize(), "f") if percent else text
    if what in ("when", "day") and name != "occurred":
        return _date(text)
    if what == "slug":
        return slug_of(text) or text
    return _normal(name, text) if name in CITED else text


def _whole(text: str) -> int | str:
    read = _AMOUNT.fullmatch(text)
    if not read or read["before"] or read["after"] or read["qualifier"] or "." in _digits(read):
        return text
    return int(_digits(read))


def _date(text: str) -> str:
    try:
        read_when(text)
    except BadValue:
        try:
            return read_words(text).text
        except BadValue:
            return text
    return text


def _normal(name: str, text: str) -> str:
    """A citation that fills its field, in its normal form."""
    whole = [one for one in recognised_in(name, text) if (one.start, one.end) == (0, len(text))]
    if not whole:
        return text
    return _WORD_BEFORE.sub("", whole[0].normal) if name in _BARE else whole[0].normal


def to_posted(kind: type[Entry], raw: dict[str, Any], prefix: str = "") -> MultiDict[str, str]:
    """What the inputs of a form hold for an entry as posted."""
    return MultiDict(pair for spec in fields_of(kind) for pair in _written(spec, prefix, _at(raw, spec.path)))


def _at(raw: Any, path: str) -> Any:
    for name in path.split("."):
        raw = raw.get(name) if isinstance(raw, dict) else None
    return raw


def _written(spec: Spec, prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    path = prefix + spec.path
    if value is None or value is False:
        return
    if spec.what == "rows":
        for number, row in enumerate(value):
            yield from (pair for member in spec.members for pair in _written(member, f"{path}.{number}.", row.get(member.name)))
    elif spec.what == "group":
        yield from (pair for member in spec.members for pair in _written(member, f"{path}.", value.get(member.name)))
    elif spec.what == "checks":
        yield from ((path, str(each)) for each in value)
    elif spec.what == "lines":
        yield path, "\n".join(map(str, value))
    elif spec.what != "constant":
        yield path, "1" if value is True else str(value)
