"""Who asks: before a route runs, `g.visitor` is set from the token or the session's cookie; where reading is closed, others are turned away."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from domain.errors import Forbidden, SignInNeeded
from service.people import People, SignedIn
from service.visitor import NOBODY, Visitor
from web.context import visitor
from web.problems import CHALLENGE, answer_to, wants_json
from web.secret_feeds import reader_of

OPEN, CLOSED = "open", "closed"
_WITHOUT_VISITOR = ("static", "health.healthz")
_ALWAYS_OPEN = (
    *_WITHOUT_VISITOR, "health.readyz", "people.sign_in", "people.signing_in", "people.welcome", "people.accepting",
    "codes.confirm", "codes.confirming", "codes.leave", "codes.leaving",
)  # fmt: skip
_SAFE = ("GET", "HEAD", "OPTIONS")
_BY_ADDRESS = "secret_feeds."
"""Endpoints whose address alone says who reads."""
_NOT_FOR_EYES = ("feeds.", _BY_ADDRESS, "metrics", "health.")
"""Endpoints that programs read; they are told 401 and never led to a page."""


class BadToken(SignInNeeded):
    """The token is not one of ours, or it has expired or been revoked."""


@dataclass(frozen=True)
class Door:
    """Who may come in: whether nobody may read (`open` or `closed`), and a signing key of one's own instead of the store's."""

    reading: str = OPEN
    secret: str | None = field(default=None, repr=False)


def register(app: Flask, people: People, door: Door) -> None:
    """Know the visitor of every request; to be registered before whatever asks who comes."""
    app.extensions["people"] = people
    app.extensions["door"] = door
    _make_cookies_safe(app, door.secret or people.secret("cookies"))
    app.before_request(_know)
    app.before_request(_turn_away)
    app.register_error_handler(SignInNeeded, _lead_to_sign_in)
    app.context_processor(lambda: {"visitor": visitor(), "my_name": my_name()})
    app.jinja_env.globals["called"] = called


def _make_cookies_safe(app: Flask, secret: str) -> None:
    """Not for scripts, not for other sites; over https only for https, and for this host alone."""
    over_https = app.config["BASE_URL"].startswith("https://")
    app.secret_key = secret
    app.config.update(
        SESSION_COOKIE_NAME="__Host-daybook" if over_https else "daybook",
        SESSION_COOKIE_SECURE=over_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )


def people() -> People:
    """The people of this app."""
    return current_app.extensions["people"]


def signed_in() -> SignedIn | None:
    """The session of the visitor; None for nobody and for a token."""
    return g.get("signed_in")


def my_name() -> str | None:
    """What the visitor with a session is called."""
    return g.signed_in.name if signed_in() else None


def called(actor: str) -> str:
    """What an actor of the log is called: its name for those signed in, as long as it was not erased; else the opaque id."""
    if visitor().account is None:
        return actor
    if "names" not in g:
        g.names = people().accounts.names()
    return g.names.get(actor, actor)


def _know() -> None:
    g.visitor = NOBODY
    if request.endpoint in _WITHOUT_VISITOR:
        return
    if (request.endpoint or "").startswith(_BY_ADDRESS):
        g.visitor = reader_of(request.view_args["secret"])
        return
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        g.visitor = _with_token(secret.strip())
    elif request.method in _SAFE or not request.path.startswith("/api/"):
        g.visitor = _with_cookie()


def _with_token(secret: str) -> Visitor:
    found = people().tokens.visitor(secret)
    if found is None:
        raise BadToken("That token is not valid here: it is not one of ours, or it has expired or been revoked.")
    return found


def _with_cookie() -> Visitor:
    secret = session.get("id")
    g.signed_in = people().sessions.find(secret) if secret else None
    return g.signed_in.visitor if g.signed_in else NOBODY


def begin_session(secret: str) -> None:
    """Keep a new session's secret in the cookie; nothing of what the cookie held before is kept, nor its CSRF token."""
    session.clear()
    g.pop("csrf_token", None)
    session["id"] = secret


def forget_session() -> None:
    """Take the session out of the cookie."""
    session.clear()
    g.signed_in, g.visitor = None, NOBODY


def _turn_away() -> None:
    """Where reading is closed, whoever may not read. A token for writing alone may still write."""
    if current_app.extensions["door"].reading == OPEN or request.endpoint in _ALWAYS_OPEN or request.method == "OPTIONS":
        return
    if visitor().account is None:
        raise SignInNeeded("Reading is closed here. Sign in, or send a token as Authorization: Bearer.")
    if request.method in _SAFE and not visitor().may("read"):
        raise Forbidden("This token is not for reading: it lacks the scope “read”.")


def _lead_to_sign_in(error: SignInNeeded) -> Response:
    """A person who reads pages is led to the sign-in page and back; whoever else is told."""
    if isinstance(error, BadToken):
        response = answer_to(error)
        response.headers["WWW-Authenticate"] = f'{CHALLENGE}, error="invalid_token"'
        return response
    program = wants_json() or (request.endpoint or "").startswith(_NOT_FOR_EYES) or "Authorization" in request.headers
    if request.method not in ("GET", "HEAD") or program:
        g.way_back = url_for("people.sign_in", next=page_above())
        return answer_to(error)
    return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")), 303)


def page_above() -> str:
    """The page that a form stood on, as far as its address tells: the nearest one above that can be read."""
    path, adapter = request.path, current_app.create_url_adapter(request)
    while path and not adapter.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path or "/"


def local_path(text: Any) -> str:
    """An address on this site to go on to, or the first page: never another site's, whatever a browser makes of slashes."""
    path = text if isinstance(text, str) else ""
    harmless = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable() and len(path) <= 2000
    return path if harmless else "/"
