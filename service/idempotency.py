"""Idempotency keys (IETF draft-ietf-httpapi-idempotency-key-header): a request sent twice is done once and answered alike."""

import hashlib
import json
from typing import Any

from domain.errors import BadValue
from projections.read_model.reading import Rows

TABLES = (
    """CREATE TABLE IF NOT EXISTS idempotency_keys (
        actor TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, answer TEXT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (actor, key))""",
    "CREATE INDEX IF NOT EXISTS idempotency_keys_at ON idempotency_keys (at)",
)
"""Beside the log, not part of it; old keys are found by their age with each that is kept."""
KEPT = 30 * 24 * 3600 * 1_000_000
"""Microseconds for which an answer is kept."""
LONGEST = 255


class KeyReused(BadValue):
    """An idempotency key was used before for another request."""


def checked(key: str) -> str:
    """A key as sent, without the quotes of a structured field; raises `BadValue`."""
    text = key.strip()
    text = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    if not 1 <= len(text) <= LONGEST or not all("!" <= letter <= "~" for letter in text):
        raise BadValue(f"An idempotency key is 1 to {LONGEST} visible ASCII characters, such as a UUID.", "Idempotency-Key")
    return text


def fingerprint(request: Any) -> str:
    """What makes two requests the same: their content, in whatever order its fields stand."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def answered(rows: Rows, actor: str, key: str, request: str) -> Any | None:
    """What was answered to that request before, None where it is new; raises `KeyReused` for another request."""
    found = next(iter(rows("SELECT request, answer FROM idempotency_keys WHERE actor=? AND key=?", (actor, key))), None)
    if found is None:
        return None
    if found[0] != request:
        raise KeyReused("This idempotency key was used before, for another request. Use a new key.", "Idempotency-Key")
    return json.loads(found[1])


def keep(c: Any, actor: str, key: str, request: str, answer: Any, now: int) -> None:
    """Keep an answer in the transaction that did what it tells; old ones go."""
    c.execute("DELETE FROM idempotency_keys WHERE at<?", (now - KEPT,))
    c.execute("INSERT INTO idempotency_keys VALUES (?,?,?,?,?)", (actor, key, request, json.dumps(answer), now))
