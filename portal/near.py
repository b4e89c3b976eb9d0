"""A mirror whose reads are held in process for as long as they are true, and what a page has read of it.

While a follower (`portal.follow`) says what each publish touches, a read that was made before is answered
without asking Redis. Every read leaves its mark in the trail of the page that is being made, so that the page
can be dropped when what it shows changes.

What a page or a read depends on is named as dial targets are: `c:COLUMN` for a column's list, `i:ITEM` for an
item and its head; ALL_NUMBERS stands for the whole table of numbers, CHECKED for how fresh the mirror is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from redis.asyncio import Redis

from portal.dial import column_target, item_target
from portal.errors import MirrorAway
from portal.model import Head, Site
from portal.store import HELD_READS, Listing, Mirror

_T = TypeVar("_T")
_Key = tuple[Any, ...]

NEAR_READS = 20_000
LONGEST_LIST = 200
"""Heads of a listing that is held; longer ones are asked for by those who go through everything."""

ALL_NUMBERS = "n"
CHECKED = "checked"
_UNHELD = ("media", "numbers")


@dataclass(slots=True)
class Trail:
    """What a page has read so far. `whole` is False once something came from before Redis went away.

    kept     the page is made to be kept, and sent by others     opened  id of the item that it opens, or ""
    passing  what the page shows stands by the clock, or is somebody's own: it is made for who asks
    """

    depends: set[str] = field(default_factory=set)
    whole: bool = True
    kept: bool = False
    opened: str = ""
    passing: bool = False


TRAIL: ContextVar[Trail | None] = ContextVar("trail", default=None)
"""The trail of the page that the running task makes."""


def trail() -> Trail:
    """The trail of the page that the running task makes; one that nobody reads where there is none.

    For what is kept beside the mirror's reads: it says again what it was made of.
    """
    found = TRAIL.get()
    if found is None:
        found = Trail()
        TRAIL.set(found)
    return found


class NearMirror(Mirror):
    """A mirror that keeps what it has read. `epoch` grows with everything that a follower drops."""

    def __init__(self, redis: Redis, site_id: str, held: int = HELD_READS, near: int = NEAR_READS) -> None:
        super().__init__(redis, site_id, held)
        self.attached = False
        self.epoch = 0
        self._limit = near
        self._near: OrderedDict[_Key, tuple[Any, tuple[str, ...]]] = OrderedDict()

    @property
    def reads_held(self) -> int:
        """How many reads are held."""
        return len(self._near)

    def attach(self, sites: Iterable[tuple[str, Site]]) -> None:
        """Begin to hold reads: from here on `drop` is told of every change."""
        self.drop(None)
        self.attached, self.away = True, False
        self.put_sites(sites)

    def detach(self) -> None:
        """Changes may be missed from here on: ask Redis again, and fall back on what is held."""
        self.attached = False
        self.epoch += 1

    def put_sites(self, sites: Iterable[tuple[str, Site]]) -> None:
        """The site records of now, as (variant, site)."""
        for variant, site in sites:
            self._keep(("site", variant), site, ())

    def drop(self, touched: frozenset[str] | None) -> None:
        """Forget what depends on any of `touched`; None for everything. The site records always go."""
        self.epoch += 1
        if touched is None:
            self._near.clear()
            return
        gone = [key for key, (_, depends) in self._near.items() if not touched.isdisjoint(depends)]
        for key in (*gone, ("site", ""), ("site", "hant")):
            self._near.pop(key, None)

    async def _read(self, key: _Key, read: Callable[[], Awaitable[_T]]) -> _T:
        trail = TRAIL.get()
        if self.attached:
            held = self._near.get(key)
            if held is not None:
                self._near.move_to_end(key)
                if trail is not None:
                    trail.depends.update(held[1])
                return cast(_T, held[0])
        if trail is not None:
            trail.depends.update(_named(key))
        epoch = self.epoch
        try:
            value = await super()._read(key, read)
        except MirrorAway:
            held = self._near.get(key)
            if held is None:
                raise
            value = cast(_T, held[0])
        if self.away:
            if trail is not None:
                trail.whole = False
            return value
        depends = (*_named(key), *_shown(value))
        if trail is not None:
            trail.depends.update(depends)
        if self.attached and epoch == self.epoch and value is not None and _is_small(key, value):
            self._keep(key, value, tuple(dict.fromkeys(depends)))
        return value

    def _keep(self, key: _Key, value: Any, depends: tuple[str, ...]) -> None:
        self._near[key] = (value, depends)
        self._near.move_to_end(key)
        if len(self._near) > self._limit:
            self._near.popitem(last=False)


def _is_small(key: _Key, value: Any) -> bool:
    return key[0] not in _UNHELD and not (isinstance(value, Listing) and len(value.heads) > LONGEST_LIST)


def _named(key: _Key) -> tuple[str, ...]:
    """What a read depends on by what it asks for."""
    match key:
        case ("listing" | "place", str(column), *_):
            return (column_target(column),)
        case ("newest", columns, *_):
            return tuple(column_target(column) for column in columns)
        case ("head" | "item", str(item_id), *_):
            return (item_target(item_id),)
        case ("heads", ids, *_):
            return tuple(item_target(item_id) for item_id in ids)
        case ("numbered", str(target)):
            return (target,)
        case ("number", _) | ("numbers",):
            return (ALL_NUMBERS,)
        case ("site", *_) | ("media", *_):
            return ()
        case _:
            # Whatever else is read: nothing names it, so it lasts until the next publish of anything.
            return (CHECKED,)


def _shown(value: object) -> tuple[str, ...]:
    """What a read depends on by what it found: the heads of a list change without the list."""
    if isinstance(value, Listing):
        return tuple(item_target(head.id) for head in value.heads)
    if isinstance(value, dict):
        found = (head for heads in value.values() if isinstance(heads, tuple) for head in heads)
        return tuple(item_target(head.id) for head in found if isinstance(head, Head))
    return ()


def shape(site: Site) -> Site:
    """What every page shows of a site record: all but counts and moments, which change with each publish."""
    columns = tuple(replace(column, count=min(1, column.count), newest="") for column in site.columns)
    return replace(site, columns=columns, generation=0, published=0.0, checked=0.0)
