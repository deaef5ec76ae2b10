"""Recording in a real Chromium over a real server: by the keys alone, looking ahead, without JavaScript, for every eye."""

import pytest

from tests.web.chromium import IN_A_BROWSER, PHONE, WIDE, runs_out, serious

FORM = "/record/tiktok-divestiture/ExecutiveOrderSigned"
REPORT = "/events/bytedance-ai-procurement.ft-2025-overseas"
PAGES = (
    "/record", "/record?q=window", FORM, "/record/bytedance-ai-procurement/BudgetAllocated", "/record/us-chip-export-controls/ExportRuleTightened",
    "/record/tiktok-divestiture/WindowOpened", REPORT, f"{REPORT}?done=recorded", f"{REPORT}/deny", f"{REPORT}/correct", f"{REPORT}/retract",
    "/matters/new", "/matters/tiktok-divestiture/sharing", "/matters/tiktok-divestiture",
)  # fmt: skip

pytestmark = IN_A_BROWSER


def entries(site, slug="tiktok-divestiture"):
    return site.book.log.matter(slug).entries


@pytest.mark.parametrize(("size", "colours"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide-light", "phone-dark"])
def test_axe_finds_nothing_serious_and_nothing_runs_out_of_the_page(signed_in, size, colours):
    page = signed_in("/record", size, colours)
    base = page.url.partition("/record")[0]
    told = []
    for path in PAGES:
        page.goto(base + path)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        told += keeps_out(page, path)
    for path in (FORM, f"{REPORT}/deny", f"{REPORT}/correct"):
        page.goto(base + path)
        with page.expect_navigation():
            page.click("button[value=save]")
        told += keeps_out(page, f"{path} with errors")
    assert told == []


def keeps_out(page, path):
    """What keeps somebody out of a page, and whether it runs out of its window."""
    bad = [(path, *found) for found in serious(page)]
    return bad + ([(path, "runs out of the page", runs_out(page))] if runs_out(page) > 0 else [])


def type_into(page, **fields):
    """Go to each field with the Tab key alone, and type."""
    for name, text in fields.items():
        for _ in range(40):
            if page.evaluate("document.activeElement.name") == name:
                break
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == name
        page.keyboard.type(text)


ORDER = {
    "sources.0.publisher": "Federal Register", "sources.0.published": "23 nov 2026", "sources.0.citation": "91 Fed. Reg. 70,123",
    "details.number": "14,999", "details.title": "A further pause", "occurred": "20 November 2026",
}  # fmt: skip


def test_an_entry_is_recorded_and_undone_by_the_keys_alone(signed_in, site):
    page = signed_in("/matters/tiktok-divestiture")
    with page.expect_navigation():
        page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("executive order signed")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(page.url.partition("/record")[0] + FORM)
    type_into(page, **ORDER)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#preview:focus")
    assert "New order: EO 14999: A further pause." in page.inner_text("#preview")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "Recorded." in page.inner_text(".done")
    assert entries(site)["executive-order-signed-2026-11-20-14999"].sources[0]["citation"] == "91 FR 70123"
    page.focus(".done button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Undone" in page.inner_text(".done")


def test_the_preview_looks_ahead_while_one_types_and_leaves_the_focus(signed_in, site):
    before = len(entries(site))
    page = signed_in(FORM)
    page.fill("[name='sources.0.citation']", "as in 90 Fed. Reg. 8,611 and EO 14166")
    page.wait_for_selector("#preview a[href='https://www.federalregister.gov/citation/90-FR-8611']")
    assert page.locator("#preview a[href='https://www.federalregister.gov/executive-order/14166']").count() == 1
    assert "Still needed: number of the order, title, when it happened" in page.inner_text("#preview")
    for name, text in ORDER.items():
        page.fill(f"[name='{name}']", text)
    page.wait_for_selector("#preview >> text=New order: EO 14999: A further pause.")
    assert page.evaluate("document.activeElement.name") == "occurred"
    assert page.get_attribute("#preview", "aria-live") == "polite"
    assert len(entries(site)) == before


def test_the_enter_key_in_a_field_looks_and_does_not_record(signed_in, site):
    before = len(entries(site))
    page = signed_in(FORM)
    type_into(page, **ORDER)
    page.keyboard.press("Enter")
    page.wait_for_selector("#preview:focus")
    assert len(entries(site)) == before


def test_all_works_without_javascript(signed_in, site):
    page = signed_in(FORM, scripts=False)
    for name, text in ORDER.items():
        page.fill(f"[name='{name}']", text)
    with page.expect_navigation():
        page.click("button[name=add][value=sources]")
    page.fill("[name='sources.1.publisher']", "Reuters")
    with page.expect_navigation():
        page.click(".ends button[value=preview]")
    assert "New order: EO 14999" in page.inner_text("#preview")
    with page.expect_navigation():
        page.click("button[value=save]")
    assert "Recorded." in page.inner_text(".done")
    entry = entries(site)["executive-order-signed-2026-11-20-14999"]
    assert [source["publisher"] for source in entry.sources] == ["Federal Register", "Reuters"]
    with page.expect_navigation():
        page.click(".acts >> text=Correct")
    page.fill("[name='new.details.title']", "One more pause")
    page.fill("[name=reason]", "The title was short.")
    with page.expect_navigation():
        page.click(".ends button[value=preview]")
    assert "A further pause" in page.inner_text(".differs")
    with page.expect_navigation():
        page.click("button[value=save]")
    assert entries(site)["executive-order-signed-2026-11-20-14999"].title == "One more pause"
    with page.expect_navigation():
        page.click(".done >> text=Undo")
    assert entries(site)["executive-order-signed-2026-11-20-14999"].title == "A further pause"


@pytest.mark.parametrize(("key", "act"), [("d", "deny"), ("c", "correct"), ("x", "retract")])
def test_a_letter_leads_from_an_entry_to_what_can_be_done(signed_in, key, act):
    page = signed_in(REPORT)
    with page.expect_navigation():
        page.keyboard.press(key)
    assert page.url.endswith(f"{REPORT}/{act}")
    page.keyboard.press("?")
    assert page.evaluate("document.activeElement.id") == "keys"


def test_letters_typed_into_a_field_lead_nowhere(signed_in):
    page = signed_in(FORM)
    page.focus("[name='details.title']")
    page.keyboard.type("n c d x ?")
    assert page.input_value("[name='details.title']") == "n c d x ?"
    assert page.url.endswith(FORM)


def test_an_error_is_told_first_and_its_link_leads_to_the_field(signed_in):
    page = signed_in(FORM)
    page.fill("[name=occurred]", "one fine day")
    with page.expect_navigation():
        page.click("button[value=save]")
    page.wait_for_function("document.activeElement.id === 'problems'")  # focus is given when the page is first drawn
    page.click("#problems a[href='#f-occurred']")
    assert page.input_value("[name=occurred]") == "one fine day"
    box = page.locator("[name=occurred]").bounding_box()
    assert 0 < box["y"] < 900 - 60


def test_what_was_wrong_is_no_longer_told_once_it_is_right(signed_in):
    page = signed_in(FORM)
    for name, text in (ORDER | {"occurred": "one fine day"}).items():
        page.fill(f"[name='{name}']", text)
    with page.expect_navigation():
        page.click("button[value=save]")
    assert page.locator("#problems").count() == page.locator("#f-occurred-error").count() == 1
    page.fill("[name=occurred]", "20 November 2026")
    page.wait_for_selector("#preview >> text=New order: EO 14999")
    assert page.locator("#problems").count() == page.locator("#f-occurred-error").count() == 0
    assert page.get_attribute("[name=occurred]", "aria-invalid") is None


def test_a_session_that_ends_while_one_types_loses_nothing(signed_in, site):
    page = signed_in(FORM)
    for name, text in ORDER.items():
        page.fill(f"[name='{name}']", text)
    page.context.clear_cookies()
    with page.expect_navigation():
        page.click("button[value=save]")
    assert "Nothing that you typed is lost" in page.inner_text("main")
    assert "A further pause" in page.inner_text("main")
    assert "executive-order-signed-2026-11-20-14999" not in entries(site)


def test_two_pages_that_correct_the_same_entry_do_not_run_over_each_other(signed_in, site):
    first, second = (signed_in("/events/tiktok-divestiture.pause-1-opened/correct") for _ in range(2))
    for page, title in ((first, "The first"), (second, "The other")):
        page.fill("[name='new.details.title']", title)
        page.fill("[name=reason]", "R")
        with page.expect_navigation():
            page.click("button[value=save]")
    assert "Others wrote to this matter since" in second.inner_text("#problems")
    assert second.input_value("[name='new.details.title']") == "The other"
    assert entries(site)["pause-1-opened"].title == "The first"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_likely_duplicate_is_recorded_as_well_with_one_button(signed_in, site, scripts):
    page = signed_in(FORM, PHONE, scripts=scripts)
    for title in ("A further pause", "Another pause"):
        page.goto(page.url.partition("/record")[0].partition("/events")[0] + FORM)
        for name, text in (ORDER | {"details.title": title}).items():
            page.fill(f"[name='{name}']", text)
        with page.expect_navigation():
            page.click("button[value=save]")
    assert "This looks like: EO 14999: A further pause, 20 November 2026." in page.inner_text("#problems")
    assert page.locator("text=Record mine as well").is_visible()
    with page.expect_navigation():
        page.click("text=Record mine as well")
    assert "Recorded." in page.inner_text(".done")
    assert entries(site)["executive-order-signed-2026-11-20-14999-2"].title == "Another pause"


def test_a_source_is_no_longer_marked_once_any_of_its_three_names_is_there(signed_in):
    page = signed_in(FORM)
    with page.expect_navigation():
        page.click("button[value=save]")
    assert page.locator("#f-sources-0-publisher-error").is_visible()
    assert page.locator("[data-together][aria-invalid]").count() == 3
    page.fill("[name='sources.0.citation']", "91 FR 70123")
    assert page.locator("#f-sources-0-publisher-error").count() == 0
    assert page.locator("[data-together][aria-invalid]").count() == 0


def test_a_short_name_says_what_it_will_be_stored_as(signed_in):
    page = signed_in("/record/bytedance-ai-procurement/BudgetAllocated")
    page.fill("[name='details.scope']", "South-East Asia & more")
    assert page.inner_text(".field:has([name='details.scope']) .becomes") == "Stored as “south-east-asia-more”."
    page.fill("[name='details.scope']", "overseas")
    assert page.inner_text(".field:has([name='details.scope']) .becomes") == ""


def test_only_some_of_a_report_is_chosen_once_that_is_asked_for(signed_in):
    page = signed_in(f"{REPORT}/deny", scripts=False)
    assert not page.locator(".parts").is_visible()
    page.check("[name=reach][value=part]")
    assert page.locator(".parts").is_visible()


@pytest.mark.parametrize("width", [390, 820])
def test_on_a_narrow_screen_record_and_the_present_tab_are_in_sight_in_two_rows(signed_in, width):
    page = signed_in("/alerts", {"width": width, "height": 844})
    assert page.locator(".top").bounding_box()["height"] < 90
    for what in ("a.record", ".top nav [aria-current]"):
        box = page.locator(what).bounding_box()
        assert 0 <= box["x"] <= width - box["width"], what


def test_a_new_matter_is_opened_under_matters_and_nothing_lies_over_the_form(signed_in):
    page = signed_in("/matters/new", PHONE)
    assert page.inner_text(".top [aria-current]") == "Matters"
    assert page.evaluate("getComputedStyle(document.querySelector('.ends')).position") == "static"
