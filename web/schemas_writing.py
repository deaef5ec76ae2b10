"""Marshmallow schemas of what is posted to be recorded and of what is answered; each kind of entry has its own."""

from collections.abc import Iterator
from copy import copy
from typing import Any

from apispec import APISpec
from marshmallow import Schema, fields, validate

from domain.events import KINDS, Amendment, Entry
from importers.matter_file import HeaderSchema
from importers.schemas import Strict, schema_of
from service.writing import MOST
from web.schemas import AS_OF, KNOWN_ON, ChangeSchema, PointSchema, StandingSchema


class ReceiptSchema(Schema):
    """What became of a posted entry; of a dry run nothing is stored, and `position` and `recorded` of what is new are null."""

    id = fields.String()
    matter = fields.String()
    key = fields.String()
    kind = fields.String()
    position = fields.Integer(allow_none=True)
    recorded = fields.String(allow_none=True)
    known = fields.String()
    actor = fields.String()
    retracted = fields.Boolean(metadata={"description": "True where it was taken back."})
    stored = fields.Boolean(metadata={"description": "False where the same entry was on record before."})


class WarningSchema(Schema):
    """Something to look at before saving; it does not hinder."""

    entry = fields.Integer(metadata={"description": "The number of the entry in what was posted, from 0."})
    pointer = fields.String()
    kind = fields.String()
    detail = fields.String()
    event = fields.String(allow_none=True)


class TriedChangeSchema(ChangeSchema):
    """One change that an entry would make, on the day on which the view would read so."""

    as_of = fields.String()


class DryRunSchema(Schema):
    """What a dry run adds: the changes of each view in the sentences of a diff, and warnings."""

    dry_run = fields.Boolean()
    changes = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(TriedChangeSchema)))
    warnings = fields.List(fields.Nested(WarningSchema))


class RecordedSchema(ReceiptSchema, DryRunSchema):
    """One entry recorded, with the version of its matter since."""

    version = fields.Integer()


class BatchRecordedSchema(DryRunSchema):
    """A batch recorded, in the order posted, with the versions of its matters since."""

    entries = fields.List(fields.Nested(ReceiptSchema))
    versions = fields.Dict(keys=fields.String(), values=fields.Integer())


class WritingSchema(Strict):
    """How to write."""

    dry_run = fields.Boolean(
        load_default=False, truthy={"true"}, falsy={"false"}, metadata={"description": "Tell what would change; store nothing."}
    )


class ConditionsSchema(Strict):
    """Conditions of a write."""

    key = fields.String(
        data_key="Idempotency-Key",
        metadata={"description": "The same key and body again: done once, answered alike. Another body: 422."},
    )
    version = fields.String(
        data_key="If-Match",
        metadata={
            "description": 'The version of the matter that was read, as `"57"`, or `*`. A correction or retraction needs it.'
        },
    )


class WhatIfSchema(Strict):
    """A view, a point, and the entries to suppose."""

    view = fields.String(required=True)
    as_of = fields.String(metadata=AS_OF)
    known_on = fields.String(metadata=KNOWN_ON)
    matter = fields.String(metadata={"description": "Only this matter; also of entries that name none."})
    events = fields.List(
        fields.Dict(),
        required=True,
        validate=validate.Length(1, MOST, error=f"has at least one entry, and at most {MOST:,}."),
        metadata={"description": "Entries as posted."},
    )


class SupposedSchema(Schema):
    """The view as it would be, and what would differ from the view without the entries."""

    view = fields.String()
    point = fields.Nested(PointSchema)
    state = fields.Dict()
    state_of = fields.Dict(keys=fields.String(), values=fields.Nested(StandingSchema))
    events = fields.Dict()
    changes = fields.List(fields.Nested(ChangeSchema))
    supposed = fields.List(fields.String(), metadata={"description": "The ids of the entries supposed."})


class ShareSchema(Strict):
    """Who sees a matter."""

    group = fields.String(required=True, allow_none=True, metadata={"description": "One of your groups; null for everyone."})


class OpenedSchema(Schema):
    """A matter opened or shared."""

    slug = fields.String()
    group = fields.String(allow_none=True)
    version = fields.Integer()


MATTER = type(HeaderSchema())
AMENDMENTS = {name: kind for name, kind in KINDS.items() if issubclass(kind, Amendment)}


def kinds_posted() -> Iterator[tuple[str, type[Entry]]]:
    """The kinds that are posted as events; amendments are posted to the entry that they are about."""
    return ((name, kind) for name, kind in KINDS.items() if name not in AMENDMENTS)


def describe(spec: APISpec) -> None:
    """Add a schema for each kind to the OpenAPI document, and the two unions that `kind` discriminates."""
    for kind in KINDS.values():
        spec.components.schema(kind.__name__, schema=_optional(kind) if kind in AMENDMENTS.values() else schema_of(kind))
    _union(spec, "Event", [name for name, _ in kinds_posted()])
    _union(spec, "Amendment", list(AMENDMENTS))
    _union(spec, "Entry", list(KINDS))
    batch: dict[str, Any] = {
        "events": {"type": "array", "items": _ref("Entry"), "minItems": 1, "maxItems": MOST},
        "versions": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
    }
    spec.components.schema("Batch", {"type": "object", "properties": batch, "required": ["events"], "additionalProperties": False})


def _optional(kind: type[Entry]) -> Schema:
    """An amendment as posted to an entry: `of` and `key` may be left out, and its matter is that of the entry."""
    of_kind = schema_of(kind)
    members = {name: field for name, field in of_kind.fields.items() if name not in ("of", "key", "matter")}
    optional = {name: type(of_kind).__dict__["_declared_fields"][name] for name in ("of", "key")}
    loose = {name: _loosened(field) for name, field in optional.items()}
    return Strict.from_dict(members | loose, name=kind.__name__)()


def _loosened(field: fields.Field) -> fields.Field:
    loose = copy(field)
    loose.required = False
    return loose


def _union(spec: APISpec, name: str, kinds: list[str]) -> None:
    mapping = {kind: f"#/components/schemas/{kind}" for kind in kinds}
    union = {"oneOf": [_ref(kind) for kind in kinds], "discriminator": {"propertyName": "kind", "mapping": mapping}}
    spec.components.schema(f"Posted{name}", union)


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name if name not in ('Entry', 'Event', 'Amendment') else 'Posted' + name}"}
