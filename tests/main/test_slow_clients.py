"""Clients that send a byte at a time, or never finish, against a real server with few threads: the others are still answered."""

import json
import socket
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager

import pytest

THREADS = 2
SLOW = 12


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def port(system, store):
    """A server with two threads in its one process."""
    port = free_port()
    with system.started("serve", store, PORT=str(port), WEB_THREADS=str(THREADS)) as process:
        process.stdout.readline()
        yield port


def answered(port, path="/healthz"):
    began = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as response:
        assert response.status == 200
    return time.monotonic() - began


@contextmanager
def clients(port, how_many, first):
    """So many connections that have each sent the beginning of a request."""
    with ExitStack() as stack:
        made = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20)) for _ in range(how_many)]
        for client in made:
            client.sendall(first)
        yield made


HEADER = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "
BODY = b"POST /api/v1/count HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{"
CHUNKS = b"POST /api/v1/count HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
TOO_LARGE = b"POST /api/v1/count HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{"


@pytest.mark.parametrize("first", [b"", b"G", HEADER, BODY, CHUNKS, TOO_LARGE])
def test_many_slow_clients_keep_nobody_out(port, first):
    with clients(port, SLOW, first) as slow:
        for _ in range(5):
            if first and first != TOO_LARGE:
                for client in slow:
                    client.sendall(b"1" if first is not CHUNKS else b"1\r\n1\r\n")
            assert answered(port) < 2


def test_a_slow_client_that_finishes_is_answered(port):
    body = b'{"start": "2025-01-20", "length": 75}'
    with clients(port, 1, BODY.replace(b"40", b"%d" % len(body))) as (client,):
        for byte in body[1:]:
            client.sendall(bytes([byte]))
            time.sleep(0.002)
        assert b'"due":"2025-04-05"' in received(client)


def test_a_chunked_body_is_read_piece_by_piece(port):
    with clients(port, 1, CHUNKS) as (client,):
        for piece in (b'"start": "2025-01-20", ', b'"length": 75}'):
            client.sendall(b"%x;note=x\r\n%s\r\n" % (len(piece), piece))
        client.sendall(b"0\r\n\r\n")
        assert b'"due":"2025-04-05"' in received(client)


def test_a_chunked_body_in_one_piece_is_read_and_the_request_behind_it_too(port):
    chunks = CHUNKS + b'24\r\n"start": "2025-01-20", "length": 75}\r\n0\r\n\r\n'
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with clients(port, 1, chunks + last) as (client,):
        answers = everything(client)
    assert b'"due":"2025-04-05"' in answers
    assert b'{"status":"ok"}' in answers


def test_two_requests_in_one_piece_are_both_answered(port):
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with clients(port, 1, one + one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")) as (client,):
        assert everything(client).count(b'{"status":"ok"}') == 2


def test_a_connection_is_kept_for_the_next_request(port):
    with clients(port, 1, b"") as (client,):
        for _ in range(3):
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b'{"status":"ok"}' in received(client)


@pytest.mark.parametrize("how", [b"Content-Length: 104857600", b"Transfer-Encoding: chunked"])
def test_a_body_of_100_megabytes_is_refused_before_it_is_read(port, how):
    head = b"POST /api/v1/count HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + how + b"\r\n\r\n"
    sent = 0
    with clients(port, 1, head) as (client,):
        piece = b"10000\r\n" + b" " * 65536 + b"\r\n" if b"chunked" in how else b" " * 65536
        try:
            while sent < 100 * 1024 * 1024:
                client.sendall(piece)
                sent += len(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert sent < 30 * 1024 * 1024, "it was read"
    with clients(port, 1, head) as (client,):
        if b"chunked" in how:
            for _ in range(65):
                client.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
        answer = received(client)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["type"].endswith("/problems/content-too-large")


def test_a_client_that_waits_for_a_word_gets_it(port):
    body = b'{"start": "2025-01-20", "length": 75}'
    head = BODY[:-1].replace(b"40", b"%d\r\nExpect: 100-continue" % len(body))
    with clients(port, 1, head) as (client,):
        assert client.recv(4096).startswith(b"HTTP/1.1 100 ")
        client.sendall(body)
        assert b'"due":"2025-04-05"' in received(client)


def test_an_endless_header_is_cut_off(port):
    with clients(port, 1, HEADER) as (client,):
        try:
            for _ in range(40):
                client.sendall(b"x" * 8192)
            answer = everything(client)
        except (BrokenPipeError, ConnectionResetError):
            answer = b"HTTP/1.1 431 "
        assert answer.startswith(b"HTTP/1.1 431 ")
    assert answered(port) < 2


@pytest.mark.parametrize(
    "broken",
    [
        b"NONSENSE\r\n\r\n",
        b"POST /api/v1/count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /api/v1/count HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/v1/count HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    ],
)
def test_a_broken_request_is_refused_and_the_server_lives(port, broken):
    with clients(port, 1, broken) as (client,):
        assert everything(client).startswith(b"HTTP/1.1 400 ")
    assert answered(port) < 2


def test_a_client_that_goes_away_in_the_middle_does_no_harm(port):
    for first in (b"G", HEADER, BODY, CHUNKS):
        with clients(port, SLOW, first):
            pass
    assert answered(port) < 2


def test_the_server_does_not_say_what_it_is_made_of(port):
    with clients(port, 1, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") as (client,):
        head = received(client).lower()
    assert b"server: daybook\r\n" in head
    assert b"gunicorn" not in head
    assert b"werkzeug" not in head
    assert b"x-powered-by" not in head


def received(client):
    """One answer with its body."""
    data = b""
    while b"\r\n\r\n" not in data or len(data.partition(b"\r\n\r\n")[2]) < length_of(data):
        piece = client.recv(65536)
        if not piece:
            break
        data += piece
        if data.startswith(b"HTTP/1.1 100 ") and b"\r\n\r\n" in data:
            data = data.partition(b"\r\n\r\n")[2]
    return data


def length_of(data):
    for line in data.partition(b"\r\n\r\n")[0].lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


def everything(client):
    """All that comes until the server closes."""
    data = b""
    while piece := client.recv(65536):
        data += piece
    return data
