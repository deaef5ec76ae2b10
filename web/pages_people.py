"""Signing in and out, an invitation, and one's own account: password, tokens, sessions."""

import re
from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from domain.errors import BadValue, Forbidden, Refused, SignInNeeded, TooMany
from domain.instants import moment
from service.people import SignedIn, WrongSignIn
from service.visitor import SCOPES
from web.caching import never_kept
from web.context import only, visitor
from web.people_forms import Slip, kept, posted
from web.visits import begin_session, forget_session, local_path, people, signed_in

people_pages = Blueprint("people", __name__)
people_pages.after_request(never_kept)
WORDS_OF_SCOPES = {
    "read": "also the private matters of your groups",
    "record": "entries, and what is said of them later, as far as your role allows",
    "matters": "open them and change who sees them, as far as your role allows",
    "alerts": "set policies and channels, and read what you were told, of private matters too; a webhook needs an editor",
}
VALID_FOR = {"7": "a week", "30": "30 days", "90": "90 days", "183": "half a year", "366": "a year"}
DONE = {
    "password": "Your password is changed, and your other sessions have ended.",
    "revoked": "The token is revoked; it counts no more.",
    "ended": "The session has ended.",
    "others": "Your other sessions have ended.",
}
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"))
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("Mac OS", "macOS"), ("Linux", "Linux"))


@people_pages.app_template_filter("moment_text")
def moment_text(at: int) -> str:
    """An instant as ISO text, for the filter `instant`."""
    return moment(at).replace(second=0, microsecond=0).isoformat()


def show(template: str, slip: Slip | None = None, **values: Any) -> Response:
    """A page of ours, with what was wrong in the form that was sent."""
    page = render_template(template, slip=slip, kept=lambda *where: kept(slip, *where), **values)
    return make_response(page, slip.status if slip else 200)


def own_session() -> SignedIn:
    """The visitor's session; a token is not enough for an account's own pages. Raises `SignInNeeded` or `Forbidden`."""
    if visitor().token:
        raise Forbidden("An account is looked after in the browser, not with a token.")
    its = signed_in()
    if its is None:
        raise SignInNeeded("Sign in to see your account.")
    return its


@people_pages.get("/sign-in")
def sign_in() -> Response:
    """The form; whoever is signed in goes on."""
    only("next")
    if signed_in():
        return redirect(local_path(request.args.get("next")), 303)
    return show("sign-in.html", next=local_path(request.args.get("next")), nobody=not people().accounts.any())


@people_pages.post("/sign-in")
def signing_in() -> Response:
    """A new session for the right name and password."""
    only("next")
    typed = posted("name", "password", "next")
    password = typed.pop("password")
    try:
        if not typed["name"].strip():
            raise BadValue("Type your name.", "name")
        if not password:
            raise BadValue("Type your password.", "password")
        secret = people().sign_in(typed["name"], password, request.remote_addr or "", _agent())
    except (BadValue, TooMany, WrongSignIn) as error:
        return _not_signed_in(error, typed)
    _leave_former()
    begin_session(secret)
    return redirect(local_path(typed["next"]), 303)


def _not_signed_in(error: Refused, typed: dict[str, str]) -> Response:
    error.field = error.field or "password"
    response = show("sign-in.html", Slip("in", error, typed), next=local_path(typed["next"]), nobody=not people().accounts.any())
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.wait)
    elif isinstance(error, WrongSignIn):
        response.status_code = 422
    return response


def _leave_former() -> None:
    """Whoever signs in anew leaves the session that he had."""
    its = signed_in()
    if its:
        people().sessions.sign_out(its.session, its.visitor.account)


def _agent() -> str:
    """What a browser calls itself, in a few words: “Firefox on Linux”."""
    text = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in text), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in text), "")
    return f"{browser} on {system}" if system else browser


@people_pages.post("/sign-out")
def sign_out() -> Response:
    """End the session, in the store and in the cookie."""
    posted()
    _leave_former()
    forget_session()
    return redirect(url_for("pages.timeline"), 303)


@people_pages.get("/welcome")
def welcome() -> Response:
    """An invitation: choose a password."""
    only("code")
    return _welcome(request.args.get("code", ""))


def _welcome(code: str, slip: Slip | None = None) -> Response:
    account = people().accounts.invited(code)
    response = show("welcome.html", slip, account=account, code=code)
    if account is None:
        response.status_code = 404
    return response


@people_pages.post("/welcome")
def accepting() -> Response:
    """Set the password and go in."""
    only()
    typed = posted("code", "password", "again")
    try:
        _check_twice(typed["password"], typed["again"])
        account = people().accounts.accept(typed["code"], typed["password"])
    except Refused as error:
        return _welcome(typed["code"], Slip("welcome", error, {}))
    _leave_former()
    begin_session(people().sign_in(account.name or "", typed["password"], request.remote_addr or "", _agent()))
    return redirect(url_for("pages.timeline"), 303)


def _check_twice(password: str, again: str) -> None:
    if password != again:
        raise BadValue("The two are not the same. Type it again.", "again")


@people_pages.get("/account")
def account() -> Response:
    """Who one is here."""
    only("done")
    return _account(own_session())


def _account(its: SignedIn, slip: Slip | None = None, **values: Any) -> Response:
    who = its.visitor.account
    return show(
        "account.html", slip, account=people().accounts.get(who), tokens=people().tokens.of(who), sessions=people().sessions.of(who),
        this_session=its.session, scopes={scope: WORDS_OF_SCOPES[scope] for scope in SCOPES}, valid_for=VALID_FOR,
        now=people().store.clock(), done=DONE.get(request.args.get("done", "")), **values,
    )  # fmt: skip


def _back(done: str) -> Response:
    return redirect(url_for("people.account", done=done), 303)


@people_pages.post("/account/password")
def change_password() -> Response:
    """Change one's own password; the other sessions end, this one goes on under a new id."""
    its = own_session()
    only()
    typed = posted("former", "password", "again")
    try:
        _check_twice(typed["password"], typed["again"])
        people().change_password(its.name, typed["former"], typed["password"], request.remote_addr or "")
    except WrongSignIn:
        return _account(its, Slip("password", BadValue("That is not your present password.", "former"), {}))
    except Refused as error:
        return _account(its, Slip("password", error, {}))
    begin_session(people().sign_in(its.name, typed["password"], request.remote_addr or "", _agent()))
    return _back("password")


@people_pages.post("/account/tokens")
def make_token() -> Response:
    """A new token; its secret stands on this one page and nowhere else."""
    its = own_session()
    only()
    typed = posted("name", "days", several="scopes")
    scopes = request.form.getlist("scopes")
    days = int(typed["days"]) if re.fullmatch("[0-9]{1,4}", typed["days"]) else 0
    try:
        token, secret = people().tokens.make(its.visitor.account, typed["name"], scopes, days, its.visitor.account)
    except Refused as error:
        return _account(its, Slip("token", error, typed | {"scopes": " ".join(scopes)}))
    return _account(its, fresh=token, secret=secret)


@people_pages.post("/account/tokens/<token>/revoke")
def revoke_token(token: str) -> Response:
    """One of one's own tokens counts no more."""
    its = own_session()
    only()
    posted()
    people().tokens.revoke(token, its.visitor.account, its.visitor.account)
    return _back("revoked")


@people_pages.post("/account/sessions/<session>/end")
def end_session(session: str) -> Response:
    """End one of one's own sessions."""
    its = own_session()
    only()
    posted()
    people().sessions.end(session, its.visitor.account)
    return _back("ended")


@people_pages.post("/account/sessions/end-others")
def end_others() -> Response:
    """End all of one's sessions but this one."""
    its = own_session()
    only()
    posted()
    people().sessions.end_others(its.session, its.visitor.account)
    return _back("others")


def absolute(endpoint: str, **values: str) -> str:
    """The whole address of a page, to be sent to somebody."""
    return current_app.config["BASE_URL"] + url_for(endpoint, **values)
