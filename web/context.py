"""What a request works with: the daybook, and the question in its address."""

from flask import current_app, request

from service.asking import Question
from service.daybook import Daybook
from web.problems import bad_parameter


def daybook() -> Daybook:
    """The daybook of this app."""
    return current_app.extensions["daybook"]


def only(*names: str) -> None:
    """Refuse query parameters that a page does not know: a mistyped `as-of` must never answer with today's state."""
    for name in request.args:
        if name not in names:
            raise bad_parameter(name, f"is not a parameter of this page. It takes: {', '.join(names) or 'none'}.")


def asked() -> Question:
    """The question in the address of the calendar."""
    return daybook().ask(*(request.args.get(name) for name in ("as_of", "known_on", "recorded_at")))
