"""Make docs/events.md from the docstrings of the events; `make docs` runs it, and a test keeps the page current."""

import inspect
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints

from domain.events import ENVELOPE, KINDS, Amendment, Entry, alerts, amendments, company, details_of, exports, law, service, windows
from domain.events.base import Event, MatterOpened, MatterShared

PAGE = Path(__file__).with_name("events.md")
HEAD = """# Events

Made from the docstrings by `make docs`; do not edit by hand.

An entry is posted, and written in a matter's file, as its envelope with the fields of its kind under `details`; the four
amendments have their fields at the top. [matter-files.md](matter-files.md) describes the file and the values
(Text, Prose, Slug, When, Day, Share, Money, Source, Effective, CountRule).
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, "## The envelope\n", _doc(Entry), _table(Entry, ENVELOPE)]
    for module in (law, service, windows, exports, company, amendments):
        parts.append(f"## {_first(module)}\n")
        rest = _rest(module)
        if rest:
            parts.append(rest)
        for kind in (k for k in KINDS.values() if k.__module__ == module.__name__):
            parts += [f"### {kind.__name__}\n", _doc(kind), _table(kind, details_of(kind))]
    parts.append("## Not recorded by hand\n")
    for kind in (MatterOpened, MatterShared):
        parts += [f"### {kind.__name__}\n", _doc(kind)]
    for kind in vars(alerts).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind.__module__ == alerts.__name__:
            parts += [f"### {kind.__name__}\n", _doc(kind)]
    return "\n".join(parts).rstrip() + "\n"


def _first(module: ModuleType) -> str:
    return inspect.getdoc(module).splitlines()[0].rstrip(".")


def _rest(module: ModuleType) -> str:
    rest = inspect.getdoc(module).partition("\n")[2].strip()
    return rest + "\n" if rest else ""


def _doc(kind: type) -> str:
    basis = f" Stands as `{kind.basis}` unless `claimed` says otherwise." if issubclass(kind, Entry) and kind is not Entry else ""
    return inspect.getdoc(kind) + basis + "\n"


def _table(kind: type[Entry], names: tuple[str, ...]) -> str:
    if not names:
        return ""
    hints = get_type_hints(kind)
    rows = [f"| `{name}` | {_said(hints[name])} | {_need(kind, name)} |" for name in names]
    return "\n".join(["| field | what | |", "|---|---|---|", *rows]) + "\n"


def _need(kind: type[Entry], name: str) -> str:
    if name in kind.filled_in:
        return "filled in by Daybook"
    field = kind.__dataclass_fields__[name]
    required = field.default is field.default_factory and not (issubclass(kind, Amendment) and name == "occurred")
    return "required" if required else ""


WORDS = {"str": "text", "int": "whole number", "bool": "true or false", "dict": "fields"}


def _said(hint: Any) -> str:
    """A type hint as a reader says it."""
    arguments = [argument for argument in get_args(hint) if argument is not type(None)]
    origin = get_origin(hint)
    if origin in (Union, UnionType, NotRequired):
        return _said(arguments[0])
    if origin is Literal:
        return "one of " + ", ".join(f"`{argument}`" for argument in arguments)
    if origin is list:
        return f"list of {_said(arguments[0])}"
    name = getattr(hint, "__name__", "dict")
    return WORDS.get(name, name)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.name}: {len(KINDS)} kinds of entry")
