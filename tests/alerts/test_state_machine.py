"""Whatever happens, alerts arrive once: two clocks over one store, crashes, moves, snoozes and time, against a model in plain Python."""

import os
import shutil
from datetime import date, datetime, timedelta

import pytest
import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from alerts.book import Alerts
from alerts.clock import tick
from domain.instants import micros
from service.people import People
from service.recording import LOADER
from service.visitor import Visitor
from tests.alerts.proving import DAY, HOUR, Crash, Dying, Window, World, local
from tests.conftest import Clock, Recorder

EXAMPLES = int(os.environ.get("DAYBOOK_EXAMPLES", "40"))
STEPS = 25
START = micros(datetime.fromisoformat("2025-03-03T12:00+00:00"))
ZONES = {"ny": "America/New_York", "utc": "UTC"}
LADDERS = (["30d", "14d", "7d", "3d", "1d", "0d"], ["7d", "2d", "1d", "0d", "12h", "1h"], ["5d", "48h", "6h"], ["1d"])
CHANGES = st.sampled_from([[], ["moved"], ["moved", "closed", "conflict", "amended", "new"]])
RHYTHMS = st.sampled_from(["at once", "at once", "daily", "weekly"])
LADDERS_OF_TWO = st.lists(st.sampled_from(LADDERS), min_size=2, max_size=2)
PEOPLE, CHANNELS, WINDOWS = ("ann", "bob"), ("ann-1", "ann-2", "bob-1"), ("w0", "w1", "w2", "w3")
DEATHS = st.one_of(st.none(), st.none(), st.none(), st.tuples(st.integers(0, 7), st.sampled_from(["before", "in it", "after"])))
RECEIVED = st.sampled_from([None, None, None, "before it is noted", "after it is noted"])
HOURS = st.sampled_from([1, 5, 12, 23, 24, 30, 48, 70, 100, 170])
anyone, window, channel, clock = (st.sampled_from(each) for each in (PEOPLE, WINDOWS, CHANNELS, (0, 1)))
days = st.integers(0, 45)


@pytest.fixture(autouse=True, scope="module")
def _quietly():
    """Thousands of lines of the log would only slow it down."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50), cache_logger_on_first_use=False)
    yield
    structlog.configure(**before)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A store with two matters, two people and three webhooks, to be copied: its file, and the ids that it gave."""
    path = tmp_path_factory.mktemp("house") / "daybook.sqlite"
    book = Recorder(path, Clock(START - DAY))
    for matter, time_zone in ZONES.items():
        book.open(matter, time_zone)
    world = World(START)
    alerts, people = Alerts(book.log, book.clock, world, "http://daybook.test"), People(book.log.recorder, book.clock)
    ids = {name: people.accounts.add(name, "editor", "shell").id for name in PEOPLE}
    for name in CHANNELS:
        owner = ids[name.split("-")[0]]
        ids[name] = alerts.ways.make({"kind": "webhook", "target": f"http://{name}.test"}, Visitor(owner, "editor"))[0].id
    book.log.close()
    return path, ids


PHASES = (Phase.explicit, Phase.reuse, Phase.generate) if "DAYBOOK_EXAMPLES" not in os.environ else tuple(Phase)
"""A failure is told at once in the whole run; whoever looks for its smallest form sets DAYBOOK_EXAMPLES."""


class Alerting(RuleBasedStateMachine):
    """Two clocks, two people with three webhooks, up to four windows in two zones."""

    house = None
    copies = 0

    def __init__(self):
        super().__init__()
        path, self.ids = self.house
        Alerting.copies += 1
        copy = path.with_name(f"copy-{Alerting.copies}.sqlite")
        shutil.copy(path, copy)
        self.clock, self.world = Clock(START), World(START)
        self.books = [Recorder(copy, self.clock), Recorder(copy, self.clock)]
        self.alerts = [Alerts(book.log, self.clock, self.world, "http://daybook.test") for book in self.books]
        self.dying = [Dying(book.log.recorder.writing) for book in self.books]
        for book, dying in zip(self.books, self.dying, strict=True):
            book.log.recorder.writing = dying
        for name in CHANNELS:
            self.world.owners[self.ids[name]] = self.ids[name.split("-")[0]]
            self.world.on[self.ids[name]] = START - DAY
        self.entries = 0
        self.latest = dict.fromkeys(ZONES, date(2025, 1, 1))

    def teardown(self):
        try:
            self._in_the_end()
        finally:
            for book in self.books:
                book.log.close()
                for file in book.path.parent.glob(book.path.name + "*"):
                    file.unlink()

    # what is recorded

    @initialize(
        dues=st.lists(st.integers(3, 35), min_size=2, max_size=2), ladder=st.sampled_from(LADDERS), rhythm=RHYTHMS, changes=CHANGES
    )
    def two_windows_run_and_two_people_are_told(self, dues, ladder, rhythm, changes):
        for name, due in zip(WINDOWS, dues, strict=False):
            self._open(name, due, LOADER)
        self._keep("p1", "ann", None, [ladder, LADDERS[0]], changes, rhythm)
        self._keep("p1", "bob", None, [LADDERS[1]], changes, "at once")
        self._tick(0, None)

    @rule(name=window, due=st.integers(0, 45), actor=st.sampled_from([LOADER, "tester"]))
    def a_window_opens(self, name, due, actor):
        self._open(name, due, actor)

    def _open(self, name, due, actor):
        matter = "ny" if name in ("w0", "w2") else "utc"
        if name in self.world.windows:
            return
        due = self._today(matter) + timedelta(due)
        details = {"window": name, "title": f"The {name}", "purpose": "comments", "due": due.isoformat()}
        self.books[0].record(matter, "WindowOpened", name, actor, occurred="2025-01-20", announced="2025-01-20", details=details)
        self.world.windows[name] = Window(matter, name, ZONES[matter], [(due, name)])

    def _today(self, matter):
        return local(self.clock(), ZONES[matter]).date()

    def _record(self, window, kind, key=None, **more):
        """An entry of yesterday, or of the same day as the last one, so that each takes effect in turn."""
        self.entries += 1
        key, matter = key or f"e{self.entries}", window.matter
        self.latest[matter] = max(self.latest[matter], self._today(matter) - timedelta(1))
        on = self.latest[matter].isoformat()
        if kind != "EntryRetracted":
            more = {"details": {"window": window.name} | more}
        self.books[0].record(matter, kind, key, occurred=on, announced=on, **more)
        return key

    def _running(self, name):
        found = self.world.windows.get(name)
        return found if found and not found.is_closed else None

    @rule(name=window, by=days)
    def a_due_date_moves(self, name, by):
        its = self._running(name)
        due = self._today(its.matter) + timedelta(by) if its else None
        if its and due != its.due:
            self.entries += 1
            its.dues.append((due, self._record(its, "WindowExtended", due=due.isoformat(), legal_basis=f"EO {self.entries}")))
            self.world.snoozed = {key: how for key, how in self.world.snoozed.items() if key[1] != name}  # a move ends them

    @rule(name=window)
    def a_move_is_taken_back(self, name):
        its = self._running(name)
        if its and len(its.dues) > 1:
            self._record(its, "EntryRetracted", of=[its.dues.pop()[1]], reason="It was a slip.", slip="ours")

    @rule(name=window, status=st.sampled_from(["met", "withdrawn", "suspended", "superseded"]))
    def a_window_ends_or_rests(self, name, status):
        its = self._running(name)
        other = next((w for w in self.world.windows.values() if its and w.matter == its.matter and w is not its), None)
        if its is None or its.status == status or (status == "superseded" and (other is None or other.is_closed)):
            return
        what = {"met": {"evidence": "Done."}, "withdrawn": {"reason": "No need."}, "suspended": {"legal_basis": "An order"}}
        details = what.get(status) or {"superseded_by": other.name}
        self._record(its, "Window" + status.capitalize(), **details)
        its.status = status

    # what people ask for

    @rule(
        name=st.sampled_from(["p1", "p2"]), who=anyone, window=st.one_of(st.none(), window), ladders=LADDERS_OF_TWO, changes=CHANGES, rhythm=RHYTHMS,
    )  # fmt: skip
    def a_policy_is_kept(self, name, who, window, ladders, changes, rhythm):
        self._keep(name, who, window, ladders, changes, rhythm)

    def _keep(self, name, who, window, ladders, changes, rhythm):
        policies, account = self.alerts[0].policies, self.ids[who]
        about = {"matter": "ny" if window in ("w0", "w2") else "utc", "window": window} if window else {}
        to = [self.ids[each] for each in CHANNELS if each.startswith(who)]
        routes = [{"channel": each, "ladder": ladder, "rhythm": rhythm} for each, ladder in zip(to, ladders, strict=False)]
        raw = {"name": name, "about": about, "routes": routes, "changes": changes}
        there = self.world.policies.get((who, name))
        kept = policies.keep(policies.read(raw, account, self.clock(), there and there["id"]), account)
        asked = {(route["channel"], step.removesuffix("d")): self.clock() for route in routes for step in route["ladder"]}
        before = {ask: since for ask, since in (there["since"] if there else {}).items() if window == there["window"]}
        self.world.policies[(who, name)] = {"id": kept.id, "window": window, "since": {a: before.get(a, asked[a]) for a in asked}}

    @rule(name=st.sampled_from(["p1", "p2"]), who=anyone)
    def a_policy_is_deleted(self, name, who):
        its = self.world.policies.pop((who, name), None)
        if its:
            self.alerts[0].policies.delete(its["id"], self.ids[who], self.ids[who])

    @rule(name=channel)
    def a_channel_is_turned_off_or_on(self, name):
        key, owner = self.ids[name], self.world.owners[self.ids[name]]
        if self.world.on[key] is None:
            self.alerts[0].ways.turn_on(key, owner, owner)
            self.world.on[key] = self.clock()
        else:
            self.alerts[0].ways.turn_off(key, owner, owner, "asked for")
            self.world.turn_off(key)

    @rule(who=anyone, name=window, hours=st.integers(1, 200))
    def a_window_is_snoozed(self, who, name, hours):
        if name in self.world.windows:
            until = self.clock() + hours * HOUR
            self.alerts[0].wishes.snooze(self.ids[who], self.world.windows[name].matter, name, until)
            self.world.snoozed[(self.ids[who], name)] = (until, self.world.rule)

    @rule(who=anyone, name=window)
    def a_due_date_is_acknowledged(self, who, name):
        its = self.world.windows.get(name)
        if its:
            version = f"{its.due.isoformat()} {its.matter}.{its.version[1]}"
            self.alerts[0].wishes.acknowledge(self.ids[who], its.matter, name, version)
            self.world.acknowledged.add((self.ids[who], name, its.version))

    @rule(
        who=anyone,
        hours=st.sampled_from([None, ("22:00", "08:00", "Asia/Tokyo"), ("01:00", "05:00", "UTC"), ("12:30", "20:00", "UTC")]),
    )
    def hours_are_quiet(self, who, hours):
        raw = dict(zip(("quiet_from", "quiet_until", "time_zone"), hours or (None, None, "UTC"), strict=True))
        self.alerts[0].wishes.keep(raw, self.ids[who])
        self.world.quiet.pop(self.ids[who], None)
        if hours:
            self.world.quiet[self.ids[who]] = hours

    # what receivers, clocks and time do

    @rule(name=channel)
    def a_receiver_fails_or_works(self, name):
        self.world.failing ^= {self.ids[name]}

    @rule(hours=HOURS)
    def time_goes_on(self, hours):
        self._set(self.clock() + hours * HOUR + 61_000_001)

    @rule(times=st.integers(1, 8), hours=st.sampled_from([3, 8, 24]), which=clock)
    def a_clock_runs_for_a_while(self, times, hours, which):
        for _ in range(times):
            self.time_goes_on(hours)
            self._tick(which, None)
            self._send(which, None, None)

    @rule(hours=HOURS, which=clock, death=DEATHS, received=RECEIVED)
    def a_clock_wakes_later(self, hours, which, death, received):
        self.time_goes_on(hours)
        self._tick(which, None)
        self._send(which, death, received)

    @rule(minutes=st.integers(1, 90))
    def the_clock_is_set_back(self, minutes):
        earlier = self.clock() - minutes * 60_000_000
        if all(local(earlier, zone).date() >= self.latest[matter] for matter, zone in ZONES.items()):
            self._set(earlier)

    def _set(self, now):
        self.clock.now = self.world.now = now

    @rule(which=clock, death=DEATHS)
    def a_clock_ticks(self, which, death):
        self._tick(which, death)

    @rule(which=clock, death=DEATHS, received=RECEIVED)
    def a_clock_sends(self, which, death, received):
        self._send(which, death, received)

    def _tick(self, which, death):
        self.world.looked(perhaps=True)
        if self._alive(which, death, lambda: tick(self.alerts[which], self.clock())):
            self.world.looked()

    def _send(self, which, death, received):
        self.world.dies = received
        self._alive(which, death, self.alerts[which].work)
        self.world.dies = None

    def _alive(self, which, death, work):
        dying = self.dying[which]
        dying.left, dying.where = death or (None, "before")
        try:
            work()
        except Crash:
            self.world.crashed = True
            return False
        finally:
            dying.left = None
        return True

    @invariant()
    def nothing_untrue_or_double_was_told(self):
        assert self.world.wrong == [], self.world.wrong
        self.world.rule += 1
        self.world.excuse()

    def _in_the_end(self):
        """All receivers work, and time enough goes by: what was owed has come."""
        self.world.failing.clear()
        self._tick(0, None)
        self.world.excuse()
        owed = self.world.owed
        self.world.owed = dict(owed)
        for _ in range(22):
            self._set(self.clock() + 16 * HOUR)
            self._tick(0, None)
            self._send(0, None, None)
        self.world.owed = owed
        assert self.world.wrong == [], self.world.wrong
        assert self.world.lost() == [], self.world.lost()


def test_alerts_arrive_once_whatever_happens(house):
    Alerting.house = house
    quick = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, print_blob=True, phases=PHASES,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )  # fmt: skip
    run_state_machine_as_test(Alerting, settings=quick)
