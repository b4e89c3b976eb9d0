"""The WAP gateway as one part: sockets, bridge and the client for other sites, from start to stop."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from portal.http.base import Context
from wap.bridge import Bridge
from wap.edition import Edition
from wap.foreign import Foreign
from wap.origins import read_origins
from wap.outside import Outside
from wap.protocol.limits import Limits
from wap.udp import Gateway


class WapGateway:
    """Both ports over one mirror."""

    def __init__(self, bridge: Bridge, outside: Outside, limits: Limits | None = None) -> None:
        self._bridge = bridge
        self._outside = outside
        self._gateway = Gateway(bridge.error_deck, limits)

    async def start(self, ports: Sequence[int], host: str) -> None:
        """Answer on two UDP ports, connectionless first; OSError where one cannot be had.

        host   an address of this machine, or a name for one; "" for every one of IPv4
        """
        found = socket.getaddrinfo(host or "0.0.0.0", ports[0], type=socket.SOCK_DGRAM)  # noqa: S104 - as asked
        await self._gateway.start((ports[0], ports[1]), str(found[0][4][0]), self._bridge.fetch)

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that it has."""
        return self._gateway.ports

    async def stop(self) -> None:
        """Close the ports and end what is under way."""
        await self._gateway.stop()
        self._outside.close()


def make(context: Context, limits: Limits | None = None) -> WapGateway:
    """The gateway of a server, with what the settings allow. Raises WrongSetting."""
    settings = context.settings
    origins = read_origins(settings.wap_origins, settings.wap_hosts)
    outside = Outside(origins)
    foreign = Foreign(origins, outside, settings.locale)
    return WapGateway(Bridge(context, Edition(context), origins, foreign.fetch), outside, limits)
