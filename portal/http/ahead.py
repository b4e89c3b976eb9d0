"""Pages made ahead: after a publish those that people read, and what the ones that lead on link to.

A process makes them between requests, one at a time, and rests as long as each has taken: who asks for
something else meanwhile waits for one page at most.
"""

from __future__ import annotations

import asyncio
import html
import logging
import re
import time
from collections import deque

from portal.http.answer import Answer
from portal.http.kitchen import Kitchen, NotRecorded, Order
from portal.tasks import ended

log = logging.getLogger("sunshine.http")

MOST_AHEAD = 400
"""Pages that are made ahead of requests after one publish."""

MOST_LINKS = 24
"""Links of one page that are followed."""

_LINK = re.compile(rb'href="(/[^"#]{1,500})"')


class Ahead:
    """Makes pages again that a publish has dropped, the most wanted first, then what those lead to."""

    def __init__(self, kitchen: Kitchen) -> None:
        self.made = 0
        self._kitchen = kitchen
        self._queue: deque[Order] = deque()
        self._known: set[tuple[bytes, object]] = set()
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """Pages that are still to be made."""
        return len(self._queue)

    def start(self) -> None:
        """Begin to work."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Work no more."""
        await ended(self._task)

    def drop(self, touched: frozenset[str] | None) -> None:
        """For a Follower: forget what a publish has touched, and make it again."""
        queue = {order.key: order for order in (*self._kitchen.drop(touched), *self._queue)}
        self._queue = deque(list(queue.values())[:MOST_AHEAD])
        self._known = {order.key for order in self._queue}
        if self._queue:
            self._news.set()

    async def _run(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._queue:
                order = self._queue.popleft()
                began = time.perf_counter()
                if not self._kitchen.holds(order):
                    await self._make(order)
                await asyncio.sleep(time.perf_counter() - began)

    async def _make(self, order: Order) -> None:
        try:
            answer = await self._kitchen.make(order)
        except (NotRecorded, TimeoutError) as error:
            log.info("%r is not made ahead: %r", order.target, error)
            return
        self.made += 1
        if order.row.leads and answer.status == 200:
            self._follow(order, answer)

    def _follow(self, order: Order, answer: Answer) -> None:
        """Queue what a page leads to, as the same kind of browser will ask for it."""
        for target in links(answer.plain_body())[:MOST_LINKS]:
            row = order.family.row(target)
            if row is None or not target.startswith(order.family.prefix):
                continue
            next_one = Order(target, order.family, row, order.kind, order.headers)
            if next_one.key not in self._known and len(self._known) < MOST_AHEAD:
                self._known.add(next_one.key)
                self._queue.append(next_one)


def links(page: bytes) -> list[bytes]:
    """The addresses that a page links to, in the order in which they stand, each once."""
    found = (html.unescape(link.decode("ascii", "replace")) for link in _LINK.findall(page))
    return [link.encode("ascii", "replace") for link in dict.fromkeys(found)]
