"""Counting a period to its due date, with the steps that a lawyer can check.

`count` is the one way in. Each rule set cites its authority in `rules`; the calendar is asked as it was known on a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.deadlines import steps
from domain.deadlines.calendars import Closed
from domain.deadlines.computing import Computation, End
from domain.deadlines.periods import COUNTING, Period, check_length, read_start, unit_named
from domain.deadlines.rule_sets import RuleSet, rule_for
from domain.errors import BadValue
from domain.instants import day_of, moment, over_at, zone
from domain.when import FIRST_YEAR, LAST_YEAR, Span, read_day

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
        return moment(over_at(last, due_is, time_zone)).astimezone(zone(time_zone))


def count(period: Period, known: date | None = None) -> Counted:
    """The due date of a period, with the calendar as known on a day (None: as known now).

    Raises `BadValue` naming the field (`start`, `length`, `unit`, `rule`, `before`, `counting`, `jurisdiction`, `zone`,
    `inaccessible`, `due_is`), and never guesses a date.
    """
    period = replace(period, unit=unit_named(period.unit))
    rule = rule_for(period)
    _check(period)
    trigger = read_start(period.start, period.zone)
    if rule.hours_roll and period.unit == "hours" and trigger.earliest != trigger.latest:
        raise BadValue(_NO_SPAN.format(rule=rule.name), "start")
    computation = Computation(
        period, rule, rule.calendar_for(period, known), frozenset(read_day(day) for day in period.inaccessible)
    )
    try:
        ends = [end and computation.end(end) for end in _triggers(trigger)]
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


def _counted(trigger: Span, ends: Sequence[End | None], rule: RuleSet) -> Counted:
    ends = _forward(ends)
    some = [end for end in ends if end]
    mark = "~" if len(ends) == 1 and trigger.approximate else ""
    return Counted(
        _span([end and end.due for end in ends]) + mark,
        rule.name,
        rule.authority,
        _said(trigger, ends),
        ends[0].due if ends[0] else None,
        ends[-1].due if ends[-1] else None,
        _span([end and end.nominal for end in ends]) + mark,
        tuple(dict.fromkeys(closed for end in some for closed in end.passed)),
        tuple(dict.fromkeys(caution for end in some for caution in end.cautions)),
    )


def _forward(ends: Sequence[End | None]) -> Sequence[End | None]:
    """The earlier end first: a day that moves may overtake one that does not."""
    return ends if None in ends else sorted(ends, key=lambda end: end.due)


def _said(trigger: Span, ends: Sequence[End | None]) -> tuple[str, ...]:
    if trigger.certain:
        return ends[0].said
    one = len({end and end.due for end in ends}) == 1
    return steps.of_a_span(trigger.text, [end and end.said for end in ends], one)


def _span(dues: list[date | datetime | None]) -> str:
    """One date, or a span in EDTF: `2025-04-05/2025-05-05`, `../2025-05-05`."""
    texts = [due.isoformat() if due else ".." for due in dues]
    return texts[0] if texts[0] == texts[-1] else "/".join(texts)
