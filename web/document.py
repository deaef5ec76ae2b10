"""The OpenAPI document, finished: what holds for every route is said here once, in plain dicts."""

from collections.abc import Callable, Iterator
from typing import Any

from projections.views import VIEWS
from web.negotiation import CSV, JSON, offers
from web.problem_types import type_of_status
from web.problems import PROBLEM_JSON

Document = dict[str, Any]
FREE_POSTS = ("api.count", "api.what_if")
"""Routes that take a body and store nothing; anybody may ask them."""
_READING = (401, 403, 406, 422, 429, 500, 503)
_POSTING = (400, 401, 403, 404, 413, 415, 422, 429, 500, 503)
_SETTING = (*_POSTING, 409)
_WRITING = (*_SETTING, 412, 428)
OWN = "/api/v1/alert-"
"""How the paths of what is one's own begin: nothing of it is open to nobody."""
_HEADERS = {
    "ETag": "The answer's tag, for If-None-Match. A matter's begins with its version: `\"57-…\"`, for If-Match.",
    "Link": 'The next page, as `<address>; rel="next"`; left out on the last.',
    "RateLimit": "What is left of the budget and in how many seconds it is whole again.",
    "RateLimit-Policy": "How many requests in how many seconds.",
    "X-Request-Id": "The id of this request: yours, where you sent a well-formed one.",
}
_IN_PATH = {
    "matter": {"pattern": "^[a-z0-9-]+$", "examples": ["tiktok-divestiture"]},
    "event_id": {"pattern": r"^[a-z0-9-]+\..+$", "examples": ["tiktok-divestiture.eo-14166"]},
    "view": {"enum": list(VIEWS), "examples": ["tiktok-status"]},
}
_FORMS = {CSV: "A table with a header row; nested values in dotted columns.", "other": "One entry a line."}


def finished(document: Document, endpoint_of: Callable[[str, str], str]) -> Document:
    """The document with names, problems, forms, headers and security; `endpoint_of` gives the endpoint of a path and method."""
    document["servers"] = [{"url": "/"}]
    document["components"]["responses"] = {}
    document["components"]["headers"] = {
        name: {"description": text, "schema": {"type": "string"}} for name, text in _HEADERS.items()
    }
    document["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "A personal token: `Authorization: Bearer …`."}
    }
    for path, item in document["paths"].items():
        for parameter in item.get("parameters", ()):
            parameter["schema"] |= _IN_PATH.get(parameter["name"], {})
        for method, operation in item.items():
            if method != "parameters":
                _finish(document, operation, method, path, endpoint_of(path, method))
    _open_answers(document)
    return document


def _finish(document: Document, operation: Document, method: str, path: str, endpoint: str) -> None:
    operation["operationId"] = endpoint.rpartition(".")[2]
    its = operation["responses"]
    for status in [status for status, its_answer in its.items() if "$ref" in its_answer]:
        del its[status]
    if method == "get":
        operation["security"] = [{"bearer": []}] if path.startswith(OWN) else [{}, {"bearer": []}]
        named = "{" in path or any(each["name"] == "matter" for each in operation.get("parameters", ()))
        wrong = (*_READING, 404) if named else _READING
        its["304"] = {"description": "You have it already (If-None-Match)", "headers": _refs("ETag", "X-Request-Id")}
    else:
        free = endpoint in FREE_POSTS
        operation["security"] = [{}, {"bearer": []}] if free else [{"bearer": []}]
        setting = path.startswith((OWN, "/api/v1/alerts"))
        wrong = _POSTING if endpoint == "api.count" else _SETTING if setting else _WRITING
    for status, its_answer in its.items():
        if status.startswith("2"):
            _formed(its_answer, endpoint if method == "get" else None)
    for status in wrong:
        its[str(status)] = {"$ref": f"#/components/responses/{_problem(document, status)}"}
    operation["responses"] = dict(sorted(its.items()))


def _formed(answer: Document, endpoint: str | None) -> None:
    """The headers of a success, and of a GET its other forms."""
    linked = ("Link",) if endpoint in ("api.events", "api.alert_messages") else ()
    tagged = ("ETag",) if endpoint else ()
    answer["headers"] = _refs(*tagged, *linked, "RateLimit", "RateLimit-Policy", "X-Request-Id") | answer.get("headers", {})
    for form in offers(endpoint):
        if form != JSON:
            text = _FORMS.get(form, _FORMS["other"])
            answer["content"][form] = {"schema": {"type": "string", "description": text}}


def _refs(*names: str) -> Document:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem(document: Document, status: int) -> str:
    """The shared response of a status, added where it is not there yet; its name."""
    kind = type_of_status(status)
    name = "".join(part.capitalize() for part in kind.name.split("-"))
    headers = _refs("X-Request-Id")
    if status in (429, 503):
        headers["Retry-After"] = {"description": "Seconds to wait.", "required": True, "schema": {"type": "integer"}}
    if status == 401:
        headers["WWW-Authenticate"] = {"description": "How to sign in.", "required": True, "schema": {"type": "string"}}
    document["components"]["responses"][name] = {
        "description": f"{kind.meaning} {kind.remedy}",
        "headers": headers,
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return name


def _open_answers(document: Document) -> None:
    """Answers may gain fields, so only what is posted is closed; what nothing names is left out."""
    schemas = document["components"]["schemas"]
    posted = [op["requestBody"] for item in document["paths"].values() for op in item.values() if "requestBody" in op]
    closed = set(_named(posted, schemas))
    everything = set(_named([document["paths"], document["components"]["responses"]], schemas))
    for name in list(schemas):
        if name not in everything:
            del schemas[name]
        elif name not in closed and schemas[name].get("additionalProperties") is False:
            del schemas[name]["additionalProperties"]


def _named(part: Any, schemas: Document, seen: set[str] | None = None) -> Iterator[str]:
    """The schemas that a part of the document leads to."""
    seen = set() if seen is None else seen
    if isinstance(part, list):
        for inner in part:
            yield from _named(inner, schemas, seen)
    elif isinstance(part, dict):
        for key, inner in part.items():
            name = str(inner).rpartition("/")[2] if isinstance(inner, str) and "/schemas/" in inner else None
            if name in schemas and name not in seen:
                seen.add(name)
                yield name
                yield from _named(schemas[name], schemas, seen)
            elif not isinstance(inner, str) or key != "$ref":
                yield from _named(inner, schemas, seen)
