"""Resolve: the state at random points of the three clocks, against the library's own replay of the same matter.

A replay answers less: it knows the end of the stream only, and neither `as_of` nor `known_on`.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from benchmarks.calendar import FIRST, LAST
from benchmarks.laboratory import Laboratory, now
from benchmarks.measuring import Times, by_turns, seconds
from domain.instants import moment
from domain.matter import Matter
from projections.read_model import reading
from service.asking import Question, ask
from service.log import Log
from service.reading import answer

ZONE = "America/New_York"
ONE_SUBJECT = "products"
"""The made-up matters report on one product only, again and again: under this prefix lies one subject."""


@dataclass
class Resolved:
    """How long each took."""

    view: Times = field(default_factory=Times)
    subject: Times = field(default_factory=Times)
    replay: Times = field(default_factory=Times)
    mapped: Times = field(default_factory=Times)


def questions(log: Log, random: Random, count: int) -> list[Question]:
    """Questions at random points: any day of the matter, any knowledge, any state of the log."""
    with log.reading() as rows:
        size, first, last = next(iter(rows("SELECT MAX(position), MIN(recorded), MAX(recorded) FROM ledger")))
    found = []
    for _ in range(count):
        as_of, known_on = (FIRST + timedelta(random.randint(0, (LAST - FIRST).days)) for _ in range(2))
        question = ask(now(), as_of.isoformat(), random.choice((None, "now", known_on.isoformat())))
        recorded_at = random.choice((None, random.randint(1, size), moment(random.randint(first, last))))
        found.append(replace(question, recorded_at=recorded_at))
    return found


def resolving(lab: Laboratory, slugs: list[str], points: int, replays: int) -> Resolved:
    """Ask at so many points, each of a random matter; replay, and read the bare stream, at `replays` of them."""
    random, found = Random(17), Resolved()
    _warm(lab, slugs[0])
    for turn, question in enumerate(questions(lab.log, random, points)):
        slug = random.choice(slugs)
        tasks = [
            (found.view, lambda s=slug, q=question: answer(lab.log, "tiktok-status", q, s)),
            (found.subject, lambda s=slug, q=question: one_subject(lab.log, q, s)),
        ]
        if turn % (points // replays) == 0:
            tasks.append((found.replay, lambda s=slug: lab.log.repository.get(Matter.create_id(s))))
            tasks.append((found.mapped, lambda s=slug: sum(1 for _ in lab.log.events.get(Matter.create_id(s)))))
        by_turns(turn, *tasks)
    return found


def one_subject(log: Log, question: Question, slug: str) -> object:
    """The whole state of one subject at the question's point."""
    with log.reading() as rows:
        return reading.facts_at(rows, slug, question.at(ZONE, question.position(rows)), ONE_SUBJECT)


def _warm(lab: Laboratory, slug: str) -> None:
    question = ask(now())
    seconds(lambda: answer(lab.log, "tiktok-status", question, slug))
    seconds(lambda: one_subject(lab.log, question, slug))
