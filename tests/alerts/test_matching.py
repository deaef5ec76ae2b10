"""What is within a filter: windows and entries, words without case, quotes and hyphens."""

import pytest

from alerts.matching import has_words, likely, matches_entry, matches_window, windows_of, words_in
from alerts.model import About

WINDOW = {
    "matter": "m", "window": "pause-1", "title": "Pause in enforcement", "purpose": "enforcement pause", "opened_by": "EO 14166",
    "legal_basis": "EO 14258", "owner": "Anna O’Neil", "closed_by": None, "superseded_by": None, "evidence": None,
}  # fmt: skip
ENTRY = {
    "matter": "m", "key": "e", "kind": "WindowExtended", "headline": "“Pause in enforcement” extended", "summary": None,
    "sources": [{"publisher": "Federal Register", "title": "Extending the TikTok Enforcement Delay", "citation": "90 FR 15209"}],
    "details": {"window": "pause-1", "legal_basis": "EO 14258"},
}  # fmt: skip
DENIAL = {
    "matter": "m",
    "key": "d",
    "kind": "ReportDenied",
    "headline": "No",
    "summary": None,
    "sources": [],
    "scope": ["windows.pause-1.due"],
}


@pytest.mark.parametrize(
    ("about", "matches"),
    [
        (About(), True), (About("m"), True), (About("n"), False), (About("m", "pause-1"), True), (About("m", "pause-2"), False),
        (About(words="PAUSE eo-14258"), True), (About(words="oneil"), True), (About(words="“enforcement”"), True),
        (About(words="pause zebra"), False), (About(kind="WindowExtended"), False),
    ],
)  # fmt: skip
def test_a_window_is_within_what_it_meets_in_all_parts(about, matches):
    assert matches_window(about, WINDOW) is matches


@pytest.mark.parametrize(
    ("about", "matches"),
    [
        (About(), True), (About("n"), False), (About(kind="WindowExtended"), True), (About(kind="WindowOpened"), False),
        (About("m", "pause-1"), True), (About("m", "pause-2"), False), (About(words="federal register 14258"), True),
        (About(words="90-FR 15209"), True), (About(words="register zebra"), False),
    ],
)  # fmt: skip
def test_an_entry_is_within_what_it_meets_in_all_parts(about, matches):
    assert matches_entry(about, ENTRY) is matches
    assert not (matches and not likely(about)(ENTRY["kind"], "e windowextended extended federal register"))


@pytest.mark.parametrize(
    ("wanted", "said", "found"),
    [
        ("e-mail", "An email", True), ("email", "An e‑mail", True), ("joint venture", "the Joint–Venture", True),
        ("TikTok's", "TIKTOK’S", True), ("strasse", "Große Straße", True), ("ﬁling", "a filing", True), ("", "", True), ("pause", "paws", False),
        ("'", "anything", True),
    ],
)  # fmt: skip
def test_words_are_found_however_quotes_hyphens_and_case_are_written(wanted, said, found):
    assert has_words(wanted, [None, said]) is found


def test_an_entry_is_about_the_windows_that_it_its_scope_or_its_brief_names():
    assert windows_of(ENTRY) == windows_of(DENIAL) == {"pause-1"}
    assert windows_of(ENTRY | {"details": {"window": "a", "superseded_by": "b"}}) == {"a", "b"}
    assert windows_of({"windows": ["c"]}) == {"c"}
    assert matches_entry(About("m", "pause-1"), DENIAL)


def test_what_cannot_be_accepted_is_known_by_its_kind_and_text():
    assert not likely(About(words="zebra"))("DevelopmentReported", "a deal is near")
    assert likely(About(words="zebra"))("ReportDenied", "no")
    assert not likely(About("m", "pause-1"))("DevelopmentReported", "pause-1")
    assert words_in("“A b” c-d") == ["a", "b", "c", "d"]
