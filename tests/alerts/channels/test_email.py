"""E-mail against a real SMTP server, and against servers that behave badly."""

import smtplib
import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels.email import compose
from alerts.channels.settings import Sending
from alerts.model import Message
from domain.errors import BadValue
from tests.alerts.receivers import closes, drips, floods, hangs, hostile, leaves, mail_server, resets, says

HUNDRED_MB = 100_000_000


def test_a_message_arrives_as_plain_text_and_html_with_a_way_out(senders, channel, message, now):
    with mail_server() as server:
        sending = senders(smtp=server.url)
        sending.send(channel("email", sending.check("email", "ann@Example.org")), message, now)
    (mail,) = server.messages
    assert server.recipients == [["ann@example.org"]]
    assert (mail["From"], mail["To"]) == ("Daybook <alerts@example.org>", "ann@example.org")
    assert mail["Subject"] == message.subject
    assert mail["Message-ID"] == "<a1b2c3d4@daybook.example.org>"
    assert mail["Date"] == "Tue, 24 Nov 2026 12:00:00 +0000"
    assert mail["List-Unsubscribe"] == f"<{message.leave_url}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] is mail["Cc"] is mail["Bcc"] is None
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().splitlines() == message.text.splitlines()
    assert html.get_content().splitlines() == [message.html]


def test_the_way_out_is_on_one_line_as_mail_programs_read_it(senders, channel, message, now):
    with mail_server() as server:
        senders(smtp=server.url).send(channel("email", "ann@example.org"), message, now)
    lines = server.raw[0].split(b"\r\n")
    assert f"List-Unsubscribe: <{message.leave_url}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert max(map(len, lines)) < 998
    assert server.raw[0].isascii()


def test_without_a_way_out_none_is_promised(senders, channel, message, now):
    with mail_server() as server:
        senders(smtp=server.url).send(channel("email", "ann@example.org"), replace(message, leave_url=None), now)
    assert server.messages[0]["List-Unsubscribe"] is server.messages[0]["List-Unsubscribe-Post"] is None


def test_a_second_try_is_the_same_mail(senders, channel, message, now):
    with mail_server() as server:
        for later in (0, 60_000_000):
            senders(smtp=server.url).send(channel("email", "ann@example.org"), message, now + later)
    first, second = server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_a_title_cannot_put_headers_or_recipients_into_the_mail(senders, channel, message, now):
    evil = replace(
        message,
        id="x>\r\nBcc: eve@example.org",
        subject="Due\r\nBcc: eve@example.org\n\n<b>hello</b>\x00\x85\u2028 x",
        text="a\r\n.\r\nMAIL FROM:<eve@example.org>\r\n.\n..\n",
        leave_url="https://daybook.example.org/x>\r\nBcc: eve@example.org",
    )
    with mail_server() as server:
        senders(smtp=server.url).send(channel("email", "ann@example.org"), evil, now)
    (mail,) = server.messages
    assert server.recipients == [["ann@example.org"]]
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Due Bcc: eve@example.org <b>hello</b> x"
    assert next(mail.iter_parts()).get_content().split() == evil.text.split()
    assert len(list(mail.iter_parts())) == 2


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.text(max_size=400), st.text(max_size=300), st.text(min_size=1, max_size=80))
def test_whatever_a_title_holds_the_mail_has_its_own_headers_and_no_others(subject, text, html, name):
    sending = Sending(mail_from="alerts@example.org", base_url="https://daybook.example.org")
    made = compose(
        sending, "ann@example.org", Message(name, subject, text, html, {}, 0, f"https://daybook.example.org/leave/{name}")
    ).as_bytes()
    head, _, _ = made.partition(b"\r\n\r\n")
    assert made.isascii()
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert names == [
        *(b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted", b"List-Unsubscribe", b"List-Unsubscribe-Post"),
        *(b"MIME-Version", b"Content-Type"),
    ]


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        (" ann@example.org ", "ann@example.org"),
        ("Ann.O'Neil+alerts@EXAMPLE.org", "Ann.O'Neil+alerts@example.org"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@example.org.", "ann@example.org"),
        ("a" * 64 + "@example.org", "a" * 64 + "@example.org"),
    ],
)
def test_an_address_is_tidied(typed, tidied, senders):
    assert senders(smtp="smtp://127.0.0.1:25").check("email", typed) == tidied


@pytest.mark.parametrize(
    "typed",
    [
        "", "ann", "@example.org", "ann@", "ann@@example.org", "ann@localhost", "ann@example", "ann@example..org", "ann@.example.org", "ann@-x.org",
        "ann@127.0.0.1", "ann@[127.0.0.1]", "ann@exa mple.org", "ann smith@example.org", "ann@example.org,bob@example.org", "ann@example.org bob@example.org",
        "ann@example.org;bob@example.org", "Ann <ann@example.org>", "<ann@example.org>", '"ann"@example.org', ".ann@example.org", "ann.@example.org",
        "a..b@example.org", "ann@example.org\r\nBcc: eve@example.org", "ann\r\n@example.org", "ann@example.org\x00", "änn@example.org", "ann@example.org>",
        "a" * 65 + "@example.org", "ann@" + "a." * 130 + "org", "ann@" + "a" * 64 + ".org", "mailto:ann@example.org", "ann%eve@example.org@x.org", "-a@1.2.3",
    ],
)  # fmt: skip
def test_what_is_not_one_bare_address_is_refused(typed, senders):
    with pytest.raises(BadValue, match=r"not (one|an) e-mail address") as refused:
        senders(smtp="smtp://127.0.0.1:25").check("email", typed)
    assert refused.value.field == "target"
    assert "\n" not in refused.value.detail


def test_without_a_mail_server_no_address_is_taken(senders, channel, message, now, failure):
    with pytest.raises(BadValue, match="DAYBOOK_SMTP"):
        senders().check("email", "ann@example.org")
    assert "no mail server" in failure(senders().send, channel("email", "ann@example.org"), message, now).detail


def test_a_server_that_asks_for_a_password_gets_it(senders, channel, message, now):
    with mail_server(login=("ann", "p@ss:w/rd%")) as server:
        url = server.url.replace("ann:p@ss:w/rd%", "ann:p%40ss%3Aw%2Frd%25")
        senders(smtp=url).send(channel("email", "ann@example.org"), message, now)
    assert len(server.messages) == 1


def test_a_wrong_password_is_the_operators_fault_and_not_the_addresss(senders, channel, message, now, failure):
    with mail_server(login=("ann", "right")) as server:
        failed = failure(
            senders(smtp=server.url.replace("right", "wrong")).send,
            channel("email", "ann@example.org"),
            message,
            now,
        )
    assert "did not accept Daybook's user and password: 535" in failed.detail
    assert "wrong" not in failed.detail
    assert not failed.gone


def test_a_password_that_is_asked_for_and_not_set_is_the_operators_fault(senders, channel, message, now, failure):
    with mail_server(login=("ann", "right")) as server:
        failed = failure(senders(smtp=server.url.replace("ann:right@", "")).send, channel("email", "ann@example.org"), message, now)
    assert "530" in failed.detail
    assert not failed.gone


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_certificate_that_the_machine_trusts_is_enough(scheme, senders, channel, message, now, tls, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with mail_server(scheme, tls, login=("ann", "secret")) as server:
        senders(smtp=server.url).send(channel("email", "ann@example.org"), message, now)
    assert len(server.messages) == 1


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_password_is_told(
    scheme, senders, channel, message, now, tls, failure
):
    with mail_server(scheme, tls, login=("ann", "secret")) as server:
        failed = failure(senders(smtp=server.url).send, channel("email", "ann@example.org"), message, now)
    assert "its certificate is not valid" in failed.detail
    assert not failed.gone
    assert server.messages == []


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_certificate_of_another_host_is_refused(scheme, senders, channel, message, now, tls, certificate, failure, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with mail_server(scheme, tls) as server:
        failed = failure(
            senders(smtp=server.url.replace("localhost", "127.0.0.1")).send, channel("email", "ann@example.org"), message, now
        )
    assert "its certificate is not valid" in failed.detail
    assert server.messages == []


def test_a_server_that_drops_the_offer_of_encryption_gets_no_mail(senders, channel, message, now, failure):
    """As somebody between the two would make it do."""
    with mail_server() as server:
        url = server.url.replace("smtp:", "smtp+starttls:")
        failed = failure(senders(smtp=url).send, channel("email", "ann@example.org"), message, now)
    assert "offers no encryption" in failed.detail
    assert not failed.gone
    assert server.messages == []


def test_a_server_without_tls_is_not_spoken_to_by_tls(senders, channel, message, now, failure):
    with mail_server() as server:
        failed = failure(
            senders(smtp=server.url.replace("smtp:", "smtps:")).send, channel("email", "ann@example.org"), message, now
        )
    assert "does not speak TLS" in failed.detail


@pytest.mark.parametrize("where", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ("550 5.1.1 no such user here", True),
        ("550 no such user here", True),
        ("552 5.2.2 mailbox full", True),
        ("554 5.6.0 not a message that we take", True),
        ("450 4.2.1 try again later", False),
        ("451 greylisted", False),
        ("452 4.3.1 insufficient storage", False),
        ("530 5.7.0 authentication required", False),
        ("530 log in first", False),
        ("550 5.7.1 relaying denied", False),
        ("554 5.3.0 out of order", False),
    ],
)
def test_a_refusal_is_told_in_the_servers_words_and_lasts_only_if_it_is_about_the_address(
    where, answer, gone, senders, channel, message, now, failure
):
    with mail_server(**{where: answer}) as server:
        failed = failure(senders(smtp=server.url).send, channel("email", "ann@example.org"), message, now)
    assert failed.detail.startswith(
        "The mail server 127.0.0.1 refused " + ("ann@example.org" if where == "RCPT" else "the message")
    )
    assert failed.detail.endswith(f": {answer}")
    assert failed.gone is gone
    assert server.messages == []


@pytest.mark.parametrize(
    ("behave", "expected"),
    [
        (hangs, "did not answer within 0.3 seconds"),
        (leaves, "broke the connection off"),
        (says(b"220 hello\r\n", resets), "broke the connection off"),
        (says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "did not greet as a mail server does"),
        (says(b"\x00\xff\xfe\x1b[31m\r\n"), "did not greet as a mail server does"),
        (says(b"554 5.7.1 you are on a list\r\n"), "did not greet as a mail server does: 554 5.7.1 you are on a list"),
        (says(b"220 hello\r\n"), "did not answer within 0.3 seconds"),
        (says(b"220 hello\r\n", closes), "broke the connection off"),
        (says(b"220 hello\r\n250 ok\r\n421 going down\r\n"), "421 going down"),
        (says(b"220 hello\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n"), "did not answer within 0.3 seconds"),
        (drips(b""), "took longer than 1.2 seconds in all"),
        (drips(b"220 hello\r\n250-"), "took longer than 1.2 seconds in all"),
        (floods(b"220", b"-hello\r\n220", HUNDRED_MB), "broke the connection off"),
        (floods(b"220", b"hello", HUNDRED_MB), "did not greet"),
    ],
)
def test_a_server_that_behaves_badly_is_left_in_time_and_told_of(behave, expected, senders, channel, message, now, failure):
    with hostile(behave) as server:
        sending = senders(patience=0.3, deadline=1.2, smtp=f"smtp://127.0.0.1:{server.port}")
        failed = failure(sending.send, channel("email", "ann@example.org"), message, now)
        assert expected in failed.detail
        assert not failed.gone
        assert server.visits == 1
        assert server.sent < 20_000_000
        assert [thread for thread in threading.enumerate() if thread.name == "delivery"] == []


@pytest.mark.parametrize("behave", [hangs, drips(b"\x16\x03\x03\x40\x00")])
def test_a_handshake_that_never_ends_is_cut(behave, senders, channel, message, now, failure):
    with hostile(behave) as server:
        sending = senders(patience=0.3, deadline=1.2, smtp=f"smtps://127.0.0.1:{server.port}")
        failure(sending.send, channel("email", "ann@example.org"), message, now)
        assert [thread for thread in threading.enumerate() if thread.name == "delivery"] == []


def test_nobody_at_the_port_is_told_of(senders, channel, message, now, failure):
    with mail_server() as server:
        pass
    failed = failure(senders(smtp=server.url).send, channel("email", "ann@example.org"), message, now)
    assert failed.detail == f"The mail server 127.0.0.1 cannot be reached at port {server.port}."
    assert not failed.gone


@pytest.mark.parametrize("goodbye", [hangs, leaves, resets, says(b"500 no\r\n"), drips(b"2")])
def test_once_it_is_accepted_no_odd_goodbye_makes_it_fail(goodbye, senders, channel, message, now):
    """Or it would be sent again, and arrive twice."""

    def behave(connection, server):
        connection.sendall(b"220 hello\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                if line.upper() == b"DATA\r\n":
                    connection.sendall(b"354 go on\r\n")
                    break
                connection.sendall(b"250 ok\r\n")
            got.extend(iter(lines.readline, b".\r\n"))
            connection.sendall(b"250 taken\r\n")
        goodbye(connection, server)

    got = []
    with hostile(behave) as server:
        senders(patience=0.3, deadline=1.2, smtp=f"smtp://127.0.0.1:{server.port}").send(
            channel("email", "ann@example.org"), message, now
        )
    assert b"To: ann@example.org\r\n" in got


def test_the_password_is_never_shown(senders, channel, message, now, failure, capsys):
    with mail_server(login=("ann", "right")) as server:
        sending = senders(smtp=server.url.replace("right", "hunter2"))
        failed = failure(sending.send, channel("email", "ann@example.org"), message, now)
    captured = capsys.readouterr()
    assert "hunter2" not in failed.detail + repr(sending.sending) + captured.out + captured.err


def test_a_mail_that_cannot_be_made_is_a_failed_delivery(senders, channel, message, now, failure, monkeypatch):
    with mail_server() as server:
        monkeypatch.setattr(smtplib.SMTP, "sendmail", lambda *arguments: 1 / 0)
        failed = failure(senders(smtp=server.url).send, channel("email", "ann@example.org"), message, now)
    assert failed.detail == "Daybook itself failed to send to ann@example.org (ZeroDivisionError)."
