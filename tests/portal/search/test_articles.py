"""Word search over a mirror: what is found, in which order, with what marked, and what never fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from portal.local_redis import LocalRedis
from portal.model import Article, Field, Paragraph, Run
from portal.search.articles import ArticleSearch, Filters
from portal.search.counted import Misses
from portal.search.files import Folder
from portal.search.indexer import Indexer
from portal.search.opened import State
from portal.search.reader import How
from portal.search.snippet import Marked
from portal.store import Keys, Mirror
from tests import sample
from tests.portal.search import today
from tests.portal.search.conftest import publish, ready, until

HOSTILE = (
    "", " ", "\x00", "\ud800", "a\udfffb", "😀🎉", "title:驾照 AND (", '"', "* OR 1=1; DROP TABLE x", "[a TO b]", "^~^4",
    "水" * 1_000_000, "a" * 1_000_000, "1" * 500, "\n\t\r", "．，。！", "ﷺ" * 100, "e\u0301" * 300, "\u202e\u2066x", "_" * 90,
)  # fmt: skip


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def published(redis_server: LocalRedis) -> AsyncIterator[Redis]:
    """The sample, published once for all of these tests."""
    redis = Redis.from_url(redis_server.url)
    await redis.flushall()
    await publish(redis)
    yield redis
    await redis.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def search(published: Redis, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ArticleSearch]:
    """A search over it whose index is whole and followed."""
    folder = tmp_path_factory.mktemp("index")
    stop = asyncio.Event()
    keeper = asyncio.create_task(
        Indexer(published, sample.SITE_ID, Folder(folder / sample.SITE_ID)).run(stop)
    )
    misses = Misses(published, sample.SITE_ID, today)
    articles = ArticleSearch(Mirror(published, sample.SITE_ID), folder, misses=misses)
    await articles.start()
    await ready(articles)
    yield articles
    await articles.stop()
    stop.set()
    await keeper


def article(name: str, title: str, text: str, day: str = "2026-11-20") -> Article:
    """A news article of the sample."""
    blocks = (Paragraph((Run(text),)),)
    return Article(
        id=name, url=f"http://o/{name}", title=title, columns=("yaowen",), published=day, blocks=blocks
    )


def marked(shown: Marked) -> list[str]:
    """The marked parts of a text."""
    return [shown.text[start:stop] for start, stop in shown.marks]


async def test_title_before_body_and_newer_among_equals(search: ArticleSearch, published: Redis) -> None:
    """A word in the title counts for more than in the body, and of two alike the newer one stands first."""
    await publish(
        published,
        article("body", "市里的一件事", "明天起检修，请储水。荧光棒到货。"),
        article("old", "荧光棒到货通知", "请看。", "2021-03-02"),
        article("new", "荧光棒到货通知", "请看。", "2026-11-21"),
    )

    async def has_three() -> bool:
        return (await search.find("荧光棒")).total == 3

    assert await until(has_three) <= 2.0
    answer = await search.find("荧光棒")
    assert [hit.head.id for hit in answer.hits] == ["new", "old", "body"]
    assert marked(answer.hits[0].title) == ["荧光棒"] and marked(answer.hits[2].snippet) == ["荧光棒"]
    assert answer.how is How.ALL and answer.state is State.READY and not answer.suggestion


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("驾照换证", "matter01"), ("駕駛證", "matter01"), ("车管所", "matter01"), ("ＱＬ－２０２６－００１１８", "file0001"),
        ("机动车驾驶证（驾照）", "matter01"), ("我想问上牌怎么办", "matter02"), ("清洁取暖", "file0001"),
        ("医保", "talk0001"), ("刷医保卡", "talk0001"),
    ],
)  # fmt: skip
async def test_everyday_words_find_it(search: ArticleSearch, query: str, first: str) -> None:
    """Everyday names, Traditional Chinese, full width, brackets and whole questions."""
    answer = await search.find(query)
    assert first in [hit.head.id for hit in answer.hits[:3]], query


@pytest.mark.parametrize("query", ["梯", "电", "市区", "电梯", "座席", "阅览"])
async def test_one_and_two_characters(search: ArticleSearch, query: str) -> None:
    """Short queries find what has them in a title, or as the beginning of a word."""
    answer = await search.find(query)
    assert answer.total and all(hit.snippet.text for hit in answer.hits)


async def test_the_name_by_which_it_was_found(search: ArticleSearch) -> None:
    """An everyday name stands before an official title that has none of the words, in either written form."""
    for variant, shown in (("", "驾照 机动车驾驶证期满换证"), ("hant", "駕照 機動車駕駛證期滿換證")):
        answer = await search.find("驾照", variant=variant)
        hit = next(hit for hit in answer.hits if hit.head.id == "matter01")
        assert hit.title.text == shown and marked(hit.title) == [shown[:2]]
    by_title = await search.find("期满换证")
    assert by_title.hits[0].title.text == "机动车驾驶证期满换证"


async def test_filters(search: ArticleSearch) -> None:
    """By section, column, unit, year, effect and kind; one that names nothing finds nothing."""
    whole = (await search.find("阅览")).total
    by_year = await search.find("阅览", Filters(year="2026"))
    by_section = await search.find("阅览", Filters(section="disclosure"))
    by_unit = await search.find("阅览", Filters(unit="市人民政府办公室", effect="有效"))
    assert by_year.total == whole > by_section.total == by_unit.total == 1
    assert (await search.find("阅览", Filters(column="news"))).total == whole - 1
    assert (await search.find("驾驶证", Filters(kind="unit"))).hits[0].head.id == "unit01"
    for none in (
        Filters(year="1999"),
        Filters(section="nowhere"),
        Filters(column="x"),
        Filters(effect="废止"),
    ):
        assert (await search.find("阅览", none)).total == 0


async def test_pages_of_a_result(search: ArticleSearch) -> None:
    """Parts put together are the whole, without a hit twice."""
    whole = await search.find("小区", count=40)
    parts = [await search.find("小区", start=start, count=5) for start in range(0, whole.total, 5)]
    assert [hit.head.id for part in parts for hit in part.hits] == [hit.head.id for hit in whole.hits]
    assert whole.total == len(whole.hits) == len({hit.head.id for hit in whole.hits})


async def test_traditional_pages_are_marked_too(search: ArticleSearch) -> None:
    """The words are marked in the written form of the page."""
    answer = await search.find("图书馆", variant="hant")
    assert "圖書館" in marked(answer.hits[0].snippet)


async def test_reviewed_everyday_names(search: ArticleSearch, published: Redis) -> None:
    """The site file's list leads from a word to the official name, and not back."""
    mirror_key = Keys(sample.SITE_ID).of("site")
    from portal import codec
    from portal.model import Site

    site = codec.load(await published.get(mirror_key), Site)
    await published.set(mirror_key, codec.dump(replace(site, everyday=(Field("烧暖气", "清洁取暖"),))))
    assert [hit.head.id for hit in (await search.find("烧暖气")).hits][:1] == ["file0001"]


async def test_nothing_found_is_remembered_without_numbers(search: ArticleSearch, published: Redis) -> None:
    """A slip of the ear gets a suggestion; the miss is kept, the telephone number in it is not."""
    answer = await search.find("家照幻正 13912345678")
    assert answer.total == 0 and answer.how is How.NONE
    answer = await search.find("甲照幻政")
    assert answer.suggestion == "驾照换证"
    kept = [miss.text for miss in await Misses(published, sample.SITE_ID, today).most()]
    assert {"家照幻正", "甲照幻政"} <= set(kept) and not any("139" in text for text in kept)


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text(search: ArticleSearch, query: str) -> None:
    """Whatever is typed gives hits or nothing found."""
    answer = await search.find(query)
    assert answer.total >= len(answer.hits) and answer.state is State.READY


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(), max_size=80), st.integers(-5, 20_000), st.integers(-2, 50),
    st.text(max_size=10), st.sampled_from(["", "hant"]),
)  # fmt: skip
async def test_any_text(
    search: ArticleSearch, query: str, start: int, count: int, value: str, variant: str
) -> None:
    """Any text, any page, any filter: a defined answer, and marks that lie inside their text."""
    filters = Filters(unit=value, year=value[:4]) if start % 2 else Filters()
    answer = await search.find(query, filters, start, count, variant)
    assert answer.state is State.READY and len(answer.hits) <= max(count, 0)
    for hit in answer.hits:
        for shown in (hit.title, hit.snippet):
            assert all(0 <= begin < end <= len(shown.text) for begin, end in shown.marks)
