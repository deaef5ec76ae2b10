"""A matter's YAML file: broken, hostile or mistaken, it is refused by line and field and never crashes."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.matter_file import read_matter_file
from importers.yaml_lines import BadFile

HEADER = "matter:\n  slug: m\n  title: M\n  summary: A matter.\n  time_zone: UTC\n  jurisdiction: US\n"
ENTRY = """  - key: k
    kind: DevelopmentReported
    occurred: 2025-01-01
    details:
      text: Something.
    sources:
      - publisher: P
        published: 2025-01-01
"""


@pytest.fixture
def read(tmp_path):
    def read_text(text: str | bytes):
        path = tmp_path / "matter.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return read_matter_file(path)

    return read_text


@pytest.fixture
def refused(read):
    def problems(text: str | bytes) -> list[str]:
        with pytest.raises(BadFile) as error:
            read(text)
        assert all("matter.yaml" in problem for problem in error.value.problems)
        return error.value.problems

    return problems


def test_a_file_is_read_with_the_line_of_each_entry(read):
    file = read(HEADER + "events:\n" + ENTRY + ENTRY.replace("key: k", "key: l"))
    assert [(e.command.values["key"], e.line) for e in file.entries] == [("k", 8), ("l", 16)]
    assert file.header["slug"] == "m"


def test_a_file_may_have_no_events_yet(read):
    assert read(HEADER).entries == []


@pytest.mark.parametrize(
    "text",
    ["", "just text", "- a\n- b\n", "matter:\n", "matter: m\n", "events: []\n", "matter: [slug]\n", "null\n", "5\n"],
)
def test_a_file_that_opens_with_no_matter_is_refused(refused, text):
    (problem,) = refused(text)
    assert "line 1" in problem


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEADER + "events: [\n", 8),
        (HEADER + "events:\n\t- key: k\n", 8),
        (HEADER + "  slug: again\n", 7),
        (HEADER + "events:\n  - key: a\n    key: b\n", 9),
        (HEADER + "events: !!python/object/apply:os.system [ls]\n", 7),
        (HEADER + "events: !unknown x\n", 7),
        (HEADER + "---\nmore: x\n", 7),
        (HEADER + "events:\n  - {<<: {key: k}}\n", 8),
        ("a: &a [x]\nb: *a\n", 2),
        (HEADER + 'events: "open\n', 8),
    ],
)
def test_broken_yaml_is_refused_by_its_line(refused, text, line):
    (problem,) = refused(text)
    assert f"line {line}: not YAML that can be read" in problem


def test_a_billion_laughs_are_refused_unread(refused):
    laughs = "a: &a [lol, lol]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    assert "aliases" in refused(laughs)[0]


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, HEADER + "events: " + "[" * 5000 + "]" * 5000, HEADER + "events: " + "{a: " * 3000 + "}" * 3000],
    ids=["open", "lists", "mappings"],
)
def test_deep_nesting_is_refused(refused, text):
    assert "not YAML that can be read" in refused(text)[0]


@pytest.mark.parametrize(
    "tag", ['!!bool "maybe"', '!!int ""', '!!int "x"', '!!float ""', '!!float "x"', '!!binary "***"', "!!pairs a"]
)
def test_a_tag_that_does_not_fit_its_value_is_refused(refused, tag):
    assert refused(HEADER + f"events: {tag}\n")


@pytest.mark.parametrize("number", ["9" * 6000, ".nan", ".inf", "1e999", "0x" + "f" * 5000])
def test_a_monstrous_number_is_refused(refused, number):
    assert refused(HEADER + "events:\n" + ENTRY.replace("occurred: 2025-01-01", f"occurred: {number}"))


@pytest.mark.parametrize(
    "text", [HEADER.replace("A matter", "Eine Prüfung").encode("latin-1"), HEADER.encode("utf-16"), b"\xff\xfe\x00"]
)
def test_what_is_not_utf_8_is_refused(refused, text):
    assert "not UTF-8" in refused(text)[0]


def test_a_byte_order_mark_is_no_obstacle(read):
    assert read(b"\xef\xbb\xbf" + HEADER.encode()).header["slug"] == "m"


def test_control_characters_are_refused(refused):
    assert refused(HEADER + 'events: "\x00"\n')


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path):
    for path in (tmp_path / "nothing.yaml", tmp_path):
        with pytest.raises(BadFile) as error:
            read_matter_file(path)
        assert str(path) in error.value.problems[0]


@pytest.mark.parametrize(
    ("change", "line", "field"),
    [
        (("slug: m", "slug: M M"), 2, "matter.slug"),
        (("slug: m", "slug: on"), 2, "matter.slug"),
        (("title: M", "title: [M]"), 3, "matter.title"),
        (("title: M", "title: <b>M</b>"), 3, "matter.title"),
        (("summary: A matter.", "summary:"), 4, "matter.summary"),
        (("time_zone: UTC", "time_zone: Mars/Olympus"), 5, "matter.time_zone"),
        (("time_zone: UTC", "time_zone: 5"), 5, "matter.time_zone"),
        (("jurisdiction: US", "jurisdiction: ZZ"), 6, "matter.jurisdiction"),
        (("jurisdiction: US", "jurisdiction: NO"), 6, "matter.jurisdiction"),
        (("jurisdiction: US", "jurisdiction: US\n  nonsense: x"), 7, "matter.nonsense"),
        (("  title: M\n", ""), 2, "matter.title"),
    ],
)
def test_a_bad_header_is_told_by_line_and_field(refused, change, line, field):
    (problem,) = refused(HEADER.replace(*change))
    assert f", line {line}, field {field}" in problem


@pytest.mark.parametrize(
    ("change", "line", "field"),
    [
        (("kind: DevelopmentReported", "kind: Nonsense"), 9, "kind"),
        (("kind: DevelopmentReported", "kind: [x]"), 9, "kind"),
        (("occurred: 2025-01-01", "occurred: 2025-02-30"), 10, "occurred"),
        (("occurred: 2025-01-01", "occurred: {a: b}"), 10, "occurred"),
        (("occurred: 2025-01-01", "occurred: 2025-1-5"), 10, "occurred"),
        (("      text: Something.", "      text: {a: b}"), 12, "details.text"),
        (("      text: Something.", "      text: x\n      more: y"), 13, "details.more"),
        (("    details:\n      text: Something.", "    details: x"), 11, "details"),
        (("publisher: P", "publisher: {a: b}"), 14, "sources.0.publisher"),
        (("published: 2025-01-01", "published: never"), 15, "sources.0.published"),
        (("published: 2025-01-01", "unread: maybe"), 15, "sources.0.unread"),
        (("- publisher: P\n        published: 2025-01-01", "x"), 13, "sources"),
        (("    kind: ", "    matter: other\n    kind: "), 9, "matter"),
    ],
)
def test_a_bad_field_of_an_entry_is_told_by_line_and_field(refused, change, line, field):
    (problem,) = refused(HEADER + "events:\n" + ENTRY.replace(*change))
    assert f", line {line}, field {field}" in problem
    assert "(entry k)" in problem


@pytest.mark.parametrize("events", ["x", "{a: b}", "5", "!!set {a, b}", '!!binary "aGVsbG8="'])
def test_events_that_are_no_list_are_refused_by_line(refused, events):
    (problem,) = refused(HEADER + f"events: {events}\n")
    assert "line 7, field events" in problem


@pytest.mark.parametrize("entry", ["x", "5", "[a]", "null", "!!omap [a: 1]"])
def test_an_entry_that_is_no_mapping_is_refused(refused, entry):
    assert "An entry is a mapping" in refused(HEADER + f"events:\n  - {entry}\n")[0]


def test_an_entry_that_is_no_mapping_is_told_by_its_own_line(refused):
    assert "line 16" in refused(HEADER + "events:\n" + ENTRY + "  - x\n")[0]


def test_a_field_of_the_file_that_nobody_knows_is_refused(refused):
    assert "line 7, field event" in refused(HEADER + "event: []\n")[0]


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(BadFile) as error:
        read_matter_file(path)
    assert "64 MB" in error.value.problems[0]


@given(st.text(max_size=200) | st.binary(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_read_or_refused_and_never_crashes(tmp_path, text):
    path: Path = tmp_path / "any.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadFile):
        read_matter_file(path)


@given(st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_good_file_with_a_piece_replaced_is_read_or_refused_and_never_crashes(tmp_path, data):
    text = HEADER + "events:\n" + ENTRY
    at = data.draw(st.integers(0, len(text)))
    piece = data.draw(
        st.sampled_from(
            ["[", "]", "{", "}", ":", "- ", "!!int ", "!!bool ", "!!float ", "&a ", "*a", "? ", "| ", "\t", "'", "#", "null", "\n"]
        )
    )
    path: Path = tmp_path / "any.yaml"
    path.write_text(text[:at] + piece + text[at + data.draw(st.integers(0, 12)) :], encoding="utf-8")
    with suppress(BadFile):
        assert read_matter_file(path).header["slug"]
