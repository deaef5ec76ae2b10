"""A clock that is killed with SIGKILL at random moments and started again: nothing is lost, nothing comes twice. `make kill` does it 50 times."""

import json
import os
import random
import signal
import subprocess
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from alerts.book import Alerts
from alerts.channels import Senders
from alerts.channels.settings import read_sending
from service.people import People
from tests.alerts.receivers import http_receiver, mail_server
from tests.conftest import Recorder

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("DAYBOOK_KILLS", "2"))
SEED = int(os.environ.get("DAYBOOK_SEED") or random.SystemRandom().randrange(10**6))
LADDER = ["30d", "14d", "7d", "3d", "1d", "0d", "720h", "300h", "100h", "12h"]
DUE_IN = (0, 1, 3, 7, 14, 30)
"""Days ahead of which a step is reached today, so that a window that is opened now comes due now."""


def now() -> int:
    return time.time_ns() // 1000


class Clocks:
    """`daybook clock` as processes of their own, which are killed and started."""

    def __init__(self, path, mail, log):
        self.running: list[subprocess.Popen] = []
        self.log = log
        self.environ = {
            "PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{path}", "DAYBOOK_TICK": "1", "DAYBOOK_ALERT_CLAIM": "2",
            "DAYBOOK_WEBHOOK_ALLOW": "127.0.0.1/32", "DAYBOOK_SMTP": mail.url, "DAYBOOK_MAIL_FROM": "alerts@daybook.test",
        }  # fmt: skip

    def start(self) -> None:
        command = [str(ROOT / ".venv/bin/daybook"), "clock"]
        self.running.append(subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=self.log, stderr=self.log))

    def kill(self, which: int = 0) -> None:
        its = self.running.pop(which)
        assert its.poll() is None, f"the clock ended by itself, seed {SEED}: {self.said()}"
        its.send_signal(signal.SIGKILL)
        its.wait(10)

    def said(self) -> str:
        """The end of what they logged."""
        self.log.flush()
        return Path(self.log.name).read_text()[-3000:]

    def stop(self) -> None:
        while self.running:
            self.kill()


@pytest.fixture
def scene(tmp_path):
    """A store with one matter, and one person who is told of everything by e-mail and by webhook."""
    with ExitStack() as stack:
        mail, hook = stack.enter_context(mail_server()), stack.enter_context(http_receiver())
        book = Recorder(tmp_path / "daybook.sqlite", now)
        stack.enter_context(closing(book.log))
        book.open("m", "UTC")
        account = People(book.log.recorder, now).accounts.add("ann", "editor", "shell").id
        allow = {"DAYBOOK_WEBHOOK_ALLOW": "127.0.0.1/32", "DAYBOOK_SMTP": mail.url, "DAYBOOK_MAIL_FROM": "alerts@daybook.test"}
        alerts = Alerts(book.log, now, Senders(read_sending(allow, "http://127.0.0.1:8000")), "http://127.0.0.1:8000")
        targets = {"email": "ann@example.org", "webhook": hook.url + "/alerts"}
        ways = [alerts.ways.make_confirmed({"kind": k, "target": t}, account, "shell") for k, t in targets.items()]
        routes = [{"channel": way.id, "ladder": LADDER} for way in ways]
        alerts.policies.keep(alerts.policies.read({"name": "all", "routes": routes}, account, now()), "shell")
        log = stack.enter_context((tmp_path / "clock.log").open("w+"))
        clocks = Clocks(book.path, mail, log)
        stack.callback(clocks.stop)
        yield book, mail, hook, clocks, ways


class Events:
    """What somebody records meanwhile: windows whose steps are reached now, and due dates that move."""

    def __init__(self, book, chance):
        self.book, self.chance = book, chance
        self.dues: dict[str, str] = {}
        self.entries = 0
        self.began = datetime.now(UTC).date()

    def happen(self) -> None:
        if self.dues and self.chance.random() < 0.4:
            self._record(self.chance.choice(sorted(self.dues)), "WindowExtended", legal_basis=f"Order {self.entries}")
        else:
            name = f"w{len(self.dues)}"
            self._record(name, "WindowOpened", title=f"The {name}", purpose="comments")

    def _record(self, window, kind, **details):
        self.entries += 1
        today = datetime.now(UTC).date()
        due = today + timedelta(self.chance.choice(DUE_IN))
        on = (today - timedelta(1)).isoformat()
        details = {"window": window, "due": due.isoformat()} | details
        self.book.record("m", kind, f"e{self.entries}", occurred=on, announced=on, details=details)
        self.dues[window] = details["due"]


def eventually(so, seconds=40.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if so():
            return True
        time.sleep(0.1)
    return so()


def all_is_quiet(book) -> bool:
    """The clock has taken in all that was recorded, and nothing waits."""
    last = book.rows("SELECT MAX(position) FROM ledger WHERE stream NOT LIKE 'alerts:%' AND stream NOT LIKE 'news:%'")[0][0]
    taken = dict(book.rows("SELECT name, value FROM clock")).get("recorded", 0)
    waits = "SELECT 1 FROM outbox WHERE message IS NULL AND dropped IS NULL UNION ALL SELECT 1 FROM messages WHERE state='waiting'"
    ready = "SELECT 1 FROM watched WHERE look<=0"
    return taken >= last and not book.rows(waits) and not book.rows(ready)


def arrived(mail, hook, ways) -> tuple[dict[str, list], dict[str, list]]:
    """What came by the id under which it came: the e-mails, and the requests, each of them rightly signed."""
    mails, requests = {}, {}
    for each in mail.messages:
        mails.setdefault(each["Message-ID"].strip("<>").split("@")[0], []).append(each)
    for each in hook.requests:
        Webhook(ways[1].secrets[0]).verify(each.body, each.headers)
        requests.setdefault(each.headers["webhook-id"], []).append(json.loads(each.body))
    return mails, requests


def alerts_in(payload) -> list[dict]:
    data = payload["data"]
    return data.get("alerts", [data])


def carried(payload) -> list[str]:
    """The ids of the alerts in a payload."""
    return [alert["alert"] for alert in alerts_in(payload)]


def check(scene, events) -> None:
    """All that was raised arrived, what arrived twice was the same, and of every due date that stands now somebody was told."""
    book, mail, hook, _, ways = scene
    said = f"seed {SEED}"
    sent = {
        way.id: {row[0] for row in book.rows(f"SELECT id FROM messages WHERE state='sent' AND channel='{way.id}'")} for way in ways
    }
    mails, requests = arrived(mail, hook, ways)
    assert sent[ways[0].id] <= mails.keys(), said
    assert sent[ways[1].id] <= requests.keys(), said
    assert not book.rows("SELECT * FROM messages WHERE state NOT IN ('sent', 'dropped')"), said
    once = [alert for payloads in requests.values() for alert in carried(payloads[0])]
    assert len(once) == len(set(once)), said
    told = {row[0] for row in book.rows(f"SELECT id FROM outbox WHERE dropped IS NULL AND channel='{ways[1].id}'")}
    assert told <= set(once), said
    assert len(told) > 3, said
    for payloads in requests.values():
        assert all(set(carried(again)) <= set(carried(payloads[0])) for again in payloads), said
    windows = [alert["window"] for payloads in requests.values() for alert in alerts_in(payloads[0]) if alert["what"] == "step"]
    if events.began == datetime.now(UTC).date():  # past midnight, some steps are those of yesterday
        assert events.dues.items() <= {(its["window"], its["due"]) for its in windows}, said


@pytest.mark.kill
def test_a_clock_killed_at_random_moments_loses_nothing_and_doubles_nothing(scene):
    book, *_, clocks, _ = scene
    chance = random.Random(SEED)
    events = Events(book, chance)
    for _ in range(KILLS):
        clocks.start()
        wait = chance.uniform(0.3, 3.0)
        for _ in range(chance.randint(1, 4)):
            time.sleep(wait / 4)
            events.happen()
        time.sleep(chance.uniform(0, 1.5))
        clocks.kill()
    clocks.start()
    assert eventually(lambda: all_is_quiet(book)), f"seed {SEED}: {clocks.said()}"
    clocks.stop()
    check(scene, events)


@pytest.mark.kill
def test_of_two_clocks_at_once_one_is_killed_and_the_other_goes_on(scene):
    book, *_, clocks, _ = scene
    chance = random.Random(SEED + 1)
    events = Events(book, chance)
    clocks.start()
    clocks.start()
    for _ in range(max(2, KILLS // 2)):
        for _ in range(3):
            time.sleep(chance.uniform(0.1, 0.7))
            events.happen()
        clocks.kill(chance.randrange(2))
        clocks.start()
    clocks.kill(0)
    assert eventually(lambda: all_is_quiet(book)), f"seed {SEED}: {clocks.said()}"
    clocks.stop()
    check(scene, events)
