"""Channels, the delivery log and secret addresses by API. A secret is answered once, where it is made."""

from dataclasses import asdict
from typing import Any

from flask import current_app, request, url_for

from alerts.inbox import Inbox
from alerts.model import OWN, WEBHOOK, Channel
from alerts.outbox import Dispatch
from alerts.schemas import about_of, read
from alerts.shown import channel_shown, instant, message_shown
from alerts.standing import matters_seen, messages, unseen
from alerts.subscriptions import Subscription
from alerts.there import check_about
from domain.errors import BadValue, NotFound
from web import schemas_alerts as schemas
from web.api import next_link, v1
from web.api_alerts import alert_row, me, own_log
from web.bodies import read_body
from web.context import alerting, permit, visitor
from web.schemas_alerts_posted import AddressAskedSchema, body

OFF_BY_OWNER = "You turned it off."
PROOF = "proof"
"""What a message is that holds the link by which an address is proved: only who reads the address may see it."""


@v1.get("/alert-channels")
@v1.response(200, schemas.ChannelsSchema)
def alert_channels() -> dict[str, Any]:
    """Your channels: the page, e-mail addresses, webhooks"""
    return {"channels": [channel_shown(each) for each in alerting().ways.of(me())]}


@v1.post("/alert-channels")
@v1.doc(**body("PostedAlertChannel"))
@v1.response(201, schemas.ChannelMadeSchema)
def add_alert_channel() -> Any:
    """Make a channel. An e-mail address is sent a link to confirm; a webhook's secret is answered this once"""
    me()
    made, code = alerting().ways.make(read_body(request), visitor())
    proof = {"message": alerting().send_proof(made, code)} if code else {}
    return _with_secret(made) | proof, 201, {"Location": url_for("api.alert_channel", channel=made.id)}


@v1.get("/alert-channels/<channel>")
@v1.response(200, schemas.ChannelAnswerSchema)
def alert_channel(channel: str) -> dict[str, Any]:
    """One of your channels"""
    return channel_shown(alerting().ways.get(channel, me()))


@v1.delete("/alert-channels/<channel>")
@v1.response(204)
def delete_alert_channel(channel: str) -> None:
    """Delete a channel that no policy uses, with what waits for it"""
    alerting().ways.delete(channel, me(), me())


@v1.post("/alert-channels/<channel>/test")
@v1.response(202, schemas.MessageQueuedSchema)
def test_alert_channel(channel: str) -> Any:
    """Send a test"""
    return _queued(alerting().send_test(_set(channel)))


@v1.post("/alert-channels/<channel>/confirm-again")
@v1.response(202, schemas.MessageQueuedSchema)
def confirm_alert_channel_again(channel: str) -> Any:
    """Send another link that proves an e-mail address; the former one counts no longer"""
    account = me()
    code = alerting().ways.new_proof(channel, account)
    return _queued(alerting().send_proof(alerting().ways.get(channel, account), code))


@v1.post("/alert-channels/<channel>/rotate")
@v1.response(200, schemas.ChannelMadeSchema)
def rotate_alert_channel(channel: str) -> dict[str, Any]:
    """A new secret, answered this once; it signs beside the former one"""
    return _with_secret(alerting().ways.rotate(_set(channel).id, me(), me()))


@v1.post("/alert-channels/<channel>/drop-former")
@v1.response(200, schemas.ChannelAnswerSchema)
def drop_former_secret(channel: str) -> dict[str, Any]:
    """Only the newest secret signs from now on"""
    return channel_shown(alerting().ways.drop_former(_set(channel).id, me(), me()))


@v1.post("/alert-channels/<channel>/turn-off")
@v1.response(200, schemas.ChannelAnswerSchema)
def turn_alert_channel_off(channel: str) -> dict[str, Any]:
    """Nothing is sent to it any more"""
    its = alerting().ways.get(channel, me())
    alerting().ways.turn_off(its.id, me(), me(), OFF_BY_OWNER)
    return channel_shown(alerting().ways.get(channel, me()))


@v1.post("/alert-channels/<channel>/turn-on")
@v1.response(200, schemas.ChannelAnswerSchema)
def turn_alert_channel_on(channel: str) -> dict[str, Any]:
    """It is spoken to again, of what comes from now on"""
    alerting().ways.turn_on(_set(channel).id, me(), me())
    return channel_shown(alerting().ways.get(channel, me()))


def _set(channel: str) -> Channel:
    """One of the visitor's channels, where he may still set one of its kind; raises `NotFound`, `Forbidden`."""
    its = alerting().ways.get(channel, me())
    permit(OWN.get(its.kind, "alerts"))
    return its


def _with_secret(its: Channel) -> dict[str, Any]:
    return channel_shown(its) | ({"secret": its.secrets[0]} if its.kind == WEBHOOK else {})


def _queued(message: str) -> Any:
    return {"message": message}, 202, {"Location": url_for("api.alert_message", message=message)}


@v1.get("/alert-messages")
@v1.arguments(schemas.MessagesQuestionSchema, location="query")
@v1.response(200, schemas.MessagesSchema)
def alert_messages(args: dict[str, Any]) -> Any:
    """Your delivery log, the newest first, of all channels but the page"""
    account, limit = me(), args["limit"]
    _check_are_there(args, account)
    found = messages(alerting(), account, limit + 1, args.get("after"), args.get("state"), args.get("channel"))
    shown = found[:limit]
    hidden = unseen(alerting(), [each.id for each in shown], visitor().groups)
    more = shown[-1].id if len(found) > limit else None
    return {"messages": [_message(each, each.id not in hidden) for each in shown], "next": more}, 200, next_link(more)


def _check_are_there(args: dict[str, Any], account: str) -> None:
    """A channel and a message that are asked about must be one's own; raises `BadValue`."""
    for name, get in (("after", Inbox(alerting(), account).message), ("channel", lambda id: alerting().ways.get(id, account))):
        try:
            if name in args:
                get(args[name])
        except NotFound as error:
            raise BadValue(error.detail, name) from None


@v1.get("/alert-messages/<message>")
@v1.response(200, schemas.MessageWholeSchema)
def alert_message(message: str) -> dict[str, Any]:
    """One message, with its tries and its alerts"""
    inbox = Inbox(alerting(), me())
    its, seen = inbox.message(message), matters_seen(alerting(), visitor().groups)
    alerts = inbox.carried(message)
    readable = not unseen(alerting(), [its.id], visitor().groups)
    tries = [asdict(each) | {"at": instant(each.at)} for each in inbox.attempts(message)]
    return _message(its, readable) | {
        "body": its.body if readable and its.what != PROOF else None,
        "tries": tries,
        "alerts": [alert_row(row, seen) for row in alerts],
    }


@v1.post("/alert-messages/<message>/replay")
@v1.response(202, schemas.MessageQueuedSchema)
def replay_alert_message(message: str) -> Any:
    """Send it once more as it was, under the same id"""
    inbox = Inbox(alerting(), me())
    _set(inbox.message(message).channel)
    return _queued(inbox.replay(message).id)


def _message(its: Dispatch, readable: bool) -> dict[str, Any]:
    return message_shown(its) if readable else message_shown(its) | {"subject": None}


@v1.get("/alert-addresses")
@v1.response(200, schemas.AddressesSchema)
def alert_addresses() -> dict[str, Any]:
    """Your secret addresses of calendars and feeds"""
    return {"addresses": [_address(each) for each in alerting().subscriptions.of(me())]}


@v1.post("/alert-addresses")
@v1.doc(**body("PostedFeedAddress"))
@v1.response(201, schemas.AddressMadeSchema)
def add_alert_address() -> Any:
    """Make a secret address; it is answered this once. It shows what you may read at that moment"""
    account = me()
    values = read(AddressAskedSchema, read_body(request))
    about = about_of(values.get("about"))
    check_about(own_log(), about)
    its, secret = alerting().subscriptions.make(account, values["name"], about, values.get("filter"))
    base = f"{current_app.config['BASE_URL']}/s/{secret}"
    where = {"calendar": f"{base}/deadlines.ics", "atom": f"{base}/feed.atom", "json": f"{base}/feed.json"}
    return _address(its) | where, 201, {"Location": url_for("api.alert_addresses")}


@v1.delete("/alert-addresses/<id>")
@v1.response(204)
def revoke_alert_address(id: str) -> None:
    """It counts no longer, at once"""
    alerting().subscriptions.revoke(id, me(), me())


def _address(its: Subscription) -> dict[str, Any]:
    instants = {name: instant(getattr(its, name)) for name in ("made", "used", "revoked")}
    return {"id": its.id, "name": its.name, "about": asdict(its.about), "filter": its.filter} | instants
