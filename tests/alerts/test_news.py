"""News of entries: who is told of which, once, and that history tells nothing."""

import pytest
from argon2 import PasswordHasher

from alerts.clock import tick
from service.people import People

GAZETTE = {"publisher": "Gazette", "title": "A notice"}


class Reader:
    """Somebody with a page, and what it told him."""

    def __init__(self, book, name="ann"):
        self.book = book
        self.people = People(book.log.recorder, book.clock, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.account = self.people.accounts.add(name, "reader", "shell", password="a long passphrase").id
        self.page = book.alerts.ways.of(self.account)[0].id

    def asks(self, name="all", **raw):
        policies = self.book.alerts.policies
        wanted = policies.read({"name": name, "routes": [{"channel": self.page}]} | raw, self.account, self.book.clock())
        return policies.keep(wanted, self.account)

    def hears(self):
        """Tick, and what came of it since: (what, entry or window, kind)."""
        tick(self.book.alerts, self.book.clock())
        told = self.book.rows(
            f"SELECT what, facts FROM outbox WHERE account='{self.account}' AND dropped IS NULL ORDER BY made, id"
        )
        fresh, self.told = told[getattr(self, "seen", 0) :], told
        self.seen = len(told)
        return fresh


@pytest.fixture
def ann(book):
    book.clock.set(2025, 3, 1, 12)
    book.open("m")
    return Reader(book)


def opened(book, key, day="2025-03-01", due="2025-09-01", **raw):
    details = {"window": key, "title": f"The {key}", "purpose": "comments", "due": due}
    return book.record("m", "WindowOpened", key, occurred=day, announced=day, details=details, **raw)


def kinds(told):
    return sorted(what for what, _ in told)


def test_a_new_entry_is_told_once(book, ann):
    ann.asks(ladder=[], changes=["new"])
    opened(book, "pause")
    assert kinds(ann.hears()) == ["new"]
    assert ann.hears() == []


def test_what_was_recorded_before_somebody_asked_is_not_told_him(book, ann):
    opened(book, "pause")
    book.clock.set(2025, 3, 1, 13)
    ann.asks(ladder=[], changes=["new"])
    assert ann.hears() == []


def test_an_entry_of_another_matter_window_or_word_is_not_told(book, ann):
    book.open("other")
    ann.asks("by matter", about={"matter": "other"}, ladder=[], changes=["new"])
    ann.asks("by window", about={"matter": "m", "window": "elsewhere"}, ladder=[], changes=["new"])
    ann.asks("by words", about={"words": "tariff"}, ladder=[], changes=["new"])
    opened(book, "pause")
    assert ann.hears() == []
    opened(book, "elsewhere")
    assert kinds(ann.hears()) == ["new"]


def test_a_denial_is_told_to_whoever_asks_for_the_entry_that_it_denies(book, ann):
    ann.asks(about={"matter": "m", "window": "pause"}, ladder=[], changes=["amended"])
    opened(book, "pause")
    opened(book, "other")
    assert ann.hears() == []
    for key in ("pause", "other"):
        book.record("m", "ReportDenied", f"denied-{key}", announced="2025-03-01", of=[key], by="The agency")
    (told,) = ann.hears()
    assert told[0] == "amended"
    assert '"denied-pause"' in told[1]


def test_history_from_a_file_is_not_told_and_what_is_new_in_it_is(book, ann, matter_file):
    ann.asks(ladder=[], changes=["new"])
    entry = """
  - key: {key}
    kind: WindowOpened
    occurred: {day}
    announced: {day}
    details: {{window: {key}, title: A window, purpose: comments, due: 2025-12-01}}
    sources: [{{publisher: Gazette, title: A notice, published: {day}}}]
"""
    events = "events:" + entry.format(key="old", day="2024-03-01") + entry.format(key="fresh", day="2025-02-27")
    book.daybook.load(
        matter_file(events, header="matter:\n  slug: f\n  title: F\n  summary: A matter.\n  time_zone: UTC\n  jurisdiction: US\n")
    )
    (told,) = ann.hears()
    assert '"fresh"' in told[1]


def test_a_private_matter_is_told_to_its_group_alone(book, ann):
    bob = Reader(book, "bob")
    bob.people.accounts.join(bob.account, "desk", "shell")
    book.open("secret", group="desk")
    for reader in (ann, bob):
        reader.asks(ladder=[], changes=["new"])
    details = {"window": "w", "title": "W", "purpose": "comments", "due": "2025-09-01"}
    book.record("secret", "WindowOpened", "w", occurred="2025-03-01", announced="2025-03-01", details=details)
    assert ann.hears() == []
    assert kinds(bob.hears()) == ["new"]


def test_a_window_that_is_met_or_suspended_or_runs_again_is_told(book, ann):
    ann.asks(ladder=[], changes=["closed"])
    opened(book, "pause")
    ann.hears()
    book.record(
        "m",
        "WindowSuspended",
        "s",
        occurred="2025-03-01",
        announced="2025-03-01",
        effective={"from": "2025-03-02", "until": "2025-03-05"},
        details={"window": "pause"},
    )
    assert ann.hears() == []
    heard = {}
    for day in range(2, 9):
        book.clock.set(2025, 3, day, 12)
        heard[day] = [facts for _, facts in ann.hears()]
    assert [day for day, facts in heard.items() if facts] == [2, 6]
    book.record(
        "m", "WindowMet", "met", occurred="2025-03-08", announced="2025-03-08", details={"window": "pause", "evidence": "Done."}
    )
    (told,) = ann.hears()
    assert '"status": "met"' in told[1]


def test_a_stated_and_a_counted_date_in_conflict_are_told_once(book, ann):
    ann.asks(ladder=[], changes=["conflict"])
    details = {
        "window": "w",
        "title": "W",
        "purpose": "comments",
        "due": "2025-05-01",
        "rule": {"length": 75, "unit": "days", "start": "2025-03-01", "rule": "calendar"},
    }
    book.record("m", "WindowOpened", "w", occurred="2025-03-01", announced="2025-03-01", details=details)
    assert kinds(ann.hears()) == ["conflict"]
    assert ann.hears() == []


def test_a_policy_may_name_the_page_before_anybody_has_looked_at_the_channels(book):
    book.open("m")
    people = People(book.log.recorder, book.clock, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    bob = people.accounts.add("bob", "reader", "shell", password="a long passphrase").id
    policies = book.alerts.policies
    policies.keep(policies.read({"name": "all", "routes": [{"channel": f"p-{bob}"}]}, bob, book.clock()), bob)
    opened(book, "pause", day="2026-11-24", due="2027-09-01")
    tick(book.alerts, book.clock())
    assert book.rows("SELECT channel, what FROM outbox") == [(f"p-{bob}", "new")]
