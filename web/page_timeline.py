"""What the timeline page shows: lanes by matter at a point, in a range of days, with its filters and its ways on."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request

from domain.errors import BadValue
from domain.instants import day_in
from domain.when import read_day
from projections.windows import RUNNING
from service.asking import Question
from service.browsing import ALL
from web import lanes
from web.context import daybook
from web.ladders import ladder, stages
from web.lanes import Range
from web.page_question import began, here, moved_to, understood
from web.problems import bad_parameter
from web.words import GROUPS, group_of, left, status_word

LONGEST = 366 * 30
_MOVES = ("WindowOpened", "WindowExtended", "WindowMet", "WindowSuperseded", "WindowWithdrawn")
POINTS = 6
"""How many one-click days in the past are offered."""


def timeline_at(question: Question) -> dict[str, Any]:
    """All that the template draws."""
    args, matter = request.args, request.args.get("matter") or None
    kind = _kind(args.get("kind"))
    answer = daybook().view("timeline", question, matter)
    point, zone = answer.point, answer.point["time_zone"] or "UTC"
    as_of = question.day(zone)
    every = [lanes.grouped(entry, False, as_of) for entry in answer.state["events"]]
    slips = _wants("slips", "draw our own slips")
    known = [entry for entry in every if slips or not entry["own_slip"]]
    windows, histories = windows_at(question, matter), daybook().histories(question, matter)
    later = _later(question, matter, every, as_of) if _wants("later", "draw what became known later") else []
    sees_on = (question.hindsight or bool(later)) and as_of < today_of(question)
    span = _range(known, windows, as_of, *([200] if sees_on else []))
    entries = [entry for entry in (*known, *later) if not kind or kind in (entry["kind"], entry["group"])]
    entries.sort(key=lambda entry: (began(entry), entry["position"]))
    shown = [entry for entry in entries if lanes.touches(entry, span)]
    matters = sorted(daybook().matters(question), key=_due_first)
    return {
        "point": point,
        "lanes": [_lane(m, entries, [] if kind and kind != "window" else windows, span, histories)
                  for m in matters if matter in (None, m["slug"])],
        "matters": matters, "matter": matter, "kind": kind, "later": bool(later), "slips": slips, "left_out": len(every) - len(known), "axis": lanes.axis(span),
        "as_of_x": span.at(as_of, 1) if span.holds(as_of) else None, "as_of": as_of.isoformat(),
        "range": {"first": span.first.isoformat(), "last": span.last.isoformat(), "days": span.days},
        "ways": _ways(span, as_of), "shown": shown, "groups": _groups(known, span),
        "strip": lanes.strip(entries, span, as_of, (_start(point), today_of(question)), _address),
        "last_change": _last_change(known, as_of), "points": _points(known, as_of) if question.as_of is None else [],
    }  # fmt: skip


def _due_first(matter: dict[str, Any]) -> tuple[bool, str]:
    """The matter whose deadline is next leads; the others keep their order."""
    its = matter["next_deadline"]
    return its is None, its["due"] if its else ""


def _kind(text: str | None) -> str | None:
    if not text or text in GROUPS or any(text == kind for kind in _kinds()):
        return text or None
    raise bad_parameter("kind", f"has no “{text[:40]}”. Groups: {', '.join(GROUPS)}; or the kind of an entry, such as CourtRuled.")


def _kinds() -> set[str]:
    from domain.events import KINDS

    return set(KINDS)


def _wants(name: str, what: str) -> bool:
    wish = request.args.get(name, "")
    if wish not in ("", "0", "1"):
        raise bad_parameter(name, f"is 1 to {what}, or left out.")
    return wish == "1"


def _range(known: Sequence[dict[str, Any]], windows: Sequence[dict[str, Any]], as_of: date, *ahead: int) -> Range:
    """The range in the address, or where the page opens. With one end given, the other lies a year from it."""
    first, last = (_end(name) for name in ("from", "to"))
    if first is None and last is None:
        running = [lanes.window_days(w, [], "", as_of)["last"] for w in windows if w["due"] and (w["days_left"] or -1) >= 0]
        return lanes.opening(known, as_of, running, *ahead)
    first = first or Range(last, last).zoomed(365, last).first
    last = last or Range(first, first).zoomed(365, first).last
    if first > last:
        raise BadValue(f"The range ends before it starts: from {first} to {last}.", "to")
    if (last - first).days >= LONGEST:
        raise BadValue("A range holds at most 30 years.", "from")
    return Range(first, last)


def _end(name: str) -> date | None:
    text = understood(request.args.get(name, ""), name)
    return read_day(text[:10]) if text else None


def _later(question: Question, matter: str | None, known: Sequence[dict[str, Any]], as_of: date) -> list[dict[str, Any]]:
    """What became known only after the point, for a reader who asks to see it."""
    ids = {entry["id"] for entry in known}
    asked = daybook().ask(question.as_of.isoformat() if question.as_of else None, "now")
    every = daybook().view("timeline", asked, matter).state["events"]
    return [lanes.grouped(entry, True, as_of) for entry in every if entry["id"] not in ids]


def windows_at(question: Question, matter: str | None = None) -> list[dict[str, Any]]:
    """Every window that is on record at the point, whatever its status, by due date."""
    return daybook().deadlines(question, status=ALL, matter=matter)["deadlines"]


def _lane(
    matter: dict[str, Any],
    entries: Sequence[dict[str, Any]],
    windows: Sequence[dict[str, Any]],
    span: Range,
    histories: dict[str, Any],
) -> dict[str, Any]:
    own = [w for w in windows if w["matter"] == matter["slug"]]
    drawn = [lanes.window_days(w, stages(histories[w["id"]]["history"]), bar_words(w), span.last) for w in own]
    return lanes.lane(matter, [e for e in entries if e["matter"] == matter["slug"]], drawn, span)


def bar_words(window: dict[str, Any]) -> str:
    """“75 days without enforcement · 18 days left”."""
    if window["status"] in RUNNING and window["days_left"] is not None:
        return f"{window['title']} · {left(window['days_left'])}"
    return f"{window['title']} · {status_word(window)}"


def _ways(span: Range, as_of: date) -> dict[str, str]:
    return {
        "earlier": _address(span.moved(-0.5)),
        "later": _address(span.moved(0.5)),
        "closer": _address(span.zoomed(0.5, as_of)),
        "wider": _address(span.zoomed(2, as_of)),
    }


def _address(span: Range) -> str:
    return here(**{"from": span.first.isoformat(), "to": span.last.isoformat()})


def _groups(known: Sequence[dict[str, Any]], span: Range) -> list[dict[str, Any]]:
    """The kinds with their counts in the range, for the legend."""
    counts = Counter(entry["group"] for entry in known if lanes.touches(entry, span))
    return [{"name": name, "words": words, "count": counts[name]} for name, words in GROUPS.items()]


def _start(point: dict[str, Any]) -> date | None:
    return date.fromisoformat(point["records_start"]) if point["records_start"] else None


def _last_change(known: Sequence[dict[str, Any]], as_of: date) -> dict[str, Any] | None:
    """The entry that last came to count, happened and known, by the day; of several the first recorded."""
    return max((e for e in known if e["since"] <= as_of.isoformat()), key=lambda e: (e["since"], -e["position"]), default=None)


def _points(known: Sequence[dict[str, Any]], as_of: date) -> list[dict[str, Any]]:
    """Days to look back to, from the log: when a window opened, moved or closed, and when a report was denied; newest first."""
    found: dict[str, str] = {}
    for entry in sorted(known, key=lambda e: (e["since"], e["position"])):
        if (entry["kind"] in _MOVES or entry["kind"] == "ReportDenied") and entry["since"] < as_of.isoformat():
            found[entry["since"]] = entry["headline"]
    days = sorted(found, reverse=True)[:POINTS]
    return [{"day": day, "headline": found[day], "url": moved_to(date.fromisoformat(day))} for day in days]


def closed_lately(windows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The windows that no longer run, the one due last first."""
    return [w for w in reversed(windows) if w["status"] not in RUNNING]


def share_gone(window: dict[str, Any], today: date) -> float:
    """How much of a window has passed, in per cent: for its bar."""
    if not window["due"] or not window["opens"]:
        return 0.0
    days = lanes.window_days(window, [], "", today)
    whole = max((days["last"] - days["first"]).days + days["whole_day"], 1)
    return round(min(max(((today - days["first"]).days + 1) * 100 / whole, 0), 100), 1)


def on_one_scale(windows: Sequence[dict[str, Any]], today: date) -> dict[str, dict[str, float | None]]:
    """Where each window's bar lies on one scale of days for all of them, and the day asked about."""
    days = {w["id"]: lanes.window_days(w, [], "", today) for w in windows if w["opens"]}
    if not days:
        return {}
    whole = Range(min(d["first"] for d in days.values()), max(today, *(d["last"] for d in days.values())))
    return {
        name: {
            "x": whole.at(d["first"]),
            "width": max(round(whole.at(d["last"], 1) - whole.at(d["first"]), 2), 0.5),
            "as_of": whole.at(today, 1) if whole.holds(today) else None,
        }
        for name, d in days.items()
    }


def ladders_of(windows: Sequence[dict[str, Any]], question: Question, matter: str, today: date) -> list[dict[str, Any]]:
    """The history of each window of a matter as a ladder of bars."""
    histories = daybook().histories(question, matter)
    return [ladder(window, histories[window["id"]]["history"], today) for window in windows]


def day_asked(question: Question, point: dict[str, Any]) -> date:
    """The day asked about, in the point's zone."""
    return question.day(point["time_zone"] or "UTC")


def today_of(question: Question) -> date:
    """Today in UTC."""
    return day_in(question.now, "UTC")


def groups_of(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries with the group of their kind."""
    return [entry | {"group": group_of(entry["kind"])} for entry in entries]
