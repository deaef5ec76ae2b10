"""For the proof that alerts arrive once: receivers that fail or die on demand, and what they must have got, reckoned anew in plain Python."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.model import DeliveryFailed

HOUR = 3_600_000_000
DAY = 24 * HOUR
LONG = 60 * HOUR
"""A message that first failed so long ago may have been given up; after three days it was."""


class Crash(BaseException):
    """The process is gone in the midst of what it did. Nothing in the code may catch it."""


def instant(day: date, time_zone: str, at: time = time.min) -> int:
    """A time of a day in a zone as microseconds since 1970."""
    moment = datetime.combine(day, at, ZoneInfo(time_zone)).astimezone(UTC)
    return round(moment.timestamp()) * 1_000_000


def local(now: int, time_zone: str) -> datetime:
    """What the clock on the wall shows in a zone."""
    return datetime.fromtimestamp(now / 1e6, ZoneInfo(time_zone))


@dataclass
class Dying:
    """Stands before a recorder's `writing`, and dies at the n-th transaction from now: before it, in it, or when it is just stored."""

    writing: object
    left: int | None = None
    where: str = "before"

    def __call__(self):
        from contextlib import contextmanager

        if self.left is None:
            return self.writing()
        self.left -= 1
        if self.left >= 0:
            return self.writing()
        self.left = None

        @contextmanager
        def last():
            if self.where == "before":
                raise Crash
            with self.writing() as c:
                yield c
                if self.where == "in it":
                    raise Crash
            raise Crash

        return last()


@dataclass
class Window:
    """What is on record of a window: the due dates that were given, the last of which counts, and its status."""

    matter: str
    name: str
    time_zone: str
    dues: list[tuple[date, str]]
    status: str = "open"
    seen: dict[tuple[date, str], tuple[date, int]] = field(default_factory=dict)
    perhaps_seen: dict[tuple[date, str], tuple[date, int]] = field(default_factory=dict)

    @property
    def version(self) -> tuple[date, str]:
        return self.dues[-1]

    @property
    def due(self) -> date:
        return self.dues[-1][0]

    @property
    def ends(self) -> int:
        return instant(self.due + timedelta(1), self.time_zone)

    def is_over(self, now: int) -> bool:
        return now >= self.ends

    @property
    def is_closed(self) -> bool:
        return self.status not in ("open", "suspended")

    def moment(self, step: str) -> int:
        if step.endswith("h"):
            return self.ends - int(step[:-1]) * HOUR
        return instant(self.due - timedelta(int(step)), self.time_zone)

    def is_history(self, step: str, since: int, seen: tuple[date, int]) -> bool:
        """Reached before the due date was first seen or before it was asked for: on an earlier day; for hours, at an earlier instant."""
        if step.endswith("h"):
            return self.moment(step) < max(seen[1], since)
        return self.due - timedelta(int(step)) < max(seen[0], local(since, self.time_zone).date())


@dataclass
class Noted:
    """One alert that a receiver noted: `steps` are all that it tells or sums up."""

    channel: str
    window: str | None
    version: tuple[date, str] | None
    steps: set[str]


@dataclass
class Owed:
    """A step that a channel must be told, or must find summed up in something that it is told."""

    channel: str
    window: str
    version: tuple[date, str]
    step: str
    failed: int | None = None
    is_excused: bool = False


@dataclass
class World:
    """All that is so, kept by hand: windows, who asks for what, who wants quiet; and what the receivers noted."""

    now: int
    windows: dict[str, Window] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    on: dict[str, int | None] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    policies: dict[str, dict] = field(default_factory=dict)
    snoozed: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    acknowledged: set = field(default_factory=set)
    quiet: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    rule: int = 0
    crashed: bool = False
    dies: str | None = None
    first_try: dict[str, int] = field(default_factory=dict)
    carried: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    ever: dict[tuple, int] = field(default_factory=dict)
    told: dict[tuple, str] = field(default_factory=dict)
    noted: list[Noted] = field(default_factory=list)
    owed: dict[tuple, Owed] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    # who asks for what

    def asked(self, channel: str, window: Window) -> dict[str, int]:
        """The steps that a channel is to be told of a window, each with the instant from which it counts."""
        found: dict[str, int] = {}
        if self.on[channel] is None:
            return found
        for policy in self.policies.values():
            if policy["window"] in (None, window.name):
                for (to, step), since in policy["since"].items():
                    if to == channel:
                        counts = max(since, self.on[channel])
                        found[step] = min(counts, found.get(step, counts))
        return found

    # what a tick owes

    def looked(self, perhaps: bool = False) -> None:
        """A clock looked (perhaps: it died somewhere on its way): what was reached is owed from now on."""
        for window in self.windows.values():
            if window.is_closed or (window.is_over(self.now) and not window.perhaps_seen):
                continue
            sight = (local(self.now, window.time_zone).date(), self.now)
            window.perhaps_seen.setdefault(window.version, sight)
            self._ask(window)
            if perhaps:
                continue
            window.seen.setdefault(window.version, sight)
            for channel in self.owners:
                for step, since in self.asked(channel, window).items():
                    reached = window.moment(step) <= self.now
                    if reached and not window.is_history(step, since, window.seen[window.version]):
                        key = (channel, window.name, window.version, step)
                        self.owed.setdefault(key, Owed(*key))

    def _ask(self, window: Window) -> None:
        """From when each step was asked for, also where it was not for a while: what was raised once may still come."""
        for channel in self.owners:
            for step, since in self.asked(channel, window).items():
                key = (channel, window.name, step)
                self.ever[key] = min(since, self.ever.get(key, since))

    def turn_off(self, channel: str) -> None:
        """Nothing comes any more of what was asked for before."""
        self.on[channel] = None
        self.ever = {key: since for key, since in self.ever.items() if key[0] != channel}

    def excuse(self) -> None:
        """What need not be told any more: asked again after whatever happened."""
        for owed in self.owed.values():
            window = self.windows[owed.window]
            gone = window.is_closed or owed.step not in self.asked(owed.channel, window)
            if gone or (self.owners[owed.channel], owed.window, owed.version) in self.acknowledged:
                owed.is_excused = True

    def lost(self) -> list[Owed]:
        """What was owed and never came."""
        due = [o for o in self.owed.values() if not o.is_excused and self.windows[o.window].version == o.version]
        return [o for o in due if not any(self._pays(noted, o) for noted in self.noted)]

    def _pays(self, noted: Noted, owed: Owed) -> bool:
        same = (noted.channel, noted.window, noted.version) == (owed.channel, owed.window, owed.version)
        return same and owed.step in noted.steps

    # what a receiver gets

    def check(self, kind: str, target: str) -> str:
        return target

    def send(self, channel, message, now: int) -> None:
        """What every message goes through: noted, unless the receiver fails; and the process may die before or after."""
        self.first_try.setdefault(message.id, self.rule)
        if self.dies == "before it is noted":
            self._die()
        if channel.id in self.failing:
            self._fails(channel.id)
            raise DeliveryFailed("The receiver is away.")
        self._note(channel.id, message)
        if self.dies == "after it is noted":
            self._die()

    def _die(self) -> None:
        self.dies, self.crashed = None, True
        raise Crash

    def _fails(self, channel: str) -> None:
        for owed in self.owed.values():
            if owed.channel == channel:
                owed.failed = owed.failed or self.now
                owed.is_excused = owed.is_excused or self.now - owed.failed > LONG

    def _note(self, channel: str, message) -> None:
        data = message.data["data"]
        alerts = data["alerts"] if message.data["type"] == "digest" else [data]
        if self.on[channel] is None:
            self.wrong.append(f"{message.id} came to a channel that is off")
        self._not_in_quiet_hours(self.owners[channel], alerts, message.id)
        carried = {alert["alert"]: {*alert["passed"], *filter(None, [alert["step"]])} for alert in alerts}
        self._same_again(message.id, carried)
        for alert in alerts:
            self._one(channel, message.id, alert)

    def _same_again(self, message: str, carried: dict[str, set[str]]) -> None:
        first = self.carried.setdefault(message, carried)
        for alert, steps in carried.items():
            if alert not in first or not steps <= first[alert]:
                self.wrong.append(f"{message} came again with more than at first: {alert} {steps}, first {first}")
        for other, others in self.carried.items():
            if other != message and others.keys() & carried.keys():
                self.wrong.append(f"{others.keys() & carried.keys()} came in {other} and in {message}")

    def _one(self, channel: str, message: str, alert: dict) -> None:
        if alert["window"] is None:
            self.noted.append(Noted(channel, None, None, set()))
            return
        window = self.windows[alert["window"]["window"]]
        version, steps = window.version, {*alert["passed"], *filter(None, [alert["step"]])}
        what, says = (
            alert["what"],
            f"{message} to {channel}: {alert['subject']} ({alert['what']} {alert['step']} {alert['passed']})",
        )
        mine = {"step", "passed"} & {what}
        self.noted.append(Noted(channel, window.name, version if mine else None, steps))
        untrue = {
            "another due date": alert["window"]["due"] != window.due.isoformat(),
            "closed": bool(mine) and window.is_closed,
            "over": what == "step" and window.is_over(self.now),
            "not over": what == "passed" and not window.is_over(self.now),
            "not asked for": bool(mine) and not steps & self.asked(channel, window).keys(),
            "not reached": bool(mine) and any(window.moment(step) > self.now for step in steps),
            "acknowledged": bool(mine) and (self.owners[channel], window.name, version) in self.acknowledged,
            "snoozed": self._is_snoozed(channel, window.name, message),
            "another status": what == "closed" and alert["window"]["status"] not in (window.status, "lapsed"),
            "history": bool(mine) and all(self._is_history(channel, window, step) for step in steps),
        }
        self.wrong += [f"{says}: {why}" for why, so in untrue.items() if so]
        if what == "step":
            former = self.told.setdefault((channel, window.name, version, alert["step"]), message)
            if former != message:
                self.wrong.append(f"{says}: told before, by {former}")
        if mine and not self.crashed:
            again = [s for s in steps - {alert["step"]} if self.told.get((channel, window.name, version, s), message) != message]
            self.wrong += [f"{says}: {step} did not pass, it was told" for step in again]

    def _is_history(self, channel: str, window: Window, step: str) -> bool:
        since = self.ever.get((channel, window.name, step))
        return since is not None and window.is_history(step, since, window.perhaps_seen[window.version])

    def _is_snoozed(self, channel: str, window: str, message: str) -> bool:
        until, rule = self.snoozed.get((self.owners[channel], window), (0, 0))
        return until > self.now and self.first_try[message] > rule

    def _not_in_quiet_hours(self, person: str, alerts: list[dict], message: str) -> None:
        wakes = self.wakes(person)
        urgent = [a for a in alerts if a["what"] == "step" and self.windows[a["window"]["window"]].ends <= (wakes or 0)]
        if wakes and not urgent:
            self.wrong.append(f"{message} came in the quiet hours of {person}, until {wakes}")

    def wakes(self, person: str) -> int | None:
        """When the quiet hours end in which it is now."""
        if person not in self.quiet:
            return None
        begins, ends, time_zone = self.quiet[person]
        begins, ends = time.fromisoformat(begins), time.fromisoformat(ends)
        wall = local(self.now, time_zone)
        for day in (wall.date() - timedelta(1), wall.date()):
            last = day if ends > begins else day + timedelta(1)
            if instant(day, time_zone, begins) <= self.now < instant(last, time_zone, ends):
                return instant(last, time_zone, ends)
        return None
