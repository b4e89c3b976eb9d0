"""Finding by name over a mirror: digits, words in a name, and names that sound alike.

The index is made anew, in a thread, when a new generation has other names; the old one answers meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace

from portal.dial import column_target, item_target
from portal.errors import NotFound
from portal.model import Column, Kind, Site, name_in
from portal.search import words
from portal.search.digits import DigitIndex, Entry, Hit
from portal.search.sound import Sounds
from portal.store import Mirror

log = logging.getLogger("sunshine.search")

FOUND_BY_NAME = (Kind.MATTER, Kind.UNIT)
MOST_ITEMS = 20_000
PATIENCE_SECONDS = 0.25
USED = 3
"""Openings from which on an item counts as wanted."""


class NumberBox:
    """Answers digits with columns, matters, units and articles; words with what has them in a name."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._generation = 0
        self._index = DigitIndex(())
        self._numbers = DigitIndex(())
        self._keys: list[tuple[str, Entry, str]] = []
        self._sounds = Sounds(())
        self._making: asyncio.Task[None] | None = None
        self._wanted: dict[str, int] = {}

    def put_wanted(self, counts: Iterable[tuple[str, int]]) -> None:
        """Let what is opened often come first, from the next generation on: (item id, how often)."""
        used = sorted(((count, item_id) for item_id, count in counts if count >= USED), reverse=True)
        self._wanted = {item_target(item_id): place for place, (_, item_id) in enumerate(used)}

    async def find(self, digits: str, limit: int = 8) -> list[Hit]:
        """The best hits for these digits. MirrorAway while nothing has been read yet."""
        await self._fresh()
        numbered = self._numbers.find(digits, limit)
        whole = [hit for hit in numbered if hit.exact]
        others = [hit for hit in numbered if not hit.exact]
        return [*whole, *self._index.find(digits, limit), *others][: max(limit, 0)]

    async def count(self, digits: str) -> int:
        """How many these digits can still mean, however many of them `find` gives."""
        await self._fresh()
        return self._index.count(digits) + self._numbers.count(digits)

    @property
    def everyday_names(self) -> tuple[str, ...]:
        """What people call what can be found, as far as it has been read."""
        return tuple(name for entry in self._index.entries for name in entry.names[1:])

    async def named(self, text: str, limit: int = 8) -> list[Hit]:
        """What has a text in one of its names: whole names first, then names that begin so, then use."""
        await self._fresh()
        return self._with(words.name_key(words.typed(text)), limit) or self._with(
            words.name_key(words.told(text)), limit
        )

    def _with(self, asked: str, limit: int) -> list[Hit]:
        if not asked:
            return []
        best: dict[str, tuple[tuple[int, int, int], Hit]] = {}
        for key, entry, name in self._keys:
            at = key.find(asked)
            if at < 0:
                continue
            whole = key == asked
            rank = (0 if whole else 1 if at == 0 else 2, entry.order, len(key))
            if entry.target not in best or rank < best[entry.target][0]:
                best[entry.target] = (rank, Hit(entry, name, whole))
        return [hit for _, hit in sorted(best.values(), key=lambda pair: pair[0])[:limit]]

    async def sounding_like(self, text: str) -> str:
        """The name that sounds most like a text, "" where none does."""
        await self._fresh()
        return await asyncio.to_thread(self._sounds.nearest, text)

    async def _fresh(self) -> None:
        """See to an index of the current generation; the first one is waited for, a new one for a moment."""
        site = await self._mirror.site()
        if site.generation == self._generation:
            return
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make(site))
        if self._generation:
            done, _ = await asyncio.wait({self._making}, timeout=PATIENCE_SECONDS)
            for error in filter(None, (task.exception() for task in done)):
                log.warning("the number box keeps the names of an older generation: %s", error)
        else:
            await asyncio.shield(self._making)

    async def _make(self, site: Site) -> None:
        entries = await self._entries(site)
        # Articles have numbers and no names, and others with each publish: what has names seldom changes.
        named = [entry for entry in entries if entry.names]
        if tuple(named) != self._index.entries:
            self._index, self._keys, self._sounds = await asyncio.to_thread(_made, named)
        numbered = [entry for entry in entries if not entry.names]
        if tuple(numbered) != self._numbers.entries:
            self._numbers = await asyncio.to_thread(DigitIndex, numbered)
        self._generation = site.generation

    async def _entries(self, site: Site) -> list[Entry]:
        numbered = {target: number for number, target in (await self._mirror.numbers()).items()}
        entries = {
            column_target(column.id): Entry(
                column_target(column.id), _column_names(column), column.number, order
            )
            for order, column in enumerate(site.columns)
        }
        for at, column in enumerate(site.columns):
            if column.kind not in FOUND_BY_NAME:
                continue
            # The site file puts what is wanted most first: an item counts as wanted as its first column.
            first = len(site.columns) + (at + 1) * MOST_ITEMS
            try:
                listing = await self._mirror.listing(column.id, 0, MOST_ITEMS)
            except NotFound:
                continue
            for place, head in enumerate(listing.heads):
                target = item_target(head.id)
                noted = tuple(filter(None, head.note.split("、"))) if head.kind is Kind.MATTER else ()
                names = (head.title, *noted)
                said = tuple(pair.name for pair in site.everyday if any(pair.value in name for name in names))
                entries.setdefault(
                    target,
                    Entry(
                        target, tuple(dict.fromkeys((*names, *said))), numbered.get(target, ""), first + place
                    ),
                )
        for target, number in numbered.items():
            entries.setdefault(target, Entry(target, (), number, MOST_ITEMS * len(site.columns) * 2))
        # What is opened often stands right behind the columns.
        for target, place in self._wanted.items():
            if target in entries and place < MOST_ITEMS:
                entries[target] = replace(entries[target], order=len(site.columns) + place)
        return list(entries.values())


def _made(entries: Sequence[Entry]) -> tuple[DigitIndex, list[tuple[str, Entry, str]], Sounds]:
    keys = [(words.name_key(name), entry, name) for entry in entries for name in entry.names]
    return DigitIndex(entries), keys, Sounds(name for entry in entries for name in entry.names)


def _column_names(column: Column) -> tuple[str, ...]:
    return tuple(dict.fromkeys((column.name, name_in(column.names, "zh-Hans", column.name))))
