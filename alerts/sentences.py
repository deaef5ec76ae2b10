"""What an alert says in one sentence, wherever it is read: in a message, on the page, in a feed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from domain.ladder import read_step
from domain.when import read_when
from projections.headlines import count
from projections.sentences import short_from
from projections.window_history import DATED, WHAT
from projections.words import day, due_is


def left(days: int, hours: int | None = None) -> str:
    """“7 days left”, “12 hours left”, “today”; `hours` where the step is counted in them."""
    if hours is not None:
        return f"{count(hours, 'hour')} left" if hours > 0 else "less than an hour left"
    return f"{count(days, 'day')} left" if days > 0 else "today"


def step_subject(title: str, due: str, days: int, hours: int | None = None) -> str:
    """“7 days left: Pause in enforcement, due 5 April 2025”; an uncertain date is counted to its earliest day."""
    words, certain = left(days, hours), read_when(due).certain
    if words == "today":
        return f"Due today: {title}, {day(due)}" if certain else f"May be due from today on: {title}, {day(due)}"
    return f"{_counted(words, certain)}: {title}, due {day(due)}"


def step_sentence(title: str, due: str, means: str, days: int, hours: int | None = None) -> str:
    """“6 days left: “Pause in enforcement” is due on 5 April 2025.”: `means` is `last day` or `effect day`."""
    words, certain = left(days, hours), read_when(due).certain
    takes_effect = means == "effect day" and certain and "T" not in due
    if words == "today" and not certain:
        return f"From today on “{title}” may be due: it is due {_on(due)}."
    if words == "today":
        return (
            f"Today: “{title}” falls due, from the start of {day(due)}."
            if takes_effect
            else f"Due today: “{title}” is due {_on(due)}."
        )
    return f"{_counted(words, certain)}: “{title}” is due {_on(due)}" + (", from the start of that day." if takes_effect else ".")


def _counted(words: str, certain: bool) -> str:
    return words[:1].upper() + words[1:] if certain else f"At least {words}"


def _on(due: str) -> str:
    """“on 5 April 2025”, “in November 2025”, “by July 2024”, “on a day from 5 to 9 April 2025”."""
    words = day(due)
    if read_when(due).certain:
        return f"on {words}"
    if words.startswith(("about ", "by ", "from ")):
        return words
    return f"on a day from {words}" if " to " in words else f"in {words}"


def moved_sentence(title: str, former: str, due: str, by: Sequence[str] = ()) -> str:
    """“The due date of “Pause in enforcement” moved from 5 April to 19 June 2025, by EO 14258.”"""
    acts = f", by {' and '.join(dict.fromkeys(by))}" if by else ""
    return f"The due date of “{title}” moved {from_to(former, due)}{acts}."


def from_to(former: str, due: str) -> str:
    """“from 5 April to 19 June 2025”; uncertain dates whole."""
    try:
        return f"from {short_from(former, due)} to {day(due)}"
    except ValueError:
        return f"from {day(former)} to {day(due)}"


def passed_sentence(steps: Sequence[str], why: str) -> str:
    """“3 steps passed while the clock was down: 14 days, 7 days, 3 days.”"""
    return f"{count(len(steps), 'step')} {why}: {steps_in_words(steps)}."


def steps_in_words(steps: Sequence[str]) -> str:
    """“14 days, 12 hours, the day itself”, from the steps' names."""
    return ", ".join(read_step(name).words for name in steps)


def move_sentence(move: dict[str, Any]) -> str:
    """One move of a window's history: “Extended from 5 April to 19 June 2025, by EO 14258”."""
    what, told = move["what"], WHAT[move["what"]]
    by = f" by {move['by']}" if move["by"] else ""
    if what in ("extended", "recounted") and move["before"] and move["due"]:
        told += f" {from_to(move['before'], move['due'])}" + (f",{by}" if by else "")
    elif what == "dated":
        told += f"{by}: {day(move['due'])}"
    elif what in DATED:
        told += by + _date_given(move)
    elif what == "suspended":
        told += by + (f", through {day(move['until'])}" if move["until"] else ", until further notice")
    else:
        told += by
    return told + (f": {move['note'].rstrip('.')}" if move["note"] and what in ("met", "recounted") else "")


def _date_given(move: dict[str, Any]) -> str:
    if move["what"] == "shortened" and move["before"] and move["due"]:
        return f", {from_to(move['before'], move['due'])}"
    back = f", reaching back to {day(move['on'])}" if _reaches_back(move) else ""
    return back + (f", due {day(move['due'])}" if move["due"] else ", without a date yet")


def _reaches_back(move: dict[str, Any]) -> bool:
    return move["what"] == "opened" and bool(move["occurred"]) and move["on"] < move["occurred"][:10]


def message(body: dict[str, Any]) -> str:
    """An alert of the log in a sentence, as its event has it: a step, steps that passed, or what changed."""
    told = _CHANGES.get(body["step"])
    if told:
        return told(body)
    step = read_step(body["step"])
    return step_sentence(body["title"], body["due"], body["due_is"], body["days_left"], step.number if step.unit == "h" else None)


def _moved(body: dict[str, Any]) -> str:
    return moved_sentence(body["title"], body["former_due"], body["due"])


def _closed(body: dict[str, Any]) -> str:
    """“X” was superseded; it was open., “X” runs again; it was suspended."""
    former = body.get("former_status", "open")
    if body["status"] == "open":
        return f"“{body['title']}” runs again; it was {former}."
    return f"“{body['title']}” {'is' if body['status'] == 'suspended' else 'was'} {body['status']}; it was {former} before."


def _conflict(body: dict[str, Any]) -> str:
    return f"Two dates for “{body['title']}”: {day(body['stated'])} is stated, {day(body['computed'])} is counted."


def _summed_up(body: dict[str, Any]) -> str:
    """What could not be told before the window was over."""
    steps = body.get("passed", ())
    were = "lead time was" if len(steps) == 1 else "lead times were"
    return f"“{body['title']}” was due {_on(body['due'])}. Its {were} reached while no clock looked: {steps_in_words(steps)}."


def _of_entry(prefix: str) -> Callable[[dict[str, Any]], str]:
    """What an entry is called, as a sentence."""
    return lambda body: f"{prefix}{body['title'].rstrip('.')}."


_CHANGES: dict[str, Callable[[dict[str, Any]], str]] = {
    "moved": _moved, "closed": _closed, "conflict": _conflict, "passed": _summed_up,
    "amended": _of_entry(""), "new": _of_entry("New on record: "),
}  # fmt: skip
"""What each change is told as; any other step of an alert is a lead time."""


def passed_message(body: dict[str, Any]) -> str:
    """What passed before the clock could tell it."""
    return (
        f"Passed before the clock saw “{body['title']}” (due {day(body['due'])}), so never sent: {steps_in_words(body['steps'])}."
    )


def due_words(due: str | None, means: str | None, over: bool = False) -> str:
    """“5 April 2025 (last day: open through that day)”, “5 April 2025, 10:00 UTC−04:00 (over at that moment)”."""
    if not due:
        return "no due date is stated"
    span, inner = read_when(due), due_is(means, due, over)
    if isinstance(span.first, datetime):
        return f"{day(due)} {offset(span.first)} ({inner})"
    return (
        f"{day(due)} ({means}: {inner})"
        if means and span.certain
        else f"{day(due)} (an uncertain date, counted to its earliest day)"
    )


def offset(instant: datetime) -> str:
    """“UTC−04:00”."""
    text = instant.strftime("%z").replace("-", "−")
    return f"UTC{text[:3]}:{text[3:5]}"
