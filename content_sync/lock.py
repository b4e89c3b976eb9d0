"""One sync at a time, over any number of machines.

The lock says who works; it runs out by itself when its holder dies. It cannot stop a holder that
slept through its time, so each holder also takes a fencing number, and only the newest number may
publish (portal.store).
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, WatchError

from portal.errors import PortalError
from portal.store import Keys
from portal.writer import MirrorWriter

HOLD_SECONDS = 30
RENEW_SECONDS = 10.0
POLL_SECONDS = 0.25


class SyncRunning(PortalError):
    """Another sync of this site is at work; the text says where."""


def holder_name() -> str:
    """This process, told apart from every other: host, process, its start, and chance."""
    return f"{socket.gethostname()} {os.getpid()} {_started(os.getpid())} {secrets.token_hex(8)}"


def is_dead(holder: str) -> bool:
    """Whether the holder was a process of this machine that is no more."""
    try:
        host, pid, started, _ = holder.split(" ")
    except ValueError:
        return False
    return host == socket.gethostname() and started != "?" and _started(int(pid)) != started


def _started(pid: int) -> str:
    """When a process started, in clock ticks since boot; "?" where the system does not say, "" for none."""
    if not Path("/proc/self/stat").exists():
        return "?"
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    after_name = stat.rpartition(")")[2].split()
    # A zombie has ended; only its parent has not looked.
    return "" if after_name[0] == "Z" else after_name[19]


@asynccontextmanager
async def only_sync(writer: MirrorWriter, wait: float = 0.0, hold: int = HOLD_SECONDS) -> AsyncIterator[int]:
    """Hold the site's lock; yields the fencing number to publish with.

    wait    seconds to wait for another sync to end
    raises  SyncRunning
    """
    lock = _Lock(writer.redis, writer.keys, holder_name(), hold)
    deadline = asyncio.get_running_loop().time() + wait
    while not await lock.take():
        other = await lock.holder()
        if is_dead(other):
            await lock.release(other)
        elif asyncio.get_running_loop().time() >= deadline:
            host, pid = [*other.split(" "), "", ""][:2]
            raise SyncRunning(f"another sync of '{writer.keys.site_id}' is at work on {host} (process {pid})")
        else:
            await asyncio.sleep(POLL_SECONDS)
    renewing = asyncio.create_task(lock.keep())
    try:
        yield await writer.take_fence()
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing
        with suppress(RedisError):
            await lock.release(lock.name)


class _Lock:
    """The key `sync:lock`, holding its holder's name."""

    def __init__(self, redis: Redis, keys: Keys, name: str, hold: int) -> None:
        self.name = name
        self._redis = redis
        self._key = keys("sync", "lock")
        self._hold = hold

    async def take(self) -> bool:
        return bool(await self._redis.set(self._key, self.name, nx=True, ex=self._hold))

    async def holder(self) -> str:
        found = await self._redis.get(self._key)
        return found.decode() if isinstance(found, bytes) else str(found or "")

    async def release(self, name: str) -> None:
        """Give the lock up, if `name` holds it."""
        async with self._redis.pipeline(transaction=True) as pipe:
            await pipe.watch(self._key)
            found: Any = await _wait(pipe.get(self._key))
            if (found.decode() if isinstance(found, bytes) else found) != name:
                return
            pipe.multi()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
            pipe.delete(self._key)
            with suppress(WatchError):
                await pipe.execute()

    async def keep(self) -> None:
        """Renew the lock for as long as we live; the fence guards what a lost lock cannot."""
        while True:
            await asyncio.sleep(min(RENEW_SECONDS, self._hold / 3))
            with suppress(RedisError):
                if await self.holder() == self.name:
                    await self._redis.expire(self._key, self._hold)


async def _wait(answer: Any) -> Any:
    return await answer
