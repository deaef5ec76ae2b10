"""gunicorn's threaded worker, patient with slow clients: a request takes a thread only once it has wholly arrived.

gunicorn gives a connection a thread from its first byte on, so as many clients as there are threads, each sending a byte at a
time, keep everybody else out. Here the loop that waits for connections also gathers what they send, without any thread.
"""

import re
import selectors
import socket
import struct
import time
from functools import partial
from typing import Any

from gunicorn.http import wsgi
from gunicorn.workers.gthread import ThreadWorker

from web.bodies import LARGEST

REQUEST_SECONDS = 30
"""How long a request may take to arrive, from its first byte."""
LINGER_SECONDS = 2
"""How long an answered connection that is to be closed may go on sending before it is cut."""
LINGER_BYTES = 8 * 1024 * 1024
IO_SECONDS = 20
"""How long a thread waits for a client that takes no more of its answer."""
MOST_HEAD = 64 * 1024
MOST_HELD = 64 * 1024 * 1024
"""Bytes of unfinished requests that one process holds; beyond that the oldest of them is dropped."""
_SEND_BUFFER = 512 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*(?=\r\n)", re.IGNORECASE)
_CODED = re.compile(rb"\r\ntransfer-encoding", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked[ \t]*(?=\r\n)", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_REFUSAL = b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Arriving:
    """What has come of a request. `rest` closes the connection after the answer, since its body was not taken."""

    def __init__(self, deadline: float, lingers: bool = False) -> None:
        self.bytes = bytearray()
        self.deadline = deadline
        self.lingers = lingers
        self.thrown_away = 0
        self.rest = self.is_broken = False
        self.head: int | None = None
        self._end: int | None = None
        self._chunk = 0
        self._body = bytearray()

    def head_came(self) -> bool:
        """Whether the header has just come; asked after every piece."""
        if self.head is not None:
            return False
        at = self.bytes.find(b"\r\n\r\n")
        if at < 0:
            return False
        self.head = self._chunk = at + 4
        head = bytes(self.bytes[: at + 2])
        length = _LENGTH.search(head)
        if not _CODED.search(head):
            self._end = self.head + (int(length[1]) if length else 0)
        elif len(_CODED.findall(head)) > 1 or not _CHUNKED.search(head) or length:
            self._end, self.rest = self.head, True
        return True

    def is_whole(self) -> bool:
        """Whether all of it is there, or enough to refuse it; of a body that is too large only the header is kept."""
        if self.head is None:
            return False
        if self._end is None:
            return self._last_chunk_came() or (len(self.bytes) - self.head > LARGEST and self._without_body())
        if self._end - self.head > LARGEST:
            return self._without_body()
        return len(self.bytes) >= self._end

    def _without_body(self) -> bool:
        """Leave the body out and announce it as too large, so that the application answers as it always does."""
        self.bytes = bytearray(_CHUNKED.sub(b"\r\ncontent-length: %d" % (LARGEST + 1), bytes(self.bytes[: self.head])))
        self.rest = True
        return True

    def _last_chunk_came(self) -> bool:
        """Put the chunks (RFC 9112, 7.1) together as far as they are there; once all are, they become a body of that length."""
        while True:
            line = self.bytes.find(b"\r\n", self._chunk)
            if line < 0:
                self.is_broken = len(self.bytes) - self._chunk > 1024
                return self.is_broken
            size = self.bytes[self._chunk : line].partition(b";")[0].strip()
            if not re.fullmatch(rb"[0-9a-fA-F]{1,15}", size):
                self.is_broken = True
                return True
            if int(size, 16) == 0:
                return self._put_together(self.bytes.find(b"\r\n\r\n", line))
            end = line + 2 + int(size, 16)
            if end + 2 > len(self.bytes):
                return False
            if self.bytes[end : end + 2] != b"\r\n":
                self.is_broken = True
                return True
            self._body += self.bytes[line + 2 : end]
            self._chunk = end + 2

    def _put_together(self, end: int) -> bool:
        if end < 0:
            return False
        head = _CHUNKED.sub(b"\r\ncontent-length: %d" % len(self._body), bytes(self.bytes[: self.head]))
        self.bytes = bytearray(head + self._body + self.bytes[end + 4 :])
        return True

    def expects_continue(self) -> bool:
        """Whether the client waits for a word before it sends the body."""
        return bool(_EXPECTS.search(bytes(self.bytes[: self.head])))


class PatientWorker(ThreadWorker):
    """Gathers whole requests in the loop and gives only these to threads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: dict[Any, Arriving] = {}
        self._looked = 0.0

    def init_process(self) -> None:
        """Start the worker; its answers do not say what it is made of."""
        wsgi.SERVER = "daybook"
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """A connection that was just accepted: wait for what it sends. (gunicorn would give it a thread.)"""
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", IO_SECONDS, 0))
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self._await(conn, Arriving(time.monotonic() + REQUEST_SECONDS))

    def _await(self, conn: Any, arriving: Arriving) -> None:
        if self.nr_conns >= self.worker_connections and self.arriving:
            self._drop(next(iter(self.arriving)))
        conn.sock.setblocking(False)
        self.arriving[conn] = arriving
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_readable, conn))

    def _on_readable(self, conn: Any, _sock: Any) -> None:
        its = self.arriving.get(conn)
        if its is None:
            return
        try:
            data = conn.sock.recv(64 * 1024)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(conn)
        elif its.lingers:
            its.thrown_away += len(data)
            if its.thrown_away > LINGER_BYTES:
                self._drop(conn)
        else:
            if not its.bytes:
                its.deadline = time.monotonic() + REQUEST_SECONDS
            self._more(conn, its, data)

    def _more(self, conn: Any, its: Arriving, data: bytes) -> None:
        its.bytes += data
        came, whole = its.head_came(), its.is_whole()
        if came and not whole and its.expects_continue():
            self._say(conn, b"HTTP/1.1 100 Continue\r\n\r\n")
        if whole:
            self._refuse(conn, b"400 Bad Request") if its.is_broken else self._hand_over(conn, its)
        elif its.head is None and len(its.bytes) > MOST_HEAD:
            self._refuse(conn, b"431 Request Header Fields Too Large")
        elif sum(len(each.bytes) for each in self.arriving.values()) > MOST_HELD:
            self._drop(max(self.arriving, key=lambda each: len(self.arriving[each].bytes)))

    def _refuse(self, conn: Any, status: bytes) -> None:
        self._say(conn, _REFUSAL % status)
        self._linger(conn)

    @staticmethod
    def _say(conn: Any, words: bytes) -> None:
        try:
            conn.sock.send(words)
        except OSError:
            return

    def _hand_over(self, conn: Any, its: Arriving) -> None:
        self._forget(conn)
        conn.rest, conn.data_ready = its.rest, True
        conn.init()
        conn.parser.unreader.unread(bytes(its.bytes))
        super().enqueue_req(conn)

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        """A body that was not taken is not waited for."""
        return not conn.rest and super()._keepalive_after(conn, keepalive)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """After the answer: wait for the next request, or close without holding up the loop."""
        try:
            keeps = not fs.cancelled() and bool(fs.result())
            if not keeps:
                self._linger(conn)
                return
            following = Arriving(time.monotonic() + (self.cfg.keepalive if self.alive else LINGER_SECONDS))
            self._await(conn, following)
            left = conn.parser.unreader.take_buffered()
            if left:
                self._more(conn, following, left)
        except OSError:
            self._drop(conn)
        except Exception:
            self.log.exception("A connection was dropped")
            self._drop(conn)

    def _linger(self, conn: Any) -> None:
        """Say that nothing more comes, and let the client read the answer before the connection is cut (RFC 9112, 9.6)."""
        self._forget(conn)
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(conn)
            return
        self._await(conn, Arriving(time.monotonic() + LINGER_SECONDS, lingers=True))

    def _forget(self, conn: Any) -> None:
        if self.arriving.pop(conn, None) is not None:
            self.poller.unregister(conn.sock)

    def _drop(self, conn: Any) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_keepalived(self, force: bool = False) -> None:
        """Drop what has taken too long; called by the loop all the time."""
        now = time.monotonic()
        if now - self._looked < 0.25 and not force:
            return
        self._looked = now
        for conn in [conn for conn, its in self.arriving.items() if force or its.deadline <= now]:
            self._drop(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """A process that stops waits no longer than this for requests that are arriving."""
        for its in self.arriving.values():
            its.deadline = min(its.deadline, deadline)
