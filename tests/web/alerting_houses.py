"""A house whose people set alerts: windows that are due soon, a mail server and a receiver that are really there, a clock that ticks."""

import re
from html import unescape

from alerts.book import Alerts
from alerts.channels import Senders
from alerts.channels.settings import Sending, read_sending
from alerts.clock import tick
from tests.web.houses import House

HOME = "/account/alerts"
NEW = f"{HOME}/policies/new"


def sending_by(mail="smtp://127.0.0.1:9", inside="127.0.0.1"):
    """Sending by a mail server (None: there is none), with webhooks to hosts inside allowed."""
    environ = {"DAYBOOK_MAIL_FROM": "alerts@example.org", "DAYBOOK_WEBHOOK_ALLOW": inside}
    return read_sending(environ | ({"DAYBOOK_SMTP": mail} if mail else {}), "http://localhost")


class AlertingHouse(House):
    """A house over three windows of one matter, due in 3, 21 and 47 days."""

    def __init__(self, book, sending: Sending | None = None, **door):
        super().__init__(book, **door)
        self.alerts = Alerts(book.log, book.clock, Senders(sending or sending_by()), "http://localhost")
        self.app.extensions["alerts"] = self.alerts
        self.fill()
        book.open("cloud", "Europe/Brussels", "BE")
        for name, due in (("comments", "2026-11-27"), ("reply", "2026-12-15"), ("effect", "2027-01-10")):
            self.window(name, due)

    def window(self, name, due, matter="cloud", title=None):
        """Record a window."""
        details = {"window": name, "title": title or f"The {name} window", "purpose": "comments", "due": due}
        self.book.record(matter, "WindowOpened", name, occurred="2026-11-02", announced="2026-11-02", details=details)

    def tick(self):
        """The clock looks, then sends."""
        tick(self.alerts, self.book.clock(), 60)
        self.alerts.work()

    def later(self, seconds):
        """Time passes."""
        self.book.clock.now += seconds * 1_000_000

    def policies(self, role):
        """The policies of an account."""
        return self.alerts.policies.of(self.ids[role])

    def channel(self, role, kind="email"):
        """An account's first channel of a kind."""
        return next(each for each in self.alerts.ways.of(self.ids[role]) if each.kind == kind)

    def page_id(self, role):
        """The id of an account's page."""
        return self.channel(role, "page").id

    def confirmed(self, role, target="ann@example.org", kind="email"):
        """A channel of an account that is confirmed already."""
        return self.alerts.ways.make_confirmed({"kind": kind, "target": target}, self.ids[role], "shell")


def policy_form(*channels, **typed):
    """The form of a policy as it is sent by a browser."""
    usual = {"about": "everything", "words": "", "kind": "", "ladder": "30d, 14d, 7d, 3d, 1d, 0d", "name": "", "action": "save"}
    return usual | {"changes": ["moved"]} | {f"use.{each}": "yes" for each in channels} | typed


def main(response):
    """The text of the page's main part, its tags and spaces tidied away."""
    inner = response.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inner)).split())


def at_field(response, name):
    """What is said to be wrong at a field of a form; nothing where its input is not marked."""
    page = response.get_data(as_text=True)
    tag = re.search(rf'<(?:input|select)[^>]*name="{re.escape(name)}"[^>]*aria-invalid="true"[^>]*>', page)
    if tag is None:
        return ""
    told_by = re.search(r'aria-describedby="([^" ]+)', tag[0])[1]
    return unescape(re.search(rf'<p class="error" id="{re.escape(told_by)}">(.*?)</p>', page)[1])
