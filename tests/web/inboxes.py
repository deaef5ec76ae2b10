"""A house in which people have policies, and a clock that told them something."""

import re

from alerts.book import Alerts
from alerts.channels import Senders
from alerts.channels.settings import MailServer, Sending
from alerts.clock import tick
from service.visitor import Visitor
from tests.web.houses import House, text

MAIL = Sending(mail=MailServer("127.0.0.1", 9), mail_from="daybook@example.org")
"""A mail server that nobody reaches: what is to be sent waits."""
ALL = ("moved", "closed", "conflict", "amended", "new")


class Telling(House):
    """A house with alerting: the policies of its people, windows, and ticks of a clock that the test moves."""

    def __init__(self, book, **door):
        super().__init__(book, **door)
        self.alerts = Alerts(book.log, book.clock, Senders(MAIL), "http://localhost")

    def address(self, role, target="ann.smith@example.org"):
        """A confirmed e-mail address of a person."""
        return self.alerts.ways.make_confirmed({"kind": "email", "name": "Work", "target": target}, self.ids[role], "shell")

    def unconfirmed(self, role, target="ann.smith@example.org"):
        """An address that waits to be confirmed, and the code that does it."""
        who = Visitor(account=self.ids[role], role=role)
        return self.alerts.ways.make({"kind": "email", "name": "Home", "target": target}, who)

    def policy(self, role, *channels, ladder=("7d", "3d", "1d", "0d"), changes=ALL, **about):
        """Tell a person by the page, or by those channels."""
        routes = [{"channel": each.id} for each in channels or self.alerts.ways.of(self.ids[role])[:1]]
        raw = {
            "name": f"Policy {len(channels)}",
            "about": about,
            "ladder": list(ladder),
            "changes": list(changes),
            "routes": routes,
        }
        return self.alerts.policies.keep(self.alerts.policies.read(raw, self.ids[role], self.book.clock()), self.ids[role])

    def page(self, role):
        """A person's channel of that kind."""
        return self.alerts.ways.of(self.ids[role])[0]

    def window(self, key="w", due="2026-12-01", title="Comments on the levy", matter="m", **more):
        """Record a window; opens the matter where it is not there."""
        if self.book.log.matter(matter) is None:
            self.book.open(matter, "Europe/Berlin")
        details = {"window": key, "title": title, "purpose": "comments", "due": due}
        self.book.record(matter, "WindowOpened", key, occurred="2026-11-20", announced="2026-11-20", details=details, **more)

    def tick(self, *day):
        """Tick at noon, UTC."""
        if day:
            self.book.clock.set(*day, 12)
        return tick(self.alerts, self.book.clock(), 60)

    def items(self, role, what="step"):
        """The ids of a person's alerts of that kind on the page, the newest first."""
        sql = "SELECT id FROM outbox WHERE channel=? AND what=? ORDER BY made DESC, id"
        return [row[0] for row in self.alerts.store.rows(sql, f"p-{self.ids[role]}", what)]

    def alert(self, window, role="reader"):
        """The id of a person's first step of a window on the page."""
        sql = "SELECT id FROM outbox WHERE channel=? AND subject=? AND what='step' ORDER BY made"
        return self.alerts.store.row(sql, f"p-{self.ids[role]}", window)[0]

    def only_item(self, what="step", role="reader"):
        """The page of the one alert of that kind that a person has."""
        (item,) = self.items(role, what)
        return f"/account/alerts/items/{item}"


def told_of_one(book):
    """A house whose reader is told, by the page and by e-mail, of one window that is due in a week; the others are told nothing."""
    its = Telling(book).fill()
    its.policy("reader", its.page("reader"), its.address("reader"), changes=("moved", "closed", "conflict", "amended"))
    its.window()
    its.tick(2026, 11, 24)
    return its


def plain(response):
    """The page's own words: without tags, each run of spaces one."""
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", text(response).partition("<main")[2].partition("</main>")[0]))


def own(house, role="reader", query=""):
    """What the inbox says, without what was told to everybody."""
    page = text(house.browser(role).get(f"/alerts{query}"))
    found = re.search('<section class="inbox".*?</section>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", found[0])) if found else ""
