"""What a form of the people's pages holds: the fields that it has, each once, and nothing else."""

from flask import request

from domain.errors import BadValue, Refused
from web.problem_types import status_of

_OUR_OWN = ("csrf_token",)


def posted(*names: str, several: str = "") -> dict[str, str]:
    """The fields of a form, an empty text for one that is missing; `several` may come more than once. Raises `BadValue` for any other.

    So nobody changes a role by adding a field to a form that changes something else.
    """
    for name, values in request.form.lists():
        if name not in (*names, several, *_OUR_OWN):
            raise BadValue(f"“{name[:60]}” is not a field of this form.", name[:60])
        if len(values) > 1 and name != several:
            raise BadValue(f"“{name[:60]}” is given more than once.", name[:60])
    return {name: request.form.get(name, "") for name in names}


class Slip:
    """What was wrong in a form, for the page that shows the form again: the message at its field, and what was typed."""

    def __init__(self, form: str, error: Refused, typed: dict[str, str]) -> None:
        self.form = form
        self.field = error.field
        self.detail = error.detail
        self.typed = typed
        self.status = status_of(type(error))

    def at(self, form: str, field: str) -> str:
        """The message at a field, or nothing."""
        return self.detail if (self.form, self.field) == (form, field) else ""


def kept(slip: Slip | None, form: str, field: str, otherwise: str = "") -> str:
    """What was typed into a field, where its form is shown again; never a password, which is not handed to a `Slip`."""
    return slip.typed.get(field, otherwise) if slip and slip.form == form else otherwise
