"""Following the mirror: what each publish touches is dropped within moments of it.

The sync adds an entry to `published` in the very transaction that makes a generation visible. A follower
waits for entries on a connection of its own, and tells those who hold something made of the mirror. A
generation that came without an entry, a broken connection and a stream that cannot be followed all mean
"everything".
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from portal import codec
from portal.errors import PortalError
from portal.model import Site
from portal.near import ALL_NUMBERS, CHECKED, NearMirror, shape
from portal.store import EVERYTHING, as_text, wait
from portal.tasks import ended

log = logging.getLogger("sunshine.follow")

BLOCK_MS = 400
"""How long one wait for the stream lasts; after each, the generation is looked at."""

PAUSE_SECONDS = 0.2
VARIANTS = ("", "hant")

Drop = Callable[[frozenset[str] | None], None]
"""Is told what a publish has touched; None for everything."""


class Follower:
    """Keeps a NearMirror, and whatever listens, true.

    redis  a client that does not retry by itself: a lost connection has to be noticed here
    """

    def __init__(self, redis: Redis, mirror: NearMirror) -> None:
        self._redis = redis
        self._mirror = mirror
        self._keys = mirror.keys
        self._listeners: list[Drop] = []
        self._last = "0-0"
        self._generation = -1
        self._site: Site | None = None
        self._task: asyncio.Task[None] | None = None
        self.heard = 0.0
        self.attached = asyncio.Event()

    def listen(self, drop: Drop) -> None:
        """Have `drop` told of every publish, of CHECKED when the connection is lost, and of None after it."""
        self._listeners.append(drop)

    @property
    def site(self) -> Site | None:
        """The site record of the last generation seen."""
        return self._site

    def start(self) -> None:
        """Begin to follow."""
        self._task = asyncio.create_task(self.run())

    async def stop(self) -> None:
        """Follow no more, and close the connection."""
        await ended(self._task)
        self._detach()
        await self._redis.aclose()

    async def run(self) -> None:
        """Follow for ever; what goes wrong is logged once and tried again."""
        told = False
        while True:
            try:
                await self._attach()
                told = False
                while True:
                    await self._turn()
            except (RedisError, OSError, PortalError) as error:
                if not told:
                    log.warning("the mirror cannot be followed: %s", error)
                told = True
                self._detach()
                await asyncio.sleep(PAUSE_SECONDS)

    def _detach(self) -> None:
        if self.attached.is_set():
            self.attached.clear()
            self._mirror.detach()
            # What says how fresh the mirror is must not go on saying it.
            self._tell(frozenset((CHECKED,)))

    async def _attach(self) -> None:
        """Find the end of the stream, and begin with nothing."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.xrevrange(self._keys("published"), count=1)
        pipe.get(self._keys("generation"))
        for variant in VARIANTS:
            pipe.get(self._keys.of("site", variant))
        newest, generation, *raws = await pipe.execute()
        self._last = as_text(newest[0][0]) if newest else "0-0"
        self._generation = int(generation or 0)
        sites = _sites(raws)
        self._site = dict(sites).get("")
        self._mirror.attach(sites)
        self._tell(None)
        self.heard = time.monotonic()
        self.attached.set()

    async def _turn(self) -> None:
        """Wait for a publish, and tell of it."""
        key = self._keys("published")
        answer = await wait(self._redis.xread({key: self._last}, count=100, block=BLOCK_MS))
        self.heard = time.monotonic()
        entries = _entries(answer)
        if not entries:
            generation = int(await wait(self._redis.get(self._keys("generation"))) or 0)
            if generation != self._generation:
                await self._everything()
            return
        self._last = as_text(entries[-1][0])
        touched: set[str] = set()
        for _, fields in entries:
            touched.update(as_text(fields.get(b"touched", b"*")).split(" "))
            self._generation = int(fields.get(b"generation", 0))
        if EVERYTHING in touched:
            await self._everything()
            return
        touched.discard("")
        if touched:
            touched.add(ALL_NUMBERS)
        # At once what is known by name, then what the new site record shows.
        self._mirror.drop(frozenset(touched))
        self._tell(frozenset(touched))
        await self._renew()

    async def _renew(self) -> None:
        """Read the site records of now; where they are of another shape, nothing is left."""
        raws = await wait(self._redis.mget([self._keys.of("site", variant) for variant in VARIANTS]))
        sites = _sites(raws)
        now = dict(sites).get("")
        before, self._site = self._site, now
        changed = before is None or now is None or shape(before) != shape(now)
        touched = None if changed else frozenset((CHECKED,))
        self._mirror.drop(touched)
        self._mirror.put_sites(sites)
        self._tell(touched)

    async def _everything(self) -> None:
        log.info("a publish that named nothing: everything is read anew")
        await self._attach()

    def _tell(self, touched: frozenset[str] | None) -> None:
        for drop in self._listeners:
            drop(touched)


def _sites(raws: list[bytes | None]) -> list[tuple[str, Site]]:
    return [
        (variant, codec.load(raw, Site))
        for variant, raw in zip(VARIANTS, raws, strict=True)
        if raw is not None
    ]


def _entries(answer: Any) -> list[tuple[bytes, dict[bytes, bytes]]]:
    """The entries of the one stream that was read, in either form in which the client gives them."""
    if not answer:
        return []
    streams = answer.items() if isinstance(answer, dict) else answer
    found = [part for _, parts in streams for part in parts]
    return [entry for part in found for entry in (part if isinstance(part, list) else [part])]
