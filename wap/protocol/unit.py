"""The connectionless gateway: one datagram asks, one answers (WAP-230-WSP 6.4, port 9200)."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from wap.protocol.assigned import DEFAULT_VERSION, Version
from wap.protocol.effects import Datagram, Effect, ErrorDeck, Fetch
from wap.protocol.errors import Malformed
from wap.protocol.exchange import WspReply, WspRequest, reply_octets, request_of, room
from wap.protocol.guard import HostGuard, Key, Memory
from wap.protocol.headers import decode_headers, encoding_version
from wap.protocol.limits import Limits
from wap.protocol.session import Address
from wap.protocol.wsp_pdu import Method, decode

SILENCE = b""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question under way; `name` is what makes a repeated datagram the same question."""

    address: Address
    tid: bytes
    request: WspRequest
    version: Version
    key: Key | None
    name: Hashable


class UnitStack:
    """All questions of port 9200. Nothing is kept of a phone but the question it waits for."""

    def __init__(self, limits: Limits, error_deck: ErrorDeck, *, guard: HostGuard, memory: Memory) -> None:
        self.limits = limits
        self._error_deck = error_deck
        self._guard = guard
        self._memory = memory
        self._asks: dict[int, Asked] = {}
        self._waiting: set[Hashable] = set()
        self._next_handle = 0

    def at_once(self, octets: bytes, host: str, now: float) -> bytes | None:
        """The answer to a datagram whose question was answered a moment ago, whoever asked it.

        returns  SILENCE where the host has asked or was told too much; None where `receive` sees to it,
                 which counts the datagram then
        """
        known = self._memory.get(octets[1:], now)
        if known is None:
            return None
        guard = self._guard
        if guard.is_free(host) or (guard.admits(host, now) and guard.sends(host, len(known) + 1, now)):
            return octets[:1] + known
        return SILENCE

    def receive(self, octets: bytes, address: Address, now: float) -> list[Effect]:
        """One datagram from the network; any octets whatever."""
        known = self.at_once(octets, address[0], now)
        if known is not None:
            return [Datagram(address, known)] if known else []
        if not self._guard.admits(address[0], now):
            return []
        tid, rest = octets[:1], octets[1:]
        try:
            pdu = decode(rest)
            if not isinstance(pdu, Method):
                return []
            request = request_of(pdu, b"", (), ())
            version = encoding_version(decode_headers(pdu.headers))
        except Malformed:
            return []
        if isinstance(request, int):
            refused = Asked(address, tid, WspRequest("", "", ()), DEFAULT_VERSION, None, None)
            return self._reply(refused, request, None, now)
        request = replace(request, max_body=room(self.limits.unit_data_octets), host=str(address[0]))
        name = (address, octets)
        if name in self._waiting:
            return []  # the phone repeats itself: the answer is on its way
        key = rest if request.method == "GET" else None
        asked = Asked(address, tid, request, version, key, name)
        if len(self._asks) >= self.limits.asks:
            return self._reply(asked, 503, None, now)
        self._next_handle += 1
        self._asks[self._next_handle] = asked
        self._waiting.add(name)
        return [Fetch(self._next_handle, request)]

    def answer(self, handle: int, reply: WspReply | None, now: float, status: int = 502) -> list[Effect]:
        """The answer to a Fetch; None for none, which the phone reads as the error deck of `status`."""
        asked = self._asks.pop(handle, None)
        if asked is None:
            return []
        self._waiting.discard(asked.name)
        return self._reply(asked, status, reply, now)

    @property
    def sizes(self) -> dict[str, int]:
        """How full the tables are, for the operator and for tests."""
        return {"asks": len(self._asks)}

    def _reply(self, asked: Asked, status: int, reply: WspReply | None, now: float) -> list[Effect]:
        method = asked.request.method
        if reply is None or (not reply.body and reply.status >= 400 and method != "HEAD"):
            reply = self._error_deck(status if reply is None else reply.status, asked.request)
        octets = reply_octets(reply, method, asked.version)
        most = self.limits.unit_data_octets
        if len(octets) > most:
            octets = reply_octets(self._error_deck(413, asked.request), method, asked.version)
        elif asked.key and reply.fresh_s > 0 and reply.status == 200:
            self._memory.put(asked.key, octets, now + reply.fresh_s)
        return self._send(asked.address, asked.tid + octets, now) if len(octets) <= most else []

    def _send(self, address: Address, octets: bytes, now: float) -> list[Effect]:
        return [Datagram(address, octets)] if self._guard.sends(address[0], len(octets), now) else []
