"""Counting a period to its due date, with the steps that a lawyer can check.

`count` is the one way in. Each rule set cites its authority in `rules`; the calendar is asked as it was known on a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from domain.deadlines import steps
from domain.deadlines.calendars import DAY, Calendar, Closed
from domain.deadlines.periods import COUNTING, Period, add_plain, check_length, read_start, unit_named
from domain.deadlines.rules import RuleSet, rule_for
from domain.errors import BadValue
from domain.instants import day_of, moment, start_of, zone
from domain.when import FIRST_YEAR, LAST_YEAR, Span, read_day

TWO_DAYS = {"days": 2, "business days": 2, "weeks": 1, "months": 1, "years": 1, "hours": 48}
"""From which length on a period is one of two days or more."""
_NO_SPAN = "Hours under {rule} may go on to the same time on a later day, so an uncertain moment gives no span. Give one moment."


@dataclass(frozen=True)
class Counted:
    """A due date and how it came about.

    `due` is an ISO day, or for hours an instant; from an uncertain trigger it is a span (`2025-04-05/2025-05-05`), as
    `earliest` and `latest` say. `nominal` is where it would lie had nothing moved it, `skipped` are the closed days passed
    over, `steps` sentences in order, of which `cautions` say what an authority leaves open.
    """

    due: str
    rule: str
    authority: str
    steps: tuple[str, ...]
    earliest: date | datetime | None
    latest: date | datetime | None
    nominal: str
    skipped: tuple[Closed, ...] = ()
    cautions: tuple[str, ...] = ()

    def ends(self, due_is: str, time_zone: str) -> datetime | None:
        """The first instant at which it is over: after the last day, at the start of an effect day, or the instant itself."""
        last = self.latest
        if last is None:
            return None
        over = last + DAY if due_is == "last day" and not isinstance(last, datetime) else last
        return moment(start_of(over, time_zone)).astimezone(zone(time_zone))


@dataclass(frozen=True)
class _Moved:
    """Where the end lies now, the closed days passed over on the way, and what is to be said of it."""

    day: date
    passed: tuple[Closed, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class _End:
    """Where the count from one certain trigger ends, and where it would have ended had nothing moved it."""

    due: date | datetime
    nominal: date | datetime
    passed: tuple[Closed, ...]
    said: tuple[str, ...]
    cautions: tuple[str, ...]


def count(period: Period, known: date | None = None) -> Counted:
    """The due date of a period, with the calendar as known on a day (None: as known now).

    Raises `BadValue` naming the field (`start`, `length`, `unit`, `rule`, `before`, `counting`, `jurisdiction`, `zone`,
    `inaccessible`), and never guesses a date.
    """
    period = replace(period, unit=unit_named(period.unit))
    rule = rule_for(period)
    _check(period)
    trigger = read_start(period.start, period.zone)
    if rule.hours_roll and period.unit == "hours" and trigger.earliest != trigger.latest:
        raise BadValue(_NO_SPAN.format(rule=rule.name), "start")
    counter = _Counter(period, rule, rule.calendar(period, known), frozenset(read_day(day) for day in period.inaccessible))
    try:
        ends = [end and counter.end(end) for end in _triggers(trigger)]
    except OverflowError:
        way = "before" if period.before else "from"
        raise BadValue(f"{period.words()} {way} {period.start} leaves the years {FIRST_YEAR} to {LAST_YEAR}.", "length") from None
    return _counted(trigger, ends, rule)


def agrees(stated: Span, counted: Counted, time_zone: str) -> bool:
    """A stated and a counted due date may be the same day: one lies on the other, or their spans share a day."""

    def days(first: date | datetime | None, last: date | datetime | None) -> tuple[date, date]:
        return (day_of(first, time_zone) if first else date.min), (day_of(last, time_zone) if last else date.max)

    first, last = days(stated.earliest, stated.latest)
    counted_first, counted_last = days(counted.earliest, counted.latest)
    return first <= counted_last and counted_first <= last


def _check(period: Period) -> None:
    check_length(period.length, period.unit)
    if period.counting not in COUNTING:
        raise BadValue(f"One counts after the trigger or from it, not “{str(period.counting)[:40]}”.", "counting")
    for field, check, values in (
        ("zone", zone, [period.zone] if period.zone else []),
        ("inaccessible", read_day, period.inaccessible),
    ):
        try:
            [check(value) for value in values]
        except BadValue as error:
            raise BadValue(error.detail, field) from None


def _triggers(trigger: Span) -> tuple[date | datetime | None, ...]:
    """The certain days (or instants) to count from: one, or the two ends of a span; None for an end that is not known."""
    return (trigger.earliest,) if trigger.earliest == trigger.latest else (trigger.earliest, trigger.latest)


def _counted(trigger: Span, ends: Sequence[_End | None], rule: RuleSet) -> Counted:
    some = [end for end in ends if end]
    mark = "~" if len(ends) == 1 and trigger.approximate else ""
    return Counted(
        _span([end and end.due for end in ends]) + mark,
        rule.name,
        rule.authority,
        some[0].said if len(ends) == 1 and not mark else steps.of_a_span(trigger.text, [end and end.said for end in ends]),
        ends[0].due if ends[0] else None,
        ends[-1].due if ends[-1] else None,
        _span([end and end.nominal for end in ends]) + mark,
        tuple(dict.fromkeys(closed for end in some for closed in end.passed)),
        tuple(dict.fromkeys(caution for end in some for caution in end.cautions)),
    )


def _span(dues: list[date | datetime | None]) -> str:
    """One date, or a span in EDTF: `2025-04-05/2025-05-05`, `../2025-05-05`."""
    texts = [due.isoformat() if due else ".." for due in dues]
    return texts[0] if texts[0] == texts[-1] else "/".join(texts)


@dataclass(frozen=True)
class _Counter:
    """One period with its rule set, its calendar, and the days on which an office was inaccessible."""

    period: Period
    rule: RuleSet
    calendar: Calendar
    shut: frozenset[date]

    def end(self, trigger: date | datetime) -> _End:
        """Count from one certain trigger; raises `OverflowError` where that leaves the years that are kept."""
        return self._hours(trigger) if self.period.unit == "hours" else self._days(trigger)

    @property
    def step(self) -> timedelta:
        """One day in the direction of the count."""
        return self.period.step * DAY

    def _days(self, trigger: date | datetime) -> _End:
        day = (
            day_of(trigger, self.period.zone) if self.period.zone else trigger.date() if isinstance(trigger, datetime) else trigger
        )
        nominal, clipped, passed = self._nominal(day)
        said = (*steps.trigger(trigger, day, self.period), *steps.last(day, nominal, self.period, clipped), *steps.passed(passed))
        moved = self._move(day, nominal)
        cautions = self._cautions(day, nominal, moved)
        return _End(moved.day, nominal, passed + moved.passed, (*said, *moved.said, *self._about_calendar(), *cautions), cautions)

    def _hours(self, trigger: date | datetime) -> _End:
        """Hours pass as they do on Earth, not on the wall: over a change of the clock the wall shows another time."""
        if not isinstance(trigger, datetime):
            raise BadValue(f"{self.period.words()} are counted from a moment; “{self.period.start}” has no time of day.", "start")
        if self.rule.hours_roll and not self.period.zone:
            raise BadValue(
                f"Hours under {self.rule.name} may end at the same time of a later day there: give the time zone.", "zone"
            )
        there = trigger.astimezone(zone(self.period.zone)) if self.period.zone else trigger
        begin = self._whole_hour(there) if self.rule.whole_hours else there
        nominal = _in_range(
            (begin.astimezone(UTC) + timedelta(hours=self.period.step * self.period.length)).astimezone(there.tzinfo)
        )
        moved = self._move(begin.date(), nominal.date())
        due = nominal if moved.day == nominal.date() else datetime.combine(moved.day, nominal.time(), nominal.tzinfo)
        cautions = self._cautions(begin.date(), nominal.date(), moved) + self._few_working_days(begin, due)
        said = (*steps.hours(there, begin, nominal, self.period), *moved.said, *self._about_calendar(), *cautions)
        return _End(due, nominal, moved.passed, said, cautions)

    def _whole_hour(self, there: datetime) -> datetime:
        """The hour of the trigger is not counted (article 3(1)): from the next full hour on, or back from its start."""
        start = there.replace(minute=0, second=0, microsecond=0)
        return start if self.period.before else (start.astimezone(UTC) + timedelta(hours=1)).astimezone(there.tzinfo)

    def _nominal(self, day: date) -> tuple[date, bool, tuple[Closed, ...]]:
        """The last day as counted, whether its month had no such day, and the closed days that business days passed over."""
        included = self.period.counting == "from"
        if self.period.unit == "business days":
            return self._business(day - self.step if included else day)
        nominal, clipped = add_plain(day, self.period)
        stands_in = clipped and not (included and self.period.before)  # 31 March back to its month's first is all of March
        return _in_range(nominal - self.step if included and not stands_in else nominal), stands_in, ()

    def _business(self, day: date) -> tuple[date, bool, tuple[Closed, ...]]:
        passed: list[Closed] = []
        for _ in range(self.period.length):
            day, closed = self.calendar.next_open(_in_range(day + self.step), self.step)
            passed += closed
        return day, False, tuple(passed)

    def _move(self, trigger: date, nominal: date) -> _Moved:
        """What moves a last day, in the order of the law: a closed day, an inaccessible office, too few working days."""
        rolled = self._rolled(nominal)
        accessible = self._accessible(rolled.day)
        longer = self._long_enough(trigger, accessible.day)
        return _Moved(
            _in_range(longer.day), rolled.passed + accessible.passed + longer.passed, rolled.said + accessible.said + longer.said
        )

    def _rolled(self, nominal: date) -> _Moved:
        authority = self.rule.roll_of(self.period)
        if authority is None:
            return _Moved(nominal, said=steps.stays(self.rule, self.period))
        day, passed = self.calendar.next_open(nominal, self.step)
        return _Moved(day, passed, steps.rolled(passed, day, self.period, authority))

    def _accessible(self, day: date) -> _Moved:
        """The first accessible open day, always later, also where one counted back."""
        first, passed = day, []
        while day in self.shut:
            passed.append(Closed(day, "the clerk’s office was inaccessible, as given"))
            day, closed = self.calendar.next_open(_in_range(day + DAY))
            passed += closed
        said = steps.rolled(tuple(passed), day, replace(self.period, before=False), self.rule.inaccessible) if day != first else ()
        return _Moved(day, tuple(passed), said)

    def _long_enough(self, trigger: date, day: date) -> _Moved:
        """A period of two days or more goes on until it includes so many working days."""
        if (
            not (self.rule.at_least and not self.period.no_roll and self.period.length >= TWO_DAYS[self.period.unit])
            or self.period.unit == "hours"
        ):
            return _Moved(day)
        passed: list[Closed] = []
        end = day
        for _ in range(self.rule.at_least - self._worked(trigger, day)):
            end, closed = self.calendar.next_open(_in_range(end + self.step), self.step)
            passed += closed
        return _Moved(end, tuple(passed), steps.lengthened(end, self.rule) if end != day else ())

    def _worked(self, trigger: date, end: date) -> int:
        """Working days after the trigger through the end, counted no further than is asked for."""
        worked, day = 0, trigger
        while day != end and worked < self.rule.at_least:
            day += self.step
            worked += self.calendar.closed(day) is None
        return worked

    def _few_working_days(self, begin: datetime, due: datetime) -> tuple[str, ...]:
        """Whether hours that make two days or more touch too few working days; the regulation does not settle it for hours."""
        if not (self.rule.at_least and self.period.length >= TWO_DAYS["hours"]):
            return ()
        first, last = sorted((begin, due))
        whole = last.date() - DAY if last.time() == time() else last.date()
        return steps.TOO_FEW_WORKING_DAYS if self._touched(first.date(), whole) < self.rule.at_least else ()

    def _touched(self, day: date, last: date) -> int:
        touched = 0
        while day <= last and touched < self.rule.at_least:
            touched += self.calendar.closed(day) is None
            day += DAY
        return touched

    def _perhaps_closed(self, trigger: date, nominal: date, moved: _Moved) -> tuple[str, ...]:
        """Where it matters whether a day on which the executive departments were closed is a holiday for a court, which is open."""
        if not self.rule.perhaps_by_order or self.period.no_roll:
            return ()
        other = replace(self, calendar=replace(self.calendar, by_order=not self.calendar.by_order))._move(trigger, nominal)
        if other.day == moved.day:
            return ()
        closed = next(each for each in (*moved.passed, *other.passed) if each.by_order)
        return steps.perhaps_closed(closed, other.day, taken=self.calendar.by_order)

    @property
    def _asks_calendar(self) -> bool:
        return self.period.unit == "business days" or self.rule.roll_of(self.period) is not None

    def _about_calendar(self) -> tuple[str, ...]:
        return steps.about_calendar(self.rule, self.period, self.calendar) if self._asks_calendar else ()

    def _cautions(self, trigger: date, nominal: date, moved: _Moved) -> tuple[str, ...]:
        """What the calendar or the authority leaves open about a last day."""
        announced = steps.not_announced(moved.day, self.calendar) if self._asks_calendar else ()
        return self._perhaps_closed(trigger, nominal, moved) + announced


def _in_range(day: date | datetime) -> date | datetime:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OverflowError
    return day
