"""The fast lane: kept pages are answered at the socket, before Tornado reads a single field.

Everything that is not plainly a request for a page that may be kept goes, with all its unread octets, to
Tornado; after one answer the connection comes back. `LaneServer` is an HTTPServer in every other way. With
TLS there is no lane: Tornado decrypts.

The private names of Tornado that this leans on are pinned by tests/portal/http/test_lane_contract.py.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from heapq import nsmallest
from typing import Any

from tornado import iostream

from portal.http.accesslog import AccessLog
from portal.http.answer import Answer
from portal.http.cacheable import Family, family_of
from portal.http.connection import HEAD_SECONDS, IDLE_SECONDS, CuttingServer
from portal.http.door import FULL, Door
from portal.http.head import LONGEST, Fields, matches, may_become_ours, read_fields
from portal.http.kitchen import Kitchen, Order
from portal.http.metrics import Figure, Metrics

log = logging.getLogger("sunshine.http")

WRITE_SECONDS = 30.0
"""How long a reader may take none of an answer."""

LINGER_SECONDS = 1.0
"""How long the other side has for going after the last answer."""

SWEEP_SECONDS = 1.0
READ_OCTETS = 65_536
HEADS_OCTETS = 16_000_000
"""Room for the heads whose fields are remembered: a browser sends the same ones with every request. Some
four thousand of them as browsers send them; fewer where somebody sends long ones, each another."""

FIELD_OCTETS = 160
"""What a field takes besides its own octets: two strings, and its place in a table."""

ROOM_SHARE = 16
"""Of how many connections that wait for their viewer one is ended where there is no room."""

IN_A_ROW = 64
"""Answers to one connection before others have their turn."""

_END = b"\r\n\r\n"


@dataclass(slots=True)
class Counts:
    """What has happened in the lane."""

    hits: int = 0
    made: int = 0
    handed: int = 0
    back: int = 0
    timeouts: int = 0
    faults: int = 0
    pushed: int = 0


class Lane:
    """What all connections of the lane share."""

    def __init__(
        self, kitchen: Kitchen, families: tuple[Family, ...], metrics: Metrics, access: AccessLog,
        opened: Callable[[str], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self.kitchen = kitchen
        self.cache = kitchen.cache
        self.families = families
        self.metrics = metrics
        self.access = access
        self.opened = opened
        self.counts = Counts()
        self.guests: set[Guest] = set()
        self.retiring = False
        self._heads: dict[bytes, Fields | None] = {}
        self._heads_octets = 0
        self._second = 0
        self._date = b""

    def date(self, moment: float) -> bytes:
        """The Date field of now, made once a second."""
        second = int(moment)
        if second != self._second:
            self._second, self._date = second, formatdate(second, usegmt=True).encode("ascii")
        return self._date

    def fields(self, block: bytes) -> Fields | None:
        """The fields of a head, None where Tornado has to read it."""
        if block in self._heads:
            return self._heads[block]
        self._heads[block] = found = read_fields(block)
        self._heads_octets += 3 * len(block) + FIELD_OCTETS * (4 + (len(found.headers) if found else 0))
        if self._heads_octets > HEADS_OCTETS:
            self._heads = {block: found}
            self._heads_octets = 0
        return found

    def class_of(self, family: Family, fields: Fields) -> Hashable:
        """The class of a request in a family; remembered with its head."""
        if not family.reads:
            return None
        known = fields.classes.get(id(family))
        if known is None:
            known = fields.classes[id(family)] = family.class_of(fields.headers)
        return known

    def sweep(self) -> None:
        """End connections that are idle, send a head too slowly, or do not read."""
        now = time.monotonic()
        for guest in [guest for guest in self.guests if guest.overdue(now)]:
            self.counts.timeouts += not guest.leaving
            guest.close()
        self.access.flush()

    def make_room(self) -> None:
        """End some of the connections that have said nothing, or half a head, for longest.

        Their viewers open another with the next key; who holds thousands open keeps nobody out.
        """
        idle = [guest for guest in self.guests if guest.idle]
        for guest in nsmallest(1 + len(idle) // ROOM_SHARE, idle, key=lambda guest: guest.since):
            self.counts.pushed += 1
            guest.close()

    def figures(self) -> list[Figure]:
        """For /metrics."""
        cache, counts = self.cache, self.counts
        lane = (("hit", counts.hits), ("made", counts.made), ("handed", counts.handed), ("back", counts.back),
                ("timeout", counts.timeouts), ("pushed", counts.pushed),
                ("fault", counts.faults))  # fmt: skip
        return [
            *(
                Figure("sunshine_lane_total", count, "What the fast lane did", "counter", (("event", name),))
                for name, count in lane
            ),
            Figure("sunshine_lane_connections", len(self.guests), "Connections that stand in the fast lane"),
            Figure("sunshine_cache_pages", len(cache), "Pages kept"),
            Figure("sunshine_cache_bytes", cache.octets, "What the kept pages take"),
            Figure("sunshine_cache_dropped_total", cache.dropped, "Pages dropped by a publish", "counter"),
            Figure("sunshine_cache_evicted_total", cache.evicted, "Pages that had to make room", "counter"),
        ]


class Guest:
    """One connection that stands in the lane."""

    __slots__ = (
        "_reading", "address", "buffer", "lane", "leaving", "loop", "out", "server", "since", "sock",
        "waiting",
    )  # fmt: skip

    def __init__(self, lane: Lane, server: LaneServer, sock: socket.socket, address: Any) -> None:
        self.lane = lane
        self.server = server
        self.sock = sock
        self.address = address
        self.buffer = b""
        self.out: memoryview | None = None
        self.since = time.monotonic()
        self.waiting = False
        self.leaving = False
        self.loop = asyncio.get_running_loop()
        self._reading = False
        lane.guests.add(self)

    def start(self, unread: bytes = b"") -> None:
        """Serve this connection, beginning with what has been read of it already."""
        self.buffer = unread
        self._read_on()
        if unread:
            self.loop.call_soon(self._guarded, self._work)

    def overdue(self, now: float) -> bool:
        """Whether its time is over."""
        if self.waiting:
            return False
        limit = (
            LINGER_SECONDS if self.leaving
            else WRITE_SECONDS if self.out is not None
            else HEAD_SECONDS if self.buffer
            else IDLE_SECONDS
        )  # fmt: skip
        return now - self.since > limit

    @property
    def idle(self) -> bool:
        """Whether it is the other side that we wait for, and not for its taking of an answer."""
        return not self.waiting and self.out is None

    def close(self) -> None:
        """End it."""
        if self in self.lane.guests:
            self.lane.guests.discard(self)
            self.server.door.leave(self.address)
            self._read_no_more()
            if self.out is not None:
                self.loop.remove_writer(self.sock.fileno())
            self.sock.close()

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do something; a fault of ours costs this connection, nothing else."""
        if self not in self.lane.guests:
            return
        try:
            work()
        except OSError:
            self.close()
        except Exception:
            self.lane.counts.faults += 1
            log.exception("the fast lane failed")
            self.close()

    def _read_on(self) -> None:
        if not self._reading:
            self._reading = True
            # By number: of a socket that it does not know the selector would first ask the name.
            self.loop.add_reader(self.sock.fileno(), self._guarded, self._readable)

    def _read_no_more(self) -> None:
        if self._reading:
            self._reading = False
            self.loop.remove_reader(self.sock.fileno())

    def _readable(self) -> None:
        if self.waiting:
            # What comes meanwhile waits with the system; few send anything.
            self._read_no_more()
            return
        try:
            data = self.sock.recv(READ_OCTETS)
        except (BlockingIOError, InterruptedError):
            return
        if not data:
            self.close()
            return
        if self.leaving:
            return
        if self.buffer:
            self.buffer += data
        else:
            self.buffer = data
            self.since = time.monotonic()
        self._work()

    def _work(self) -> None:
        """Answer what stands in the buffer, as far as it goes."""
        for _ in range(IN_A_ROW):
            buffer = self.buffer
            if not buffer or self.out is not None or self.waiting:
                return
            end = buffer.find(_END)
            if end < 0 or end > LONGEST:
                if not may_become_ours(buffer):
                    self._hand_over()
                return
            if not self._answer(buffer, end):
                return
        if self.buffer:
            self._read_no_more()
            self.loop.call_soon(self._guarded, self._go_on)

    def _go_on(self) -> None:
        self._work()
        if self in self.lane.guests and self.out is None and not self.waiting:
            self._read_on()

    def _answer(self, buffer: bytes, end: int) -> bool:
        """Answer one request. True where the next may be looked at."""
        began = time.perf_counter()
        lane = self.lane
        line_end = buffer.find(b"\r\n")
        line = buffer[:line_end].split(b" ")
        fields = lane.fields(buffer[line_end + 2 : end + 2]) if line_end < end else None
        if fields is None or len(line) != 3 or line[2] != b"HTTP/1.1" or line[0] not in (b"GET", b"HEAD"):
            return self._hand_over()
        target = line[1]
        family = family_of(lane.families, target)
        if family is None:
            return self._hand_over()
        kind = lane.class_of(family, fields)
        answer = lane.cache.get((target, kind), time.monotonic())
        if answer is not None:
            lane.counts.hits += 1
            self.buffer = buffer[end + 4 :]
            return self._send(answer, line[0], target, fields, began)
        row = family.row(target)
        if row is None:
            return self._hand_over()
        order = Order(target, family, row, kind, family.asked(fields.headers))
        self._wait_for(order, line[0], end, fields, began)
        return False

    def _wait_for(self, order: Order, method: bytes, end: int, fields: Fields, began: float) -> None:
        """Have a page made, and go on when it is there."""
        self.waiting = True
        task = self.lane.kitchen.make(order)

        def made(_: asyncio.Task[Answer]) -> None:
            self._guarded(lambda: self._made(task, order, method, end, fields, began))

        task.add_done_callback(made)

    def _made(
        self, task: asyncio.Task[Answer], order: Order, method: bytes, end: int, fields: Fields, began: float
    ) -> None:
        self.waiting = False
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is not None:
            log.warning("%s: made by Tornado, because %r", order.target.decode("ascii"), error)
            self._hand_over()
            return
        self.lane.counts.made += 1
        self.buffer = self.buffer[end + 4 :]
        if self._send(task.result(), method, order.target, fields, began):
            self._go_on()

    def _send(self, answer: Answer, method: bytes, target: bytes, fields: Fields, began: float) -> bool:
        """Write an answer. True where the connection goes on and can take the next one at once."""
        lane, moment = self.lane, time.time()
        unchanged = bool(fields.tags) and answer.status == 200 and matches(fields.tags, answer.tag)
        close = fields.close or lane.retiring
        octets = answer.wire(
            lane.date(moment),
            gzip=fields.gzip,
            head=method == b"HEAD",
            close=close,
            unchanged=unchanged,
        )
        status = 304 if unchanged else answer.status
        self.since = time.monotonic()
        went = self._write(octets, close)
        seconds = time.perf_counter() - began
        lane.metrics.count(answer.label if status != 404 else "other", status, seconds)
        if lane.access.on:
            lane.access.add(moment, status, method.decode("ascii"), target, seconds)
        if answer.item and status < 400:
            lane.opened(answer.item)
        return went

    def _write(self, octets: bytes, close: bool) -> bool:
        try:
            sent = self.sock.send(octets)
        except (BlockingIOError, InterruptedError):
            sent = 0
        if sent == len(octets):
            if close:
                self._leave()
            return not close
        self.out = memoryview(octets)[sent:]
        self._read_no_more()
        self.loop.add_writer(self.sock.fileno(), self._guarded, lambda: self._writable(close))
        return False

    def _writable(self, close: bool) -> None:
        if self.out is None:
            return
        try:
            sent = self.sock.send(self.out)
        except (BlockingIOError, InterruptedError):
            return
        self.since = time.monotonic()
        self.out = self.out[sent:]
        if self.out:
            return
        self.loop.remove_writer(self.sock.fileno())
        self.out = None
        if close:
            self._leave()
        else:
            self._go_on()

    def _leave(self) -> None:
        """Say that no more comes, and drop what still does (RFC 9112 9.6): closed upon octets that nobody
        has read, the connection would take the answer with it."""
        self.leaving = True
        self.buffer = b""
        self.sock.shutdown(socket.SHUT_WR)
        self._read_on()

    def _hand_over(self) -> bool:
        """Give the connection and all that is unread to Tornado, for one answer."""
        self.lane.counts.handed += 1
        self.lane.guests.discard(self)
        self._read_no_more()
        self.server.visit(self.sock, self.address, self.buffer)
        return False


class LaneServer(CuttingServer):
    """Tornado's HTTPServer with the fast lane in front."""

    lane: Lane | None = None
    door: Door
    _sweeping: asyncio.Task[None] | None = None
    _leaving = False

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Tornado's hook in place of a constructor; everybody may come in until `keep_door`."""
        super().initialize(*args, **kwargs)
        self.door = Door(0, 0)

    def keep_door(self, door: Door) -> None:
        """Have no more connections than this allows."""
        self.door = door

    def open_lane(self, lane: Lane) -> None:
        """Answer through this lane from the next connection on."""
        self.lane = lane
        self._sweeping = asyncio.create_task(self._sweep(lane))

    def retire(self) -> None:
        """End every connection with its next answer."""
        self.conn_params.no_keep_alive = True
        if self.lane is not None:
            self.lane.retiring = True

    @property
    def busy(self) -> bool:
        """Whether there are connections."""
        return bool(self._connections or (self.lane is not None and self.lane.guests))

    async def close_all_connections(self) -> None:
        """Tornado's hook: those in the lane too."""
        self._leaving = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        if self.lane is not None:
            for guest in list(self.lane.guests):
                guest.close()
            self.lane.access.flush()
        await super().close_all_connections()

    def _handle_connection(self, connection: socket.socket, address: Any) -> None:
        if self.door.full and self.lane is not None:
            self.lane.make_room()
        if not self.door.admit(address):
            self._send_away(connection)
            return
        if self.lane is None or self.ssl_options is not None:
            before = len(self._connections)
            try:
                super()._handle_connection(connection, address)
            finally:
                if len(self._connections) == before:  # it was gone before it was served
                    self.door.leave(address)
            return
        self._enter(self.lane, connection, address, b"")

    def take(self, connection: socket.socket) -> None:
        """Serve a connection that somebody else has accepted."""
        try:
            address = connection.getpeername()
        except OSError:
            connection.close()
            return
        self._handle_connection(connection, address)

    def _send_away(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        with suppress(OSError):
            if self.ssl_options is None:
                connection.send(FULL)
        connection.close()

    def handle_stream(self, stream: iostream.IOStream, address: Any) -> None:
        """Tornado's hook for a connection that does not stand in the lane."""
        self.serve(stream, address, gone=lambda: self.door.leave(address))

    def _enter(self, lane: Lane, connection: socket.socket, address: Any, unread: bytes) -> None:
        guest = Guest(lane, self, connection, address)
        try:
            connection.setblocking(False)
            if connection.family in (socket.AF_INET, socket.AF_INET6):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            guest.start(unread)
        except OSError:
            guest.close()

    def visit(self, connection: socket.socket, address: Any, unread: bytes) -> None:
        """Have Tornado answer one request of a connection, the begin of which has been read."""
        try:
            stream = iostream.IOStream(
                connection, max_buffer_size=self.max_buffer_size, read_chunk_size=self.read_chunk_size
            )
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
        except OSError:
            self.door.leave(address)
            connection.close()
            return
        stream._read_buffer += unread
        stream._read_buffer_size += len(unread)
        self.serve(
            stream, address, lambda back: self._return(back, address), lambda: self.door.leave(address)
        )

    def _return(self, stream: iostream.IOStream, address: Any) -> None:
        """Take a connection back from Tornado, with what it has read ahead."""
        lane = self.lane
        if lane is None or self._leaving:
            self.door.leave(address)
            stream.close()
            return
        unread = bytes(stream._read_buffer[: stream._read_buffer_size])
        connection = stream.socket
        if stream._state is not None:
            stream.io_loop.remove_handler(stream.fileno())
            stream._state = None
        lane.counts.back += 1
        self._enter(lane, connection, address, unread)

    async def _sweep(self, lane: Lane) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            lane.sweep()
