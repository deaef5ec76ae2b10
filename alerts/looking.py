"""The look: what was recorded since the last tick, and the windows that can have changed; the watches decide, in one transaction each batch."""

from collections.abc import Callable
from typing import Any

import structlog

from alerts import outbox
from alerts.due import NEWS_FOR, next_look
from alerts.judging import account_of
from alerts.matching import windows_of
from alerts.model import Item
from alerts.outbox import Row
from alerts.planning import Planner, Plans
from alerts.preferences import end_snoozes
from alerts.seeing import Eyes, Seen
from domain.events import AlertRaised, Amendment
from domain.instants import day_in
from domain.ladder import read_step
from domain.watch import News, Told, Watch
from importers.schemas import kind_named
from projections.read_model import reading
from projections.read_model.reading import EntryRow
from service.log import HeldLog, Log
from service.people.store import first
from service.recorder import CONFLICTS, STORE_ERRORS
from service.recording import LOADER

logger = structlog.get_logger("daybook.clock")
Asked = Callable[[HeldLog], Planner]
"""Reads who wants to hear of what, as a transaction sees it."""
BATCH = 100
"""Windows, or entries, in one transaction: writers wait for one batch at most."""
AGAIN = 15 * 60 * 1_000_000
"""After so long (in microseconds) a window that could not be looked at is looked at again."""
_FACTS = (
    "on", "step", "due", "due_is", "given_by", "days_left", "passed", "former_due", "status", "former_status", "stated", "computed", "entry", "kind", "of",
)  # fmt: skip


def take_in(log: Log, asked: Asked, now: int) -> tuple[list[AlertRaised], bool]:
    """Tell of entries recorded since the last time, and note which windows they touch; what was raised, and whether more are left."""
    with log.seen_by(None).holding() as held, held.reading() as rows:
        since = position_of(held.cursor, "recorded")
        found = reading.recorded_since(rows, since, BATCH)
        last = found[-1].first_position if len(found) == BATCH else reading.last_position(rows)
        if last == since:
            return [], False
        eyes, planner, raised = Eyes(held, rows, now), asked(held), []
        for row in found:
            raised += _apart(held, lambda row=row: _tell_news(held, row, eyes, planner), matter=row.matter, entry=row.key) or []
        for matter in dict.fromkeys(row.matter for row in found):
            for window in reading.windows_touched(rows, matter, since):
                look_at(held.cursor, matter, window, 0)
        if reading.shared_since(rows, since):
            look_at_all(held.cursor)
        set_position(held.cursor, "recorded", last)
        return raised, len(found) == BATCH


def _tell_news(held: HeldLog, row: EntryRow, eyes: Eyes, planner: Planner) -> list[AlertRaised]:
    recorded = reading.recorded_of(eyes.rows, row.first_position)
    if not planner.policies or not _is_news(held, row, eyes, recorded):
        return []
    matter, is_amendment = eyes.matter(row.matter), issubclass(kind_named(row.kind), Amendment)
    change = "amended" if is_amendment else "new"
    of = tuple(next(iter(held.originals(eyes.rows, [row.first_position]).values())).of) if is_amendment else ()
    briefs = [brief for _, brief in eyes.entries(matter, {row.key, *of})]
    plans = planner.for_entry(briefs, matter.group)
    told_to = plans.of_people(change, recorded)
    own = next((brief for brief in briefs if brief["key"] == row.key), None)
    if not told_to or own is None:
        return []
    today = day_in(eyes.now, matter.time_zone)
    named = set().union(*(windows_of(brief) for brief in briefs))
    window = named.pop() if len(named) == 1 else None
    told = Told(change, row.matter, row.key, row.first_position, row.kind, own["headline"], today, of, window)
    news = News.begin(told)
    news.tell(told, told_to)
    return _save(held, news, plans, eyes.now, lambda alert: recorded)


def _is_news(held: HeldLog, row: EntryRow, eyes: Eyes, recorded: int) -> bool:
    """History that is loaded from a file tells nothing; what a person records does, however long ago it was known."""
    original = next(iter(held.originals(eyes.rows, [row.first_position]).values()))
    return original.actor != LOADER or row.known >= recorded - NEWS_FOR


def look(log: Log, asked: Asked, now: int) -> tuple[list[AlertRaised], bool]:
    """See the windows whose time to be looked at has come; what was raised, and whether more are left."""
    with log.seen_by(None).holding() as held, held.reading() as rows:
        held.cursor.execute("SELECT matter, subject FROM watched WHERE look<=? ORDER BY look LIMIT ?", (now, BATCH))
        found = [tuple(row) for row in held.cursor.fetchall()]
        eyes, planner, raised = Eyes(held, rows, now), asked(held), []
        for matter, window in found:
            told = _apart(held, lambda its=(matter, window): _look(held, eyes, planner, *its), matter=matter, window=window)
            if told is None:
                look_at(held.cursor, matter, window, now + AGAIN)
            raised += told or []
        return raised, len(found) == BATCH


def _apart(held: HeldLog, work: Callable[[], list[AlertRaised]], **about: str) -> list[AlertRaised] | None:
    """What the work raised; None where it failed: what it wrote is undone and the log says why, but the others are told of theirs."""
    held.cursor.execute("SAVEPOINT apart")
    try:
        return work()
    except Exception as error:
        if isinstance(error, STORE_ERRORS) and not isinstance(error, CONFLICTS):
            raise  # the store is away: nothing is wrong with this one
        held.cursor.execute("ROLLBACK TO apart")
        logger.exception("the clock could not look at one of them", **about)
        return None
    finally:
        held.cursor.execute("RELEASE apart")


def _look(held: HeldLog, eyes: Eyes, planner: Planner, slug: str, name: str) -> list[AlertRaised]:
    """See one window, and keep when it is to be looked at next."""
    matter, seen = eyes.matter(slug), eyes.window(slug, name)
    plans = planner.for_window(seen.deadline, matter.group) if seen else None
    raised = _watch(held, seen, plans, eyes.now) if seen and seen.sight else []
    window, sight = (seen.window, seen.sight) if seen else (None, None)
    coming = next_look(matter.time_zone, window, sight, plans.steps if plans else set(), eyes.turns(slug, name), eyes.now)
    look_at(held.cursor, slug, name, coming)
    return raised


def _watch(held: HeldLog, seen: Seen, plans: Plans, now: int) -> list[AlertRaised]:
    matter, window = seen.matter.slug, seen.window.id
    watch = held.watch(matter, window)
    if watch is None and not seen.sight.runs:
        return []  # over before anybody watched it
    watch = watch or Watch.begin(matter, window)
    if seen.sight.version in watch.seen:  # also where a move was taken back before anybody looked
        _revive(held.cursor, seen, now)
    if watch.due and watch.due[0] != seen.sight.due.isoformat():
        end_snoozes(held.cursor, matter, window, seen.sight.given_at)
    watch.see(seen.sight, now, plans.all)
    return _save(held, watch, plans, now, lambda alert: _was_due(alert, seen, watch, plans, now))


def _revive(c: Any, seen: Seen, now: int) -> None:
    """The due date is again the one that it was: what was dropped because it had moved is told after all, for the watch tells a step once."""
    for row in outbox.moved_away(c, seen.matter.slug, seen.window.id):
        if (row.item.facts["due"], row.item.facts["given_by"]) == seen.sight.version:
            outbox.revive(c, row, now)


def _was_due(alert: AlertRaised, seen: Seen, watch: Watch, plans: Plans, now: int) -> int:
    """When it was to be told: a step when it was reached, but not before it was seen or asked for; a change now."""
    if not alert.step[:1].isdigit():
        return now
    step, sight = read_step(alert.step), seen.sight
    asked = plans.asked[alert.channel].steps[step] if alert.channel else 0
    return min(now, max(step.moment(sight.due, sight.ends, sight.time_zone), asked, watch.seen[sight.version].at or 0))


def _save(held: HeldLog, aggregate: Watch | News, plans: Plans, now: int, was_due: Any) -> list[AlertRaised]:
    """Store what was decided, and in the same transaction the outbox's rows of it."""
    raised = [event for event in aggregate.pending_events if isinstance(event, AlertRaised)]
    positions = {event.originator_version: n for n, event in enumerate(aggregate.pending_events)}
    dues = {alert.alert: was_due(alert) for alert in raised}

    def beside(c: Any, stored: list[int]) -> None:
        mine = [(alert, stored[positions[alert.originator_version]]) for alert in raised if alert.channel]
        outbox.put(c, (_row(alert, at, plans, now, dues[alert.alert]) for alert, at in mine))

    if aggregate.pending_events:
        held.save([aggregate], beside)
    return raised


def _row(alert: AlertRaised, position: int, plans: Plans, now: int, due: int) -> Row:
    facts = {name: value for name in _FACTS if (value := getattr(alert, name)) is not None} | {"position": position}
    what = "step" if alert.step[:1].isdigit() else alert.step
    if what == "passed":
        facts["steps"] = facts.pop("passed")
    if what != "step":
        facts.pop("step")
    item = Item(alert.alert, account_of(alert.person), alert.channel, alert.matter, alert.window, what, _named(facts), now, now)
    return Row(item, plans.rhythm(alert.channel), due)


def _named(facts: dict[str, Any]) -> dict[str, Any]:
    """As `Item` names them: the status that was before is `former`."""
    return {("former" if name == "former_status" else name): value for name, value in facts.items()}


def look_at(c: Any, matter: str, window: str, at: int | None) -> None:
    """When a window is to be looked at next; None for not until something about it is recorded."""
    c.execute(
        "INSERT INTO watched VALUES (?,?,?) ON CONFLICT (matter, subject) DO UPDATE SET look=excluded.look", (matter, window, at)
    )


def look_at_all(c: Any, where: str = "look IS NOT NULL") -> None:
    """Look again at every window that can still change, or at all of them."""
    c.execute(f"UPDATE watched SET look=0 WHERE {where}")


def position_of(c: Any, name: str) -> int:
    """Where the clock stands: a position of the log or an instant, 0 before it ever ran."""
    return (first(c, "SELECT value FROM clock WHERE name=?", name) or (0,))[0]


def set_position(c: Any, name: str, value: int) -> None:
    """Keep where the clock stands."""
    c.execute("INSERT INTO clock (name, value) VALUES (?,?) ON CONFLICT (name) DO UPDATE SET value=excluded.value", (name, value))
