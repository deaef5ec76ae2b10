"""Laws, orders and courts."""

from domain.events.base import Entry, event
from domain.values import Day, Prose, Slug, Text


@event
class BillPassed(Entry):
    """A chamber passed a bill."""

    bill: Text
    chamber: Text
    ayes: int | None = None
    noes: int | None = None


@event
class LawEnacted(Entry):
    """A bill was signed into law; `law` names it in the views."""

    law: Slug
    title: Text
    citation: Text | None = None
    names = frozenset(("law",))


@event
class LawTookEffect(Entry):
    """The prohibitions of a law began to apply."""

    law: Slug
    citation: Text | None = None
    names = frozenset(("law",))


@event
class SaleDemanded(Entry):
    """A sale was demanded, on pain of a ban."""

    by: Text
    text: Prose


@event
class ExecutiveOrderSigned(Entry):
    """The President signed an executive order. `occurred` is the signing day, never the day of publication."""

    number: int
    title: Text
    citation: Text | None = None
    document_number: Text | None = None
    published: Day | None = None


@event
class DivestitureOrdered(Entry):
    """The President ordered a company to divest, by an order that is not a numbered executive order."""

    order: Slug
    title: Text
    citation: Text | None = None
    names = frozenset(("order",))


@event
class OrderRevoked(Entry):
    """An executive order was revoked by a later one. Both are given as `EO 13942`."""

    order: Text
    revoked_by: Text
    citation: Text | None = None
    names = frozenset(("order",))


@event
class LawsuitFiled(Entry):
    """A case was brought before a court."""

    case: Text
    court: Text
    docket: Text | None = None
    by: Text | None = None


@event
class CourtRuled(Entry):
    """A court decided, or decided to hear, a case."""

    case: Text
    court: Text
    ruling: Prose
    docket: Text | None = None
    citation: Text | None = None


@event
class DocumentDisclosed(Entry):
    """A document that had been private was made public."""

    title: Text
    by: Text | None = None
    text: Prose | None = None
