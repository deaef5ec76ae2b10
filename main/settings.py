"""Settings, from the environment; docs/running.md lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from alerts.channels.settings import Sending, read_sending
from alerts.sending import Patience
from domain.errors import BadValue
from service.people.store import HOUR
from web.edge import Edge
from web.limits import read_limit
from web.visits import CLOSED, OPEN, Door


@dataclass(frozen=True)
class Settings:
    """How this daybook runs.

    DAYBOOK_DATA  the folder of the embedded store (default `var`)
    DATABASE_URL  `sqlite:///relative.db` or `sqlite:////absolute.db`, instead of DAYBOOK_DATA
    HOST, PORT    where to listen (127.0.0.1, 8000)
    WEB_CONCURRENCY  web processes of `daybook web` (2); WEB_THREADS threads in each (8)
    DAYBOOK_TICK  seconds between two ticks of the clock (60)
    DAYBOOK_BASE_URL  the address that links in feeds and calendars begin with
    DAYBOOK_CORS_ORIGINS  other sites whose scripts may read the API, such as `https://news.example` (none)
    DAYBOOK_LIMIT_READING, DAYBOOK_LIMIT_WRITING  what one asker may ask (30000/minute, 12000/minute); `off` for no limit
    DAYBOOK_PROXIES  how many proxies of yours stand before the web (0)
    DAYBOOK_READING  `open` or `closed`: whether nobody in particular may read (open where only this machine can ask, else closed)
    DAYBOOK_ALERT_HOURS  for how many hours an alert that does not arrive is tried again (72)
    DAYBOOK_ALERT_CLAIM  seconds after which a message whose sender was killed is sent by another (120)
    DAYBOOK_SMTP, DAYBOOK_MAIL_FROM, DAYBOOK_WEBHOOK_ALLOW, DAYBOOK_APPRISE_SCHEMES  see `alerts.channels.Sending`
    DAYBOOK_SECRET  what cookies are signed with (a random one in the store)
    """

    database: Path
    host: str
    port: int
    web_concurrency: int
    web_threads: int
    tick: int
    base_url: str
    edge: Edge
    door: Door
    sending: Sending
    patience: Patience

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check every setting; raises `BadValue` naming the variable."""
        host, port = environ.get("HOST") or "127.0.0.1", _whole(environ, "PORT", 8000, 1, 65535)
        shown = f"[{host}]" if ":" in host else host
        base_url = (environ.get("DAYBOOK_BASE_URL") or f"http://{shown}:{port}").rstrip("/")
        proxies = _whole(environ, "DAYBOOK_PROXIES", 0, 0, 10)
        is_private = _is_loopback(host) and _is_loopback(urlsplit(base_url).hostname or "") and not proxies
        return cls(
            database=_database(environ),
            host=host,
            port=port,
            web_concurrency=_whole(environ, "WEB_CONCURRENCY", 2, 1, 64),
            web_threads=_whole(environ, "WEB_THREADS", 8, 1, 256),
            tick=_whole(environ, "DAYBOOK_TICK", 60, 1, 86400),
            base_url=base_url,
            edge=Edge(
                origins=_origins(environ.get("DAYBOOK_CORS_ORIGINS") or ""),
                reading=read_limit(environ.get("DAYBOOK_LIMIT_READING") or "30000/minute", "DAYBOOK_LIMIT_READING"),
                writing=read_limit(environ.get("DAYBOOK_LIMIT_WRITING") or "12000/minute", "DAYBOOK_LIMIT_WRITING"),
                proxies=proxies,
            ),
            door=Door(_reading(environ.get("DAYBOOK_READING"), is_private), _secret(environ.get("DAYBOOK_SECRET"))),
            sending=read_sending(environ, base_url),
            patience=Patience(
                claim=_whole(environ, "DAYBOOK_ALERT_CLAIM", 120, 1, 3600) * 1_000_000,
                give_up=_whole(environ, "DAYBOOK_ALERT_HOURS", 72, 1, 720) * HOUR,
            ),
        )


def _whole(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadValue(f"{name} is a whole number from {least} to {most}, not “{text[:40]}”.", name)
    return int(text)


def _reading(text: str | None, is_private: bool) -> str:
    """Open or closed; without a word, open only where nobody but this machine can ask."""
    if not text:
        return OPEN if is_private else CLOSED
    if text not in (OPEN, CLOSED):
        raise BadValue(f"DAYBOOK_READING is open or closed, not “{text[:40]}”.", "DAYBOOK_READING")
    return text


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _secret(text: str | None) -> str | None:
    if text and len(text) < 32:
        raise BadValue("DAYBOOK_SECRET has at least 32 characters, and they are random.", "DAYBOOK_SECRET")
    return text or None


def _origins(text: str) -> tuple[str, ...]:
    """Origins with commas or spaces between them; never a pattern, nor all sites."""
    origins = tuple(text.replace(",", " ").split())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or origin != f"{parts.scheme}://{parts.netloc}" or "*" in origin or "@" in origin:
            raise BadValue(f"“{origin[:60]}” is not an origin such as https://news.example.", "DAYBOOK_CORS_ORIGINS")
    return origins


def _database(environ: Mapping[str, str]) -> Path:
    url = environ.get("DATABASE_URL")
    if not url:
        return Path(environ.get("DAYBOOK_DATA") or "var") / "daybook.db"
    parts = urlsplit(url)
    if parts.scheme != "sqlite" or parts.netloc or len(parts.path) < 2:
        raise BadValue(
            f"DATABASE_URL must be sqlite:///a/relative/path.db or sqlite:////an/absolute/path.db (its scheme is “{parts.scheme}”). "
            "Other databases are not supported yet.",
            "DATABASE_URL",
        )
    return Path(unquote(parts.path[1:]))
