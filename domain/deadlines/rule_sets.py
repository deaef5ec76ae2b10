"""The rule sets, one for each authority: what it counts in, what it does with a closed last day, whose holidays it knows.

A new rule set is a new line in `RULES`; page, API, command line, schemas and documents read them from there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from domain.deadlines.calendars import Calendar, check_jurisdiction, in_us
from domain.deadlines.periods import Period
from domain.errors import BadValue
from domain.values import DueIs

MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
"""The member states of the European Union, by ISO 3166 code."""
DAYS, BUSINESS, LONGER, HOURS = ("days",), ("business days",), ("weeks", "months", "years"), ("hours",)


@dataclass(frozen=True)
class RuleSet:
    """How an authority counts. What is a text and not a name is where the authority says so, for the steps to cite.

    `calendar` gives the closed days, in `jurisdiction` unless another is named that it `admits`. `rolls` and `rolls_back` move a closed
    last day of a period that runs forward or back, `hours_roll` an end in hours. `at_least` working days are in a period of two days or
    more by `least_by`. `excludes` leaves the trigger's day out, `whole_hours` its hour; `months` says how months end. `inaccessible` and
    `inaccessible_hours` extend where an office was; `extends_back` says why also in a period that runs back. `by_order` leaves open whether
    a closing by order is a holiday, `states` lets those of a state count. `effect_days_stay` leaves effect days where they are;
    `effect_days` false knows none. `says` is said of every last day, `read_before` of a trigger before `reads_so_since`.
    """

    name: str
    title: str
    authority: str
    how: str
    units: tuple[str, ...]
    calendar: Callable[[Period, date | None], Calendar]
    admits: Callable[[str], bool]
    jurisdiction: str | None = None
    rolls: str | None = None
    rolls_back: str | None = None
    before: bool = True
    from_trigger: bool = False
    at_least: int = 0
    least_by: str | None = None
    whole_hours: str | None = None
    hours_roll: str | None = None
    inaccessible: str | None = None
    inaccessible_hours: str | None = None
    extends_back: str = ""
    by_order: str | None = None
    states: str | None = None
    excludes: str | None = None
    months: str | None = None
    effect_days_stay: str | None = None
    effect_days: bool = True
    working_day: str = "business day"
    reads_so_since: date | None = None
    read_before: str = ""
    says: tuple[str, ...] = ()

    def roll_of(self, period: Period) -> str | None:
        """On what authority a closed last day of the period moves; None where it stays."""
        if period.no_roll or period.unit == "business days" or self.effect_day_stays(period):
            return None
        if period.unit == "hours":
            return self.hours_roll
        return self.rolls_back if period.before else self.rolls

    def effect_day_stays(self, period: Period) -> bool:
        """A day on which something takes effect, which the authority does not move."""
        return self.effect_days_stay is not None and period.due_is == "effect day"

    def why_no_state(self) -> str:
        """Why the holidays of a state that was named move nothing."""
        return f" in a period that runs back ({self.states})" if self.states else f": {self.name} knows the federal ones"

    def calendar_for(self, period: Period, known: date | None) -> Calendar:
        """The closed days that count for a period, as known on a day; in the rule set's own jurisdiction unless one is named."""
        return self.calendar(replace(period, jurisdiction=period.jurisdiction or self.jurisdiction), known)


def _own(period: Period, known: date | None) -> Calendar:
    return Calendar.of(period.jurisdiction, known) if period.jurisdiction else Calendar((), known)


def _register(period: Period, known: date | None) -> Calendar:
    return Calendar(("US",), known, by_order=True, inauguration=True)


def _courts(period: Period, known: date | None) -> Calendar:
    """Federal holidays; those of the state count only for a period that runs forward (Rule 6(a)(6)(C))."""
    state = period.jurisdiction if period.jurisdiction not in (None, "US") and not period.before else None
    return Calendar(("US", state) if state else ("US",), known)


def _member(period: Period, known: date | None) -> Calendar:
    """Saturdays and Sundays are no working days, whatever a member makes of one of them (article 2(2))."""
    return Calendar((period.jurisdiction,) if period.jurisdiction else (), known, no_swaps=True)


def in_eu(jurisdiction: str) -> bool:
    """A member state of the European Union or a part of one."""
    return jurisdiction.partition("-")[0] in MEMBERS.split()


RULES = {
    rule.name: rule
    for rule in (
        RuleSet(
            "calendar",
            "Plain days, or business days",
            "The text of the act itself, as EO 14352 counts the 75 days of EO 14166; business days where the text says so",
            "Plain calendar days: weekends and holidays count, and the last day does not roll.",
            (*DAYS, *BUSINESS, *LONGER),
            _own,
            admits=lambda jurisdiction: True,
            jurisdiction="US",
            from_trigger=True,
        ),
        RuleSet(
            "1-cfr-18.17",
            "Federal Register documents",
            "1 CFR 18.17, on the effective dates and time periods of Federal Register documents",
            "The day after publication is day 1, every day counts, and a last day that is closed moves to the next federal business day.",
            (*DAYS, *LONGER),
            _register,
            admits=in_us,
            jurisdiction="US",
            rolls="1 CFR 18.17",
            before=False,
        ),
        RuleSet(
            "frcp-6a",
            "US federal courts, civil",
            "Federal Rule of Civil Procedure 6(a), as it reads since the amendments of 2009",
            "Every day counts, and a last day that is closed moves on in the direction of the count (Rule 6(a)(1) and (5)).",
            (*DAYS, *LONGER, *HOURS),
            _courts,
            admits=in_us,
            jurisdiction="US",
            rolls="Rule 6(a)(1)(C)",
            rolls_back="Rule 6(a)(5)",
            hours_roll="Rule 6(a)(2)(C)",
            inaccessible="Rule 6(a)(3)(A)",
            inaccessible_hours="Rule 6(a)(3)(B)",
            extends_back="as its committee note of 2009 says",
            by_order="Rule 6(a)(6)(B)",
            states="Rule 6(a)(6)(C)",
            excludes="Rule 6(a)(1)(A)",
            effect_days=False,
            reads_so_since=date(2009, 12, 1),
            read_before="Rule 6(a) is counted as it reads since 1 December 2009; before, it left weekends and holidays out of short periods.",
            says=(
                "Unless the court says otherwise, the last day ends at midnight in the court’s time zone for electronic filing, "
                "and when the clerk’s office is scheduled to close for other filing (Rule 6(a)(4)).",
            ),
        ),
        RuleSet(
            "eu-1182-71",
            "Acts of the European Union",
            "Regulation (EEC, Euratom) No 1182/71, articles 2 and 3",
            "Public holidays, Sundays and Saturdays count (article 3(3)); a closed last day moves to the next working day (article 3(4)).",
            (*DAYS, *BUSINESS, *LONGER, *HOURS),
            _member,
            admits=in_eu,
            rolls="article 3(4)",
            at_least=2,
            least_by="article 3(5)",
            whole_hours="article 3(1)",
            excludes="article 3(1)",
            months="article 3(2)(c)",
            effect_days_stay="article 4(1)",
            working_day="working day",
        ),
        RuleSet(
            "real-hours",
            "Real hours",
            "The hours themselves: as the 72 hours of GDPR article 33(1), where eu-1182-71, which leaves the hour of the trigger out, ends later",
            "Every hour counts from the moment of the trigger, also over weekends and changes of the clock, and the end does not roll.",
            HOURS,
            _own,
            admits=lambda jurisdiction: True,
        ),
    )
}


def rule_for(period: Period) -> RuleSet:
    """The rule set of a period; raises `BadValue` naming the field of a period that its authority does not know."""
    rule = RULES.get(period.rule)
    if rule is None:
        raise BadValue(f"There is no rule “{str(period.rule)[:40]}” here. Known: {', '.join(RULES)}.", "rule")
    if period.unit not in rule.units:
        raise BadValue(f"The rule {rule.name} counts {', '.join(rule.units)}; not “{str(period.unit)[:40]}”.", "unit")
    if period.before and not rule.before:
        raise BadValue(f"The rule {rule.name} counts forward only.", "before")
    if period.counting == "from" and not rule.from_trigger:
        raise BadValue(f"The rule {rule.name} never counts the day of the trigger; count after it.", "counting")
    if period.due_is not in get_args(DueIs):
        raise BadValue(f"A due date is one of: {', '.join(get_args(DueIs))}; not “{str(period.due_is)[:40]}”.", "due_is")
    if period.due_is == "effect day" and not rule.effect_days:
        raise BadValue(f"The rule {rule.name} counts to a last day; it knows no day of effect.", "due_is")
    if period.inaccessible and not rule.inaccessible:
        raise BadValue(f"The rule {rule.name} does not ask whether a clerk’s office is accessible.", "inaccessible")
    if period.jurisdiction is not None and not rule.admits(check_jurisdiction(period.jurisdiction)):
        raise BadValue(f"The rule {rule.name} does not count in “{period.jurisdiction}”.", "jurisdiction")
    return rule


def in_place(rule: Mapping[str, Any], jurisdiction: str, time_zone: str, due_is: str | None = None) -> Period:
    """A window's `CountRule` as a period: its matter's zone, and its matter's jurisdiction where the rule set counts there."""
    period = Period.of(rule)
    known = RULES.get(period.rule)
    where = period.jurisdiction or (jurisdiction if known and known.admits(jurisdiction) else None)
    return replace(period, jurisdiction=where, zone=period.zone or time_zone, due_is=due_is or period.due_is)
