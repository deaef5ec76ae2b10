"""Channels by API: secrets are answered once, addresses are proved, and what is wrong is told at its place."""

import pytest
from standardwebhooks import Webhook

from alerts.book import TESTED_AGAIN
from alerts.ways import ASKED_AGAIN, MOST_PROOFS
from domain.instants import moment
from tests.web.alerting_desk import API, DAY, made, page_of, policy, told


def test_a_webhooks_secret_is_answered_at_making_and_rotating_and_never_again(desk, hook):
    client = desk.client("editor")
    its = made(client, "alert-channels", {"kind": "webhook", "target": f"{hook.url}/a-secret-path", "name": "Ours"})
    assert its["secret"].startswith("whsec_")
    assert (its["target"], its["secrets"], its["name"]) == (hook.url, 1, "Ours")
    first, path = its["secret"], f"{API}/alert-channels/{its['id']}"
    second = client.post(f"{path}/rotate").get_json()
    assert second["secret"].startswith("whsec_")
    assert second["secret"] != first
    assert second["secrets"] == 2
    dropped = client.post(f"{path}/drop-former")
    told_again = "".join(
        answer.get_data(as_text=True)
        for answer in (
            client.get(path),
            client.get(f"{API}/alert-channels"),
            dropped,
            client.post(f"{path}/turn-off"),
            client.post(f"{path}/turn-on"),
        )
    )
    assert "whsec_" not in told_again
    assert "a-secret-path" not in told_again
    assert dropped.get_json()["secrets"] == 1


def test_a_test_reaches_the_webhook_signed_with_both_secrets_while_it_is_rotated(desk, hook):
    client = desk.client("editor")
    its = made(client, "alert-channels", {"kind": "webhook", "target": hook.url})
    second = client.post(f"{API}/alert-channels/{its['id']}/rotate").get_json()["secret"]
    answer = client.post(f"{API}/alert-channels/{its['id']}/test")
    assert answer.status_code == 202
    desk.run()
    (request,) = hook.requests
    headers = {name: value for name, value in request.headers.items() if name.startswith("webhook-")}
    assert headers["webhook-id"] == answer.get_json()["message"]
    for secret in (its["secret"], second):
        signed = {"id": headers["webhook-id"], "time": moment(int(headers["webhook-timestamp"]) * 1_000_000)}
        expected = Webhook(secret).sign(signed["id"], signed["time"], request.body.decode())
        assert expected in headers["webhook-signature"].split()


def test_tests_do_not_come_thick_and_fast(desk, hook):
    client = desk.client("editor")
    its = made(client, "alert-channels", {"kind": "webhook", "target": hook.url})
    path = f"{API}/alert-channels/{its['id']}/test"
    assert client.post(path).status_code == 202
    assert "less than half a minute ago" in told(client.post(path), 409)[1]
    desk.book.clock.now += TESTED_AGAIN
    assert client.post(path).status_code == 202
    assert "needs no test" in told(client.post(f"{API}/alert-channels/{page_of(client)}/test"), 409)[1]


def test_turning_on_what_is_on_changes_nothing(desk, hook):
    client = desk.client("editor")
    its = made(client, "alert-channels", {"kind": "webhook", "target": hook.url})
    desk.book.clock.now += DAY
    for _ in range(2):
        assert client.post(f"{API}/alert-channels/{its['id']}/turn-on").get_json()["confirmed"] == its["confirmed"]
    assert desk.alerts.store.row("SELECT COUNT(*) FROM audit WHERE act='alert channel changed'") == (0,)


def test_an_address_is_confirmed_by_its_reader_and_tested_only_then(desk):
    client = desk.client()
    its = made(client, "alert-channels", {"kind": "email", "target": "ann@example.org"})
    path = f"{API}/alert-channels/{its['id']}"
    assert its["confirmed"] is None
    assert "secret" not in its
    assert told(client.post(f"{path}/test"), 409)[0] == "channel"
    desk.run()
    assert "less than ten minutes ago" in told(client.post(f"{path}/confirm-again"), 409)[1]
    desk.book.clock.now += ASKED_AGAIN
    assert client.post(f"{path}/confirm-again").status_code == 202
    desk.run()
    former, latest = (message.get_body(("plain",)).get_content() for message in desk.mail.messages)
    codes = [next(word for word in text.split() if "/confirm/" in word).rpartition("/")[2] for text in (former, latest)]
    assert codes[0] != codes[1]
    desk.alerts.ways.confirm(codes[1])
    assert client.get(path).get_json()["confirmed"]
    assert client.post(f"{path}/confirm-again").status_code == 409
    assert client.post(f"{path}/test").status_code == 202


def test_the_link_that_proves_an_address_is_not_in_the_delivery_log(desk):
    client = desk.client()
    its = made(client, "alert-channels", {"kind": "email", "target": "somebody.else@example.org"})
    desk.run()
    text = desk.mail.messages[-1].get_body(("plain",)).get_content()
    code = next(word for word in text.split() if "/confirm/" in word).rpartition("/")[2]
    shown = client.get(f"{API}/alert-messages/{its['message']}")
    assert (shown.get_json()["state"], shown.get_json()["body"]) == ("sent", None)
    assert code not in shown.get_data(as_text=True) + client.get(f"{API}/alert-messages").get_data(as_text=True)
    assert client.post(f"{API}/alert-messages/{its['message']}/replay").status_code == 409


def test_nobody_has_strangers_sent_many_links(desk):
    client = desk.client()
    its = made(client, "alert-channels", {"kind": "email", "target": "stranger@example.org"})
    for n in range(MOST_PROOFS - 1):
        made(client, "alert-channels", {"kind": "email", "target": f"stranger{n}@example.org"})
    desk.book.clock.now += ASKED_AGAIN - 1
    assert told(client.post(f"{API}/alert-channels/{its['id']}/confirm-again"), 409)[0] == "channel"
    desk.book.clock.now += 1
    late = client.post(f"{API}/alert-channels/{its['id']}/confirm-again")
    assert (late.status_code, int(late.headers["Retry-After"]) > 2900) == (429, True)
    assert client.post(f"{API}/alert-channels", json={"kind": "email", "target": "other@example.org"}).status_code == 429
    desk.book.clock.now += DAY
    assert client.post(f"{API}/alert-channels/{its['id']}/confirm-again").status_code == 202


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"kind": "email", "target": "no address"}, "/target"),
        ({"kind": "email"}, "/target"),
        ({"kind": "email", "target": "a@example.org", "secrets": []}, "/secrets"),
        ({"kind": "email", "target": "a@example.org", "confirmed": 1}, "/confirmed"),
        ({"kind": "page", "target": "x"}, "/kind"),
        ({"kind": "pigeon", "target": "x"}, "/kind"),
        ({"kind": "webhook", "target": "http://169.254.169.254/latest"}, "/target"),
        ({"kind": "webhook", "target": "http://0x7f000002/"}, "/target"),
        ({"kind": "webhook", "target": "http://[::1]:80/"}, "/target"),
        ({"kind": "webhook", "target": "ftp://example.org"}, "/target"),
        ({"kind": "webhook", "target": "http://u:p@127.0.0.1/"}, "/target"),
    ],
)
def test_what_is_wrong_in_a_channel_is_told_at_its_place(refusing, body, where):
    client = refusing.client("editor")
    assert told(client.post(f"{API}/alert-channels", json=body), 422)[0] == where
    assert len(client.get(f"{API}/alert-channels").get_json()["channels"]) == 1


def test_the_page_stays_and_has_no_secrets(desk):
    client = desk.client()
    page = page_of(client)
    assert client.delete(f"{API}/alert-channels/{page}").status_code == 409
    assert client.post(f"{API}/alert-channels/{page}/rotate").status_code == 409


def test_a_channel_that_a_policy_uses_is_not_deleted(desk, hook):
    client = desk.client("editor")
    its = made(client, "alert-channels", {"kind": "webhook", "target": hook.url})["id"]
    made(client, "alert-policies", policy(client, routes=[{"channel": its}]))
    assert client.delete(f"{API}/alert-channels/{its}").status_code == 409
    assert client.post(f"{API}/alert-channels", json={"kind": "webhook", "target": hook.url}).status_code == 409
