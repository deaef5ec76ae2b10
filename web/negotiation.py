"""The form of an answer, by Accept: JSON, CSV for what is a table, JSON Lines for entries."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import NotAcceptable

JSON = "application/json"
CSV = "text/csv"
JSONL = "application/jsonl"
NDJSON = "application/x-ndjson"
Row = dict[str, Any]


def _view_rows(answer: dict[str, Any]) -> Iterator[Row]:
    """Each value of a view that something asserts: path, value, standing, events."""
    for path, its in answer["state_of"].items():
        yield {"path": path, "value": _value_at(answer["state"], path), **its}


def _value_at(state: Any, path: str) -> Any:
    """The value at a dotted path; items of a list go by their `id`, which may have dots itself. None where there is none."""
    if not path:
        return state
    if isinstance(state, list):
        named = [(item["id"], item) for item in state if isinstance(item, dict) and "id" in item]
    else:
        named = list(state.items()) if isinstance(state, dict) else []
    for name, inner in named:
        if path == name or path.startswith(f"{name}."):
            return _value_at(inner, path[len(name) + 1 :])
    return None


_ROWS: dict[str, tuple[Callable[[dict[str, Any]], Any], tuple[str, ...]]] = {
    "api.events": (
        lambda answer: answer["events"],
        ("id", "matter", "key", "kind", "headline", "occurred", "known", "standing", "position", "recorded", "actor"),
    ),
    "api.matters": (lambda answer: answer["matters"], ("slug", "title", "summary", "time_zone", "jurisdiction", "events")),
    "api.deadlines": (
        lambda answer: answer["deadlines"],
        ("id", "matter", "window", "title", "opens", "due", "due_is", "days_left", "working_days_left", "status"),
    ),
    "api.diff": (lambda answer: answer["changes"], ("field", "before", "after", "on", "events", "sentence")),
    "api.view": (_view_rows, ("path", "value", "standing", "events")),
    "api.why": (lambda answer: answer["claims"], ("value", "event", "known", "standing", "current")),
}
"""For each route that has a table: its rows, and the columns that are always there."""
_LINES = {"api.events": lambda answer: answer["events"]}


def offers(endpoint: str | None) -> tuple[str, ...]:
    """The types that a GET route of the API gives, the one for no Accept first."""
    if not (endpoint or "").startswith(("api.", "api-docs.")):
        return ()
    tabular = (CSV,) if endpoint in _ROWS else ()
    return (JSON, *tabular, *((JSONL, NDJSON) if endpoint in _LINES else ()))


def register(app: Flask) -> None:
    """Settle the form before a route runs; turn its JSON into that form after."""
    app.before_request(_settle)
    app.after_request(_formed)


def _settle() -> None:
    there = offers(request.endpoint) if request.method in ("GET", "HEAD") else ()
    g.form = _best(there) if there else None


def _best(there: tuple[str, ...]) -> str:
    """The offer that is wished for most, the earlier one among equals; raises 406 with what there is."""
    wishes = [(_plain(wish), quality) for wish, quality in request.accept_mimetypes]
    if not wishes:
        return there[0]
    best = max(there, key=lambda each: (_quality(each, wishes), -there.index(each)))
    if _quality(best, wishes) <= 0:
        error = NotAcceptable()
        error.told = f"This answer comes as {', '.join(there)}."
        raise error
    return best


def _plain(wish: str) -> str:
    return wish.partition(";")[0].strip().lower()


def _quality(offer: str, wishes: list[tuple[str, float]]) -> float:
    """The quality that the most specific wish gives an offer; 0 where none speaks of it."""
    for pattern in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
        found = [quality for wish, quality in wishes if wish == pattern]
        if found:
            return max(found)
    return 0


def _formed(response: Response) -> Response:
    form = g.get("form")
    if form in (None, JSON) or response.status_code != 200 or response.mimetype != JSON:
        return response
    answer = response.get_json()
    name = request.endpoint.partition(".")[2]
    if form == CSV:
        rows, first = _ROWS[request.endpoint]
        response.set_data(table(list(rows(answer)), first))
        response.content_type = "text/csv; charset=utf-8; header=present"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    else:
        response.set_data("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in _LINES[request.endpoint](answer)))
        response.content_type = form
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.jsonl"'
    return response


def table(rows: list[Row], first: tuple[str, ...] = ()) -> str:
    """Rows as CSV (RFC 4180) with a header; nested values become dotted columns, a list of plain values one cell."""
    flat = [dict(_flat("", row)) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    filled = {name.partition(".")[0] for name in columns}
    columns = list(dict.fromkeys([*(name for name in first if name in columns or name not in filled), *columns]))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(_safe, columns))
    writer.writerows([_safe(row.get(name)) for name in columns] for row in flat)
    return out.getvalue()


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{path}.{name}" if path else name, inner)
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for number, item in enumerate(value):
            yield from _flat(f"{path}.{number}", item)
    elif isinstance(value, list):
        yield path, "; ".join(map(str, value))
    else:
        yield path, value


_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def _safe(cell: Any) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe, unless it is a plain number."""
    if cell is None:
        return ""
    text = str(cell).lower() if isinstance(cell, bool) else str(cell)
    if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text
