"""Lists: events page by page, search, one event with everything said of it, matters, and the days of change."""

from datetime import date

import pytest

from domain.errors import BadValue, NotFound
from service.browsing import Filter

TIKTOK = "tiktok-divestiture"


def listed(book, **wanted) -> list[str]:
    return [event["key"] for event in book.daybook.events(Filter(**wanted), book.daybook.ask())[0]]


def test_pages_follow_each_other_without_gap_or_repeat(bundled):
    seen, after = [], 0
    while after is not None:
        page, after = bundled.daybook.events(Filter(after=after, limit=7), bundled.daybook.ask())
        seen += [event["id"] for event in page]
    assert len(seen) == len(set(seen)) == bundled.log.size() - 3


def test_events_are_chosen_by_matter_kind_words_and_days(bundled):
    assert set(listed(bundled, kind="ReportConfirmed")) == {"revenue-share-confirmed"}
    assert listed(bundled, matter=TIKTOK, kind="WindowOpened") == ["divest-or-ban", "pause-1-opened", "pause-2-opened"]
    assert listed(bundled, q="eo-14258") == ["eo-14258"]
    assert listed(bundled, q="eo-14258 NOTHING") == []
    signed = listed(bundled, kind="ExecutiveOrderSigned", since=date(2025, 4, 4), until=date(2025, 6, 19))
    assert signed == ["eo-14258", "eo-14310"]


@pytest.mark.parametrize("q", ["%", "_", "100%", "'; DROP TABLE entries; --", "!", "\\"])
def test_what_is_searched_for_is_taken_literally(book, q):
    book.open("m")
    for key, text in (("plain", "Nothing special"), ("odd", "100% of '; DROP TABLE entries; -- ! _ \\")):
        book.record("m", "DevelopmentReported", key, occurred="2025-01-01", announced="2025-01-01", details={"text": text})
    assert listed(book, q=q) == ["odd"]


def test_a_corrected_event_is_listed_once_and_as_it_now_reads(own_bundled):
    own_bundled.record(TIKTOK, "EntryCorrected", "c", announced="2026-06-01", of=["eo-14258"], changes={"summary": "Reworded."})
    (event,) = [
        e
        for e in own_bundled.daybook.events(Filter(q="eo-14258", limit=50), own_bundled.daybook.ask())[0]
        if e["key"] == "eo-14258"
    ]
    assert event["summary"] == "Reworded."


def test_one_event_has_what_it_first_said_and_what_was_said_of_it(own_bundled):
    own_bundled.record(TIKTOK, "EntryCorrected", "c", announced="2026-06-01", of=["eo-14258"], changes={"summary": "Reworded."})
    event = own_bundled.daybook.event(f"{TIKTOK}.eo-14258", own_bundled.daybook.ask())
    assert (event["summary"], event["original"]) == (
        "Reworded.",
        {"summary": "Carries the pause in enforcement on to 19 June 2025."},
    )
    assert [(a["id"], a["kind"]) for a in event["amendments"]] == [(f"{TIKTOK}.c", "EntryCorrected")]
    assert event["details"]["number"] == 14258
    assert event["actor"] == "loader"


def test_one_event_as_known_before_its_correction_reads_as_it_did(own_bundled):
    own_bundled.record(TIKTOK, "EntryCorrected", "c", announced="2026-06-01", of=["eo-14258"], changes={"summary": "Reworded."})
    event = own_bundled.daybook.event(f"{TIKTOK}.eo-14258", own_bundled.daybook.ask("2026-05-31"))
    assert event["summary"] == "Carries the pause in enforcement on to 19 June 2025."
    assert event["amendments"] == []


@pytest.mark.parametrize("event", ["nothing", "tiktok-divestiture.nothing", ".", "", "nothing.eo-14258", "x" * 500])
def test_an_unknown_event_is_not_found(bundled, event):
    with pytest.raises(NotFound):
        bundled.daybook.event(event, bundled.daybook.ask())


def test_an_event_of_tomorrow_is_not_found_today(bundled):
    with pytest.raises(NotFound):
        bundled.daybook.event(f"{TIKTOK}.eo-14258", bundled.daybook.ask("2025-04-03"))
    assert bundled.daybook.event(f"{TIKTOK}.eo-14258", bundled.daybook.ask("2025-04-04"))


def test_every_matter_has_its_last_event_and_next_deadline_at_the_point(bundled):
    found = {m["slug"]: m for m in bundled.daybook.matters(bundled.daybook.ask("2025-03-21"))}
    assert found[TIKTOK]["next_deadline"]["due"] == "2025-04-05"
    assert found[TIKTOK]["last_event"]["key"] == "stores-restored"
    assert found["bytedance-ai-procurement"]["next_deadline"] is None


def test_the_days_of_change_stand_on_either_side(bundled):
    before, after = bundled.daybook.neighbours(bundled.daybook.ask("2025-03-21"), TIKTOK)
    assert (before.day, after.day) == (date(2025, 2, 13), date(2025, 4, 4))
    assert bundled.daybook.neighbours(bundled.daybook.ask("2019-01-01"), TIKTOK)[0] is None
    assert bundled.daybook.neighbours(bundled.daybook.ask(), TIKTOK)[1] is None


@pytest.mark.parametrize(
    ("status", "windows"),
    [("superseded", ["pause-1"]), ("met", ["pause-2"]), ("lapsed", ["divest-or-ban"]), ("open", []), ("withdrawn", [])],
)
def test_deadlines_are_chosen_by_status(bundled, status, windows):
    found = bundled.daybook.deadlines(bundled.daybook.ask("2026-03-01"), status=status, matter=TIKTOK)["deadlines"]
    assert [d["window"] for d in found] == windows


def test_a_status_that_is_none_is_refused(bundled):
    with pytest.raises(BadValue) as refused:
        bundled.daybook.deadlines(bundled.daybook.ask(), status="late")
    assert refused.value.field == "status"


@pytest.mark.parametrize(
    ("within", "windows"),
    [(5, []), (6, ["pause-1"]), (0, []), (46, ["pause-1", "ai-diffusion-comments", "ai-diffusion-compliance"])],
)
def test_deadlines_within_so_many_days_include_the_last_of_them(bundled, within, windows):
    found = bundled.daybook.deadlines(bundled.daybook.ask("2025-03-30"), within=within)["deadlines"]
    assert [d["window"] for d in found] == windows


def test_a_matter_that_is_not_on_record_has_no_days_of_change(bundled):
    assert bundled.daybook.neighbours(bundled.daybook.ask(), "nothing") == (None, None)


def test_deadlines_and_the_point_alone_tell_of_the_matters_on_record_by_then(bundled):
    early = bundled.daybook.ask(recorded_at="1")
    assert bundled.daybook.deadlines(early)["point"] == bundled.daybook.point(early)
    assert bundled.daybook.point(early)["time_zones"] == ["Asia/Shanghai"]


def test_both_ends_of_a_diff_are_read_from_one_snapshot(bundled, monkeypatch):
    taken, reading = [], bundled.log.reading

    def counted():
        taken.append(1)
        return reading()

    monkeypatch.setattr(bundled.log, "reading", counted)
    assert bundled.diff("tiktok-status", "2025-04-03", "2025-04-04")
    assert len(taken) == 1


def test_a_slip_of_ours_does_not_make_an_entry_known_later(book):
    book.open("m")
    book.record("m", "DevelopmentReported", "noted", occurred="2025-01-20", announced="2025-01-20", details={"text": "A slpi."})
    book.record(
        "m", "EntryCorrected", "mended", of=["noted"], announced="2026-05-04", slip="ours", changes={"text": "A slip."},
    )  # fmt: skip
    for asked in ("2025-02-01", "2026-06-01", None):
        entry = book.daybook.event("m.noted", book.daybook.ask(asked))
        assert entry["details"] == {"text": "A slip."}
        assert (entry["known"], entry["since"], entry["known_days_later"]) == ("2025-01-20", "2025-01-20", 0)
    assert book.daybook.event("m.noted", book.daybook.ask("2025-02-01"))["amendments"] == []
    before, _ = book.daybook.neighbours(book.daybook.ask("2026-05-04"))
    assert before.day.isoformat() == "2025-01-20"


def test_what_the_source_corrected_counts_from_its_correction_and_was_known_before(book):
    book.open("m")
    book.record("m", "DevelopmentReported", "noted", occurred="2025-01-20", announced="2025-01-20", details={"text": "First."})
    book.record("m", "EntryCorrected", "mended", of=["noted"], announced="2026-05-04", slip="source", changes={"text": "Second."})
    entry = book.daybook.event("m.noted", book.daybook.ask())
    assert (entry["details"], entry["known"], entry["since"]) == ({"text": "Second."}, "2025-01-20", "2026-05-04")
