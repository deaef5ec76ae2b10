"""People from the shell, as real processes over a real store; and how a service closes its reading."""

import json
import re
import sqlite3
import subprocess
import urllib.error
import urllib.request
from contextlib import closing
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import pytest

from domain.errors import BadValue
from main.settings import Settings
from tests.main.conftest import DAYBOOK, environment
from tests.main.test_processes import fetched, free_port, stopped

PASSWORD = "four words in a row"


def over(folder, **more):
    """Runs commands over a new store, with a line on standard input and more in the environment."""

    def run(*arguments, typed=""):
        return subprocess.run(
            [DAYBOOK, *arguments], env=environment(folder, **more), input=typed, capture_output=True, text=True, timeout=60
        )

    assert run("release").returncode == 0
    return run


@pytest.fixture
def shell(tmp_path):
    return over(tmp_path)


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory):
    """A shell over a store with an admin that no test changes."""
    run = over(tmp_path_factory.mktemp("unchanged"))
    assert run("user", "add", "ann", "--role", "admin", "--password-stdin", typed=PASSWORD).returncode == 0
    return run


@pytest.fixture
def admin(shell):
    done = shell("user", "add", "ann", "--role", "admin", "--password-stdin", typed=PASSWORD + "\n")
    assert done.returncode == 0, done.stderr
    return "ann"


def audit(tmp_path):
    with closing(sqlite3.connect(tmp_path / "daybook.db")) as connection:
        return connection.execute("SELECT actor, act FROM audit ORDER BY at").fetchall()


def test_the_first_admin_is_made_and_listed(shell, admin):
    (account,) = json.loads(shell("user", "list", "--json").stdout)
    assert (account["name"], account["role"], account["state"], account["groups"], account["last_sign_in"]) == (
        "ann", "admin", "active", [], None,
    )  # fmt: skip
    assert "ann" in shell("user", "list").stdout


def test_no_account_is_there_until_one_is_made(shell):
    assert json.loads(shell("user", "list", "--json").stdout) == []
    assert "daybook user add NAME --role admin" in shell("user", "list").stdout


def test_a_token_stands_alone_on_standard_output(shell, admin):
    done = shell("token", "add", "ann", "--scope", "record", "--scope", "read", "--expires", "90d", "--name", "laptop")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("daybook_")
    assert len(done.stdout.split()) == 1
    (token,) = json.loads(shell("token", "list", "ann", "--json").stdout)
    assert (token["name"], token["scopes"], token["state"]) == ("laptop", ["read", "record"], "valid")
    assert done.stdout.strip() not in json.dumps(token)
    assert shell("token", "revoke", token["id"]).returncode == 0
    assert json.loads(shell("token", "list", "ann", "--json").stdout)[0]["state"] == "revoked"


def test_a_token_as_json_has_its_id(shell, admin):
    made = json.loads(shell("token", "add", "ann", "--scope", "read", "--expires", "1d", "--json").stdout)
    assert made["token"].startswith("daybook_")
    assert made["id"] == json.loads(shell("token", "list", "ann", "--json").stdout)[0]["id"]


def test_what_the_shell_does_is_audited_as_the_shells(shell, admin, tmp_path):
    shell("user", "add", "bob", "--password-stdin", typed=PASSWORD)
    for command in (
        ("user", "role", "bob", "editor"),
        ("group", "add", "trade-desk", "bob"),
        ("group", "remove", "trade-desk", "bob"),
        ("user", "disable", "bob"),
        ("user", "enable", "bob"),
        ("user", "erase", "bob", "--yes"),
    ):
        assert shell(*command).returncode == 0
    acts = ["account made", "account made", "role changed", "group joined", "group left", "account disabled", "account enabled", "account disabled", "account erased"]  # fmt: skip
    assert [act for act in audit(tmp_path) if act[0] != "shell"] == []
    assert [act for _, act in audit(tmp_path)] == [act for n, act in enumerate(acts) if n != 7]


def test_groups_are_listed_with_their_members(shell, admin):
    assert shell("group", "add", "trade-desk", "ANN").returncode == 0
    assert json.loads(shell("group", "list", "--json").stdout) == [{"group": "trade-desk", "members": ["ann"]}]


def test_a_new_password_is_set_from_the_shell(shell, admin, tmp_path):
    assert shell("user", "password", "ann", "--password-stdin", typed="another passphrase\n").returncode == 0
    assert ("shell", "password changed") in audit(tmp_path)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("user", "add", "bob"), "no terminal to ask for a password on"),
        (("user", "add", "<b>", "--password-stdin"), "name: A name has 2 to 60 letters"),
        (("user", "add", "ANN", "--password-stdin"), "name: There is an account"),
        (("user", "add", "bob", "--role", "king", "--password-stdin"), "role: “king” is not a role."),
        (("user", "role", "nobody here", "editor"), "There is no account “nobody here”"),
        (("user", "role", "ann", "reader"), "This is the last admin."),
        (("user", "disable", "ann"), "This is the last admin."),
        (("user", "erase", "ann", "--yes"), "This is the last admin."),
        (("token", "add", "ann", "--scope", "all", "--expires", "9d"), "scopes: “all” is not a scope."),
        (("token", "add", "ann", "--scope", "read"), "Missing option '--expires'"),
        (("token", "add", "ann", "--scope", "read", "--expires", "367d"), "days: A token is valid for 1 to 366 days."),
        (("token", "add", "ann", "--scope", "read", "--expires", "soon"), "--expires is a number of days"),
        (("token", "revoke", "t-0"), "There is no token “t-0”"),
        (("group", "add", "Trade Desk", "ann"), "group: A group's name has small letters"),
        (("group", "remove", "desk", "ann"), "The account is not in the group “desk”."),
        (("user", "nonsense"), "No such command"),
    ],
)
def test_a_wrong_request_is_told_in_one_line(unchanged, command, told):
    done = unchanged(*command, typed=PASSWORD + "\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_short_password_is_refused_and_not_repeated(unchanged):
    done = unchanged("user", "add", "bob", "--password-stdin", typed="short\n")
    assert done.returncode == 2
    assert "at least 12 characters" in done.stderr
    assert "short" not in done.stderr


def test_erasing_asks_for_the_name_once_more(shell):
    shell("user", "add", "ann", "--role", "admin", "--password-stdin", typed=PASSWORD)
    shell("user", "add", "bob", "--password-stdin", typed=PASSWORD)
    refused = shell("user", "erase", "bob", typed="no")
    assert (refused.returncode, "Nothing was erased" in refused.stderr) == (2, True)
    assert "bob" in shell("user", "list").stdout
    assert shell("user", "erase", "bob", typed="bob").returncode == 0
    assert "bob" not in shell("user", "list").stdout


def test_the_store_is_for_its_owner_alone(shell, tmp_path):
    assert (tmp_path / "daybook.db").stat().st_mode & 0o077 == 0


def test_a_store_of_an_older_release_gets_the_tables_of_people(shell, tmp_path):
    with closing(sqlite3.connect(tmp_path / "daybook.db")) as connection:
        for table in ("accounts", "memberships", "invitations", "tokens", "sessions", "attempts", "secrets", "audit"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE read_model SET version=1")
        connection.commit()
    refused = shell("user", "list")
    assert (refused.returncode, "daybook release" in refused.stderr) == (2, True)
    assert shell("release").returncode == 0
    assert shell("user", "add", "ann", "--password-stdin", typed=PASSWORD).returncode == 0


@pytest.mark.parametrize(
    ("environ", "reading"),
    [
        ({}, "open"),
        ({"HOST": "localhost"}, "open"),
        ({"HOST": "::1"}, "open"),
        ({"HOST": "0.0.0.0"}, "closed"),
        ({"HOST": "::"}, "closed"),
        ({"HOST": "daybook.example"}, "closed"),
        ({"DAYBOOK_BASE_URL": "https://daybook.example"}, "closed"),
        ({"DAYBOOK_BASE_URL": "http://localhost:8000"}, "open"),
        ({"DAYBOOK_PROXIES": "1"}, "closed"),
        ({"HOST": "0.0.0.0", "DAYBOOK_READING": "open"}, "open"),
        ({"DAYBOOK_READING": "closed"}, "closed"),
    ],
)
def test_reading_is_open_by_default_only_where_nobody_else_can_ask(environ, reading):
    assert Settings.from_env(environ).door.reading == reading


@pytest.mark.parametrize(("name", "value"), [("DAYBOOK_READING", "maybe"), ("DAYBOOK_SECRET", "too short")])
def test_a_wrong_setting_is_named_and_a_secret_not_repeated(name, value):
    with pytest.raises(BadValue) as told:
        Settings.from_env({name: value})
    assert told.value.field == name
    assert "too short" not in told.value.detail


def test_a_secret_is_not_in_what_settings_print():
    assert "s" * 40 not in repr(Settings.from_env({"DAYBOOK_SECRET": "s" * 40}))


def test_a_closed_service_opens_to_a_token_from_the_shell_at_once(shell, admin, system, tmp_path):
    port = free_port()
    with system.started("web", tmp_path, PORT=str(port), DAYBOOK_READING="closed") as process:
        fetched(port, "/healthz")
        address = f"http://127.0.0.1:{port}/api/v1/matters"
        with pytest.raises(urllib.error.HTTPError) as told:
            urllib.request.urlopen(address, timeout=10)
        told.value.close()
        assert told.value.code == 401
        secret = shell("token", "add", "ann", "--scope", "read", "--expires", "1d").stdout.strip()
        asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {secret}"})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            assert json.load(answer) == {"matters": []}
        assert stopped(process) == 0


def test_two_processes_count_attempts_and_know_sessions_together(shell, admin, system, tmp_path):
    """Whichever of the processes answers, a session is known and a sixth guess is refused."""
    port = free_port()
    with system.started("web", tmp_path, PORT=str(port), WEB_CONCURRENCY="2") as process:
        fetched(port, "/healthz")

        def sign_in(password):
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
            with opener.open(f"http://127.0.0.1:{port}/sign-in", timeout=10) as page:
                token = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode()).group(1)
            body = urlencode({"csrf_token": token, "name": "ann", "password": password, "next": "/account"}).encode()
            try:
                with opener.open(f"http://127.0.0.1:{port}/sign-in", body, timeout=10) as answer:
                    assert answer.url.endswith("/account")
                    return opener
            except urllib.error.HTTPError as error:
                error.close()
                return error.code

        opener = sign_in(PASSWORD)
        for _ in range(10):
            with opener.open(f"http://127.0.0.1:{port}/account", timeout=10) as answer:
                assert answer.url.endswith("/account")
        assert [sign_in("wrong-wrong-wrong") for _ in range(6)] == [422] * 5 + [429]
        assert stopped(process) == 0
