"""Parsing pages and publishing them into Redis against raw pipelined writes of the same records.

Pages of the demo city's templates (`demo.generate`) are decoded, extracted, converted to traditional
characters, dumped and published in one step; the yardstick writes the same octets under the same keys, in
batches of a thousand, with the same client. Processor time of our process and of Redis together, median of
interleaved rounds.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from redis.asyncio import Redis

from bench import Row
from bench._fill import SITE_ID, Size, publish
from content_sync.extract import extract
from demo.generate import COLUMNS, Scaled
from portal import codec
from portal.hant import in_hant
from portal.local_redis import LocalRedis
from portal.model import AnyItem, Article
from portal.store import Keys
from portal.writer import MirrorWriter
from tests import sample

PAGES, QUICK_PAGES = 2_000, 300
ROUNDS, QUICK_ROUNDS = 5, 2
BATCH = 1_000


def main(quick: bool) -> Iterator[Row]:
    """Both, in turn."""
    pages, rounds = (QUICK_PAGES, QUICK_ROUNDS) if quick else (PAGES, ROUNDS)
    with tempfile.TemporaryDirectory() as name:
        redis = LocalRedis(Path(name) / "redis")
        redis.start()
        try:
            yield from asyncio.run(_measured(redis, pages, rounds))
        finally:
            redis.stop()


async def _measured(server: LocalRedis, pages: int, rounds: int) -> list[Row]:
    origin = Scaled(pages)
    sources = [
        (entry, page)
        for name in COLUMNS
        for entry in origin.listed[name]
        if (page := origin.page(entry.path))
    ]
    client = Redis.from_url(server.url)
    spent: dict[str, list[float]] = {"parse": [], "publish": [], "raw": []}
    for turn in range(rounds):
        await client.flushall()
        await MirrorWriter(client, SITE_ID).take_fence()
        began = time.process_time()
        items: list[AnyItem] = []
        for number, (entry, page) in enumerate(sources):
            found = extract(page.body, f"http://o{entry.path}", page.content_type, "article")
            items.append(
                Article(id=f"a{number}", url=f"http://o{entry.path}", title=found.title, columns=("n1",),
                        published=found.published[:16], blocks=found.blocks)
            )  # fmt: skip
        spent["parse"].append(time.process_time() - began)
        began, redis_began = time.process_time(), _cpu(server.pid)
        await publish(client, Size(pages), items, 1)
        spent["publish"].append(time.process_time() - began + _cpu(server.pid) - redis_began)
        records = _records(items)
        await client.flushall()
        began, redis_began = time.process_time(), _cpu(server.pid)
        for at in range(0, len(records), BATCH):
            pipe = client.pipeline(transaction=False)
            for key, field, value in records[at : at + BATCH]:
                if field:
                    pipe.hset(key, field, value)
                else:
                    pipe.set(key, value)
            await pipe.execute()
        spent["raw"].append(time.process_time() - began + _cpu(server.pid) - redis_began)
        del turn
    await client.aclose()
    cost = {name: statistics.median(each) / pages * 1e6 for name, each in spent.items()}
    return [
        Row("parse a page", cost["parse"], "us", note=f"{pages:,} pages of {len(COLUMNS)} columns"),
        Row("convert, dump and publish an item", cost["publish"], "us"),
        Row("raw pipelined writes of the same records", cost["raw"], "us"),
        Row("publish against raw writes", cost["raw"] / cost["publish"], "x"),
        Row("parse and publish against raw writes", cost["raw"] / (cost["parse"] + cost["publish"]), "x",
            least=0.2, note="aim 0.4"),
    ]  # fmt: skip


def _records(items: list[AnyItem]) -> list[tuple[str, str, bytes]]:
    """Everything that a publish writes of these items: key, field of a hash or "", value."""
    keys, records = Keys(SITE_ID), []
    for item in items:
        for variant, each in (("", item), ("hant", in_hant(item))):
            head = sample.head_of(each)
            records.append((keys.row(item.id, head.version, variant), "", codec.dump_item(each)))
            records.append((keys.of("heads", variant), item.id, codec.dump(head)))
    return records


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
