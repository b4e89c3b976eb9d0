"""The gateway's sockets: WSP without sessions and with them over UDP. The protocols are in `wap.protocol`."""

import asyncio
import ipaddress
import logging
import secrets
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from wap.protocol.capabilities import POLICIES, Policy
from wap.protocol.effects import Cancel, Datagram, Effect, ErrorDeck, Fetch
from wap.protocol.exchange import WspReply, WspRequest
from wap.protocol.guard import HostGuard, Memory
from wap.protocol.limits import Limits
from wap.protocol.session import Address
from wap.protocol.stack import Stack
from wap.protocol.unit import UnitStack
from wap.protocol.wsp_pdu import Redirect

UNIT_PORT = 9200
SESSION_PORT = 9201
DATAGRAMS_A_WAKE = 64
BUFFER_OCTETS = 65_535
TICK_S = 0.01
SOCKET_OCTETS = 4 * 1_048_576

Fetcher = Callable[[WspRequest], Awaitable[WspReply]]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counters:
    """What has happened since the start, for the operator."""

    received: int = 0
    sent: int = 0
    unsent: int = 0
    fetches: int = 0
    failures: int = 0


@dataclass(slots=True)
class _Desk:
    """One socket, the protocol behind it, and its fetches under way by handle."""

    sock: socket.socket
    stack: Stack | UnitStack
    tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)


def session_id() -> int:
    """A session id nobody can guess: all 32 bits that WSP has for it, never 0."""
    return secrets.randbelow(0xFFFF_FFFF) + 1


class Gateway:
    """Both ports, until `stop`."""

    def __init__(
        self,
        error_deck: ErrorDeck,
        limits: Limits | None = None,
        *,
        fetch_timeout_s: float = 20.0,
        policies: tuple[Policy, ...] = POLICIES,
        redirect: Redirect | None = None,
    ) -> None:
        """A gateway that is not started.

        error_deck  the small page that tells of an HTTP status, with a way back: those that come without a
                    body, and 413 (page too large for this phone), 414, 501, 502, 503, 504; for 414 and 501
                    the request is without method and URL
        redirect    set: every new session is sent to another gateway
        """
        self.limits = limits or Limits()
        self.counters = Counters()
        self._error_deck = error_deck
        self._fetch_timeout_s = fetch_timeout_s
        self._policies = policies
        self._redirect = redirect
        self._memory = Memory(self.limits.remembered_octets)
        self._desks: list[_Desk] = []
        self._buffer = bytearray(BUFFER_OCTETS)
        self._timer: asyncio.TimerHandle | None = None
        self._ticked_at = 0.0

    async def start(self, ports: tuple[int, int], host: str, fetch: Fetcher) -> None:
        """Bind both ports and answer.

        ports   of the connectionless service and of session mode, by rule (UNIT_PORT, SESSION_PORT); 0 for
                one the system chooses
        host    an address of this machine, IPv4 or IPv6
        fetch   finds the answer to a request; what it raises becomes the deck of status 502
        raises  OSError where a port cannot be bound; nothing is left open then
        """
        self._fetch = fetch
        self._loop = asyncio.get_running_loop()
        guard = HostGuard(self.limits)
        unit = UnitStack(self.limits, self._error_deck, guard=guard, memory=self._memory)
        self._stack = Stack(
            self.limits,
            self._error_deck,
            session_id,
            guard=guard,
            memory=self._memory,
            wall_offset_s=time.time() - self._loop.time(),
            policies=self._policies,
            redirect=self._redirect,
        )
        try:
            self._desks.append(_Desk(_bound(host, ports[0]), unit))
            self._desks.append(_Desk(_bound(host, ports[1]), self._stack))
            for desk in self._desks:
                self._loop.add_reader(desk.sock, self._readable, desk)
        except OSError:
            await self.stop()
            raise

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports bound, connectionless first."""
        return tuple(desk.sock.getsockname()[1] for desk in self._desks)

    @property
    def sizes(self) -> dict[str, int]:
        """How full the tables of session mode are."""
        return self._stack.sizes

    async def stop(self) -> None:
        """Close the ports and give up what is under way. A gateway that is stopped can be started again."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        tasks: list[asyncio.Task[None]] = []
        for desk in self._desks:
            self._loop.remove_reader(desk.sock)
            desk.sock.close()
            tasks += desk.tasks.values()
        self._desks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _readable(self, desk: _Desk) -> None:
        """Take up to 64 datagrams: fewer wakes under load, and others still get their turn.

        What was answered a moment ago is answered here, without an object for the datagram or its effects.
        """
        buffer, counters = self._buffer, self.counters
        view = memoryview(buffer)
        receive, send = desk.sock.recvfrom_into, desk.sock.sendto
        at_once = desk.stack.at_once if isinstance(desk.stack, UnitStack) else _never
        now = self._loop.time()
        for _ in range(DATAGRAMS_A_WAKE):
            try:
                length, address = receive(buffer)
            except BlockingIOError:
                break
            except OSError:
                continue  # an ICMP error of something sent before
            counters.received += 1
            octets = bytes(view[:length])
            answer = at_once(octets, address[0], now)
            if answer is None:
                self._datagram(desk, octets, address, now)
            elif answer:
                try:
                    send(answer, address)
                    counters.sent += 1
                except OSError:
                    counters.unsent += 1  # as if the network had lost it
        self._arm()

    def _datagram(self, desk: _Desk, octets: bytes, address: Address, now: float) -> None:
        try:
            effects = desk.stack.receive(octets, address, now)
        except Exception:
            # A bug of ours must not stop the port for everybody else.
            self.counters.failures += 1
            log.exception("a datagram of %d octets from %s went wrong", len(octets), address[0])
            return
        if effects:
            self._perform(desk, effects)

    def _perform(self, desk: _Desk, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Datagram(address, octets):
                    try:
                        desk.sock.sendto(octets, address)
                        self.counters.sent += 1
                    except OSError:
                        self.counters.unsent += 1  # as if the network had lost it
                case Fetch(handle, request):
                    self.counters.fetches += 1
                    desk.tasks[handle] = self._loop.create_task(self._answer(desk, handle, request))
                case Cancel(handle):
                    if task := desk.tasks.pop(handle, None):
                        task.cancel()

    async def _answer(self, desk: _Desk, handle: int, request: WspRequest) -> None:
        """Fetch one answer and hand it to the protocol."""
        reply, status = None, 502
        try:
            async with asyncio.timeout(self._fetch_timeout_s):
                reply = await self._fetch(request)
        except TimeoutError:
            status = 504
        except Exception:
            self.counters.failures += 1
            log.exception("fetching %s failed", request.url)
        desk.tasks.pop(handle, None)
        self._perform(desk, desk.stack.answer(handle, reply, self._loop.time(), status))
        self._arm()

    def _arm(self) -> None:
        """One timer for all: the earliest deadline there is, not more often than each TICK_S."""
        deadline = self._stack.deadline()
        if deadline is None or not self._desks:
            return
        deadline = max(deadline, self._ticked_at + TICK_S)
        if self._timer:
            if self._timer.when() <= deadline:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(deadline, self._ticked)

    def _ticked(self) -> None:
        self._timer = None
        self._ticked_at = self._loop.time()
        self._perform(self._desks[1], self._stack.tick(self._ticked_at))
        self._arm()


def _never(octets: bytes, host: str, now: float) -> bytes | None:
    """Session mode has no answer before it has looked at the transaction."""


def _bound(host: str, port: int) -> socket.socket:
    """A non-blocking UDP socket with room for a burst."""
    family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_OCTETS)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_OCTETS)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock
