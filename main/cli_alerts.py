"""The commands about alerts: policies by a file, channels, deliveries. What the shell does is audited as done by `shell`."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from alerts.book import Alerts
from alerts.inbox import Inbox
from alerts.model import WEBHOOK, Channel, Policy
from alerts.outbox import DROPPED, GIVEN_UP, SENT, WAITING
from alerts.policy_loading import Loaded, load_policies
from alerts.preview import Preview, preview
from alerts.shown import channel_shown, message_shown, policy_shown
from alerts.standing import messages
from domain.errors import BadValue, NotFound, RuleBroken
from domain.instants import moment, zone
from main import show
from main.bootstrap import alerting
from main.cli_people import print_rows
from main.command import JSON, opened, options, print_answer, telling
from main.settings import Settings
from projections.headlines import count, said
from service.people import People
from service.people.checks import SHELL

HOUSE = "house"
"""What the operator's own policies and channels are named by."""
_Kept = TypeVar("_Kept", Policy, Channel)
NAME = click.argument("name", metavar="NAME", required=False)
POLICY = options(click.argument("name", metavar="NAME"), click.argument("policy", metavar="POLICY"))
CHANNEL = options(click.argument("name", metavar="NAME"), click.argument("channel", metavar="CHANNEL"))


def _alerts() -> Alerts:
    daybook = opened()
    click.get_current_context().obj = daybook  # the store is open as long as somebody holds it
    return alerting(Settings.from_env(os.environ), daybook)


def _people(alerts: Alerts) -> People:
    return People(alerts.store.recorder, alerts.clock)


def _account(alerts: Alerts, name: str) -> str | None:
    """The id of an account by its name or id; None for the house. Raises `NotFound`."""
    return None if name == HOUSE else _people(alerts).accounts.named(name).id


def _asked(alerts: Alerts, name: str | None) -> list[tuple[str, str | None]]:
    """(what it is called, id) of the account asked for, or of the house and all."""
    if name is not None:
        return [(name, _account(alerts, name))]
    return [(HOUSE, None), *((each.called, each.id) for each in _people(alerts).accounts.all())]


def _one(there: list[_Kept], wanted: str, what: str) -> _Kept:
    """The one of that id, or of that name."""
    found = [each for each in there if each.id == wanted] or [each for each in there if each.name == wanted]
    if not found:
        raise NotFound(f"There is no {what} “{wanted[:60]}”; `daybook {what} list NAME` lists them.", what)
    if len(found) > 1:
        raise BadValue(f"Several are called “{wanted[:60]}”: name one by its id, {' or '.join(each.id for each in found)}.", what)
    return found[0]


@click.group(name="policy")
def policy_group() -> None:
    """Policies: who is told of what, by which channel. NAME is an account, or `house`."""


@policy_group.command(name="load")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@JSON
@telling
def load_command(files: tuple[Path, ...], as_json: bool) -> None:
    """Load policies, filters and preferences from YAML. The same file twice changes nothing; of a bad file nothing is stored.

    \b
    policies:
      - account: ann                     # or: house: true
        name: Every deadline
        about: {matter: tiktok-divestiture}   # left out: all; or filter: NAME
        ladder: [30d, 7d, 12h, 0d]
        changes: [moved, closed]
        channels:
          - email: ann@example.org
          - page: true
            ladder: [3d, 0d]
            rhythm: daily                # at once, daily, weekly

    Channels that are not there are made, and confirmed by your word. docs/alert-files.md has every field.
    """
    alerts, all_of_them = _alerts(), []
    for path in files:
        loaded = load_policies(alerts, path, os.environ)
        all_of_them.append({"file": str(path)} | _counts(loaded))
        if not as_json:
            _say_loaded(path, loaded)
    if as_json:
        print_answer(all_of_them, True, lambda: None)


def _counts(loaded: Loaded) -> dict[str, Any]:
    channels = [channel_shown(each) for each in loaded.channels]
    return {"new": loaded.new, "changed": loaded.changed, "same": loaded.same, "channels": channels}


def _say_loaded(path: Path, loaded: Loaded) -> None:
    show.say(f"{path}: {loaded.new} new, {loaded.changed} changed, {loaded.same} as they were.")
    for each in loaded.channels:
        secret = " `daybook channel secret` prints what it signs with." if each.kind == WEBHOOK else ""
        show.say(f"  channel {each.id} is made: {each.name}.{secret}")


@policy_group.command(name="list")
@options(NAME, JSON)
@telling
def list_policies(name: str | None, as_json: bool) -> None:
    """The policies of an account, of the house, or of all."""
    alerts = _alerts()
    rows = [{"of": of} | policy_shown(each) for of, account in _asked(alerts, name) for each in alerts.policies.of(account)]
    if not as_json:
        rows = [_in_a_line(row) for row in rows]
    print_rows(rows, as_json, "There are no policies. Make some: daybook policy load FILE")


def _in_a_line(row: dict[str, Any]) -> dict[str, Any]:
    """A policy as a line: what it is about, the ladder of each channel."""
    about = row["filter"] or " ".join(value for value in row["about"].values() if value) or "everything"
    routes = [f"{r['channel']}: {' '.join(r['ladder'])} ({r['rhythm']})" for r in row["routes"]]
    state = "paused" if row["paused"] else "counts"
    return {
        "of": row["of"],
        "id": row["id"],
        "name": row["name"],
        "about": about,
        "channels": routes,
        "changes": row["changes"],
        "state": state,
    }


@policy_group.command(name="preview")
@options(POLICY, JSON)
@telling
def preview_policy(name: str, policy: str, as_json: bool) -> None:
    """The next sends of a policy, by what is on record now."""
    alerts = _alerts()
    its = _one(alerts.policies.of(_account(alerts, name)), policy, "policy")
    shown = preview(alerts, its, alerts.clock())
    print_answer(shown.shown(), as_json, lambda: _show_preview(its, shown))


def _show_preview(its: Policy, shown: Preview) -> None:
    show.say(
        f"“{its.name}” is about {count(shown.windows, 'window')} now; {count(shown.passed, 'step')} passed and will not be sent."
    )
    for each in shown.coming:
        there = moment(each.at).astimezone(zone(each.time_zone))
        held = f", held by {each.held}" if each.held else ""
        show.say(
            f"  {there:%Y-%m-%d %H:%M} ({each.time_zone}{held}): {each.title}, {each.step.before}, due {said(each.due)}; to {each.channel.name}"
        )
    if shown.more:
        show.say(f"  and {shown.more} more")


@policy_group.command(name="delete")
@POLICY
@telling
def delete_policy(name: str, policy: str) -> None:
    """Nothing is told by a policy any more."""
    alerts = _alerts()
    account = _account(alerts, name)
    its = _one(alerts.policies.of(account), policy, "policy")
    alerts.policies.delete(its.id, account, SHELL)
    show.say(f"The policy “{its.name}” is deleted.")


@click.group(name="channel")
def channel_group() -> None:
    """Channels: how people and the house are reached. NAME is an account, or `house`; CHANNEL an id or a name."""


def _on_channel(command: str) -> Callable[[Callable[[Alerts, Channel], None]], click.Command]:
    """A command about one channel: the function is given alerting and the channel that NAME and CHANNEL tell."""

    def made(function: Callable[[Alerts, Channel], None]) -> click.Command:
        @wraps(function)
        def run(name: str, channel: str) -> None:
            alerts = _alerts()
            function(alerts, _one(alerts.ways.of(_account(alerts, name)), channel, "channel"))

        return channel_group.command(name=command)(CHANNEL(telling(run)))

    return made


@channel_group.command(name="list")
@options(NAME, JSON)
@telling
def list_channels(name: str | None, as_json: bool) -> None:
    """The channels of an account, of the house, or of all; without their secrets."""
    alerts = _alerts()
    rows = [{"of": of} | channel_shown(each) for of, account in _asked(alerts, name) for each in alerts.ways.of(account)]
    print_rows(rows, as_json, "There are no channels. Make some: daybook policy load FILE")


@_on_channel("test")
def test_channel(alerts: Alerts, its: Channel) -> None:
    """Send a test; the clock sends it within seconds, and `daybook delivery list NAME` tells what became of it."""
    show.say(f"{alerts.send_test(its)} waits to be sent to {its.name}.")


@_on_channel("secret")
def channel_secret(alerts: Alerts, its: Channel) -> None:
    """Print the secret that a webhook signs with: the newest, and nothing else."""
    if not its.secrets:
        raise RuleBroken("Only a webhook has secrets.", "channel")
    click.echo(its.secrets[0])


@_on_channel("rotate")
def rotate_channel(alerts: Alerts, its: Channel) -> None:
    """Give a webhook a new secret and print it; the former one signs beside it until `daybook channel drop-former`."""
    click.echo(alerts.ways.rotate(its.id, its.account, SHELL).secrets[0])


@_on_channel("drop-former")
def drop_former_secret(alerts: Alerts, its: Channel) -> None:
    """Only the newest secret of a webhook signs from now on."""
    alerts.ways.drop_former(its.id, its.account, SHELL)
    show.say(f"{its.name} is signed with its newest secret alone.")


@_on_channel("off")
def turn_channel_off(alerts: Alerts, its: Channel) -> None:
    """Nothing is sent to a channel any more."""
    alerts.ways.turn_off(its.id, its.account, SHELL, "The operator turned it off.")
    show.say(f"{its.name} is off.")


@_on_channel("on")
def turn_channel_on(alerts: Alerts, its: Channel) -> None:
    """A channel is spoken to again, of what comes from now on."""
    alerts.ways.turn_on(its.id, its.account, SHELL)
    show.say(f"{its.name} is on.")


@_on_channel("delete")
def delete_channel(alerts: Alerts, its: Channel) -> None:
    """Delete a channel that no policy uses, with what waits for it."""
    alerts.ways.delete(its.id, its.account, SHELL)
    show.say(f"{its.name} is deleted.")


@click.group(name="delivery")
def delivery_group() -> None:
    """Deliveries: what was sent, what waits, what was given up."""


@delivery_group.command(name="list")
@options(
    click.argument("name", metavar="NAME"),
    click.option("--state", type=click.Choice((WAITING, SENT, GIVEN_UP, DROPPED)), help="Only those that are so."),
    click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500)),
    JSON,
)
@telling
def list_deliveries(name: str, state: str | None, limit: int, as_json: bool) -> None:
    """The messages to an account or to the house, the newest first."""
    alerts = _alerts()
    found = messages(alerts, _account(alerts, name), limit, state=state)
    print_rows([message_shown(each) for each in found], as_json, "There are none.")


@delivery_group.command(name="replay")
@options(click.argument("name", metavar="NAME"), click.argument("message", metavar="ID"))
@telling
def replay_delivery(name: str, message: str) -> None:
    """Send a message once more as it was, under the same id."""
    alerts = _alerts()
    show.say(f"{Inbox(alerts, _account(alerts, name)).replay(message).id} waits to be sent again.")
