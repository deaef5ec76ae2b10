"""The web application: `create_app(daybook)`. It starts nothing and asks the clock nothing until a request comes."""

from flask import Flask

from service.daybook import Daybook
from web import bodies, caching, negotiation, problems, safety, strictness
from web.api import register_api
from web.edge import Edge, limit, open_to_origins, trust_proxies
from web.feeds import feeds
from web.health import health, measure
from web.pages import pages, register_filters
from web.pages_problems import problem_pages


def create_app(daybook: Daybook, base_url: str = "http://127.0.0.1:8000", edge: Edge = Edge()) -> Flask:  # noqa: B008
    """The app over a daybook; `base_url` is what links in feeds and calendars begin with.

    What is registered here runs before a request in this order, and after it in the opposite one.
    """
    app = Flask("web", static_folder="static", template_folder="templates")
    app.json.sort_keys = False
    app.config.update(BASE_URL=base_url, MAX_CONTENT_LENGTH=bodies.LARGEST, MAX_FORM_MEMORY_SIZE=64 * 1024)
    app.extensions["daybook"] = daybook
    trust_proxies(app, edge)
    problems.register(app)
    safety.register(app)
    measure(app)
    open_to_origins(app, edge)
    caching.register(app)
    limit(app, edge)
    strictness.register(app)
    negotiation.register(app)
    register_api(app)
    register_filters(app)
    for blueprint in (pages, feeds, health, problem_pages):
        app.register_blueprint(blueprint)
    return app
