"""The conventions that hold for every route: problems, tags, forms, headers, limits, ids."""

import gzip
import importlib
import pkgutil
import re
from html import unescape

import pytest

import domain
import importers
import service
import web
from tests.web.asking import clean, get
from web.app import create_app
from web.bodies import DEEPEST, LARGEST
from web.problem_types import every_type, refusals, type_of
from web.problems import pointer

VIEW = "/api/v1/views/tiktok-status?as_of=2025-03-21"
SOME_PAGES = (
    "/", "/matters", "/matters/tiktok-divestiture", "/views/tiktok-status", "/views/tiktok-status/why?field=window.due&as_of=2025-03-21",
    "/deadlines", "/diff", "/alerts", "/events/tiktok-divestiture.eo-14166", "/problems", "/problems/not-found",
    "/deadlines.ics", "/feed.atom", "/feed.json", "/static/daybook.css", "/static/icon.svg", "/healthz", "/readyz",
    "/api/v1/openapi.json", "/api/v1/docs/", "/api/v1/docs/assets/swagger-ui.css", VIEW, "/api/v1/matters", "/api/v1/events",
    "/api/v1/deadlines", "/api/v1/alerts?as_of=2025-03-29", "/api/v1/matters/tiktok-divestiture", "/api/v1/events/tiktok-divestiture.eo-14166",
    "/api/v1/views/tiktok-status/diff?from=2025-04-03&to=2025-04-04", "/api/v1/views/tiktok-status/why?field=window.due&as_of=2025-03-21",
)  # fmt: skip


# Problems


def test_every_refusal_has_its_documented_type_and_no_two_share_a_name(api):
    for package in (domain, importers, service, web):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    kinds = [kind for kind in refusals() if not kind.__module__.startswith("test")]
    assert len(kinds) > 25
    names = [type_of(kind).name for kind in kinds]
    assert len(names) == len(set(names))
    listed = api.get("/problems").get_data(as_text=True)
    for kind in kinds:
        its = type_of(kind)
        assert kind.__doc__, kind
        page = api.get(f"/problems/{its.name}")
        assert page.status_code == 200
        page_told = unescape(page.get_data(as_text=True)).partition("<main")[2]
        assert str(its.status) in page_told
        assert page_told.count(its.title) == 1
        assert f"/problems/{its.name}" in listed
        told = get(api, f"/problems/{its.name}", Accept="application/json").get_json()
        assert (told["name"], told["status"], told["title"]) == (its.name, its.status, its.title)
        assert told["remedy"]


@pytest.mark.parametrize(
    ("method", "url", "sent", "status", "name"),
    [
        ("GET", "/api/v1/nowhere", {}, 404, "not-found"),
        ("GET", "/api/v1/matters/nope", {}, 404, "not-found"),
        ("GET", "/api/v1/count", {}, 405, "method-not-allowed"),
        ("GET", "/api/v1/matters", {"headers": {"Accept": "image/png"}}, 406, "not-acceptable"),
        ("POST", "/api/v1/count", {"data": b"{", "content_type": "application/json"}, 400, "bad-request"),
        ("POST", "/api/v1/count", {"data": b"x", "content_type": "text/plain"}, 415, "unsupported-media-type"),
        ("POST", "/api/v1/count", {"data": b" " * (LARGEST + 1), "content_type": "application/json"}, 413, "content-too-large"),
        ("POST", "/api/v1/count", {"json": {"start": "2025-02-30", "length": 1}}, 422, "bad-value"),
        ("POST", "/api/v1/events", {"json": {}}, 401, "sign-in-needed"),
    ],
)
def test_each_error_names_a_type_that_is_listed(api, method, url, sent, status, name):
    response = api.open(url, method=method, **sent)
    body = clean(response)
    assert (response.status_code, body["status"]) == (status, status)
    assert response.mimetype == "application/problem+json"
    assert body["type"] == f"http://127.0.0.1:8000/problems/{name}"
    assert body["title"] == every_type()[name].title
    assert body["detail"]
    assert "instance" not in body
    assert api.get(f"/problems/{name}").status_code == 200


def test_who_must_sign_in_is_told_how(api):
    assert api.post("/api/v1/events", json={}).headers["WWW-Authenticate"] == 'Bearer realm="daybook"'


def test_a_page_gives_its_error_as_json_to_who_would_rather_have_it(api):
    assert api.get("/matters/nope").mimetype == "text/html"
    assert get(api, "/matters/nope", Accept="text/html,*/*;q=0.8").mimetype == "text/html"
    for wish in ("application/json", "application/problem+json", "text/html;q=0.5, application/json"):
        response = get(api, "/matters/nope", Accept=wish)
        assert response.mimetype == "application/problem+json"
        assert clean(response)["type"].endswith("/problems/not-found")


def test_an_error_page_leads_to_what_it_means(api):
    page = api.get("/matters/nope").get_data(as_text=True)
    assert "/problems/not-found" in page


@pytest.mark.parametrize(
    ("field", "expected"),
    [("", ""), ("details.due", "/details/due"), ("events.3.details.due", "/events/3/details/due"), ("a/b.c~d", "/a~1b/c~0d")],
)
def test_a_field_is_told_as_a_json_pointer(field, expected):
    assert pointer(field) == expected


def test_an_entry_with_several_faults_is_told_them_all(site):
    response = site.client("recorder").post(
        "/api/v1/events", json=entry(details={"due": "2025-02-30", "nonsense": 1}, occurred="x")
    )
    assert response.status_code == 422
    assert {error["pointer"] for error in clean(response)["errors"]} >= {"/details/due", "/details/nonsense", "/occurred"}


def entry(**changes):
    usual = {
        "key": "a", "kind": "WindowOpened", "matter": "tiktok-divestiture", "occurred": "2025-01-20", "announced": "2025-01-20",
        "details": {}, "sources": [{"publisher": "Gazette"}],
    }  # fmt: skip
    return usual | changes


def test_what_is_missing_reads_the_same_each_time(api):
    assert clean(api.get("/api/v1/matters/nope")) == clean(api.get("/api/v1/matters/nope"))


# Tags and caches


@pytest.mark.parametrize("url", SOME_PAGES)
def test_every_answer_has_a_strong_tag_and_304_for_who_has_it(api, url):
    first = get(api, url)
    tag = first.headers["ETag"]
    assert first.status_code == 200
    assert re.fullmatch(r'"[0-9a-f-]+"', tag)
    again = get(api, url, If_None_Match=f'"other", {tag}')
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"] == "no-cache"
    assert "Accept-Encoding" in again.headers["Vary"]
    assert get(api, url, If_None_Match=f"W/{tag}").status_code == 304
    assert get(api, url, If_None_Match='"other"').status_code == 200


@pytest.mark.parametrize("url", [VIEW, "/", "/deadlines.ics", "/static/daybook.css"])
def test_head_answers_as_get_without_a_body(api, url):
    full = get(api, url)
    with api.head(url) as head:
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == full.headers["ETag"]
        assert head.headers["Content-Type"] == full.headers["Content-Type"]


def test_a_tag_changes_with_the_answer_and_a_matters_begins_with_its_version(site):
    client, url = site.client("recorder"), "/api/v1/matters/tiktok-divestiture"
    before = client.get(url)
    version = before.get_json()["version"]
    assert before.headers["ETag"].startswith(f'"{version}-')
    details = {"window": "w", "title": "A window", "purpose": "comments", "due": "2027-01-01"}
    assert client.post("/api/v1/events", json=entry(details=details)).status_code == 201
    after = client.get(url, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"].startswith(f'"{after.get_json()["version"]}-')
    assert after.get_json()["version"] > version


def test_the_calendar_stays_the_same_while_the_clock_runs(own_bundled):
    client = create_app(own_bundled.daybook).test_client()
    before = client.get("/deadlines.ics?as_of=2025-03-21")
    own_bundled.clock.now += 3_600_000_000
    after = client.get("/deadlines.ics?as_of=2025-03-21")
    assert before.headers["ETag"] == after.headers["ETag"]
    assert b"DTSTAMP" in after.data


def test_what_a_visitor_sees_is_kept_by_his_browser_alone(site):
    response = site.client("reader").get("/api/v1/matters")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie", "Accept", "Accept-Encoding"} <= set(response.headers["Vary"].split(", "))


# Methods, parameters, bodies


def filled(rule):
    """An address that a rule takes, with the first of what it may say."""
    return re.sub(r"<(\w+:)?\w+>", "x", re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule))


def test_a_wrong_method_names_the_right_ones_everywhere(api, app):
    tried = 0
    for rule in app.url_map.iter_rules():
        url = filled(rule)
        right = {name for other in app.url_map.iter_rules() if other.rule == rule.rule for name in other.methods}
        if "PROPFIND" not in right:
            response = api.open(url, method="PROPFIND")
            assert response.status_code == 405, url
            assert set(response.headers["Allow"].split(", ")) >= right, url
            tried += 1
    assert tried > 25


def test_a_batch_is_no_entry_and_a_preview_no_policy(api):
    for url in ("/api/v1/events/batch", "/api/v1/alert-policies/preview"):
        for method in ("GET", "HEAD"):
            response = api.open(url, method=method)
            assert (response.status_code, response.headers["Allow"]) == (405, "OPTIONS, POST")
        assert api.options(url).headers["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("kind", [{}, [], 1, None, True])
def test_a_kind_that_is_no_text_is_told(site, kind):
    client = site.client("editor")
    for url in ("/api/v1/events", "/api/v1/events/tiktok-divestiture.eo-14166/amendments"):
        assert client.post(url, json=entry(kind=kind)).status_code == 422


def test_options_tells_the_methods(api):
    response = api.options("/api/v1/matters")
    assert response.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} <= set(response.headers["Allow"].split(", "))


def test_an_unknown_parameter_is_refused_on_every_route(api, app):
    refused = 0
    for rule in app.url_map.iter_rules():
        url = filled(rule) + "?nonsense=1"
        method = next(name for name in ("GET", "POST", "PUT", "DELETE") if name in rule.methods)
        response = api.open(url, method=method, json={} if method == "POST" and url.startswith("/api") else None)
        assert response.status_code in (302, 303, 400, 401, 404, 422), (url, response.status_code)
        refused += response.status_code == 422
    assert refused > 20


@pytest.mark.parametrize(
    "url",
    [
        "/healthz?x=1", "/readyz?x=1", "/metrics?x=1", "/api/v1/openapi.json?x=1", "/api/v1/docs/?x=1", "/static/daybook.css?x=1",
        "/feed.atom?x=1", "/problems?x=1", "/problems/not-found?x=1", "/api/v1/docs/assets/swagger-ui.css?x=1",
    ],
)  # fmt: skip
def test_a_route_without_parameters_takes_none(api, url):
    assert get(api, url).status_code == 422


def test_a_body_does_not_excuse_an_unknown_parameter(api):
    response = api.post("/api/v1/count?nonsense=1", json={"start": "2025-01-20", "length": 75})
    assert response.status_code == 422
    assert clean(response)["errors"][0]["parameter"] == "nonsense"


COUNT = '{"start": "2025-01-20", "length": 75'


@pytest.mark.parametrize(
    "body",
    [
        "", "{", COUNT, COUNT + ',}', COUNT + ', "length": 76}', COUNT + ', "zone": {"a": 1, "a": 1}}', COUNT + ', "x": NaN}',
        COUNT + ', "x": -Infinity}', COUNT + ', "x": 1e999}', COUNT + ', "x": ' + "9" * 5000 + "}", "[" * 50_000,
        '{"x":' * (DEEPEST + 1) + "1" + "}" * (DEEPEST + 1),
    ],
)  # fmt: skip
def test_json_that_can_be_taken_in_two_ways_or_not_at_all_is_refused(api, body):
    response = api.post("/api/v1/count", data=body, content_type="application/json")
    assert response.status_code == (400 if body else 422), response.data
    assert clean(response)["detail"]


def test_a_body_that_is_not_utf8_or_is_compressed_is_refused(api):
    utf16 = (COUNT + "}").encode("utf-16")
    assert api.post("/api/v1/count", data=utf16, content_type="application/json").status_code == 400
    packed = gzip.compress((COUNT + "}").encode())
    sent = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert api.post("/api/v1/count", data=packed, headers=sent).status_code == 415


def test_a_body_that_is_too_large_is_refused_where_none_is_read(api):
    assert api.get("/api/v1/matters", data=b" " * (LARGEST + 1)).status_code == 413
    assert api.get("/", data=b" " * (LARGEST + 1)).status_code == 413
