"""A daybook with one open window, whose alerts reach receivers on this machine; shared by the tests of alerts by API."""

from alerts.book import Alerts
from alerts.channels import Senders
from alerts.channels.settings import read_sending
from alerts.clock import tick
from tests.web.asking import clean
from tests.web.sites import Site
from web.app import create_app

API = "/api/v1"
DAY = 24 * 3600 * 1_000_000
ABOUT = {"matter": "m", "window": None, "kind": None, "words": None}
WINDOW = {"window": "comments", "purpose": "comments", "due": "2026-12-24"}


class Desk(Site):
    """A site with one open window, whose channels reach this machine; its clock is run by the test."""

    def __init__(self, book, mail):
        super().__init__(book)
        environment = {"DAYBOOK_SMTP": mail.url, "DAYBOOK_MAIL_FROM": "alerts@example.org", "DAYBOOK_WEBHOOK_ALLOW": "127.0.0.1"}
        self.alerts = Alerts(book.log, book.clock, Senders(read_sending(environment, "http://localhost")), "http://localhost")
        self.app = create_app(book.daybook, people=self.people, alerts=self.alerts)
        self.mail = mail
        self.open("m")

    def open(self, matter, group=None):
        self.book.open(matter, group=group)
        details = WINDOW | {"title": f"Comments on {matter}"}
        self.book.record(matter, "WindowOpened", "opened", occurred="2026-11-20", announced="2026-11-20", details=details)

    def client(self, role="reader", *groups, scopes=("alerts",)):
        return super().client(role, *groups, scopes=scopes)

    def run(self, days=0):
        """Let so many days pass, and the clock do its work."""
        self.book.clock.now += days * DAY
        raised = tick(self.alerts, self.book.clock())
        self.alerts.work()
        return raised


def page_of(client):
    """The id of the page among somebody's channels."""
    return client.get(f"{API}/alert-channels").get_json()["channels"][0]["id"]


def policy(client, **more):
    return {"name": "All of m", "about": {"matter": "m"}, "routes": [{"channel": page_of(client)}]} | more


def made(client, path, body):
    answer = client.post(f"{API}/{path}", json=body)
    assert answer.status_code == 201, answer.data
    return answer.get_json()


def told(answer, status):
    """The first of what was wrong: (where, detail)."""
    assert answer.status_code == status, answer.data
    (first, *_) = clean(answer)["errors"]
    return first.get("pointer", first.get("parameter")), first["detail"]
