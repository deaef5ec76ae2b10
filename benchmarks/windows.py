"""Made-up windows: opened, extended several times, then superseded by the next, met, or withdrawn."""

from typing import TYPE_CHECKING, Any

from domain.events import Entry, WindowExtended, WindowMet, WindowOpened, WindowSuperseded, WindowWithdrawn

if TYPE_CHECKING:
    from benchmarks.corpus import Story


def next_step(story: "Story") -> tuple[type[Entry], dict[str, Any]]:
    """What happens next to the window that runs; without one, the next opens. A successor opens before it supersedes."""
    if story.superseded:
        return _superseded(story)
    if story.window is None:
        return _opened(story)
    step = story.random.random()
    if step < 0.93:
        return _extended(story)
    if step < 0.96:
        story.superseded = story.window
        return _opened(story)
    return _closed(story)


def _opened(story: "Story") -> tuple[type[Entry], dict[str, Any]]:
    today, number = story.calendar.today.isoformat(), story.number("window")
    story.window = f"w-{number}"
    rule = {"length": 75, "unit": "days", "start": today, "rule": "calendar"} if number % 2 else None
    return WindowOpened, {
        "occurred": today,
        "window": story.window,
        "title": f"Enforcement pause {number}",
        "purpose": "enforcement pause",
        "opened_by": f"EO {10000 + number}",
        "due": story.calendar.ahead(30, 90),
        "rule": rule,
        "pauses": True,
    }


def _extended(story: "Story") -> tuple[type[Entry], dict[str, Any]]:
    today, due = story.calendar.today.isoformat(), story.calendar.ahead(30, 120)
    return WindowExtended, {"occurred": today, "window": story.window, "due": due, "legal_basis": "EO 14258"}


def _superseded(story: "Story") -> tuple[type[Entry], dict[str, Any]]:
    window, story.superseded = story.superseded, None
    today = story.calendar.today.isoformat()
    return WindowSuperseded, {"occurred": today, "window": window, "superseded_by": story.window}


def _closed(story: "Story") -> tuple[type[Entry], dict[str, Any]]:
    window, story.window = story.window, None
    values = {"occurred": story.calendar.today.isoformat(), "window": window}
    if story.random.random() < 0.5:
        return WindowMet, values | {"evidence": "The parties filed a certificate."}
    return WindowWithdrawn, values | {"reason": "The agency took it back."}
