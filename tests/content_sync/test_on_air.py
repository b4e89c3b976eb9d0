"""What a person withdraws is off the screens that are being served at that moment."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tornado.httpclient import AsyncHTTPClient

from content_sync import review
from content_sync.service import make_run
from content_sync.site import SiteFile
from portal.local_redis import LocalRedis
from tests.browser import serving
from tests.content_sync.conftest import Canned, Sync
from tests.content_sync.test_job import ENTRIES, build

Town = Callable[..., SiteFile]
SyncOf = Callable[[SiteFile], Sync]
TITLE = ENTRIES[2][1]


async def fetched(url: str) -> tuple[int, str]:
    answer = await AsyncHTTPClient().fetch(url, raise_error=False)
    # Lines are broken where the screen ends: what is asked is whether the words stand there.
    return answer.code, "".join(re.sub(r"<[^>]*>", "", answer.body.decode()).split())


@pytest.mark.parametrize(
    ("listing", "item"), [("/tv/web-hd/c/310/", "/tv/web-hd/c/310/1/{id}"), ("/wap/c/310", "/wap/i/{id}")]
)
async def test_a_withdrawn_item_is_off_at_once(
    canned: Canned, town: Town, sync_of: SyncOf, redis_server: LocalRedis, listing: str, item: str
) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    head = next(head for head in (await sync.mirror.listing("events", 0, 9)).heads if head.title == TITLE)
    async with serving(redis_server.url, sync.site.id) as (address, _):
        code, shown = await fetched(address + listing)
        assert code == 200 and TITLE[:6] in shown
        code, page = await fetched(address + item.format(id=head.id))
        assert code == 200 and "来龙去脉" in page
        run = make_run(sync.site, sync.redis, clock=sync.clock)
        await review.withdraw(run, head.id, "王芳", "")
        run.close()
        code, page = await fetched(address + item.format(id=head.id))
        assert code == 410 and "来龙去脉" not in page
        code, after = await fetched(address + listing)
        assert code == 200 and TITLE[:6] not in after
