"""The clock over a real store: each step once, with two clocks, after restarts, and nothing of long ago."""

import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from alerts.clock import start, tick
from alerts.history import raised, would_have_been

ROOT = Path(__file__).resolve().parents[2]
TIKTOK = "tiktok-divestiture"


def at(book, *day: int, hour: int = 12) -> list[tuple[str, str]]:
    """Tick at that hour (UTC) of the day; what was raised, as (window, step)."""
    book.clock.set(*day, hour)
    return [(alert.window, alert.step) for alert in tick(book.alerts, book.clock())]


def told(book) -> list[tuple[str, str]]:
    return [(a["window"], a["step"]) for a in raised(book.log, date(2030, 1, 1)) if a["raised"]]


@pytest.fixture
def m(book):
    """One window due 5 April 2025, and a far one that never nears."""
    book.open("m")
    for key, due in (("pause", "2025-04-05"), ("far", "2026-10-01")):
        details = {"window": key, "title": f"The {key}", "purpose": "comments", "due": due}
        book.record("m", "WindowOpened", key, occurred="2025-01-20", announced="2025-01-20", details=details)
    return book


def test_history_that_is_loaded_sends_nothing_and_is_marked_as_passed(own_bundled):
    assert at(own_bundled, 2025, 3, 20) == []
    shown = raised(own_bundled.log, date(2025, 3, 20))
    assert [a["steps"] for a in shown if a["window"] == "pause-1"] == [["30"]]
    assert not any(a["raised"] for a in shown)


def test_the_bundled_matters_send_nothing_today(own_bundled):
    assert tick(own_bundled.alerts, own_bundled.clock()) == []


def test_each_step_is_raised_on_its_day_and_once(m):
    start_of_watch = date(2025, 3, 1)
    found = {}
    for n in range(40):
        day = start_of_watch + timedelta(days=n)
        found[day.isoformat()] = at(m, day.year, day.month, day.day) + at(m, day.year, day.month, day.day, hour=20)
    assert {day: steps for day, steps in found.items() if steps} == {
        "2025-03-06": [("pause", "30")],
        "2025-03-22": [("pause", "14")],
        "2025-03-29": [("pause", "7")],
        "2025-04-02": [("pause", "3")],
        "2025-04-04": [("pause", "1")],
        "2025-04-05": [("pause", "0")],
    }


def test_a_step_is_reached_at_midnight_of_the_matters_zone(m):
    at(m, 2025, 3, 21)
    assert at(m, 2025, 3, 22, hour=3) == []  # still 21 March in New York
    assert at(m, 2025, 3, 22, hour=4) == [("pause", "14")]


def test_a_restart_sends_nothing_again(m):
    at(m, 2025, 3, 5)
    assert at(m, 2025, 3, 6) == [("pause", "30")]
    again = m.again()
    with closing(again.log):
        assert tick(again.alerts, m.clock()) == []


def test_a_clock_that_was_away_sends_the_nearest_step_and_marks_the_others(m):
    at(m, 2025, 3, 5)
    assert at(m, 2025, 3, 31) == [("pause", "7")]
    passed = [a["steps"] for a in raised(m.log, date(2025, 3, 31)) if not a["raised"] and a["window"] == "pause"]
    assert passed == [["30", "14"]]


def test_a_step_that_passed_by_one_day_is_told_in_the_singular(m):
    at(m, 2025, 4, 5)
    told_of = [a["message"] for a in raised(m.log, date(2025, 4, 5)) if not a["raised"] and a["window"] == "pause"]
    assert any(message.endswith("3 days, 1 day.") for message in told_of)


def test_an_extension_is_told_as_moved_and_its_steps_anew(own_bundled):
    at(own_bundled, 2025, 4, 3)
    assert ("pause-1", "moved") in at(own_bundled, 2025, 4, 4)
    (shown,) = [a for a in raised(own_bundled.log, date(2025, 4, 4)) if a["raised"] and a["step"] == "moved"]
    assert shown["message"] == "The due date of “Pause in enforcement” moved from 5 April to 19 June 2025."
    assert ("pause-1", "30") in at(own_bundled, 2025, 5, 20)


def test_a_due_date_that_is_corrected_to_and_fro_is_told_each_time_and_the_watch_goes_on(m):
    at(m, 2025, 3, 1)
    for n, due in enumerate(["2025-06-01", "2025-04-05", "2025-06-01", "2025-04-05"]):
        m.record("m", "EntryCorrected", f"c{n}", announced="2025-03-01", of=["pause"], changes={"due": due}, slip="ours")
        assert at(m, 2025, 3, 2 + n) == [("pause", "moved")]
    assert at(m, 2025, 3, 6) == [("pause", "30")]
    assert at(m, 2025, 3, 22) == [("pause", "14")]


def test_a_watch_goes_on_after_the_machines_clock_was_set_back_over_an_extension(own_bundled):
    for day in (3, 4, 3, 4):
        at(own_bundled, 2025, 4, day)
    assert ("pause-1", "30") in at(own_bundled, 2025, 5, 20)
    assert ("pause-1", "14") in at(own_bundled, 2025, 6, 5)


def test_a_window_that_was_met_is_watched_no_more(m):
    at(m, 2025, 3, 5)
    m.record(
        "m", "WindowMet", "met", occurred="2025-03-05", announced="2025-03-05", details={"window": "pause", "evidence": "Done."}
    )
    assert [at(m, 2025, 3, day) for day in (6, 22, 29)] == [[], [], []]


def test_an_effect_day_is_told_on_the_day_itself(book):
    book.open("m")
    details = {"window": "w", "title": "W", "purpose": "compliance", "due": "2025-04-05", "due_is": "effect day"}
    book.record("m", "WindowOpened", "w", occurred="2025-01-20", announced="2025-01-20", details=details)
    at(book, 2025, 4, 4)
    assert [at(book, 2025, 4, 5), at(book, 2025, 4, 6)] == [[("w", "0")], []]


TICKER = """
import sys
from alerts.book import Alerts
from alerts.channels import Senders
from alerts.channels.settings import Sending
from alerts.clock import tick
from domain.instants import micros
from datetime import datetime, timedelta, UTC
from service.log import Log
clock = lambda: 1_795_000_000_000_000
alerts = Alerts(Log(sys.argv[1], clock), clock, Senders(Sending()), "http://127.0.0.1:8000")
first = datetime(2025, 3, 1, 12, tzinfo=UTC)
for n in range(40):
    for alert in tick(alerts, micros(first + timedelta(days=n))):
        print(alert.alert)
"""


def test_two_clocks_at_once_raise_each_step_once(m):
    clocks = [
        subprocess.Popen(
            [sys.executable, "-c", TICKER, str(m.path)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = []
    for clock in clocks:
        out, err = clock.communicate(timeout=60)
        assert clock.returncode == 0, err
        said += [line for line in out.split("\n") if len(line) == 20]
    assert len(said) == len(set(said)) == len(told(m))
    assert len(told(m)) == len(set(told(m)))
    assert set(told(m)) <= {("pause", step) for step in ("30", "14", "7", "3", "1", "0")}


def test_a_scheduled_clock_ticks_at_once(m):
    import time

    at(m, 2025, 3, 5)
    m.clock.set(2025, 3, 6, 12)
    scheduler = start(BackgroundScheduler(timezone="UTC"), m.alerts, 3600)
    try:
        deadline = time.monotonic() + 10
        while not told(m) and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        scheduler.shutdown()
    assert told(m) == [("pause", "30")]


# what would have been told


def test_by_29_march_2025_three_steps_of_the_first_pause_would_have_been_told(bundled):
    found = would_have_been(bundled.log, bundled.daybook.ask("2025-03-29"))
    pause = [(a["on"], a["step"], a["days_left"]) for a in found if a["window"] == "pause-1"]
    assert pause == [("2025-03-06", "30", 30), ("2025-03-22", "14", 14), ("2025-03-29", "7", 7)]
    assert [a["message"] for a in found][-1] == "7 days left: “Pause in enforcement” is due on 5 April 2025."


def test_what_would_have_been_told_the_day_before_has_one_step_less(bundled):
    found = would_have_been(bundled.log, bundled.daybook.ask("2025-03-28"))
    assert [a["step"] for a in found if a["window"] == "pause-1"] == ["30", "14"]


def test_before_anything_was_known_nothing_would_have_been_told(bundled):
    assert would_have_been(bundled.log, bundled.daybook.ask("2019-01-01")) == []


def test_what_would_have_been_told_is_what_a_clock_that_always_ran_does_tell(own_bundled):
    day, live = date(2023, 10, 16), []
    while day <= date(2025, 10, 1):
        own_bundled.clock.set(day.year, day.month, day.day, 12)
        live += [(alert.on, alert.window, alert.step) for alert in tick(own_bundled.alerts, own_bundled.clock())]
        day += timedelta(days=1)
    own_bundled.clock.set(2026, 11, 24, 12)
    found = would_have_been(own_bundled.log, own_bundled.daybook.ask("2025-10-01"))
    assert sorted((a["on"], a["window"], a["step"]) for a in found) == sorted(live)
    assert len(live) > 30


def test_asking_what_would_have_been_stores_nothing(own_bundled):
    before = own_bundled.log.size()
    assert would_have_been(own_bundled.log, own_bundled.daybook.ask("2025-10-01"))
    assert own_bundled.log.size() == before
