"""The sample portal in a real Redis, with the entries of its change stream, and a search over it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from portal.model import AnyItem
from portal.search.articles import Answer, ArticleSearch
from portal.search.counted import Misses
from portal.search.files import Folder
from portal.search.indexer import Indexer
from portal.search.opened import State
from portal.store import Keys, Mirror
from tests import sample
from tests.portal.search import today

SECONDS = 60.0
"""A busy machine takes its time; what must be quick is measured where it is asked for."""


async def publish(redis: Redis, *changed: AnyItem) -> None:
    """Publish the sample, or what changed of it, and say so in the change stream as content_sync does."""
    site = await sample.publish(redis, changed=changed)
    for item in changed or sample.items():
        fields = {"generation": site.generation, "change": "changed", "id": item.id}
        await redis.xadd(Keys(sample.SITE_ID)("changes"), fields)


async def until(check: Callable[[], Awaitable[bool]], seconds: float = SECONDS) -> float:
    """Wait until something is so; how many seconds that took."""
    started = time.monotonic()
    while not await check():
        assert time.monotonic() - started < seconds, "it did not come to pass"
        await asyncio.sleep(0.03)
    return time.monotonic() - started


async def ready(search: ArticleSearch, query: str = "图书馆") -> Answer:
    """The answer of a whole index."""
    answer = Answer(state=State.PREPARING)

    async def is_ready() -> bool:
        nonlocal answer
        answer = await search.find(query)
        return answer.state is State.READY and answer.total > 0

    await until(is_ready)
    return answer


@pytest_asyncio.fixture
async def published(redis_client: Redis) -> Redis:
    """A Redis with the sample in it."""
    await publish(redis_client)
    return redis_client


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The index folder that `search` uses."""
    return Folder(tmp_path / sample.SITE_ID)


@pytest_asyncio.fixture
async def indexer(published: Redis, folder: Folder) -> AsyncIterator[Indexer]:
    """An indexer in this process, following."""
    stop = asyncio.Event()
    keeper = Indexer(published, sample.SITE_ID, folder)
    task = asyncio.create_task(keeper.run(stop))
    yield keeper
    stop.set()
    await asyncio.wait_for(task, SECONDS)


@pytest_asyncio.fixture
async def search(published: Redis, indexer: Indexer, tmp_path: Path) -> AsyncIterator[ArticleSearch]:
    """A search over the sample whose index is whole."""
    misses = Misses(published, sample.SITE_ID, today)
    articles = ArticleSearch(Mirror(published, sample.SITE_ID), tmp_path, misses=misses)
    await articles.start()
    await ready(articles)
    yield articles
    await articles.stop()
