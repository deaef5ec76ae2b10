"""The jurisdictions and time zones that forms offer; any other that the calendars or the IANA database know is taken too."""

from functools import lru_cache

import holidays

NAMES = {
    "US": "United States", "CN": "China", "HK": "Hong Kong", "AT": "Austria", "BE": "Belgium", "BG": "Bulgaria", "CY": "Cyprus",
    "CZ": "Czechia", "DE": "Germany", "DK": "Denmark", "EE": "Estonia", "ES": "Spain", "FI": "Finland", "FR": "France",
    "GR": "Greece", "HR": "Croatia", "HU": "Hungary", "IE": "Ireland", "IT": "Italy", "LT": "Lithuania", "LU": "Luxembourg",
    "LV": "Latvia", "MT": "Malta", "NL": "Netherlands", "PL": "Poland", "PT": "Portugal", "RO": "Romania", "SE": "Sweden",
    "SI": "Slovenia", "SK": "Slovakia",
}  # fmt: skip
"""Countries by ISO 3166 code: the United States, China, Hong Kong, and the members of the European Union."""
ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu",
    "Europe/Brussels", "Europe/Berlin", "Europe/Paris", "Europe/Dublin", "Europe/London", "Europe/Madrid", "Europe/Rome",
    "Europe/Warsaw", "Europe/Athens", "Europe/Helsinki", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Tokyo", "UTC",
)  # fmt: skip
"""A few common ones."""


@lru_cache
def jurisdictions() -> dict[str, str]:
    """What each offered jurisdiction is called, by its code: the US and their states first."""
    states = {f"US-{code}": name for name, code in sorted(holidays.country_holidays("US").subdivisions_aliases.items())}
    federal = {"US": NAMES["US"], "US-DC": states.pop("US-DC")}
    return federal | states | {code: name for code, name in NAMES.items() if code not in federal}


def jurisdiction_named(text: str) -> str:
    """The code of a jurisdiction that is named (“Massachusetts”, “us-ma”); as typed where it is none of those offered."""
    offered = {name.casefold(): code for code, name in jurisdictions().items()}
    offered |= {code.casefold(): code for code in jurisdictions()}
    return offered.get(text.strip().casefold(), text.strip())


def zone_named(text: str) -> str:
    """The time zone that is named (“new york”, “america/new_york”); as typed where it is none of those offered."""
    offered = {each.rpartition("/")[2].replace("_", " ").casefold(): each for each in ZONES}
    offered |= {each.casefold(): each for each in ZONES}
    return offered.get(text.strip().casefold(), text.strip())
