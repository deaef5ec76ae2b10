"""The API as a script meets it: answers, pages of entries, and every error in the asker's words."""

import json

import pytest

from web import schemas
from web.bodies import LARGEST


def test_a_view_answers_at_the_point_with_standing_and_sources(api):
    body = api.get("/api/v1/views/tiktok-status?as_of=2025-03-21").get_json()
    assert body["view"] == "tiktok-status"
    assert body["point"]["as_of"] == body["point"]["known_on"] == "2025-03-21"
    assert body["point"]["time_zone"] == "America/New_York"
    assert body["point"]["records_start"] == "2020-08-06"
    assert body["point"]["withheld"] > 0
    assert body["state"]["window"]["due"] == "2025-04-05"
    assert body["state"]["window"]["days_left"] == 15
    standing = body["state_of"]["window.due"]
    assert standing == {"standing": "official", "events": ["tiktok-divestiture.pause-1-opened"]}
    assert body["events"]["tiktok-divestiture.pause-1-opened"]["sources"][0]["publisher"] == "Federal Register"


def test_hindsight_and_as_known_then_differ_on_the_day_between_ban_and_order(api):
    then = api.get("/api/v1/views/tiktok-status?as_of=2025-01-19").get_json()["state"]
    hindsight = api.get("/api/v1/views/tiktok-status?as_of=2025-01-19&known_on=now").get_json()["state"]
    assert then["enforcement"]["status"] == "applicable"
    assert hindsight["enforcement"]["status"] == "paused"
    assert then["window"] is None


def test_a_source_published_after_the_point_is_left_out_and_counted(api):
    event = api.get("/api/v1/events/tiktok-divestiture.pause-2-last-day?as_of=2025-10-01").get_json()
    assert event["later_sources"] == 1
    now = api.get("/api/v1/events/tiktok-divestiture.pause-2-last-day").get_json()
    assert len(now["sources"]) == len(event["sources"]) + 1
    assert "2026" not in json.dumps(event["sources"])


def test_recorded_at_a_position_replays_the_log_as_it_stood(api):
    before = api.get("/api/v1/views/timeline?recorded_at=5").get_json()
    assert before["point"]["recorded_at"] == before["point"]["position"] == 5
    assert {event["position"] <= 5 for event in before["state"]["events"]} == {True}
    assert len(api.get("/api/v1/views/timeline").get_json()["state"]["events"]) > 5


def test_the_diff_tells_changes_in_sentences_and_as_data(api):
    body = api.get("/api/v1/views/tiktok-status/diff?from=2025-04-03&to=2025-04-04").get_json()
    due = next(change for change in body["changes"] if change["field"] == "window.due")
    assert due["sentence"] == "Due date moved from 5 April to 19 June 2025, by EO 14258"
    assert (due["before"], due["after"]) == ("2025-04-05", "2025-06-19")
    assert due["events"] == ["tiktok-divestiture.pause-1-extended-1"]
    assert body["from"]["as_of"] == "2025-04-03"


def test_why_names_claims_sources_and_the_steps_of_the_rule(api):
    body = api.get("/api/v1/views/tiktok-status/why?field=window.due&as_of=2025-03-21").get_json()
    assert body["value"] == "2025-04-05"
    (claim,) = body["claims"]
    assert claim["current"] is True
    assert claim["event"] == "tiktok-divestiture.pause-1-opened"
    assert claim["sources"]
    assert "Day 75 is 5 April 2025, a Saturday." in body["rule"]["steps"]


def test_deadlines_within_so_many_days(api):
    body = api.get("/api/v1/deadlines?as_of=2025-03-30&within=30").get_json()
    (deadline,) = body["deadlines"]
    assert (deadline["window"], deadline["days_left"], deadline["working_days_left"]) == ("pause-1", 6, 5)
    assert deadline["stated"] == deadline["computed"] == "2025-04-05"
    superseded = api.get("/api/v1/deadlines?as_of=2025-09-26&status=superseded").get_json()["deadlines"]
    assert [row["window"] for row in superseded] == ["pause-1"]


def test_entries_come_in_pages_that_join_up(api):
    first = api.get("/api/v1/events?limit=50")
    assert 'rel="next"' in first.headers["Link"]
    seen, url = [], "/api/v1/events?limit=50"
    while url:
        response = api.get(url)
        seen += [event["position"] for event in response.get_json()["events"]]
        link = response.headers.get("Link")
        url = link[1 : link.index(">")] if link else None
    assert seen == sorted(set(seen))
    assert len(seen) == 119


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("kind=ExecutiveOrderSigned&matter=tiktok-divestiture&from=2025-01-01&to=2025-06-30", ["eo-14166", "eo-14258", "eo-14310"]),
        ("q=EO+14352+saving&kind=ExecutiveOrderSigned", ["eo-14352"]),
        ("q=100%25+nowhere", []),
        (
            "matter=bytedance-ai-procurement&kind=BudgetAllocated&from=2025-01-21&to=2025-01-21",
            ["ft-2025-total", "ft-2025-china", "ft-2025-overseas"],
        ),
        ("matter=bytedance-ai-procurement&kind=BudgetAllocated&from=2025-01-20&to=2025-01-20", []),
    ],
)
def test_entries_are_filtered(api, query, keys):
    assert [event["key"] for event in api.get(f"/api/v1/events?{query}").get_json()["events"]] == keys


def test_an_entry_is_whole(api):
    event = api.get("/api/v1/events/bytedance-ai-procurement.ft-2025-overseas").get_json()
    assert event["kind"] == "BudgetAllocated"
    assert event["standing"] == "denied"
    assert event["details"]["money"] == {"amount": "6800000000", "currency": "USD", "qualifier": "about"}
    assert {amendment["by"] for amendment in event["amendments"]} == {"ByteDance"}
    assert event["known"] == event["occurred"] == "2025-01-21"
    assert event["recorded"].endswith("+00:00")
    assert event["actor"] == "loader"


def test_matters_have_their_last_entry_and_next_deadline(api):
    bodies = api.get("/api/v1/matters?as_of=2025-03-21").get_json()["matters"]
    tiktok = next(body for body in bodies if body["slug"] == "tiktok-divestiture")
    assert tiktok["next_deadline"]["window"] == "pause-1"
    assert tiktok["last_event"]["known"] <= "2025-03-21"
    assert api.get("/api/v1/matters/tiktok-divestiture?as_of=2025-03-21").get_json() == tiktok


def test_counting_shows_its_steps(api):
    body = api.post("/api/v1/count", json={"start": "2025-01-20", "length": 75}).get_json()
    assert body["due"] == "2025-04-05"
    assert body["rule"] == "calendar"
    assert len(body["steps"]) == 4


@pytest.mark.parametrize(
    ("url", "status", "parameter"),
    [
        ("/api/v1/views/nope", 404, "view"),
        ("/api/v1/views/tiktok-status?matter=nope", 404, "matter"),
        ("/api/v1/events/tiktok-divestiture.nope", 404, "id"),
        ("/api/v1/events/tiktok-divestiture.eo-14258?as_of=2025-01-21", 404, "id"),
        ("/api/v1/views/tiktok-status?as_of=2025-02-30", 422, "as_of"),
        ("/api/v1/views/tiktok-status?as_of=2025", 422, "as_of"),
        ("/api/v1/views/tiktok-status?as_of=Y1E99999999", 422, "as_of"),
        ("/api/v1/views/tiktok-status?recorded_at=123", 422, "recorded_at"),
        ("/api/v1/views/tiktok-status?as_of=", 422, "as_of"),
        ("/api/v1/views/tiktok-status?known_on=", 422, "known_on"),
        ("/api/v1/views/tiktok-status?recorded_at=", 422, "recorded_at"),
        ("/api/v1/views/tiktok-status?as-of=2025-03-21", 422, "as-of"),
        ("/api/v1/views/tiktok-status?as_of=2025-03-21&as_of=2025-03-22", 422, "as_of"),
        ("/api/v1/views/tiktok-status?known_on=2999-01-01", 422, "known_on"),
        ("/api/v1/views/tiktok-status?recorded_at=2999-01-01T00:00:00Z", 422, "recorded_at"),
        ("/api/v1/views/tiktok-status/why?field=nope", 422, "field"),
        ("/api/v1/views/tiktok-status/why", 422, "field"),
        ("/api/v1/views/tiktok-status/diff?from=x&to=2025-01-01", 422, "from"),
        ("/api/v1/views/tiktok-status/diff?from=2025-01-01&to=2025-01-02&to_known_on=x", 422, "to_known_on"),
        ("/api/v1/events?kind=Nope", 422, "kind"),
        ("/api/v1/events?limit=501", 422, "limit"),
        ("/api/v1/events?after=-1", 422, "after"),
        ("/api/v1/events?from=2025-13-01", 422, "from"),
        ("/api/v1/deadlines?within=-1", 422, "within"),
        ("/api/v1/deadlines?within=99999999999999999999", 422, "within"),
        ("/api/v1/deadlines?status=late", 422, "status"),
    ],
)
def test_a_wrong_request_is_told_which_parameter(api, url, status, parameter):
    response = api.get(url)
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype == "application/problem+json"
    body = response.get_json(force=True)
    assert body["status"] == status
    assert [error["parameter"] for error in body["errors"]] == [parameter]
    assert body["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"start": "2025-02-30", "length": 75}, "/start"),
        ({"start": "2025-01-20", "length": 0}, "/length"),
        ({"start": "2025-01-20", "length": -1}, "/length"),
        ({"start": "2025-01-20", "length": 10**9}, "/length"),
        ({"start": "2025-01-20", "length": "75"}, "/length"),
        ({"start": "2025-01-20", "length": 75, "rule": "lunar"}, "/rule"),
        ({"start": "2025-01-20", "length": 75, "unit": "moons"}, "/unit"),
        ({"start": "2025-01-20", "length": 75, "extra": 1}, "/extra"),
        ({"length": 75}, "/start"),
    ],
)
def test_a_count_that_cannot_be_gives_an_error_and_never_a_date(api, body, pointer):
    response = api.post("/api/v1/count", json=body)
    assert response.status_code == 422
    problem = response.get_json(force=True)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert "due" not in problem


@pytest.mark.parametrize("data", [b"{", b"[1]", b'"x"', b"\xff\xfe", b"[" * 50_000])
def test_a_body_that_is_no_json_object_is_a_problem(api, data):
    response = api.post("/api/v1/count", data=data, content_type="application/json")
    assert response.status_code in (400, 422)
    assert response.mimetype == "application/problem+json"


def test_a_body_of_another_type_is_told_so(api):
    response = api.post("/api/v1/count", data="start=2025-01-20", content_type="text/plain")
    assert response.status_code == 415


def test_a_number_without_end_and_half_a_character_are_told_and_not_a_fault(api):
    endless = b'{"start": "2025-01-20", "length": ' + b"9" * 5000 + b"}"
    assert api.post("/api/v1/count", data=endless, content_type="application/json").status_code in (400, 422)
    half = api.post("/api/v1/count", data=rb'{"start": "\ud800", "length": 75}', content_type="application/json")
    assert half.status_code == 422
    assert half.get_json(force=True)["errors"][0]["pointer"] == "/start"


def test_a_wrong_method_names_the_right_ones(api):
    response = api.get("/api/v1/count")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert response.mimetype == "application/problem+json"


def test_a_body_that_is_too_large_is_refused(api):
    response = api.post("/api/v1/count", data=b" " * (LARGEST + 1), content_type="application/json")
    assert response.status_code == 413


def test_the_document_is_valid_openapi_and_names_every_route(api):
    from openapi_spec_validator import OpenAPIV31SpecValidator

    document = json.loads(api.get("/api/v1/openapi.json").data)
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()
    routes = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in api.application.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
    }
    assert set(document["paths"]) == routes


def test_swagger_ui_asks_nothing_of_other_hosts(api):
    page = api.get("/api/v1/docs/").get_data(as_text=True)
    assert "http://" not in page
    assert "https://" not in page
    with api.get("/api/v1/docs/assets/swagger-ui-bundle.js") as script:
        assert script.status_code == 200
    assert api.get("/api/v1/docs/assets/index.html").status_code == 404


def test_every_answer_has_the_safe_headers(api):
    for url in ("/api/v1/matters", "/healthz", "/nope", "/api/v1/views/nope"):
        headers = api.get(url).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_health_and_metrics(api):
    assert api.get("/healthz").get_json() == {"status": "ok"}
    assert api.get("/readyz").get_json()["status"] == "ready"
    assert 'daybook_http_requests_total{endpoint="health.healthz",status="200"}' in api.get("/metrics").get_data(as_text=True)


def test_no_answer_loses_a_field_on_its_way_through_its_schema(api, bundled):
    book, when = bundled.daybook, bundled.daybook.ask("2025-09-26")
    answers = {
        schemas.ViewSchema: book.view("deadlines", when).body(),
        schemas.DeadlinesSchema: book.deadlines(when, status="all"),
        schemas.DiffSchema: book.diff("tiktok-status", book.ask("2025-04-03"), when),
        schemas.WhySchema: book.why("tiktok-status", "window.due", when),
        schemas.EventSchema: book.event("bytedance-ai-procurement.ft-2025-china", when),
        schemas.MatterSchema: book.matter("tiktok-divestiture", when),
    }
    for schema, answer in answers.items():
        assert lost(answer, json.loads(json.dumps(schema().dump(answer)))) == [], schema


def lost(before, after, path=""):
    """The paths of what is in `before` and not in `after`."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            p
            for name, value in before.items()
            for p in (lost(value, after[name], f"{path}.{name}") if name in after else [f"{path}.{name}"])
        ]
    if isinstance(before, list) and isinstance(after, list):
        return [p for n, value in enumerate(before) for p in lost(value, after[n], f"{path}.{n}")]
    return []
