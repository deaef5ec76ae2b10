"""Windows at a point: status, days left, extensions, pauses, and stated against computed dates."""

import pytest

PAUSE = {"window": "pause", "title": "75 days", "purpose": "enforcement pause", "opened_by": "EO 1", "pauses": True}
COUNT = {"length": 75, "unit": "days", "start": "2025-01-20", "rule": "calendar"}


@pytest.fixture
def m(book):
    """A matter with a law in force since 19 January 2025, and a window beside that nobody asks about."""
    book.open("m")
    say(book, "LawEnacted", "act", "2024-04-24", law="divestiture", title="An act")
    say(book, "LawTookEffect", "in-force", "2025-01-19", law="divestiture")
    say(book, "WindowOpened", "distractor", "2025-01-01", window="zz", title="Comments", purpose="comments", due="2026-12-31")
    return book


def say(book, kind, key, day, effective=None, remarks=None, **details):
    more = {name: value for name, value in (("effective", effective), ("remarks", remarks)) if value}
    return book.record("m", kind, key, occurred=day, announced=day, details=details, **more)


def window(book, as_of, name="pause", **kw):
    asked = book.daybook.view("deadlines", book.daybook.ask(as_of, **kw), "m").state["deadlines"]
    return next((w for w in asked if w["window"] == name), None)


def status(book, as_of, name="pause"):
    found = book.daybook.deadlines
    every = [found(book.daybook.ask(as_of), status=s, matter="m")["deadlines"] for s in STATUSES]
    return next((w["status"] for ws in every for w in ws if w["window"] == name), None)


STATUSES = ("upcoming", "open", "suspended", "superseded", "met", "lapsed", "withdrawn")


def enforcement(book, as_of):
    return book.state("tiktok-status", as_of, matter="m")["enforcement"]["status"]


def test_a_last_day_is_open_through_that_day_and_lapsed_the_minute_after(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    assert [status(m, at) for at in ("2025-04-05", "2025-04-05T23:59-04:00", "2025-04-06T00:00-04:00", "2025-04-06")] == [
        "open", "open", "lapsed", "lapsed",
    ]  # fmt: skip


def test_an_effect_day_is_over_from_its_start(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", due_is="effect day", **PAUSE)
    assert [status(m, at) for at in ("2025-04-04", "2025-04-04T23:59-04:00", "2025-04-05T00:00-04:00", "2025-04-05")] == [
        "open", "open", "lapsed", "lapsed",
    ]  # fmt: skip


def test_a_window_is_upcoming_until_it_opens(m):
    say(m, "WindowOpened", "opened", "2025-01-20", opens="2025-03-01", due="2025-04-05", **PAUSE)
    assert [status(m, at) for at in ("2025-01-19", "2025-01-20", "2025-02-28", "2025-03-01")] == [
        None,
        "upcoming",
        "upcoming",
        "open",
    ]


def test_a_suspended_window_is_open_again_after_its_last_day(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    say(m, "WindowSuspended", "susp", "2025-02-01", {"from": "2025-02-01", "until": "2025-02-10"}, window="pause")
    assert [status(m, at) for at in ("2025-01-31", "2025-02-01", "2025-02-10", "2025-02-11")] == [
        "open",
        "suspended",
        "suspended",
        "open",
    ]


@pytest.mark.parametrize(
    ("kind", "details", "word"),
    [
        ("WindowMet", {"evidence": "Done."}, "met"),
        ("WindowWithdrawn", {"reason": "No longer."}, "withdrawn"),
        ("WindowSuperseded", {"superseded_by": "zz"}, "superseded"),
    ],
)
def test_a_closed_window_stays_so_and_its_pause_is_over_at_once(m, kind, details, word):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    say(m, kind, "closed", "2025-02-01", window="pause", **details)
    assert [status(m, at) for at in ("2025-01-31", "2025-02-01", "2025-05-01")] == ["open", word, word]
    assert [enforcement(m, at) for at in ("2025-01-31", "2025-02-01")] == ["paused", "applicable"]


def test_when_a_pause_runs_out_the_ban_is_back_and_presumed(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    assert [enforcement(m, at) for at in ("2025-01-19", "2025-01-20", "2025-04-05", "2025-04-06")] == [
        "applicable", "paused", "paused", "applicable",
    ]  # fmt: skip
    assert m.why("tiktok-status", "enforcement.status", "2025-04-06", matter="m")["standing"] == "presumed"
    assert m.why("tiktok-status", "enforcement.status", "2025-01-19", matter="m")["standing"] == "official"


def test_a_pause_with_an_effect_day_ends_before_that_day(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", due_is="effect day", **PAUSE)
    assert [enforcement(m, at) for at in ("2025-04-04", "2025-04-05")] == ["paused", "applicable"]


def test_an_extension_acts_from_its_signing_and_is_counted(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    say(m, "WindowExtended", "ext-1", "2025-04-04", window="pause", due="2025-06-19", legal_basis="EO 2")
    say(m, "WindowExtended", "ext-2", "2025-06-19", window="pause", due="2025-09-17", legal_basis="EO 3")
    seen = [window(m, at) for at in ("2025-04-03", "2025-04-04", "2025-06-18", "2025-06-19")]
    assert [(w["due"], w["legal_basis"], w["extensions"], w["opened_by"]) for w in seen] == [
        ("2025-04-05", "EO 1", 0, "EO 1"),
        ("2025-06-19", "EO 2", 1, "EO 1"),
        ("2025-06-19", "EO 2", 1, "EO 1"),
        ("2025-09-17", "EO 3", 2, "EO 1"),
    ]
    assert enforcement(m, "2025-09-17") == "paused"
    assert enforcement(m, "2025-09-18") == "applicable"


def test_an_extension_to_an_earlier_day_shortens_the_pause(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    say(m, "WindowExtended", "shortened", "2025-02-01", window="pause", due="2025-03-01")
    assert [enforcement(m, at) for at in ("2025-03-01", "2025-03-02")] == ["paused", "applicable"]


def test_a_window_with_a_rule_alone_is_due_as_computed(m):
    say(m, "WindowOpened", "opened", "2025-01-20", rule=COUNT, **PAUSE)
    found = window(m, "2025-03-21")
    assert (found["due"], found["stated"], found["computed"], found["days_left"]) == ("2025-04-05", None, "2025-04-05", 15)


def test_a_stated_date_leads_and_a_computed_one_that_differs_stands_beside_it(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-04", rule=COUNT, **PAUSE)
    found = window(m, "2025-03-21")
    assert (found["due"], found["stated"], found["computed"], found["conflict"]) == ("2025-04-04", "2025-04-04", "2025-04-05", True)


def test_the_rule_of_a_former_date_goes_with_it(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", rule=COUNT, **PAUSE)
    say(m, "WindowExtended", "ext-1", "2025-04-04", window="pause", due="2025-06-19")
    assert (window(m, "2025-04-03")["computed"], window(m, "2025-04-04")["computed"]) == ("2025-04-05", None)
    assert window(m, "2025-04-04")["conflict"] is False


def test_an_uncertain_due_date_warns_from_its_earliest_day_and_lapses_after_its_latest(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04", **PAUSE)
    assert window(m, "2025-03-21")["days_left"] == 11
    assert [status(m, at) for at in ("2025-04-02", "2025-04-30", "2025-05-01")] == ["open", "open", "lapsed"]


def test_a_window_without_a_due_date_comes_last_and_never_lapses(m):
    say(m, "WindowOpened", "opened", "2025-01-20", remarks="Not read.", **PAUSE)
    asked = m.state("deadlines", "2026-11-01", matter="m")["deadlines"]
    assert [(w["window"], w["days_left"], w["status"]) for w in asked] == [("zz", 60, "open"), ("pause", None, "open")]


def test_of_several_open_windows_the_one_due_first_is_shown(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    assert m.state("tiktok-status", "2025-03-21", matter="m")["window"]["name"] == "pause"
    assert m.state("tiktok-status", "2025-05-21", matter="m")["window"]["name"] == "zz"


def test_a_window_known_only_later_is_not_there(m):
    m.record("m", "WindowOpened", "opened", occurred="2025-01-20", announced="2025-03-01", details={"due": "2025-04-05", **PAUSE})
    assert window(m, "2025-02-28") is None
    assert window(m, "2025-02-28", known_on="now")["due"] == "2025-04-05"


def test_days_left_turn_at_midnight_of_the_matters_zone(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    assert window(m, "2025-04-05T03:59Z")["days_left"] == 1
    assert window(m, "2025-04-05T04:00Z")["days_left"] == 0


def test_a_window_of_the_far_future_is_answered_at_once(m):
    import time

    say(m, "WindowOpened", "opened", "2025-01-20", due="2999-12-31", **PAUSE)
    before = time.perf_counter()
    assert window(m, "2025-03-21")["days_left"] == 356_031
    assert time.perf_counter() - before < 2
