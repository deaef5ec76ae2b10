"""Attacks on people: open redirects, forged forms, escalation between roles, mass assignment, markup in names."""

import re

import pytest

from tests.web.houses import PASSWORD, ROLES, text
from web.visits import local_path

# Open redirects and header injection

ELSEWHERE = ["//evil.example", "/\\evil.example", "https://evil.example", "\\\\evil.example", "/\t/evil.example", "\t//evil.example",
             "///evil.example", "/x\r\nSet-Cookie: a=b", "javascript:alert(1)", "evil.example", "", "/\x00", " //evil.example", "/" + "x" * 3000]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_only_addresses_on_this_site_are_gone_on_to(house, target):
    assert local_path(target) == "/"
    done = house.browser().sign_in("reader one", PASSWORD, next=target)
    assert (done.status_code, done.location) == (303, "/")
    assert not [header for header in done.headers.getlist("Set-Cookie") if header.startswith("a=")]


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_one_who_is_signed_in_is_not_led_elsewhere_either(house, target):
    assert house.browser("reader").get("/sign-in", query_string={"next": target}).location == "/"


def test_the_way_to_the_sign_in_page_cannot_be_bent(closed):
    for path in ("//evil.example/x", "/%2f%2fevil.example", "/%0d%0aSet-Cookie:a=b"):
        led = closed.browser().get(path)
        assert led.status_code in (303, 308, 404)
        assert led.location.startswith(("/sign-in?next=", "http://localhost/"))
        assert not [header for header in led.headers.getlist("Set-Cookie") if header.startswith("a")]


# CSRF

UNSAFE = {
    "/sign-in": {"name": "reader one", "password": PASSWORD},
    "/sign-out": {},
    "/welcome": {"code": "x", "password": PASSWORD, "again": PASSWORD},
    "/account/password": {"former": PASSWORD, "password": PASSWORD + "!", "again": PASSWORD + "!"},
    "/account/tokens": {"name": "x", "scopes": "read", "days": "9"},
    "/account/tokens/{token}/revoke": {},
    "/account/sessions/{session}/end": {},
    "/account/sessions/end-others": {},
    "/people": {"name": "new one", "role": "reader"},
    "/people/{reader}/role": {"role": "editor"},
    "/people/{reader}/groups": {"group": "trade-desk"},
    "/people/{reader}/groups/leave": {"group": "desk"},
    "/people/{reader}/invite": {},
    "/people/{reader}/disable": {},
    "/people/{reader}/enable": {},
    "/people/{reader}/erase": {"name": "reader one"},
}


def filled(house, path):
    token, _ = house.people.tokens.make(house.ids["admin"], "t", ["read"], 9, "shell")
    return path.format(**house.ids, token=token.id, session="s-0")


def state(house):
    """All that people are, without when they were seen."""
    tables = ("accounts", "memberships", "invitations")
    wanted = [*(f"SELECT * FROM {table}" for table in tables), "SELECT id, hash, revoked FROM tokens", "SELECT id FROM sessions"]
    return [house.book.rows(sql) for sql in wanted]


def test_every_form_of_people_is_in_the_table_of_forms(house):
    routes = {
        rule.rule
        for rule in house.app.url_map.iter_rules()
        if "POST" in rule.methods and rule.endpoint.startswith(("people.", "managing."))
    }
    named = {re.sub(r"\{(\w+)\}", lambda found: "<account>" if found[1] == "reader" else f"<{found[1]}>", path) for path in UNSAFE}
    assert routes == named


@pytest.mark.parametrize("path", UNSAFE)
def test_a_form_without_its_token_or_from_another_site_changes_nothing(house, path):
    browser = house.browser("admin")
    address, before = filled(house, path), None
    good, before = browser.csrf("/account"), state(house)
    other = house.browser("editor").csrf("/account")
    state_with_other = state(house)
    for data, headers in (
        ({}, {}),
        ({"csrf_token": "x"}, {}),
        ({"csrf_token": other}, {}),
        ({"csrf_token": good}, {"Origin": "https://evil.example"}),
        ({"csrf_token": good}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}),
        ({"csrf_token": good}, {"Sec-Fetch-Site": "same-site"}),
    ):
        told = browser.client.post(address, data=UNSAFE[path] | data, headers=headers)
        assert told.status_code == 400
        assert "Nothing was changed" in text(told)
    assert state(house) == state_with_other
    assert before != state_with_other


@pytest.mark.parametrize(
    ("path", "back"),
    [("/account/tokens", "/account"), ("/sign-out", "/"), ("/sign-in", "/sign-in"), ("/people/u-1/role", "/people/u-1")],
)
def test_a_form_that_was_not_taken_shows_the_way_back(house, path, back):
    assert f'<a href="{back}">Back to the page</a>' in text(house.browser("admin").client.post(path))


def test_a_form_sent_after_the_session_ended_leads_to_sign_in_and_back(house):
    browser = house.browser("admin")
    token = browser.csrf("/account")
    house.people.sessions.end_others("", house.ids["admin"])
    told = browser.client.post("/people/u-1/role", data={"csrf_token": token, "role": "reader"})
    assert told.status_code == 401
    assert '<a href="/sign-in?next=/people/u-1">Sign in</a>' in text(told)


def test_the_forms_of_our_own_pages_are_taken_whatever_our_browsers_send(house):
    for headers in ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}):
        browser = house.browser("reader")
        done = browser.post("/account/sessions/end-others", headers=headers)
        assert (done.status_code, done.location) == (303, "/account?done=others")


def test_a_session_does_not_write_by_the_api_even_with_a_csrf_token(house):
    browser = house.browser("admin")
    for headers in ({}, {"X-CSRFToken": browser.csrf("/account")}):
        told = browser.client.post("/api/v1/events", json={}, headers=headers)
        assert told.status_code == 401
        assert told.headers["WWW-Authenticate"].startswith("Bearer")


# Roles: every route for every role

READS = {"/account": "reader", "/people": "admin", "/people/{reader}": "admin", "/audit": "admin"}
MANAGED = {path: values for path, values in UNSAFE.items() if path.startswith("/people")}


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("role", [None, *ROLES])
def test_who_may_read_which_page(house, path, role):
    got = house.browser(role).get(filled(house, path))
    if role is None:
        assert got.location.startswith("/sign-in?next=")
    else:
        assert got.status_code == (200 if ROLES.index(role) >= ROLES.index(READS[path]) else 403)


@pytest.mark.parametrize("path", MANAGED)
@pytest.mark.parametrize("role", [None, "reader", "recorder", "editor"])
def test_nobody_but_an_admin_manages(house, path, role):
    browser, address = house.browser(role), filled(house, path)
    before = state(house)
    assert browser.post(address, MANAGED[path]).status_code == (403 if role else 401)
    assert state(house) == before


@pytest.mark.parametrize("path", [*READS, *UNSAFE])
def test_an_admins_token_opens_no_page_of_people(house, path):
    headers, browser = house.token("admin"), house.browser("admin")
    address, before = filled(house, path), None
    csrf, before = browser.csrf("/account"), state(house)
    if path in READS:
        assert browser.get(address, headers=headers).status_code == 403
    elif path not in ("/sign-in", "/sign-out", "/welcome"):
        assert browser.client.post(address, data=UNSAFE[path] | {"csrf_token": csrf}, headers=headers).status_code == 403
        assert state(house) == before


@pytest.mark.parametrize("path", MANAGED)
def test_an_admin_does_each(house, path):
    browser = house.browser("admin")
    house.people.accounts.join(house.ids["reader"], "desk", "shell")
    done = browser.post(filled(house, path), MANAGED[path])
    assert done.status_code in (200, 303), text(done)


@pytest.mark.parametrize("field", ["role", "groups", "account", "id", "disabled", "must_change"])
@pytest.mark.parametrize("path", [path for path in UNSAFE if path.startswith("/account") and "{" not in path])
def test_a_form_about_oneself_takes_no_role_group_or_account(house, path, field):
    """Mass assignment."""
    browser = house.browser("reader")
    before = state(house)
    told = browser.post(path, UNSAFE[path] | {field: house.ids["admin"] if field == "account" else "admin"})
    assert told.status_code == 422
    assert state(house) == before


def test_a_field_given_twice_is_refused(house):
    browser = house.browser("admin")
    body = f"csrf_token={browser.csrf('/account')}&role=reader&role=admin"
    told = browser.client.post(f"/people/{house.ids['reader']}/role", data=body, content_type="application/x-www-form-urlencoded")
    assert told.status_code == 422


def test_nobody_touches_the_tokens_and_sessions_of_another(house):
    token, _ = house.people.tokens.make(house.ids["admin"], "t", ["read"], 9, "shell")
    victim = house.browser("admin")
    session = house.people.sessions.find(victim.secret()).session
    browser = house.browser("editor")
    assert browser.post(f"/account/tokens/{token.id}/revoke").status_code == 404
    assert browser.post(f"/account/sessions/{session}/end").status_code == 404
    assert victim.get("/account").status_code == 200


def test_the_last_admin_cannot_shut_himself_out(house):
    browser, me = house.browser("admin"), house.ids["admin"]
    for act, values in (("role", {"role": "reader"}), ("disable", {}), ("erase", {"name": "admin one"})):
        told = browser.post(f"/people/{me}/{act}", values)
        assert told.status_code == 409
        assert "This is the last admin" in text(told)
    assert browser.get("/people").status_code == 200


# Markup


def test_names_and_the_names_of_tokens_are_written_as_text(house):
    """Stored XSS: names with markup are refused; were one in the store, it would still be shown as text."""
    nasty = "<script>alert(1)</script>\"'><img src=x>"
    admin = house.browser("admin")
    assert admin.post("/people", {"name": nasty, "role": "reader"}).status_code == 422
    admin.post("/account/tokens", {"name": nasty, "scopes": "read", "days": "9"})
    with house.people.store.writing() as c:
        c.execute("UPDATE accounts SET name=? WHERE id=?", (nasty, house.ids["reader"]))
    pages = [admin.get(path).get_data(as_text=True) for path in ("/account", "/people", f"/people/{house.ids['reader']}", "/audit")]
    pages.append(
        admin.client.post("/people", data={"csrf_token": admin.csrf("/account"), "name": nasty, "role": nasty}).get_data(
            as_text=True
        )
    )
    for page in pages:
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_what_is_typed_into_the_address_is_written_as_text(house):
    admin = house.browser("admin")
    for path in (
        "/audit?account=<script>x",
        "/audit?act=<script>x",
        "/audit?before=<script>",
        "/sign-in?next=/<script>x",
        "/welcome?code=<script>x",
        "/account?done=<script>x",
    ):
        assert "<script>x" not in admin.get(path).get_data(as_text=True)
        assert "<script>x" not in house.browser().get(path).get_data(as_text=True)
