"""The tables answer what `resolve` answers, for random rows and for random histories that were really recorded."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.instants import DAWN, moment
from domain.matter import Matter
from importers.entries import read_entry
from projections.engine import Claim, Notice, Point, Withdrawal, resolve
from projections.read_model import reading
from projections.read_model.rows import CLAIM_COLUMNS, NOTICE_COLUMNS, claim_row, dump, notice_row, row_claim, row_notice
from projections.read_model.schema import DERIVED
from service.log import Log
from service.recording import record

TIMES = st.integers(0, 8)
WITHDRAWALS = st.lists(st.builds(Withdrawal, st.sampled_from([DAWN, *range(9)]), st.integers(0, 12)), max_size=2).map(tuple)
POINTS = st.builds(Point, TIMES, TIMES, st.none() | st.integers(0, 11))
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One real file for every example of this module; each example has a matter of its own in it."""
    yield from opened(tmp_path_factory.mktemp("rows"))


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """As `shared`, but holding only what was recorded."""
    yield from opened(tmp_path_factory.mktemp("rebuilt"))


def opened(folder):
    log = Log(str(folder / "daybook.sqlite"), lambda: 1_800_000_000_000_000)

    def fresh() -> str:
        slug = f"m{next(NUMBERS)}"
        log.save_matter(Matter.open(slug=slug, title=slug, summary="A matter.", time_zone="UTC", jurisdiction="US", actor="tester"))
        return slug

    log.fresh = fresh
    yield log
    log.close()


@st.composite
def rows(draw) -> tuple[list[Claim], list[Notice]]:
    claims, notices = [], []
    for position in range(1, draw(st.integers(1, 8)) + 1):
        value = draw(st.sampled_from(["a", {"amount": "1"}, ["x"], 0, False, None]))
        start = draw(TIMES)
        end = draw(st.none() | st.integers(start, 9))
        subject = draw(st.sampled_from(["s.a/line", "s.b", "s-c"]))
        claims.append(
            Claim("m", subject, "f", start, draw(TIMES), draw(st.integers(1, 3)), position, end, value, f"e{position}", "reported", draw(st.booleans()),
                  draw(st.none() | st.just("c")), draw(WITHDRAWALS))
        )  # fmt: skip
        if draw(st.booleans()):
            kind = draw(st.sampled_from(["ReportDenied", "ReportConfirmed"]))
            scope = draw(st.none() | st.just(("s.a",)) | st.just(()))
            notices.append(Notice("m", f"e{position}", kind, "n", draw(TIMES), 20 + position, "X", scope, None, draw(WITHDRAWALS)))
    return claims, notices


def save(log, slug: str, claims: list[Claim], notices: list[Notice]) -> None:
    with log.recorder.writing() as c:
        for claim in claims:
            values = (*claim_row(claim), dump(list(claim.withdrawn)) if claim.withdrawn else None)
            c.execute(f"INSERT INTO claims ({CLAIM_COLUMNS}) VALUES ({','.join('?' * 14)})", (slug, *values[1:]))
            c.execute("INSERT INTO fields VALUES (?,?,?) ON CONFLICT DO NOTHING", (slug, claim.subject, claim.field))
        for notice in notices:
            values = (*notice_row(notice), dump(list(notice.withdrawn)) if notice.withdrawn else None)
            c.execute(f"INSERT INTO notices ({NOTICE_COLUMNS}) VALUES ({','.join('?' * 10)})", (slug, *values[1:]))


@given(rows(), st.lists(POINTS, min_size=1, max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_tables_answer_what_resolve_answers(shared, written, points):
    claims, notices = written
    slug = shared.fresh()
    save(shared, slug, claims, notices)
    claims = [claim._replace(matter=slug) for claim in claims]
    notices = [notice._replace(matter=slug) for notice in notices]
    with shared.reading() as run:
        for at in points:
            assert reading.facts_at(run, slug, at) == resolve(claims, at, notices)
            under = {name: fact for name, fact in resolve(claims, at, notices).items() if name[0].startswith("s.")}
            assert reading.facts_at(run, slug, at, "s") == under


# histories that were really recorded

DAYS = st.integers(1, 28).map("2025-01-{:02d}".format)
MONEY = st.integers(1, 9).map(lambda n: {"amount": str(n), "currency": "USD"})
SLIP = st.sampled_from(["ours", "source"])
COMMANDS = st.one_of(
    st.fixed_dictionaries({"kind": st.just("BudgetAllocated"), "occurred": DAYS, "announced": DAYS, "details": st.fixed_dictionaries(
        {"scope": st.sampled_from(["china", "total"]), "year": st.just(2025), "money": MONEY})}),
    st.fixed_dictionaries({"kind": st.just("WindowOpened"), "occurred": DAYS, "announced": DAYS, "details": st.fixed_dictionaries(
        {"window": st.sampled_from(["w", "v"]), "title": st.just("W"), "purpose": st.just("enforcement pause"), "due": DAYS,
         "pauses": st.booleans()})}),
    st.fixed_dictionaries({"kind": st.just("WindowExtended"), "occurred": DAYS, "announced": DAYS, "details": st.fixed_dictionaries(
        {"window": st.sampled_from(["w", "v"]), "due": DAYS})}),
    st.fixed_dictionaries({"kind": st.just("WindowMet"), "occurred": DAYS, "announced": DAYS, "details": st.fixed_dictionaries(
        {"window": st.sampled_from(["w", "v"]), "evidence": st.just("Done.")})}),
    st.fixed_dictionaries({"kind": st.just("ReportDenied"), "announced": DAYS, "of": st.integers(0, 7), "by": st.just("X")}),
    st.fixed_dictionaries({"kind": st.just("EntryCorrected"), "announced": DAYS, "of": st.integers(0, 7), "slip": SLIP,
                           "changes": st.fixed_dictionaries({"occurred": DAYS})}),
    st.fixed_dictionaries({"kind": st.just("EntryRetracted"), "announced": DAYS, "of": st.integers(0, 7), "slip": SLIP,
                           "reason": st.just("A slip.")}),
)  # fmt: skip


def record_all(log, slug: str, commands: list[dict], before: Sequence[str] = ()) -> list[str]:
    """Record what the rules allow; `of` chooses one of the entries so far."""
    stored = list(before)
    for n, raw in enumerate(commands):
        raw = {"key": f"e{n}", "sources": [{"publisher": "P"}]} | raw
        if "of" in raw:
            raw["of"] = [stored[raw["of"] % len(stored)]] if stored else ["nothing"]
        try:
            stored.append(record(log, slug, read_entry(raw), "tester", 1_800_000_000_000_000).key)
        except Refused:
            continue
    return stored


def every_row(run, table: str, columns: str, slug: str) -> list:
    return list(run(f"SELECT {columns} FROM {table} WHERE matter=? ORDER BY position", (slug,)))


@given(st.lists(COMMANDS, min_size=1, max_size=9), st.integers(1, 30), st.integers(1, 30), st.integers(0, 10))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_recorded_is_answered_alike_by_tables_and_by_resolve(shared, commands, as_of, known, back):
    slug = shared.fresh()
    record_all(shared, slug, commands)
    day = 86_400_000_000
    first = 1_735_689_600_000_000
    assert moment(first).isoformat() == "2025-01-01T00:00:00+00:00"
    with shared.reading() as run:
        claims = [row_claim(row) for row in every_row(run, "claims", CLAIM_COLUMNS, slug)]
        notices = [row_notice(row) for row in every_row(run, "notices", NOTICE_COLUMNS, slug)]
        last = max((claim.position for claim in claims), default=0)
        for position in (None, last - back):
            at = Point(first + as_of * day - 1, first + known * day - 1, position)
            assert reading.facts_at(run, slug, at) == resolve(claims, at, notices)


@given(st.lists(COMMANDS, min_size=3, max_size=9), st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_replay_to_a_position_sees_the_log_as_it_then_was(shared, commands, data):
    slug = shared.fresh()
    cut = data.draw(st.integers(1, len(commands)))
    record_all(shared, slug, commands[:cut])
    with shared.reading() as run:
        then = next(iter(run("SELECT MAX(position) FROM ledger")))[0]
        latest = Point(2**61, 2**61, None)
        before = {name: fact.value for name, fact in reading.facts_at(run, slug, latest).items()}
        before_standing = {name: fact.standing for name, fact in reading.facts_at(run, slug, latest).items()}
    record_all(shared, slug, [command | {"key": f"later{n}"} for n, command in enumerate(commands[cut:])])
    with shared.reading() as run:
        replayed = reading.facts_at(run, slug, Point(2**61, 2**61, then))
    assert {name: fact.value for name, fact in replayed.items()} == before
    assert {name: fact.standing for name, fact in replayed.items()} == before_standing


LATER = COMMANDS.filter(lambda raw: raw.get("slip") != "ours").map(lambda raw: raw | {"announced": "2025-02-10"})


@given(st.lists(COMMANDS, min_size=2, max_size=8), st.lists(LATER, min_size=1, max_size=4), st.integers(1, 40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_announced_later_never_changes_what_was_known_before(shared, commands, later, as_of):
    slug = shared.fresh()
    stored = record_all(shared, slug, commands)
    day, first = 86_400_000_000, 1_735_689_600_000_000
    at = Point(first + as_of * day - 1, first + 31 * day - 1)
    before = seen(shared, slug, at)
    record_all(shared, slug, [raw | {"key": f"later{n}"} for n, raw in enumerate(later)], stored)
    assert seen(shared, slug, at) == before


def seen(log, slug: str, at: Point) -> tuple:
    """Values, standings and entries as a reader sees them at a point."""
    with log.reading() as run:
        facts = {name: (fact.value, fact.standing) for name, fact in reading.facts_at(run, slug, at).items()}
        return facts, [(row.key, row.kind, row.retracted) for row in reading.entries_at(run, slug, at)]


@given(st.lists(COMMANDS, min_size=2, max_size=10))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rebuild_makes_the_rows_that_were_written_live(rebuilt, commands):
    record_all(rebuilt, rebuilt.fresh(), commands)
    before = tables(rebuilt)
    rebuilt.rebuild()
    assert tables(rebuilt) == before


def tables(log) -> dict:
    with log.reading() as run:
        return {name: sorted(map(repr, map(tuple, run(f"SELECT * FROM {name}")))) for name in DERIVED}
