"""The commands about people: accounts, tokens, groups. What the shell does is audited as done by `shell`."""

import json
import re
import sys
from typing import Any

import click

from domain.errors import BadValue
from domain.instants import moment
from main.command import JSON, Wrong, opened, telling
from service.people import Account, People
from service.people.checks import SHELL
from service.visitor import ROLES, SCOPES

STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")


def _people() -> People:
    daybook = opened()
    click.get_current_context().obj = daybook  # the store is open as long as somebody holds it
    return People(daybook.log.recorder, daybook.clock)


@click.group(name="user")
def user() -> None:
    """Accounts: who may sign in, and what each may do."""


@user.command(name="add")
@click.argument("name")
@click.option("--role", default="reader", show_default=True, metavar="ROLE", help=f"{', '.join(ROLES)}.")
@STDIN
@telling
def add(name: str, role: str, password_stdin: bool) -> None:
    """Make an account. The password is asked for twice; there is none by default.

    \b
    daybook user add ann --role admin
    """
    account = _people().accounts.add(name, role, SHELL, _password(password_stdin))
    click.echo(f"{account.called} is made: {account.role}, {account.id} in the log.")


def _password(from_stdin: bool) -> str:
    """The password as it is typed, or the first line of standard input."""
    if from_stdin:
        return sys.stdin.readline().removesuffix("\n").removesuffix("\r")
    if not sys.stdin.isatty():
        raise Wrong("There is no terminal to ask for a password on. Send it with --password-stdin.")
    return click.prompt("Password", hide_input=True, confirmation_prompt="The same again", err=True)


@user.command(name="list")
@JSON
@telling
def list_users(as_json: bool) -> None:
    """The accounts, with role, groups and last sign-in."""
    rows = [_as_row(account) for account in _people().accounts.all()]
    print_rows(rows, as_json, "Nobody has an account yet. Make the first: daybook user add NAME --role admin")


def _as_row(account: Account) -> dict[str, Any]:
    state = "disabled" if account.disabled else "active" if account.has_password else "invited"
    return {
        "id": account.id,
        "name": account.name,
        "role": account.role,
        "groups": list(account.groups),
        "state": state,
        "last_sign_in": _instant(account.last_sign_in),
    }


def _instant(at: int | None) -> str | None:
    return moment(at).replace(microsecond=0).isoformat() if at is not None else None


def print_rows(rows: list[dict[str, Any]], as_json: bool, nothing: str) -> None:
    """Rows as JSON, or as columns."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo(nothing)
        return
    cells = [list(rows[0]), *[[_cell(value) for value in row.values()] for row in rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    return ", ".join(value) or "-" if isinstance(value, list) else str(value if value is not None else "-")


@user.command(name="role")
@click.argument("name")
@click.argument("role")
@telling
def set_role(name: str, role: str) -> None:
    """Give an account a role: reader, recorder, editor or admin. It counts at once."""
    people = _people()
    people.accounts.set_role(people.accounts.named(name).id, role, SHELL)
    click.echo(f"{name} is {role} now.")


@user.command(name="disable")
@click.argument("name")
@telling
def disable(name: str) -> None:
    """Shut an account: no signing in, no tokens, sessions end at once."""
    people = _people()
    people.accounts.disable(people.accounts.named(name).id, SHELL)
    click.echo(f"{name} is disabled.")


@user.command(name="enable")
@click.argument("name")
@telling
def enable(name: str) -> None:
    """Open a disabled account again."""
    people = _people()
    people.accounts.enable(people.accounts.named(name).id, SHELL)
    click.echo(f"{name} is enabled.")


@user.command(name="erase")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@telling
def erase(name: str, yes: bool) -> None:
    """Forget name, password, groups, tokens and sessions for good; what was recorded keeps the opaque id."""
    people = _people()
    account = people.accounts.named(name)
    if (
        not yes
        and click.prompt("This cannot be taken back. Type the name again", default="", show_default=False, err=True) != account.name
    ):
        raise Wrong("Nothing was erased: that is not the name. Scripts say --yes.")
    people.accounts.erase(account.id, SHELL)
    click.echo(f"The name is erased; what was recorded stays under {account.id}.")


@user.command(name="password")
@click.argument("name")
@STDIN
@telling
def password(name: str, password_stdin: bool) -> None:
    """Set a new password; every session of the account ends."""
    people = _people()
    account = people.accounts.named(name)
    people.accounts.set_password(account.id, _password(password_stdin), SHELL)
    click.echo(f"The password of {account.called} is set; every session has ended.")


@click.group(name="token")
def token() -> None:
    """Personal tokens for scripts."""


@token.command(name="add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, metavar="SCOPE", help=f"{', '.join(SCOPES)}; may be given again.")
@click.option("--expires", required=True, metavar="90d", help="Valid for so many days, at most 366.")
@click.option("--name", "label", default="shell", show_default=True, help="What the token is called.")
@JSON
@telling
def add_token(name: str, scopes: tuple[str, ...], expires: str, label: str, as_json: bool) -> None:
    """Make a token for an account and print it: this once, and nothing else.

    \b
    TOKEN=$(daybook token add ann --scope read --scope record --expires 90d --name laptop)
    """
    people = _people()
    made, secret = people.tokens.make(people.accounts.named(name).id, label, scopes, _days(expires), SHELL)
    body = {"id": made.id, "name": made.name, "scopes": list(made.scopes), "expires": _instant(made.expires), "token": secret}
    click.echo(json.dumps(body, ensure_ascii=False, indent=2) if as_json else secret)


def _days(text: str) -> int:
    found = re.fullmatch("([0-9]{1,4})d?", text)
    if not found:
        raise BadValue(f"--expires is a number of days such as 90d, not “{text[:40]}”.")
    return int(found[1])


@token.command(name="list")
@click.argument("name")
@JSON
@telling
def list_tokens(name: str, as_json: bool) -> None:
    """The tokens of an account; never the secrets, which are not kept."""
    people = _people()
    now, rows = people.store.clock(), []
    for each in people.tokens.of(people.accounts.named(name).id):
        state = "revoked" if each.revoked else "expired" if each.expires <= now else "valid"
        instants = {"expires": _instant(each.expires), "last_use": _instant(each.used)}
        rows.append({"id": each.id, "name": each.name, "scopes": list(each.scopes), "state": state, **instants})
    print_rows(rows, as_json, "The account has no tokens.")


@token.command(name="revoke")
@click.argument("token_id", metavar="ID")
@telling
def revoke(token_id: str) -> None:
    """Revoke a token; it counts no more at once."""
    _people().tokens.revoke(token_id, SHELL)
    click.echo(f"{token_id} is revoked.")


@click.group(name="group")
def group() -> None:
    """Groups, which see their private matters. A group is there as long as somebody is in it."""


@group.command(name="add")
@click.argument("group_name", metavar="GROUP")
@click.argument("name")
@telling
def join(group_name: str, name: str) -> None:
    """Add an account to a group."""
    people = _people()
    people.accounts.join(people.accounts.named(name).id, group_name, SHELL)
    click.echo(f"{name} is in {group_name}.")


@group.command(name="remove")
@click.argument("group_name", metavar="GROUP")
@click.argument("name")
@telling
def leave(group_name: str, name: str) -> None:
    """Take an account out of a group."""
    people = _people()
    people.accounts.leave(people.accounts.named(name).id, group_name, SHELL)
    click.echo(f"{name} is not in {group_name} any more.")


@group.command(name="list")
@JSON
@telling
def list_groups(as_json: bool) -> None:
    """Each group and its members."""
    rows = [{"group": name, "members": members} for name, members in _people().accounts.groups().items()]
    print_rows(rows, as_json, "There are no groups yet.")
