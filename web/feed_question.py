"""What a calendar or a feed is asked for in its address: a matter, a window, a kind, words, and the alarms."""

from flask import request

from alerts.matching import words_in
from alerts.model import About
from alerts.there import check_there
from domain.ladder import LADDER, Step, read_ladder, split_ladder
from importers.schemas import kind_named
from web.context import daybook
from web.problems import bad_parameter

FILTERS = {"matter": "matter", "window": "window", "kind": "kind", "q": "words"}
"""The parameters that filter, and what of an `About` each gives."""
LONGEST = 200
NO_ALARMS = "none"


def about_asked() -> About:
    """The filter in the address; raises `BadValue` naming what cannot be, `NotFound` for a matter, window or kind that is not there."""
    given = {of: request.args[name] for name, of in FILTERS.items() if name in request.args}
    if "words" in given and (len(given["words"]) > LONGEST or not words_in(given["words"])):
        raise bad_parameter(
            "q", f"is one or more words, of at most {LONGEST} characters together. Leave it out to ask for everything."
        )
    if "kind" in given:
        given["kind"] = kind_named(given["kind"]).__name__
    if "window" in given and "matter" not in given:
        raise bad_parameter("window", "is a window of a matter: say which, with matter=.")
    about = About(**given)
    check_there(daybook().log, about)
    return about


def alarms_asked() -> tuple[Step, ...]:
    """The alarms that an event has: `30d,7d,12h`, or `none`; the usual ladder where none are named. Raises `BadValue`."""
    text = request.args.get("alarms")
    if text is None:
        return LADDER
    return () if text.strip().lower() == NO_ALARMS else read_ladder(split_ladder(text) or [text], "alarms")


def in_words(about: About) -> str:
    """“matter tiktok-divestiture, window pause-1, “Nvidia””: what a calendar or feed is about; nothing where that is everything."""
    parts = [
        f"{name} {value}" for name, value in (("matter", about.matter), ("window", about.window), ("kind", about.kind)) if value
    ]
    return ", ".join([*parts, *([f"“{about.words}”"] if about.words else [])])
