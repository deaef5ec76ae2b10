"""Receivers that fail, hang, close or flood, and people who are to get nothing more: a real store and real receivers."""

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from alerts.clock import tick
from alerts.inbox import Inbox
from alerts.standing import messages
from tests.alerts.houses import DAY
from tests.alerts.receivers import closes, floods, hangs, hostile, http_receiver

# receivers that are away


def test_a_receiver_that_was_away_for_days_gets_one_message_that_sums_up(asked):
    asked.hook.status = 503
    for month, day in ((3, 22), (3, 23), (3, 29)):
        asked.at(month, day)
    asked.hook.status = 204
    asked.data()
    asked.at(3, 30)
    (its,) = asked.data()
    assert (its["step"], its["passed"]) == ("7", ["30", "14"])
    assert asked.states() == ["dropped", "sent"]


def test_a_later_step_takes_along_the_earlier_one_that_waits_behind_a_pause(house):
    house.window("2025-04-05")
    house.ask(ladder=["12h", "11h"])
    house.hook.status = 503
    house.at(4, 5, 16)
    house.hook.status = 204
    house.data()
    house.book.clock.now += 60 * 60_000_000 + 5_000_000
    tick(house.alerts, house.book.clock())
    house.alerts.work()
    house.book.clock.now += DAY // 12
    house.alerts.work()
    assert house.told() == [("step", "11h", ["12h"])]


def test_a_message_is_given_up_loudly_after_the_set_time_and_other_channels_are_unharmed(house):
    house.window("2025-04-05")
    with http_receiver(status=500) as away:
        other = house.add_channel(away.url)
        house.ask(house.channel, other, ladder=["14d"])
        house.at(3, 5)
        with capture_logs() as logs:
            house.at(3, 22)
            for _ in range(80):
                house.book.clock.now += 3_600_000_000
                house.alerts.work()
        assert house.told() == [("step", "14", [])]
        assert house.states() == ["given up", "sent"]
        assert [(log["log_level"], log["channel"]) for log in logs if log["event"] == "message given up"] == [("error", other)]
        assert 8 < len(away.requests) < 30
        assert len({each.headers["webhook-id"] for each in away.requests}) == 1


def test_a_message_that_nobody_tried_for_days_is_not_given_up_at_the_first_failure(asked):
    asked.book.clock.set(2025, 3, 22, 16)
    tick(asked.alerts, asked.book.clock())
    asked.hook.status = 503
    asked.book.clock.set(2025, 3, 26, 16)
    asked.alerts.work()
    assert asked.states() == ["waiting"]
    asked.hook.status = 204
    asked.data()
    asked.at(3, 26, 17)
    assert asked.told() == [("step", "14", ["30"])]


def answers_endlessly(connection, server):
    connection.recv(65536)
    floods(b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n", b"x" * 1024, 104_857_600)(connection, server)


@contextmanager
def answers_500():
    with http_receiver(status=500) as receiver:
        yield receiver


BAD = {
    "500": answers_500,
    "hangs": lambda: hostile(hangs),
    "closes": lambda: hostile(closes),
    "100 MB": lambda: hostile(answers_endlessly),
}


@pytest.mark.parametrize("how", BAD)
def test_a_bad_receiver_holds_up_no_other(house, how):
    house.window("2025-04-05")
    with BAD[how]() as bad:
        other = house.add_channel(bad.url)
        house.ask(other, house.channel, ladder=["14d"])
        house.at(3, 5)
        house.book.clock.set(2025, 3, 22, 16)
        tick(house.alerts, house.book.clock())
        workers = [threading.Thread(target=house.alerts.work) for _ in range(2)]
        for worker in workers:
            worker.start()
        deadline = time.monotonic() + 0.5 if how == "hangs" else time.monotonic() + 5
        while not house.hook.requests and time.monotonic() < deadline:
            time.sleep(0.01)
        assert house.told() == [("step", "14", [])]
        for worker in workers:
            worker.join(10)
        states = dict(house.book.rows("SELECT channel, state FROM messages"))
        assert states == {house.channel: "sent", other: "sent" if how == "100 MB" else "waiting"}


def test_a_replay_is_sent_as_it_was_under_the_same_id(asked):
    asked.at(3, 22)
    (message,) = messages(asked.alerts, asked.ann, 50)
    asked.book.clock.set(2025, 3, 25, 16)
    Inbox(asked.alerts, asked.ann).replay(message.id)
    asked.alerts.work()
    first, again = asked.hook.requests
    assert first.headers["webhook-id"] == again.headers["webhook-id"] == message.id
    assert json.loads(first.body) == json.loads(again.body)


# who gets nothing more


def test_a_channel_that_was_turned_off_gets_nothing_and_starts_afresh(asked):
    asked.hook.status = 503
    asked.at(3, 22)
    asked.hook.status = 204
    asked.alerts.ways.turn_off(asked.channel, asked.ann, asked.ann, "unsubscribed")
    asked.data()
    asked.at(3, 29)
    assert asked.told() == []
    asked.book.clock.set(2025, 3, 30, 16)
    asked.alerts.ways.turn_on(asked.channel, asked.ann, asked.ann)
    asked.at(3, 30)
    assert asked.told() == []
    asked.at(4, 2)
    assert asked.told() == [("step", "3", [])]


def test_what_waited_when_a_channel_was_turned_off_does_not_come_when_it_is_on_at_once_again(asked):
    asked.book.clock.set(2025, 3, 22, 16)
    tick(asked.alerts, asked.book.clock())
    asked.alerts.ways.turn_off(asked.channel, asked.ann, asked.ann, "unsubscribed")
    asked.alerts.ways.turn_on(asked.channel, asked.ann, asked.ann)
    asked.at(3, 23)
    assert asked.told() == []


@pytest.fixture
def private(house):
    """Given a matter that only a group sees, and ann in it, for whom a step waits."""
    house.people.accounts.add("root", "admin", "shell")
    house.people.accounts.join(house.ann, "desk", "shell")
    house.book.open("secret", group="desk")
    house.window("2025-04-05", matter="secret")
    house.ask(changes=["new", "moved"])
    house.at(3, 5)
    house.hook.status = 503
    house.at(3, 22)
    assert house.states() == ["sent", "waiting"]
    house.hook.status = 204
    house.data()
    return house


def test_who_left_the_group_gets_nothing_more_of_a_private_matter_nor_what_waited(private):
    private.people.accounts.leave(private.ann, "desk", "shell")
    private.at(3, 23)
    private.at(3, 29)
    assert private.told() == []
    assert private.states() == ["dropped", "sent"]


def test_a_disabled_account_gets_nothing_more_nor_what_waited(private):
    private.people.accounts.disable(private.ann, "shell")
    private.at(3, 23)
    private.at(3, 29)
    assert private.told() == []


def test_an_editor_who_becomes_a_reader_has_nothing_more_sent_to_his_webhook_until_he_is_one_again(private):
    private.people.accounts.set_role(private.ann, "reader", "shell")
    private.at(3, 23)
    assert private.told() == []
    private.people.accounts.set_role(private.ann, "editor", "shell")
    private.at(3, 29)
    assert [step for _, step, _ in private.told()] == ["7"]


def test_a_replay_does_not_carry_a_private_matter_to_who_left_its_group(private):
    private.at(3, 23)
    assert [step for _, step, _ in private.told()] == ["14"]
    message = messages(private.alerts, private.ann, 50)[0]
    Inbox(private.alerts, private.ann).replay(message.id)
    private.people.accounts.leave(private.ann, "desk", "shell")
    private.at(3, 24)
    assert private.told() == []


def test_an_erased_account_takes_all_of_its_alerting_along(private):
    private.alerts.wishes.keep({"quiet_from": "12:00", "quiet_until": "20:00"}, private.ann)
    private.alerts.wishes.snooze(private.ann, "secret", "pause", private.book.clock() + DAY)
    private.alerts.wishes.acknowledge(private.ann, "secret", "pause", "2025-04-05 secret.pause")
    private.alerts.filters.keep({"name": "mine", "about": {"matter": "secret"}}, private.ann)
    private.people.accounts.erase(private.ann, "shell")
    tables = ("channels", "filters", "policies", "preferences", "snoozes", "acknowledgements", "outbox", "messages", "deliveries")
    assert {table: private.book.rows(f"SELECT COUNT(*) FROM {table}")[0][0] for table in tables} == dict.fromkeys(tables, 0)
    private.at(3, 29)
    assert private.told() == []


def test_quiet_hours_do_not_lengthen_the_time_after_which_a_message_is_given_up(house):
    house.window("2025-04-05")
    house.alerts.wishes.keep({"quiet_from": "22:00", "quiet_until": "07:00"}, house.ann)
    house.ask(ladder=["14d"])
    house.at(3, 5)
    house.hook.status = 500
    house.at(3, 22)
    for _ in range(24 * 5):
        house.book.clock.now += 3_600_000_000
        house.alerts.work()
    assert house.states() == ["given up"]
    (ended,) = house.book.rows("SELECT (ended - due) / 3600000000 FROM messages")[0]
    assert 60 <= ended <= 90


def test_a_policy_that_is_paused_while_its_message_waits_has_nothing_sent(asked):
    asked.hook.status = 503
    asked.at(3, 22)
    (policy,) = asked.alerts.policies.of(asked.ann)
    asked.alerts.policies.keep(replace(policy, paused=True), asked.ann)
    asked.hook.status = 204
    asked.data()
    asked.at(3, 23)
    assert asked.told() == []
    assert asked.states() == ["dropped"]


# snoozes that end, floods, and who left


def test_a_snooze_ends_when_the_due_date_moves_and_not_before(house):
    house.window("2025-04-05")
    house.ask(ladder=["3d", "1d"], changes=["moved"])
    house.at(3, 24)
    house.alerts.wishes.snooze(house.ann, "m", "pause", house.book.clock() + 30 * DAY)
    house.at(4, 2)
    assert house.told() == []
    house.book.clock.set(2025, 4, 3, 14)
    house.extend("2025-04-04", on="2025-04-03")
    house.at(4, 3)
    assert sorted(what for what, _, _ in house.told()) == ["moved", "step"]


def test_a_digest_is_one_message_however_many_other_people_have_one(house):
    policy = {"name": "all", "ladder": [], "changes": ["new"]}
    others = [house.people.accounts.add(f"other {n}", "editor", "shell").id for n in range(12)]
    for account in others:
        channel = house.alerts.ways.make_confirmed(
            {"kind": "webhook", "target": f"{house.hook.url}/{account}"}, account, "shell"
        ).id
        raw = policy | {"routes": [{"channel": channel, "rhythm": "daily"}]}
        house.alerts.policies.keep(house.alerts.policies.read(raw, account, house.book.clock()), account)
    for n in range(50):
        house.window("2025-09-01", f"w-{n}")
    house.at(3, 1, 17)
    house.at(3, 2, 9)
    assert house.book.rows("SELECT what, state, COUNT(*) FROM messages GROUP BY 1, 2") == [("digest", "sent", 12)]


def test_one_account_keeps_two_senders_busy_at_most(house):
    from alerts import outbox

    for n in range(5):
        channel = house.add_channel(f"{house.hook.url}/{n}")
        house.alerts.send_test(house.alerts.ways.get(channel, house.ann))
    now = house.book.clock()
    with house.book.log.recorder.writing() as c:
        claimed = []
        while key := outbox.due_message(c, now):
            assert outbox.claim(c, key, "me", now, now + DAY)
            claimed.append(key)
    assert len(claimed) == 2
