"""One period, counted from one certain trigger: the nominal end, what moves it, and what is to be said of it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from domain.deadlines import steps
from domain.deadlines.calendars import DAY, Calendar, Closed
from domain.deadlines.closings import BY_ORDER
from domain.deadlines.periods import Period, add_plain
from domain.deadlines.rule_sets import RuleSet
from domain.errors import BadValue
from domain.instants import day_of, zone
from domain.when import FIRST_YEAR, LAST_YEAR

TWO_DAYS = {"days": 2, "business days": 2, "weeks": 1, "months": 1, "years": 1, "hours": 48}
"""From which length on a period is one of two days or more."""


@dataclass(frozen=True)
class End:
    """Where the count from one certain trigger ends, and where it would have ended had nothing moved it."""

    due: date | datetime
    nominal: date | datetime
    passed: tuple[Closed, ...]
    said: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class _Moved:
    """Where the end lies now, the closed days passed over on the way, what is to be said of it, and of what is open."""

    day: date
    passed: tuple[Closed, ...] = ()
    said: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    def then(self, later: "_Moved") -> "_Moved":
        """This move and one after it."""
        return _Moved(later.day, self.passed + later.passed, self.said + later.said, self.cautions + later.cautions)


@dataclass(frozen=True)
class Computation:
    """One period with its rule set, its calendar, and the days on which an office was inaccessible."""

    period: Period
    rule: RuleSet
    calendar: Calendar
    shut: frozenset[date]

    def end(self, trigger: date | datetime) -> End:
        """Count from one certain trigger; raises `OverflowError` where that leaves the years that are kept."""
        return self._hours(trigger) if self.period.unit == "hours" else self._days(trigger)

    @property
    def step(self) -> timedelta:
        """One day in the direction of the count."""
        return self.period.step * DAY

    def _days(self, trigger: date | datetime) -> End:
        day = self._day_of(trigger)
        nominal, clipped, passed = self._nominal(day)
        said = (
            *steps.trigger(trigger, day, self.period, self.rule),
            *steps.last(day, nominal, self.period, self.rule, clipped),
            *steps.passed(passed),
        )
        moved = self._settled(day, nominal)
        cautions = moved.cautions + self._cautions(day, moved.day)
        ending = (*steps.of_effect(self.period), *self.rule.says, *self._about_calendar())
        return End(moved.day, nominal, passed + moved.passed, (*said, *moved.said, *ending, *cautions), cautions)

    def _day_of(self, trigger: date | datetime) -> date:
        if not isinstance(trigger, datetime):
            return trigger
        if self.period.zone:
            return day_of(trigger, self.period.zone)
        if not trigger.utcoffset():
            raise BadValue(f"“{self.period.start}” is another day elsewhere: give the time zone of the place that counts.", "zone")
        return trigger.date()

    def _hours(self, trigger: date | datetime) -> End:
        """Hours pass as they do on Earth, not on the wall: over a change of the clock the wall shows another time."""
        if not isinstance(trigger, datetime):
            raise BadValue(
                f"{self.period.words().capitalize()} can only be counted from a moment; “{self.period.start}” has no time of day.",
                "start",
            )
        if self.rule.hours_roll and not self.period.zone:
            raise BadValue(
                f"Hours under {self.rule.name} may end at the same time of a later day there: give the time zone.", "zone"
            )
        there = in_minutes(trigger.astimezone(zone(self.period.zone)) if self.period.zone else trigger)
        begin = self._whole_hour(there) if self.rule.whole_hours else there
        passing = timedelta(hours=self.period.step * self.period.length)
        nominal = _in_range((begin.astimezone(UTC) + passing).astimezone(there.tzinfo))
        moved = self._settled(begin.date(), nominal.date())
        due = nominal if moved.day == nominal.date() else datetime.combine(moved.day, nominal.time(), nominal.tzinfo)
        cautions = moved.cautions + self._cautions(begin.date(), moved.day) + self._few_working_days(begin, due)
        said = (*steps.hours(there, begin, nominal, self.period, self.rule), *moved.said, *self._about_calendar(), *cautions)
        return End(in_minutes(due), in_minutes(nominal), moved.passed, said, cautions)

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

    def _settled(self, trigger: date, nominal: date) -> _Moved:
        """Where the last day comes to lie; of two readings that an authority leaves open, the earlier day leads."""
        moved = self._move(trigger, nominal)
        in_the_way = any(day in BY_ORDER for day in (moved.day, *(each.day for each in moved.passed)))
        if self.rule.by_order and in_the_way and not self.period.no_roll:
            other = self._under(replace(self.calendar, by_order=True))._move(trigger, nominal)
            if other.day != moved.day:
                first, second = sorted((moved, other), key=lambda each: each.day)
                closed = next(each for each in (*other.passed, *moved.passed) if each.by_order)
                moved = replace(
                    first, cautions=first.cautions + steps.perhaps_closed(closed, second.day, first is other, self.rule)
                )
        return replace(moved, cautions=moved.cautions + self._rests_on_a_state(trigger, nominal, moved))

    def _under(self, calendar: Calendar) -> "Computation":
        return replace(self, calendar=calendar)

    def _rests_on_a_state(self, trigger: date, nominal: date, moved: _Moved) -> tuple[str, ...]:
        """A state's holiday moved the last day: whether the state declared it is for the reader to check."""
        federal, *states = self.calendar.jurisdictions or ("",)
        if not (states and self.rule.states and moved.passed):
            return ()
        without = self._under(replace(self.calendar, jurisdictions=(federal,)))._move(trigger, nominal)
        its = [each for each in moved.passed if each.day == without.day]
        return steps.state_holiday(its[0], states[0], self.rule) if its else ()

    def _move(self, trigger: date, nominal: date) -> _Moved:
        """What moves a last day, in the order of the law: a closed day, an inaccessible office, too few working days."""
        rolled = self._rolled(nominal)
        moved = rolled.then(self._accessible(trigger, rolled.day))
        moved = moved.then(self._long_enough(trigger, moved.day))
        _in_range(moved.day)
        return moved

    def _rolled(self, nominal: date) -> _Moved:
        authority = self.rule.roll_of(self.period)
        if authority is None:
            return _Moved(nominal, said=steps.stays(self.rule, self.period))
        day, passed = self.calendar.next_open(nominal, self.step)
        return _Moved(day, passed, steps.rolled(passed, day, self.period, authority))

    def _accessible(self, trigger: date, day: date) -> _Moved:
        """The first accessible open day, always later, also where one counted back, but never the trigger's day or beyond."""
        if not self.shut:
            return _Moved(day)
        if day not in self.shut:
            return _Moved(day, said=steps.accessible(day))
        first, passed = day, []
        while day in self.shut:
            passed.append(Closed(day, "the clerk’s office was inaccessible, as given"))
            day, closed = self.calendar.next_open(_in_range(day + DAY))
            passed += closed
        if self.period.before and day >= trigger:
            return _Moved(first, cautions=steps.none_accessible(first, self.rule))
        cautions = steps.extended_back(self._safe_before(first), self.rule) if self.period.before else ()
        return _Moved(day, tuple(passed), steps.extended(tuple(passed), day, self.period, self.rule), cautions)

    def _safe_before(self, day: date) -> date:
        while day in self.shut:
            day, _ = self.calendar.next_open(_in_range(day - DAY), -DAY)
        return day

    @property
    def _wants_working_days(self) -> bool:
        """A period of two days or more, which must include so many working days."""
        long = self.period.length >= TWO_DAYS[self.period.unit]
        return bool(self.rule.at_least) and long and not self.period.no_roll and not self.rule.effect_day_stays(self.period)

    def _long_enough(self, trigger: date, day: date) -> _Moved:
        if not self._wants_working_days or self.period.unit == "hours":
            return _Moved(day)
        passed: list[Closed] = []
        end = day
        for _ in range(self.rule.at_least - self._worked(trigger, day)):
            end, closed = self.calendar.next_open(_in_range(end + self.step), self.step)
            passed += closed
        return _Moved(end, tuple(passed), steps.lengthened(passed, end, self.period, self.rule) if end != day else ())

    def _worked(self, trigger: date, end: date) -> int:
        """Working days after the trigger through the end, counted no further than is asked for."""
        worked, day = 0, trigger
        while day != end and worked < self.rule.at_least:
            day += self.step
            worked += self.calendar.closed(day) is None
        return worked

    def _few_working_days(self, begin: datetime, due: datetime) -> tuple[str, ...]:
        """Whether hours that make two days or more touch too few working days; the regulation does not settle it for hours."""
        if not self._wants_working_days:
            return ()
        first, last = sorted((begin, due))
        whole = last.date() - DAY if last.time() == time() else last.date()
        return steps.few_working_days(self.rule) if self._touched(first.date(), whole) < self.rule.at_least else ()

    def _touched(self, day: date, last: date) -> int:
        touched = 0
        while day <= last and touched < self.rule.at_least:
            touched += self.calendar.closed(day) is None
            day += DAY
        return touched

    @property
    def _asks_calendar(self) -> bool:
        days = self.period.unit == "business days" or (self._wants_working_days and self.period.unit != "hours")
        return days or self.rule.roll_of(self.period) is not None

    def _about_calendar(self) -> tuple[str, ...]:
        return steps.about_calendar(self.rule, self.period, self.calendar) if self._asks_calendar else ()

    def _cautions(self, trigger: date, due: date) -> tuple[str, ...]:
        """What the calendar, or the age of the trigger, leaves open."""
        announced = steps.not_announced(due, self.calendar) if self._asks_calendar else ()
        since = self.rule.reads_so_since
        return announced + ((f"Caution: {self.rule.read_before}",) if since and trigger < since else ())


def in_minutes(moment: datetime) -> datetime:
    """A moment of which the offset can be written: in UTC where it has seconds, as before there were standard times."""
    offset = moment.utcoffset()
    return moment.astimezone(UTC) if offset and offset.total_seconds() % 60 else moment


def _in_range(day: date | datetime) -> date | datetime:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OverflowError
    return day
