"""Since when the public could know an entry. How late we read it, or a copy appeared, never counts."""

from domain.events import Entry
from domain.instants import end_of, start_of
from domain.when import Span, read_when


def known_span(entry: Entry) -> Span | None:
    """When the public could first know it: `announced`, else the earliest dated source; `None` with neither."""
    if entry.announced:
        return read_when(entry.announced)
    dated = [read_when(source["published"]) for source in entry.sources if source.get("published")]
    return min(dated, key=lambda span: start_of(span.last, "UTC"), default=None)


def known_at(entry: Entry, time_zone: str) -> int:
    """The instant from which the public could know an entry: the end of the day, the latest where it is uncertain."""
    return end_of(known_span(entry).last, time_zone)
