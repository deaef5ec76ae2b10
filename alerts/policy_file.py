"""A YAML file of policies, filters and preferences: read, and checked with the file, line and field of each problem. docs/alert-files.md tells of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import ValidationError, fields, validate

from alerts.model import APPRISE, EMAIL, PAGE, WEBHOOK
from alerts.schemas import MOST_ROUTES, FilterSchema, PolicySchema, PreferencesSchema, RouteSchema
from importers.entries import Problem, problems_in
from importers.schemas import PlainText, Strict, YesNo
from importers.yaml_lines import BadFile, Sequence, line_of, parsed
from importers.yaml_lines import Mapping as Lined

TARGETS = (EMAIL, WEBHOOK, APPRISE)
_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


class ChannelEntry(RouteSchema):
    """One channel of a policy in a file: an address, a URL or the page; its ladder and rhythm; what it is called when it is made."""

    class Meta(Strict.Meta):
        exclude = ("channel",)

    email = PlainText(320, load_default=None)
    webhook = PlainText(2000, load_default=None)
    apprise = PlainText(2000, load_default=None)
    page = YesNo(load_default=False)
    name = PlainText(80, load_default=None)


class PolicyEntry(PolicySchema):
    """A policy in a file."""

    class Meta(Strict.Meta):
        exclude = ("routes",)

    account = PlainText(60, load_default=None)
    house = YesNo(load_default=False)
    channels = fields.List(
        fields.Nested(ChannelEntry), required=True,
        validate=validate.Length(1, MOST_ROUTES, error=f"Give one to {MOST_ROUTES} channels."),
    )  # fmt: skip


class FilterEntry(FilterSchema):
    """A saved filter in a file."""

    account = PlainText(60, required=True)


class PreferencesEntry(PreferencesSchema):
    """How an account wants to be spoken to, in a file."""

    account = PlainText(60, required=True)


SECTIONS = {"filters": FilterEntry, "preferences": PreferencesEntry, "policies": PolicyEntry}
"""The sections of a file, in the order in which they are stored."""


@dataclass(frozen=True)
class Located:
    """One entry of a section as it was read, and where it stands in which file."""

    path: str
    section: str
    raw: Any
    line: int
    values: dict[str, Any]

    def told(self, field: str, detail: str) -> str:
        """A problem of this entry in a sentence with its file, line and field."""
        line = line_of(self.raw, field, self.line)
        name = self.raw.get("name") if isinstance(self.raw, Mapping) else None
        which = f" ({self.section} entry “{str(name)[:60]}”)" if name else f" ({self.section})"
        return f"{self.path}, line {line}" + (f", field {field}" if field else "") + f"{which}: {detail}"


def read_policy_file(path: Path, environ: Mapping[str, str]) -> list[Located]:
    """The entries of a file in the order in which they are stored; raises `BadFile` with every problem.

    A webhook or apprise URL that begins with `$` is read from that variable, so that no secret stands in the file.
    """
    raw, name = parsed(path), str(path)
    if not isinstance(raw, Lined) or not raw:
        raise BadFile([f"{name}, line 1: a file of alerts has a list of `policies:`, and may have `filters:` and `preferences:`."])
    problems = [
        f"{name}, line {raw.lines.of[key]}, field {key}: There is no such field here." for key in raw if key not in SECTIONS
    ]
    found: list[Located] = []
    for section in SECTIONS:
        entries = raw.get(section, [])
        if not isinstance(entries, Sequence) and entries != []:
            problems.append(f"{name}, line {raw.lines.of[section]}, field {section}: must be a list.")
            continue
        for entry, line in zip(entries, getattr(entries, "lines", ()), strict=True):
            located = Located(name, section, entry, line, {})
            try:
                located.values.update(_read(section, entry, environ))
            except _Wrong as error:
                problems += [located.told(problem.field, problem.detail) for problem in error.problems]
            found.append(located)
    if problems:
        raise BadFile(problems)
    return found


class _Wrong(Exception):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


def _read(section: str, entry: Any, environ: Mapping[str, str]) -> dict[str, Any]:
    if not isinstance(entry, Mapping):
        raise _Wrong([Problem("", "must be a mapping of fields.")])
    try:
        values = SECTIONS[section]().load(_with_texts(entry))
    except ValidationError as error:
        raise _Wrong(list(problems_in(error.messages))) from None
    problems = list(_beyond_form(values, environ)) if section == "policies" else []
    if problems:
        raise _Wrong(problems)
    return values


def _with_texts(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Lead times that are bare numbers of days as text: 30 is read as `30`."""

    def texts(its: Mapping[str, Any]) -> dict[str, Any]:
        ladder = its.get("ladder")
        numbers = [str(each) if type(each) is int else each for each in ladder] if isinstance(ladder, list) else ladder
        return dict(its) | ({"ladder": numbers} if "ladder" in its else {})

    channels = entry.get("channels")
    if isinstance(channels, list):
        return texts(entry) | {"channels": [texts(each) if isinstance(each, Mapping) else each for each in channels]}
    return texts(entry)


def _beyond_form(values: dict[str, Any], environ: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong between the fields of a policy. Channels get their `kind` and `target`."""
    if values["house"] == bool(values["account"]):
        yield Problem("account", "Give either `account`, a name, or `house: true`.")
    if values["house"] and values["filter"]:
        yield Problem("filter", "The house has no saved filters: write what the policy is about under `about`.")
    for n, channel in enumerate(values["channels"]):
        given = [kind for kind in TARGETS if channel[kind]] + ([PAGE] if channel["page"] else [])
        if len(given) != 1:
            yield Problem(f"channels.{n}", "A channel is one of `email`, `webhook`, `apprise` and `page: true`.")
            continue
        (channel["kind"],) = given
        channel["target"] = channel.get(given[0]) if given[0] != PAGE else ""
        if values["house"] and channel["kind"] == PAGE:
            yield Problem(f"channels.{n}.page", "The house has no page of its own: everybody sees its alerts at /alerts.")
        if not values["house"] and channel["kind"] == APPRISE:
            yield Problem(f"channels.{n}.apprise", "A service by URL is the house's alone: `house: true`.")
        found = _VARIABLE.fullmatch(channel["target"]) if channel["kind"] in (WEBHOOK, APPRISE) else None
        if found:
            channel["target"] = environ.get(found[1], "")
            if not channel["target"]:
                yield Problem(f"channels.{n}.{channel['kind']}", f"The environment has no {found[1]}.")
