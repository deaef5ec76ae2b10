"""What keeps alerts from being lost, doubled or late where several things come together: each guard by the case that needs it."""

import pytest

from alerts import outbox
from alerts.clock import tick
from alerts.judging import OVERTAKEN
from service.visitor import Visitor

MINUTE = 60_000_000
BEFORE_THE_HOUSE = ["100h"]
"""A lead time that only its person has: the clock looks then because he asks, and not because the daybook's own ladder does."""


def retract(house, *keys):
    for key in keys:
        why = {"of": [key], "reason": "It was a slip.", "slip": "ours"}
        house.book.record("m", "EntryRetracted", f"no-{key}", occurred="2025-03-29", announced="2025-03-29", **why)


# what was not sent in time


def test_a_step_that_waits_for_a_long_pause_to_end_is_summed_up_in_the_one_that_is_reached_meanwhile(house):
    house.window("2025-04-05")
    house.ask(ladder=["12h", "11h"])
    house.hook.status = 503
    house.at(4, 5, 16)
    for minutes in (1, 3, 13, 43):
        house.book.clock.set(2025, 4, 5, 16, minutes)
        house.alerts.work()
    house.hook.status = 204
    house.data()
    house.at(4, 5, 17)
    assert house.told() == [("step", "11h", ["12h"])]
    house.at(4, 5, 19)
    assert house.told() == []


def test_a_step_that_is_true_again_is_not_told_after_a_later_one_of_the_same_day(house):
    house.window("2025-04-05")
    policy = house.ask(ladder=["14d", "7d"])
    house.alerts.wishes.keep({"quiet_from": "12:00", "quiet_until": "20:00"}, house.ann)
    house.at(3, 22)
    house.extend("2025-06-01", "2025-03-22", "away")
    house.at(3, 22, 21)
    house.book.clock.set(2025, 3, 23, 16)
    house.extend("2025-04-05", "2025-03-23", "back")
    house.at(3, 23, 21)
    house.at(3, 29, 21)
    assert house.told() == [("step", "7", [])]
    raw = {"name": "all", "changes": [], "routes": [{"channel": house.channel, "ladder": ["14d"]}]}
    house.alerts.policies.keep(house.alerts.policies.read(raw, house.ann, house.book.clock(), policy.id), house.ann)
    retract(house, "back", "away")
    house.at(3, 29, 22)
    assert house.told() == []
    assert ("14", OVERTAKEN) in house.book.rows("SELECT json_extract(facts, '$.step'), dropped FROM outbox")


# what goes together


@pytest.mark.parametrize(("windows", "messages"), [(5, 5), (6, 1)])
def test_more_than_five_alerts_at_once_come_in_one_message(house, windows, messages):
    for n in range(windows):
        house.window("2025-04-05", name=f"w{n}")
    house.ask(ladder=["14d"])
    house.at(3, 22)
    assert len(house.hook.requests) == messages
    assert sorted(its["window"]["window"] for its in house.data()) == [f"w{n}" for n in range(windows)]


def test_a_channel_that_is_spoken_to_gets_no_second_message_and_holds_up_no_other(book):
    def due(at):
        with book.alerts.store.writing() as c:
            return outbox.due_message(c, at)

    now = book.clock()
    with book.alerts.store.writing() as c:
        for n, (key, channel) in enumerate((("first", "c-1"), ("second", "c-1"), ("other", "c-0"))):
            outbox.put_message(c, key, "u-1", channel, "alert", now + n, now, None)
    assert due(now + 5) == "first"
    with book.alerts.store.writing() as c:
        assert outbox.claim(c, "first", "a worker", now + 5, now + MINUTE)
    assert due(now + 5) == "other"
    with book.alerts.store.writing() as c:
        assert outbox.claim(c, "other", "another", now + 5, now + MINUTE)
    assert due(now + 5) is None
    assert due(now + MINUTE) == "first"


# who wants to hear of what has changed


def test_what_happened_before_a_channel_was_turned_on_again_is_not_told(house):
    house.ask(changes=["new"])
    house.alerts.ways.turn_off(house.channel, house.ann, house.ann, "asked for")
    house.book.clock.set(2025, 3, 2, 16)
    house.window("2025-09-01", name="while-off")
    house.book.clock.set(2025, 3, 2, 17)
    house.alerts.ways.turn_on(house.channel, house.ann, house.ann)
    house.at(3, 2, 18)
    assert house.told() == []
    house.window("2025-09-01", name="while-on")
    house.at(3, 2, 19)
    assert house.told() == [("new", None, [])]


@pytest.fixture
def closed_off(house):
    """Given a matter that only the desk sees, ann outside it who asks for 100 hours, and a clock that ran on 30 March."""
    house.people.accounts.add("root", "admin", "shell")
    house.book.open("secret", group="desk")
    house.window("2025-04-05", matter="secret")
    house.ask(ladder=BEFORE_THE_HOUSE)
    house.at(3, 30)
    return house


def hears_100_hours_before(house):
    """The clock takes in what changed, and then looks when 100 hours are left."""
    house.at(3, 30, 17)
    assert house.told() == []
    house.at(4, 2, 1)
    return house.told() == [("step", "100h", [])]


def test_who_joins_a_group_is_told_at_his_own_hour(closed_off):
    closed_off.people.accounts.join(closed_off.ann, "desk", "shell")
    assert hears_100_hours_before(closed_off)


def test_who_sees_a_matter_since_it_was_shared_is_told_at_his_own_hour(closed_off):
    closed_off.book.daybook.share_matter("secret", None, Visitor("u-root", "admin", frozenset({"desk"})))
    assert hears_100_hours_before(closed_off)


def test_whose_role_allows_his_channel_again_is_told_at_his_own_hour(closed_off):
    closed_off.people.accounts.join(closed_off.ann, "desk", "shell")
    closed_off.people.accounts.set_role(closed_off.ann, "reader", "shell")
    closed_off.at(3, 30, 16)
    closed_off.people.accounts.set_role(closed_off.ann, "editor", "shell")
    assert hears_100_hours_before(closed_off)


def looks_anew(house):
    """Whether the next tick would look at the window although nothing comes of it."""
    before = house.book.rows("SELECT value FROM clock WHERE name='audit'")
    tick(house.alerts, house.book.clock())
    return house.book.rows("SELECT value FROM clock WHERE name='audit'") != before


def test_only_what_alters_who_is_told_lets_the_clock_look_at_every_window_anew(asked):
    ways = asked.alerts.ways
    assert not looks_anew(asked)
    asked.add_channel(asked.hook.url + "/other")
    ways.rotate(asked.channel, asked.ann, asked.ann)
    ways.drop_former(asked.channel, asked.ann, asked.ann)
    assert not looks_anew(asked)
    ways.turn_off(asked.channel, asked.ann, asked.ann, "asked for")
    ways.turn_on(asked.channel, asked.ann, asked.ann)
    assert looks_anew(asked)
