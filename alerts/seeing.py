"""Windows and entries as the clock sees them, read within one transaction, each once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from alerts.due import sight
from domain.watch import Sight
from projections.engine import is_visible
from projections.read_model import reading
from projections.read_model.reading import EntryRow, MatterRow, Rows
from projections.tree import split
from projections.windows import Window, deadline, windows
from service.asking import Question, ask
from service.log import Readable
from service.news import briefs_about
from service.reading import subject_at


@dataclass(frozen=True)
class Seen:
    """A window with its matter: `deadline` as the service has it, `sight` None where nothing is due on a day that can be counted from."""

    matter: MatterRow
    window: Window
    sight: Sight | None
    deadline: dict[str, Any]


@dataclass
class Eyes:
    """A log at one moment. What is looked at is kept, so that several items about one window read it once."""

    log: Readable
    rows: Rows
    now: int
    _windows: dict[tuple[str, str], Seen | None] = field(default_factory=dict)

    @property
    def question(self) -> Question:
        """Today, as known today."""
        return ask(self.now)

    def matter(self, slug: str) -> MatterRow | None:
        """A matter's own fields."""
        return reading.matter_named(self.rows, slug)

    def window(self, slug: str, name: str) -> Seen | None:
        """A window as it is now; None where it is not on record any more."""
        return self._kept((slug, name), lambda: self._look(slug, name))

    def _kept(self, key: tuple[str, str], look: Callable[[], Seen | None]) -> Seen | None:
        if key not in self._windows:
            self._windows[key] = look()
        return self._windows[key]

    def _look(self, slug: str, name: str) -> Seen | None:
        row = self.matter(slug)
        found = windows(subject_at(self.rows, row, f"windows.{name}", self.question)) if row else []
        return Seen(row, found[0], sight(found[0]), split(deadline(found[0]))[0]) if found else None

    def turns(self, slug: str, name: str) -> set[int]:
        """The instants at which what is claimed of a window can change."""
        subject = f"windows.{name}"
        return reading.turns_of(self.rows, slug, "windows", subject).get(subject, set())

    def entries(self, matter: MatterRow, keys: set[str]) -> list[tuple[EntryRow, dict[str, Any]]]:
        """Entries of a matter as they read now, with their briefs (as `service.news.briefs_about`); those that cannot be seen are left out."""
        at = self.question.at(matter.time_zone, None)
        found = [row for row in reading.entries_named(self.rows, matter.slug, keys, at) if is_visible(row, at)]
        return list(zip(found, briefs_about(self.log, self.rows, matter, found, self.question), strict=True)) if found else []
