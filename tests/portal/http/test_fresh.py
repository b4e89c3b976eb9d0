"""What is kept is dropped within a moment of a publish: never a stale page, whatever happens to Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from portal.hant import in_hant
from portal.http.cacheable import Life, seconds_left
from portal.local_redis import LocalRedis
from portal.model import Site
from portal.near import shape
from portal.writer import MirrorWriter, Publication, Row
from stb_app.handlers import TvHandler
from tests import sample
from tests.laned import Laned, laned

ITEM = "/tv/web-hd/c/310/1/news005"
LIST = "/tv/web-hd/c/310"
PHONE = "/wap/i/news005"
FILE = "/tv/web-hd/c/510/1/file0001"
NEW = "新的标题"
SOON = 1.0
"""Seconds after a publish within which no old page may be sent any more."""


@pytest_asyncio.fixture
async def fast(redis_server: LocalRedis, redis_client: Redis) -> AsyncIterator[Laned]:
    """The sample portal, served with the lane."""
    await sample.publish(redis_client)
    async with laned(redis_server.url, sample.SITE_ID) as server:
        yield server


async def shows(fast: Laned, target: str, words: str, seconds: float = SOON) -> float:
    """How long it takes until a page has these words; an assertion where it is too long."""
    began = time.monotonic()
    while words.encode() not in await fast.get(target):
        assert time.monotonic() - began < seconds, f"{target} does not show {words}"
        await asyncio.sleep(0.01)
    return time.monotonic() - began


def changed(title: str = NEW) -> tuple[object, ...]:
    return (replace(sample.articles()[5], title=title),)


async def test_a_publish_drops_what_shows_it_and_nothing_else(fast: Laned, redis_client: Redis) -> None:
    """The item, its list and its phone page are new at once; a page that does not show it stays."""
    for target in (ITEM, LIST, PHONE, FILE):
        await fast.get(target)
        assert NEW.encode() not in await fast.get(target)
    dropped, made = fast.lane.cache.dropped, fast.lane.kitchen.made
    await sample.publish(redis_client, changed=changed())  # type: ignore[arg-type]
    for target in (ITEM, LIST, PHONE):
        assert await shows(fast, target, NEW) < SOON
    assert fast.lane.cache.dropped > dropped and fast.lane.kitchen.made > made
    assert fast.context.mirror.attached  # type: ignore[attr-defined]


async def test_only_what_is_touched_is_made_again(fast: Laned, redis_client: Redis) -> None:
    """A publication that names one item leaves the pages of others as they are."""
    await fast.get(FILE)
    writer = MirrorWriter(redis_client, sample.SITE_ID)
    site = await writer.site()
    assert site is not None
    item = replace(sample.articles()[5], title=NEW)
    head = sample.head_of(item)
    fresh = replace(site, generation=site.generation + 1)

    row = Row(item, head, 0.0, in_hant(item), in_hant(head))
    await fast.get(ITEM)
    await writer.publish(
        Publication(site=fresh, site_hant=in_hant(fresh), rows=(row,)), await writer.take_fence()
    )
    await shows(fast, ITEM, NEW)
    hits = fast.lane.counts.hits
    await fast.get(FILE)
    assert fast.lane.counts.hits == hits + 1


async def test_a_withdrawn_item_is_gone_at_once(fast: Laned, redis_client: Redis) -> None:
    """410 within a second, in every edition that had it ready."""
    targets = (FILE, "/tv/ipanel-sd.en/c/510/1/file0001", "/wap/i/file0001")
    for target in targets * 2:
        assert (await fast.get(target)).startswith(b"HTTP/1.1 200")
    writer = MirrorWriter(redis_client, sample.SITE_ID)
    site = await writer.site()
    assert site is not None
    head = replace((await writer.heads())["file0001"], withdrawn="2026-11-21 10:00", version="")
    fresh = replace(site, generation=site.generation + 1)
    await writer.publish(
        Publication(site=fresh, site_hant=in_hant(fresh), withdrawn=((head, in_hant(head)),)),
        await writer.take_fence(),
    )
    began = time.monotonic()
    for target in targets:
        while not (await fast.get(target)).startswith(b"HTTP/1.1 410"):
            assert time.monotonic() - began < SOON
            await asyncio.sleep(0.01)


async def test_a_generation_that_nobody_told_of_is_seen(fast: Laned, redis_client: Redis) -> None:
    """A publish without an entry in the stream, as an older writer makes it, drops everything."""
    await fast.get(ITEM)
    keys = MirrorWriter(redis_client, sample.SITE_ID).keys
    await redis_client.xtrim(keys("published"), maxlen=0)
    await sample.publish(redis_client, changed=changed())  # type: ignore[arg-type]
    await redis_client.delete(keys("published"))
    await shows(fast, ITEM, NEW)


async def test_pages_of_one_edition_are_never_another_s(fast: Laned) -> None:
    """The same place in twelve editions and three kinds of phone, twice, in turn: each says what it is."""
    roots = [f"/tv/{profile}{language}{size}" for profile in ("web-hd", "ipanel-sd", "hbbtv-hd")
             for language in ("", ".en", ".zh-Hant") for size in ("", ".large")]  # fmt: skip
    first = {root: await fast.get(f"{root}/c/310") for root in roots}
    for root in (*roots, *reversed(roots)):
        answer = await fast.get(f"{root}/c/310")
        assert f"{root}/".encode() in answer
        assert answer.partition(b"\r\n\r\n")[2] == first[root].partition(b"\r\n\r\n")[2]
    assert len({answer.partition(b"\r\n\r\n")[2] for answer in first.values()}) == len(roots)
    phones = {
        b"vnd.wap.wml": ("User-Agent: Nokia7110/1.0 (04.84)", "Accept: text/vnd.wap.wml"),
        b"application/vnd.wap.wmlc": ("User-Agent: Nokia7110/1.0", "Accept: application/vnd.wap.wmlc"),
        b"text/html": ("User-Agent: Mozilla/5.0 (X11; Linux) Chrome/120", "Accept: text/html"),
    }
    for _ in range(2):
        for kind, fields in phones.items():
            assert b"Content-Type: " in (answer := await fast.get("/wap/", *fields))
            assert kind in answer.partition(b"\r\n\r\n")[0]


PRIVATE = (
    "/", "/healthz", "/metrics", "/remote", "/tv/", "/tv/web-hd/n/059", "/tv/web-hd/n", "/tv/web-hd/keys?app=x",
    "/tv/web-hd/case/12345678", "/tv/web-hd/s/abc", "/tv/web-hd/w", "/tv/web-hd/lang", "/tv/web-hd/standby",
    "/tv/web-hd/c/310/1/news005/1/q", "/tv/web-hd/c/411/1/matter01/1/p", "/tv/web-hd/c/310?at=7",
    "/tv/web-hd.o-x.r-abc/", "/tv/web-hd/letters", "/tv/web-hd/help?b=n/059", "/tv/web-hd/new-page/1",
    "/wap/n/059", "/wap/n?q=1", "/wap/s?q=x", "/wap/letters", "/wap/case/1", "/open311/v2/requests.json",
    "/desk/", "/sheet/123456", "/tv/web-hd/c/310?token=1", "/tv/web-hd/?f=x&c=2",
)  # fmt: skip


@pytest.mark.parametrize("target", PRIVATE)
async def test_what_is_not_on_the_list_is_never_kept(fast: Laned, target: str) -> None:
    """Whatever is added to the editions is made for who asks until somebody puts it on the list."""
    for _ in range(2):
        await fast.get(target)
    assert len(fast.lane.cache) == 0 and fast.lane.counts.made == 0


async def test_a_page_that_says_it_is_private_is_not_kept(
    fast: Laned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cookie, `no-store` or `private` beats the list."""
    show = TvHandler.show

    def with_cookie(self: TvHandler, view: object) -> None:
        self.set_cookie("box", "1")
        show(self, view)  # type: ignore[arg-type]

    monkeypatch.setattr(TvHandler, "show", with_cookie)
    for _ in range(2):
        assert b"Set-Cookie" in await fast.get(ITEM)
    assert len(fast.lane.cache) == 0


async def test_redis_goes_and_comes_back(tmp_path: Path) -> None:
    """Kept pages stay while it is away; what was published meanwhile is shown within a second of its return."""
    server = LocalRedis(tmp_path / "redis")
    server.start()
    redis = Redis.from_url(server.url)
    await sample.publish(redis)
    async with laned(server.url, sample.SITE_ID) as fast:
        old, read = await fast.get(ITEM), ("/tv/web-hd/", LIST, "/wap/")
        for target in read:
            await fast.get(target)
        server.kill()
        await asyncio.sleep(0.3)
        for target in read:
            assert (await fast.get(target)).startswith(b"HTTP/1.1 200"), target
        away = await fast.get(ITEM)
        assert away.partition(b"\r\n\r\n")[2] == old.partition(b"\r\n\r\n")[2]
        assert (await fast.get("/wap/i/news007")).startswith(b"HTTP/1.1 503")
        assert not fast.context.mirror.attached  # type: ignore[attr-defined]
        server.start()
        await sample.publish(redis, changed=changed())  # type: ignore[arg-type]
        await shows(fast, ITEM, NEW, 2 * SOON)
        await shows(fast, PHONE, NEW)
    await redis.aclose()
    server.stop()


async def test_the_clock_turns_pages_over(fast: Laned) -> None:
    """The home page tells the minute, every page the day: neither outlives it."""
    noon = fast.now.replace(hour=12, minute=0, second=30)
    assert (seconds_left(Life.MINUTE, noon), seconds_left(Life.HOUR, noon)) == (30, 3570)
    assert seconds_left(Life.DAY, noon) == 12 * 3600 - 30 and seconds_left(Life.SECOND, noon) < 1
    fast.now = fast.now.replace(hour=23, minute=59, second=59, microsecond=800_000)
    for _ in range(2):
        await fast.get("/tv/web-hd/h/news000")
    assert fast.lane.counts.hits == 1
    fast.now += timedelta(seconds=1)
    await asyncio.sleep(0.25)
    hits = fast.lane.counts.hits
    await fast.get("/tv/web-hd/h/news000")
    assert fast.lane.counts.hits == hits


async def test_many_who_ask_at_once_wait_for_one_page(fast: Laned) -> None:
    """Fifty who ask for a page that is not there have it made once."""
    answers = await asyncio.gather(*(fast.get(LIST) for _ in range(50)))
    assert len(set(map(len, answers))) == 1 and fast.lane.kitchen.made == 1


async def test_pages_are_made_ahead_after_a_publish(fast: Laned, redis_client: Redis) -> None:
    """What people read is made again before they ask, and what the column page leads to as well."""
    for _ in range(3):
        await fast.get(LIST)
    await sample.publish(redis_client, changed=changed())  # type: ignore[arg-type]
    ahead = fast.serving.ahead
    assert ahead is not None
    for _ in range(100):
        if ahead.made > 4 and not ahead.waiting:
            break
        await asyncio.sleep(0.05)
    assert ahead.made > 4
    hits = fast.lane.counts.hits
    assert NEW.encode() in await fast.get(LIST)
    assert NEW.encode() in await fast.get(ITEM)
    assert fast.lane.counts.hits == hits + 2


async def test_a_reader_never_sees_half_a_publish_or_an_old_page_twice(
    fast: Laned, redis_client: Redis
) -> None:
    """While titles change again and again, what is read is never older than what was published a second ago."""
    published: list[tuple[float, int]] = [(time.monotonic(), 0)]
    stop = asyncio.Event()

    async def publish() -> None:
        for number in range(1, 16):
            await sample.publish(redis_client, changed=changed(f"标题{number:04}"))  # type: ignore[arg-type]
            published.append((time.monotonic(), number))
            await asyncio.sleep(0.1)
        stop.set()

    async def read(target: str) -> None:
        while not stop.is_set():
            asked = time.monotonic()
            answer = (await fast.get(target)).decode("utf-8", "replace")
            found = answer.partition("标题")[2][:4]
            number = int(found) if found.isdigit() else 0
            due = max(n for moment, n in published if moment <= asked - SOON or n == 0)
            assert number >= due, f"{target}: {number} where {due} was due"

    await asyncio.gather(publish(), read(ITEM), read(LIST), read(PHONE))


def test_the_shape_of_a_site_is_all_but_counts_and_moments() -> None:
    """What every page may show of it: a new column, another name; not one more item."""
    site = Site(id="s", name="市", columns=sample.COLUMNS, generation=1)
    more = tuple(replace(column, count=9, newest="2026-11-20") for column in sample.COLUMNS)
    less = tuple(replace(column, count=3) for column in sample.COLUMNS)
    assert shape(replace(site, columns=more, generation=7, checked=8.0)) == shape(replace(site, columns=less))
    assert shape(site) != shape(replace(site, name="县"))
    assert shape(site) != shape(replace(site, columns=sample.COLUMNS[1:]))
