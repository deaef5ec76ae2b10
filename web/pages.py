"""The pages, server-rendered."""

from flask import Blueprint, Flask

pages = Blueprint("pages", __name__)


def register_filters(app: Flask) -> None:
    """The words that templates use."""
