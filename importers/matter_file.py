"""A matter's YAML file into commands, each problem with its file, line and field."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields

from domain.deadlines import check_jurisdiction
from domain.errors import Refused
from domain.instants import zone
from domain.values import Prose, Slug, Text
from importers.entries import BadEntry, Command, Problem, problems_in, read_entry
from importers.schemas import field_for
from importers.yaml_lines import BadFile, Mapping, Sequence, line_of, parsed

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


def read_matter_file(path: Path) -> MatterFile:
    """Read a matter's file; raises `BadFile` with every problem in it."""
    name = str(path)
    raw = parsed(path)
    if not isinstance(raw, Mapping) or not isinstance(raw.get("matter"), Mapping):
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


def _header(raw: Mapping, name: str, problems: list[str]) -> dict[str, str]:
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


def _entries(raw: Mapping, slug: str | None, name: str, problems: list[str]) -> list[Located]:
    entries = raw.get("events", [])
    if not isinstance(entries, Sequence):
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
    line = line_of(mapping, problem.field, line)
    where = f", field {prefix}{problem.field}" if problem.field else ""
    key = f" (entry {mapping['key']})" if isinstance(mapping, dict) and not prefix and mapping.get("key") else ""
    return f"{name}, line {line}{where}{key}: {problem.detail}"


def told_refusal(file: MatterFile, entry: Located, error: Refused) -> str:
    """A rule's refusal of one entry of a file, with its line."""
    key = entry.command.values.get("key")
    where = f", field {error.field}" if error.field else ""
    return f"{file.path}, line {entry.line}{where} (entry {key}): {error.detail}"
