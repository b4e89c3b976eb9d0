"""The writing side of the mirror, for content_sync alone: rows ahead, then everything in one step.

The names of the keys stand in `portal.store`, beside the reading side.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import WatchError

from portal import codec
from portal.batches import batches
from portal.dial import column_target, item_target
from portal.errors import ForeignMirror, Overtaken, StaleWriter
from portal.model import AnyItem, Head, Site
from portal.store import EVERYTHING, Keys, Media, as_text, wait

GRACE_SECONDS = 600
"""How long the rows of the generation before stay readable for pages that are being made."""

STREAM_LENGTH = 100_000

TOLD = 1_000
"""Publishes that `published` remembers; who was away for longer starts anew anyway."""

MOST_NAMED = 5_000
"""A publish that touches more than this is told as "everything"."""


TOGETHER = 1_000
"""Records that one command writes: a command each costs several times what the writing does."""

PERSIST = "for _, key in ipairs(KEYS) do redis.call('PERSIST', key) end"
EXPIRE = "for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[1]) end"
TELL = """
for at = 3, #ARGV, 2 do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'generation', ARGV[2],
    'change', ARGV[at], 'id', ARGV[at + 1])
end
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One item as a publish writes it, in both written forms of Chinese. `rank` orders its lists."""

    item: AnyItem
    head: Head
    rank: float
    item_hant: AnyItem
    head_hant: Head


@dataclass(frozen=True, slots=True)
class Publication:
    """All that one publish changes.

    site      the new site record; its generation is the next one
    rows      items added or changed, written now    heads      the same for rows written ahead
    withdrawn heads that become tombstones           dropped    items that leave without a trace
    lists     column id -> {item id: rank}, whole lists of columns that changed
    placed    column id, {item id: rank} of what is new or stands elsewhere in its list, ids that leave it
    numbers   dial number -> target, new ones only   changes    (change, id) for the stream
    freed     targets that have lost their number to one of `numbers`
    settled   items whose entry in `sync:staged` this publish uses up
    touched   columns that `sync:touched` need not name any more
    """

    site: Site
    site_hant: Site
    rows: tuple[Row, ...] = ()
    heads: tuple[tuple[Head, Head], ...] = ()
    withdrawn: tuple[tuple[Head, Head], ...] = ()
    dropped: tuple[str, ...] = ()
    lists: tuple[tuple[str, dict[str, float]], ...] = ()
    placed: tuple[tuple[str, dict[str, float], tuple[str, ...]], ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    freed: tuple[str, ...] = ()
    changes: tuple[tuple[str, str], ...] = ()
    settled: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()


LogLine = Callable[[str], str]
"""Makes the next line of the publish log from the last one ("" for the first)."""


class MirrorWriter:
    """The writing side, for content_sync alone."""

    def __init__(self, redis: Redis, site_id: str) -> None:
        self.redis = redis
        self.keys = Keys(site_id)

    async def claim(self, home: str, former: Collection[str] = ()) -> None:
        """Take the site's keys for the portal at `home`, also where it was at one of `former`.

        raises  ForeignMirror where another portal has them
        """
        await wait(self.redis.set(self.keys("owner"), home, nx=True))
        owner = as_text(await wait(self.redis.get(self.keys("owner"))) or b"")
        if owner == home:
            return
        if owner not in former:
            raise ForeignMirror(
                f"the mirror '{self.keys.site_id}' belongs to {owner}, not to {home}: give this site file "
                "another [site] id, or name the old address in its aliases if the portal has moved"
            )
        await wait(self.redis.set(self.keys("owner"), home))

    async def take_fence(self) -> int:
        """Become the newest writer; every earlier one can publish no more."""
        return int(await wait(self.redis.incr(self.keys("sync", "fence"))))

    async def heads(self) -> dict[str, Head]:
        """All heads, withdrawn ones included."""
        found = await wait(self.redis.hgetall(self.keys("heads")))
        return {as_text(key): codec.load(raw, Head) for key, raw in found.items()}

    async def head(self, item_id: str) -> Head | None:
        """The published head of an item, that of a tombstone included."""
        raw = await wait(self.redis.hget(self.keys("heads"), item_id))
        return None if raw is None else codec.load(raw, Head)

    async def heads_of(self, item_ids: Sequence[str]) -> dict[str, Head]:
        """The published heads of these items, those that have one."""
        if not item_ids:
            return {}
        raws = await wait(self.redis.hmget(self.keys("heads"), list(item_ids)))
        return {
            item_id: codec.load(raw, Head)
            for item_id, raw in zip(item_ids, raws, strict=True)
            if raw is not None
        }

    async def listed(self, column_id: str) -> int:
        """How many items a column's published list has."""
        return int(await wait(self.redis.zcard(self.keys("list", column_id))))

    async def lists(self, columns: Iterable[str]) -> dict[str, dict[str, float]]:
        """The lists of these columns: {column: {item: rank}}."""
        names = list(columns)
        pipe = self.redis.pipeline(transaction=False)
        for name in names:
            pipe.zrange(self.keys("list", name), 0, -1, withscores=True)
        found = await pipe.execute()
        return {
            name: {as_text(item): float(rank) for item, rank in pairs}
            for name, pairs in zip(names, found, strict=True)
        }

    async def ranked(self, column: str, batch: int = 1_000) -> AsyncIterator[list[tuple[str, float]]]:
        """A column's list as (item, rank), some at a time, lowest first."""
        for start in count(0, batch):
            found = await wait(
                self.redis.zrange(self.keys("list", column), start, start + batch - 1, withscores=True)
            )
            if found:
                yield [(as_text(item), float(rank)) for item, rank in found]
            if len(found) < batch:
                return

    async def numbers(self) -> dict[str, str]:
        """Dial number -> target, ever given."""
        found = await wait(self.redis.hgetall(self.keys("numbers")))
        return {as_text(number): as_text(target) for number, target in found.items()}

    async def site(self) -> Site | None:
        """The published site, None before the first publish."""
        raw = await wait(self.redis.get(self.keys("site")))
        return None if raw is None else codec.load(raw, Site)

    async def rows(self, heads: Sequence[Head]) -> list[AnyItem | None]:
        """The published items of these heads, None where a row is missing."""
        if not heads:
            return []
        raws = await wait(self.redis.mget([self.keys.row(head.id, head.version) for head in heads]))
        return [None if raw is None else codec.load_item(raw) for raw in raws]

    async def put_media(self, name: str, media: Media) -> None:
        """Store a picture under the hash of its bytes."""
        key = self.keys("media", name)
        fields: dict[Any, Any] = {
            "type": media.mime,
            "width": media.width,
            "height": media.height,
            "body": media.body,
        }
        await wait(self.redis.hset(key, mapping=fields))

    async def put_travel(self, version: str, raw: str, raw_hant: str) -> None:
        """Write the facts for people on the go where the site record of the next publish names them."""
        pipe = self.redis.pipeline(transaction=True)
        for text, variant in ((raw, ""), (raw_hant, "hant")):
            pipe.set(self.keys.travel(version, variant), text)
        pipe.sadd(self.keys("sync", "travel"), version)
        await pipe.execute()

    async def drop_travel(self, current: str) -> None:
        """Let all versions but the published one go, after the grace that pages being made have."""
        known = await wait(self.redis.smembers(self.keys("sync", "travel")))
        old = [version for raw in known if (version := as_text(raw)) != current]
        if not old:
            return
        pipe = self.redis.pipeline(transaction=True)
        for version in old:
            for variant in ("", "hant"):
                pipe.expire(self.keys.travel(version, variant), GRACE_SECONDS)
        pipe.srem(self.keys("sync", "travel"), *old)
        await pipe.execute()

    async def has_media(self, name: str) -> bool:
        """Whether that picture is stored."""
        return bool(await wait(self.redis.exists(self.keys("media", name))))

    async def stage(self, rows: Sequence[Row], batch: int = 500) -> None:
        """Write the rows ahead of the publish, unseen by readers."""
        for at in range(0, len(rows), batch):
            pipe = self.redis.pipeline(transaction=False)
            for row in rows[at : at + batch]:
                for item, head, variant in (
                    (row.item, row.head, ""),
                    (row.item_hant, row.head_hant, "hant"),
                ):
                    key = self.keys.row(head.id, head.version, variant)
                    pipe.set(key, codec.dump_item(item))
            await pipe.execute()

    async def publish(self, publication: Publication, fence: int, log_line: LogLine | None = None) -> None:
        """Make a publication visible in one step.

        fence     what take_fence gave, or `fence()` for a person's act beside a running sync
        log_line  the line that the publish log gets with it
        raises    StaleWriter where a newer writer has come, Overtaken where another generation was
                  published since this one was made
        """
        old = await self._old_rows(publication)
        await self.stage(publication.rows)
        fence_key, generation_key, log_key = (
            self.keys("sync", "fence"),
            self.keys("generation"),
            self.keys("sync", "log"),
        )
        async with self.redis.pipeline(transaction=True) as pipe:
            await pipe.watch(fence_key, generation_key, log_key)
            if int(await wait(pipe.get(fence_key)) or 0) != fence:
                raise StaleWriter("a newer sync job has started: this one publishes nothing")
            if int(await wait(pipe.get(generation_key)) or 0) != publication.site.generation - 1:
                raise Overtaken("another generation was published meanwhile")
            last = as_text(await wait(pipe.lindex(log_key, -1)) or b"")
            pipe.multi()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
            self._write(pipe, publication)
            for part in batches(old, TOGETHER):
                pipe.eval(EXPIRE, len(part), *part, GRACE_SECONDS)
            if log_line is not None:
                pipe.rpush(log_key, log_line(last))
            try:
                await pipe.execute()
            except WatchError as error:
                raise Overtaken("another writer has come during the publish") from error

    async def record(self, log_line: LogLine) -> None:
        """Add a line to the publish log that goes with no publish."""
        log_key = self.keys("sync", "log")
        for _ in range(20):
            async with self.redis.pipeline(transaction=True) as pipe:
                await pipe.watch(log_key)
                last = as_text(await wait(pipe.lindex(log_key, -1)) or b"")
                pipe.multi()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
                pipe.rpush(log_key, log_line(last))
                try:
                    await pipe.execute()
                except WatchError:
                    continue
                return
        raise Overtaken("the publish log is being written by others again and again")

    async def forget_rows(self, head: Head) -> None:
        """Delete the rows of a head now, where grace is not wanted."""
        if head.version:
            names = [self.keys.row(head.id, head.version, variant) for variant in ("", "hant")]
            await wait(self.redis.delete(*names))

    async def fence(self) -> int:
        """The newest writer's number, for an act that goes beside the sync and ends no run."""
        return int(await wait(self.redis.get(self.keys("sync", "fence"))) or 0)

    async def seen(self, site: Site, site_hant: Site, fence: int) -> None:
        """Renew the site record without a new generation: nothing has changed, as of `checked`."""
        fence_key, generation_key = self.keys("sync", "fence"), self.keys("generation")
        async with self.redis.pipeline(transaction=True) as pipe:
            await pipe.watch(fence_key, generation_key)
            if int(await wait(pipe.get(fence_key)) or 0) != fence:
                raise StaleWriter("a newer sync job has started: this one writes nothing")
            if int(await wait(pipe.get(generation_key)) or 0) != site.generation:
                raise Overtaken("another generation was published meanwhile")
            pipe.multi()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
            for variant, record in (("", site), ("hant", site_hant)):
                pipe.set(self.keys.of("site", variant), codec.dump(record))
            pipe.xadd(
                self.keys("published"),
                {"generation": site.generation, "touched": ""},
                maxlen=TOLD,
                approximate=True,
            )
            try:
                await pipe.execute()
            except WatchError as error:
                raise Overtaken("another writer has come meanwhile") from error

    def _write(self, pipe: Any, publication: Publication) -> None:
        keys, site = self.keys, publication.site
        for variant, record in (("", site), ("hant", publication.site_hant)):
            pipe.set(keys.of("site", variant), codec.dump(record))
        pipe.set(keys("generation"), site.generation)
        heads = (*((row.head, row.head_hant) for row in publication.rows), *publication.heads)
        for part in batches(heads, TOGETHER):
            # A row that stood before and comes back may be about to expire.
            names = [keys.row(head.id, head.version, form) for head, _ in part for form in ("", "hant")]
            pipe.eval(PERSIST, len(names), *names)
        for part in batches((*heads, *publication.withdrawn), TOGETHER):
            pipe.hset(keys.of("heads"), mapping={head.id: codec.dump(head) for head, _ in part})
            pipe.hset(keys.of("heads", "hant"), mapping={each.id: codec.dump(each) for _, each in part})
        for ids in batches(publication.dropped, TOGETHER):
            pipe.hdel(keys.of("heads"), *ids)
            pipe.hdel(keys.of("heads", "hant"), *ids)
        if publication.settled:
            pipe.hdel(keys("sync", "staged"), *publication.settled)
        if publication.touched:
            pipe.srem(keys("sync", "touched"), *publication.touched)
        self._write_lists(pipe, publication)
        for target in publication.freed:
            pipe.hdel(keys("numbered"), target)
        for numbers in batches(publication.numbers, TOGETHER):
            pipe.hset(keys("numbers"), mapping=dict(numbers))
            pipe.hset(keys("numbered"), mapping={target: number for number, target in numbers})
        for changes in batches(publication.changes, TOGETHER):
            pipe.eval(TELL, 1, keys("changes"), STREAM_LENGTH, site.generation, *chain(*changes))
        pipe.xadd(keys("published"), _told(publication), maxlen=TOLD, approximate=True)

    def _write_lists(self, pipe: Any, publication: Publication) -> None:
        for column, ranks in publication.lists:
            key = self.keys("list", column)
            pipe.delete(key)
            if ranks:
                pipe.zadd(key, ranks)
        for column, ranks, left in publication.placed:
            if left:
                pipe.zrem(self.keys("list", column), *left)
            if ranks:
                pipe.zadd(self.keys("list", column), ranks)

    async def _old_rows(self, publication: Publication) -> list[str]:
        """Keys of the rows that nobody will ask for once the publication is out."""
        news = {row.head.id: row.head.version for row in publication.rows}
        news |= {head.id: head.version for head, _ in publication.heads}
        ids = [*news, *(head.id for head, _ in publication.withdrawn), *publication.dropped]
        if not ids:
            return []
        raws = await wait(self.redis.hmget(self.keys("heads"), ids))
        heads = [codec.load(raw, Head) for raw in raws if raw is not None]
        return [
            self.keys.row(head.id, head.version, variant)
            for head in heads
            if head.version and news.get(head.id) != head.version
            for variant in ("", "hant")
        ]


def _told(publication: Publication) -> dict[str, str | int]:
    """What servers are told of a publish, see `portal.store`: everything that a page may have shown."""
    items = [row.head.id for row in publication.rows]
    items += [head.id for head, _ in (*publication.heads, *publication.withdrawn)]
    items += [*publication.dropped, *(item_id for _, item_id in publication.changes)]
    targets = [*publication.freed, *(target for _, target in publication.numbers)]
    touched = {item_target(item_id) for item_id in items} | set(targets)
    touched |= {column_target(column) for column, _ in publication.lists}
    touched |= {column_target(column) for column, _, _ in publication.placed}
    named = " ".join(sorted(touched)) if len(touched) <= MOST_NAMED else EVERYTHING
    return {"generation": publication.site.generation, "touched": named}
