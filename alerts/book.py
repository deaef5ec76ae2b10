"""Alerting as a whole: what pages, API, command line and clock are given."""

from collections.abc import Callable
from functools import partial
from typing import Any

from alerts import outbox, rendering
from alerts.channels import Senders
from alerts.gathering import Manners, gather
from alerts.judging import Acknowledged
from alerts.model import PAGE, Channel
from alerts.planning import Audience, Planner, allowed
from alerts.policies import Filters, Policies
from alerts.preferences import Wishes
from alerts.sending import PATIENCE, Patience, Postman
from alerts.subscriptions import Subscriptions
from alerts.telling import sample
from alerts.ways import Ways, all_channels
from domain.errors import RuleBroken
from service.log import HeldLog, Log
from service.people.store import MINUTE, Store, Whose, new_id, whose, whose_ever

TESTED_AGAIN = MINUTE // 2
"""So long after a test another may be sent to the same channel."""


class Alerts:
    """Policies, channels, wishes, secret addresses and messages over a log and the database beside it; `base_url` is what links begin with."""

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
        self.subscriptions = Subscriptions(self.store)
        self.postman = Postman(log, self.ways, senders, clock, base_url, patience)

    def planner(self, held: HeldLog | None = None, of: Whose = whose_ever) -> Planner:
        """Who wants to hear of what, now; or as a transaction sees it, so that nothing is decided by what was asked for before.

        `of` leaves what is one account's, which is all that its messages need, however many other people there are.
        """
        store = Store(held, self.clock) if held else self.store
        (accounts, ids), (mine, who) = of("id"), of("account")
        roles = dict(store.rows(f"SELECT id, role FROM accounts WHERE disabled IS NULL AND {accounts}", *ids))
        groups: dict[str, set[str]] = {account: set() for account in roles}
        for team, account in store.rows(f"SELECT team, account FROM memberships WHERE {mine}", *who):
            groups.get(account, set()).add(team)
        audience = Audience({account: frozenset(teams) for account, teams in groups.items()})
        channels = allowed(all_channels(store, mine, *who), roles)
        return Planner(tuple(Policies(store).all(mine, *who)), Filters(store).all(mine, *who), channels, audience)

    def manners(self, held: HeldLog | None = None, of: Whose = whose_ever) -> Manners:
        """How people want to be spoken to, now; or as a transaction sees it; or one account alone."""
        store, (mine, who) = Store(held, self.clock) if held else self.store, of("account")
        snoozes = store.rows(f"SELECT account, matter, subject, until FROM snoozes WHERE until>? AND {mine}", self.clock(), *who)
        acknowledged: dict[str, Acknowledged] = {}
        for account, *version in store.rows(f"SELECT account, matter, subject, version FROM acknowledgements WHERE {mine}", *who):
            acknowledged.setdefault(account, set()).add(tuple(version))
        return Manners(Wishes(store).all(mine, *who), {row[:3]: row[3] for row in snoozes}, acknowledged)

    def gather(self, now: int) -> None:
        """Make messages of all that is ready."""
        while self.store.row("SELECT 1 FROM outbox WHERE message IS NULL AND dropped IS NULL AND ready<=? LIMIT 1", now):
            if not gather(self.log, lambda held: (self.planner(held), self.manners(held)), now):
                return

    def work(self) -> int:
        """Send until nothing more is due."""

        def asked(account: str | None) -> tuple[Planner, Manners]:
            its = partial(whose, account)
            return self.planner(of=its), self.manners(of=its)

        return self.postman.work(asked)

    def send_proof(self, channel: Channel, code: str) -> str:
        """Send the link that proves an address; returns the message's id."""
        link = f"{self.base_url}/confirm/{code}"
        with self.store.writing() as c:
            outbox.drop_proofs(c, channel.id, self.clock())
        return self._send_as_is(
            channel, "proof", lambda **its: rendering.confirmation(address=channel.target, confirm_url=link, **its)
        )

    def send_test(self, channel: Channel) -> str:
        """Send a test to a channel, with a public window as an example; returns the message's id. Raises `RuleBroken`.

        Public, since a test is kept as it was sent, also where its reader leaves a group later.
        """
        self._check_can_be_tested(channel)
        leave, shown = f"{self.base_url}/leave/{channel.leave}", sample(self.log.seen_by(frozenset()), self.clock())
        return self._send_as_is(
            channel, "test", lambda **its: rendering.test_message(channel=channel.name, sample=shown, leave_url=leave, **its)
        )

    def _check_can_be_tested(self, channel: Channel) -> None:
        last = outbox.last_made(self.store, channel.id, "test")
        why = None
        if channel.kind == PAGE:
            why = "The page needs no test: what it tells stands under Alerts."
        elif channel.off or not channel.confirmed:
            so = f"It is off: {channel.off}" if channel.off else "Nobody has followed the link yet that was sent to this address."
            why = f"A test is sent to a channel that is confirmed and on. {so}"
        elif last is not None and self.clock() < last + TESTED_AGAIN:
            why = "A test was sent less than half a minute ago. Its outcome stands with its deliveries."
        if why:
            raise RuleBroken(why, "channel")

    def _send_as_is(self, channel: Channel, what: str, made_of: Callable[..., Any]) -> str:
        key, now = new_id("m", 10), self.clock()
        message = made_of(id=key, made=now, base_url=self.base_url)
        body = {"subject": message.subject, "text": message.text, "html": message.html, "data": message.data}
        with self.store.writing() as c:
            outbox.put_message(c, key, channel.account, channel.id, what, now, now, body)
        return key
