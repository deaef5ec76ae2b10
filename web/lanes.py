"""The timeline laid out: a range of days, its axis, bars and labelled shapes stacked without overlap, and the history strip.

Places are percentages of the track; stacking reckons with a track of `TRACK` pixels, which is the narrowest that is drawn,
so what does not overlap there overlaps nowhere. Pure: plain values in, plain values out.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from domain.when import FIRST_YEAR, LAST_YEAR, Span, read_when
from web.words import MONTHS, day, group_of, label, short_day

TRACK = 960
LETTER = 6.6
"""The width of a letter of a label, on the wide side; a longer label is cut with an ellipsis, never drawn over another."""
LONGEST_LABEL = 64
MARK = 62
"""The width of the badge “disputed”."""
ROWS = 6
"""How many rows of shapes a lane has before the rest becomes “+3”; a range of up to `ROOMY` days shows all."""
ROOMY = 45
WEIGHT = {"order": 0, "deal": 0, "report": 2, "window": 2}
"""Acts find room before reports; the rest lies between."""
_LEAST, _MOST = 7, 366 * 30


@dataclass(frozen=True)
class Range:
    """The days drawn, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.last - self.first).days + 1

    def at(self, value: date, share_of_day: float = 0.0) -> float:
        """Where a day lies, in per cent of the track."""
        return round(((value - self.first).days + share_of_day) * 100 / self.days, 3)

    def holds(self, value: date) -> bool:
        """The day is in the range."""
        return self.first <= value <= self.last

    def moved(self, by: float) -> "Range":
        """The range moved by a part of its length."""
        step = timedelta(days=round(self.days * by))
        return _within_calendar(self.first + step, self.last + step)

    def zoomed(self, by: float, around: date) -> "Range":
        """The range made longer (2) or shorter (0.5), around a day of it or its middle."""
        length = min(max(round(self.days * by), _LEAST), _MOST)
        if not self.holds(around):
            around = self.first + timedelta(days=self.days // 2)
        before = round((around - self.first).days * length / self.days)
        first = around - timedelta(days=before)
        return _within_calendar(first, first + timedelta(days=length - 1))


def _within_calendar(first: date, last: date) -> Range:
    floor, ceiling = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    return Range(min(max(first, floor), ceiling), max(min(last, ceiling), floor))


def opening(known: Sequence[dict[str, Any]], today: date, running: Iterable[date], ahead: int = 25) -> Range:
    """Where the page opens: to the month after the day or the next due date, back until there is something to see."""
    soon = today + timedelta(days=240)
    last = max([today + timedelta(days=ahead), *(due + timedelta(days=20) for due in running if due <= soon)])
    last = _month(last.year, last.month + 1) - timedelta(days=1)
    days = [days_of(entry)[1] for entry in known]
    for months in range(11, 24):
        first = _month(today.year, today.month - months + 2)
        if sum(first <= happened <= last for happened in days) >= 36:
            break
    return _within_calendar(first, last)


def _month(year: int, month: int) -> date:
    """The first day of a month; months beyond the year count on."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def days_of(entry: dict[str, Any]) -> tuple[date | None, date]:
    """The earliest and the latest day on which an entry may have happened; the earliest is None where it is not known."""
    span = read_when(entry["occurred"])
    return _day(span.earliest), _day(span.last)


def _day(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def axis(span: Range) -> list[dict[str, Any]]:
    """The ticks: years, months or days, so that their labels never touch."""
    found = [(value, words, strong) for value, words, strong in _ticks(span) if span.holds(value)]
    return [{"x": span.at(value), "label": words, "strong": strong} for value, words, strong in found]


def _ticks(span: Range) -> Iterable[tuple[date, str, bool]]:
    if span.days <= 70:
        step = next(step for step in (1, 2, 3, 7) if span.days / step <= 17 or step == 7)
        begin = span.first - timedelta(days=span.first.weekday() if step == 7 else 0)
        for n in range(span.days // step + 2):
            value = begin + timedelta(days=n * step)
            yield value, f"{value.day} {MONTHS[value.month - 1]}", value.day <= step
        return
    step = next(step for step in (1, 3, 12, 60, 120) if span.days / 30.4 / step <= TRACK / 56)
    year, month = span.first.year, 1
    while (value := _month(year, month)) <= span.last:
        named = str(value.year) if step >= 12 or value.month == 1 else MONTHS[value.month - 1]
        first = span.first <= value and _month(span.first.year, month - step) < span.first
        yield value, f"{named} {value.year}" if first and value.month != 1 and step < 12 else named, value.month == 1 or first
        month += step


class Rows:
    """Rows filled greedily: each piece takes the first row where it overlaps nothing."""

    def __init__(self, most: int | None = None) -> None:
        self.rows: list[list[tuple[float, float]]] = []
        self.most = most

    def take(self, start: float, end: float) -> int | None:
        """The row for a piece from one pixel to another; None where all rows are full."""
        for number, row in enumerate(self.rows):
            if all(end <= taken_from or start >= taken_to for taken_from, taken_to in row):
                row.append((start, end))
                return number
        if self.most is not None and len(self.rows) >= self.most:
            return None
        self.rows.append([(start, end)])
        return len(self.rows) - 1


def _wide(text: str) -> float:
    return len(text) * LETTER


def bars(windows: Sequence[dict[str, Any]], span: Range) -> tuple[list[dict[str, Any]], int]:
    """Windows as bars, and the rows that they take. `windows` have first and last day, ticks and status."""
    rows, found = Rows(), []
    for window in sorted(windows, key=lambda w: (w["first"], w["last"])):
        if window["last"] < span.first or window["first"] > span.last:
            continue
        found.append(_bar(window, span, rows))
    return found, len(rows.rows)


def _bar(window: dict[str, Any], span: Range, rows: Rows) -> dict[str, Any]:
    left = max(span.at(window["first"]), 0)
    right = min(span.at(window["last"], window["whole_day"]), 100)
    start, end, label_width = left * TRACK / 100, right * TRACK / 100, _wide(window["label"]) + 16
    side = _side(start, end, label_width)
    taken = (start - label_width if side == "left" else start, end + label_width if side == "right" else end)
    row = rows.take(taken[0], max(taken[1], taken[0] + 30) + 8)
    ticks = [(span.at(tick, 1) - left) * 100 / max(right - left, 0.01) for tick in window["ticks"] if span.holds(tick)]
    closed = window["closed"]
    return window | {
        "x": round(left, 3), "width": round(max(right - left, 0.3), 3), "row": row, "side": side,
        "ticks": [round(tick, 2) for tick in ticks if 0 < tick < 100],
        "rest": round(min(100, 100 - (span.at(closed, 1) - left) * 100 / max(right - left, 0.01)), 2) if closed and closed < window["last"] else 0,
        "begun": window["first"] < span.first, "goes_on": window["last"] > span.last,
    }  # fmt: skip


def _side(start: float, end: float, label_width: float) -> str:
    """Inside the bar where the label fits, else beside it where there is room."""
    if label_width <= end - start:
        return "inside"
    if end + label_width <= TRACK:
        return "right"
    return "left" if start - label_width >= 0 else "inside"


def shapes(entries: Sequence[dict[str, Any]], span: Range) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """Entries as labelled shapes, the ones that found no room as “+3”, and the rows that both take."""
    rows, found, rest = Rows(ROWS if span.days > ROOMY else None), [], []
    for entry in sorted(entries, key=lambda entry: (WEIGHT.get(entry["group"], 1), days_of(entry)[1])):
        shape = _shape(entry, span)
        shape["row"] = rows.take(*shape["taken"])
        (rest if shape["row"] is None else found).append(shape)
    _lengthen(found)
    found.sort(key=lambda shape: (shape["x"], shape["row"]))
    chips = _chips(rest, span)
    return found, [chip | {"row": len(rows.rows)} for chip in chips], len(rows.rows) + bool(chips)


def _lengthen(found: Sequence[dict[str, Any]]) -> None:
    """Let a label be longer where its row has room after it."""
    for shape in found:
        if shape["side"] == "left":
            continue
        start = shape["taken"][0]
        after = [s["taken"][0] for s in found if s["row"] == shape["row"] and s["taken"][0] > start]
        mark = MARK if shape["entry"]["mark"] else 0
        room = min([*after, TRACK]) - shape["x"] * TRACK / 100 - 26 - mark
        longer = label(shape["entry"]["headline"], min(int(room / LETTER), LONGEST_LABEL))
        if len(longer) > len(shape["label"]):
            shape |= {"label": longer, "width": round(_wide(longer) + 10 + mark)}


def _shape(entry: dict[str, Any], span: Range) -> dict[str, Any]:
    earliest, latest = days_of(entry)
    happened = min(max(latest, span.first), span.last)
    x = min(max(span.at(happened, 0.5), 0.7), 99.3)
    text = label(entry["headline"])
    width = _wide(text) + 10 + (MARK if entry["mark"] else 0)
    px = x * TRACK / 100
    side = "right" if px + 8 + width <= TRACK else "left"
    fade = _fade(entry, earliest, happened, span) if entry["uncertain"] else None
    start = min(px - 10 - (width if side == "left" else 0), fade["x"] * TRACK / 100 if fade else px)
    end = px + 10 + (width if side == "right" else 0)
    return {
        "entry": entry, "x": x, "label": text, "width": round(width), "side": side, "fade": fade, "day": happened,
        "taken": (start, end),
    }  # fmt: skip


def _fade(entry: dict[str, Any], earliest: date | None, latest: date, span: Range) -> dict[str, float] | None:
    """The bar over the days on which an uncertain entry may have happened; an open start fades over a month."""
    start = max(earliest or latest - timedelta(days=31), span.first)
    if start >= latest:
        return None
    return {"x": span.at(start), "width": round(span.at(latest, 0.5) - span.at(start), 3), "open": earliest is None}


def _chips(rest: Sequence[dict[str, Any]], span: Range) -> list[dict[str, Any]]:
    groups: list[list[dict[str, Any]]] = []
    for shape in sorted(rest, key=lambda shape: shape["x"]):
        groups.append([shape])
        while len(groups) > 1 and (_middle(groups[-1]) - _middle(groups[-2])) * TRACK / 100 < 46:
            last = groups.pop()
            groups[-1] += last
    return [_chip(group, span) for group in groups]


def _middle(group: Sequence[dict[str, Any]]) -> float:
    """Where the chip of a group lies; not beyond the track."""
    return min(max(sum(shape["x"] for shape in group) / len(group), 2), 98)


def _chip(group: list[dict[str, Any]], span: Range) -> dict[str, Any]:
    first, last = group[0]["day"], group[-1]["day"]
    margin = max(10 - (last - first).days // 2, 4)
    near = Range(first - timedelta(days=margin), last + timedelta(days=margin))
    shown = near if near.days < span.days else span
    return {
        "x": round(_middle(group), 3), "count": len(group),
        "from": shown.first.isoformat(), "to": shown.last.isoformat(), "words": f"{short_day(first)} to {short_day(last)}",
    }  # fmt: skip


def lane(
    matter: dict[str, Any], entries: Sequence[dict[str, Any]], windows: Sequence[dict[str, Any]], span: Range
) -> dict[str, Any]:
    """One matter's lane: its bars, shapes and chips with their rows."""
    inside = [entry for entry in entries if (entry["group"] != "window" or entry["later"]) and touches(entry, span)]
    drawn, bar_rows = bars(windows, span)
    shaped, chips, shape_rows = shapes(inside, span)
    return {
        "matter": matter, "bars": drawn, "shapes": shaped, "chips": chips, "bar_rows": bar_rows,
        "shape_rows": shape_rows, "entries": len(inside),
    }  # fmt: skip


def touches(entry: dict[str, Any], span: Range) -> bool:
    """The entry may have happened in the range."""
    earliest, latest = days_of(entry)
    return (earliest or latest) <= span.last and latest >= span.first


def strip(
    known: Iterable[dict[str, Any]], span: Range, as_of: date, ends: tuple[date | None, date], address: Callable[[Range], str]
) -> dict[str, Any]:
    """Entries a month over all years: a bar for each month that has some, linked to the range around it.

    `ends` are the day when records start and today; what became known after the day asked about is not told.
    """
    counts: dict[tuple[int, int], int] = {}
    for entry in known:
        happened = days_of(entry)[1]
        counts[happened.year, happened.month] = counts.get((happened.year, happened.month), 0) + 1
    start, today = ends
    first = min([start or as_of, as_of, *(date(y, m, 1) for y, m in counts)])
    last = max([as_of, today, *(date(y, m, 1) for y, m in counts)])
    whole = Range(date(first.year, 1, 1), date(last.year, 12, 31))
    highest = math.sqrt(max(counts.values(), default=1))
    columns = [
        {
            "x": whole.at(date(year, month, 1)), "width": round(31 * 100 / whole.days * 0.82, 3), "count": many,
            "height": round(max(math.sqrt(many) / highest * 100, 12), 1), "label": day(f"{year}-{month:02d}"),
            "url": address(_around(span, date(year, month, 15))),
        }
        for (year, month), many in sorted(counts.items())
    ]  # fmt: skip
    years = [
        {"x": whole.at(date(year, 1, 1)), "label": str(year), "url": address(Range(date(year, 1, 1), date(year, 12, 31)))}
        for year in range(whole.first.year, whole.last.year + 1, -(-whole.days // (366 * 20)))
    ]
    seen = (max(span.first, whole.first), min(span.last, whole.last))
    window = {"x": whole.at(seen[0]), "width": max(whole.at(seen[1], 1) - whole.at(seen[0]), 0.2)} if seen[0] <= seen[1] else None
    return {"columns": columns, "years": years, "window": window, "as_of": whole.at(as_of, 1)}


def _around(span: Range, middle: date) -> Range:
    first = middle - timedelta(days=span.days // 2)
    return _within_calendar(first, first + timedelta(days=span.days - 1))


def window_days(window: dict[str, Any], stages: Sequence[dict[str, Any]], words: str, open_end: date) -> dict[str, Any]:
    """A window as `bars` takes it: its first and last day, the earlier due dates, and the day it was closed early."""
    due: Span | None = read_when(window["due"]) if window["due"] else None
    last = _day(due.last) if due else open_end
    closed = next((date.fromisoformat(s["day"]) for s in stages if s["closes"]), None)
    earlier = [_day(read_when(s["due"]).last) for s in stages if s["due"] and s["due"] != window["due"]]
    return {
        "window": window, "status": window["status"], "first": _day(read_when(window["opens"]).last), "last": last,
        "whole_day": 1.0 if window["due_is"] == "last day" else 0.0, "ticks": earlier, "closed": closed, "label": words,
        "open": due is None, "uncertain": bool(due and not due.certain), "stages": list(stages), "later": False,
    }  # fmt: skip


def grouped(entry: dict[str, Any], later: bool, as_of: date) -> dict[str, Any]:
    """An entry with what the lanes need to draw it."""
    standing = entry["standing"]
    return entry | {
        "group": group_of(entry["kind"]),
        "later": later,
        "ahead": not later and days_of(entry)[1] > as_of,
        "mark": standing if standing in ("denied", "contested", "retracted") else None,
    }
