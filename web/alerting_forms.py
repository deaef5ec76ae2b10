"""The forms of alerting: what was typed into what is checked, and a refusal to the field that it is about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from alerts.model import AT_ONCE, CHANGES, EMAIL, PAGE, About, Channel, Policy, SavedFilter
from domain.errors import BadValue, Refused
from domain.ladder import LADDER, split_ladder
from web.alerting_words import ladder_text
from web.people_forms import posted
from web.places import zone_named

EVERYTHING = "everything"
SEVERAL = "changes"
_OF_ROUTE = re.compile(r"(use|rhythm|ladder)\.[A-Za-z0-9_-]{1,60}")
_ROUTE = re.compile(r"routes\.(\d+)\.(channel|ladder|rhythm)")
_CALLED = {
    "name": "The name",
    "kind": "The kind",
    "about": "What it is about",
    "ladder": "The ladder",
    "target": "The address",
    "time_zone": "The time zone",
    "digest_day": "The day",
}


_TIMES = ("quiet_from", "quiet_until", "digest_at")


def said_of(name: str, detail: str) -> str:
    """What is wrong as a whole sentence: “is empty.” of a name becomes “The name is empty.”."""
    if name in _TIMES and detail[:1].islower():
        return "Give a time such as 22:00."
    return f"{_CALLED.get(name, 'This')} {detail}" if detail[:1].islower() else detail


def subject_of(about: About, saved: str | None = None) -> str:
    """The choice of a form that stands for it: `everything`, `matter:…`, `window:matter/window`, `filter:…`."""
    if saved:
        return f"filter:{saved}"
    if about.window:
        return f"window:{about.matter}/{about.window}"
    return f"matter:{about.matter}" if about.matter else EVERYTHING


def about_typed(typed: Mapping[str, str]) -> tuple[dict[str, str | None], str | None]:
    """The raw `about` of a form, or the id of its saved filter; raises `BadValue`."""
    of, _, rest = typed["about"].partition(":")
    about: dict[str, str | None] = {"kind": typed["kind"] or None, "words": typed["words"].strip() or None}
    if of == "filter":
        if any(about.values()):
            raise BadValue(
                "A saved filter brings its own kind and words. Leave these empty, or change the filter.",
                "words" if about["words"] else "kind",
            )
        return {}, rest
    matter, _, window = rest.partition("/")
    if of not in (EVERYTHING, "matter", "window") or (of == "window" and not window):
        raise BadValue("Choose what it is about from the list.", "about")
    return about | {"matter": matter or None, "window": window or None}, None


@dataclass
class PolicyForm:
    """A policy as it is typed: `chosen` are the channels ticked, in order."""

    typed: dict[str, str]
    changes: list[str]
    chosen: list[str]

    def raw(self, name: str, paused: bool) -> dict[str, Any]:
        """What `Policies.read` takes; raises `BadValue`."""
        about, saved = about_typed(self.typed)
        routes = [
            {
                "channel": each,
                "ladder": split_ladder(self.typed.get(f"ladder.{each}", "")) or None,
                "rhythm": self.typed.get(f"rhythm.{each}") or AT_ONCE,
            }
            for each in self.chosen
        ]
        asked = {"filter": saved} if saved else {"about": about}
        return {
            "name": name,
            "ladder": split_ladder(self.typed["ladder"]),
            "changes": self.changes,
            "routes": routes,
            "paused": paused,
        } | asked

    def fields(self) -> set[str]:
        """The fields at which something can be said to be wrong."""
        of_routes = {f"{name}.{each}" for name in ("use", "rhythm", "ladder") for each in self.chosen}
        return {"name", "about", "words", "kind", "ladder", "changes", "routes"} | of_routes

    def field_of(self, error: Refused) -> str:
        """The field of the form that a refusal is about."""
        if route := _ROUTE.match(error.field):
            return f"{'use' if route[2] == 'channel' else route[2]}.{self.chosen[int(route[1])]}"
        name = error.field.removeprefix("about.").partition(".")[0]
        return "about" if name in ("matter", "window", "filter") else name


def policy_posted() -> PolicyForm:
    """The form as it was sent; raises `BadValue` for a field that it does not have."""
    of_routes = [name for name in request.form if _OF_ROUTE.fullmatch(name)]
    typed = posted("name", "about", "kind", "words", "ladder", "paused", "action", *of_routes, several=SEVERAL)
    chosen = [name.removeprefix("use.") for name in of_routes if name.startswith("use.")]
    return PolicyForm(typed, request.form.getlist(SEVERAL), chosen)


def policy_new(about: About, saved: str | None, channels: Iterable[Channel]) -> PolicyForm:
    """The form of a new policy: the usual ladder, every change, the page and each address that is confirmed and on."""
    channels = [each for each in channels if each.kind == PAGE or (each.kind == EMAIL and each.confirmed and not each.off)]
    typed = {
        "name": "",
        "about": subject_of(about, saved),
        "kind": about.kind or "",
        "words": about.words or "",
        "ladder": ladder_text(LADDER),
        "paused": "",
    }
    return PolicyForm(typed | {f"rhythm.{each.id}": AT_ONCE for each in channels}, list(CHANGES), [each.id for each in channels])


def policy_kept(policy: Policy) -> PolicyForm:
    """The form of a policy that is there: its first channel's ladder, and those that differ beside their channels."""
    usual = policy.routes[0].ladder
    typed = {
        "name": policy.name,
        "about": subject_of(policy.about, policy.filter),
        "kind": policy.about.kind or "",
        "words": policy.about.words or "",
        "ladder": ladder_text(usual),
        "paused": "yes" if policy.paused else "",
    }
    for route in policy.routes:
        typed[f"rhythm.{route.channel}"] = route.rhythm
        typed[f"ladder.{route.channel}"] = "" if route.ladder == usual else ladder_text(route.ladder)
    return PolicyForm(typed, list(policy.changes), [route.channel for route in policy.routes])


def preferences_raw(typed: Mapping[str, str]) -> dict[str, Any]:
    """Preferences as they are checked; raises `BadValue`."""
    if not re.fullmatch("[0-6]", typed["digest_day"]):
        raise BadValue("Choose a day of the week.", "digest_day")
    return {
        "time_zone": zone_named(typed["time_zone"]),
        "quiet_from": typed["quiet_from"].strip() or None,
        "quiet_until": typed["quiet_until"].strip() or None,
        "digest_at": typed["digest_at"].strip(),
        "digest_day": int(typed["digest_day"]),
    }


def subjects(
    names: Mapping[Any, str], running: Sequence[tuple[str, str]], filters: Sequence[SavedFilter], chosen: str
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices of “what it is about” in their groups: matters, running windows, saved filters; what is chosen is among them."""
    matters = sorted(((slug, title) for slug, title in names.items() if isinstance(slug, str)), key=lambda each: each[1])
    windows = list(dict.fromkeys(running))
    if chosen.startswith("window:"):
        matter, _, window = chosen.removeprefix("window:").partition("/")
        if (matter, window) not in windows and (matter, window) in names:
            windows.append((matter, window))
    groups = [
        ("A matter", [(f"matter:{slug}", title) for slug, title in matters]),
        ("A window that runs", [(f"window:{m}/{w}", f"{names.get((m, w), w)} ({names.get(m, m)})") for m, w in windows]),
        ("A saved filter", [(f"filter:{each.id}", each.name) for each in filters]),
    ]
    return [(title, choices) for title, choices in groups if choices]


def has_rhythm(channel: Channel) -> bool:
    """Whether a channel can wait for a digest: the page waits for nothing."""
    return channel.kind != PAGE
