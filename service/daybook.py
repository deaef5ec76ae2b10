"""The service: what pages, API, command line and clock are given. `now` is asked once at the edge and passed on."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from domain.errors import BadValue
from projections.views import view_named
from service import amending, browsing, calendar, comparing, news, reading, recording, trying, why, windows, writing
from service.amending import EntryNow
from service.asking import Question, ask
from service.browsing import Filter, Neighbour
from service.log import Log, SeenLog
from service.reading import Answer
from service.recording import Loaded
from service.trying import Preview
from service.visitor import Visitor
from service.writing import ANY, Posting, Versions, Written


@dataclass(frozen=True)
class Daybook:
    """One daybook: a log, and the clock of who asks (microseconds since 1970, UTC)."""

    log: Log | SeenLog
    clock: Callable[[], int]

    def seen_by(self, visitor: Visitor) -> "Daybook":
        """The daybook as a visitor sees it: what is private to other groups is not there."""
        return replace(self, log=self.log.seen_by(visitor.groups))

    def ask(self, as_of: str | None = None, known_on: str | None = None, recorded_at: str | None = None) -> Question:
        """A question at a point, asked now; raises `BadValue` naming the parameter."""
        return ask(self.clock(), as_of, known_on, recorded_at)

    def ask_end(self, name: str, as_of: str, known_on: str | None) -> Question:
        """One end of a diff; an error names it by that name."""
        try:
            return self.ask(as_of, known_on)
        except BadValue as error:
            raise BadValue(error.detail, name if error.field == "as_of" else f"{name}_{error.field}") from None

    def view(self, name: str, question: Question, matter: str | None = None) -> Answer:
        """A view at a point."""
        return reading.answer(self.log, name, question, matter)

    def diff(self, name: str, before: Question, after: Question, matter: str | None = None) -> dict[str, Any]:
        """What differs between two points of a view."""
        return comparing.diff(self.log, name, before, after, matter)

    def why(self, name: str, field: str, question: Question, matter: str | None = None) -> dict[str, Any]:
        """Where a value comes from."""
        return why.why(self.log, name, field, question, matter)

    def point(self, question: Question, matter: str | None = None) -> dict[str, Any]:
        """The point of a question alone."""
        return browsing.point_of(self.log, question, matter)

    def deadlines(self, question: Question, **wanted: Any) -> dict[str, Any]:
        """Windows by due date."""
        return browsing.deadlines(self.log, question, **wanted)

    def window(self, slug: str, name: str, question: Question) -> dict[str, Any]:
        """One window with its history."""
        return windows.window(self.log, slug, name, question)

    def histories(self, question: Question, matter: str | None = None) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """The history of every window, by the id of its deadline."""
        return windows.histories(self.log, question, matter)

    def calendar(self, question: Question, matter: str | None = None) -> list[dict[str, Any]]:
        """Every window with a due date, with what a calendar needs; asked without a point, at this very moment."""
        return calendar.calendar(self.log, calendar.now_at_the_latest(question), matter)

    def windows_ever(self, slug: str) -> set[str]:
        """The windows that a matter has or had, also those that were taken back; raises `NotFound`."""
        return calendar.names_ever(self.log, slug)

    def matters(self, question: Question) -> list[dict[str, Any]]:
        """Every matter."""
        return browsing.matters(self.log, question)

    def matter(self, slug: str, question: Question) -> dict[str, Any]:
        """One matter."""
        return browsing.matter(self.log, slug, question)

    def events(self, wanted: Filter, question: Question) -> tuple[list[dict[str, Any]], int | None]:
        """A page of entries, and the position to go on after."""
        return browsing.events(self.log, wanted, question)

    def headlines(self, question: Question, ids: Collection[str]) -> dict[str, str]:
        """What entries are called at the point, by id."""
        return browsing.headlines(self.log, question, ids)

    def newest(self, accepts: news.Accepts, likely: news.Likely, **wanted: Any) -> list[dict[str, Any]]:
        """The entries recorded or amended last that are accepted; `wanted`: matter, kind, limit."""
        return news.newest(self.log, self.ask(), accepts, likely, **wanted)

    def latest(self, limit: int) -> list[dict[str, Any]]:
        """The entries recorded last."""
        return browsing.latest(self.log, limit, self.ask())

    def event(self, event_id: str, question: Question) -> dict[str, Any]:
        """One entry, whole."""
        return browsing.event(self.log, event_id, question)

    def neighbours(self, question: Question, matter: str | None = None) -> tuple[Neighbour | None, Neighbour | None]:
        """The days of the changes before and after."""
        return browsing.neighbours(self.log, question, matter)

    def record(self, postings: Sequence[Posting], by: Visitor, *, versions: Versions = ANY, key: str | None = None) -> Written:
        """Record entries, all or nothing."""
        return writing.write(self.log.seen_by(by.groups), postings, by, self.clock(), versions, key)

    def preview(self, postings: Sequence[Posting], by: Visitor, *, versions: Versions = ANY) -> Preview:
        """What recording them would change."""
        return trying.preview(self.log.seen_by(by.groups), postings, by, self.clock(), versions)

    def matter_of(self, view: str) -> str | None:
        """The matter that a view is made from; None for all of them. Raises `NotFound`."""
        return view_named(view).matter

    def what_if(self, view: str, postings: Sequence[Posting], question: Question, matter: str | None = None) -> dict[str, Any]:
        """A view over extra entries, never stored."""
        return trying.what_if(self.log, view, postings, question, matter)

    def entry_now(self, event_id: str, by: Visitor) -> EntryNow:
        """An entry as it reads now by all that is on record; raises `NotFound`."""
        return amending.entry_now(self.log.seen_by(by.groups), event_id, by)

    def open_matter(self, values: Mapping[str, Any], by: Visitor) -> int:
        """Open a matter; returns its version."""
        return writing.open_matter(self.log.seen_by(by.groups), values, by)

    def share_matter(self, slug: str, group: str | None, by: Visitor) -> int:
        """Change who sees a matter; returns its version."""
        return writing.share_matter(self.log.seen_by(by.groups), slug, group, by)

    def load(self, path: Path, progress: Callable[[int], None] = lambda done: None) -> Loaded:
        """Load a matter's file."""
        return recording.load_file(self.log, path, self.clock(), progress)
