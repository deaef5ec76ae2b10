"""Signing in and out, one's own account, and who there is."""

from flask import Blueprint

people_pages = Blueprint("people", __name__)


@people_pages.route("/sign-in", methods=("GET", "POST"))
def sign_in() -> str:
    """Sign in."""
    return "soon"


@people_pages.route("/welcome", methods=("GET", "POST"))
def welcome() -> str:
    """Choose a password."""
    return "soon"
