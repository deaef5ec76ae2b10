"""Every error in one place: RFC 9457 problem+json for scripts, a plain page for people. Never a stack trace."""

import json
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException

from domain.errors import BadValue, Refused, SignInNeeded, TooMany
from importers.entries import BadEntry, Problem
from service.recorder import STORE_ERRORS
from web.problem_types import ProblemType, type_of, type_of_status

logger = structlog.get_logger("daybook.web")

PARAMETERS = "parameter"
POINTER = "pointer"
PROBLEM_JSON = "application/problem+json"
CHALLENGE = 'Bearer realm="daybook"'
_HEADERS = ("Idempotency-Key", "If-Match")
"""Parameters that are sent as headers."""
_KEPT = ("Allow", "Retry-After", "Location", "Content-Range")
"""The headers of an HTTP error that belong to its answer."""


def bad_parameter(name: str, detail: str) -> BadValue:
    """A query parameter that cannot be."""
    return BadValue(f"“{name[:60]}” {detail}", name[:60])


def register(app: Flask) -> None:
    """Handle every error of the app."""
    app.register_error_handler(Refused, answer_to)
    app.register_error_handler(BadEntry, _bad_entry)
    app.register_error_handler(HTTPException, _http)
    for kind in STORE_ERRORS:
        app.register_error_handler(kind, _store)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(Exception, _unforeseen)


def answer_to(error: Refused) -> Response:
    """The answer to a refusal."""
    headers = {}
    if isinstance(error, SignInNeeded):
        headers["WWW-Authenticate"] = CHALLENGE
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(max(1, error.wait))
    return answer(type_of(type(error)), error.detail, [_item(error)] if error.field else [], headers)


def _bad_entry(error: BadEntry) -> Response:
    items = [{POINTER: pointer(problem.field), "detail": problem.detail} for problem in error.problems]
    return answer(type_of(BadEntry), _summed_up(error.problems), items)


def _summed_up(problems: list[Problem]) -> str:
    if len(problems) > 1:
        return f"{len(problems)} values are wrong."
    (problem,) = problems
    return f"“{problem.field}” {problem.detail}" if problem.field and problem.detail[:1].islower() else problem.detail


def pointer(field: str) -> str:
    """A dotted path as a JSON pointer (RFC 6901): `events.3.details.due` as `/events/3/details/due`."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in field.split(".")) if field else ""


def _item(error: Refused) -> dict[str, str]:
    """Where it was wrong: a pointer into what was posted, or a parameter of the address."""
    in_address = {*_HEADERS, *request.args, *(name.removeprefix("event_") for name in request.view_args or ())}
    if request.method in ("POST", "PUT", "PATCH") and error.field not in in_address:
        return {POINTER: pointer(error.field), "detail": error.detail}
    return {PARAMETERS: error.field, "detail": error.detail}


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    messages = getattr(error, "data", {}).get("messages")
    if messages:
        errors = list(_fields(messages))
        detail = errors[0]["detail"] if len(errors) == 1 else f"{len(errors)} values are wrong."
        return answer(type_of_status(status), detail, errors)
    headers = {name: value for name, value in error.get_headers(request.environ) if name in _KEPT}
    kind = type_of_status(status)
    told = getattr(error, "told", None)
    return answer(kind, told or SAYINGS.get(kind.status, kind.meaning), headers=headers)


SAYINGS = {404: "There is nothing at this address.", 415: "Send JSON, as application/json."}
"""Where the request makes plainer what is meant than the type's own words."""


def _fields(messages: dict[str, Any]) -> Any:
    """Webargs' {location: {field: [messages]}} as a flat list."""
    for location, fields in messages.items():
        if not isinstance(fields, dict):
            yield {POINTER: "", "detail": "; ".join(map(str, fields))}
            continue
        for name, found in fields.items():
            if location == "query":
                yield {PARAMETERS: str(name), "detail": f"“{name}” {_in_words(found, location)}"}
            else:
                yield from _in_body(str(name), found, location)


def _in_body(path: str, found: Any, location: str) -> Any:
    """One item for each field, however deep."""
    if isinstance(found, dict):
        for name, inner in found.items():
            yield from _in_body(path if name == "_schema" else f"{path}.{name}", inner, location)
    else:
        where = "" if path == "_schema" else path
        yield {POINTER: pointer(where), "detail": f"“{where or 'The body'}” {_in_words(found, location)}"}


def _in_words(found: Any, location: str) -> str:
    text = "; ".join(map(str, found)) if isinstance(found, list) else json.dumps(found, ensure_ascii=False)
    return {
        "Unknown field.": "is not a parameter here." if location == "query" else "is not a field here.",
        "Missing data for required field.": "is required.",
        "Not a valid integer.": "must be a whole number.",
        "Field may not be null.": "must not be null.",
        "Not a valid string.": "must be text.",
        "Not a valid boolean.": "must be true or false.",
        "Invalid input type.": "must be a mapping of fields.",
    }.get(text, text[:1].lower() + text[1:])


def _store(error: Exception) -> Response:
    logger.error("the store failed", error=str(error), path=_path(), request_id=_request_id())
    return answer(type_of_status(503), type_of_status(503).meaning, headers={"Retry-After": "2"})


def _too_deep(error: RecursionError) -> Response:
    return answer(type_of_status(400), "The body is nested too deeply to be read.")


def _unforeseen(error: Exception) -> Response:
    logger.exception("unforeseen", path=_path(), error=repr(error), request_id=_request_id())
    if current_app.testing:
        raise error
    return answer(type_of_status(500), type_of_status(500).meaning)


def _path() -> str:
    """The path for the log; of one that holds a secret only its form."""
    return request.url_rule.rule if request.url_rule and "secret" in (request.view_args or {}) else request.path


def _request_id() -> str:
    return g.get("request_id", "")


def wants_json() -> bool:
    """Whether who asks is a script: under /api and a secret address always, elsewhere when it would rather have JSON than a page."""
    if request.path.startswith(("/api/", "/s/")):
        return True
    wish = request.accept_mimetypes
    json_wish = max(wish["application/json"], wish[PROBLEM_JSON])
    return json_wish > wish["text/html"]


def address_of(kind: ProblemType) -> str:
    """The absolute address of a type's page."""
    return f"{current_app.config['BASE_URL']}/problems/{kind.name}"


def answer(
    kind: ProblemType, detail: str, errors: list[dict[str, str]] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """The error as problem+json or as a page."""
    errors = errors or []
    if wants_json():
        body = {"type": address_of(kind), "title": kind.title, "status": kind.status, "detail": detail, "errors": errors}
        response = Response(json.dumps(body | {"request_id": _request_id()}), kind.status, mimetype=PROBLEM_JSON)
    else:
        page = render_template("error.html", status=kind.status, title=kind.title, detail=detail, errors=errors, kind=kind)
        response = Response(page, kind.status, mimetype="text/html")
    response.headers.extend(headers or {})
    return response
