"""Mirrors a site file twice into a Redis of its own, for `bench/sync_mirror.py`; prints one line of JSON.

`python -m bench._mirror SITE.toml`
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from redis.asyncio import Redis

from content_sync import site as sites
from content_sync.report import Outcome
from content_sync.service import make_run, one_pass
from content_sync.site import SiteFile
from portal.local_redis import LocalRedis


async def passes(site: SiteFile, url: str) -> list[dict[str, float]]:
    """The first pass, which mirrors everything, and one right after it."""
    redis = Redis.from_url(url)
    found = []
    for _ in range(2):
        started, cpu = time.perf_counter(), _cpu()
        report = await one_pass(make_run(site, redis))
        if not report.well:
            raise RuntimeError(f"the sync went wrong: {report.error or report.columns or report.notes[:3]}")
        found.append(
            {
                "wall": time.perf_counter() - started,
                "cpu": _cpu() - cpu,
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "pages": report.total(Outcome.NEW),
                "requests": report.requests,
                "changed": float(report.changed),
            }
        )
    await redis.aclose()
    return found


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        server = LocalRedis(Path(folder))
        server.start()
        try:
            print(json.dumps(asyncio.run(passes(sites.load(Path(sys.argv[1])), server.url))))
        finally:
            server.stop()
