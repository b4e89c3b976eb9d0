"""The number box over a mirror: its index is made anew when a new generation is published."""

from __future__ import annotations

from portal.dial import column_target, item_target
from portal.model import Column, Kind, Site, name_in
from portal.search.digits import DigitIndex, Entry, Hit
from portal.store import Mirror

FOUND_BY_NAME = (Kind.MATTER, Kind.UNIT)
MOST_ITEMS = 20_000


class NumberBox:
    """Answers digits with columns, matters, units and articles."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._generation = 0
        self._index = DigitIndex(())

    async def find(self, digits: str, limit: int = 8) -> list[Hit]:
        """The best hits for these digits. MirrorAway while nothing has been read yet."""
        site = await self._mirror.site()
        if site.generation != self._generation:
            self._index = DigitIndex(await self._entries(site))
            self._generation = site.generation
        return self._index.find(digits, limit)

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
            first = len(site.columns) + at * MOST_ITEMS
            listing = await self._mirror.listing(column.id, 0, MOST_ITEMS)
            for place, head in enumerate(listing.heads):
                target = item_target(head.id)
                everyday = tuple(filter(None, head.note.split("、"))) if head.kind is Kind.MATTER else ()
                entries.setdefault(
                    target, Entry(target, (head.title, *everyday), numbered.get(target, ""), first + place)
                )
        for target, number in numbered.items():
            entries.setdefault(target, Entry(target, (), number, MOST_ITEMS * len(site.columns) * 2))
        return list(entries.values())


def _column_names(column: Column) -> tuple[str, ...]:
    return tuple(dict.fromkeys((column.name, name_in(column.names, "zh-Hans", column.name))))
