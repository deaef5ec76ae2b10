"""The pages, asked as a browser without JavaScript asks them, over the bundled matters. It is 24 November 2026."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from domain.instants import micros
from service.daybook import Daybook
from web.app import create_app

NOON = micros(datetime(2026, 11, 24, 12, tzinfo=UTC))
EVERY_PAGE = (
    "/",
    "/?as_of=2025-06-01",
    "/?as_of=2025-06-01&known_on=now",
    "/?as_of=2025-06-01&later=1",
    "/?as_of=2027-01-01",
    "/?as_of=2999-12-31",
    "/?as_of=1000-01-01",
    "/?as_of=2019-01-01",
    "/?from=2020-01-01&to=2026-12-31",
    "/?matter=tiktok-divestiture&kind=court",
    "/views/tiktok-status",
    "/views/tiktok-status?as_of=2019-01-01",
    "/views/procurement",
    "/views/procurement?as_of=2025-02-01",
    "/views/export-controls",
    "/views/export-controls?as_of=2019-01-01",
    "/views/tiktok-status/why?field=window.due&as_of=2025-06-01",
    "/views/tiktok-status/why?field=service.status&as_of=2024-01-01",
    "/views/procurement/why?field=budgets.overseas-2025.money",
    "/matters",
    "/matters?as_of=2019-01-01",
    "/matters/tiktok-divestiture",
    "/matters/bytedance-ai-procurement?as_of=2025-02-01",
    "/matters/us-chip-export-controls",
    "/matters/tiktok-divestiture/windows/pause-1",
    "/matters/tiktok-divestiture/windows/pause-1?as_of=2025-03-21",
    "/matters/us-chip-export-controls/windows/ai-diffusion-comments?as_of=2025-02-01",
    "/events/tiktok-divestiture.eo-14166",
    "/events/bytedance-ai-procurement.bytedance-denial-2025-01-21",
    "/deadlines",
    "/deadlines?as_of=2025-06-01&within=30",
    "/deadlines?status=lapsed",
    "/diff",
    "/diff?view=tiktok-status&from=2025-04-01&to=2025-06-20",
    "/diff?view=procurement&from=2025-01-01&to=today&known_on=now",
    "/alerts",
    "/alerts?as_of=2025-06-01",
)


@pytest.fixture(scope="module")
def daybook(bundled):
    """The bundled matters, with a clock that stands still."""
    return Daybook(bundled.log, lambda: NOON)


@pytest.fixture(scope="module")
def client(daybook):
    app = create_app(daybook)
    app.testing = True
    return app.test_client()


@pytest.fixture(scope="module")
def read(client):
    """A page's words: its text without tags, and with single spaces."""

    def words(address: str, status: int = 200) -> str:
        response = client.get(address)
        assert response.status_code == status, address
        body = re.sub(r"<head>.*?</head>", "", response.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    return words


def links(page: str, inside: str = "") -> list[str]:
    return [unescape(found) for found in re.findall(rf'{inside}<a[^>]*href="([^"]+)"', page)]


@pytest.mark.parametrize("address", EVERY_PAGE)
def test_every_page_answers_and_prints_its_time_zone(client, address):
    page = client.get(address)
    assert page.status_code == 200
    assert "Shanghai" in page.text or "New York" in page.text or "time zone" in page.text


def test_every_link_of_every_kind_of_page_leads_somewhere(client):
    kinds = {address.partition("?")[0]: address for address in EVERY_PAGE}
    found = {link for address in kinds.values() for link in links(client.get(address).text) if link.startswith("/")}
    assert len(found) > 250
    answers = {link: client.get(link) for link in found}
    own = {link for link, answer in answers.items() if (answer.location or "").startswith("/sign-in?next=")}
    assert all(link.startswith("/account/alerts/") for link in own)
    assert {link for link in found - own if answers[link].status_code not in (200, 302)} == set()


def test_the_views_that_are_pages_of_their_own_lead_there_and_keep_the_point(client):
    assert client.get("/views/deadlines?as_of=2025-06-01").location == "/deadlines?as_of=2025-06-01"
    assert client.get("/views/timeline").location == "/"


def test_a_past_state_says_so_and_counts_what_it_leaves_out(read, daybook):
    withheld = daybook.view("timeline", daybook.ask("2025-03-21")).point["withheld"]
    page = read("/?as_of=2025-03-21")
    assert "You are viewing the past: as known on 21 March 2025." in page
    assert f"{withheld} later entries are left out. Back to today" in page


def test_today_has_no_banner(read):
    assert "You are viewing" not in read("/")


def test_a_future_day_says_that_it_is_told_as_known_today(read):
    assert "You are viewing the future: what will hold on 1 January 2027, as known today." in read("/?as_of=2027-01-01")


def test_before_the_records_start_the_page_says_when_they_do(read):
    assert "Records start on 6 August 2020" in read("/?as_of=2019-01-01")


def test_no_later_headline_leaks_into_a_timeline_as_known_then(read, daybook):
    ask, view = daybook.ask, daybook.view
    known = {entry["headline"] for entry in view("timeline", ask("2025-06-01")).state["events"]}
    later = {entry["headline"] for entry in view("timeline", ask()).state["events"]} - known
    page = read("/?as_of=2025-06-01")
    assert len(later) > 30
    assert [headline for headline in later if headline in page] == []
    assert "14310" not in page


def test_hindsight_shows_what_became_known_later(read):
    assert "EO 14310: Further Extending the TikTok Enforcement Delay" in read("/?as_of=2025-06-01&known_on=now")


def test_later_entries_are_drawn_only_on_the_readers_wish_and_marked(read, client):
    assert "later known" not in read("/?as_of=2025-06-01")
    assert "later known" in read("/?as_of=2025-06-01&later=1")
    assert 'class="shaped right official later' in client.get("/?as_of=2025-06-01&later=1").text


def test_the_law_and_the_order_that_reached_back_a_day(read):
    """The worked case: on 19 January 2025 nothing paused the law, as known then; with hindsight it was paused."""
    assert re.search(r"Enforcement applicable", read("/views/tiktok-status?as_of=2025-01-19"))
    assert re.search(r"Enforcement paused", read("/views/tiktok-status?as_of=2025-01-19&known_on=now"))


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("1 jun 2025", "1 June 2025"),
        ("-75d", "10 September 2026"),
        ("today", "24 November 2026"),
        ("EO 14166 + 75d", "5 April 2025"),
        ("2025-06-01T12:00-04:00", "1 June 2025, 12:00"),
    ],
)
def test_a_day_may_be_written_as_people_write_it(client, read, typed, understood):
    assert understood in read("/?as_of=" + typed.replace(" ", "%20").replace("+", "%2B"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2025-02-30", "February 2025 has no day 30"),
        ("soon", "“soon” is not a day"),
        ("2025-03", "“2025-03” is not one certain day"),
        ("<script>alert(1)</script>", "“<script>alert(1)</script>” is not a day"),
    ],
)
def test_a_wrong_day_is_told_at_its_field_in_the_readers_words(client, read, typed, said):
    address = "/?as_of=" + typed
    assert said in read(address, 422)
    page = client.get(address).text
    assert 'aria-describedby="as-of-error"' in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "address",
    [
        "/?as-of=2025-06-01",
        "/?kind=nonsense",
        "/?later=yes",
        "/?from=2025-06-01&to=2025-01-01",
        "/?from=1900-01-01&to=2100-01-01",
        "/?known_on=2030-01-01",
        "/?as_of=2025-06-01&as_of=2025-07-01",
        "/views/tiktok-status?matter=x",
        "/views/tiktok-status/why",
        "/views/tiktok-status/why?field=nothing.here",
        "/deadlines?within=soon",
        "/deadlines?status=late",
        "/diff?from=soon&to=today",
        "/diff?from=2025-01-01&to=today&known_on=2025-02-01",
        "/alerts?known_on=now",
    ],
)
def test_what_cannot_be_read_is_422_and_teaches(read, address):
    page = read(address, 422)
    assert "That cannot be read" in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    "address",
    [
        "/nothing",
        "/views/nothing",
        "/matters/nothing",
        "/events/nothing.here",
        "/?matter=nothing",
        "/events/tiktok-divestiture.eo-14310?as_of=2025-06-01",
    ],
)
def test_what_is_not_there_is_404(read, address):
    assert "404" in read(address, 404)


def test_html_in_an_address_is_escaped(client):
    for address in ("/matters/<b>x</b>", "/events/<i>.x", "/views/<b>", "/?matter=<b>x</b>", "/?<b>=1", "/?kind=<b>x</b>"):
        page = client.get(address)
        assert page.status_code in (404, 422)
        assert "<b>x" not in page.text
        assert "<i>." not in page.text


def test_nothing_needs_javascript_and_no_script_is_inline(client):
    for address in EVERY_PAGE:
        page = client.get(address).text
        assert re.findall(r"<script[^>]*>", page) == ['<script type="module" src="/static/daybook.js">']
        assert not re.search(r"\son[a-z]+=", page)


def test_a_link_out_tells_nobody_where_it_came_from(client):
    page = client.get("/events/tiktok-divestiture.pause-1-opened").text
    outer = re.findall(r'<a[^>]*href="https?:[^>]*>', page)
    assert len(outer) > 2
    assert all('rel="noopener noreferrer nofollow"' in link for link in outer)


def test_every_item_of_a_lane_is_a_link_that_keeps_the_point(client):
    page = client.get("/?as_of=2025-06-01").text
    items = re.findall(r'<a class="(?:shaped|window) [^"]*" href="([^"]+)"', page)
    assert len(items) > 20
    assert all(item.startswith("/events/") and "as_of=2025-06-01" in item for item in items)


def test_nothing_is_hidden_silently(client):
    """Every entry in the range is a shape, or counted in a “+3”, or a window's; and all stand in the table."""
    page = client.get("/?as_of=2025-06-01&from=2025-01-01&to=2025-06-30").text
    table = page[page.index('<table class="entries">') :]
    rows = table.count('<td class="what">')
    windows = len(re.findall(r"> (?:Window|Last day) ?(?:opened|extended|met|superseded|withdrawn|reached)?</td>", table))
    shapes = len(re.findall(r'<a class="shaped ', page))
    chips = sum(int(many) for many in re.findall(r'class="chip"[^>]*>\+(\d+)</a>', page))
    assert chips > 0
    assert shapes + chips == rows - windows


def test_the_frozen_address_gives_the_same_state_after_more_was_recorded(book):
    book.load_bundled()
    client = create_app(book.daybook).test_client()
    frozen = next(link for link in links(client.get("/views/tiktok-status").text) if "recorded_at" in link)
    book.record(
        "tiktok-divestiture", "ServiceSuspended", "again", occurred="2026-11-20", announced="2026-11-20",
        details={"where": ["service"]},
        sources=[{"publisher": "Gazette", "title": "A notice", "published": "2026-11-20"}],
    )  # fmt: skip
    assert "suspended" in client.get("/views/tiktok-status").text.partition("Enforcement")[0]
    assert "suspended" not in client.get(frozen).text.partition("Enforcement")[0]


def test_the_neighbour_changes_are_labelled_and_the_next_one_only_by_its_day(read):
    page = read("/views/tiktok-status?as_of=2025-06-01")
    assert "4 Apr 2025 EO 14258 signed" in page
    assert "19 Jun 2025 18 days later" in page


def test_a_deadline_counts_its_days_at_the_point(read):
    page = read("/views/tiktok-status?as_of=2025-06-01")
    assert "18 days left Pause in enforcement" in page
    assert "18 calendar, 13 working" in page


def test_a_denial_stands_beside_the_reports_that_it_denies(read):
    page = read("/views/procurement?as_of=2025-02-01")
    assert "ByteDance denies: The reported budget for chips abroad is inaccurate." in page
    assert "It reaches the overseas budget for 2025." in page


def test_why_names_the_claims_their_sources_and_who_recorded_them(read):
    page = read("/views/tiktok-status/why?field=window.due&as_of=2025-06-01")
    assert "Due date 19 June 2025" in page
    assert "2 claims" in page
    assert "Extending the TikTok Enforcement Delay" in page
    assert "by loader" in page


def test_an_entry_says_how_much_later_it_was_known(read):
    assert "Known 15 April 2025, 6 days later" in read("/events/us-chip-export-controls.h20-licence-letter")


def test_a_diff_is_told_in_sentences_with_signs(read):
    page = read("/diff?view=tiktok-status&from=2025-04-01&to=2025-06-01")
    assert "~ 4 Apr 2025 Due date moved from 5 April to 19 June 2025, by EO 14258." in page
    assert "+ 4 Apr 2025 New order: EO 14258" in page


def test_alerts_say_plainly_when_nothing_was_told(read):
    page = read("/alerts")
    assert "No alert was sent by" in page
    assert "Not sent: alerts that a clock that always ran would have raised by 24 November 2026" in page
    assert "days left: “Pause in enforcement” is due on" in page


def test_deadlines_are_never_an_empty_page(read):
    page = read("/deadlines")
    assert "No window is running today, 24 November 2026. The last one that closed: Suspension of the affiliates rule" in page


def test_the_first_page_links_the_last_change_and_days_to_look_back_to(read, client):
    page = read("/")
    assert "Last change: Last day of “Suspension of the affiliates rule” , on 9 November 2026." in page
    assert "Look back to 22 Jan 2026" in page
    assert any("as_of=2026-01-22" in link for link in links(client.get("/").text))


def test_every_matter_is_listed_with_its_state_and_last_change(read):
    page = read("/matters?as_of=2025-03-21")
    assert "TikTok divestiture" in page
    assert "Last: Restored: app stores , 13 Feb 2025" in page
    assert "next deadline 5 Apr 2025, Pause in enforcement" in page
    assert "US chip export controls" in page


def test_the_list_of_matters_keeps_its_place_when_another_day_is_asked_for(client):
    assert 'action="/matters"' in client.get("/matters?as_of=2025-03-21").text


def test_a_presumed_value_says_why(read):
    page = read("/views/export-controls/why?field=rules.affiliates-50-percent.status")
    assert "Presumed: what came after it has ended" in page
    assert "Assumed: nothing on record claims it at this point" in read(
        "/views/tiktok-status/why?field=service.status&as_of=2019-01-01"
    )


ASKS_FOR_AN_ENTRY = ("/events/", "/matters/", "matter=", "budgets", "window.due")


@pytest.mark.parametrize("address", [page for page in EVERY_PAGE if not any(part in page for part in ASKS_FOR_AN_ENTRY)])
def test_a_store_in_which_nothing_is_on_record_has_every_page(book, address):
    assert create_app(book.daybook).test_client().get(address, follow_redirects=True).status_code == 200


def test_a_view_without_its_matter_says_so(book, read):
    shown = create_app(book.daybook).test_client().get("/views/procurement").text
    assert "is not on record here at this point" in shown
    assert "The whole matter" not in shown
    assert "is not on record here" not in read("/views/procurement?as_of=2019-01-01")


def test_a_day_is_one_day(read):
    assert "1 calendar day left" in read("/deadlines?as_of=2025-05-14")


def test_our_own_slips_are_no_news_and_drawn_only_on_demand(site):
    client = site.client("recorder")
    entry = {
        "key": "slip", "matter": "tiktok-divestiture", "kind": "DevelopmentReported", "occurred": "2026-11-20",
        "details": {"text": "Mistyped."}, "sources": [{"publisher": "Gazette", "published": "2026-11-20"}],
    }  # fmt: skip
    before = client.get("/").get_data(as_text=True)
    client.post("/api/v1/events", json=entry)
    retraction = {
        "kind": "EntryRetracted",
        "reason": "A slip.",
        "slip": "ours",
        "announced": "2026-11-24",
        "sources": entry["sources"],
    }
    client.post("/api/v1/events/tiktok-divestiture.slip/amendments", json=retraction, headers={"If-Match": "*"})
    page = client.get("/").get_data(as_text=True)
    assert "Mistyped" not in page
    assert "2 entries are slips of our own record, or mend one, and not drawn." in page
    last = re.search(r"Last change: .*?</a>", before)[0]
    assert last in page
    drawn = client.get("/?slips=1").get_data(as_text=True)
    assert "Retracted as our slip: Mistyped" in drawn
    assert client.get("/?slips=2").status_code == 422
    (brief,) = [m for m in client.get("/api/v1/matters").get_json()["matters"] if m["slug"] == "tiktok-divestiture"]
    assert brief["last_event"]["key"] != "slip"
    assert client.get("/events/tiktok-divestiture.slip").status_code == 200


def test_an_amendment_is_called_by_the_headline_of_its_entry(site):
    client = site.client("recorder")
    denial = {"kind": "ReportDenied", "by": "ByteDance", "announced": "2025-01-22", "sources": [{"publisher": "Gazette"}]}
    client.post("/api/v1/events/bytedance-ai-procurement.ft-2025-overseas/amendments", json=denial)
    page = client.get("/events/bytedance-ai-procurement.ft-2025-overseas-denied").get_data(as_text=True)
    assert "<h1 >ByteDance denies: About $6.8bn for AI abroad in 2025, as reported</h1>" in page
