"""The web application: `create_app(daybook)`. It starts nothing and asks the clock nothing until a request comes."""

from flask import Flask, g, request

from service.daybook import Daybook
from web import problems, safety
from web.api import register_api
from web.feeds import feeds
from web.health import health, measure
from web.pages import pages, register_filters


def create_app(daybook: Daybook, base_url: str = "http://127.0.0.1:8000") -> Flask:
    """The app over a daybook; `base_url` is what links in feeds and calendars begin with."""
    app = Flask("web", static_folder="static", template_folder="templates")
    app.json.sort_keys = False
    app.config.update(BASE_URL=base_url, MAX_CONTENT_LENGTH=1024 * 1024, MAX_FORM_MEMORY_SIZE=64 * 1024)
    app.extensions["daybook"] = daybook
    app.before_request(_repeated_parameters)
    problems.register(app)
    safety.register(app)
    measure(app)
    register_api(app)
    register_filters(app)
    for blueprint in (pages, feeds, health):
        app.register_blueprint(blueprint)
    return app


def _repeated_parameters() -> None:
    """A parameter given twice is an error: one of the two would be ignored."""
    g.is_api = request.path.startswith("/api/")
    for name, values in request.args.lists():
        if len(values) > 1:
            raise problems.bad_parameter(name, "is given more than once.")
        if "\x00" in name or any("\x00" in value for value in values):
            raise problems.bad_parameter("query", "has a null character in it.")
