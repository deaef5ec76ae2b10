"""A window's own page, and its address for scripts: its due date, how it is counted, and who moved it when."""

import re
from html import unescape

import pytest

PAUSE = "/matters/tiktok-divestiture/windows/pause-1"
API = "/api/v1/matters/tiktok-divestiture/windows/pause-1"
FIFTEEN = {"length": 15, "unit": "days", "start": "2018-11-20", "rule": "1-cfr-18.17"}


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def reader(site):
    return site.client("reader")


@pytest.fixture
def counted(site):
    """A matter with a window that is due by a rule alone, and one whose stated date the rule does not give."""
    book = site.book
    book.open("trial")
    more = {"purpose": "comments", "opened_by": "83 FR 1", "rule": FIFTEEN}
    for key, details in (
        ("comments", {"title": "Comments"}),
        ("other", {"title": "Other", "due": "2018-12-07", "owner": "The desk"}),
    ):
        book.record(
            "trial", "WindowOpened", key, occurred="2018-11-20", announced="2018-11-20", details={"window": key, **more, **details}
        )
    return site.client("reader")


def test_the_page_of_a_window_tells_its_due_date_its_end_and_who_moved_it(reader):
    page = words(reader.get(f"{PAUSE}?as_of=2025-07-01").text)
    assert "Due 17 September 2025" in page
    assert "Open through that day, New York time. Over from 00:00 on 18 September 2025." in page
    assert "78 calendar days left" in page
    assert "Opened by EO 14166 , 20 Jan 2025 reaching back to 19 Jan 2025" in page
    assert "Extended by EO 14258 , 4 Apr 2025 +75 days" in page
    assert "EO 14350" not in page


def test_a_window_that_was_superseded_says_so_and_gives_no_days_left(reader):
    page = words(reader.get(f"{PAUSE}?as_of=2026-02-01").text)
    assert "Was due 16 December 2025" in page
    assert "Superseded on 25 September 2025 by EO 14352 , before its end." in page
    assert "left" not in page.partition("Its history")[0].partition("window Pause")[2]


def test_a_window_that_was_met_shows_the_evidence(reader):
    page = words(reader.get("/matters/tiktok-divestiture/windows/pause-2?as_of=2026-02-01").text)
    assert "Met on 22 January 2026, before its end." in page
    assert "Evidence The joint venture was established and announced that day." in page


def test_a_counted_date_shows_its_steps_and_what_moved_it(counted):
    before, after = (
        words(counted.get(f"/matters/trial/windows/comments?as_of={day}").text) for day in ("2018-11-30", "2018-12-01")
    )
    assert "Due 5 December 2018" in before
    assert "13852" not in before
    assert "Due 6 December 2018" in after
    assert "Counted anew, 1 Dec 2018 +1 day" in after
    assert "Day of Mourning for President George H.W. Bush (EO 13852, 83 FR 62687, known since 1 December 2018)" in after
    assert "So the period runs on to the next open day: 6 December 2018, a Thursday (1 CFR 18.17)." in after


def test_stated_and_counted_date_stand_beside_each_other_where_they_disagree(counted):
    page = words(counted.get("/matters/trial/windows/other?as_of=2018-12-01").text)
    assert "Due 7 December 2018" in page
    assert "Stated 7 December 2018, counted 6 December 2018: both are on record, and the stated one leads." in page
    assert "Owner The desk" in page
    assert "Opened by the same document Comments , due 6 December 2018" in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/matters/tiktok-divestiture/windows/nope", 404),
        ("/matters/nope/windows/pause-1", 404),
        (f"{PAUSE}?as_of=2019-01-01", 404),
        (f"{PAUSE}?asof=2025-01-01", 422),
        (f"{PAUSE}?as_of=2025-02-30", 422),
    ],
)
def test_what_is_not_there_or_not_understood_is_told_in_words(reader, path, status):
    answer = reader.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_lists_lead_to_the_page_of_a_window(reader):
    assert f'href="{PAUSE}?as_of=2025-07-01"' in reader.get("/deadlines?as_of=2025-07-01").text
    assert f'href="{PAUSE}?as_of=2025-07-01"' in reader.get("/matters/tiktok-divestiture?as_of=2025-07-01").text


def test_the_address_for_scripts_gives_the_history_as_data(reader):
    body = reader.get(f"{API}?as_of=2025-07-01").json
    assert body["window"]["due"] == "2025-09-17"
    assert [(m["what"], m["by"], m["before"], m["due"]) for m in body["history"]] == [
        ("opened", "EO 14166", None, "2025-04-05"),
        ("extended", "EO 14258", "2025-04-05", "2025-06-19"),
        ("extended", "EO 14310", "2025-06-19", "2025-09-17"),
    ]
    assert body["ends"] == "2025-09-18T00:00:00-04:00"
    assert reader.get("/api/v1/matters/tiktok-divestiture/windows/nope").json["errors"][0]["parameter"] == "window"


def test_a_private_window_is_not_there_for_others(site):
    site.book.open("secret", group="desk")
    site.book.record("secret", "WindowOpened", "w", occurred="2025-01-01", announced="2025-01-01",
                     details={"window": "w", "title": "Hidden", "purpose": "comments", "due": "2025-12-01"})  # fmt: skip
    path = "/matters/secret/windows/w"
    assert site.client("reader").get(path).status_code == 404
    assert site.client("reader").get(f"/api/v1{path}").status_code == 404
    assert site.client("reader", "desk").get(path).status_code == 200


def test_from_the_page_of_a_running_window_one_records_what_happens_to_it(site):
    from tests.web.recording import Person

    site.book.open("trial")
    site.book.record("trial", "WindowOpened", "w", occurred="2026-11-01", announced="2026-11-01",
                     details={"window": "w", "title": "Comments", "purpose": "comments", "due": "2026-12-01"})  # fmt: skip
    recorder = Person(site, "recorder")
    page = recorder.get("/matters/trial/windows/w")
    for kind in ("WindowExtended", "WindowSuspended", "WindowMet", "WindowSuperseded", "WindowWithdrawn"):
        address = f"/record/trial/{kind}?window=w"
        assert f'href="{address}"' in page
        assert re.search(r'name="details.window"[^>]*value="w"', recorder.get(address)), kind
    met = {"sources.0.publisher": "The desk", "sources.0.published": "2026-11-20", "occurred": "2026-11-20"}
    address = "/record/trial/WindowMet"
    recorder.record(met | {"details.window": "w", "details.evidence": "Filed."}, address)
    page = words(recorder.get("/matters/trial/windows/w"))
    assert "Met on 20 November 2026, before its end." in page
    assert "Record what happens to it" not in page
    assert (
        "Record what happens" not in site.client("reader").get("/matters/tiktok-divestiture/windows/pause-1?as_of=2025-03-01").text
    )


def test_a_counted_window_leads_to_the_page_that_counts_it_again(counted):
    page = counted.get("/matters/trial/windows/comments?as_of=2018-11-30").text
    address = unescape(re.search(r'href="(/count\?[^"]*)"', page)[1])
    again = words(counted.get(address).text)
    assert counted.get(address).status_code == 200
    assert "Wednesday, 5 December 2018" in again
    rule = counted.get("/api/v1/matters/trial/windows/comments?as_of=2018-11-30").json["rule"]
    assert counted.post("/api/v1/count", json=rule).json["due"] == "2018-12-06"


def test_a_deadline_in_hours_is_a_moment_everywhere(site):
    site.book.open("trial")
    rule = {"length": 72, "unit": "hours", "start": "2026-11-24T12:00-05:00", "rule": "real-hours"}
    details = {"window": "w", "title": "Notice", "purpose": "notice", "rule": rule}
    site.book.record("trial", "WindowOpened", "w", occurred="2026-11-24", announced="2026-11-24", details=details)
    reader = site.client("reader")
    assert "Over at that moment, New York time." in words(reader.get("/matters/trial/windows/w").text)
    assert "Due 27 November 2026, 12:00 , over at that moment, New York time." in words(reader.get("/deadlines?matter=trial").text)
    feed = reader.get("/deadlines.ics?matter=trial").text
    assert "DTSTART:20261127T170000Z" in feed
    assert "DTEND" not in feed
    assert "Due 27 November 2026\\, 12:00" in feed.replace("\r\n ", "")


def test_a_suspended_window_says_until_when_and_that_its_date_stays(site):
    from tests.web.recording import Person

    site.book.open("trial")
    for key in ("w", "other"):
        details = {"window": key, "title": f"Window {key}", "purpose": "filing", "due": "2027-01-10"}
        site.book.record("trial", "WindowOpened", key, occurred="2026-11-01", announced="2026-11-01", details=details)
    site.book.record("trial", "WindowSuspended", "s", occurred="2026-11-20", announced="2026-11-20",
                     effective={"from": "2026-11-20", "until": "2026-12-01"}, details={"window": "w"})  # fmt: skip
    recorder = Person(site, "recorder")
    assert "It is suspended through 1 December 2026; its due date does not move by itself." in words(
        recorder.get("/matters/trial/windows/w")
    )
    form = recorder.get("/record/trial/WindowSuspended?window=other")
    above, found, _ = form.partition('name="effective.until"')
    assert (bool(found), above.count("<details")) == (True, above.count("</details>"))
    fields = {"sources.0.title": "T", "sources.0.published": "2026-11-20", "occurred": "2026-11-20", "details.window": "other"}
    preview = words(recorder.send("/record/trial/WindowSuspended", fields | {"action": "preview"}).text)
    assert "This may be on record already" not in preview
    again = words(recorder.send("/record/trial/WindowSuspended", fields | {"details.window": "w", "action": "preview"}).text)
    assert "This may be on record already" in again or "looks like" in again


def test_an_entry_about_a_window_leads_to_its_page(reader):
    assert f'href="{PAUSE}"' in reader.get("/events/tiktok-divestiture.pause-1-extended-1").text


def test_all_windows_are_listed_with_the_running_ones_first(reader):
    page = words(reader.get("/deadlines?status=all&as_of=2025-07-01").text)
    running, _, over = page.partition("No longer running")
    assert "Pause in enforcement" in running
    assert "Sell TikTok in the US, or the ban begins" in over
    assert "Sell TikTok in the US, or the ban begins" not in running


def test_an_announced_suspension_stands_on_the_page_before_it_begins(site):
    site.book.open("trial")
    details = {"window": "w", "title": "Filing", "purpose": "filing", "due": "2027-01-10"}
    site.book.record("trial", "WindowOpened", "w", occurred="2026-11-01", announced="2026-11-01", details=details)
    site.book.record("trial", "WindowSuspended", "s", occurred="2026-11-20", announced="2026-11-20",
                     effective={"from": "2026-11-26", "until": "2026-12-01"}, details={"window": "w"})  # fmt: skip
    reader = site.client("reader")
    before, after = (words(reader.get(f"/matters/trial/windows/w{day}").text) for day in ("", "?as_of=2026-11-27"))
    assert "Announced: suspended from 26 November 2026 through 1 December 2026." in before
    assert "Suspended, from 26 Nov 2026 through 1 Dec 2026" in after
