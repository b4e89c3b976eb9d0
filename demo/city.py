"""What the origin city has on a given day: every item, and which of them each column lists.

News come from a calendar that begins on EPOCH and never changes: a later day has all items of an earlier one,
with the same addresses and words, and a few more. Everything else has fixed dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from demo import cases, guide, news, talks
from demo.columns import Column, by_id, columns
from demo.entry import Entry

NAME = "青澜市人民政府"
SITE_CODE = "9990000001"
EPOCH = news.EPOCH


@dataclass(frozen=True)
class City:
    """The city as its portal shows it all day long on `today`.

    until  the time of day, HH:MM, that nothing of today is stamped later than: when it was built
    """

    today: date
    until: str = "24:00"

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every item that has an address, newest first."""
        everything = [
            *news.entries(self.today),
            *talks.entries(self.today),
            *guide.units(),
            *guide.matters(),
            *guide.papers(),
            *cases.entries(self.today),
        ]
        today = self.today.isoformat()
        now = f"{today} {self.until}"
        shown = [
            replace(entry, published=min(entry.published, now), changed=min(entry.changed, now))
            for entry in everything
            if entry.published[:10] <= today
        ]
        return tuple(sorted(shown, key=lambda entry: (entry.published, entry.serial), reverse=True))

    @cached_property
    def by_path(self) -> dict[str, Entry]:
        """The items by their address."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def by_serial(self) -> dict[int, Entry]:
        """The items by their number."""
        return {entry.serial: entry for entry in self.entries}

    @cached_property
    def lists(self) -> dict[str, tuple[Entry, ...]]:
        """What each column lists, newest first (services in the order of their table)."""
        found: dict[str, list[Entry]] = {column.id: [] for column in columns() if column.cms}
        for entry in self.entries:
            for column in entry.columns:
                found[column].append(entry)
        for column, listed in found.items():
            if by_id()[column].kind in {"matter", "unit"}:
                listed.sort(key=lambda entry: entry.serial)
        return {column: tuple(listed[: by_id()[column].limit]) for column, listed in found.items()}

    def column_lists(self) -> Iterable[tuple[Column, tuple[Entry, ...]]]:
        """The columns that have a list, with what they list."""
        return ((by_id()[column], listed) for column, listed in self.lists.items())

    @cached_property
    def listed(self) -> tuple[Entry, ...]:
        """The items that some list shows, each once."""
        seen = {entry.path: entry for _, listed in self.column_lists() for entry in listed}
        return tuple(seen.values())


def build(today: date, until: str = "24:00") -> City:
    """The city on a day of its own calendar (Asia/Shanghai), as it is known at a time of that day."""
    return City(today, until)
