"""What a person does with his alerts and messages: acknowledge, snooze, look one up, replay."""

from dataclasses import dataclass
from typing import Any

from alerts import outbox
from alerts.book import Alerts
from alerts.outbox import COLUMNS, GIVEN_UP, Dispatch, Row
from alerts.preferences import version_of
from domain.errors import BadValue, NotFound, RuleBroken
from domain.instants import start_of
from domain.when import read_words
from service.people.store import whose


@dataclass(frozen=True)
class Attempt:
    """One try to deliver a message, at an instant: `outcome` is sent, failed, given up or dropped."""

    message: str
    attempt: int
    at: int
    outcome: str
    detail: str | None


@dataclass(frozen=True)
class Inbox:
    """One account's alerts; None is the house's."""

    alerts: Alerts
    account: str | None

    def item(self, item: str) -> Row:
        """One of them, of whichever channel; raises `NotFound`."""
        mine, who = whose(self.account)
        found = outbox.kept(self.alerts.store, f"id=? AND {mine}", item, *who)
        if not found:
            raise NotFound(f"You have no alert “{item[:40]}”.", "item")
        return found[0]

    def acknowledge(self, item: str) -> Row:
        """Hear no more of the due date that an alert is about; raises `RuleBroken` where it is about none."""
        its = self.item(item)
        self.alerts.wishes.acknowledge(self.account, its.item.matter, self._window(its), _version(its))
        return its

    def unacknowledge(self, item: str) -> Row:
        """Hear of it again."""
        its = self.item(item)
        self.alerts.wishes.unacknowledge(self.account, its.item.matter, self._window(its), _version(its))
        return its

    def is_acknowledged(self, row: Row) -> bool:
        """Whether nothing more is told of the due date that an alert is about."""
        its = row.item
        return "due" in its.facts and (its.matter, its.window, _version(row)) in self.alerts.wishes.acknowledged(self.account)

    def snooze(self, item: str, until: int) -> Row:
        """Hear nothing of the window that an alert is about until an instant; raises `BadValue`, `RuleBroken`."""
        its = self.item(item)
        self.alerts.wishes.snooze(self.account, its.item.matter, self._window(its), until)
        return its

    def snooze_until(self, text: str) -> int:
        """When a snooze ends that is asked for in words: at an instant, or as a day begins in the person's zone; raises `BadValue`."""
        try:
            span = read_words(text)
        except BadValue:
            span = None
        if span is None or not span.certain or span.first is None:
            raise BadValue("Write the day until which you want to hear nothing, such as 2026-12-01 or 1 dec 2026.", "until")
        return start_of(span.first, self.alerts.wishes.of(self.account).time_zone)

    def wake(self, item: str) -> Row:
        """Hear of its window again."""
        its = self.item(item)
        self.alerts.wishes.wake(self.account, its.item.matter, its.item.window or "")
        return its

    def _window(self, row: Row) -> str:
        if row.item.window is None:
            raise RuleBroken("This alert is about no window, so nothing more comes of it.", "item")
        return row.item.window

    def message(self, message: str) -> Dispatch:
        """One message; raises `NotFound`."""
        mine, who = whose(self.account)
        found = outbox.dispatches(self.alerts.store.rows(f"SELECT {COLUMNS} FROM messages WHERE id=? AND {mine}", message, *who))
        if not found:
            raise NotFound(f"You have no message “{message[:40]}”.", "message")
        return found[0]

    def attempts(self, message: str) -> list[Attempt]:
        """Every try to deliver it, the first first."""
        sql = "SELECT message, attempt, at, outcome, detail FROM deliveries WHERE message=? ORDER BY attempt"
        return [Attempt(*row) for row in self.alerts.store.rows(sql, self.message(message).id)]

    def carried(self, message: str) -> list[Row]:
        """The alerts in a message, those too that were dropped from it."""
        return outbox.kept(self.alerts.store, "message=? ORDER BY made, id", self.message(message).id)

    def replay(self, message: str) -> Dispatch:
        """Send it once more as it was, under the same id; raises `RuleBroken` where it waits to be sent, or was never written."""
        its = self.message(message)
        if its.state == outbox.WAITING:
            raise RuleBroken("It waits to be sent already.", "message")
        if its.what == "proof":
            raise RuleBroken("A link that proves an address is not sent twice. Ask for another one at the channel.", "message")
        if its.body is None:
            raise RuleBroken("It was dropped before it was written, since it was no longer true.", "message")
        with self.alerts.store.writing() as c:
            outbox.replay(c, its.id, self.alerts.clock())
        return self.message(message)

    def given_up(self) -> int:
        """How many messages never arrived, and were not sent again."""
        mine, who = whose(self.account)
        return self.alerts.store.row(f"SELECT COUNT(*) FROM messages WHERE {mine} AND state=?", *who, GIVEN_UP)[0]


def _version(row: Row) -> str:
    facts: dict[str, Any] = row.item.facts
    if "due" not in facts or "given_by" not in facts:
        raise RuleBroken("This alert is about no due date.", "item")
    return version_of(facts["due"], facts["given_by"])
