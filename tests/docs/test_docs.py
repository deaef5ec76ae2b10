"""The docs say what is so now."""

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from main.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_events_page_is_made_from_todays_docstrings():
    spec = importlib.util.spec_from_file_location("make_events", ROOT / "docs" / "make_events.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.page() == read("docs/events.md"), "run `make docs`"


def test_every_setting_is_documented():
    names = set(re.findall(r"\b(?:DAYBOOK_\w+|DATABASE_URL|HOST|PORT|WEB_\w+)\b", Settings.__doc__))
    assert names
    assert {name for name in names if f"`{name}`" not in read("docs/running.md")} == set()
    used = set(re.findall(r'environ(?:\.get\(|, )"(\w+)"', read("main/settings.py") + read("alerts/channels/settings.py")))
    assert used == names


def test_the_readme_opens_with_the_two_commands_and_a_picture():
    readme = read("README.md")
    first_screen = "\n".join(readme.splitlines()[:40])
    assert "make run" in first_screen
    assert "make test" in first_screen
    picture = re.search(r"!\[[^]]+\]\(([^)]+)\)", first_screen).group(1)
    assert (ROOT / picture).stat().st_size > 10_000


def test_every_link_in_the_docs_leads_somewhere():
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    broken = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append((page.name, target))
    assert broken == []


def test_every_make_target_named_in_the_docs_is_there():
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = {name for page in ("README.md", "docs/running.md") for name in re.findall(r"`make ([a-z-]+)`", read(page))}
    assert named - targets == set()


def test_no_registry_is_named_in_the_pinned_dependencies():
    for name in ("requirements/run.txt", "requirements/test.txt"):
        text = read(name)
        assert "://" not in text
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[^ ]+", pin) for pin in pins), name
        assert pins


def test_what_is_installed_is_what_the_project_declares():
    declared = set(re.findall(r'^    "([a-z0-9_-]+)', read("pyproject.toml").partition("[dependency-groups]")[0], re.MULTILINE))
    pinned = {line.partition("==")[0].replace("_", "-") for line in read("requirements/run.txt").splitlines() if "==" in line}
    assert {name.replace("_", "-") for name in declared} <= pinned


def test_the_tour_in_the_readme_shows_real_answers(tmp_path):
    environment = {"PATH": os.environ["PATH"], "DAYBOOK_DATA": str(tmp_path)}
    daybook = Path(sys.executable).with_name("daybook")
    subprocess.run([daybook, "release", "--bundled"], env=environment, check=True, capture_output=True)
    blocks = re.findall(r"```console\n\$ \.venv/bin/daybook ([^\n]+)\n(.*?)```", read("README.md"), re.DOTALL)
    assert len(blocks) >= 5
    for command, shown in blocks:
        answer = subprocess.run(
            [daybook, *shlex.split(command)], env=environment, capture_output=True, text=True, check=True
        ).stdout
        at = 0
        for line in shown.splitlines():
            if line != "…":
                assert line in answer[at:], (command, line)
                at = answer.index(line, at)


def test_every_test_that_the_security_page_names_is_there():
    named = set(re.findall(r"\btest_\w+(?=`)", read("docs/security.md")))
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert len(named) > 20
    assert named - there == set()
