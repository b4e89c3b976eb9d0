"""1,000 letters by 20 clients while server and Redis are killed at random; the cost of a letter on disk."""

from __future__ import annotations

import asyncio
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from redis.asyncio import Redis

from bench import Row
from portal.local_redis import LocalRedis

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from portal.letters.service import Letters  # the path has to be set first
from portal.letters.store import LetterBox
from tests.portal.letters.conftest import RULES, SECRET, ZONE, draft
from tests.portal.letters.trial import Trial


def main(quick: bool) -> Iterator[Row]:
    """The trial, then the cost of a letter against the same letter on a Redis that syncs once a second."""
    # So many letters take a few seconds: the pauses between two kills have to be shorter.
    letters, clients, pauses = (150, 8, (0.15, 0.4)) if quick else (1_000, 20, (0.2, 0.5))
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(Trial(Path(folder), letters, clients, pauses).run())
    for fault in found.faults[:10]:
        print(f"    {fault}")
    note = (
        f"{len(found.acknowledged)} acknowledged, {len(found.given_up)} given up, "
        f"{found.retries} presses in vain, {found.posts} deliveries tried"
    )
    yield Row("promises broken, of all letters", len(found.faults), f"of {letters}", most=0, note=note)
    yield Row("Redis killed", found.redis_kills, "times", least=1)
    yield Row("server killed", found.server_kills, "times", least=1)
    times = {sync: _cost(sync, 100 if quick else 500) for sync in ("everysec", "always")}
    yield Row(
        "a letter on disk before the answer, to one synced later",
        times["always"] / times["everysec"],
        "x",
        note=f"median {times['always'] * 1000:.2f} ms to {times['everysec'] * 1000:.2f} ms",
    )


def _cost(appendfsync: str, count: int) -> float:
    """Median seconds of filing one letter."""
    with tempfile.TemporaryDirectory() as folder:
        server = LocalRedis(Path(folder), appendfsync=appendfsync)
        server.start()
        try:
            return asyncio.run(_file(server.url, count))
        finally:
            server.stop()


async def _file(url: str, count: int) -> float:
    redis = Redis.from_url(url)
    letters = Letters(LetterBox(redis, "bench"), RULES, SECRET, trusted=True)
    now, taken = datetime.now(ZONE), []
    for at in range(count):
        one = draft(secrets.token_hex(16), telephone=f"139{at:08d}")
        started = time.perf_counter()
        await letters.file(one, now + timedelta(seconds=at))
        taken.append(time.perf_counter() - started)
    await redis.aclose()
    return statistics.median(taken)
