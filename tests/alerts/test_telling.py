"""An item told at the moment of sending: as the window or entry is then, and as its person sees it."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from alerts import outbox
from alerts.facts import NotToTell
from alerts.model import Item
from alerts.outbox import Row
from alerts.telling import sample, told
from domain.events import AlertRaised
from domain.instants import micros
from domain.ladder import Step
from domain.watch import Plan, Sight, Watch
from web.app import create_app

TIKTOK, CHIPS, EXPORTS = "tiktok-divestiture", "bytedance-ai-procurement", "us-chip-export-controls"
PAUSE = {"window": "pause", "title": "The pause", "purpose": "enforcement pause"}


def at(*when):
    """A moment in UTC."""
    return micros(datetime(*when, tzinfo=UTC))


def item(matter, window, what, account="anna", **facts):
    return Item("a1b2", account, "mail", matter, window, what, facts, 0, 0)


def say(book, when, *what, groups=None, **facts):
    """What an item tells at a moment (UTC) to somebody in those groups (None: who sees all)."""
    return told(book.log.seen_by(groups), item(*what, **facts), at(*when))


def step(book, when, matter, window, name, due, passed=(), **more):
    return say(book, when, matter, window, "step", step=name, due=due, on="2025-01-01", passed=list(passed), **more)


def reason(book, when, *what, **facts):
    with pytest.raises(NotToTell) as refused:
        say(book, when, *what, **facts)
    return refused.value.reason


@pytest.fixture
def m(book):
    """A matter in New York with one window, due 5 April 2025."""
    book.clock.set(2025, 1, 20, 17)
    book.open("m")
    details = PAUSE | {"due": "2025-04-05", "opened_by": "Order 1", "owner": "The desk"}
    book.record("m", "WindowOpened", "opened", occurred="2025-01-20", announced="2025-01-20", details=details)
    return book


def write(book, kind, key, on, **raw):
    """Record an entry that was announced on a day, on that day."""
    book.clock.set(*map(int, on.split("-")), 17)
    book.record("m", kind, key, announced=on, **raw)


def extend(book, key, signed, due, by):
    write(book, "WindowExtended", key, signed, occurred=signed, details={"window": "pause", "due": due, "legal_basis": by})


def test_a_lead_time_says_what_when_how_many_days_and_why(bundled):
    its = step(bundled, (2025, 3, 29, 14), TIKTOK, "pause-1", "7", "2025-04-05")
    assert its.subject == "7 days left: Pause in enforcement, due 5 April 2025"
    assert its.sentence == "7 days left: “Pause in enforcement” is due on 5 April 2025."
    assert (its.matter_title, its.on, its.type, its.step) == ("TikTok divestiture", "2025-03-29", "deadline.step", "7")
    window = its.window
    assert (window["due"], window["due_is"], window["status"], window["legal_basis"]) == (
        "2025-04-05",
        "last day",
        "open",
        "EO 14166",
    )
    assert (window["days_left"], window["working_days_left"], window["ends"]) == (7, 5, "2025-04-06T00:00:00-04:00")
    (cause,) = its.why
    assert cause.words == "Opened by EO 14166, reaching back to 19 January 2025, due 5 April 2025"
    assert (cause.day, cause.entry, cause.standing) == ("2025-01-20", f"{TIKTOK}.pause-1-opened", "official")
    assert "Day 75 is 5 April 2025, a Saturday." in its.counting


def test_what_is_left_is_counted_on_the_day_of_sending_in_the_matters_zone(bundled):
    late = step(bundled, (2025, 3, 31, 14), TIKTOK, "pause-1", "7", "2025-04-05")
    assert late.sentence.startswith("5 days left")
    assert late.window["working_days_left"] == 4
    night = step(bundled, (2025, 3, 29, 3, 59), TIKTOK, "pause-1", "14", "2025-04-05")
    assert (night.on, night.window["days_left"]) == ("2025-03-28", 8)


def test_the_last_day_and_an_effect_day_are_told_as_what_they_are(bundled):
    last = step(bundled, (2025, 5, 15, 14), EXPORTS, "ai-diffusion-comments", "0", "2025-05-15")
    assert last.subject == "Due today: Comments on the AI diffusion framework, 15 May 2025"
    effect = step(bundled, (2025, 5, 15, 14), EXPORTS, "ai-diffusion-compliance", "0", "2025-05-15")
    assert effect.sentence == "Today: “Compliance with the AI diffusion framework” falls due, from the start of 15 May 2025."
    before = step(bundled, (2025, 5, 14, 14), EXPORTS, "ai-diffusion-compliance", "1", "2025-05-15")
    assert before.sentence.startswith("1 day left: ")
    assert before.sentence.endswith(" is due on 15 May 2025, from the start of that day.")
    assert before.window["ends"] == "2025-05-15T00:00:00-04:00"


def test_a_lead_time_in_hours_is_told_in_hours(m):
    its = step(m, (2025, 4, 5, 16, 20), "m", "pause", "12h", "2025-04-05")
    assert its.subject == "12 hours left: The pause, due 5 April 2025"
    assert step(m, (2025, 4, 5, 18, 5), "m", "pause", "12h", "2025-04-05").subject.startswith("10 hours left")
    assert step(m, (2025, 4, 6, 3, 50), "m", "pause", "1h", "2025-04-05").sentence.startswith("Less than an hour left")


def test_steps_that_passed_untold_are_summed_up_and_those_of_the_same_instant_did_not_pass(m):
    its = step(m, (2025, 4, 4, 14), "m", "pause", "1", "2025-04-05", passed=["14", "7", "3"])
    assert its.passed_sentences == ("3 steps passed while the clock was down: 14 days, 7 days, 3 days.",)
    both = step(m, (2025, 4, 5, 4), "m", "pause", "0", "2025-04-05", passed=["1", "24h"])
    assert both.passed_sentences == (
        "1 step passed while the clock was down: 1 day.",
        "1 step reached at the same time: 24 hours.",
    )
    assert step(m, (2025, 4, 4, 14), "m", "pause", "1", "2025-04-05").passed_sentences == ()


def raise_for_anna(book, *days):
    """Let the clock see the window on those days for her channel, with steps of 14, 7 and 3 days."""
    plan = Plan("mail", "anna", {Step(number): at(2025, 1, 1) for number in (14, 7, 3)}, {"moved": at(2025, 1, 1)})
    ends = at(2025, 4, 6, 4)
    for day in days:
        sight = Sight("The pause", date(2025, 4, 5), "last day", "m.opened", date(*day), ends, "America/New_York")
        with book.log.seen_by(None).holding() as held:
            watch = held.watch("m", "pause") or Watch.begin("m", "pause")
            watch.see(sight, at(*day, 12), [plan])
            told = [event for event in watch.pending_events if isinstance(event, AlertRaised)]
            items = [Item(its.alert, "anna", "mail", "m", "pause", "step", {}, 0, 0) for its in told]
            held.save([watch], lambda c, _, items=items: outbox.put(c, [Row(each, "at once", 0) for each in items]))


def test_a_step_that_waited_for_a_later_message_did_not_pass_while_the_clock_was_down(m):
    raise_for_anna(m, (2025, 3, 22), (2025, 4, 2))
    its = step(m, (2025, 4, 2, 14), "m", "pause", "3", "2025-04-05", passed=["14", "7"])
    assert its.passed_sentences == ("1 step passed while the clock was down: 7 days.", "1 step waited for this message: 14 days.")
    others = step(m, (2025, 4, 2, 14), "m", "pause", "3", "2025-04-05", passed=["14"], account="berta")
    assert others.passed_sentences == ("1 step passed while the clock was down: 14 days.",)
    over = say(m, (2025, 4, 7, 14), "m", "pause", "passed", steps=["14"], due="2025-04-05", on="2025-04-02")
    assert over.passed_sentences == ("1 step waited until the time was over: 14 days.",)
    extend(m, "longer", "2025-04-03", "2025-06-19", "Order 2")
    moved = say(m, (2025, 4, 4), "m", "pause", "moved", former_due="2025-04-05", due="2025-06-19", on="2025-04-03", passed=["14"])
    assert moved.passed_sentences == ("1 step of the former date not sent any more: 14 days.",)


def test_a_lead_time_whose_due_date_is_past_by_now_is_told_as_passed(m):
    its = step(m, (2025, 4, 6, 12), "m", "pause", "0", "2025-04-05", passed=["1"])
    assert its.type == "deadline.passed"
    assert its.subject == "Passed: The pause, was due 5 April 2025"
    assert its.passed_sentences == ("2 steps passed while the clock was down: the day itself, 1 day.",)
    assert its.window["days_left"] is None
    same = say(m, (2025, 4, 6, 12), "m", "pause", "passed", steps=["1", "0"], due="2025-04-05", on="2025-04-06")
    assert same.sentence == "“The pause” was due on 5 April 2025; its lead times passed before they could be told."
    assert same.passed == ("1", "0")


def test_a_move_says_from_what_to_what_by_which_act_and_the_chain(bundled):
    its = say(bundled, (2025, 4, 5, 14), TIKTOK, "pause-1", "moved", former_due="2025-04-05", due="2025-06-19", on="2025-04-05")
    assert its.subject == "Moved to 19 June 2025: Pause in enforcement"
    assert its.sentence == "The due date of “Pause in enforcement” moved from 5 April to 19 June 2025, by EO 14258."
    assert (its.change["from"], its.change["to"], its.change["days"]) == ("2025-04-05", "2025-06-19", 75)
    assert [act["event"] for act in its.change["acts"]] == [f"{TIKTOK}.pause-1-extended-1"]
    assert [cause.words for cause in its.why][1] == "Extended from 5 April to 19 June 2025, by EO 14258"


def test_a_move_that_several_acts_made_names_each_of_them(bundled):
    its = say(bundled, (2025, 6, 20, 14), TIKTOK, "pause-1", "moved", former_due="2025-04-05", due="2025-09-17", on="2025-06-20")
    assert its.sentence.endswith("moved from 5 April to 17 September 2025, by EO 14258 and EO 14310.")


def test_a_move_to_an_earlier_day_says_so(m):
    extend(m, "shorter", "2025-02-01", "2025-03-01", "Order 2")
    its = say(m, (2025, 2, 2, 12), "m", "pause", "moved", former_due="2025-04-05", due="2025-03-01", on="2025-02-02")
    assert its.subject == "Moved to an earlier day, 1 March 2025: The pause"
    assert its.change["days"] == -35


def test_a_move_that_no_act_made_names_none(m):
    extend(m, "longer", "2025-02-01", "2025-06-19", "Order 2")
    write(m, "EntryRetracted", "gone", "2025-02-02", of=["longer"], reason="Misread.", slip="ours")
    its = say(m, (2025, 2, 3, 12), "m", "pause", "moved", former_due="2025-06-19", due="2025-04-05", on="2025-02-03")
    assert "by Order" not in its.sentence
    assert its.sentence.endswith("No new act moved it: what was on record for 19 June 2025 was corrected or taken back.")
    assert its.change["acts"] == []


def test_a_counted_date_that_a_closing_moved_names_the_closing(book):
    book.clock.set(2018, 11, 20, 17)
    book.open("m")
    rule = {"length": 15, "unit": "days", "start": "2018-11-20", "rule": "1-cfr-18.17"}
    details = PAUSE | {"rule": rule, "opened_by": "83 FR 1"}
    book.record("m", "WindowOpened", "opened", occurred="2018-11-20", announced="2018-11-20", details=details)
    its = say(book, (2018, 12, 1, 17), "m", "pause", "moved", former_due="2018-12-05", due="2018-12-06", on="2018-12-01")
    assert its.sentence.endswith("moved from 5 December to 6 December 2018. It was counted anew, because a closing became known.")
    assert "EO 13852" in its.why[-1].words
    assert its.why[-1].entry is None


@pytest.mark.parametrize(
    ("day", "window", "status", "told_as"),
    [
        ((2025, 9, 26, 14), "pause-1", "superseded", "“Pause in enforcement” was superseded on 25 September 2025, by EO 14352. After it comes “Pause to complete the sale”, due 23 January 2026."),
        ((2026, 1, 23, 14), "pause-2", "met", "“Pause to complete the sale” was met on 22 January 2026: The joint venture was established and announced that day."),
    ],
)  # fmt: skip
def test_an_end_says_how_when_and_by_what(bundled, day, window, status, told_as):
    its = say(bundled, day, TIKTOK, window, "closed", status=status, former="open", on="2026-01-01")
    assert its.sentence == told_as
    assert (its.window["days_left"], its.window["status"], its.type) == (None, status, "deadline.closed")


def test_a_suspension_says_until_when_and_its_end_that_it_runs_again(m):
    effective = {"from": "2025-02-01", "until": "2025-02-28"}
    details = {"window": "pause", "legal_basis": "Order 2"}
    write(m, "WindowSuspended", "rest", "2025-02-01", occurred="2025-02-01", effective=effective, details=details)
    its = say(m, (2025, 2, 1, 14), "m", "pause", "closed", status="suspended", former="open", on="2025-02-01")
    assert its.sentence == "“The pause” is suspended from 1 February 2025 through 28 February 2025, by Order 2."
    assert its.window["suspended_until"] == "2025-02-28"
    again = say(m, (2025, 3, 1, 14), "m", "pause", "closed", status="open", former="suspended", on="2025-03-01")
    assert again.sentence == "“The pause” runs again; it was suspended."
    stale = reason(m, (2025, 3, 1, 14), "m", "pause", "closed", status="suspended", former="open", on="2025-02-01")
    assert stale == "“The pause” is open by now; that it was suspended is no longer so."


def test_two_dates_are_both_told_with_the_one_that_leads(m):
    rule = {"length": 75, "unit": "days", "start": "2025-01-21", "rule": "calendar"}
    write(m, "EntryCorrected", "with-rule", "2025-01-21", of=["opened"], changes={"rule": rule}, slip="ours")
    its = say(
        m,
        (2025, 1, 22, 14),
        "m",
        "pause",
        "conflict",
        stated="2025-04-05",
        computed="2025-04-06",
        due="2025-04-05",
        on="2025-01-22",
    )
    assert its.sentence == (
        "Two dates for “The pause”: 5 April 2025 is stated, 6 April 2025 is counted. The stated one leads; the stated one is the earlier."
    )
    assert its.change == {"stated": "2025-04-05", "computed": "2025-04-06", "leads": "stated", "earlier": "stated"}
    write(m, "EntryCorrected", "without", "2025-01-22", of=["opened"], changes={"rule": None}, slip="ours")
    later = reason(
        m,
        (2025, 1, 23, 14),
        "m",
        "pause",
        "conflict",
        stated="2025-04-05",
        computed="2025-04-06",
        due="2025-04-05",
        on="2025-01-22",
    )
    assert later == "The stated and the counted date of “The pause” do not disagree any more."


def test_what_is_no_longer_true_is_not_told_and_says_what_is(m):
    extend(m, "longer", "2025-03-30", "2025-06-19", "Order 2")
    for what, facts in (("step", {"step": "3"}), ("passed", {"steps": ["3"]}), ("moved", {"former_due": "2025-03-01"})):
        told_why = reason(m, (2025, 4, 2, 12), "m", "pause", what, due="2025-04-05", on="2025-04-02", **facts)
        assert told_why == "The due date of “The pause” is 19 June 2025 by now, no longer 5 April 2025."
    details = {"window": "pause", "evidence": "Done."}
    write(m, "WindowMet", "met", "2025-06-10", occurred="2025-06-10", details=details)
    closed = reason(m, (2025, 6, 12, 12), "m", "pause", "step", step="7", due="2025-06-19", on="2025-06-12")
    assert closed == "“The pause” is met by now, so no lead time counts for it any more."


def test_a_window_or_an_entry_that_its_person_does_not_see_is_not_told(book):
    book.clock.set(2025, 1, 20, 17)
    book.open("m", group="desk")
    details = PAUSE | {"due": "2025-04-05"}
    book.record("m", "WindowOpened", "opened", occurred="2025-01-20", announced="2025-01-20", details=details)
    facts = {"step": "7", "due": "2025-04-05", "on": "2025-03-29"}
    assert say(book, (2025, 3, 29, 12), "m", "pause", "step", groups=frozenset({"desk"}), **facts).title == "The pause"
    hidden = reason(book, (2025, 3, 29, 12), "m", "pause", "step", groups=frozenset({"others"}), **facts)
    assert hidden == "The window “pause” of the matter “m” is not to be seen any more."
    entry = reason(book, (2025, 3, 29, 12), "m", None, "new", groups=frozenset(), entry="opened", on="2025-03-29")
    assert entry == "The entry “m.opened” is not to be seen any more."


def test_the_exact_link_shows_what_was_told_whatever_is_recorded_later(m):
    its = step(m, (2025, 3, 29, 12), "m", "pause", "7", "2025-04-05")
    extend(m, "longer", "2025-03-29", "2025-06-19", "Order 2")
    m.clock.set(2025, 4, 20, 12)
    client = create_app(m.daybook).test_client()
    exact, today = client.get(its.exact).text, client.get(its.today).text
    assert "Due 5 April 2025" in exact
    assert "7 days left" in exact
    assert "19 June 2025" not in exact
    assert "Due 19 June 2025" in today
    assert client.get(its.why[0].path).status_code == 200


def test_the_exact_link_of_somebody_who_sees_less_lies_within_what_he_sees(m):
    m.open("secret", group="desk")
    its = step(m, (2025, 3, 29, 12), "m", "pause", "7", "2025-04-05", groups=frozenset())
    seen = m.log.seen_by(frozenset())
    assert dict(parse_qsl(urlsplit(its.exact).query)) == {"as_of": "2025-03-29", "recorded_at": str(seen.size())}
    assert seen.size() < m.log.size()


def test_only_a_person_can_acknowledge(m):
    assert step(m, (2025, 3, 29, 12), "m", "pause", "7", "2025-04-05").answer == "/account/alerts/items/a1b2"
    assert step(m, (2025, 3, 29, 12), "m", "pause", "7", "2025-04-05", account=None).answer is None


def test_what_is_over_and_an_entry_without_a_window_that_runs_cannot_be_acknowledged(m):
    new = {"entry": "opened", "kind": "WindowOpened", "on": "2025-01-21"}
    assert say(m, (2025, 1, 21, 12), "m", None, "new", **new).answer is None
    assert say(m, (2025, 1, 21, 12), "m", "pause", "new", **new).answer == "/account/alerts/items/a1b2"
    past = {"steps": ["1"], "due": "2025-04-05", "on": "2025-04-04"}
    assert say(m, (2025, 4, 5, 12), "m", "pause", "passed", **past).answer == "/account/alerts/items/a1b2"
    assert say(m, (2025, 4, 6, 12), "m", "pause", "passed", **past).answer is None
    write(m, "WindowMet", "met", "2025-04-07", occurred="2025-04-01", details={"window": "pause", "evidence": "Done."})
    assert say(m, (2025, 4, 7, 18), "m", "pause", "closed", status="met", former="open", on="2025-04-07").answer is None
    assert say(m, (2025, 4, 7, 18), "m", "pause", "new", **new).answer is None


def test_a_denial_stands_beside_the_reports_that_it_denies(bundled):
    facts = {"entry": "bytedance-denial-2025-01-21", "kind": "ReportDenied", "on": "2025-01-22"}
    its = say(
        bundled, (2025, 1, 22, 14), CHIPS, None, "amended", of=["ft-2025-total", "ft-2025-china", "ft-2025-overseas"], **facts
    )
    assert its.subject == "ByteDance denies: “Over $12bn for AI in 2025, as reported” and 2 more"
    assert its.sentence == "ByteDance denies “Over $12bn for AI in 2025, as reported” and 2 more entries."
    assert its.change["statement"] == "The information from unnamed sources about its plan is incorrect."
    assert [each["words"] for each in its.change["scope"]] == [
        "the total budget for 2025", "the China budget for 2025", "the overseas budget for 2025",
    ]  # fmt: skip
    denied = its.about[2]
    assert denied["headline"] == "About $6.8bn for AI abroad in 2025, as reported"
    assert (denied["standing"], denied["known"]) == ("denied", "2025-01-21")
    assert [source["publisher"] for source in denied["sources"]] == ["Financial Times", "Reuters"]


def test_a_correction_tells_each_field_from_what_it_read_just_before(m):
    for key, due in (("first", "2025-04-06"), ("second", "2025-04-07")):
        write(m, "EntryCorrected", key, "2025-01-21", of=["opened"], changes={"due": due}, slip="ours", reason="Misread.")
    write(m, "EntryCorrected", "third", "2025-01-21", of=["opened"], changes={"owner": None}, slip="source")
    facts = {"kind": "EntryCorrected", "of": ["opened"], "on": "2025-01-22"}
    its = say(m, (2025, 1, 22, 12), "m", None, "amended", entry="second", **facts)
    (field,) = its.change["fields"]
    assert (field["field"], field["from"], field["to"]) == ("due", "2025-04-06", "2025-04-07")
    assert (field["from_words"], field["to_words"]) == ("6 April 2025", "7 April 2025")
    assert its.sentence == "“The pause, due 7 April 2025” was corrected by us, whose slip it was: due."
    (gone,) = say(m, (2025, 1, 22, 12), "m", None, "amended", entry="third", **facts).change["fields"]
    assert (gone["from_words"], gone["to_words"]) == ("The desk", "nothing")


def test_a_retraction_says_whose_slip_it_was_and_why(m):
    write(m, "EntryRetracted", "gone", "2025-01-21", of=["opened"], reason="The order was never signed.", slip="source")
    its = say(m, (2025, 1, 22, 12), "m", None, "amended", entry="gone", kind="EntryRetracted", of=["opened"], on="2025-01-22")
    assert its.sentence == "“The pause, due 5 April 2025” was taken back by its source. The order was never signed."
    assert its.about[0]["standing"] == "retracted"
    assert its.type == "entry.amended"


def test_an_amendment_or_a_new_entry_that_was_itself_taken_back_is_not_told(m):
    write(m, "ReportDenied", "denial", "2025-01-21", of=["opened"], by="Somebody")
    write(m, "EntryRetracted", "gone", "2025-01-22", of=["denial"], reason="Misread.", slip="ours")
    write(m, "EntryRetracted", "gone-too", "2025-01-22", of=["opened"], reason="Misread.", slip="ours")
    denial = reason(m, (2025, 1, 23, 12), "m", None, "amended", entry="denial", kind="ReportDenied", of=["opened"], on="2025-01-23")
    assert denial.endswith("was itself taken back by now.")
    entry = reason(m, (2025, 1, 23, 12), "m", None, "new", entry="opened", kind="WindowOpened", on="2025-01-23")
    assert entry == "The entry “The pause, due 5 April 2025” was taken back by now."


def test_a_new_entry_says_when_it_happened_was_known_and_recorded_how_it_stands_and_who_says_so(m):
    m.clock.set(2025, 2, 11, 12)
    sources = [{"citation": "90 FR 1", "unread": True}, {"publisher": "Gazette", "title": "A notice", "published": "2025-02-01"}]
    m.record(
        "m", "DevelopmentReported", "remark", occurred="2025-01-30", announced="2025-02-01", sources=sources,
        details={"text": "Something was said."},
    )  # fmt: skip
    write(m, "ReportDenied", "denial", "2025-02-02", of=["remark"], by="Somebody", statement="Not so.")
    its = say(m, (2025, 2, 11, 13), "m", None, "new", entry="remark", kind="DevelopmentReported", on="2025-02-11")
    entry = its.entry
    assert (its.subject, its.type) == ("New: Something was said", "entry.new")
    assert (entry["occurred"], entry["known"], entry["known_days_later"]) == ("2025-01-30", "2025-02-01", 2)
    assert (entry["recorded_on"], entry["recorded_days_later"], entry["standing"]) == ("2025-02-11", 10, "denied")
    assert [each["by"] for each in entry["amendments"]] == ["Somebody"]
    assert [source.get("unread", False) for source in entry["sources"]] == [True, False]


def test_an_example_is_made_of_a_window_that_runs_and_of_nothing_else(bundled, book):
    its = sample(bundled.log, at(2025, 3, 1, 14))
    assert its.sentence == "13 days left: “Comments on the memory rule of December 2024” is due on 14 March 2025."
    assert its.answer is None
    assert sample(book.log, at(2025, 3, 1, 14)) is None


def test_an_uncertain_due_date_is_told_as_what_it_is(m):
    extend(m, "vague", "2025-02-01", "2025-05", "Order 2")
    its = step(m, (2025, 4, 28, 12), "m", "pause", "3", "2025-05-01")
    assert its.sentence == "At least 3 days left: “The pause” is due in May 2025."
    within = step(m, (2025, 5, 2, 12), "m", "pause", "0", "2025-05-01")
    assert within.subject == "May be due from today on: The pause, May 2025"
