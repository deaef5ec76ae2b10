"""A house for the tests of alerting: a real store, a person who asked to be told, a real receiver, and a clock that is set by hand."""

import json
from dataclasses import replace

from alerts.book import Alerts
from alerts.channels import Senders
from alerts.channels.settings import read_sending
from alerts.clock import tick
from service.people import People

DAY = 24 * 3_600_000_000


class House:
    """A store in which ann is told of everything at a webhook; `told()` is what it got since it was asked last."""

    def __init__(self, book, hook):
        self.book, self.hook, self.read = book, hook, 0
        allowed = read_sending({"DAYBOOK_WEBHOOK_ALLOW": "127.0.0.1/32"}, "http://daybook.test")
        senders = Senders(replace(allowed, patience=0.5, deadline=1.0))
        self.alerts = Alerts(book.log, book.clock, senders, "http://daybook.test")
        self.people = People(book.log.recorder, book.clock)
        self.ann = self.people.accounts.add("ann", "editor", "shell").id
        self.channel = self.add_channel(hook.url + "/ann")

    def add_channel(self, url):
        return self.alerts.ways.make_confirmed({"kind": "webhook", "target": url}, self.ann, "shell").id

    def ask(self, *channels, name="all", **more):
        """A policy of ann's: the usual ladder and no changes, unless it says more."""
        routes = [{"channel": each} for each in channels or [self.channel]]
        raw = {"name": name, "changes": [], "routes": routes} | more
        return self.alerts.policies.keep(self.alerts.policies.read(raw, self.ann, self.book.clock()), self.ann)

    def window(self, due, name="pause", actor="tester", matter="m"):
        details = {"window": name, "title": f"The {name}", "purpose": "comments", "due": due}
        self.book.record(matter, "WindowOpened", name, actor, occurred="2025-01-20", announced="2025-01-20", details=details)

    def extend(self, due, on, key="ext"):
        details = {"window": "pause", "due": due, "legal_basis": "EO 1"}
        self.book.record("m", "WindowExtended", key, occurred=on, announced=on, details=details)

    def at(self, month, day, hour=16):
        """The clock ticks and sends at that hour (UTC) of 2025."""
        self.book.clock.set(2025, month, day, hour)
        raised = tick(self.alerts, self.book.clock())
        self.alerts.work()
        return raised

    def told(self):
        """(what, step, what passed) of each alert."""
        return [(each["what"], each["step"], each["passed"]) for each in self.data()]

    def data(self):
        fresh, self.read = self.hook.requests[self.read :], len(self.hook.requests)
        bodies = [json.loads(each.body)["data"] for each in fresh]
        return [alert for body in bodies for alert in body.get("alerts", [body])]

    def states(self):
        return sorted(row[0] for row in self.book.rows("SELECT state FROM messages"))
