"""Alerting as a whole: what pages, API, command line and clock are given."""

from collections.abc import Callable
from typing import Any

from alerts import outbox, rendering
from alerts.channels import Senders
from alerts.gathering import Manners, gather
from alerts.model import Channel
from alerts.planning import Audience, Planner, allowed
from alerts.policies import Filters, Policies
from alerts.preferences import Wishes
from alerts.sending import PATIENCE, Patience, Postman
from alerts.telling import sample
from alerts.ways import Ways, all_channels
from domain.errors import RuleBroken
from service.log import HeldLog, Log, Readable
from service.people.store import Store, new_id


class Alerts:
    """Policies, channels, wishes and messages over a log and the database beside it; `base_url` is what links begin with."""

    def __init__(
        self, log: Log, clock: Callable[[], int], senders: Senders, base_url: str, patience: Patience = PATIENCE
    ) -> None:  # fmt: skip
        self.log = log
        self.clock = clock
        self.base_url = base_url
        self.store = Store(log.recorder, clock)
        self.policies = Policies(self.store)
        self.filters = Filters(self.store)
        self.ways = Ways(self.store, senders)
        self.wishes = Wishes(self.store)
        self.postman = Postman(log, self.ways, senders, clock, base_url, patience)

    def planner(self, held: HeldLog | None = None) -> Planner:
        """Who wants to hear of what, now; or as a transaction sees it, so that nothing is decided by what was asked for before."""
        store = Store(held, self.clock) if held else self.store
        roles = dict(store.rows("SELECT id, role FROM accounts WHERE disabled IS NULL"))
        groups: dict[str, set[str]] = {account: set() for account in roles}
        for team, account in store.rows("SELECT team, account FROM memberships"):
            groups.get(account, set()).add(team)
        audience = Audience({account: frozenset(teams) for account, teams in groups.items()})
        channels = allowed(all_channels(store), roles)
        return Planner(tuple(Policies(store).all()), Filters(store).all(), channels, audience)

    def manners(self, held: HeldLog | None = None) -> Manners:
        """How people want to be spoken to, now; or as a transaction sees it."""
        store = Store(held, self.clock) if held else self.store
        snoozes = store.rows("SELECT account, matter, subject, until FROM snoozes WHERE until>?", self.clock())
        acknowledged = store.rows("SELECT account, matter, subject, version FROM acknowledgements")
        return Manners(Wishes(store).all(), {row[:3]: row[3] for row in snoozes}, set(acknowledged))

    def gather(self, now: int) -> None:
        """Make messages of all that is ready."""
        while self.store.row("SELECT 1 FROM outbox WHERE message IS NULL AND dropped IS NULL AND ready<=? LIMIT 1", now):
            if not gather(self.log, lambda held: (self.planner(held), self.manners(held)), now):
                return

    def work(self) -> int:
        """Send until nothing more is due."""
        return self.postman.work(lambda: (self.planner(), self.manners()))

    def send_proof(self, channel: Channel, code: str) -> str:
        """Send the link that proves an address; returns the message's id."""
        link = f"{self.base_url}/confirm/{code}"
        with self.store.writing() as c:
            outbox.drop_proofs(c, channel.id, self.clock())
        return self._send_as_is(
            channel, "proof", lambda **its: rendering.confirmation(address=channel.target, confirm_url=link, **its)
        )

    def send_test(self, channel: Channel, log: Readable) -> str:
        """Send a test to a channel, with a window that its owner's log has as an example; returns the message's id. Raises `RuleBroken`."""
        if not channel.confirmed or channel.off:
            raise RuleBroken("Nothing is sent there before the address is confirmed, nor while it is off.", "channel")
        leave, shown = f"{self.base_url}/leave/{channel.leave}", sample(log, self.clock())
        return self._send_as_is(
            channel, "test", lambda **its: rendering.test_message(channel=channel.name, sample=shown, leave_url=leave, **its)
        )

    def _send_as_is(self, channel: Channel, what: str, made_of: Callable[..., Any]) -> str:
        key, now = new_id("m", 10), self.clock()
        message = made_of(id=key, made=now, base_url=self.base_url)
        body = {"subject": message.subject, "text": message.text, "html": message.html, "data": message.data}
        with self.store.writing() as c:
            outbox.put_message(c, key, channel.account, channel.id, what, now, now, body)
        return key
