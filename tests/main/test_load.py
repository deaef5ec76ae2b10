"""Many clients that write and read at once, over real web processes: nothing is lost, nothing fails, nothing is half done.

A short form runs with every test; `make load` runs it for a minute.
"""

import json
import os
import shutil
import threading
import time
import urllib.error
import urllib.request
from collections import Counter

import pytest

SECONDS = float(os.environ.get("DAYBOOK_LOAD_SECONDS", "6"))
CLIENTS = 32
API = "/api/v1"
COUNTED = f"{API}/events/tiktok-divestiture.counted"
SOURCE = {"publisher": "Gazette", "published": "2025-12-01"}
READS = (
    f"{API}/views/tiktok-status?as_of=2025-03-21",
    f"{API}/deadlines",
    f"{API}/events?limit=20",
    f"{API}/matters",
    "/",
    "/feed.atom",
)


def entry(key, **more):
    plain = {"key": key, "matter": "tiktok-divestiture", "kind": "DevelopmentReported", "occurred": "2025-12-01"}
    return plain | {"details": {"text": "A notice."}, "sources": [SOURCE]} | more


class Client:
    """One client: asks, and keeps the status of every answer."""

    def __init__(self, address, token, number):
        self.address, self.token, self.number = address, token, number
        self.statuses, self.stored, self.counted, self.turn = Counter(), {}, 0, 0

    def ask(self, path, body=None, **headers):
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"} | headers
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.address + path, data, sent)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                self.statuses[answer.status] += 1
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            self.statuses[error.code] += 1
            return error.code, error.headers, error.read()

    def work(self, until):
        """Write, read, and now and then change what all the others change too."""
        while time.monotonic() < until:
            self.turn += 1
            self.write()
            self.ask(READS[(self.turn + self.number) % len(READS)])
            if self.turn % 3 == 0:
                self.count_one_more()

    def write(self):
        key = f"n-{self.number}-{self.turn}"
        status, _, body = self.ask(f"{API}/events", entry(key), **{"Idempotency-Key": key})
        if status == 201:
            receipt = json.loads(body)
            self.stored[receipt["id"]] = receipt["position"]

    def count_one_more(self):
        """Read a number and correct it to the next, on the version that was read; whoever was late reads again."""
        _, headers, _ = self.ask(f"{API}/matters/tiktok-divestiture")
        _, _, body = self.ask(COUNTED)
        number = int(json.loads(body)["summary"])
        change = {"kind": "EntryCorrected", "changes": {"summary": str(number + 1)}, "slip": "ours", "announced": "2025-12-02"}
        status, _, _ = self.ask(f"{COUNTED}/amendments", change | {"sources": [SOURCE]}, **{"If-Match": headers["ETag"]})
        self.counted += status == 201


@pytest.mark.load
def test_clients_that_write_and_read_at_once_lose_nothing_and_see_no_failure(system, store, tmp_path):
    folder = tmp_path / "own"
    shutil.copytree(store, folder)
    token = system.token(folder, "editor")
    with system.serving(folder, "web", WEB_CONCURRENCY="2", WEB_THREADS="8") as address:
        first = Client(address, token, 99)
        assert first.ask(f"{API}/events", entry("counted", summary="0"))[0] == 201
        clients = [Client(address, token, number) for number in range(CLIENTS)]
        until = time.monotonic() + SECONDS
        threads = [threading.Thread(target=client.work, args=(until,)) for client in clients]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        first.count_one_more()  # alone now: it must succeed, however often the others came too late
        clients.append(first)
        statuses = sum((client.statuses for client in clients), Counter())
        print(f"{CLIENTS} clients, {SECONDS:g} s: {dict(sorted(statuses.items()))}")
        final = json.loads(first.ask(COUNTED)[2])
    assert set(statuses) <= {200, 201, 412}
    assert int(final["summary"]) == sum(client.counted for client in clients)
    recorded = {
        line["state"]["key"]: line["position"]
        for line in map(json.loads, system.call(folder, "export").splitlines())
        if "key" in line["state"]
    }
    acknowledged = {name.partition(".")[2]: position for client in clients for name, position in client.stored.items()}
    assert len(acknowledged) == sum(client.turn for client in clients)
    assert {key: recorded.get(key) for key in acknowledged} == acknowledged
    assert first.counted == 1
