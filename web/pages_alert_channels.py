"""The channels of one's own: e-mail addresses and webhooks, confirmed, tried out, turned off, deleted."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from alerts.model import EMAIL, PAGE, WEBHOOK, Channel
from alerts.standing import messages
from domain.errors import BadValue, Forbidden, NotFound, Refused, RuleBroken, TooMany
from web.alerting_words import STATE_WORDS
from web.context import only, visitor
from web.pages_alerting import alerting, back, book, channels_of, has_mail, may_set, me, messages_shown, page
from web.pages_codes import BY_LINK
from web.people_forms import Slip, posted

BY_HAND = "You turned it off."
HOW_TO_ALLOW = "The operator can allow it by DAYBOOK_WEBHOOK_ALLOW."
"""The end of a refusal that is for admins."""
DONE = {
    "proof": "A link is on its way to that address. Nothing else is sent there before somebody who reads it has followed the link.",
    "off": "The channel is off: nothing is sent to it.",
    "on": "The channel is on: it is told of what comes from now on.",
    "rotated": "There is a new secret. Until you drop the former, each message is signed with both.",
    "dropped": "The former secret signs no more.",
}


@alerting.get("/account/alerts/channels/new")
def new_channel() -> Response:
    """The forms of an e-mail address and of a webhook."""
    only()
    return _new()


def _new(slip: Slip | None = None, typed: dict[str, str] | None = None) -> Response:
    me()
    return page("alerting-channel-new.html", slip, typed=typed or {}, mail=has_mail(), may_webhook=visitor().may("webhooks"))


@alerting.post("/account/alerts/channels/new")
def make_channel() -> Response:
    """A new channel: an address is sent a link, a webhook's secret is shown."""
    only()
    me()
    typed = posted("kind", "target", "name")
    kind = typed["kind"]
    try:
        if kind not in (EMAIL, WEBHOOK):
            raise BadValue("Choose an e-mail address or a webhook.", "kind")
        if not typed["target"].strip():
            raise BadValue("Type the address.", "target")
        channel, code = book().ways.make(
            {"kind": kind, "target": typed["target"], "name": typed["name"].strip() or None}, visitor()
        )
    except (BadValue, RuleBroken, TooMany) as error:
        if not visitor().may("manage"):
            error.detail = error.detail.replace(HOW_TO_ALLOW, "Ask whoever runs this daybook.")
        return _new(Slip(kind, error, typed), typed)
    if code:
        book().send_proof(channel, code)
        return back("proof", "alerting.channel", channel=channel.id)
    return _channel(channel, secrets=channel.secrets, made=True)


@alerting.get("/account/alerts/channels/<channel>")
def channel(channel: str) -> Response:
    """One channel, and all that can be done with it."""
    only("done")
    return _channel(_own(channel))


def _own(channel: str) -> Channel:
    return book().ways.get(channel, me())


def _channel(its: Channel, slip: Slip | None = None, **values: Any) -> Response:
    channels = channels_of(me())
    lately = messages(book(), me(), 5, channel=its.id)
    used = [policy for policy in book().policies.of(me()) if any(route.channel == its.id for route in policy.routes)]
    return page(
        "alerting-channel.html",
        slip,
        its=channels[its.id],
        state_words=STATE_WORDS,
        used=used,
        lately=messages_shown(lately, channels),
        done=DONE.get(request.args.get("done", "")),
        mail=has_mail(),
        is_page=its.kind == PAGE,
        now=book().clock(),
        by_owner=its.off in (BY_HAND, BY_LINK),
        **values,
    )


def _changed(channel: str, done: str, change: Any) -> Response:
    """Do a change and show the channel; or say there why not."""
    only()
    posted()
    its = _own(channel)
    try:
        change(its)
    except (NotFound, Forbidden):
        raise
    except Refused as error:
        return _channel(its, Slip("channel", error, {}))
    return back(done, "alerting.channel", channel=channel)


@alerting.post("/account/alerts/channels/<channel>/confirm")
def ask_again(channel: str) -> Response:
    """Another link to confirm an address; the former no longer counts."""
    return _changed(channel, "proof", _ask_again)


def _ask_again(its: Channel) -> None:
    book().send_proof(its, book().ways.new_proof(its.id, me()))


@alerting.post("/account/alerts/channels/<channel>/test")
def test_channel(channel: str) -> Response:
    """Hand a test to the clock, and lead to where its outcome is seen."""
    only()
    posted()
    its = may_set(_own(channel))
    try:
        message = book().send_test(its)
    except Refused as error:
        return _channel(its, Slip("channel", error, {}))
    return redirect(url_for("alerting.delivery", message=message, done="test"), 303)


@alerting.post("/account/alerts/channels/<channel>/off")
def turn_off(channel: str) -> Response:
    """Send nothing to it."""
    return _changed(channel, "off", lambda its: book().ways.turn_off(its.id, me(), me(), BY_HAND))


@alerting.post("/account/alerts/channels/<channel>/on")
def turn_on(channel: str) -> Response:
    """Send to it again."""
    return _changed(channel, "on", lambda its: book().ways.turn_on(may_set(its).id, me(), me()))


@alerting.post("/account/alerts/channels/<channel>/rotate")
def rotate(channel: str) -> Response:
    """A new secret beside the former, shown on this page."""
    only()
    posted()
    its = may_set(_own(channel))
    try:
        its = book().ways.rotate(its.id, me(), me())
    except RuleBroken as error:
        return _channel(its, Slip("channel", error, {}))
    return _channel(its, secrets=its.secrets, rotated=True)


@alerting.post("/account/alerts/channels/<channel>/drop")
def drop_former(channel: str) -> Response:
    """The former secret signs no more."""
    return _changed(channel, "dropped", lambda its: book().ways.drop_former(may_set(its).id, me(), me()))


@alerting.post("/account/alerts/channels/<channel>/secret")
def show_secret(channel: str) -> Response:
    """The secrets that sign, on this page alone."""
    only()
    posted()
    its = may_set(_own(channel))
    if its.kind != WEBHOOK:
        return _channel(its, Slip("channel", RuleBroken("Only a webhook has secrets.", "channel"), {}))
    return _channel(its, secrets=its.secrets)


@alerting.route("/account/alerts/channels/<channel>/delete", methods=("GET", "POST"))
def delete_channel(channel: str) -> Response:
    """Asked once more, then deleted; where a policy uses it, that is said."""
    only()
    its, refused = _own(channel), None
    if request.method == "POST":
        posted()
        try:
            book().ways.delete(channel, me(), me())
            return back("channel-gone")
        except RuleBroken as error:
            refused = error
    used = [policy for policy in book().policies.of(me()) if any(route.channel == its.id for route in policy.routes)]
    if used and not refused:
        names = ", ".join(f"“{policy.name}”" for policy in used)
        many = len(used) > 1
        refused = RuleBroken(
            f"{'The policies' if many else 'The policy'} {names} still {'use' if many else 'uses'} it. Take it out there first."
        )
    return page(
        "alerting-delete.html",
        Slip("delete", refused, {}) if request.method == "POST" and refused else None,
        title=f"Delete “{its.name}”?",
        above=("the channel", url_for("alerting.channel", channel=channel)),
        action=request.path,
        refused=refused,
        used=used,
        told="What waits to be sent to it goes with it, and so does its log of deliveries.",
    )
