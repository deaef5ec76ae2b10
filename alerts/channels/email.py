"""E-mail by the operator's own mail server: plain and HTML, one recipient, a one-click way out (RFC 8058)."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import BinaryIO
from urllib.parse import urlsplit

from alerts.channels.addresses import is_ip, one_line, read_host, read_mail_address
from alerts.channels.deadline import Deadline
from alerts.channels.settings import Sending
from alerts.model import Channel, DeliveryFailed, Message
from domain.errors import BadValue
from domain.instants import moment

WHOLE = ("message-id", "list-unsubscribe", "list-unsubscribe-post")
MOST_ANSWERS = 1_000_000
OURS = re.compile(r"\b5\.[3457]\.[0-9]+\b")
"""Enhanced status codes (RFC 3463) of refusals for what the mail server may, not for who the recipient is."""


class _Policy(EmailPolicy):
    """Headers that machines read stay whole: the usual folding would encode a long URL into words."""

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}\r\n" if name.lower() in WHOLE else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


POLICY = _Policy(linesep=SMTP.linesep, raise_on_defect=False, cte_type="7bit")


def check(sending: Sending, target: str) -> str:
    """The tidied address; raises `BadValue`."""
    if not sending.mail:
        raise BadValue("This daybook sends no e-mail yet: its operator sets a mail server by DAYBOOK_SMTP.", "target")
    return read_mail_address(target)


def compose(sending: Sending, target: str, message: Message) -> EmailMessage:
    """The e-mail of a message. Its Message-ID is the message's id, so that a mailbox can drop doubles; `Date` is when it was made."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(sending.mail_name, addr_spec=sending.mail_from)
    mail["To"] = Address(addr_spec=target)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = moment(message.made)
    mail["Message-ID"] = f"<{re.sub(r'[^A-Za-z0-9_-]', '-', message.id)}@{_own_host(sending)}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.leave_url:
        # RFC 8058 wants https here; a receiver passes over the http of a daybook that is only tried out.
        mail["List-Unsubscribe"] = f"<{re.sub(r'[^!-~]|[<>]', '', message.leave_url)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(_sendable(message.text), cte="quoted-printable")
    mail.add_alternative(_sendable(message.html), subtype="html", cte="quoted-printable")
    return mail


def send(sending: Sending, channel: Channel, message: Message, now: int, deadline: Deadline) -> None:
    """Hand the message to the mail server; raises `DeliveryFailed`."""
    if not sending.mail:
        raise DeliveryFailed("This daybook has no mail server: its operator sets one by DAYBOOK_SMTP.")
    try:
        target = read_mail_address(channel.target)
    except BadValue as error:
        raise DeliveryFailed(error.detail, gone=True) from None
    mail = compose(sending, target, message)
    server = f"The mail server {sending.mail.host}"
    try:
        with _connected(sending, deadline) as smtp:
            smtp.sendmail(sending.mail_from, [target], mail.as_bytes())
    except smtplib.SMTPRecipientsRefused as error:
        code, words = error.recipients[target]
        raise DeliveryFailed(f"{server} refused {target}: {_answer(code, words)}", _is_for_good(code, words)) from None
    except smtplib.SMTPDataError as error:
        raise DeliveryFailed(
            f"{server} refused the message: {_answer(error.smtp_code, error.smtp_error)}",
            _is_for_good(error.smtp_code, error.smtp_error),
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(f"{server} {_why(error, sending)}") from None


def _why(error: Exception, sending: Sending) -> str:
    """What went wrong with the operator's own server, which is never the recipient's fault."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"did not accept Daybook's user and password: {_answer(error.smtp_code, error.smtp_error)}"
    if isinstance(error, smtplib.SMTPSenderRefused):
        return f"refused the sender {sending.mail_from}: {_answer(error.smtp_code, error.smtp_error)}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "offers no encryption (STARTTLS) or takes no password, as DAYBOOK_SMTP says it does."
    if isinstance(error, smtplib.SMTPResponseException):
        return f"did not greet as a mail server does: {_answer(error.smtp_code, error.smtp_error)}"
    if isinstance(error, ssl.SSLError):
        return "cannot be spoken to safely: its certificate is not valid for it, or it does not speak TLS."
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return f"did not answer within {sending.patience:g} seconds."
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "broke the connection off."
    return f"cannot be reached at port {sending.mail.port}."


def _answer(code: int, words: bytes | str) -> str:
    """What a server said, on one line."""
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)
    return " ".join(filter(None, (str(code) if code > 0 else "", one_line(text)[:200]))) or "nothing that makes sense"


def _is_for_good(code: int, words: bytes | str) -> bool:
    """Whether a refusal is about the recipient and lasts; “relaying denied” is the operator's to mend."""
    return 500 <= code < 600 and code != 530 and not OURS.search(_answer(code, words))


def _sendable(text: str) -> str:
    """A text without halves of characters, which no mail can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _own_host(sending: Sending) -> str:
    """The name that Daybook gives itself: the host of its address, or the sender's domain."""
    with suppress(ValueError, BadValue):
        host = read_host(urlsplit(sending.base_url).hostname or "")
        if "." in host and not is_ip(host):
            return host
    return sending.mail_from.rpartition("@")[2]


@contextmanager
def _connected(sending: Sending, deadline: Deadline) -> Iterator[smtplib.SMTP]:
    """A session with the mail server, encrypted and signed in as its settings say; certificates are verified."""
    server = sending.mail
    options = {"local_hostname": _own_host(sending), "timeout": sending.patience}
    # OpenSSL's SSL_CERT_FILE adds the authority of a house of its own.
    context = ssl.create_default_context() if server.security != "smtp" else None
    if server.security == "smtps":
        smtp = _Tls(deadline, server.host, server.port, context=context, **options)
    else:
        smtp = _Smtp(deadline, server.host, server.port, **options)
    try:
        if server.security == "smtp+starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
        # Not waited for: the message is accepted, and nothing that comes now may make it fail.
        with suppress(smtplib.SMTPException, OSError):
            smtp.putcmd("QUIT")
    finally:
        smtp.close()


class _Smtp(smtplib.SMTP):
    """SMTP whose connection the deadline can cut, and whose answers have an end."""

    def __init__(self, deadline: Deadline, host: str, port: int, **options) -> None:
        self._deadline = deadline
        super().__init__(host, port, **options)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._deadline.hold(super()._get_socket(host, port, timeout))

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _Measured(self.sock.makefile("rb"))
        return super().getreply()


class _Tls(smtplib.SMTP_SSL, _Smtp):
    """The same over TLS, whose handshake the deadline can cut too."""

    def __init__(self, deadline: Deadline, host: str, port: int, **options) -> None:
        self._deadline = deadline
        smtplib.SMTP_SSL.__init__(self, host, port, **options)


class _Measured:
    """A server's answers, line by line; an endless one ends as a broken connection does."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, MOST_ANSWERS

    def readline(self, most: int) -> bytes:
        line = self._file.readline(most)
        self._left -= len(line)
        return line if self._left > 0 else b""

    def close(self) -> None:
        self._file.close()
