"""One-off closings and new holidays of the US government: each with its order, its day, and the day it became known.

Authority: the Office of the Federal Register's list of ad hoc holidays, and the orders' own entries in the Federal Register.
An order is known from the day it was signed. A new closing is a new line here.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Closing:
    """A weekday on which the executive departments were closed, by which order, and the first day on which that was known."""

    day: date
    name: str
    authority: str
    known: date


@dataclass(frozen=True)
class NewHoliday:
    """A yearly holiday that a law made: its name in the calendar begins so; before `known` nobody could count with it."""

    jurisdiction: str
    name: str
    authority: str
    known: date


def _closed(day: str, name: str, authority: str, signed: str) -> Closing:
    return Closing(date.fromisoformat(day), name, authority, date.fromisoformat(signed))


CHRISTMAS = "closing of the executive departments beside Christmas Day"
MOURNING = "Day of Mourning for President"

BY_ORDER = {
    closing.day: closing
    for closing in (
        _closed("1994-04-27", f"{MOURNING} Nixon", "EO 12910, 59 FR 21915", "1994-04-23"),
        _closed("1997-12-26", CHRISTMAS, "EO 13068, 62 FR 63247", "1997-11-25"),
        _closed("2001-12-24", CHRISTMAS, "EO 13238, 66 FR 63903", "2001-12-05"),
        _closed("2003-12-26", CHRISTMAS, "EO 13320, 68 FR 69295", "2003-12-09"),
        _closed("2004-06-11", f"{MOURNING} Reagan", "EO 13343, 69 FR 32245", "2004-06-06"),
        _closed("2007-01-02", f"{MOURNING} Ford", "EO 13421, 72 FR 425", "2006-12-28"),
        _closed("2007-12-24", CHRISTMAS, "EO 13453, 72 FR 70477", "2007-12-06"),
        _closed("2008-12-26", CHRISTMAS, "EO 13482, 73 FR 76501", "2008-12-12"),
        _closed("2012-12-24", CHRISTMAS, "EO 13633, 77 FR 76339", "2012-12-21"),
        _closed("2014-12-26", CHRISTMAS, "EO 13682, 79 FR 73459", "2014-12-05"),
        _closed("2018-12-05", f"{MOURNING} George H.W. Bush", "EO 13852, 83 FR 62687", "2018-12-01"),
        _closed("2018-12-24", CHRISTMAS, "EO 13854, 83 FR 65481", "2018-12-18"),
        _closed("2019-12-24", CHRISTMAS, "EO 13900, 84 FR 69983", "2019-12-17"),
        _closed("2020-12-24", CHRISTMAS, "EO 13965, 85 FR 81337", "2020-12-11"),
        _closed("2024-12-24", CHRISTMAS, "EO 14129, 89 FR 104857", "2024-12-18"),
        _closed("2025-01-09", f"{MOURNING} Carter", "EO 14133, 90 FR 187", "2024-12-30"),
        _closed("2025-12-24", CHRISTMAS, "EO 14371", "2025-12-18"),
        _closed("2025-12-26", CHRISTMAS, "EO 14371", "2025-12-18"),
    )
}
"""By day. Half-day closings are not here: the day stays a business day."""

BY_LAW = (NewHoliday("US", "Juneteenth", "5 U.S.C. 6103(a), by Pub. L. 117-17 of 17 June 2021", date(2021, 6, 17)),)


def made_by_law(jurisdiction: str, name: str) -> NewHoliday | None:
    """The law that made a holiday of the calendar, there and in its parts, where that law is recent enough to matter."""
    country = jurisdiction.partition("-")[0]
    return next((new for new in BY_LAW if new.jurisdiction == country and name.startswith(new.name)), None)


_CHANGES = sorted({closing.known for closing in BY_ORDER.values()} | {new.known for new in BY_LAW})


def last_change(known: date) -> date:
    """The last day by then on which something became known: the calendar of any later day until the next is the same."""
    return max((day for day in _CHANGES if day <= known), default=date.min)


def became_known(after: date, until: date) -> list[date]:
    """The days, later than `after` and through `until`, on which a closing or a new holiday became known, in order."""
    return [day for day in _CHANGES if after < day <= until]
