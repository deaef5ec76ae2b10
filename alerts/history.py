"""The alerts that were raised, and those that would have been by any day, had the clock always run."""

from datetime import date
from typing import Any

from alerts.due import Sighting, sightings
from domain.events import AlertRaised
from domain.instants import day_in
from domain.ladder import STEPS, step_day
from domain.watch import Watch
from projections.headlines import said
from projections.read_model import reading
from service.asking import Question, ask
from service.log import Log
from service.reading import recorded_text, windows_at


def alerts_by(log: Log, question: Question) -> dict[str, Any]:
    """{as_of, would_have_been, raised}: what a clock that always ran would have told by the day, and what ours did."""
    last = question.day("UTC")
    return {"as_of": last.isoformat(), "would_have_been": would_have_been(log, question), "raised": raised(log, last)}


def raised(log: Log, until: date, limit: int = 500) -> list[dict[str, Any]]:
    """What the clock told, and what it found passed, up to a day; the newest first."""
    with log.reading() as rows:
        found = reading.alerts(rows, until.isoformat(), limit)
        return [_shown(body) | {"position": at, "recorded": recorded_text(reading.recorded_of(rows, at))} for at, body in found]


def would_have_been(log: Log, question: Question) -> list[dict[str, Any]]:
    """Every alert that a clock which always ran would have raised by the day asked about, in order."""
    last = question.day("UTC")
    watches: dict[tuple[str, str], Watch] = {}
    found: list[AlertRaised] = []
    for day in _days_to_look(log, question, last):
        for sighting in sightings(windows_at(log, ask(question.now, day.isoformat()))):
            found += _seen(watches, sighting)
    return [_shown(vars(alert)) for alert in found]


def _seen(watches: dict[tuple[str, str], Watch], sighting: Sighting) -> list[AlertRaised]:
    name = (sighting.matter, sighting.window)
    watch = watches.setdefault(name, Watch.begin(*name))
    watch.see(sighting.title, sighting.due, sighting.given_by, sighting.today)
    return [event for event in watch.collect_events() if isinstance(event, AlertRaised)]


def _days_to_look(log: Log, question: Question, last: date) -> list[date]:
    """The days on which anything can change: when something became known, and the steps of every due date seen then."""
    news = [day for day in _days_of_news(log) if day <= last]
    days = set(news)
    for day in news:
        for sighting in sightings(windows_at(log, ask(question.now, day.isoformat()))):
            days |= {step_day(sighting.due, step) for step in STEPS}
    return sorted(day for day in days if news and news[0] <= day <= last)


def _days_of_news(log: Log) -> list[date]:
    with log.reading() as rows:
        matters = reading.matters(rows)
        instants = {(i, m.time_zone) for m in matters for i in reading.known_instants(rows, m.slug)}
    return sorted({day_in(instant, zone) for instant, zone in instants})


def _shown(body: dict[str, Any]) -> dict[str, Any]:
    """An alert as readers get it; for steps that passed, `raised` is false."""
    told = "alert" in body
    names = ("alert", "matter", "window", "title", "step", "due", "days_left", "on", "former_due", "given_by", "steps")
    shown = {name: body[name] for name in names if name in body}
    return shown | {"raised": told, "message": message(body) if told else passed_message(body)}


def message(body: dict[str, Any]) -> str:
    """“6 days left: 75 days without enforcement is due on 5 April 2025.”"""
    due = said(body["due"])
    if body["step"] == "moved":
        return f"The due date of “{body['title']}” moved from {said(body['former_due'])} to {due}."
    left = body["days_left"]
    when = "Due today" if left == 0 else f"{left} day{'' if left == 1 else 's'} left"
    return f"{when}: “{body['title']}” is due on {due}."


def passed_message(body: dict[str, Any]) -> str:
    """What passed before the clock could tell it."""
    steps = ", ".join("the day itself" if step == "0" else f"{step} days" for step in body["steps"])
    return f"Passed before the clock saw “{body['title']}” (due {said(body['due'])}), so never sent: {steps}."
