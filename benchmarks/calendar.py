"""The days of a made-up matter: one entry after another from 2017 to 2025, some known late, some announced ahead."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

FIRST, LAST = date(2017, 1, 20), date(2025, 12, 31)
LATE, AHEAD = 0.08, 0.3
"""How many entries come to light late, and how many rules are announced ahead of their effect."""


@dataclass
class Calendar:
    """Spreads `events` entries evenly; what comes after the last day stays on it, since nothing is known in the future."""

    events: int
    random: Random
    passed: int = field(default=0)

    def next(self) -> None:
        """Go on to the next entry's day."""
        self.passed += 1

    @property
    def today(self) -> date:
        """The day on which the entry becomes known."""
        return FIRST + (LAST - FIRST) * min(self.passed / self.events, 1)

    def ahead(self, least: int, most: int) -> str:
        """A later day."""
        return (self.today + timedelta(self.random.randint(least, most))).isoformat()

    def occurred(self) -> dict[str, str]:
        """When it happened, as the envelope has it: mostly today, or long ago and disclosed today."""
        today = self.today
        if self.random.random() >= LATE:
            return {"occurred": today.isoformat(), "announced": today.isoformat()}
        then = today - timedelta(self.random.randint(30, 900))
        occurred = then.isoformat() if self.random.random() < 0.7 else f"{then:%Y-%m}~"
        return {"occurred": occurred, "announced": today.isoformat(), "announced_basis": "disclosed in a filing"}
