"""Datagrams, random and mutated, at the gateway's machines: an answer or silence, never more.

`python bench/wsp_fuzz.py [DATAGRAMS] [SEED]` sends a million, the runner fewer. Phones of the tests hold real
conversations; what they say is mutated, cut, joined and mixed with noise, and time passes in between. It
stops at the first exception, with the seed and the datagram, and tells how much memory was taken.
"""

import random
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import Row  # the path has to be set first
from tests.wap.phone import Phone
from wap.protocol import wsp_pdu
from wap.protocol.effects import Cancel, Datagram, Effect, Fetch
from wap.protocol.errors import Malformed
from wap.protocol.exchange import WspReply, WspRequest
from wap.protocol.guard import HostGuard, Memory
from wap.protocol.headers import encode_headers
from wap.protocol.limits import Limits
from wap.protocol.pdu import concatenate
from wap.protocol.session import Address
from wap.protocol.stack import Stack
from wap.protocol.unit import UnitStack

DATAGRAMS, QUICK_DATAGRAMS = 200_000, 20_000
TYPE = "application/vnd.wap.wmlc"
LIMITS = Limits(sessions=500, peers=1_000, transactions=2_000, asks=200, held_octets=2 * 1_048_576)
LINES = [
    ("Accept", "text/html; level=1; q=0.8, image/gif, */*"),
    ("Accept-Charset", "gb2312; q=0.9, utf-8"),
    ("Accept-Language", "zh; q=0.5"),
    ("Cache-Control", 'no-cache="Accept", max-age=5'),
    ("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
    ("Cookie", "a=b; c=d"),
    ("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ("Range", "bytes=5-9"),
    ("User-Agent", "Phone/1.0"),
    ("X-Odd", "odd"),
]


@dataclass
class Fuzz:
    """One run; `dice` decides everything."""

    dice: random.Random
    now: float = 1_000.0
    open: list[tuple[bool, int]] = field(default_factory=list)
    phones: dict[Address, Phone] = field(default_factory=dict)
    answers: int = 0
    octets_in: int = 0
    octets_out: int = 0

    def __post_init__(self) -> None:
        guard, memory = HostGuard(LIMITS), Memory(LIMITS.remembered_octets)
        ids = count(1)
        self.stack = Stack(LIMITS, error_deck, lambda: next(ids), guard=guard, memory=memory)
        self.unit = UnitStack(LIMITS, error_deck, guard=guard, memory=memory)

    def feed(self, octets: bytes, address: Address) -> None:
        """One datagram at one of the ports."""
        self.octets_in += len(octets)
        if self.dice.random() < 0.2:
            self.carry_out(self.unit.receive(octets, address, self.now), unit=True, depth=0)
        else:
            self.carry_out(self.stack.receive(octets, address, self.now), unit=False, depth=0)

    def carry_out(self, effects: list[Effect], *, unit: bool, depth: int) -> None:
        for effect in effects:
            match effect:
                case Datagram(address, octets):
                    self.answers += 1
                    self.octets_out += len(octets)
                    phone = self.phones.get(address)
                    if phone and not unit and depth < 20 and self.dice.random() < 0.5:
                        self.listen(phone, octets, address, depth)
                case Fetch(handle, request):
                    if self.dice.random() < 0.8:
                        self.answer(unit, handle, request, depth)
                    else:
                        self.open.append((unit, handle))
                case Cancel():
                    pass

    def listen(self, phone: Phone, octets: bytes, address: Address, depth: int) -> None:
        try:
            following = phone.receive(octets)
        except (Malformed, AssertionError, IndexError):
            return  # the phone of the tests takes only good answers to its own questions
        for more in following:
            self.carry_out(self.stack.receive(more, address, self.now), unit=False, depth=depth + 1)

    def answer(self, unit: bool, handle: int, request: WspRequest | None, depth: int) -> None:
        size = self.dice.choice((0, 100, 1_300, 5_000, 50_000))
        reply = WspReply(self.dice.choice((200, 200, 302, 404)), TYPE, (("Set-Cookie", "a=b"),), bytes(size))
        if self.dice.random() < 0.5:
            reply = WspReply(200, TYPE, (), b"deck", fresh_s=self.dice.choice((0.0, 5.0)))
        stack = self.unit if unit else self.stack
        chosen = None if self.dice.random() < 0.1 else reply
        self.carry_out(stack.answer(handle, chosen, self.now), unit=unit, depth=depth + 1)

    def spoken(self, phone: Phone) -> list[bytes]:
        """Something a phone could say."""
        dice = self.dice
        headers = dice.sample(LINES, dice.randrange(4))
        match dice.randrange(8):
            case 0:
                return phone.connect([("User-Agent", "Phone/1.0"), *headers], options=dice.randrange(256))
            case 1:
                return phone.post("/x", b"\x92", bytes(dice.choice((3, 900, 4_000))))
            case 2:
                return phone.suspend() if dice.random() < 0.5 else phone.disconnect()
            case 3:
                return phone.resume(encode_headers(headers))
            case 4:
                pdu = wsp_pdu.Method(0x40, b"http://x/", encode_headers(headers))
                return [b"\x07" + wsp_pdu.encode(pdu)]
            case _:
                return phone.get(f"/{dice.randrange(5)}", headers=headers)

    def mutated(self, octets: bytes) -> bytes:
        dice = self.dice
        found = bytearray(octets)
        for _ in range(dice.choice((0, 0, 1, 1, 2, 5))):
            match dice.randrange(4):
                case 0 if found:
                    found[dice.randrange(len(found))] = dice.randrange(256)
                case 1 if found:
                    del found[dice.randrange(len(found)) :]
                case 2:
                    at = dice.randrange(len(found) + 1)
                    found[at:at] = dice.randbytes(dice.randrange(6))
                case _ if found:
                    found[dice.randrange(len(found))] ^= 1 << dice.randrange(8)
        return bytes(found)

    def run(self, datagrams: int) -> None:
        dice = self.dice
        sent = 0
        while sent < datagrams:
            address = (f"10.0.{dice.randrange(20)}.{dice.randrange(50)}", dice.randrange(1, 4))
            if dice.random() < 0.2:
                packets = [dice.randbytes(dice.randrange(60))]
            else:
                phone = self.phones.setdefault(address, Phone())
                if len(phone.heard) > 5 or len(phone.calls) > 5:  # they shall not be what takes the memory
                    self.phones[address] = phone = Phone()
                phone.done.clear()
                phone.calls = {tid: call for tid, call in phone.calls.items() if not call.parts}
                packets = self.spoken(phone)
                if len(packets) > 1 and dice.random() < 0.3:
                    packets = [concatenate(packets[:3])]
            for packet in packets:
                octets = self.mutated(packet)
                sent += 1
                try:
                    self.feed(octets, address)
                except Exception:
                    print(f"after {sent} datagrams: {octets.hex()} from {address}", file=sys.stderr)
                    raise
            self.now += dice.choice((0.0, 0.0, 0.001, 0.01, 0.5 if dice.random() < 0.05 else 0.0))
            if dice.random() < 0.1:
                self.carry_out(self.stack.tick(self.now), unit=False, depth=0)
            if self.open and dice.random() < 0.2:
                unit, handle = self.open.pop(dice.randrange(len(self.open)))
                self.answer(unit, handle, None, 0)
            if sent % 1_000 == 0:
                self.open = self.open[-500:]


def error_deck(status: int, _: WspRequest) -> WspReply:
    return WspReply(status, TYPE, (), b"a small deck with a way back")


def resident_kb() -> int:
    """Memory of this process now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024


@dataclass(frozen=True)
class Found:
    """What a run came to: seconds, kB of memory after each fifth, what the tables hold when all is quiet."""

    fuzz: Fuzz
    seconds: float
    memory: list[int]
    left: dict[str, int]


def fuzzed(datagrams: int, seed: int) -> Found:
    """Send so many, and wait until every time is over; whatever is raised goes on up."""
    fuzz = Fuzz(random.Random(seed))  # noqa: S311 - the same datagrams for the same seed
    start = time.perf_counter()
    memory = []
    for _ in range(5):
        fuzz.run(datagrams // 5)
        memory.append(resident_kb())
    took = time.perf_counter() - start
    for handle in range(1, 10_000_000):
        if not fuzz.unit.sizes["asks"]:
            break
        fuzz.unit.answer(handle, None, fuzz.now)
    for _ in range(400):
        fuzz.now += 30.0
        fuzz.stack.tick(fuzz.now)
    return Found(fuzz, took, memory, dict(fuzz.stack.sizes))


def main(quick: bool) -> Iterator[Row]:
    """Rows for the runner; a datagram that raises something ends it, and is named."""
    datagrams = QUICK_DATAGRAMS if quick else DATAGRAMS
    found = fuzzed(datagrams, 1)
    note = f"{found.fuzz.octets_in:,} octets in, {found.fuzz.octets_out:,} out"
    yield Row("datagrams, and not one exception", datagrams, "", note=note)
    yield Row("of them a second", datagrams / found.seconds, "/s")
    grown = found.memory[-1] / found.memory[1]
    yield Row(
        "memory after all against two fifths",
        grown,
        "x",
        most=None if quick else 1.3,
        note=f"{found.memory[-1]:,} kB",
    )
    yield Row("left over when all is quiet", sum(found.left.values()), "", most=0)


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    many, seed = (*given, *(1_000_000, 1)[len(given) :])
    result = fuzzed(many, seed)
    print(f"{many} datagrams, seed {seed}: {result.seconds:.0f} s, {many / result.seconds:.0f}/s")
    print(
        f"{result.fuzz.octets_in} octets in, {result.fuzz.octets_out} out in {result.fuzz.answers} datagrams"
    )
    print(f"memory after each fifth: {result.memory} kB")
    if any(result.left.values()):
        raise SystemExit(f"something was left over: {result.left}")
