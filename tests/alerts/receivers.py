"""Real receivers for what is sent, and servers that behave badly: context managers on free ports of this machine."""

import asyncio
import socket
import ssl
import struct
import threading
import time
import warnings
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.smtp import SMTP, AuthResult


@dataclass
class MailServer:
    """What a mail server got: `messages`, and for each the addresses in `recipients`. `answers` maps RCPT and DATA to a refusal."""

    port: int
    scheme: str = "smtp"
    user: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    messages: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """For DAYBOOK_SMTP."""
        return f"{self.scheme}://{self.user}{'localhost' if self.scheme != 'smtp' else '127.0.0.1'}:{self.port}"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.raw.append(envelope.original_content)
        self.messages.append(message_from_bytes(envelope.original_content, policy=default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"


@contextmanager
def mail_server(scheme="smtp", context=None, login=None, **answers):
    """A real SMTP server; `scheme` as in DAYBOOK_SMTP (with an SSL `context` for TLS), `login` a user and password that it asks for."""
    listener = socket.create_server(("127.0.0.1", 0))
    got = MailServer(listener.getsockname()[1], scheme, ":".join(login) + "@" if login else "", answers)

    def authenticate(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login.decode(), data.password.decode()) == login, handled=False)

    def protocol():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a password without TLS, which is just what is tested
            return SMTP(
                got,
                loop=loop,
                hostname="mail.test",
                tls_context=context if scheme == "smtp+starttls" else None,
                authenticator=authenticate if login else None,
                auth_required=bool(login),
                auth_require_tls=scheme == "smtp+starttls",
            )

    async def serve():
        return await loop.create_server(protocol, sock=listener, ssl=context if scheme == "smtps" else None)

    async def stop():
        server.close()
        await server.wait_closed()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, context: None)  # clients that break off are tests, not errors
    server = loop.run_until_complete(serve())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield got
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@dataclass
class Request:
    """One request that a receiver got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpReceiver:
    """What a receiver of webhooks got, in `requests`. It answers `status` with `headers` and `body` (bytes, or a function of the socket)."""

    port: int = 0
    context: ssl.SSLContext | None = None
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: object = b""
    requests: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}" if self.context else f"http://127.0.0.1:{self.port}"


@contextmanager
def http_receiver(**options):
    """A real HTTP server, or with an SSL `context` an HTTPS one, that keeps what it is sent."""
    got = HttpReceiver(**options)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            got.requests.append(Request(self.command, self.path, headers, body))
            with suppress(OSError):  # a client that does not read the answer to its end
                self.send_response(got.status)
                for name, value in got.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if callable(got.body):
                    got.body(self.connection)
                else:
                    self.wfile.write(got.body)

        do_GET = do_PUT = do_POST

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if got.context:
        server.socket = got.context.wrap_socket(server.socket, server_side=True)
    got.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Hostile:
    """A server that behaves badly: `visits` counts its connections, `broken_off` those that the other side left before it was done."""

    port: int
    visits: int = 0
    broken_off: int = 0
    sent: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def hostile(behave, context=None):
    """A bare TCP server that does `behave(connection, hostile)` with each connection; see `hangs`, `closes`, `leaves`, `resets`, `says`, `drips` and `floods`.

    With an SSL `context` it speaks TLS.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    server = Hostile(listener.getsockname()[1])
    connections = []

    def serve(connection):
        try:
            with context.wrap_socket(connection, server_side=True) if context else connection as spoken:
                behave(spoken, server)
        except OSError:
            server.broken_off += 1

    def accept():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            server.visits += 1
            connections.append(connection)
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def hangs(connection, server):
    """Reads and never answers."""
    while connection.recv(65536):
        pass
    raise ConnectionError("the other side left")


def closes(connection, server):
    """Reads a little and closes without a word."""
    connection.recv(65536)


def leaves(connection, server):
    """Closes at once."""


def resets(connection, server):
    """Reads a little and breaks the connection off."""
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def says(words: bytes, then=hangs):
    """Says this and then hangs."""

    def behave(connection, server):
        connection.sendall(words)
        then(connection, server)

    return behave


def drips(words: bytes, pause=0.02):
    """Says this once and then a byte at a time for ever, so that no read ever times out."""

    def behave(connection, server):
        connection.sendall(words)
        while True:
            connection.sendall(b"x")
            time.sleep(pause)

    return behave


def floods(words: bytes, line: bytes, size: int):
    """Says this and then the line again and again, up to so many bytes."""

    def behave(connection, server):
        connection.sendall(words)
        block = line * (65536 // len(line) + 1)
        while server.sent < size:
            server.sent += connection.send(block)

    return behave
