"""The plain JSON values that events are made of.

Events hold plain values only (text, numbers, lists, dicts), so a stored event reads the same for ever.
The names below say what a plain value means; `importers.schemas` checks each of them at the door.
"""

from typing import Literal, NewType, NotRequired, TypedDict

Text = NewType("Text", str)
"""One line of plain text, at most 300 characters, no markup."""
Prose = NewType("Prose", str)
"""A few sentences of plain text, at most 4,000 characters, no markup."""
Slug = NewType("Slug", str)
"""Lower-case letters, digits and hyphens: `eo-14166`."""
When = NewType("When", str)
"""A date that may be uncertain (EDTF: `2025`, `2025-03~`, `../2025`) or an instant with its offset."""
Day = NewType("Day", str)
"""A certain ISO date: `2025-04-05`."""
Share = NewType("Share", str)
"""A decimal string from 0 to 1: `"0.6"`."""
Url = NewType("Url", str)
"""An http or https address."""
RuleName = NewType("RuleName", str)
"""The name of a rule set of the deadline calculus: `calendar`, `1-cfr-18.17`."""
Jurisdiction = NewType("Jurisdiction", str)
"""Whose holidays count: an ISO 3166 country or subdivision, `US`, `US-MA`, `DE`."""
TimeZone = NewType("TimeZone", str)
"""An IANA time zone: `America/New_York`."""
ScopePath = NewType("ScopePath", str)
"""The dotted path of a value in a view: `budgets.overseas-2025.money`."""

Qualifier = Literal["over", "about", "at least", "up to"]
DueIs = Literal["last day", "effect day"]
Unit = Literal["days", "business days", "weeks", "months", "years", "hours"]
Counting = Literal["after", "from"]
Claimed = Literal["official", "reported"]
LicenceStatus = Literal["allowed", "licence required", "case by case", "barred"]


class Money(TypedDict):
    """An amount as its source gives it: decimal string, ISO 4217 currency, and the hedge before it."""

    amount: str
    currency: str
    qualifier: NotRequired[Qualifier | None]


class Source(TypedDict):
    """Who says so. `url` is the publisher's own address, `archived_url` an archive's, `seen_at` a copy's."""

    publisher: NotRequired[Text | None]
    title: NotRequired[Text | None]
    citation: NotRequired[Text | None]
    url: NotRequired[Url | None]
    archived_url: NotRequired[Url | None]
    seen_at: NotRequired[Url | None]
    published: NotRequired[When | None]
    pinpoint: NotRequired[Text | None]
    quote: NotRequired[Prose | None]
    unread: NotRequired[bool]


Effective = TypedDict("Effective", {"from": NotRequired[When | None], "until": NotRequired[When | None]})
"""From when, and until which last day (inclusive), something has effect."""


class CountRule(TypedDict):
    """How a document counts to a due date: `length` of `unit` after (or `before`) `start`, under a named rule set.

    `counting` is `after` the start, or `from` it where its own day counts. `jurisdiction` and `zone` are the matter's unless
    given. `no_roll`: a closed last day stays. `inaccessible`: days on which the clerk's office was.
    """

    length: int
    unit: Unit
    start: When
    rule: RuleName
    before: NotRequired[bool]
    counting: NotRequired[Counting]
    jurisdiction: NotRequired[Jurisdiction]
    zone: NotRequired[TimeZone]
    no_roll: NotRequired[bool]
    inaccessible: NotRequired[list[Day]]


class Licence(TypedDict):
    """What a US rule makes of selling one chip to China."""

    chip: Slug
    status: LicenceStatus


class Holding(TypedDict):
    """A holder's share in a company."""

    holder: Text
    share: Share
