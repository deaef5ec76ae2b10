"""What the operator sets about sending."""

from ipaddress import ip_network

import pytest

from alerts.channels.internal import Internal
from alerts.channels.settings import SCHEMES, MailServer, read_sending
from domain.errors import BadValue

BASE = "https://daybook.example.org"
FROM = "alerts@example.org"


def read(**environ):
    return read_sending({f"DAYBOOK_{name.upper()}": value for name, value in environ.items()}, BASE)


def test_without_a_word_there_is_no_mail_nothing_inside_and_the_well_known_chats():
    sending = read()
    assert (sending.mail, sending.internal, sending.schemes, sending.base_url) == (None, Internal(), SCHEMES, BASE)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 25, "smtp")),
        ("smtp://mail:2525/", MailServer("mail", 2525, "smtp")),
        ("SMTP://Mail.Example.org", MailServer("mail.example.org", 25, "smtp")),
        ("smtp://127.0.0.1:1", MailServer("127.0.0.1", 1, "smtp")),
        ("smtps://[2001:db8::1]", MailServer("2001:db8::1", 465, "smtps")),
        ("smtp+starttls://mail.example.org", MailServer("mail.example.org", 587, "smtp+starttls")),
        (
            "smtp+starttls://ann%40x:p%40ss%3A@mail.example.org",
            MailServer("mail.example.org", 587, "smtp+starttls", "ann@x", "p@ss:"),
        ),
        ("smtps://ann:pw@mail.example.org:4650", MailServer("mail.example.org", 4650, "smtps", "ann", "pw")),
        ("smtp://ann:pw@localhost", MailServer("localhost", 25, "smtp", "ann", "pw")),
    ],
)
def test_a_mail_server_is_one_url(url, server):
    assert read(smtp=url, mail_from=FROM).mail == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org", "mail.example.org:25", "http://mail.example.org", "smtp://", "smtp://:25", "smtp://mail:0x1", "smtp://mail:65536", "smtp://mail:-1",
        "smtp://a b", "smtp://mail/path", "smtp://mail?x=hunter2", "smtp://mail#x", "smtps://ann@mail.example.org", "smtps://:hunter2@mail.example.org",
        "smtps://ann@x.org:hunter2@mail.example.org", "smtp://[::1", "smtp://ann:hunter2@mail.example.org", "smtp://127.1", "smtp+tls://mail",
    ],
)  # fmt: skip
def test_another_url_is_refused_with_the_variable_and_without_the_password(url):
    with pytest.raises(BadValue, match=r"^DAYBOOK_SMTP ") as refused:
        read(smtp=url, mail_from=FROM)
    assert refused.value.field == "DAYBOOK_SMTP"
    assert "hunter2" not in refused.value.detail


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        (FROM, "", FROM),
        (" Daybook <alerts@Example.org> ", "Daybook", FROM),
        ('"Tage, Buch" <alerts@example.org>', "Tage, Buch", FROM),
        ("<alerts@example.org>", "", FROM),
    ],
)
def test_the_sender_is_an_address_with_or_without_a_name(text, name, address):
    sending = read(smtp="smtp://mail", mail_from=text)
    assert (sending.mail_name, sending.mail_from) == (name, address)


@pytest.mark.parametrize(
    "text", ["", " ", "Daybook", "a@b.org, c@d.org", "Daybook <a@b.org> x", "Day\r\nbook <a@b.org>", "a@b", "<<a@b.org>>", "X <>"]
)
def test_another_sender_is_refused_with_the_variable(text):
    with pytest.raises(BadValue) as refused:
        read(smtp="smtp://mail", mail_from=text)
    assert refused.value.field == "DAYBOOK_MAIL_FROM"


def test_hosts_and_networks_inside_are_listed_with_commas_or_spaces():
    internal = read(webhook_allow="hooks.intranet, 10.1.0.0/16 Hooks.Corp.,127.0.0.1 fd00::/8 [::1] db").internal
    assert internal.names == ("hooks.intranet", "hooks.corp", "db")
    assert internal.networks == tuple(map(ip_network, ("10.1.0.0/16", "127.0.0.1/32", "fd00::/8", "::1/128")))


@pytest.mark.parametrize(
    "text", ["*", "*.corp", "http://hooks.corp", "10.1.0.1/16", "10.1", "0x7f.1", "hooks.corp:8000", "a_b", "10.0.0.0/33"]
)
def test_another_host_inside_is_refused_with_the_variable(text):
    with pytest.raises(BadValue, match="DAYBOOK_WEBHOOK_ALLOW") as refused:
        read(webhook_allow=f"hooks.corp {text}")
    assert refused.value.field == "DAYBOOK_WEBHOOK_ALLOW"


def test_the_services_that_may_be_set_are_those_listed_and_no_others():
    assert read(apprise_schemes="slack, JSON:// mailtos").schemes == ("slack", "json", "mailtos")
    with pytest.raises(BadValue, match="names “slak”") as refused:
        read(apprise_schemes="json, slak")
    assert refused.value.field == "DAYBOOK_APPRISE_SCHEMES"
