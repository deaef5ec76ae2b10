"""What one person was told, from the log, so that it is asked at a point like everything else; and what became of it on each channel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from alerts.book import Alerts
from alerts.history import raised
from alerts.model import PAGE
from alerts.outbox import DROPPED, SENT, WAITING, Row, kept
from domain.errors import NotFound
from domain.instants import micros
from projections.read_model.reading import EVER
from service.log import Readable

HELD, GONE = "held", "gone"
"""States of a way beside those of messages: the alert waits to be put into one; nothing is known of it any more."""
_BATCH = 200
_SAME = ("matter", "window", "step", "due", "given_by", "former_due", "status", "stated", "computed", "entry", "on")


@dataclass(frozen=True)
class Way:
    """What became of an alert on one channel: `item` is its id there, `state` as of messages, or `held` or `gone`; `at` is when that
    was, or until when it is held; `detail` says why it was not sent or did not arrive.
    """

    item: str
    channel: str
    kind: str
    name: str
    state: str
    at: int | None = None
    detail: str | None = None


@dataclass(frozen=True)
class Own:
    """One alert of a person, by however many channels: `told` as `alerts.history.raised` has it, of the first of its events, at `position`."""

    told: dict[str, Any]
    position: int
    ways: tuple[Way, ...] = field(default=())

    @property
    def at(self) -> int:
        """The instant at which it was raised."""
        return micros(datetime.fromisoformat(self.told["recorded"]))

    @property
    def page(self) -> str | None:
        """The item under which its page is found; None where nothing of it is kept beside the log."""
        kept = [way for way in self.ways if way.state != GONE]
        return next((way.item for way in sorted(kept, key=lambda way: way.kind != PAGE)), None)


def own_alerts(
    alerts: Alerts, log: Readable, account: str, until: date, upto: int = EVER, most: int = 30
) -> tuple[list[Own], int | None]:
    """A page of what a person was told up to a day and a position, as `log` lets him see it, the newest first; and `upto` of the next page."""
    found: list[list[dict[str, Any]]] = []
    for alert in _all(log, account, until, upto):
        group = next((group for group in found[-3:] if _belongs(alert, group)), None)
        if group:
            group.append(alert)
        elif len(found) > most:
            break
        else:
            found.append([alert])
    page, more = found[:most], found[most:]
    ways = _ways(alerts, account, [alert for group in page for alert in group])
    own = [Own(group[-1], group[-1]["position"], tuple(ways[alert["alert"]] for alert in reversed(group))) for group in page]
    return own, more[0][0]["position"] if more else None


def own_alert(alerts: Alerts, log: Readable, account: str, item: str, position: int) -> Own:
    """The one of an item, which was raised at a position; raises `NotFound` where its person no longer sees the matter."""
    found, _ = own_alerts(alerts, log, account, date.max, position + 50, 60)
    for each in found:
        if any(way.item == item for way in each.ways):
            return each
    raise NotFound("This alert is about a matter that you do not see any more.", "item")


def waiting(alerts: Alerts, account: str) -> dict[str, int]:
    """How many messages wait for each channel of an account."""
    return dict(
        alerts.store.rows("SELECT channel, COUNT(*) FROM messages WHERE account=? AND state='waiting' GROUP BY channel", account)
    )


def carried(alerts: Alerts, messages: Sequence[str]) -> dict[str, list[Row]]:
    """What each message carries or was to carry, by its id."""
    found: dict[str, list[Row]] = {}
    if messages:
        marks = ",".join("?" * len(messages))
        for row in kept(alerts.store, f"message IN ({marks}) ORDER BY made, id", *messages):
            found.setdefault(row.message, []).append(row)
    return found


def _all(log: Readable, account: str, until: date, upto: int) -> Iterator[dict[str, Any]]:
    while batch := raised(log, until, _BATCH, account, upto):
        yield from batch
        upto = batch[-1]["position"] - 1


def _belongs(alert: dict[str, Any], group: list[dict[str, Any]]) -> bool:
    """The same thing, told by another channel."""
    same = all(alert.get(name) == group[0].get(name) for name in _SAME)
    return same and all(alert["channel"] != other["channel"] for other in group)


def _ways(alerts: Alerts, account: str, told: list[dict[str, Any]]) -> dict[str, Way]:
    """By the id of an alert: what became of it."""
    channels = {each.id: each for each in alerts.ways.of(account)}
    marks = ",".join("?" * len(told))
    sql = f"""SELECT o.id, o.dropped, o.ready, m.state, m.ended, m.next_try, m.detail FROM outbox o LEFT JOIN messages m ON m.id=o.message
        WHERE o.account=? AND o.id IN ({marks})"""
    there = {row[0]: row[1:] for row in alerts.store.rows(sql, account, *(alert["alert"] for alert in told))}
    found = {}
    for alert in told:
        item, channel = alert["alert"], channels.get(alert["channel"])
        kind, name = (channel.kind, channel.name) if channel else ("", "a channel that is gone")
        found[item] = Way(item, alert["channel"], kind, name, *(_became(*there[item]) if item in there else (GONE,)))
    return found


def _became(
    dropped: str | None, ready: int, state: str | None, ended: int | None, next_try: int | None, detail: str | None
) -> tuple[str, int | None, str | None]:  # fmt: skip
    if dropped:
        return DROPPED, ended, dropped
    if state is None:
        return HELD, ready, None
    return state, next_try if state == WAITING else ended, None if state == SENT else detail
