"""Who asks, and whether anybody on the way can listen.

What a proxy writes about both counts only where the settings name it: everybody else could write the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from tornado.httputil import HTTPServerRequest

Networks = Sequence[IPv4Network | IPv6Network]


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose limits count, and whether the connection is TLS all the way to us or to a proxy of ours.

    address   "" where it is unknown
    """

    address: str
    secure: bool


def caller_of(request: HTTPServerRequest, proxies: Networks) -> Caller:
    """Who sent a request, with what our own proxies say of it."""
    return judge(
        request.remote_ip or "",
        request.protocol == "https",
        request.headers.get("X-Forwarded-For", ""),
        request.headers.get("X-Forwarded-Proto", ""),
        proxies,
    )


def judge(peer: str, tls: bool, forwarded_for: str, forwarded_proto: str, proxies: Networks) -> Caller:
    """The same from its parts.

    forwarded_for    addresses, the nearest last; those of our proxies are passed over
    forwarded_proto  http or https, as the nearest proxy was asked; of several the last one counts
    """
    if not _ours(peer, proxies):
        return Caller(peer, tls)
    proto = forwarded_proto.rpartition(",")[2].strip().lower()
    address = peer
    for written in reversed(forwarded_for.split(",")):
        if _parsed(written.strip()) is None:
            break
        address = written.strip()
        if not _ours(address, proxies):
            break
    return Caller(address, proto == "https" if proto else tls)


def _parsed(written: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(written)
    except ValueError:
        return None


def _ours(written: str, proxies: Networks) -> bool:
    address = _parsed(written)
    return address is not None and any(address in network for network in proxies)
