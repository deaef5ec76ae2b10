"""The calendar and the feeds under a secret address: what its owner may read now, within the filter, and the secret nowhere else."""

import io
import re
from contextlib import redirect_stdout

import feedparser
import icalendar
import pytest
import structlog

from alerts.model import About
from alerts.subscriptions import Subscriptions
from main.logs import configure
from tests.conftest import SOURCE
from web.app import create_app
from web.edge import Edge
from web.limits import read_limit

NAMES = ("deadlines.ics", "feed.atom", "feed.json")


class Desk:
    """A house with a public and a private matter, a window in each, and secret addresses."""

    def __init__(self, house):
        self.house, self.book, self.people = house, house.book, house.people
        self.made = Subscriptions(self.people.store)
        self.reader = house.ids["reader"]
        self.client = house.app.test_client()
        self.book.open("open", "UTC")
        self.book.open("secret", "UTC", group="legal")
        for matter, title in (("open", "Public reply"), ("secret", "Zebra reply")):
            details = {"window": "w", "title": title, "purpose": "comments", "due": "2027-03-05"}
            self.book.record(matter, "WindowOpened", "opened", occurred="2025-03-10", details=details, sources=[SOURCE])

    def make(self, about=About(), account=None):  # noqa: B008
        self.its, self.secret = self.made.make(account or self.reader, "phone", about)
        return self.secret

    def get(self, name, secret=None, **more):
        return self.client.get(f"/s/{secret or self.secret}/{name}", **more)

    def windows(self, **more):
        answer = self.get("deadlines.ics", **more)
        assert answer.status_code == 200, answer.text
        return {str(event["UID"]) for event in icalendar.Calendar.from_ical(answer.data).walk("VEVENT")}

    def entries(self):
        items = [item["id"] for item in self.get("feed.json").get_json(force=True)["items"]]
        assert [entry.id for entry in feedparser.parse(self.get("feed.atom").data).entries] == items
        return {item.removeprefix("urn:daybook:event:") for item in items}


@pytest.fixture
def desk(house):
    """Where reading is open."""
    return Desk(house)


@pytest.fixture
def shut(closed):
    """Where reading is closed."""
    return Desk(closed)


def test_it_sees_what_its_owner_may_read_at_that_moment(desk):
    desk.make()
    assert desk.windows() == {"open.w@daybook"}
    assert desk.entries() == {"open.opened"}
    desk.people.accounts.join(desk.reader, "legal", "shell")
    assert desk.windows() == {"open.w@daybook", "secret.w@daybook"}
    assert desk.entries() == {"open.opened", "secret.opened"}
    desk.people.accounts.leave(desk.reader, "legal", "shell")
    assert desk.windows() == {"open.w@daybook"}
    assert desk.entries() == {"open.opened"}


def test_it_reads_also_where_reading_is_closed_and_nobody_else_does(shut):
    shut.make()
    assert shut.windows() == {"open.w@daybook"}
    assert shut.entries() == {"open.opened"}
    assert shut.client.get("/deadlines.ics").status_code == 401
    assert shut.client.get("/feed.atom").status_code == 401
    assert shut.client.get("/deadlines").status_code == 303
    assert [shut.get(name, "no-such-secret").status_code for name in NAMES] == [404] * 3


def test_it_never_gives_more_than_its_filter(desk):
    desk.people.accounts.join(desk.reader, "legal", "shell")
    desk.make(About("open"))
    assert (desk.windows(), desk.entries()) == ({"open.w@daybook"}, {"open.opened"})
    for query in ("matter=secret", "q=zebra", "window=w", "as_of=2026-01-01", "recorded_at=1"):
        assert desk.get(f"deadlines.ics?{query}").status_code == 422
        assert desk.get(f"feed.atom?{query}").status_code == 422
    desk.make(About(words="zebra"))
    assert (desk.windows(), desk.entries()) == ({"secret.w@daybook"}, {"secret.opened"})
    desk.make(About(kind="WindowOpened"))
    assert (desk.windows(), desk.entries()) == (set(), {"open.opened", "secret.opened"})


def test_a_matter_that_its_owner_no_longer_sees_leaves_it_empty_and_unnamed(desk):
    desk.people.accounts.join(desk.reader, "legal", "shell")
    desk.make(About("secret"))
    assert (desk.windows(), desk.entries()) == ({"secret.w@daybook"}, {"secret.opened"})
    desk.people.accounts.leave(desk.reader, "legal", "shell")
    assert (desk.windows(), desk.entries()) == (set(), set())
    assert "Zebra" not in "".join(desk.get(name).text for name in NAMES)


def test_what_counts_no_longer_is_gone_without_telling_why(desk):
    answers = set()
    for end in ("unknown", "revoked", "disabled", "erased"):
        account = desk.people.accounts.add(f"{end} one", "reader", "shell").id
        desk.make(account=account)
        if end == "revoked":
            assert desk.get("feed.json").status_code == 200
            desk.made.revoke(desk.its.id, account, account)
        elif end != "unknown":
            getattr(desk.people.accounts, "disable" if end == "disabled" else "erase")(account, "shell")
        for name in NAMES:
            answer = desk.get(name, "unknown" if end == "unknown" else desk.secret)
            body = answer.get_json()
            answers.add(
                (answer.status_code, body["detail"], tuple(body["errors"]), answer.mimetype, answer.headers["Cache-Control"])
            )
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


def test_alarms_can_be_chosen_and_a_wrong_one_is_named_without_a_page(desk):
    desk.make()
    (event,) = icalendar.Calendar.from_ical(desk.get("deadlines.ics?alarms=2d").data).walk("VEVENT")
    assert len(event.walk("VALARM")) == 1
    refused = desk.get("deadlines.ics?alarms=-2d", headers={"Accept": "text/html"})
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert refused.get_json()["errors"][0]["parameter"] == "alarms"


@pytest.mark.parametrize("name", NAMES)
def test_nobody_keeps_it_and_no_search_finds_it(desk, name):
    desk.make()
    for answer in (desk.get(name), desk.get(name, "no-such-secret"), desk.get(f"{name}?x=1")):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers
    first = desk.get(name)
    assert desk.get(name, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_only_the_feeds_own_link_holds_the_secret(desk):
    desk.make()
    own = f"http://localhost/s/{desk.secret}/"
    assert desk.secret not in desk.get("deadlines.ics").text
    assert re.findall(r"\S*" + desk.secret + r"\S*", desk.get("feed.atom").text) == [f'href="{own}feed.atom"']
    body = desk.get("feed.json").get_json(force=True)
    assert body.pop("feed_url") == own + "feed.json"
    assert desk.secret not in str(body)
    parsed = feedparser.parse(desk.get("feed.atom").data)
    assert parsed.feed.id == f"urn:daybook:feed:{desk.its.id}"
    assert {link.rel: link.href for link in parsed.feed.links}["self"] == own + "feed.atom"


@pytest.mark.parametrize("path", ["", "deadlines", "x.ics", "feed", "../deadlines"])
def test_it_leads_to_no_page(shut, path):
    shut.make()
    assert shut.get(path).status_code in (401, 404)
    assert shut.client.get("/", headers={"Authorization": f"Bearer {shut.secret}"}).status_code == 401
    assert shut.client.get("/api/v1/matters", headers={"Authorization": f"Bearer {shut.secret}"}).status_code == 401
    assert shut.client.post(f"/s/{shut.secret}/feed.json").status_code in (401, 405)


def test_a_browser_that_is_signed_in_sees_what_the_address_sees_and_not_more(desk):
    desk.make(About("open"))
    editor = desk.house.browser("editor")
    desk.people.accounts.join(desk.house.ids["editor"], "legal", "shell")
    desk.client = editor.client
    assert desk.windows() == {"open.w@daybook"}
    token = desk.house.token("admin")
    assert desk.windows(headers=token) == {"open.w@daybook"}
    assert desk.windows(headers={"Authorization": "Bearer nonsense"}) == {"open.w@daybook"}


def test_the_secret_stands_in_no_log_and_no_label_of_a_metric(desk, monkeypatch):
    desk.make()
    configure()
    told = io.StringIO()
    monkeypatch.setattr("web.secret_feeds.calendar_of", lambda *_: 1 / 0)
    desk.house.app.testing = False
    with redirect_stdout(told):
        assert desk.get("deadlines.ics").status_code == 500
    structlog.reset_defaults()
    for name in NAMES[1:]:
        desk.get(name)
    assert "/s/<secret>/deadlines.ics" in told.getvalue()
    metrics = desk.client.get("/metrics").text
    assert 'endpoint="secret_feeds.atom"' in metrics
    assert desk.secret not in told.getvalue() + metrics


def test_use_is_noted_and_counts_in_its_owners_budget(house):
    desk = Desk(house)
    app = create_app(desk.book.daybook, edge=Edge(reading=read_limit("3/minute", "x")), people=desk.people)
    desk.client = app.test_client()
    desk.make()
    statuses = [desk.get("feed.json").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert desk.made.of(desk.reader)[0].used == desk.book.clock()
    strangers = [desk.get("feed.json", f"guess-{n}").status_code for n in range(4)]
    assert strangers == [404, 404, 404, 429]
