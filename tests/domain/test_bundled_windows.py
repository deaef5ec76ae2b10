"""Every window of the bundled matters counted anew: what its document gives as a period ends on the day that is stated."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from domain.deadlines import Period, count

FILES = sorted((Path(__file__).parents[2] / "matters").glob("*.yaml"))
ENTRIES = {entry["key"]: entry for path in FILES for entry in yaml.safe_load(path.read_text("utf-8"))["events"]}
WINDOWS = {key: entry for key, entry in ENTRIES.items() if entry["kind"] in ("WindowOpened", "WindowExtended")}
WITH_RULE = {key for key, entry in WINDOWS.items() if "rule" in entry["details"]}


def _due(key):
    return str(ENTRIES[key]["details"]["due"])


def _published(key):
    return str(ENTRIES[key]["sources"][0]["published"])


FOLLOW = {
    "pause-1-extended-1": Period(_due("pause-1-opened"), 75),
    "pause-1-extended-2": Period(_due("pause-1-extended-1"), 90),
    "pause-1-extended-3": Period(_due("pause-1-extended-2"), 90),
    "ai-diffusion-compliance-opened": Period(_published("ai-diffusion-compliance-opened"), 120),
    "ai-diffusion-comments-opened": Period(_published("ai-diffusion-comments-opened"), 120),
    "foundry-compliance-opened": Period(_published("foundry-compliance-opened"), 15),
    "affiliates-suspension": Period(str(ENTRIES["affiliates-suspension"]["details"]["opens"]), 1, "year", counting="from"),
}
"""Stated dates that a period gives too, from a day in the bundle: the former end, the publication, the opening."""
ONLY_STATED = {
    "comments-2023-23055-opened",
    "comments-2023-23049-opened",
    "comments-2023-23055-extended",
    "comments-2023-23049-extended",
    "hbm-comments-opened",
    "hbm-comments-extended",
}
"""Windows whose document was read for its date alone, or was not read."""


def test_every_window_is_counted_anew_or_named_as_one_without_a_period():
    assert WITH_RULE | set(FOLLOW) | ONLY_STATED == set(WINDOWS)
    assert len(WITH_RULE) + len(FOLLOW) + len(ONLY_STATED) == len(WINDOWS)
    assert {"divest-or-ban", "pause-1-opened", "pause-2-opened"} <= WITH_RULE


@pytest.mark.parametrize("key", sorted(WITH_RULE))
def test_the_period_of_a_document_ends_on_the_day_that_it_states(key):
    rule = Period.of(WINDOWS[key]["details"]["rule"])
    assert count(replace(rule, start=str(rule.start))).due == _due(key)


@pytest.mark.parametrize("key", FOLLOW)
def test_a_stated_date_lies_where_its_period_ends(key):
    assert count(FOLLOW[key]).due == _due(key)
