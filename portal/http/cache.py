"""The page cache of one process: whole answers, bounded in octets, each with what it depends on.

Pure: time is an argument. What is asked for once stands on probation in a small part of the room and is the
first to go, so that somebody who walks through every address does not push out what people read. Asked for
again, a page moves into the larger part.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from portal.http.answer import Answer

Key = tuple[bytes, Hashable]
"""An address as it was asked for, and the class of the request."""

SETTLED_SHARE = 0.8
"""How much of the room pages may have that were asked for more than once."""


@dataclass(slots=True)
class Page:
    """A kept answer: what it depends on, the moment after which it is not right any more, how to make it
    again, and its uses."""

    answer: Answer
    depends: tuple[str, ...]
    until: float
    order: object = None
    uses: int = 0


class PageCache:
    """Answers by address and class of request. `room` in octets; 0 keeps nothing."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.octets = 0
        self.dropped = 0
        self.evicted = 0
        self._settled_octets = 0
        self._new: OrderedDict[Key, Page] = OrderedDict()
        self._settled: OrderedDict[Key, Page] = OrderedDict()
        self._showing: dict[str, set[Key]] = {}

    def __len__(self) -> int:
        return len(self._new) + len(self._settled)

    def get(self, key: Key, now: float) -> Answer | None:
        """The answer, where it is still right at `now` (seconds of a clock that only goes forward)."""
        page = self._settled.get(key)
        if page is None:
            page = self._new.get(key)
            if page is None:
                return None
            self._settle(key, page)
        else:
            self._settled.move_to_end(key)
        if now >= page.until:
            self._forget(key)
            return None
        page.uses += 1
        return page.answer

    def holds(self, key: Key, now: float) -> bool:
        """Whether there is an answer; it does not count as a use."""
        page = self._settled.get(key) or self._new.get(key)
        return page is not None and now < page.until

    def put(
        self, key: Key, answer: Answer, depends: Iterable[str], until: float, order: object = None
    ) -> None:
        """Keep an answer until then."""
        before = self._forget(key)
        uses = before.uses if before else 0
        page = Page(answer, tuple(set(depends)), until, order, uses)
        if answer.octets > self.room // 8:
            return
        self._new[key] = page
        self.octets += answer.octets
        for name in page.depends:
            self._showing.setdefault(name, set()).add(key)
        if uses:
            self._settle(key, page)
        while self.octets > self.room:
            self._forget(next(iter(self._new or self._settled)))
            self.evicted += 1

    def drop(self, touched: frozenset[str] | None) -> list[Page]:
        """Forget every page that shows any of `touched`, None for all; what was dropped."""
        if touched is None:
            keys = {*self._new, *self._settled}
        else:
            keys = set[Key]().union(*(self._showing.get(name, ()) for name in touched))
        self.dropped += len(keys)
        return [page for key in keys if (page := self._forget(key)) is not None]

    def _settle(self, key: Key, page: Page) -> None:
        del self._new[key]
        self._settled[key] = page
        self._settled_octets += page.answer.octets
        while self._settled_octets > SETTLED_SHARE * self.room and len(self._settled) > 1:
            back, oldest = self._settled.popitem(last=False)
            self._settled_octets -= oldest.answer.octets
            self._new[back] = oldest

    def _forget(self, key: Key) -> Page | None:
        page = self._settled.pop(key, None)
        if page is not None:
            self._settled_octets -= page.answer.octets
        else:
            page = self._new.pop(key, None)
        if page is None:
            return None
        self.octets -= page.answer.octets
        for name in page.depends:
            keys = self._showing[name]
            keys.discard(key)
            if not keys:
                del self._showing[name]
        return page
