"""A posted JSON body, read strictly: nothing that could be taken in two ways, or that no value of ours can hold."""

import json
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from domain.errors import BadValue

LARGEST = 4 * 1024 * 1024
"""Bytes of a body; a longer one is refused before it is read."""
DEEPEST = 32
"""Levels of objects and lists in a body."""


class Malformed(BadRequest):
    """A body that is not the JSON that we take; `told` says why."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


def refuse_too_large(request: Request) -> None:
    """Refuse a body by the length that it announces, whether or not the route would read it."""
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge


def read_body(request: Request) -> Any:
    """The body's JSON, or None where there is no body. Raises 413, 415 or `Malformed`, and `BadValue` for a text with half a character."""
    raw = request.get_data(cache=True)
    if not raw:
        return None
    if request.mimetype != "application/json" or request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType
    value = _read(raw)
    for path, each in _inside("", value, 1):
        if isinstance(each, str) and any("\ud800" <= char <= "\udfff" or char == "\0" for char in each):
            raise BadValue("There is half a character, or a null character, in it.", path)
    return value


def _read(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_constant, parse_float=_float)
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8.") from None
    except RecursionError:
        raise Malformed("The body is nested too deeply to be read.") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}.") from None
    except ValueError:
        raise Malformed("There is a number in the body that is too long to be read.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise Malformed(f"“{twice[:60]}” is given twice in one object; one of the two would be ignored.")
    return found


def _constant(name: str) -> None:
    raise Malformed(f"{name} is no number in JSON.")


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise Malformed(f"The number {text[:40]} is too large.")
    return number


def _inside(path: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Each name and scalar with its dotted path."""
    if depth > DEEPEST:
        raise Malformed("The body is nested too deeply to be read.")
    if not isinstance(value, dict | list):
        yield path, value
        return
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield path, name
        yield from _inside(f"{path}.{name}" if path else str(name), inner, depth + 1)
