"""Is it still true? What is not is never sent, but summed up in what is: asked when a message is made, and again at each try."""

from dataclasses import replace
from typing import Any

from alerts import outbox
from alerts.outbox import DATE_MOVED, Row
from alerts.planning import OF_HOUSE, Planner, Plans
from alerts.preferences import version_of
from alerts.seeing import Eyes, Seen
from domain.watch import PASSED
from projections.windows import RUNNING

STEP, OF_ENTRIES = "step", ("amended", "new")
OVERTAKEN, NOT_SEEN = "a nearer step took its place", "it can no longer be seen"
NOT_ASKED, ACKNOWLEDGED = "nobody asks for it any more", "it was acknowledged"
Acknowledged = set[tuple[str, str, str]]


def judged(c: Any, row: Row, eyes: Eyes, planner: Planner, acknowledged: Acknowledged) -> Row | None:
    """The row as it is to be told, perhaps summed up anew; None where it was dropped, which the outbox then says."""
    row = next(
        iter(outbox.rows(c, "id=? AND dropped IS NULL", row.item.id)), None
    )  # another that was judged before may have changed it
    if row is None:
        return None
    why, ended = _untrue(c, row, eyes, planner, acknowledged)
    if why in (OVERTAKEN, DATE_MOVED):
        _hand_on(c, row, why)
    if why:
        outbox.drop(c, row.item.id, why)
        return None
    row = _summed_up(c, row) if ended else row
    return _with_earlier(c, row) if row.item.what in (STEP, PASSED) else row


def _untrue(c: Any, row: Row, eyes: Eyes, planner: Planner, acknowledged: Acknowledged) -> tuple[str | None, bool]:
    """Why it is not true any more, if so; and whether its window has ended meanwhile, so that only a summary is left."""
    its = row.item
    matter = eyes.matter(its.matter)
    if matter is None or not planner.audience.sees(its.account, matter.group):
        return NOT_SEEN, False
    if its.what in OF_ENTRIES:
        return _entry_untrue(row, eyes, planner, matter), False
    seen = eyes.window(its.matter, its.window)
    if seen is None or seen.sight is None:
        return "the window is no longer on record with a due date", False
    if not _asked(its, planner.for_window(seen.deadline, matter.group, its.channel)):
        return NOT_ASKED, False
    if its.what in (STEP, PASSED):
        return _step_untrue(c, row, seen, eyes.now, acknowledged)
    return _change_untrue(its, seen), False


def _asked(its: Any, plans: Plans) -> bool:
    """A step that passed, or that several policies asked for, is still asked for as long as any of its steps is."""
    steps = [its.facts.get("step"), *its.facts.get("passed", ()), *its.facts.get("steps", ())]
    if its.what in (STEP, PASSED):
        return any(plans.still_asks(its.channel, its.what, step) for step in steps if step)
    return plans.still_asks(its.channel, its.what, None)


def _entry_untrue(row: Row, eyes: Eyes, planner: Planner, matter: Any) -> str | None:
    its = row.item
    found = {brief["key"]: brief for _, brief in eyes.entries(matter, {its.facts["entry"], *its.facts.get("of", ())})}
    entry = found.get(its.facts["entry"])
    if entry is None or entry.get("retracted"):
        return "the entry was taken back"
    return None if _asked(its, planner.for_entry(found.values(), matter.group, its.channel)) else NOT_ASKED


def _step_untrue(c: Any, row: Row, seen: Seen, now: int, acknowledged: Acknowledged) -> tuple[str | None, bool]:
    its, there = row.item, seen.sight
    version = version_of(its.facts["due"], its.facts["given_by"])
    if (its.facts["due"], its.facts["given_by"]) != there.version:
        return DATE_MOVED, False
    if (its.matter, its.window, version) in acknowledged:
        return ACKNOWLEDGED, False
    if there.status not in (*RUNNING, "lapsed"):
        return f"the window is {there.status}", False
    later = [other for other in outbox.later_of(c, row) if _takes(other, row, OVERTAKEN) and _is_ready(other, now)]
    if later or (its.what == STEP and outbox.was_told_later(c, row)):
        return OVERTAKEN, False
    return None, its.what == STEP and there.is_over(now)


def _is_ready(row: Row, now: int) -> bool:
    """Not one that waits for a later digest: until then, nothing would be told."""
    return row.message is not None or row.item.ready <= now


def _same_due(one: Row, other: Row) -> bool:
    return one.item.facts["due"] == other.item.facts["due"]


def _change_untrue(its: Any, seen: Seen) -> str | None:
    there, facts = seen.sight, its.facts
    if its.what == "moved" and there.due.isoformat() != facts["due"]:
        return "the due date moved again"
    if its.what == "closed" and there.spoken_status != facts["status"]:
        return f"the window is {there.status} by now"
    if its.what == "conflict" and there.conflict != (facts["stated"], facts["computed"]):
        return "the dates no longer disagree in this way"
    return None


def _hand_on(c: Any, row: Row, why: str) -> None:
    """What a dropped step would have told is summed up in what waits after it about the same due date, or about its move."""
    later = [other for other in outbox.later_of(c, row) if _takes(other, row, why)]
    if later:
        outbox.rewrite(c, _with_steps(later[-1], _steps_of(row)).item)


def _takes(other: Row, row: Row, why: str) -> bool:
    if why == DATE_MOVED:
        return other.item.what == "moved" and other.item.facts["former_due"] == row.item.facts["due"]
    return other.item.what in (STEP, PASSED) and _same_due(other, row)


def _with_earlier(c: Any, row: Row) -> Row:
    """What waits since before it (behind a pause after a failure, or for a digest) is summed up in it, and not sent after it."""
    earlier = [other for other in outbox.earlier_of(c, row) if other.item.what in (STEP, PASSED) and _same_due(other, row)]
    for other in reversed(earlier):
        row = _with_steps(row, _steps_of(other))
        outbox.drop(c, other.item.id, OVERTAKEN)
    if earlier:
        outbox.rewrite(c, row.item)
    return row


def _with_steps(row: Row, steps: list[str]) -> Row:
    """The row with earlier steps before those that it sums up already."""
    its = row.item
    name = "steps" if its.what == PASSED else "passed"
    facts = its.facts | {name: steps + [step for step in its.facts.get(name, ()) if step not in steps]}
    return replace(row, item=replace(its, facts=facts))


def _summed_up(c: Any, row: Row) -> Row:
    """The time is over: what is left to say is that its steps passed untold."""
    its = row.item
    kept = {name: its.facts[name] for name in ("on", "position", "due", "due_is", "given_by")}
    summed = replace(row, item=replace(its, what=PASSED, facts=kept | {"steps": _steps_of(row)}))
    outbox.rewrite(c, summed.item)
    return summed


def _steps_of(row: Row) -> list[str]:
    facts = row.item.facts
    return [*facts.get("passed", ()), *facts.get("steps", ()), *([facts["step"]] if "step" in facts else [])]


def account_of(person: str | None) -> str | None:
    """The account of a plan's person; None for the house."""
    return None if person in (None, OF_HOUSE) else person
