"""One sync at a time, also where holders die or sleep."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys

import pytest
from redis.asyncio import Redis

from content_sync.lock import SyncRunning, holder_name, is_dead, only_sync
from portal.errors import Overtaken, StaleWriter
from portal.model import Site
from portal.writer import MirrorWriter, Publication

KEY = "sg:{town}:sync:lock"


async def test_the_lock_keeps_others_out_and_is_given_back(redis_client: Redis) -> None:
    writer = MirrorWriter(redis_client, "town")
    async with only_sync(writer) as first:
        with pytest.raises(SyncRunning, match=f"process {os.getpid()}"):
            async with only_sync(writer):
                raise AssertionError
        async with only_sync(MirrorWriter(redis_client, "village")):
            pass
    async with only_sync(writer) as second:
        assert second == first + 1
    assert await redis_client.exists(KEY) == 0


async def test_a_waiting_sync_goes_next(redis_client: Redis) -> None:
    writer = MirrorWriter(redis_client, "town")
    order = []

    async def work(name: str) -> None:
        async with only_sync(writer, wait=5.0):
            order.append(name)
            await asyncio.sleep(0.05)
            order.append(name)

    await asyncio.gather(work("a"), work("b"))
    assert order in (["a", "a", "b", "b"], ["b", "b", "a", "a"])


async def test_a_holder_that_died_on_this_machine_is_followed_at_once(redis_client: Redis) -> None:
    process = subprocess.run(
        [sys.executable, "-c", "from content_sync.lock import holder_name; print(holder_name())"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    await redis_client.set(KEY, process.stdout.strip(), ex=30)
    async with only_sync(MirrorWriter(redis_client, "town")):
        pass


async def test_a_holder_elsewhere_is_waited_for_until_its_time_runs_out(redis_client: Redis) -> None:
    await redis_client.set(KEY, "otherhost 1 1 abc", px=400)
    writer = MirrorWriter(redis_client, "town")
    with pytest.raises(SyncRunning, match="otherhost"):
        async with only_sync(writer):
            raise AssertionError
    async with only_sync(writer, wait=3.0):
        pass


def test_who_is_dead() -> None:
    assert not is_dead(holder_name()) and not is_dead("") and not is_dead("otherhost 1 1 abc")
    assert is_dead(f"{socket.gethostname()} {os.getpid()} 1 abc")


async def test_a_lock_that_ran_out_is_not_taken_from_its_next_holder(redis_client: Redis) -> None:
    writer = MirrorWriter(redis_client, "town")
    async with only_sync(writer):
        await redis_client.set(KEY, "otherhost 1 1 abc")
    assert await redis_client.get(KEY) == b"otherhost 1 1 abc"


async def test_the_lock_is_renewed(redis_client: Redis) -> None:
    async with only_sync(MirrorWriter(redis_client, "town"), hold=1):
        await asyncio.sleep(1.6)
        assert await redis_client.exists(KEY) == 1


async def test_a_stale_or_overtaken_writer_changes_nothing(redis_client: Redis) -> None:
    writer = MirrorWriter(redis_client, "town")
    old, new = await writer.take_fence(), await writer.take_fence()
    site = Site(id="town", name="t", columns=(), generation=1)
    publication = Publication(site, site)
    with pytest.raises(StaleWriter):
        await writer.publish(publication, old)
    with pytest.raises(StaleWriter):
        await writer.seen(site, site, old)
    await writer.publish(publication, new)
    with pytest.raises(Overtaken):
        await writer.publish(publication, new)
    with pytest.raises(Overtaken):
        await writer.seen(Site(id="town", name="t", columns=(), generation=5), site, new)
    assert await redis_client.get("sg:{town}:generation") == b"1"
