"""Which addresses of the network the portal may talk to when somebody gives it a URL."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

WEB_PORTS = frozenset({80, 443})
# Prefixes whose last 32 bits are an IPv4 address: NAT64 (RFC 6052), local NAT64 (RFC 8215), IPv4-compatible (RFC 4291).
CARRIES_IPV4 = [ipaddress.IPv6Network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")]
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# Special purposes that some Python releases take for global (IANA special-purpose registry).
SPECIAL = [ipaddress.IPv4Network(text) for text in ("192.0.0.0/24", "192.88.99.0/24")]


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4, Teredo, NAT64, compatible), else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inside = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if inside is not None:
        return inside
    if any(address in network for network in CARRIES_IPV4):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(address: Address) -> bool:
    """Whether the address belongs to the open internet, whatever it is wrapped in."""
    inside = unwrapped(address)
    if isinstance(inside, ipaddress.IPv6Address):
        return inside in GLOBAL_UNICAST and inside.is_global and not inside.is_multicast
    return inside.is_global and not inside.is_multicast and not any(inside in network for network in SPECIAL)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where requests may go: the open internet on the web's ports, and what the administrator allows beside."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    ports: frozenset[int] = field(default=WEB_PORTS)

    @classmethod
    def of(cls, allowed: Iterable[str], ports: Iterable[int] = ()) -> Reach:
        """From words such as `10.2.0.0/16`, `10.2.3.4` or `chat.internal`. Raises ValueError for a bad network."""
        hosts, networks = set[str](), list[Network]()
        for word in filter(None, map(str.strip, allowed)):
            if "/" in word or _is_address(word):
                networks.append(ipaddress.ip_network(word))
            else:
                hosts.add(word.lower().rstrip("."))
        return cls(frozenset(hosts), tuple(networks), WEB_PORTS | frozenset(ports))

    def allows(self, host: str, address: str) -> bool:
        """Whether a connection to this address may be opened for a URL with that host."""
        if host.lower().rstrip(".") in self.hosts:
            return True
        found = ipaddress.ip_address(address.partition("%")[0])
        inside = unwrapped(found)
        if any(inside.version == network.version and inside in network for network in self.networks):
            return True
        return is_public(found)


def _is_address(word: str) -> bool:
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True
