"""How a person wants to be spoken to: zone, quiet hours, digests, snoozes, what he has acknowledged; and when something may be sent."""

from datetime import date, datetime, time, timedelta
from typing import Any

from alerts.model import AT_ONCE, DAILY, Preferences
from alerts.schemas import preferences_of
from domain.errors import BadValue
from domain.instants import day_in, micros, zone
from service.people.store import DAY, Store

LONGEST_SNOOZE = 366 * DAY
USUAL = Preferences()


class Wishes:
    """The preferences, snoozes and acknowledgements of all."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def of(self, account: str | None) -> Preferences:
        """How an account wants to be spoken to; the house and whoever said nothing as usual."""
        sql = "SELECT time_zone, quiet_from, quiet_until, digest_at, digest_day FROM preferences WHERE account=?"
        row = self.store.row(sql, account or "")
        return Preferences(*row) if row else USUAL

    def all(self, where: str = "1=1", *values: Any) -> dict[str, Preferences]:
        """Those who said something, or those of them for whom something is true."""
        sql = f"SELECT account, time_zone, quiet_from, quiet_until, digest_at, digest_day FROM preferences WHERE {where}"
        return {row[0]: Preferences(*row[1:]) for row in self.store.rows(sql, *values)}

    def keep(self, raw: Any, account: str) -> Preferences:
        """Store them; what waits is judged anew. Raises `BadValue`."""
        its = preferences_of(raw)
        with self.store.writing() as c:
            c.execute("DELETE FROM preferences WHERE account=?", (account,))
            values = (account, its.time_zone, its.quiet_from, its.quiet_until, its.digest_at, its.digest_day)
            c.execute("INSERT INTO preferences VALUES (?,?,?,?,?,?)", values)
            _judge_anew(c, account)
        return its

    def snooze(self, account: str, matter: str, window: str, until: int) -> None:
        """Say nothing of a window until an instant, at most a year ahead, or until its due date moves; raises `BadValue`."""
        now = self.store.clock()
        if not now < until <= now + LONGEST_SNOOZE:
            raise BadValue("Snooze until a time to come, at most a year ahead.", "until")
        with self.store.writing() as c:
            c.execute("DELETE FROM snoozes WHERE account=? AND matter=? AND subject=?", (account, matter, window))
            values = (account, matter, window, until)
            c.execute("INSERT INTO snoozes SELECT ?, ?, ?, ?, COALESCE(MAX(position), 0) FROM ledger", values)
            _judge_anew(c, account)

    def wake(self, account: str, matter: str, window: str) -> None:
        """Speak of it again."""
        with self.store.writing() as c:
            c.execute("DELETE FROM snoozes WHERE account=? AND matter=? AND subject=?", (account, matter, window))
            _judge_anew(c, account)

    def snoozed(self, account: str) -> dict[tuple[str, str], int]:
        """Until when nothing is said of which (matter, window)."""
        sql = "SELECT matter, subject, until FROM snoozes WHERE account=? AND until>?"
        return {(row[0], row[1]): row[2] for row in self.store.rows(sql, account, self.store.clock())}

    def acknowledge(self, account: str, matter: str, window: str, version: str) -> None:
        """Say no more of this due date of a window; a date that moves speaks again."""
        with self.store.writing() as c:
            values = (account, matter, window, version, self.store.clock())
            c.execute("INSERT INTO acknowledgements VALUES (?,?,?,?,?) ON CONFLICT DO NOTHING", values)

    def unacknowledge(self, account: str, matter: str, window: str, version: str) -> None:
        """Speak of it again."""
        with self.store.writing() as c:
            where = "account=? AND matter=? AND subject=? AND version=?"
            c.execute(f"DELETE FROM acknowledgements WHERE {where}", (account, matter, window, version))

    def acknowledged(self, account: str) -> set[tuple[str, str, str]]:
        """(matter, window, version) of the due dates that were acknowledged."""
        return set(self.store.rows("SELECT matter, subject, version FROM acknowledgements WHERE account=?", account))


def _judge_anew(c: Any, account: str) -> None:
    c.execute("UPDATE outbox SET ready=due WHERE account=? AND message IS NULL AND dropped IS NULL", (account,))


def end_snoozes(c: Any, matter: str, window: str, moved_at: int) -> None:
    """A due date that moved, by what was recorded at a position of the log, is spoken of again by whoever snoozed before that."""
    c.execute("DELETE FROM snoozes WHERE matter=? AND subject=? AND position<?", (matter, window, moved_at))
    c.execute("UPDATE outbox SET ready=due WHERE matter=? AND subject=? AND message IS NULL AND dropped IS NULL", (matter, window))


def version_of(due: str, given_by: str) -> str:
    """A due date and the entry that gave it, as one text."""
    return f"{due} {given_by}"


def ready_at(its: Preferences, rhythm: str, raised: int, now: int, ends: int | None = None, snoozed: int | None = None) -> int:
    """The instant from which something raised at an instant may be sent: now, or after snooze, digest and quiet hours.

    What would no longer be true after quiet hours, or by the next digest (`ends` is when its window is over), is not held back by them.
    """
    at = max(now, snoozed or 0)
    if rhythm != AT_ONCE:
        digest = max(_next_digest(its, rhythm, raised), at)
        if ends is None or digest < ends:
            at = digest  # a late one can fall into quiet hours
    wake = _quiet_until(its, at)
    return at if wake is None or (ends is not None and ends <= wake) else wake


def _next_digest(its: Preferences, rhythm: str, raised: int) -> int:
    """The first digest after something was raised."""
    day = day_in(raised, its.time_zone)
    days = (day + timedelta(n) for n in range(9))
    wanted = (d for d in days if rhythm == DAILY or d.weekday() == its.digest_day)
    return next(at for at in (_at(d, its.digest_at, its.time_zone) for d in wanted) if at > raised)


def _quiet_until(its: Preferences, at: int) -> int | None:
    """The end of the quiet hours that an instant lies in; None outside them."""
    if its.quiet_from is None or its.quiet_until is None:
        return None
    today = day_in(at, its.time_zone)
    for day in (today - timedelta(1), today):
        begins = _at(day, its.quiet_from, its.time_zone)
        ends = _at(day if its.quiet_until > its.quiet_from else day + timedelta(1), its.quiet_until, its.time_zone)
        if begins <= at < ends:
            return ends
    return None


def _at(day: date, clock: str, time_zone: str) -> int:
    """A time of day on a day of a zone; one that a clock change skips is the instant of the change's other side."""
    return micros(datetime.combine(day, time.fromisoformat(clock), zone(time_zone)))
