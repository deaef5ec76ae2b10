"""One matter at a point: the facts that hold there, and what views ask of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.instants import last_day_over
from projections.engine import Fact, Notice, Point


@dataclass(frozen=True)
class MatterAt:
    """One matter at a point: what a view is made from. `today` is the day of the point in the matter's zone.

    `entries` are briefs with the instant at which each began, in that order."""

    slug: str
    title: str
    time_zone: str
    jurisdiction: str
    at: Point
    today: date
    facts: dict[tuple[str, str], Fact]
    notices: tuple[Notice, ...] = ()
    entries: tuple[tuple[int, dict[str, Any]], ...] = ()

    @property
    def known_day(self) -> date:
        """The last day whose news counts at the point, in the matter's zone."""
        return last_day_over(self.at.known, self.time_zone)

    def get(self, subject: str, field: str) -> Fact | None:
        """One fact, or None where nothing is claimed."""
        return self.facts.get((subject, field))

    def subjects(self, prefix: str) -> dict[str, dict[str, Fact]]:
        """The facts of every subject under a prefix, by what follows the prefix."""
        found: dict[str, dict[str, Fact]] = {}
        for (subject, field), fact in self.facts.items():
            if subject.startswith(prefix + "."):
                found.setdefault(subject[len(prefix) + 1 :], {})[field] = fact
        return found

    def items(self, prefix: str, *names: str) -> list[dict[str, Any]]:
        """The subjects under a prefix as list items with the named fields, in the order in which they began.

        One that has a title by its kind, and whose title is no longer claimed, was retracted and is left out.
        """
        begun = sorted(self.subjects(prefix).items(), key=lambda item: (min(f.claim.start for f in item[1].values()), item[0]))
        return [
            {"id": name} | {field: fields.get(field) for field in names}
            for name, fields in begun
            if "title" not in names or "title" in fields
        ]

    def lines(self, prefix: str) -> dict[str, list[dict[str, Fact]]]:
        """As `subjects`, with the lines of one figure together."""
        found: dict[str, list[dict[str, Fact]]] = {}
        for name, fields in self.subjects(prefix).items():
            found.setdefault(name.partition("/")[0], []).append(fields)
        return found
