"""The command line as its user has it: a real process over a real store."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

DAYBOOK = Path(sys.executable).with_name("daybook")


def environment(folder, **more):
    """An environment with nothing of ours but the store's folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"DAYBOOK_DATA": str(folder), "COLUMNS": "200"} | more


class System:
    """Starts the command's processes and asks it, with nothing of ours in the environment but the store's folder."""

    @contextmanager
    def started(self, command, folder, **more):
        """A process of its own, killed at the end if it still runs."""
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

    @contextmanager
    def serving(self, folder, command="web", **more):
        """The address of a server that answers, over that store."""
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        with self.started(command, folder, PORT=str(port), **more) as process:
            address, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 30
            while True:
                try:
                    urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
                    break
                except OSError:
                    assert time.monotonic() < deadline
                    assert process.poll() is None, process.stdout.read()
                    time.sleep(0.05)
            yield address

    def token(self, folder, role, *scopes):
        """A token of a new account with that role."""
        name = f"{role}-{secrets.token_hex(3)}"
        command = [DAYBOOK, "user", "add", name, "--role", role, "--password-stdin"]
        subprocess.run(command, env=environment(folder), check=True, capture_output=True, text=True, input="a long passphrase\n")
        flags = [part for scope in scopes or ("read", "record", "matters") for part in ("--scope", scope)]
        return self.call(folder, "token", "add", name, *flags, "--expires", "30d").strip()

    def call(self, folder, *arguments):
        """What a command prints."""
        done = subprocess.run([DAYBOOK, *arguments], env=environment(folder), check=True, capture_output=True, text=True)
        return done.stdout


@pytest.fixture(scope="session")
def system():
    """The command as a system's user has it."""
    return System()


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """The folder of a store with the bundled matters; tests only read it."""
    folder = tmp_path_factory.mktemp("store")
    subprocess.run([DAYBOOK, "release", "--bundled"], env=environment(folder), check=True, capture_output=True)
    return folder


@pytest.fixture
def run(store):
    """Run a command over the bundled store, or over another folder."""

    def run_command(*arguments, folder=store, **more):
        return subprocess.run([DAYBOOK, *arguments], env=environment(folder, **more), capture_output=True, text=True, timeout=60)

    return run_command
