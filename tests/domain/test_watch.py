"""The ladder and the watch: each step once, moved due dates, and a clock that was away."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import AlertRaised, StepsPassed
from domain.instants import after, start_of
from domain.ladder import LADDER, alert_id
from domain.watch import HOUSE, Plan, Sight, Watch

DUE = date(2025, 4, 5)
MOVED = date(2025, 6, 19)


@pytest.fixture
def watch():
    watch = Watch.begin("m", "pause")
    watch.collect_events()
    return watch


def look(watch, today, due=DUE, given_by="opened", plans=(HOUSE,), **more) -> None:
    """See the window at the start of a day."""
    sight = Sight("75 days", due, "last day", given_by, today, after(due, "UTC"), "UTC", **more)
    watch.see(sight, start_of(today, "UTC"), plans)


def see(watch, today, due=DUE, given_by="opened") -> list[tuple[str, int]]:
    """The steps raised, each with the days left."""
    look(watch, today, due, given_by)
    return [(event.step, event.days_left) for event in watch.collect_events() if isinstance(event, AlertRaised)]


def before(days: int, due: date = DUE) -> date:
    return due - timedelta(days=days)


def test_every_step_is_raised_on_its_day_and_on_no_other(watch):
    raised = {n: found for n in range(40, -1, -1) if (found := see(watch, before(n)))}
    assert raised == {step.number: [(step.name, step.number)] for step in LADDER}


def test_a_step_is_raised_once_however_often_the_clock_looks(watch):
    see(watch, before(31))
    assert [see(watch, before(30)) for _ in range(3)] == [[("30", 30)], [], []]


def test_steps_that_passed_before_the_first_look_are_never_sent(watch):
    assert see(watch, before(10)) == []
    assert see(watch, before(7)) == [("7", 7)]


def test_the_step_of_the_first_day_itself_is_sent(watch):
    assert see(watch, before(7)) == [("7", 7)]


def test_a_clock_that_was_away_sends_only_the_nearest_step(watch):
    see(watch, before(31))
    assert see(watch, before(5)) == [("7", 5)]
    assert see(watch, before(3)) == [("3", 3)]


def test_a_clock_that_was_away_past_the_due_day_sends_nothing(watch):
    see(watch, before(31))
    assert see(watch, DUE + timedelta(days=1)) == []


def test_the_due_day_itself_is_told_and_the_day_after_is_not(watch):
    see(watch, before(1))
    assert see(watch, DUE) == [("0", 0)]
    assert see(watch, DUE + timedelta(days=1)) == []


def test_a_due_date_that_moved_is_told_with_the_former_one(watch):
    see(watch, before(2))
    look(watch, before(1), MOVED, "extended")
    (told,) = [event for event in watch.collect_events() if isinstance(event, AlertRaised)]
    assert (told.step, told.due, told.former_due) == ("moved", "2025-06-19", "2025-04-05")


def test_the_steps_of_a_moved_due_date_are_raised_anew(watch):
    see(watch, before(7))
    see(watch, before(1), MOVED, "extended")
    assert see(watch, before(7, MOVED), MOVED, "extended") == [("7", 7)]


def test_the_same_due_date_given_by_another_entry_is_no_move(watch):
    see(watch, before(31))
    assert see(watch, before(31), DUE, "confirmed") == []


def test_a_due_date_that_moves_away_and_back_is_told_twice(watch):
    see(watch, before(40))
    assert see(watch, before(39), MOVED, "extended") == [("moved", 114)]
    assert see(watch, before(38), DUE, "opened") == [("moved", 38)]


def test_no_alert_has_an_id_twice_even_when_a_due_date_moves_to_and_fro(watch):
    found = []
    for n, due in enumerate([DUE, MOVED, DUE, MOVED, DUE]):
        look(watch, before(40 - n), due, "opened")
        found += [event.alert for event in watch.collect_events() if isinstance(event, AlertRaised)]
    assert len(found) == len(set(found)) > 0


def test_steps_that_were_told_are_not_called_passed_when_the_due_date_comes_back(watch):
    see(watch, before(30))
    see(watch, before(29), MOVED, "extended")
    look(watch, before(28), DUE, "opened")
    assert [event.steps for event in watch.collect_events() if isinstance(event, StepsPassed)] == []


def test_a_new_due_date_in_the_past_sends_only_that_it_moved(watch):
    see(watch, before(20))
    assert see(watch, before(10), before(15), "corrected") == [("moved", -5)]


def test_what_passed_is_kept_with_its_steps(watch):
    look(watch, before(10), DUE, "opened")
    (passed,) = [event for event in watch.collect_events() if isinstance(event, StepsPassed)]
    assert passed.steps == ["30", "14"]


@given(st.lists(st.integers(-3, 45), min_size=1, max_size=30))
def test_at_whatever_days_the_clock_looks_no_step_is_raised_twice_or_after_the_due_day(days):
    watch = Watch.begin("m", "pause")
    raised = [found for n in sorted(days, reverse=True) for found in see(watch, before(n))]
    assert len(raised) == len({step for step, _ in raised})
    assert all(0 <= left <= int(step) for step, left in raised)


def test_an_alert_has_the_same_id_whoever_raises_it_and_another_for_anything_else():
    parts = ["m", "pause", "2025-04-05", "m.opened", "7"]
    ids = {alert_id(*parts[:n], "x", *parts[n + 1 :]) for n in range(5)} | {alert_id(*parts)}
    assert len(ids) == 6
    assert alert_id(*parts) == alert_id(*parts)


def rebuilt(events):
    """A watch as it is read from the log."""
    watch = None
    for event in events:
        watch = event.mutate(watch)
    return watch


def test_no_change_has_the_id_of_an_earlier_one_though_the_watch_is_read_anew_each_time():
    everybody = Plan("c-1", "u-1", {}, {"closed": 0, "conflict": 0, "moved": 0})
    stored, sights = (
        list(Watch.begin("m", "pause").collect_events()),
        ["open", "suspended", "open", "suspended", "met", "open", "met"],
    )
    conflicts = [None, ("2025-04-05", "2025-04-06"), None, ("2025-04-05", "2025-04-06"), None]
    steps = [{"status": status} for status in sights] + [{"conflict": each} for each in conflicts]
    for n, step in enumerate(steps):
        watch = rebuilt(stored)
        look(watch, before(39 - n), plans=(everybody,), **step)
        stored += watch.collect_events()
    alerts = [event for event in stored if isinstance(event, AlertRaised)]
    assert [event.step for event in alerts] == ["closed"] * 6 + ["closed"] + ["conflict"] * 2
    assert len({event.alert for event in alerts}) == len(alerts)
