"""Names to addresses for fetching from other machines, private networks left out unless they are allowed.

The connection is made to exactly the addresses that were checked here, so a name that answers
differently a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from tornado.netutil import Resolver

from portal.errors import PortalError

_NAT64 = 0x0064FF9B << 64
"""The prefix 64:ff9b::/96 without its last 32 bits (RFC 6052)."""


class PrivateAddress(PortalError):
    """A name leads into a private network, and may not."""


def is_public(address: str) -> bool:
    """Whether an IP address may be fetched from when private networks are not allowed."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or _nat64(ip)
        if inner is not None:
            return _public(inner)
    return _public(ip)


def _public(ip: IPv4Address | IPv6Address) -> bool:
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _nat64(ip: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(ip) & 0xFFFFFFFF) if int(ip) >> 32 == _NAT64 else None


class GuardedResolver(Resolver):
    """Tornado's resolver with the check. Raises PrivateAddress, or OSError as `getaddrinfo` does."""

    def initialize(self, allowed: Callable[[str, int], bool]) -> None:
        """`allowed`: whether this host and port may stand in a private network."""
        self.allowed = allowed

    def close(self) -> None:
        """Nothing is held."""

    async def resolve(
        self, host: str, port: int, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[tuple[int, Any]]:
        """The addresses to connect to, as (family, socket address)."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        addresses: list[tuple[int, Any]] = [(kind, address) for kind, _, _, _, address in found]
        if self.allowed(host, port):
            return addresses
        kept = [(kind, address) for kind, address in addresses if is_public(str(address[0]))]
        if not kept:
            where = addresses[0][1][0] if addresses else "no address"
            raise PrivateAddress(f"{host} leads to {where}, a private network")
        return kept
