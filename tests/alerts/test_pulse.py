"""The clock's pulse, told from the tables by any process."""

import time
from datetime import timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from alerts import outbox
from alerts.clock import lead, start, tick
from alerts.pulse import BUCKETS, beat, lateness, message_states, pulse

SECOND, MINUTE, HOUR = 1_000_000, 60_000_000, 3_600_000_000


def message(book, key, state, due, ended=None):
    """A message as it is kept."""
    with book.alerts.store.writing() as c:
        outbox.put_message(c, key, "u-1", "c-1", "alert", due, due, None, state)
        c.execute("UPDATE messages SET ended=? WHERE id=?", (ended, key))


def test_a_store_in_which_nothing_was_ever_recorded_misses_no_clock(book):
    its = beat(book.alerts, book.clock())
    assert (its.last_tick, its.age, its.stands_still, its.warning) == (None, None, False, None)


def test_a_store_that_is_older_than_any_tick_says_that_no_clock_ever_looked(book):
    book.open("m")
    assert beat(book.alerts, book.clock()).warning is None
    book.clock.now += 3 * MINUTE
    assert beat(book.alerts, book.clock()).warning is None
    book.clock.now += 1
    assert beat(book.alerts, book.clock()).warning == (
        "No clock has ever looked at this daybook. Alerts are not being sent. Whoever runs this daybook: start `daybook clock` or `daybook serve`."
    )


@pytest.mark.parametrize(("every", "missed"), [(1, 2 * MINUTE), (40, 2 * MINUTE), (60, 3 * MINUTE), (600, 30 * MINUTE)])
def test_it_stands_still_after_three_ticks_and_two_minutes(book, every, missed):
    tick(book.alerts, book.clock(), every)
    assert not beat(book.alerts, book.clock() + missed).stands_still
    assert beat(book.alerts, book.clock() + missed + 1).stands_still


def test_the_warning_says_since_when(book):
    book.clock.set(2026, 11, 24, 14, 2)
    tick(book.alerts, book.clock(), 60)
    book.clock.now += HOUR
    assert beat(book.alerts, book.clock()).warning == (
        "No clock has looked since 24 November 2026, 14:02 UTC. Alerts are not being sent. "
        "Whoever runs this daybook: start `daybook clock` or `daybook serve`."
    )


def test_any_process_knows_how_often_the_clock_looks_and_a_tick_by_hand_changes_it_not(book):
    tick(book.alerts, book.clock(), 600)
    tick(book.alerts, book.clock())
    again = book.again()
    assert beat(again.alerts, book.clock()).every == 600
    again.log.close()


def test_a_machine_whose_clock_was_set_back_has_no_negative_age(book):
    tick(book.alerts, book.clock(), 60)
    its = beat(book.alerts, book.clock() - HOUR)
    assert (its.age, its.stands_still) == (0, False)


def test_who_leads_is_told_while_the_lease_holds(book):
    assert beat(book.alerts, book.clock()).leader is None
    assert lead(book.alerts, "one", book.clock())
    assert beat(book.alerts, book.clock() + SECOND).leader == "one"
    assert beat(book.alerts, book.clock() + HOUR).leader is None


def test_what_waits_what_is_late_and_what_was_given_up_is_counted(book):
    now = book.clock()
    tick(book.alerts, now, 60)
    for key, state, due in (
        ("a", "waiting", now - 5 * MINUTE - 1), ("b", "waiting", now - 5 * MINUTE), ("c", "waiting", now), ("d", "given up", now - HOUR), ("e", "sent", now),
    ):  # fmt: skip
        message(book, key, state, due, ended=now)
    its = pulse(book.alerts, now)
    assert (its.waiting, its.late, its.oldest, its.given_up, its.held) == (3, 1, 5 * MINUTE + 1, 1, 0)
    assert message_states(book.alerts) == {"waiting": 3, "given up": 1, "sent": 1}
    assert its.words == (
        "The clock looked 0 seconds ago. It looks every 60 seconds. 3 messages wait to be sent, 1 of them late. 1 message never arrived."
    )


def test_all_is_well_in_one_line(book):
    tick(book.alerts, book.clock(), 300)
    words = pulse(book.alerts, book.clock() + 90 * SECOND).words
    assert words == "The clock looked 90 seconds ago. It looks every 5 minutes. 0 messages wait to be sent."


def test_lateness_is_counted_within_each_bound_and_only_of_what_was_sent(book):
    now = book.clock()
    late = {"a": 0, "b": SECOND, "c": SECOND + 1, "d": HOUR, "e": 25 * HOUR, "f": -SECOND}
    for key, by in late.items():
        message(book, key, "sent", now, ended=now + by)
    message(book, "g", "given up", now, ended=now + 1)
    message(book, "h", "waiting", now)
    counts, total = lateness(book.alerts)
    assert dict(zip((*BUCKETS, "all"), counts, strict=True)) == {
        1: 3, 5: 4, 15: 4, 60: 4, 300: 4, 900: 4, 3600: 5, 21600: 5, 86400: 5, "all": 6,
    }  # fmt: skip
    assert total == pytest.approx(2.000001 + timedelta(hours=26).total_seconds())


def test_figures_are_read_from_an_index_and_not_from_what_was_sent(book):
    plan = book.rows("EXPLAIN QUERY PLAN SELECT COUNT(*), SUM(ended-due<=5) FROM messages WHERE state='sent'")
    assert "COVERING INDEX messages_state" in plan[0][-1]


def test_twenty_thousand_messages_are_all_counted(book):
    now = book.clock()
    rows = [(f"m{n}", now, now + n) for n in range(20_000)]
    with book.alerts.store.writing() as c:
        sql = "INSERT INTO messages (id, channel, what, made, due, state, attempts, next_try, ended, frozen) VALUES (?,'c','alert',0,?,'sent',1,0,?,1)"
        for row in rows:
            c.execute(sql, row)
    counts, _ = lateness(book.alerts)
    assert counts[-1] == 20_000
    assert message_states(book.alerts) == {"sent": 20_000}


def test_a_clock_that_is_started_says_how_often_it_looks(book):
    scheduler = start(BackgroundScheduler(timezone="UTC"), book.alerts, 7)
    for _ in range(100):
        its = beat(book.alerts, book.clock())
        if its.last_tick:
            break
        time.sleep(0.05)
    scheduler.shutdown()
    assert (its.last_tick, its.every) == (book.clock(), 7)
    assert its.leader
