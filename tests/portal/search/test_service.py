"""The number box over a mirror."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from portal import codec
from portal.errors import NotFound
from portal.model import Field, Matter, Site
from portal.search.service import NumberBox
from portal.store import Keys, Mirror
from tests import sample
from tests.portal.search.conftest import publish


async def test_digits_and_words(redis_client: Redis) -> None:
    """Columns, matters, units, by number, initials and words; a new generation brings new names."""
    box = NumberBox(Mirror(redis_client, sample.SITE_ID))
    with pytest.raises(NotFound):
        await box.find("5")
    await publish(redis_client)
    assert (await box.find("59"))[0].entry.target == "i:matter01"
    assert (await box.find("310"))[0].entry.target == "c:yaowen"
    assert [hit.entry.target for hit in await box.named("驾照")][:2] == ["i:matter01", "c:driving"]
    assert (await box.named("車輛管理"))[0].entry.target == "i:unit01"
    assert (await box.named("我要办上牌"))[0].entry.target == "i:matter02"
    assert await box.named("\ud800") == [] == await box.named("没有的东西")
    matter = next(item for item in sample.items() if isinstance(item, Matter))
    await publish(redis_client, replace(matter, everyday_names=("开车本",)))
    assert (await box.find("522"))[0].meant == "开车本"
    assert await box.sounding_like("开撤本") == "开车本"


async def test_reviewed_names_and_use(redis_client: Redis) -> None:
    """The site file's everyday names find every matter that they stand for; what is opened often comes first."""
    await publish(redis_client)
    key = Keys(sample.SITE_ID).of("site")
    site = codec.load(await redis_client.get(key), Site)
    await redis_client.set(key, codec.dump(replace(site, everyday=(Field("小车", "机动车"),))))
    box = NumberBox(Mirror(redis_client, sample.SITE_ID))
    box.put_wanted([("matter03", 9), ("matter02", 1)])
    assert [hit.entry.target for hit in await box.find("92")][:3] == [
        "i:matter03",
        "i:matter01",
        "i:matter02",
    ]


async def test_article_numbers_come_and_go_without_the_names(redis_client: Redis) -> None:
    """A publish of news changes numbers only; a number typed whole stands first, begun ones last."""
    box = NumberBox(Mirror(redis_client, sample.SITE_ID))
    await publish(redis_client)
    hits = await box.find("310", 20)
    assert hits[0].entry.target == "c:yaowen" and hits[0].exact
    assert len(hits) == await box.count("310") > 9 and all(not hit.entry.names for hit in hits[1:])
    first = await box.find(hits[1].entry.number)
    assert first[0].exact and first[0].entry.target == hits[1].entry.target
    names = box.everyday_names
    news = next(item for item in sample.items() if item.id == "news000")
    await publish(redis_client, replace(news, title="又一条"))
    assert await box.find("310") and box.everyday_names == names
