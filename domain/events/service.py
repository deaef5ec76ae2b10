"""The service itself, and who owns it."""

from typing import Literal

from domain.events.base import Entry, event
from domain.values import Day, Holding, Prose, Text

Where = Literal["service", "app stores"]


@event
class ServiceSuspended(Entry):
    """The service stopped for its users, or left the app stores."""

    where: list[Where]
    basis = "reported"


@event
class ServiceRestored(Entry):
    """The service came back for its users, or to the app stores."""

    where: list[Where]
    basis = "reported"


@event
class OwnershipConditionStated(Entry):
    """Somebody stated what the future ownership must look like. A remark is not a condition of an order."""

    by: Text
    text: Prose
    basis = "reported"


@event
class DealAgreed(Entry):
    """Binding agreements on the sale were signed."""

    parties: list[Text]
    holdings: list[Holding] | None = None
    closing_planned: Day | None = None
    basis = "reported"


@event
class DealClosed(Entry):
    """The sale closed: the new owner is established."""

    owner: Text
    text: Prose | None = None
    basis = "reported"
