"""The mirror in a real Redis: readers see one generation, writers cannot cross."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from portal.errors import ForeignMirror, NotFound, Overtaken, StaleWriter, Withdrawn
from portal.hant import in_hant
from portal.local_redis import LocalRedis
from portal.model import Article, Matter
from portal.store import Mirror
from portal.writer import MirrorWriter, Publication
from tests import sample


async def test_a_published_item_reads_as_it_was_written(redis_client: Redis) -> None:
    """Every kind of item, through JSON and Redis and back."""
    await sample.publish(redis_client)
    mirror = Mirror(redis_client, sample.SITE_ID)
    for item in sample.items():
        assert await mirror.item(item.id) == item


async def test_traditional_chinese_is_stored_beside(redis_client: Redis) -> None:
    """Words are converted, names of things are not."""
    await sample.publish(redis_client)
    mirror = Mirror(redis_client, sample.SITE_ID)
    matter = await mirror.item("matter01", "hant")
    assert isinstance(matter, Matter)
    assert (
        matter.title == "機動車駕駛證期滿換證" and matter.unit_id == "unit01" and matter.url == "http://o/m1"
    )
    site = await mirror.site("hant")
    assert [column.name for column in site.sections()] == ["新聞中心", "市民服務", "信息公開", "在線訪談"]


async def test_lists_are_newest_first_and_paged(redis_client: Redis) -> None:
    """A part of a list knows the whole length; past the end it is empty."""
    await sample.publish(redis_client)
    mirror = Mirror(redis_client, sample.SITE_ID)
    whole = await mirror.listing("yaowen", 0, 100)
    assert whole.total == len(whole.heads) == 23
    days = [head.published[:10] for head in whole.heads]
    assert days == sorted(days, reverse=True)
    part = await mirror.listing("yaowen", 5, 5)
    assert (part.total, part.start, part.heads) == (23, 5, whole.heads[5:10])
    assert (await mirror.listing("yaowen", 50, 5)).heads == ()
    assert await mirror.place("yaowen", whole.heads[7].id) == 7


async def test_what_is_not_there(redis_client: Redis) -> None:
    """One named error each."""
    mirror = Mirror(redis_client, sample.SITE_ID)
    for read in (
        mirror.site(),
        mirror.item("x"),
        mirror.head("x"),
        mirror.target("1"),
        mirror.media("x"),
        mirror.place("a", "b"),
    ):
        with pytest.raises(NotFound):
            await read


async def test_a_change_is_seen_at_once_and_the_old_row_goes(redis_client: Redis) -> None:
    """The row of the old version stays readable for a while and then expires by itself."""
    await sample.publish(redis_client)
    mirror = Mirror(redis_client, sample.SITE_ID)
    before = await mirror.head("news004")
    changed = replace(sample.articles()[4], title="改过的标题")
    await sample.publish(redis_client, changed=(changed,))
    assert (await mirror.item("news004")).title == "改过的标题"
    assert 0 < await redis_client.ttl(mirror.keys.row("news004", before.version)) <= 600
    after = await mirror.head("news004")
    assert await redis_client.ttl(mirror.keys.row("news004", after.version)) == -1


async def test_a_withdrawn_item_is_a_tombstone(redis_client: Redis) -> None:
    """It says its title and when, and nothing else."""
    site = await sample.publish(redis_client)
    writer = MirrorWriter(redis_client, sample.SITE_ID)
    head = replace((await writer.heads())["news005"], withdrawn="2026-11-22 08:00", version="")
    fresh = replace(site, generation=2)
    await writer.publish(
        Publication(site=fresh, site_hant=in_hant(fresh), withdrawn=((head, head),)),
        await writer.take_fence(),
    )
    with pytest.raises(Withdrawn) as raised:
        await Mirror(redis_client, sample.SITE_ID).item("news005")
    assert raised.value.when == "2026-11-22 08:00" and head.title not in str(raised.value)


async def test_a_stale_writer_publishes_nothing(redis_client: Redis) -> None:
    """The one that took the fence last is the only one that can publish."""
    site = await sample.publish(redis_client)
    writer = MirrorWriter(redis_client, sample.SITE_ID)
    old = await writer.take_fence()
    await writer.take_fence()
    fresh = replace(site, name="别的", generation=2)
    with pytest.raises(StaleWriter):
        await writer.publish(Publication(site=fresh, site_hant=fresh), old)
    assert (await Mirror(redis_client, sample.SITE_ID).site()).name == site.name


async def test_two_publishes_of_one_generation(redis_client: Redis) -> None:
    """The second one is told that it was overtaken."""
    site = await sample.publish(redis_client)
    writer = MirrorWriter(redis_client, sample.SITE_ID)
    fence = await writer.take_fence()
    fresh = replace(site, generation=2)
    await writer.publish(Publication(site=fresh, site_hant=fresh), fence)
    with pytest.raises(Overtaken):
        await writer.publish(Publication(site=fresh, site_hant=fresh), fence)


async def test_another_portal_may_not_write_here(redis_client: Redis) -> None:
    """The first home that claims a site's keys keeps them."""
    writer = MirrorWriter(redis_client, sample.SITE_ID)
    await writer.claim("http://a.example/")
    await writer.claim("http://a.example/")
    with pytest.raises(ForeignMirror, match=r"a\.example"):
        await writer.claim("http://b.example/")


async def test_readers_never_see_half_a_publish(redis_server: LocalRedis, redis_client: Redis) -> None:
    """Two articles always carry the same mark, while marks are published as fast as possible."""
    await sample.publish(redis_client)
    reader = Redis.from_url(redis_server.url)
    mirror = Mirror(reader, sample.SITE_ID)
    done = asyncio.Event()

    def marked(number: int) -> tuple[Article, ...]:
        first, second = sample.articles()[6:8]
        return tuple(replace(each, title=f"第 {number} 版") for each in (first, second))

    async def read() -> int:
        seen = 0
        while not done.is_set():
            heads = {head.id: head.title for head in (await mirror.listing("yaowen", 0, 30)).heads}
            if "版" in heads["news006"]:
                assert heads["news006"] == heads["news007"]
                seen += 1
            await asyncio.sleep(0)
        return seen

    async def write() -> None:
        for number in range(25):
            await sample.publish(redis_client, changed=marked(number))
        done.set()

    seen, _ = await asyncio.gather(read(), write())
    assert seen > 3
    await reader.aclose()


async def test_changes_enter_the_stream(redis_client: Redis) -> None:
    """Indexers follow what was added, changed and withdrawn."""
    site = await sample.publish(redis_client)
    writer = MirrorWriter(redis_client, sample.SITE_ID)
    fresh = replace(site, generation=2)
    await writer.publish(
        Publication(site=fresh, site_hant=fresh, changes=(("changed", "news001"),)), await writer.take_fence()
    )
    entries = await redis_client.xrange(writer.keys("changes"))
    assert [fields for _, fields in entries] == [
        {b"generation": b"2", b"change": b"changed", b"id": b"news001"}
    ]


async def test_the_newest_of_several_columns_at_once(redis_client: Redis) -> None:
    """The same heads that the columns' own lists begin with, in one go."""
    await sample.publish(redis_client)
    mirror = Mirror(redis_client, sample.SITE_ID)
    found = await mirror.newest(("yaowen", "files", "nothing"), 3)
    assert found["yaowen"] == (await mirror.listing("yaowen", 0, 3)).heads
    assert [head.id for head in found["files"]] == ["file0001"] and found["nothing"] == ()
