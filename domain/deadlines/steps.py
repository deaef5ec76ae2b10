"""The sentences that explain a count, in order: trigger, first and last day, what was closed and why, and the authority."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from domain.deadlines.calendars import Calendar, Closed
from domain.deadlines.periods import Period
from domain.deadlines.rules import RuleSet
from domain.when import plain_date

Steps = tuple[str, ...]
WEEKEND = (5, 6)
MANY = 12
"""From so many closed days on, weekends are told as a number."""
TOO_FEW_WORKING_DAYS = (
    "Caution: article 3(5) wants at least two working days in any period of two days or more, and these hours touch fewer. "
    "Whether that reaches a period in hours is not settled here; they are not lengthened.",
)


def trigger(given: date | datetime, day: date, period: Period) -> Steps:
    """Which day the count starts from."""
    said = f"The trigger is {plain_date(day)}"
    if isinstance(given, datetime):
        said = f"The trigger is {moment(given)}, which falls on {plain_date(day)}{f' in {period.zone}' if period.zone else ''}"
    return (f"{said}; that day is {'day 1' if period.counting == 'from' else 'not counted'}.",)


def last(day: date, nominal: date, period: Period, clipped: bool) -> Steps:
    """Where the period ends as counted, before anything moves it."""
    where = f"{plain_date(nominal)}, a {nominal:%A}"
    if period.unit in ("weeks", "months", "years"):
        note = ": that month has no such day, so its last day stands in" if clipped else ""
        return (f"{period.words()} {'before' if period.before else 'after'} that, the last day is {where}{note}.",)
    if period.unit == "business days":
        return (f"Business day {period.length:,}{' back' if period.before else ''} is {where}.",)
    first = day if period.counting == "from" else day + period.step * timedelta(days=1)
    one = f"{'Counting back, day' if period.before else 'Day'} 1 is {plain_date(first)}."
    return (one, f"Day {period.length:,} is {where}.")


def passed(closed: Sequence[Closed]) -> Steps:
    """The closed days that a count in business days left out."""
    if not closed:
        return ()
    named = [each for each in closed if len(closed) < MANY or each.day.weekday() not in WEEKEND]
    rest = len(closed) - len(named)
    told = [each.told() for each in named] + ([f"{rest} Saturdays and Sundays"] if rest else [])
    return (f"Left out: {'; '.join(told)}.",)


def stays(rule: RuleSet, period: Period) -> Steps:
    """Why a last day does not move."""
    if period.unit == "business days":
        return ("Only business days count, so the last day is one.",)
    if rule.rolls is None and rule.hours_roll is None:
        return (rule.how,)
    if period.no_roll:
        return ("The last day does not roll, as asked for.",)
    if period.unit == "hours":
        return ("An end in hours does not roll.",)
    return (f"Counted back, a last day does not roll ({rule.rolls}).",)


def rolled(closed: Sequence[Closed], day: date, period: Period, authority: str) -> Steps:
    """The closed days that a last day moved over, one by one, and where it came to lie."""
    if not closed:
        return ("That day is open, so the period ends on it.",)
    way = "back to the open day before" if period.before else "on to the next open day"
    time = " at the same time" if period.unit == "hours" else ""
    return (
        *(f"{each.told()}." for each in closed),
        f"So the period runs {way}{time}: {plain_date(day)}, a {day:%A} ({authority}).",
    )


def lengthened(day: date, rule: RuleSet) -> Steps:
    """A period was lengthened until it included enough working days."""
    at_least = f"A period of two days or more includes at least {rule.at_least} working days (article 3(5))"
    return (f"{at_least}, so it runs to {plain_date(day)}, a {day:%A}.",)


def hours(given: datetime, begin: datetime, nominal: datetime, period: Period) -> Steps:
    """From the moment of the trigger to the end in hours."""
    start = f"The trigger is {moment(given)}{f' in {period.zone}' if period.zone else ''}"
    way = "before" if period.before else "later"
    begun = (
        "."
        if begin == given
        else f"; the hour in which it falls is not counted (article 3(1)), so the count begins at {moment(begin)}."
    )
    shift = nominal.utcoffset() - begin.utcoffset()
    changed = f" The clocks went {'forward' if shift > timedelta() else 'back'} in between." if shift else ""
    return (start + begun, f"{period.words()} {way} it is {moment(nominal)}, a {nominal:%A}.{changed}")


def moment(value: datetime) -> str:
    """“2 November 2007, 10:23 (UTC-04:00)”."""
    offset = value.isoformat()[-6:] if value.utcoffset() else ""
    return f"{plain_date(value)} (UTC{offset})"


def about_calendar(rule: RuleSet, period: Period, calendar: Calendar) -> Steps:
    """Whose closed days counted, and as known when."""
    if not calendar.jurisdictions:
        return ("No member state is named, so only Saturdays and Sundays are taken for closed.",)
    closings = ", with closings by executive order" if calendar.by_order else ""
    known = f", as known on {plain_date(calendar.known)}" if calendar.known else ""
    said = f"The calendar is that of {' and '.join(calendar.jurisdictions)}{closings}{known}."
    state = period.jurisdiction
    if state is None or state in calendar.jurisdictions:
        return (said,)
    return (said, f"The holidays of {state} do not count here{rule.why_no_state(period)}.")


def not_announced(day: date, calendar: Calendar) -> Steps:
    """The last day lies in a year whose holidays are not announced yet where they are announced year by year."""
    return tuple(
        f"Caution: {where} announces year by year which days are moved; that is known here through {year}, not for {day.year}."
        for where, year in calendar.announced_through()
        if day.year > year
    )


def perhaps_closed(closed: Closed, other: date, taken: bool) -> Steps:
    """A day on which the executive departments were closed by order decides; `taken` for a holiday here, or not."""
    return (
        f"Caution: {closed.told()}. Whether a court takes such a day for one “declared a holiday by the President” "
        f"(Rule 6(a)(6)(B)) is for the court to say; if it does{' not' if taken else ''}, the period ends on {plain_date(other)}.",
    )


def of_a_span(text: str, ends: Sequence[Steps | None]) -> Steps:
    """The steps of both ends of an uncertain trigger."""
    said = [f"The trigger, {text}, is uncertain, so the due date is a span and not a point."]
    for name, end in zip(("Earliest", "Latest") if len(ends) > 1 else ("",), ends, strict=True):
        if end is None:
            said.append(f"{name}: no such day is known.")
        else:
            said += [f"{name}: {sentence}" if name else sentence for sentence in end]
    return tuple(said)
