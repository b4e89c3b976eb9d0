"""Parsing pages and publishing them into Redis against raw pipelined writes of the same records.

Pages of the demo city's templates (`demo.generate`) go the way that the sync sends them: decoded, extracted
(each column without its furniture, learnt on the way), typed, converted to traditional characters, written
ahead with the record of their page, and published a thousand at a time. Then everything that this left in
Redis is read back, and the yardstick writes it anew: one command for each record under each key, in
pipelines of a thousand, with the same client. Processor time of our process and of Redis together, the
median of rounds that take turns.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from bench import Row
from bench._fill import SITE_ID, Size, site
from content_sync import ranks
from content_sync.examine import Question, Surroundings, examine
from content_sync.extract.reader import Reader
from content_sync.extract.typed import as_item
from content_sync.fetch import Got
from content_sync.outbox import Outbox
from content_sync.records import PageRecord, Staged, Standing
from content_sync.rows import Ahead, row_of
from content_sync.state import State
from demo.generate import COLUMNS, Scaled
from portal.batches import batches
from portal.hant import in_hant
from portal.local_redis import LocalRedis
from portal.model import AnyItem, Kind
from portal.writer import MirrorWriter, Publication

PAGES, QUICK_PAGES = 8_000, 800
ROUNDS, QUICK_ROUNDS = 3, 2
TOGETHER = 1_000
MOMENT = 1_795_320_000.0

Command = tuple[str | bytes | float, ...]


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


class _Stopwatch:
    """Processor seconds by step, of this process and of Redis."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.spent: dict[str, list[float]] = {}
        self._since = self._now()

    def _now(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return time.process_time() + (int(fields[11]) + int(fields[12])) / 100

    def start(self) -> None:
        self._since = self._now()

    def stop(self, step: str) -> None:
        self.spent.setdefault(step, []).append(self._now() - self._since)
        self.start()


async def _measured(server: LocalRedis, pages: int, rounds: int) -> list[Row]:
    questions = _questions(pages)
    client = Redis.from_url(server.url)
    watch = _Stopwatch(server.pid)
    commands: list[Command] = []
    for _ in range(rounds):
        await client.flushall()
        fence = await MirrorWriter(client, SITE_ID).take_fence()
        reader = Reader()
        watch.start()
        items = [_read(reader, question) for question in questions]
        watch.stop("parse")
        rows = [row_of(item, Kind.ARTICLE) for item in items]
        watch.stop("rows")
        await _published(client, fence, questions, rows)
        watch.stop("write")
        commands = commands or await _left(client)
        content = [each for each in commands if b":row:" in _key(each) or b":heads" in _key(each)]
        for step, written in (("raw", commands), ("raw content", content)):
            await client.flushall()
            watch.start()
            for part in batches(written, TOGETHER):
                pipe = client.pipeline(transaction=False)
                for command in part:
                    pipe.execute_command(*command)
                await pipe.execute()
            watch.stop(step)
        around = _around()
        watch.start()
        for question in questions:
            examine(question, around)
        watch.stop("examine")
    await client.aclose()
    cost = {step: statistics.median(each) / pages * 1e6 for step, each in watch.spent.items()}
    publish, raw = cost["rows"] + cost["write"], cost["raw"]
    each = len(commands) / pages
    return [
        Row("parse a page into an item", cost["parse"], "us", note=f"{pages:,} of {len(COLUMNS)} columns"),
        Row("make its rows in both written forms", cost["rows"], "us"),
        Row("write them ahead and publish", cost["write"], "us"),
        Row("raw pipelined writes of what that left", raw, "us", note=f"{each:.1f} commands an item"),
        Row("raw pipelined writes of rows and heads alone", cost["raw content"], "us"),
        Row("parse, rows and all checks of a page (sync)", cost["examine"], "us"),
        Row("publish against raw writes", raw / publish, "x"),
        Row("parse and publish against raw writes", raw / (cost["parse"] + publish), "x",
            least=0.2, note="aim 0.4"),
        Row("the same with all checks of the sync", raw / (cost["examine"] + cost["write"]), "x"),
        Row("parse and publish against rows and heads alone",
            cost["raw content"] / (cost["parse"] + publish), "x"),
    ]  # fmt: skip


def _around() -> Surroundings:
    return Surroundings(home="http://o/", names=frozenset(), own=frozenset(("o",)))


def _questions(pages: int) -> list[Question]:
    """The pages as the sync has fetched them."""
    origin = Scaled(pages)
    found: list[Question] = []
    for column in COLUMNS:
        for entry in origin.listed[column]:
            page, url = origin.page(entry.path), f"http://o{entry.path}"
            assert page is not None
            record = PageRecord(url=url, id=f"a{len(found):07}", title=entry.title, date=entry.day,
                                etag='"5f3c2a10"', standing=Standing.GOOD)  # fmt: skip
            found.append(Question(Got(url, 200, page.body, page.content_type), record, Kind.ARTICLE,
                                  (column,)))  # fmt: skip
    return found


def _read(reader: Reader, question: Question) -> AnyItem:
    got, record = question.got, question.record
    page = reader.read(got.body, got.url, got.content_type, "article", question.columns[0])
    return as_item(page, item_id=record.id, columns=question.columns, url=record.url, kind=Kind.ARTICLE)


async def _published(client: Redis, fence: int, questions: Sequence[Question], rows: Sequence[Ahead]) -> None:
    """As the sync does it: rows and records ahead, then a publish, a portion at a time."""
    writer, state, size = MirrorWriter(client, SITE_ID), State(client, SITE_ID), Size(len(rows))
    portions = batches(list(zip(questions, rows, strict=True)), TOGETHER)
    for generation, portion in enumerate(portions, 1):
        out = Outbox(state)
        staged = {row.head.id: Staged(head=row.head, head_hant=row.head_hant, column=row.head.columns[0])
                  for _, row in portion}  # fmt: skip
        for question, row in portion:
            record = replace(question.record, checked=MOMENT, hash=row.head.version * 2)
            out.stage(staged[row.head.id], row, record.url, record, MOMENT + 86_400)
            await out.send_some()
        await out.flush()
        record_of_site = site(size, generation)
        columns: dict[str, dict[str, str]] = {}
        for _, row in portion:
            columns.setdefault(row.head.columns[0], {})[row.head.id] = row.head.published
        placed = tuple(
            (column, ranks.of(list(moments), moments, by_place=False), ())
            for column, moments in columns.items()
        )
        await writer.publish(
            Publication(
                site=record_of_site, site_hant=in_hant(record_of_site),
                heads=tuple((row.head, row.head_hant) for _, row in portion),
                placed=placed,
                changes=tuple(("added", row.head.id) for _, row in portion),
                settled=tuple(staged), touched=tuple(columns),
            ),
            fence,
        )  # fmt: skip


def _key(command: Command) -> bytes:
    return command[1] if isinstance(command[1], bytes) else b""


async def _left(client: Redis) -> list[Command]:
    """A command for each record that stands in Redis."""
    found: list[Command] = []
    answers: Any = client
    async for key in client.scan_iter(count=1_000):
        match await answers.type(key):
            case b"string":
                found.append(("SET", key, await answers.get(key)))
            case b"hash":
                found += [("HSET", key, *pair) for pair in (await answers.hgetall(key)).items()]
            case b"zset":
                members = await answers.zrange(key, 0, -1, withscores=True)
                found += [("ZADD", key, rank, name) for name, rank in members]
            case b"set":
                found += [("SADD", key, name) for name in await answers.smembers(key)]
            case b"stream":
                found += [("XADD", key, "*", *(part for pair in fields.items() for part in pair))
                          for _, fields in await answers.xrange(key)]  # fmt: skip
    return found
