"""What every answer says to browsers, other sites, proxies and whoever asks too much."""

import json
import re

import pytest
from limits import parse

from domain.errors import BadValue, Refused, SignInNeeded, TooMany
from tests.web.asking import clean, get
from web.app import create_app
from web.edge import Edge
from web.limits import READING, WRITING, Budgets, read_limit
from web.problem_types import type_of


def test_scripts_of_other_sites_may_not_read_by_default(api):
    response = get(api, "/api/v1/matters", Origin="https://elsewhere.example")
    assert not [name for name, _ in response.headers if name.startswith("Access-Control")]


def test_scripts_of_a_named_site_may_read_the_api_without_cookies(bundled):
    client = create_app(bundled.daybook, edge=Edge(origins=("https://news.example",))).test_client()
    response = get(client, "/api/v1/matters", Origin="https://news.example")
    assert response.headers["Access-Control-Allow-Origin"] == "https://news.example"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Origin" in response.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in get(client, "/api/v1/matters", Origin="https://elsewhere.example").headers
    assert "Access-Control-Allow-Origin" not in get(client, "/matters", Origin="https://news.example").headers
    asked = {
        "Origin": "https://news.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "if-match",
    }
    preflight = client.options("/api/v1/events", headers=asked)
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "if-match" in preflight.headers["Access-Control-Allow-Headers"].lower()


# Limits


def limited(book, reading="3/minute", writing="2/minute", **edge):
    return create_app(book.daybook, edge=Edge(reading=parse(reading), writing=parse(writing), **edge)).test_client()


def test_who_asks_too_much_is_told_how_long_to_wait(bundled):
    client = limited(bundled)
    for left in (2, 1, 0):
        response = client.get("/api/v1/matters")
        assert response.headers["RateLimit-Policy"] == '"reading";q=3;w=60'
        assert re.fullmatch(rf'"reading";r={left};t=\d+', response.headers["RateLimit"])
    refused = client.get("/api/v1/matters")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert clean(refused)["type"].endswith("/problems/too-many")
    assert "Content-Security-Policy" in refused.headers
    assert client.get("/matters").status_code == 429


def test_reading_and_writing_have_budgets_of_their_own(bundled):
    client = limited(bundled)
    body = {"start": "2025-01-20", "length": 75}
    assert [client.post("/api/v1/count", json=body).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/api/v1/matters").status_code == 200


def test_what_costs_nothing_is_free(bundled):
    client = limited(bundled)
    for url in ("/healthz", "/readyz", "/static/icon.svg"):
        for _ in range(5):
            response = get(client, url)
            assert response.status_code == 200
            assert "RateLimit" not in response.headers


def test_wrong_tokens_are_counted_too(bundled):
    client = limited(bundled)
    statuses = [get(client, "/api/v1/matters", Authorization="Bearer wrong").status_code for _ in range(5)]
    assert statuses == [401, 401, 401, 429, 429]


def test_each_asker_has_his_own_budget(bundled):
    client = limited(bundled)
    from_one = [client.get("/api/v1/matters", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code for _ in range(4)]
    assert from_one == [200, 200, 200, 429]
    assert client.get("/api/v1/matters", environ_base={"REMOTE_ADDR": "192.0.2.2"}).status_code == 200
    same_network = [client.get("/api/v1/matters", environ_base={"REMOTE_ADDR": f"2001:db8::{n}"}).status_code for n in range(1, 5)]
    assert same_network == [200, 200, 200, 429]


def test_the_address_before_a_proxy_is_believed_only_where_a_proxy_is_named(bundled):
    def asked(client):
        return [get(client, "/api/v1/matters", X_Forwarded_For=f"192.0.2.{n}").status_code for n in range(5)]

    assert asked(limited(bundled)) == [200, 200, 200, 429, 429]
    assert asked(limited(bundled, proxies=1)) == [200] * 5


def test_the_memory_of_askers_is_bounded():
    budgets = Budgets({READING: parse("5/minute"), WRITING: None}, most=50)
    for number in range(500):
        budgets.spend(READING, f"address:{number}")
    assert len(budgets) == 50
    assert len(budgets._storage.events) == 50
    assert budgets.spend(WRITING, "address:1") is None


@pytest.mark.parametrize("text", ["", "many", "0/minute", "5", "5/fortnight"])
def test_a_limit_that_is_none_is_named(text):
    with pytest.raises(BadValue) as refused:
        read_limit(text, "DAYBOOK_LIMIT_READING")
    assert refused.value.field == "DAYBOOK_LIMIT_READING"
    assert read_limit("off", "X") is None


# Headers and ids


@pytest.mark.parametrize(
    "url", ["/", "/nope", "/api/v1/matters", "/api/v1/nope", "/static/daybook.css", "/healthz", "/matters?x=1"]
)
def test_every_answer_has_the_headers_that_owasp_recommends(api, url):
    headers = get(api, url).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in re.sub("style-src-attr 'unsafe-inline'", "", headers["Content-Security-Policy"])
    expected = {
        "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "X-Permitted-Cross-Domain-Policies": "none",
        "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp",
    }  # fmt: skip
    assert {name: headers.get(name) for name in expected} == expected
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert not {"Server", "X-Powered-By"} & {name for name, _ in headers}


def test_browsers_are_told_to_stay_with_https_where_it_is_served(bundled):
    client = create_app(bundled.daybook, "https://daybook.example").test_client()
    assert "max-age=31536000" in client.get("/healthz").headers["Strict-Transport-Security"]
    assert json.loads(client.get("/api/v1/nope").data)["type"] == "https://daybook.example/problems/not-found"


def test_a_well_formed_request_id_is_kept_and_any_other_is_replaced(api):
    assert get(api, "/healthz", X_Request_Id="abc-123_DEF.4").headers["X-Request-Id"] == "abc-123_DEF.4"
    for bad in ("short", "x" * 65, "with space", "<script>alert(1)</script>", "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"):
        assert re.fullmatch(r"[0-9a-f]{16}", get(api, "/healthz", X_Request_Id=bad).headers["X-Request-Id"])
    page = get(api, "/matters/nope", X_Request_Id="my-own-id-7")
    assert "my-own-id-7" in page.get_data(as_text=True)
    assert json.loads(get(api, "/api/v1/nope", X_Request_Id="my-own-id-7").data)["request_id"] == "my-own-id-7"


def test_statuses_of_refusals():
    assert {type_of(kind).status for kind in Refused.__subclasses__()} >= {401, 403, 404, 409, 412, 422, 428, 429}
    assert (type_of(SignInNeeded).status, type_of(TooMany).status) == (401, 429)
