"""The command line as its user has it: a real process over a real store."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

DAYBOOK = Path(sys.executable).with_name("daybook")


def environment(folder, **more):
    """An environment with nothing of ours but the store's folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"DAYBOOK_DATA": str(folder), "COLUMNS": "200"} | more


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
