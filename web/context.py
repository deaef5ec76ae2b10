"""What a request works with: the daybook, and the question in its address."""

from flask import current_app, g, request

from alerts.book import Alerts
from service.asking import Question
from service.daybook import Daybook
from service.visitor import NOBODY, Visitor
from web.problems import bad_parameter


def daybook() -> Daybook:
    """The daybook of this app as the visitor sees it; a token that is not for reading sees what nobody sees."""
    who = visitor()
    return current_app.extensions["daybook"].seen_by(who if who.may("read") else NOBODY)


def alerting() -> Alerts:
    """Alerting, as this app has it."""
    return current_app.extensions["alerts"]


def visitor() -> Visitor:
    """Who asks, as `web.visits` found out before the route ran."""
    return g.get("visitor", NOBODY)


def permit(act: str) -> Visitor:
    """The visitor, where he may do an act; raises `SignInNeeded` or `Forbidden`."""
    who = visitor()
    who.demand(act)
    return who


def only(*names: str) -> None:
    """Refuse query parameters that a page does not know: a mistyped `as-of` must never answer with today's state."""
    for name in request.args:
        if name not in names:
            raise bad_parameter(name, f"is not a parameter of this page. It takes: {', '.join(names) or 'none'}.")


def asked() -> Question:
    """The question in the address of the calendar."""
    return daybook().ask(*(request.args.get(name) for name in ("as_of", "known_on", "recorded_at")))
