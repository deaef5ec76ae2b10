"""A file of policies: stored whole or not at all, the same file twice changes nothing, each problem at its line and field."""

from pathlib import Path

import pytest

from alerts.book import Alerts
from alerts.channels import Senders
from alerts.channels.settings import read_sending
from alerts.policy_loading import load_policies
from importers.yaml_lines import BadFile, parsed
from service.people import People

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = {
    "DAYBOOK_SMTP": "smtp://127.0.0.1:25", "DAYBOOK_MAIL_FROM": "alerts@example.org", "DAYBOOK_WEBHOOK_ALLOW": "127.0.0.1", "DAYBOOK_APPRISE_SCHEMES": "slack ntfy",
}  # fmt: skip
WHOLE = """\
filters:
  - account: ann
    name: Pauses
    about: {words: pause}
preferences:
  - account: ann
    time_zone: Europe/Berlin
    quiet_from: 22:00
    quiet_until: 07:00
policies:
  - account: ann
    name: Every pause
    filter: Pauses
    ladder: [30, 7d, 12h, 0d]
    changes: [moved, closed]
    channels:
      - email: ann@example.org
      - webhook: http://127.0.0.1:9/hook
        name: Ours
        rhythm: daily
      - page: true
        ladder: [3d]
  - house: true
    name: All for the desk
    channels:
      - apprise: $CHAT_URL
"""
TABLES = ("policies", "channels", "filters", "preferences", "audit")


class Desk:
    """A daybook with an account, and files for it."""

    def __init__(self, book, folder):
        self.book, self.folder = book, folder
        self.alerts = Alerts(book.log, book.clock, Senders(read_sending(ALLOWED, "http://localhost")), "http://localhost")
        self.people = People(book.log.recorder, book.clock)
        self.ann = self.people.accounts.add("ann", "reader", "shell").id

    def load(self, text, **environ):
        path = self.folder / "alerts.yaml"
        path.write_text(text, encoding="utf-8")
        return load_policies(self.alerts, path, {"CHAT_URL": "ntfy://a-secret-topic/"} | environ)

    def refused(self, text, **environ):
        """The problems of a file of which nothing was stored, each without the folder."""
        before = self.stored()
        with pytest.raises(BadFile) as refusal:
            self.load(text, **environ)
        assert self.stored() == before
        return [problem.replace(f"{self.folder}/", "") for problem in refusal.value.problems]

    def stored(self):
        return [self.book.rows(f"SELECT * FROM {table}") for table in TABLES]


@pytest.fixture
def desk(book, tmp_path):
    return Desk(book, tmp_path)


def test_a_file_makes_policies_filters_preferences_and_channels(desk):
    loaded = desk.load(WHOLE)
    assert (loaded.new, loaded.changed, loaded.same, len(loaded.channels)) == (4, 0, 0, 3)
    (hers,) = desk.alerts.policies.of(desk.ann)
    (saved,) = desk.alerts.filters.of(desk.ann)
    by_kind = {each.kind: each for each in desk.alerts.ways.of(desk.ann)}
    page, mail, hook = (by_kind[kind] for kind in ("page", "email", "webhook"))
    assert (hers.name, hers.filter, hers.changes) == ("Every pause", saved.id, ("moved", "closed"))
    assert [(r.channel, " ".join(s.text for s in r.ladder), r.rhythm) for r in hers.routes] == [
        (mail.id, "30d 7d 0d 12h", "at once"), (hook.id, "30d 7d 0d 12h", "daily"), (page.id, "3d", "at once"),
    ]  # fmt: skip
    assert (mail.target, hook.name, bool(mail.confirmed and hook.confirmed)) == ("ann@example.org", "Ours", True)
    its = desk.alerts.wishes.of(desk.ann)
    assert (its.time_zone, its.quiet_from, its.quiet_until) == ("Europe/Berlin", "22:00", "07:00")
    ((house,), (chat,)) = desk.alerts.policies.of(None), desk.alerts.ways.of(None)
    assert (house.name, house.routes[0].channel, chat.target) == ("All for the desk", chat.id, "ntfy://a-secret-topic/")


def test_the_same_file_twice_changes_nothing(desk):
    desk.load(WHOLE)
    before = desk.stored()
    desk.book.clock.now += 86_400_000_000
    loaded = desk.load(WHOLE)
    assert (loaded.new, loaded.changed, loaded.same, loaded.channels) == (0, 0, 4, [])
    assert desk.stored() == before


def test_what_a_changed_file_still_asks_for_goes_on_counting(desk):
    desk.load(WHOLE)
    (before,) = desk.alerts.policies.of(desk.ann)
    desk.book.clock.now += 86_400_000_000
    loaded = desk.load(WHOLE.replace("[30, 7d, 12h, 0d]", "[30, 14d, 7d, 12h, 0d]"))
    assert (loaded.new, loaded.changed, loaded.same) == (0, 1, 3)
    (after,) = desk.alerts.policies.of(desk.ann)
    mail = after.routes[0].channel
    assert (after.id, after.counts_from(mail, "7d")) == (before.id, before.counts_from(mail, "7d"))
    assert after.counts_from(mail, "14d") == desk.book.clock()


def test_a_file_confirms_an_address_and_leaves_a_channel_off_that_its_owner_left(desk):
    desk.load(WHOLE)
    mail = next(each for each in desk.alerts.ways.of(desk.ann) if each.kind == "email")
    desk.alerts.ways.turn_off(mail.id, desk.ann, desk.ann, "Left by its link.")
    desk.load(WHOLE)
    assert desk.alerts.ways.get(mail.id, desk.ann).off == "Left by its link."


def policy(lines, whose="account: ann"):
    """A file of one policy, whose other fields begin on line 4."""
    return f"policies:\n  - {whose}\n    name: P\n{lines}"


PAGE = "    channels: [{page: true}]\n"
BAD = (
    (policy(PAGE + "    ladder: [7d, -3d]\n"), "alerts.yaml, line 5, field ladder (policies entry “P”): “-3d” lies after the due date."),
    (policy(PAGE, "account: bob"), "alerts.yaml, line 2, field account (policies entry “P”): There is no account “bob”."),
    (policy(PAGE, "color: red"), "line 2, field color (policies entry “P”): There is no such field here."),
    (policy("    channels: [{email: a@example.org}]\n    house: true\n"), "line 2, field account (policies entry “P”): Give either `account`"),
    (policy(PAGE + "    filter: Lost\n"), "line 5, field filter (policies entry “P”): There is no filter called “Lost”"),
    (policy(PAGE + "    about: {words: pause}\n    filter: Lost\n"), "line 6, field filter (policies entry “P”): There is no filter"),
    (policy(PAGE + "    about:\n      kind: Nonsense\n"), "line 6, field about.kind (policies entry “P”): “Nonsense” is not a kind of entry."),
    (policy(PAGE + "    about: {window: w}\n"), "line 5, field about.matter (policies entry “P”): Say which matter the window is of."),
    (policy(PAGE + "    about:\n      matter: nowhere\n"), "line 6, field about.matter (policies entry “P”): There is no matter “nowhere”."),
    ("filters:\n  - account: ann\n    name: F\n    about: {matter: nowhere}\n", "line 4, field about.matter (filters entry “F”): There is no matter “nowhere”."),
    (policy(PAGE + "    changes: [gone]\n"), "line 5, field changes.0 (policies entry “P”): is one of: moved"),
    (policy(PAGE + "    paused: perhaps\n"), "line 5, field paused (policies entry “P”): must be true or false."),
    (policy(""), "line 2, field channels (policies entry “P”): is required."),
    (policy("    channels: []\n"), "line 4, field channels (policies entry “P”): Give one to 10 channels."),
    (policy("    channels:\n      - page: true\n      - email: nobody\n"), "line 6, field channels.1.email (policies entry “P”):"),
    (policy("    channels:\n      - page: true\n        email: a@example.org\n"), "line 5, field channels.0 (policies entry “P”): A channel is one of"),
    (policy("    channels:\n      - page: true\n      - page: true\n"), "line 6, field channels.1 (policies entry “P”): This channel is chosen twice."),
    (policy("    channels:\n      - page: true\n        rhythm: hourly\n"), "line 6, field channels.0.rhythm (policies entry “P”): is one of: at once"),
    (policy("    channels:\n      - page: true\n        ladder: [soon]\n"), "line 6, field channels.0.ladder (policies entry “P”): “soon” is not a lead time."),
    (policy("    channels:\n      - webhook: http://10.0.0.1/\n"), "line 5, field channels.0.webhook (policies entry “P”):"),
    (policy("    channels:\n      - webhook: $NOT_SET\n"), "line 5, field channels.0.webhook (policies entry “P”): The environment has no NOT_SET."),
    (policy("    channels:\n      - apprise: ntfy://x/\n"), "line 5, field channels.0.apprise (policies entry “P”): A service by URL is the house's alone"),
    (policy("    channels:\n      - apprise: syslog://x\n", "house: true"), "line 5, field channels.0.apprise (policies entry “P”): “syslog” is not a service that is allowed here."),
    (policy(PAGE, "house: true"), "line 4, field channels.0.page (policies entry “P”): The house has no page of its own"),
    (policy("    channels: [{email: a@example.org}]\n    filter: F\n", "house: true"), "line 5, field filter (policies entry “P”): The house has no saved filters"),
    (policy(PAGE) + "  - account: ann\n    name: P\n" + PAGE, "line 6, field name (policies entry “P”): It stands in this file twice."),
    ("policies:\n  - x\n", "line 2 (policies): must be a mapping of fields."),
    ("policies: x\n", "line 1, field policies: must be a list."),
    ("polices: []\n", "line 1, field polices: There is no such field here."),
    ("[]\n", "line 1: a file of alerts has a list of `policies:`"),
    ("policies: [\n", "line 2: not YAML that can be read"),
    ("filters:\n  - account: ann\n    name: F\n", "line 2, field about (filters entry “F”): is required."),
    ("filters:\n  - name: F\n    about: {}\n", "line 2, field account (filters entry “F”): is required."),
    ("preferences:\n  - account: ann\n    time_zone: Mars\n", "line 3, field time_zone (preferences): “Mars” is not a time zone."),
    ("preferences:\n  - account: ann\n    quiet_from: 22:00\n", "line 2, field quiet_until (preferences): Quiet hours have a beginning and an end."),
    ("preferences:\n  - account: ann\n  - account: ann\n", "line 3, field account (preferences): It stands in this file twice."),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BAD)
def test_what_is_wrong_is_told_with_file_line_and_field_and_nothing_is_stored(desk, text, expected):
    (problem,) = desk.refused(text)
    assert expected in problem, problem
    assert problem.startswith("alerts.yaml")


def test_a_window_and_a_matter_must_be_there_for_the_account_to_see(desk):
    desk.book.open("m")
    desk.book.open("hidden", group="desk")
    (problem,) = desk.refused(policy(PAGE + "    about: {matter: m, window: w}\n"))
    assert "line 5, field about.window (policies entry “P”): The matter “m” has no window “w”." in problem
    hidden = policy(PAGE + "    about: {matter: hidden}\n")
    (problem,) = desk.refused(hidden)
    assert "There is no matter “hidden”." in problem
    desk.people.accounts.join(desk.ann, "desk", "shell")
    assert desk.load(hidden).new == 1


def test_one_bad_entry_keeps_the_good_ones_of_its_file_out_and_all_are_told(desk):
    text = (
        WHOLE
        + "  - account: bob\n    name: A\n    channels: [{page: true}]\n  - account: carl\n    name: B\n    channels: [{page: true}]\n"
    )
    first, second = desk.refused(text)
    assert (first.partition(", field")[0], second.partition(", field")[0]) == ("alerts.yaml, line 27", "alerts.yaml, line 30")


def test_a_url_with_a_secret_is_never_repeated(desk):
    problems = desk.refused(WHOLE, CHAT_URL="pigeon://top-secret-token/")
    assert "line 26, field channels.0.apprise" in problems[0]
    assert "top-secret-token" not in "".join(problems)


def test_more_channels_than_fit_are_refused_whole(desk):
    urls = "".join(f"      - webhook: http://127.0.0.1:9/{n}\n" for n in range(8))
    text = "policies:\n" + "".join(
        f"  - account: ann\n    name: P{n}\n    channels:\n{urls.replace(':9/', f':{9 + n}/')}" for n in range(3)
    )
    (problem,) = desk.refused(text)
    assert "line 30, field channels.3.webhook (policies entry “P2”): There are 20 channels already" in problem


def test_the_example_in_the_docs_is_read(own_bundled, tmp_path):
    desk = Desk(own_bundled, tmp_path)
    page = (ROOT / "docs" / "alert-files.md").read_text(encoding="utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0]
    loaded = desk.load(example, SLACK_URL="slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/")
    assert loaded.new == 5
    assert desk.load(example, SLACK_URL="slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/").same == 5


def test_a_time_of_day_is_read_as_it_is_written(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("at: 22:00\nnumber: 0o17\nwhole: 1320\n")
    assert parsed(path) == {"at": "22:00", "number": "0o17", "whole": 1320}
