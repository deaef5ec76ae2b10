"""The composition root: settings and a clock into a daybook."""

import time
from collections.abc import Callable
from pathlib import Path

from domain.errors import BadValue
from main.settings import Settings
from service.daybook import Daybook
from service.log import Log

BUNDLED = Path(__file__).resolve().parent.parent / "matters"
"""The bundled matters."""


def utc_now() -> int:
    """The machine's clock, as an instant."""
    return time.time_ns() // 1000


def bootstrap(settings: Settings, clock: Callable[[], int] = utc_now, create: bool = False) -> Daybook:
    """A daybook over the settings' store; `create` makes the store first, else it must be there (`daybook release`)."""
    path = settings.database
    if create:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadValue(f"The folder {path.parent} cannot be made: {error.strerror}.", "DAYBOOK_DATA") from None
    elif not path.exists():
        raise BadValue(f"There is no daybook at {path}. Make one with `daybook release`.", "DAYBOOK_DATA")
    return Daybook(Log(str(path), clock, create=create), clock)


def load_bundled(daybook: Daybook) -> int:
    """Load the bundled matters that are not on record yet; returns how many entries were stored."""
    known = {row["slug"] for row in daybook.matters(daybook.ask())}
    files = [path for path in sorted(BUNDLED.glob("*.yaml")) if path.stem not in known]
    return sum(daybook.load(path).stored for path in files)
