"""Webhooks against a real receiver, verified as its owner would, and against receivers that behave badly."""

import json
import logging
import threading
import time
import tracemalloc
from dataclasses import replace

import pytest
import requests
from standardwebhooks import Webhook, WebhookVerificationError

from alerts.channels import shown
from alerts.channels.webhook import new_secret, rotated
from domain.errors import BadValue
from tests.alerts.receivers import closes, drips, floods, hangs, hostile, http_receiver, resets, says

HUNDRED_MB = 100_000_000


def test_a_webhook_is_posted_once_and_verifies_by_its_secret(senders, channel, message, now):
    with http_receiver() as receiver:
        target = senders().check("webhook", f"{receiver.url}/hook?team=1")
        mine = channel("webhook", target)
        senders().send(mine, message, now)
    (got,) = receiver.requests
    assert (got.method, got.path, got.headers["content-type"]) == ("POST", "/hook?team=1", "application/json")
    assert Webhook(mine.secrets[0]).verify(got.body, got.headers) == message.data
    assert (got.headers["webhook-id"], got.headers["webhook-timestamp"]) == (message.id, str(now // 1_000_000))
    assert json.loads(got.body) == message.data
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(got.body, got.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(mine.secrets[0]).verify(got.body + b" ", got.headers)


def test_a_second_try_has_the_same_id_and_its_own_time(senders, channel, message, now):
    with http_receiver() as receiver:
        mine = channel("webhook", receiver.url)
        senders().send(mine, message, now)
        senders().send(mine, message, now + 60_000_000)
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == message.id
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 60
    assert Webhook(mine.secrets[0]).verify(second.body, second.headers) == message.data


def test_while_a_secret_is_rotated_both_verify_and_an_older_one_no_longer(senders, channel, message, now):
    oldest = (new_secret(),)
    older = rotated(oldest)
    newest = rotated(older)
    with http_receiver() as receiver:
        senders().send(channel("webhook", receiver.url, newest), message, now)
    (got,) = receiver.requests
    assert len(got.headers["webhook-signature"].split()) == 2
    for secret in (newest[0], older[0]):
        assert Webhook(secret).verify(got.body, got.headers) == message.data
    with pytest.raises(WebhookVerificationError):
        Webhook(oldest[0]).verify(got.body, got.headers)


def test_a_secret_is_long_random_and_of_the_standard_form():
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(secret.startswith("whsec_") and len(secret) == 50 for secret in made)


@pytest.mark.parametrize("secrets", [("whsec_",), ("whsec_ä",), ("whsec_x",)])
def test_a_webhook_without_a_usable_secret_is_not_sent_unsigned(secrets, senders, channel, message, now, failure):
    with http_receiver() as receiver:
        assert "signing secret" in failure(senders().send, channel("webhook", receiver.url, secrets), message, now).detail
        assert "secret" in failure(senders().send, replace(channel("webhook", receiver.url), secrets=()), message, now).detail
    assert receiver.requests == []


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_an_arrival(status, senders, channel, message, now):
    with http_receiver(status=status, headers={"Content-Length": "0"}) as receiver:
        senders().send(channel("webhook", receiver.url), message, now)
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("status", "gone"), [(410, True), (400, False), (401, False), (404, False), (429, False), (500, False), (503, False)]
)
def test_any_other_status_is_a_failure_told_with_its_number(status, gone, senders, channel, message, now, failure):
    with http_receiver(status=status, body=b"<h1>Traceback: secret</h1>") as receiver:
        failed = failure(senders().send, channel("webhook", f"{receiver.url}/secret-path"), message, now)
    assert f"http://127.0.0.1:{receiver.port} answered {status}" in failed.detail
    assert "secret" not in failed.detail
    assert failed.gone is gone


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_but_named(status, senders, channel, message, now, failure):
    with http_receiver() as other, http_receiver(status=status, headers={"Location": f"{other.url}/token"}) as receiver:
        failed = failure(senders().send, channel("webhook", receiver.url), message, now)
    assert f"answered {status}, a redirect to {other.url}. Redirects are not followed" in failed.detail
    assert not failed.gone
    assert len(receiver.requests) == 1
    assert other.requests == []


@pytest.mark.parametrize("location", ["", "/there", "http://[", "x\x85y", "//%00"])
def test_a_redirect_to_nowhere_is_a_failure_like_another(location, senders, channel, message, now, failure):
    with http_receiver(status=302, headers={"Location": location}) as receiver:
        assert "answered 302" in failure(senders().send, channel("webhook", receiver.url), message, now).detail


@pytest.mark.parametrize("status", [200, 302, 500])
@pytest.mark.parametrize("how", ["length", "chunked", "gzip", "until it closes"])
def test_an_answer_of_100_megabytes_costs_neither_time_nor_memory(status, how, senders, channel, message, now, failure):
    sent = []

    def flood(connection):
        line = b"10000\r\n" + b"x" * 65536 + b"\r\n" if how == "chunked" else b"x" * 65536
        try:
            while sum(sent) < HUNDRED_MB:
                sent.append(connection.send(line))
        except OSError:
            pass

    headers = {
        "length": {"Content-Length": str(HUNDRED_MB)},
        "chunked": {"Transfer-Encoding": "chunked"},
        "gzip": {"Content-Encoding": "gzip"},
    }
    headers = headers.get(how, {}) | {"Location": "https://hooks.example/"}
    with http_receiver(status=status, headers=headers, body=flood) as receiver:
        tracemalloc.start()
        begun = time.monotonic()
        if status == 200:
            senders().send(channel("webhook", receiver.url), message, now)
        else:
            failure(senders().send, channel("webhook", receiver.url), message, now)
        assert time.monotonic() - begun < 3
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
        tracemalloc.stop()
        receiver_is_rid_of_us = time.monotonic() + 5
        while time.monotonic() < receiver_is_rid_of_us and not sent:
            time.sleep(0.01)
    assert sum(sent) < 20_000_000  # what fits into the buffers between the two


@pytest.mark.parametrize(
    ("behave", "expected"),
    [
        (hangs, "did not answer within 0.3 seconds"),
        (closes, "broke the connection off"),
        (resets, "broke the connection off"),
        (says(b"220 mail.test ESMTP\r\n"), "not HTTP"),
        (says(b"\x00\xff\x00\xff\r\n\r\n", closes), "not HTTP"),
        (says(b"HTTP/1.1 200"), "did not answer within 0.3 seconds"),
        (says(b"HTTP/1.1 200 OK\r\nX: "), "did not answer within 0.3 seconds"),
        (says(b"HTTP/1.1 999999999999999 OK\r\n\r\n"), "not HTTP"),
        (drips(b""), "took longer than 1.2 seconds in all, and was cut off"),
        (drips(b"HTTP/1.1 200 OK\r\nX-Long: "), "took longer than 1.2 seconds in all, and was cut off"),
        (floods(b"", b"HTTP/1.1 100 Continue\r\n\r\n", HUNDRED_MB * 100), "took longer than 1.2 seconds in all, and was cut off"),
        (floods(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", HUNDRED_MB), "not HTTP"),
        (floods(b"HTTP/1.1 200 OK\r\nX: ", b"yyyyyyyy", HUNDRED_MB), "not HTTP"),
    ],
)
def test_a_receiver_that_behaves_badly_is_left_in_time_and_told_of(behave, expected, senders, channel, message, now, failure):
    with hostile(behave) as server:
        failed = failure(senders(patience=0.3, deadline=1.2).send, channel("webhook", server.url), message, now)
        assert expected in failed.detail
        assert not failed.gone
        assert server.visits == 1
        assert [thread for thread in threading.enumerate() if thread.name == "delivery"] == []


def test_a_receiver_that_does_not_speak_tls_is_told_of(senders, channel, message, now, failure):
    with http_receiver() as receiver:
        failed = failure(senders().send, channel("webhook", f"https://127.0.0.1:{receiver.port}/"), message, now)
    assert failed.detail.startswith(f"No safe connection to https://127.0.0.1:{receiver.port}")


@pytest.fixture
def trusted(certificate, monkeypatch):
    """As if an authority had signed the certificate of this machine."""
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(certificate[0]))


def test_a_webhook_over_tls_arrives_where_the_certificate_is_that_of_the_host(
    senders, channel, message, now, failure, tls, trusted
):
    with http_receiver(context=tls) as receiver:
        mine = channel("webhook", receiver.url)
        senders(allow="localhost").send(mine, message, now)
        other = replace(mine, target=receiver.url.replace("localhost", "127.0.0.1"))
        assert "its certificate is not valid" in failure(senders().send, other, message, now).detail
    (got,) = receiver.requests
    assert Webhook(mine.secrets[0]).verify(got.body, got.headers) == message.data
    assert got.headers["host"] == f"localhost:{receiver.port}"


def test_a_certificate_that_nobody_vouches_for_is_refused(senders, channel, message, now, failure, tls):
    with http_receiver(context=tls) as receiver:
        failed = failure(senders(allow="localhost").send, channel("webhook", receiver.url), message, now)
    assert failed.detail.startswith(f"No safe connection to {receiver.url}")
    assert receiver.requests == []


def test_a_receiver_that_drips_over_tls_is_cut(senders, channel, message, now, failure, tls, trusted):
    with hostile(drips(b"HTTP/1.1 200 OK\r\nX: "), tls) as server:
        url = f"https://localhost:{server.port}/"
        failed = failure(
            senders(patience=0.3, deadline=1.2, allow="localhost").send, channel("webhook", url), message, now, seconds=1.5
        )
        assert "took longer than 1.2 seconds in all" in failed.detail
        assert [thread for thread in threading.enumerate() if thread.name == "delivery"] == []


@pytest.mark.parametrize("behave", [hangs, drips(b"\x16\x03\x03\x40\x00")])
def test_a_handshake_that_never_ends_is_cut(behave, senders, channel, message, now, failure):
    with hostile(behave) as server:
        failure(
            senders(patience=0.3, deadline=1.2).send,
            channel("webhook", f"https://127.0.0.1:{server.port}/"),
            message,
            now,
            seconds=1.5,
        )
        assert [thread for thread in threading.enumerate() if thread.name == "delivery"] == []


def test_nobody_at_the_port_is_told_of(senders, channel, message, now, failure):
    with http_receiver() as receiver:
        url = receiver.url
    assert (
        failure(senders().send, channel("webhook", url), message, now).detail
        == f"{url} could not be reached: nothing takes connections there."
    )


def test_a_resolver_that_hangs_keeps_one_thread_and_harms_no_other_channel(senders, channel, message, now, failure, monkeypatch):
    import socket

    real, is_free = socket.getaddrinfo, threading.Event()
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *a, **kw: real(host, *a, **kw) if host == "127.0.0.1" else is_free.wait(20) and real(host, *a, **kw),
    )
    sending = senders(patience=0.3, deadline=0.3)
    slow = channel("webhook", "https://hooks.example/secret")
    for _ in range(3):
        assert "Sending to https://hooks.example took longer" in failure(sending.send, slow, message, now).detail
    assert len([thread for thread in threading.enumerate() if thread.name == "delivery"]) == 1
    with http_receiver() as receiver:
        sending.send(channel("webhook", receiver.url), message, now)
    assert len(receiver.requests) == 1
    with pytest.raises(BadValue, match="cannot be looked up just now") as refused:
        sending.check("webhook", "https://other.example/")
    assert refused.value.field == "target"
    is_free.set()


def test_neither_proxies_nor_passwords_of_the_machine_are_used(senders, channel, message, now, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ann password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with http_receiver() as receiver, http_receiver() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        senders().send(channel("webhook", receiver.url), message, now)
    assert "authorization" not in receiver.requests[0].headers
    assert proxy.requests == []


def test_what_may_be_secret_in_a_url_is_neither_shown_nor_logged(senders, channel, message, now, failure, caplog, capsys):
    caplog.set_level(logging.WARNING)
    with http_receiver(status=500) as receiver:
        url = f"{receiver.url}/token-abc?key=token-abc"
        failed = failure(senders().send, channel("webhook", url), message, now)
        failure(senders().send, channel("webhook", "https://127.0.0.1:1/token-abc"), message, now)
    assert shown("webhook", url) == receiver.url
    captured = capsys.readouterr()
    assert "token-abc" not in failed.detail + caplog.text + captured.out + captured.err


def test_an_error_of_our_own_is_a_failed_delivery_and_not_a_crash(senders, channel, message, now, failure, capsys):
    with http_receiver() as receiver:
        odd = replace(message, data={"when": object()})
        failed = failure(senders().send, channel("webhook", f"{receiver.url}/token-abc"), odd, now)
    assert failed.detail == f"Daybook itself failed to send to {receiver.url} (TypeError)."
    assert "token-abc" not in capsys.readouterr().out
    assert receiver.requests == []
