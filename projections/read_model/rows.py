"""Rows into claims and notices, and back."""

import json
from collections.abc import Sequence
from typing import Any

from projections.engine import Claim, Notice, Withdrawal

CLAIM_COLUMNS = (
    "matter, subject, field, start, known, rank, position, ends, value, entry, standing, uncertain, corrected_by, withdrawn"
)
NOTICE_COLUMNS = "matter, target, kind, key, known, position, said_by, scope, statement, withdrawn"


dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True).encode
"""A plain value as compact JSON."""


def claim_row(claim: Claim) -> tuple:
    """A claim as a row in the order of CLAIM_COLUMNS, but for `withdrawn`."""
    return (*claim[:8], dump(claim.value), claim.entry, claim.standing, int(claim.uncertain), claim.corrected_by)


def row_claim(row: Sequence[Any]) -> Claim:
    """A row in the order of CLAIM_COLUMNS as a claim."""
    *place, value, entry, standing, uncertain, corrected_by, withdrawn = row
    return Claim(*place, json.loads(value), entry, standing, bool(uncertain), corrected_by, withdrawals(withdrawn))


def notice_row(notice: Notice) -> tuple:
    """A notice as a row in the order of NOTICE_COLUMNS, but for `withdrawn`."""
    scope = dump(list(notice.scope)) if notice.scope is not None else None
    return (*notice[:7], scope, notice.statement)


def row_notice(row: Sequence[Any]) -> Notice:
    """A row in the order of NOTICE_COLUMNS as a notice."""
    scope = tuple(json.loads(row[7])) if row[7] else None
    return Notice(*row[:7], scope, row[8], withdrawals(row[9]))


def withdrawals(text: str | None) -> tuple[Withdrawal, ...]:
    """The withdrawals of a row."""
    return tuple(Withdrawal(*pair) for pair in json.loads(text)) if text else ()


def and_withdrawn(text: str | None, withdrawal: Withdrawal) -> str:
    """A row's withdrawals and one more."""
    return dump([*(withdrawals(text)), withdrawal])
