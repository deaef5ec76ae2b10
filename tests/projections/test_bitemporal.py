"""Cases that others published, under the rule that a value lasts until the next one that starts later."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.instants import DAWN, micros
from projections.engine import Claim, Point, Withdrawal, resolve

CASES = json.loads((Path(__file__).parent.parent / "data" / "bitemporal.json").read_text(encoding="utf-8"))["cases"]


def instant(value: str | int) -> int:
    return value if isinstance(value, int) else micros(datetime.fromisoformat(value).replace(tzinfo=UTC))


def claims_of(said: list) -> list[Claim]:
    """What was said as claims, in its order; an erasure withdraws all that was said of its subject."""
    claims = []
    for position, (known, subject, value, *span) in enumerate(said, 1):
        if value == "erase":
            erased = Withdrawal(DAWN, position)
            claims = [c._replace(withdrawn=(*c.withdrawn, erased)) if c.subject == subject else c for c in claims]
        else:
            start, end = instant(span[0]), span[1] if span[1] is None else instant(span[1])
            claims.append(
                Claim("m", subject, "it", start, instant(known), position, position, end, value, f"e{position}", "official")
            )
    return claims


def asked(said: list, valid: str | int, known: str | int, before_erasure: list) -> Point:
    erasures = [n for n, words in enumerate(said, 1) if words[2] == "erase"]
    return Point(instant(valid), instant(known), erasures[0] - 1 if before_erasure else None)


POINTS = [pytest.param(case["said"], *point, id=f"{case['id']}-{n}") for case in CASES for n, point in enumerate(case["points"])]


@pytest.mark.parametrize(
    ("said", "valid", "known", "expected", "before_erasure"), [(*p.values[:4], list(p.values[4:])) for p in POINTS]
)
def test_the_published_state_holds_at_the_point(said, valid, known, expected, before_erasure):
    facts = resolve(claims_of(said), asked(said, valid, known, before_erasure))
    assert {subject: fact.value for (subject, _), fact in facts.items()} == expected


def test_every_case_names_its_source_and_licence():
    assert len(CASES) == 7
    assert all(case["source"].startswith("https://") and case["licence"] and case["points"] for case in CASES)
