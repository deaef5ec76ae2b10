"""A matter's YAML file into commands, each problem with its file, line and field."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields

from domain.deadlines import check_jurisdiction
from domain.errors import Refused
from domain.instants import zone
from domain.values import Prose, Slug, Text
from importers.entries import BadEntry, Command, Problem, problems_in, read_entry
from importers.schemas import field_for

LARGEST = 64 * 1024 * 1024
"""Bytes; a larger file is refused unread."""

HeaderSchema = Schema.from_dict(
    {
        "slug": field_for(Slug, required=True),
        "title": field_for(Text, required=True),
        "summary": field_for(Prose, required=True),
        "time_zone": fields.String(required=True),
        "jurisdiction": fields.String(required=True),
        "group": field_for(Slug, required=False, allow_none=True),
    },
    name="PostedMatter",
)


@dataclass(frozen=True)
class Located:
    """A command and the line that it was written on."""

    command: Command
    line: int


@dataclass(frozen=True)
class MatterFile:
    """A file read: the matter's own fields and its entries, in the file's order."""

    path: str
    header: dict[str, str]
    entries: list[Located]


class BadFile(Exception):
    """A file that was refused; `problems` are full sentences, each with file, line and field."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _LineLoader(yaml.SafeLoader):
    """Safe YAML that keeps each mapping's line, refuses a key given twice and aliases (which can explode)."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not read here", problem_mark=mark)
        return super().compose_node(parent, index)


def _mapping(loader: _LineLoader, node: yaml.MappingNode) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    lines = _Lines(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in seen:
            raise yaml.MarkedYAMLError(problem=f"the field {key} is given twice", problem_mark=key_node.start_mark)
        seen[key] = loader.construct_object(value_node, deep=True)
        lines.of[key] = key_node.start_mark.line + 1
    return _Mapping(seen, lines)


class _Lines:
    """The line a mapping starts on and the line of each of its fields."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.of: dict[str, int] = {}


class _Mapping(dict):
    """A mapping that knows its lines."""

    def __init__(self, values: dict[str, Any], lines: _Lines) -> None:
        super().__init__(values)
        self.lines = lines


class _Sequence(list):
    """A list that knows the line of each of its items."""

    def __init__(self, values: list[Any], lines: list[int]) -> None:
        super().__init__(values)
        self.lines = lines


def _as_text(loader: _LineLoader, node: yaml.ScalarNode) -> str:
    """Dates stay as written; `read_when` reads them."""
    return node.value


def _sequence(loader: _LineLoader, node: yaml.SequenceNode) -> "_Sequence":
    return _Sequence(
        [loader.construct_object(item, deep=True) for item in node.value], [item.start_mark.line + 1 for item in node.value]
    )


_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_SEQUENCE_TAG, _sequence)
_LineLoader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)


def read_matter_file(path: Path) -> MatterFile:
    """Read a matter's file; raises `BadFile` with every problem in it."""
    name = str(path)
    raw = _parsed(path, name)
    if not isinstance(raw, _Mapping) or not isinstance(raw.get("matter"), _Mapping):
        raise BadFile(
            [f"{name}, line 1: a matter's file opens with `matter:` and its slug, title, summary, time_zone and jurisdiction."]
        )
    extra = [key for key in raw if key not in ("matter", "events")]
    problems = [f"{name}, line {raw.lines.of[key]}, field {key}: There is no such field here." for key in extra]
    header = _header(raw["matter"], name, problems)
    entries = _entries(raw, header.get("slug"), name, problems)
    if problems:
        raise BadFile(problems)
    return MatterFile(name, header, entries)


def _parsed(path: Path, name: str) -> Any:
    try:
        if path.stat().st_size > LARGEST:
            raise BadFile([f"{name}: larger than {LARGEST // 1024 // 1024} MB; split it."])
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LineLoader)  # noqa: S506 (a SafeLoader)
    except OSError as error:
        raise BadFile([f"{name}: cannot be read ({error.strerror})."]) from None
    except UnicodeDecodeError as error:
        raise BadFile([f"{name}: is not UTF-8 text (byte {error.start:,})."]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFile([f"{name}, line {line}: not YAML that can be read: {error.problem}."]) from None
    except (yaml.YAMLError, RecursionError, ValueError, LookupError, TypeError, ArithmeticError) as error:
        raise BadFile([f"{name}: not YAML that can be read ({type(error).__name__}: {error})."]) from None


def _header(raw: _Mapping, name: str, problems: list[str]) -> dict[str, str]:
    try:
        return read_header(raw)
    except BadEntry as error:
        problems += [_told(name, raw, problem, "matter.") for problem in error.problems]
    return {}


def read_header(raw: Any) -> dict[str, str | None]:
    """A matter's own fields, checked; raises `BadEntry` with every field that is wrong."""
    try:
        header = HeaderSchema().load(raw)
        zone(header["time_zone"])
        check_jurisdiction(header["jurisdiction"])
        return header
    except ValidationError as error:
        raise BadEntry(list(problems_in(error.messages))) from None
    except Refused as error:
        raise BadEntry([Problem(error.field, error.detail)]) from None


def _entries(raw: _Mapping, slug: str | None, name: str, problems: list[str]) -> list[Located]:
    entries = raw.get("events", [])
    if not isinstance(entries, _Sequence):
        if entries == []:
            return []
        problems.append(f"{name}, line {raw.lines.of['events']}, field events: must be a list of entries.")
        return []
    read = []
    for entry, line in zip(entries, entries.lines, strict=True):
        try:
            command = read_entry(entry)
            if slug and entry.get("matter", slug) != slug:
                raise BadEntry([Problem("matter", f"This file is of the matter “{slug}”.")])
            read.append(Located(command, line))
        except BadEntry as error:
            problems += [_told(name, entry, problem, line=line) for problem in error.problems]
    return read


def _told(name: str, mapping: Any, problem: Problem, prefix: str = "", line: int = 1) -> str:
    line = _line_of(mapping, problem.field, line)
    where = f", field {prefix}{problem.field}" if problem.field else ""
    key = f" (entry {mapping['key']})" if isinstance(mapping, dict) and not prefix and mapping.get("key") else ""
    return f"{name}, line {line}{where}{key}: {problem.detail}"


def _line_of(value: Any, path: str, line: int) -> int:
    """The line of a dotted path as near as the file has it; `line` is where the value begins."""
    for part in ["", *path.split(".")]:
        if isinstance(value, _Mapping):
            line = value.lines.of.get(part, value.lines.start if part == "" else line)
            value = value.get(part, value if part == "" else None)
        elif isinstance(value, _Sequence) and part.isdecimal() and int(part) < len(value):
            line, value = value.lines[int(part)], value[int(part)]
    return line


def told_refusal(file: MatterFile, entry: Located, error: Refused) -> str:
    """A rule's refusal of one entry of a file, with its line."""
    key = entry.command.values.get("key")
    where = f", field {error.field}" if error.field else ""
    return f"{file.path}, line {entry.line}{where} (entry {key}): {error.detail}"
