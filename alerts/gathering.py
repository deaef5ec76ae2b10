"""From the outbox into messages: when each may be sent, what is no longer true, and what goes together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from alerts import outbox
from alerts.judging import Acknowledged, judged
from alerts.model import AT_ONCE, PAGE, Preferences
from alerts.outbox import SENT, Row
from alerts.planning import Planner
from alerts.preferences import USUAL, ready_at
from alerts.seeing import Eyes
from domain.ladder import alert_id
from service.log import HeldLog, Log

MOST_TOGETHER = 100
"""So many alerts fit into one message; a flood comes in several."""
MOST_ALONE = 5
"""More than so many messages to one channel at once become one."""


@dataclass(frozen=True)
class Manners:
    """How people want to be spoken to, by account: read once a tick for all, and for each message of its owner alone."""

    preferences: Mapping[str, Preferences]
    snoozed: Mapping[tuple[str, str, str], int]
    acknowledged: Mapping[str, Acknowledged]

    def of(self, account: str | None) -> Preferences:
        """The preferences of an account."""
        return self.preferences.get(account or "", USUAL)

    def acknowledged_by(self, account: str | None) -> Acknowledged:
        """(matter, window, version) of the due dates that an account has acknowledged."""
        return self.acknowledged.get(account or "", set())


def gather(log: Log, asked: Callable[[HeldLog], tuple[Planner, Manners]], now: int) -> bool:
    """Make messages of what is ready, by what is asked for as the transaction sees it; whether more is left."""
    with log.seen_by(None).holding() as held, held.reading() as rows:
        planner, manners = asked(held)
        c, eyes = held.cursor, Eyes(held, rows, now)
        waiting = outbox.waiting(c, now)
        # all of them, before one is judged by another
        ready = [row for row in waiting if _is_ready(c, row, eyes, planner, manners)]
        sendable: dict[str, list[Row]] = {}
        for row in ready:
            told = judged(c, row, eyes, planner, manners.acknowledged_by(row.item.account))
            if told:
                sendable.setdefault(told.item.channel, []).append(told)
        for channel, found in sendable.items():
            _begin(c, found, now, SENT if planner.channels[channel].kind == PAGE else outbox.WAITING)
        return bool(waiting)


def _is_ready(c: Any, row: Row, eyes: Eyes, planner: Planner, manners: Manners) -> bool:
    """Whether it is to be told now; else it waits, or is never sent."""
    its = row.item
    channel = planner.channels.get(its.channel)
    if channel is None or channel.off or not channel.confirmed:
        outbox.drop(c, its.id, "the channel is off")
        return False
    at = eyes.now if channel.kind == PAGE else when(row, eyes, manners)
    if at > eyes.now:
        outbox.hold(c, its.id, at)
        return False
    return True


def when(row: Row, eyes: Eyes, manners: Manners) -> int:
    """The instant from which its owner is spoken to of it: now, or after snooze, digest and quiet hours."""
    its = row.item
    seen = eyes.window(its.matter, its.window) if its.window else None
    ends = seen.sight.ends if seen and seen.sight and its.what == "step" else None
    ends = ends if ends and ends > eyes.now else None  # once it is over, what is left to say can wait
    snoozed = manners.snoozed.get((its.account or "", its.matter, its.window or ""))
    return ready_at(manners.of(its.account), row.rhythm, its.made, eyes.now, ends, snoozed)


def _begin(c: Any, rows: list[Row], now: int, state: str) -> None:
    """Messages to one channel: the digest's rows together, the others by what they are about, or all together where they are many."""
    digest = [row for row in rows if row.rhythm != AT_ONCE and state != SENT]
    others: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row not in digest:
            others.setdefault((row.item.matter, row.item.window or row.item.id), []).append(row)
    groups = (
        [[row for group in others.values() for row in group]]
        if len(others) > MOST_ALONE and state != SENT
        else list(others.values())
    )
    for what, group in [("digest", digest), *(("alert", group) for group in groups)]:
        for some in (group[n : n + MOST_TOGETHER] for n in range(0, len(group), MOST_TOGETHER)):
            ids = sorted(row.item.id for row in some)
            outbox.begin_message(c, ids[0] if len(ids) == 1 else alert_id(*ids), some, now, what, state)
