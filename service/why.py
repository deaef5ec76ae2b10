"""Where a value comes from: every claim about it at the point, who says so, and the rule that gave it."""

from typing import Any

from domain.errors import BadValue
from domain.instants import day_in
from projections.engine import Fact, Point, is_visible, standing_fact, visible_notices
from projections.read_model import reading
from projections.read_model.reading import MatterRow, Rows
from projections.tree import Derived, at_path, standing_of
from projections.views import view_named
from service.asking import Question
from service.entries import briefs, event_id
from service.log import Readable
from service.reading import Answer, answer_in, recorded_text


def why(log: Readable, name: str, field: str, question: Question, matter: str | None = None) -> dict[str, Any]:
    """The provenance of one value of a view; raises `BadValue` for a field that the view does not have there."""
    view = view_named(name)
    with log.reading() as rows:
        answered = answer_in(log, rows, view, question, matter)
        value = _value(answered, field)
        leaf = answered.leaves.get(field)
        facts = _facts(leaf)
        return {
            "view": name,
            "point": answered.point,
            "field": field,
            "value": value,
            "standing": standing_of(leaf) if leaf else None,
            "claims": [claim for fact in facts for claim in _claims(log, rows, question, fact)],
            "rule": _rule(leaf),
        }


def _value(answered: Answer, field: str) -> Any:
    try:
        value = at_path(answered.state, field)
    except KeyError:
        some = ", ".join(list(answered.leaves)[:12])
        raise BadValue(
            f"“{field[:80]}” is not a value of {answered.view.name} at this point. It has, among others: {some}.", "field"
        ) from None
    below = [path for path in answered.leaves if path.startswith(field + ".")]
    if below and field not in answered.leaves:
        raise BadValue(f"“{field[:80]}” is not one value. Ask about one of: {', '.join(below[:12])}.", "field")
    return value


def _facts(leaf: Fact | Derived | None) -> tuple[Fact, ...]:
    if leaf is None:
        return ()
    facts = (leaf,) if isinstance(leaf, Fact) else leaf.facts
    return tuple(each for fact in facts for each in (fact, *fact.rivals))


def _claims(log: Readable, rows: Rows, question: Question, fact: Fact) -> list[dict[str, Any]]:
    """What was ever claimed about a field by the point, the newest first; the one that holds is `current`."""
    held = fact.claim
    matter = reading.matter_named(rows, held.matter)
    at = question.at(matter.time_zone, question.position(rows))
    walked = reading.walk_back(rows, matter.slug, held.subject, held.field, at)
    claims = [c for c in walked if is_visible(c, at) and c.value is not None]
    about = visible_notices(reading.notices_about(rows, matter.slug, {c.entry for c in claims}), at)
    facts = [fact if c == held else standing_fact(c, False, about.get(c.entry, ())) for c in claims]
    entries = {entry["key"]: entry for entry in _entries(log, rows, matter, {c.entry for c in claims}, question, at)}
    return [_told(log, rows, f, matter.time_zone, entries[f.claim.entry]) | {"current": f is fact} for f in facts]


def _entries(log: Readable, rows: Rows, matter: MatterRow, keys: set[str], question: Question, at: Point) -> list[dict[str, Any]]:
    """The entries behind the claims as they read at the point."""
    found = reading.entries_named(rows, matter.slug, keys, at)
    return briefs(log, rows, found, matter, at, question.knows_all(matter.time_zone))


def _told(log: Readable, rows: Rows, fact: Fact, time_zone: str, entry: dict[str, Any]) -> dict[str, Any]:
    claim = fact.claim
    recorded = reading.recorded_of(rows, claim.rank)
    return {
        "value": claim.value,
        "field": f"{claim.subject}.{claim.field}",
        "event": entry["id"],
        "known": day_in(claim.known, time_zone).isoformat(),
        "from": day_in(claim.start, time_zone).isoformat(),
        "until": day_in(claim.end - 1, time_zone).isoformat() if claim.end is not None else None,
        "uncertain": claim.uncertain,
        "sources": entry["sources"],
        "later_sources": entry["later_sources"],
        "standing": fact.standing,
        "said_of_it": [{"kind": n.kind, "by": n.by, "event": event_id(n.matter, n.key)} for n in fact.notices],
        "corrected_by": event_id(claim.matter, claim.corrected_by) if claim.corrected_by else None,
        "actor": log.originals(rows, [claim.rank])[claim.rank].actor,
        "recorded": recorded_text(recorded) if recorded is not None else None,
    }


def _rule(leaf: Fact | Derived | None) -> dict[str, Any] | None:
    steps = leaf.steps if isinstance(leaf, Derived) else ()
    return {"steps": list(steps)} if steps else None
