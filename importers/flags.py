"""An entry given as flags on a command line, `--due 2025-06-19 --source.publisher "Federal Register"`, into an entry as posted."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from marshmallow import fields

from domain.errors import BadValue
from domain.events import Entry
from importers.schemas import schema_of

_SHORT = {"source": "sources"}
_BOOLEANS = {"true": True, "false": False}


def flags_in(arguments: Sequence[str]) -> list[tuple[str, str]]:
    """`--name value` and `--name=value` as pairs; raises `BadValue` for anything else."""
    found, waiting = [], list(arguments)
    while waiting:
        flag = waiting.pop(0)
        if not flag.startswith("--") or len(flag) < 3:
            raise BadValue(f"“{flag[:40]}” is not expected here; give fields as --name value.")
        name, equals, value = flag[2:].partition("=")
        if not equals and not waiting:
            raise BadValue(f"--{name[:40]} has no value.")
        found.append((name, value if equals else waiting.pop(0)))
    return found


def entry_from(kind: type[Entry], flags: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """An entry as posted. A dot goes into a value (`--money.amount`); a flag again is the next item of a list.

    Raises `BadValue` for a name that the kind does not have; values are checked when the entry is read.
    """
    schema = schema_of(kind)
    details = schema.fields["details"].schema.fields if "details" in schema.fields else {}
    raw: dict[str, Any] = {"kind": kind.__name__}
    for name, value in flags:
        first, *rest = [part.replace("-", "_") for part in name.split(".")]
        first = _SHORT.get(first, first)
        if first in schema.fields and first not in ("kind", "details", "matter"):
            _put(raw, first, rest, schema.fields[first], value, name)
        elif first in details:
            _put(raw.setdefault("details", {}), first, rest, details[first], value, name)
        else:
            known = sorted({*schema.fields, *details} - {"kind", "details", "matter"})
            raise BadValue(f"A {kind.__name__} has no “{name[:40]}”. It has: {', '.join(known)}.", name[:40])
    return raw


def _put(into: dict[str, Any], name: str, rest: list[str], field: fields.Field, value: str, flag: str) -> None:
    if isinstance(field, fields.List) and not value.startswith("["):
        items = into.setdefault(name, [])
        if not rest:
            items.append(_value(field.inner, value, flag))
        else:
            _put_in_last(items, rest, field.inner, value, flag)
    elif rest and isinstance(field, fields.Dict):
        into.setdefault(name, {})[".".join(rest)] = value
    elif rest:
        inner = into.setdefault(name, {})
        _put(inner, rest[0], rest[1:], _member(field, rest[0], flag), value, flag)
    elif name in into:
        raise BadValue(f"--{flag[:40]} is given twice.", flag[:40])
    else:
        into[name] = _value(field, value, flag)


def _put_in_last(items: list[Any], rest: list[str], field: fields.Field, value: str, flag: str) -> None:
    """Into the last item of a list; a name that it has already begins the next item."""
    if not items or (rest[0] in items[-1] and len(rest) == 1):
        items.append({})
    _put(items[-1], rest[0], rest[1:], _member(field, rest[0], flag), value, flag)


def _member(field: fields.Field, name: str, flag: str) -> fields.Field:
    members = field.schema.fields if isinstance(field, fields.Nested) else {}
    if name not in members:
        some = f" It has: {', '.join(sorted(members))}." if members else ""
        raise BadValue(f"There is no “{name[:40]}” there.{some}", flag[:40])
    return members[name]


def _value(field: fields.Field, text: str, flag: str) -> Any:
    """A text as what its field takes: a whole number, true or false, JSON for mappings and lists."""
    if isinstance(field, fields.Integer) and text.isascii() and text.isdigit() and len(text) < 18:
        return int(text)
    if isinstance(field, fields.Boolean):
        return _BOOLEANS.get(text, text)
    if isinstance(field, fields.Nested | fields.Dict | fields.List):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise BadValue("This takes JSON, or a dot and the name of what is in it.", flag[:40]) from None
    return text
