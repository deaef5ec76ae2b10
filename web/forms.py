"""Forms made from the event classes: which fields, in what order, with what in them and what is wrong with them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from domain.citations import Citation, recognised_in
from domain.events import ENVELOPE, Amendment, Entry
from importers.entries import Problem
from web.forms_posted import MOST_ROWS, row_numbers
from web.forms_specs import Group, Spec, groups_of
from web.forms_words import CHOICES, FOLDED, SHOWN, WANTED, help_of, label_of, plainer, said

WIDGETS = {"prose": "area", "lines": "area", "yes": "checkbox", "choice": "choice", "checks": "checks", "rows": "rows"}
"""How a field is shown; any other is a line of text."""
SUGGESTED = frozenset(("text", "slug"))
NEEDS_SOURCE = "Say who says so: a publisher, a title or a citation."
NAMES_OF_SOURCE = ("publisher", "title", "citation")
"""One of these must name a source."""
_WIDTHS = {
    "url": "whole", "archived_url": "whole", "seen_at": "whole", "title": "double", "year": "short", "currency": "short",
    "rule": "broad",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A field as a template shows it. `path` is its input's name; `members` are a group's, `rows` each row's."""

    path: str
    label: str
    help: str
    widget: str
    required: bool = False
    value: str = ""
    chosen: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[str, ...] = ()
    error: str = ""
    members: tuple["Field", ...] = ()
    rows: tuple[tuple["Field", ...], ...] = ()
    folded: bool = False
    default: str = ""
    citations: tuple[Citation, ...] = ()
    width: str = ""
    is_slug: bool = False
    together: bool = False
    told_above: bool = False

    @property
    def missing(self) -> bool:
        """Whether all that is wrong is that it is not filled in yet."""
        return self.told_above or self.error.endswith(" is required.")

    @property
    def id(self) -> str:
        """The id of its input."""
        return "f-" + self.path.replace(".", "-")

    @property
    def filled(self) -> bool:
        """Whether anything of one's own is in it, or wrong with it: then it is not folded away."""
        inside = any(each.filled for each in (*self.members, *(m for row in self.rows for m in row)))
        return bool(self.value not in ("", self.default) or self.chosen or self.error or inside)


@dataclass(frozen=True)
class Section:
    """A group of fields: those in sight, and those folded away, which are open where one of them is filled."""

    name: str
    title: str
    fields: tuple[Field, ...]

    @property
    def shown(self) -> tuple[Field, ...]:
        """The fields in sight."""
        return tuple(each for each in self.fields if not each.folded)

    @property
    def folded(self) -> tuple[Field, ...]:
        """The fields folded away."""
        return tuple(each for each in self.fields if each.folded)

    @property
    def about_folded(self) -> str:
        """What is folded away, in words."""
        return named_within(self.folded)

    @property
    def open(self) -> bool:
        """Whether one of the folded fields is filled or wrong."""
        return any(each.filled for each in self.folded)


def named_within(fields: Iterable[Field]) -> str:
    """The labels of fields within a sentence: “page or section, RIN, copy seen at”."""
    return ", ".join(within(one.label) for one in fields)


def within(label: str) -> str:
    """A label within a sentence."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


@dataclass(frozen=True)
class Form:
    """A form: its sections, and what is wrong with none of its fields in particular."""

    sections: tuple[Section, ...]
    errors: tuple[str, ...] = ()

    @property
    def wrong(self) -> tuple[Field, ...]:
        """The inputs with an error, in their order."""
        return tuple(each for section in self.sections for one in section.fields for each in _leaves(one) if each.error)


def _leaves(one: Field) -> Iterable[Field]:
    yield one
    for inner in (*one.members, *(m for row in one.rows for m in row)):
        yield from _leaves(inner)


@dataclass
class Maker:
    """Makes fields from what was typed, what is wrong with it, and what was written before in the same matter."""

    kind: type[Entry]
    typed: MultiDict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    suggestions: Mapping[str, Iterable[str]] = field(default_factory=dict)
    prefix: str = ""
    more_rows: str = ""
    used: set[str] = field(default_factory=set)

    def make(self, spec: Spec, prefix: str) -> Field:
        """The field of a spec."""
        path = prefix + spec.path
        named = ".".join(part for part in path.removeprefix(self.prefix).split(".") if not part.isdigit())
        made = Field(
            path,
            label_of(named, self.kind.__name__),
            help_of(named, spec.what, self.kind.__name__),
            WIDGETS.get(spec.what, "group" if spec.what == "group" else "text"),
            spec.required,
            error=self._error(path, deeper=spec.what not in ("group", "rows")),
            folded=_is_folded(spec, self.kind),
            default=str(spec.default or ""),
            width=_WIDTHS.get(spec.name, "short" if spec.what in ("when", "day", "number") else ""),
            is_slug=spec.what == "slug",
        )
        return getattr(self, "_" + made.widget)(made, spec)

    def _error(self, path: str, deeper: bool) -> str:
        """What is wrong with a field; with a list in one input, also what is wrong with one of its lines."""
        own = [name for name in self.wrong if name == path or (deeper and name.startswith(path + "."))]
        self.used.update(own)
        return " ".join(dict.fromkeys(self.wrong[name] for name in own))

    def _text(self, made: Field, spec: Spec) -> Field:
        value = self.typed.get(made.path, "")
        known = tuple(self.suggestions.get(spec.name, ())) if spec.what in SUGGESTED else ()
        return replace(made, value=value, suggestions=known, citations=tuple(recognised_in(spec.name, value)))

    def _area(self, made: Field, spec: Spec) -> Field:
        value = self.typed.get(made.path, "")
        return replace(made, value=value, citations=tuple(recognised_in(spec.name, value)))

    def _checkbox(self, made: Field, spec: Spec) -> Field:
        return replace(made, value=self.typed.get(made.path, ""))

    def _choice(self, made: Field, spec: Spec) -> Field:
        return replace(made, value=self.typed.get(made.path, ""), choices=_choices(spec))

    def _checks(self, made: Field, spec: Spec) -> Field:
        return replace(made, chosen=tuple(self.typed.getlist(made.path)), choices=_choices(spec))

    def _group(self, made: Field, spec: Spec) -> Field:
        return replace(made, members=self._members(spec, made.path + "."))

    def _rows(self, made: Field, spec: Spec) -> Field:
        count = min(MOST_ROWS, max(len(row_numbers(self.typed, made.path)), 1) + (self.more_rows == made.path))
        rows = tuple(self._members(spec, f"{made.path}.{number}.") for number in range(count))
        return self._sources(made, rows) if spec.name == "sources" else replace(made, rows=rows)

    def _sources(self, made: Field, rows: tuple[tuple[Field, ...], ...]) -> Field:
        """A source that nothing names is told above its fields, and the three that could name it are marked."""
        told = {number: self._error(f"{made.path}.{number}", deeper=False) for number in range(len(rows))}
        told[0] = told[0] or (made.error if made.error == NEEDS_SOURCE else "")
        error = "" if made.error == NEEDS_SOURCE else made.error
        return replace(made, error=error, rows=tuple(_marked(row, told[number]) for number, row in enumerate(rows)))

    def _members(self, spec: Spec, prefix: str) -> tuple[Field, ...]:
        made = (self.make(member, prefix) for member in spec.members if member.what != "constant")
        return tuple(made) if spec.required else tuple(replace(one, required=False) for one in made)


def _marked(row: tuple[Field, ...], told: str) -> tuple[Field, ...]:
    """The row of a source with what is wrong with all of it, held by its first field."""
    named = tuple(replace(one, together=True) if one.path.endswith(NAMES_OF_SOURCE) else one for one in row)
    if not told:
        return named
    first = replace(named[0], error=" ".join(filter(None, (told, named[0].error))), told_above=True)
    return (first, *named[1:])


def _choices(spec: Spec) -> tuple[tuple[str, str], ...]:
    return tuple((value, CHOICES.get(value, value)) for value in spec.choices)


def _is_folded(spec: Spec, kind: type[Entry]) -> bool:
    if (kind.__name__, spec.path) in WANTED:
        return False
    if spec.name in FOLDED or (spec.path == "occurred" and issubclass(kind, Amendment)):
        return True
    return spec.path.startswith("details.") and not spec.required and spec.name not in SHOWN


def form_of(
    kind: type[Entry],
    typed: MultiDict[str, str],
    problems: Iterable[Problem] = (),
    suggestions: Mapping[str, Iterable[str]] | None = None,
    *,
    prefix: str = "",
    more_rows: str = "",
    leave: frozenset[str] = frozenset(),
) -> Form:
    """The form of a kind. `leave` are fields that this form has not; `more_rows` the path of a list that gets one row more."""
    wrong = {prefix + p.field if p.field else "": in_words(p) for p in reversed(list(problems))}
    maker = Maker(kind, typed, wrong, suggestions or {}, prefix, more_rows)
    sections = tuple(_section(group, maker, leave) for group in groups_of(kind))
    left = tuple(detail for name, detail in wrong.items() if name not in maker.used)
    return Form(tuple(section for section in sections if section.fields), left)


def _section(group: Group, maker: Maker, leave: frozenset[str]) -> Section:
    specs = [spec for spec in group.fields if spec.name not in leave]
    return Section(group.name, group.title, tuple(maker.make(spec, maker.prefix) for spec in specs))


def in_words(problem: Problem) -> str:
    """What is wrong as a sentence, with the field's name in front where the sentence needs one."""
    if re.fullmatch(r"sources(\.\d+)?", problem.field) and re.match("is required|Say whose source", problem.detail):
        return NEEDS_SOURCE
    if problem.detail[:1].islower():
        named = ".".join(part for part in problem.field.split(".") if not part.isdigit())
        return f"{label_of(named)} {said(problem.detail)}"
    return said(plainer(problem.detail))


def defaults_of(kind: type[Entry]) -> MultiDict[str, str]:
    """What a new form of a kind begins with: the values that fields have where they are left out."""
    specs = [spec for group in groups_of(kind) for spec in group.fields]
    return MultiDict(
        (spec.path, str(spec.default)) for spec in specs if spec.default not in (None, False) and spec.path != "claimed"
    )


def form_path(kind: type[Entry], name: str) -> str:
    """Where a field of an entry stands in its form: `details.` goes before the fields of its kind."""
    first = name.partition(".")[0]
    return name if first in ENVELOPE or issubclass(kind, Amendment) else f"details.{name}"
