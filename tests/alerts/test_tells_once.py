"""A clock asleep, a due date moved meanwhile, digests and quiet hours: each case by itself, with a real store and a real receiver."""

import threading

from structlog.testing import capture_logs

from alerts.book import Alerts
from alerts.clock import tick
from alerts.planning import Planner
from service.recording import LOADER
from tests.alerts.houses import House
from tests.alerts.receivers import http_receiver

PASSED = "passed while the clock was down"

# a clock that slept


def test_a_late_clock_sends_the_nearest_step_and_says_which_passed(asked):
    asked.at(3, 31)
    (its,) = asked.data()
    assert (its["step"], its["passed"], its["window"]["days_left"]) == ("7", ["30", "14"], 5)
    assert its["sentences"][-1] == f"2 steps {PASSED}: 30 days, 14 days."
    asked.at(3, 31, 17)
    assert asked.told() == []


def test_a_clock_asleep_for_a_week_over_two_steps_tells_one_and_sums_up_the_other(asked):
    asked.at(3, 28)
    assert asked.told() == [("step", "14", ["30"])]
    asked.at(4, 4)
    assert asked.told() == [("step", "1", ["7", "3"])]


def test_a_clock_asleep_past_the_end_sums_up_in_one_message(asked):
    asked.at(4, 2)
    asked.data()
    asked.at(4, 9)
    (its,) = asked.data()
    assert (its["what"], its["step"], its["passed"]) == ("passed", None, ["1", "0"])
    assert its["sentences"][-1] == f"2 steps {PASSED}: 1 day, the day itself."
    asked.at(4, 10)
    assert asked.told() == []


def test_two_clocks_after_a_long_sleep_tell_each_step_once(asked):
    other = asked.book.again()
    second = Alerts(other.log, asked.book.clock, asked.alerts.ways.senders, "http://daybook.test")
    asked.book.clock.set(2025, 3, 31, 16)
    threads = [
        threading.Thread(target=lambda its=its: (tick(its, asked.book.clock()), its.work())) for its in (asked.alerts, second)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.log.close()
    assert asked.told() == [("step", "7", ["30", "14"])]


def test_a_clock_set_back_tells_nothing_again_and_goes_on(asked):
    asked.at(3, 22)
    asked.at(3, 21)
    asked.at(3, 22)
    assert asked.told() == [("step", "14", ["30"])]
    asked.at(3, 29)
    assert asked.told() == [("step", "7", [])]


# history


def test_history_that_is_loaded_sends_nothing_to_people(own_bundled):
    with http_receiver() as hook:
        house = House(own_bundled, hook)
        house.ask(changes=["moved", "closed", "conflict", "amended", "new"])
        house.alerts.gather(own_bundled.clock())
        tick(house.alerts, own_bundled.clock())
        house.alerts.work()
        assert house.told() == []


def test_a_window_loaded_as_history_tells_only_what_comes(house):
    house.ask(changes=["new"])
    house.book.clock.set(2025, 3, 30, 16)
    house.window("2025-04-05", actor=LOADER)
    house.at(3, 30)
    assert house.told() == []
    house.at(4, 2)
    assert house.told() == [("step", "3", [])]


def test_a_policy_made_today_tells_todays_step_and_none_of_earlier_days(house):
    house.window("2025-04-05")
    house.at(3, 29)
    house.ask()
    house.at(3, 29, 17)
    assert house.told() == [("step", "7", [])]


def test_hours_that_were_reached_before_a_policy_was_made_are_history(house):
    house.window("2025-04-05")  # which ends on 6 April at 4:00 UTC
    house.at(4, 5, 16)
    house.book.clock.set(2025, 4, 5, 17)
    house.ask(ladder=["12h", "10h"])
    house.at(4, 5, 17)
    assert house.told() == []
    house.at(4, 5, 18)
    assert house.told() == [("step", "10h", [])]


# due dates that move


def test_a_date_that_moved_while_the_clock_slept_is_told_with_what_it_was(house):
    house.window("2025-04-05")
    house.ask(changes=["moved"])
    house.at(3, 6)
    assert house.told() == [("step", "30", [])]
    house.book.clock.set(2025, 3, 20, 16)
    house.extend("2025-04-12", "2025-03-20")
    house.at(3, 30)
    assert [(its["what"], its["change"] and its["change"]["from"], its["window"]["due"]) for its in house.data()] == [
        ("moved", "2025-04-05", "2025-04-12")
    ]
    house.at(4, 5)
    assert house.told() == [("step", "7", [])]


def test_a_date_that_moved_earlier_and_passed_while_the_clock_slept_is_still_told(house):
    house.window("2025-04-05")
    house.ask(changes=["moved"])
    house.at(3, 7)
    house.data()
    house.book.clock.set(2025, 3, 10, 16)
    house.extend("2025-03-12", "2025-03-10")
    house.at(3, 20)
    assert [(its["what"], its["change"]["to"]) for its in house.data()] == [("moved", "2025-03-12")]


def test_a_step_of_the_former_date_that_waits_is_summed_up_in_the_move(asked):
    asked.alerts.wishes.keep({"quiet_from": "12:00", "quiet_until": "20:00"}, asked.ann)
    asked.ask(changes=["moved"], name="moves", ladder=["1d"])
    asked.at(3, 22)
    asked.extend("2025-06-01", "2025-03-22")
    asked.at(3, 22, 17)
    assert asked.told() == []
    asked.at(3, 22, 21)
    (its,) = asked.data()
    assert (its["what"], its["passed"]) == ("moved", ["30", "14"])


def test_a_step_of_the_former_date_is_never_summed_up_as_one_of_the_new(asked):
    asked.alerts.wishes.keep({"quiet_from": "12:00", "quiet_until": "20:00"}, asked.ann)
    asked.at(4, 2)
    asked.extend("2025-04-16", "2025-04-02")
    asked.at(4, 2, 17)
    asked.at(4, 2, 21)
    assert asked.told() == [("step", "14", [])]


def test_a_step_is_told_after_all_when_a_move_was_a_slip_and_is_taken_back(asked):
    asked.alerts.wishes.keep({"quiet_from": "12:00", "quiet_until": "20:00"}, asked.ann)
    asked.at(3, 22)
    asked.extend("2025-06-01", "2025-03-22")
    asked.at(3, 22, 17)
    asked.at(3, 22, 21)
    assert asked.told() == []
    retracted = {"of": ["ext"], "reason": "It was a slip.", "slip": "ours"}
    asked.book.record("m", "EntryRetracted", "back", occurred="2025-03-22", announced="2025-03-22", **retracted)
    asked.at(3, 22, 22)
    assert asked.told() == [("step", "14", ["30"])]


def test_what_waits_in_quiet_hours_is_not_sent_where_the_window_was_met(asked):
    asked.alerts.wishes.keep({"quiet_from": "12:00", "quiet_until": "20:00"}, asked.ann)
    asked.at(3, 22)
    details = {"window": "pause", "evidence": "Done."}
    asked.book.record("m", "WindowMet", "met", occurred="2025-03-22", announced="2025-03-22", details=details)
    asked.at(3, 22, 21)
    assert asked.told() == []
    assert asked.book.rows("SELECT dropped FROM outbox") == [("the window is met",)]


# a window that cannot be looked at


class Failing(Planner):
    """Fails at one window, as a mistake of ours would."""

    def for_window(self, deadline, *others):
        if deadline["window"] == "bad":
            raise ZeroDivisionError
        return super().for_window(deadline, *others)


def test_a_window_that_cannot_be_looked_at_holds_up_no_other_and_is_tried_again(house):
    for name in ("bad", "good"):
        house.window("2025-04-05", name=name)
    house.ask()
    usual = house.alerts.planner
    house.alerts.planner = lambda *held, **of: Failing(*vars(usual(*held, **of)).values())
    with capture_logs() as logs:
        house.at(3, 22)
    assert [its["window"]["window"] for its in house.data()] == ["good"]
    assert [(log["log_level"], log["window"]) for log in logs if log["event"].startswith("the clock could not")] == [
        ("error", "bad")
    ]
    house.alerts.planner = usual
    house.at(3, 22, 17)
    assert [its["window"]["window"] for its in house.data()] == ["bad"]


# digests, quiet hours, snoozes


def test_of_three_steps_that_wait_for_one_digest_the_last_tells_all(house):
    house.window("2025-04-10")
    house.ask(routes=[{"channel": house.channel, "ladder": ["9d", "8d", "7d", "1d"], "rhythm": "weekly"}])
    for day in (1, 2, 3):
        house.at(4, day)
    assert house.told() == []
    house.at(4, 7, 9)
    assert house.told() == [("step", "7", ["9", "8"])]


def test_a_digest_that_is_late_does_not_wait_for_the_next_one_with_a_step_that_just_came(house):
    house.window("2025-04-10")
    house.ask(routes=[{"channel": house.channel, "ladder": ["14d", "7d"], "rhythm": "weekly"}])
    house.at(3, 27)
    house.at(4, 3, 9)
    assert [step for _, step, _ in house.told()] == ["14"]


def test_a_late_digest_does_not_break_into_quiet_hours(house):
    house.window("2025-04-20")
    house.alerts.wishes.keep({"quiet_from": "22:00", "quiet_until": "07:00"}, house.ann)
    house.ask(routes=[{"channel": house.channel, "rhythm": "daily"}])
    house.at(4, 6, 12)
    house.at(4, 7, 23)
    assert house.told() == []
    house.at(4, 8, 7)
    assert house.told() == [("step", "14", [])]


def test_a_message_that_is_tried_again_waits_for_the_end_of_quiet_hours(asked):
    asked.alerts.wishes.keep({"quiet_from": "17:00", "quiet_until": "20:00"}, asked.ann)
    asked.hook.status = 500
    asked.at(3, 22)
    asked.hook.status = 204
    asked.data()
    asked.at(3, 22, 18)
    assert asked.told() == []
    asked.at(3, 22, 20)
    assert asked.told() == [("step", "14", ["30"])]
