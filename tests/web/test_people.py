"""Signing in, accounts, tokens, closed reading and the audit over HTTP."""

import html
import re

import pytest

from service.people.store import DAY, HOUR
from tests.web.houses import PASSWORD, House, text

# Signing in


def test_without_an_account_the_page_says_how_to_make_the_first_admin(book):
    page = House(book).browser().get("/sign-in")
    assert "daybook user add NAME --role admin" in text(page)
    assert '<form method="post"' not in text(page)


def test_signing_in_leads_to_where_one_was_going_and_shows_the_name(house):
    browser = house.browser()
    done = browser.sign_in("READER one", PASSWORD, next="/matters?as_of=2025-01-01")
    assert (done.status_code, done.location) == (303, "/matters?as_of=2025-01-01")
    assert "reader one" in text(browser.get("/"))


def test_a_wrong_password_is_told_at_the_field_and_what_was_typed_is_kept_but_the_password(house):
    told = house.browser().sign_in("reader one", "wrong-wrong-wrong")
    assert told.status_code == 422
    assert 'value="reader one"' in text(told)
    assert 'aria-describedby="in-password-wrong"' in text(told)
    assert "wrong-wrong-wrong" not in text(told)


def test_the_answer_for_an_unknown_name_is_that_for_a_wrong_password(house):
    known, unknown = (house.browser().sign_in(name, "wrong-wrong-wrong") for name in ("reader one", "unknown one"))
    assert (
        text(known).replace("reader one", "X")[:4000].split("csrf_token")[0]
        == text(unknown).replace("unknown one", "X")[:4000].split("csrf_token")[0]
    )
    assert known.status_code == unknown.status_code


def test_after_five_failures_it_is_429_with_a_wait_for_the_right_password_too(house):
    browser = house.browser()
    for _ in range(5):
        assert browser.sign_in("reader one", "wrong-wrong-wrong").status_code == 422
    told = browser.sign_in("reader one", PASSWORD)
    assert (told.status_code, told.headers["Retry-After"]) == (429, "30")
    assert "Wait 30 seconds" in text(told)


def test_signing_out_ends_the_session_in_the_store_also_for_a_copied_cookie(house):
    browser, thief = house.browser("editor"), house.browser()
    thief.client.set_cookie("daybook", browser.cookie().value)
    assert thief.get("/account").status_code == 200
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/account").location == "/sign-in?next=/account"
    assert thief.get("/account").location == "/sign-in?next=/account"


def test_a_session_gets_a_new_id_and_a_new_csrf_token_at_sign_in(house):
    """Session fixation: what was planted before is worth nothing after."""
    victim = house.browser()
    planted = victim.csrf()
    before = victim.cookie().value
    victim.sign_in("editor one", PASSWORD)
    assert victim.cookie().value != before
    assert victim.client.post("/account/sessions/end-others", data={"csrf_token": planted}).status_code == 400
    attacker = house.browser()
    attacker.client.set_cookie("daybook", before)
    assert attacker.get("/account").status_code == 303


def test_signing_in_anew_ends_the_former_session(house):
    browser = house.browser("editor")
    former = browser.secret()
    browser.post("/sign-in", {"name": "reader one", "password": PASSWORD}, page="/account")
    assert house.people.sessions.find(former) is None
    assert house.people.sessions.find(browser.secret()).name == "reader one"


@pytest.mark.parametrize(
    ("base", "name", "secure"), [("http://localhost", "daybook", False), ("https://localhost", "__Host-daybook", True)]
)
def test_cookies_are_not_for_scripts_or_other_sites_and_over_https_for_this_host_alone(book, base, name, secure):
    browser = House(book, base).fill().browser()
    (cookie,) = browser.get("/sign-in", base_url=base).headers.getlist("Set-Cookie")
    assert cookie.startswith(name + "=")
    parts = {part.strip().partition("=")[0].lower(): part.strip().partition("=")[2] for part in cookie.split(";")[1:]}
    assert parts["samesite"] == "Lax"
    assert parts["path"] == "/"
    assert "httponly" in parts
    assert ("secure" in parts) is secure
    assert "domain" not in parts


def test_a_forged_or_foreign_cookie_is_nobody(house, tmp_path):
    from itsdangerous import URLSafeTimedSerializer

    browser = house.browser("admin")
    forged = URLSafeTimedSerializer("guess", salt="cookie-session").dumps({"id": browser.secret()})
    for value in (forged, browser.cookie().value[:-2], "x", "{}", "\x00"):
        other = house.browser()
        other.client.set_cookie("daybook", value)
        assert other.get("/account").status_code == 303


def test_pages_of_people_are_not_kept_by_the_browser(house):
    browser = house.browser("admin")
    for page in ("/account", "/people", "/audit", "/sign-in"):
        assert browser.get(page).headers["Cache-Control"] == "no-store"


def test_a_reader_without_cookies_gets_none_from_the_pages(house):
    assert "Set-Cookie" not in house.browser().get("/").headers


# Tokens


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_wrong_token_is_401_even_where_reading_is_open(house, scheme):
    for path in ("/api/v1/matters", "/", "/feed.atom", "/metrics", "/nope"):
        for secret in ("", "x", "daybook_x", "daybook_" + "A" * 43, "daybook_\u00e9"):
            told = house.browser().get(path, headers={"Authorization": f"{scheme} {secret}".encode().decode("latin-1")})
            assert told.status_code == 401
            assert told.headers["WWW-Authenticate"] == 'Bearer realm="daybook", error="invalid_token"'


def test_guessing_a_token_is_one_seek_by_its_hash(house):
    """Nothing of a guess is compared with anything stored but its whole hash, through an index."""
    plan = house.book.rows("EXPLAIN QUERY PLAN SELECT id FROM tokens t WHERE t.hash = 'x'")
    assert "USING INDEX" in str(plan)
    assert "(hash=?)" in str(plan)


def test_a_token_ends_for_requests_when_it_ends(house):
    headers = house.token("reader", "read")
    assert house.browser().get("/api/v1/matters", headers=headers).status_code == 200
    house.book.clock.now += 9 * DAY
    assert house.browser().get("/api/v1/matters", headers=headers).status_code == 401


def test_a_token_wins_over_a_cookie(house):
    browser = house.browser("admin")
    assert browser.get("/people", headers=house.token("reader")).status_code == 403


def test_making_a_token_shows_it_once_and_it_works(house):
    browser = house.browser("recorder")
    page = text(browser.post("/account/tokens", {"name": "laptop", "scopes": ["read", "record"], "days": "30"}))
    (secret,) = re.findall(r"daybook_[\w-]{43}", page)
    assert secret not in text(browser.get("/account"))
    assert house.browser().get("/api/v1/matters", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    (token,) = house.people.tokens.of(house.ids["recorder"])
    assert (token.name, token.scopes) == ("laptop", ("read", "record"))
    assert browser.post(f"/account/tokens/{token.id}/revoke").location == "/account?done=revoked"
    assert house.browser().get("/api/v1/matters", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


@pytest.mark.parametrize(("change", "where"), [({"name": ""}, "token-name-wrong"), ({"scopes": "manage"}, "scopes-wrong"), ({"days": "400"}, "days-wrong"), ({"days": "-1"}, "days-wrong")])  # fmt: skip
def test_what_is_wrong_with_a_token_is_told_at_the_field(house, change, where):
    told = house.browser("reader").post("/account/tokens", {"name": "my laptop", "scopes": "read", "days": "9"} | change)
    assert told.status_code == 422
    assert f'id="{where}"' in text(told)
    assert "name" in change or 'value="my laptop"' in text(told)


# Accounts


def test_a_new_password_ends_the_other_sessions_and_this_one_goes_on(house):
    here, there = house.browser("editor"), house.browser("editor")
    done = here.post("/account/password", {"former": PASSWORD, "password": PASSWORD + "!", "again": PASSWORD + "!"})
    assert done.location == "/account?done=password"
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert house.browser().sign_in("editor one", PASSWORD).status_code == 422


@pytest.mark.parametrize(
    ("values", "field"),
    [(("wrong", "a new passphrase", "a new passphrase"), "former"), ((PASSWORD, "a new passphrase", "another one"), "again"), ((PASSWORD, "short", "short"), "password")],
)  # fmt: skip
def test_what_is_wrong_with_a_new_password_is_told_at_the_field(house, values, field):
    told = house.browser("editor").post("/account/password", dict(zip(("former", "password", "again"), values, strict=True)))
    assert told.status_code == 422
    assert f'id="password-{field}-wrong"' in text(told)
    assert "a new passphrase" not in text(told)


def test_an_admin_invites_and_the_invited_chooses_the_password(house):
    admin = house.browser("admin")
    page = text(admin.post("/people", {"name": "New One", "role": "recorder"}))
    (link,) = re.findall(r">http://localhost(/welcome\?code=[\w-]+)<", page)
    guest = house.browser()
    assert "Welcome, New One" in text(guest.get(link))
    values = {"code": link.partition("=")[2], "password": "chosen by myself", "again": "chosen by myself"}
    assert guest.post("/welcome", values).location == "/"
    assert "New One" in text(guest.get("/"))
    assert house.browser().get(link).status_code == 404
    assert house.browser().post("/welcome", values).status_code == 404
    assert house.people.accounts.named("new one").role == "recorder"


def test_an_erased_account_is_gone_at_once_and_its_id_stays(house):
    victim, admin, gone = house.browser("editor"), house.browser("admin"), house.ids["editor"]
    assert admin.post(f"/people/{gone}/erase", {"name": "editor"}).status_code == 422
    assert victim.get("/account").status_code == 200
    assert admin.post(f"/people/{gone}/erase", {"name": "editor one"}).location == "/people"
    assert victim.get("/account").status_code == 303
    assert house.browser().sign_in("editor one", PASSWORD).status_code == 422
    assert admin.get(f"/people/{gone}").status_code == 404
    assert "editor one" not in text(admin.get("/people")) + text(admin.get("/audit"))
    assert gone in text(admin.get(f"/audit?account={gone}"))


def test_a_role_that_was_taken_counts_with_the_next_request(house):
    second = house.people.accounts.add("second admin", "admin", "shell", PASSWORD).id
    browser = house.browser()
    browser.sign_in("second admin", PASSWORD)
    assert browser.get("/people").status_code == 200
    house.people.accounts.set_role(second, "reader", "shell")
    assert browser.get("/people").status_code == 403


# Closed reading

SHUT = ("/", "/matters", "/deadlines", "/diff", "/alerts", "/views/tiktok-status", "/feed.atom", "/feed.json", "/deadlines.ics", "/metrics",
        "/api/v1/matters", "/api/v1/events", "/api/v1/openapi.json", "/api/v1/docs/", "/nope", "/api/v1/nope", "/problems")  # fmt: skip


@pytest.mark.parametrize("path", SHUT)
def test_where_reading_is_closed_nobody_reads(closed, path):
    got = closed.browser().get(path)
    if got.status_code == 303:
        assert got.location.startswith("/sign-in?next=/")
        assert not path.startswith(("/api/", "/feed", "/metrics", "/deadlines.ics"))
    else:
        assert got.status_code == 401
        assert got.headers["WWW-Authenticate"].startswith("Bearer")


def test_no_route_was_forgotten_where_reading_is_closed(closed):
    free = {"static", "health.healthz", "health.readyz", "people.sign_in", "people.welcome"}
    for rule in closed.app.url_map.iter_rules():
        if rule.endpoint not in free and "GET" in rule.methods:
            path = re.sub("<[^>]+>", "x", rule.rule)
            turned_away = (404,) if rule.endpoint.startswith(("secret_feeds.", "codes.")) else (303, 401)
            assert closed.browser().get(path).status_code in turned_away, rule


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/sign-in", "/static/daybook.css"])
def test_probes_and_the_sign_in_page_stay_open(closed, path):
    with closed.browser().get(path) as got:
        assert got.status_code == 200


def test_a_session_or_a_token_for_reading_opens_what_is_closed(closed):
    browser = closed.browser("reader")
    for path in ("/", "/api/v1/matters", "/feed.atom", "/metrics"):
        assert browser.get(path).status_code == 200
        assert closed.browser().get(path, headers=closed.token("reader", "read")).status_code == 200
        assert closed.browser().get(path, headers=closed.token("reader", "record")).status_code == 403


def test_the_size_of_the_log_is_told_to_readers_only(house):
    house.book.open("m")
    assert "position" not in house.browser().get("/readyz").get_json()
    assert house.browser().get("/readyz", headers=house.token("reader", "read")).get_json()["position"] == 1


def test_an_idle_session_is_led_to_sign_in_and_back(closed):
    browser = closed.browser("reader")
    closed.book.clock.now += 12 * HOUR
    led = browser.get("/deadlines?status=all")
    assert led.location == "/sign-in?next=/deadlines?status%3Dall"


# The audit


def test_the_audit_names_people_and_filters(house):
    admin = house.browser("admin")
    admin.post(f"/people/{house.ids['reader']}/role", {"role": "recorder"})
    page = text(admin.get("/audit"))
    assert "role changed" in page
    assert "reader → recorder" in page
    assert "shell" in page
    only_role = text(admin.get("/audit?act=role+changed"))
    assert "reader → recorder" in only_role
    assert only_role.count("<time") == 1
    assert admin.get("/audit?act=nonsense").status_code == 422
    assert admin.get("/audit?before=-1").status_code == 422


def test_the_audit_has_older_pages(house):
    for n in range(60):
        house.people.accounts.join(house.ids["reader"], f"group-{n}", "shell")
    admin = house.browser("admin")
    page = admin.get("/audit").get_data(as_text=True)
    (older,) = re.findall(r'<a href="([^"]+)" rel="next">Older', page)
    assert page.count("<time") == 50
    assert "account made" in text(admin.get(html.unescape(older)))


def test_who_recorded_is_named_to_those_signed_in_until_the_name_is_erased(house):
    house.book.open("m")
    who = house.ids["recorder"]
    house.book.record(
        "m", "ExecutiveOrderSigned", "order", actor=who, occurred="2025-01-20", details={"number": 1, "title": "An order"}
    )
    reader, nobody = house.browser("reader"), house.browser()
    assert "by recorder one" in text(reader.get("/events/m.order"))
    assert "recorder one" not in text(nobody.get("/events/m.order"))
    assert who in text(nobody.get("/events/m.order"))
    assert nobody.get("/api/v1/events/m.order").get_json()["actor"] == who
    house.people.accounts.erase(who, "shell")
    assert who in text(reader.get("/events/m.order"))
    assert "recorder one" not in text(reader.get("/events/m.order"))


def test_a_group_that_is_there_is_chosen_and_a_new_one_is_typed(house):
    admin, reader = house.browser("admin"), house.ids["reader"]
    house.people.accounts.join(house.ids["editor"], "trade-desk", "shell")
    page = text(admin.get(f"/people/{reader}"))
    assert re.search(r'<select id="groups-known" name="group">.*<option>trade-desk</option>', page)
    assert "Add to a new group" in page
    admin.post(f"/people/{reader}/groups", {"group": "trade-desk"})
    assert "trade-desk" in house.people.accounts.get(reader).groups


def test_the_pages_of_people_speak_plainly(house):
    page = text(house.browser("recorder").get("/account"))
    assert '<strong>read</strong><span class="small">: also the private matters of your groups' in page
    house.browser().sign_in("nobody at all", "wrong-wrong-wrong")
    assert "not signed in" in text(house.browser("admin").get("/audit"))
    made = text(house.browser("admin").get("/people"))
    assert made.index('id="make-name"') < made.index("For signing in; it can be erased later.")
