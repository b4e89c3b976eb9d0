"""The sample portal and a browser, once for each module that walks through it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser
from redis.asyncio import Redis

from portal.local_redis import LocalRedis
from tests import sample
from tests.browser import chromium, serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def portal(redis_server: LocalRedis) -> AsyncIterator[str]:
    """The sample portal, served."""
    redis = Redis.from_url(redis_server.url)
    await redis.flushall()
    await sample.publish(redis)
    async with serving(redis_server.url, sample.SITE_ID) as (address, _):
        yield address
    await redis.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium."""
    async with chromium() as started:
        yield started
