"""The table: what Daybook takes, what the library takes, one divided by the other, and what limits it."""

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.bench import Measured
from benchmarks.machine import described
from benchmarks.measuring import Times

HEADINGS = ("what", "Daybook", "p99", "against", "library", "p99", "ratio", "limited by")
WORDS = ("what", "against", "limited by")
NOTE = """Times are medians, an event where events are counted. A ratio is Daybook divided by the library, of one run: below 1,
Daybook takes less. * is the worst of fewer than a hundred samples. A replay knows the end of the stream only; a bare insert
stores what is made and mapped already."""


def table(measured: list[Measured]) -> Table:
    """One row a measurement, grouped by corpus."""
    made = Table(title="Daybook against the event library itself, for the same events", box=box.SIMPLE, title_justify="left")
    for heading in HEADINGS:
        made.add_column(heading, justify="left" if heading in WORDS else "right", no_wrap=heading not in WORDS)
    for one in measured:
        made.add_section()
        made.add_row(f"[bold]{one.plan.name}[/bold]")
        for row in rows(one):
            made.add_row(*row)
    return made


def rows(one: Measured) -> Iterator[tuple[str, ...]]:
    """The rows of one corpus."""
    found, batches, singles, rebuilt = one.resolved, one.batches, one.singles, one.rebuilt
    yield _row("view at a point", found.view, "replay", found.replay, "claims and entries made into values, one by one")
    yield _row("view at a point", found.view, "its stream, read and mapped", found.mapped, "the same")
    yield _row("one subject at a point", found.subject, "replay", found.replay, "one query, then a value at a time")
    if rebuilt.rebuild.seconds:
        yield _row("rebuild", rebuilt.rebuild, "log, read and mapped", rebuilt.read, "claims made in Python, one by one")
    yield _row(f"append {one.plan.batch:,} at once", batches.ours, "bare insert", batches.theirs, "claims and their indexes")
    yield _row("append one, matter in hand", singles.ours, "bare insert", singles.theirs, "the commit")
    yield _row("append one, matter loaded", one.loaded, "bare insert", singles.theirs, "the replay that loads the matter")
    yield _sizes(one)


def _row(what: str, ours: Times, against: str, theirs: Times, limit: str) -> tuple[str, ...]:
    ratio = ours.median / theirs.median
    return (what, duration(ours.median), _tail(ours), against, duration(theirs.median), _tail(theirs), shown(ratio), limit)


def _sizes(one: Measured) -> tuple[str, ...]:
    ours, theirs = (f"{size:,.0f} B" for size in (one.ours, one.theirs))
    return (
        "bytes on disk",
        ours,
        "",
        "bare log",
        theirs,
        "",
        shown(one.ours / one.theirs),
        "full names, again in the indexes",
    )


def _tail(times: Times) -> str:
    if len(times.seconds) == 1:
        return "once"
    return duration(times.p99) if times.p99 else f"{duration(times.worst)}*"


def duration(seconds: float) -> str:
    """Seconds in a readable unit, to three figures."""
    for unit, size in (("s", 1), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds < 100 * size else f"{seconds / size:.0f} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def shown(ratio: float) -> str:
    """A ratio to two figures."""
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.2g}"


def show(console: Console, measured: list[Measured], took: float) -> None:
    """Print the table, and on what it was measured."""
    console.print(table(measured))
    console.print(f"{NOTE}\n{described()}\nTook {took:.0f} s.", highlight=False)
