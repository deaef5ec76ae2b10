"""Policies, channels and messages as plain values, as the API and the command line answer them: without secrets."""

from dataclasses import asdict
from typing import Any

from alerts.channels import shown
from alerts.model import Channel, Policy
from alerts.outbox import WAITING, Dispatch
from domain.instants import moment


def instant(at: int | None) -> str | None:
    """An instant as it is answered: exact, so that it can be sent back."""
    return moment(at).isoformat() if at is not None else None


def policy_shown(its: Policy) -> dict[str, Any]:
    """A policy; without `id` and `since` it is what may be sent. `since` is from when the earliest of what it asks for counts."""
    routes = [{"channel": r.channel, "ladder": [step.text for step in r.ladder], "rhythm": r.rhythm} for r in its.routes]
    return {
        "id": its.id, "name": its.name, "about": None if its.filter else asdict(its.about), "filter": its.filter,
        "changes": list(its.changes), "routes": routes, "paused": its.paused,
        "since": instant(min((its.counts_from(*asked) for asked in its.asks()), default=its.since)),
    }  # fmt: skip


def channel_shown(its: Channel) -> dict[str, Any]:
    """A channel: of a URL only its host, of secrets only how many sign."""
    return {
        "id": its.id, "kind": its.kind, "name": its.name, "target": shown(its.kind, its.target), "confirmed": instant(its.confirmed),
        "off": its.off, "secrets": len(its.secrets),
    }  # fmt: skip


def message_shown(its: Dispatch) -> dict[str, Any]:
    """A message as it stands, without its body."""
    return {
        "id": its.id, "channel": its.channel, "what": its.what, "subject": its.subject, "state": its.state, "made": instant(its.made),
        "due": instant(its.due), "ended": instant(its.ended), "attempts": its.attempts, "detail": its.detail,
        "next_try": instant(its.next_try) if its.state == WAITING else None,
    }  # fmt: skip
