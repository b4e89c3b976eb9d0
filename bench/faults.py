"""Faults under load: what viewers lose, whether a page is wrong, how long until all is as before.

A server of two processes over a Redis of its own is read all the while by viewers on kept connections, who
look at every answer: its status, its length, and whether it is the page that was asked for. In turn: Redis is
killed and comes back, the disk is full, a process is killed, all are exchanged, odd heads, half and pipelined
requests, thousands of idle connections, readers and senders that are slow. Then a failover by Sentinel, and
one address that wants every connection. Speed is not judged; what must be right is a goal.
"""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bench import Row
from bench._crowd import Crowd, NoAnswer, marks_of, read_answer, reading
from portal.http.board import WRITE_SECONDS
from portal.http.lane import HEAD_SECONDS
from portal.local_redis import LocalRedis
from portal.redis_client import connect
from portal.store import Keys
from tests import sample
from tests.laned import request
from tests.portal.test_processes import PAGE, Fleet, fleet
from tests.portal.test_redis_client import OPTIONS, watched

IDLE, QUICK_IDLE = 5_000, 1_000
VIEWERS, COLD_VIEWERS = 12, 2
SMALL_DISK = "24m"
PROMPT_SECONDS = 0.25
"""A new connection that is answered within this has met a process that runs."""

WARM = (PAGE, "/tv/web-hd/", "/tv/ipanel-sd/c/310", "/wap/c/310", "/tv/web-hd/h/news005", "/wap/i/news004")
COLD = tuple(f"/tv/{profile}/h/news{at:03}" for profile in ("iptv-hd", "dvn-sd") for at in range(6, 23))
ODD = (
    b"\0" * 60 + b"\r\n\r\n", b"GET /tv/web-hd/ HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\0\x01",
    b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"GET /tv/web-hd/ HT",
    b"GET " + b"/" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 9_000, b"GET  HTTP/1.1\r\n\r\n",
    b"GET /tv/web-hd/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz\r\n",
)  # fmt: skip
NEWS = "故障之后的新标题"


class Skipped(Exception):
    """This machine cannot be broken in that way; the text says why."""


@dataclass
class Scene:
    """A fleet being read, and what is known of it.

    folder  where its files are, `small` where that is a disk of its own that can be full
    marks   what tells the pages apart
    """

    running: Fleet
    server: LocalRedis
    redis: Redis
    folder: Path
    quick: bool
    small: bool = False
    marks: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    published: int = 0

    @property
    def port(self) -> int:
        """Where it answers."""
        return self.running.port


Fault = Callable[[Scene], Awaitable[str]]


def main(quick: bool) -> Iterator[Row]:
    """Everything in turn."""
    rows = _all(quick)
    with asyncio.Runner() as runner:
        while row := runner.run(_next(rows)):
            yield row


async def _next(rows: AsyncIterator[Row]) -> Row | None:
    return await anext(rows, None)


async def _all(quick: bool) -> AsyncIterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        async with _scene(Path(name), quick) as scene:
            memory, files = _memory(scene.running), _files(scene.running)
            for what, fault, most in (
                ("Redis killed, and back after 3 s", _redis_goes, 0),
                ("the disk is full, and has room again", _disk_full, 0),
                # Who stands at a process that is killed loses what it was about to say: one answer each.
                ("a process killed", _killed, VIEWERS),
                ("all processes exchanged", _exchanged, 0),
                ("odd heads", _odd, 0),
                ("half requests, and pipelined ones", _in_pieces, 0),
                (f"{QUICK_IDLE if quick else IDLE:,} idle connections", _idle, 0),
                ("50 readers that do not read", _deaf, 0),
                ("200 senders of an octet a second", _slow, 0),
            ):
                for row in await _under(scene, what, fault, most):
                    yield row
            yield _within("a publish is shown after all that within", await _fresh(scene), 1_000.0)
            grown = _memory(scene.running) / memory
            yield Row("memory of both processes against before", grown, "x", most=1.6)
            yield Row("connections left behind", await _left(scene), "", most=0)
            more = max(0, _files(scene.running) - files)
            yield Row(
                "open files more than before",
                more,
                "",
                most=16,
                note="connections to Redis, kept for the next",
            )
    for row in (*await _failover(quick), *await _greedy(quick)):
        yield row


@asynccontextmanager
async def _scene(folder: Path, quick: bool) -> AsyncIterator[Scene]:
    """Redis and two processes in a folder that may be a small disk."""
    disk = folder / "disk"
    with _small_disk(disk) as small:
        server = LocalRedis(disk / "redis")
        server.start()
        redis = Redis.from_url(server.url)
        try:
            await sample.publish(redis)
            (disk / "data").mkdir()
            async with fleet(server, disk / "data", 2, CONNECTIONS_EACH="0") as running:
                scene = Scene(running, server, redis, disk, quick, small)
                await _read_by_all(scene)
                yield scene
        finally:
            await redis.aclose()
            server.stop()


async def _read_by_all(scene: Scene) -> None:
    """Have both processes read what viewers read, and learn what it looks like."""
    pages: dict[str, bytes] = {}
    for _ in range(12):
        for target in WARM:
            answer = await scene.running.get(target)
            pages[target] = answer.partition(b"\r\n\r\n")[2]
    scene.marks = marks_of(pages)


async def _under(scene: Scene, what: str, fault: Fault, most: int) -> list[Row]:
    """A fault while viewers read: what they lost, and whether a page was wrong."""
    async with reading(Crowd(scene.port, scene.marks), WARM, VIEWERS) as crowd:
        began = time.monotonic()
        try:
            said = await fault(scene)
        except Skipped as error:
            return [Row(f"{what}: not tried", 0, "", note=str(error))]
        took = time.monotonic() - began
    pause = crowd.longest * 1e3
    note = f"of {crowd.answers:,} in {took:.1f} s; p99 {crowd.p99:.0f} ms, longest {pause:,.0f} ms; {said}"
    seen = "; ".join((*crowd.lost[:2], *crowd.wrong[:2]))
    return [
        Row(f"{what}: answers lost", len(crowd.lost), "", most=most, note=f"{note} {seen}".rstrip("; ")),
        Row(f"{what}: wrong pages", len(crowd.wrong), "", most=0),
    ]


def _within(name: str, seconds: float, most: float) -> Row:
    return Row(name, seconds * 1e3, "ms", most=most)


def _memory(running: Fleet) -> int:
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 for pid in running.children())


def _files(running: Fleet) -> int:
    return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in running.children())


async def _left(scene: Scene) -> float:
    """Connections of both processes once all viewers have gone, but for the one that asks."""
    await asyncio.sleep(2 * WRITE_SECONDS + 0.5)
    return _figure((await scene.running.get("/metrics")).decode(), "sunshine_connections") - 1


async def _redis_goes(scene: Scene) -> str:
    """Warm pages have to stand; cold ones are a page that says so, and there again once Redis is."""
    scene.server.kill()
    async with reading(Crowd(scene.port, {}, cold=True), COLD, COLD_VIEWERS) as cold:
        await asyncio.sleep(3)
    told = ", ".join(f"{count} x {status}" for status, count in sorted(cold.statuses.items()))
    if cold.wrong or cold.lost:
        raise RuntimeError(f"cold pages while Redis was away: {(cold.wrong + cold.lost)[:2]}")
    await asyncio.to_thread(scene.server.start)
    began = time.monotonic()
    again = 0
    while again < 8:
        again = again + 1 if b" 200 " in (await scene.running.get(COLD[-1]))[:16] else 0
        await asyncio.sleep(0.01)
    back = time.monotonic() - began
    fresh = await _fresh(scene)
    return f"cold pages {told}; made again {back * 1e3:.0f} ms after Redis, a publish {fresh * 1e3:.0f} ms"


@contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    """Make a folder a disk of its own with little room; whether we may."""
    folder.mkdir()
    small = False
    if os.getuid() == 0 and shutil.which("mount"):
        command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "none", str(folder)]
        small = not subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603
    try:
        yield small
    finally:
        if small:
            subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False)  # noqa: S603, S607


async def _disk_full(scene: Scene) -> str:
    """Nothing can be written for 3 s, by Redis nor by a server; then there is room again."""
    if not scene.small:
        raise Skipped("a small disk is mounted by root only")
    ballast = scene.folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 65_536)
    refused = 0
    until = time.monotonic() + 3
    while time.monotonic() < until:
        try:
            await _publish(scene)
        except (RedisError, OSError):
            refused += 1
        await asyncio.sleep(0.2)
    ballast.unlink()
    began = time.monotonic()
    while True:
        try:
            await _publish(scene)
            break
        except (RedisError, OSError) as error:
            if time.monotonic() - began > 30:
                raise RuntimeError(f"Redis does not write again: {error}") from error
            await asyncio.sleep(0.05)
    again = time.monotonic() - began
    fresh = await _fresh(scene)
    return f"{refused} publishes refused; written again after {again:.1f} s, shown after {fresh * 1e3:.0f} ms"


async def _killed(scene: Scene) -> str:
    running, began = scene.running, time.monotonic()
    os.kill(running.children()[0], signal.SIGKILL)
    while await _slowest(scene) > PROMPT_SECONDS:  # noqa: ASYNC110 - of another process's children nobody tells
        await asyncio.sleep(0.05)
    prompt = time.monotonic() - began
    await running.says("was started again after its end")
    return (
        f"newcomers prompt after {prompt:.1f} s, its successor serves after {time.monotonic() - began:.1f} s"
    )


async def _slowest(scene: Scene) -> float:
    """Seconds of the slowest of some new connections: all processes get some of them."""

    async def ask() -> float:
        began = time.monotonic()
        await scene.running.get(PAGE)
        return time.monotonic() - began

    return max(await asyncio.gather(*(ask() for _ in range(16))))


async def _exchanged(scene: Scene) -> str:
    before = set(scene.running.children())
    scene.running.process.send_signal(signal.SIGHUP)
    await scene.running.says("all processes have been exchanged")
    began = time.monotonic()
    async with asyncio.timeout(60):
        while before & set(scene.running.children()):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
    return f"the old ones gone {time.monotonic() - began:.1f} s later"


async def _odd(scene: Scene) -> str:
    for octets in ODD * (10 if scene.quick else 40):
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", scene.port)
            writer.write(octets)
            await asyncio.sleep(0.002)
            writer.transport.abort()
    return ""


async def _in_pieces(scene: Scene) -> str:
    """Requests cut anywhere and sent in two packets, or given up; a hundred at once, answered in order."""
    random = Random(8)  # noqa: S311 - the same cuts each time
    given_up = wrong = 0
    for at in range(60 if scene.quick else 300):
        target = WARM[at % len(WARM)]
        octets = request(target)
        cut = random.randrange(1, len(octets))
        reader, writer = await asyncio.open_connection("127.0.0.1", scene.port)
        writer.write(octets[:cut])
        await asyncio.sleep(0.001)
        if at % 3 == 0:
            writer.transport.abort()
            given_up += 1
            continue
        writer.write(octets[cut:])
        answer = await read_answer(reader)
        wrong += answer.status != 200 or not all(mark in answer.body for mark in scene.marks[target])
        writer.close()
    piped = [WARM[random.randrange(len(WARM))] for _ in range(100)]
    for _ in range(3):
        reader, writer = await asyncio.open_connection("127.0.0.1", scene.port)
        writer.write(b"".join(request(target) for target in piped))
        for target in piped:
            answer = await read_answer(reader)
            wrong += answer.status != 200 or not all(mark in answer.body for mark in scene.marks[target])
        writer.close()
    if wrong:
        raise RuntimeError(f"{wrong} answers to requests in pieces were not the page that was asked for")
    return f"{given_up} given up, 300 pipelined in order"


async def _idle(scene: Scene) -> str:
    count = QUICK_IDLE if scene.quick else IDLE
    _more_files(count + 500)
    memory = _memory(scene.running)
    standing = []
    for _ in range(count):
        _, writer = await asyncio.open_connection("127.0.0.1", scene.port)
        standing.append(writer)
    await asyncio.sleep(2)
    each = (_memory(scene.running) - memory) / count
    for writer in standing:
        writer.transport.abort()
    await asyncio.sleep(0.5)
    return f"{each / 1024:.1f} KiB each"


def _more_files(count: int) -> None:
    """Have enough files for our own end of so many connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        if hard != resource.RLIM_INFINITY and hard < count:
            raise OSError(errno.EMFILE, f"this bench needs {count} open files: `ulimit -Hn` says {hard}")
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


async def _deaf(scene: Scene) -> str:
    standing = []
    for _ in range(50):
        _, writer = await asyncio.open_connection("127.0.0.1", scene.port, limit=1024)
        writer.transport.pause_reading()
        writer.write(request(PAGE) * 300)
        standing.append(writer)
    await asyncio.sleep(2 if scene.quick else 5)
    for writer in standing:
        writer.transport.abort()
    return ""


async def _slow(scene: Scene) -> str:
    """Heads that come an octet at a time: ended by the server when their time is over."""
    lasted: list[float] = []

    async def sender() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", scene.port)
        began = time.monotonic()
        with suppress(OSError):
            for octet in request(PAGE):
                writer.write(bytes((octet,)))
                with suppress(TimeoutError):
                    if not await asyncio.wait_for(reader.read(1), 1.0):
                        break
                if time.monotonic() - began > longest:
                    break
        lasted.append(time.monotonic() - began)
        writer.close()

    longest = 3.0 if scene.quick else HEAD_SECONDS + 4
    await asyncio.gather(*(sender() for _ in range(200)))
    if not scene.quick and max(lasted) > HEAD_SECONDS + 3:
        raise RuntimeError(f"a slow sender was not ended within {max(lasted):.0f} s")
    return "" if scene.quick else f"ended after {max(lasted):.1f} s at most"


async def _publish(scene: Scene) -> str:
    """A new title for the sixth article; the title."""
    scene.published += 1
    title = f"{NEWS} {scene.published}"
    await sample.publish(scene.redis, changed=(replace(sample.articles()[5], title=title),))
    return title


async def _fresh(scene: Scene) -> float:
    """Seconds from a publish until no process shows the page of before."""
    title = await _publish(scene)
    began = last = time.monotonic()
    while time.monotonic() - last < 0.7 and time.monotonic() - began < 20:
        if title.encode() not in await scene.running.get("/tv/web-hd/h/news005"):
            last = time.monotonic()
        await asyncio.sleep(0.01)
    return last - began


async def _failover(quick: bool) -> list[Row]:
    """The master of Redis dies and the Sentinels choose the replica; what it publishes then is shown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with watched(folder) as (url, master, replica):
            redis = connect(url, sample.SITE_ID, **OPTIONS)
            await sample.publish(redis)
            async with Redis(port=replica) as second:
                while not await second.exists(Keys(sample.SITE_ID)("site")):  # noqa: ASYNC110 - of a copy nobody tells
                    await asyncio.sleep(0.05)
            (folder / "data").mkdir()
            async with fleet(url, folder / "data", 2) as running:
                scene = Scene(running, LocalRedis(folder / "none"), redis, folder, quick)
                await _read_by_all(scene)

                async def fault(_: Scene) -> str:
                    began = time.monotonic()
                    master.kill()
                    while True:
                        try:
                            await _publish(scene)
                            break
                        except (RedisError, OSError):
                            await asyncio.sleep(0.05)
                    chosen = time.monotonic() - began
                    fresh = await _fresh(scene)
                    return (
                        f"another master after {chosen:.1f} s, its publishes shown after {fresh * 1e3:.0f} ms"
                    )

                rows = await _under(scene, "failover by Sentinel", fault, 0)
            await redis.aclose()
    return rows


async def _greedy(quick: bool) -> list[Row]:
    """One address, and then many, want every connection; viewers come and go meanwhile."""
    each, most = 100, 400
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = LocalRedis(folder / "redis")
        server.start()
        redis = Redis.from_url(server.url)
        await sample.publish(redis)
        (folder / "data").mkdir()
        limits = {"CONNECTIONS": str(most), "CONNECTIONS_EACH": str(each)}
        async with fleet(server, folder / "data", 1, **limits) as running:
            scene = Scene(running, server, redis, folder, quick)
            await _read_by_all(scene)

            async def fault(_: Scene) -> str:
                _more_files(3_000)
                one = await _flood(scene, 1, 600)
                many = await _flood(scene, 12, 1_200)
                newcomers = await asyncio.gather(*(running.get(PAGE) for _ in range(20)))
                came = sum(answer.startswith(b"HTTP/1.1 200") for answer in newcomers)
                if came < len(newcomers):
                    raise RuntimeError(f"only {came} of {len(newcomers)} newcomers were served")
                inside = int(_figure((await running.get("/metrics")).decode(), "sunshine_connections"))
                for writer in one[1] + many[1]:
                    writer.transport.abort()
                return f"{one[0]} of 600 from one address refused, {inside} of {most} places taken by twelve"

            rows = await _under(scene, f"connections wanted by few, {each} for each of {most}", fault, 0)
        await redis.aclose()
        server.stop()
    return rows


def _figure(text: str, name: str) -> float:
    """A figure of /metrics, the sum over processes."""
    lines = [line for line in text.splitlines() if line.startswith((f"{name} ", f"{name}{{"))]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


async def _flood(scene: Scene, addresses: int, count: int) -> tuple[int, list[asyncio.StreamWriter]]:
    """Open idle connections from some addresses of loopback: how many were refused, and all."""
    opened = []
    for at in range(count):
        host = f"127.0.1.{1 + at % addresses}"
        opened.append(await asyncio.open_connection("127.0.0.1", scene.port, local_addr=(host, 0)))
    await asyncio.sleep(0.5)
    refused = 0
    for reader, _ in opened:
        with suppress(NoAnswer, TimeoutError):
            async with asyncio.timeout(0.001):
                refused += (await read_answer(reader)).status == 503
    return refused, [writer for _, writer in opened]
