"""Facts into a message: subject, plain text, HTML and JSON. One message has one id at each try, so a receiver can drop doubles."""

import calendar
import re
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.facts import PASSED, STEP, Told
from alerts.model import DAILY, Message
from alerts.sections import sections, tidy
from domain.instants import day_of, moment
from domain.when import plain_date, read_when
from projections.headlines import clipped, count

WIDTH = 72
"""Characters in a line of plain text."""
LONGEST_SUBJECT = 180
_ORDER = (STEP, PASSED, "moved", "closed", "conflict", "amended", "new")
"""In which order a message tells."""
_KEPT_WHOLE = re.compile(rf"\b(?:EO \d+|\d{{1,2}} (?:{'|'.join(calendar.month_name[1:])}))\b")
_templates = Environment(
    loader=PackageLoader("alerts"),
    autoescape=select_autoescape(enabled_extensions=("html",), disabled_extensions=("txt",), default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Digest:
    """That a message sums up a day or a week: `rhythm` as of a route, and the day in its reader's zone."""

    rhythm: str
    day: date

    @property
    def words(self) -> str:
        """“Daily digest, 24 November 2026”."""
        return f"{'Daily' if self.rhythm == DAILY else 'Weekly'} digest, {plain_date(self.day)}"


def message(
    tolds: Sequence[Told], *, id: str, made: int, base_url: str, leave_url: str | None = None, digest: Digest | None = None,
    untold: Sequence[str] = (),
) -> Message:  # fmt: skip
    """One message of at least one alert: what is due first, then what changed. `untold` are the reasons of what was dropped, which it sums up.

    Of an entry that moved or ended a window only that is worded, not that the entry is new; a program gets both. `made` is an instant; paths are made addresses with `base_url`; `leave_url` is the one-click way out.
    """
    if not tolds:
        raise ValueError("a message tells at least one thing")
    tolds = sorted(tolds, key=_rank)
    worded = _merged(tolds)
    subject = _subject(worded, digest)
    page = {
        "sections": sections(worded, base_url),
        "heading": subject if len(worded) > 1 or digest else None,
        "untold": tidy(list(untold)),
    }
    return _message(
        "alert", page, id=id, subject=subject, made=made, base_url=base_url, leave_url=leave_url,
        data=_data(tolds, id, made, base_url, digest, untold),
    )  # fmt: skip


def _rank(told: Told) -> tuple[int, str]:
    """Steps by their due date, then what passed, moved, closed, and so on."""
    due = told.window["due"] if told.window else None
    return _ORDER.index(told.what), day_of(read_when(due).first, told.time_zone).isoformat() if due else ""


def _merged(tolds: Sequence[Told]) -> list[Told]:
    """Without the new entries that another one tells of as the act that moved or ended a window."""
    acts = {act["event"] for told in tolds if told.what in ("moved", "closed") for act in told.change["acts"]}
    return [told for told in tolds if not (told.what == "new" and told.entry["id"] in acts)]


def _subject(tolds: Sequence[Told], digest: Digest | None) -> str:
    """What tells it apart in a mailbox."""
    if digest:
        return f"{digest.words}: {count(len(tolds), 'alert')}"
    if len(tolds) == 1:
        return _one_line(f"{tolds[0].subject} ({tolds[0].matter_title})")
    if all(told.what == "new" for told in tolds) and len({told.matter for told in tolds}) == 1:
        return _one_line(f"{len(tolds)} new entries in {tolds[0].matter_title}")
    more = f", and {len(tolds) - 1} more"
    return _one_line(f"{count(len(tolds), 'alert')}: {clipped(tidy(tolds[0].subject), LONGEST_SUBJECT - 30)}") + more


def _one_line(text: str) -> str:
    return clipped(tidy(text), LONGEST_SUBJECT)


def test_message(*, id: str, made: int, base_url: str, channel: str, sample: Told | None, leave_url: str | None) -> Message:
    """What the test button sends: that it is a test, and what a real one looks like, with a window that is on record where one runs."""
    at = f"{moment(made):%H:%M} UTC on {plain_date(moment(made).date())}"
    subject = _one_line(f"Test of “{channel}”, sent at {at}")
    page = {"sections": sections([sample] if sample else [], base_url), "channel": tidy(channel), "at": at}
    body = {"test": True, "channel": channel, "sample": _told_data(sample, base_url) if sample else None}
    data = _payload("test", made, {"id": id} | body)
    return _message("test", page, id=id, subject=subject, made=made, base_url=base_url, leave_url=leave_url, data=data)


test_message.__test__ = False  # a button's word, no test of pytest's


def confirmation(*, id: str, made: int, base_url: str, address: str, confirm_url: str) -> Message:
    """What asks whether an address is its owner's, who follows the link then: nothing else is sent to it before."""
    data = _payload("channel.confirmation", made, {"id": id, "address": address, "confirm_url": confirm_url})
    subject = "Confirm that alerts may be sent to this address"
    page = {"address": tidy(address), "confirm_url": confirm_url}
    return _message("confirm", page, id=id, subject=subject, made=made, base_url=base_url, leave_url=None, data=data)


def _message(
    template: str,
    page: dict[str, Any],
    *,
    id: str,
    subject: str,
    made: int,
    base_url: str,
    leave_url: str | None,
    data: dict[str, Any],
) -> Message:
    values = page | {"subject": subject, "base_url": base_url, "leave_url": leave_url, "id": id}
    text = _templates.get_template(f"{template}.txt").render(values).strip() + "\n"
    html = _templates.get_template(f"{template}.html").render(values)
    return Message(id, subject, text, html, data, made, leave_url)


def wrapped(text: str, indent: str = "", hang: str = "") -> str:
    """Text in lines of at most 72 characters; an address is never broken."""
    return textwrap.fill(
        tidy(text), WIDTH, initial_indent=indent, subsequent_indent=indent + hang, break_long_words=False, break_on_hyphens=False
    )


def whole(text: str) -> str:
    """The text with dates and numbers of orders kept on one line."""
    return _KEPT_WHOLE.sub(lambda found: found[0].replace(" ", "\u00a0"), text)


_templates.filters.update(wrap=wrapped, whole=whole)


def _payload(type: str, made: int, data: dict[str, Any]) -> dict[str, Any]:
    """The form of the Standard Webhooks: a type, when, and the facts."""
    return {"type": type, "timestamp": moment(made).isoformat(), "data": data}


def _data(tolds: Sequence[Told], id: str, made: int, base_url: str, digest: Digest | None, untold: Sequence[str]) -> dict[str, Any]:
    if len(tolds) == 1 and not digest:
        return _payload(tolds[0].type, made, {"id": id} | _told_data(tolds[0], base_url) | {"untold": list(untold)})
    alerts = [{"type": told.type} | _told_data(told, base_url) for told in tolds]
    of = {"rhythm": digest.rhythm if digest else None, "day": digest.day.isoformat() if digest else None}
    return _payload("digest", made, {"id": id} | of | {"alerts": alerts, "untold": list(untold)})


def _told_data(told: Told, base_url: str) -> dict[str, Any]:
    """The same facts as plain values, with whole addresses."""
    facts = asdict(told)
    links = {name: base_url + path if (path := facts.pop(name)) else None for name in ("exact", "today", "answer")}
    facts["alert"] = facts.pop("item")
    facts["matter"] = {"slug": facts["matter"], "title": facts.pop("matter_title"), "time_zone": facts.pop("time_zone")}
    facts["sentences"] = [facts.pop("sentence"), *facts.pop("passed_sentences")]
    return _with_addresses(facts, base_url) | {"links": links}


def _with_addresses(value: Any, base_url: str) -> Any:
    """Plain values for JSON, each `path` a `url`."""
    if isinstance(value, dict):
        paths = {name for name, child in value.items() if name == "path" and str(child).startswith("/")}
        return {
            "url" if name in paths else name: base_url + child if name in paths else _with_addresses(child, base_url)
            for name, child in value.items()
        }
    return [_with_addresses(child, base_url) for child in value] if isinstance(value, list | tuple) else value
