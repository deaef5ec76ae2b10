"""Answers on the terminal: readable, with the sources at the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from projections.headlines import count, said
from projections.sentences import in_words
from projections.tree import has_id, ids_of, standing_of
from projections.windows import RUNNING
from service.browsing import Neighbour
from service.reading import Answer

console = Console(highlight=False, soft_wrap=True)
FIRST_WORDS = ("service.status", "service.app_stores", "ownership.status")
"""Values that a view has before anything is on record."""
HIDDEN = ("id", "standing", "rivals", "events", "conflict", "name")


def say(text: str) -> None:
    """One line."""
    console.print(text, markup=False)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr; gives the function that moves it to how many are done."""
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def point_line(point: dict[str, Any], title: str) -> None:
    """Where the answer was taken, and what it withheld."""
    known = (
        f"with hindsight (known by {said(point['known_on'])})" if point["hindsight"] else f"as known on {said(point['known_on'])}"
    )
    zones = point["time_zone"] or " and ".join(point["time_zones"]) or "UTC"
    console.print(
        Text(f"{title} as of {said(point['as_of'])}", style="bold"), Text(f"— {known}; {zones}; log position {point['position']}")
    )
    if point["future"]:
        say("That day lies ahead: this is what will be in force then, as known today.")
    if point["withheld"]:
        withheld = count(point["withheld"], "entry that was", "entries that were")
        say(f"{withheld} known or recorded only later {'is' if point['withheld'] == 1 else 'are'} left out.")
    if point["records_start"] and point["as_of"][:10] < point["records_start"]:
        say(f"Records start on {said(point['records_start'])}; nothing is known of earlier days.")


class Notes:
    """Numbers for the events that values rest on."""

    def __init__(self, events: dict[str, dict[str, Any]]) -> None:
        self.events = events
        self.numbers: dict[str, int] = {}

    def of(self, ids: list[str]) -> str:
        """“[1][4]”."""
        return "".join(f"[{self.numbers.setdefault(event, len(self.numbers) + 1)}]" for event in ids if event in self.events)

    def print(self) -> None:
        """The notes: each event with its sources."""
        if self.numbers:
            say("")
            console.print(Text("Sources", style="bold"))
        for event, number in self.numbers.items():
            entry = self.events[event]
            say(f"[{number}] {entry['headline']} (known {said(entry['known'])}; {entry['standing']}; {event})")
            for source in entry["sources"]:
                say(f"      {cite(source)}")


def cite(source: dict[str, Any]) -> str:
    """A source on one line."""
    named = ", ".join(
        filter(None, (source.get("publisher"), source.get("title") and f"“{source['title']}”", source.get("citation")))
    )
    dated = f", {said(source['published'])}" if source.get("published") else ""
    pinpoint = f", at {source['pinpoint']}" if source.get("pinpoint") else ""
    where = source.get("url") or (f"seen at {source['seen_at']}" if source.get("seen_at") else "")
    unread = " (not read by us)" if source.get("unread") else " (published later)" if source.get("published_later") else ""
    return f"{named}{dated}{pinpoint}{unread}{' ' + where if where else ''}"


def view(answer: Answer, last_change: Neighbour | None) -> None:
    """A view, section by section; `last_change` is the last one before the day asked about."""
    point_line(answer.point, answer.view.title)
    if answer.view.matter and not answer.point["time_zones"]:
        say(f"Its matter, {answer.view.matter}, is not on record here at this point; `daybook release --bundled` loads it.")
    if last_change:
        say(f"The change before that day: {said(last_change.day.isoformat())}, {last_change.headline}")
    if answer.view.name == "timeline":
        timeline(answer.state["events"])
        return
    notes = Notes(answer.events)
    for name, value in answer.state.items():
        _section(name, value, name, answer, notes)
    notes.print()


def _section(name: str, value: Any, path: str, answer: Answer, notes: Notes) -> None:
    title = name.replace("_", " ").capitalize()
    if value is None or value == [] or (isinstance(value, dict) and all(child in (None, []) for child in value.values())):
        console.print(Text(title, style="bold"), Text("none"))
        return
    console.print(Text(title, style="bold"))
    _lines(value, path, answer, notes, "  ")


def _lines(value: Any, path: str, answer: Answer, notes: Notes, indent: str, flags: bool = True) -> None:
    if isinstance(value, list) and value and all(has_id(item) for item in value):
        for item in value:
            say(f"{indent}• {item['id']}{_flag(item.get('standing'))}")
            _lines(item, f"{path}.{item['id']}", answer, notes, indent + "    ", "standing" not in item)
            for rival in item.get("rivals") or ():
                say(f"{indent}    rival: {in_words({k: v for k, v in rival.items() if k not in ('event', 'standing')})}")
    elif isinstance(value, dict) and "amount" not in value:
        for name, child in value.items():
            if name not in HIDDEN and child not in (None, []):
                _field(name, child, f"{path}.{name}", answer, notes, indent, flags)
    else:
        _field(path.rpartition(".")[2], value, path, answer, notes, indent, flags)


def _field(name: str, value: Any, path: str, answer: Answer, notes: Notes, indent: str, flags: bool) -> None:
    label = name.replace("_", " ")
    nested = isinstance(value, dict) and "amount" not in value
    if nested or (isinstance(value, list) and value and has_id(value[0])):
        say(f"{indent}{label}:")
        _lines(value, path, answer, notes, indent + "  ", flags)
        return
    leaf = answer.leaves.get(path)
    marks = notes.of(ids_of(leaf)) if leaf else ""
    flag = _flag(standing_of(leaf)) if leaf and flags else ""
    assumed = " (assumed: nothing is on record)" if path in FIRST_WORDS and leaf is None else ""
    say(f"{indent}{label}: {in_words(value)}{flag}{assumed} {marks}".rstrip())


def _flag(standing: str | None) -> str:
    return f" ({standing})" if standing and standing not in ("official", "reported") else ""


def timeline(events: list[dict[str, Any]]) -> None:
    """Entries, a line each."""
    table = Table("occurred", "known", "matter", "what", "standing", box=None, pad_edge=False)
    for event in events:
        table.add_row(event["occurred"], event["known"], event["matter"], Text(event["headline"]), event["standing"])
    console.print(table)


def diff(body: dict[str, Any]) -> None:
    """Changes, a sentence each."""
    start, end = body["from"], body["to"]
    console.print(Text(f"{body['view']} from {said(start['as_of'])} to {said(end['as_of'])}", style="bold"))
    for change in body["changes"]:
        day = f"{said(change['on'])}: " if change["on"] else ""
        say(f"  • {day}{change['sentence']}  ({', '.join(change['events']) or change['field']})")
    if not body["changes"]:
        say("  Nothing changed.")


def why(body: dict[str, Any]) -> None:
    """A value's provenance."""
    point_line(body["point"], f"{body['view']}: {body['field']} = {in_words(body['value'])}")
    if body["standing"]:
        say(f"Standing: {body['standing']}")
    for claim in body["claims"]:
        until = f" until {said(claim['until'])}" if claim["until"] else ""
        mark = "→" if claim["current"] else " "
        say(
            f"{mark} {in_words(claim['value'])}, from {said(claim['from'])}{until}; known {said(claim['known'])}; {claim['standing']}; {claim['event']}"
        )
        say(f"      recorded {claim['recorded']} by {claim['actor']}")
        for source in claim["sources"]:
            say(f"      {cite(source)}")
        for notice in claim["said_of_it"]:
            say(f"      {'denied' if notice['kind'] == 'ReportDenied' else 'confirmed'} by {notice['by']} ({notice['event']})")
    if not body["claims"]:
        say("Nothing on record claims it; it is what holds where nothing is recorded, or follows from other values.")
    for n, step in enumerate((body["rule"] or {}).get("steps", ()), 1):
        say(f"  {n}. {step}")


def deadlines(body: dict[str, Any]) -> None:
    """Deadlines, a block each."""
    point_line(body["point"], "Deadlines")
    for row in body["deadlines"]:
        _deadline(row)
    if not body["deadlines"]:
        say("  None.")


def _deadline(row: dict[str, Any]) -> None:
    say(f"• {row['title']}" + (f" — {_left(row)}" if row["status"] in RUNNING else ""))
    due = f"due {said(row['due'])} ({'moment' if 'T' in row['due'] else row['due_is']})" if row["due"] else "due date not read"
    say(f"    {due}; {row['status']}; {row['legal_basis'] or 'no legal basis named'}; {row['matter']} / {row['window']}")
    if row["conflict"]:
        say(f"    stated {said(row['stated'])}, but counted {said(row['computed'])}")


def _left(row: dict[str, Any]) -> str:
    if row["due"] is None:
        return "no due date read"
    working = row["working_days_left"]
    return f"{count(row['days_left'], 'day')} left" + (f" ({count(working, 'working day')})" if working is not None else "")


def window(body: dict[str, Any]) -> None:
    """A window, its due date with the steps, and its history."""
    point_line(body["point"], "Window")
    _deadline(body["window"])
    if body["window"]["owner"]:
        say(f"    owner {body['window']['owner']}")
    if body["ends"]:
        say(f"    over from {body['ends']}")
    for n, step in enumerate(body["steps"], 1):
        say(f"  {n}. {step}")
    for move in body["history"]:
        say(f"  {move['occurred'] or move['on']}  {_move(move)}" + (f"  ({move['event']})" if move["event"] else ""))
    for move in body["ahead"]:
        say(f"  {move['on']}  announced: {_move(move)}  ({move['event']})")
    for other in body["siblings"]:
        say(f"  The same document opened “{other['title']}”, due {said(other['due']) if other['due'] else 'not read'}.")


def _move(move: dict[str, Any]) -> str:
    """“extended from 5 April 2025 to 19 June 2025 by EO 14258”."""
    words = move["what"]
    if move["due"] != move["before"]:
        words += (f" from {said(move['before'])} to " if move["before"] else ", due ") + said(move["due"])
    words += f" through {said(move['until'])}" if move["until"] else ""
    return words + (f" by {move['by']}" if move["by"] else "") + (f": {move['note']}" if move["note"] else "")


def alerts(body: dict[str, Any], pulse: str) -> None:
    """What would have been told, what was, and how the clock stands."""
    console.print(Text(f"A clock that always ran would have told by {said(body['as_of'])}", style="bold"))
    for alert in body["would_have_been"]:
        say(f"  {alert['on']}  {alert['message']}  ({alert['matter']})")
    console.print(Text("This clock has told", style="bold"))
    for alert in reversed(body["raised"]):
        say(f"  {alert['on']}  {alert['message']}  ({alert['matter']})")
    if not body["raised"]:
        say("  Nothing yet.")
    say(pulse)


def counted(body: dict[str, Any]) -> None:
    """A due date with its steps."""
    console.print(Text(f"Due {_due(body)}", style="bold"), Text(f"— rule {body['rule']}: {body['authority']}"))
    for n, step in enumerate(body["steps"], 1):
        say(f"  {n}. {step}")
    if body["nominal"] != body["due"]:
        say(f"  Had nothing moved it: {body['nominal']}.")
    if body["ends"]:
        say(f"  Over from {body['ends']}.")
    if body["days_left"] is not None:
        working = f" ({count(body['working_days_left'], 'working day')})" if body["working_days_left"] is not None else ""
        say(f"  {count(body['days_left'], 'day')} left{working}.")


def _due(body: dict[str, Any]) -> str:
    """“5 April 2025 (2025-04-05)”; of a span its earliest and its latest."""
    if body["earliest"] == body["latest"]:
        return f"{'about ' if body['due'].endswith('~') else ''}{said(body['latest'])} ({body['due']})"
    ends = (f"{name} {said(body[name])}" for name in ("earliest", "latest") if body[name])
    return f"{', '.join(ends)} ({body['due']})"
