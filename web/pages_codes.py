"""Pages that a secret in an e-mail leads to, for whoever holds it: an address is confirmed, or a channel is turned off. Looking changes nothing."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from alerts.channels import shown
from alerts.model import EMAIL, PAGE, Channel
from domain.errors import NotFound
from web.context import alerting, only
from web.people_forms import posted

codes = Blueprint("codes", __name__)
ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""The form that a mail program posts (RFC 8058)."""
BY_LINK = "Turned off by the link in a message."
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}


@codes.after_request
def _keep_private(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response


def masked(channel: Channel) -> str:
    """A channel's target for whoever holds its link: of an address only the first letter and the host."""
    if channel.kind != EMAIL:
        return shown(channel.kind, channel.target)
    name, _, host = channel.target.rpartition("@")
    return f"{name[:1]}…@{host}"


@codes.get("/confirm/<secret>")
def confirm(secret: str) -> Response:
    """The address and a button: mail scanners follow links, so a look confirms nothing."""
    only()
    channel = alerting().ways.proving(secret)
    return _page("confirm.html", 200 if channel else 404, channel)


@codes.post("/confirm/<secret>")
def confirming(secret: str) -> Response:
    """The address is its owner's."""
    only()
    posted()
    try:
        return _page("confirm.html", 200, alerting().ways.confirm(secret), done=True)
    except NotFound:
        return _page("confirm.html", 404, None)


@codes.get("/leave/<secret>")
def leave(secret: str) -> Response:
    """One button, which turns the channel off."""
    only()
    channel = _leaving(secret)
    return _page("leave.html", 200 if channel else 404, channel)


@codes.post("/leave/<secret>")
def leaving(secret: str) -> Response:
    """Nothing more is sent there. A mail program posts this by itself: it has no cookie and no token of ours."""
    only()
    channel = _leaving(secret)
    if channel is None:
        return _page("leave.html", 404, None)
    if request.form.get(ONE_CLICK[0]) != ONE_CLICK[1]:
        return _page("leave.html", 422, channel)
    if not channel.off:
        alerting().ways.turn_off(channel.id, channel.account, None, BY_LINK)
    return _page("leave.html", 200, channel, done=True)


def _leaving(secret: str) -> Channel | None:
    """The channel whose way out this is. The page of alerts has none: nothing is sent to it."""
    channel = alerting().ways.leaving(secret)
    return channel if channel and channel.kind != PAGE else None


def _page(template: str, status: int, channel: Channel | None, done: bool = False) -> Response:
    values = {"channel": channel, "where": masked(channel) if channel else "", "done": done, "one_click": ONE_CLICK}
    return make_response(render_template(template, **values), status)
