"""The writing API as a script meets it: recorded once, all or nothing, on the version that was read, or only tried."""

import json
import threading

import pytest

SOURCE = {"publisher": "Federal Register", "title": "A notice", "url": "https://example.org/notice", "published": "2025-12-01"}
API = "/api/v1"


def event(key="a-notice", **more):
    plain = {"key": key, "matter": "tiktok-divestiture", "kind": "DevelopmentReported", "occurred": "2025-12-01"}
    return plain | {"details": {"text": "A notice was given"}, "sources": [SOURCE]} | more


DENIAL = {
    "kind": "ReportDenied", "by": "ByteDance", "scope": ["budgets.overseas-2025.money"], "announced": "2025-01-25",
    "sources": [SOURCE],
}  # fmt: skip
CORRECTION = {
    "kind": "EntryCorrected", "changes": {"summary": "Another summary."}, "slip": "ours", "announced": "2025-12-02", "sources": [SOURCE],
}  # fmt: skip
REPORT = f"{API}/events/bytedance-ai-procurement.ft-2025-overseas"


@pytest.fixture
def recorder(site):
    return site.client("recorder")


@pytest.fixture
def editor(site):
    return site.client("editor")


def size(site):
    return site.book.log.size()


def test_a_recorded_entry_is_answered_with_its_place_and_read_back(site, recorder):
    answer = recorder.post(f"{API}/events", json=event())
    receipt = answer.get_json()
    assert answer.status_code == 201
    assert (receipt["id"], receipt["position"], receipt["stored"]) == ("tiktok-divestiture.a-notice", 123, True)
    assert receipt["actor"] == site.account("recorder")
    assert answer.headers["ETag"] == f'"{receipt["version"]}"'
    read = recorder.get(answer.headers["Location"]).get_json()
    assert (read["actor"], read["recorded"], read["position"]) == (receipt["actor"], receipt["recorded"], receipt["position"])


def test_the_same_entry_again_is_the_same_entry_and_other_content_under_its_key_is_refused(site, recorder):
    first = recorder.post(f"{API}/events", json=event())
    again = recorder.post(f"{API}/events", json=event())
    assert (again.status_code, again.get_json()["stored"]) == (200, False)
    assert again.get_json()["position"] == first.get_json()["position"]
    other = recorder.post(f"{API}/events", json=event(summary="Something else."))
    assert other.status_code == 409
    assert other.get_json()["errors"][0]["pointer"] == "/key"
    assert other.get_json()["type"].endswith("/problems/key-taken")


def test_nobody_and_readers_and_other_scopes_record_nothing(site):
    before = size(site)
    assert site.client().post(f"{API}/events", json=event()).status_code == 401
    assert site.client("reader").post(f"{API}/events", json=event()).status_code == 403
    assert site.client("admin", scopes=["read", "matters"]).post(f"{API}/events", json=event()).status_code == 403
    assert size(site) == before


def test_every_field_that_is_wrong_has_its_pointer(recorder):
    wrong = event(occurred="2025-02-30", nonsense=1, details={"text": "<b>x</b>", "more": 2}, sources=[{"url": "javascript:x"}])
    answer = recorder.post(f"{API}/events", json=wrong)
    assert answer.status_code == 422
    found = {item["pointer"] for item in answer.get_json()["errors"]}
    assert found == {"/occurred", "/nonsense", "/details/text", "/details/more", "/sources/0/url"}


@pytest.mark.parametrize("name", ["actor", "idempotency_key", "visibility", "position", "recorded", "id", "standing"])
def test_what_daybook_fills_in_cannot_be_posted(recorder, name):
    answer = recorder.post(f"{API}/events", json=event(**{name: "x"}))
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == f"/{name}"


def test_an_idempotency_key_does_it_once_and_answers_alike(site, recorder):
    key = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
    first = recorder.post(f"{API}/events", json=event(), headers=key)
    recorder.post(f"{API}/events", json=event("another"))
    before = size(site)
    again = recorder.post(f"{API}/events", json=event(), headers=key)
    assert (again.status_code, again.get_json()) == (first.status_code, first.get_json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert size(site) == before
    other = recorder.post(f"{API}/events", json=event("third"), headers=key)
    assert (other.status_code, other.get_json()["type"].rpartition("/")[2]) == (422, "key-reused")
    assert size(site) == before


def test_an_idempotency_key_is_each_accounts_own(site):
    key = {"Idempotency-Key": "one"}
    assert site.client("recorder").post(f"{API}/events", json=event(), headers=key).status_code == 201
    assert site.client("editor").post(f"{API}/events", json=event("mine"), headers=key).status_code == 201


def test_an_idempotency_key_of_a_refused_request_is_free_again(recorder):
    key = {"Idempotency-Key": "two"}
    assert recorder.post(f"{API}/events", json=event(sources=[]), headers=key).status_code == 422
    assert recorder.post(f"{API}/events", json=event(), headers=key).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "naïve"])
def test_a_key_that_cannot_be_is_told(recorder, key):
    answer = recorder.post(f"{API}/events", json=event(), headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["parameter"] == "Idempotency-Key"


def test_a_version_that_was_read_is_held_to(recorder):
    matter = recorder.get(f"{API}/matters/tiktok-divestiture")
    tag = matter.headers["ETag"]
    assert tag.startswith(f'"{matter.get_json()["version"]}-')
    assert recorder.post(f"{API}/events", json=event(), headers={"If-Match": tag}).status_code == 201
    late = recorder.post(f"{API}/events", json=event("late"), headers={"If-Match": tag})
    assert late.status_code == 412
    assert late.get_json()["errors"][0]["parameter"] == "If-Match"
    assert recorder.post(f"{API}/events", json=event("late"), headers={"If-Match": "*"}).status_code == 201


def test_a_version_that_cannot_be_read_is_told(recorder):
    assert recorder.post(f"{API}/events", json=event(), headers={"If-Match": "57"}).status_code == 422


def test_a_denial_needs_no_key_and_reaches_its_scope(site, recorder):
    answer = recorder.post(f"{REPORT}/amendments", json=DENIAL)
    assert answer.status_code == 201, answer.get_json()
    assert answer.get_json()["key"] == "ft-2025-overseas-denied"
    assert recorder.post(f"{REPORT}/amendments", json=DENIAL).status_code == 200
    second = recorder.post(f"{REPORT}/amendments", json=DENIAL | {"by": "Somebody else"})
    assert second.get_json()["key"] == "ft-2025-overseas-denied-2"


def test_a_denial_that_reaches_nothing_is_refused_where_it_is_wrong(recorder):
    answer = recorder.post(f"{REPORT}/amendments", json=DENIAL | {"scope": ["budgets.china-2025.money"]})
    assert answer.status_code == 409
    assert answer.get_json()["errors"][0]["pointer"] == "/scope/0"


def test_a_correction_says_which_version_was_read_and_is_an_editors(site, recorder, editor):
    assert editor.post(f"{REPORT}/amendments", json=CORRECTION).status_code == 428
    read = editor.get(f"{API}/matters/bytedance-ai-procurement").headers["ETag"]
    refused = recorder.post(f"{REPORT}/amendments", json=CORRECTION, headers={"If-Match": read})
    assert (refused.status_code, refused.get_json()["title"]) == (403, refused.get_json()["title"])
    assert editor.post(f"{REPORT}/amendments", json=CORRECTION, headers={"If-Match": read}).status_code == 201
    assert editor.get(REPORT).get_json()["summary"] == "Another summary."
    wrong = editor.post(f"{REPORT}/amendments", json=CORRECTION | {"changes": {"occurred": "x"}}, headers={"If-Match": "*"})
    assert wrong.get_json()["errors"][0]["pointer"] == "/changes/occurred"


def test_recorders_take_back_their_own_entries_and_no_others(site, recorder):
    recorder.post(f"{API}/events", json=event())
    retraction = {
        "kind": "EntryRetracted",
        "reason": "Recorded by mistake.",
        "slip": "ours",
        "announced": "2025-12-01",
        "sources": [SOURCE],
    }
    own = recorder.post(f"{API}/events/tiktok-divestiture.a-notice/amendments", json=retraction, headers={"If-Match": "*"})
    assert own.status_code == 201
    assert recorder.get(f"{API}/events/tiktok-divestiture.a-notice").get_json()["standing"] == "retracted"
    assert recorder.post(f"{REPORT}/amendments", json=retraction, headers={"If-Match": "*"}).status_code == 403


def test_an_amendment_goes_to_the_entry_that_it_is_about(recorder):
    answer = recorder.post(
        f"{API}/events", json=DENIAL | {"matter": "bytedance-ai-procurement", "of": ["ft-2025-overseas"], "key": "x"}
    )
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/kind")
    assert recorder.post(f"{REPORT}/amendments", json=event()).status_code == 422
    missing = recorder.post(f"{API}/events/tiktok-divestiture.nothing/amendments", json=DENIAL)
    assert missing.status_code == 404
    assert recorder.post(f"{API}/events/tiktok-divestiture/amendments", json=DENIAL).status_code == 404


def test_a_batch_is_stored_whole_or_not_at_all(site, recorder):
    before = size(site)
    bad = [event(f"n-{n}") for n in range(5)] + [event("n-5", kind="OrderRevoked", details={"order": "EO 1", "revoked_by": "EO 2"})]
    refused = recorder.post(f"{API}/events/batch", json={"events": bad})
    assert refused.status_code in (409, 422)
    assert refused.get_json()["errors"][0]["pointer"].startswith("/events/5/details")
    assert size(site) == before
    answer = recorder.post(f"{API}/events/batch", json={"events": bad[:5]})
    assert answer.status_code == 201
    assert [receipt["position"] for receipt in answer.get_json()["entries"]] == list(range(before + 1, before + 6))


def test_a_batch_may_reach_several_matters_and_hold_amendments(site, editor):
    denial = DENIAL | {"matter": "bytedance-ai-procurement", "of": ["ft-2025-overseas"]}
    body = {"events": [event(), denial], "versions": {"tiktok-divestiture": 1}}
    stale = editor.post(f"{API}/events/batch", json=body)
    assert stale.status_code == 412
    body["versions"] = {slug: editor.get(f"{API}/matters/{slug}").get_json()["version"] for slug in body["versions"]}
    done = editor.post(f"{API}/events/batch", json=body)
    assert done.status_code == 201
    assert set(done.get_json()["versions"]) == {"tiktok-divestiture", "bytedance-ai-procurement"}


def test_a_batch_of_a_thousand_is_taken_and_one_more_is_not(recorder):
    many = [event(f"n-{n}", occurred="2025-12-01") for n in range(1001)]
    assert recorder.post(f"{API}/events/batch", json={"events": many}).status_code == 422
    assert recorder.post(f"{API}/events/batch", json={"events": many[:1000]}).status_code == 201
    assert recorder.post(f"{API}/events/batch", json={"events": []}).status_code == 422


def test_a_dry_run_tells_the_changes_in_the_sentences_of_the_diff_and_stores_nothing(site, recorder):
    before = site.book.tables()
    answer = recorder.post(f"{API}/events?dry_run=true", json=event(kind="ServiceSuspended", details={"where": ["app stores"]}))
    body = answer.get_json()
    assert (answer.status_code, body["dry_run"], body["position"], body["recorded"]) == (200, True, None, None)
    assert body["stored"] is False
    sentences = [change["sentence"] for change in body["changes"]["tiktok-status"]]
    assert "The app in the stores changed from available to suspended" in " ".join(sentences)
    assert set(body["changes"]) == {"tiktok-status", "deadlines", "timeline"}
    assert site.book.tables() == before
    stored = recorder.post(f"{API}/events", json=event(kind="ServiceSuspended", details={"where": ["app stores"]}))
    assert stored.get_json()["version"] == body["version"] + 1
    told = recorder.get(f"{API}/views/tiktok-status/diff?from=2025-11-30&to=2025-12-01").get_json()["changes"]
    assert {change["sentence"] for change in told} >= set(sentences)


def test_a_dry_run_refuses_what_recording_would_refuse(recorder):
    answer = recorder.post(
        f"{API}/events?dry_run=true", json=event(kind="WindowMet", details={"window": "no-such", "evidence": "A filing."})
    )
    assert answer.status_code == 409


def test_a_dry_run_warns_of_what_is_likely_on_record(recorder):
    recorder.post(f"{API}/events", json=event())
    body = recorder.post(
        f"{API}/events?dry_run=true", json=event("the-same", sources=[{"publisher": "Gazette"}], announced="2025-12-01")
    ).get_json()
    kinds = {warning["kind"]: warning for warning in body["warnings"]}
    assert kinds["duplicate"]["event"] == "tiktok-divestiture.a-notice"
    assert kinds["nothing dated"]["pointer"] == "/sources"


def test_a_dry_run_warns_when_the_stated_date_is_not_the_counted_one(recorder):
    rule = {"length": 75, "unit": "days", "start": "2025-12-01", "rule": "calendar"}
    details = {"window": "w", "title": "A window", "purpose": "comments", "due": "2026-02-20", "due_is": "last day", "rule": rule}
    body = recorder.post(f"{API}/events?dry_run=true", json=event(kind="WindowOpened", details=details)).get_json()
    assert [(w["kind"], w["pointer"]) for w in body["warnings"]] == [("stated and counted differ", "/details/due")]
    assert "2026-02-14" in body["warnings"][0]["detail"]


def test_what_if_answers_a_view_over_entries_that_are_never_stored(site):
    before = site.book.tables()
    nobody = site.client()
    suspended = event(kind="ServiceSuspended", occurred="2027-01-10", announced="2027-01-10", details={"where": ["service"]})
    body = {"view": "tiktok-status", "as_of": "2027-01-15", "events": [suspended]}
    answer = nobody.post(f"{API}/what-if", json=body)
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["state"]["service"]["status"] == "suspended"
    assert "The service changed from available to suspended" in answer.get_json()["changes"][0]["sentence"]
    assert answer.get_json()["supposed"] == ["tiktok-divestiture.a-notice"]
    assert site.book.tables() == before
    assert nobody.get(f"{API}/events/tiktok-divestiture.a-notice").status_code == 404


def test_what_if_takes_no_more_entries_than_a_batch_and_names_what_is_wrong(site):
    nobody = site.client()
    bad = nobody.post(f"{API}/what-if", json={"view": "tiktok-status", "events": [event(occurred="x")]})
    assert (bad.status_code, bad.get_json()["errors"][0]["pointer"]) == (422, "/events/0/occurred")
    assert nobody.post(f"{API}/what-if", json={"view": "nothing", "events": [event()]}).status_code == 404
    assert nobody.post(f"{API}/what-if", json={"view": "tiktok-status", "events": []}).status_code == 422


def test_a_matter_is_opened_and_shared_by_editors(site, editor, recorder):
    values = {"slug": "new-matter", "title": "New", "summary": "A new matter.", "time_zone": "Europe/Berlin", "jurisdiction": "DE"}
    assert recorder.post(f"{API}/matters", json=values).status_code == 403
    opened = editor.post(f"{API}/matters", json=values)
    assert (opened.status_code, opened.get_json()) == (201, {"slug": "new-matter", "group": None, "version": 1})
    assert editor.post(f"{API}/matters", json=values).status_code == 409
    assert editor.post(f"{API}/matters", json=values | {"slug": "other", "time_zone": "Mars/Base"}).status_code == 422
    assert editor.post(f"{API}/matters/new-matter/share", json={"group": "legal"}).status_code == 422
    assert recorder.post(f"{API}/events", json=event(matter="new-matter")).status_code == 201


def test_clients_that_write_one_matter_at_once_lose_nothing(site):
    tokens = [site.client("recorder") for _ in range(4)]
    answers = []

    def write(n, client):
        for m in range(5):
            answers.append(client.post(f"{API}/events", json=event(f"n-{n}-{m}")).get_json())

    threads = [threading.Thread(target=write, args=each) for each in enumerate(tokens)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(answer["position"] for answer in answers) == list(range(123, 143))
    assert (
        sorted(answer["version"] for answer in answers)[-1]
        == site.client().get(f"{API}/matters/tiktok-divestiture").get_json()["version"]
    )


def test_one_idempotency_key_sent_by_many_at_once_stores_one_entry(site):
    clients = [site.client("recorder") for _ in range(6)]
    found = []

    def write(n, client):
        answer = client.post(f"{API}/events", json=event(), headers={"Idempotency-Key": "same"})
        found.append((answer.status_code, json.dumps(answer.get_json())))

    threads = [threading.Thread(target=write, args=each) for each in enumerate(clients)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(set(found)) == 1
    assert found[0][0] == 201
    assert size(site) == 123


def test_dry_runs_and_what_ifs_beside_writers_are_tried_again_and_never_fail(site):
    """A writer may come between what was decided and the trial; then it is decided anew."""
    writer, trier, nobody = site.client("recorder"), site.client("recorder"), site.client()
    stop, statuses = threading.Event(), []

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            assert writer.post(f"{API}/events", json=event(f"w-{number}")).status_code == 201

    def attempt():
        for number in range(6):
            statuses.append(trier.post(f"{API}/events?dry_run=true", json=event(f"t-{number}")).status_code)
            body = {"view": "tiktok-status", "events": [event(f"s-{number}")]}
            statuses.append(nobody.post(f"{API}/what-if", json=body).status_code)

    threads = [threading.Thread(target=write), threading.Thread(target=attempt), threading.Thread(target=attempt)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads[1:]]
    stop.set()
    threads[0].join()
    assert set(statuses) == {200}
    assert len(statuses) == 24


@pytest.mark.parametrize("kind", [["x"], {}, 5, None])
def test_a_kind_that_is_no_text_is_told_wherever_it_stands(site, recorder, kind):
    bad = event()
    bad |= {"kind": kind}
    del bad["key"]
    for path, body, where in (
        ("events", bad, "/kind"),
        ("events/batch", {"events": [event("good"), bad]}, "/events/1/kind"),
        ("what-if", {"view": "tiktok-status", "events": [bad]}, "/events/0/kind"),
        ("events/bytedance-ai-procurement.ft-2025-overseas/amendments", {"kind": kind}, "/kind"),
    ):
        answer = recorder.post(f"{API}/{path}", json=body)
        assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, where)
    assert size(site) == 122


def test_an_entry_posted_without_a_key_gets_one_and_is_the_same_entry_again(recorder):
    bare = event()
    del bare["key"]
    first = recorder.post(f"{API}/events", json=bare).get_json()
    assert first["key"] == "development-reported-2025-12-01-a-notice-was-given"
    assert recorder.post(f"{API}/events", json=bare).get_json()["stored"] is False
    assert recorder.post(f"{API}/events", json=bare | {"summary": "Another."}).get_json()["key"] == first["key"] + "-2"


def test_what_was_taken_back_says_so_and_without_its_key_is_recorded_again(recorder):
    bare = event()
    del bare["key"]
    first = recorder.post(f"{API}/events", json=bare).get_json()
    recorder.post(
        f"{API}/events/{first['id']}/amendments",
        json={"kind": "EntryRetracted", "reason": "x", "slip": "ours"},
        headers={"If-Match": "*"},
    )
    same = recorder.post(f"{API}/events", json=bare | {"key": first["key"]}).get_json()
    assert (same["stored"], same["retracted"]) == (False, True)
    again = recorder.post(f"{API}/events", json=bare).get_json()
    assert (again["stored"], again["retracted"], again["key"]) == (True, False, first["key"] + "-2")


def test_a_slip_of_ours_stands_on_the_sources_of_its_entry_from_today(recorder):
    recorder.post(f"{API}/events", json=event())
    path = f"{API}/events/tiktok-divestiture.a-notice"
    changes = {"kind": "EntryCorrected", "changes": {"summary": "Right."}, "slip": "ours"}
    mended = recorder.post(f"{path}/amendments", json=changes, headers={"If-Match": "*"}).get_json()
    read = recorder.get(f"{API}/events/{mended['id']}").get_json()
    assert (read["announced"], read["sources"][0]["title"], read["own_slip"]) == ("2026-11-24", "A notice", True)
    theirs = changes | {"slip": "source", "changes": {"summary": "Else."}}
    refused = recorder.post(f"{path}/amendments", json=theirs, headers={"If-Match": "*"})
    assert "/sources" in {item["pointer"] for item in refused.get_json()["errors"]}


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"due": "1999-01-01"}, 409, "/changes/due"),
        ({"announced": "2027-06-01"}, 409, "/changes/announced"),
        ({"due": "2025-04-06", "details": {"due": "2025-04-07"}}, 422, "/changes/details/due"),
        ({"due": "2025-04-06", "details": "x"}, 422, "/changes/details"),
        ({"due": "2025-02-30"}, 422, "/changes/due"),
        ({"window": "other"}, 409, "/changes/window"),
    ],
)
def test_what_is_wrong_in_a_correction_is_told_where_it_was_sent(editor, changes, status, pointer):
    path = f"{API}/events/tiktok-divestiture.pause-1-opened/amendments"
    answer = editor.post(path, json=CORRECTION | {"changes": changes}, headers={"If-Match": "*"})
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (status, pointer)


def test_a_dry_run_holds_to_a_version_too(editor):
    path = f"{REPORT}/amendments?dry_run=true"
    assert editor.post(path, json=CORRECTION, headers={"If-Match": '"1"'}).status_code == 412
    assert editor.post(path, json=CORRECTION).status_code == 200


def test_versions_in_the_body_are_told_in_the_body(editor):
    for versions, pointer in (({"tiktok-divestiture": 1}, "/versions"), ({"nothing": 1}, "/versions/nothing")):
        answer = editor.post(f"{API}/events/batch", json={"events": [event()], "versions": versions})
        assert answer.get_json()["errors"][0]["pointer"] == pointer
    both = editor.post(
        f"{API}/events/batch", json={"events": [event()], "versions": {"tiktok-divestiture": 1}}, headers={"If-Match": '"1"'}
    )
    assert both.status_code == 422


def test_nobody_supposes_more_than_a_hundred_entries_at_a_time(site, recorder):
    body = {"view": "tiktok-status", "events": [event(f"n-{n}") for n in range(101)]}
    assert site.client().post(f"{API}/what-if", json=body).status_code == 422
    assert recorder.post(f"{API}/what-if", json=body).status_code == 200


def test_the_events_of_a_standing_that_changed_are_events(recorder):
    recorder.post(f"{REPORT}/amendments", json=DENIAL | {"announced": "2026-11-01", "scope": None})
    recorder.post(f"{API}/events", json=event(matter="bytedance-ai-procurement"))
    recorder.post(
        f"{API}/events/bytedance-ai-procurement.a-notice/amendments", json=DENIAL | {"scope": None, "announced": "2026-11-01"}
    )
    body = recorder.get(f"{API}/views/timeline/diff?from=2026-10-30&to=2026-11-02&matter=bytedance-ai-procurement").get_json()
    named = {name for change in body["changes"] for name in change["events"]}
    assert "bytedance-ai-procurement.a-notice" in named
    assert all(recorder.get(f"{API}/events/{name}").status_code == 200 for name in named)


def test_what_is_wrong_is_told_in_plain_words(site, recorder):
    told = recorder.post(f"{API}/events?dry_run=perhaps", json=event()).get_json()["errors"][0]["detail"]
    assert told == "“dry_run” must be true or false."
    none = site.client().post(f"{API}/what-if", json={"view": "tiktok-status", "events": []}).get_json()["errors"][0]["detail"]
    assert none == "“events” has at least one entry, and at most 1,000."
    empty = recorder.post(f"{API}/events", json=event(sources=[])).get_json()["errors"][0]["detail"]
    assert empty == "has at least one item, and at most 100."
    marked = recorder.post(f"{API}/events", data=b"\xef\xbb\xbf" + json.dumps(event()).encode(), content_type="application/json")
    assert marked.status_code == 201


@pytest.mark.parametrize("of", [5, True, 1.5, {"a": 1}, {"0": "a"}, "a", [[]], [{}], [5], [], None])
@pytest.mark.parametrize("kind", ["EntryRetracted", "EntryCorrected"])
def test_an_of_that_is_no_list_of_keys_is_told_wherever_it_stands(site, editor, kind, of):
    bad = {"kind": kind, "of": of, "slip": "ours", "matter": "tiktok-divestiture"}
    bad |= {"reason": "r"} if kind == "EntryRetracted" else {"changes": {"summary": "x"}}
    for path, body in (
        ("what-if", {"view": "tiktok-status", "events": [bad]}),
        ("events/batch?dry_run=true", {"events": [bad]}),
        ("events/tiktok-divestiture.eo-14166/amendments?dry_run=true", bad),
    ):
        assert editor.post(f"{API}/{path}", json=body).status_code in ((422, 409) if "amendments" not in path else (200, 422, 409))
    assert size(site) == 122


def test_a_correction_back_to_a_former_value_is_a_correction_of_its_own(recorder):
    recorder.post(f"{API}/events", json=event())
    path = f"{API}/events/tiktok-divestiture.a-notice"
    keys = []
    for text in ("A.", "B.", "A.", "A."):
        change = {"kind": "EntryCorrected", "slip": "ours", "changes": {"text": text}}
        answer = recorder.post(f"{path}/amendments", json=change, headers={"If-Match": "*"}).get_json()
        keys.append((answer["key"], answer["stored"]))
        assert recorder.get(path).get_json()["details"]["text"] == text
    assert keys[:3] == [("a-notice-corrected", True), ("a-notice-corrected-2", True), ("a-notice-corrected-3", True)]
    assert keys[3][1] is False
