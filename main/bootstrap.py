"""The composition root: settings and a clock into a daybook."""

import time
from collections.abc import Callable
from pathlib import Path

from alerts.book import Alerts
from alerts.channels import Senders
from domain.errors import BadValue
from main.settings import Settings
from projections.read_model.schema import VERSION
from service.daybook import Daybook
from service.log import Log
from service.recorder import STORE_ERRORS

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
            if not path.exists():
                path.touch(mode=0o600)  # it holds hashes of passwords, and what cookies are signed with
        except OSError as error:
            raise BadValue(f"The folder {path.parent} cannot be made or written to: {error.strerror}.", "DAYBOOK_DATA") from None
    elif not path.exists():
        raise BadValue(f"There is no daybook at {path}. Make one with `daybook release`.", "DAYBOOK_DATA")
    try:
        log = Log(str(path), clock, create=create)
        version = log.read_model_version()
    except STORE_ERRORS as error:
        raise BadValue(f"{path} cannot be opened as a daybook: {error}.", "DAYBOOK_DATA") from None
    _check_version(log, version, create, path)
    return Daybook(log, clock)


def alerting(settings: Settings, daybook: Daybook) -> Alerts:
    """Alerting over a daybook, with the channels of the settings."""
    return Alerts(daybook.log, daybook.clock, Senders(settings.sending), settings.base_url, settings.patience)


def _check_version(log: Log, version: int, create: bool, path: Path) -> None:
    """Older read models are made anew by `release`; a store of a newer Daybook is left alone."""
    if version > VERSION:
        raise BadValue(f"{path} was made by a newer version of Daybook.", "DAYBOOK_DATA")
    if version < VERSION and not create:
        raise BadValue(f"The read models of {path} are of an older version. Make them anew with `daybook release`.", "DAYBOOK_DATA")
    if version < VERSION:
        log.rebuild()


def load_bundled(daybook: Daybook) -> int:
    """Load the bundled matters that are not on record yet; returns how many entries were stored."""
    known = {row["slug"] for row in daybook.matters(daybook.ask())}
    files = [path for path in sorted(BUNDLED.glob("*.yaml")) if path.stem not in known]
    return sum(daybook.load(path).stored for path in files)
