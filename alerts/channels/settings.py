"""What the operator sets about sending, read from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from urllib.parse import unquote, urlsplit

from alerts.channels.addresses import is_ip, read_host, read_mail_address, shortened
from alerts.channels.internal import NOTHING, Internal, Network
from domain.errors import BadValue

SECURITIES = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""How a mail server is spoken to, with the usual port: in the clear, by STARTTLS, by TLS from the first byte."""
SCHEMES = (
    "discord", "feishu", "flock", "gchat", "gotify", "gotifys", "guilded", "lark", "line", "matrix", "matrixs", "mmost", "mmosts",
    "nctalk", "nctalks", "ntfy", "ntfys", "opsgenie", "pagerduty", "pbul", "pover", "rocket", "rockets", "ryver", "slack", "tgram", "twist",
    "webex", "workflow", "workflows", "wxteams", "zulip",
)  # fmt: skip
"""The chat services that operators may set by URL, unless they list others."""


@dataclass(frozen=True)
class MailServer:
    """The operator's own mail server; `security` is one of `SECURITIES`."""

    host: str
    port: int
    security: str = "smtp"
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Sending:
    """How messages leave. `patience` is the seconds for one answer, `deadline` those for all of a delivery.

    DAYBOOK_SMTP  the mail server: `smtp://host:25`, `smtp+starttls://user:password@host:587`, `smtps://user:password@host:465` (none: no e-mail)
    DAYBOOK_MAIL_FROM  who e-mail is from: `alerts@example.org` or `Daybook <alerts@example.org>`
    DAYBOOK_WEBHOOK_ALLOW  hosts or networks inside that webhooks may go to: `hooks.intranet, 10.1.0.0/16` (none)
    DAYBOOK_APPRISE_SCHEMES  the services that may be set by URL, instead of the well-known chats: `slack, json`
    """

    base_url: str = ""
    mail: MailServer | None = None
    mail_from: str = ""
    mail_name: str = ""
    internal: Internal = NOTHING
    schemes: tuple[str, ...] = SCHEMES
    patience: float = 10.0
    deadline: float = 30.0


def read_sending(environ: Mapping[str, str], base_url: str) -> Sending:
    """Read and check what the environment says about sending; raises `BadValue` naming the variable."""
    mail = _mail_server(environ.get("DAYBOOK_SMTP") or "")
    name, address = _sender(environ.get("DAYBOOK_MAIL_FROM") or "")
    if mail and not address:
        raise BadValue("DAYBOOK_SMTP needs DAYBOOK_MAIL_FROM: the address that e-mail is from.", "DAYBOOK_MAIL_FROM")
    return Sending(
        base_url=base_url,
        mail=mail,
        mail_from=address,
        mail_name=name,
        internal=_internal(environ.get("DAYBOOK_WEBHOOK_ALLOW") or ""),
        schemes=_schemes(environ.get("DAYBOOK_APPRISE_SCHEMES") or ""),
    )


def _mail_server(url: str) -> MailServer | None:
    """The mail server of a URL. Nothing of the URL is repeated in an error, for it may hold a password."""
    if not url:
        return None
    wrong = BadValue(
        "DAYBOOK_SMTP is smtp://host:25, smtp+starttls://user:password@host:587 or smtps://user:password@host:465, "
        "with %40 for an @ in the user or password.",
        "DAYBOOK_SMTP",
    )
    try:
        parts = urlsplit(url)
        port = parts.port or SECURITIES[parts.scheme]
        host = read_host(f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or "", "DAYBOOK_SMTP")
    except (ValueError, KeyError, BadValue):
        raise wrong from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if (
        parts.path not in ("", "/")
        or parts.query
        or parts.fragment
        or bool(user) != bool(password)
        or "@" in (parts.username or "")
    ):
        raise wrong
    if user and parts.scheme == "smtp" and host not in ("localhost", "127.0.0.1", "::1"):
        raise BadValue("DAYBOOK_SMTP would send the password unencrypted: use smtp+starttls:// or smtps://.", "DAYBOOK_SMTP")
    return MailServer(host, port, parts.scheme, user, password)


def _sender(text: str) -> tuple[str, str]:
    """The name and the address that e-mail is from."""
    if not text.strip():
        return "", ""
    match = re.fullmatch(r"\s*(?:(?P<name>[^<>]*)<(?P<inner>[^<>]*)>|(?P<bare>[^<>]*))\s*", text)
    name = (match["name"] or "").strip().strip('"') if match else ""
    if not match or not name.isprintable():
        raise BadValue(
            f"DAYBOOK_MAIL_FROM is alerts@example.org or Daybook <alerts@example.org>, not “{shortened(text)}”.",
            "DAYBOOK_MAIL_FROM",
        )
    address = read_mail_address(match["inner"] or match["bare"] or "", "DAYBOOK_MAIL_FROM")
    return name, address


def _internal(text: str) -> Internal:
    names, networks = [], []
    for each in text.replace(",", " ").split():
        network = _network(each)
        if network:
            networks.append(network)
        else:
            names.append(_name(each))
    return Internal(tuple(names), tuple(networks))


def _network(text: str) -> Network | None:
    try:
        return ip_network(text.strip("[]"))
    except ValueError:
        return None


def _name(text: str) -> str:
    try:
        host = read_host(text)
    except BadValue:
        host = ""
    if not host or is_ip(host):
        raise BadValue(
            f"DAYBOOK_WEBHOOK_ALLOW lists hosts and networks such as hooks.intranet or 10.1.0.0/16, not “{shortened(text)}”.",
            "DAYBOOK_WEBHOOK_ALLOW",
        )
    return host


def _schemes(text: str) -> tuple[str, ...]:
    names = tuple(each.lower().removesuffix("://") for each in text.replace(",", " ").split())
    if not names:
        return SCHEMES
    from alerts.channels.operators import known_schemes  # apprise is loaded only where it is used

    unknown = [name for name in names if name not in known_schemes()]
    if unknown:
        raise BadValue(
            f"DAYBOOK_APPRISE_SCHEMES names “{shortened(unknown[0])}”, which apprise does not know.", "DAYBOOK_APPRISE_SCHEMES"
        )
    return names
