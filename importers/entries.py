"""An entry as posted, or as written in a file, into the values of a command."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from domain.errors import Refused
from domain.events import Amendment, Entry, content, details_of
from domain.when import read_when, read_words
from importers.schemas import kind_named, schema_of


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field: its dotted path and a sentence."""

    field: str
    detail: str


class BadEntry(Exception):
    """An entry that could not be read, with every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.field}: {p.detail}" for p in problems))
        self.problems = problems


@dataclass(frozen=True)
class Command:
    """What to record: the kind and its values."""

    kind: type[Entry]
    values: dict[str, Any]


def read_entry(raw: Any) -> Command:
    """Check one entry and turn it into a command; raises `BadEntry` with every field that is wrong."""
    if not isinstance(raw, dict):
        raise BadEntry([Problem("", "An entry is a mapping of fields, starting with its key and kind.")])
    try:
        kind = kind_named(raw.get("kind"))
        values = schema_of(kind).load(raw)
    except Refused as error:
        raise BadEntry([Problem(error.field, error.detail)]) from None
    except ValidationError as error:
        raise BadEntry(list(problems_in(error.messages))) from None
    return Command(kind, _flattened(kind, raw, values))


def _flattened(kind: type[Entry], raw: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in values.items() if name not in ("kind", "matter", "details")} | (
        values.get("details") or {}
    )
    if issubclass(kind, Amendment) and not values.get("occurred"):
        values["occurred"] = _day_of_amendment(values)
    if raw.get("occurred") and read_words(str(raw["occurred"])).text != str(raw["occurred"]).strip():
        values.setdefault("wording", str(raw["occurred"]).strip())
    return values


def _day_of_amendment(values: dict[str, Any]) -> str:
    """An amendment occurs when it is announced, unless it says otherwise."""
    dates = [values.get("announced")] + [source.get("published") for source in values["sources"]]
    dates = [d for d in dates if d]
    if not dates:
        raise BadEntry(
            [
                Problem(
                    "announced", "Say when the public could first know this: give `announced`, or the `published` day of a source."
                )
            ]
        )
    return read_when(dates[0]).text


def posted(kind: type[Entry], values: dict[str, Any]) -> dict[str, Any]:
    """The values of a command in the form in which they are posted: what `read_entry` takes apart."""
    names = () if issubclass(kind, Amendment) else details_of(kind)
    details = {name: value for name, value in values.items() if name in names}
    return {"kind": kind.__name__} | {k: v for k, v in values.items() if k not in names} | ({"details": details} if details else {})


def as_posted(entry: Entry) -> dict[str, Any]:
    """An entry as it would be posted."""
    return posted(type(entry), content(entry))


def problems_in(messages: Any, path: str = "") -> Iterator[Problem]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from problems_in(inner, f"{path}.{name}" if path else str(name))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield Problem(path.removesuffix("._schema"), _in_our_words(str(message)))


def _in_our_words(message: str) -> str:
    return {
        "Unknown field.": "There is no such field here.",
        "Missing data for required field.": "is required.",
        "Field may not be null.": "must not be empty.",
        "Not a valid string.": "must be text.",
        "Not a valid integer.": "must be a whole number.",
        "Not a valid list.": "must be a list.",
        "Invalid input type.": "must be a mapping of fields.",
        "Not a valid mapping type.": "must be a mapping of fields.",
        "Not a valid boolean.": "must be true or false.",
    }.get(message, message)
