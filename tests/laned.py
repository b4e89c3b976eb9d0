"""A server with the fast lane and the same one without it, side by side, and raw requests to both."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from tornado.netutil import bind_sockets

import server
from portal import settings
from portal.http.base import Context
from portal.http.metrics import Metrics
from portal.http.serving import Serving
from portal.near import NearMirror
from portal.redis_client import connect
from portal.search.finding import Finding
from tests.browser import NOW

QUIET_SECONDS = 0.3
_DATE = re.compile(rb"\r\nDate: [^\r]*")


@dataclass
class Laned:
    """A running server; `clock` may be moved."""

    port: int
    context: Context
    serving: Serving
    metrics: Metrics
    now: datetime = NOW

    @property
    def lane(self) -> Any:
        """Its fast lane."""
        assert self.serving.lane is not None
        return self.serving.lane

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def raw(self, octets: bytes, *, wait: float = QUIET_SECONDS) -> bytes:
        """All that comes back for these octets, until the server closes or falls silent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(octets)
            await writer.drain()
            return await read_on(reader, wait)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def get(self, target: str, *fields: str, method: str = "GET") -> bytes:
        """One whole answer."""
        return await self.raw(request(target, *fields, "Connection: close", method=method), wait=10)


async def read_on(reader: asyncio.StreamReader, wait: float) -> bytes:
    """What comes until the end, or until nothing comes for so many seconds."""
    found = b""
    with suppress(TimeoutError, ConnectionError):
        while more := await asyncio.wait_for(reader.read(65536), wait):
            found += more
    return found


def request(target: str, *fields: str, method: str = "GET") -> bytes:
    """The head of a request."""
    lines = (f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *fields, "", "")
    return "\r\n".join(lines).encode("latin1")


def undated(answer: bytes) -> bytes:
    """An answer without the moment at which it was sent."""
    return _DATE.sub(b"\r\nDate: x", answer)


@asynccontextmanager
async def laned(redis_url: str, site_id: str, *, strict: bool = True, **changes: Any) -> AsyncIterator[Laned]:
    """A whole server at a fixed time, with the lane unless `fast_lane=False`."""
    redis = connect(redis_url, site_id, socket_timeout=2.0, retry=Retry(NoBackoff(), 1))
    mirror = NearMirror(redis, site_id)
    chosen = replace(settings.load({}), **changes)
    with tempfile.TemporaryDirectory() as folder:
        found: list[Laned] = []
        clock: Callable[[], datetime] = lambda: found[0].now if found else NOW  # noqa: E731
        finding = Finding(redis, mirror, Path(folder), "", NOW.date)
        context = Context(mirror, chosen, clock, finding, strict)
        serving, metrics = server.make_serving(context, redis_url)
        sockets = bind_sockets(0, "127.0.0.1")
        found.append(Laned(sockets[0].getsockname()[1], context, serving, metrics))
        await serving.start(sockets)
        try:
            yield found[0]
        finally:
            await serving.stop()
            await redis.aclose()


@asynccontextmanager
async def both(redis_url: str, site_id: str, **changes: Any) -> AsyncIterator[tuple[Laned, Laned]]:
    """The server with its lane, and the same without."""
    async with (
        laned(redis_url, site_id, **changes) as fast,
        laned(redis_url, site_id, fast_lane=False, **changes) as plain,
    ):
        yield fast, plain
