"""Every error in one place: RFC 9457 problem+json under /api, a plain page elsewhere. Never a stack trace."""

import json
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from domain.errors import BadValue, NotFound, Refused, RuleBroken
from service.recorder import STORE_ERRORS

logger = structlog.get_logger("daybook.web")

PARAMETERS = "parameter"
POINTER = "pointer"


def status_of(error: Refused) -> int:
    """404 for what is not there, 409 for a broken rule, 422 for a bad value."""
    if isinstance(error, NotFound):
        return 404
    return 409 if isinstance(error, RuleBroken) else 422


def bad_parameter(name: str, detail: str) -> BadValue:
    """A query parameter that cannot be."""
    return BadValue(f"“{name[:60]}” {detail}", name[:60])


def register(app: Flask) -> None:
    """Handle every error of the app."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    for kind in STORE_ERRORS:
        app.register_error_handler(kind, _store)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(Exception, _unforeseen)


def _refused(error: Refused) -> Response:
    return answer(status_of(error), error.detail, [_item(error)] if error.field else [])


def _item(error: Refused) -> dict[str, str]:
    """Where it was wrong: a pointer into what was posted, or a parameter."""
    if request.method in ("POST", "PUT", "PATCH"):
        return {POINTER: "/" + error.field.replace(".", "/"), "detail": error.detail}
    return {PARAMETERS: error.field, "detail": error.detail}


def _http(error: HTTPException) -> Response:
    messages = getattr(error, "data", {}).get("messages")
    if messages:
        errors = list(_fields(messages))
        detail = errors[0]["detail"] if len(errors) == 1 else f"{len(errors)} values are wrong."
        return answer(error.code, detail, errors)
    headers = {name: value for name, value in error.get_headers(request.environ) if name in ("Allow", "Retry-After", "Location")}
    if error.code and error.code < 400:
        return error.get_response()
    return answer(error.code or 500, SAYINGS.get(error.code, error.description or ""), headers=headers)


SAYINGS = {
    400: "The request could not be read.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "That is more than fits into one request.",
    415: "Send JSON, as application/json.",
    422: "The request has a value that cannot be.",
    500: "Something went wrong here; nothing was changed. It has been logged.",
    503: "The store cannot be read just now; try again in a moment.",
}


def _fields(messages: dict[str, Any]) -> Any:
    """Webargs' {location: {field: [messages]}} as a flat list."""
    for location, fields in messages.items():
        if not isinstance(fields, dict):
            yield {POINTER: "", "detail": "; ".join(map(str, fields))}
            continue
        for name, found in fields.items():
            place = PARAMETERS if location == "query" else POINTER
            where = name if location == "query" else f"/{name}"
            yield {place: where, "detail": f"“{name}” {_in_words(found)}"}


def _in_words(found: Any) -> str:
    text = "; ".join(map(str, found)) if isinstance(found, list) else json.dumps(found, ensure_ascii=False)
    return {
        "Unknown field.": "is not a parameter here." if request.method == "GET" else "is not a field here.",
        "Missing data for required field.": "is required.",
        "Not a valid integer.": "must be a whole number.",
        "Field may not be null.": "must not be null.",
        "Not a valid string.": "must be text.",
    }.get(text, text[:1].lower() + text[1:])


def _store(error: Exception) -> Response:
    logger.error("the store failed", error=str(error), path=request.path)
    return answer(503, SAYINGS[503], headers={"Retry-After": "2"})


def _too_deep(error: RecursionError) -> Response:
    return answer(400, "The body is nested too deeply to be read.")


def _unforeseen(error: Exception) -> Response:
    logger.exception("unforeseen", path=request.path, error=repr(error))
    if current_app.testing:
        raise error
    return answer(InternalServerError.code, SAYINGS[500])


def answer(status: int, detail: str, errors: list[dict[str, str]] | None = None, headers: dict[str, str] | None = None) -> Response:
    """The error as problem+json or as a page."""
    title = HTTPStatus(status).phrase
    if getattr(g, "is_api", request.path.startswith("/api/")):
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": errors or []}
        response = Response(json.dumps(body), status, mimetype="application/problem+json")
    else:
        page = render_template("error.html", status=status, title=title, detail=detail, errors=errors or [])
        response = Response(page, status, mimetype="text/html")
    response.headers.extend(headers or {})
    return response
