"""How the channels stand and what was sent, as a person looks at it: pages of messages, and what fails since when."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.book import Alerts
from alerts.model import page_of
from alerts.outbox import COLUMNS, Dispatch, dispatches
from projections.read_model import reading
from service.people.store import whose


@dataclass(frozen=True)
class Failing:
    """A channel to which nothing has come through since an instant; `detail` is what its last try met."""

    since: int
    detail: str | None


def failing(alerts: Alerts, account: str | None) -> dict[str, Failing]:
    """The channels of an account (None: the house) whose last try failed, by id."""
    mine, who = whose(account, "m.account")
    tries = alerts.store.rows(
        f"""WITH tries AS (
            SELECT m.channel, d.at, d.attempt, d.outcome, d.detail FROM messages m JOIN deliveries d ON d.message=m.id WHERE {mine}),
        arrived AS (SELECT channel, MAX(at) AS at FROM tries WHERE outcome='sent' GROUP BY channel)
        SELECT t.channel, t.at, t.detail FROM tries t LEFT JOIN arrived a ON a.channel=t.channel
        WHERE t.outcome IN ('failed', 'given up') AND t.at>=COALESCE(a.at, 0) ORDER BY t.at, t.attempt""",
        *who,
    )
    found: dict[str, Failing] = {}
    for channel, at, detail in tries:
        found[channel] = Failing(found[channel].since if channel in found else at, detail)
    return found


def messages(
    alerts: Alerts, account: str | None, limit: int, after: str | None = None, state: str | None = None, channel: str | None = None
) -> list[Dispatch]:
    """What was or is to be sent by any channel but the page, the newest first; those after a message of that id."""
    mine, values = whose(account, "m.account")
    where, values = f"{mine} AND m.channel<>?", (*values, page_of(account))
    for name, value in (("state", state), ("channel", channel)):
        if value:
            where, values = f"{where} AND m.{name}=?", (*values, value)
    if after:
        where += " AND (m.made, m.id) < (SELECT n.made, n.id FROM messages n WHERE n.id=?)"
        values = (*values, after)
    columns = ", ".join(f"m.{name}" for name in COLUMNS.split(", "))
    sql = f"SELECT {columns} FROM messages m WHERE {where} ORDER BY m.made DESC, m.id DESC LIMIT ?"
    return dispatches(alerts.store.rows(sql, *values, limit))


def counted(alerts: Alerts, account: str | None) -> dict[str, int]:
    """How many messages there are in each state, by any channel but the page."""
    mine, who = whose(account, "m.account")
    return dict(
        alerts.store.rows(
            f"SELECT state, COUNT(*) FROM messages m WHERE {mine} AND m.channel<>? GROUP BY state", *who, page_of(account)
        )
    )


def matters_seen(alerts: Alerts, groups: frozenset[str] | None) -> dict[str, str]:
    """The titles of the matters that whoever is in these groups sees now, by slug."""
    with alerts.log.seen_by(groups).reading() as rows:
        return {matter.slug: matter.title for matter in reading.matters(rows)}


def unseen(alerts: Alerts, messages: Sequence[str], groups: frozenset[str] | None) -> set[str]:
    """Those messages that tell of a matter which whoever is in these groups does not see, or sees no longer."""
    if not messages:
        return set()
    marks = ",".join("?" * len(messages))
    told = alerts.store.rows(f"SELECT DISTINCT message, matter FROM outbox WHERE message IN ({marks})", *messages)
    seen = matters_seen(alerts, groups)
    return {message for message, matter in told if matter not in seen}
