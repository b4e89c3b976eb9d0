"""Several processes on one port: a dead one is started again, and exchanging all drops no request."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis

from portal.local_redis import LocalRedis
from portal.processes import reusable
from portal.settings import PROJECT
from tests import sample
from tests.laned import read_on, request

PAGE = "/tv/web-hd/c/310"


class Fleet:
    """A running `server.py --processes N`."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.port = port
        self.said = ""
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            if b" sunshine INFO " not in line:  # one for each answer
                self.said += line.decode()

    async def says(self, words: str, times: int = 1) -> None:
        """Wait until it has printed something."""
        async with asyncio.timeout(100):
            while self.said.count(words) < times:
                assert self.process.returncode is None, self.said
                await asyncio.sleep(0.02)

    def children(self) -> list[int]:
        """Its server processes, the oldest first."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, IndexError):
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == self.process.pid and b"--accept" in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
        return sorted(found)

    async def get(self, target: str) -> bytes:
        """One answer over a connection of its own."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request(target, "Connection: close"))
        answer = await read_on(reader, 20)
        writer.close()
        return answer


@asynccontextmanager
async def fleet(redis: LocalRedis | str, folder: Path, count: int, **settings: str) -> AsyncIterator[Fleet]:
    """Start it over a Redis or the address of one, wait until it serves, and stop it."""
    file = sample.write_site(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ, "REDIS_URL": redis if isinstance(redis, str) else redis.url, "SITE": str(file),
        "PORT": str(port), "DATA_DIR": str(folder), "WSP_PORTS": "", **settings,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "server.py", "--processes", str(count), cwd=PROJECT, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    running = Fleet(process, port)
    try:
        await running.says("serving on")
        yield running
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 30) == 0, running.said


class Crowd:
    """Viewers who ask for pages on kept connections, and open a new one when they are told to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers = 0
        self.connections = 0
        self.lost: list[str] = []
        self.leave = False

    async def viewer(self, targets: tuple[str, ...]) -> None:
        """Ask again and again; whatever is not a whole answer is lost."""
        writer = None
        at = 0
        while not self.leave:
            target, at = targets[at % len(targets)], at + 1
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    self.connections += 1
                writer.write(request(target))
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
                length = re.search(rb"\r\nContent-Length: (\d+)", head)
                assert length and head.startswith(b"HTTP/1.1 200"), head
                await asyncio.wait_for(reader.readexactly(int(length[1])), 20)
            except (OSError, EOFError, TimeoutError, AssertionError) as error:
                self.lost.append(f"{target}: {error!r}")
                writer = None
                continue
            self.answers += 1
            if b"\r\nConnection: close" in head:
                writer.close()
                writer = None
            await asyncio.sleep(0.001)
        if writer is not None:
            writer.close()


@pytest.mark.timeout(300)
async def test_reload_under_load_and_a_killed_process(
    redis_server: LocalRedis, redis_client: Redis, tmp_path: Path
) -> None:
    """SIGHUP while viewers read: new processes, not one request lost. Nobody waits for one that was killed."""
    await sample.publish(redis_client)
    async with fleet(redis_server, tmp_path, 2) as running:
        first = running.children()
        assert len(first) == 2
        crowd = Crowd(running.port)
        targets = (PAGE, "/tv/web-hd/", "/remote", "/tv/web-hd/n/05", PAGE)
        viewers = [asyncio.create_task(crowd.viewer(targets)) for _ in range(12)]
        running.process.send_signal(signal.SIGHUP)
        await running.says("all processes have been exchanged")
        await asyncio.sleep(0.5)
        crowd.leave = True
        await asyncio.gather(*viewers)
        assert crowd.lost == [] and crowd.answers > 100 and crowd.connections > 12
        async with asyncio.timeout(20):
            while len(running.children()) != 2:
                await asyncio.sleep(0.1)
        second = running.children()
        assert not set(first) & set(second)
        # As long as no successor can start, the other one is handed what comes.
        (tmp_path / "site.toml").write_text("nothing", encoding="utf-8")
        os.kill(second[0], signal.SIGKILL)
        await running.says("ended with status -9")
        for _ in range(2):
            answers = await asyncio.gather(*(running.get(PAGE) for _ in range(24)))
            assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers)
            await running.says("cannot be used as a site file")
        assert second[1] in running.children()
        sample.write_site(tmp_path)
        # All are exchanged while it is started: there is one successor to each place all the same.
        running.process.send_signal(signal.SIGHUP)
        await running.says("all processes have been exchanged", 2)
        async with asyncio.timeout(40):
            while second[1] in running.children() or len(running.children()) != 2:
                await asyncio.sleep(0.1)
        answers = await asyncio.gather(*(running.get(PAGE) for _ in range(24)))
        assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers)
        assert len(running.children()) == 2
        figures = (await running.get("/metrics")).decode()
        assert 'process="0"' in figures and 'process="1"' in figures


def test_a_port_that_another_server_has_is_not_shared() -> None:
    """SO_REUSEPORT is for our own processes: a second server is told that the port is taken."""
    sockets = reusable(0, "127.0.0.1", 3)
    port = sockets[0].getsockname()[1]
    assert {sock.getsockname()[1] for sock in sockets} == {port}
    with pytest.raises(OSError, match="in use"):
        reusable(port, "127.0.0.1", 1)
    for sock in sockets:
        sock.close()
