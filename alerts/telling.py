"""An item of the outbox into what is so at the moment of sending: the window or entry as its person sees it then, and why."""

from dataclasses import replace

from alerts.facts import PASSED, STEP, Told
from alerts.model import Item
from alerts.telling_entries import amended, new
from alerts.telling_windows import closed, conflict, moved, passed, step, window_now
from domain.instants import day_in
from service import browsing
from service.asking import ask
from service.log import Readable

_ABOUT_WINDOWS = {STEP: step, PASSED: passed, "moved": moved, "closed": closed, "conflict": conflict}
_ABOUT_ENTRIES = {"amended": amended, "new": new}
SAMPLE = "sample"
"""The item of what is shown as an example; it has no page."""


def told(log: Readable, item: Item, now: int) -> Told:
    """What an item tells at an instant, from the log as its person sees it; raises `NotToTell` where nothing of it is so any more.

    A lead time whose due date has passed meanwhile is told as passed.
    """
    if item.what in _ABOUT_ENTRIES:
        return _ABOUT_ENTRIES[item.what](log, item, ask(now))
    return _ABOUT_WINDOWS[item.what](window_now(log, item, ask(now)), item)


def sample(log: Readable, now: int) -> Told | None:
    """The window due next, told as on the day of a lead time that it has right now: an example made of facts. None where no window runs."""
    running = browsing.deadlines(log, ask(now))["deadlines"]
    ahead = next((window for window in running if window["due"] and window["days_left"] > 0), None)
    if ahead is None:
        return None
    on = day_in(now, ahead["time_zone"]).isoformat()
    facts = {"step": str(ahead["days_left"]), "on": on, "passed": []}
    shown = told(log, Item(SAMPLE, None, SAMPLE, ahead["matter"], ahead["window"], STEP, facts, now, now), now)
    return replace(shown, answer=None)
