"""Pages made without a socket: the application is asked in process, and what it writes is recorded.

One page is made once, however many ask for it meanwhile. What may be kept goes into the page cache with all
that it has read of the mirror.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tornado.concurrent import Future
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
)

from portal.http.answer import Answer, answer_of
from portal.http.cache import Key, PageCache
from portal.http.cacheable import LONGEST_VALUES, Family, Row, seconds_left
from portal.near import TRAIL, NearMirror, Trail

log = logging.getLogger("sunshine.http")

PATIENCE_SECONDS = 30.0
"""After so long a page that is not done is Tornado's to wait for."""

AWAY_SECONDS = 2.0
"""How long a page stands that was made while Redis was away."""


class NotRecorded(Exception):
    """The application did not write a whole answer in one go."""


class Recorder(HTTPConnection):
    """What a handler writes to in place of a connection."""

    def __init__(self) -> None:
        self.done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._start: ResponseStartLine | None = None
        self._fields: list[tuple[str, str]] = []
        self._body = b""

    def write_headers(
        self,
        start_line: RequestStartLine | ResponseStartLine,
        headers: HTTPHeaders,
        chunk: bytes | None = None,
    ) -> Future[None]:
        """Tornado's hook: status line, fields, and the body or its beginning."""
        if isinstance(start_line, ResponseStartLine):
            self._start = start_line
        self._fields = list(headers.get_all())
        self._body = chunk or b""
        return _written()

    def write(self, chunk: bytes) -> Future[None]:
        """Tornado's hook: more of the body."""
        self._body += chunk
        return _written()

    def finish(self) -> None:
        """Tornado's hook: that was all."""
        if self.done.done():
            return
        try:
            if self._start is None:
                raise ValueError("nothing was written")
            self.done.set_result(
                answer_of(self._start.code, self._start.reason, self._fields, bytes(self._body))
            )
        except ValueError as error:
            self.done.set_exception(NotRecorded(str(error)))

    def set_close_callback(self, callback: Callable[[], None] | None) -> None:
        """Tornado's hook: nobody goes away here."""


def _written() -> Future[None]:
    future: Future[None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future


@dataclass(frozen=True, slots=True)
class Order:
    """A page to make: what is asked, by whom as far as the page depends on it.

    headers  what the family reads of a request, and nothing else: it is kept as long as the page
    """

    target: bytes
    family: Family
    row: Row
    kind: Hashable
    headers: Mapping[str, str]

    @property
    def key(self) -> Key:
        """Its place in the cache."""
        return (self.target, self.kind)


class Kitchen:
    """Makes pages and keeps them.

    clock  the time in the city's zone      now  seconds of a clock that only goes forward
    """

    def __init__(
        self,
        app: HTTPServerConnectionDelegate,
        mirror: NearMirror,
        cache: PageCache,
        clock: Callable[[], datetime],
        now: Callable[[], float],
    ) -> None:
        self.cache = cache
        self.made = 0
        self._app = app
        self._mirror = mirror
        self._clock = clock
        self._now = now
        self._making: dict[tuple[Key, int], asyncio.Task[Answer]] = {}

    def make(self, order: Order) -> asyncio.Task[Answer]:
        """Begin to make a page, or join those who wait for it since the last publish.

        The task raises NotRecorded or TimeoutError.
        """
        key = (order.key, self._mirror.epoch)
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.create_task(self._made(order))
            task.add_done_callback(lambda _: self._making.pop(key, None))
        return task

    async def _made(self, order: Order) -> Answer:
        mirror, trail = self._mirror, Trail(kept=True)
        epoch, began, start = mirror.epoch, self._clock(), self._now()
        recorder = Recorder()
        # Only what the family reads is passed on: nothing else can find its way into a kept page.
        headers = HTTPHeaders({"Host": "localhost", "Accept-Encoding": "gzip"})
        headers.update(order.family.asked(order.headers))
        token = TRAIL.set(trail)
        try:
            delegate = self._app.start_request(object(), recorder)
            delegate.headers_received(
                RequestStartLine("GET", order.target.decode("ascii"), "HTTP/1.1"), headers
            )
            delegate.finish()
        finally:
            TRAIL.reset(token)
        async with asyncio.timeout(PATIENCE_SECONDS):
            answer = await recorder.done
        self.made += 1
        answer.label = order.family.label(order.target, order.kind)
        answer.item = trail.opened
        self._keep(order, answer, trail, epoch, start + seconds_left(order.row.life, began))
        return answer

    def holds(self, order: Order) -> bool:
        """Whether this page is kept and right."""
        return self.cache.holds(order.key, self._now())

    def drop(self, touched: frozenset[str] | None) -> list[Order]:
        """Forget what a publish has touched; how to make again what was asked for, the most wanted first."""
        gone = sorted(self.cache.drop(touched), key=lambda page: -page.uses)
        return [page.order for page in gone if page.uses and isinstance(page.order, Order)]

    def _keep(self, order: Order, answer: Answer, trail: Trail, epoch: int, until: float) -> None:
        """Keep a page if it is one that everybody may see, and nothing it shows has changed meanwhile."""
        fields = (answer.top + answer.rest).lower()
        private = b"\r\nset-cookie:" in fields or b"no-store" in fields or b"private" in fields
        if trail.passing or answer.status != 200 or private or epoch != self._mirror.epoch:
            return
        if not trail.whole or self._mirror.away:
            until = min(until, self._now() + AWAY_SECONDS)
        elif not self._mirror.attached:
            return
        depends = {*trail.depends, *order.row.also}
        again = sum(map(len, order.headers.values())) <= LONGEST_VALUES
        self.cache.put(order.key, answer, depends, until, order if again else None)
