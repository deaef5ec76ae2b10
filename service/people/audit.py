"""The audit of people's doings: added to in the transaction of the act itself, never changed."""

import json
from dataclasses import dataclass
from typing import Any

from service.people.store import Store, first

SIGNED_IN, SIGN_IN_FAILED, SIGNED_OUT, SESSION_ENDED = "signed in", "sign-in failed", "signed out", "session ended"
ACCOUNT_MADE, INVITED, ROLE_CHANGED, PASSWORD_CHANGED = "account made", "invited", "role changed", "password changed"
JOINED, LEFT = "group joined", "group left"
TOKEN_MADE, TOKEN_REVOKED = "token made", "token revoked"
DISABLED, ENABLED, ERASED = "account disabled", "account enabled", "account erased"
POLICY_KEPT, POLICY_DELETED = "alert policy kept", "alert policy deleted"
FILTER_KEPT, FILTER_DELETED = "alert filter kept", "alert filter deleted"
CHANNEL_MADE, CHANNEL_CHANGED, CHANNEL_DELETED = "alert channel made", "alert channel changed", "alert channel deleted"
FEED_MADE, FEED_REVOKED = "feed address made", "feed address revoked"
ACTS = (
    SIGNED_IN, SIGN_IN_FAILED, SIGNED_OUT, SESSION_ENDED, ACCOUNT_MADE, INVITED, ROLE_CHANGED, PASSWORD_CHANGED, JOINED, LEFT,
    TOKEN_MADE, TOKEN_REVOKED, DISABLED, ENABLED, ERASED,
    POLICY_KEPT, POLICY_DELETED, FILTER_KEPT, FILTER_DELETED, CHANNEL_MADE, CHANNEL_CHANGED, CHANNEL_DELETED,
    FEED_MADE, FEED_REVOKED,
)  # fmt: skip
"""What is kept here; what was recorded and amended is read from the log itself."""


@dataclass(frozen=True)
class Act:
    """One line: at an instant `actor` (an account's id, `shell`, or None for nobody known) did `act`; `concerns` an account's id."""

    at: int
    actor: str | None
    act: str
    concerns: str | None
    detail: dict[str, Any]


def write(c: Any, at: int, actor: str | None, act: str, concerns: str | None = None, **detail: Any) -> None:
    """Add a line within the transaction of the act. Its instant is the next free one, so that lines have one order.

    Details hold ids, roles and groups; never a name, so that a name can be erased, and never a secret.
    """
    (last,) = first(c, "SELECT MAX(at) FROM audit") or (None,)
    values = (max(at, (last or 0) + 1), actor, act, concerns, json.dumps(detail, ensure_ascii=False))
    c.execute("INSERT INTO audit VALUES (?,?,?,?,?)", values)


def read(store: Store, before: int | None, limit: int, account: str | None = None, act: str | None = None) -> list[Act]:
    """Lines before an instant, newest first; of an account those that it did and those that concern it."""
    wanted, values = ["1=1"], []
    for clause, these in (
        ("at < ?", [before]),
        ("(actor = ? OR concerns = ?)", [account, account]),
        ("act = ?", [act]),
    ):
        if these[0] is not None:
            wanted.append(clause)
            values += these
    sql = f"SELECT at, actor, act, concerns, detail FROM audit WHERE {' AND '.join(wanted)} ORDER BY at DESC LIMIT ?"
    return [Act(*row[:4], json.loads(row[4])) for row in store.rows(sql, *values, limit)]
