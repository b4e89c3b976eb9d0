"""The mirror in Redis. Every Redis key of mirrored content is named here.

Rows are written ahead under names that contain their version, where no reader looks yet; a
publish then moves heads, lists, numbers and the site record over in one MULTI/EXEC. A process
that dies at any moment leaves the old generation or the new one, and the work of a publish is
proportional to what changed.

keys, each behind `sg:{SITE}:` (the braces keep a site in one slot of a cluster)
    site             Site as JSON; holds the generation          generation  the same number alone
    heads            hash: item id -> Head as JSON
    row:ID:VERSION   item as JSON, never changed once written
    list:COLUMN      sorted set of item ids by rank, highest first on the screen
    numbers          hash: dial number -> c:COLUMN or i:ITEM     numbered  the way back
    media:HASH       hash: type, width, height, body
    changes          stream: generation, change (added, changed, withdrawn), id
    sync:*           what the sync job remembers, see content_sync
The same keys with `:hant` hold the Traditional Chinese form of site, heads and rows.

Only Redis 7.0 commands are used.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, WatchError
from redis.exceptions import TimeoutError as RedisTimeoutError

from portal import codec
from portal.errors import ForeignMirror, MirrorAway, NotFound, Overtaken, StaleWriter, Withdrawn
from portal.model import AnyItem, Head, Site

_T = TypeVar("_T")

GRACE_SECONDS = 600
"""How long the rows of the generation before stay readable for pages that are being made."""

STREAM_LENGTH = 100_000
HELD_READS = 4_000
_AWAY = (RedisConnectionError, RedisTimeoutError, OSError)


@dataclass(frozen=True, slots=True)
class Keys:
    """The names of one site's keys."""

    site_id: str

    def __call__(self, *parts: str) -> str:
        return ":".join(("sg", "{" + self.site_id + "}", *parts))

    def row(self, item_id: str, version: str, variant: str = "") -> str:
        """Where one version of an item stands."""
        return self("row", item_id, version, *([variant] if variant else []))

    def of(self, name: str, variant: str = "") -> str:
        """`site` or `heads`, in a written form of Chinese ("" or "hant")."""
        return self(name, *([variant] if variant else []))


@dataclass(frozen=True, slots=True)
class Listing:
    """Part of a column's list: `heads` from place `start` of `total`."""

    total: int
    start: int
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class Media:
    """A picture as the mirror keeps it: `mime` image/jpeg, image/png or image/gif."""

    mime: str
    width: int
    height: int
    body: bytes


class Held:
    """The last `limit` values read, for the time when Redis is away. Least recently used go first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[tuple[Any, ...], Any] = OrderedDict()

    def keep(self, key: tuple[Any, ...], value: Any) -> None:
        """Remember a value that has just been read."""
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._limit:
            self._values.popitem(last=False)

    def get(self, key: tuple[Any, ...]) -> Any:
        """The value, or None."""
        return self._values.get(key)

    def items(self) -> list[tuple[tuple[Any, ...], Any]]:
        """All that is held, the most recently used first."""
        return list(reversed(self._values.items()))


class Mirror:
    """Typed reads of one site's mirror.

    Every read sees one generation. While Redis is away, what this process has read before is
    answered again and `away` is True; what it has not raises MirrorAway.
    """

    def __init__(self, redis: Redis, site_id: str, held: int = HELD_READS) -> None:
        self._redis = redis
        self.keys = Keys(site_id)
        self.away = False
        self._held = Held(held)
        self._rows = Held(held)
        self._site_raw: dict[str, tuple[bytes, Site]] = {}

    async def site(self, variant: str = "") -> Site:
        """The site and its columns. NotFound before the first publish."""
        return await self._read(("site", variant), lambda: self._site(variant))

    async def listing(self, column_id: str, start: int, count: int, variant: str = "") -> Listing:
        """`count` heads of a column from place `start` (0 is the newest)."""
        return await self._read(
            ("listing", column_id, start, count, variant),
            lambda: self._listing(column_id, start, count, variant),
        )

    async def newest(
        self, columns: Sequence[str], count: int, variant: str = ""
    ) -> dict[str, tuple[Head, ...]]:
        """The first `count` heads of several columns at once: {column id: heads}, all of one generation."""
        return await self._read(
            ("newest", tuple(columns), count, variant), lambda: self._newest(columns, count, variant)
        )

    async def place(self, column_id: str, item_id: str) -> int:
        """Where in a column's list an item stands, from 0. NotFound when it is not listed there."""
        rank = await self._read(
            ("place", column_id, item_id),
            lambda: _wait(self._redis.zrevrank(self.keys("list", column_id), item_id)),
        )
        if rank is None:
            raise NotFound(f"{item_id} is not in column {column_id}")
        return int(cast(int, rank))

    async def head(self, item_id: str, variant: str = "") -> Head:
        """The head of an item, withdrawn or not."""
        return await self._read(("head", item_id, variant), lambda: self._head(item_id, variant))

    async def item(self, item_id: str, variant: str = "") -> AnyItem:
        """An item whole. Raises NotFound or Withdrawn."""
        return await self._read(("item", item_id, variant), lambda: self._item(item_id, variant))

    async def target(self, number: str) -> str:
        """What a dial number stands for: `c:COLUMN` or `i:ITEM`. NotFound where it is free."""
        found = await self._read(
            ("number", number), lambda: _wait(self._redis.hget(self.keys("numbers"), number))
        )
        if found is None:
            raise NotFound(f"number {number} is not in use")
        return _text(found)

    async def numbers(self) -> dict[str, str]:
        """All dial numbers and what they stand for."""
        found = await self._read(("numbers",), lambda: _wait(self._redis.hgetall(self.keys("numbers"))))
        return {_text(number): _text(target) for number, target in dict(found).items()}

    async def number_of(self, target: str) -> str:
        """The dial number of `c:COLUMN` or `i:ITEM`, "" where it has none."""
        found = await self._read(
            ("numbered", target), lambda: _wait(self._redis.hget(self.keys("numbered"), target))
        )
        return "" if found is None else _text(found)

    async def media(self, name: str) -> Media:
        """A picture by the name that Image.media carries."""
        return await self._read(("media", name), lambda: self._media(name))

    def held_site(self, variant: str = "") -> Site | None:
        """The site as this process last read it, without asking Redis."""
        return cast(Site | None, self._held.get(("site", variant)))

    def held_heads(self, count: int = 8, variant: str = "") -> list[Head]:
        """Heads of items whose bodies this process holds, the most recently read first."""
        heads: list[Head] = []
        for key, _ in self._held.items():
            if key[0] == "item" and key[2] == variant:
                head = self._held.get(("head", key[1], variant))
                if head is not None and not head.withdrawn:
                    heads.append(head)
            if len(heads) == count:
                break
        return heads

    async def ping(self) -> bool:
        """Whether Redis answers."""
        try:
            return bool(await _wait(self._redis.ping()))
        except RedisError:
            return False

    async def _read(self, key: tuple[Any, ...], read: Callable[[], Awaitable[_T]]) -> _T:
        try:
            value = await read()
        except _AWAY as error:
            self.away = True
            held = self._held.get(key)
            if held is None:
                raise MirrorAway(f"Redis does not answer: {error}") from error
            return cast(_T, held)
        self.away = False
        self._held.keep(key, value)
        return value

    async def _site(self, variant: str) -> Site:
        raw = await _wait(self._redis.get(self.keys.of("site", variant)))
        if raw is None:
            raise NotFound("nothing has been published yet: run `python -m content_sync run --once`")
        known = self._site_raw.get(variant)
        if known is None or known[0] != raw:
            known = self._site_raw[variant] = (raw, codec.load(raw, Site))
        return known[1]

    async def _listing(self, column_id: str, start: int, count: int, variant: str) -> Listing:
        for _ in range(5):
            pipe = self._redis.pipeline(transaction=True)
            pipe.get(self.keys("generation"))
            pipe.zcard(self.keys("list", column_id))
            pipe.zrevrange(self.keys("list", column_id), start, start + count - 1)
            before, total, ids = await pipe.execute()
            if not ids:
                return Listing(int(total), start, ())
            pipe = self._redis.pipeline(transaction=True)
            pipe.get(self.keys("generation"))
            pipe.hmget(self.keys.of("heads", variant), ids)
            after, raws = await pipe.execute()
            if before == after:
                heads = tuple(codec.load(raw, Head) for raw in raws if raw is not None)
                return Listing(int(total), start, heads)
        raise MirrorAway("the mirror is being published faster than it can be read; try again")

    async def _newest(self, columns: Sequence[str], count: int, variant: str) -> dict[str, tuple[Head, ...]]:
        for _ in range(5):
            pipe = self._redis.pipeline(transaction=True)
            pipe.get(self.keys("generation"))
            for column in columns:
                pipe.zrevrange(self.keys("list", column), 0, count - 1)
            before, *lists = await pipe.execute()
            wanted = list(dict.fromkeys(item for ids in lists for item in ids))
            if not wanted:
                return {column: () for column in columns}
            pipe = self._redis.pipeline(transaction=True)
            pipe.get(self.keys("generation"))
            pipe.hmget(self.keys.of("heads", variant), wanted)
            after, raws = await pipe.execute()
            if before == after:
                heads = {
                    item: codec.load(raw, Head)
                    for item, raw in zip(wanted, raws, strict=True)
                    if raw is not None
                }
                return {
                    column: tuple(heads[item] for item in ids if item in heads)
                    for column, ids in zip(columns, lists, strict=True)
                }
        raise MirrorAway("the mirror is being published faster than it can be read; try again")

    async def _head(self, item_id: str, variant: str) -> Head:
        raw = await _wait(self._redis.hget(self.keys.of("heads", variant), item_id))
        if raw is None:
            raise NotFound(f"no item {item_id}")
        return codec.load(cast(bytes, raw), Head)

    async def _item(self, item_id: str, variant: str) -> AnyItem:
        for _ in range(5):
            head = await self._head(item_id, variant)
            self._held.keep(("head", item_id, variant), head)
            if head.withdrawn:
                raise Withdrawn(item_id, head.title, head.withdrawn)
            known = self._rows.get((item_id, head.version, variant))
            if known is not None:
                return cast(AnyItem, known)
            raw = await _wait(self._redis.get(self.keys.row(item_id, head.version, variant)))
            if raw is not None:
                item = codec.load_item(raw)
                self._rows.keep((item_id, head.version, variant), item)
                return item
        raise NotFound(f"the body of {item_id} is missing: run a sync with --full")

    async def _media(self, name: str) -> Media:
        found = await _wait(self._redis.hgetall(self.keys("media", name)))
        if not found:
            raise NotFound(f"no picture {name}")
        return Media(
            mime=_text(found[b"type"]),
            width=int(found[b"width"]),
            height=int(found[b"height"]),
            body=found[b"body"],
        )


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
    lists     column id -> {item id: rank}, whole lists of the columns that changed
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
        await _wait(self.redis.set(self.keys("owner"), home, nx=True))
        owner = _text(await _wait(self.redis.get(self.keys("owner"))) or b"")
        if owner == home:
            return
        if owner not in former:
            raise ForeignMirror(
                f"the mirror '{self.keys.site_id}' belongs to {owner}, not to {home}: give this site file "
                "another [site] id, or name the old address in its aliases if the portal has moved"
            )
        await _wait(self.redis.set(self.keys("owner"), home))

    async def take_fence(self) -> int:
        """Become the newest writer; every earlier one can publish no more."""
        return int(await _wait(self.redis.incr(self.keys("sync", "fence"))))

    async def heads(self) -> dict[str, Head]:
        """All heads, withdrawn ones included."""
        found = await _wait(self.redis.hgetall(self.keys("heads")))
        return {_text(key): codec.load(raw, Head) for key, raw in found.items()}

    async def head(self, item_id: str) -> Head | None:
        """The published head of an item, that of a tombstone included."""
        raw = await _wait(self.redis.hget(self.keys("heads"), item_id))
        return None if raw is None else codec.load(raw, Head)

    async def heads_of(self, item_ids: Sequence[str]) -> dict[str, Head]:
        """The published heads of these items, those that have one."""
        if not item_ids:
            return {}
        raws = await _wait(self.redis.hmget(self.keys("heads"), list(item_ids)))
        return {
            item_id: codec.load(raw, Head)
            for item_id, raw in zip(item_ids, raws, strict=True)
            if raw is not None
        }

    async def listed(self, column_id: str) -> int:
        """How many items a column's published list has."""
        return int(await _wait(self.redis.zcard(self.keys("list", column_id))))

    async def lists(self, columns: Iterable[str]) -> dict[str, dict[str, float]]:
        """The lists of these columns: {column: {item: rank}}."""
        names = list(columns)
        pipe = self.redis.pipeline(transaction=False)
        for name in names:
            pipe.zrange(self.keys("list", name), 0, -1, withscores=True)
        found = await pipe.execute()
        return {
            name: {_text(item): float(rank) for item, rank in pairs}
            for name, pairs in zip(names, found, strict=True)
        }

    async def numbers(self) -> dict[str, str]:
        """Dial number -> target, ever given."""
        found = await _wait(self.redis.hgetall(self.keys("numbers")))
        return {_text(number): _text(target) for number, target in found.items()}

    async def site(self) -> Site | None:
        """The published site, None before the first publish."""
        raw = await _wait(self.redis.get(self.keys("site")))
        return None if raw is None else codec.load(raw, Site)

    async def rows(self, heads: Sequence[Head]) -> list[AnyItem | None]:
        """The published items of these heads, None where a row is missing."""
        if not heads:
            return []
        raws = await _wait(self.redis.mget([self.keys.row(head.id, head.version) for head in heads]))
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
        await _wait(self.redis.hset(key, mapping=fields))

    async def has_media(self, name: str) -> bool:
        """Whether that picture is stored."""
        return bool(await _wait(self.redis.exists(self.keys("media", name))))

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
            if int(await _wait(pipe.get(fence_key)) or 0) != fence:
                raise StaleWriter("a newer sync job has started: this one publishes nothing")
            if int(await _wait(pipe.get(generation_key)) or 0) != publication.site.generation - 1:
                raise Overtaken("another generation was published meanwhile")
            last = _text(await _wait(pipe.lindex(log_key, -1)) or b"")
            pipe.multi()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
            self._write(pipe, publication)
            for key in old:
                pipe.expire(key, GRACE_SECONDS)
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
                last = _text(await _wait(pipe.lindex(log_key, -1)) or b"")
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
            await _wait(self.redis.delete(*names))

    async def fence(self) -> int:
        """The newest writer's number, for an act that goes beside the sync and ends no run."""
        return int(await _wait(self.redis.get(self.keys("sync", "fence"))) or 0)

    async def seen(self, site: Site, site_hant: Site, fence: int) -> None:
        """Renew the site record without a new generation: nothing has changed, as of `checked`."""
        fence_key, generation_key = self.keys("sync", "fence"), self.keys("generation")
        async with self.redis.pipeline(transaction=True) as pipe:
            await pipe.watch(fence_key, generation_key)
            if int(await _wait(pipe.get(fence_key)) or 0) != fence:
                raise StaleWriter("a newer sync job has started: this one writes nothing")
            if int(await _wait(pipe.get(generation_key)) or 0) != site.generation:
                raise Overtaken("another generation was published meanwhile")
            pipe.multi()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
            for variant, record in (("", site), ("hant", site_hant)):
                pipe.set(self.keys.of("site", variant), codec.dump(record))
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
        for head, head_hant in heads:
            pipe.hset(keys.of("heads"), head.id, codec.dump(head))
            pipe.hset(keys.of("heads", "hant"), head.id, codec.dump(head_hant))
            for variant in ("", "hant"):
                pipe.persist(keys.row(head.id, head.version, variant))
        for head, head_hant in publication.withdrawn:
            pipe.hset(keys.of("heads"), head.id, codec.dump(head))
            pipe.hset(keys.of("heads", "hant"), head.id, codec.dump(head_hant))
        for item_id in publication.dropped:
            pipe.hdel(keys.of("heads"), item_id)
            pipe.hdel(keys.of("heads", "hant"), item_id)
        if publication.settled:
            pipe.hdel(keys("sync", "staged"), *publication.settled)
        if publication.touched:
            pipe.srem(keys("sync", "touched"), *publication.touched)
        for column, ranks in publication.lists:
            key = keys("list", column)
            pipe.delete(key)
            if ranks:
                pipe.zadd(key, ranks)
        for target in publication.freed:
            pipe.hdel(keys("numbered"), target)
        for number, target in publication.numbers:
            pipe.hset(keys("numbers"), number, target)
            pipe.hset(keys("numbered"), target, number)
        for change, item_id in publication.changes:
            pipe.xadd(
                keys("changes"),
                {"generation": site.generation, "change": change, "id": item_id},
                maxlen=STREAM_LENGTH,
                approximate=True,
            )

    async def _old_rows(self, publication: Publication) -> list[str]:
        """Keys of the rows that nobody will ask for once the publication is out."""
        news = {row.head.id: row.head.version for row in publication.rows}
        news |= {head.id: head.version for head, _ in publication.heads}
        ids = [*news, *(head.id for head, _ in publication.withdrawn), *publication.dropped]
        if not ids:
            return []
        raws = await _wait(self.redis.hmget(self.keys("heads"), ids))
        heads = [codec.load(raw, Head) for raw in raws if raw is not None]
        return [
            self.keys.row(head.id, head.version, variant)
            for head in heads
            if head.version and news.get(head.id) != head.version
            for variant in ("", "hant")
        ]


async def _wait(answer: Any) -> Any:
    """redis-py types every answer as maybe awaitable; its asyncio client always is."""
    return await answer


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
