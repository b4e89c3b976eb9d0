"""`python -m portal.search.follow SITE FOLDER`: the indexer's process, which the server starts by itself.

REDIS_URL names the Redis. It ends when its standard input closes, which happens when the server ends in
whatever way.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from portal.redis_client import connect
from portal.search.files import Folder
from portal.search.indexer import Indexer

NICE = 10
"""How much a page goes before the index."""


async def follow(site_id: str, folder: Path, redis_url: str) -> None:
    """Index until standard input closes or a signal comes."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    ended = asyncio.create_task(_when_closed(reader, stop))
    redis = connect(redis_url, site_id)
    try:
        await Indexer(redis, site_id, Folder(folder)).run(stop)
    finally:
        ended.cancel()
        transport.close()
        await redis.aclose()


async def _when_closed(reader: asyncio.StreamReader, stop: asyncio.Event) -> None:
    await reader.read()
    stop.set()


def main(arguments: Sequence[str]) -> int:
    """Run it. Returns 0."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    site_id, folder = arguments
    os.nice(NICE)
    asyncio.run(follow(site_id, Path(folder), os.environ["REDIS_URL"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
