"""The pages in a real Chromium over a real server: wide, phone and dark, with and without JavaScript."""

from datetime import UTC, datetime

import pytest

from domain.instants import micros
from service.daybook import Daybook
from tests.web.chromium import IN_A_BROWSER, PHONE, WIDE, follow, pages, runs_out, serious, serving
from web.app import create_app

NOON = micros(datetime(2026, 11, 24, 12, tzinfo=UTC))

PAGES = (
    "/",
    "/?as_of=2025-06-01",
    "/?as_of=2025-06-01&later=1",
    "/?as_of=2025-06-01&known_on=now",
    "/?from=2025-01-10&to=2025-01-31&as_of=2025-01-25",
    "/views/tiktok-status?as_of=2025-06-01",
    "/views/procurement",
    "/views/export-controls",
    "/views/tiktok-status/why?field=window.due&as_of=2025-06-01",
    "/matters",
    "/matters/tiktok-divestiture",
    "/matters/tiktok-divestiture/windows/pause-1?as_of=2025-07-01",
    "/matters/tiktok-divestiture/windows/pause-1?as_of=2026-02-01",
    "/matters/us-chip-export-controls/windows/hbm-comments",
    "/events/bytedance-ai-procurement.ft-2025-overseas",
    "/deadlines?as_of=2025-06-01",
    "/diff?view=tiktok-status&from=2025-04-01&to=2025-06-20",
    "/alerts",
    "/problems",
)

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def address(bundled):
    """A server of the bundled matters, on 24 November 2026."""
    with serving(create_app(Daybook(bundled.log, lambda: NOON))) as its:
        yield its


@pytest.fixture
def open_page(chromium, address):
    """Open an address and return the page."""
    with pages(chromium) as new:

        def opened(path: str, *how, **named):
            page = new(*how, **named)
            page.goto(address + path)
            return page

        yield opened


@pytest.mark.parametrize(("size", "colours"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide-light", "phone-dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_and_nothing_runs_out_of_the_page(open_page, path, size, colours):
    page = open_page(path, size, colours)
    assert serious(page) == []
    assert runs_out(page) <= 0


@pytest.mark.parametrize("path", PAGES[:5])
@pytest.mark.parametrize("width", [1280, 1400, 1920])
def test_no_two_items_of_a_lane_overlap(open_page, path, width):
    page = open_page(path, {"width": width, "height": 900})
    assert page.evaluate(OVERLAPS) == []


OVERLAPS = """() => {
  const wrong = [];
  for (const track of document.querySelectorAll(".track")) {
    const edge = track.getBoundingClientRect();
    const boxes = [...track.querySelectorAll(".shaped, .chip, a.window")].map((item) => {
      const own = item.getBoundingClientRect(), text = item.querySelector("span")?.getBoundingClientRect() ?? own;
      return { left: Math.min(own.left, text.left), right: Math.max(own.right, text.right), top: own.top, bottom: own.bottom,
               name: item.textContent.trim() };
    });
    boxes.forEach((a, i) => {
      if (a.left < edge.left - 1 || a.right > edge.right + 1) wrong.push(["cut", a.name]);
      boxes.slice(i + 1).forEach((b) => {
        if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) wrong.push([a.name, b.name]);
      });
    });
  }
  return wrong;
}"""


def test_all_works_without_javascript(open_page):
    page = open_page("/", scripts=False)
    page.fill("#as-of", "1 jun 2025")
    follow(page, ".bar button")
    assert page.inner_text(".banner").startswith("You are viewing the past: as known on 1 June 2025.")
    follow(page, ".steps a[rel=next]")
    assert "19 June 2025" in page.inner_text(".bar .words")
    follow(page, "text=with hindsight")
    assert "as we know today about 19 June 2025" in page.inner_text(".banner")
    follow(page, ".chip >> nth=0")
    assert page.locator(".shaped").count() > 0
    follow(page, ".shaped >> nth=0")
    assert "/events/" in page.url


def test_the_keys_lead_to_the_neighbour_changes_and_to_the_date(open_page):
    page = open_page("/views/tiktok-status?as_of=2025-06-01")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "as-of"
    page.keyboard.press("[")
    assert "as_of=2025-06-01" in page.url
    page.evaluate("document.activeElement.blur()")
    with page.expect_navigation():
        page.keyboard.press("[")
    assert "as_of=2025-04-04" in page.url


def test_the_first_stop_of_the_tab_key_skips_to_the_content(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_the_bar_stays_in_sight(open_page):
    for size in (WIDE, PHONE):
        page = open_page("/views/procurement", size)
        page.mouse.wheel(0, 1500)
        page.wait_for_function("window.scrollY > 500")
        assert page.locator(".bar").bounding_box()["y"] < 5


def test_print_has_the_table_and_not_the_lanes(open_page):
    page = open_page("/?as_of=2025-06-01")
    page.emulate_media(media="print")
    assert not page.locator(".lanes").is_visible()
    assert page.locator("table.entries").is_visible()
