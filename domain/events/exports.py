"""Export rules: issued, tightened, corrected, suspended, relaxed, rescinded."""

from dataclasses import dataclass

from domain.events.base import Entry, event
from domain.values import Day, Licence, Prose, Slug, Text


@dataclass(frozen=True, kw_only=True)
class ExportRule(Entry):
    """What the kinds below share: a document that makes or changes a rule, with its several dates.

    `occurred` is the day it was released, `effective.from` its effective date; `compliance` and `comments_close` are
    dates of their own. `licences` says what it makes of selling a chip to China, from its effective date.
    """

    rule: Slug
    title: Text
    citation: Text | None = None
    document_number: Text | None = None
    rin: Text | None = None
    docket: Text | None = None
    published: Day | None = None
    compliance: Day | None = None
    comments_close: Day | None = None
    licences: list[Licence] | None = None
    names = frozenset(("rule",))


@event
class ExportRuleIssued(ExportRule):
    """A new export rule was issued."""


@event
class ExportRuleTightened(ExportRule):
    """Export limits were tightened, by a rule, by a letter to a company, or as a report has it."""


@event
class ExportRuleRelaxed(ExportRule):
    """Export limits were eased by a rule. A remark or an assurance is `ExportAssuranceReported` and changes no rule."""


@event
class ExportRuleCorrected(Entry):
    """A published correction changed a rule on record."""

    rule: Slug
    title: Text
    citation: Text | None = None
    document_number: Text | None = None
    docket: Text | None = None
    published: Day | None = None
    names = frozenset(("rule",))


@event
class ExportRuleSuspended(Entry):
    """A rule on record was suspended through the last day in `effective.until`."""

    rule: Slug
    title: Text
    document_number: Text | None = None
    names = frozenset(("rule",))


@event
class ExportRuleRescissionAnnounced(Entry):
    """The authority said that it will rescind a rule on record; the rule's text still stands."""

    rule: Slug
    by: Text
    names = frozenset(("rule",))


@event
class ExportRuleRescinded(Entry):
    """A rule on record was rescinded."""

    rule: Slug
    citation: Text | None = None
    names = frozenset(("rule",))


@event
class ExportGuidanceIssued(Entry):
    """The authority said how it reads its rules."""

    by: Text
    text: Prose


@event
class ExportAssuranceReported(Entry):
    """An official's remark or assurance about exports, as reported. It changes no rule."""

    by: Text
    text: Prose
    basis = "reported"


@event
class TariffImposed(Entry):
    """A duty was imposed."""

    text: Prose
    citation: Text | None = None


@event
class DevelopmentReported(Entry):
    """A report that belongs to the matter and changes none of its figures."""

    text: Prose
    basis = "reported"
