"""A gateway and phones joined without a network: time is a number, datagrams are function calls."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from tests.wap.phone import Phone
from wap.protocol.effects import Cancel, Datagram, Effect, Fetch
from wap.protocol.exchange import WspReply, WspRequest
from wap.protocol.guard import HostGuard, Memory
from wap.protocol.limits import Limits
from wap.protocol.session import Address
from wap.protocol.stack import Stack
from wap.protocol.unit import UnitStack
from wap.protocol.wsp_pdu import Redirect

TYPE = "application/vnd.wap.wmlc"
HERE: Address = ("192.0.2.1", 40_000)
THERE: Address = ("198.51.100.7", 50_000)


def error_deck(status: int, _: WspRequest) -> WspReply:
    return WspReply(status, TYPE, (), b"error %d, back" % status)


def page(request: WspRequest) -> WspReply | None:
    return WspReply(200, TYPE, (), f"{request.method} {request.url}".encode())


@dataclass
class World:
    """`answer` gives each reply; None from it leaves the question open."""

    limits: Limits = field(default_factory=Limits)
    answer: Callable[[WspRequest], WspReply | None] = page
    redirect: Redirect | None = None
    now: float = 1_000.0
    asked: list[WspRequest] = field(default_factory=list)
    open: dict[int, WspRequest] = field(default_factory=dict)
    cancelled: list[int] = field(default_factory=list)
    lost: list[tuple[Address, bytes]] = field(default_factory=list)
    phones: dict[Address, Phone] = field(default_factory=dict)
    octets_out: int = 0

    def __post_init__(self) -> None:
        ids = count(0x1234_5678)
        guard = HostGuard(self.limits)
        self.memory = Memory(self.limits.remembered_octets)
        self.stack = Stack(
            self.limits,
            error_deck,
            lambda: next(ids),
            guard=guard,
            memory=self.memory,
            redirect=self.redirect,
        )
        self.unit = UnitStack(self.limits, error_deck, guard=guard, memory=self.memory)

    def phone(self, address: Address = HERE, **how: object) -> Phone:
        """A phone at an address, connected."""
        phone = Phone(**how)  # type: ignore[arg-type]  # the keywords of Phone
        self.phones[address] = phone
        self.send(address, phone.connect())
        return phone

    def send(self, address: Address, datagrams: list[bytes]) -> None:
        """From an address to the gateway, and everything that follows from it."""
        for octets in datagrams:
            self.carry_out(self.stack.receive(octets, address, self.now))

    def carry_out(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Datagram(address, octets):
                    self.octets_out += len(octets)
                    if (phone := self.phones.get(address)) is None:
                        self.lost.append((address, octets))
                    else:
                        self.send(address, phone.receive(octets))
                case Fetch(handle, request):
                    self.asked.append(request)
                    reply = self.answer(request)
                    if reply is None:
                        self.open[handle] = request
                    else:
                        self.carry_out(self.stack.answer(handle, reply, self.now))
                case Cancel(handle):
                    self.cancelled.append(handle)
                    self.open.pop(handle, None)

    def wait(self, seconds: float, step: float = 0.05) -> None:
        """Let time pass."""
        end = self.now + seconds
        while self.now < end:
            self.now += step
            self.carry_out(self.stack.tick(self.now))

    @contextmanager
    def away(self, address: Address = HERE) -> Iterator[list[bytes]]:
        """Nothing reaches the phone while it is away; what was sent is in the list."""
        phone = self.phones.pop(address)
        start = len(self.lost)
        found: list[bytes] = []
        yield found
        found += [octets for _, octets in self.lost[start:]]
        self.phones[address] = phone
