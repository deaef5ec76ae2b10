"""docs/deadlines.md says how Daybook counts now."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from domain.deadlines import COUNTING, LONGEST, RULES
from domain.deadlines.closings import BY_LAW, BY_ORDER
from domain.when import plain_date

PAGE = (Path(__file__).parents[2] / "docs" / "deadlines.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]


def test_every_rule_set_has_its_rows_with_just_its_units():
    named, units = "", {}
    for name, _, cell, *_ in (row for row in ROWS if len(row) == 5):
        named = name.strip("`") or named
        units.setdefault(named, []).extend(re.sub(r" \(.*?\)", "", cell).split(", "))
    assert {name: sorted(units.get(name, [])) for name in RULES} == {name: sorted(rule.units) for name, rule in RULES.items()}


@pytest.mark.parametrize("unit", LONGEST)
def test_every_unit_is_named_with_its_longest(unit):
    assert f"{LONGEST[unit]:,} {unit}" in " ".join(PAGE.split())


def test_both_ways_to_count_are_explained():
    assert [word for word in COUNTING if f"**{word.capitalize()}**" not in PAGE and f"and **{word}**" not in PAGE] == []


def test_every_closing_is_listed_as_it_counts():
    listed = {(day, order, known) for day, _, order, known in (row for row in ROWS if len(row) == 4) if day[:2] in ("19", "20")}
    assert listed == {(each.day.isoformat(), each.authority, each.known.isoformat()) for each in BY_ORDER.values()}
    for new in BY_LAW:
        assert f"{new.name} is known since {plain_date(new.known)}" in PAGE


COMMANDS = re.findall(r"```console\n\$ \.venv/bin/daybook ([^\n]+)\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_shows_commands():
    assert len(COMMANDS) >= 4


@pytest.mark.parametrize(("command", "shown"), COMMANDS)
def test_a_command_on_the_page_answers_as_shown(command, shown, tmp_path):
    environment = {"PATH": os.environ["PATH"], "DAYBOOK_DATA": str(tmp_path)}
    daybook = Path(sys.executable).with_name("daybook")
    answer = subprocess.run([daybook, *shlex.split(command)], env=environment, capture_output=True, text=True, check=True).stdout
    expected = shown.removesuffix("…\n")
    assert answer.startswith(expected)
    assert expected.startswith("Due ")
