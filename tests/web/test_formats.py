"""The form of an answer by Accept, and its compression."""

import csv
import gzip
import io
import json

import brotli
import pytest

from tests.web.asking import clean, get
from web import negotiation

VIEW = "/api/v1/views/tiktok-status?as_of=2025-03-21"


# Forms


@pytest.mark.parametrize(
    ("wish", "given"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/csv", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.4, application/json;q=0.5", "application/json"),
        ("text/csv;q=0.5, application/json;q=0.4", "text/csv"),
        ("application/json;q=0, */*", "text/csv"),
        ("application/json;charset=utf-8", "application/json"),
        ("application/jsonl", "application/jsonl"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("image/png, text/csv;q=0.1", "text/csv"),
    ],
)
def test_the_form_is_the_one_wished_for_most(api, wish, given):
    response = get(api, "/api/v1/events", **({"Accept": wish} if wish else {}))
    assert (response.status_code, response.mimetype) == (200, given)


@pytest.mark.parametrize(
    ("url", "wish"),
    [("/api/v1/events", "image/png"), ("/api/v1/matters", "application/jsonl"), ("/api/v1/events", "*/*;q=0"),
     ("/api/v1/matters/tiktok-divestiture", "text/csv"), ("/api/v1/openapi.json", "text/csv")],
)  # fmt: skip
def test_a_form_that_is_not_there_is_told_with_those_that_are(api, url, wish):
    response = get(api, url, Accept=wish)
    assert response.status_code == 406
    assert "application/json" in clean(response)["detail"]


def rows_of(response):
    assert response.content_type == "text/csv; charset=utf-8; header=present"
    assert response.data.endswith(b"\r\n")
    return list(csv.DictReader(io.StringIO(response.data.decode(), newline="")))


def test_entries_are_a_table_page_by_page(api):
    url = "/api/v1/events?limit=40&kind=BudgetAllocated"
    response = get(api, "/api/v1/events?limit=40", Accept="text/csv")
    rows, entries = rows_of(response), api.get("/api/v1/events?limit=40").get_json()["events"]
    assert [row["id"] for row in rows] == [entry["id"] for entry in entries]
    assert rows[0]["sources.0.publisher"] == entries[0]["sources"][0]["publisher"]
    assert 'rel="next"' in response.headers["Link"]
    assert 'filename="events.csv"' in response.headers["Content-Disposition"]
    money = [row["details.money.amount"] for row in rows_of(get(api, url, Accept="text/csv"))]
    assert "6800000000" in money


def test_entries_are_lines_of_json(api):
    response = get(api, "/api/v1/events?limit=10", Accept="application/jsonl")
    lines = [json.loads(line) for line in response.data.decode().splitlines()]
    assert lines == api.get("/api/v1/events?limit=10").get_json()["events"]
    assert 'rel="next"' in response.headers["Link"]


def test_a_view_is_a_table_of_its_values(api):
    rows = {row["path"]: row for row in rows_of(get(api, VIEW, Accept="text/csv"))}
    due = rows["window.due"]
    assert (due["value"], due["standing"], due["events"]) == ("2025-04-05", "official", "tiktok-divestiture.pause-1-opened")


@pytest.mark.parametrize(
    ("url", "column", "value"),
    [
        ("/api/v1/matters", "slug", "tiktok-divestiture"),
        ("/api/v1/deadlines?as_of=2025-03-21", "window", "pause-1"),
        ("/api/v1/views/tiktok-status/diff?from=2025-04-03&to=2025-04-04", "field", "window.due"),
        ("/api/v1/views/tiktok-status/why?field=window.due&as_of=2025-03-21", "value", "2025-04-05"),
    ],
)
def test_what_is_a_list_is_a_table_too(api, url, column, value):
    assert value in [row[column] for row in rows_of(get(api, url, Accept="text/csv"))]


def test_an_empty_table_has_its_header(api):
    response = get(api, "/api/v1/events?q=nowhere+at+all+zz", Accept="text/csv")
    assert response.data.startswith(b"id,matter,key,kind,")
    assert rows_of(response) == []


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@x", "\tx", "\rx", "=HYPERLINK(1)"])
def test_no_cell_is_taken_for_a_formula(cell):
    (row,) = csv.reader(io.StringIO(negotiation.table([{"a": cell}]).partition("\r\n")[2], newline=""))
    assert row == ["'" + cell]


@pytest.mark.parametrize("cell", ["-5", "+5.25", "0", -5, 'He said "a, b"', "two\nlines", "4 = 4"])
def test_numbers_and_text_stay_as_they_are(cell):
    (row,) = csv.reader(io.StringIO(negotiation.table([{"a": cell}]).partition("\r\n")[2], newline=""))
    assert row == [str(cell)]


def test_the_forms_are_in_the_document(api):
    document = api.get("/api/v1/openapi.json").get_json()
    for rule in api.application.url_map.iter_rules():
        if rule.endpoint.startswith("api.") and "GET" in rule.methods:
            its = document["paths"][rule.rule.replace("<", "{").replace(">", "}")]["get"]["responses"]["200"]["content"]
            assert set(its) == set(negotiation.offers(rule.endpoint)), rule.rule


# Compression and other sites


@pytest.mark.parametrize(("coding", "read"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
@pytest.mark.parametrize("url", [VIEW, "/", "/feed.atom", "/static/daybook.css"])
def test_answers_are_compressed_for_who_can_read_that(api, url, coding, read):
    plain, packed = get(api, url), get(api, url, Accept_Encoding=coding)
    assert packed.headers["Content-Encoding"] == coding
    assert read(packed.data) == plain.data
    assert len(packed.data) < len(plain.data)
    assert packed.headers["ETag"] != plain.headers["ETag"]
    held = get(api, url, If_None_Match=packed.headers["ETag"], Accept_Encoding=coding)
    assert (held.status_code, held.headers["ETag"]) == (304, packed.headers["ETag"])


def test_a_page_that_may_hold_a_token_is_never_compressed(api, site):
    assert "Content-Encoding" not in get(api, "/sign-in", Accept_Encoding="gzip").headers
    assert "Content-Encoding" not in get(site.client("reader"), "/", Accept_Encoding="gzip").headers
    assert get(api, "/", Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
