"""What operators set by URL, against a real receiver; here `json` is a service that they allow."""

import io
import json
import logging
import threading

import pytest

from alerts.channels import shown
from alerts.channels.operators import known_schemes
from alerts.channels.settings import SCHEMES
from alerts.model import PAGE
from domain.errors import BadValue
from tests.alerts.receivers import closes, drips, hangs, hostile, http_receiver, mail_server, resets, says

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#alerts"


def test_a_message_reaches_the_service(senders, channel, message, now):
    with http_receiver() as receiver:
        sending = senders(apprise_schemes="json")
        sending.send(channel("apprise", sending.check("apprise", f" json://ann:pw@127.0.0.1:{receiver.port}/x ")), message, now)
    (got,) = receiver.requests
    said = json.loads(got.body)
    assert (said["title"], said["message"]) == (message.subject, message.text.strip())
    assert got.path == "/x"


@pytest.mark.parametrize(("status", "expected"), [(500, "answered 500"), (404, "answered 404"), (302, "answered 302")])
def test_a_service_that_refuses_is_told_of_without_the_url(status, expected, senders, channel, message, now, failure):
    with http_receiver() as other, http_receiver(status=status, headers={"Location": other.url}) as receiver:
        url = f"json://ann:hunter2@127.0.0.1:{receiver.port}/token-abc"
        failed = failure(senders(apprise_schemes="json").send, channel("apprise", url), message, now)
    assert failed.detail == f"The service json://127.0.0.1 {expected}."
    assert not failed.gone
    assert other.requests == []


@pytest.mark.parametrize("behave", [hangs, closes, resets, says(b"junk\r\n\r\n"), says(b"HTTP/1.1 200 OK\r\nX: ")])
def test_a_service_that_behaves_badly_is_told_of_in_time(behave, senders, channel, message, now, failure):
    with hostile(behave) as server:
        sending = senders(apprise_schemes="json", patience=0.3, deadline=2)
        failed = failure(sending.send, channel("apprise", f"json://127.0.0.1:{server.port}/"), message, now)
    assert failed.detail == "The service json://127.0.0.1 did not take the message, or could not be reached."


def test_a_service_that_drips_keeps_one_thread_and_harms_no_other_channel(senders, channel, message, now, failure):
    with hostile(drips(b"HTTP/1.1 200 OK\r\nX: ")) as server, mail_server() as mail:
        sending = senders(apprise_schemes="json", patience=0.3, deadline=0.5, smtp=mail.url)
        for _ in range(3):
            failed = failure(sending.send, channel("apprise", f"json://127.0.0.1:{server.port}/token-abc"), message, now)
            assert failed.detail == "Sending to json://127.0.0.1 took longer than 0.5 seconds in all, and was cut off."
        assert server.visits == 1
        assert len([thread for thread in threading.enumerate() if thread.name == "delivery"]) == 1
        assert all(
            thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()
        )  # or the clock could not end
        sending.send(channel("email", "ann@example.org"), message, now)
    assert len(mail.messages) == 1


def test_a_long_message_goes_in_parts_that_the_service_takes(senders):
    from alerts.channels.operators import _service

    sending = senders().sending
    assert _service(SLACK, sending).overflow_mode == "split"
    assert _service(f"{SLACK}?overflow=truncate", sending).overflow_mode == "truncate"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "exec://rm", "dbus://", "gnome://", "windows://", "macosx://", "syslog://", "rsyslog://127.0.0.1", "json://127.0.0.1/",
        "jsons://127.0.0.1", "xml://127.0.0.1", "form://127.0.0.1", "forms://127.0.0.1", "mailto://ann:pw@example.org", "mailtos://ann:pw@example.org",
        "mqtt://127.0.0.1", "apprise://127.0.0.1/token", "https://hooks.slack.com/services/T1/B1/x", "nothing://x", "slack+json://x", "", "slack", "://",
        "json://127.0.0.1/?slack://", "\njson://127.0.0.1",
    ],
)  # fmt: skip
def test_only_the_allowed_services_may_be_set_and_the_error_names_them(url, senders, channel, message, now, failure):
    with pytest.raises(BadValue) as refused:
        senders().check("apprise", url)
    assert refused.value.field == "target"
    assert all(scheme in refused.value.detail for scheme in ("slack", "discord", "matrix", "tgram"))
    assert "passwd" not in refused.value.detail
    assert ":pw" not in refused.value.detail
    assert senders().sending.schemes == SCHEMES
    assert "These are: " in failure(senders().send, channel("apprise", url), message, now).detail


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("slack://", "not a complete URL for slack"),
        ("slack://token-abc", "not a complete URL for slack"),
        ("tgram://token-abc/", "not a complete URL for tgram"),
        ("discord://token-abc", "not a complete URL for discord"),
        (f"{SLACK}, slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "one URL without spaces"),
        (f"{SLACK}\r\n", None),
        (f"{SLACK}\x00", "one URL without spaces"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/?template=/etc/passwd", "may not name a template"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?Template=file:///etc/passwd", "may not name a template"),
    ],
)
def test_a_url_is_complete_single_and_reads_no_file_of_the_machine(url, expected, senders):
    if expected is None:
        assert senders().check("apprise", url) == url.strip()
        return
    with pytest.raises(BadValue, match=expected) as refused:
        senders().check("apprise", url)
    assert "token-abc" not in refused.value.detail
    assert refused.value.field == "target"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (SLACK, "slack://…"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", "tgram://…"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "discord://…"),
        ("mmosts://bot@chat.example.org/3ccdd113474722377935511fc85d3dd4", "mmosts://chat.example.org"),
        ("ntfy://secret-topic", "ntfy://…"),
        ("matrixs://ann:hunter2@matrix.example.org/#room", "matrixs://matrix.example.org"),
        ("sendgrid://SG.abc.def:from@example.org/to@example.org", "sendgrid://…"),
        ("nothing://secret.example.org", "nothing://…"),
        ("secret", "apprise://…"),
        ("slack://[secret", "slack://…"),
    ],
)
def test_of_a_url_only_what_is_no_secret_is_shown(url, expected):
    assert shown("apprise", url) == expected


def test_every_service_that_may_be_set_is_one_that_apprise_has():
    assert set(SCHEMES) <= known_schemes()
    assert not set(SCHEMES) & {
        "file",
        "exec",
        "dbus",
        "syslog",
        "rsyslog",
        "json",
        "jsons",
        "xml",
        "form",
        "mailto",
        "mailtos",
        "windows",
        "apprise",
    }


@pytest.fixture
def root_log():
    """All that an operator reads whose log takes everything, but for what urllib3 says when it is debugged."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(lambda record: not record.name.startswith("urllib3"))
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_log_has_the_url(senders, channel, message, now, failure, root_log, capsys):
    with http_receiver(status=500) as receiver:
        url = f"json://ann:hunter2@127.0.0.1:{receiver.port}/?-x=hunter2"
        failure(senders(apprise_schemes="json").send, channel("apprise", url), message, now)
        with pytest.raises(BadValue):
            senders(apprise_schemes="json").check("apprise", "json://hunter2:hunter2@:x/")
        logging.getLogger("other").debug("this log takes everything")
    captured = capsys.readouterr()
    assert "this log takes everything" in root_log.getvalue()
    assert "hunter2" not in root_log.getvalue() + captured.out + captured.err


def test_the_page_needs_no_sending_and_an_unknown_kind_is_refused(senders, channel, message, now):
    assert senders().check(PAGE, "whatever") == ""
    assert senders().send(channel(PAGE, ""), message, now) is None
    with pytest.raises(BadValue, match="pigeon") as refused:
        senders().check("pigeon", "x")
    assert refused.value.field == "kind"
