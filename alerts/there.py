"""Whether what somebody wants to be told of is there at all: asked by pages, API, files and feeds, and answered in the same words."""

from alerts.model import About
from domain.errors import BadValue, NotFound
from service.calendar import names_ever
from service.log import Readable


def check_there(log: Readable, about: About) -> None:
    """Raises `NotFound` where the matter is not there to see, or never had such a window."""
    if about.matter is None:
        return
    there = sorted(names_ever(log, about.matter))
    if about.window is not None and about.window not in there:
        some = f" It has: {', '.join(there[:8])}." if there else ""
        raise NotFound(f"The matter “{about.matter}” has no window “{about.window[:80]}”.{some}", "window")


def check_about(log: Readable, about: About) -> None:
    """The same of what was sent to be kept; raises `BadValue` naming `about.matter` or `about.window`."""
    try:
        check_there(log, about)
    except NotFound as error:
        raise BadValue(error.detail, f"about.{error.field}") from None
