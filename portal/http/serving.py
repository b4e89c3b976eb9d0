"""One process's HTTP side as a part that is started and stopped: server, fast lane, page cache, follower.

With FAST_LANE=off, or over a mirror that cannot be followed, it is a plain Tornado server.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from redis.asyncio import Redis
from tornado.web import Application

from portal.follow import Follower
from portal.http.accesslog import AccessLog
from portal.http.ahead import Ahead
from portal.http.base import Context
from portal.http.cache import PageCache
from portal.http.cacheable import Family
from portal.http.connection import BODY_OCTETS, IDLE_SECONDS
from portal.http.door import Door, places
from portal.http.incoming import FIELDS_OCTETS, LINE_OCTETS
from portal.http.kitchen import Kitchen
from portal.http.lane import Lane, LaneServer
from portal.http.metrics import Figure, Metrics
from portal.near import NearMirror
from portal.settings import Settings

log = logging.getLogger("sunshine.http")

LIMITS = {
    "max_body_size": BODY_OCTETS,
    "max_header_size": LINE_OCTETS + FIELDS_OCTETS,
    "idle_connection_timeout": IDLE_SECONDS,
    "body_timeout": 20.0,
    "xheaders": False,
}
"""What one connection may cost: its head has been cut when Tornado reads it, and so has a form's body."""

ATTACH_SECONDS = 2.0
"""How long the start waits for the mirror to be followed; it goes on without."""

LOOK_SECONDS = 0.05


class Serving:
    """An application on its sockets.

    redis     a connection of the follower's own, that does not retry by itself; closed by `stop`
    families  which pages may be kept
    """

    def __init__(
        self, app: Application, context: Context, redis: Redis, families: tuple[Family, ...], metrics: Metrics
    ) -> None:
        self.server = LaneServer(app, **LIMITS)
        self.server.keep_door(door_of(context.settings))
        metrics.add(self._door_figures)
        self.lane: Lane | None = None
        self.follower: Follower | None = None
        self.ahead: Ahead | None = None
        self._redis = redis
        mirror, settings = context.mirror, context.settings
        if not (settings.fast_lane and isinstance(mirror, NearMirror)):
            return
        cache = PageCache(settings.cache_mb * 1_000_000)
        kitchen = Kitchen(app, mirror, cache, context.clock, time.monotonic)
        access = AccessLog(sys.stderr.write if log.isEnabledFor(logging.INFO) else None)
        self.lane = Lane(kitchen, families, metrics, access, context.finding.wanted.count)
        self.ahead = Ahead(kitchen)
        self.follower = Follower(redis, mirror)
        self.follower.listen(self.ahead.drop)
        metrics.add(self.lane.figures)
        metrics.add(lambda: self._figures(mirror))

    async def start(self, sockets: Sequence[socket.socket]) -> None:
        """Answer on these sockets, from the moment on at which the mirror is followed."""
        if self.follower is not None and self.lane is not None and self.ahead is not None:
            self.follower.start()
            self.ahead.start()
            try:
                async with asyncio.timeout(ATTACH_SECONDS):
                    await self.follower.attached.wait()
            except TimeoutError:
                log.warning("Redis does not answer yet: nothing is kept until it does")
            self.server.open_lane(self.lane)
        # What is here now stays: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        self.server.add_sockets(sockets)

    async def retire(self, seconds: float) -> None:
        """Take no more connections; end each with its next answer, and all after so many seconds."""
        self.server.stop()
        self.server.retire()
        until = time.monotonic() + seconds
        while self.server.busy and time.monotonic() < until:  # noqa: ASYNC110 - Tornado has no event for it
            await asyncio.sleep(LOOK_SECONDS)

    async def stop(self) -> None:
        """Answer no more."""
        self.server.stop()
        await self.server.close_all_connections()
        if self.ahead is not None:
            await self.ahead.stop()
        if self.follower is not None:
            await self.follower.stop()
        else:
            await self._redis.aclose()

    def _door_figures(self) -> list[Figure]:
        door = self.server.door
        return [
            Figure("sunshine_connections", door.inside, "Connections of the process"),
            Figure(
                "sunshine_refused_total", door.refused, "Connections for which there was no room", "counter"
            ),
        ]

    def _figures(self, mirror: NearMirror) -> list[Figure]:
        return [
            Figure("sunshine_mirror_followed", int(mirror.attached), "Whether changes are followed"),
            Figure("sunshine_reads_held", mirror.reads_held, "Reads of the mirror held in process"),
            Figure(
                "sunshine_ahead_total", self.ahead.made if self.ahead else 0, "Pages made ahead", "counter"
            ),
            Figure("sunshine_memory_bytes", resident(), "Memory of the process"),
        ]


def door_of(settings: Settings) -> Door:
    """How many connections a server may have by its settings and by what the system allows."""
    return Door(places(settings.connections), settings.connections_each, settings.trusted_proxies)


def resident() -> int:
    """Octets of memory that this process has; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
    except (OSError, ValueError, IndexError):
        return 0
