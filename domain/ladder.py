"""The ladder of an approaching due date: 30, 14, 7, 3, 1 days before, and the day itself."""

import hashlib
from datetime import date, timedelta

STEPS = (30, 14, 7, 3, 1, 0)
"""Days before the due date."""
MOVED = "moved"
"""The step of an alert that tells of a due date that moved."""


def step_day(due: date, step: int) -> date:
    """The day on which a step is reached."""
    return due - timedelta(days=step)


def reached(due: date, today: date) -> list[int]:
    """The steps that have been reached by the end of `today`, the farthest first."""
    return [step for step in STEPS if step_day(due, step) <= today]


def alert_id(matter: str, window: str, due: str, given_by: str, step: str) -> str:
    """The same alert has the same id, whoever raises it: window, version of its due date, step."""
    return hashlib.sha256("\n".join((matter, window, due, given_by, step)).encode()).hexdigest()[:20]
