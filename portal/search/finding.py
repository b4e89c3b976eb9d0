"""All ways of finding things over one mirror, as one part that a process starts and stops: `Finding`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from portal.errors import PortalError
from portal.search.articles import ArticleSearch
from portal.search.counted import Misses, Wanted
from portal.search.service import NumberBox
from portal.search.ways import Catalogue, most_wanted
from portal.store import Mirror

log = logging.getLogger("sunshine.search")

FLUSH_SECONDS = 10.0
"""How long an opening waits until it is counted, and a count until this process ranks by it."""


class Finding:
    """The number box, word search, the catalogue of matters, and what is counted of their use.

    folder     DATA_DIR/index
    redis_url  where the mirror is, for the indexer; "" leaves the article index to another process
    today      the day in the city
    """

    def __init__(
        self, redis: Redis, mirror: Mirror, folder: Path, redis_url: str, today: Callable[[], date]
    ) -> None:
        site_id = mirror.keys.site_id
        self.box = NumberBox(mirror)
        self.misses = Misses(redis, site_id, today)
        self.wanted = Wanted(redis, site_id, today)
        self.articles = ArticleSearch(mirror, folder, redis_url, self.box, self.misses)
        self.catalogue = Catalogue(mirror)
        self._most: Sequence[tuple[str, int]] = ()
        self._counting: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the article index and keep it up; count from now on."""
        await self.articles.start()
        self._counting = asyncio.create_task(self._count())
        self._warming = asyncio.create_task(self._warm())

    async def stop(self) -> None:
        """Write what was counted, and let go of everything."""
        for task in filter(None, (self._warming, self._counting)):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._counting is not None:
            await self.flush()
        await self.articles.stop()

    async def flush(self) -> None:
        """Write what was opened, and learn what all servers have counted. Redis may be away."""
        try:
            await self.wanted.flush()
            self._most = await self.wanted.most()
        except (RedisError, OSError) as error:
            log.info("what is opened is counted later: %s", error)
            return
        self.box.put_wanted(self._most)

    async def most_wanted(self, most: int = 20) -> tuple[str, ...]:
        """Ids of the matters that people open most; the site file's order where nothing is counted."""
        return most_wanted(await self.catalogue.matters(), self._most, most)

    async def _warm(self) -> None:
        """Read all names now, so that nobody waits for it; what is not there yet is read when asked for."""
        with suppress(PortalError, RedisError, OSError):
            await self.box.find("2", 1)
            await self.catalogue.matters()

    async def _count(self) -> None:
        while True:
            await self.flush()
            await asyncio.sleep(FLUSH_SECONDS)
