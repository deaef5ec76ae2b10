"""The outbox: what is to be told, one row for each person and channel under a deterministic id; and the messages that carry it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from alerts.model import Item
from service.people.store import Store, first

WAITING, SENT, GIVEN_UP, DROPPED = "waiting", "sent", "given up", "dropped"
DATE_MOVED = "the due date moved"
"""Why a row was dropped that is told after all where its date comes back: rows are found by these very words, so they stay as they are."""
MOST_AT_ONCE = 2
"""So many channels of one account are spoken to at the same time."""
_ITEM = "id, account, channel, matter, subject, what, facts, rhythm, made, due, ready, message, dropped"
_MESSAGE = "id, account, channel, what, made, due, state, attempts, next_try, ended, detail, subject, body, frozen"


@dataclass(frozen=True)
class Row:
    """A row of the outbox: the item, and how and when it is sent."""

    item: Item
    rhythm: str
    due: int
    message: str | None = None
    dropped: str | None = None


@dataclass(frozen=True)
class Dispatch:
    """A message as it stands: `what` is alert, digest, test or proof; `body` what was or will be sent, where that is frozen."""

    id: str
    account: str | None
    channel: str
    what: str
    made: int
    due: int
    state: str
    attempts: int
    next_try: int
    ended: int | None
    detail: str | None
    subject: str | None
    body: dict[str, Any] | None
    frozen: bool


def put(c: Any, rows: Iterable[Row]) -> None:
    """Add what is to be told; what is there already stays as it is."""
    for row in rows:
        its = row.item
        facts = json.dumps(its.facts, ensure_ascii=False)
        c.execute(
            f"INSERT INTO outbox ({_ITEM}) VALUES (?,?,?,?,?,?,?,?,?,?,?,NULL,NULL) ON CONFLICT (id) DO NOTHING",
            (its.id, its.account, its.channel, its.matter, its.window, its.what, facts, row.rhythm, its.made, row.due, its.ready),
        )  # fmt: skip


def waiting(c: Any, now: int, channels: int = 200, most: int = 1000) -> list[Row]:
    """What is ready and in no message, of some channels; of each all of it, so that what goes together is found together."""
    unsent = "message IS NULL AND dropped IS NULL AND ready<=?"
    c.execute(f"SELECT DISTINCT channel FROM outbox WHERE {unsent} LIMIT ?", (now, channels))
    names = [row[0] for row in c.fetchall()]
    return [row for name in names for row in rows(c, f"{unsent} AND channel=? ORDER BY ready, id LIMIT ?", now, name, most)]


def in_message(c: Any, message: str) -> list[Row]:
    """What a message carries, except what was dropped."""
    return rows(c, "message=? AND dropped IS NULL ORDER BY made, id", message)


def carried(rows: Any, message: str) -> set[str]:
    """The matters that a message is about, read in a snapshot."""
    return {row[0] for row in rows("SELECT matter FROM outbox WHERE message=?", (message,))}


def raised(rows: Any, item: Item) -> list[dict[str, Any]]:
    """The alerts of an item's person, channel and window as they stand in the log, read in a snapshot."""
    sql = """SELECT a.body FROM outbox o JOIN alerts a ON a.alert=o.id
        WHERE o.matter=? AND o.subject=? AND o.channel=? AND COALESCE(o.account, '')=?"""
    return [json.loads(row[0]) for row in rows(sql, (item.matter, item.window, item.channel, item.account or ""))]


def later_of(c: Any, row: Row) -> list[Row]:
    """What waits for the same channel about the same window and was raised after a row, the last first."""
    return sorted((other for other in _unsent(c, row) if _position(other) > _position(row)), key=_position, reverse=True)


def earlier_of(c: Any, row: Row) -> list[Row]:
    """What waits for the same channel about the same window and was raised before a row, the first first."""
    return sorted((other for other in _unsent(c, row) if _position(other) < _position(row)), key=_position)


def _unsent(c: Any, row: Row) -> list[Row]:
    its = row.item
    waits = "EXISTS (SELECT 1 FROM messages WHERE messages.id=outbox.message AND state='waiting')"
    unsent = f"dropped IS NULL AND (message IS NULL OR {waits})"
    where = f"channel=? AND matter=? AND subject=? AND id<>? AND {unsent}"
    return rows(c, where, its.channel, its.matter, its.window, its.id)


def _position(row: Row) -> int:
    """Where in the log it was raised: unlike an instant, that never goes back with the machine's clock."""
    return row.item.facts["position"]


def was_told_later(c: Any, row: Row) -> bool:
    """Whether a later step of the same due date went out by the channel already."""
    its = row.item
    sent = "EXISTS (SELECT 1 FROM messages WHERE messages.id=outbox.message AND state='sent')"
    where = f"channel=? AND matter=? AND subject=? AND id<>? AND what='step' AND dropped IS NULL AND {sent}"
    told = rows(c, where, its.channel, its.matter, its.window, its.id)
    return any(other.item.facts["due"] == its.facts.get("due") and _position(other) > _position(row) for other in told)


def rows(c: Any, where: str, *values: Any) -> list[Row]:
    """The rows for which something is true, in an order."""
    c.execute(f"SELECT {_ITEM} FROM outbox WHERE {where}", values)
    return [_row(tuple(row)) for row in c.fetchall()]


def moved_away(c: Any, matter: str, window: str) -> list[Row]:
    """What was dropped because the due date of a window moved."""
    return rows(c, "matter=? AND subject=? AND dropped=?", matter, window, DATE_MOVED)


def _row(row: tuple[Any, ...]) -> Row:
    key, account, channel, matter, subject, what, facts, rhythm, made, due, ready, message, dropped = row
    return Row(Item(key, account, channel, matter, subject, what, json.loads(facts), made, ready), rhythm, due, message, dropped)


def kept(store: Store, where: str, *values: Any) -> list[Row]:
    """As `rows`, read without the write lock."""
    return [_row(row) for row in store.rows(f"SELECT {_ITEM} FROM outbox WHERE {where}", *values)]


def hold(c: Any, item: str, until: int) -> None:
    """Look at it again at an instant."""
    c.execute("UPDATE outbox SET ready=? WHERE id=?", (until, item))


def put_back(c: Any, item: str, until: int) -> None:
    """Take it out of its message, which was not tried yet, and look at it again at an instant."""
    c.execute("UPDATE outbox SET message=NULL, ready=? WHERE id=?", (until, item))


def revive(c: Any, row: Row, now: int) -> None:
    """What was dropped is true again: it goes where it was, and is looked at now."""
    c.execute(
        "UPDATE messages SET state='waiting', attempts=0, due=?, next_try=?, ended=NULL WHERE id=? AND state='dropped'",
        (now, now, row.message),
    )
    kept = "CASE WHEN message IN (SELECT id FROM messages WHERE state='waiting') THEN message END"
    c.execute(f"UPDATE outbox SET dropped=NULL, ready=?, message={kept} WHERE id=?", (now, row.item.id))


def drop(c: Any, item: str, why: str) -> None:
    """It is never sent, and the row says why."""
    c.execute("UPDATE outbox SET dropped=? WHERE id=?", (why, item))


def silence(c: Any, channel: str, now: int, why: str) -> None:
    """Nothing that waits for a channel is ever sent, also when it is turned on again."""
    waits = "channel=? AND state='waiting'"
    unsent = f"message IS NULL OR message IN (SELECT id FROM messages WHERE {waits})"
    c.execute(f"UPDATE outbox SET dropped=? WHERE channel=? AND dropped IS NULL AND ({unsent})", (why, channel, channel))
    c.execute(f"UPDATE messages SET state='dropped', ended=?, detail=? WHERE {waits}", (now, why, channel))


def last_made(store: Store, channel: str, what: str) -> int | None:
    """When the last message of a sort (`proof`, `test`) was made for a channel."""
    (found,) = store.row("SELECT MAX(made) FROM messages WHERE channel=? AND what=?", channel, what)
    return found


def forget(c: Any, channel: str) -> None:
    """All that was or was to be sent by a channel goes, its tries first: what a server answered can repeat an address."""
    c.execute("DELETE FROM deliveries WHERE message IN (SELECT id FROM messages WHERE channel=?)", (channel,))
    for table in ("outbox", "messages"):
        c.execute(f"DELETE FROM {table} WHERE channel=?", (channel,))


def drop_proofs(c: Any, channel: str, now: int) -> None:
    """A link that was asked for before no longer counts, so it is not sent any more."""
    sql = "UPDATE messages SET state='dropped', ended=?, detail=? WHERE channel=? AND what='proof' AND state='waiting' AND claimed_by IS NULL"
    c.execute(sql, (now, "another link was asked for", channel))


def rewrite(c: Any, item: Item) -> None:
    """What it tells has changed: steps that passed are summed up in it."""
    c.execute("UPDATE outbox SET what=?, facts=? WHERE id=?", (item.what, json.dumps(item.facts, ensure_ascii=False), item.id))


def begin_message(
    c: Any, key: str, rows: list[Row], now: int, what: str = "alert", state: str = WAITING
) -> None:  # fmt: skip
    """A message that carries some rows; `due` is when the last of them was to be sent."""
    its, due = rows[0].item, max(max(row.due, row.item.ready) for row in rows)
    put_message(c, key, its.account, its.channel, what, now, due, None, state)
    for row in rows:
        c.execute("UPDATE outbox SET message=? WHERE id=?", (key, row.item.id))


def put_message(
    c: Any, key: str, account: str | None, channel: str, what: str, now: int, due: int, body: dict[str, Any] | None, state: str = WAITING
) -> None:  # fmt: skip
    """A message; one with a body is frozen: it is sent as it is."""
    text = json.dumps(body, ensure_ascii=False) if body else None
    ended = now if state != WAITING else None
    c.execute(
        f"INSERT INTO messages ({_MESSAGE}) VALUES (?,?,?,?,?,?,?,0,?,?,NULL,?,?,?) ON CONFLICT (id) DO NOTHING",
        (key, account, channel, what, now, due, state, now, ended, body and body["subject"], text, int(body is not None)),
    )


def message(c: Any, key: str) -> Dispatch | None:
    """A message by its id."""
    found = first(c, f"SELECT {_MESSAGE} FROM messages WHERE id=?", key)
    return _dispatch(found) if found else None


def any_due(store: Store, now: int) -> bool:
    """Whether there is anything to send, asked without the write lock."""
    return store.row("SELECT 1 FROM messages WHERE state='waiting' AND next_try<=? LIMIT 1", now) is not None


def due_message(c: Any, now: int) -> str | None:
    """The id of the message that has waited longest of those that may be sent now, by a channel that is not being spoken to.

    An account whose channels hang keeps two senders busy at most, so that others are left for the rest.
    """
    claimed = "FROM messages WHERE state='waiting' AND claimed_until>?"
    busy = f"SELECT account {claimed} AND account IS NOT NULL GROUP BY account HAVING COUNT(*)>={MOST_AT_ONCE}"
    sql = f"""SELECT id FROM messages WHERE state='waiting' AND next_try<=? AND channel NOT IN (SELECT channel {claimed})
        AND (account IS NULL OR account NOT IN ({busy})) ORDER BY next_try, made, id LIMIT 1"""
    return (first(c, sql, now, now, now) or (None,))[0]


def claim(c: Any, key: str, holder: str, now: int, until: int) -> bool:
    """Claim a message by one conditional update; whether it is ours."""
    c.execute(
        """UPDATE messages SET claimed_by=?, claimed_until=?, attempts=attempts+1
        WHERE id=? AND state='waiting' AND next_try<=? AND (claimed_until IS NULL OR claimed_until<=?)""",
        (holder, until, key, now, now),
    )
    return bool(first(c, "SELECT 1 FROM messages WHERE id=? AND claimed_by=? AND claimed_until=?", key, holder, until))


def keep_body(c: Any, key: str, holder: str, body: dict[str, Any]) -> None:
    """What is about to be sent, for the log of deliveries and for a replay."""
    c.execute(
        "UPDATE messages SET subject=?, body=? WHERE id=? AND claimed_by=?",
        (body["subject"], json.dumps(body, ensure_ascii=False), key, holder),
    )


def end(c: Any, key: str, holder: str, now: int, state: str, detail: str | None = None) -> bool:
    """A claimed message is sent, given up or dropped; whether the claim was still ours."""
    return _leave(c, key, holder, now, state, detail, "state=?, ended=?", (state, now))


def put_off(c: Any, key: str, holder: str, at: int) -> None:
    """A claimed message is not to be sent before an instant; that was no try. One that has failed before stays due since it was."""
    c.execute(
        "UPDATE messages SET next_try=?, due=CASE WHEN attempts=1 THEN MAX(due, ?) ELSE due END, attempts=attempts-1, claimed_by=NULL, claimed_until=NULL WHERE id=? AND claimed_by=?",
        (at, at, key, holder),
    )


def retry(c: Any, key: str, holder: str, now: int, at: int, detail: str) -> bool:
    """A claimed message did not arrive; it and what waits behind it are tried again at an instant."""
    if not _leave(c, key, holder, now, "failed", detail, "next_try=?", (at,)):
        return False
    its = message(c, key)
    c.execute("UPDATE messages SET next_try=? WHERE channel=? AND state='waiting' AND next_try<?", (at, its.channel, at))
    return True


def first_failure(c: Any, key: str) -> int | None:
    """When a message did not arrive for the first time; None where it was never tried, or arrived."""
    return first(c, "SELECT MIN(at) FROM deliveries WHERE message=? AND outcome='failed'", key)[0]


def _leave(
    c: Any, key: str, holder: str, now: int, outcome: str, detail: str | None, change: str, values: tuple[Any, ...]
) -> bool:  # fmt: skip
    found = first(c, "SELECT attempts FROM messages WHERE id=? AND claimed_by=? AND state='waiting'", key, holder)
    if found is None:
        return False
    c.execute(f"UPDATE messages SET {change}, detail=?, claimed_by=NULL, claimed_until=NULL WHERE id=?", (*values, detail, key))
    c.execute(
        "INSERT INTO deliveries SELECT ?, COUNT(*)+1, ?, ?, ? FROM deliveries WHERE message=?", (key, now, outcome, detail, key)
    )
    return True


def replay(c: Any, key: str, now: int) -> None:
    """Send a message once more as it was, under the same id."""
    c.execute(
        "UPDATE messages SET state='waiting', attempts=0, due=?, next_try=?, ended=NULL, detail=NULL, frozen=1, claimed_by=NULL, claimed_until=NULL WHERE id=?",
        (now, now, key),
    )


def _dispatch(row: tuple[Any, ...]) -> Dispatch:
    return Dispatch(*row[:12], json.loads(row[12]) if row[12] else None, bool(row[13]))


def dispatches(rows: Iterable[Any]) -> list[Dispatch]:
    """Messages from their rows."""
    return [_dispatch(tuple(row)) for row in rows]


COLUMNS = _MESSAGE
"""The columns that `dispatches` reads."""
