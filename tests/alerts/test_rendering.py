"""Facts into subject, plain text, HTML and JSON: what a reader gets, on a phone, aloud, and as a program."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from standardwebhooks import Webhook

from alerts.model import Item
from alerts.rendering import WIDTH, Digest, confirmation, message, test_message
from alerts.telling import sample, told
from domain.instants import micros
from tests.web.chromium import CHROMIUM, launched, runs_out, serious

BASE, LEAVE = "https://daybook.example.org", "https://daybook.example.org/alerts/leave/s3cret"
MADE = micros(datetime(2025, 3, 29, 14, tzinfo=UTC))
TIKTOK, CHIPS = "tiktok-divestiture", "bytedance-ai-procurement"
HOSTILE = "<script>alert(1)</script>\r\nBcc: all@example.org\u202egnp.exe <img src=//x.example/a> \x07&amp;"


def say(book, when, matter, window, what, **facts):
    return told(book.log, Item("a1b2", "anna", "mail", matter, window, what, facts, 0, 0), micros(datetime(*when, tzinfo=UTC)))


@pytest.fixture(scope="module")
def step(bundled):
    return say(bundled, (2025, 3, 29, 14), TIKTOK, "pause-1", "step", step="7", due="2025-04-05", on="2025-03-29", passed=["14"])


@pytest.fixture(scope="module")
def moved(bundled):
    facts = {"former_due": "2025-04-05", "due": "2025-06-19", "on": "2025-04-05", "passed": []}
    return say(bundled, (2025, 4, 5, 14), TIKTOK, "pause-1", "moved", **facts)


@pytest.fixture(scope="module")
def denied(bundled):
    of = ["ft-2025-total", "ft-2025-china", "ft-2025-overseas"]
    facts = {"entry": "bytedance-denial-2025-01-21", "kind": "ReportDenied", "of": of, "on": "2025-01-22"}
    return say(bundled, (2025, 1, 22, 14), CHIPS, None, "amended", **facts)


@pytest.fixture(scope="module")
def new(bundled):
    """An entry with a source that nobody read."""
    return say(bundled, (2025, 1, 22, 14), TIKTOK, None, "new", entry="divestiture-order-2020", on="2025-01-22")


def sent(*tolds, **how):
    return message(tolds, **({"id": "m1", "made": MADE, "base_url": BASE, "leave_url": LEAVE} | how))


class Page(HTMLParser):
    """The tags and attributes of a page, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).replace("\u00a0", " ").split())

    def addresses(self):
        return [attrs["href"] for tag, attrs in self.tags if tag == "a"]


def test_a_subject_tells_a_message_apart_in_a_mailbox(step, moved, denied, new):
    assert sent(step).subject == "7 days left: Pause in enforcement, due 5 April 2025 (TikTok divestiture)"
    assert sent(moved).subject == "Moved to 19 June 2025: Pause in enforcement (TikTok divestiture)"
    elsewhere = replace(step, matter_title="Another matter")
    assert len({sent(each).subject for each in (step, moved, denied, new, elsewhere)}) == 5
    assert sent(new, step, denied).subject == "3 alerts: 7 days left: Pause in enforcement, due 5 April 2025, and 2 more"
    long = sent(replace(step, subject="x" * 300), new).subject
    assert long.endswith("…, and 1 more")
    assert len(long) <= 182
    assert sent(new, replace(new, item="a2"), replace(new, item="a3")).subject == "3 new entries in TikTok divestiture"
    other = replace(new, item="a2", matter="another", matter_title="Another matter")
    assert sent(new, other).subject.endswith(", and 1 more")
    assert sent(step, moved, digest=Digest("daily", date(2025, 3, 29))).subject == "Daily digest, 29 March 2025: 2 alerts"
    assert sent(step, digest=Digest("weekly", date(2025, 3, 31))).subject == "Weekly digest, 31 March 2025: 1 alert"


def test_plain_text_says_what_when_how_many_days_and_why_and_links_to_the_exact_state(step):
    text = sent(step).text
    assert text.startswith(
        "7 days left: “Pause in enforcement” is due on 5 April 2025.\n1 step passed while the clock was down: 14 days.\n\nMatter: TikTok divestiture\n"
    )
    for line in (
        "Due: 5 April 2025 (last day: open through that day)",
        "Ends: 00:00 on 6 April 2025, New York time (UTC−04:00)",
        "Left: 7 calendar days, of which 5 working days, counted on 29 March 2025",
        "Rests on: EO 14166",
        "Day 75 is 5 April 2025, a Saturday.",
        "   Entry tiktok-divestiture.pause-1-opened",
        "Sources of the due date",
        "Open this deadline:",
        "As it stood when this was sent:",
        f"{BASE}{step.exact}",
        f"{BASE}{step.today}",
        f"{BASE}/account/alerts/items/a1b2",
        LEAVE,
    ):
        assert line in text.splitlines(), line
    assert "1. 20 January 2025: Opened by EO 14166, reaching back to 19 January\n   2025, due 5 April 2025 (official)\n" in text


def test_lines_are_short_and_an_address_has_its_line_for_itself(step, moved, denied, new):
    text = sent(step, moved, denied, new, untold=["The due date of “X” is another one by now. " * 4]).text
    lines = text.splitlines()
    assert [line for line in lines if len(line) > WIDTH and "://" not in line] == []
    assert [line for line in lines if "://" in line and not re.fullmatch(r" *https?://\S+", line)] == []
    assert "\n\n\n\n" not in text
    assert not any(line != line.rstrip() for line in lines)


def test_a_move_tells_its_change_and_the_whole_chain(moved):
    text = sent(moved).text
    assert "Moved: from 5 April to 19 June 2025, 75 days later\n" in text
    assert "2. 4 April 2025: Extended from 5 April to 19 June 2025, by EO 14258\n   (official)\n" in text


def test_a_denial_stands_beside_what_it_denies_in_text_and_html(denied):
    mail = sent(denied)
    for words in (" ".join(mail.text.split()), Page(mail.html).text):
        assert "The information from unnamed sources about its plan is incorrect." in words
        assert "the total budget for 2025; the China budget for 2025; the overseas budget for 2025" in words
        assert "It said: About $6.8bn is reported as planned for abroad in 2025" in words
        assert words.count("now denied") == 3


def test_a_new_entry_names_its_sources_and_the_one_that_nobody_read(new):
    mail = sent(new)
    assert "- Federal Register, 85 FR 51297; nobody here read it\n" in mail.text
    assert "Federal Register, 85 FR 51297; nobody here read it" in Page(mail.html).text
    assert "https://en.wikisource.org/wiki/Page:TikTok_v._Garland.pdf/4" in Page(mail.html).addresses()
    assert re.search(r"Recorded: 24 November 2026, [0-9,]+ days after it was known", mail.text)


def test_what_was_said_of_a_new_entry_stands_beside_it(bundled):
    its = say(bundled, (2025, 1, 22, 14), CHIPS, None, "new", entry="ft-2025-overseas", on="2025-01-22")
    words = " ".join(sent(its).text.split())
    assert "Denied: by ByteDance, known 21 January 2025. The reported budget for chips abroad is inaccurate." in words
    amended = its.entry | {
        "amendments": [{"id": "x.c", "kind": "EntryCorrected", "by": None, "statement": None, "known": "2025-01-22"}]
    }
    assert "Corrected: known 22 January 2025\n" in sent(replace(its, entry=amended)).text


def test_the_html_is_one_self_contained_sheet_that_follows_dark_and_light(step, denied):
    page = Page(sent(step, denied, digest=Digest("daily", date(2025, 3, 29))).html)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object", "form", "svg", "video"}
    assert {name for _, attrs in page.tags for name in attrs} & {"src", "srcset", "background", "onclick"} == set()
    html = sent(step).html
    assert "url(" not in html
    assert "@import" not in html
    assert ("meta", {"name": "color-scheme", "content": "light dark"}) in page.tags
    assert "@media (prefers-color-scheme: dark)" in html
    styled = {attrs["class"] for tag, attrs in page.tags if "class" in attrs}
    assert all(f".{name} {{" in html for classes in styled for name in classes.split())


def test_hostile_titles_are_text_in_the_subject_the_lines_and_the_html(step, denied):
    cause = replace(step.why[0], words=HOSTILE)
    nasty = replace(
        step, title=HOSTILE, subject=HOSTILE, sentence=HOSTILE, matter_title=HOSTILE, why=(cause,), counting=(HOSTILE,),
        window=step.window | {"owner": HOSTILE, "evidence": HOSTILE, "legal_basis": HOSTILE},
    )  # fmt: skip
    sources = [{"publisher": HOSTILE, "url": "javascript:alert(1)"}, {"title": HOSTILE, "url": "data:text/html,x"}]
    about = replace(
        denied, about=tuple(entry | {"headline": HOSTILE, "summary": HOSTILE, "sources": sources} for entry in denied.about)
    )
    mail = sent(nasty, about, digest=Digest("daily", date(2025, 3, 29)), untold=[HOSTILE])
    alone = sent(nasty)
    assert "\n" not in alone.subject
    assert "\r" not in alone.subject
    assert not any(mark in text for mark in "\u202e\x07" for text in (alone.subject, mail.text, mail.html))
    assert not any(line.startswith("Bcc:") for line in mail.text.splitlines())
    page = Page(mail.html)
    assert not {tag for tag, _ in page.tags} & {"script", "img"}
    assert all(address.startswith("https://") for address in page.addresses())
    assert "<script>alert(1)</script> Bcc: all@example.org" in page.text
    assert "&lt;script&gt;" not in mail.text


def test_a_hostile_name_of_a_channel_or_address_is_text_too():
    mail = test_message(id="t1", made=MADE, base_url=BASE, channel=HOSTILE, sample=None, leave_url=None)
    proof = confirmation(id="c1", made=MADE, base_url=BASE, address=HOSTILE, confirm_url=f"{BASE}/confirm/x")
    assert "\n" not in mail.subject
    for each in (mail, proof):
        assert not {tag for tag, _ in Page(each.html).tags} & {"script", "img"}


def test_a_webhook_gets_the_same_facts_in_the_form_of_the_standard_webhooks(step):
    mail = sent(step, untold=["So it is no longer."])
    body = mail.data
    assert list(body) == ["type", "timestamp", "data"]
    assert (body["type"], body["timestamp"]) == ("deadline.step", "2025-03-29T14:00:00+00:00")
    data = body["data"]
    assert (data["id"], data["alert"], data["step"], data["passed"]) == ("m1", "a1b2", "7", ["14"])
    assert data["matter"] == {"slug": TIKTOK, "title": "TikTok divestiture", "time_zone": "America/New_York"}
    window = {name: data["window"][name] for name in ("due", "due_is", "days_left", "working_days_left", "ends")}
    assert window == {
        "due": "2025-04-05", "due_is": "last day", "days_left": 7, "working_days_left": 5, "ends": "2025-04-06T00:00:00-04:00",
    }  # fmt: skip
    assert data["why"][0]["url"] == f"{BASE}{step.why[0].path}"
    assert data["links"] == {"exact": BASE + step.exact, "today": BASE + step.today, "answer": f"{BASE}/account/alerts/items/a1b2"}
    assert data["untold"] == ["So it is no longer."]
    hook, text = Webhook("whsec_" + "c2VjcmV0IHNlY3JldCBzZWNyZXQ="), json.dumps(body)
    now = datetime.now(tz=UTC)
    headers = {
        "webhook-id": mail.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": hook.sign(mail.id, now, text),
    }
    assert hook.verify(text, headers) == body


def test_each_kind_of_alert_has_its_type_and_several_come_as_a_digest(step, moved, denied, new):
    assert [sent(each).data["type"] for each in (step, moved, denied, new)] == [
        "deadline.step", "deadline.moved", "entry.amended", "entry.new",
    ]  # fmt: skip
    assert sent(moved).data["data"]["change"]["acts"][0]["by"] == "EO 14258"
    digest = sent(step, denied, digest=Digest("daily", date(2025, 3, 29))).data
    assert digest["type"] == "digest"
    assert (digest["data"]["rhythm"], digest["data"]["day"]) == ("daily", "2025-03-29")
    assert [alert["type"] for alert in digest["data"]["alerts"]] == ["deadline.step", "entry.amended"]
    assert digest["data"]["alerts"][1]["about"][0]["url"].startswith(f"{BASE}/events/")
    assert sent(step, moved).data["data"]["rhythm"] is None


def test_a_digest_lists_what_is_in_it_and_sums_up_what_is_no_longer_so(step, moved):
    mail = sent(step, moved, digest=Digest("daily", date(2025, 3, 29)), untold=["The due date of “X” moved on."])
    assert mail.text.startswith(
        "Daily digest, 29 March 2025: 2 alerts\n\n1. 7 days left: Pause in enforcement, due 5 April 2025 (TikTok\n   divestiture)\n2. Moved to 19 June 2025"
    )
    assert "\nAlert 2 of 2\n" in mail.text
    assert "Not sent, because it is no longer so\n- The due date of “X” moved on.\n" in mail.text
    headings = [tag for tag, _ in Page(mail.html).tags if re.fullmatch("h[1-6]", tag)]
    assert headings[:2] == ["h1", "h2"]
    assert headings.count("h1") == 1


def test_a_message_tells_what_is_due_first_and_then_what_changed(step, moved, denied, new):
    sooner = replace(step, item="a2", exact="/other", window=step.window | {"due": "2025-04-01"})
    several = sent(new, denied, moved, step, sooner).data["data"]["alerts"]
    assert [(alert["what"], alert["window"] and alert["window"]["due"]) for alert in several] == [
        ("step", "2025-04-01"), ("step", "2025-04-05"), ("moved", "2025-06-19"), ("amended", None), ("new", None),
    ]  # fmt: skip


def test_an_entry_that_moved_or_ended_a_window_is_told_as_that_alone_and_no_other_is_left_out(bundled, moved, new):
    facts = {"entry": "pause-1-extended-1", "kind": "WindowExtended", "on": "2025-04-05"}
    extension = say(bundled, (2025, 4, 5, 14), TIKTOK, "pause-1", "new", **facts)
    mail = sent(extension, moved)
    assert (mail.subject, "New on record" in mail.text + mail.html) == (sent(moved).subject, False)
    assert "alerts" not in mail.text.splitlines()[0]
    assert [alert["what"] for alert in mail.data["data"]["alerts"]] == ["moved", "new"]
    assert sent(new, extension, moved).text.count("New on record") == 1
    assert sent(extension).subject.startswith("New: ")
    closed = say(bundled, (2026, 1, 23, 14), TIKTOK, "pause-2", "closed", status="met", former="open", on="2026-01-23")
    (act,) = closed.change["acts"]
    met = say(bundled, (2026, 1, 23, 14), TIKTOK, "pause-2", "new", entry=act["event"].partition(".")[2], on="2026-01-23")
    assert "New on record" not in sent(met, closed).text


def test_a_due_date_and_an_end_name_their_sources_and_the_one_that_nobody_read(bundled, step, moved):
    mail = sent(step)
    (given,) = step.sources
    assert (given["gives"], given["entry"]) == ("due date", f"{TIKTOK}.pause-1-opened")
    words = "to TikTok”, 90 FR 8611, published 30 January 2025"
    assert words in " ".join(mail.text.split())
    assert words in Page(mail.html).text
    addresses = [source.get("url") or source["seen_at"] for source in given["sources"]]
    assert set(addresses) <= set(Page(mail.html).addresses())
    assert mail.data["data"]["sources"][0]["sources"] == given["sources"]
    unread = replace(step, sources=(given | {"sources": [{"citation": "90 FR 1", "unread": True}]},))
    assert "Source of the due date\n- 90 FR 1; nobody here read it\n" in sent(unread).text
    closed = say(bundled, (2026, 1, 23, 14), TIKTOK, "pause-2", "closed", status="met", former="open", on="2026-01-23")
    assert [each["gives"] for each in closed.sources] == ["end", "due date"]
    assert re.search(r"^Sources? of the end$", sent(closed).text, re.MULTILINE)
    once = sent(step, replace(moved, exact=step.exact)).text
    assert once.count(addresses[0]) == 1


def test_what_two_alerts_say_of_one_window_is_said_once(bundled, moved):
    facts = {"step": "75", "due": "2025-06-19", "on": "2025-04-05"}
    left = say(bundled, (2025, 4, 5, 14), TIKTOK, "pause-1", "step", **facts)
    mail = sent(moved, left)
    for words in (mail.text, Page(mail.html).text):
        assert words.count("75 calendar days") == 1
        assert words.count("Opened by EO 14166, reaching back") == 1
        assert "75 days left: “Pause in enforcement” is due on" in words
    assert "The rest: as in alert 1\n" in mail.text
    assert mail.text.count("/account/alerts/items/a1b2\n") == 2
    assert [alert["window"]["days_left"] for alert in mail.data["data"]["alerts"]] == [75, 75]
    assert "as in alert" not in sent(left).text


def test_the_same_facts_give_the_same_message_at_each_try(step):
    assert sent(step) == sent(step)


def test_a_message_without_a_way_out_names_none(step):
    mail = sent(step, leave_url=None)
    assert mail.leave_url is None
    assert "no more of these" not in mail.text + mail.html
    with pytest.raises(ValueError, match="at least one"):
        sent()


def test_a_test_says_plainly_that_it_is_one_and_its_example_is_on_record(bundled):
    its = sample(bundled.log, micros(datetime(2025, 3, 1, 14, tzinfo=UTC)))
    mail = test_message(id="t1", made=MADE, base_url=BASE, channel="anna@example.org", sample=its, leave_url=LEAVE)
    assert mail.subject == "Test of “anna@example.org”, sent at 14:00 UTC on 29 March 2025"
    assert mail.text.startswith("This is a test of the channel “anna@example.org”, sent at 14:00 UTC")
    assert "13 days left: “Comments on the memory rule of December 2024” is due on\n14 March 2025.\n" in mail.text
    assert (mail.data["type"], mail.data["data"]["test"]) == ("test", True)
    assert "an example" in Page(mail.html).text
    empty = test_message(id="t2", made=MADE, base_url=BASE, channel="anna@example.org", sample=None, leave_url=None)
    assert "there is nothing to\nshow as an example." in empty.text
    assert empty.data["data"]["sample"] is None
    assert "days left" not in empty.text + empty.html


def test_a_confirmation_says_who_asks_what_and_to_ignore_it_otherwise():
    link = f"{BASE}/account/alerts/confirm/abc"
    mail = confirmation(id="c1", made=MADE, base_url=BASE, address="anna@example.org", confirm_url=link)
    assert link in mail.text.splitlines()
    assert link in Page(mail.html).addresses()
    assert "If you did not ask for it, ignore this message" in mail.text
    assert "anna@example.org" in mail.text
    assert mail.leave_url is None


@pytest.fixture(scope="module")
def chromium():
    with launched() as browser:
        yield browser


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed here (on Debian: apt-get install chromium)")
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_mail_reads_well_on_a_phone_and_asks_nothing_of_any_server(chromium, step, moved, denied, new, colours):
    long = replace(denied, title="x" * 300, subject="x" * 300, sentence="x" * 300)
    mail = sent(step, moved, long, new, digest=Digest("daily", date(2025, 3, 29)), untold=["y" * 200])
    context = chromium.new_context(viewport={"width": 360, "height": 740}, color_scheme=colours)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(mail.html)
    assert asked == []
    assert runs_out(page) == 0
    assert serious(page) == []
    paper = page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(24, 31, 40)"}[colours]
    small = page.evaluate("[...document.querySelectorAll('.go')].map(a => a.getBoundingClientRect().height).filter(h => h < 40)")
    assert small == []
    context.close()
