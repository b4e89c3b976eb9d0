"""Every way in which REDIS_URL may name a Redis, against real ones: Sentinel with a failover, a cluster."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.crc import key_slot
from redis.exceptions import RedisError

from portal.errors import WrongSetting
from portal.local_redis import LocalRedis, find_binary
from portal.redis_client import connect
from portal.store import Keys
from tests import sample
from tests.laned import laned

OPTIONS = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0, "retry": Retry(NoBackoff(), 1)}


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def redis_at(
    folder: Path, port: int, *options: str, sentinel: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis on a port of loopback, without a password and without files."""
    folder.mkdir()
    binary = find_binary()
    name = binary.name
    arguments = [name, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    if sentinel:
        file = folder / "sentinel.conf"
        file.write_text(f"port {port}\nbind 127.0.0.1\ndir {folder}\n" + "\n".join(options) + "\n")
        arguments = [name, str(file), "--sentinel"]
    else:
        arguments += options
    process = subprocess.Popen(
        arguments, executable=binary.path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def until(ask: object, seconds: float = 15) -> None:
    """Wait until an awaitable function says yes; errors of Redis are a no."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                if await ask():  # type: ignore[operator]
                    return
            except (RedisError, OSError):
                pass
            await asyncio.sleep(0.05)


async def answers(port: int) -> bool:
    """Whether a Redis answers there."""
    async with Redis(port=port, **OPTIONS) as client:
        return bool(await client.ping())


@asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[tuple[str, subprocess.Popen[bytes], int]]:
    """A master, a replica and one Sentinel; address, the master's process, the replica's port."""
    master, replica, sentinel = free_port(), free_port(), free_port()
    with ExitStack() as stack:
        first = stack.enter_context(redis_at(folder / "master", master))
        await until(lambda: answers(master))
        stack.enter_context(redis_at(folder / "replica", replica, "--replicaof", f"127.0.0.1 {master}"))
        await until(lambda: answers(replica))
        stack.enter_context(
            redis_at(
                folder / "sentinel",
                sentinel,
                f"sentinel monitor city 127.0.0.1 {master} 1",
                "sentinel down-after-milliseconds city 300",
                "sentinel failover-timeout city 3000",
                sentinel=True,
            )
        )

        async def knows() -> bool:
            async with Redis(port=sentinel, **OPTIONS) as client:
                found = await client.sentinel_slaves("city")
                return bool(found) and not found[0]["is_sdown"] and not found[0]["is_disconnected"]

        await until(knows)
        yield f"redis+sentinel://127.0.0.1:{sentinel},127.0.0.1:{free_port()}/city", first, replica


@pytest.mark.timeout(60)
async def test_sentinel_and_a_failover(tmp_path: Path) -> None:
    """Pages go on while the master dies; after the failover what is published is shown within a second."""
    async with watched(tmp_path) as (url, master, replica):
        redis = connect(url, sample.SITE_ID, **OPTIONS)
        await sample.publish(redis)
        async with Redis(port=replica, **OPTIONS) as second:

            async def copied() -> bool:
                return bool(await second.exists(Keys(sample.SITE_ID)("site")))

            await until(copied)
        async with laned(url, sample.SITE_ID) as fast:
            page = await fast.get("/tv/web-hd/c/310")
            assert page.startswith(b"HTTP/1.1 200")
            master.kill()
            assert (await fast.get("/tv/web-hd/c/310")).startswith(b"HTTP/1.1 200")

            async def writes() -> bool:
                return bool(await redis.set("probe", "1"))

            await until(writes)
            await until(lambda: asyncio.sleep(0, fast.context.mirror.attached))  # type: ignore[attr-defined]
            assert (await fast.get("/tv/web-hd/h/news007")).startswith(b"HTTP/1.1 200")
        await redis.aclose()


@pytest.mark.timeout(60)
async def test_a_cluster_and_a_slot_that_moves(tmp_path: Path) -> None:
    """One client for the node of the site's slot; when the slot moves to another node, it follows."""
    first, second = free_port(), free_port()
    slot = key_slot(Keys(sample.SITE_ID)("site").encode())
    flags = ("--cluster-enabled", "yes", "--cluster-node-timeout", "1000")
    ports = free_port(), free_port()
    with (
        redis_at(tmp_path / "a", first, *flags, "--cluster-port", str(ports[0])),
        redis_at(tmp_path / "b", second, *flags, "--cluster-port", str(ports[1])),
    ):
        await until(lambda: answers(first))
        await until(lambda: answers(second))
        async with Redis(port=first, **OPTIONS) as a, Redis(port=second, **OPTIONS) as b:
            await a.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
            await a.execute_command("CLUSTER MEET", "127.0.0.1", second, ports[1])

            async def met() -> bool:
                states = [await node.execute_command("CLUSTER INFO") for node in (a, b)]
                return all(
                    state["cluster_state"] == "ok" and state["cluster_known_nodes"] == "2" for state in states
                )

            await until(met)
            redis = connect(f"redis+cluster://127.0.0.1:{second}", sample.SITE_ID, **OPTIONS)
            await sample.publish(redis)
            assert await a.dbsize() > 50 and await b.dbsize() == 0
            async with laned(f"redis+cluster://127.0.0.1:{first}", sample.SITE_ID) as fast:
                assert (await fast.get("/tv/web-hd/c/310")).startswith(b"HTTP/1.1 200")
                names = {node: (await node.execute_command("CLUSTER MYID")) for node in (a, b)}
                text = {
                    node: name.decode() if isinstance(name, bytes) else name for node, name in names.items()
                }
                await b.execute_command("CLUSTER SETSLOT", slot, "IMPORTING", text[a])
                await a.execute_command("CLUSTER SETSLOT", slot, "MIGRATING", text[b])
                keys = await a.execute_command("CLUSTER GETKEYSINSLOT", slot, 10_000)
                await a.execute_command("MIGRATE", "127.0.0.1", second, "", 0, 5000, "KEYS", *keys)
                for node in (b, a):
                    await node.execute_command("CLUSTER SETSLOT", slot, "NODE", text[b])

                async def follows() -> bool:
                    return (await fast.get("/tv/web-hd/h/news007")).startswith(b"HTTP/1.1 200")

                await until(follows)
                await sample.publish(redis)
                assert await a.dbsize() == 0 and await b.dbsize() > 50
                await until(lambda: asyncio.sleep(0, fast.context.mirror.attached))  # type: ignore[attr-defined]
            await redis.aclose()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("redis+sentinel://host", "must name the master"),
        ("redis+sentinel://host/city/x", "'x' is no number"),
        ("redis+sentinel://:secret@/city", "a host is missing"),
        ("redis+cluster://host:6379/2", "no databases"),
        ("redis+cluster://host:port", "no address of a Redis"),
        ("http://host", "no address of a Redis"),
    ],
)
def test_addresses_that_are_none(url: str, said: str) -> None:
    """Each is refused with what is wrong, and without the password."""
    with pytest.raises(WrongSetting, match=said) as refused:
        connect(url, "sample")
    assert "secret" not in str(refused.value)


async def test_one_server(redis_server: LocalRedis) -> None:
    """As before."""
    client = connect(redis_server.url, "sample", **OPTIONS)
    assert await client.ping()
    await client.aclose()
