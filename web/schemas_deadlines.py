"""Schemas of counting to a due date, and of one window with its history."""

from typing import get_args

from marshmallow import Schema, fields, validate

from domain.deadlines import COUNTING, LONGEST, RULES, UNIT_NAMES
from domain.values import DueIs
from importers.schemas import Strict, YesNo
from web.schemas import DeadlineSchema, PointSchema


class CountSchema(Strict):
    """What to count: a length in a unit, after (or before) a trigger, under a rule set."""

    start = fields.String(
        required=True,
        metadata={
            "description": "The trigger: a day (`2025-01-20`), an uncertain date (`2025-03`), or for hours an instant with its offset, "
            "or a local time beside `zone`.",
            "examples": ["2025-01-20"],
        },
    )
    length = fields.Integer(required=True, strict=True, metadata={"minimum": 1, "maximum": max(LONGEST.values())})
    unit = fields.String(load_default="days", metadata={"enum": sorted(UNIT_NAMES)})
    rule = fields.String(load_default="calendar", metadata={"enum": list(RULES)})
    before = YesNo(load_default=False, metadata={"description": "Count back."})
    counting = fields.String(
        load_default="after",
        metadata={
            "enum": list(COUNTING),
            "description": "From the day after the trigger, or `from` the trigger, whose day is then day 1.",
        },
    )
    jurisdiction = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "Whose holidays count: `US`, `US-MA`, `DE`.", "examples": ["US-MA"]},
    )
    zone = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "The time zone: `Europe/Berlin`.", "examples": ["Europe/Berlin"]},
    )
    no_roll = YesNo(load_default=False, metadata={"description": "A closed last day stays where it is."})
    inaccessible = fields.List(
        fields.String(),
        load_default=list,
        validate=validate.Length(max=60),
        metadata={"description": "Days on which the clerk’s office was inaccessible (rule frcp-6a)."},
    )
    due_is = fields.String(load_default="last day", metadata={"enum": list(get_args(DueIs))})
    known_on = fields.String(
        load_default=None, allow_none=True, metadata={"description": "With the closings known by this day; today unless given."}
    )


class SkippedSchema(Schema):
    """A closed day that the count passed over."""

    day = fields.String()
    why = fields.String()
    authority = fields.String(allow_none=True)
    weekend = fields.Boolean()


class CountedSchema(Schema):
    """A due date and its steps."""

    due = fields.String(
        metadata={"description": "A day; an instant for hours; a span (`2025-04-05/2025-05-05`) from an uncertain trigger."}
    )
    rule = fields.String()
    authority = fields.String()
    steps = fields.List(fields.String())
    earliest = fields.String(allow_none=True)
    latest = fields.String(allow_none=True)
    nominal = fields.String(metadata={"description": "Where it would lie had nothing moved it."})
    skipped = fields.List(fields.Nested(SkippedSchema))
    cautions = fields.List(fields.String(), metadata={"description": "What the authority leaves open; also among the steps."})
    due_is = fields.String()
    ends = fields.String(
        allow_none=True, metadata={"description": "The first instant at which the period is over; null where no zone is given."}
    )
    zone = fields.String(allow_none=True)
    known_on = fields.String()
    days_left = fields.Integer(
        allow_none=True,
        metadata={"description": "From today in the zone, or UTC, to the earliest due day; null once it has passed."},
    )
    working_days_left = fields.Integer(allow_none=True)


class MoveSchema(Schema):
    """One step in the life of a window."""

    what = fields.String(
        metadata={
            "description": "opened, dated (its first date given), extended, shortened, restated, suspended, resumed, superseded, met, withdrawn, lapsed, or recounted: "
            "a closing became known and moved a counted date."
        }
    )
    on = fields.String(metadata={"description": "The day on which it took effect."})
    known = fields.String(allow_none=True)
    event = fields.String(allow_none=True, metadata={"description": "The entry that did it; null for what follows from the days."})
    headline = fields.String(allow_none=True)
    occurred = fields.String(allow_none=True)
    standing = fields.String(allow_none=True)
    by = fields.String(allow_none=True, metadata={"description": "The document that did it."})
    before = fields.String(allow_none=True, metadata={"description": "The due date that it found."})
    due = fields.String(allow_none=True, metadata={"description": "The due date that it left."})
    stated = fields.Boolean(metadata={"description": "A document states this due date; else it is counted."})
    until = fields.String(allow_none=True, metadata={"description": "The last day of a suspension."})
    note = fields.String(allow_none=True)
    steps = fields.List(fields.String())


class WindowBesideSchema(Schema):
    """Another window."""

    window = fields.String()
    title = fields.String(allow_none=True)
    status = fields.String()
    due = fields.String(allow_none=True)


class WindowSchema(Schema):
    """A window with its history."""

    point = fields.Nested(PointSchema)
    window = fields.Nested(DeadlineSchema)
    state_of = fields.Dict(keys=fields.String(), values=fields.Dict())
    rule = fields.Dict(
        keys=fields.String(),
        allow_none=True,
        metadata={"description": "The rule that its date is counted by, as `POST /count` takes it; null where none is given."},
    )
    steps = fields.List(fields.String(), metadata={"description": "How its date is counted, where a rule is given."})
    ends = fields.String(allow_none=True, metadata={"description": "The first instant at which it is over."})
    history = fields.List(fields.Nested(MoveSchema))
    ahead = fields.List(fields.Nested(MoveSchema), metadata={"description": "What is announced for a later day."})
    siblings = fields.List(fields.Nested(WindowBesideSchema), metadata={"description": "The others that the same document opened."})
    successor = fields.Nested(WindowBesideSchema, allow_none=True, metadata={"description": "The window that superseded it."})
