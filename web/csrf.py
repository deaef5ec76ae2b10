"""No other site can post our forms: a token in every form (Flask-WTF), and no foreign Origin. The API takes no cookies for writing."""

from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadRequest

from web.visits import page_above

_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
_protect = CSRFProtect()
_WITHOUT_TOKEN = ("codes.leaving",)
"""Endpoints that programs of others post to, by a secret address alone."""


class NotOurForm(BadRequest):
    """A form that was not sent from a page of ours, or from one that is too old."""

    told = (
        "The form could not be taken: the page that it came from is too old, or your browser keeps no cookies for this site. "
        "Nothing was changed. Go back, load the page again and send the form once more."
    )


class ForeignForm(BadRequest):
    """A form that another site's page sent."""

    told = "The form was sent from another site's page, so it was not taken. Nothing was changed."


def register(app: Flask) -> None:
    """Check every form of the pages; to be registered after the check of a request's size."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_SSL_STRICT=False, WTF_CSRF_TIME_LIMIT=None)
    _protect.init_app(app)
    app.before_request(_check)


def _check() -> None:
    if (
        request.method in _SAFE
        or request.path.startswith("/api/")
        or request.endpoint in _WITHOUT_TOKEN
        or request.routing_exception
    ):
        return
    if _is_foreign():
        raise ForeignForm
    try:
        _protect.protect()
    except CSRFError:
        g.way_back = page_above()
        raise NotOurForm from None


def _is_foreign() -> bool:
    """Whether the browser says that the form came from elsewhere. With our Referrer-Policy it says `null` of our own pages."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") in ("cross-site", "same-site"):
        return True
    origin = request.headers.get("Origin", "null")
    own = (request.host, urlsplit(current_app.config["BASE_URL"]).netloc)
    return origin != "null" and urlsplit(origin).netloc not in own
