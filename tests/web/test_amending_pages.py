"""Denying, confirming, correcting, retracting and undoing in the pages. It is 24 November 2026."""

import re
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict

from tests.web.recording import FORM, ORDER, REPORT, WINDOW, correct, entries, event_of, latest, own_form, put, words

# Denying and confirming


DENIAL = {"by": "ByteDance", "sources.0.publisher": "Reuters", "sources.0.published": "2026-11-20", "statement": "Not so."}


@pytest.mark.parametrize(("act", "kind"), [("deny", "ReportDenied"), ("confirm", "ReportConfirmed")])
def test_a_report_is_denied_or_confirmed_as_far_as_was_chosen(site, recorder, act, kind):
    scope = ["budgets.overseas-2025.money", "budgets.overseas-2025.year"]
    data = MultiDict(recorder.hidden(f"{REPORT}/{act}") | DENIAL | {"action": "save", "confirmed": "1"})
    data.setlist("scope", scope)
    event_of(recorder.client.post(f"{REPORT}/{act}", data=data))
    entry = latest(site, "bytedance-ai-procurement")
    assert (entry.kind, entry.of, entry.scope, entry.by) == (kind, ["ft-2025-overseas"], scope, "ByteDance")
    assert entry.key.startswith("ft-2025-overseas-")


def test_the_scope_is_chosen_from_what_the_entry_claims_in_words(recorder):
    page = recorder.get(f"{REPORT}/deny")
    assert "All of it Only: The overseas budget for 2025 scope purpose year money in US dollars reported by" in words(page)
    assert "budgets.overseas-2025" not in words(page)
    assert set(re.findall(r'name="scope" value="([^"]+)"', page)) == {
        f"budgets.overseas-2025.{name}" for name in ("scope", "purpose", "year", "money", "usd", "reported_by")
    }
    assert re.search(r'name="reach" value="all" checked', page)


def test_all_of_it_is_all_whatever_parts_are_ticked_and_only_asks_for_a_part(site, recorder):
    only = DENIAL | {"reach": "part", "action": "save", "confirmed": "1"}
    answer = recorder.send(f"{REPORT}/deny", only)
    assert answer.status_code == 422
    assert re.search(r'id="scope-error">Say which part of it, or choose “All of it”', answer.text)
    part = "budgets.overseas-2025.money"
    event_of(recorder.send(f"{REPORT}/deny", only | {"scope": part, "by": "The company"}))
    assert latest(site, "bytedance-ai-procurement").scope == [part]
    event_of(recorder.send(f"{REPORT}/deny", only | {"scope": part, "reach": "all"}))
    assert latest(site, "bytedance-ai-procurement").scope is None
    assert recorder.send(f"{REPORT}/retract", {"reach": "all", "action": "save"}).status_code in (403, 422)


def test_with_nothing_chosen_a_denial_reaches_all(site, recorder):
    event_of(recorder.send(f"{REPORT}/deny", DENIAL | {"action": "save", "confirmed": "1"}))
    assert latest(site, "bytedance-ai-procurement").scope is None


def test_a_scope_that_the_entry_does_not_claim_is_told(recorder):
    answer = recorder.send(f"{REPORT}/deny", DENIAL | {"scope": "budgets.china-2025", "action": "save", "confirmed": "1"})
    assert answer.status_code == 409
    assert "claim nothing under “budgets.china-2025”" in words(answer.text)


# Correcting


CORRECTABLE = [
    "tiktok-divestiture.pause-1-opened", "tiktok-divestiture.deal-agreed", "bytedance-ai-procurement.ft-2025-overseas",
    "bytedance-ai-procurement.ft-2025-share-domestic", "us-chip-export-controls.h20-licence-letter", "tiktok-divestiture.service-suspended",
    "bytedance-ai-procurement.bytedance-denial-2025-01-21", "us-chip-export-controls.revenue-share-reported",
]  # fmt: skip


@pytest.mark.parametrize("event", CORRECTABLE)
def test_a_correction_that_changes_nothing_is_refused_so_the_form_holds_the_entry_as_it_reads(editor, event):
    answer = correct(editor, f"/events/{event}", {})
    assert answer.status_code == 409
    assert "The correction changes nothing." in words(answer.text)


def test_only_what_differs_is_corrected_and_the_difference_is_shown_before(site, editor):
    changes = {"new.details.title": "The first pause", "new.details.due": "6 April 2025", "new.details.pauses": ""}
    page = correct(editor, WINDOW, changes, "preview").text
    assert "Title Pause in enforcement → The first pause" in words(page)
    assert "Due date 5 April 2025 → 6 April 2025" in words(page)
    assert "Enforcement rests while it runs yes → no" in words(page)
    event_of(correct(editor, WINDOW, changes))
    entry = latest(site)
    assert entry.changes == {"title": "The first pause", "due": "2025-04-06", "pauses": False}
    assert (entry.of, entry.slip, entry.reason, entry.announced) == (["pause-1-opened"], "ours", "A slip of the pen.", "2026-11-24")
    assert entry.sources == entries(site)["pause-1-opened"].sources
    assert entries(site)["pause-1-opened"].title == "The first pause"


def test_a_field_that_was_emptied_is_corrected_to_nothing(site, editor):
    event_of(correct(editor, WINDOW, {"new.summary": "", "new.effective.from": ""}))
    assert latest(site).changes == {"summary": None, "effective": None}


def test_a_part_of_a_source_is_corrected_and_told_by_itself(site, editor):
    page = words(correct(editor, WINDOW, {"new.sources.0.pinpoint": "8612"}, "preview").text)
    assert "Source 1: Page or section nothing → 8612" in page
    event_of(correct(editor, WINDOW, {"new.sources.0.pinpoint": "8612"}))
    assert latest(site).changes["sources"][0]["pinpoint"] == "8612"


def test_a_slip_of_the_sources_needs_a_source_that_says_so(site, editor):
    answer = correct(editor, WINDOW, {"new.details.title": "T"}, slip="source")
    assert answer.status_code == 422
    assert "Say who says so" in words(answer.text)
    own = {"sources.0.publisher": "Federal Register", "sources.0.published": "2026-11-20"}
    event_of(correct(editor, WINDOW, {"new.details.title": "T"} | own, slip="source"))
    assert (latest(site).slip, latest(site).sources[0]["published"]) == ("source", "2026-11-20")


def test_what_is_wrong_with_a_change_stands_at_its_field(editor):
    answer = correct(editor, WINDOW, {"new.details.due": "someday", "new.sources.0.url": "nowhere"})
    assert answer.status_code == 422
    assert re.search(r'id="f-new-details-due-error">“someday” is not a date', answer.text)
    assert 'id="f-new-sources-0-url-error"' in answer.text
    assert 'name="new.details.due" value="someday"' in answer.text


@pytest.mark.parametrize(
    "name", ["new.details.window", "new.key", "new.actor", "new.details.line", "new.of", "changes", "new.details.rule.x", "of"]
)
def test_what_an_entry_is_about_is_not_corrected(editor, name):
    answer = correct(editor, WINDOW, {name: "x"})
    assert answer.status_code == 422
    assert "is not a field of this form" in words(answer.text)


def test_an_entry_may_be_corrected_twice_on_a_day(site, editor):
    for title in ("Wrong", "Right"):
        event_of(correct(editor, WINDOW, {"new.details.title": title}))
    assert entries(site)["pause-1-opened"].title == "Right"


def test_a_clash_says_what_changed_meanwhile_and_keeps_what_was_typed(site, editor, recorder):
    data = own_form(editor, f"{WINDOW}/correct")
    put(data, **{"new.details.title": "Typed in vain?", "reason": "R", "action": "save"})
    recorder.record()
    answer = editor.client.post(f"{WINDOW}/correct", data=data)
    assert answer.status_code == 412
    assert "Written meanwhile: EO 14999: A further pause" in words(answer.text)
    assert 'value="Typed in vain?"' in answer.text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text.partition("<main")[2]))
    assert hidden["version"] != data["version"]
    put(data, **hidden)
    event_of(editor.client.post(f"{WINDOW}/correct", data=data))
    assert entries(site)["pause-1-opened"].title == "Typed in vain?"


# Retracting and undoing


def test_an_entry_is_retracted_with_a_reason(site, editor):
    answer = editor.send(f"{REPORT}/retract", {"slip": "ours", "action": "save"})
    assert answer.status_code == 422
    assert "Reason is required." in words(answer.text)
    event_of(editor.send(f"{REPORT}/retract", {"slip": "ours", "reason": "Never said.", "action": "save"}))
    assert "retracted" in words(editor.get(REPORT))
    assert "Somebody denies it" not in editor.get(REPORT)
    assert "was retracted" in words(editor.send(f"{REPORT}/deny", DENIAL | {"action": "save"}).text)


def undo(person, event):
    return person.send(f"{event}/undo", {}, base=f"{event}?done=recorded")


def test_what_one_recorded_is_undone_with_one_button(site, recorder):
    event = event_of(recorder.record())
    answer = undo(recorder, event)
    assert answer.location.endswith("?done=undone")
    page = recorder.get(answer.location)
    assert "Undone. Edit and record again Record something else" in words(page)
    assert event.rpartition("/")[2] + '/again"' in page
    entry = latest(site)
    assert (entry.kind, entry.slip, entry.actor) == ("EntryRetracted", "ours", recorder.account)
    assert "retracted" in words(recorder.get(event))


def test_a_correction_is_undone_by_one_that_restores_what_stood_there(site, editor):
    before = entries(site)["pause-1-opened"]
    event = event_of(correct(editor, WINDOW, {"new.details.title": "Wrong", "new.summary": ""}))
    assert undo(editor, event).status_code == 303
    after = entries(site)["pause-1-opened"]
    assert (after.title, after.summary) == (before.title, before.summary)
    assert latest(site).kind == "EntryCorrected"


def test_a_correction_that_was_corrected_again_is_not_undone(editor):
    event = event_of(correct(editor, WINDOW, {"new.details.title": "Wrong"}))
    event_of(correct(editor, WINDOW, {"new.details.title": "Right"}))
    assert "/undo" not in editor.get(event)
    answer = editor.send(f"{event}/undo", {}, base=FORM)
    assert answer.status_code == 409
    assert "was corrected again since" in words(answer.text)


def test_a_retraction_is_not_undone_but_the_entry_is_offered_to_be_recorded_again(site, recorder):
    event = event_of(recorder.record())
    retraction = event_of(undo(recorder, event))
    assert "/undo" not in recorder.get(retraction)
    answer = recorder.send(f"{retraction}/undo", {}, base=FORM)
    assert answer.status_code == 409
    assert "A retraction is not undone" in words(answer.text)
    again = unescape(re.search(r'href="([^"]+)">Record it again', recorder.get(event))[1])
    again = recorder.client.get(again).headers["Location"]
    page = recorder.get(again)
    assert 'value="A further pause"' in page
    assert 'name="key" value=""' in page
    second = recorder.send(FORM, ORDER | {"action": "save"}, base=again)
    assert event_of(second) == event + "-2"
    assert entries(site)["executive-order-signed-2026-11-20-14999-2"].number == 14999


def test_undoing_twice_takes_back_once(site, recorder):
    event = event_of(recorder.record())
    hidden = recorder.hidden(f"{event}?done=recorded")
    answers = [recorder.client.post(f"{event}/undo", data=hidden) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert sum(entry.kind == "EntryRetracted" for entry in entries(site).values()) == 1


def test_what_was_undone_is_edited_and_recorded_again(site, recorder):
    event = event_of(recorder.record())
    undo(recorder, event)
    again = recorder.client.get(f"{event}/again")
    assert (again.status_code, again.location.partition("?")[0]) == (303, FORM)
    assert 'value="A further pause"' in recorder.get(again.location)


def test_a_denial_that_was_undone_is_edited_and_recorded_again_too(site, recorder):
    part = "budgets.overseas-2025.money"
    event = event_of(recorder.send(f"{REPORT}/deny", DENIAL | {"scope": part, "action": "save", "confirmed": "1"}))
    undo(recorder, event)
    page = recorder.get(recorder.client.get(f"{event}/again").location)
    assert 'name="by" value="ByteDance"' in page
    assert re.search(rf'value="{part}" checked', page)
    assert re.search(r'name="reach" value="part" checked', page)


def test_a_difference_is_told_as_people_say_it(editor):
    page = correct(editor, REPORT, {"new.details.money.amount": "6.9 billion"}, "preview").text
    assert re.search(r"Money [a-z ]*\$6.8bn → [a-z ]*\$6.9bn", words(page)), words(page).partition("In the entry")[2]
    before = own_form(editor, f"{REPORT}/correct")["new.summary"]
    page = correct(editor, REPORT, {"new.summary": before.rstrip(".") + ", as it is told."}, "preview").text
    differs = page.partition('<dl class="differs">')[2].partition("</dl>")[0]
    assert "as it is told.</ins>" in differs
    assert len(re.search(r"<del>(.*?)</del>", differs)[1].split()) == 1


def test_an_untouched_correction_says_one_sentence(editor):
    part = editor.get(f"{WINDOW}/correct").partition('<div id="preview"')[2].partition("</aside>")[0].partition(">")[2]
    assert words(part) == "What changes when you record this Nothing differs from the entry yet."
    sent = {**own_form(editor, f"{WINDOW}/correct"), "action": "preview"}
    again = editor.client.post(f"{WINDOW}/correct", data=sent, headers={"X-Fragment": "preview"})
    assert words(again.text) == "What changes when you record this Nothing differs from the entry yet."
