"""Hostile addresses and bodies: injection into SQL, markup that comes back, paths that climb. What else is tried, docs/security.md lists."""

import re
from urllib.parse import quote

import pytest

SQL = (
    "'", '"', "' OR 1=1 --", "'; DROP TABLE entries; --", "%' UNION SELECT state FROM stored_events --", "x') OR ('1'='1",
    "NEAR(a b)", 'a" OR "b', "a*", "-a", "^a", "a:b", "(", ")", "\\", "%", "_", "!", "%%__!!", "NULL", "a AND", "{a b}", "\N{PANDA FACE}" * 50,
)  # fmt: skip
MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{7*7}}",
    "${7*7}",
)
CLIMBING = (
    "../etc/passwd", "..%2f..%2fetc%2fpasswd", "..%5c..%5cetc", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "....//etc", "..;/x", "daybook.css/../../app.py",
)  # fmt: skip
QUERIES = (
    "/api/v1/events?q={}", "/api/v1/events?matter={}", "/api/v1/events?kind={}", "/api/v1/events?from={}", "/api/v1/matters/{}",
    "/api/v1/events/{}", "/api/v1/events/tiktok-divestiture.{}", "/api/v1/views/{}", "/api/v1/views/tiktok-status?as_of={}",
    "/api/v1/views/tiktok-status?recorded_at={}", "/api/v1/views/tiktok-status/why?field={}", "/api/v1/deadlines?status={}",
    "/api/v1/deadlines?matter={}", "/api/v1/views/timeline/diff?from={}&to=2025-01-01", "/?matter={}", "/?kind={}", "/?as_of={}",
    "/?from={}&to=2025-01-01", "/matters/{}", "/events/{}", "/deadlines?matter={}", "/deadlines?status={}", "/deadlines?within={}",
    "/diff?view={}&from=2025-01-01&to=2025-02-01", "/diff?view=timeline&from={}&to=2025-01-01", "/views/{}", "/views/tiktok-status/why?field={}",
    "/deadlines.ics?matter={}", "/problems/{}", "/nothing/{}", "/?{}=1",
)  # fmt: skip


def asked(client, template, text):
    return client.get(template.replace("{}", quote(text.encode("utf-8", "surrogatepass"), safe="")))


@pytest.mark.parametrize("template", QUERIES)
def test_sql_in_an_address_is_plain_text(bundled, api, template):
    before = bundled.tables()
    for text in SQL:
        answer = asked(api, template, text)
        assert answer.status_code in (200, 302, 303, 400, 404, 422), text
    assert bundled.tables() == before


def test_a_word_to_search_for_matches_only_itself(api):
    assert len(asked(api, "/api/v1/events?q={}", "eo 14166").get_json()["events"]) > 0
    for text in ("%", "_", "!", "%%", "' OR 1=1 --", "tik%ok"):
        found = asked(api, "/api/v1/events?q={}", text).get_json()["events"]
        assert all(all(word in str(event).lower() for word in text.lower().split()) for event in found), text
    assert len(asked(api, "/api/v1/events?q={}", "' OR 1=1 --").get_json()["events"]) == 0


@pytest.mark.parametrize("text", SQL)
def test_sql_in_what_is_posted_is_kept_as_text_or_refused(site, text):
    before = len(site.book.tables()["claims"])
    entry = {
        "key": "probe", "matter": "tiktok-divestiture", "kind": "DevelopmentReported", "occurred": "2025-12-01", "summary": text,
        "details": {"text": text}, "sources": [{"publisher": text, "published": "2025-12-01"}],
    }  # fmt: skip
    client = site.client("recorder")
    answer = client.post("/api/v1/events", json=entry, headers={"Idempotency-Key": "' OR 1=1 --".replace(" ", "")})
    assert answer.status_code == 201, answer.get_json()
    assert client.get("/api/v1/events/tiktok-divestiture.probe").get_json()["summary"] == text
    assert client.get("/events/tiktok-divestiture.probe").status_code == 200
    assert len(site.book.tables()["claims"]) == before
    for field in ("key", "matter", "kind"):
        assert client.post("/api/v1/events", json=entry | {field: text}).status_code in (404, 422)


@pytest.mark.parametrize("template", QUERIES)
def test_markup_in_an_address_never_comes_back_as_markup(api, template):
    for text in MARKUP:
        answer = asked(api, template, text)
        if answer.mimetype != "text/html":
            assert answer.mimetype in ("application/json", "application/problem+json", "text/calendar")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            continue
        body = answer.get_data(as_text=True)
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert "<svg/onload" not in body
        assert not re.search(r"(?:href|src|action)=[\"']?\s*javascript:", body, re.IGNORECASE)
        assert "9359" not in body


@pytest.mark.parametrize("path", CLIMBING)
@pytest.mark.parametrize("place", ["/static/", "/api/v1/docs/assets/", "/", "/matters/", "/problems/", "/api/v1/events/"])
def test_a_path_that_climbs_finds_nothing(api, place, path):
    answer = api.get(place + path)
    assert answer.status_code in (308, 404, 422)
    assert "root:" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "name", ["X-Request-Id", "Idempotency-Key", "If-Match", "Accept", "If-None-Match", "Origin", "X-Forwarded-For"]
)
def test_a_header_of_ours_is_never_broken_by_one_of_theirs(site, name):
    client = site.client("recorder")
    for value in ("a" * 4000, "x\x7fy", "%0d%0aSet-Cookie: a=b", '"', "\\", "é"):
        answer = client.get("/api/v1/matters", headers={name: value})
        assert answer.status_code in (200, 304, 406)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["X-Request-Id"].isascii()
        assert len(answer.headers["X-Request-Id"]) <= 64
