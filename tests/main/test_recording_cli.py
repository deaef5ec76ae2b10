"""`daybook record` and `daybook matter`: the same rules and answers as the API, as a real command over a real store."""

import json
import shutil

import pytest

SOURCE = ("--source.publisher", "Federal Register", "--source.published", "2025-12-01")
NOTICE = (
    "tiktok-divestiture",
    "DevelopmentReported",
    "--key",
    "a-notice",
    "--occurred",
    "2025-12-01",
    "--text",
    "A notice was given.",
    *SOURCE,
)
BUDGETS = "bytedance-ai-procurement"
DENIAL = (BUDGETS, "ReportDenied", "--of", "ft-2025-overseas", "--by", "ByteDance", "--announced", "2025-01-21", *SOURCE)


@pytest.fixture
def own(store, tmp_path):
    """A store of the test's own."""
    shutil.copytree(store, tmp_path / "own")
    return tmp_path / "own"


def test_an_entry_is_recorded_once_and_read_back(run, own):
    done = run("record", *NOTICE, folder=own)
    assert (done.returncode, done.stdout) == (0, "Recorded tiktok-divestiture.a-notice, at position 123 of the log.\n")
    again = run("record", *NOTICE, "--json", folder=own)
    assert json.loads(again.stdout) | {"recorded": ""} == {
        "id": "tiktok-divestiture.a-notice", "matter": "tiktok-divestiture", "key": "a-notice", "kind": "DevelopmentReported",
        "position": 123, "recorded": "", "known": "2025-12-01", "actor": "shell", "stored": False, "retracted": False, "version": 40,
    }  # fmt: skip
    assert "A notice was given" in run("view", "timeline", folder=own).stdout


def test_a_dry_run_tells_each_view_and_stores_nothing(run, own):
    done = run("record", *DENIAL, "--dry-run", folder=own)
    assert done.returncode == 0
    assert "procurement:\n  • as of 20" in done.stdout
    assert done.stdout.endswith("Nothing was stored: this was a dry run.\n")
    assert "Look again: " in done.stdout
    body = json.loads(run("record", *DENIAL, "--dry-run", "--json", folder=own).stdout)
    assert (body["dry_run"], body["entries"][0]["position"]) == (True, None)
    assert run("export", folder=own).stdout.count("\n") == 122


def test_an_idempotency_key_and_a_version_are_held_to(run, own):
    first = run("record", *NOTICE, "--idempotency-key", "k", "--if-version", "39", folder=own)
    assert first.returncode == 0, first.stderr
    assert run("record", *NOTICE, "--idempotency-key", "k", folder=own).stdout == first.stdout
    other = run("record", *DENIAL, "--idempotency-key", "k", folder=own)
    assert (other.returncode, "used before, for another request" in other.stderr) == (2, True)
    late = run("record", *DENIAL, "--if-version", "1", folder=own)
    assert (late.returncode, "is at version 46 by now; you read version 1" in late.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing", *NOTICE[1:]), "There is no matter “nothing”"),
        ((NOTICE[0], "DevelopmentRepored", *NOTICE[2:]), "Did you mean DevelopmentReported?"),
        ((*NOTICE, "--nonsense", "1"), "has no “nonsense”"),
        (NOTICE[:4], "sources: is required."),
        ((BUDGETS, "ReportDenied", "--by", "X"), "Name the entry that this is about: --of KEY."),
    ],
)
def test_a_wrong_request_is_one_line_and_status_two(run, own, arguments, said):
    done = run("record", *arguments, folder=own)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_matter_is_opened_for_a_group_and_shared(run, own):
    opened = run(
        "matter", "open", "dma", "--title", "DMA", "--summary", "S", "--time-zone", "Europe/Brussels", "--jurisdiction", "BE", "--group",
        "legal", folder=own,
    )  # fmt: skip
    assert opened.stdout == "The matter dma is open, for the group legal alone.\n"
    assert run("matter", "share", "dma", "--everyone", folder=own).stdout == "The matter dma is for everyone now.\n"
    assert run("matter", "share", "dma", folder=own).returncode == 2
    taken = run("matter", "open", "dma", "--title", "x", "--summary", "x", "--time-zone", "UTC", "--jurisdiction", "US", folder=own)
    assert (taken.returncode, "is taken; choose another" in taken.stderr) == (2, True)
