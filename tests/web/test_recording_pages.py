"""Recording, denying, correcting and taking back in the pages, as a browser without JavaScript does it. It is 24 November 2026."""

import re
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict

from domain.events import KINDS, Amendment
from projections.views import VIEWS
from service.visitor import Visitor
from service.writing import Posting
from web.forms_specs import Spec, fields_of

PASSWORD = "a long passphrase"
FORMED = sorted((kind for kind in KINDS.values() if not issubclass(kind, Amendment)), key=lambda kind: kind.__name__)
ORDER = {
    "sources.0.publisher": "Federal Register", "sources.0.citation": "91 Fed. Reg. 70,123", "sources.0.published": "23 nov 2026",
    "details.number": "14,999", "details.title": "A further pause", "occurred": "20 November 2026",
}  # fmt: skip
FORM = "/record/tiktok-divestiture/ExecutiveOrderSigned"
REPORT = "/events/bytedance-ai-procurement.ft-2025-overseas"


class Person:
    """Somebody with a browser: he signs in, opens pages, fills in their forms and sends them."""

    def __init__(self, site, role, *groups):
        self.site = site
        self.client = site.app.test_client()
        self.account = site.account(role, *groups)
        name = site.people.accounts.get(self.account).name
        self.send("/sign-in", {"name": name, "password": PASSWORD}, base="/sign-in")

    def get(self, address, status=200):
        page = self.client.get(address)
        assert page.status_code == status, (address, page.status_code, words(page.text)[:300])
        return page.text

    def hidden(self, address):
        """What the first form of a page that posts carries along."""
        form = re.search(r'<form method="post".*?</form>', self.get(address).partition("<main")[2], re.DOTALL)[0]
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))

    def send(self, address, fields, base=None, **headers):
        """Send a form as the page at `base` has it."""
        data = {**self.hidden(base or address), **fields}
        return self.client.post(address, data=data, headers=headers)

    def record(self, fields=ORDER, address=FORM, **more):
        return self.send(address, {**fields, **more, "action": "save"})


def words(page):
    body = re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture
def editor(site):
    return Person(site, "editor")


@pytest.fixture
def recorder(site):
    return Person(site, "recorder")


def entries(site, slug="tiktok-divestiture"):
    return site.book.log.matter(slug).entries


def latest(site, slug="tiktok-divestiture"):
    return list(entries(site, slug).values())[-1]


def event_of(answer):
    assert answer.status_code == 303, words(answer.text)[:600]
    return answer.location.partition("?")[0]


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
    assert "Recorded. Undo" in words(page)
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
    assert part.text.lstrip().startswith("<h2>What the views will say</h2>")
    assert "<form" not in part.text
    assert "91 FR 70123" in part.text


def test_a_preview_of_half_a_form_says_what_is_still_needed_and_where(recorder):
    part = recorder.send(FORM, {"details.number": "14999", "action": "preview"}, **{"X-Fragment": "preview"}).text
    assert "Before it can be recorded: Say who says so" in words(part)
    assert 'href="#f-occurred"' in part


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
    assert "A likely duplicate. This may be on record already: “EO 14999: A further pause”" in words(answer.text)
    assert 'id="confirmed" name="confirmed"' in answer.text
    assert "If it is another one, say so and record it again." in words(answer.text)
    assert len(entries(site)) == before
    assert event_of(recorder.record(other, confirmed="1")).endswith("executive-order-signed-2026-11-20-14999-2")
    assert len(entries(site)) == before + 1


def test_a_warning_that_is_no_duplicate_does_not_stop_anybody(recorder):
    undated = {name: value for name, value in ORDER.items() if name != "sources.0.published"} | {"announced": "2026-11-20"}
    assert "No dated source" in words(recorder.send(FORM, undated | {"action": "preview"}).text)
    event_of(recorder.record(undated))


def test_a_stated_date_that_the_rule_does_not_give_is_told_before_it_is_recorded(recorder):
    fields = {
        "sources.0.title": "T", "sources.0.published": "2026-11-20", "occurred": "2026-11-20", "details.window": "Another pause",
        "details.title": "Another", "details.purpose": "comments", "details.due": "2026-12-25", "details.due_is": "last day",
        "details.rule.length": "30", "details.rule.start": "2026-11-20",
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
    assert (">Deny<" in mine, ">Correct<" in mine) == (True, False)
    assert ">Correct<" in editor.get(REPORT)
    assert ">Deny<" not in editor.get(f"{REPORT}?as_of=2025-06-01")
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
    assert "the overseas budget for 2025, as a whole budgets.overseas-2025" in words(page)
    assert set(re.findall(r'name="scope" value="([^"]+)"', page)) == {
        "budgets.overseas-2025", *(f"budgets.overseas-2025.{name}" for name in ("scope", "purpose", "year", "money", "usd", "reported_by")),
    }  # fmt: skip


def test_with_nothing_chosen_a_denial_reaches_all(site, recorder):
    event_of(recorder.send(f"{REPORT}/deny", DENIAL | {"action": "save", "confirmed": "1"}))
    assert latest(site, "bytedance-ai-procurement").scope is None


def test_a_scope_that_the_entry_does_not_claim_is_told(recorder):
    answer = recorder.send(f"{REPORT}/deny", DENIAL | {"scope": "budgets.china-2025", "action": "save", "confirmed": "1"})
    assert answer.status_code == 409
    assert "claim nothing under “budgets.china-2025”" in words(answer.text)


# Correcting


WINDOW = "/events/tiktok-divestiture.pause-1-opened"


def own_form(person, address):
    """The fields of a correction's form as they stand."""
    page = person.get(address).partition("<main")[2]
    data = MultiDict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    for name, value in re.findall(r'<input id="[^"]+" name="([^"]+)" value="([^"]*)"', page):
        data.add(name, unescape(value))
    for name, value in re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL):
        data.add(name, unescape(value))
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        for value in re.findall(r'<option value="([^"]*)" selected', options):
            data[name] = value
    for tag in re.findall(r'<input type="(?:checkbox|radio)"[^>]*checked[^>]*>', page):
        data.add(re.search(r'name="([^"]+)"', tag)[1], re.search(r'value="([^"]+)"', tag)[1])
    return data


def put(data, **fields):
    """What is typed over what stood there."""
    for name, value in fields.items():
        data[name] = value


def correct(person, address, changes, action="save", **more):
    data = own_form(person, f"{address}/correct")
    put(data, **changes, **{"reason": "A slip of the pen.", "action": action}, **more)
    return person.client.post(f"{address}/correct", data=data)


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
    assert ">Deny<" not in editor.get(REPORT)
    assert "was retracted" in words(editor.send(f"{REPORT}/deny", DENIAL | {"action": "save"}).text)


def undo(person, event):
    return person.send(f"{event}/undo", {}, base=f"{event}?done=recorded")


def test_what_one_recorded_is_undone_with_one_button(site, recorder):
    event = event_of(recorder.record())
    answer = undo(recorder, event)
    assert answer.location.endswith("?done=undone")
    assert "Undone: this entry takes it back." in words(recorder.get(answer.location))
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
    answer = undo(editor, event)
    assert answer.status_code == 409
    assert "was corrected again since" in words(answer.text)


def test_a_retraction_is_not_undone_but_the_entry_is_offered_to_be_recorded_again(site, recorder):
    event = event_of(recorder.record())
    retraction = event_of(undo(recorder, event))
    answer = undo(recorder, retraction)
    assert answer.status_code == 409
    assert "A retraction is not undone" in words(answer.text)
    again = unescape(re.search(r'href="([^"]+)">Record it again', answer.text)[1])
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


# Attack


EVIL = "<script>alert(1)</script>"
SLY = "\"'><b onmouseover=alert(2)>&{{7*7}} javascript:alert(3)"


def filled(kind: type) -> dict[str, str]:
    """Every input of a kind's form, with what an attacker would put there."""
    return {name: value for spec in fields_of(kind) for name, value in inputs(spec, spec.path)}


def inputs(spec: Spec, path: str):
    if spec.what in ("rows", "group"):
        for member in spec.members:
            inner = f"{path}.0.{member.path}" if spec.what == "rows" else f"{path}.{member.path}"
            yield from inputs(member, inner)
    elif spec.what != "constant":
        yield path, f"{path} {EVIL}{SLY}"


def is_clean(page: str) -> bool:
    return not any(each in page for each in ("<script>alert", "<b onmouseover", 'href="javascript'))


@pytest.mark.parametrize("action", ["save", "preview"])
def test_no_field_of_any_kind_reflects_markup(recorder, action):
    for kind in FORMED:
        answer = recorder.send(f"/record/us-chip-export-controls/{kind.__name__}", filled(kind) | {"action": action})
        assert answer.status_code == (422 if action == "save" else 200), kind
        assert answer.text.count("alert(1)") >= len(filled(kind)) - 2, kind
        assert is_clean(answer.text), kind


@pytest.mark.parametrize("act", ["deny", "confirm", "correct", "retract"])
def test_no_field_of_an_amendment_reflects_markup(editor, act):
    names = ("by", "statement", "reason", "scope", "slip", "sources.0.title", "summary", "confirmed", "version", "position", "form")
    mine = {name for name in names if act in ("deny", "confirm") or name not in ("by", "statement", "scope")}
    mine -= {"reason", "slip"} if act in ("deny", "confirm") else set()
    answer = editor.send(f"{WINDOW}/{act}", dict.fromkeys(mine, EVIL + SLY) | {"action": "save"})
    assert answer.status_code in (409, 422)
    assert is_clean(answer.text)


def test_the_kept_form_and_the_search_reflect_no_markup(recorder):
    kept = recorder.client.post(FORM, data={"csrf_token": "x", "details.title": EVIL + SLY, EVIL: SLY})
    assert is_clean(kept.text)
    assert "alert(1)" in kept.text
    assert is_clean(recorder.get("/record?q=" + "%3Cscript%3Ealert(1)%3C/script%3E%22%27%3E"))


LINE = '“x” " \' > & {{7*7}} ${7*7} javascript:alert(3) onerror=alert(4) EO 14166 "onmouseover=alert(5)'


def valued(spec: Spec):
    """A value for a field that can be stored, with LINE wherever a text can stand."""
    if spec.what in ("rows", "group"):
        members = {member.name: valued(member) for member in spec.members}
        return [members] if spec.what == "rows" else members
    if spec.what in ("choice", "constant"):
        return spec.choices[0]
    if spec.what == "checks":
        return list(spec.choices)
    if spec.what == "lines":
        return [LINE]
    by_name = {
        "amount": "5",
        "currency": "USD",
        "published": "2026-11-20",
        "due": "2026-12-01",
        "start": "2026-11-20",
        "length": 11,
    }
    by_what = {
        "text": LINE,
        "prose": LINE,
        "slug": "a",
        "when": "2026-11-20",
        "day": "2026-11-20",
        "share": "0.6",
        "number": 7,
        "yes": True,
    }
    return by_name.get(spec.name) or by_what.get(spec.what) or "https://example.org/" + "a\"b'c"


def storable(kind: type) -> dict:
    """An entry of a kind with every field filled."""
    raw = {"kind": kind.__name__, "key": f"evil-{kind.__name__.lower()}"}
    values = {spec.path: valued(spec) for spec in fields_of(kind) if spec.name not in ("key", "revises", "replaces")}
    details = {path.partition(".")[2]: value for path, value in values.items() if path.startswith("details.")}
    names = {
        "window": kind.__name__.lower(),
        "superseded_by": "a",
        "rule": details.get("rule") if isinstance(details.get("rule"), dict) else "a",
    }
    details |= {name: value for name, value in names.items() if name in details}
    details |= {"order": "EO 7"} if kind.__name__ == "OrderRevoked" else {}
    return raw | {path: value for path, value in values.items() if "." not in path} | ({"details": details} if details else {})


FIRST = ("WindowOpened", "ExportRuleIssued", "LawEnacted", "ExecutiveOrderSigned")


def evil_entries() -> list[dict]:
    """An entry of every kind, those that others rest on first, and a window for each kind that is about one."""
    order = sorted(FORMED, key=lambda kind: kind.__name__ not in FIRST)
    opened = storable(KINDS["WindowOpened"])
    about = [raw["details"]["window"] for raw in map(storable, FORMED) if "window" in raw.get("details", {})]
    windows = [
        opened | {"key": f"evil-for-{name}", "details": opened["details"] | {"window": name}}
        for name in ("a", *about)
        if name != "windowopened"
    ]
    return [*windows, *(raw for raw in map(storable, order))]


@pytest.mark.parametrize("slug", ["tiktok-divestiture", "bytedance-ai-procurement", "us-chip-export-controls"])
def test_what_is_stored_in_any_field_of_any_kind_is_no_markup_in_any_page(site, recorder, slug):
    visitor = Visitor(recorder.account, "recorder")
    written = site.book.daybook.record([Posting(slug, raw) for raw in evil_entries()], visitor).entries
    assert {each["kind"] for each in written} == {kind.__name__ for kind in FORMED}
    views = [view.name for view in VIEWS.values() if view.matter == slug]
    pages = ["/", f"/matters/{slug}", "/deadlines", "/matters", "/alerts", *(f"/views/{name}" for name in views)]
    pages += [f"/diff?view={name}&from=2026-11-01&to=today" for name in (*views, "timeline")]
    pages += [f"/events/{each['id']}" for each in written] + [f"/events/{each['id']}/deny" for each in written[-3:]]
    pages += [f"/record/{slug}/{kind.__name__}" for kind in FORMED[:5]]
    for address in pages:
        page = recorder.get(address)
        outside = re.sub(r'"[^"]*"', '""', re.sub(r">[^<]*<", "><", page))
        assert not re.search(r"\bon(mouseover|error)\b|javascript:|alert\(", outside), address
        assert 'href="javascript' not in page
        assert "7*7" in page or "/record" in address or address in ("/", "/matters", "/alerts"), address
    assert 'href="https://www.federalregister.gov/executive-order/14166"' in recorder.get(f"/events/{written[-1]['id']}")


def test_an_address_that_is_no_address_is_refused(recorder):
    for url in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "http://"):
        answer = recorder.record(ORDER | {"sources.0.url": url})
        assert answer.status_code == 422
        assert f'href="{url}"' not in answer.text


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
