"""Policies, channels and deliveries on the command line, as real processes over a real store."""

import json

import pytest

from tests.alerts.receivers import http_receiver
from tests.main.test_people_cli import PASSWORD, over

FILE = """\
policies:
  - account: ann
    name: Every deadline
    channels: [{page: true, ladder: [7d]}, {webhook: $HOOK, name: Ours}]
"""


@pytest.fixture(scope="module")
def hook():
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def shell(tmp_path_factory, hook):
    """A store with an account and its policies; the folder of the file beside it."""
    folder = tmp_path_factory.mktemp("alerts")
    (folder / "alerts.yaml").write_text(FILE)
    run = over(folder / "store", HOOK=f"{hook.url}/secret-path", DAYBOOK_WEBHOOK_ALLOW="127.0.0.1")
    assert run("user", "add", "ann", "--role", "editor", "--password-stdin", typed=PASSWORD + "\n").returncode == 0
    run.file = str(folder / "alerts.yaml")
    run.first = run("policy", "load", run.file)
    return run


def answered(shell, *words):
    done = shell(*words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(shell, *words):
    """The one line of a refusal."""
    done = shell(*words)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    return line


def test_a_file_is_loaded_and_loaded_again_without_a_change(shell):
    assert shell.first.returncode == 0, shell.first.stderr
    assert "1 new, 0 changed, 0 as they were" in shell.first.stdout
    assert "daybook channel secret" in shell.first.stdout
    assert "whsec_" not in shell.first.stdout + shell.first.stderr
    (again,) = answered(shell, "policy", "load", shell.file)
    assert {**again, "file": ""} == {"file": "", "new": 0, "changed": 0, "same": 1, "channels": []}


def test_a_bad_file_is_one_line_with_its_line_and_field(shell, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text(FILE.replace("7d", "soon"))
    line = refused(shell, "policy", "load", str(bad))
    assert line.startswith(f"daybook: {bad}, line 4, field channels.0.ladder")
    assert "No such file" in refused(shell, "policy", "load", str(tmp_path / "none.yaml"))


def test_policies_are_listed_of_one_of_the_house_and_of_all(shell):
    (mine,) = answered(shell, "policy", "list", "ann")
    assert (mine["of"], mine["name"], mine["routes"][0]["ladder"]) == ("ann", "Every deadline", ["7d"])
    assert answered(shell, "policy", "list", "house") == []
    assert answered(shell, "policy", "list") == [mine]
    assert "Every deadline" in shell("policy", "list").stdout
    assert "There is no account “bob”" in refused(shell, "policy", "list", "bob")


def test_a_preview_is_told_by_name_or_id(shell):
    (mine,) = answered(shell, "policy", "list", "ann")
    body = answered(shell, "policy", "preview", "ann", mine["id"])
    assert (body["coming"], body["windows"]) == ([], 0)
    assert "is about 0 windows now" in shell("policy", "preview", "ann", "Every deadline").stdout
    assert "There is no policy “Lost”" in refused(shell, "policy", "preview", "ann", "Lost")
    assert "There is no policy" in refused(shell, "policy", "preview", "house", "Every deadline")


def test_channels_are_listed_without_what_is_secret_and_the_secret_stands_alone(shell, hook):
    listed = answered(shell, "channel", "list", "ann")
    assert [(each["kind"], each["target"]) for each in listed] == [("page", ""), ("webhook", hook.url)]
    assert "whsec_" not in json.dumps(listed)
    assert "secret-path" not in json.dumps(listed)
    secret = shell("channel", "secret", "ann", "Ours").stdout
    assert secret.startswith("whsec_")
    assert len(secret.split()) == 1
    assert shell("channel", "rotate", "ann", "Ours").stdout != secret
    assert answered(shell, "channel", "list", "ann")[1]["secrets"] == 2
    assert shell("channel", "drop-former", "ann", "Ours").returncode == 0
    assert answered(shell, "channel", "list", "ann")[1]["secrets"] == 1
    assert "Only a webhook has secrets" in refused(shell, "channel", "secret", "ann", "The page of alerts")


def test_a_test_waits_for_the_clock_and_a_channel_that_is_off_takes_none(shell):
    done = shell("channel", "test", "ann", "Ours")
    assert "waits to be sent to Ours" in done.stdout, done.stderr
    (message,) = answered(shell, "delivery", "list", "ann", "--state", "waiting")
    assert (message["what"], message["id"]) == ("test", done.stdout.split()[0])
    assert "waits to be sent already" in refused(shell, "delivery", "replay", "ann", message["id"])
    assert "You have no message" in refused(shell, "delivery", "replay", "house", message["id"])
    assert shell("channel", "off", "ann", "Ours").returncode == 0
    assert "turned it off" in refused(shell, "channel", "test", "ann", "Ours")
    assert shell("channel", "on", "ann", "Ours").returncode == 0


def test_a_policy_and_then_its_channel_are_deleted(shell):
    assert "uses this channel" in refused(shell, "channel", "delete", "ann", "Ours")
    assert shell("policy", "delete", "ann", "Every deadline").returncode == 0
    assert shell("channel", "delete", "ann", "Ours").returncode == 0
    assert "There is no channel" in refused(shell, "channel", "test", "ann", "Ours")
    assert answered(shell, "policy", "list") == []
