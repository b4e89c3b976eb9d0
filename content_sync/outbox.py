"""Outcomes of pages on their way to Redis: each page's whole, many pages in a handful of commands.

What has not left when a run dies was not done: those pages are still due, and the next run asks for
them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from content_sync.records import Held, PageRecord, Staged
from content_sync.rows import Ahead
from content_sync.state import State
from portal import codec

TOGETHER = 64
"""Pages whose outcomes go out in one transaction."""

Fields = dict[Any, Any]
"""Names and values of a hash, as redis-py takes them."""


class Outbox:
    """Collects outcomes and writes them through `state`; `flush` ends it. No page is put in twice."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._clear()

    def _clear(self) -> None:
        self._rows: Fields = {}
        self._pages: Fields = {}
        self._due: Fields = {}
        self._never: list[str] = []
        self._hashes: dict[str, Fields] = {"staged": {}, "held": {}, "identity": {}}
        self._gone: dict[str, list[str]] = {"staged": [], "held": []}
        self._sets: dict[str, set[str]] = {"touched": set(), "hosts": set()}

    def keep(self, canonical: str, record: PageRecord, due: float | None) -> None:
        """The record of a page, and when it is due again; None: never."""
        self._pages[canonical] = codec.dump(record)
        if due is None:
            self._never.append(canonical)
        else:
            self._due[canonical] = due

    def stage(
        self, staged: Staged, row: Ahead, canonical: str, record: PageRecord, due: float | None
    ) -> None:
        """An item written ahead, with the record of its page."""
        self._write(row)
        self._hashes["staged"][row.head.id] = codec.dump(staged)
        self._gone["held"].append(row.head.id)
        self._sets["touched"].update(row.head.columns)
        self.keep(canonical, record, due)

    def hold(self, held: Held, row: Ahead, canonical: str, record: PageRecord, due: float | None) -> None:
        """An item written where it waits for a person, with the record of its page."""
        self._write(row)
        self._hashes["held"][row.head.id] = codec.dump(held)
        self._gone["staged"].append(row.head.id)
        self.keep(canonical, record, due)

    def _write(self, row: Ahead) -> None:
        keys = self._state.keys
        self._rows[keys.row(row.head.id, row.head.version)] = row.raw
        self._rows[keys.row(row.head.id, row.head.version, "hant")] = row.raw_hant

    def let_go(self, item: str) -> None:
        """Nothing of an item waits any more."""
        self._gone["held"].append(item)

    def learn(self, hosts: Iterable[str], identity: Mapping[str, str]) -> None:
        """Teach the gate."""
        self._sets["hosts"].update(hosts)
        self._hashes["identity"].update(identity)

    async def send_some(self) -> None:
        """Send what has come together, once it is enough."""
        if len(self._pages) >= TOGETHER:
            await self.flush()

    async def flush(self) -> None:
        """Send everything, in one transaction. What comes meanwhile goes with the next."""
        keys = self._state.keys
        pipe = self._state.redis.pipeline(transaction=True)
        if self._rows:
            pipe.mset(self._rows)
        for name, fields in (("pages", self._pages), *self._hashes.items()):
            if fields:
                pipe.hset(keys("sync", name), mapping=fields)
        for name, ids in self._gone.items():
            if ids:
                pipe.hdel(keys("sync", name), *ids)
        for name, members in self._sets.items():
            if members:
                pipe.sadd(keys("sync", name), *members)
        if self._due:
            pipe.zadd(keys("sync", "due"), self._due)
        if self._never:
            pipe.zrem(keys("sync", "due"), *self._never)
        self._clear()
        await pipe.execute()
