"""Logs of released versions stay readable for ever: each is read through the mapper, projected, and asked."""

import json
from pathlib import Path

import pytest
from eventsourcing.persistence import StoredEvent

from domain.events import KINDS
from projections.tree import at_path
from service.transcoder import PlainTranscoder

LOGS = sorted((Path(__file__).parents[1] / "data").glob("log-*.jsonl"))
NOT_ENTRIES = {"MatterOpened", "WatchBegun", "DueDateSeen", "StepsPassed", "AlertRaised"}


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def stored(event: dict) -> StoredEvent:
    return StoredEvent(event["stream"], event["version"], event["kind"], PlainTranscoder().encode(event["state"]))


@pytest.fixture
def restored(book):
    """A daybook whose log is the stored one, with the read model made from it."""

    def restore(path: Path):
        for event in read(path):
            book.clock.now = event["recorded"]
            book.log.recorder.insert_events([stored(event)])
        book.clock.set(2026, 11, 24, 12)
        book.log.rebuild()
        return book

    return restore


def test_every_kind_there_is_stands_in_a_stored_log():
    kinds = {event["kind"] for path in LOGS for event in read(path)}
    assert kinds == set(KINDS) | NOT_ENTRIES


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_every_event_of_a_stored_log_is_read_as_it_was_written(bundled, path):
    for event in read(path):
        found = bundled.log.mapper.to_domain_event(stored(event))
        assert type(found).__name__ == event["kind"]
        assert {name: getattr(found, name) for name in event["state"]} == event["state"]
        assert (found.originator_id, found.originator_version) == (event["stream"], event["version"])


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_a_stored_log_is_exported_again_as_it_was(restored, path):
    assert list(restored(path).log.export()) == read(path)


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_matters_of_a_stored_log_go_on(restored, path):
    book = restored(path)
    details = {"window": "pause-2", "due": "2026-12-31"}
    with pytest.raises(Exception, match="closed already"):
        book.record("tiktok-divestiture", "WindowExtended", "late", occurred="2026-06-01", announced="2026-06-01", details=details)
    book.record("tiktok-divestiture", "ReportDenied", "new", announced="2026-06-01", of=["eo-14166"], by="X")
    before = book.tables()
    book.log.rebuild()
    assert book.tables() == before


@pytest.mark.parametrize(
    ("view", "as_of", "known_on", "expected"),
    [
        ("tiktok-status", "2025-03-21", None, {"window.due": "2025-04-05", "window.days_left": 15, "enforcement.status": "paused"}),
        ("tiktok-status", "2025-01-19", None, {"enforcement.status": "applicable", "window": None}),
        ("tiktok-status", "2025-04-05", None, {"window.due": "2025-06-19", "window.extensions": 1}),
        ("tiktok-status", "2026-02-01", None, {"window": None, "ownership.status": "joint venture"}),
        ("tiktok-status", "2026-10-01", None, {"orders.eo-13942.status": "signed"}),
        (
            "procurement",
            "2025-06-01",
            None,
            {"budgets.china-2025.money.amount": "40000000000", "budgets.china-2025.standing": "denied"},
        ),
        ("procurement", "2025-06-01", "now", {"budgets.china-2025.money.amount": "41000000000"}),
        ("export-controls", "2026-06-01", None, {"rules.ai-diffusion.status": "rescinded", "nvidia_china.h20": "licence required"}),
    ],
)
def test_the_log_of_0_1_0_answers_as_it_did(restored, view, as_of, known_on, expected):
    state = restored(Path(__file__).parents[1] / "data" / "log-0.1.0.jsonl").state(view, as_of, known_on)
    assert {path: at_path(state, path) for path in expected} == expected


def test_the_alerts_of_the_log_of_0_1_0_are_still_told(restored):
    from datetime import date

    from alerts.history import raised

    book = restored(Path(__file__).parents[1] / "data" / "log-0.1.0.jsonl")
    pause = [(a["raised"], a.get("step") or a["steps"]) for a in raised(book.log, date(2025, 3, 22)) if a["window"] == "pause-1"]
    assert pause == [(True, "14"), (False, ["30"])]
