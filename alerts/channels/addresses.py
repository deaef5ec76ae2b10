"""Host names and mail addresses, read strictly: one spelling each, so that what was judged is what is connected to."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

import idna

from domain.errors import BadValue

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def read_host(text: str, field: str = "target") -> str:
    """A host as it is spoken to: a lower-case ASCII name without a trailing dot, `192.0.2.1` or `2001:db8::1`; raises `BadValue`.

    The octal, hexadecimal and short spellings of IPv4 that resolvers still take are refused, for a reader is fooled by them.
    """
    if text.startswith("[") and text.endswith("]"):
        return str(_ip(IPv6Address, text[1:-1], text, field))
    try:
        host = idna.encode(text, uts46=True).decode("ascii").lower().removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        raise BadValue(f"“{shortened(text)}” is not the name of a host.", field) from None
    labels = host.split(".")
    if NUMBER.fullmatch(labels[-1]):
        return str(_ip(IPv4Address, host, text, field))
    if len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise BadValue(f"“{shortened(text)}” is not the name of a host.", field)
    return host


def read_mail_address(text: str, field: str = "target") -> str:
    """One bare address such as `ann@example.org`, its domain in lower-case ASCII; raises `BadValue`."""
    text = text.strip()
    local, at, domain = text.rpartition("@")
    if not at or not LOCAL.fullmatch(local) or len(local) > 64:
        raise BadValue(f"“{shortened(text)}” is not one e-mail address such as ann@example.org.", field)
    try:
        domain = read_host(domain, field)
    except BadValue:
        domain = ""
    if "." not in domain or is_ip(domain) or len(local) + len(domain) > 253:
        raise BadValue(
            f"“{shortened(text)}” is not an e-mail address: what follows the @ is not a mail domain such as example.org.", field
        )
    return f"{local}@{domain}"


def is_ip(host: str) -> bool:
    """Whether a host is an address in numbers."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def shortened(text: str) -> str:
    """What somebody wrote, for a sentence: one line, not too long."""
    shown = one_line(text)
    return shown if len(shown) <= 80 else shown[:79] + "…"


def one_line(text: str) -> str:
    """A text without breaks and control characters, whatever somebody put into a title."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _ip(kind: type, text: str, written: str, field: str) -> IPv4Address | IPv6Address:
    try:
        if "%" in text:
            raise ValueError(text)
        return kind(text)
    except ValueError:
        raise BadValue(
            f"“{shortened(written)}” is not an address that Daybook takes: write it as 192.0.2.1 or [2001:db8::1].", field
        ) from None
