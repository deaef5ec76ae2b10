"""The alerts that were raised, and those that would have been by any day, had the clock always run."""

from datetime import date, datetime
from typing import Any

from alerts.due import sightings
from alerts.sentences import message, passed_message
from domain.deadlines import became_known
from domain.events import AlertRaised
from domain.instants import day_in, micros
from domain.ladder import LADDER
from domain.watch import Watch
from projections.read_model import reading
from projections.read_model.reading import EVER, MatterRow, Rows
from service.asking import Question
from service.log import Readable
from service.reading import recorded_text, subject_at


def alerts_by(log: Readable, question: Question) -> dict[str, Any]:
    """{as_of, would_have_been, raised}: what a clock that always ran would have told by the day, and what ours did."""
    last = question.day("UTC")
    told = raised(log, last, upto=position_of(log, question))
    return {"as_of": last.isoformat(), "would_have_been": would_have_been(log, question), "raised": told}


def position_of(log: Readable, question: Question) -> int:
    """The last position of the log that a question about alerts asks for; they are raised long after the last entry that one sees."""
    if isinstance(question.recorded_at, datetime):
        with log.seen_by(None).reading() as rows:
            return reading.position_at(rows, micros(question.recorded_at))
    with log.reading() as rows:
        position = question.position(rows)
        return EVER if position is None else position


def raised(log: Readable, until: date, limit: int = 500, person: str | None = None, upto: int = EVER) -> list[dict[str, Any]]:
    """What the clock told a person (None: everybody), and what it found passed, up to a day and a position; the newest first."""
    with log.reading() as rows:
        found = reading.alerts(rows, until.isoformat(), limit, person, upto)
        return [_shown(body) | {"position": at, "recorded": recorded_text(reading.recorded_of(rows, at))} for at, body in found]


def would_have_been(log: Readable, question: Question) -> list[dict[str, Any]]:
    """Every alert that a clock which always ran would have raised by the day asked about, in order."""
    found: list[AlertRaised] = []
    with log.reading() as rows:
        for matter in reading.matters(rows):
            for subject, turns in reading.turns_of(rows, matter.slug, "windows").items():
                found += _watched(rows, matter, subject, turns, question)
    return [_shown(vars(alert)) for alert in sorted(found, key=lambda a: (a.on, a.matter, a.window))]


def _watched(rows: Rows, matter: MatterRow, subject: str, turns: set[int], question: Question) -> list[AlertRaised]:
    """One window, looked at on each day on which it can change or a step of its ladder is reached."""
    zone, last = matter.time_zone, question.day(matter.time_zone)
    waiting = sorted({day_in(turn, zone) for turn in turns if day_in(turn, zone) <= last})
    watch, seen = Watch.begin(matter.slug, subject.partition(".")[2]), set()
    while waiting:
        day = waiting.pop(0)
        seen.add(day)
        there = subject_at(rows, matter, subject, question.moved_to(day))
        if there.get(subject, "rule"):  # a counted date also moves when a closing becomes known
            waiting = sorted({*waiting, *(known for known in became_known(day, last) if known not in seen)})
        for _, sight in sightings([there]):
            watch.see(sight, there.at.as_of)
            steps = {step.day(sight.due) for step in LADDER}
            waiting = sorted({*waiting, *(day for day in steps - seen if sight.today < day <= last)})
    return [event for event in watch.collect_events() if isinstance(event, AlertRaised)]


_NAMES = (
    "alert", "matter", "window", "title", "step", "due", "due_is", "days_left", "on", "former_due", "given_by", "steps", "passed", "status", "former_status",
    "stated", "computed", "entry", "kind", "of", "channel",
)  # fmt: skip


def _shown(body: dict[str, Any]) -> dict[str, Any]:
    """An alert as readers get it; for steps that passed, `raised` is false."""
    told = "alert" in body
    shown = {name: body[name] for name in _NAMES if body.get(name) is not None}
    return shown | {"raised": told, "message": message(body) if told else passed_message(body)}
