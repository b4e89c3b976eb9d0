"""2,000, 20,000 and 200,000 articles with 7,000 matters and 100 units: what grows, and what does not.

Each size has a Redis of its own, filled by a process of its own as the sync publishes, and a server that has
seen no other, so that memory is that size's. A page has to cost the same at every size, as have start and
memory of a server; a full publish grows with the size, a small one with the change.

With --quick, 200,000 is left out. Such an origin to mirror over HTTP: `python -m demo.generate --pages 200000
--matters 7000 --units 100 --site-file big.toml`, then `SITE=big.toml python -m content_sync run --once`.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from bench import Row
from bench._fill import SITE_ID, Size, article, fill, publish
from portal.http.cacheable import family_of
from portal.http.kitchen import Order
from portal.http.serving import resident
from portal.local_redis import LocalRedis
from portal.near import NearMirror
from tests.laned import Laned, laned

SIZES = (2_000, 20_000, 200_000)
MATTERS, UNITS = 7_000, 100
TURNS = 12
PAGES_KEPT = 300
CONSTANT = (
    "first page of a list", "last page of a list", "an item", "a page of matters", "server ready after",
    "server memory", "publish of one item",
)  # fmt: skip
LINEAR = ("full publish", "Redis memory")
MOST_GROWTH = 2.0
"""How much more a page may cost at a hundred times the size: noise, and depth of a sorted set."""


def main(quick: bool) -> Iterator[Row]:
    """Each size in a process of its own."""
    sizes = SIZES[:2] if quick else SIZES
    found = {size: _child(size) for size in sizes}
    for size, told in found.items():
        for name, (value, unit) in told.items():
            yield Row(f"{size:>7,} articles: {name}", value, unit)
    small, large = found[sizes[0]], found[sizes[-1]]
    times = sizes[-1] / sizes[0]
    for name in CONSTANT:
        ratio = large[name][0] / small[name][0]
        yield Row(f"{name}: {times:.0f} times the size costs", ratio, "x", most=MOST_GROWTH)
    for name in LINEAR:
        ratio = large[name][0] / _items(sizes[-1]) / (small[name][0] / _items(sizes[0]))
        yield Row(f"{name}, for each item", ratio, "x", most=MOST_GROWTH, note="linear")
    change = large["publish of 100 items"][0] / large["publish of one item"][0]
    yield Row("publish of 100 items against one", change, "x", most=100.0, note="in proportion to the change")
    stale = max(told["a changed page is new after"][0] for told in found.values())
    yield Row("a changed page is new after, at most", stale, "ms", most=1_000.0)


def _items(size: int) -> int:
    return Size(size, MATTERS, UNITS).items


def _child(size: int) -> dict[str, tuple[float, str]]:
    found: dict[str, tuple[float, str]] = json.loads(_ours(str(size)))
    return found


def _ours(*arguments: str) -> bytes:
    """What this module prints in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.scale", *arguments], capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace")[-800:])
    return done.stdout


async def filled(size: int, url: str) -> tuple[int, float]:
    """Publish everything into an empty Redis: the last generation, and the seconds that it took."""
    redis = Redis.from_url(url)
    began = time.perf_counter()
    generation = await fill(redis, Size(size, MATTERS, UNITS))
    took = time.perf_counter() - began
    await redis.aclose()
    return generation, took


async def measure(size: int) -> dict[str, tuple[float, str]]:
    """All figures of one size: name -> value, unit."""
    told: dict[str, tuple[float, str]] = {}
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as name:
        server = LocalRedis(Path(name) / "redis")
        server.start()
        redis = Redis.from_url(server.url)
        try:
            what = Size(size, MATTERS, UNITS)
            generation, took = json.loads(_ours(str(size), server.url))
            told["full publish"] = (took, "s")
            info: dict[str, Any] = await redis.info("memory")
            told["Redis memory"] = (info["used_memory"] / 1e6, "MB")
            began = time.perf_counter()
            async with laned(server.url, SITE_ID, strict=False) as fast:
                await _wait_for(fast)
                told["server ready after"] = ((time.perf_counter() - began) * 1e3, "ms")
                last = max(1, size // 20 // 8)
                for label, target in (
                    ("first page of a list", "/tv/web-hd/c/310"),
                    ("last page of a list", f"/tv/web-hd/c/310/{last}"),
                    ("an item", "/tv/web-hd/c/310/1/a0"),
                    ("a page of matters", "/tv/web-hd/c/410/3"),
                ):
                    told[label] = (await _cost(fast, target), "ms")
                for number in range(PAGES_KEPT):
                    await fast.lane.kitchen.make(_order(fast, f"/tv/web-hd/h/a{number}"))
                told["server memory"] = (resident() / 1e6, "MB")
                for label, count in (("publish of one item", 1), ("publish of 100 items", 100)):
                    taken = []
                    for _ in range(5):
                        generation += 1
                        changed = [_changed(number, generation) for number in range(count)]
                        began = time.perf_counter()
                        await publish(redis, what, changed, generation)
                        taken.append(time.perf_counter() - began)
                    told[label] = (statistics.median(taken) * 1e3, "ms")
                dropped = fast.lane.cache.dropped
                delays = []
                for _ in range(5):
                    generation += 1
                    await publish(redis, what, [_changed(0, generation)], generation)
                    began = time.perf_counter()
                    while f"改 {generation} 次".encode() not in await fast.get("/tv/web-hd/h/a0"):  # noqa: ASYNC110
                        await asyncio.sleep(0.002)
                    delays.append(time.perf_counter() - began)
                told["a changed page is new after"] = (max(delays) * 1e3, "ms")
                told["pages dropped by a change of one"] = ((fast.lane.cache.dropped - dropped) / 5, "")
        finally:
            await redis.aclose()
            server.stop()
    return told


def _changed(number: int, generation: int) -> Any:
    return replace(article(number), title=f"改 {generation} 次的标题 {number}")


def _order(fast: Laned, target: str) -> Order:
    octets = target.encode()
    family = family_of(fast.lane.families, octets)
    assert family is not None
    row = family.row(octets)
    assert row is not None
    return Order(octets, family, row, family.class_of({}), {})


async def _wait_for(fast: Laned) -> None:
    assert isinstance(fast.context.mirror, NearMirror)
    while not fast.context.mirror.attached:  # noqa: ASYNC110
        await asyncio.sleep(0.001)


async def _cost(fast: Laned, target: str) -> float:
    """CPU milliseconds of making a page with everything read from Redis, the median."""
    order, mirror = _order(fast, target), fast.context.mirror
    assert isinstance(mirror, NearMirror)
    taken = []
    for _ in range(TURNS):
        mirror.drop(None)
        fast.lane.cache.drop(None)
        began = time.process_time()
        answer = await fast.lane.kitchen.make(order)
        taken.append(time.process_time() - began)
        assert answer.status == 200, target
    return statistics.median(taken) * 1e3


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(asyncio.run(filled(int(sys.argv[1]), sys.argv[2]))))
    else:
        print(json.dumps(asyncio.run(measure(int(sys.argv[1])))))
