"""The deadline calculus: a period, a rule set, a calendar as it was known, and a due date that explains itself."""

from domain.deadlines.calendars import Calendar, Closed, check_jurisdiction
from domain.deadlines.closings import became_known
from domain.deadlines.counting import Counted, agrees, count
from domain.deadlines.periods import COUNTING, LONGEST, UNIT_NAMES, UNITS, Period, read_length
from domain.deadlines.rule_sets import RULES, in_place

__all__ = [
    "COUNTING",
    "LONGEST",
    "RULES",
    "UNITS",
    "UNIT_NAMES",
    "Calendar",
    "Closed",
    "Counted",
    "Period",
    "agrees",
    "became_known",
    "check_jurisdiction",
    "count",
    "in_place",
    "read_length",
]
