"""What fields a kind of entry has, read from the hints of its class: the one truth that the schemas are made from too."""

import types
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, replace
from functools import lru_cache
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from domain.deadlines import RULES
from domain.events import ENVELOPE, Amendment, Entry, details_of
from domain.values import Day, Jurisdiction, Prose, RuleName, ScopePath, Share, Slug, Text, TimeZone, Url, When

_PLAIN: dict[Any, str] = {
    Text: "text", Prose: "prose", Slug: "slug", When: "when", Day: "day", Share: "share", Url: "url", ScopePath: "path",
    Jurisdiction: "text", TimeZone: "text", str: "text", int: "number", bool: "yes",
}  # fmt: skip
ORDER_OF_SOURCE = (
    "publisher", "title", "url", "published", "citation", "pinpoint", "quote", "unread", "archived_url", "seen_at",
)  # fmt: skip
DATES = ("occurred", "wording", "announced", "announced_basis", "effective")
WORDS = ("summary", "key", "remarks", "claimed")
NOT_TYPED = frozenset(("of", "changes"))
"""What an amendment is about is chosen by its page, and what it changes by a form of its own."""


@dataclass(frozen=True)
class Spec:
    """A field: `what` it is (text, prose, slug, …, choice, checks, lines, group, rows, constant), and what is in it.

    `of` is what each line of `lines` is; `choices` of a choice; `members` of a group or of each row.
    """

    path: str
    what: str
    required: bool = False
    choices: tuple[str, ...] = ()
    members: tuple["Spec", ...] = ()
    of: str = ""
    default: Any = None

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition(".")[2]

    def under(self, prefix: str) -> "Spec":
        """The same field under another path."""
        return replace(self, path=f"{prefix}.{self.path}")


@dataclass(frozen=True)
class Group:
    """Fields that are shown together."""

    name: str
    title: str
    fields: tuple[Spec, ...]


def spec_for(path: str, hint: Any, required: bool, default: Any = None) -> Spec:
    """The field for a type hint of an event."""
    arguments = [argument for argument in get_args(hint) if argument is not type(None)]
    origin = get_origin(hint)
    if origin is NotRequired or origin in (Union, types.UnionType):
        return spec_for(path, arguments[0], False, default)
    if hint is RuleName:
        return Spec(path, "choice", required, tuple(RULES), default=default)
    if hint in _PLAIN:
        return Spec(path, _PLAIN[hint], required, default=default)
    if origin is Literal:
        return Spec(path, "choice", required, tuple(arguments), default=default)
    if origin is list:
        return _listed(spec_for(path, arguments[0], required))
    if is_typeddict(hint):
        return Spec(path, "group", required, members=tuple(_members(hint)))
    raise TypeError(f"no form field for {hint!r}")


def _listed(item: Spec) -> Spec:
    if item.what == "group":
        return replace(item, what="rows")
    if item.what == "choice":
        return replace(item, what="checks")
    return replace(item, what="lines", of=item.what)


def _members(hint: Any) -> Iterator[Spec]:
    """The fields of a TypedDict; one that has only one choice is a constant that goes with the others."""
    hints = get_type_hints(hint, include_extras=True)
    names = ORDER_OF_SOURCE if hint.__name__ == "Source" else tuple(hints)
    for name in names:
        member = spec_for(name, hints[name], name in hint.__required_keys__)
        yield replace(member, what="constant", default=member.choices[0]) if len(member.choices) == 1 else member


def _of_class(kind: type[Entry], names: tuple[str, ...]) -> list[Spec]:
    hints = get_type_hints(kind)
    typed = [name for name in names if name not in kind.filled_in | NOT_TYPED]
    return [spec_for(name, hints[name], *_need(kind, name)) for name in typed]


def _need(kind: type[Entry], name: str) -> tuple[bool, Any]:
    """Whether a field is required, and what it is where it is left out."""
    field = kind.__dataclass_fields__[name]
    required = field.default is MISSING and field.default_factory is MISSING
    return required and not (issubclass(kind, Amendment) and name == "occurred"), None if required else field.default


@lru_cache
def groups_of(kind: type[Entry]) -> tuple[Group, ...]:
    """The fields of a kind in the order in which people fill them in: source, what happened, dates, words."""
    envelope = {spec.name: spec for spec in _of_class(kind, ENVELOPE)}
    details = sorted(_of_class(kind, details_of(kind)), key=lambda spec: not spec.required)
    if not issubclass(kind, Amendment):
        details = [spec.under("details") for spec in details]
    key = replace(envelope["key"], required=False)
    return (
        Group("source", "Source", (envelope["sources"],)),
        *([Group("what", "What happened", tuple(details))] if details else []),
        Group("dates", "Dates", tuple(envelope[name] for name in DATES)),
        Group("words", "In words", tuple(key if name == "key" else envelope[name] for name in WORDS)),
    )


@lru_cache
def fields_of(kind: type[Entry]) -> tuple[Spec, ...]:
    """Every field of a kind that people fill in."""
    return tuple(field for group in groups_of(kind) for field in group.fields)


def names_in(specs: tuple[Spec, ...], prefix: str = "") -> Iterator[str]:
    """The names of a form's inputs, with `*` for a row's number."""
    for spec in specs:
        path = prefix + spec.path
        if spec.what == "rows":
            yield from names_in(spec.members, f"{path}.*.")
        elif spec.what == "group":
            yield from names_in(spec.members, f"{path}.")
        elif spec.what != "constant":
            yield path
