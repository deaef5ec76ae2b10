"""Which hosts belong to somebody's inside: no webhook goes there, but for what the operator lists."""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from alerts.channels.addresses import is_ip
from domain.errors import BadValue

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

GLOBAL_V6 = ip_network("2000::/3")
NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32",  # looks public, but answers inside every machine of one cloud
            "2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20",
        ),
    )
)  # fmt: skip
"""By IANA's registries of special-purpose addresses: written down, because `is_private` and `is_global` differ between Pythons."""
INSIDE = ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa", "onion")
"""Endings of names that exist only within a network."""


@dataclass(frozen=True)
class Internal:
    """The hosts inside that the operator allows: names, whatever they lead to, and networks."""

    names: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()

    def allows(self, host: str, address: Address) -> bool:
        """Whether this address, found under this name, may be spoken to although it is inside."""
        return host in self.names or any(address in network for network in self.networks)

    def pinned(self, host: str, port: int) -> Address | None:
        """The address to connect to, if the operator allows the host; raises `BadValue`. Without a list of his nothing is looked up."""
        if not self.names and not self.networks:
            return None
        address = look_up(host, port)[0]
        return address if self.allows(host, address) else None


NOTHING = Internal()


def is_public(address: Address) -> bool:
    """Whether an address is one of the public network. IPv6 has only 2000::/3, so mapped, translated and site-local ones are none."""
    if address.version == 6 and (address not in GLOBAL_V6 or address.scope_id):
        return False
    return not any(address in network for network in NOT_PUBLIC)


def is_inside_name(host: str) -> bool:
    """Whether a name has a meaning only within a network."""
    return not is_ip(host) and ("." not in host or any(host == ending or host.endswith("." + ending) for ending in INSIDE))


def look_up(host: str, port: int) -> list[Address]:
    """Every address of a host, in the order of the resolver; raises `BadValue`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ip_address(where[0]) for _, _, _, _, where in found]
    except (OSError, UnicodeError, ValueError):
        addresses = []
    if not addresses:
        raise BadValue(f"There is no host {host}: its name leads to no address.", "target")
    return addresses


def refuse_internal(host: str, port: int, internal: Internal) -> None:
    """Pass a host whose every address is public or allowed; raises `BadValue`. It looks the name up."""
    refused = BadValue(
        f"The host {host} lies inside a network, and Daybook sends nothing there. The operator can allow it by DAYBOOK_WEBHOOK_ALLOW.",
        "target",
    )
    if host in internal.names:
        return
    is_inside = is_inside_name(host)
    if is_inside and not internal.networks:
        raise refused  # without asking the resolver, for its answer would tell what there is inside
    try:
        addresses = look_up(host, port)
    except BadValue:
        if is_inside:
            raise refused from None
        raise
    if not all(internal.allows(host, each) or (is_public(each) and not is_inside) for each in addresses):
        raise refused
