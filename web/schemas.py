"""Marshmallow schemas of the API's questions and answers; the OpenAPI document is made from them."""

from marshmallow import Schema, fields, validate

from domain.events import KINDS
from importers.schemas import Strict
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
