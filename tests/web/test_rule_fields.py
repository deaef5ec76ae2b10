"""How a due date is counted, as the pages that record a window ask for it: with a rule, without one, by a rule alone."""

import re
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict

from domain.events import KINDS
from tests.web.recording import correct, entries, event_of, latest, words
from web.forms_posted import from_posted
from web.forms_specs import fields_of, names_in

OPENED, EXTENDED = "/record/tiktok-divestiture/WindowOpened", "/record/tiktok-divestiture/WindowExtended"
CHECKBOXES = ("details.rule.before", "details.rule.no_roll")
EMPTY = {
    name: ""
    for name in names_in(fields_of(KINDS["WindowOpened"]))
    if name.startswith("details.rule.") and name not in CHECKBOXES
}  # fmt: skip
"""The fields of a rule as a browser sends them when they are left alone."""
WINDOW = EMPTY | {
    "sources.0.publisher": "Federal Register", "sources.0.published": "20 November 2026", "occurred": "20 November 2026",
    "details.window": "comments-1", "details.title": "Comments on a rule", "details.purpose": "comments",
}  # fmt: skip
RULE = {
    "details.rule.length": "15", "details.rule.unit": "days", "details.rule.start": "20 November 2026",
    "details.rule.rule": "1-cfr-18.17",
}  # fmt: skip
EXTENSION = EMPTY | {
    "sources.0.publisher": "Federal Register", "sources.0.published": "23 November 2026", "occurred": "23 November 2026",
    "details.window": "comments-1",
}  # fmt: skip


def group(page):
    """The inputs of the rule."""
    found = re.search(r'<fieldset class="group" id="f-details-rule">.*?</fieldset>', page, re.DOTALL)
    return unescape(found[0])


def deadline(site):
    found = site.book.daybook.deadlines(site.book.daybook.ask(), matter="tiktok-divestiture")["deadlines"]
    return next(row for row in found if row["window"] == "comments-1")


@pytest.mark.parametrize("address", [OPENED, EXTENDED])
def test_the_parts_of_a_rule_stand_in_plain_words_the_rarely_needed_ones_folded(editor, address):
    shown, more = group(editor.get(address)).split("<details >")
    assert re.findall(r'<label for="f-details-rule-(\w+)">([^<]+)</label>', shown) == [
        ("length", "How long"), ("unit", "Unit"), ("start", "Counted from"), ("rule", "Under which rule"),
    ]  # fmt: skip
    assert "Federal Register documents (1-cfr-18.17)" in shown
    assert '<option value="US-MA"></option>' in more
    assert '<option value="Europe/Berlin"></option>' in more
    for told in (
        "Count back from it",
        "the day after",
        "that very day",
        "A closed last day stays where it is",
        "Clerk’s office inaccessible on",
    ):
        assert told in words(more)
    assert "A short name that later entries use too" not in shown


@pytest.mark.parametrize("address", [OPENED, EXTENDED])
def test_nothing_of_a_rule_is_chosen_until_somebody_chooses_it(editor, address):
    its = group(editor.get(address))
    assert " selected" not in its
    assert " checked" not in its
    assert len(EMPTY) == 8


def test_a_rule_left_alone_is_not_recorded(site, editor):
    event_of(editor.record(WINDOW | {"details.due": "4 December 2026"}, OPENED))
    assert entries(site)["window-opened-2026-11-20-comments-on-a-rule"].rule is None
    assert deadline(site)["computed"] is None


def test_a_window_is_recorded_with_the_rule_that_counts_its_date(site, editor):
    event_of(editor.record(WINDOW | RULE, OPENED))
    entry = entries(site)["window-opened-2026-11-20-comments-on-a-rule"]
    assert entry.rule == {"length": 15, "unit": "days", "start": "2026-11-20", "rule": "1-cfr-18.17"}
    assert entry.due is None
    # day 15 is Saturday, 5 December
    assert (deadline(site)["due"], deadline(site)["stated"]) == ("2026-12-07", None)


def test_a_window_is_extended_by_a_rule_alone(site, editor):
    event_of(editor.record(WINDOW | RULE, OPENED))
    event_of(editor.record(EXTENSION | RULE | {"details.rule.length": "30"}, EXTENDED))
    extension = list(entries(site).values())[-1]
    assert (extension.kind, extension.due, extension.rule["length"]) == ("WindowExtended", None, 30)
    assert deadline(site)["due"] == "2026-12-21"  # day 30 is Sunday, the 20th


def test_every_part_of_a_rule_is_recorded_as_it_was_chosen():
    typed = RULE | {
        "details.rule.rule": "frcp-6a", "details.rule.before": "1", "details.rule.counting": "after", "details.rule.no_roll": "1",
        "details.rule.jurisdiction": "US-MA", "details.rule.zone": "America/New_York", "details.rule.inaccessible": "5 November 2026\r\n2026-11-06",
    }  # fmt: skip
    assert from_posted(KINDS["WindowOpened"], MultiDict(typed))["details"]["rule"] == {
        "length": 15, "unit": "days", "start": "2026-11-20", "rule": "frcp-6a", "before": True, "counting": "after", "no_roll": True,
        "jurisdiction": "US-MA", "zone": "America/New_York", "inaccessible": ["2026-11-05", "2026-11-06"],
    }  # fmt: skip


def test_the_preview_says_the_date_that_is_counted(editor):
    page = words(editor.send(OPENED, WINDOW | RULE | {"action": "preview"}, **{"X-Fragment": "preview"}).text)
    assert "Comments on a rule" in page
    assert "7 December 2026" in page


def test_an_extension_with_neither_a_date_nor_a_rule_is_told_so_in_plain_words(editor):
    event_of(editor.record(WINDOW | RULE, OPENED))
    page = editor.record(EXTENSION, EXTENDED)
    assert page.status_code == 409
    assert "Give the due date, or how it is counted." in words(page.text)


@pytest.mark.parametrize(
    ("typed", "part", "detail"),
    [
        ({"length": ""}, "length", "How long is required."),
        ({"unit": ""}, "unit", "Unit is required."),
        ({"start": ""}, "start", "Counted from is required."),
        ({"rule": ""}, "rule", "Under which rule is required."),
        ({"length": "0"}, "length", "A length is a whole number of days from 1 to 36,525"),
        ({"length": "soon"}, "length", "whole number"),
        ({"start": "2026-02-30"}, "start", "“2026-02-30” is not a date"),
        ({"start": "soon"}, "start", "“soon” is not a date. Write 21 March 2025"),
        ({"unit": "moons"}, "unit", "“moons” is not one of"),
        ({"unit": "hours"}, "unit", "The rule 1-cfr-18.17 counts days, weeks, months, years"),
        ({"unit": "hours", "rule": "real-hours"}, "start", "has no time of day"),
        ({"rule": "lunar"}, "rule", "“lunar” is not one of"),
        ({"before": "1"}, "before", "counts forward only"),
        ({"counting": "from"}, "counting", "never counts the day of the trigger"),
        ({"jurisdiction": "Atlantis"}, "jurisdiction", "No calendar is known for the jurisdiction “Atlantis”."),
        ({"jurisdiction": "DE"}, "jurisdiction", "does not count in “DE”"),
        ({"zone": "Mars/Base"}, "zone", "“Mars/Base” is not a time zone."),
        ({"inaccessible": "2026-12-07"}, "inaccessible", "does not ask whether a clerk’s office is accessible"),
        ({"rule": "frcp-6a", "inaccessible": "monday"}, "inaccessible", "“monday”"),
    ],
)
def test_an_error_in_a_part_of_a_rule_stands_at_its_input(site, editor, typed, part, detail):
    before = len(entries(site))
    page = editor.record(WINDOW | RULE | {f"details.rule.{name}": value for name, value in typed.items()}, OPENED)
    assert page.status_code == 422, words(page.text)[:300]
    its = group(page.text)
    at_part = re.search(rf'<p class="error" id="f-details-rule-{part}-error">(.*?)</p>', its)
    assert at_part is not None, re.findall(r'<p class="error".*?</p>', page.text)
    assert detail in at_part[1]
    assert its.count('class="error"') == 1
    assert f'aria-describedby="f-details-rule-{part}-error' in its
    assert ("<details open>" in its) == (
        part in ("before", "counting", "jurisdiction", "zone", "inaccessible") or "inaccessible" in typed
    )
    assert len(entries(site)) == before


def test_a_part_of_a_rule_is_corrected_and_the_others_stay(site, editor):
    address = event_of(editor.record(WINDOW | RULE, OPENED))
    event_of(correct(editor, address, {"new.details.rule.length": "30"}))
    assert latest(site).changes == {"rule": {"length": 30, "unit": "days", "start": "2026-11-20", "rule": "1-cfr-18.17"}}
    assert deadline(site)["due"] == "2026-12-21"


def test_a_correction_of_something_else_leaves_the_rule_alone(site, editor):
    address = event_of(editor.record(WINDOW | RULE, OPENED))
    event_of(correct(editor, address, {"new.details.title": "Comments"}))
    assert latest(site).changes == {"title": "Comments"}
    assert deadline(site)["due"] == "2026-12-07"
