"""The sentences that explain a count, in order: trigger, first and last day, what was closed and why, and the authority."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from domain.deadlines.calendars import Calendar, Closed, in_us
from domain.deadlines.periods import Period
from domain.deadlines.rule_sets import RuleSet
from domain.when import plain_date

Steps = tuple[str, ...]
MANY = 12
"""From so many closed days on, weekends are told as a number."""


def trigger(given: date | datetime, day: date, period: Period, rule: RuleSet) -> Steps:
    """Which day the count starts from."""
    said = f"The trigger is {plain_date(day)}"
    if isinstance(given, datetime):
        said = f"The trigger is {moment(given)}, which falls on {plain_date(day)}{f' in {period.zone}' if period.zone else ''}"
    left_out = f"not counted ({rule.excludes})" if rule.excludes else "not counted"
    return (f"{said}; that day is {'day 1' if period.counting == 'from' else left_out}.",)


def last(day: date, nominal: date, period: Period, rule: RuleSet, clipped: bool) -> Steps:
    """Where the period ends as counted, before anything moves it."""
    where = f"{plain_date(nominal)}, a {nominal:%A}"
    if period.unit in ("weeks", "months", "years"):
        return (f"{_length_ends(period)} {where}{_on_the_same(period, rule, clipped)}.",)
    if period.unit == "business days":
        return (f"{rule.working_day.capitalize()} {period.length:,}{' back' if period.before else ''} is {where}.",)
    first = day if period.counting == "from" else day + period.step * timedelta(days=1)
    one = () if period.length == 1 else (f"{'Counting back, day' if period.before else 'Day'} 1 is {plain_date(first)}.",)
    back = "Counting back, day" if period.before and period.length == 1 else "Day"
    return (*one, f"{back} {period.length:,} is {where}.")


def _length_ends(period: Period) -> str:
    return f"{period.words()} {'before' if period.before else 'after'} that, the last day is"


def _on_the_same(period: Period, rule: RuleSet, clipped: bool) -> str:
    """What tells where a week, month or year ends."""
    cited = f" ({rule.months})" if rule.months else ""
    if clipped:
        return f": that month has no such day, so its last day stands in{cited}"
    if period.counting == "from":
        return ": as its own day is counted, it ends on the eve of the same day"
    return cited


def passed(closed: Sequence[Closed]) -> Steps:
    """The closed days that a count in business days left out."""
    if not closed:
        return ()
    named = [each for each in closed if len(closed) < MANY or not each.weekend]
    rest = len(closed) - len(named)
    told = [each.told() for each in named] + ([f"{rest} days of weekends"] if rest else [])
    return (f"Left out: {'; '.join(told)}.",)


def stays(rule: RuleSet, period: Period) -> Steps:
    """Why a last day does not move."""
    if period.unit == "business days":
        return (f"Only {rule.working_day}s count, so the last day is one.",)
    if rule.rolls is None and rule.hours_roll is None:
        return (rule.how,)
    if rule.effect_day_stays(period):
        return (f"A day on which something takes effect or ends does not move ({rule.effect_days_stay}).",)
    if period.no_roll:
        return (f"The last day does not move, as asked for; {rule.rolls} would move one that is closed.",)
    if period.unit == "hours":
        return (f"An end in hours does not move ({rule.rolls}).",)
    return (f"Counted back, a last day does not move ({rule.rolls}).",)


def rolled(closed: Sequence[Closed], day: date, period: Period, authority: str) -> Steps:
    """The closed days that a last day moved over, one by one, and where it came to lie."""
    if not closed:
        return ("That day is no Saturday, Sunday or holiday, so it stays.",)
    way = "back to the open day before" if period.before else "on to the next open day"
    time = " at the same time" if period.unit == "hours" else ""
    return (*(f"{each.told()}." for each in closed), f"So the period runs {way}{time}: {_day(day)} ({authority}).")


def _day(day: date) -> str:
    return f"{plain_date(day)}, a {day:%A}"


def accessible(day: date) -> Steps:
    """Days on which an office was inaccessible, none of which is the last day."""
    return (f"The clerk’s office was not inaccessible on {plain_date(day)}, so the days given move nothing.",)


def extended(closed: Sequence[Closed], day: date, period: Period, rule: RuleSet) -> Steps:
    """The office was inaccessible on the last day."""
    first, *others = closed
    hours = period.unit == "hours"
    authority, time = (rule.inaccessible_hours, " at the same time") if hours else (rule.inaccessible, "")
    then = f"; {'; '.join(each.told() for each in others)}" if others else ""
    return (
        f"The clerk’s office was inaccessible on {plain_date(first.day)}, as given{then}.",
        f"So the time is extended{time} to the first accessible day: {_day(day)} ({authority}).",
    )


def extended_back(safe: date, rule: RuleSet) -> Steps:
    """An extension forward in a period that runs back."""
    return (
        f"Caution: {rule.inaccessible} extends to a later day also where one counts back, {rule.extends_back}. "
        f"The day that is safe on any reading is {plain_date(safe)}.",
    )


def none_accessible(day: date, rule: RuleSet) -> Steps:
    """No accessible day is left before the event that is counted back from."""
    return (
        f"Caution: The clerk’s office was inaccessible on {plain_date(day)}, as given, and no accessible day is left before the "
        f"trigger, so {rule.inaccessible} gives none. Ask the court.",
    )


def of_effect(period: Period) -> Steps:
    """What an effect day means."""
    return ("It takes effect on that day: what came before is over from its start.",) if period.due_is == "effect day" else ()


def lengthened(closed: Sequence[Closed], day: date, period: Period, rule: RuleSet) -> Steps:
    """A period was lengthened until it included enough working days."""
    over = f" over {'; '.join(each.told() for each in closed)}" if closed else ""
    way = "back" if period.before else "on"
    at_least = f"A period of two days or more includes at least {rule.at_least} working days ({rule.least_by})"
    return (f"{at_least}, so it runs {way} to {_day(day)}{over}.",)


def few_working_days(rule: RuleSet) -> Steps:
    """Hours that make two days or more touch fewer working days than a period of two days must include."""
    return (
        f"Caution: By {rule.least_by} at least {rule.at_least} working days belong to any period of two days or more, and these hours touch "
        "fewer. Whether that reaches a period in hours is not settled here; they are not lengthened.",
    )


def hours(given: datetime, begin: datetime, nominal: datetime, period: Period, rule: RuleSet) -> Steps:
    """From the moment of the trigger to the end in hours."""
    start = f"The trigger is {moment(given)}{f' in {period.zone}' if period.zone else ''}"
    way = "before" if period.before else "later"
    begun = (
        "."
        if begin == given
        else f"; the hour in which it falls is not counted ({rule.whole_hours}), so the count begins at {moment(begin)}."
    )
    shift = period.step * (nominal.utcoffset() - begin.utcoffset())
    changed = f" The clocks went {'forward' if shift > timedelta() else 'back'} in between." if shift else ""
    return (start + begun, f"{period.words()} {way} it is {moment(nominal)}, a {nominal:%A}.{changed}")


def moment(value: datetime) -> str:
    """“2 November 2007, 10:23 (UTC-04:00)”."""
    offset = f"{value:%z}" if value.utcoffset() else ""
    return f"{plain_date(value)} (UTC{offset[:3]}:{offset[3:5]})" if offset else f"{plain_date(value)} (UTC)"


def about_calendar(rule: RuleSet, period: Period, calendar: Calendar) -> Steps:
    """Whose closed days counted, and as known when."""
    if not calendar.jurisdictions:
        return ("No member state is named, so only Saturdays and Sundays are taken for closed.",)
    closings = ", with closings by executive order" if calendar.by_order else ""
    said = f"The calendar is that of {' and '.join(calendar.jurisdictions)}{closings}{_as_known(calendar)}."
    saturdays = tuple(f"Saturdays are working days in {each}: the weekly holiday is Sunday." for each in calendar.works_saturdays())
    return (said, *saturdays, *_about_state(rule, period, calendar))


def _as_known(calendar: Calendar) -> str:
    if not calendar.known:
        return ""
    if all(in_us(each) for each in calendar.jurisdictions):
        return f", as known on {plain_date(calendar.known)}"
    return ", as it stands today: when its holidays became known is not kept here"


def _about_state(rule: RuleSet, period: Period, calendar: Calendar) -> Steps:
    state = period.jurisdiction
    if state not in (None, "US", *calendar.jurisdictions):
        return (f"The holidays of {state} do not count here{rule.why_no_state()}.",)
    if rule.states and state in (None, "US") and not period.before:
        return (f"No state is named: a holiday of the state where the court sits could move the last day ({rule.states}).",)
    return ()


def not_announced(day: date, calendar: Calendar) -> Steps:
    """The last day lies in a year whose holidays are not announced yet where they are announced year by year."""
    return tuple(
        f"Caution: {where} announces year by year which days are moved; that is known here through {year}, not for {day.year}."
        for where, year in calendar.announced_through()
        if day.year > year
    )


def perhaps_closed(closed: Closed, other: date, taken: bool, rule: RuleSet) -> Steps:
    """A day on which the executive departments were closed by order decides; `taken` for a holiday here, or not."""
    return (
        f"Caution: {closed.told()}. Whether a court takes such a day for one “declared a holiday by the President” "
        f"({rule.by_order}) is for the court to say; if it does{' not' if taken else ''}, the period ends on {plain_date(other)}.",
    )


def state_holiday(closed: Closed, state: str, rule: RuleSet) -> Steps:
    """The last day rests on a holiday of a state."""
    return (
        f"Caution: This rests on a holiday of {state}, {closed.why}: check that the state declared it ({rule.states}). "
        f"If not, the period ends on {plain_date(closed.day)}.",
    )


def of_a_span(text: str, ends: Sequence[Steps | None], one: bool) -> Steps:
    """The steps of both ends of an uncertain trigger; `one` where both come to the same."""
    if len(ends) == 1:
        return (f"The trigger, {text}, is approximate, and so is the due date: how far it may be off is not said.", *ends[0])
    end_in = "but from each of its days the end is the same" if one else "so the due date is a span and not a point"
    said = [f"The trigger, {text}, is uncertain, {end_in}."]
    for name, end in zip(("Earliest", "Latest"), ends, strict=True):
        said += [f"{name}: {sentence}" for sentence in end or ("no such day is known.",)]
    return tuple(said)
