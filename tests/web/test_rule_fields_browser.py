"""How a due date is counted, filled in in a real Chromium: the preview looks ahead, and every eye can read it."""

from tests.web.chromium import IN_A_BROWSER, PHONE, runs_out, violations

pytestmark = IN_A_BROWSER
OPENED = "/record/tiktok-divestiture/WindowOpened"


def filled(page):
    for name, text in {
        "sources.0.title": "T", "sources.0.published": "2026-11-20", "occurred": "2026-11-20", "details.window": "comments-1",
        "details.title": "Comments", "details.rule.length": "15", "details.rule.start": "20 November 2026",
    }.items():  # fmt: skip
        page.fill(f"[name='{name}']", text)
    page.select_option("[name='details.purpose']", "comments")
    page.select_option("[name='details.rule.unit']", "days")
    page.select_option("[name='details.rule.rule']", "1-cfr-18.17")


def test_the_preview_says_the_counted_date_and_moves_with_the_rule(signed_in):
    page = signed_in(OPENED)
    filled(page)
    page.wait_for_selector("#preview >> text=due 7 December 2026")
    page.select_option("[name='details.rule.rule']", "calendar")
    page.wait_for_selector("#preview >> text=due 5 December 2026")


def test_an_error_in_a_folded_part_unfolds_it_and_its_link_leads_there(signed_in):
    page = signed_in(OPENED, PHONE, "dark")
    filled(page)
    assert not page.is_visible("[name='details.rule.zone']")
    page.click("#f-details-rule summary")
    page.fill("[name='details.rule.zone']", "Mars/Base")
    with page.expect_navigation():
        page.click("button[value=save]")
    page.click("#problems a[href='#f-details-rule-zone']")
    assert page.evaluate("document.activeElement.name") == "details.rule.zone"
    assert page.is_visible("#f-details-rule-zone-error")
    assert violations(page) == []
    assert runs_out(page) <= 0
