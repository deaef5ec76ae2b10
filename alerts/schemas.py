"""What people send to set alerts: policies, saved filters, channels, preferences. One form for the browser, the API and a file."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from alerts.model import AT_ONCE, CHANGES, RHYTHMS, About, Preferences, Route
from domain.errors import BadValue
from domain.instants import zone
from domain.ladder import LADDER, Step, read_ladder, split_ladder
from importers.entries import problems_in
from importers.schemas import Checked, PlainText, Strict, YesNo, kind_named

_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
MOST_ROUTES = 10


class LadderField(fields.List):
    """Lead times such as `["30d", "7d", "12h"]`, or one text such as `30d, 7d; 12h`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.String(), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Step, ...]:
        texts = split_ladder(value) if isinstance(value, str) else value
        texts = super()._deserialize(texts, attr, data, **kwargs)
        try:
            return read_ladder([text for text in texts if text.strip()])
        except BadValue as error:
            raise ValidationError(error.detail) from None


class AboutSchema(Strict):
    """What it is about: all that is left out asks for everything."""

    matter = PlainText(120, load_default=None, allow_none=True)
    window = PlainText(120, load_default=None, allow_none=True)
    kind = Checked(lambda text: kind_named(text).__name__, load_default=None, allow_none=True)
    words = PlainText(200, load_default=None, allow_none=True)


class RouteSchema(Strict):
    """One channel of a policy, its ladder and its rhythm."""

    channel = PlainText(60, required=True)
    ladder = LadderField(load_default=None, allow_none=True)
    rhythm = fields.String(load_default=AT_ONCE, validate=validate.OneOf(RHYTHMS, error="is one of: " + ", ".join(RHYTHMS) + "."))


class PolicySchema(Strict):
    """A policy: its name, what it is about, the ladder, the changes, and the channels."""

    name = PlainText(80, required=True)
    about = fields.Nested(AboutSchema, load_default=None, allow_none=True)
    filter = PlainText(60, load_default=None, allow_none=True)
    ladder = LadderField(load_default=LADDER)
    changes = fields.List(
        fields.String(validate=validate.OneOf(tuple(CHANGES), error="is one of: " + ", ".join(CHANGES) + ".")),
        load_default=lambda: list(CHANGES),
    )
    routes = fields.List(
        fields.Nested(RouteSchema), required=True,
        validate=validate.Length(1, MOST_ROUTES, error=f"Choose one to {MOST_ROUTES} channels."),
    )  # fmt: skip
    paused = YesNo(load_default=False)


class FilterSchema(Strict):
    """A saved filter."""

    name = PlainText(80, required=True)
    about = fields.Nested(AboutSchema, required=True)


class ChannelSchema(Strict):
    """A channel: an e-mail address or the URL of a webhook."""

    kind = fields.String(required=True)
    name = PlainText(80, load_default=None, allow_none=True)
    target = PlainText(2000, required=True)


def _clock(**kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(f"{_CLOCK}\\Z", error="is a time of day such as 22:00."), **kwargs)


class PreferencesSchema(Strict):
    """How somebody wants to be spoken to."""

    time_zone = Checked(lambda text: zone(text).key, load_default="UTC")
    quiet_from = _clock(load_default=None, allow_none=True)
    quiet_until = _clock(load_default=None, allow_none=True)
    digest_at = _clock(load_default="08:00")
    digest_day = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 6, error="is 0 (Monday) to 6 (Sunday)."))


def read(schema: type[Strict], raw: Any) -> dict[str, Any]:
    """What was sent, checked; raises `BadValue` naming the first field that is wrong."""
    if not isinstance(raw, Mapping):
        raise BadValue("Send a mapping of fields.")
    try:
        return schema().load(raw)
    except ValidationError as error:
        problem = next(iter(problems_in(error.messages)))
        raise BadValue(problem.detail, problem.field) from None


def about_of(values: Mapping[str, Any] | None) -> About:
    """What it is about; a window needs its matter. Raises `BadValue`."""
    about = About(**(values or {}))
    if about.window and not about.matter:
        raise BadValue("Say which matter the window is of.", "about.matter")
    return about


def routes_of(values: Mapping[str, Any]) -> tuple[Route, ...]:
    """The routes of a policy: a channel without a ladder has the policy's. Raises `BadValue` for a channel that comes twice."""
    found = tuple(
        Route(each["channel"], values["ladder"] if each["ladder"] is None else each["ladder"], each["rhythm"])
        for each in values["routes"]
    )
    for n, route in enumerate(found):
        if route.channel in (other.channel for other in found[:n]):
            raise BadValue("This channel is chosen twice.", f"routes.{n}.channel")
        if not route.ladder and not values["changes"]:
            raise BadValue("Choose a lead time or a change to be told of: this would never tell anything.", "ladder")
    return found


def preferences_of(raw: Any) -> Preferences:
    """Preferences as sent; raises `BadValue`. Quiet hours have a beginning and an end, or neither."""
    its = Preferences(**read(PreferencesSchema, raw))
    if (its.quiet_from is None) != (its.quiet_until is None):
        raise BadValue("Quiet hours have a beginning and an end.", "quiet_until" if its.quiet_from else "quiet_from")
    if its.quiet_from is not None and its.quiet_from == its.quiet_until:
        raise BadValue("Quiet hours that end when they begin would never end. Leave both empty for none.", "quiet_until")
    return its
