"""Origins for the sync: the demo city, and a small portal whose every answer a test writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from content_sync import site as sites
from content_sync.report import Report
from content_sync.service import make_run, one_pass
from content_sync.site import SiteFile
from demo.city import City, build
from demo.faults import Faults
from demo.origin import make_app
from portal.store import Mirror


class Clock:
    """Epoch seconds that a test moves."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Answer:
    """One canned answer. `body` may be made at the request; `trickle` seconds between its octets."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    trickle: float = 0.0
    etag: bool = True


@dataclass
class Canned:
    """A portal of canned answers, and what was asked of it."""

    home: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    on_request: Callable[[str], None] | None = None

    def put(self, path: str, body: str | bytes, **more: Any) -> None:
        raw = body.encode() if isinstance(body, str) else body
        headers = more.pop("headers", {"Content-Type": "text/html; charset=utf-8"})
        self.answers[path] = Answer(raw, headers=headers, **more)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def list_page(self, path: str, entries: list[tuple[str, str, str]], more: str = "") -> None:
        """A list: (address, title, date)."""
        rows = "".join(
            f'<li><a href="{url}">{title}</a><span>{day}</span></li>' for url, title, day in entries
        )
        body = f'<ul class="list">{rows}</ul>{more}'
        self.put(path, page("列表", body, "栏目"))

    def article(self, path: str, title: str, day: str = "2026-03-02 10:00", text: str = "") -> None:
        """An article with the standard meta tags."""
        self.put(path, article_page(title, day, text))


def page(title: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def article_page(title: str, day: str = "2026-03-02 10:00", text: str = "") -> str:
    metas = f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day}">'
    text = text or f"这是《{title}》的正文，说明这件事的来龙去脉、办理的时间和地点。" * 3
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n"))
    body = f'<h1>{title}</h1><div class="info">发布时间：{day} 来源：市政府办公室</div><div id="zoom">{paragraphs}</div>'
    return page(title, body, metas)


class CannedHandler(RequestHandler):
    """Answers from the table; conditional requests by ETag."""

    def initialize(self, canned: Canned) -> None:
        self.canned = canned

    def compute_etag(self) -> str | None:
        path = self.request.uri or ""
        answer = self.canned.answers.get(path)
        return super().compute_etag() if answer is not None and answer.etag else None

    async def get(self) -> None:
        path = self.request.uri or ""
        self.canned.asked.append((path, dict(self.request.headers)))
        if self.canned.on_request is not None:
            self.canned.on_request(path)
        answer = self.canned.answers.get(path, Answer(b"<html><body>404</body></html>", 404))
        self.set_status(answer.status)
        for name, value in answer.headers.items():
            self.set_header(name, value)
        if not answer.trickle:
            self.write(answer.body)
            return
        for octet in answer.body:
            self.write(bytes([octet]))
            await self.flush()
            await asyncio.sleep(answer.trickle)

    def on_connection_close(self) -> None:
        """The client has had enough."""


@pytest_asyncio.fixture
async def canned() -> AsyncIterator[Canned]:
    """A portal of canned answers, without any yet but robots.txt's 404."""
    sock, port = bind_unused_port()
    portal = Canned(f"http://127.0.0.1:{port}/")
    server = HTTPServer(Application([(r"/.*", CannedHandler, {"canned": portal})]))
    server.add_socket(sock)
    yield portal
    server.stop()
    await server.close_all_connections()


SITE = """
[site]
id = "town"
name = "试验市"
home = "{home}"
[fetch]
contact = "mailto:editor@town.example"
allow_private = true
delay = 0.0
concurrency = 8
timeout = 2.0
tries = 2
{fetch}
[schedule]
{schedule}
[[column]]
id = "news"
name = "新闻"
section = "news"
number = "300"
[[column]]
id = "events"
name = "要闻"
section = "news"
parent = "news"
number = "310"
list = "/events/"
{events}
"""


@pytest.fixture
def town(canned: Canned) -> Callable[..., SiteFile]:
    """Makes the site file of the canned portal."""

    def make(fetch: str = "", schedule: str = "", events: str = "", more: str = "") -> SiteFile:
        text = SITE.format(home=canned.home, fetch=fetch, schedule=schedule, events=events) + more
        return sites.parse(text)

    return make


@dataclass
class Sync:
    """Runs syncs of one site on a Redis, with a clock that the test moves and no real pauses."""

    site: SiteFile
    redis: Redis
    clock: Clock = field(default_factory=Clock)
    slept: list[float] = field(default_factory=list)

    async def run(self, **options: Any) -> Report:
        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        run = make_run(self.site, self.redis, clock=self.clock, chance=lambda: 0.5, sleep=sleep, **options)
        return await one_pass(run, wait=0.0)

    @property
    def mirror(self) -> Mirror:
        return Mirror(self.redis, self.site.id)

    async def titles(self, column: str) -> list[str]:
        listing = await self.mirror.listing(column, 0, 1000)
        return [head.title for head in listing.heads]


@pytest.fixture
def sync_of(redis_client: Redis) -> Callable[[SiteFile], Sync]:
    """Makes the runner of a site."""
    return lambda site: Sync(site, redis_client)


@pytest.fixture(scope="session")
def city() -> City:
    """The demo city on a fixed day."""
    return build(date(2026, 11, 20))


@dataclass
class DemoOrigin:
    """The demo city being served."""

    home: str
    faults: Faults


@pytest_asyncio.fixture
async def demo(city: City) -> AsyncIterator[DemoOrigin]:
    """The demo city on loopback, with faults to set."""
    faults = Faults()
    sock, port = bind_unused_port()
    server = HTTPServer(make_app(city, faults))
    server.add_socket(sock)
    yield DemoOrigin(f"http://127.0.0.1:{port}/", faults)
    server.stop()
    await server.close_all_connections()


@pytest.fixture
def without_columns() -> Callable[[SiteFile, set[str]], SiteFile]:
    """A site file with some of its columns only, their groups included."""

    def cut(site: SiteFile, keep: set[str]) -> SiteFile:
        model = site.model()
        needed = set(keep)
        for column_id in keep:
            column = model.column(column_id)
            while column is not None and column.parent:
                needed.add(column.parent)
                column = model.column(column.parent)
        return replace(site, sources=tuple(each for each in site.sources if each.column.id in needed))

    return cut


@pytest.fixture(autouse=True)
def quiet_tornado(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Tornado's server logs every 404 of the canned portal; tests do not read them."""
    caplog.set_level("ERROR", logger="tornado")
    yield
