"""For admins: who there is and what each may do, and the audit."""

import re
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.errors import BadValue, NotFound, Refused
from domain.instants import moment
from service.auditing import ACTS_OF_LOG, lines
from service.people.audit import ACTS
from web.caching import never_kept
from web.context import daybook, only, permit
from web.pages_people import absolute, show
from web.people_forms import Slip, posted
from web.visits import people

managing = Blueprint("managing", __name__)
managing.after_request(never_kept)
WORDS_OF_ROLES = {
    "reader": "reads, also the private matters of the groups",
    "recorder": "reads, and records entries",
    "editor": "records, corrects and retracts, and opens matters",
    "admin": "does all that, manages accounts and reads the audit",
}
_PAGE = 50


@managing.app_template_filter("audit_time")
def audit_time(at: int) -> str:
    """An instant in one short line, in UTC, to the second."""
    return f"{moment(at):%Y-%m-%d %H:%M:%S}"


@managing.before_request
def _only_admins() -> None:
    """An admin's session; a token manages nobody, and nobody can take the role from a form."""
    permit("manage")


def _me() -> str:
    return permit("manage").account


@managing.get("/people")
def everyone() -> Response:
    """Every account."""
    only()
    return _everyone()


def _everyone(slip: Slip | None = None) -> Response:
    return show("people.html", slip, accounts=people().accounts.all(), groups=people().accounts.groups(), roles=WORDS_OF_ROLES)


@managing.post("/people")
def make_account() -> Response:
    """A new account, with an invitation that is shown this once."""
    only()
    typed = posted("name", "role")
    try:
        account = people().accounts.add(typed["name"], typed["role"], _me())
    except Refused as error:
        return _everyone(Slip("make", error, typed))
    return _one(account.id, invitation=people().accounts.invite(account.id, _me()))


@managing.get("/people/<account>")
def one(account: str) -> Response:
    """One account, and all that can be done with it."""
    only()
    return _one(account)


def _one(account: str, slip: Slip | None = None, invitation: str | None = None) -> Response:
    its = people().accounts.get(account)
    if its.erased:
        raise NotFound(f"The account {account[:40]} was erased.", "account")
    link = absolute("people.welcome", code=invitation) if invitation else None
    groups = [group for group in people().accounts.groups() if group not in its.groups]
    return show("person.html", slip, account=its, invitation=link, roles=WORDS_OF_ROLES, others=groups, me=_me())


def _changed(account: str, form: str, change: Any, typed: dict[str, str] | None = None) -> Response:
    """Do a change and show the account; or the form again, with what was wrong."""
    try:
        change()
    except NotFound:
        raise
    except Refused as error:
        return _one(account, Slip(form, error, typed or {}))
    return redirect(url_for("managing.one", account=account), 303)


@managing.post("/people/<account>/role")
def set_role(account: str) -> Response:
    """Give a role."""
    only()
    typed = posted("role")
    return _changed(account, "role", lambda: people().accounts.set_role(account, typed["role"], _me()), typed)


@managing.post("/people/<account>/groups")
def join(account: str) -> Response:
    """Add to a group."""
    only()
    typed = posted("group")
    group = typed["group"].strip().lower()
    return _changed(account, "groups", lambda: people().accounts.join(account, group, _me()), typed)


@managing.post("/people/<account>/groups/leave")
def leave(account: str) -> Response:
    """Take out of a group."""
    only()
    group = posted("group")["group"]
    return _changed(account, "groups", lambda: people().accounts.leave(account, group, _me()))


@managing.post("/people/<account>/invite")
def invite(account: str) -> Response:
    """A new invitation, for a forgotten password too; shown this once."""
    only()
    posted()
    return _one(account, invitation=people().accounts.invite(account, _me()))


@managing.post("/people/<account>/disable")
def disable(account: str) -> Response:
    """Shut an account."""
    only()
    posted()
    return _changed(account, "disable", lambda: people().accounts.disable(account, _me()))


@managing.post("/people/<account>/enable")
def enable(account: str) -> Response:
    """Open it again."""
    only()
    posted()
    return _changed(account, "disable", lambda: people().accounts.enable(account, _me()))


@managing.post("/people/<account>/erase")
def erase(account: str) -> Response:
    """Erase the name for good, once it was typed."""
    only()
    typed = posted("name")

    def confirmed() -> None:
        if typed["name"].strip() != people().accounts.get(account).name:
            raise BadValue("Type the name exactly as it is written above, to erase it.", "name")
        people().accounts.erase(account, _me())

    response = _changed(account, "erase", confirmed, typed)
    return redirect(url_for("managing.everyone"), 303) if response.status_code == 303 else response


@managing.get("/audit")
def audit() -> Response:
    """Who did what, newest first."""
    only("account", "act", "before")
    account, act = (request.args.get(name) or None for name in ("account", "act"))
    whole = current_app.extensions["daybook"]
    found, more = lines(whole, daybook(), people(), _before(), _PAGE, account, act)
    older = url_for("managing.audit", account=account, act=act, before=more) if more else None
    return show(
        "audit.html", lines=found, names=people().accounts.names(), acts=ACTS, acts_of_log=ACTS_OF_LOG, chosen={"account": account, "act": act},
        older=older, later=request.args.get("before"), moment=lambda at: moment(at).isoformat(), accounts=_actors(account),
    )  # fmt: skip


def _actors(chosen: str | None) -> dict[str, str]:
    """Whose lines can be asked for."""
    names = {each.id: each.called for each in people().accounts.all()}
    return (
        names
        | ({"shell": "shell (the command line)", "loader": "loader (files)"})
        | ({chosen: chosen} if chosen not in (None, *names, "shell", "loader") else {})
    )


def _before() -> int | None:
    text = request.args.get("before")
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,18}", text):
        raise BadValue("“before” is the number that a link “Older” has.", "before")
    return int(text)
