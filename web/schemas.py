"""Marshmallow schemas of the API's questions and answers; the OpenAPI document is made from them."""

from typing import get_args

from marshmallow import Schema, fields, validate

from domain.deadlines import COUNTING, LONGEST, RULES, UNIT_NAMES
from domain.events import KINDS
from domain.values import DueIs
from importers.schemas import Strict, YesNo
from projections.views import VIEWS
from projections.windows import STATUSES

AS_OF = {
    "minLength": 1,
    "description": "In force on this day (2025-03-21, that whole day in the matter's zone) or instant; default today.",
}
KNOWN_ON = {
    "minLength": 1,
    "description": "As the public knew it on this day; `now` for hindsight; default: follows `as_of`. Never in the future.",
}
RECORDED_AT = {
    "minLength": 1,
    "description": "As this daybook had it at an instant, or at a position of its log; default: all of it.",
}
MATTER = {"pattern": "^[a-z0-9-]+$", "examples": ["tiktok-divestiture"], "description": "Only this matter."}


class QuestionSchema(Strict):
    """A point on the three clocks."""

    as_of = fields.String(metadata=AS_OF)
    known_on = fields.String(metadata=KNOWN_ON)
    recorded_at = fields.String(metadata=RECORDED_AT)


class ViewQuestionSchema(QuestionSchema):
    """A view's point."""

    matter = fields.String(validate=validate.Length(min=1), metadata=MATTER)


class WhyQuestionSchema(ViewQuestionSchema):
    """One value of a view at a point."""

    field = fields.String(
        required=True,
        metadata={
            "minLength": 1,
            "examples": ["window.due"],
            "description": "The dotted path of a value in `state`: `window.due`.",
        },
    )


class DiffQuestionSchema(Strict):
    """Two points of a view."""

    from_ = fields.String(
        required=True,
        data_key="from",
        metadata={"minLength": 1, "examples": ["2025-04-03"], "description": "The first day or instant."},
    )
    to = fields.String(
        required=True, metadata={"minLength": 1, "examples": ["2025-04-04"], "description": "The second day or instant."}
    )
    from_known_on = fields.String(metadata=KNOWN_ON)
    to_known_on = fields.String(metadata=KNOWN_ON)
    matter = fields.String(validate=validate.Length(min=1), metadata=MATTER)


class DeadlinesQuestionSchema(ViewQuestionSchema):
    """Which windows."""

    within = fields.Integer(
        validate=validate.Range(min=0, max=36525), metadata={"description": "Due within so many days of the day asked about."}
    )
    status = fields.String(
        metadata={"enum": [*STATUSES, "all"], "description": "Windows of this status, or `all`, instead of the running ones."}
    )


class EventsQuestionSchema(Strict):
    """Which entries; pages follow `Link: rel="next"`."""

    matter = fields.String(validate=validate.Length(min=1), metadata=MATTER)
    kind = fields.String(metadata={"enum": sorted(KINDS), "description": "Only this kind: `ExecutiveOrderSigned`."})
    q = fields.String(validate=validate.Length(max=200), metadata={"description": "Words that must all occur."})
    from_ = fields.String(data_key="from", metadata={"format": "date", "description": "Happened on or after this day."})
    to = fields.String(metadata={"format": "date", "description": "Happened on or before this day."})
    after = fields.Integer(
        load_default=0, validate=validate.Range(min=0, max=2**53), metadata={"description": "Go on after this position."}
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=500))


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


class PointSchema(Schema):
    """Where an answer was taken, and how many entries known or recorded later it withheld."""

    as_of = fields.String()
    known_on = fields.String()
    hindsight = fields.Boolean()
    recorded_at = fields.Raw(allow_none=True)
    position = fields.Integer()
    time_zone = fields.String(allow_none=True)
    time_zones = fields.List(fields.String())
    withheld = fields.Integer()
    records_start = fields.String(allow_none=True)
    future = fields.Boolean()


class SourceSchema(Schema):
    """Who says so."""

    publisher = fields.String(allow_none=True)
    title = fields.String(allow_none=True)
    citation = fields.String(allow_none=True)
    url = fields.String(allow_none=True)
    archived_url = fields.String(allow_none=True)
    seen_at = fields.String(allow_none=True)
    published = fields.String(allow_none=True)
    pinpoint = fields.String(allow_none=True)
    quote = fields.String(allow_none=True)
    unread = fields.Boolean()
    published_later = fields.Boolean(metadata={"description": "It was published after the point; the act itself was known."})


class BriefSchema(Schema):
    """An entry in a list."""

    id = fields.String()
    matter = fields.String()
    key = fields.String()
    kind = fields.String()
    headline = fields.String()
    cause = fields.String(allow_none=True)
    summary = fields.String(allow_none=True)
    occurred = fields.String()
    wording = fields.String(allow_none=True)
    uncertain = fields.Boolean()
    effective = fields.Dict(allow_none=True)
    known = fields.String()
    since = fields.String(metadata={"description": "The day from which it has both happened and is known."})
    known_days_later = fields.Integer(allow_none=True)
    standing = fields.String()
    own_slip = fields.Boolean(metadata={"description": "A slip of our record, or what mends one: no news about the matter."})
    amended_by = fields.List(fields.String())
    sources = fields.List(fields.Nested(SourceSchema))
    later_sources = fields.Integer()
    remarks = fields.String(allow_none=True)
    position = fields.Integer()


class AmendmentSchema(Schema):
    """What a later entry says of this one."""

    id = fields.String()
    kind = fields.String()
    by = fields.String(allow_none=True)
    statement = fields.String(allow_none=True)
    scope = fields.List(fields.String(), allow_none=True)
    known = fields.String(allow_none=True)


class EventSchema(BriefSchema):
    """An entry, whole: as posted, and what became of it."""

    announced = fields.String(allow_none=True)
    announced_basis = fields.String(allow_none=True)
    claimed = fields.String(allow_none=True)
    details = fields.Dict()
    of = fields.List(fields.String())
    by = fields.String()
    scope = fields.List(fields.String(), allow_none=True)
    statement = fields.String(allow_none=True)
    changes = fields.Dict()
    reason = fields.String(allow_none=True)
    slip = fields.String()
    recorded = fields.String(allow_none=True)
    actor = fields.String()
    time_zone = fields.String()
    amendments = fields.List(fields.Nested(AmendmentSchema))
    original = fields.Dict()


class DeadlineSchema(Schema):
    """A window with its due date at the point."""

    id = fields.String()
    matter = fields.String()
    window = fields.String()
    title = fields.String(allow_none=True)
    purpose = fields.String(allow_none=True)
    opened_by = fields.String(allow_none=True)
    opens = fields.String(allow_none=True)
    due = fields.String(allow_none=True)
    due_is = fields.String(allow_none=True)
    days_left = fields.Integer(allow_none=True)
    working_days_left = fields.Integer(allow_none=True)
    status = fields.String()
    legal_basis = fields.String(allow_none=True)
    extensions = fields.Integer()
    stated = fields.String(allow_none=True)
    computed = fields.String(allow_none=True)
    conflict = fields.Boolean()
    owner = fields.String(allow_none=True)
    evidence = fields.String(allow_none=True)
    superseded_by = fields.String(allow_none=True)
    closed_by = fields.String(allow_none=True)
    time_zone = fields.String()
    events = fields.List(fields.String())


class MoveSchema(Schema):
    """One step in the life of a window."""

    what = fields.String(
        metadata={
            "description": "opened, extended, shortened, restated, suspended, resumed, superseded, met, withdrawn, lapsed, or recounted: "
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


class SiblingSchema(Schema):
    """Another window that the same document opened."""

    window = fields.String()
    title = fields.String(allow_none=True)
    status = fields.String()
    due = fields.String(allow_none=True)


class WindowSchema(Schema):
    """A window with its history."""

    point = fields.Nested(PointSchema)
    window = fields.Nested(DeadlineSchema)
    state_of = fields.Dict(keys=fields.String(), values=fields.Dict())
    steps = fields.List(fields.String(), metadata={"description": "How its date is counted, where a rule is given."})
    ends = fields.String(allow_none=True, metadata={"description": "The first instant at which it is over."})
    history = fields.List(fields.Nested(MoveSchema))
    siblings = fields.List(fields.Nested(SiblingSchema))


class MatterSchema(Schema):
    """A matter with its last entry and its next deadline."""

    slug = fields.String()
    title = fields.String()
    summary = fields.String()
    time_zone = fields.String()
    jurisdiction = fields.String()
    group = fields.String(allow_none=True, metadata={"description": "The group that alone sees it; null for everybody."})
    version = fields.Integer(metadata={"description": "Which version this is; the ETag of the matter begins with it."})
    events = fields.Integer()
    last_event = fields.Nested(BriefSchema, allow_none=True)
    next_deadline = fields.Nested(DeadlineSchema, allow_none=True)


class MattersSchema(Schema):
    """Every matter."""

    matters = fields.List(fields.Nested(MatterSchema))


class EventsSchema(Schema):
    """A page of entries; `next` is the `after` of the next page."""

    events = fields.List(fields.Nested(EventSchema))
    next = fields.Integer(allow_none=True)


class StandingSchema(Schema):
    """How a value stands and on which events it rests."""

    standing = fields.String(allow_none=True)
    events = fields.List(fields.String())


class ViewSchema(Schema):
    """A view at a point. `state_of` has the standing and the events of each value under its dotted path."""

    view = fields.String(validate=validate.OneOf(list(VIEWS)))
    point = fields.Nested(PointSchema)
    state = fields.Dict()
    state_of = fields.Dict(keys=fields.String(), values=fields.Nested(StandingSchema))
    events = fields.Dict(keys=fields.String(), values=fields.Nested(BriefSchema))


class ChangeSchema(Schema):
    """One change, as data and in a sentence."""

    field = fields.String()
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)
    on = fields.String(allow_none=True, metadata={"description": "The day on which the first of its events came to count."})
    events = fields.List(fields.String())
    sentence = fields.String()


class DiffSchema(Schema):
    """What differs between two points of a view."""

    view = fields.String()
    from_ = fields.Nested(PointSchema, data_key="from", attribute="from")
    to = fields.Nested(PointSchema)
    changes = fields.List(fields.Nested(ChangeSchema))


class ClaimSchema(Schema):
    """One claim about a field."""

    value = fields.Raw(allow_none=True)
    field = fields.String()
    event = fields.String()
    known = fields.String()
    from_ = fields.String(data_key="from", attribute="from")
    until = fields.String(allow_none=True)
    uncertain = fields.Boolean()
    sources = fields.List(fields.Nested(SourceSchema))
    later_sources = fields.Integer()
    standing = fields.String()
    said_of_it = fields.List(fields.Dict())
    corrected_by = fields.String(allow_none=True)
    actor = fields.String()
    recorded = fields.String(allow_none=True)
    current = fields.Boolean()


class RuleSchema(Schema):
    """How a date was counted."""

    steps = fields.List(fields.String())


class WhySchema(Schema):
    """The provenance of one value."""

    view = fields.String()
    point = fields.Nested(PointSchema)
    field = fields.String()
    value = fields.Raw(allow_none=True)
    standing = fields.String(allow_none=True)
    claims = fields.List(fields.Nested(ClaimSchema))
    rule = fields.Nested(RuleSchema, allow_none=True)


class DeadlinesSchema(Schema):
    """Windows by due date."""

    point = fields.Nested(PointSchema)
    deadlines = fields.List(fields.Nested(DeadlineSchema))
    state_of = fields.Dict(keys=fields.String(), values=fields.Nested(StandingSchema))


class SkippedSchema(Schema):
    """A closed day that the count passed over."""

    day = fields.String()
    why = fields.String()
    authority = fields.String(allow_none=True)


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


class ProblemItemSchema(Schema):
    """What was wrong where."""

    pointer = fields.String()
    parameter = fields.String()
    detail = fields.String()


class ProblemSchema(Schema):
    """RFC 9457."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    errors = fields.List(fields.Nested(ProblemItemSchema))
    request_id = fields.String()
