"""Alerts by API: whose they are, who may, and policies, filters, preferences and secret addresses."""

from urllib.parse import urlsplit

import pytest

from domain.instants import moment
from tests.web.alerting_desk import ABOUT, API, DAY, made, page_of, policy, told
from tests.web.asking import clean

# Who may


EVERY = (
    ("GET", "alert-policies"), ("POST", "alert-policies"), ("GET", "alert-policies/x"), ("PUT", "alert-policies/x"),
    ("DELETE", "alert-policies/x"), ("POST", "alert-policies/preview"), ("GET", "alert-channels"), ("POST", "alert-channels"),
    ("GET", "alert-channels/x"), ("DELETE", "alert-channels/x"),
    *(("POST", f"alert-channels/x/{act}") for act in ("test", "confirm-again", "rotate", "drop-former", "turn-off", "turn-on")),
    ("GET", "alert-filters"), ("POST", "alert-filters"), ("GET", "alert-filters/x"), ("PUT", "alert-filters/x"),
    ("DELETE", "alert-filters/x"), ("GET", "alert-preferences"), ("PUT", "alert-preferences"), ("GET", "alert-messages"),
    ("GET", "alert-messages/x"), ("POST", "alert-messages/x/replay"), ("GET", "alert-addresses"), ("POST", "alert-addresses"),
    ("DELETE", "alert-addresses/x"), ("POST", "alerts/x/acknowledge"), ("DELETE", "alerts/x/acknowledge"),
    ("POST", "alerts/x/snooze"), ("DELETE", "alerts/x/snooze"),
)  # fmt: skip


def test_every_route_of_ones_own_is_in_the_list_of_those_tried(desk):
    own = {
        (method, urlsplit(rule.rule).path.removeprefix(f"{API}/").partition("<")[0])
        for rule in desk.app.url_map.iter_rules()
        if rule.rule.startswith((f"{API}/alert-", f"{API}/alerts/"))
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert own == {(method, path.partition("/x")[0] + "/" * ("/x" in path)) for method, path in EVERY}


def test_nobody_and_a_token_without_the_scope_get_nothing(refusing):
    nobody, other = refusing.app.test_client(), refusing.client("admin", scopes=("read", "record", "matters"))
    for method, path in EVERY:
        body = {} if method in ("POST", "PUT") else None
        assert nobody.open(f"{API}/{path}", method=method, json=body).status_code == 401, path
        assert other.open(f"{API}/{path}", method=method, json=body).status_code == 403, path


def test_nobody_sees_or_touches_what_is_anothers(desk, hook):
    theirs, mine = desk.client("editor"), desk.client("reader")
    channel = made(theirs, "alert-channels", {"kind": "webhook", "target": hook.url})["id"]
    saved = made(theirs, "alert-filters", {"name": "Pauses", "about": {"words": "pause"}})["id"]
    its = made(theirs, "alert-policies", policy(theirs, routes=[{"channel": channel}]))["id"]
    address = made(theirs, "alert-addresses", {"name": "Phone"})["id"]
    message = theirs.post(f"{API}/alert-channels/{channel}/test").get_json()["message"]
    before = theirs.get(f"{API}/alert-channels/{channel}").get_json()
    ids = {
        "alert-policies": its,
        "alert-channels": channel,
        "alert-filters": saved,
        "alert-messages": message,
        "alert-addresses": address,
    }
    for method, path in EVERY:
        kind = path.partition("/")[0]
        if "/x" in path and kind in ids:
            body = {"name": "N", "about": {}} if kind == "alert-filters" else policy(mine) if method == "PUT" else None
            answer = mine.open(f"{API}/{path.replace('/x', '/' + ids[kind])}", method=method, json=body)
            assert answer.status_code == 404, (path, answer.data)
    for path, key in (
        ("alert-policies", "policies"),
        ("alert-filters", "filters"),
        ("alert-messages", "messages"),
        ("alert-addresses", "addresses"),
    ):
        assert mine.get(f"{API}/{path}").get_json()[key] == []
        assert len(theirs.get(f"{API}/{path}").get_json()[key]) == 1
    assert theirs.get(f"{API}/alert-channels/{channel}").get_json() == before
    where, _ = told(mine.post(f"{API}/alert-policies", json=policy(mine, routes=[{"channel": channel}])), 422)
    assert where == "/routes/0/channel"
    where, _ = told(mine.post(f"{API}/alert-policies", json=policy(mine, about=None, filter=saved)), 404)
    assert where == "/filter"


def test_only_an_editor_sets_a_webhook_and_one_who_was_is_no_longer(desk, hook):
    for role in ("reader", "recorder"):
        answer = desk.client(role).post(f"{API}/alert-channels", json={"kind": "webhook", "target": hook.url})
        assert answer.status_code == 403
        assert "webhook" in clean(answer)["detail"]
    editor = desk.client("editor")
    channel = made(editor, "alert-channels", {"kind": "webhook", "target": hook.url})["id"]
    desk.people.accounts.set_role(desk.account("editor"), "reader", "shell")
    for act in ("test", "rotate", "drop-former", "turn-on"):
        assert editor.post(f"{API}/alert-channels/{channel}/{act}").status_code == 403
    assert editor.post(f"{API}/alert-channels/{channel}/turn-off").status_code == 200
    assert editor.delete(f"{API}/alert-channels/{channel}").status_code == 204


def test_a_service_by_url_is_the_operators_alone(desk):
    where, detail = told(desk.client("admin").post(f"{API}/alert-channels", json={"kind": "apprise", "target": "ntfy://x"}), 422)
    assert (where, "email, webhook" in detail) == ("/kind", True)


# Policies


def test_a_policy_is_made_read_changed_and_deleted(desk):
    client = desk.client()
    body = policy(client, ladder=["12h", "7d", "7d"], changes=["moved"])
    answer = client.post(f"{API}/alert-policies", json=body)
    its = answer.get_json()
    assert (answer.status_code, urlsplit(answer.headers["Location"]).path) == (201, f"{API}/alert-policies/{its['id']}")
    route = {"channel": page_of(client), "ladder": ["7d", "12h"], "rhythm": "at once"}
    assert {**its, "id": 0, "since": 0} == {
        "id": 0, "name": "All of m", "about": ABOUT, "filter": None, "changes": ["moved"], "routes": [route], "paused": False, "since": 0,
    }  # fmt: skip
    assert its["since"] == moment(desk.book.clock()).isoformat()
    assert client.get(f"{API}/alert-policies/{its['id']}").get_json() == its
    assert client.get(f"{API}/alert-policies").get_json() == {"policies": [its]}
    without = {name: value for name, value in its.items() if name not in ("id", "since")}
    renamed = client.put(f"{API}/alert-policies/{its['id']}", json=without | {"name": "Renamed"})
    assert renamed.get_json() == its | {"name": "Renamed"}
    assert client.delete(f"{API}/alert-policies/{its['id']}").status_code == 204
    assert client.get(f"{API}/alert-policies/{its['id']}").status_code == 404


def test_what_put_leaves_as_it_was_goes_on_counting_and_what_it_adds_counts_from_now(desk):
    client = desk.client()
    its = made(client, "alert-policies", policy(client, ladder=["7d"], changes=[]))
    desk.book.clock.now += DAY
    changed = client.put(f"{API}/alert-policies/{its['id']}", json=policy(client, ladder=["7d", "3d"], changes=[])).get_json()
    assert changed["since"] == its["since"]
    (kept,) = desk.alerts.policies.of(desk.account("reader"))
    page = page_of(client)
    assert kept.counts_from(page, "3d") - kept.counts_from(page, "7d") == DAY
    anew = client.put(f"{API}/alert-policies/{its['id']}", json=policy(client, about={}, ladder=["7d"], changes=[])).get_json()
    assert anew["since"] == moment(desk.book.clock()).isoformat()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"ladder": ["-3d"]}, "/ladder"),
        ({"ladder": ["soon"]}, "/ladder"),
        ({"ladder": ["721h"]}, "/ladder"),
        ({"ladder": "30d; soon"}, "/ladder"),
        ({"ladder": [], "changes": []}, "/ladder"),
        ({"changes": ["gone"]}, "/changes/0"),
        ({"name": ""}, "/name"),
        ({"name": None}, "/name"),
        ({"paused": "yes"}, "/paused"),
        ({"routes": []}, "/routes"),
        ({"routes": [{"channel": "c-none"}]}, "/routes/0/channel"),
        ({"routes": [{"channel": "", "rhythm": "hourly"}]}, "/routes/0/channel"),
        ({"about": {"window": "w"}}, "/about/matter"),
        ({"about": {"kind": "Nonsense"}}, "/about/kind"),
        ({"about": {"nonsense": 1}}, "/about/nonsense"),
        ({"about": {"matter": "nowhere"}}, "/about/matter"),
        ({"about": {"matter": "m", "window": "nowhere"}}, "/about/window"),
        ({"since": 1}, "/since"),
        ({"id": "y-1"}, "/id"),
        ({"account": "u-1"}, "/account"),
        ({"filter": "f-1"}, "/filter"),
    ],
)
def test_what_is_wrong_in_a_policy_is_told_at_its_place(refusing, change, where):
    client = refusing.client()
    its = next(iter(client.get(f"{API}/alert-policies").get_json()["policies"]), None) or made(
        client, "alert-policies", policy(client, name="Stands")
    )
    for method, path in (("POST", "alert-policies"), ("POST", "alert-policies/preview"), ("PUT", f"alert-policies/{its['id']}")):
        answer = client.open(f"{API}/{path}", method=method, json=policy(client) | change)
        assert told(answer, 422)[0] == where, (path, answer.data)
    assert client.get(f"{API}/alert-policies").get_json() == {"policies": [its]}


@pytest.mark.parametrize("body", [[], "x", 1, None])
def test_a_body_that_is_no_mapping_is_refused(refusing, body):
    client = refusing.client()
    for method, path in (
        ("POST", "alert-policies"),
        ("POST", "alert-channels"),
        ("POST", "alert-filters"),
        ("POST", "alert-addresses"),
        ("PUT", "alert-preferences"),
    ):
        assert client.open(f"{API}/{path}", method=method, json=body).status_code == 422


def test_lead_times_are_read_as_on_the_page_also_in_one_text(desk):
    client = desk.client()
    its = made(client, "alert-policies", policy(client, ladder="30d; 7d, 12h"))
    assert its["routes"][0]["ladder"] == ["30d", "7d", "12h"]


def test_two_policies_do_not_share_a_name(desk):
    client = desk.client()
    made(client, "alert-policies", policy(client))
    assert told(client.post(f"{API}/alert-policies", json=policy(client)), 409)[0] == "/name"


def test_a_preview_tells_the_next_sends_and_stores_nothing(desk):
    client = desk.client()
    client.put(f"{API}/alert-preferences", json={"time_zone": "Europe/Berlin", "quiet_from": "00:00", "quiet_until": "08:00"})
    before = desk.book.rows("SELECT * FROM policies"), desk.book.rows("SELECT * FROM outbox")
    answer = client.post(f"{API}/alert-policies/preview", json=policy(client, ladder=["60d", "30d", "7d", "0d"]))
    body = answer.get_json()
    assert answer.status_code == 200
    assert [(each["step"], each["due"], each["days_left"]) for each in body["coming"]] == [
        ("30d", "2026-12-24", 30), ("7d", "2026-12-24", 7), ("0d", "2026-12-24", 0),
    ]  # fmt: skip
    assert (body["windows"], body["passed"], body["more"]) == (1, 1, 0)
    assert before == (desk.book.rows("SELECT * FROM policies"), desk.book.rows("SELECT * FROM outbox"))


def test_a_preview_tells_nothing_of_a_matter_of_another_group(desk):
    desk.open("zebra", group="legal")
    outside, inside = desk.client("reader"), desk.client("reader", "legal")
    for client, expected in ((outside, {"m"}), (inside, {"m", "zebra"})):
        coming = client.post(f"{API}/alert-policies/preview", json=policy(client, about={})).get_json()["coming"]
        assert {each["matter"] for each in coming} == expected


# Filters, preferences, addresses


def test_a_filter_is_saved_used_changed_and_not_deleted_while_it_is_used(desk):
    client = desk.client()
    saved = made(client, "alert-filters", {"name": "Of m", "about": {"matter": "m"}})
    assert saved["about"] == ABOUT
    its = made(client, "alert-policies", policy(client, about=None, filter=saved["id"]))
    assert (its["about"], its["filter"]) == (None, saved["id"])
    changed = client.put(f"{API}/alert-filters/{saved['id']}", json={"name": "Of m", "about": {"matter": "m", "words": "comments"}})
    assert changed.get_json()["about"]["words"] == "comments"
    assert client.delete(f"{API}/alert-filters/{saved['id']}").status_code == 409
    assert client.delete(f"{API}/alert-policies/{its['id']}").status_code == 204
    assert client.delete(f"{API}/alert-filters/{saved['id']}").status_code == 204
    assert client.get(f"{API}/alert-filters").get_json() == {"filters": []}
    acts = [act for (act,) in desk.alerts.store.rows("SELECT act FROM audit WHERE detail LIKE '%filter%' ORDER BY at")]
    assert acts == ["alert filter kept", "alert filter kept", "alert filter deleted"]


def test_a_filter_that_is_changed_is_looked_at_anew(desk):
    client = desk.client()
    saved = made(client, "alert-filters", {"name": "F", "about": {"matter": "m", "words": "nothing of it"}})
    made(client, "alert-policies", policy(client, about=None, filter=saved["id"], ladder=["30d"], changes=[]))
    desk.run()
    assert desk.alerts.store.row("SELECT COUNT(*) FROM outbox") == (0,)
    changed = client.put(f"{API}/alert-filters/{saved['id']}", json={"name": "F", "about": {"matter": "m", "words": "comments"}})
    assert changed.status_code == 200
    desk.run()
    assert desk.alerts.store.row("SELECT COUNT(*) FROM outbox") == (1,)


def test_a_filter_and_a_policy_about_what_is_not_there_are_refused_in_the_words_of_the_pages(desk):
    client = desk.client()
    desk.open("hidden", group="desk")
    for path, body in (("alert-filters", {"name": "F"}), ("alert-policies", policy(client))):
        for matter in ("nowhere", "hidden"):
            where, detail = told(client.post(f"{API}/{path}", json=body | {"about": {"matter": matter}}), 422)
            assert (where, detail) == ("/about/matter", f"There is no matter “{matter}”. Matters: m.")
    saved = made(client, "alert-filters", {"name": "F", "about": {"matter": "m"}})
    answer = client.put(f"{API}/alert-filters/{saved['id']}", json={"name": "F", "about": {"matter": "m", "window": "lost"}})
    assert told(answer, 422) == ("/about/window", "The matter “m” has no window “lost”. It has: comments.")
    assert client.get(f"{API}/alert-filters/{saved['id']}").get_json() == saved


def test_a_policy_has_a_filter_of_its_own_or_a_saved_one(desk):
    client = desk.client()
    saved = made(client, "alert-filters", {"name": "Of m", "about": {"matter": "m"}})["id"]
    assert told(client.post(f"{API}/alert-policies", json=policy(client, filter=saved)), 422)[0] == "/filter"


def test_preferences_are_as_usual_until_somebody_says_otherwise(desk):
    client = desk.client()
    usual = {"time_zone": "UTC", "quiet_from": None, "quiet_until": None, "digest_at": "08:00", "digest_day": 0}
    assert client.get(f"{API}/alert-preferences").get_json() == usual
    wanted = {"time_zone": "Asia/Tokyo", "quiet_from": "22:00", "quiet_until": "07:00", "digest_at": "09:30", "digest_day": 4}
    assert client.put(f"{API}/alert-preferences", json=wanted).get_json() == wanted
    assert client.get(f"{API}/alert-preferences").get_json() == wanted


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"quiet_from": "22:00"}, "/quiet_until"),
        ({"quiet_until": "07:00"}, "/quiet_from"),
        ({"quiet_from": "25:00", "quiet_until": "07:00"}, "/quiet_from"),
        ({"digest_at": "8"}, "/digest_at"),
        ({"digest_day": 7}, "/digest_day"),
        ({"digest_day": "1"}, "/digest_day"),
        ({"nonsense": 1}, "/nonsense"),
    ],
)
def test_what_is_wrong_in_preferences_is_told_at_its_place(refusing, wanted, where):
    assert told(refusing.client().put(f"{API}/alert-preferences", json=wanted), 422)[0] == where


def test_a_secret_address_is_answered_once_reads_by_itself_and_ends_when_it_is_revoked(desk):
    client = desk.client()
    its = made(client, "alert-addresses", {"name": "My phone", "about": {"matter": "m"}})
    secret = its["calendar"].split("/s/")[1].partition("/")[0]
    assert its["atom"].endswith(f"/s/{secret}/feed.atom")
    assert its["json"].endswith(f"/s/{secret}/feed.json")
    reader = desk.app.test_client()
    assert b"Comments on m" in reader.get(f"/s/{secret}/deadlines.ics").data
    listed = client.get(f"{API}/alert-addresses")
    assert secret not in listed.get_data(as_text=True)
    assert listed.get_json()["addresses"][0]["about"] == ABOUT
    assert client.delete(f"{API}/alert-addresses/{its['id']}").status_code == 204
    assert reader.get(f"/s/{secret}/deadlines.ics").status_code == 404
    assert client.get(f"{API}/alert-addresses").get_json()["addresses"][0]["revoked"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "/name"), ({"name": " "}, "/name"), ({"name": "x", "about": {"window": "w"}}, "/about/matter"), ({"name": "x", "secret": "s"}, "/secret"),
        ({"name": "x", "about": {"kind": "Nonsense"}}, "/about/kind"), ({"name": "x", "about": {"matter": "nowhere"}}, "/about/matter"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_an_address_is_told_at_its_place(refusing, body, where):
    assert told(refusing.client().post(f"{API}/alert-addresses", json=body), 422)[0] == where
