"""A webhook goes to no host inside a network, however it is spelt: not when it is set, and not when it is sent to."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels.internal import Internal, is_public, refuse_internal
from domain.errors import BadValue
from tests.alerts.receivers import http_receiver

INSIDE = (
    # this machine
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1",
    "017700000001", "0177.1", "127.0.0.01", "127.0.0.0x1", "127.000.000.001", "127.0.0.1.", "127。0。0。1", "１２７.0.0.1", "①②⑦.⓪.⓪.①",
    "127.0.0.%31", "%31%32%37.0.0.1", "0", "0.0.0.0", "00000000", "0x0", "0.0.0.0.", "localhost", "LOCALHOST", "LocalHost.", "ｌocalhost",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "a.localhost", "localhost.localdomain", "ip6-localhost", "loopback",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]", "[::ffff:0:127.0.0.1]", "[::1%25lo]", "[::1%lo]",
    # 6to4, NAT64, Teredo
    "[2002:7f00:1::]", "[2002:a00:1::1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2001:0:7f00:1::1]",
    # private, shared, link-local, site-local, unique local, SRv6, documentation, benchmarks
    "10.0.0.1", "10.1", "012.0.0.1", "167772161", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1", "3232235521", "0xc0a80001",
    "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "[::ffff:10.0.0.1]", "[::10.0.0.1]",
    "169.254.0.1", "[fe80::1]", "[fe80::1%25eth0]", "[fec0::1]", "[fc00::1]", "[fd12:3456:789a::1]", "[5f00::1]", "[2001:db8::1]", "[3fff::1]",
    "[2001:20::1]", "[100::1]", "[4000::1]",
    # where clouds tell machines their secrets
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "[::ffff:169.254.169.254]", "[fd00:ec2::254]",
    "100.100.100.200", "192.0.0.192", "168.63.129.16", "metadata.google.internal", "metadata", "instance-data",
    # many, or nobody
    "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.88.99.1", "[ff02::1]", "[ff0e::1]",
    # names inside
    "intranet", "db", "printer.local", "wiki.corp", "router.lan", "nas.home.arpa", "kubernetes.default.svc.cluster.local", "x.internal.",
)  # fmt: skip
PUBLIC = ("93.184.215.14", "8.8.8.8", "[2606:4700::1111]", "[2a00:1450:4001::1]")


@pytest.mark.parametrize("host", INSIDE)
def test_a_host_inside_is_refused_when_it_is_set_and_when_it_is_sent_to(host, senders, channel, message, now, failure):
    senders = senders(allow="")
    for url in (f"http://{host}/hook", f"https://{host}:8443/hook"):
        with pytest.raises(BadValue) as refused:
            senders.check("webhook", url)
        assert refused.value.field == "target"
        assert refused.value.detail.endswith(
            ("nothing there. The operator can allow it by DAYBOOK_WEBHOOK_ALLOW.", "[2001:db8::1].", "host.")
        )
        failure(senders.send, channel("webhook", url), message, now)


@pytest.mark.parametrize("host", INSIDE)
def test_nothing_reaches_a_receiver_on_this_machine_by_any_spelling(host, senders, channel, message, now, failure):
    with http_receiver() as receiver:
        failure(senders(allow="").send, channel("webhook", f"http://{host}:{receiver.port}/hook"), message, now)
    assert receiver.requests == []


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_address_may_be_set(host, senders):
    assert senders(allow="").check("webhook", f"https://{host}/hook") == f"https://{host}/hook"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1\\@hooks.example/", "http://hooks.example\\@127.0.0.1/", "http://hooks.example@127.0.0.1/",
        "http://127.0.0.1@hooks.example/", "https://user:pass@hooks.example/", "http://hooks.example#@127.0.0.1/..@", "http://:80@127.0.0.1/",
        "http://hooks.example:80:80/", "http://[::1]hooks.example/", "http://hooks.example[::1]/", "http://hooks.example /", "http://hooks\t.example/",
        "http://hooks.example\r\nHost: x/", "http://hooks.example:0/", "http://hooks.example:65536/", "http://hooks.example:-1/",
        "http://hooks.example:８０/", "http://hooks.example:/", "http:///hook", "http:hooks.example", "//hooks.example/", "hooks.example", "",
        "ftp://hooks.example/", "file:///etc/passwd", "gopher://hooks.example/", "javascript:alert(1)", "unix://x/", "http+unix://%2Fvar/",
        "http://hooks..example/", "http://-hooks.example/", "http://hooks_.example/", "http://*.example/", "http://[::1/", "http://[v1.x]/",
        "http://hooks.example/" + "x" * 2000, "http://hooks.example/" + "é" * 400, "http://hooks.example/\x00", "http://\u200dhooks.example/", "http://xn--a.example/",
    ],
)  # fmt: skip
def test_a_url_that_one_program_reads_so_and_another_otherwise_is_refused(url, senders, resolver):
    resolver({"hooks.example": [["93.184.215.14"]]})
    if url == "http://hooks.example#@127.0.0.1/..@":
        assert senders().check("webhook", url) == "http://hooks.example/"
        return
    with pytest.raises(BadValue) as refused:
        senders(allow="").check("webhook", url)
    assert refused.value.field == "target"
    assert refused.value.detail.endswith(".")
    assert "pass@" not in refused.value.detail


def test_a_url_is_kept_in_one_spelling(senders, resolver):
    resolver({"xn--bcher-kva.example": [["93.184.215.14"]]})
    check = senders(allow="").check
    assert (
        check("webhook", " HTTPS://BÜCHER.Example.:443/Håk?q=1&x=%20#part ") == "https://xn--bcher-kva.example/H%C3%A5k?q=1&x=%20"
    )
    longest = "https://bücher.example/" + "é" * 300
    assert check("webhook", check("webhook", longest)) == check("webhook", longest)
    assert check("webhook", "http://bücher.example:8080") == "http://xn--bcher-kva.example:8080/"
    assert check("webhook", "https://bücher.example?token=1") == "https://xn--bcher-kva.example/?token=1"


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        ["93.184.215.14", "10.0.0.7"],
        ["10.0.0.7", "93.184.215.14"],
        ["93.184.215.14", "::1"],
        ["fec0::1"],
        ["::7f00:1"],
    ],
)
def test_every_address_of_a_name_is_judged(answer, senders, resolver, channel, message, now, failure):
    resolver({"hooks.example": [answer]})
    with pytest.raises(BadValue, match="lies inside a network"):
        senders(allow="").check("webhook", "https://hooks.example/")
    assert "inside a network" in failure(senders(allow="").send, channel("webhook", "https://hooks.example/"), message, now).detail


def test_a_name_without_an_address_is_refused(senders, resolver):
    resolver({})
    with pytest.raises(BadValue, match=r"There is no host hooks\.example"):
        senders(allow="").check("webhook", "https://hooks.example/")


def test_a_name_inside_is_refused_without_asking_the_resolver(senders, resolver):
    asked = resolver({"db": [["10.0.0.5"]], "wiki.corp": [["10.0.0.6"]]})
    for host in ("db", "wiki.corp", "nothing.corp"):
        with pytest.raises(BadValue, match="lies inside a network"):
            senders(allow="").check("webhook", f"http://{host}/")
    assert asked == []


@pytest.fixture
def tried(monkeypatch):
    """The addresses that somebody tries to connect to; but for this machine's, nobody gets through."""
    from urllib3.util import connection

    def connect(address, *arguments, **options):
        tried.append(address)
        if address[0] != "127.0.0.1":
            raise OSError("there is no network in tests")
        return real(address, *arguments, **options)

    tried, real = [], connection.create_connection
    monkeypatch.setattr(connection, "create_connection", connect)
    return tried


@pytest.mark.parametrize(
    "later", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "fec0::1", "::7f00:1", "2002:7f00:1::", "::ffff:127.0.0.1", "0.0.0.0"]
)
@pytest.mark.parametrize("times", [1, 2])
def test_a_name_that_changes_its_address_while_it_is_sent_to_reaches_nothing_inside(
    times, later, senders, resolver, tried, channel, message, now, failure
):
    """Whichever look-up is the one that is lied to: the address that was judged is the one that is connected to."""
    asked = resolver({"hooks.example": [["93.184.215.14"]] * times + [[later]]})
    with http_receiver() as receiver:
        url = f"http://hooks.example:{receiver.port}/"
        assert senders(allow="").check("webhook", url) == url
        assert "inside a network" in failure(senders(allow="").send, channel("webhook", url), message, now).detail
    assert receiver.requests == tried == []
    assert len(asked) == times + 1


def test_the_address_that_is_connected_to_is_the_one_that_was_judged(senders, resolver, tried, channel, message, now, failure):
    """No connection is made by name: there the name would be looked up once more."""
    resolver({"hooks.example": [["93.184.215.14", "93.184.215.15"]]})
    assert (
        "could not be reached" in failure(senders(allow="").send, channel("webhook", "https://hooks.example/"), message, now).detail
    )
    assert tried == [("93.184.215.14", 443)]


def test_an_allowed_network_does_not_open_the_others_to_a_name_that_changes(
    senders, resolver, tried, channel, message, now, failure
):
    resolver({"hooks.corp": [["10.0.0.5"], ["10.0.0.5"], ["127.0.0.1"]]})
    with http_receiver() as receiver:
        url = f"http://hooks.corp:{receiver.port}/"
        assert senders(allow="10.0.0.0/8").check("webhook", url) == url
        failure(senders(allow="10.0.0.0/8").send, channel("webhook", url), message, now)
    assert receiver.requests == tried == []


@pytest.mark.parametrize(
    ("allow", "host", "is_allowed"),
    [
        ("hooks.corp", "hooks.corp", True),
        ("hooks.corp", "HOOKS.corp.", True),
        ("hooks.corp", "other.corp", False),
        ("hooks.corp", "x.hooks.corp", False),
        ("hooks.corp", "127.0.0.1", False),
        ("127.0.0.0/8", "hooks.corp", True),
        ("127.0.0.0/8", "127.0.0.1", True),
        ("127.0.0.0/8", "10.0.0.1", False),
        ("127.0.0.0/8", "mixed.example", True),
        ("127.0.0.0/8", "nothing.corp", False),
        ("10.0.0.0/8", "hooks.corp", False),
        ("10.0.0.0/8", "mixed.example", False),
        ("10.0.0.0/8", "public.corp", False),
        ("::1", "[::1]", True),
        ("::1", "[::2]", False),
    ],
)
def test_the_operator_allows_hosts_and_networks_inside_and_no_others(allow, host, is_allowed, senders, resolver):
    resolver(
        {
            "hooks.corp": [["127.0.0.1"]],
            "other.corp": [["127.0.0.1"]],
            "mixed.example": [["127.0.0.1", "93.184.215.14"]],
            "public.corp": [["93.184.215.14"]],
        }
    )
    if is_allowed:
        senders(allow=allow).check("webhook", f"http://{host}/")
    else:
        with pytest.raises(BadValue, match="lies inside a network"):
            senders(allow=allow).check("webhook", f"http://{host}/")


@pytest.mark.parametrize("url", ["https://ann:pw@hooks.example/", "https://ann@hooks.example/", "https://@hooks.example/"])
def test_a_user_in_a_url_is_refused_by_name(url, senders):
    with pytest.raises(BadValue, match="holds no user or password"):
        senders(allow="").check("webhook", url)


def test_an_allowed_name_is_sent_to_by_its_name_at_the_address_that_was_looked_up(senders, resolver, tried, channel, message, now):
    resolver({"hooks.corp": [["127.0.0.1"]]})
    with http_receiver() as receiver:
        senders(allow="hooks.corp").send(channel("webhook", f"http://hooks.corp:{receiver.port}/x"), message, now)
    assert [(each.path, each.headers["host"]) for each in receiver.requests] == [("/x", f"hooks.corp:{receiver.port}")]
    assert tried == [("127.0.0.1", receiver.port)]


@settings(max_examples=300, deadline=None)
@given(st.ip_addresses(v=4))
def test_an_address_that_python_calls_private_is_never_public_here(address: IPv4Address):
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not is_public(address)
        for spelling in (f"::ffff:{address}", f"::{address}", f"64:ff9b::{address}"):
            assert not is_public(IPv6Address(spelling))


@settings(max_examples=300, deadline=None)
@given(st.ip_addresses(v=6))
def test_no_ipv6_address_outside_of_the_public_third_is_public(address: IPv6Address):
    if (
        not address.is_global
        or address.is_multicast
        or address.is_reserved
        or address.is_site_local
        or address.sixtofour
        or address.teredo
    ):
        assert not is_public(address)
        with pytest.raises(BadValue):
            refuse_internal(str(address), 80, Internal())


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"]).flatmap(
        lambda n: st.ip_addresses(network=n)
    ),
    st.data(),
)
def test_no_spelling_of_an_address_inside_passes(address: IPv4Address, data):
    from alerts.channels.settings import Sending
    from alerts.channels.webhook import check

    number = int(address)
    parts = [number >> 24, number >> 16 & 255, number >> 8 & 255, number & 255]
    for keep in range(4):  # the last part may hold what is left of the number
        last = number & (2 ** (8 * (4 - keep)) - 1)
        spelt = [
            data.draw(st.sampled_from([f"{each}", f"{each:#x}", f"0{each:o}", f"{each:#X}"])) for each in (*parts[:keep], last)
        ]
        with pytest.raises(BadValue):
            check(Sending(), f"http://{'.'.join(spelt)}/")
    for spelling in (
        f"[::ffff:{address}]",
        f"[::{address}]",
        f"[64:ff9b::{address}]",
        f"[2002:{number >> 16:x}:{number & 65535:x}::1]",
    ):
        with pytest.raises(BadValue):
            check(Sending(), f"http://{spelling}/")
