"""Faults under load: what viewers notice, and how long it takes until all is as before.

A server of two processes over a Redis of its own is read all the while by viewers on kept connections, who
count every answer that is wrong or does not come. In turn: Redis is killed and started again, a process is
killed, all are exchanged, thousands of idle and half-open connections stand beside, odd
heads, readers and senders that are slow. Nothing is asserted about speed; what must be right is a goal.
"""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

from redis.asyncio import Redis

from bench import Row
from portal.local_redis import LocalRedis
from tests import sample
from tests.laned import request
from tests.portal.test_processes import PAGE, Crowd, Fleet, fleet

IDLE, QUICK_IDLE = 5_000, 1_000
VIEWERS = 12
TARGETS = (PAGE, "/tv/web-hd/", "/tv/ipanel-sd/c/310", "/wap/c/310", "/tv/web-hd/h/news005")
ODD = (b"\0" * 60 + b"\r\n\r\n", b"GET /tv/web-hd/ HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",  # noqa: E501

       b"GET " + b"/" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01\x02\0\x01", b"GET /tv/web-hd/ HT")  # fmt: skip  # noqa: E501


def main(quick: bool) -> Iterator[Row]:
    """Everything in turn."""
    yield from asyncio.run(_all(quick))


async def _all(quick: bool) -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = LocalRedis(folder / "redis")
        server.start()
        redis = Redis.from_url(server.url)
        await sample.publish(redis)
        (folder / "data").mkdir()
        async with fleet(server, folder / "data", 2) as running:
            for _ in range(12):  # so that both processes have read what viewers read
                await asyncio.gather(*(running.get(target) for target in TARGETS))
            memory = _memory(running)
            for name_, fault in (
                ("Redis killed, and back after 3 s", lambda: _redis_goes(server)),
                ("a process killed", lambda: _killed(running)),
                ("all processes exchanged", lambda: _exchanged(running)),
                ("odd heads", lambda: _odd(running)),
                (f"{QUICK_IDLE if quick else IDLE:,} idle connections",
                 lambda: _idle(running, QUICK_IDLE if quick else IDLE)),
                ("readers that do not read", lambda: _deaf(running)),
            ):  # fmt: skip
                async with crowd(running) as viewers:
                    began = time.monotonic()
                    await fault()
                    took = time.monotonic() - began
                kept = name_ != "a process killed"
                note = f"{viewers.answers:,} answers, took {took:.1f} s; {'; '.join(viewers.lost[:2])}"
                # Who stands at a process that is killed loses what it was about to say: one answer each.
                rows.append(Row(f"{name_}: answers lost", len(viewers.lost), "",
                                most=0 if kept else VIEWERS, note=note))  # fmt: skip
            fresh = await _fresh_again(running, redis)
            rows.append(Row("a publish is shown after all that within", fresh * 1e3, "ms", most=1_000.0))
            rows.append(
                Row("memory of both processes against before", _memory(running) / memory, "x", most=1.6)
            )
        await redis.aclose()
        server.stop()
    return rows


@asynccontextmanager
async def crowd(running: Fleet) -> AsyncIterator[Crowd]:
    """Viewers who read for as long as the block lasts, and a moment more."""
    viewers = Crowd(running.port)
    tasks = [asyncio.create_task(viewers.viewer(TARGETS)) for _ in range(VIEWERS)]
    await asyncio.sleep(0.5)
    yield viewers
    await asyncio.sleep(0.5)
    viewers.leave = True
    await asyncio.gather(*tasks)


def _memory(running: Fleet) -> int:
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 for pid in running.children())


async def _redis_goes(server: LocalRedis) -> None:
    server.kill()
    await asyncio.sleep(3)
    await asyncio.to_thread(server.start)
    await asyncio.sleep(1)


async def _killed(running: Fleet) -> None:
    os.kill(running.children()[0], signal.SIGKILL)
    await running.says("it is started again")
    async with asyncio.timeout(60):
        while len(running.children()) < 2:  # noqa: ASYNC110 - of another process's children nobody tells
            await asyncio.sleep(0.05)


async def _exchanged(running: Fleet) -> None:
    running.process.send_signal(signal.SIGHUP)
    await running.says("all processes have been exchanged")


async def _odd(running: Fleet) -> None:
    for octets in ODD * 40:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", running.port)
            writer.write(octets)
            await asyncio.sleep(0.002)
            writer.transport.abort()


async def _idle(running: Fleet, count: int) -> None:
    standing = []
    for _ in range(count):
        _, writer = await asyncio.open_connection("127.0.0.1", running.port)
        standing.append(writer)
    await asyncio.sleep(2)
    for writer in standing:
        writer.transport.abort()


async def _deaf(running: Fleet) -> None:
    standing = []
    for _ in range(50):
        _, writer = await asyncio.open_connection("127.0.0.1", running.port, limit=1024)
        writer.transport.pause_reading()
        writer.write(request(PAGE) * 300)
        standing.append(writer)
    await asyncio.sleep(2)
    for writer in standing:
        writer.transport.abort()


async def _fresh_again(running: Fleet, redis: Redis) -> float:
    """Seconds from a publish until no process shows the page of before."""

    await sample.publish(redis, changed=(replace(sample.articles()[5], title="故障之后的新标题"),))
    began = last = time.monotonic()
    while time.monotonic() - last < 1.0 and time.monotonic() - began < 20:
        if "故障之后的新标题".encode() not in await running.get(PAGE):
            last = time.monotonic()
        await asyncio.sleep(0.01)
    return last - began
