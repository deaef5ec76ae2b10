"""The ways by which messages leave: e-mail, webhooks, and the services that operators set. One delivery never harms another."""

import threading
import traceback
from collections.abc import Callable
from typing import Any

import structlog

from alerts.channels import email, operators, webhook
from alerts.channels.deadline import Deadline, TooLong, within
from alerts.channels.settings import Sending
from alerts.model import APPRISE, EMAIL, PAGE, WEBHOOK, Channel, DeliveryFailed, Message
from domain.errors import BadValue

logger = structlog.get_logger("daybook.channels")
_KINDS = {EMAIL: email, WEBHOOK: webhook, APPRISE: operators}


def shown(kind: str, target: str) -> str:
    """A channel's target without its secrets, for pages and logs."""
    if kind in (WEBHOOK, APPRISE):
        return _KINDS[kind].shown(target) or "a webhook"
    return target


class Senders:
    """Sends messages by every kind of channel."""

    def __init__(self, sending: Sending) -> None:
        self.sending = sending
        self._hanging: dict[tuple[str, str], threading.Thread] = {}

    def check(self, kind: str, target: str) -> str:
        """The tidied target of a new channel; raises `BadValue` with the field `target`. A webhook's host is looked up."""
        if kind == PAGE:
            return ""
        if kind not in _KINDS:
            raise BadValue(f"A channel is {', '.join(_KINDS)}; “{kind[:40]}” is not.", "kind")
        try:
            return self._within((kind, target), self.sending.patience, lambda deadline: _KINDS[kind].check(self.sending, target))
        except TooLong:
            raise BadValue("That address cannot be checked: its host cannot be looked up just now.", "target") from None

    def send(self, channel: Channel, message: Message, now: int) -> None:
        """Send the message once, within `deadline` seconds; whatever goes wrong raises `DeliveryFailed`. A page needs no sending."""
        if channel.kind == PAGE:
            return
        where, sender = (channel.kind, channel.target), _KINDS[channel.kind]
        try:
            self._within(where, self.sending.deadline, lambda deadline: sender.send(self.sending, channel, message, now, deadline))
        except DeliveryFailed:
            raise
        except TooLong:
            seconds = f"{self.sending.deadline:g} seconds"
            raise DeliveryFailed(f"Sending to {shown(*where)} took longer than {seconds} in all, and was cut off.") from None
        except Exception as error:
            # The words of an error can repeat a URL with its secrets: its type and place must do.
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error(
                "a sender failed", channel=channel.id, error=type(error).__name__, place=f"{place.filename}:{place.lineno}"
            )
            raise DeliveryFailed(f"Daybook itself failed to send to {shown(*where)} ({type(error).__name__}).") from None

    def _within(self, where: tuple[str, str], seconds: float, work: Callable[[Deadline], Any]) -> Any:
        """Do it by the deadline. Where an earlier attempt hangs beyond all cutting, there is no second one: threads would pile up."""
        earlier = self._hanging.get(where)
        if earlier and earlier.is_alive():
            raise TooLong(earlier)
        self._hanging.pop(where, None)
        try:
            return within(seconds, work)
        except TooLong as error:
            if error.thread.is_alive():
                self._hanging[where] = error.thread
            raise
