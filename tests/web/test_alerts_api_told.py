"""What was told, by API: asked at a point, acknowledged, snoozed, and the delivery log with its replay."""

import json

import pytest

from alerts.book import TESTED_AGAIN
from tests.web.alerting_desk import API, made, page_of, policy, told


def raised_for(desk, client):
    """A policy that has told of its window on a webhook and on the page."""
    with_hook = {"channel": made(client, "alert-channels", {"kind": "webhook", "target": desk.hook.url})["id"], "ladder": ["14d"]}
    made(
        client,
        "alert-policies",
        policy(client, routes=[{"channel": page_of(client), "ladder": ["14d", "7d"]}, with_hook], changes=[]),
    )
    desk.run()
    desk.run(days=17)
    (mine,) = client.get(f"{API}/alerts").get_json()["mine"]
    return mine


@pytest.fixture
def alerted(desk, hook):
    """A desk whose editor was told of a window."""
    desk.hook = hook
    desk.editor = desk.client("editor")
    desk.mine = raised_for(desk, desk.editor)
    return desk


def test_alerts_are_told_to_everybody_of_the_house_and_to_oneself_of_ones_own(alerted):
    nobody = alerted.app.test_client().get(f"{API}/alerts").get_json()
    assert "mine" not in nobody
    assert {each["matter"] for each in nobody["raised"]} == {"m"}
    assert {way["kind"] for way in alerted.mine["ways"]} == {"page", "webhook"}
    assert {way["state"] for way in alerted.mine["ways"]} == {"sent"}
    assert (alerted.mine["step"], alerted.mine["window"]) == ("14", "comments")
    assert alerted.client("reader").get(f"{API}/alerts").get_json()["mine"] == []


def test_alerts_are_asked_at_a_point(alerted):
    client = alerted.editor
    assert client.get(f"{API}/alerts?as_of=2026-12-09").get_json()["mine"] == []
    assert len(client.get(f"{API}/alerts?as_of=2026-12-11").get_json()["mine"]) == 1
    assert client.get(f"{API}/alerts?recorded_at=1").get_json()["mine"] == []
    assert client.get(f"{API}/alerts?limit=1&as_of=2026-12-25").get_json()["would_have_been"][0]["step"] == "0"


@pytest.mark.parametrize(
    "asked", ["as_of=soon", "recorded_at=2099-01-01", "limit=0", "limit=x", "known_on=now", "as-of=2026-12-09"]
)
def test_a_wrong_parameter_of_alerts_is_named(refusing, asked):
    assert told(refusing.app.test_client().get(f"{API}/alerts?{asked}"), 422)[0] == asked.partition("=")[0]


def test_who_acknowledges_hears_no_more_of_the_due_date_until_he_takes_it_back(alerted):
    client, item = alerted.editor, alerted.mine["item"]
    answer = client.post(f"{API}/alerts/{item}/acknowledge")
    assert (answer.status_code, answer.get_json()["acknowledged"]) == (200, True)
    assert client.delete(f"{API}/alerts/{item}/acknowledge").get_json()["acknowledged"] is False
    assert client.post(f"{API}/alerts/{item}/acknowledge").status_code == 200
    alerted.run(days=7)
    sent = [
        way
        for each in client.get(f"{API}/alerts").get_json()["mine"]
        if each["step"] == "7"
        for way in each["ways"]
        if way["state"] == "sent"
    ]
    assert sent == []


def test_an_alert_is_snoozed_until_an_instant_or_a_day_in_ones_own_zone(alerted):
    client, item = alerted.editor, alerted.mine["item"]
    client.put(f"{API}/alert-preferences", json={"time_zone": "Asia/Tokyo"})
    assert (
        client.post(f"{API}/alerts/{item}/snooze", json={"until": "2026-12-20"}).get_json()["snoozed_until"]
        == "2026-12-19T15:00:00+00:00"
    )
    until = "2026-12-18T09:00:00+01:00"
    assert (
        client.post(f"{API}/alerts/{item}/snooze", json={"until": until}).get_json()["snoozed_until"] == "2026-12-18T08:00:00+00:00"
    )
    as_on_the_page = client.post(f"{API}/alerts/{item}/snooze", json={"until": "20 dec 2026"})
    assert as_on_the_page.get_json()["snoozed_until"] == "2026-12-19T15:00:00+00:00"
    assert client.delete(f"{API}/alerts/{item}/snooze").get_json()["snoozed_until"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"until": None},
        {"until": 1},
        {"until": "soon"},
        {"until": "2026-12"},
        {"until": "2020-01-01"},
        {"until": "2099-01-01"},
        {"until": "../2027"},
    ],
)
def test_a_snooze_until_no_time_to_come_is_refused(alerted, body):
    assert told(alerted.editor.post(f"{API}/alerts/{alerted.mine['item']}/snooze", json=body), 422)[0] == "/until"


def test_nobody_acknowledges_or_snoozes_for_another(alerted):
    other, item = alerted.client("admin"), alerted.mine["item"]
    assert other.post(f"{API}/alerts/{item}/acknowledge").status_code == 404
    assert other.delete(f"{API}/alerts/{item}/acknowledge").status_code == 404
    assert other.post(f"{API}/alerts/{item}/snooze", json={"until": "2026-12-20"}).status_code == 404
    assert other.delete(f"{API}/alerts/{item}/snooze").status_code == 404


def test_the_delivery_log_has_each_message_with_its_tries_and_alerts_and_sends_it_again(alerted):
    client = alerted.editor
    (message,) = client.get(f"{API}/alert-messages").get_json()["messages"]
    assert (message["state"], message["what"], message["attempts"]) == ("sent", "alert", 1)
    whole = client.get(f"{API}/alert-messages/{message['id']}").get_json()
    assert [each["outcome"] for each in whole["tries"]] == ["sent"]
    assert [each["window"] for each in whole["alerts"]] == ["comments"]
    assert json.loads(alerted.hook.requests[0].body) == whole["body"]["data"]
    assert client.post(f"{API}/alert-messages/{message['id']}/replay").status_code == 202
    assert client.post(f"{API}/alert-messages/{message['id']}/replay").status_code == 409
    alerted.run()
    first, second = alerted.hook.requests
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)


def test_the_delivery_log_is_read_by_state_and_in_pages(alerted):
    client = alerted.editor
    for _ in range(3):
        client.post(f"{API}/alert-channels/{next(way['channel'] for way in alerted.mine['ways'] if way['kind'] == 'webhook')}/test")
        alerted.book.clock.now += TESTED_AGAIN
    read, address = [], f"{API}/alert-messages?limit=2"
    while address:
        answer = client.get(address)
        read += answer.get_json()["messages"]
        address = answer.headers["Link"].partition(">")[0].removeprefix("<") if answer.get_json()["next"] else None
    assert len(read) == len({each["id"] for each in read}) == 4
    assert "Link" not in answer.headers
    page = page_of(client)
    assert client.get(f"{API}/alert-messages?channel={page}").get_json()["messages"] == []
    assert len(client.get(f"{API}/alert-messages?state=waiting").get_json()["messages"]) == 3


@pytest.mark.parametrize("asked", ["state=lost", "after=m-none", "after=", "channel=c-none", "channel=", "limit=0", "limit=501"])
def test_a_wrong_parameter_of_the_delivery_log_is_named(refusing, asked):
    assert told(refusing.client().get(f"{API}/alert-messages?{asked}"), 422)[0] == asked.partition("=")[0]


def test_who_left_the_group_reads_no_more_of_what_its_matter_told(desk, hook):
    desk.open("zebra", group="legal")
    client = desk.client("editor", "legal")
    channel = made(client, "alert-channels", {"kind": "webhook", "target": hook.url})["id"]
    made(
        client,
        "alert-policies",
        policy(client, about={"matter": "zebra"}, routes=[{"channel": channel}], ladder=["14d"], changes=[]),
    )
    desk.run()
    desk.run(days=17)
    (message,) = client.get(f"{API}/alert-messages").get_json()["messages"]
    path = f"{API}/alert-messages/{message['id']}"
    (alert,) = client.get(path).get_json()["alerts"]
    assert alert["matter"] == "zebra"
    desk.people.accounts.leave(desk.account("editor", "legal"), "legal", "shell")
    answers = [
        client.get(path),
        client.get(f"{API}/alert-messages"),
        client.get(f"{API}/alerts"),
        client.post(f"{API}/alerts/{alert['id']}/acknowledge"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert "zebra" not in answer.get_data(as_text=True)
    assert client.get(path).get_json()["body"] is None
