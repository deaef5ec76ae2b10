"""Marshmallow schemas of what is posted to alerting by API, as `alerts.schemas` reads it, with what the OpenAPI document tells of it."""

from typing import Any

from apispec import APISpec
from marshmallow import Schema, fields, validate

from alerts.model import OWN
from alerts.schemas import (
    MOST_ROUTES,
    AboutSchema,
    ChannelSchema,
    FilterSchema,
    LadderField,
    PolicySchema,
    PreferencesSchema,
    RouteSchema,
)
from domain.events import KINDS as KINDS_OF_ENTRIES
from importers.schemas import Strict

_LADDER = {
    "type": ["array", "string"],
    "items": {"type": "string"},
    "examples": [["30d", "7d", "12h"]],
    "description": "Lead times, days or hours before the end; `0d` is the day itself. Also one text such as `30d, 7d; 12h`.",
}


class AboutAskedSchema(AboutSchema):
    """What it is about: all that is left out asks for everything."""

    kind = fields.String(allow_none=True, validate=validate.OneOf(sorted(KINDS_OF_ENTRIES)))


class RouteAskedSchema(RouteSchema):
    """One channel of a policy; `ladder` null has the policy's."""

    ladder = LadderField(allow_none=True, metadata=_LADDER)


class PolicyAskedSchema(PolicySchema):
    """A policy: what it is about, or a saved filter; the ladder; the changes; the channels."""

    about = fields.Nested(AboutAskedSchema, allow_none=True)
    ladder = LadderField(metadata=_LADDER)
    routes = fields.List(fields.Nested(RouteAskedSchema), required=True, validate=validate.Length(1, MOST_ROUTES))


class FilterAskedSchema(FilterSchema):
    """A saved filter."""

    about = fields.Nested(AboutAskedSchema, required=True)


class ChannelAskedSchema(ChannelSchema):
    """A channel: an e-mail address, or the URL of a webhook."""

    kind = fields.String(required=True, validate=validate.OneOf(list(OWN)))


_CLOCK = {"pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["22:00"]}


class PreferencesAskedSchema(PreferencesSchema):
    """How you want to be spoken to: times of day are in your zone; quiet hours have a beginning and an end."""

    time_zone = fields.String(metadata={"examples": ["Europe/Berlin"], "description": "An IANA name; UTC unless given."})
    quiet_from = fields.String(allow_none=True, metadata=_CLOCK)
    quiet_until = fields.String(allow_none=True, metadata=_CLOCK)
    digest_at = fields.String(metadata=_CLOCK | {"description": "08:00 unless given."})
    digest_day = fields.Integer(validate=validate.Range(0, 6), metadata={"description": "0 (Monday) to 6 (Sunday)."})


class AddressAskedSchema(Strict):
    """A secret address of a calendar and feeds: its name, and what it is about or a saved filter."""

    name = fields.String(required=True, metadata={"examples": ["My phone"]})
    about = fields.Nested(AboutAskedSchema, allow_none=True)
    filter = fields.String(allow_none=True)


class SnoozeAskedSchema(Strict):
    """Until when nothing is said."""

    until = fields.String(
        required=True, metadata={"examples": ["2026-12-01"], "description": "An instant; or a day, at whose start it ends."}
    )


POSTED: dict[str, type[Schema]] = {
    "PostedAlertPolicy": PolicyAskedSchema,
    "PostedAlertFilter": FilterAskedSchema,
    "PostedAlertChannel": ChannelAskedSchema,
    "PostedAlertPreferences": PreferencesAskedSchema,
    "PostedFeedAddress": AddressAskedSchema,
    "PostedSnooze": SnoozeAskedSchema,
}
"""The bodies, by their names in the document."""


def describe(spec: APISpec) -> None:
    """Add what is posted to the OpenAPI document; the routes hand it on as it is."""
    for name, schema in POSTED.items():
        spec.components.schema(name, schema=schema)


def body(name: str) -> dict[str, Any]:
    """The request body's place in the document."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {"requestBody": {"required": True, "content": content}}
