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
    travel:VERSION   facts for people on the go, never changed once written; the site record names one
    media:HASH       hash: type, width, height, body
    changes          stream: generation, change (added, changed, withdrawn), id
    published        stream, one entry a publish: generation, touched (`c:COLUMN`, `i:ITEM` ... or "*")
    sheet:*          codes that carry a sheet to a phone, see portal.sheet.codes
    search:*         counts of what is opened and of what is not found, see portal.search
    sync:*           what the sync job remembers, see content_sync
The same keys with `:hant` hold the Traditional Chinese form of site, heads, rows and travel.

Only Redis 7.0 commands are used.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from portal import codec
from portal.errors import MirrorAway, NotFound, Withdrawn
from portal.model import AnyItem, Head, Site
from portal.travel.model import Travel

_T = TypeVar("_T")

HELD_READS = 4_000
EVERYTHING = "*"
"""Stands in `published` for a publish that touches too much to name it."""

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

    def travel(self, version: str, variant: str = "") -> str:
        """Where one version of the facts for people on the go stands."""
        return self("travel", version, *([variant] if variant else []))

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
        self._lists = Held(held)
        self._rows = Held(held)
        self._site_raw: dict[str, tuple[bytes, Site]] = {}

    @property
    def redis(self) -> Redis:
        """The connection, for what the editions keep beside the mirror."""
        return self._redis

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
            lambda: wait(self._redis.zrevrank(self.keys("list", column_id), item_id)),
        )
        if rank is None:
            raise NotFound(f"{item_id} is not in column {column_id}")
        return int(cast(int, rank))

    async def head(self, item_id: str, variant: str = "") -> Head:
        """The head of an item, withdrawn or not."""
        return await self._read(("head", item_id, variant), lambda: self._head(item_id, variant))

    async def heads(self, item_ids: Sequence[str], variant: str = "") -> dict[str, Head]:
        """The heads of several items at once, withdrawn or not; what is not there is left out."""
        ids = tuple(item_ids)
        if not ids:
            return {}
        return await self._read(("heads", ids, variant), lambda: self._heads(ids, variant))

    async def bodies(
        self, heads: Sequence[Head], variant: str = "", *, keep: bool = True
    ) -> dict[str, AnyItem]:
        """The items of these heads at once, those that stand: {id: item}.

        keep  hold them for the time when Redis is away; False for a pass over everything
        """
        found = {
            head.id: cast(AnyItem, row)
            for head in heads
            if (row := self._rows.get((head.id, head.version, variant))) is not None
        }
        missing = [head for head in heads if head.id not in found and not head.withdrawn]
        if missing:
            names = [self.keys.row(head.id, head.version, variant) for head in missing]
            try:
                raws = await wait(self._redis.mget(names))
            except _AWAY as error:
                self.away = True
                raise MirrorAway(f"Redis does not answer: {error}") from error
            for head, raw in zip(missing, raws, strict=True):
                if raw is not None:
                    found[head.id] = codec.load_item(raw)
                    if keep:
                        self._rows.keep((head.id, head.version, variant), found[head.id])
        return found

    async def item(self, item_id: str, variant: str = "") -> AnyItem:
        """An item whole. Raises NotFound or Withdrawn."""
        return await self._read(("item", item_id, variant), lambda: self._item(item_id, variant))

    async def target(self, number: str) -> str:
        """What a dial number stands for: `c:COLUMN` or `i:ITEM`. NotFound where it is free."""
        found = await self._read(
            ("number", number), lambda: wait(self._redis.hget(self.keys("numbers"), number))
        )
        if found is None:
            raise NotFound(f"number {number} is not in use")
        return as_text(found)

    async def numbers(self) -> dict[str, str]:
        """All dial numbers and what they stand for."""
        found = await self._read(("numbers",), lambda: wait(self._redis.hgetall(self.keys("numbers"))))
        return {as_text(number): as_text(target) for number, target in dict(found).items()}

    async def number_of(self, target: str) -> str:
        """The dial number of `c:COLUMN` or `i:ITEM`, "" where it has none."""
        found = await self._read(
            ("numbered", target), lambda: wait(self._redis.hget(self.keys("numbered"), target))
        )
        return "" if found is None else as_text(found)

    async def travel(self, variant: str = "") -> Travel:
        """The facts for people on the go, those that have ended included; empty where the city gives none."""
        version = (await self.site(variant)).travel
        if not version:
            return Travel()
        return await self._read(("travel", version, variant), lambda: self._travel(version, variant))

    async def media(self, name: str) -> Media:
        """A picture by the name that Image.media carries."""
        return await self._read(("media", name), lambda: self._media(name))

    async def has_media(self, name: str) -> bool:
        """Whether the mirror still has a picture. MirrorAway while Redis does not answer."""
        try:
            return bool(await wait(self._redis.exists(self.keys("media", name))))
        except _AWAY as error:
            raise MirrorAway(f"Redis does not answer: {error}") from error

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
            return bool(await wait(self._redis.ping()))
        except RedisError:
            return False

    async def _read(self, key: tuple[Any, ...], read: Callable[[], Awaitable[_T]]) -> _T:
        try:
            value = await read()
        except _AWAY as error:
            self.away = True
            held = self._held.get(key)
            held = self._lists.get(key) if held is None else held
            if held is None:
                raise MirrorAway(f"Redis does not answer: {error}") from error
            return cast(_T, held)
        self.away = False
        if key[0] in ("item", "head", "site"):
            self._held.keep(key, value)
        elif value is not None and not (isinstance(value, Listing) and value.start and not value.heads):
            # What anybody can ask for in any number may not push out what people have read.
            self._lists.keep(key, value)
        return value

    async def _site(self, variant: str) -> Site:
        raw = await wait(self._redis.get(self.keys.of("site", variant)))
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
                return dict.fromkeys(columns, ())
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
        raw = await wait(self._redis.hget(self.keys.of("heads", variant), item_id))
        if raw is None:
            raise NotFound(f"no item {item_id}")
        return codec.load(cast(bytes, raw), Head)

    async def _heads(self, ids: Sequence[str], variant: str) -> dict[str, Head]:
        raws = await wait(self._redis.hmget(self.keys.of("heads", variant), list(ids)))
        return {
            item_id: codec.load(raw, Head) for item_id, raw in zip(ids, raws, strict=True) if raw is not None
        }

    async def _item(self, item_id: str, variant: str) -> AnyItem:
        for _ in range(5):
            head = await self._head(item_id, variant)
            self._held.keep(("head", item_id, variant), head)
            if head.withdrawn:
                raise Withdrawn(item_id, head.withdrawn)
            known = self._rows.get((item_id, head.version, variant))
            if known is not None:
                return cast(AnyItem, known)
            raw = await wait(self._redis.get(self.keys.row(item_id, head.version, variant)))
            if raw is not None:
                item = codec.load_item(raw)
                self._rows.keep((item_id, head.version, variant), item)
                return item
        raise NotFound(f"the body of {item_id} is missing: run a sync with --full")

    async def _travel(self, version: str, variant: str) -> Travel:
        raw = await wait(self._redis.get(self.keys.travel(version, variant)))
        if raw is None:
            raise NotFound("the facts for people on the go are missing: run a sync")
        return codec.load(cast(bytes, raw), Travel)

    async def _media(self, name: str) -> Media:
        found = await wait(self._redis.hgetall(self.keys("media", name)))
        if not found:
            raise NotFound(f"no picture {name}")
        return Media(
            mime=as_text(found[b"type"]),
            width=int(found[b"width"]),
            height=int(found[b"height"]),
            body=found[b"body"],
        )


async def wait(answer: Any) -> Any:
    """Await an answer: redis-py types every one as maybe awaitable; its asyncio client's always are."""
    return await answer


def as_text(value: bytes | str) -> str:
    """What Redis answered, as text."""
    return value.decode() if isinstance(value, bytes) else value
