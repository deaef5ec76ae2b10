"""The calendar and the feeds of everybody, read by the readers that others use."""

from datetime import date

import feedparser
import icalendar
import pytest

from alerts.clock import tick
from web.app import create_app

SAID = {"publisher": "Gazette & Sons", "title": "A notice", "url": "https://example.org/n?a=1&b=2", "published": "2026-11-20"}
REPORT = {"text": "A deal is near & good: 3 < 5."}


def calendar_at(api, query):
    response = api.get(f"/deadlines.ics?{query}")
    assert response.mimetype == "text/calendar"
    parsed = icalendar.Calendar.from_ical(response.data)
    return {str(event["UID"]): event for event in parsed.walk("VEVENT")}


def test_the_calendar_has_the_window_on_its_day(api):
    event = calendar_at(api, "as_of=2025-03-21")["tiktok-divestiture.pause-1@daybook"]
    assert event.decoded("dtstart") == date(2025, 4, 5)
    assert event.decoded("dtend") == date(2025, 4, 6)
    assert event["STATUS"] == "CONFIRMED"
    assert int(event["SEQUENCE"]) == 0
    assert [alarm.decoded("trigger").days for alarm in event.walk("VALARM")] == [-30, -14, -7, -3, -1, 0]
    assert "EO 14166" in event["DESCRIPTION"]
    assert "pause-2" not in str(calendar_at(api, "as_of=2025-03-21"))


def test_a_moved_window_keeps_its_uid_and_raises_its_sequence(api):
    before = calendar_at(api, "as_of=2025-04-03")["tiktok-divestiture.pause-1@daybook"]
    after = calendar_at(api, "as_of=2025-04-05")["tiktok-divestiture.pause-1@daybook"]
    assert after.decoded("dtstart") == date(2025, 6, 19)
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_a_superseded_window_is_cancelled_rather_than_gone(api):
    open_window = calendar_at(api, "as_of=2025-09-20")["tiktok-divestiture.pause-1@daybook"]
    closed = calendar_at(api, "as_of=2025-09-26")["tiktok-divestiture.pause-1@daybook"]
    assert closed["STATUS"] == "CANCELLED"
    assert int(closed["SEQUENCE"]) > int(open_window["SEQUENCE"])


def test_the_calendar_can_be_of_one_matter(api):
    uids = calendar_at(api, "as_of=2025-03-21&matter=us-chip-export-controls")
    assert uids
    assert all(uid.startswith("us-chip-export-controls.") for uid in uids)


def test_the_atom_feed_is_well_formed_and_names_its_entries(api):
    response = api.get("/feed.atom")
    assert response.mimetype == "application/atom+xml"
    parsed = feedparser.parse(response.data)
    assert not parsed.bozo
    assert parsed.feed.title == "Daybook: alerts and new entries"
    assert len(parsed.entries) == 100
    entry = next(e for e in parsed.entries if e.id == "urn:daybook:event:tiktok-divestiture.eo-14352")
    assert entry.title == "EO 14352: Saving TikTok While Protecting National Security"
    assert entry.link == "http://127.0.0.1:8000/events/tiktok-divestiture.eo-14352"


def test_the_json_feed_has_the_same_items(api):
    body = api.get("/feed.json").get_json(force=True)
    assert body["version"] == "https://jsonfeed.org/version/1.1"
    assert {item["id"] for item in body["items"]} == {e.id for e in feedparser.parse(api.get("/feed.atom").data).entries}


@pytest.mark.parametrize(
    "url",
    [
        "/feed.atom?as_of=2025-01-01",
        "/feed.json?x=",
        "/deadlines.ics?as-of=2025-01-01",
        "/deadlines.ics?as_of=2025-02-30",
        "/feed.json?q=",
        "/feed.json?q=a&q=b",
        "/feed.atom?kind=Zebra",
        "/feed.atom?window=pause-1",
        "/feed.json?alarms=none",
    ],
)
def test_a_mistyped_parameter_is_refused(api, url):
    assert api.get(url).status_code == 422


class Feeds:
    """A daybook of one matter, and its feeds as programs fetch them."""

    def __init__(self, book):
        self.book = book
        book.open("m", "UTC")
        self.client = create_app(book.daybook).test_client()

    def record(self, kind, key, matter="m", **raw):
        self.book.clock.now += 60_000_000
        return self.book.record(matter, kind, key, **({"occurred": "2026-11-20", "sources": [SAID]} | raw))

    def report(self, key="deal", **raw):
        return self.record("DevelopmentReported", key, **({"details": REPORT, "summary": "A summary of it."} | raw))

    def opened(self, window="w", **raw):
        details = {"window": window, "title": "Reply", "purpose": "comments", "due": "2027-03-05", "owner": "Desk Zwölf"}
        return self.record("WindowOpened", f"{window}-opened", details=details, **raw)

    def items(self, query=""):
        """The items of the JSON Feed, which are those of the Atom feed."""
        answer = self.client.get(f"/feed.json{query}")
        assert (answer.status_code, answer.mimetype) == (200, "application/feed+json"), answer.text
        items = answer.get_json(force=True)["items"]
        parsed = feedparser.parse(self.client.get(f"/feed.atom{query}").data)
        assert not parsed.bozo
        assert [(e.id, e.title, e.updated, e.published, e.link) for e in parsed.entries] == [
            (i["id"], i["title"], i["date_modified"], i["date_published"], i["url"]) for i in items
        ]
        return items

    def ids(self, query=""):
        return [item["id"].rpartition(".")[2] for item in self.items(query)]

    def item(self, key):
        return next(item for item in self.items() if item["id"] == f"urn:daybook:event:m.{key}")


@pytest.fixture
def feeds(book):
    """The feeds of an own daybook."""
    return Feeds(book)


def test_an_item_tells_what_why_and_where_and_nothing_typed_becomes_markup(feeds):
    feeds.report()
    item = feeds.item("deal")
    assert item["tags"] == ["m", "DevelopmentReported"]
    assert (item["title"], "3 &lt; 5" in item["content_html"]) == ("A deal is near & good: 3 < 5", False)
    assert "Gazette &amp; Sons" in item["content_html"]
    assert "href='https://example.org/n?a=1&amp;b=2'" in item["content_html"]
    assert "A summary of it." in item["content_text"]
    assert f"http://127.0.0.1:8000/events/m.deal?recorded_at={feeds.book.log.size()}" in item["content_text"]
    (parsed,) = feedparser.parse(feeds.client.get("/feed.atom").data).entries
    assert parsed.content[0].type == "text/html"
    assert parsed.summary_detail.type == "text/plain"


def test_a_denied_entry_comes_up_anew_with_who_denies_what(feeds):
    feeds.report()
    feeds.report("other")
    before = feeds.item("deal")
    assert feeds.ids() == ["other", "deal"]
    feeds.record("ReportDenied", "no", of=["deal"], by="The ministry", statement="It is not near.", announced="2026-11-23")
    after = feeds.item("deal")
    assert set(feeds.ids()[:2]) == {"no", "deal"}
    assert (after["id"], after["date_published"]) == (before["id"], before["date_published"])
    assert after["date_modified"] > before["date_modified"]
    assert after["title"] == f"Denied: {before['title']}"
    assert "Denied: by The ministry, 23 November 2026. It is not near." in after["content_text"]
    assert "A summary of it." in after["content_text"]
    assert "Standing: denied" in after["content_text"]


def test_a_corrected_entry_tells_what_it_said_and_what_it_says(feeds):
    feeds.record(
        "BudgetAllocated", "b", details={"scope": "china", "year": 2026, "money": {"amount": "10000000000", "currency": "USD"}}
    )
    money = {"amount": "12000000000", "currency": "USD"}
    feeds.record(
        "EntryCorrected", "c", of=["b"], changes={"money": money}, slip="ours", reason="We misread it.", announced="2026-11-24"
    )
    for key in ("b", "c"):
        item = feeds.item(key)
        assert "Money, now: $12bn (before: $10bn)" in item["content_text"]
        assert "<del>$10bn</del> → <ins>$12bn</ins>" in item["content_html"]
    assert feeds.item("b")["title"].startswith("Corrected: ")
    assert "We misread it" in feeds.item("b")["content_text"]


def test_a_denial_that_was_taken_back_is_told_on_what_it_denied(feeds):
    feeds.report()
    feeds.record("ReportDenied", "no", of=["deal"], by="The ministry", announced="2026-11-23")
    denied = feeds.item("deal")
    feeds.report("between")
    feeds.record("EntryRetracted", "back", of=["no"], reason="It spoke of another.", slip="ours", announced="2026-11-24")
    again = feeds.item("deal")
    assert feeds.ids()[-1] == "between"
    assert again["date_modified"] > denied["date_modified"]
    assert not again["title"].startswith("Denied")
    assert "Latest change: Retracted as our slip" in again["content_text"]


def test_a_retracted_entry_stays_with_the_reason(feeds):
    feeds.report()
    feeds.record("EntryRetracted", "back", of=["deal"], reason="It was of another firm.", slip="ours", announced="2026-11-24")
    item = feeds.item("deal")
    assert item["title"].startswith("Retracted: ")
    assert "Taken back: 24 November 2026. It was of another firm." in item["content_text"]


def test_a_moved_window_tells_from_when_to_when_and_by_what(feeds):
    feeds.opened()
    details = {"window": "w", "due": "2027-04-06", "legal_basis": "Order 9"}
    feeds.record("WindowExtended", "moved", occurred="2026-11-23", details=details)
    item = feeds.item("moved")
    assert "What it did: Extended from 5 March to 6 April 2027, by Order 9" in item["content_text"]
    assert "http://127.0.0.1:8000/matters/m/windows/w" in item["content_text"]


def test_the_ladder_of_the_house_is_told_in_the_feeds(feeds):
    feeds.opened()
    feeds.book.clock.set(2026, 11, 25)
    tick(feeds.book.alerts, feeds.book.clock())
    feeds.book.clock.set(2027, 2, 26, 12)
    tick(feeds.book.alerts, feeds.book.clock())
    newest = feeds.items()[0]
    assert newest["title"] == "7 days left: “Reply” is due on 5 March 2027."
    assert newest["tags"] == ["m", "alert"]
    assert "Date given by: Reply, due 5 March 2027 http://127.0.0.1:8000/events/m.w-opened" in newest["content_text"]
    assert newest in feeds.items("?q=desk+zwölf")
    assert newest not in feeds.items("?kind=WindowOpened")
    assert newest not in feeds.items("?q=zebra")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?matter=m", {"w-opened", "v-opened", "deal", "no", "moved", "denied-date"}),
        ("?matter=m&window=w", {"w-opened", "moved", "denied-date"}),
        ("?kind=WindowOpened", {"w-opened", "v-opened", "far-opened"}),
        ("?kind=DevelopmentReported&q=summary", {"deal"}),
        ("?q=order+n\N{RIGHT SINGLE QUOTATION MARK}ine", {"moved", "denied-date"}),
        ("?q=deal-is", {"deal", "no"}),
        ("?q=desk+zwölf", {"w-opened", "v-opened", "far-opened"}),
        ("?q=gazette+ministry", {"no", "denied-date"}),
        ("?q=nothing", set()),
    ],
)  # fmt: skip
def test_a_feed_is_of_what_its_filter_asks_for(feeds, query, found):
    feeds.book.open("n", "UTC")
    feeds.opened()
    feeds.opened("v")
    feeds.opened("far", matter="n")
    feeds.report()
    feeds.record("ReportDenied", "no", of=["deal"], by="The ministry", announced="2026-11-23")
    feeds.record("WindowExtended", "moved", details={"window": "w", "due": "2027-04-06", "legal_basis": "Order Nine"})
    feeds.record("ReportDenied", "denied-date", of=["moved"], by="The ministry", scope=["windows.w.due"], announced="2026-11-23")
    assert set(feeds.ids(query)) == found


def test_a_hundred_newest_of_a_filter_are_a_hundred_of_those(feeds):
    feeds.report("needle", summary="A needle.")
    for n in range(130):
        feeds.report(f"hay-{n}", summary="Straw.")
    assert feeds.ids("?q=needle") == ["needle"]
    assert len(feeds.ids("?q=straw")) == 100
    assert feeds.ids("?q=straw")[:2] == ["hay-129", "hay-128"]


def test_an_old_entry_that_is_amended_comes_up_among_a_hundred_newer(feeds):
    feeds.report("old")
    for n in range(110):
        feeds.report(f"new-{n}")
    assert "old" not in feeds.ids()
    feeds.record("ReportConfirmed", "yes", of=["old"], by="The ministry", announced="2026-11-23")
    assert set(feeds.ids()[:2]) == {"old", "yes"}
    assert set(feeds.ids("?kind=DevelopmentReported")[:1]) == {"old"}


def test_a_feed_names_itself_with_its_filter_and_stays_the_same_feed(feeds):
    feeds.report()
    parsed = feedparser.parse(feeds.client.get("/feed.atom?matter=m&q=a+deal").data)
    rels = {link.rel: link.href for link in parsed.feed.links}
    assert rels["self"] == "http://127.0.0.1:8000/feed.atom?matter=m&q=a+deal"
    assert parsed.feed.title == "Daybook: alerts and new entries (matter m, “a deal”)"
    same = feedparser.parse(feeds.client.get("/feed.atom?q=a+deal&matter=m").data)
    everything = feedparser.parse(feeds.client.get("/feed.atom").data)
    assert parsed.feed.id == same.feed.id != everything.feed.id
    assert feeds.client.get("/feed.json?matter=m").get_json(force=True)["feed_url"] == "http://127.0.0.1:8000/feed.json?matter=m"


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.json", "/deadlines.ics", "/deadlines.ics?matter=m&alarms=1h"])
def test_who_has_it_already_is_told_so(feeds, path):
    feeds.opened()
    first = feeds.client.get(path)
    feeds.book.clock.now += 3_600_000_000
    assert feeds.client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    feeds.record("WindowExtended", "moved", details={"window": "w", "due": "2027-04-06"})
    assert feeds.client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_matter_that_became_private_is_in_nobody_elses_feed_or_calendar(feeds):
    feeds.opened()
    assert feeds.ids() == ["w-opened"]
    matter = feeds.book.log.matter("m")
    matter.share("legal", "tester")
    feeds.book.log.save_matter(matter)
    assert feeds.ids() == []
    assert "m.w@daybook" not in feeds.client.get("/deadlines.ics").text
    assert feeds.client.get("/feed.json?matter=m").status_code == 404
