"""`python -m benchmarks`: measure, then print one table."""

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click
from rich.console import Console

from benchmarks import alerting, counting
from benchmarks.bench import measure, plans
from benchmarks.report import show


@click.command()
@click.argument("events", nargs=-1, type=click.IntRange(min=100))
def main(events: tuple[int, ...]) -> None:
    """Measure logs of EVENTS events each (default: 1000 and 100000, which takes four minutes)."""
    console, start, measured = _console(), perf_counter(), []
    with TemporaryDirectory(prefix="daybook-bench-") as directory, console.status("") as status:
        for plan in (plan for count in events or (1_000, 100_000) for plan in plans(count)):
            measured.append(measure(plan, Path(directory), status.update))
        status.update(f"the clock over {alerting.WINDOWS:,} windows")
        ticks = alerting.measure(Path(directory))
    console.print(counting.table(counting.measure()))
    console.print(alerting.table(ticks))
    show(console, measured, perf_counter() - start)


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=160)


if __name__ == "__main__":
    main()
