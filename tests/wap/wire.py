"""A wire between a phone and the gateway that can lose datagrams and that writes down what passes.

What it writes is a capture file for tshark, so that no test needs the right to capture.
"""

import asyncio
import random
import socket
import struct
from dataclasses import dataclass, field
from pathlib import Path

from wap.udp import SESSION_PORT, UNIT_PORT

LINKTYPE_RAW = 101
PHONE_IP = bytes((127, 0, 0, 2))
GATEWAY_IP = bytes((127, 0, 0, 1))


@dataclass
class Record:
    """Datagrams in the order they passed, as (from the phone, its port, octets)."""

    well_known_port: int
    passed: list[tuple[bool, int, bytes]] = field(default_factory=list)


class Wire:
    """The end that phones talk to; `loss` of the datagrams vanish, in each direction."""

    def __init__(self, target: tuple[str, int], record: Record, loss: float, seed: int) -> None:
        self.target = target
        self.record = record
        self.loss = loss
        self.dice = random.Random(seed)
        self.loop = asyncio.get_running_loop()
        self.near = self.open()
        self.near.bind(("127.0.0.1", 0))
        self.far_ends: dict[tuple[str, int], socket.socket] = {}
        self.loop.add_reader(self.near, self.from_phones)

    @staticmethod
    def open() -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        return sock

    def from_phones(self) -> None:
        octets, phone = self.near.recvfrom(65_535)
        far = self.far_ends.get(phone)
        if far is None:
            far = self.far_ends[phone] = self.open()
            far.connect(self.target)
            self.loop.add_reader(far, self.from_gateway, far, phone)
        if self.dice.random() >= self.loss:
            self.record.passed.append((True, phone[1], octets))
            far.send(octets)

    def from_gateway(self, far: socket.socket, phone: tuple[str, int]) -> None:
        octets = far.recv(65_535)
        if self.dice.random() >= self.loss:
            self.record.passed.append((False, phone[1], octets))
            self.near.sendto(octets, phone)

    def close(self) -> None:
        for sock in (self.near, *self.far_ends.values()):
            self.loop.remove_reader(sock)
            sock.close()


def lay(port: int, *, unit: bool = False, loss: float = 0.0, seed: int = 1) -> tuple[Wire, int]:
    """A wire to a port of the gateway on this machine, and the port at which phones find it."""
    wire = Wire(("127.0.0.1", port), Record(UNIT_PORT if unit else SESSION_PORT), loss, seed)
    return wire, wire.near.getsockname()[1]


def write_capture(path: Path, *records: Record) -> None:
    """A capture file of raw IPv4 with the well-known port on the gateway's side."""
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, LINKTYPE_RAW)]
    number = 0
    for record in records:
        for from_phone, port, octets in record.passed:
            number += 1
            ends = (PHONE_IP, GATEWAY_IP) if from_phone else (GATEWAY_IP, PHONE_IP)
            ports = (port, record.well_known_port) if from_phone else (record.well_known_port, port)
            udp = struct.pack(">HHHH", *ports, 8 + len(octets), 0) + octets
            head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), number & 0xFFFF, 0, 64, 17, 0)
            packet = head + ends[0] + ends[1] + udp
            out.append(
                struct.pack("<IIII", number // 1_000, number % 1_000 * 1_000, len(packet), len(packet))
            )
            out.append(packet)
    path.write_bytes(b"".join(out))
