"""Alerting in words, for its pages: what a policy is about, a ladder, a channel's state, an instant in somebody's zone."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from alerts.channels import shown
from alerts.model import AT_ONCE, CHANGES, EMAIL, PAGE, WEBHOOK, About, Channel, Policy, Preferences
from alerts.outbox import Dispatch, Row
from alerts.preferences import ready_at
from alerts.standing import Failing
from domain.instants import moment, zone
from domain.ladder import Step, read_step
from projections.headlines import count
from projections.words import day, kind_words

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RHYTHM_WORDS = {"at once": "at once", "daily": "in a daily digest", "weekly": "in a weekly digest"}
KIND_WORDS = {PAGE: "page", EMAIL: "e-mail", WEBHOOK: "webhook", "apprise": "chat service"}
PAGE_NAME = "The page of alerts"
WHAT_WORDS = {"alert": "alert", "digest": "digest", "test": "test", "proof": "link to confirm the address"}
HIDDEN = "About a matter that you see no longer"
STATE_SIGNS = {"sent": "✓", "waiting": "…", "given up": "✕", "dropped": "–"}


def listed(parts: Sequence[str]) -> str:
    """“30, 14 and 7”."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def ladder_words(ladder: Collection[Step]) -> str:
    """“30, 14, 7, 3 and 1 days before, on the day itself”; hours by themselves."""
    days = [step.number for step in ladder if step.unit == "d" and step.number]
    hours = [step.number for step in ladder if step.unit == "h"]
    said = [f"{listed([str(n) for n in days])} day{'s' * (days != [1])} before"] if days else []
    said += [f"{listed([str(n) for n in hours])} hour{'s' * (hours != [1])} before its end"] if hours else []
    said += ["on the day itself"] if Step(0) in ladder else []
    return ", ".join(said) or "no lead times"


def ladder_text(ladder: Collection[Step]) -> str:
    """As it is written in a form: “30d, 14d, 12h”."""
    return ", ".join(step.text for step in ladder)


def about_words(about: About | None, names: Mapping[Any, str]) -> str:
    """“everything”, “TikTok divestiture, with the words “pause””; `names` has titles by slug and by (matter, window)."""
    if about is None:
        return "a saved filter that is gone"
    if about.window:
        said = f"the window “{names.get((about.matter, about.window), about.window)}” of {names.get(about.matter, about.matter)}"
    else:
        said = names.get(about.matter, about.matter) if about.matter else ""
    if about.kind:
        said = (
            f"{said}: entries of the kind “{kind_words(about.kind)}”" if said else f"entries of the kind “{kind_words(about.kind)}”"
        )
    said = said or "everything"
    return f"{said}, with the words “{about.words}”" if about.words else said


def suggested(about: About | None, saved: str | None, names: Mapping[Any, str]) -> str:
    """What a policy is called where nobody says: after what it is about."""
    if saved:
        return saved[:80]
    if about is None or about == About():
        return "Every deadline"
    if about.window and not (about.words or about.kind):
        return str(names.get((about.matter, about.window), about.window))[:80]
    words = about_words(about, names)
    is_title = about.matter and not about.window
    return (words if is_title else words[:1].upper() + words[1:])[:80]


def in_zone(at: int, time_zone: str) -> str:
    """“Thu 26 Nov 2026, 09:00” in a zone."""
    there = moment(at).astimezone(zone(time_zone))
    return f"{there:%a} {there.day} {there:%b} {there:%Y}, {there:%H:%M}"


def lasted(micros: int) -> str:
    """How long, roughly: “at once”, “40 seconds”, “5 minutes”, “3 hours”, “2 days”."""
    seconds = max(0, micros // 1_000_000)
    for size, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            return count(seconds // size, noun)
    return "at once"


def preferences_words(its: Preferences) -> dict[str, str]:
    """Preferences as terms and what stands at each."""
    quiet = f"{its.quiet_from} to {its.quiet_until}" if its.quiet_from else "none: anything may come at any hour"
    return {
        "Time zone": its.time_zone,
        "Quiet hours": quiet,
        "Digests": f"daily at {its.digest_at}; weekly on {DAYS[its.digest_day]} at {its.digest_at}",
    }


def channel_shown(channel: Channel, failing: Mapping[str, Failing]) -> dict[str, Any]:
    """A channel as the pages show it: nothing of it is secret."""
    off, trouble = channel.off, failing.get(channel.id)
    state = "off" if off else "unconfirmed" if not channel.confirmed else "failing" if trouble and channel.kind != PAGE else "on"
    target = shown(channel.kind, channel.target) if channel.kind != PAGE else ""
    return {
        "id": channel.id,
        "kind": channel.kind,
        "kind_words": KIND_WORDS[channel.kind],
        "name": PAGE_NAME if channel.kind == PAGE else channel.name,
        "target": target,
        "state": state,
        "off": off,
        "since": trouble.since if trouble else None,
        "trouble": trouble.detail if trouble else None,
        "secrets": len(channel.secrets),
    }


STATE_WORDS = {"on": "on", "off": "off", "unconfirmed": "waits for its confirmation", "failing": "failing"}


def policy_shown(
    policy: Policy, channels: Mapping[str, dict[str, Any]], filters: Mapping[str, Any], names: Mapping[Any, str]
) -> dict[str, Any]:
    """A policy as the overview shows it."""
    saved = filters.get(policy.filter) if policy.filter else None
    about = (
        f"the saved filter “{saved.name}”: {about_words(saved.about, names)}"
        if saved
        else about_words(None if policy.filter else policy.about, names)
    )
    routes = [
        {"channel": channels.get(route.channel), "ladder": ladder_words(route.ladder), "rhythm": RHYTHM_WORDS[route.rhythm]}
        for route in policy.routes
    ]
    return {
        "id": policy.id,
        "name": policy.name,
        "about": about,
        "routes": routes,
        "paused": policy.paused,
        "changes": [CHANGES[each] for each in policy.changes],
    }


def message_shown(
    its: Dispatch,
    channels: Mapping[str, dict[str, Any]],
    readable: bool = True,
    carried: Sequence[Row] = (),
    names: Mapping[Any, str] | None = None,
    quiet: Preferences | None = None,
) -> dict[str, Any]:
    """A message as the log of deliveries shows it; the text of a confirmation is for the address alone.

    One that is not `readable` tells of a matter that its reader sees no longer. `carried` are its alerts, `names` their titles; `quiet`
    are the preferences of whom it waits for.
    """
    late = its.ended - its.due if its.ended and its.state == "sent" else None
    body = its.body if readable and its.what != "proof" else None
    return {
        "id": its.id,
        "what": WHAT_WORDS.get(its.what, its.what),
        "state": its.state,
        "failing": bool(its.state == "waiting" and its.attempts and its.detail),
        "sign": STATE_SIGNS[its.state],
        "made": its.made,
        "due": its.due,
        "ended": its.ended,
        "late": late if late is None else lasted(late),
        "attempts": its.attempts,
        "next_try": its.next_try,
        "held": _held(its, quiet),
        "detail": _why_not(its, carried),
        "subject": _subject(its, carried, names or {}) if readable else HIDDEN,
        "readable": readable,
        "channel": channels.get(its.channel),
        "text": _read_as(body, channels.get(its.channel)) if body else None,
        "proof": its.what == "proof",
        "replays": its.state != "waiting" and body is not None,
    }


def _subject(its: Dispatch, carried: Sequence[Row], names: Mapping[Any, str]) -> str:
    """What it is called; before it is written, what is known of it: “1 day before, due 1 December 2026: Comments”."""
    if its.subject or not carried:
        return its.subject or ("Written when it is sent" if its.state == "waiting" else "Never written")
    if len(carried) > 1:
        return count(len(carried), "alert")
    item = carried[0].item
    title = names.get((item.matter, item.window)) or names.get(item.matter) or item.matter
    words = item_words(item.what, item.facts)
    return f"{words[:1].upper()}{words[1:]}: {title}"


def _why_not(its: Dispatch, carried: Sequence[Row]) -> str | None:
    """Why it did not arrive: of one that was dropped, why its alerts were."""
    reasons = dict.fromkeys(row.dropped for row in carried if row.dropped)
    return "; ".join(reasons) if its.state == "dropped" and reasons else its.detail


def _held(its: Dispatch, quiet: Preferences | None) -> int | None:
    """The end of the quiet hours that its next try lies in; a test or a replay waits for none."""
    if quiet is None or its.frozen or its.state != "waiting":
        return None
    at = ready_at(quiet, AT_ONCE, its.made, its.next_try)
    return at if at > its.next_try else None


def _read_as(body: Mapping[str, Any], channel: Mapping[str, Any] | None) -> str:
    """What its receiver reads: a webhook the JSON, anybody else the text."""
    if channel and channel["kind"] == WEBHOOK:
        return json.dumps(body["data"], ensure_ascii=False, indent=2)
    return body["text"]


def item_words(what: str, facts: Mapping[str, Any]) -> str:
    """What an alert in a message tells: “7 days before, due 5 April 2025”."""
    if what == "step":
        return f"{read_step(facts['step']).before}, due {day(facts['due'])}"
    if what == "passed":
        return f"{count(len(facts['steps']), 'step')} passed, due {day(facts['due'])}"
    return CHANGES.get(what, what)
