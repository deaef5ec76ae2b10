"""What each type of problem means and what to do about it; `type` in a problem leads here."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from domain.errors import NotFound
from web.context import only
from web.problem_types import ProblemType, every_type
from web.problems import address_of, wants_json

problem_pages = Blueprint("problems", __name__)


@problem_pages.get("/problems")
def index() -> str | Response:
    """Every type of problem."""
    only()
    kinds = every_type().values()
    if wants_json():
        return jsonify(problems=[_told(kind) for kind in kinds])
    return render_template("problems.html", kinds=kinds, one=None)


@problem_pages.get("/problems/<name>")
def problem(name: str) -> str | Response:
    """One type of problem."""
    only()
    kind = every_type().get(name)
    if kind is None:
        raise NotFound(f"There is no problem “{name[:60]}”.", "name")
    return jsonify(_told(kind)) if wants_json() else render_template("problems.html", kinds=[kind], one=kind)


def _told(kind: ProblemType) -> dict[str, Any]:
    return {"type": address_of(kind), **asdict(kind)}
