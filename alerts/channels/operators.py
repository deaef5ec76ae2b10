"""What operators set by URL: chat services, spoken to by apprise, from an allow-list of schemes."""

import logging
import re
import warnings
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from alerts.channels.addresses import LABEL, one_line, shortened
from alerts.channels.deadline import Deadline
from alerts.channels.settings import Sending
from alerts.model import Channel, DeliveryFailed, Message
from domain.errors import BadValue

SCHEME = re.compile(r"\s*([A-Za-z0-9+.-]+)://")
STATUS = re.compile(r"\berror=([0-9]{3})\b")


def known_schemes() -> frozenset[str]:
    """Every scheme that apprise knows here."""
    return frozenset(_plugins().schemas())


def check(sending: Sending, target: str) -> str:
    """The tidied URL; raises `BadValue`, which never repeats more of it than its scheme."""
    target = target.strip()
    match = SCHEME.match(target)
    scheme = match[1].lower() if match else ""
    if scheme not in sending.schemes:
        what = f"“{shortened(scheme)}” is not a service that is allowed here" if scheme else "That is not a URL of a service"
        raise BadValue(f"{what}. These are: {', '.join(sending.schemes)}.", "target")
    if not target.isprintable() or any(each.isspace() for each in target):
        raise BadValue("The URL of a service is one URL without spaces.", "target")
    if re.search(r"[?&]template=", target, re.IGNORECASE):
        raise BadValue("The URL of a service may not name a template, for that is a file of this machine.", "target")
    if not _service(target, sending):
        raise BadValue(f"That is not a complete URL for {scheme}: a part that the service needs is missing or misspelt.", "target")
    return target


def shown(target: str) -> str:
    """`mmosts://chat.example.org`, or `slack://…` where what stands in the host's place is a secret."""
    match = SCHEME.match(target)
    scheme, host = match[1].lower() if match else "", _host(target)
    plugin = scheme in _plugins() and _plugins()[scheme]
    is_host = plugin and "host" in plugin.template_tokens and "." in host and all(map(LABEL.fullmatch, host.split(".")))
    return f"{scheme or 'apprise'}://{host if is_host else '…'}"


def send(sending: Sending, channel: Channel, message: Message, now: int, deadline: Deadline) -> None:
    """Say the message in the service; raises `DeliveryFailed`. Long ones go in parts, for services cut or refuse them."""
    try:
        target = check(sending, channel.target)
    except BadValue as error:
        raise DeliveryFailed(error.detail) from None
    apprise = _apprise()
    services = apprise.Apprise(asset=_asset())
    services.add(_service(target, sending))
    result = services.notify(body=message.text, title=one_line(message.subject), body_format=apprise.NotifyFormat.TEXT)
    if not result:
        found = [status for entry in result.logs() for status in STATUS.findall(entry.message)]
        why = f"answered {found[-1]}" if found else "did not take the message, or could not be reached"
        raise DeliveryFailed(f"The service {shown(target)} {why}.")


def _service(target: str, sending: Sending) -> Any:
    """The service of a URL, or None."""
    service = _apprise().Apprise.instantiate(target, asset=_asset())
    if service:
        service.socket_connect_timeout = service.socket_read_timeout = sending.patience
        if "overflow=" not in target:
            service.overflow_mode = "split"
    return service


def _host(target: str) -> str:
    try:
        return urlsplit(target).hostname or ""
    except ValueError:
        return ""


def _asset() -> Any:
    """No redirects, no threads of its own (they would keep the process from ending), nothing kept on disk."""
    return _apprise().AppriseAsset(
        app_id="Daybook", async_mode=False, http_redirects=False, service_timeout=0, storage_mode="memory"
    )


def _plugins() -> Any:
    from apprise.manager_plugins import NotificationManager

    _apprise()
    return NotificationManager()


@cache
def _apprise() -> Any:
    """The library, loaded where it is used, and without its log: at some levels it tells whole URLs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # some of its plugins try imports that later Pythons lack
        import apprise
        from apprise.manager_plugins import NotificationManager

        NotificationManager().load_modules()
    log = logging.getLogger("apprise")
    log.propagate = False
    log.addHandler(logging.NullHandler())
    return apprise
