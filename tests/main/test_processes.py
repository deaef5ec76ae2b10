"""Every line of the Procfile, and `daybook serve`, really starts, answers, and stops when told."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DAYBOOK = Path(sys.executable).with_name("daybook")
PROCFILE = dict(re.findall(r"^(\w+): daybook (\w+)$", (ROOT / "Procfile").read_text(), re.MULTILINE))


def environment(folder, **more):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"DAYBOOK_DATA": str(folder)} | more


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def started(command, folder, **more):
    process = subprocess.Popen(
        [DAYBOOK, command], env=environment(folder, **more), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def fetched(port, path):
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
                return response.read().decode()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def stopped(process, how=signal.SIGTERM):
    process.send_signal(how)
    process.wait(timeout=30)
    return process.returncode


def test_the_procfile_has_its_three_lines():
    assert set(PROCFILE) == {"web", "clock", "release"}


def test_release_starts_and_ends(tmp_path):
    with started(PROCFILE["release"], tmp_path) as process:
        assert process.wait(timeout=30) == 0
    assert (tmp_path / "daybook.db").exists()


def test_web_starts_with_two_processes_answers_and_stops(store):
    port = free_port()
    with started(PROCFILE["web"], store, PORT=str(port)) as process:
        assert json.loads(fetched(port, "/readyz"))["status"] == "ready"
        assert "Daybook" in fetched(port, "/")
        assert stopped(process) == 0


def test_serve_says_its_address_and_answers(store):
    port = free_port()
    with started("serve", store, PORT=str(port)) as process:
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        assert json.loads(fetched(port, "/api/v1/views/tiktok-status?as_of=2025-03-21"))["state"]["window"]["days_left"] == 15
        assert stopped(process) == 0


def test_a_port_that_is_taken_is_told(store):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with started("serve", store, PORT=str(taken.getsockname()[1])) as process:
            assert process.wait(timeout=30) == 2
            assert "something else listens there. Set PORT to another." in process.stdout.read()


def due_in(folder, days):
    """A store with one window that is due in so many days, known since long ago but loaded just now."""
    due = (datetime.now(UTC) + timedelta(days=days)).date()
    matter = {
        "matter": {"slug": "soon", "title": "Soon", "summary": "A matter.", "time_zone": "UTC", "jurisdiction": "US"},
        "events": [
            {
                "key": "opened",
                "kind": "WindowOpened",
                "occurred": "2025-01-02",
                "announced": "2025-01-02",
                "details": {"window": "w", "title": "A window", "purpose": "comments", "due": due.isoformat()},
                "sources": [{"publisher": "Gazette"}],
            }
        ],
    }
    path = Path(folder) / "soon.yaml"
    path.write_text(yaml.safe_dump(matter))
    subprocess.run([DAYBOOK, "load", str(path)], env=environment(folder), check=True, capture_output=True)


def told(folder):
    done = subprocess.run([DAYBOOK, "alerts", "--json"], env=environment(folder), check=True, capture_output=True, text=True)
    return [alert for alert in json.loads(done.stdout)["raised"] if alert["raised"]]


def waited_for_alert(folder):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if told(folder):
            return
        time.sleep(0.2)
    pytest.fail("no alert came")


@pytest.mark.parametrize("command", [PROCFILE["clock"], "serve"])
def test_the_clock_raises_todays_step_once_also_with_two_clocks_and_after_a_kill(tmp_path, command):
    due_in(tmp_path, 7)
    more = {"DAYBOOK_TICK": "1"}
    with started(command, tmp_path, PORT=str(free_port()), **more) as first, started("clock", tmp_path, **more):
        waited_for_alert(tmp_path)
        first.kill()
        first.wait()
        time.sleep(1.5)
    with started("clock", tmp_path, **more) as process:
        time.sleep(2.5)
        assert stopped(process) == 0
    (alert,) = told(tmp_path)
    assert (alert["step"], alert["days_left"]) == ("7", 7)


def test_steps_that_had_passed_when_history_was_loaded_are_never_sent(tmp_path):
    due_in(tmp_path, 5)
    with started("clock", tmp_path, DAYBOOK_TICK="1") as process:
        time.sleep(3)
        assert stopped(process) == 0
    assert told(tmp_path) == []
    done = subprocess.run([DAYBOOK, "alerts", "--json"], env=environment(tmp_path), check=True, capture_output=True, text=True)
    (passed,) = json.loads(done.stdout)["raised"]
    assert passed["steps"] == ["30", "14", "7"]
