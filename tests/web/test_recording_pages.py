"""Choosing a kind, recording it, drafts that survive, matters: as a browser without JavaScript does it. It is 24 November 2026."""

import re
from html import unescape

import pytest

from service.visitor import Visitor
from service.writing import Posting
from tests.web.recording import FORM, FORMED, ORDER, REPORT, Person, entries, event_of, latest, words
from web.forms_specs import fields_of

# Choosing


def test_the_kinds_stand_in_their_groups_with_a_sentence_each(recorder):
    page = words(recorder.get("/record?matter=tiktok-divestiture"))
    assert "Executive order signed The President signed an executive order." in page
    assert "Often in this matter Executive order signed" in page
    assert page.index("Laws, orders and courts") < page.index("Windows") < page.index("The company")
    assert [kind.__name__ for kind in FORMED if f'/{kind.__name__}"' not in recorder.get("/record")] == []


def test_the_search_finds_kinds_by_name_docstring_and_field(recorder):
    def found(words_):
        return set(re.findall(r'<dt><a href="/record/[^/]+/(\w+)"', recorder.get(f"/record?q={words_}")))

    assert "WindowExtended" in found("window+extended")
    assert found("comments+close") == {"ExportRuleIssued", "ExportRuleTightened", "ExportRuleRelaxed"}
    assert found("no+such+thing+at+all") == set()
    windows = {kind.__name__ for kind in FORMED if kind.__name__.startswith("Window")}
    for asked in ("deadline", "due+date", "extension", "comments"):
        assert windows <= found(asked)


@pytest.mark.parametrize("word", ["deny", "denied", "dispute", "confirm", "correct", "retract"])
def test_who_looks_for_what_is_done_on_an_entry_is_led_to_the_entries(recorder, word):
    page = recorder.get(f"/record?matter=tiktok-divestiture&q={word}")
    assert "Open the entry that it is about: its page has Deny, Confirm, Correct and Retract." in words(page)
    assert re.search(r'class="pointer">.*<a href="/\?matter=tiktok-divestiture">', page)
    assert "No kind of entry is called so" not in page


def test_every_word_that_the_search_suggests_finds_something(recorder):
    suggested = re.search(r'placeholder="([^"]+) …"', recorder.get("/record"))[1].split(", ")
    for word in suggested:
        assert "<section><h2>" in recorder.get(f"/record?q={word}"), word


def test_a_form_of_a_kind_or_matter_that_is_not_there_says_so(recorder):
    assert "Did you mean BudgetAllocated?" in words(recorder.get("/record/tiktok-divestiture/BudgetAlocated", 404))
    assert "open that entry" in words(recorder.get("/record/tiktok-divestiture/ReportDenied", 404))
    recorder.get("/record/no-such-matter/BudgetAllocated", 404)
    recorder.get("/record?matter=no-such-matter", 404)
    recorder.get("/record?mater=x", 422)


# Recording


def test_every_kind_has_its_form(recorder):
    for kind in FORMED:
        page = recorder.get(f"/record/us-chip-export-controls/{kind.__name__}")
        names = set(re.findall(r'name="([a-z_.0-9]+)"', page.partition("<main")[2]))
        missing = {spec.path for spec in fields_of(kind) if spec.what not in ("rows", "group")} - names
        assert (kind.__name__, missing, "sources.0.publisher" in names) == (kind.__name__, set(), True)


def test_an_entry_is_recorded_from_what_people_type_and_its_page_says_so(site, recorder):
    answer = recorder.record()
    entry = latest(site)
    assert (entry.number, entry.occurred, entry.sources[0]["citation"]) == (14999, "2026-11-20", "91 FR 70123")
    assert entry.sources[0]["published"] == "2026-11-23"
    assert entry.actor == recorder.account
    assert entry.key == "executive-order-signed-2026-11-20-14999"
    page = recorder.get(answer.location)
    assert "Recorded. Undo Record another" in words(page)
    assert f'href="{FORM}">Record another' in page
    assert 'href="https://www.federalregister.gov/citation/91-FR-70123"' in page


def test_the_preview_says_what_each_view_will_say_and_stores_nothing(site, recorder):
    before = len(entries(site))
    page = recorder.send(FORM, ORDER | {"action": "preview"}).text
    assert "New order: EO 14999: A further pause." in words(page)
    assert "Known since 23 November 2026" in words(page)
    assert 'value="91 FR 70123"' in page
    assert 'value="14999"' in page
    assert len(entries(site)) == before


def test_the_preview_alone_is_sent_to_who_asks_for_it(recorder):
    part = recorder.send(FORM, ORDER | {"action": "preview"}, **{"X-Fragment": "preview"})
    assert part.status_code == 200
    assert part.text.lstrip().startswith("<h2>What changes when you record this</h2>")
    assert "<form" not in part.text
    assert "91 FR 70123" in part.text


def test_a_preview_of_half_a_form_says_what_is_still_needed_and_where(recorder):
    part = recorder.send(FORM, {"details.number": "14999", "action": "preview"}, **{"X-Fragment": "preview"}).text
    assert words(part).endswith("Still needed: a source , title , when it happened")
    assert 'href="#f-occurred"' in part


def test_a_source_that_is_needed_is_told_with_all_else_that_is_wrong_and_marked(recorder):
    assert "Source needed: a publisher, a title or a citation" in words(recorder.get(FORM))
    for more in ({}, {"sources.0.published": "2026-11-20"}):
        answer = recorder.record({"occurred": "31 Foo 2026", "details.number": "14999"} | more)
        assert answer.status_code == 422
        assert re.search(r'</legend>\s*<p class="error" id="f-sources-0-publisher-error">Say who says so: a publisher', answer.text)
        for name in ("publisher", "title", "citation"):
            field = re.search(rf'<input id="f-sources-0-{name}"[^>]*>', answer.text)[0]
            assert 'aria-invalid="true"' in field
            assert "f-sources-0-publisher-error" in field
        assert "aria-invalid" not in re.search(r'<input id="f-sources-0-url"[^>]*>', answer.text)[0]
        assert "“31 Foo 2026” is not a date. Write 21 March 2025, March 2025, or about March 2025." in words(answer.text)
        assert "Title is required." in words(answer.text)
        assert "Fill in" not in answer.text


def test_what_a_kind_says_of_a_field_stands_below_that_field(recorder):
    page = recorder.get("/record/tiktok-divestiture/WindowOpened")
    assert '<p class="lead">A period with a due date was opened.</p>' in page
    assert re.search(r'id="f-effective-from-help">It may reach back', page)
    assert '<label for="f-sources-0-title">Title of the source</label>' in page


def test_known_places_and_purposes_of_a_budget_are_offered(recorder):
    page = recorder.get("/record/bytedance-ai-procurement/BudgetAllocated")
    offered = re.search(r'id="f-details-scope-known">(.*?)</datalist>', page)[1]
    assert re.findall('value="([^"]+)"', offered)[:3] == ["china", "overseas", "total"]
    assert "capex" in re.search(r'id="f-details-purpose-known">(.*?)</datalist>', page)[1]


def test_an_error_stands_at_its_field_and_keeps_what_was_typed(site, recorder):
    before = len(entries(site))
    answer = recorder.record(ORDER | {"occurred": "one fine day", "details.number": "many", "summary": "Kept, all of it."})
    assert answer.status_code == 422
    assert "Not recorded yet" in words(answer.text)
    assert re.search(r'id="f-occurred-error">“one fine day” is not a date', answer.text)
    assert 'id="f-details-number" name="details.number" value="many"' in answer.text
    assert "Kept, all of it." in answer.text
    assert len(entries(site)) == before


def test_a_broken_rule_is_told_with_its_status_and_keeps_what_was_typed(recorder):
    fields = {
        "sources.0.title": "T",
        "sources.0.published": "2026-11-20",
        "details.window": "no-such",
        "details.due": "2026-12-01",
        "occurred": "2026-11-20",
    }
    answer = recorder.record(fields, "/record/tiktok-divestiture/WindowExtended")
    assert answer.status_code == 409
    assert re.search(r'id="f-details-window-error">No window “no-such” was opened', answer.text)
    assert 'value="2026-12-01"' in answer.text


@pytest.mark.parametrize(
    "name", ["actor", "visibility", "idempotency_key", "details.line", "position", "of", "kind", "key.x", "matter"]
)
def test_a_field_that_the_form_has_not_is_refused_and_nothing_is_stored(site, recorder, name):
    before = len(entries(site))
    answer = recorder.record(ORDER | ({name: "x"} if name != "position" else {"sources.0.position": "1"}))
    assert answer.status_code == 422
    assert "is not a field of this form" in words(answer.text)
    assert len(entries(site)) == before


def test_add_another_source_works_without_javascript_and_keeps_the_rest(recorder):
    page = recorder.send(FORM, ORDER | {"add": "sources"}).text
    assert 'name="sources.1.publisher"' in page
    assert 'name="sources.2.publisher"' not in page
    assert 'value="A further pause"' in page
    assert re.search(r'name="sources.1.publisher"[^>]* autofocus', page)


def test_a_form_sent_twice_is_recorded_once(site, recorder):
    hidden, before = recorder.hidden(FORM), len(entries(site))
    answers = [recorder.client.post(FORM, data={**hidden, **ORDER, "action": "save"}) for _ in range(3)]
    assert {event_of(answer) for answer in answers} == {"/events/tiktok-divestiture.executive-order-signed-2026-11-20-14999"}
    assert [answer.location.partition("?")[2] for answer in answers] == ["done=recorded", "done=known", "done=known"]
    assert len(entries(site)) == before + 1


def test_a_form_that_was_changed_after_it_was_recorded_is_another_entry(site, recorder):
    hidden = recorder.hidden(FORM)
    recorder.client.post(FORM, data={**hidden, **ORDER, "action": "save"})
    other = ORDER | {"details.number": "15000", "occurred": "2026-11-19"}
    answer = recorder.client.post(FORM, data={**hidden, **other, "action": "save"})
    assert answer.status_code == 409
    assert "This form was recorded already" in words(answer.text)
    renewed = re.search(r'name="form" value="([^"]+)"', answer.text)[1]
    assert renewed != hidden["form"]
    again = recorder.client.post(FORM, data={**hidden, **other, "form": renewed, "action": "save"})
    assert event_of(again).endswith("15000")


def test_a_likely_duplicate_waits_for_a_second_word(site, recorder):
    recorder.record()
    before = len(entries(site))
    other = ORDER | {"details.title": "Another pause"}
    answer = recorder.record(other)
    assert answer.status_code == 409
    box = re.search(r'<div class="alike".*?</div>', answer.text, re.DOTALL)[0]
    assert (
        words(box)
        == "Not recorded yet. This looks like: EO 14999: A further pause , 20 November 2026. Open that one Record mine as well"
    )
    assert answer.text.count("This looks like:") == 1
    assert answer.text.index(box) < answer.text.index('<form method="post" action="/record')
    assert len(entries(site)) == before
    confirmed = dict([re.search(r'<button form="recording" name="([^"]+)" value="([^"]+)"', box).groups()])
    assert event_of(recorder.send(FORM, other | confirmed)).endswith("executive-order-signed-2026-11-20-14999-2")
    assert len(entries(site)) == before + 1


def test_a_warning_that_is_no_duplicate_does_not_stop_anybody(recorder):
    undated = {name: value for name, value in ORDER.items() if name != "sources.0.published"} | {"announced": "2026-11-20"}
    assert "No dated source" in words(recorder.send(FORM, undated | {"action": "preview"}).text)
    event_of(recorder.record(undated))


def test_a_stated_date_that_the_rule_does_not_give_is_told_before_it_is_recorded(recorder):
    fields = {
        "sources.0.title": "T", "sources.0.published": "2026-11-20", "occurred": "2026-11-20", "details.window": "Another pause",
        "details.title": "Another", "details.purpose": "comments", "details.due": "2026-12-25", "details.due_is": "last day",
        "details.rule.length": "30", "details.rule.unit": "days", "details.rule.start": "2026-11-20", "details.rule.rule": "calendar",
    }  # fmt: skip
    page = words(recorder.send("/record/tiktok-divestiture/WindowOpened", fields | {"action": "preview"}).text)
    assert "Stated and counted differ. The due date is stated as 2026-12-25, but the rule counts to 2026-12-20." in page


# Drafts survive


@pytest.mark.parametrize("action", ["save", "preview"])
def test_a_form_from_a_page_that_is_too_old_is_shown_again_with_all_that_was_typed(site, recorder, action):
    before = len(entries(site))
    answer = recorder.client.post(FORM, data={**ORDER, "csrf_token": "stale", "form": "f" * 20, "action": action})
    assert answer.status_code == 400
    assert "Nothing that you typed is lost" in words(answer.text)
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text.partition('class="kept"')[2]))
    assert {name: unescape(kept[name]) for name in ORDER} == ORDER
    assert kept["csrf_token"] != "stale"
    again = recorder.client.post(FORM, data={**kept, "action": "save"})
    assert event_of(again)
    assert len(entries(site)) == before + 1


def test_a_session_that_has_ended_loses_nothing_either(recorder, site):
    hidden = recorder.hidden(FORM)
    for session in site.people.sessions.of(recorder.account):
        site.people.sessions.end(session.id, recorder.account)
    answer = recorder.client.post(FORM, data={**hidden, **ORDER, "action": "save"})
    assert answer.status_code == 401
    assert "Sign in" in words(answer.text)
    assert 'value="A further pause"' in answer.text


def test_a_foreign_page_cannot_have_its_form_shown_by_ours(recorder):
    answer = recorder.client.post(FORM, data=ORDER, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 400
    assert "A further pause" not in answer.text


# Who may


@pytest.mark.parametrize("role", [None, "reader"])
@pytest.mark.parametrize(
    "address",
    [
        "/record",
        FORM,
        f"{REPORT}/deny",
        f"{REPORT}/correct",
        f"{REPORT}/retract",
        "/matters/new",
        "/matters/tiktok-divestiture/sharing",
    ],
)
def test_who_may_not_record_is_led_to_sign_in_or_refused(site, role, address):
    if role is None:
        answer = site.app.test_client().get(address)
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")
    else:
        Person(site, role).get(address, 403)


def test_the_ways_to_record_are_shown_to_who_may(site, recorder, editor):
    nobody = site.app.test_client()
    assert "data-key" not in nobody.get(REPORT).text
    assert "/record" not in nobody.get("/matters/tiktok-divestiture").text
    mine = recorder.get(REPORT)
    assert (">Somebody denies it<" in mine, ">Correct<" in mine) == (True, False)
    assert "Somebody denies it Somebody confirms it Our record is wrong: Correct Retract" in words(editor.get(REPORT))
    assert "Somebody denies it" not in editor.get(f"{REPORT}?as_of=2025-06-01")
    assert 'href="/record?matter=tiktok-divestiture"' in recorder.get("/matters/tiktok-divestiture")


def test_a_recorder_cannot_correct_or_take_back_what_others_recorded(site, recorder):
    before = len(entries(site, "bytedance-ai-procurement"))
    fields = {"slip": "ours", "reason": "R", "action": "save"}
    assert recorder.send(f"{REPORT}/retract", fields).status_code == 403
    assert recorder.send(f"{REPORT}/undo", {}, base=f"{REPORT}/deny").status_code == 403
    assert len(entries(site, "bytedance-ai-procurement")) == before


def test_a_private_matter_is_not_there_for_others(site, recorder):
    site.account("editor", "desk")
    Person(site, "editor", "desk").send(
        "/matters/new", {"title": "Secret file", "summary": "S.", "time_zone": "UTC", "jurisdiction": "US", "group": "desk"}
    )
    assert Person(site, "editor", "desk").get("/record?matter=secret-file")
    assert "Secret" not in recorder.get("/record")
    recorder.get("/record/secret-file/DevelopmentReported", 404)


# Matters


def test_a_matter_is_opened_and_its_slug_made_from_its_title(site, editor):
    fields = {"title": "Chip act’s subsidies", "summary": "Who gets what.", "time_zone": "Europe/Brussels", "jurisdiction": "EU"}
    answer = editor.send("/matters/new", fields | {"jurisdiction": "DE"})
    assert (answer.status_code, answer.location) == (303, "/record?matter=chip-acts-subsidies")
    assert site.book.log.matter("chip-acts-subsidies").time_zone == "Europe/Brussels"
    again = editor.send("/matters/new", fields | {"jurisdiction": "DE"})
    assert again.status_code == 409
    assert "is taken" in words(again.text)
    assert 'value="Europe/Brussels"' in again.text


def test_what_is_wrong_with_a_matter_stands_at_its_field(editor):
    fields = {"title": "T", "summary": "", "time_zone": "Mars/Phobos", "jurisdiction": "US"}
    for field, more in (("summary", {}), ("time_zone", {"summary": "S."})):
        answer = editor.send("/matters/new", fields | more)
        assert answer.status_code == 422
        assert f'id="f-{field}-error"' in answer.text
        assert 'value="Mars/Phobos"' in answer.text
    assert editor.send("/matters/new", {"title": "T", "actor": "me"}).status_code == 422


def test_a_matter_is_shared_with_a_group_of_ones_own_and_with_everyone_again(site):
    member = Person(site, "editor", "desk")
    assert "Only the group desk" in words(member.get("/matters/tiktok-divestiture/sharing"))
    address = "/matters/tiktok-divestiture/sharing"
    assert member.send(address, {"group": "desk"}).status_code == 303
    assert site.app.test_client().get("/matters/tiktok-divestiture").status_code == 404
    assert "only the group desk sees it" in words(member.get("/matters/tiktok-divestiture"))
    assert member.send(address, {"group": ""}).status_code == 303
    assert site.app.test_client().get("/matters/tiktok-divestiture").status_code == 200
    assert member.send(address, {"group": "others"}).status_code == 422


def test_a_long_text_in_another_script_is_taken_whole(site, recorder):
    event_of(recorder.record(ORDER | {"summary": "中" * 4000, "remarks": "文" * 4000}))
    assert latest(site).remarks == "文" * 4000


def test_what_the_form_stored_the_service_knows_again(site, recorder):
    recorder.record()
    entry = latest(site)
    raw = {"key": entry.key, "kind": entry.kind, "occurred": entry.occurred, "sources": entry.sources} | {
        "details": {"number": 14999, "title": entry.title}
    }
    again = site.book.daybook.record([Posting("tiktok-divestiture", raw)], Visitor(recorder.account, "recorder"))
    assert again.entries[0]["stored"] is False
