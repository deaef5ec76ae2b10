"""What the parts of `People` stand on: the store, the clock, and secrets that are kept only as hashes."""

import hashlib
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

MINUTE = 60 * 1_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Recorder(Protocol):
    """What is needed of the recorder of the log."""

    def writing(self) -> AbstractContextManager[Any]:
        """A transaction under the write lock."""

    def reading(self) -> AbstractContextManager[Callable[..., Any]]:
        """One consistent snapshot."""


@dataclass(frozen=True)
class Store:
    """The database of the log, and a clock in microseconds since 1970, UTC."""

    recorder: Recorder
    clock: Callable[[], int]

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of one question."""
        with self.recorder.reading() as rows:
            return [tuple(row) for row in rows(sql, values)]

    def row(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def writing(self) -> AbstractContextManager[Any]:
        """A transaction under the write lock; `first` reads in it."""
        return self.recorder.writing()


def first(c: Any, sql: str, *values: Any) -> tuple[Any, ...] | None:
    """The first row, within a transaction."""
    c.execute(sql, values)
    found = c.fetchone()
    return tuple(found) if found else None


def whose(account: str | None, column: str = "account") -> tuple[str, tuple[str, ...]]:
    """A condition on a column, and its values: what is an account's, or with None the house's."""
    return (f"{column} IS NULL", ()) if account is None else (f"{column}=?", (account,))


Whose = Callable[[str], tuple[str, tuple[str, ...]]]
"""Given a column, a condition on it and its values: `whose` of an account, or `whose_ever`."""


def whose_ever(column: str) -> tuple[str, tuple[str, ...]]:
    """No condition: what is anybody's."""
    return "1=1", ()


def new_id(letter: str, size: int = 6) -> str:
    """An opaque id: `u-` and hexadecimal digits."""
    return f"{letter}-{secrets.token_hex(size)}"


def new_secret() -> str:
    """32 random bytes that nobody can guess, in letters that an address may hold."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is stored of a random secret: it is long and random, so a plain hash is enough and finds it in one seek."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
