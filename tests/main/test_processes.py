"""Every line of the Procfile, and `daybook serve`, really starts, answers, and stops when told."""

import json
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROCFILE = dict(re.findall(r"^(\w+): daybook (\w+)$", (ROOT / "Procfile").read_text(), re.MULTILINE))


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


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


def test_release_starts_and_ends(system, tmp_path):
    with system.started(PROCFILE["release"], tmp_path) as process:
        assert process.wait(timeout=30) == 0
    assert (tmp_path / "daybook.db").exists()


def test_web_starts_with_two_processes_answers_and_stops(system, store):
    port = free_port()
    with system.started(PROCFILE["web"], store, PORT=str(port)) as process:
        assert json.loads(fetched(port, "/readyz"))["status"] == "ready"
        assert "Daybook" in fetched(port, "/")
        assert stopped(process) == 0


def test_serve_says_its_address_and_answers(system, store):
    port = free_port()
    with system.started("serve", store, PORT=str(port)) as process:
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        assert json.loads(fetched(port, "/api/v1/views/tiktok-status?as_of=2025-03-21"))["state"]["window"]["days_left"] == 15
        assert stopped(process) == 0


def test_a_port_that_is_taken_is_told(system, store):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with system.started("serve", store, PORT=str(taken.getsockname()[1])) as process:
            assert process.wait(timeout=30) == 2
            assert "something else listens there. Set PORT to another." in process.stdout.read()


def due_in(system, folder, days):
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
    system.call(folder, "load", str(path))


def told(system, folder):
    raised = json.loads(system.call(folder, "alerts", "--json"))["raised"]
    return [alert for alert in raised if alert["raised"]]


def waited_for_alert(system, folder, of="raised"):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if [each for each in json.loads(system.call(folder, "alerts", "--json"))["raised"] if each["raised"] == (of == "raised")]:
            return
        time.sleep(0.2)
    pytest.fail("no alert came")


@pytest.mark.parametrize("command", [PROCFILE["clock"], "serve"])
def test_the_clock_raises_todays_step_once_also_with_two_clocks_and_after_a_kill(system, tmp_path, command):
    due_in(system, tmp_path, 7)
    more = {"DAYBOOK_TICK": "1"}
    with system.started(command, tmp_path, PORT=str(free_port()), **more) as first, system.started("clock", tmp_path, **more):
        waited_for_alert(system, tmp_path)
        first.kill()
        first.wait()
        time.sleep(1.5)
    with system.started("clock", tmp_path, **more) as process:
        assert process.stdout.readline().startswith("The clock looks every")
        time.sleep(2.5)
        assert stopped(process) == 0
    (alert,) = told(system, tmp_path)
    assert (alert["step"], alert["days_left"]) == ("7", 7)


def test_steps_that_had_passed_when_history_was_loaded_are_never_sent(system, tmp_path):
    due_in(system, tmp_path, 5)
    with system.started("clock", tmp_path, DAYBOOK_TICK="1") as process:
        waited_for_alert(system, tmp_path, of="passed")
        assert stopped(process) == 0
    assert told(system, tmp_path) == []
    (passed,) = json.loads(system.call(tmp_path, "alerts", "--json"))["raised"]
    assert passed["steps"] == ["30", "14", "7"]
