"""Webhooks: one POST, signed by the Standard Webhooks specification, to a host that is not inside anybody's network."""

import base64
import json
import re
import secrets
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from alerts.channels.addresses import read_host, shortened
from alerts.channels.deadline import Deadline
from alerts.channels.internal import Internal, is_public, refuse_internal
from alerts.channels.settings import Sending
from alerts.model import Channel, DeliveryFailed, Message
from domain.errors import BadValue
from domain.instants import moment

PORTS = {"http": 80, "https": 443}
URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<where>[^/?#]*)(?P<rest>[^#]*)(#.*)?")
WHERE = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(:(?P<port>[0-9]{1,5}))?")
LONGEST = 2000
KEPT = 2


@dataclass(frozen=True)
class Url:
    """The address of a webhook in its one spelling."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        """`https://hooks.example.org`: what may be shown of it, for the rest can be a secret."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port != PORTS[self.scheme] else "")

    def __str__(self) -> str:
        return self.place + self.path


def new_secret() -> str:
    """A new signing secret: `whsec_` and 32 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def rotated(old: tuple[str, ...]) -> tuple[str, ...]:
    """The secrets with a new one before them; the last one goes on signing, so that a receiver can change over in peace."""
    return (new_secret(), *old)[:KEPT]


def read_url(text: str) -> Url:
    """The URL of a webhook, tidied: http or https, no user, no odd spelling of the host; raises `BadValue`. Nothing is looked up."""
    text = text.strip()
    match = URL.fullmatch(text)
    if not match or not text.isprintable() or any(each.isspace() for each in text):
        raise BadValue("That is not the address of a webhook such as https://hooks.example.org/daybook.", "target")
    scheme = match["scheme"].lower()
    if scheme not in PORTS:
        raise BadValue(f"A webhook begins with https:// or http://, not {shortened(scheme)}://.", "target")
    if "@" in match["where"]:
        raise BadValue("The address of a webhook holds no user or password: its signature proves who sends.", "target")
    where = WHERE.fullmatch(match["where"])
    if not where or not where["host"]:
        raise BadValue(
            "The address of a webhook names one host, with or without a port: https://hooks.example.org:8443/daybook.", "target"
        )
    port = int(where["port"]) if where["port"] else PORTS[scheme]
    if not 1 <= port <= 65535:
        raise BadValue(f"A port lies between 1 and 65535; {port} does not.", "target")
    rest = quote(match["rest"], safe="!#$%&'()*+,/:;=?@[]~")
    if len(rest) > LONGEST:
        raise BadValue(
            f"The address of a webhook has at most {LONGEST} characters; one beyond ASCII counts as six or more.", "target"
        )
    return Url(scheme, read_host(where["host"]), port, rest if rest.startswith("/") else "/" + rest)


def check(sending: Sending, target: str) -> str:
    """The tidied URL, once every address of its host is judged; raises `BadValue`."""
    url = read_url(target)
    refuse_internal(url.host, url.port, sending.internal)
    return str(url)


def shown(target: str) -> str:
    """Scheme and host of a URL, without what may be secret; nothing of what is none."""
    try:
        return read_url(target).place
    except BadValue:
        return ""


def send(sending: Sending, channel: Channel, message: Message, now: int, deadline: Deadline) -> None:
    """Post the message; anything but a 2xx answer raises `DeliveryFailed`. Of the answer only status and headers are read."""
    try:
        url = read_url(channel.target)
        refuse_internal(url.host, url.port, sending.internal)
    except BadValue as error:
        raise DeliveryFailed(error.detail) from None
    body = json.dumps(message.data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    headers = {"Content-Type": "application/json", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
    with _session(sending, deadline) as session:
        try:
            answer = session.post(str(url), data=body.encode(), headers=headers | _signed(channel, message, now, body), stream=True)
        except requests.RequestException as error:
            raise DeliveryFailed(_why(error, url, sending)) from None
        except BadValue as error:
            raise DeliveryFailed(error.detail) from None
        answer.close()
    if not 200 <= answer.status_code < 300:
        raise DeliveryFailed(*_refusal(url, answer))


def _signed(channel: Channel, message: Message, now: int, body: str) -> dict[str, str]:
    """The three headers of the specification, with a signature for each secret."""
    when = moment(now)
    try:
        signatures = [Webhook(secret).sign(message.id, when, body) for secret in channel.secrets]
    except (ValueError, EmptyWebhookSecretError):
        signatures = []
    if not signatures:
        raise DeliveryFailed("The webhook has no usable signing secret: make it a new one.")
    return {"webhook-id": message.id, "webhook-timestamp": str(int(when.timestamp())), "webhook-signature": " ".join(signatures)}


def _refusal(url: Url, answer: requests.Response) -> tuple[str, bool]:
    """Why an answer is a failure, and whether for good."""
    status = answer.status_code
    if status == 410:
        return f"{url.place} answered 410, gone: it wants no more messages.", True
    if 300 <= status < 400:
        place = shown(answer.headers.get("Location", ""))
        leads = f", a redirect to {place}" if place else ""
        return f"{url.place} answered {status}{leads}. Redirects are not followed: set the address that it leads to.", False
    return f"{url.place} answered {status} instead of a 2xx.", False


def _why(error: requests.RequestException, url: Url, sending: Sending) -> str:
    """A failed request in a sentence. Nothing of the library's own words, which repeat the whole URL."""
    seconds = f"{sending.patience:g} seconds"
    if isinstance(error, InvalidIPAddress):
        return f"The host {url.host} now leads inside a network, and Daybook sends nothing there."
    if isinstance(error, requests.exceptions.SSLError):
        return f"No safe connection to {url.place}: its certificate is not valid for it, or it does not speak TLS."
    if isinstance(error, requests.ConnectTimeout):
        return f"{url.place} could not be reached within {seconds}."
    if isinstance(error, requests.Timeout):
        return f"{url.place} did not answer within {seconds}."
    if isinstance(error, requests.ConnectionError) and isinstance(
        getattr(error.args[0] if error.args else None, "reason", None), NewConnectionError
    ):
        return f"{url.place} could not be reached: nothing takes connections there."
    return f"{url.place} broke the connection off or answered something that is not HTTP."


class _Session(HTTPSession):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Never: even a redirect that is not followed would have its body read to the end."""
        return None


def _session(sending: Sending, deadline: Deadline) -> requests.Session:
    patience = (sending.patience, sending.patience)
    config = Config(
        ip_filter_enable=True,
        ip_filter_allow_loopback_ips=False,
        never_redirect=True,
        default_timeout=patience,
        user_agent_override="Daybook",
    )
    session = _Session(config)
    session.trust_env = False  # no proxy and no .netrc of the machine
    for scheme in PORTS:
        session.mount(f"{scheme}://", _Adapter(scheme == "https", sending.internal, deadline))
    return session


class _Adapter(IPFilterAdapter):
    """The library looks the name up, judges the address and connects to just that one; on top of it our own judgement and the operator's list."""

    def __init__(self, is_https: bool, internal: Internal, deadline: Deadline) -> None:
        self._is_https, self._internal, self._deadline = is_https, internal, deadline
        super().__init__(is_https_proto=is_https)

    def init_poolmanager(self, *args, **kw) -> None:
        super().init_poolmanager(*args, **kw)
        self.poolmanager.pool_classes_by_scheme = _pools(self._deadline)

    def build_connection_pool_key_attributes(self, request, verify, cert=None):
        url = read_url(request.url)
        address = self._internal.pinned(url.host, url.port)
        if address:
            where, options = HTTPAdapter.build_connection_pool_key_attributes(self, request, verify, cert)
            where["host"] = str(address)
            request.headers["Host"] = url.place.partition("://")[2]
            return where, options | ({"assert_hostname": url.host, "server_hostname": url.host} if self._is_https else {})
        where, options = super().build_connection_pool_key_attributes(request, verify, cert)
        if not is_public(ip_address(where["host"].strip("[]"))):
            raise InvalidIPAddress(where["host"])
        return where, options


def _pools(deadline: Deadline) -> dict[str, type]:
    """Connections that the deadline can cut."""

    class Plain(HTTPConnection):
        def _new_conn(self):
            return deadline.hold(super()._new_conn())

    class Secure(HTTPSConnection):
        def _new_conn(self):
            return deadline.hold(super()._new_conn())

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
