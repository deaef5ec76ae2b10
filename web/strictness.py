"""What every request must keep to: nothing given twice, nothing that is not known, nothing too large."""

from flask import Flask, current_app, request

from web.bodies import refuse_too_large
from web.context import only
from web.problems import bad_parameter

_WITHOUT_PARAMETERS = ("docs", "api-docs", "health")
"""Blueprints whose routes take no parameters."""


def register(app: Flask) -> None:
    """Check each request before its route runs."""
    app.before_request(_check)


def _check() -> None:
    refuse_too_large(request)
    for name, values in request.args.lists():
        if len(values) > 1:
            raise bad_parameter(name, "is given more than once.")
        if "\x00" in name or any("\x00" in value for value in values):
            raise bad_parameter("query", "has a null character in it.")
    if request.args and request.endpoint and not _takes_parameters(request.endpoint):
        only()


def _takes_parameters(endpoint: str) -> bool:
    """Whether a route looks at its parameters itself: pages and feeds do, and the API's where they have a schema for them."""
    blueprint, dot, _ = endpoint.rpartition(".")
    if not dot or blueprint in _WITHOUT_PARAMETERS:
        return False
    if blueprint != "api":
        return True
    documented = getattr(current_app.view_functions[endpoint], "_apidoc", {}).get("arguments", {}).get("parameters", ())
    return any(parameter["in"] == "query" for parameter in documented)
