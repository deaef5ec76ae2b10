"""Marshmallow schemas of alerting in the API: what is asked in an address, and what is answered."""

from typing import Any

from marshmallow import Schema, fields, validate

from alerts.model import CHANGES, KINDS, RHYTHMS
from alerts.outbox import DROPPED, GIVEN_UP, SENT, WAITING
from importers.schemas import Strict
from web.schemas import AS_OF, RECORDED_AT
from web.schemas_alerts_posted import PreferencesAskedSchema

STATES = (WAITING, SENT, GIVEN_UP, DROPPED)
_INSTANT = {"format": "date-time"}


def _instant(text: str, **kwargs: Any) -> fields.String:
    return fields.String(metadata=_INSTANT | {"description": text}, **kwargs)


class AboutAnswerSchema(Schema):
    """What something is about; null asks for all."""

    matter = fields.String(allow_none=True)
    window = fields.String(allow_none=True)
    kind = fields.String(allow_none=True)
    words = fields.String(allow_none=True)


class RouteAnswerSchema(Schema):
    """One channel of a policy."""

    channel = fields.String()
    ladder = fields.List(fields.String())
    rhythm = fields.String(validate=validate.OneOf(RHYTHMS))


class PolicyAnswerSchema(Schema):
    """A policy. Without `id` and `since` it is what PUT takes."""

    id = fields.String()
    name = fields.String()
    about = fields.Nested(AboutAnswerSchema, allow_none=True)
    filter = fields.String(allow_none=True)
    changes = fields.List(fields.String(validate=validate.OneOf(list(CHANGES))))
    routes = fields.List(fields.Nested(RouteAnswerSchema))
    paused = fields.Boolean()
    since = _instant(
        "From when it counts; what was reached before is history. A change of it lets what it asked for before go on counting."
    )


class PoliciesSchema(Schema):
    """Your policies, by name."""

    policies = fields.List(fields.Nested(PolicyAnswerSchema))


class ComingSchema(Schema):
    """One send to come; `reached` is when its lead time is, `held` why it is sent later."""

    at = _instant("When it is sent.")
    reached = _instant("When its lead time is reached.")
    matter = fields.String()
    window = fields.String()
    title = fields.String()
    due = fields.String()
    due_is = fields.String()
    step = fields.String()
    days_left = fields.Integer()
    channel = fields.String()
    channel_name = fields.String()
    held = fields.String(allow_none=True)
    time_zone = fields.String()


class PreviewSchema(Schema):
    """What comes of a policy: the next sends, how many more, how many windows it is about now, and how many steps have passed."""

    coming = fields.List(fields.Nested(ComingSchema))
    more = fields.Integer()
    windows = fields.Integer()
    passed = fields.Integer()


class FilterAnswerSchema(Schema):
    """A saved filter."""

    id = fields.String()
    name = fields.String()
    about = fields.Nested(AboutAnswerSchema)


class FiltersSchema(Schema):
    """Your saved filters, by name."""

    filters = fields.List(fields.Nested(FilterAnswerSchema))


class ChannelAnswerSchema(Schema):
    """A channel. Of a webhook only the host is told: the rest of its URL may be secret."""

    id = fields.String()
    kind = fields.String(validate=validate.OneOf(KINDS))
    name = fields.String()
    target = fields.String()
    confirmed = _instant("Since when its owner is known to read it; null: nothing but the proof is sent to it.", allow_none=True)
    off = fields.String(allow_none=True, metadata={"description": "Why nothing is sent to it; null where it is on."})
    secrets = fields.Integer(
        metadata={"description": "How many secrets sign: two from a rotation until the former one is dropped."}
    )


class ChannelMadeSchema(ChannelAnswerSchema):
    """A channel as it was made or its secret rotated: `secret` is told this once."""

    secret = fields.String(metadata={"description": "A webhook's signing secret (Standard Webhooks)."})
    message = fields.String(metadata={"description": "The message with the link that proves an e-mail address."})


class ChannelsSchema(Schema):
    """Your channels; the page is the first."""

    channels = fields.List(fields.Nested(ChannelAnswerSchema))


class MessageQueuedSchema(Schema):
    """A message that waits to be sent; the clock sends it within seconds."""

    message = fields.String()


class PreferencesAnswerSchema(PreferencesAskedSchema):
    """How you want to be spoken to."""


class MessagesQuestionSchema(Strict):
    """Which messages, the newest first; pages follow `Link: rel="next"`."""

    state = fields.String(validate=validate.OneOf(STATES, error="is one of: " + ", ".join(STATES) + "."))
    channel = fields.String(validate=validate.Length(min=1), metadata={"description": "Only those to this channel."})
    after = fields.String(
        validate=validate.Length(min=1),
        metadata={"description": "Go on after the message of this id: the `next` of the page before."},
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 500))


class MessageSchema(Schema):
    """A message as it stands; `what` is alert, digest, test or proof. `subject` is null where it tells of a matter that you see no longer."""

    id = fields.String()
    channel = fields.String()
    what = fields.String()
    subject = fields.String(allow_none=True)
    state = fields.String(validate=validate.OneOf(STATES))
    made = _instant("When it was begun.")
    due = _instant("When it was to be sent.")
    ended = _instant("When it was sent, given up or dropped.", allow_none=True)
    next_try = _instant("When it is tried again, while it waits.", allow_none=True)
    attempts = fields.Integer()
    detail = fields.String(allow_none=True, metadata={"description": "Why it did not arrive, or why it was dropped."})


class BodySchema(Schema):
    """What was sent."""

    subject = fields.String()
    text = fields.String()
    html = fields.String()
    data = fields.Dict()


class TrySchema(Schema):
    """One try to deliver: `outcome` is sent, failed, given up or dropped."""

    attempt = fields.Integer()
    at = _instant("When.")
    outcome = fields.String()
    detail = fields.String(allow_none=True)


class AlertSchema(Schema):
    """One alert of yours. Of a matter that you see no longer, only that there was one is told: `matter`, `window` and `facts` are null."""

    id = fields.String()
    what = fields.String(metadata={"description": "`step`, `passed`, or a change: moved, closed, conflict, amended, new."})
    channel = fields.String()
    matter = fields.String(allow_none=True)
    window = fields.String(allow_none=True)
    facts = fields.Dict(allow_none=True)
    made = _instant("When it was raised.")
    message = fields.String(allow_none=True)
    dropped = fields.String(allow_none=True, metadata={"description": "Why it was never sent."})


class AlertAnswerSchema(AlertSchema):
    """One alert, and what you said of it."""

    acknowledged = fields.Boolean()
    snoozed_until = _instant("Nothing is said of its window until then.", allow_none=True)


class MessageWholeSchema(MessageSchema):
    """A message with its tries and its alerts. `body` is null before it is written, and where it is not for reading."""

    body = fields.Nested(BodySchema, allow_none=True)
    tries = fields.List(fields.Nested(TrySchema))
    alerts = fields.List(fields.Nested(AlertSchema))


class MessagesSchema(Schema):
    """A page of your delivery log; `next` is the `after` of the next page."""

    messages = fields.List(fields.Nested(MessageSchema))
    next = fields.String(allow_none=True)


class AddressAnswerSchema(Schema):
    """A secret address; its secret is not known any more."""

    id = fields.String()
    name = fields.String()
    about = fields.Nested(AboutAnswerSchema)
    filter = fields.String(allow_none=True)
    made = _instant("When it was made.")
    used = _instant("When it was last read, to the minute.", allow_none=True)
    revoked = _instant("Since when it counts no longer.", allow_none=True)


class AddressMadeSchema(AddressAnswerSchema):
    """A secret address as it was made: where it is, told this once."""

    calendar = fields.String(metadata={"format": "uri"})
    atom = fields.String(metadata={"format": "uri"})
    json = fields.String(metadata={"format": "uri"})


class AddressesSchema(Schema):
    """Your secret addresses, the newest first; revoked ones too."""

    addresses = fields.List(fields.Nested(AddressAnswerSchema))


class AlertsQuestionSchema(Strict):
    """Asked at a point."""

    as_of = fields.String(metadata=AS_OF)
    recorded_at = fields.String(metadata=RECORDED_AT)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class HouseAlertSchema(Schema):
    """An alert of the daybook's own ladder; with `raised` false, lead times that had passed."""

    alert = fields.String()
    matter = fields.String()
    window = fields.String()
    title = fields.String(allow_none=True)
    step = fields.String()
    steps = fields.List(fields.String())
    due = fields.String()
    due_is = fields.String()
    days_left = fields.Integer()
    on = fields.String()
    former_due = fields.String(allow_none=True)
    given_by = fields.String(allow_none=True)
    passed = fields.List(fields.String())
    status = fields.String()
    former_status = fields.String()
    stated = fields.String()
    computed = fields.String()
    entry = fields.String()
    kind = fields.String()
    of = fields.List(fields.String())
    raised = fields.Boolean()
    message = fields.String()
    position = fields.Integer()
    recorded = fields.String(allow_none=True)


class WaySchema(Schema):
    """What became of an alert on one channel: `state` is that of its message, or `held` or `gone`; `at` when, or until when it is held."""

    item = fields.String()
    channel = fields.String()
    kind = fields.String()
    name = fields.String()
    state = fields.String()
    at = fields.String(allow_none=True)
    detail = fields.String(allow_none=True)


class OwnAlertSchema(HouseAlertSchema):
    """An alert of yours. `item` is what it is acknowledged or snoozed under; null where nothing of it is kept."""

    item = fields.String(allow_none=True)
    ways = fields.List(fields.Nested(WaySchema))


class AlertsSchema(Schema):
    """What was told by a day, and what a clock that always ran would have told; with a token of scope `alerts`, yours too."""

    as_of = fields.String()
    would_have_been = fields.List(fields.Nested(HouseAlertSchema))
    raised = fields.List(fields.Nested(HouseAlertSchema))
    mine = fields.List(fields.Nested(OwnAlertSchema))
