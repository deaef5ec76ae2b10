"""The audit: what people did, and what was recorded and amended, from the log itself, in one order."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import BadValue
from domain.events import KINDS
from projections.headlines import headline
from service.daybook import Daybook
from service.entries import event_id
from service.log import revive
from service.people import People
from service.people.audit import ACTS

RECORDED = "entry recorded"
_OF_KIND = {
    "EntryCorrected": "entry corrected",
    "EntryRetracted": "entry retracted",
    "ReportDenied": "report denied",
    "ReportConfirmed": "report confirmed",
    "MatterOpened": "matter opened",
    "MatterShared": "matter shared",
}
ACTS_OF_LOG = (RECORDED, *_OF_KIND.values())
EVERY_ACT = (*ACTS, *ACTS_OF_LOG)
_STORED = """SELECT l.recorded, s.topic, s.state, s.originator_id FROM ledger l
    JOIN stored_events s ON s.originator_id = l.stream AND s.originator_version = l.version WHERE l.stream LIKE 'matter:%'"""


@dataclass(frozen=True)
class Line:
    """One line: when, who (an id, `shell`, …, or None), what, whom it concerns, in which matter, which entry, and details.

    Of a matter that is private to a group that the reader is not in, it is only said that it is (`private`).
    """

    at: int
    actor: str | None
    act: str
    concerns: str | None = None
    matter: str | None = None
    entry: str | None = None
    headline: str | None = None
    detail: dict[str, Any] | None = None
    private: bool = False


def lines(
    daybook: Daybook, seen: Daybook, people: People, before: int | None = None, limit: int = 50,
    account: str | None = None, act: str | None = None,
) -> tuple[list[Line], int | None]:  # fmt: skip
    """A page of lines, newest first, and the instant to go on before; `seen` is the daybook as the reader sees it.

    Raises `BadValue` for an act that there is not.
    """
    if act is not None and act not in EVERY_ACT:
        raise BadValue(f"“{act[:40]}” is not an act. Acts: {', '.join(EVERY_ACT)}.", "act")
    found = _of_log(daybook, before, limit + 1, account, act) if act not in ACTS else []
    if act not in ACTS_OF_LOG:
        kept = people.audit(before, limit + 1, account, act)
        found += [Line(each.at, each.actor, each.act, each.concerns, detail=each.detail) for each in kept]
    found.sort(key=lambda line: -line.at)
    page, rest = found[:limit], found[limit:]
    while rest and page and rest[0].at == page[-1].at:
        page.append(rest.pop(0))
    return _as_seen(seen, page), page[-1].at if rest else None


def _of_log(daybook: Daybook, before: int | None, limit: int, account: str | None, act: str | None) -> list[Line]:
    wanted, values = _STORED, []
    if before is not None:
        wanted, values = f"{wanted} AND l.recorded < ?", [before]
    if act is not None:
        kinds = [kind for kind in (*KINDS, "MatterOpened", "MatterShared") if _OF_KIND.get(kind, RECORDED) == act]
        wanted, values = f"{wanted} AND s.topic IN ({','.join('?' * len(kinds))})", [*values, *kinds]
    if account is not None:
        wanted, values = f"{wanted} AND json_extract(CAST(s.state AS TEXT), '$.actor') = ?", [*values, account]
    with daybook.log.reading() as rows:
        found = list(rows(f"{wanted} ORDER BY l.position DESC LIMIT ?", (*values, limit)))
    read = [(recorded, topic, json.loads(state), stream.partition(":")[2]) for recorded, topic, state, stream in found]
    named = daybook.headlines(daybook.ask(), {event_id(slug, key) for _, _, state, slug in read for key in state.get("of", ())})
    return [_line(*each, named) for each in read]


def _line(recorded: int, topic: str, state: dict[str, Any], slug: str, named: Mapping[str, str]) -> Line:
    """A line of the log: an entry by what it said when it was recorded, about what is called so now."""
    titles = {f"entries.{key}": named.get(event_id(slug, key), key) for key in state.get("of", ())}
    entry = event_id(slug, state["key"]) if "key" in state else None
    said = headline(revive(topic, state), titles) if topic in KINDS else None
    detail = {"group": state["group"]} if topic == "MatterShared" else {}
    return Line(recorded, state.get("actor"), _OF_KIND.get(topic, RECORDED), None, slug, entry, said, detail)


def _as_seen(seen: Daybook, page: list[Line]) -> list[Line]:
    """The one place where the audit keeps private matters private: whoever does not see a matter learns neither it nor its entries."""
    matters = {row["slug"] for row in seen.matters(seen.ask())}
    return [line if line.matter is None or line.matter in matters else _private(line) for line in page]


def _private(line: Line) -> Line:
    return Line(line.at, line.actor, line.act, private=True)
