"""The web application: `create_app(daybook)`. It starts nothing and asks the clock nothing until a request comes."""

from flask import Flask

from alerts.book import Alerts
from alerts.channels import Senders
from alerts.channels.settings import Sending
from service.daybook import Daybook
from service.people import People
from web import (
    api_alerts,  # noqa: F401 (its routes stand on the blueprint of web.api)
    api_channels,  # noqa: F401 (as above)
    api_writing,  # noqa: F401 (as above)
    bodies,
    caching,
    clock_state,
    csrf,
    negotiation,
    pages_alert_channels,  # noqa: F401 (its routes stand on the blueprint of web.pages_alerting)
    pages_alert_deliveries,  # noqa: F401 (as above)
    pages_alert_filters,  # noqa: F401 (as above)
    pages_alert_policies,  # noqa: F401 (as above)
    pages_amending,  # noqa: F401 (its routes stand on the blueprint of web.pages_recording)
    pages_matters,  # noqa: F401 (as above)
    problems,
    safety,
    secret_feeds,
    strictness,
    visits,
)
from web.api import register_api
from web.edge import Edge, limit, open_to_origins, trust_proxies
from web.feeds import feeds
from web.health import health, measure
from web.pages import pages, register_filters
from web.pages_alerting import alerting
from web.pages_codes import codes
from web.pages_counting import counting
from web.pages_inbox import inbox
from web.pages_managing import managing
from web.pages_people import people_pages
from web.pages_problems import problem_pages
from web.pages_recording import recording
from web.visits import Door


def create_app(
    daybook: Daybook,
    base_url: str = "http://127.0.0.1:8000",
    edge: Edge = Edge(),  # noqa: B008
    door: Door = Door(),  # noqa: B008
    people: People | None = None,
    alerts: Alerts | None = None,
) -> Flask:
    """The app over a daybook; `base_url` is what links in feeds and calendars begin with; `people` are those of its store.

    What is registered here runs before a request in this order, and after it in the opposite one.
    """
    app = Flask("web", static_folder="static", template_folder="templates")
    app.json.sort_keys = False
    app.config.update(BASE_URL=base_url, MAX_CONTENT_LENGTH=bodies.LARGEST, MAX_FORM_MEMORY_SIZE=512 * 1024)
    app.extensions["daybook"] = daybook
    app.extensions["alerts"] = alerts or Alerts(daybook.log, daybook.clock, Senders(Sending()), base_url)
    trust_proxies(app, edge)
    problems.register(app)
    safety.register(app)
    measure(app)
    open_to_origins(app, edge)
    caching.register(app)
    visits.register(app, people or People(daybook.log.recorder, daybook.clock), door)
    limit(app, edge)
    strictness.register(app)
    csrf.register(app)
    negotiation.register(app)
    register_api(app)
    register_filters(app)
    clock_state.register(app)
    for blueprint in (pages, recording, counting, feeds, health, problem_pages, people_pages, managing, inbox, codes, alerting):
        app.register_blueprint(blueprint)
    app.register_blueprint(secret_feeds.secret_feeds)
    return app
