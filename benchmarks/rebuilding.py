"""Rebuild: the read model made anew from the log, against the library merely reading and mapping its own log."""

from dataclasses import dataclass

from benchmarks.laboratory import Laboratory
from benchmarks.measuring import Times, by_turns
from service.log import Log

PAGE = 1000


@dataclass
class Rebuilt:
    """How long each took."""

    rebuild: Times
    read: Times


def rebuilding(lab: Laboratory, rounds: int) -> Rebuilt:
    """Rebuild so many times, and read so many times, by turns."""
    events = lab.log.size()
    found = Rebuilt(Times(events), Times(events))
    for turn in range(rounds):
        by_turns(turn, (found.rebuild, lab.log.rebuild), (found.read, lambda: read(lab.log)))
    return found


def read(log: Log) -> None:
    """Every event of the log in order, as the library selects and maps it."""
    start = 1
    while page := log.recorder.select_notifications(start, PAGE):
        for notification in page:
            log.mapper.to_domain_event(notification)
        start = page[-1].id + 1
