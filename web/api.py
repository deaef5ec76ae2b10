"""The HTTP API under /api/v1. A route loads, asks, dumps, returns."""

import json
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import openapi_ui_bundles
from flask import Blueprint as PlainBlueprint
from flask import Flask, Response, g, redirect, render_template, request, send_from_directory, url_for
from flask_smorest import Api, Blueprint
from marshmallow import RAISE, missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.exceptions import NotFound as NothingThere

from domain.deadlines import Period
from domain.errors import BadValue, SignInNeeded
from domain.when import read_day
from service.browsing import Filter
from service.counting import counted
from web import schemas, schemas_alerts_posted, schemas_deadlines
from web.bodies import read_body
from web.context import daybook, visitor
from web.document import FREE_POSTS, finished
from web.schemas_writing import describe

PREFIX = "/api/v1"
SWAGGER = Path(openapi_ui_bundles.__file__).parent / "swagger_ui" / "vendor"
SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")


class StrictParser(FlaskParser):
    """Bodies as `bodies` reads them. Unknown query parameters are an error too; webargs ignores them."""

    def load_json(self, req: Any, schema: Any) -> Any:
        """The body as JSON; anything else sent as a body is told so."""
        body = read_body(req)
        return missing if body is None else body

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE, "json": RAISE}  # noqa: RUF012


class StrictBlueprint(Blueprint):
    """flask-smorest's blueprint with our parser."""

    ARGUMENTS_PARSER = StrictParser()


class DaybookApi(Api):
    """flask-smorest's API with our problem+json: our handlers are the app's, so its own are not registered."""

    ERROR_SCHEMA = schemas.ProblemSchema
    made: str | None = None
    _making = Lock()

    def _register_error_handlers(self) -> None:
        """Ours are registered by `problems`."""

    def _openapi_json(self) -> Response:
        """The document, made once and when it is first asked for: it stays the same while the process lives."""
        with self._making:
            self.made = self.made or self._make()
        return Response(self.made, mimetype="application/json")

    def _make(self) -> str:
        describe(self.spec)
        schemas_alerts_posted.describe(self.spec)
        return json.dumps(finished(self.spec.to_dict(), self._endpoint_of), indent=1)

    def _endpoint_of(self, path: str, method: str) -> str:
        rule = path.replace("{", "<").replace("}", ">")
        named = [r for r in self._app.url_map.iter_rules() if r.rule == rule and method.upper() in r.methods]
        return named[0].endpoint


v1 = StrictBlueprint("api", "api", url_prefix=PREFIX, description="Ask at a point on three clocks")


@v1.before_request
def _sign_in_first() -> None:
    """Who writes says who he is, before anything that he sends is looked at."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and request.endpoint not in FREE_POSTS and visitor().account is None:
        raise SignInNeeded("Send a token of yours, as Authorization: Bearer, to record or change anything.")


_ONLY_POSTED = (f"{PREFIX}/events/batch", f"{PREFIX}/alert-policies/preview")


@v1.before_request
def _a_batch_is_no_entry() -> Response | None:
    """`batch` and `preview` would be read as the id of an entry or policy by any method but POST; they take that one alone."""
    if request.path not in _ONLY_POSTED or request.method == "POST":
        return None
    if request.method == "OPTIONS":
        return Response(headers={"Allow": "OPTIONS, POST"})
    raise MethodNotAllowed(["OPTIONS", "POST"])


docs = PlainBlueprint("docs", __name__, url_prefix=f"{PREFIX}/docs")


def register_api(app: Flask) -> None:
    """Add the API, its OpenAPI document and the offline Swagger UI."""
    app.config.update(
        API_TITLE="Daybook",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = DaybookApi(app, spec_kwargs={"info": {"description": "What was in force, what was known and what is due, on any day."}})
    api.register_blueprint(v1)
    app.register_blueprint(docs)


@v1.get("/matters")
@v1.arguments(schemas.QuestionSchema, location="query")
@v1.response(200, schemas.MattersSchema)
def matters(args: dict[str, Any]) -> dict[str, Any]:
    """The matters, with last entry and next deadline at the point"""
    return {"matters": daybook().matters(daybook().ask(**args))}


@v1.get("/matters/<matter>")
@v1.arguments(schemas.QuestionSchema, location="query")
@v1.response(200, schemas.MatterSchema)
def matter(args: dict[str, Any], matter: str) -> dict[str, Any]:
    """One matter"""
    answer = daybook().matter(matter, daybook().ask(**args))
    g.version = answer.get("version")
    return answer


@v1.get("/matters/<matter>/windows/<window>")
@v1.arguments(schemas.QuestionSchema, location="query")
@v1.response(200, schemas_deadlines.WindowSchema)
def window(args: dict[str, Any], matter: str, window: str) -> dict[str, Any]:
    """One window: its due date, how it is counted, and who moved it when"""
    return daybook().window(matter, window, daybook().ask(**args))


@v1.get("/events")
@v1.arguments(schemas.EventsQuestionSchema, location="query")
@v1.response(200, schemas.EventsSchema)
def events(args: dict[str, Any]) -> Any:
    """Entries in the order of the log, as they read now"""
    wanted = Filter(
        matter=args.get("matter"),
        kind=args.get("kind"),
        q=args.get("q"),
        since=_day(args.get("from_"), "from"),
        until=_day(args.get("to"), "to"),
        after=args["after"],
        limit=args["limit"],
    )
    page, more = daybook().events(wanted, daybook().ask())
    return {"events": page, "next": more}, 200, next_link(more)


def _day(text: str | None, parameter: str) -> date | None:
    try:
        return read_day(text) if text is not None else None
    except BadValue as error:
        raise BadValue(error.detail, parameter) from None


def next_link(more: int | str | None) -> dict[str, str]:
    """The header with the address of the next page, which begins after `more`."""
    if more is None:
        return {}
    query = urlencode({**request.args.to_dict(), "after": more})
    return {"Link": f'<{request.path}?{query}>; rel="next"'}


@v1.get("/events/<event_id>")
@v1.arguments(schemas.QuestionSchema, location="query")
@v1.response(200, schemas.EventSchema)
def event(args: dict[str, Any], event_id: str) -> dict[str, Any]:
    """One entry: all dates, sources, amendments, standing"""
    return daybook().event(event_id, daybook().ask(**args))


@v1.get("/views/<view>")
@v1.arguments(schemas.ViewQuestionSchema, location="query")
@v1.response(200, schemas.ViewSchema)
def view(args: dict[str, Any], view: str) -> dict[str, Any]:
    """A view at a point"""
    matter = args.pop("matter", None)
    return daybook().view(view, daybook().ask(**args), matter).body()


@v1.get("/views/<view>/diff")
@v1.arguments(schemas.DiffQuestionSchema, location="query")
@v1.response(200, schemas.DiffSchema)
def diff(args: dict[str, Any], view: str) -> dict[str, Any]:
    """What changed in a view between two points, as sentences and as data"""
    before = daybook().ask_end("from", args["from_"], args.get("from_known_on"))
    after = daybook().ask_end("to", args["to"], args.get("to_known_on"))
    return daybook().diff(view, before, after, args.get("matter"))


@v1.get("/views/<view>/why")
@v1.arguments(schemas.WhyQuestionSchema, location="query")
@v1.response(200, schemas.WhySchema)
def why(args: dict[str, Any], view: str) -> dict[str, Any]:
    """Where a value comes from"""
    field, matter = args.pop("field"), args.pop("matter", None)
    return daybook().why(view, field, daybook().ask(**args), matter)


@v1.get("/deadlines")
@v1.arguments(schemas.DeadlinesQuestionSchema, location="query")
@v1.response(200, schemas.DeadlinesSchema)
def deadlines(args: dict[str, Any]) -> dict[str, Any]:
    """Windows by due date"""
    wanted = {name: args.pop(name, None) for name in ("within", "status", "matter")}
    return daybook().deadlines(daybook().ask(**args), **wanted)


@v1.post("/count")
@v1.arguments(schemas_deadlines.CountSchema)
@v1.response(200, schemas_deadlines.CountedSchema)
def count(args: dict[str, Any]) -> dict[str, Any]:
    """Count to a due date; stores nothing"""
    known_on = args.pop("known_on")
    return counted(Period.of(args), known_on=known_on, now=daybook().clock())


@docs.get("/")
def swagger() -> str:
    """Swagger UI, served from here"""
    return render_template("swagger.html")


@docs.get("")
def swagger_slash() -> Response:
    """The address without its slash."""
    return redirect(url_for("docs.swagger"))


@docs.get("/assets/<name>")
def swagger_file(name: str) -> Response:
    """One of the files that Swagger UI needs."""
    if name not in SWAGGER_FILES:
        raise NothingThere
    return send_from_directory(SWAGGER, name)
