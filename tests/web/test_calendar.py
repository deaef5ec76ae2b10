"""The calendar as calendar programs read it: by icalendar, ical and vobject; what changes is raised, and nothing vanishes."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import icalendar
import pytest
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from domain.errors import Refused
from tests.conftest import Clock, Recorder
from web.app import create_app

OPENED = {"window": "w", "title": "Reply; due, soon", "purpose": "comments", "due": "2027-03-05", "owner": "Desk"}
SAID = {"publisher": "Gazette", "title": "A notice", "published": "2026-11-20"}


class Calendar:
    """A daybook of one matter, and its calendar as a program fetches it."""

    def __init__(self, book, zone="Europe/Berlin"):
        self.book = book
        book.open("m", zone, "DE")
        self.client = create_app(book.daybook).test_client()
        self.seen = []

    def record(self, kind, key, **raw):
        self.book.clock.now += 60_000_000
        return self.book.record("m", kind, key, **({"occurred": "2026-11-20", "sources": [SAID]} | raw))

    def opened(self, **details):
        return self.record("WindowOpened", "opened", details=OPENED | details)

    def text(self, query=""):
        answer = self.client.get(f"/deadlines.ics{query}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def events(self, query=""):
        return {str(event["UID"]): event for event in icalendar.Calendar.from_ical(self.text(query)).walk("VEVENT")}

    def event(self, query=""):
        """The one event; each is later than the one before, never lower, and raised where anything else of it differs."""
        (event,) = self.events(query).values()
        shown = {name: str(event.get(name)) for name in ("STATUS", "SUMMARY", "DESCRIPTION")} | {
            "DTSTART": event.decoded("DTSTART")
        }
        now = int(event["SEQUENCE"]), event.decoded("LAST-MODIFIED")
        if self.seen:
            former, at = self.seen[-1]
            assert now >= at
            assert (now[0] > at[0]) or shown == former, (shown, former)
            assert now[1] >= at[1]
        self.seen.append((shown, now))
        return event


@pytest.fixture
def calendar(book):
    """The calendar of a matter in Berlin."""
    return Calendar(book)


def sequence(event):
    return int(event["SEQUENCE"])


def test_an_event_tells_what_when_why_and_where(calendar):
    calendar.opened(opened_by="Order 7")
    calendar.record(
        "WindowExtended", "moved", occurred="2026-11-23", details={"window": "w", "due": "2027-04-06", "legal_basis": "Order 9"}
    )
    event = calendar.event()
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2027, 4, 6), date(2027, 4, 7))
    assert str(event["SUMMARY"]) == "Reply; due, soon"
    assert event.categories == ["m"]
    assert str(event["URL"]) == "http://127.0.0.1:8000/matters/m/windows/w"
    told = str(event["DESCRIPTION"])
    for part in (
        "Due 6 April 2027 (last day: open through that day), Berlin time. Status: open.",
        "Owner: Desk.",
        "It runs 137 calendar days from 20 November 2026.",
        "23 November 2026: Extended from 5 March to 6 April 2027, by Order 9: http://127.0.0.1:8000/events/m.moved",
    ):
        assert part in told
    assert f"recorded_at={calendar.book.log.size()}" in told
    assert [alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")] == [timedelta(-n) for n in (30, 14, 7, 3, 1, 0)]


def test_the_link_to_what_was_told_shows_that_for_ever(calendar):
    calendar.opened()
    link = str(calendar.event()["DESCRIPTION"]).rpartition("http://127.0.0.1:8000")[2]
    calendar.record("WindowExtended", "moved", details={"window": "w", "due": "2027-04-06"})
    assert "5 March 2027" in calendar.client.get(link).text
    assert "6 April 2027" not in calendar.client.get(link).text
    assert "6 April 2027" in calendar.client.get("/matters/m/windows/w").text


def test_the_calendar_asks_to_be_fetched_hourly_and_says_that_few_do(calendar):
    calendar.opened()
    parsed = icalendar.Calendar.from_ical(calendar.text())
    assert parsed["METHOD"] == "PUBLISH"
    assert parsed["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert (parsed.decoded("REFRESH-INTERVAL"), str(parsed["X-PUBLISHED-TTL"])) == (timedelta(hours=1), "PT1H")
    assert "only once a day or less often" in str(parsed["DESCRIPTION"])


def test_three_parsers_read_the_same(calendar):
    calendar.opened(due="2027-03-05T18:00:00+01:00", title="Überprüfung; a very long title, with “quotes” and a comma, " * 3)
    calendar.record("WindowOpened", "other", details=OPENED | {"window": "other", "due": "2026-12-24"})
    text = calendar.text("?alarms=2d,12h")
    by_vobject = {event.uid.value: event for event in vobject.readOne(text).vevent_list}
    by_ical = {event.uid: event for event in IcsCalendarStream.calendar_from_ics(text).events}
    by_icalendar = calendar.events("?alarms=2d,12h")
    assert by_vobject.keys() == by_ical.keys() == by_icalendar.keys() == {"m.w@daybook", "m.other@daybook"}
    for uid, event in by_icalendar.items():
        assert event.decoded("DTSTART") == by_vobject[uid].dtstart.value == by_ical[uid].dtstart
        assert str(event["SUMMARY"]) == by_vobject[uid].summary.value == by_ical[uid].summary
        assert str(event["DESCRIPTION"]) == by_vobject[uid].description.value == by_ical[uid].description
        assert sequence(event) == int(by_vobject[uid].sequence.value) == by_ical[uid].sequence
        assert event.decoded("LAST-MODIFIED") == by_vobject[uid].last_modified.value == by_ical[uid].last_modified
        assert len(event.walk("VALARM")) == len(by_vobject[uid].valarm_list) == len(by_ical[uid].alarm) == 2
        assert str(event["STATUS"]) == by_vobject[uid].status.value == by_ical[uid].status.value
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_moment_is_a_timed_event_in_utc(calendar):
    calendar.opened(due="2027-03-05T18:00:00+01:00")
    event = calendar.event("?alarms=12h")
    assert event.decoded("DTSTART") == datetime(2027, 3, 5, 17, tzinfo=UTC)
    assert "DTEND" not in event
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(hours=-12)
    assert "RELATED" not in alarm["TRIGGER"].params
    assert alarm["DESCRIPTION"] == "12 hours left: Reply; due, soon"


def test_hours_count_back_from_the_end_of_a_last_day_and_the_start_of_an_effect_day(calendar):
    calendar.opened()
    calendar.record("WindowOpened", "effect", details=OPENED | {"window": "effect", "due_is": "effect day"})
    events = calendar.events("?alarms=12h")
    last, effect = ([a["TRIGGER"] for a in events[f"m.{name}@daybook"].walk("VALARM")] for name in ("w", "effect"))
    assert [trigger.params.get("RELATED") for trigger in (*last, *effect)] == ["END", None]


def test_a_stated_and_a_counted_date_that_disagree_are_both_told(calendar):
    rule = {"length": 75, "unit": "days", "start": "2026-11-20", "rule": "calendar"}
    calendar.opened(due="2027-03-05", rule=rule)
    event = calendar.event()
    assert event.decoded("DTSTART") == date(2027, 3, 5)
    assert "Stated 5 March 2027, counted 3 February 2027: they disagree, and the stated one leads." in event["DESCRIPTION"]
    calendar.record("WindowExtended", "moved", details={"window": "w", "rule": rule})
    event = calendar.event()
    assert event.decoded("DTSTART") == date(2027, 2, 3)
    assert "Counted by a rule; its page says how, step by step." in event["DESCRIPTION"]


def test_an_uncertain_date_stands_on_its_earliest_day_and_says_so(calendar):
    calendar.opened(due="2027-03")
    event = calendar.event()
    assert event.decoded("DTSTART") == date(2027, 3, 1)
    assert "Due March 2027" in event["DESCRIPTION"]
    assert "It runs" not in event["DESCRIPTION"]


def test_alarms_can_be_chosen_or_left_out(calendar):
    calendar.opened()
    assert [alarm.decoded("TRIGGER") for alarm in calendar.event("?alarms=7d,30,12h").walk("VALARM")] == [
        timedelta(-30), timedelta(-7), timedelta(hours=-12),
    ]  # fmt: skip
    assert not calendar.event("?alarms=none").walk("VALARM")


def test_a_window_due_this_evening_is_open_in_the_morning_and_closed_at_night(calendar):
    calendar.opened(due="2026-11-25T18:00:00+01:00")
    calendar.book.clock.set(2026, 11, 25, 9)
    assert "Status: open" in calendar.event()["DESCRIPTION"]
    assert calendar.event().walk("VALARM")
    calendar.book.clock.set(2026, 11, 25, 17, 1)
    assert "Status: closed" in calendar.event()["DESCRIPTION"]
    assert not calendar.event().walk("VALARM")


def test_every_change_raises_the_sequence_also_one_that_undoes_another(calendar):
    calendar.opened()
    first = calendar.event()
    assert sequence(first) == 0
    calendar.record("EntryCorrected", "slip", of=["opened"], changes={"due": "2027-03-12"}, slip="ours", announced="2026-11-24")
    corrected = calendar.event()
    assert corrected.decoded("DTSTART") == date(2027, 3, 12)
    calendar.record("EntryCorrected", "unslip", of=["opened"], changes={"due": "2027-03-05"}, slip="ours", announced="2026-11-24")
    undone = calendar.event()
    assert undone.decoded("DTSTART") == date(2027, 3, 5)
    calendar.record("EntryCorrected", "back", of=["opened"], changes={"title": "Reply"}, slip="ours", announced="2026-11-24")
    retitled = calendar.event()
    assert str(retitled["SUMMARY"]) == "Reply"
    assert 0 < sequence(corrected) < sequence(undone) < sequence(retitled)
    assert corrected.decoded("LAST-MODIFIED") < undone.decoded("LAST-MODIFIED") < retitled.decoded("LAST-MODIFIED")


def test_a_denial_of_the_due_date_is_told_and_raises_the_sequence(calendar):
    calendar.record("WindowOpened", "opened", details=OPENED, claimed="reported")
    before = calendar.event()
    calendar.record("ReportDenied", "no", of=["opened"], by="The ministry", scope=["windows.w.due"], announced="2026-11-23")
    denied = calendar.event()
    assert "The due date is denied: The ministry denies" in denied["DESCRIPTION"]
    assert sequence(denied) > sequence(before)
    calendar.record("EntryRetracted", "yes", of=["no"], reason="It spoke of another.", slip="ours", announced="2026-11-24")
    assert "denied" not in calendar.event()["DESCRIPTION"]
    assert sequence(calendar.event()) > sequence(denied)


def test_a_window_is_cancelled_when_it_is_met_superseded_or_withdrawn(calendar):
    calendar.opened()
    calendar.record("WindowOpened", "second", details=OPENED | {"window": "second"})
    calendar.record("WindowOpened", "third", details=OPENED | {"window": "third"})
    before = calendar.events()
    calendar.record("WindowMet", "met", occurred="2026-11-23", details={"window": "w", "evidence": "The reply was filed."})
    calendar.record("WindowSuperseded", "over", occurred="2026-11-23", details={"window": "second", "superseded_by": "third"})
    calendar.record("WindowWithdrawn", "off", occurred="2026-11-23", details={"window": "third", "reason": "No need."})
    after = calendar.events()
    assert {event["STATUS"] for event in before.values()} == {"CONFIRMED"}
    assert {event["STATUS"] for event in after.values()} == {"CANCELLED"}
    assert [str(after[f"m.{name}@daybook"]["SUMMARY"]).partition(":")[0] for name in ("w", "second", "third")] == [
        "Met", "Superseded", "Withdrawn",
    ]  # fmt: skip
    assert all(sequence(after[uid]) > sequence(before[uid]) for uid in before)
    assert not any(event.walk("VALARM") for event in after.values())


def test_a_window_whose_opening_we_took_back_is_cancelled_with_the_reason(calendar):
    calendar.opened()
    before = calendar.event()
    calendar.record(
        "EntryRetracted", "oops", of=["opened"], reason="There was no such window.", slip="ours", announced="2026-11-24"
    )
    gone = calendar.event()
    assert (gone["STATUS"], gone.decoded("DTSTART")) == ("CANCELLED", date(2027, 3, 5))
    assert str(gone["SUMMARY"]) == "Taken back: Reply; due, soon"
    assert str(gone["URL"]) == "http://127.0.0.1:8000/events/m.oops"
    assert "Taken back: Retracted as our slip" in gone["DESCRIPTION"]
    assert sequence(gone) > sequence(before)
    calendar.record("WindowOpened", "after-all", details=OPENED | {"window": "another"})
    assert {uid: event["STATUS"] for uid, event in calendar.events().items()} == {
        "m.w@daybook": "CANCELLED", "m.another@daybook": "CONFIRMED",
    }  # fmt: skip


def test_a_window_that_was_taken_back_is_not_there_before_it_was_known(calendar):
    calendar.opened()
    calendar.record("EntryRetracted", "oops", of=["opened"], reason="There was none.", slip="ours", announced="2026-11-24")
    assert calendar.events("?as_of=2026-11-19") == {}
    assert calendar.events(f"?recorded_at={calendar.book.log.size() - 1}")["m.w@daybook"]["STATUS"] == "CONFIRMED"


def test_a_window_that_lost_its_date_is_cancelled_on_the_former_one(calendar):
    calendar.record("WindowOpened", "opened", details=OPENED | {"due": None}, remarks="The notice names no date.")
    assert calendar.events() == {}
    calendar.record("WindowExtended", "dated", details={"window": "w", "due": "2027-04-06"})
    assert calendar.event()["STATUS"] == "CONFIRMED"
    calendar.record("EntryRetracted", "undated", of=["dated"], reason="No date was set.", slip="ours", announced="2026-11-24")
    gone = calendar.event()
    assert (gone["STATUS"], gone.decoded("DTSTART")) == ("CANCELLED", date(2027, 4, 6))


def test_a_suspension_is_told_from_its_first_day_on_and_after_its_last(calendar):
    calendar.opened()
    calendar.record(
        "WindowSuspended",
        "rests",
        effective={"from": "2026-12-01", "until": "2026-12-10"},
        details={"window": "w", "legal_basis": "Order 8"},
    )
    statuses = []
    for when in ((2026, 11, 25), (2026, 12, 1, 12), (2026, 12, 10, 12), (2026, 12, 11, 12), (2027, 3, 5, 12), (2027, 3, 6, 12)):
        calendar.book.clock.set(*when)
        statuses.append((str(calendar.event()["SUMMARY"]).partition(":")[0], calendar.event()["STATUS"]))
    assert [summary for summary, _ in statuses] == ["Reply; due, soon", "Suspended", "Suspended", *["Reply; due, soon"] * 3]
    assert {status for _, status in statuses} == {"CONFIRMED"}
    assert sorted({sequence for _, (sequence, _) in calendar.seen}) == [1000, 1001, 1002, 1003]


def test_a_closing_that_moves_a_counted_date_raises_the_sequence(book):
    book.clock.set(2024, 12, 20, 11)
    calendar = Calendar(book)
    book.open("us", "America/New_York", "US")
    rule = {"length": 7, "unit": "days", "start": "2025-01-02", "rule": "1-cfr-18.17"}
    book.clock.set(2024, 12, 20, 12)
    book.record(
        "us", "WindowOpened", "opened", occurred="2024-12-20", sources=[SAID | {"published": "2024-12-20"}],
        details={"window": "w", "title": "A reply", "purpose": "comments", "rule": rule},
    )  # fmt: skip
    seen = []
    for day in (20, 27, 31):
        book.clock.set(2024, 12, day, 20)
        seen.append(calendar.events()["us.w@daybook"])
    book.clock.set(2025, 1, 12, 20)
    seen.append(calendar.events()["us.w@daybook"])
    dues = [event.decoded("DTSTART") for event in seen]
    assert len(set(dues)) > 1, "the closing of 9 January 2025 moves it"
    for before, after in pairwise(seen):
        if before.decoded("DTSTART") != after.decoded("DTSTART"):
            assert sequence(after) > sequence(before)
            assert after.decoded("LAST-MODIFIED") > before.decoded("LAST-MODIFIED")


def test_the_sequence_comes_from_the_log_alone(calendar, book):
    calendar.opened()
    calendar.record("WindowExtended", "moved", details={"window": "w", "due": "2027-04-06"})
    calendar.record("EntryCorrected", "slip", of=["moved"], changes={"due": "2027-04-07"}, slip="ours", announced="2026-11-24")
    before = calendar.text()
    book.log.rebuild()
    assert calendar.text() == before
    again = book.again()
    assert create_app(again.daybook).test_client().get("/deadlines.ics").text == before
    again.log.close()


def test_entries_of_other_windows_leave_an_event_as_it_is(calendar):
    calendar.opened()
    before = calendar.events()["m.w@daybook"].to_ical()
    calendar.record("WindowOpened", "other", details=OPENED | {"window": "other"})
    calendar.record("WindowExtended", "moved", details={"window": "other", "due": "2027-04-06"})
    calendar.book.clock.set(2026, 11, 30)
    assert calendar.events()["m.w@daybook"].to_ical() == before


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?matter=m", {"w", "other"}), ("?matter=m&window=w", {"w"}), ("?q=reply", {"w", "other"}), ("?q=RE-PLY+desk", {"w", "other"}),
        ("?q=second", {"other"}), ("?q=nothing-of-it", set()), ("?matter=n", {"elsewhere"}),
    ],
)  # fmt: skip
def test_a_calendar_is_of_what_its_filter_asks_for(calendar, query, found):
    calendar.opened()
    calendar.record("WindowOpened", "other", details=OPENED | {"window": "other", "title": "The second re-ply"})
    calendar.book.open("n")
    calendar.book.record(
        "n", "WindowOpened", "o", occurred="2026-11-20", details=OPENED | {"window": "elsewhere", "title": "Far"}, sources=[SAID]
    )
    assert {uid.partition(".")[2].partition("@")[0] for uid in calendar.events(query)} == found


@pytest.mark.parametrize(
    ("query", "status", "parameter", "words"),
    [
        ("?matter=nope", 404, "matter", "There is no matter “nope”."),
        ("?matter=m&window=zz", 404, "window", "has no window “zz”. It has: w."),
        ("?window=w", 422, "window", "say which, with matter="),
        ("?kind=WindowOpened", 422, "kind", "a calendar holds windows"),
        ("?alarms=-3d", 422, "alarms", "lies after the due date"),
        ("?alarms=soon", 422, "alarms", "is not a lead time"),
        ("?alarms=800h", 422, "alarms", "1h to 720h"),
        ("?q=%22", 422, "q", "is one or more words"),
        ("?as_of=2025-02-30", 422, "as_of", "2025-02-30"),
        ("?mater=m", 422, "mater", "is not a parameter"),
    ],
)
def test_what_cannot_be_asked_is_named(calendar, query, status, parameter, words):
    calendar.opened()
    answer = calendar.client.get(f"/deadlines.ics{query}", headers={"Accept": "application/json"})
    body = answer.get_json()
    assert (answer.status_code, body["errors"][0]["parameter"]) == (status, parameter)
    assert words in body["detail"]


DAYS = st.dates(date(2026, 11, 25), date(2027, 2, 1)).map(date.isoformat)
LATE = {"occurred": "2026-11-24", "announced": "2026-11-24"}
ACTS = st.one_of(
    st.tuples(st.just("WindowExtended"), DAYS.map(lambda day: LATE | {"details": {"window": "w", "due": day}})),
    st.tuples(
        st.just("WindowSuspended"),
        st.tuples(DAYS, DAYS).map(
            lambda days: LATE | {"details": {"window": "w"}, "effective": {"from": min(days), "until": max(days)}}
        ),
    ),
    st.tuples(st.just("WindowMet"), DAYS.map(lambda day: LATE | {"details": {"window": "w", "evidence": "Done."}, "effective": {"from": day}})),
    st.tuples(st.just("EntryCorrected"), st.tuples(st.integers(0, 9), DAYS).map(lambda n: {"of": n[0], "changes": {"due": n[1]}})),
    st.tuples(st.just("EntryRetracted"), st.integers(0, 9).map(lambda n: {"of": n, "reason": "Not so."})),
    st.tuples(st.just("ReportDenied"), st.integers(0, 9).map(lambda n: {"of": n, "by": "The ministry"})),
    st.tuples(st.just("wait"), st.integers(1, 20).map(lambda days: {"days": days})),
)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, min_size=1, max_size=12), st.sampled_from(["ours", "source"]))
def test_whatever_is_recorded_nothing_vanishes_and_no_sequence_is_lowered(tmp_path_factory, acts, slip):
    book = Recorder(tmp_path_factory.mktemp("calendar") / "daybook.sqlite", Clock())
    calendar = Calendar(book)
    calendar.opened(due="2026-12-20")
    calendar.event()
    keys = ["opened"]
    for n, (kind, raw) in enumerate(acts):
        if kind == "wait":
            book.clock.now += raw["days"] * 86_400_000_000
        else:
            raw = raw | ({"of": [keys[raw["of"] % len(keys)]]} | LATE if "of" in raw else {})
            raw |= {"slip": slip} if kind in ("EntryCorrected", "EntryRetracted") else {}
            try:
                calendar.record(kind, f"k{n}", **raw)
                keys.append(f"k{n}")
            except Refused:
                pass
        calendar.event()
    book.log.close()
