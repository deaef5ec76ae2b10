"""schemathesis with every check against a real server process: what the OpenAPI document says is so, and nothing breaks it.

`DAYBOOK_SCHEMATHESIS=500 pytest tests/web/test_schemathesis.py` tries so many examples of each operation, from a new seed, with
every phase for every operation; without it, few enough for every run of the tests.
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

DAYBOOK = Path(sys.executable).with_name("daybook")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
WANTED = os.environ.get("DAYBOOK_SCHEMATHESIS")
EXAMPLES = WANTED or "8"
CONFIG = """
[checks.positive_data_acceptance]
# 422 beside the usual ones: whether a day lies in the future, a rule is known or a zone exists is no matter of form, and
# 412 and 428 tell of versions; each of them is documented for the routes that give it.
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "428", "429"]
"""
WRITING = ("events", "events/batch", "events/{event_id}/amendments", "matters", "matters/{matter}/share", "what-if")
BRIEF = """
# The schemas of what is posted are large: thousands of cases for each route. A full run tries them.
[[operations]]
include-name = "POST /api/v1/%s"
[operations.phases.coverage]
enabled = false
"""


@dataclass(frozen=True)
class Served:
    """A running server: its address, and the environment of its commands."""

    address: str
    environment: dict

    def token(self, role):
        """A token with every scope, of a new account with that role, made by the command line."""
        self.command("user", "add", role, "--role", role, "--password-stdin", stdin="a long passphrase\n")
        scopes = [word for scope in ("read", "record", "matters", "alerts") for word in ("--scope", scope)]
        return self.command("token", "add", role, *scopes, "--expires", "1d").strip()

    def command(self, *words, stdin=""):
        """What `daybook` prints."""
        done = subprocess.run([DAYBOOK, *words], env=self.environment, check=True, capture_output=True, text=True, input=stdin)
        return done.stdout


@contextmanager
def serving(folder):
    """A server over the bundled matters in a folder."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = kept | {
        "DAYBOOK_DATA": str(folder),
        "PORT": str(port),
        "DAYBOOK_LIMIT_READING": "off",
        "DAYBOOK_LIMIT_WRITING": "off",
    }
    subprocess.run([DAYBOOK, "release", "--bundled"], env=environment, check=True, capture_output=True)
    log = Path(folder) / "log.txt"
    with log.open("w") as out, subprocess.Popen([DAYBOOK, "serve"], env=environment, stdout=out, stderr=out) as process:
        try:
            waited_for(f"http://127.0.0.1:{port}/readyz")
            yield Served(f"http://127.0.0.1:{port}", environment)
        finally:
            process.terminate()
            process.wait(timeout=30)
    assert "Traceback" not in log.read_text()


def waited_for(url):
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A server that this module has to itself."""
    with serving(tmp_path_factory.mktemp("schemathesis")) as server:
        yield server


def tried(base_url, folder, token=None):
    """Run every check; `token` signs in. Gives the exit status and what was printed."""
    config = folder / "schemathesis.toml"
    config.write_text(CONFIG + ("" if WANTED else "".join(BRIEF % path for path in WRITING)))
    signed_in = ("-H", f"Authorization: Bearer {token}") if token else ()
    seed = () if WANTED else ("--seed", "1")
    done = subprocess.run(
        [
            SCHEMATHESIS, "--config-file", config, "--no-color", "run", f"{base_url}/api/v1/openapi.json", "--checks", "all",
            "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", EXAMPLES, "--continue-on-failure", *seed, *signed_in,
        ],
        cwd=folder, capture_output=True, text=True, timeout=None if WANTED else 240,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_nothing_that_schemathesis_tries_as_nobody_fails(served, tmp_path):
    status, printed = tried(served.address, tmp_path)
    assert status == 0, printed
    assert int(re.search(r"(\d+) generated", printed).group(1)) > 500, printed


def test_nothing_that_schemathesis_tries_signed_in_as_an_admin_fails(served, tmp_path):
    status, printed = tried(served.address, tmp_path, served.token("admin"))
    assert status == 0, printed
    assert int(re.search(r"(\d+) generated", printed).group(1)) > 500, printed
