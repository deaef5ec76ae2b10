"""The command line: readable answers, JSON as the API has it, and one line that names what was wrong."""

import json
import sqlite3

import pytest
import yaml


def test_a_view_is_readable_and_names_its_sources(run):
    done = run("view", "tiktok-status", "--as-of", "2025-03-21")
    assert done.returncode == 0, done.stderr
    assert "TikTok status as of 21 March 2025 — as known on 21 March 2025; America/New_York" in done.stdout
    assert "status: paused [" in done.stdout
    assert "due: 5 April 2025 [" in done.stdout
    assert "days left: 15 [" in done.stdout
    assert "Federal Register, “Application of Protecting Americans" in done.stdout
    assert "left out" in done.stdout


def test_json_is_the_api_body(run):
    body = json.loads(run("view", "tiktok-status", "--as-of", "2025-03-21", "--json").stdout)
    assert body["state"]["window"]["opened_by"] == "EO 14166"
    assert set(body) == {"view", "point", "state", "state_of", "events"}


def test_hindsight_is_asked_for_by_name(run):
    done = run("view", "tiktok-status", "--as-of", "2025-01-19", "--known-on", "now", "--json")
    assert json.loads(done.stdout)["state"]["enforcement"]["status"] == "paused"


def test_a_denial_is_printed_beside_the_report(run):
    done = run("view", "procurement", "--as-of", "2025-01-21")
    assert "• china-2025 (denied)" in done.stdout
    assert "money: Rmb40bn [" in done.stdout
    assert "by: ByteDance" in done.stdout


def test_a_diff_is_told_in_sentences(run):
    done = run("diff", "tiktok-status", "2025-04-03", "2025-04-04")
    assert "4 April 2025: Due date moved from 5 April to 19 June 2025, by EO 14258" in done.stdout


def test_why_shows_the_steps(run):
    done = run("why", "tiktok-status", "window.due", "--as-of", "2025-03-21")
    assert "Day 75 is 5 April 2025, a Saturday." in done.stdout


def test_deadlines_within(run):
    done = run("deadlines", "--as-of", "2025-03-30", "--within", "30d")
    assert "6 days left (5 working days)" in done.stdout
    assert "AI diffusion" not in done.stdout
    assert (
        json.loads(run("deadlines", "--as-of", "2025-03-30", "--within", "30", "--json").stdout)["deadlines"][0]["days_left"] == 6
    )


def test_a_window_is_shown_with_its_steps_and_who_moved_it(run):
    done = run("window", "tiktok-divestiture", "pause-1", "--as-of", "2025-07-01")
    assert done.returncode == 0, done.stderr
    assert "due 17 September 2025 (last day); open; EO 14310; tiktok-divestiture / pause-1" in done.stdout
    assert "over from 2025-09-18T00:00:00-04:00" in done.stdout
    assert "2025-04-04  extended from 5 April 2025 to 19 June 2025 by EO 14258" in done.stdout
    body = json.loads(run("window", "tiktok-divestiture", "pause-1", "--as-of", "2025-03-01", "--json").stdout)
    assert "Day 75 is 5 April 2025, a Saturday." in body["steps"]
    assert [move["what"] for move in body["history"]] == ["opened"]


def test_a_window_that_is_not_there_is_one_line_on_stderr(run):
    done = run("window", "tiktok-divestiture", "pause-9")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "has no window “pause-9” at this point. It has: " in done.stderr


def test_a_deadline_of_tomorrow_and_one_that_has_passed(run):
    assert "Pause in enforcement — 1 day left" in run("deadlines", "--as-of", "2025-04-04", "--known-on", "2025-04-03").stdout
    passed = run("deadlines", "--as-of", "2025-06-01", "--status", "lapsed").stdout
    assert "days left" not in passed
    assert "due 31 January 2025 (effect day); lapsed" in passed


def test_what_has_nothing_on_record_is_none(run):
    assert "\nCompany none\n" in run("view", "procurement", "--as-of", "2025-01-20").stdout


def test_a_view_without_its_matter_says_so(run):
    assert "tiktok-divestiture, is not on record here" in run("view", "tiktok-status", "--recorded-at", "1").stdout


def test_alerts_tell_what_would_have_been(run):
    done = run("alerts", "--as-of", "2025-03-29")
    assert "2025-03-29  7 days left: “Pause in enforcement” is due on 5 April 2025." in done.stdout
    assert "3 days left: “75 days" not in done.stdout
    body = json.loads(run("alerts", "--as-of", "2025-03-29", "--json").stdout)
    assert [a["step"] for a in body["would_have_been"] if a["window"] == "pause-1"] == ["30", "14", "7"]
    assert body["raised"] == []


def test_alerts_tell_in_a_line_how_the_clock_stands(run):
    assert "clock" in run("alerts").stdout.splitlines()[-1]
    told = json.loads(run("alerts", "--json").stdout)["clock"]
    assert (told["last_tick"], told["waiting"], told["late"], told["given_up"]) == (None, 0, 0, 0)


def test_counting_days(run):
    assert json.loads(run("count", "2025-01-20", "75 days", "--json").stdout)["due"] == "2025-04-05"
    assert json.loads(run("count", "2025-04-05", "75 days", "--before", "--json").stdout)["due"] == "2025-01-20"
    assert "Day 270 is 19 January 2025, a Sunday." in run("count", "2024-04-24", "270 days").stdout


def test_the_export_is_the_whole_log_in_order(run):
    rows = [json.loads(line) for line in run("export").stdout.splitlines()]
    assert [row["position"] for row in rows] == list(range(1, 123))
    assert rows[0]["kind"] == "MatterOpened"


def test_a_rebuild_answers_as_before(run, tmp_path):
    run("release", "--bundled", folder=tmp_path)
    before = run("view", "procurement", "--as-of", "2025-01-21", "--json", folder=tmp_path).stdout
    done = run("rebuild", folder=tmp_path)
    assert done.returncode == 0
    assert "122 events" in done.stdout
    assert run("view", "procurement", "--as-of", "2025-01-21", "--json", folder=tmp_path).stdout == before


def test_loading_the_bundled_matters_again_stores_nothing(run, tmp_path):
    assert "119 entries" in run("release", "--bundled", folder=tmp_path).stdout
    again = run("release", "--bundled", folder=tmp_path)
    assert "entries" not in again.stdout
    assert again.returncode == 0


MATTER = {
    "matter": {"slug": "chips", "title": "Chips", "summary": "A matter.", "time_zone": "UTC", "jurisdiction": "US"},
    "events": [
        {
            "key": "window",
            "kind": "WindowOpened",
            "occurred": "2025-01-02",
            "announced": "2025-01-02",
            "details": {"window": "w", "title": "A window", "purpose": "comments", "due": "2025-02-01"},
            "sources": [{"publisher": "Gazette", "title": "Notice"}],
        }
    ],
}


def test_a_file_is_loaded_once(run, tmp_path):
    path = tmp_path / "chips.yaml"
    path.write_text(yaml.safe_dump(MATTER))
    assert "1 entries stored in chips, 0 known already" in run("load", str(path), folder=tmp_path).stdout
    assert "0 entries stored in chips, 1 known already" in run("load", str(path), folder=tmp_path).stdout


def test_a_bad_file_names_file_line_and_field_and_nothing_is_stored(run, tmp_path):
    bad = yaml.safe_dump(MATTER).replace("'2025-02-01'", "2025-02-30")
    path = tmp_path / "chips.yaml"
    path.write_text(bad)
    done = run("load", str(path), folder=tmp_path)
    assert done.returncode == 2
    line = next(n for n, text in enumerate(bad.splitlines(), 1) if "2025-02-30" in text)
    assert f"chips.yaml, line {line}, field details.due (entry window): “2025-02-30” is not a date" in done.stderr
    assert run("export", folder=tmp_path).stdout == ""


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["view", "nope"], "nope"),
        (["view", "tiktok-status", "--as-of", "2025-02-30"], "as_of: “2025-02-30” is not a date: February 2025 has no day 30."),
        (["view", "tiktok-status", "--as_of", "2025-02-03"], "--as_of"),
        (["view", "tiktok-status", "--matter", "nope"], "nope"),
        (["view"], "VIEW"),
        (["why", "tiktok-status", "nope"], "field: “nope” is not a value"),
        (["diff", "tiktok-status", "2025-01-01"], "D2"),
        (["deadlines", "--within", "soon"], "--within"),
        (["count", "2025-02-30", "75 days"], "start: “2025-02-30” is not a date"),
        (["count", "2025-01-20", "0 days"], "length"),
        (["count", "2025-01-20", "soon"], "period"),
        (["count", "2025-01-20", "75 moons"], "unit"),
        (["count", "2025-01-20", "75 days", "--zone", "Mars/Base"], "zone"),
        (["count", "2025-01-20", "75 days", "--jurisdiction", "XX"], "jurisdiction"),
        (["count", "2025-01-20", "75 days", "--known-on", "2999-01-01"], "known_on"),
        (["count", "2025-01-20", "75 days", "--rule", "lunar"], "lunar"),
        (["load", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["nope"], "nope"),
    ],
)
def test_a_wrong_request_exits_with_2_and_one_line(run, arguments, named):
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert named in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("setting", "value"),
    [("PORT", "0"), ("PORT", "http"), ("DATABASE_URL", "mysql://x/y"), ("WEB_CONCURRENCY", "-1"), ("DAYBOOK_TICK", "0")],
)
def test_a_wrong_setting_is_named(run, setting, value):
    done = run("view", "tiktok-status", **{setting: value})
    assert done.returncode == 2
    assert setting in done.stderr


def test_a_store_that_is_not_there_is_told_how_to_make(run, tmp_path):
    done = run("view", "tiktok-status", folder=tmp_path / "none")
    assert done.returncode == 2
    assert "daybook release" in done.stderr


def test_a_database_url_names_the_store(run, tmp_path):
    url = f"sqlite:///{tmp_path}/own.db"
    assert run("release", "--bundled", DATABASE_URL=url).returncode == 0
    assert (tmp_path / "own.db").exists()


def test_every_command_has_help_with_an_example(run):
    listed = run("--help").stdout
    for name in (
        "serve",
        "web",
        "clock",
        "release",
        "load",
        "view",
        "diff",
        "why",
        "deadlines",
        "alerts",
        "export",
        "rebuild",
        "count",
    ):
        assert f"  {name} " in listed
        assert run(name, "--help").stdout.startswith("Usage: daybook")


def test_a_file_that_is_no_daybook_is_told(run, tmp_path):
    (tmp_path / "daybook.db").write_bytes(b"not a database at all" * 100)
    done = run("view", "tiktok-status", folder=tmp_path)
    assert done.returncode == 2
    assert "cannot be opened as a daybook" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_store_of_a_newer_version_is_left_alone_and_an_older_one_made_anew(run, tmp_path):
    run("release", "--bundled", folder=tmp_path)
    with sqlite3.connect(tmp_path / "daybook.db") as connection:
        connection.execute("UPDATE read_model SET version=99")
    connection.close()
    assert "newer version" in run("release", folder=tmp_path).stderr
    with sqlite3.connect(tmp_path / "daybook.db") as connection:
        connection.execute("UPDATE read_model SET version=0")
        connection.execute("DELETE FROM claims")
    connection.close()
    assert "daybook release" in run("view", "tiktok-status", folder=tmp_path).stderr
    assert run("release", folder=tmp_path).returncode == 0
    assert "EO 14166" in run("view", "tiktok-status", "--as-of", "2025-03-21", folder=tmp_path).stdout


def test_a_store_that_breaks_under_a_command_is_one_line_too(run, tmp_path):
    run("release", "--bundled", folder=tmp_path)
    with sqlite3.connect(tmp_path / "daybook.db") as connection:
        connection.execute("DROP TABLE claims")
    connection.close()
    done = run("view", "tiktok-status", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("daybook: The store failed: no such table: claims")


def test_both_days_of_a_diff_are_named(run):
    assert "D1:" in run("diff", "tiktok-status", "soon", "2025-01-01").stderr
    assert "D2:" in run("diff", "tiktok-status", "2025-01-01", "tomorow").stderr


@pytest.mark.parametrize("day", ["21 March 2025", "March 21, 2025", "2025-03-21"])
def test_a_day_is_taken_as_it_is_printed(run, day):
    assert "as of 21 March 2025" in run("view", "tiktok-status", "--as-of", day).stdout
