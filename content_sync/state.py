"""What the sync remembers between runs, in Redis under `sync:*` of the site's keys.

    sync:pages      hash: canonical address -> PageRecord      sync:due   sorted set: the same by next check
    sync:columns    hash: column id -> ColumnRecord            sync:ids   hash: item id -> canonical address
    sync:staged     hash: item id -> Staged, written ahead and not yet published
    sync:held       hash: item id -> Held, waiting for a person
    sync:pictures   hash: address -> PictureRecord             sync:robots  hash: origin -> RobotsFile
    sync:barred     set: item ids that a person took off       sync:report  the last run's report
    sync:refused    hash: item id -> version that a person refused
    sync:hosts      set: hosts that published items link to
    sync:identity   hash: host -> SiteName and SiteIDCode that its pages state
    sync:aliases    hash: canonical address -> the one that its page was known by first
    sync:tidied     when unused pictures were last taken out
    sync:touched    set: columns that the next publish looks at
    sync:fence, sync:lock, sync:log   who may publish, and what was published (portal.store)

A run that dies leaves its work here and the next one goes on from it: what is due stays due until
its outcome is written, and what was staged is published by whoever comes next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from redis.asyncio import Redis

from content_sync.identity import item_id
from content_sync.records import (
    NEW_FIRST,
    ColumnRecord,
    Familiar,
    Held,
    PageRecord,
    PictureRecord,
    Staged,
    Standing,
)
from content_sync.robots import RobotsFile
from content_sync.rows import Ahead
from portal import codec
from portal.model import Head
from portal.store import Keys

_T = TypeVar("_T")

ADDRESSED = ("columns", "pages", "staged", "held", "pictures")
"""Hashes whose records hold addresses of the origin."""


class State:
    """Typed access to `sync:*`. Small writes of one step go out in one transaction."""

    def __init__(self, redis: Redis, site_id: str) -> None:
        self.redis = redis
        self.keys = Keys(site_id)

    def _key(self, name: str) -> str:
        return self.keys("sync", name)

    async def _get(self, name: str, field: str, as_type: type[_T]) -> _T | None:
        raw = await _wait(self.redis.hget(self._key(name), field))
        return None if raw is None else codec.load(raw, as_type)

    async def _all(self, name: str, as_type: type[_T]) -> dict[str, _T]:
        found = await _wait(self.redis.hgetall(self._key(name)))
        return {_text(field): codec.load(raw, as_type) for field, raw in found.items()}

    async def rebase(self, home: str) -> int:
        """Move what is remembered to the address at which the portal is now; how many records changed.

        A portal that moves keeps its pages' identities; what is remembered of them are addresses.
        """
        before = _text(await _wait(self.redis.get(self._key("home"))) or b"")
        moved = 0
        for name in ADDRESSED if before and before != home else ():
            found = await _wait(self.redis.hgetall(self._key(name)))
            pipe = self.redis.pipeline(transaction=True)
            for field, raw in found.items():
                old_field, old = _text(field), _text(raw)
                new_field = home + old_field[len(before) :] if old_field.startswith(before) else old_field
                new = old.replace(f'"{before}', f'"{home}')
                if (new_field, new) != (old_field, old):
                    moved += 1
                    if new_field != old_field:
                        pipe.hdel(self._key(name), old_field)
                    pipe.hset(self._key(name), new_field, new)
            await pipe.execute()
        await _wait(self.redis.set(self._key("home"), home))
        return moved

    # --- pages ----------------------------------------------------------------------------

    async def pages(self, canonicals: Sequence[str]) -> list[PageRecord | None]:
        """The records of these addresses."""
        if not canonicals:
            return []
        raws = await _wait(self.redis.hmget(self._key("pages"), list(canonicals)))
        return [None if raw is None else codec.load(raw, PageRecord) for raw in raws]

    async def page(self, canonical: str) -> PageRecord | None:
        """The record of one address."""
        return await self._get("pages", canonical, PageRecord)

    async def all_pages(self) -> dict[str, PageRecord]:
        """Every record: for status and for people, never within a run."""
        return await self._all("pages", PageRecord)

    async def new_ids(self, canonicals: Sequence[str], batch: int = 1_000) -> dict[str, str]:
        """Ids for addresses that have none, none given twice."""
        given: dict[str, str] = {}
        wanted = {canonical: item_id(canonical) for canonical in canonicals}
        turn = 0
        while wanted:
            part = dict(islice(wanted.items(), batch))
            pipe = self.redis.pipeline(transaction=False)
            for canonical, candidate in part.items():
                pipe.hsetnx(self._key("ids"), candidate, canonical)
            pipe.hmget(self._key("ids"), list(part.values()))
            owners = [_text(owner) for owner in (await pipe.execute())[-1]]
            turn += 1
            for (canonical, candidate), owner in zip(part.items(), owners, strict=True):
                if owner == canonical:
                    given[canonical] = candidate
                    del wanted[canonical]
                else:
                    wanted[canonical] = item_id(f"{canonical}#{turn}")
        return given

    async def canonical_of(self, item: str) -> str:
        """The canonical address behind an item id, "" where there is none."""
        return _text(await _wait(self.redis.hget(self._key("ids"), item)) or b"")

    async def keep_pages(
        self, records: Mapping[str, PageRecord], due: Mapping[str, float | None], batch: int = 500
    ) -> None:
        """Write records and when they are due again; None: never."""
        names = list(records)
        for at in range(0, len(names), batch):
            part = names[at : at + batch]
            moments = {name: due.get(name) for name in part}
            dated: dict[Any, Any] = {name: moment for name, moment in moments.items() if moment is not None}
            written: dict[Any, Any] = {name: codec.dump(records[name]) for name in part}
            pipe = self.redis.pipeline(transaction=True)
            pipe.hset(self._key("pages"), mapping=written)
            if dated:
                pipe.zadd(self._key("due"), dated)
            if never := [name for name, moment in moments.items() if moment is None]:
                pipe.zrem(self._key("due"), *never)
            await pipe.execute()

    async def keep_records(self, records: Mapping[str, PageRecord]) -> None:
        """Write records without touching when they are due."""
        if records:
            written: dict[Any, Any] = {name: codec.dump(record) for name, record in records.items()}
            await _wait(self.redis.hset(self._key("pages"), mapping=written))

    async def gone(self, item_ids: Iterable[str]) -> set[str]:
        """Which of these items are proved gone."""
        ids = list(item_ids)
        if not ids:
            return set()
        found = await _wait(self.redis.hmget(self._key("ids"), ids))
        records = await self.pages([_text(each or b"") for each in found])
        return {record.id for record in records if record is not None and record.standing is Standing.GONE}

    async def due(self, now: float, count: int) -> list[tuple[str, float]]:
        """(canonical address, due time) of pages that are due, those never fetched first."""
        found = await _wait(
            self.redis.zrange(
                self._key("due"), "-inf", now, byscore=True, offset=0, num=count, withscores=True
            )
        )
        return [(_text(name), float(due)) for name, due in found]

    async def never(self, canonicals: Sequence[str]) -> None:
        """These addresses are not to be asked for again."""
        if canonicals:
            await _wait(self.redis.zrem(self._key("due"), *canonicals))

    async def hurry(self, canonicals: Iterable[str], due: float) -> None:
        """Make these addresses due at `due` if they were due later."""
        scores = dict.fromkeys(canonicals, due)
        if scores:
            await _wait(self.redis.zadd(self._key("due"), scores, lt=True))

    async def aliases(self) -> dict[str, str]:
        """Addresses that have turned out to be other names of known pages."""
        found = await _wait(self.redis.hgetall(self._key("aliases")))
        return {_text(name): _text(canonical) for name, canonical in found.items()}

    async def alias(self, other: str, canonical: str) -> None:
        """Make `other` a name of `canonical`; a page of its own that it had is forgotten."""
        record = await self.page(other)
        pipe = self.redis.pipeline(transaction=True)
        for name, known in (await self.aliases()).items():
            if known == other:
                pipe.hset(self._key("aliases"), name, canonical)
        pipe.hset(self._key("aliases"), other, canonical)
        pipe.hdel(self._key("pages"), other)
        pipe.zrem(self._key("due"), other)
        if record is not None:
            pipe.hdel(self._key("staged"), record.id)
            pipe.hdel(self._key("held"), record.id)
        await pipe.execute()

    # --- columns --------------------------------------------------------------------------

    async def columns(self) -> dict[str, ColumnRecord]:
        """Every column's record: for status and for people, never within a run."""
        return await self._all("columns", ColumnRecord)

    async def column(self, column_id: str) -> ColumnRecord:
        """One column's record, an empty one where nothing is known."""
        return await self._get("columns", column_id, ColumnRecord) or ColumnRecord()

    async def column_ids(self) -> set[str]:
        """The columns that have a record."""
        return {_text(each) for each in await _wait(self.redis.hkeys(self._key("columns")))}

    async def keep_column(self, column_id: str, record: ColumnRecord) -> None:
        """Write a column's record."""
        await self.keep_column_raw(column_id, codec.dump(record))

    async def keep_column_raw(self, column_id: str, raw: str) -> None:
        """Write a column's record that was dumped before."""
        await _wait(self.redis.hset(self._key("columns"), column_id, raw))

    async def drop_columns(self, column_ids: Iterable[str]) -> None:
        """Forget columns that the site file no longer has."""
        if names := list(column_ids):
            await _wait(self.redis.hdel(self._key("columns"), *names))

    async def touch(self, column_ids: Iterable[str]) -> None:
        """These columns have to be looked at by the next publish."""
        if names := list(column_ids):
            await _wait(self.redis.sadd(self._key("touched"), *names))

    async def touched(self) -> set[str]:
        """Columns that the next publish has to look at."""
        return {_text(each) for each in await _wait(self.redis.smembers(self._key("touched")))}

    async def settle(self, staged: Iterable[str], touched: Iterable[str]) -> None:
        """What a look at these found is already shown."""
        await self.unstage(staged)
        if names := list(touched):
            await _wait(self.redis.srem(self._key("touched"), *names))

    # --- staged and held ------------------------------------------------------------------

    async def restage(self, rows: Sequence[tuple[Staged, Ahead]], batch: int = 200) -> None:
        """Write items ahead whose page has not been asked again (they moved between columns)."""
        for at in range(0, len(rows), batch):
            pipe = self.redis.pipeline(transaction=True)
            for staged, row in rows[at : at + batch]:
                write_rows(pipe, self.keys, row)
                pipe.hset(self._key("staged"), row.head.id, codec.dump(staged))
                pipe.sadd(self._key("touched"), *row.head.columns)
            await pipe.execute()

    async def lost(self, row: Ahead) -> bool:
        """Whether the store lacks a row that it should have."""
        found = await _wait(
            self.redis.exists(*(self.keys.row(row.head.id, row.head.version, form) for form in ("", "hant")))
        )
        return int(found) < 2

    async def staged(self) -> dict[str, Staged]:
        """What is written ahead, by item id."""
        return await self._all("staged", Staged)

    async def stands(self, items: Sequence[str]) -> dict[str, tuple[Staged | None, Head | None]]:
        """What is written ahead of these items, and what is published of them."""
        if not items:
            return {}
        pipe = self.redis.pipeline(transaction=False)
        pipe.hmget(self._key("staged"), list(items))
        pipe.hmget(self.keys("heads"), list(items))
        staged, heads = await pipe.execute()
        return {
            item: (
                None if ahead is None else codec.load(ahead, Staged),
                None if head is None else codec.load(head, Head),
            )
            for item, ahead, head in zip(items, staged, heads, strict=True)
        }

    async def unstage(self, items: Iterable[str]) -> None:
        """Drop what was written ahead."""
        if names := list(items):
            await _wait(self.redis.hdel(self._key("staged"), *names))

    async def held(self) -> dict[str, Held]:
        """What waits for a person, by item id."""
        return await self._all("held", Held)

    async def held_one(self, item: str) -> Held | None:
        """One waiting item."""
        return await self._get("held", item, Held)

    async def release(self, items: Mapping[str, Held]) -> None:
        """Turn waiting items into staged ones, in one step."""
        pipe = self.redis.pipeline(transaction=True)
        for item, held in items.items():
            pipe.hset(self._key("staged"), item, codec.dump(held.staged))
            pipe.hdel(self._key("held"), item)
            pipe.sadd(self._key("touched"), *held.staged.head.columns)
        await pipe.execute()

    async def refuse(self, items: Mapping[str, Held]) -> None:
        """Drop waiting items; the same version is not offered again."""
        pipe = self.redis.pipeline(transaction=True)
        for item, held in items.items():
            pipe.hset(self._key("refused"), item, held.staged.head.version)
            pipe.hdel(self._key("held"), item)
        await pipe.execute()

    async def refused(self, item: str) -> str:
        """The version of an item that a person refused, "" where none was."""
        return _text(await _wait(self.redis.hget(self._key("refused"), item)) or b"")

    async def bar(self, item: str) -> None:
        """A person takes an item off: nothing of it is shown until it is unbarred."""
        pipe = self.redis.pipeline(transaction=True)
        pipe.sadd(self._key("barred"), item)
        pipe.hdel(self._key("staged"), item)
        pipe.hdel(self._key("held"), item)
        await pipe.execute()

    async def unbar(self, item: str) -> bool:
        """Let an item be shown again; False where it was not barred."""
        if not await _wait(self.redis.srem(self._key("barred"), item)):
            return False
        canonical = await self.canonical_of(item)
        record = await self.page(canonical)
        if record is not None:
            fresh = PageRecord(url=record.url, id=record.id, title=record.title, date=record.date)
            await self.keep_pages({canonical: fresh}, {canonical: NEW_FIRST})
        return True

    async def familiar(self) -> Familiar:
        """What the gate knows of this portal."""
        hosts = await _wait(self.redis.smembers(self._key("hosts")))
        names = await _wait(self.redis.hgetall(self._key("identity")))
        return Familiar(
            frozenset(_text(host) for host in hosts),
            {_text(host): _text(said) for host, said in names.items()},
        )

    async def learn(self, hosts: Iterable[str], identity: Mapping[str, str]) -> None:
        """Teach the gate."""
        if names := list(hosts):
            await _wait(self.redis.sadd(self._key("hosts"), *names))
        if identity:
            pairs: dict[Any, Any] = dict(identity)
            await _wait(self.redis.hset(self._key("identity"), mapping=pairs))

    async def log(self) -> list[str]:
        """The publish log, first line first."""
        return [_text(line) for line in await _wait(self.redis.lrange(self._key("log"), 0, -1))]

    async def barred(self) -> set[str]:
        """Items that a person took off."""
        return {_text(each) for each in await _wait(self.redis.smembers(self._key("barred")))}

    # --- pictures, robots.txt, report -------------------------------------------------------

    async def picture(self, url: str) -> PictureRecord | None:
        """What became of a picture."""
        return await self._get("pictures", url, PictureRecord)

    async def keep_picture(self, url: str, record: PictureRecord) -> None:
        """Remember what became of a picture."""
        await _wait(self.redis.hset(self._key("pictures"), url, codec.dump(record)))

    async def keep_media(self, name: str) -> None:
        """A picture that was to go is wanted again."""
        await _wait(self.redis.persist(self.keys("media", name)))

    async def robots(self, origin: str) -> RobotsFile | None:
        """The robots.txt of scheme://host."""
        return await self._get("robots", origin, RobotsFile)

    async def keep_robots(self, origin: str, file: RobotsFile) -> None:
        """Keep a robots.txt."""
        await _wait(self.redis.hset(self._key("robots"), origin, codec.dump(file)))

    async def keep_report(self, report: str) -> None:
        """Keep the last run's report (JSON)."""
        await _wait(self.redis.set(self._key("report"), report))

    async def report(self) -> str:
        """The last run's report (JSON), "" before the first."""
        return _text(await _wait(self.redis.get(self._key("report"))) or b"")


def write_rows(pipe: Any, keys: Keys, row: Ahead) -> None:
    """An item's rows, unseen by readers until a publish names them."""
    pipe.set(keys.row(row.head.id, row.head.version), row.raw)
    pipe.set(keys.row(row.head.id, row.head.version, "hant"), row.raw_hant)


async def _wait(answer: Any) -> Any:
    """redis-py types every answer as maybe awaitable; its asyncio client always is."""
    return await answer


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
