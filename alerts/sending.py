"""From messages to receivers: claimed by one conditional update, tried with growing pauses, given up loudly. A message keeps its id at each try."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from alerts import outbox, rendering
from alerts.channels import Senders
from alerts.facts import NotToTell, Told
from alerts.gathering import Manners, when
from alerts.judging import judged
from alerts.model import Channel, DeliveryFailed, Message
from alerts.outbox import DROPPED, GIVEN_UP, SENT, Dispatch, Row
from alerts.planning import Planner
from alerts.rendering import Digest
from alerts.seeing import Eyes
from alerts.telling import told
from alerts.ways import Ways
from domain.instants import day_in
from projections.read_model import reading
from service.log import Log
from service.people.store import DAY, HOUR, MINUTE

logger = structlog.get_logger("daybook.alerts")
PAUSES = (MINUTE // 2, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR)
"""Between tries; the last one is repeated until a message is given up."""
AT_ONCE_MOST = 8
"""So many channels are spoken to at the same time; one that hangs holds up no other."""


@dataclass(frozen=True)
class Patience:
    """How long a claim holds and a message is tried, in microseconds; `pauses` between two tries."""

    claim: int = 2 * MINUTE
    give_up: int = 3 * DAY
    pauses: tuple[int, ...] = PAUSES


PATIENCE = Patience()
"""What counts unless an operator says otherwise."""


class NotYet(Exception):
    """A message is not to be sent before an instant: it is snoozed, or its owner's hours are quiet."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


@dataclass(frozen=True)
class Postman:
    """Sends what is due; `clock` tells the instant at which each try is made."""

    log: Log
    ways: Ways
    senders: Senders
    clock: Callable[[], int]
    base_url: str
    patience: Patience = PATIENCE

    def work(self, read: Callable[[str | None], tuple[Planner, Manners]]) -> int:
        """Send until nothing more is due, by what each message's owner asks for; how many messages were tried.

        Several may work at once: one that hangs holds up no other.
        """
        tried = 0
        while claimed := self._claimed():
            its, holder = claimed
            self._send(its, holder, *read(its.account))
            tried += 1
        return tried

    def _claimed(self) -> tuple[Dispatch, str] | None:
        """The next message that is due, claimed, and the name that it is claimed under."""
        holder, now = secrets.token_hex(8), self.clock()
        if not outbox.any_due(self.ways.store, now):
            return None
        with self.log.recorder.writing() as c:
            key = outbox.due_message(c, now)
            if key and outbox.claim(c, key, holder, now, now + self.patience.claim):
                return outbox.message(c, key), holder
        return None

    def _send(self, its: Dispatch, holder: str, planner: Planner, manners: Manners) -> None:
        channel = planner.channels.get(its.channel)
        try:
            message = self._message(its, channel, holder, planner, manners, self.clock())
            self.senders.send(channel, message, self.clock())
        except NotYet as error:
            self._put_off(its, holder, error.at)
        except NotToTell as error:
            self._end(its, holder, DROPPED, error.reason)
        except DeliveryFailed as error:
            self._failed(its, channel, holder, error)
        except Exception:
            logger.exception("a message could not be written", message=its.id)
            self._failed(its, channel, holder, DeliveryFailed("This daybook could not write the message; its log says why."))
        else:
            self._end(its, holder, SENT)

    def _message(
        self, its: Dispatch, channel: Channel | None, holder: str, planner: Planner, manners: Manners, now: int
    ) -> Message:  # fmt: skip
        """What is sent: as it is where that is frozen, else written anew from what is true now. Raises `NotToTell`."""
        if channel is None or channel.off:
            raise NotToTell("The channel is off.")
        leave = f"{self.base_url}/leave/{channel.leave}"
        if its.frozen:
            self._may_still_see(its, planner)
            return Message(**{"id": its.id, "made": its.made, "leave_url": leave} | its.body)
        rows = self._still_true(its, planner, manners, now)
        tolds, untold = self._told(its, rows, planner, now)
        digest = Digest(rows[0].rhythm, day_in(now, manners.of(its.account).time_zone)) if its.what == "digest" else None
        message = rendering.message(
            tolds, id=its.id, made=its.made, base_url=self.base_url, leave_url=leave, digest=digest, untold=untold
        )  # fmt: skip
        with self.log.recorder.writing() as c:
            outbox.keep_body(c, its.id, holder, _body(message))
        return message

    def _may_still_see(self, its: Dispatch, planner: Planner) -> None:
        """A replay carries what was true once, but no private matter to who left its group, nor anything to a disabled account."""
        with self.log.reading() as rows:
            carried = outbox.carried(rows, its.id)
            groups = {found and found.group for found in (reading.matter_named(rows, slug) for slug in carried)}
        if not all(planner.audience.sees(its.account, group) for group in groups or {None}):
            raise NotToTell("It can no longer be seen.")

    def _told(self, its: Dispatch, rows: list[Row], planner: Planner, now: int) -> tuple[list[Told], list[str]]:
        """What is told of each row, as its person sees it, and why something of it is not. Raises `NotToTell` where nothing is left."""
        log = self.log.seen_by(planner.audience.groups.get(its.account or "", frozenset()))
        tolds, untold = [], []
        for row in rows:
            try:
                tolds.append(told(log, row.item, now))
            except NotToTell as error:
                untold.append(error.reason)
        if not tolds:
            raise NotToTell(untold[0])
        return tolds, untold

    def _still_true(self, its: Dispatch, planner: Planner, manners: Manners, now: int) -> list[Row]:
        with self.log.seen_by(None).holding() as held, held.reading() as rows:
            eyes, acknowledged = Eyes(held, rows, now), manners.acknowledged_by(its.account)
            ready = self._ready(held.cursor, its, eyes, manners)
            found = [judged(held.cursor, row, eyes, planner, acknowledged) for row in ready]
        rows = [row for row in found if row]
        if not rows:
            raise NotToTell("It was no longer true when it could have been sent.")
        return rows

    def _ready(self, c: Any, its: Dispatch, eyes: Eyes, manners: Manners) -> list[Row]:
        """The rows that may be told now; raises `NotYet` where none may. Before the first try the others leave the message.

        Later they stay: the message may have arrived with them, and they would come again under another id.
        """
        rows = outbox.in_message(c, its.id)
        held_back = {row.item.id: at for row in rows if (at := when(row, eyes, manners)) > eyes.now}
        if held_back and len(held_back) == len(rows):
            raise NotYet(min(held_back.values()))
        if its.attempts > 1:
            return rows
        for item, at in held_back.items():
            outbox.put_back(c, item, at)
        return [row for row in rows if row.item.id not in held_back]

    def _put_off(self, its: Dispatch, holder: str, at: int) -> None:
        """Ask again then, and at least every hour, since its owner may change his mind."""
        with self.log.recorder.writing() as c:
            outbox.put_off(c, its.id, holder, min(at, self.clock() + HOUR))

    def _end(self, its: Dispatch, holder: str, state: str, detail: str | None = None) -> None:
        with self.log.recorder.writing() as c:
            outbox.end(c, its.id, holder, self.clock(), state, detail)
        logger.info("message " + state, message=its.id, channel=its.channel, detail=detail)

    def _failed(self, its: Dispatch, channel: Channel | None, holder: str, error: DeliveryFailed) -> None:
        now = self.clock()
        pause = self.patience.pauses[min(its.attempts, len(self.patience.pauses)) - 1]
        with self.log.recorder.writing() as c:
            begun = max(its.due, outbox.first_failure(c, its.id) or now)  # a machine that slept has not been trying
            lost = error.gone or now + pause > begun + self.patience.give_up
            if lost:
                outbox.end(c, its.id, holder, now, GIVEN_UP, error.detail)
            else:
                outbox.retry(c, its.id, holder, now, now + pause, error.detail)
        if not lost:
            logger.warning("message failed, it is tried again", message=its.id, channel=its.channel, detail=error.detail)
            return
        logger.error("message given up", message=its.id, channel=its.channel, detail=error.detail)
        if error.gone and channel and not its.frozen:
            self.ways.turn_off(channel.id, channel.account, "clock", error.detail)


def _body(message: Message) -> dict[str, Any]:
    """What is kept of a message: all that makes it up but its id, its instant and the secret way out."""
    return {name: value for name, value in asdict(message).items() if name not in ("id", "made", "leave_url")}
