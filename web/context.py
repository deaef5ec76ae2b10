"""What a request works with: the daybook, and the question in its address."""

from flask import current_app, g, request

from domain.errors import Forbidden, SignInNeeded
from service.asking import Question
from service.daybook import Daybook
from service.visitor import NOBODY, Visitor
from web.problems import bad_parameter


def daybook() -> Daybook:
    """The daybook of this app."""
    return current_app.extensions["daybook"]


def visitor() -> Visitor:
    """Who asks, as `web.visits` found out before the route ran."""
    return g.get("visitor", NOBODY)


_ACTS = {
    "read": "read this",
    "record": "record entries",
    "amend": "correct or retract entries",
    "matters": "open matters or change who sees them",
    "manage": "manage accounts or read the audit",
}


def permit(act: str) -> Visitor:
    """The visitor, where he may do an act; raises `SignInNeeded` or `Forbidden`."""
    who = visitor()
    if who.account is None:
        raise SignInNeeded(f"Sign in, or send a token, to {_ACTS[act]}.")
    if not who.may(act):
        raise Forbidden(f"You may not {_ACTS[act]} " + ("with this token." if who.token else "with your role."))
    return who


def only(*names: str) -> None:
    """Refuse query parameters that a page does not know: a mistyped `as-of` must never answer with today's state."""
    for name in request.args:
        if name not in names:
            raise bad_parameter(name, f"is not a parameter of this page. It takes: {', '.join(names) or 'none'}.")


def asked() -> Question:
    """The question in the address of the calendar."""
    return daybook().ask(*(request.args.get(name) for name in ("as_of", "known_on", "recorded_at")))
