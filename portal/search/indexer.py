"""The writing side of the article index: one process of a machine, following the mirror's change stream.

An index is made from the whole mirror once and follows the stream from then on. It is made anew beside the
old one, which serves meanwhile, where its files are broken, where the stream has forgotten entries that it
lacks, or where the mirror is another than it was. Each item is written as it stands now, whatever the
entry said, so that reading an entry twice changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import tantivy
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from portal import codec
from portal.errors import MirrorAway
from portal.model import AnyItem, Head
from portal.search import schema
from portal.search.files import BrokenIndex, Folder, Place, Seal, Soundness, guarded
from portal.store import Mirror, as_text, wait

log = logging.getLogger("sunshine.search")

BATCH = 500
ENTRIES = 2_000
"""Stream entries that one commit takes in."""

WAIT_MS = 300
"""How long the stream is waited for before the files are looked at."""

PAUSE_SECONDS = 1.0
TIDY_SECONDS = 20.0

BUILD_HEAP = 200_000_000
FOLLOW_HEAP = 30_000_000
"""Octets that the engine may use before it writes a segment."""


class Indexer:
    """Keeps the index of one site. `Lock` sees to it that a machine has one."""

    def __init__(self, redis: Redis, site_id: str, folder: Folder) -> None:
        self._redis = redis
        self._mirror = Mirror(redis, site_id, held=0)
        self._folder = folder
        self._name = ""
        self._place = Place(schema.VERSION)
        self._writer: tantivy.IndexWriter | None = None
        self._seal: Seal | None = None
        self._tidied = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until told to stop; what goes wrong is logged, once as long as it stays the same, and tried
        again."""
        told = ""
        while not stop.is_set():
            try:
                if await self._must_build():
                    await self._build()
                await self._catch_up()
                self._tidy()
                told = ""
            except BrokenIndex as error:
                log.warning("the article index is broken and made anew: %s", error)
                self._drop()
                self._folder.report(self._name or self._folder.current())
                await _pause(stop)
            except (RedisError, MirrorAway, OSError) as error:
                if str(error) != told:
                    told = str(error)
                    log.warning(
                        "the article index waits for the mirror: %s; is Redis up at REDIS_URL?", error
                    )
                await _pause(stop)
        self._drop()

    async def _must_build(self) -> bool:
        """Open the current index where it is not open; True where there is none that could be followed."""
        name = self._folder.current()
        if not name or name == self._folder.damaged():
            return True
        if self._writer is None or name != self._name:
            place = self._folder.place(name)
            if place is None or place.schema != schema.VERSION:
                return True
            self._drop()
            await asyncio.to_thread(self._open, name, place)
        elif self._seal is not None and self._seal.check() in (Soundness.GONE, Soundness.CHANGED):
            raise BrokenIndex(f"{name}: files are gone or changed")
        return await self._lost_track()

    def _open(self, name: str, place: Place) -> None:
        path = self._folder.path / name
        with guarded():
            index = tantivy.Index.open(str(path))
            self._writer = index.writer(FOLLOW_HEAP, 1)
            self._seal = Seal(path)
        self._name, self._place = name, place

    async def _lost_track(self) -> bool:
        """Whether the stream cannot lead from the index's place to now."""
        now, first = await self._stream()
        known = self._place
        if _order(now.stream) < _order(known.stream) or now.added < known.added:
            return True
        if now.generation < known.generation:
            return True
        return _order(first) > _order(known.stream) and now.added > known.added + await self._left(
            known.stream
        )

    async def _left(self, stream: str) -> int:
        """How many entries stand after a place, as far as it matters."""
        found = await wait(
            self._redis.xrange(self._mirror.keys("changes"), min=f"({stream}", count=ENTRIES + 1)
        )
        if len(found) <= ENTRIES:
            return len(found)
        info = await wait(self._redis.xinfo_stream(self._mirror.keys("changes")))
        return int(info["length"])

    async def _stream(self) -> tuple[Place, str]:
        """The end of the stream, and the id of its first entry."""
        generation = int(await wait(self._redis.get(self._mirror.keys("generation"))) or 0)
        try:
            info: Mapping[str, Any] = await wait(self._redis.xinfo_stream(self._mirror.keys("changes")))
        except ResponseError:
            return Place(schema.VERSION, generation=generation), "0-0"
        first = info.get("first-entry")
        end = Place(
            schema.VERSION, as_text(info["last-generated-id"]), int(info.get("entries-added", 0)), generation
        )
        return end, as_text(first[0]) if first else "0-0"

    # --- made anew ------------------------------------------------------------------------------

    async def _build(self) -> None:
        """Make an index of the whole mirror and let it be the current one."""
        started = time.monotonic()
        self._drop()
        place, _ = await self._stream()
        path = self._folder.make()
        with guarded():
            index = tantivy.Index(schema.SCHEMA, str(path))
            writer = index.writer(BUILD_HEAP, 1)
        count = 0
        async for heads in self._everything():
            rows = await self._mirror.bodies(heads, keep=False)
            await asyncio.to_thread(_add, writer, heads, rows)
            count += len(rows)
        await asyncio.to_thread(_finish, writer)
        self._folder.put_place(path.name, place)
        self._folder.take_over(path.name)
        log.info("article index of %d items made in %.1f s", count, time.monotonic() - started)
        await asyncio.to_thread(self._open, path.name, place)

    async def _everything(self) -> AsyncIterator[list[Head]]:
        """All heads that stand, some at a time, each once."""
        seen = set[str]()
        cursor = 0
        while True:
            cursor, found = await wait(
                self._redis.hscan(self._mirror.keys.of("heads"), cursor=cursor, count=BATCH)
            )
            heads = [codec.load(raw, Head) for name, raw in found.items() if as_text(name) not in seen]
            seen |= {head.id for head in heads}
            for at in range(0, len(heads), BATCH):
                yield [head for head in heads[at : at + BATCH] if not head.withdrawn]
            if not cursor:
                return

    # --- followed -------------------------------------------------------------------------------

    async def _catch_up(self) -> None:
        """Take in what the stream has, after waiting for it a moment."""
        key = self._mirror.keys("changes")
        answer = await wait(self._redis.xread({key: self._place.stream}, count=ENTRIES, block=WAIT_MS))
        if not answer:
            return
        streams = answer.items() if isinstance(answer, dict) else answer
        entries = [entry for _, found in streams for entry in _flat(found)]
        ids = list(dict.fromkeys(as_text(fields[b"id"]) for _, fields in entries))
        for at in range(0, len(ids), BATCH):
            await self._take_in(ids[at : at + BATCH])
        await asyncio.to_thread(self._commit)
        last, fields = entries[-1]
        self._place = Place(
            schema.VERSION, as_text(last), self._place.added + len(entries),
            max(self._place.generation, int(fields[b"generation"])),
        )  # fmt: skip
        self._folder.put_place(self._name, self._place)

    async def _take_in(self, ids: Sequence[str]) -> None:
        heads = await self._mirror.heads(ids)
        standing = [head for head in heads.values() if not head.withdrawn]
        rows = await self._mirror.bodies(standing, keep=False)
        gone = [item_id for item_id in ids if item_id not in heads or heads[item_id].withdrawn]
        if self._writer is not None:
            await asyncio.to_thread(_replace, self._writer, gone, standing, rows)

    def _commit(self) -> None:
        if self._writer is None:
            return
        with guarded():
            self._writer.commit()
        self._seal = Seal(self._folder.path / self._name)

    def _drop(self) -> None:
        """Let go of the index without writing any more to it."""
        self._writer = self._seal = None

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied > TIDY_SECONDS:
            self._tidied = time.monotonic()
            self._folder.tidy(time.time())


def _add(writer: tantivy.IndexWriter, heads: Sequence[Head], rows: Mapping[str, AnyItem]) -> None:
    with guarded():
        for head in heads:
            if head.id in rows:
                writer.add_document(schema.document(rows[head.id], head))


def _replace(
    writer: tantivy.IndexWriter, gone: Sequence[str], heads: Sequence[Head], rows: Mapping[str, AnyItem]
) -> None:
    """Write items anew, take off others. One whose row was replaced just now comes again in the stream."""
    with guarded():
        for item_id in (*gone, *rows):
            writer.delete_documents_by_term("id", item_id)
    _add(writer, heads, rows)


def _finish(writer: tantivy.IndexWriter) -> None:
    with guarded():
        writer.commit()
        writer.wait_merging_threads()


def _flat(found: Any) -> list[tuple[bytes, dict[bytes, bytes]]]:
    """Entries of one stream, in either form in which the client gives them."""
    return [entry for part in found for entry in (part if isinstance(part, list) else [part])]


def _order(stream_id: str) -> tuple[int, int]:
    moment, _, serial = stream_id.partition("-")
    return int(moment), int(serial or 0)


async def _pause(stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), PAUSE_SECONDS)
