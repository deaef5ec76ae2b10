"""The history of a window at any point: who moved it, when, from what to what, and what followed from the days."""

import pytest

from domain.errors import NotFound

PAUSE = {"window": "pause", "title": "75 days", "purpose": "enforcement pause", "opened_by": "EO 1", "pauses": True}
COMMENTS = {"window": "comments", "title": "Comments", "purpose": "comments", "opened_by": "83 FR 1"}
FIFTEEN = {"length": 15, "unit": "days", "start": "2018-11-20", "rule": "1-cfr-18.17"}


@pytest.fixture
def m(book):
    """A matter with a window beside that nobody asks about, which others move."""
    book.open("m")
    say(book, "WindowOpened", "distractor", "2018-11-01", window="zz", title="Others", purpose="comments", due="2026-12-31")
    say(book, "WindowExtended", "distractor-moved", "2018-12-02", window="zz", due="2027-12-31", legal_basis="EO 99")
    return book


def say(book, kind, key, day, effective=None, announced=None, **details):
    more = {"effective": effective} if effective else {}
    return book.record("m", kind, key, occurred=day, announced=announced or day, details=details, **more)


def told(book, as_of, name="pause", **asked):
    return book.daybook.window("m", name, book.daybook.ask(as_of, **asked))


def moves(book, as_of, name="pause", **asked):
    found = told(book, as_of, name, **asked)["history"]
    return [(move["what"], move["on"], move["by"], move["before"], move["due"]) for move in found]


def test_who_moved_a_window_when_and_from_what_to_what(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    say(m, "WindowExtended", "ext-1", "2025-04-04", window="pause", due="2025-06-19", legal_basis="EO 2")
    say(m, "WindowExtended", "ext-2", "2025-06-01", window="pause", due="2025-06-10", legal_basis="EO 3")
    say(m, "WindowExtended", "ext-3", "2025-06-02", window="pause", due="2025-06-10", legal_basis="EO 4")
    assert moves(m, "2025-06-05") == [
        ("opened", "2025-01-20", "EO 1", None, "2025-04-05"),
        ("extended", "2025-04-04", "EO 2", "2025-04-05", "2025-06-19"),
        ("shortened", "2025-06-01", "EO 3", "2025-06-19", "2025-06-10"),
        ("restated", "2025-06-02", "EO 4", "2025-06-10", "2025-06-10"),
    ]


def test_the_history_at_an_earlier_point_ends_there(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    say(m, "WindowExtended", "ext-1", "2025-04-04", announced="2025-04-08", window="pause", due="2025-06-19", legal_basis="EO 2")
    assert [what for what, *_ in moves(m, "2025-04-05")] == ["opened"]
    assert [what for what, *_ in moves(m, "2025-04-05", known_on="2025-04-08")] == ["opened", "extended"]
    (_, extended) = told(m, "2025-04-10")["history"]
    assert (extended["on"], extended["known"], extended["event"]) == ("2025-04-04", "2025-04-08", "m.ext-1")


def test_a_suspended_window_runs_again_after_its_last_day_unless_the_suspension_is_extended(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2026-04-05", **PAUSE)
    say(
        m, "WindowSuspended", "s-1", "2025-02-01", {"from": "2025-02-01", "until": "2025-02-10"}, window="pause", legal_basis="EO 2"
    )
    assert moves(m, "2025-02-10")[1:] == [("suspended", "2025-02-01", "EO 2", "2026-04-05", "2026-04-05")]
    assert moves(m, "2025-02-11")[2:] == [("resumed", "2025-02-11", None, "2026-04-05", "2026-04-05")]
    say(
        m, "WindowSuspended", "s-2", "2025-02-08", {"from": "2025-02-08", "until": "2025-03-10"}, window="pause", legal_basis="EO 3"
    )
    assert [(what, on) for what, on, *_ in moves(m, "2025-03-11")] == [
        ("opened", "2025-01-20"),
        ("suspended", "2025-02-01"),
        ("suspended", "2025-02-08"),
        ("resumed", "2025-03-11"),
    ]
    assert [move["until"] for move in told(m, "2025-03-01")["history"]] == [None, "2025-02-10", "2025-03-10"]
    assert [told(m, day)["window"]["status"] for day in ("2025-02-07", "2025-02-11", "2025-03-10", "2025-03-11")] == [
        "suspended", "suspended", "suspended", "open",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "details", "what", "note"),
    [
        ("WindowMet", {"evidence": "Done."}, "met", "Done."),
        ("WindowWithdrawn", {"reason": "No longer."}, "withdrawn", None),
        ("WindowSuperseded", {"superseded_by": "zz", "legal_basis": "EO 5"}, "superseded", "zz"),
    ],
)
def test_a_window_closed_before_its_end_does_not_lapse_as_well(m, kind, details, what, note):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    say(m, kind, "closed", "2025-02-01", window="pause", **details)
    *_, last = told(m, "2025-06-01")["history"]
    assert (last["what"], last["on"], last["note"], last["event"]) == (what, "2025-02-01", note, "m.closed")


def test_a_window_lapses_after_its_last_day_and_at_the_start_of_an_effect_day(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    assert moves(m, "2025-04-05")[1:] == []
    assert moves(m, "2025-04-06")[1:] == [("lapsed", "2025-04-06", None, "2025-04-05", "2025-04-05")]
    say(m, "WindowOpened", "other", "2025-01-20", due="2025-04-05", due_is="effect day", **PAUSE | {"window": "effect"})
    assert moves(m, "2025-04-04", "effect")[1:] == []
    assert [(what, on) for what, on, *_ in moves(m, "2025-04-05", "effect")[1:]] == [("lapsed", "2025-04-05")]


def test_what_was_retracted_is_no_part_of_the_history_and_a_correction_is_told_as_it_reads(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    say(m, "WindowExtended", "ext", "2025-04-04", window="pause", due="2025-06-18", legal_basis="EO 2")
    m.record("m", "EntryCorrected", "mend", of=["ext"], changes={"due": "2025-06-19"}, slip="ours", announced="2025-04-05")
    assert [due for *_, due in moves(m, "2025-05-01")] == ["2025-04-05", "2025-06-19"]
    m.record("m", "EntryRetracted", "gone", of=["ext"], reason="Never signed.", slip="ours", announced="2025-04-06")
    assert [due for *_, due in moves(m, "2025-05-01")] == ["2025-04-05", "2025-04-05"]


def test_a_due_date_counted_by_rule_is_asked_at_a_point_and_its_move_is_told_with_the_order_that_moved_it(m):
    say(m, "WindowOpened", "opened", "2018-11-20", rule=FIFTEEN, **COMMENTS)
    before, after = told(m, "2018-11-30", "comments"), told(m, "2018-12-01", "comments")
    assert (before["window"]["due"], after["window"]["due"]) == ("2018-12-05", "2018-12-06")
    assert (before["window"]["computed"], before["window"]["stated"]) == ("2018-12-05", None)
    assert moves(m, "2018-12-01", "comments") == [
        ("opened", "2018-11-20", "83 FR 1", None, "2018-12-05"),
        ("recounted", "2018-12-01", None, "2018-12-05", "2018-12-06"),
    ]
    *_, recounted = after["history"]
    assert "EO 13852" in recounted["note"]
    assert recounted["event"] is None
    assert any("EO 13852" in step for step in after["steps"])
    assert not any("EO 13852" in step for step in before["steps"])
    assert told(m, "2018-11-30", "comments", known_on="now")["window"]["due"] == "2018-12-06"


def test_every_view_alert_and_diff_counts_with_the_calendar_as_known_at_its_point(m):
    say(m, "WindowOpened", "opened", "2018-11-20", rule=FIFTEEN, **COMMENTS)
    book = m.daybook
    (due,) = [d["due"] for d in book.view("deadlines", book.ask("2018-11-30"), "m").state["deadlines"] if d["window"] == "comments"]
    assert due == "2018-12-05"
    assert book.matter("m", book.ask("2018-12-02"))["next_deadline"]["due"] == "2018-12-06"
    sentences = [c["sentence"] for c in book.diff("deadlines", book.ask("2018-11-30"), book.ask("2018-12-01"), "m")["changes"]]
    assert any("moved from 5 December to 6 December 2018" in sentence for sentence in sentences)
    why = book.why("deadlines", "deadlines.m:comments.due", book.ask("2018-12-01"), "m")
    assert why["value"] == "2018-12-06"
    assert any("EO 13852" in step for step in why["rule"]["steps"])


def test_a_step_of_the_ladder_moves_with_the_calendar(m):
    from alerts.history import would_have_been

    say(m, "WindowOpened", "opened", "2018-11-20", rule=FIFTEEN, **COMMENTS)
    told = [
        (a["on"], a["step"], a["due"])
        for a in would_have_been(m.daybook.log, m.daybook.ask("2018-12-07"))
        if a["window"] == "comments"
    ]
    assert ("2018-11-21", "14", "2018-12-05") in told
    assert ("2018-12-01", "moved", "2018-12-06") in told
    assert ("2018-12-05", "1", "2018-12-06") in told
    assert ("2018-12-06", "0", "2018-12-06") in told
    assert ("2018-12-05", "0", "2018-12-05") not in told


def test_an_extension_may_be_given_by_a_rule_alone(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    rule = {"length": 75, "unit": "days", "start": "2025-04-05", "rule": "calendar"}
    say(m, "WindowExtended", "ext", "2025-04-04", window="pause", rule=rule, legal_basis="EO 2")
    its = told(m, "2025-04-10")["window"]
    assert (its["due"], its["stated"], its["computed"], its["extensions"]) == ("2025-06-19", None, "2025-06-19", 1)
    assert moves(m, "2025-04-10")[1:] == [("extended", "2025-04-04", "EO 2", "2025-04-05", "2025-06-19")]


def test_a_stated_date_leads_where_the_count_differs_and_the_conflict_is_marked(m):
    rule = {"length": 75, "unit": "days", "start": "2025-01-20", "rule": "calendar"}
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-04", rule=rule, **PAUSE)
    its = told(m, "2025-02-01")["window"]
    assert (its["due"], its["stated"], its["computed"], its["conflict"]) == ("2025-04-04", "2025-04-04", "2025-04-05", True)


def test_a_stated_date_that_agrees_with_an_uncertain_count_is_no_conflict(m):
    rule = {"length": 75, "unit": "days", "start": "2025-01", "rule": "calendar"}
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", rule=rule, **PAUSE)
    its = told(m, "2025-02-01")["window"]
    assert (its["computed"], its["conflict"]) == ("2025-03-17/2025-04-16", False)


def test_a_count_from_an_uncertain_date_gives_a_span_that_warns_from_its_earliest_day(m):
    rule = {"length": 30, "unit": "days", "start": "2025-03", "rule": "calendar"}
    say(m, "WindowOpened", "opened", "2025-03-10", rule=rule, **PAUSE)
    its = told(m, "2025-03-20")["window"]
    assert (its["due"], its["days_left"]) == ("2025-03-31/2025-04-30", 11)
    assert told(m, "2025-04-30")["window"]["status"] == "open"
    assert told(m, "2025-05-01")["window"]["status"] == "lapsed"


def test_a_period_in_hours_ends_at_its_instant(m):
    rule = {"length": 72, "unit": "hours", "start": "2025-03-07T12:00-05:00", "rule": "real-hours"}
    say(m, "WindowOpened", "opened", "2025-03-07", rule=rule, **PAUSE)
    assert told(m, "2025-03-08")["window"]["due"] == "2025-03-10T13:00:00-04:00"
    assert [told(m, at)["window"]["status"] for at in ("2025-03-10T12:59-04:00", "2025-03-10T13:01-04:00")] == ["open", "lapsed"]
    assert told(m, "2025-03-08")["ends"] == "2025-03-10T13:00:00-04:00"


def test_windows_that_one_document_opened_name_each_other(m):
    say(m, "WindowOpened", "c", "2025-01-13", due="2025-05-15", **COMMENTS)
    say(m, "WindowOpened", "d", "2025-01-13", due="2025-05-16", **COMMENTS | {"window": "compliance", "title": "Compliance"})
    say(m, "WindowOpened", "p", "2025-01-13", due="2025-05-15", **PAUSE)
    assert told(m, "2025-02-01", "comments")["siblings"] == [
        {"window": "compliance", "title": "Compliance", "status": "open", "due": "2025-05-16"}
    ]


def test_owner_and_evidence_are_told(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", owner="The sanctions desk", **PAUSE)
    say(m, "WindowMet", "met", "2025-02-01", window="pause", evidence="The filing of 1 February.")
    its = told(m, "2025-02-01")["window"]
    assert (its["owner"], its["evidence"], its["status"]) == ("The sanctions desk", "The filing of 1 February.", "met")


def test_a_window_that_is_not_there_at_the_point_is_not_found(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    for name, day in (("nope", "2025-02-01"), ("pause", "2025-01-19")):
        with pytest.raises(NotFound) as refused:
            told(m, day, name)
        assert refused.value.field == "window"


def test_working_days_left_leave_out_a_closing_once_it_is_known(m):
    say(m, "WindowOpened", "opened", "2018-11-20", due="2018-12-07", **COMMENTS)
    left = [told(m, day, "comments")["window"]["working_days_left"] for day in ("2018-11-30", "2018-12-01")]
    assert left == [5, 4]


def test_where_no_calendar_reaches_working_days_are_not_told(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2150-04-05", **PAUSE)
    its = told(m, "2025-02-01")["window"]
    assert (its["working_days_left"], its["days_left"] > 45_000) == (None, True)


def test_the_day_ends_in_the_matters_zone_whoever_asks(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-03-09", **PAUSE)  # the clocks go forward that night
    ends = told(m, "2025-02-01")["ends"]
    assert ends == "2025-03-10T00:00:00-04:00"
    asked = ("2025-03-10T12:59:59+09:00", "2025-03-10T13:00:00+09:00", "2025-03-09T20:59:59-07:00", "2025-03-09T21:00:00-07:00")
    assert [told(m, at)["window"]["status"] for at in asked] == ["open", "lapsed", "open", "lapsed"]


def test_a_window_whose_due_date_was_not_read_has_a_history_all_the_same(m):
    m.record("m", "WindowOpened", "opened", occurred="2025-01-20", announced="2025-01-20", remarks="Not read.", details=PAUSE)
    assert moves(m, "2025-02-01") == [("opened", "2025-01-20", "EO 1", None, None)]
    assert told(m, "2025-02-01")["ends"] is None
    say(m, "WindowExtended", "ext", "2025-04-04", window="pause", due="2025-06-19", legal_basis="EO 2")
    assert moves(m, "2025-04-10")[1:] == [("dated", "2025-04-04", "EO 2", None, "2025-06-19")]


@pytest.mark.parametrize(("kind", "details"), [("WindowMet", {"evidence": "Filed."}), ("WindowWithdrawn", {"reason": "No."})])
def test_a_window_that_was_closed_is_no_longer_counted_anew(m, kind, details):
    say(m, "WindowOpened", "opened", "2018-11-20", rule=FIFTEEN, **COMMENTS)
    say(m, kind, "closed", "2018-11-26", window="comments", **details)
    assert [what for what, *_ in moves(m, "2018-12-10", "comments")] == ["opened", {"WindowMet": "met"}.get(kind, "withdrawn")]
    assert told(m, "2018-12-10", "comments")["window"]["due"] == "2018-12-05"


@pytest.mark.parametrize(
    ("due", "later", "what"),
    [("2018-12-01/2018-12-30", "../2018-12", "extended"), ("2019", "2018-12-25/..", "extended"), ("2019", "2018-12", "shortened")],
)
def test_uncertain_due_dates_are_compared_by_their_latest_day(m, due, later, what):
    say(m, "WindowOpened", "opened", "2018-11-20", due=due, **COMMENTS)
    say(m, "WindowExtended", "moved", "2018-11-21", window="comments", due=later)
    assert moves(m, "2018-11-22", "comments")[1][0] == what


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        ({"length": 72, "unit": "hours", "start": "1850-01-01T10:00Z", "rule": "real-hours"}, "1850-01-04T10:00:00+00:00"),
        (
            {"length": 72, "unit": "hours", "start": "2026-11-20T10:00:00.5Z/2026-11-21T10:00:00.5Z", "rule": "real-hours"},
            "2026-11-23T05:00:00.500000-05:00/2026-11-24T05:00:00.500000-05:00",
        ),
        (
            {
                "length": 7,
                "unit": "days",
                "start": "2025-03-14/2025-03-15",
                "rule": "frcp-6a",
                "no_roll": True,
                "inaccessible": ["2025-03-21"],
            },
            "2025-03-22/2025-03-24",
        ),
    ],
)
def test_whatever_is_counted_can_be_read_again(m, rule, due):
    day = "1850-01-01" if "1850" in due else "2025-01-01"
    say(m, "WindowOpened", "opened", day, rule=rule, **COMMENTS)
    assert told(m, "2026-11-24", "comments")["window"]["due"] == due


def test_where_stated_and_counted_disagree_the_steps_say_which_leads_and_which_is_earlier(m):
    rule = {"length": 75, "unit": "days", "start": "2025-01-20", "rule": "calendar"}
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-08", rule=rule, **PAUSE)
    last = m.daybook.why("deadlines", "deadlines.m:pause.due", m.daybook.ask("2025-02-01"), "m")["rule"]["steps"][-1]
    assert last == "The document states another date, 8 April 2025, which leads; the counted one is the earlier."


def test_a_window_that_is_due_by_a_rule_is_called_by_it_and_its_news_names_the_date(m):
    say(m, "WindowOpened", "opened", "2018-11-20", rule=FIFTEEN, **COMMENTS)
    assert m.daybook.event("m.opened", m.daybook.ask())["headline"] == "Comments, due 15 days from 20 November 2018"
    say(m, "WindowExtended", "moved", "2018-11-25", window="comments", rule=FIFTEEN | {"length": 45})
    moved = m.daybook.event("m.moved", m.daybook.ask())["headline"]
    assert moved == "“Comments” extended to 45 days from 20 November 2018"
    news = m.daybook.diff("deadlines", m.daybook.ask("2018-11-19"), m.daybook.ask("2018-11-20"), "m")["changes"]
    assert "New deadline: Comments, due 5 December 2018 (open), by 83 FR 1" in [change["sentence"] for change in news]


def test_a_diff_names_what_met_a_window_and_not_only_that_it_is_gone(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    say(m, "WindowMet", "met", "2025-02-01", window="pause", evidence="Filed.")
    changes = m.daybook.diff("deadlines", m.daybook.ask("2025-01-31"), m.daybook.ask("2025-02-01"), "m")["changes"]
    assert [(change["field"], change["before"], change["after"], change["events"][0]) for change in changes] == [
        ("deadlines.m:pause.status", "open", "met", "m.met"),
        ("deadlines.m:pause.evidence", None, "Filed.", "m.met"),
    ]


def test_a_suspension_that_is_announced_is_told_before_it_begins(m):
    say(m, "WindowOpened", "opened", "2025-01-20", due="2025-04-05", **PAUSE)
    say(m, "WindowSuspended", "s", "2025-02-01", {"from": "2025-02-10", "until": "2025-02-20"}, window="pause", legal_basis="EO 2")
    seen = {day: told(m, day) for day in ("2025-01-31", "2025-02-01", "2025-02-10")}
    assert [len(its["ahead"]) for its in seen.values()] == [0, 1, 0]
    (coming,) = seen["2025-02-01"]["ahead"]
    assert (coming["what"], coming["on"], coming["until"], coming["by"]) == ("suspended", "2025-02-10", "2025-02-20", "EO 2")
    assert [move["what"] for move in seen["2025-02-01"]["history"]] == ["opened"]
    assert [move["what"] for move in seen["2025-02-10"]["history"]] == ["opened", "suspended"]
