"""Safe YAML that knows on which line each value stands: what our files are read with, so that each problem names its line."""

from pathlib import Path
from typing import Any

import yaml

LARGEST = 64 * 1024 * 1024
"""Bytes; a larger file is refused unread."""


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


class Lines:
    """The line a mapping starts on and the line of each of its fields."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.of: dict[str, int] = {}


class Mapping(dict):
    """A mapping that knows its lines."""

    def __init__(self, values: dict[str, Any], lines: Lines) -> None:
        super().__init__(values)
        self.lines = lines


class Sequence(list):
    """A list that knows the line of each of its items."""

    def __init__(self, values: list[Any], lines: list[int]) -> None:
        super().__init__(values)
        self.lines = lines


def _mapping(loader: _LineLoader, node: yaml.MappingNode) -> Mapping:
    seen: dict[str, Any] = {}
    lines = Lines(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in seen:
            raise yaml.MarkedYAMLError(problem=f"the field {key} is given twice", problem_mark=key_node.start_mark)
        seen[key] = loader.construct_object(value_node, deep=True)
        lines.of[key] = key_node.start_mark.line + 1
    return Mapping(seen, lines)


def _as_text(loader: _LineLoader, node: yaml.ScalarNode) -> str:
    """Dates stay as written; `read_when` reads them."""
    return node.value


def _whole_number(loader: _LineLoader, node: yaml.ScalarNode) -> int | str:
    """YAML 1.1 reads 22:00 as 1,320, a number to the base of 60; here it is a time of day."""
    return node.value if ":" in node.value else loader.construct_yaml_int(node)


def _sequence(loader: _LineLoader, node: yaml.SequenceNode) -> Sequence:
    return Sequence(
        [loader.construct_object(item, deep=True) for item in node.value], [item.start_mark.line + 1 for item in node.value]
    )


_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_SEQUENCE_TAG, _sequence)
_LineLoader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)
_LineLoader.add_constructor("tag:yaml.org,2002:int", _whole_number)


def parsed(path: Path) -> Any:
    """What a file holds, in `Mapping` and `Sequence`; raises `BadFile` where it cannot be read."""
    name = str(path)
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


def line_of(value: Any, path: str, line: int) -> int:
    """The line of a dotted path as near as the file has it; `line` is where the value begins."""
    for part in ["", *path.split(".")]:
        if isinstance(value, Mapping):
            line = value.lines.of.get(part, value.lines.start if part == "" else line)
            value = value.get(part, value if part == "" else None)
        elif isinstance(value, Sequence) and part.isdecimal() and int(part) < len(value):
            line, value = value.lines[int(part)], value[int(part)]
    return line
