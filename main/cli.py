"""The command line. Exit status: 0 done; 1 the answer is no; 2 the request was wrong, with one line on stderr."""

import json
import os
from pathlib import Path

import click

from domain.deadlines import RULES, Period, read_length
from main import show
from main.bootstrap import alerting, load_bundled, utc_now
from main.cli_alerts import channel_group, delivery_group, policy_group
from main.cli_people import group, token, user
from main.cli_recording import matter_group, record
from main.command import JSON, MATTER, POINT, Commands, Wrong, opened, options, print_answer, telling
from main.settings import Settings


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="daybook")
def cli() -> None:
    """Daybook: what was in force, what was known and what is due, on any day.

    \b
    daybook view tiktok-status --as-of 2025-03-21
    daybook view tiktok-status --as-of 2025-01-19 --known-on now
    daybook diff tiktok-status 2025-04-03 2025-04-04
    daybook why tiktok-status window.due --as-of 2025-03-21
    daybook deadlines --as-of 2025-03-30 --within 30d

    The store is DAYBOOK_DATA (a folder, default ./var) or DATABASE_URL (sqlite:///…).
    """


@cli.command(name="view")
@click.argument("name", metavar="VIEW")
@options(*POINT, MATTER, JSON)
@telling
def view_command(name: str, as_of: str, known_on: str, recorded_at: str, matter: str, as_json: bool) -> None:
    """A view at a point: tiktok-status, procurement, export-controls, deadlines, timeline.

    \b
    daybook view procurement --as-of 2025-01-21
    daybook view export-controls --as-of 2025-05-14 --json
    """
    daybook = opened()
    question = daybook.ask(as_of, known_on, recorded_at)
    answer = daybook.view(name, question, matter)
    before, _ = daybook.neighbours(question, matter or answer.view.matter)
    print_answer(answer.body(), as_json, lambda: show.view(answer, before))


@cli.command(name="diff")
@click.argument("name", metavar="VIEW")
@click.argument("start", metavar="D1")
@click.argument("end", metavar="D2")
@options(
    click.option("--from-known-on", metavar="DAY", help="Knowledge at the first point; default: follows D1."),
    click.option("--to-known-on", metavar="DAY", help="Knowledge at the second point; default: follows D2."),
    MATTER,
    JSON,
)
@telling
def diff_command(name: str, start: str, end: str, from_known_on: str, to_known_on: str, matter: str, as_json: bool) -> None:
    """What changed in a view between two days, in sentences.

    \b
    daybook diff tiktok-status 2025-04-03 2025-04-04
    daybook diff tiktok-status 2025-01-19 2025-01-19 --to-known-on now
    """
    daybook = opened()
    body = daybook.diff(name, daybook.ask_end("D1", start, from_known_on), daybook.ask_end("D2", end, to_known_on), matter)
    print_answer(body, as_json, lambda: show.diff(body))


@cli.command(name="why")
@click.argument("name", metavar="VIEW")
@click.argument("field", metavar="FIELD")
@options(*POINT, MATTER, JSON)
@telling
def why_command(name: str, field: str, as_of: str, known_on: str, recorded_at: str, matter: str, as_json: bool) -> None:
    """Where a value comes from: its claims, its sources, and the rule that gave it.

    \b
    daybook why tiktok-status window.due --as-of 2025-03-21
    daybook why procurement budgets.china-2025.money --as-of 2025-01-21
    """
    daybook = opened()
    body = daybook.why(name, field, daybook.ask(as_of, known_on, recorded_at), matter)
    print_answer(body, as_json, lambda: show.why(body))


@cli.command(name="deadlines")
@options(
    *POINT,
    click.option("--within", metavar="30d", help="Due within so many days of the day asked about."),
    click.option("--status", metavar="STATUS", help="Windows of this status, or `all`, instead of the running ones."),
    MATTER,
    JSON,
)
@telling
def deadlines_command(as_of: str, known_on: str, recorded_at: str, within: str, status: str, matter: str, as_json: bool) -> None:
    """Open windows by due date.

    \b
    daybook deadlines --as-of 2025-03-30 --within 30d
    """
    daybook = opened()
    body = daybook.deadlines(daybook.ask(as_of, known_on, recorded_at), within=_days(within), status=status, matter=matter)
    print_answer(body, as_json, lambda: show.deadlines(body))


@cli.command(name="window")
@click.argument("matter", metavar="MATTER")
@click.argument("name", metavar="WINDOW")
@options(*POINT, JSON)
@telling
def window_command(matter: str, name: str, as_of: str, known_on: str, recorded_at: str, as_json: bool) -> None:
    """One window: its due date, how it is counted, and who moved it when.

    \b
    daybook window tiktok-divestiture pause-1 --as-of 2025-07-01
    """
    daybook = opened()
    body = daybook.window(matter, name, daybook.ask(as_of, known_on, recorded_at))
    print_answer(body, as_json, lambda: show.window(body))


def _days(text: str | None) -> int | None:
    if text is None:
        return None
    number = text.removesuffix("d")
    if not number.isascii() or not number.isdigit() or int(number) > 36525:
        raise Wrong(f"--within is a number of days such as 30d, not “{text[:40]}”.")
    return int(number)


@cli.command(name="alerts")
@options(POINT[0], JSON)
@telling
def alerts_command(as_of: str, as_json: bool) -> None:
    """What was told by a day, what a clock that always ran would have told, and how this daybook's clock stands.

    \b
    daybook alerts --as-of 2025-03-29
    """
    from alerts.history import alerts_by
    from alerts.pulse import pulse

    daybook = opened()
    body = alerts_by(daybook.log, daybook.ask(as_of))
    its = pulse(alerting(Settings.from_env(os.environ), daybook), daybook.clock())
    print_answer(body | {"clock": its.shown()}, as_json, lambda: show.alerts(body, its.words))


@cli.command(name="count")
@click.argument("start", metavar="FROM")
@click.argument("period", metavar="PERIOD")
@options(
    click.option("--rule", default="calendar", show_default=True, help=f"The rule set: {', '.join(RULES)}."),
    click.option("--before", is_flag=True, help="Count back from FROM."),
    click.option("--from-trigger", is_flag=True, help="The day of FROM is day 1 (rule calendar only)."),
    click.option("--jurisdiction", metavar="US-MA", help="Whose holidays count: a country or a part of one."),
    click.option("--zone", metavar="ZONE", help="The time zone, such as Europe/Berlin: for hours, and for the end of the day."),
    click.option("--known-on", metavar="DAY", help="With the closings known by this day; default today."),
    click.option("--no-roll", is_flag=True, help="A closed last day stays where it is."),
    click.option("--inaccessible", multiple=True, metavar="DAY", help="A day on which the clerk’s office was (rule frcp-6a)."),
    click.option("--effect-day", is_flag=True, help="It is over from the start of the due day, not open through its end."),
    JSON,
)
@telling
def count_command(
    start: str, period: str, rule: str, before: bool, from_trigger: bool, jurisdiction: str, zone: str, known_on: str,
    no_roll: bool, inaccessible: tuple[str, ...], effect_day: bool, as_json: bool,
) -> None:  # fmt: skip
    """Count to a due date and show the steps.

    \b
    daybook count 2025-01-20 "75 days"
    daybook count 2025-04-05 "30 days" --before
    daybook count 2018-11-20 "15 days" --rule 1-cfr-18.17 --known-on 2018-11-20
    daybook count 2026-03-27T12:00 "72 hours" --rule real-hours --zone Europe/Berlin
    """
    from service.counting import counted

    length, unit = read_length(period)
    counting, due_is = "from" if from_trigger else "after", "effect day" if effect_day else "last day"
    asked = Period(
        start, length, unit, rule, before=before, counting=counting, jurisdiction=jurisdiction, zone=zone, no_roll=no_roll,
        inaccessible=inaccessible, due_is=due_is,
    )  # fmt: skip
    body = counted(asked, known_on=known_on, now=utc_now())
    print_answer(body, as_json, lambda: show.counted(body))


@cli.command(name="load")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@telling
def load_command(files: tuple[Path, ...]) -> None:
    """Load matters from YAML. The same file twice stores nothing new; of a bad file nothing is stored.

    \b
    daybook load matters/*.yaml
    """
    daybook = opened(create=True)
    for path in files:
        with show.progress(f"Loading {path.name}") as advance:
            loaded = daybook.load(path, advance)
        show.say(f"{path}: {loaded.stored} entries stored in {loaded.matter}, {loaded.known_already} known already.")


@cli.command(name="export")
@telling
def export_command() -> None:
    """The whole log as JSON Lines, in order.

    \b
    daybook export > log.jsonl
    """
    for event in opened().log.export():
        click.echo(json.dumps(event, ensure_ascii=False))


@cli.command(name="rebuild")
@telling
def rebuild_command() -> None:
    """Make the read models anew from the log."""
    daybook = opened()
    with show.progress("Reading the log", total=daybook.log.size()) as advance:
        done = daybook.log.rebuild(advance)
    show.say(f"Read models made anew from {done:,} events.")


@cli.command(name="release")
@click.option("--bundled", is_flag=True, help="Load the bundled matters that are not on record yet.")
@telling
def release_command(bundled: bool) -> None:
    """Make or check the store; run it once before the web and the clock start."""
    daybook = opened(create=True)
    stored = load_bundled(daybook) if bundled else 0
    show.say("The store is ready." + (f" {stored} entries of the bundled matters were loaded." if stored else ""))


@cli.command(name="serve")
@telling
def serve_command() -> None:
    """Web and clock in one process; for one machine. Listens on HOST and PORT (127.0.0.1:8000)."""
    from main.serving import serve

    opened()
    serve(Settings.from_env(os.environ))


@cli.command(name="web")
@telling
def web_command() -> None:
    """The web alone, with several processes (WEB_CONCURRENCY); run `daybook clock` beside it."""
    from main.serving import web

    opened()
    web(Settings.from_env(os.environ))


@cli.command(name="clock")
@telling
def clock_command() -> None:
    """The clock alone: looks every DAYBOOK_TICK seconds and raises each alert once, however many clocks run."""
    from main.serving import clock

    settings = Settings.from_env(os.environ)
    clock(alerting(settings, opened()), settings.tick)


for commands in (user, token, group, record, matter_group, policy_group, channel_group, delivery_group):
    cli.add_command(commands)
