"""What the tests of the channels share: a message, and senders that are soon out of patience."""

import re
import shutil
import socket
import ssl
import subprocess
import time

import pytest

from alerts.channels import Senders
from alerts.channels.settings import read_sending
from alerts.channels.webhook import new_secret
from alerts.model import Channel, DeliveryFailed, Message

BASE = "https://daybook.example.org"


@pytest.fixture
def message():
    """A message with a letter or two beyond ASCII, and a line that SMTP must protect."""
    return Message(
        id="a1b2c3d4",
        subject="In 3 days: réponse due — Docket 24-1",
        text="Due on 2026-11-27.\n.\nThat is 3 days – or 3 working days.\n",
        html="<p>Due on <b>2026-11-27</b> – a Friday.</p>",
        data={"type": "alert", "timestamp": "2026-11-24T12:00:00Z", "data": {"window": "réponse", "days_left": 3}},
        made=1_795_521_600_000_000,
        leave_url=f"{BASE}/leave/{'t' * 64}",
    )


@pytest.fixture
def senders():
    """Make senders from settings as the operator writes them; webhooks may go to 127.0.0.1 unless `allow` says otherwise."""

    def make(patience=2.0, deadline=5.0, allow="127.0.0.1", **environ):
        from dataclasses import replace

        environ = {f"DAYBOOK_{name.upper()}": value for name, value in environ.items()}
        sending = read_sending(
            {"DAYBOOK_WEBHOOK_ALLOW": allow, "DAYBOOK_MAIL_FROM": "Daybook <alerts@example.org>"} | environ, BASE
        )
        return Senders(replace(sending, patience=patience, deadline=deadline))

    return make


@pytest.fixture
def channel():
    """A channel of that kind and target; a webhook's has a secret."""

    def make(kind, target, secrets=None):
        return Channel(id="c1", account="ann", kind=kind, name="Mine", target=target, secrets=secrets or (new_secret(),))

    return make


@pytest.fixture
def now():
    """The instant now: the Standard Webhooks library refuses old timestamps."""
    return time.time_ns() // 1000


@pytest.fixture
def failure():
    """What a delivery fails with: `failure(send).detail`; it reads as a sentence and comes within `seconds`."""

    def catch(send, *arguments, seconds=3.0):
        begun = time.monotonic()
        with pytest.raises(DeliveryFailed) as caught:
            send(*arguments)
        assert time.monotonic() - begun < seconds
        assert re.fullmatch(r"([A-Z“]|https?://)[^<>\n]{20,400}", caught.value.detail)
        assert "Error(" not in caught.value.detail
        return caught.value

    return catch


@pytest.fixture
def resolver(monkeypatch):
    """A resolver that answers as told: `resolver({"hooks.example": [first answer, second answer, …]})`, each a list of addresses."""
    real = socket.getaddrinfo

    def answer(names):
        asked = []

        def fake(host, port, *arguments, **options):
            if host not in names:
                try:
                    socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
                except OSError:
                    raise socket.gaierror(-2, "Name or service not known") from None
                return real(host, port, *arguments, **options)
            asked.append(host)
            answers = names[host]
            addresses = answers[min(asked.count(host), len(answers)) - 1]
            return [row for address in addresses for row in real(address, port, *arguments, **options)]

        monkeypatch.setattr(socket, "getaddrinfo", fake)
        return asked

    return answer


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A self-signed certificate for this machine, and its key, as files."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl is installed here")
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


@pytest.fixture
def tls(certificate):
    """The TLS of a server with that certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context
