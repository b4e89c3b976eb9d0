"""Several server processes on one port: `Supervisor` starts them, starts dead ones again, and reloads.

The supervisor opens one socket with SO_REUSEPORT for each process and never closes it: what waits to be
accepted while a process is exchanged is accepted by its successor. A reload starts the successor, waits until
it says that it is ready, and only then lets the old one retire: it takes no more connections, ends each with
its next answer, and goes. Of a process that has died the supervisor accepts what comes and hands it to the
others, until its successor is ready: nobody waits for a process to start.

A process is told by three numbers of inherited files: the socket to accept from, the pipe to say "ready" on,
and the socket on which it is handed connections.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from portal.children import WITH_US, end

log = logging.getLogger("sunshine.processes")

RETIRE = signal.SIGUSR1
"""Tells a process to take no more connections, and to end when those that it has are done."""

RETIRE_SECONDS = 30.0
READY_SECONDS = 60.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
MOST_AT_ONCE = 64
"""Connections that are handed on before anything else has its turn."""

STEADY_SECONDS = 30.0
"""A process that has lived as long is started again at once when it dies."""


def reusable(port: int, host: str, count: int) -> list[socket.socket]:
    """`count` sockets that share a port; the system spreads connections over them. OSError as from bind."""
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    # Alone first: another server's port is not taken over by sharing it.
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
    sockets: list[socket.socket] = []
    for _ in range(count):
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.setblocking(False)
        sock.bind(address)
        sock.listen(1024)
        address = sock.getsockname()
        sockets.append(sock)
    return sockets


@dataclass(eq=False, slots=True)
class Worker:
    """One life of a process; `retired` once it has been told to go.

    hand  our end of the socket on which it is handed connections
    """

    process: asyncio.subprocess.Process
    started: float
    hand: socket.socket
    retired: bool = False


class Supervisor:
    """Keeps one process for each socket.

    arguments  (place of the process, numbers of its socket, its pipe and its hand) -> what follows `python`
    """

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        arguments: Callable[[int, int, int, int], Sequence[str]],
        environment: Mapping[str, str],
    ) -> None:
        self.started = 0
        self.died = 0
        self.handed = 0
        self._sockets = list(sockets)
        self._arguments = arguments
        self._environment = dict(environment)
        self._workers: dict[int, Worker] = {}
        self._watching: set[asyncio.Task[None]] = set()
        self._pauses = dict.fromkeys(range(len(self._sockets)), SHORTEST_PAUSE)
        self._stopping = False
        self._exchanging = asyncio.Lock()

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that take connections."""
        return tuple(worker.process.pid for _, worker in sorted(self._workers.items()))

    async def start(self) -> None:
        """Start all, and wait until they are ready. RuntimeError where one is not."""
        ready = await asyncio.gather(*(self._start(place) for place in range(len(self._sockets))))
        if not all(ready):
            raise RuntimeError("a server process did not start; its message stands above")

    async def reload(self) -> bool:
        """Exchange one process after the other. False where a successor did not start: the old ones stay."""
        async with self._exchanging:
            for place in range(len(self._sockets)):
                old = self._workers.get(place)
                if not await self._start(place):
                    log.error("the new process %d does not start: the old one stays", place)
                    return False
                if old is not None:
                    old.retired = True
                    _signal(old, RETIRE)
            return True

    async def stop(self) -> None:
        """Stop all, and wait until they have ended."""
        self._stopping = True
        for task in list(self._watching):
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        for sock in self._sockets:
            asyncio.get_running_loop().remove_reader(sock)
            sock.close()

    async def _start(self, place: int) -> bool:
        """Start the process of a place; True once it is ready, False where it is not to be had."""
        listening = self._sockets[place].fileno()
        read_end, write_end = os.pipe()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        try:
            given = (listening, write_end, theirs.fileno())
            process = await asyncio.create_subprocess_exec(
                *WITH_US, *self._arguments(place, *given),
                env=self._environment, pass_fds=given, start_new_session=True,
            )  # fmt: skip
        except BaseException:
            os.close(read_end)
            ours.close()
            raise
        finally:
            os.close(write_end)
            theirs.close()
        self.started += 1
        worker = Worker(process, time.monotonic(), ours)
        if not await _said_ready(read_end):
            await end(worker.process)
            ours.close()
            return False
        asyncio.get_running_loop().remove_reader(listening)
        self._workers[place] = worker
        task = asyncio.create_task(self._watch(place, worker))
        self._watching.add(task)
        task.add_done_callback(self._watching.discard)
        return True

    async def _watch(self, place: int, worker: Worker) -> None:
        """Wait for the end of a process, and start it again where it was not told to go."""
        try:
            status = await worker.process.wait()
        except asyncio.CancelledError:
            await end(worker.process)
            raise
        finally:
            worker.hand.close()
        if worker.retired or self._stopping or self._workers.get(place) is not worker:
            return
        self.died += 1
        lived = time.monotonic() - worker.started
        pause = self._pauses[place]
        self._pauses[place] = SHORTEST_PAUSE if lived > STEADY_SECONDS else min(pause * 2, LONGEST_PAUSE)
        log.error("process %d ended with status %s; it is started again", place, status)
        del self._workers[place]
        sock = self._sockets[place]
        asyncio.get_running_loop().add_reader(sock, self._hand_on, sock)
        while True:
            await asyncio.sleep(pause)
            # Not while all are exchanged: two successors would come to one place.
            async with self._exchanging:
                if place in self._workers:
                    return
                if await self._start(place):
                    log.warning("process %d was started again after its end; %d connections were handed on",
                                place, self.handed)  # fmt: skip
                    return
            pause = min(pause * 2, LONGEST_PAUSE)

    def _hand_on(self, sock: socket.socket) -> None:
        """Accept for a process that is dead, and give what comes to those that live, in turn."""
        for _ in range(MOST_AT_ONCE):
            living = [each for each in self._workers.values() if each.process.returncode is None]
            if not living:
                # Nobody is there: what comes waits for whoever starts first.
                asyncio.get_running_loop().remove_reader(sock)
                return
            try:
                connection, _ = sock.accept()
            except OSError:
                return
            with connection:
                self.handed += 1
                start = self.handed % len(living)
                for worker in (*living[start:], *living[:start]):
                    try:
                        socket.send_fds(worker.hand, [b"c"], [connection.fileno()])
                        break
                    except OSError:
                        continue


async def _said_ready(read_end: int) -> bool:
    """Whether the other end of a pipe says something in time, before it is closed."""
    loop = asyncio.get_running_loop()
    said: asyncio.Future[bool] = loop.create_future()

    def readable() -> None:
        loop.remove_reader(read_end)
        if not said.done():
            said.set_result(bool(os.read(read_end, 16)))

    loop.add_reader(read_end, readable)
    try:
        async with asyncio.timeout(READY_SECONDS):
            return await said
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(read_end)
        os.close(read_end)


def take_from(hand: socket.socket, take: Callable[[socket.socket], None]) -> None:
    """In a process: have `take` called with every connection that is handed to us."""
    hand.setblocking(False)
    loop = asyncio.get_running_loop()

    def readable() -> None:
        try:
            data, files, _, _ = socket.recv_fds(hand, 16, 1)
        except BlockingIOError:
            return
        except OSError:
            data, files = b"", []
        for file in files:
            take(socket.socket(fileno=file))
        if not data:
            loop.remove_reader(hand)

    loop.add_reader(hand, readable)


def say_ready(write_end: int) -> None:
    """In a process: it takes connections now."""
    with suppress(OSError):
        os.write(write_end, b"ready\n")
        os.close(write_end)


def _signal(worker: Worker, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        worker.process.send_signal(number)
