"""The store: append only, all or nothing, time that never runs backwards, many processes, rebuild and export."""

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from domain.matter import Matter
from service.log import Log
from service.transcoder import PlainTranscoder

ROOT = Path(__file__).resolve().parents[2]


def python(code: str, *args: object) -> subprocess.Popen:
    """Another process that runs this code over the project."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, args)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def done(process: subprocess.Popen) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


# append only


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE stored_events SET state='{}'",
        "UPDATE stored_events SET topic='MatterOpened' WHERE originator_version=2",
        "DELETE FROM stored_events",
        "DELETE FROM stored_events WHERE originator_version=5",
        "UPDATE ledger SET recorded=0",
        "DELETE FROM ledger WHERE position=1",
        "INSERT OR REPLACE INTO ledger SELECT position, stream, version, 0 FROM ledger WHERE position=1",
        "INSERT OR REPLACE INTO stored_events (originator_id, originator_version, topic, state) "
        "SELECT originator_id, originator_version, topic, '{}' FROM stored_events WHERE originator_version=1",
    ],
)
def test_the_log_refuses_update_and_delete(own_bundled, sql):
    before = list(own_bundled.log.export())
    with closing(sqlite3.connect(own_bundled.path)) as connection, pytest.raises(sqlite3.Error):
        connection.execute(sql)
    assert list(own_bundled.log.export()) == before


def test_positions_are_dense_and_recorded_times_rise(bundled):
    rows = bundled.rows("SELECT position, recorded FROM ledger ORDER BY position")
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert all(former[1] < later[1] for former, later in itertools.pairwise(rows))


def test_recorded_time_never_runs_backwards_when_the_clock_does(book):
    for n, year in enumerate([2026, 2025, 2024, 2026]):
        book.clock.set(year, 6, 1)
        book.open(f"m{n}")
    recorded = [row[0] for row in book.rows("SELECT recorded FROM ledger ORDER BY position")]
    assert recorded[1:3] == [recorded[0] + 1, recorded[0] + 2]
    assert recorded == sorted(set(recorded))


# read back


def test_every_stored_event_reads_back_as_it_was_recorded(bundled):
    exported = list(bundled.log.export())
    for event in exported:
        stored = bundled.log.mapper.to_domain_event(stored_event(event))
        assert type(stored).__name__ == event["kind"]
        for name, value in event["state"].items():
            assert getattr(stored, name) == value


def stored_event(event: dict):
    from eventsourcing.persistence import StoredEvent

    return StoredEvent(event["stream"], event["version"], event["kind"], PlainTranscoder().encode(event["state"]))


def test_the_export_holds_the_whole_log_in_order_as_json(bundled):
    exported = list(bundled.log.export())
    assert [event["position"] for event in exported] == list(range(1, bundled.log.size() + 1))
    assert {event["kind"] for event in exported} > {"MatterOpened", "ExecutiveOrderSigned", "ReportDenied"}
    assert json.loads(json.dumps(exported)) == exported


def test_an_export_holds_what_is_corrected_as_it_first_was(own_bundled):
    before = list(own_bundled.log.export())
    own_bundled.record(
        "tiktok-divestiture", "EntryCorrected", "c", announced="2026-06-01", of=["eo-14166"], changes={"summary": "Other."}
    )
    after = list(own_bundled.log.export())
    assert after[:-1] == before
    assert after[-1]["kind"] == "EntryCorrected"


def test_a_users_type_tag_is_plain_data(book):
    value = {"_type_": "datetime_iso", "_data_": "2025-01-01T00:00:00", "list": [1, None, True, "é\u2028"]}
    assert PlainTranscoder().decode(PlainTranscoder().encode(value)) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"bytes", {1, 2}, object()])
def test_what_is_not_plain_json_has_no_place_in_an_event(value):
    with pytest.raises((TypeError, ValueError)):
        PlainTranscoder().encode({"x": value})


def test_a_naive_time_has_no_place_in_an_event():
    from datetime import datetime

    with pytest.raises(TypeError):
        PlainTranscoder().encode({"x": datetime(2025, 1, 1)})  # noqa: DTZ001 (that is the point)


# rebuild


def amend(book) -> None:
    """Corrections, retractions and a denial over the bundled matters."""
    tiktok, bytedance = "tiktok-divestiture", "bytedance-ai-procurement"
    for n, (matter, kind, values) in enumerate([
        (tiktok, "EntryCorrected", {"of": ["pause-1-opened"], "changes": {"due": "2025-04-04"}, "slip": "ours"}),
        (tiktok, "EntryCorrected", {"of": ["pause-1-opened"], "changes": {"title": "A pause"}, "slip": "source"}),
        (bytedance, "EntryCorrected", {"of": ["ft-denial-2025-01-21"], "changes": {"by": "A spokesman"}, "slip": "source"}),
        (bytedance, "EntryRetracted", {"of": ["valuation-2025-11", "revenue-2025-q1"], "reason": "Wrong.", "slip": "ours"}),
        (bytedance, "EntryRetracted", {"of": ["bytedance-denial-2025-01-21"], "reason": "Wrong."}),
        (bytedance, "ReportConfirmed", {"of": ["ft-2025-china"], "by": "A supplier"}),
        (tiktok, "EntryCorrected", {"of": ["eo-14166"], "changes": {"effective": None}, "slip": "ours"}),
    ]):  # fmt: skip
        book.record(matter, kind, f"amend-{n}", announced=f"2026-06-0{n + 1}", **values)


def test_rebuild_makes_the_same_rows_as_the_live_path_in_every_table(own_bundled):
    from alerts.clock import tick

    amend(own_bundled)
    own_bundled.clock.set(2025, 3, 29, 12)
    tick(own_bundled.alerts, own_bundled.clock())
    before = own_bundled.tables()
    assert all(before.values())
    assert own_bundled.log.rebuild() == own_bundled.log.size()
    assert own_bundled.tables() == before


def test_rebuild_mends_a_damaged_read_model(own_bundled):
    before = own_bundled.tables()
    with closing(sqlite3.connect(own_bundled.path)) as connection:
        connection.execute("DELETE FROM claims WHERE field='due'")
        connection.execute("UPDATE entries SET known=0")
        connection.execute("INSERT INTO fields VALUES ('m', 's', 'f')")
        connection.commit()
    assert own_bundled.tables() != before
    own_bundled.log.rebuild()
    assert own_bundled.tables() == before


def test_a_daybook_opened_anew_answers_the_same(own_bundled):
    amend(own_bundled)
    again = own_bundled.again()
    for view in ("tiktok-status", "procurement", "timeline", "deadlines"):
        assert again.state(view, "2025-09-26") == own_bundled.state(view, "2025-09-26")
    again.log.close()


def test_everything_loaded_in_another_order_answers_the_same(own_bundled, book):
    for path in sorted((ROOT / "matters").glob("*.yaml"), reverse=True):
        book.daybook.load(path)
    for day in ("2025-01-21", "2025-09-26", "2026-06-01"):
        for view in ("tiktok-status", "procurement", "export-controls", "deadlines"):
            assert book.state(view, day) == own_bundled.state(view, day)


# several processes

WRITER = """
import sys
from domain.errors import Refused
from importers.entries import read_entry
from service.log import Log
from service.recording import WrittenMeanwhile, record
path, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
log = Log(path, lambda: 1_764_000_000_000_000)
for n in range(count):
    raw = {"key": f"{name}-{n}", "kind": "DevelopmentReported", "occurred": "2025-01-01", "announced": "2025-01-01",
           "details": {"text": f"{name} {n}"}, "sources": [{"publisher": "P"}]}
    while True:
        try:
            record(log, "m", read_entry(raw), name, 1_764_000_000_000_000)
            break
        except WrittenMeanwhile:
            continue
print("done", name)
"""


def test_several_processes_that_record_into_one_matter_lose_nothing(book):
    book.open("m")
    writers = [python(WRITER, book.path, f"w{n}", 15) for n in range(4)]
    assert [done(writer).split()[0] for writer in writers] == ["done"] * 4
    keys = {row[0] for row in book.rows("SELECT key FROM entries")}
    assert keys == {f"w{n}-{i}" for n in range(4) for i in range(15)}
    assert [row[0] for row in book.rows("SELECT position FROM ledger ORDER BY position")] == list(range(1, 62))
    before = book.tables()
    book.log.rebuild()
    assert book.tables() == before


def test_several_processes_that_record_the_same_entries_store_each_once(book):
    book.open("m")
    writers = [python(WRITER, book.path, "same", 10) for _ in range(3)]
    assert [done(writer).split() for writer in writers] == [["done", "same"]] * 3
    assert book.log.size() == 11


LOADER = """
import sys
from pathlib import Path
from service.log import Log
from service.recording import load_file
log = Log(sys.argv[1], lambda: 1_795_000_000_000_000)
print(sum(load_file(log, path, 1_795_000_000_000_000).stored for path in sorted(Path("matters").glob("*.yaml"))))
"""


def test_processes_that_make_and_load_the_same_new_store_together_load_it_once(tmp_path, bundled):
    path = tmp_path / "together.sqlite"
    stored = [int(done(process)) for process in [python(LOADER, path) for _ in range(3)]]
    log = Log(str(path), lambda: 0)
    assert (log.size(), sum(stored)) == (bundled.log.size(), bundled.log.size() - 3)
    log.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from service.log import Log
from service.recording import load_file

class Dying(Log):
    written = 0
    def _write(self, *args):
        super()._write(*args)
        Dying.written += 1
        if Dying.written == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)

log = Dying(sys.argv[1], lambda: 1_795_000_000_000_000)
load_file(log, Path("matters/tiktok-divestiture.yaml"), 1_795_000_000_000_000)
"""


@pytest.mark.parametrize("after", [1, 20, 39])
def test_a_process_killed_while_it_loads_leaves_nothing_half_done(book, after):
    process = python(KILLED, book.path, after)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert book.log.size() == 0
    assert not any(book.tables().values())
    assert book.rows("SELECT COUNT(*) FROM stored_events") == [(0,)]
    assert book.daybook.load(ROOT / "matters" / "tiktok-divestiture.yaml").stored == 38


def test_an_append_whose_rows_cannot_be_written_appends_nothing(book):
    class Failing(Log):
        def _write(self, *args):
            super()._write(*args)
            raise OSError("disk full")

    log = Failing(str(book.path), book.clock)
    with pytest.raises(OSError, match="disk full"):
        log.save_matter(Matter.open(slug="m", title="M", summary="S.", time_zone="UTC", jurisdiction="US", actor="x"))
    log.close()
    assert book.log.size() == 0
    assert book.daybook.matters(book.daybook.ask()) == []


def test_a_reader_sees_one_state_while_another_writes(book):
    book.open("m")
    with book.log.reading() as rows:
        first = list(rows("SELECT COUNT(*) FROM ledger"))
        other = book.again()
        other.open("n")
        other.log.close()
        assert list(rows("SELECT COUNT(*) FROM ledger")) == first
    assert book.log.size() == 2


def test_a_store_in_a_folder_that_is_not_there_is_an_error_and_makes_nothing(tmp_path):
    with pytest.raises(Exception, match=r"(?i)unable to open|no such"):
        Log(str(tmp_path / "nowhere" / "daybook.sqlite"), lambda: 0)
    assert os.listdir(tmp_path) == []
