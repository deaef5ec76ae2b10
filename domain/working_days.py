"""Working days by jurisdiction: Monday to Friday less public holidays (the `holidays` library, category `public`)."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

from domain.errors import BadValue


@lru_cache(maxsize=64)
def public_holidays(jurisdiction: str) -> holidays.HolidayBase:
    """The public holidays of an ISO 3166 country (`US`) or subdivision (`US-DC`); raises `BadValue`."""
    country, _, subdivision = str(jurisdiction).partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known or (subdivision and subdivision not in known[country]):
        raise BadValue(f"No calendar is known for the jurisdiction “{str(jurisdiction)[:40]}”.", "jurisdiction")
    return holidays.country_holidays(country, subdiv=subdivision or None)


def working_days_between(start: date, end: date, jurisdiction: str) -> int:
    """Working days after `start` up to and including `end`; 0 when `end` is not later."""
    closed = public_holidays(jurisdiction)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(1 for day in days if day.weekday() < 5 and day not in closed)
