"""The words of alerting, as plain values: who wants to be told what, by which channel, and what is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from domain.ladder import LADDER, Step

Change = Literal["moved", "closed", "conflict", "amended", "new"]
CHANGES: dict[str, str] = {
    "moved": "a due date moved",
    "closed": "a window was superseded, met, withdrawn or suspended, or runs again",
    "conflict": "a stated and a counted date disagree",
    "amended": "an entry was corrected, denied, confirmed or retracted",
    "new": "a new entry",
}
"""What else than a lead time a policy can tell of, and how it is said."""
EMAIL, WEBHOOK, APPRISE, PAGE = "email", "webhook", "apprise", "page"
KINDS = (EMAIL, WEBHOOK, APPRISE, PAGE)
"""The kinds of channels. Every person has the page; apprise belongs to the house."""
OWN = {EMAIL: "alerts", WEBHOOK: "webhooks"}
"""The kinds that people make, and the right that each needs; apprise is the operator's, the page is everybody's."""
AT_ONCE, DAILY, WEEKLY = "at once", "daily", "weekly"
RHYTHMS = (AT_ONCE, DAILY, WEEKLY)


@dataclass(frozen=True)
class About:
    """What a policy, a saved filter or a feed is about: every None asks for all. `words` must all be found in an entry or a window."""

    matter: str | None = None
    window: str | None = None
    kind: str | None = None
    words: str | None = None


@dataclass(frozen=True)
class SavedFilter:
    """An `About` under a name of its owner."""

    id: str
    account: str
    name: str
    about: About


@dataclass(frozen=True)
class Route:
    """One way of a policy to its owner: a channel, the ladder on it, and how often it is spoken to."""

    channel: str
    ladder: tuple[Step, ...] = LADDER
    rhythm: str = AT_ONCE


@dataclass(frozen=True)
class Policy:
    """Who is told of what. `account` None is the house. `filter` names a saved filter instead of `about`.

    `since` is the instant from which it counts: what was reached before it is history. `kept` has earlier instants, of what it asked for already
    before it was changed: by channel and step or change.
    """

    id: str
    account: str | None
    name: str
    about: About
    filter: str | None
    routes: tuple[Route, ...]
    changes: tuple[Change, ...]
    since: int
    paused: bool = False
    kept: Mapping[str, int] = field(default_factory=dict)

    def counts_from(self, channel: str, what: str) -> int:
        """The instant from which a step (`30d`) or a change counts on a channel."""
        return self.kept.get(f"{channel} {what}", self.since)

    def asks(self) -> set[tuple[str, str]]:
        """All that it asks for: (channel, step or change)."""
        return {(route.channel, what) for route in self.routes for what in (*(s.text for s in route.ladder), *self.changes)}


def page_of(account: str | None) -> str:
    """The id of an account's page as a channel: no other channel's begins so."""
    return f"p-{account}"


@dataclass(frozen=True)
class Channel:
    """A way to reach somebody: `target` is an address or URL; `secrets` are a webhook's signing secrets, the newest first.

    `confirmed` is when its owner proved that it is his; without it nothing but the proof is sent. `off` says why nothing is sent to it any more.
    `leave` is the secret of its one-click way out.
    """

    id: str
    account: str | None
    kind: str
    name: str
    target: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    confirmed: int | None = None
    off: str | None = None
    leave: str = field(default="", repr=False)


@dataclass(frozen=True)
class Preferences:
    """How a person wants to be spoken to: times are `HH:MM` in the zone; `digest_day` counts from Monday, 0 to 6."""

    time_zone: str = "UTC"
    quiet_from: str | None = None
    quiet_until: str | None = None
    digest_at: str = "08:00"
    digest_day: int = 0


@dataclass(frozen=True)
class Item:
    """One thing to tell one person by one channel: a row of the outbox, whose `id` is the same whoever makes it.

    `what` is a step of the ladder (`step`), steps that nobody could tell in time (`passed`), or one of `CHANGES`. `facts` are those of the
    alert's event: `on` (day), `position` (of the log, when it was raised), and by `what`: step {step, due, due_is, given_by, days_left, passed: [steps]};
    passed {steps, due, due_is, given_by}; moved {former_due, due, due_is, given_by, passed}; closed {status, former}; conflict {stated,
    computed, due}; amended and new {entry (its key), kind, of: [keys]}. `made` is when it was raised, `ready` from when it may be sent.
    """

    id: str
    account: str | None
    channel: str
    matter: str
    window: str | None
    what: str
    facts: dict[str, Any]
    made: int
    ready: int


@dataclass(frozen=True)
class Message:
    """What one channel is sent, once: `id` is the same at each try, so that a receiver can drop doubles.

    `data` is the same as JSON, for webhooks; `leave_url` the one-click way out, for e-mail; `made` an instant.
    """

    id: str
    subject: str
    text: str
    html: str
    data: dict[str, Any]
    made: int
    leave_url: str | None = None


class DeliveryFailed(Exception):
    """A message did not arrive. `detail` says why in the owner's words; `gone`: it never will, do not try again."""

    def __init__(self, detail: str, gone: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.gone = gone
