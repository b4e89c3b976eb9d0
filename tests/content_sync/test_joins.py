"""Pages that move: one identity before and after."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from content_sync.joins import alike
from content_sync.report import Outcome
from content_sync.service import make_run
from content_sync.site import SiteFile
from tests.content_sync.conftest import Canned, Sync
from tests.content_sync.test_job import ENTRIES, build

Town = Callable[..., SiteFile]
SyncOf = Callable[[SiteFile], Sync]
OLD, TITLE, DAY = ENTRIES[2]
NEW = "/moved/six.html"


def moves(canned: Canned, to: str = NEW) -> None:
    """The old address leads to the new one."""
    canned.put(OLD, "", status=301, headers={"Location": to})


async def ids(sync: Sync) -> dict[str, str]:
    """Title -> item id of what is shown."""
    return {head.title: head.id for head in (await sync.mirror.listing("events", 0, 100)).heads}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("关于供水的通知", "关于供水的通知", True),
        ("关于供水的通知…", "关于供水的通知（第二号）", True),
        ("关于供水的通知", "关于供电的通知", False),
        ("通知", "通知公告栏目", False),
        ("", "", False),
    ],
)
def test_titles_of_one_page(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same and alike(other, one) is same


async def test_a_known_page_that_moves_stays_one_item(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    before = await ids(sync)
    moves(canned)
    canned.article(NEW, TITLE, f"{DAY} 10:00", "搬到新地址以后的正文，把办理时间写清楚了。" * 4)
    sync.clock.forward(8 * 86_400)
    assert (await sync.run()).total(Outcome.CHANGED) == 1
    assert await ids(sync) == before
    item = await sync.mirror.item(before[TITLE])
    assert item.url.endswith(NEW) and "新地址" in str(item.blocks)
    # Now the list knows the new address, too: the same item, and nothing is new.
    canned.list_page("/events/", [(NEW if url == OLD else url, title, day) for url, title, day in ENTRIES])
    report = await sync.run()
    assert report.total(Outcome.NEW) == 0 and await ids(sync) == before
    for _ in range(4):
        sync.clock.forward(86_400)
        assert (await sync.run()).well
    assert await ids(sync) == before


async def test_a_list_that_names_the_new_address_first(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    before = await ids(sync)
    moves(canned)
    canned.article(NEW, TITLE, f"{DAY} 10:00", "搬到新地址以后的正文，把办理时间写清楚了。" * 4)
    canned.list_page("/events/", [(NEW if url == OLD else url, title, day) for url, title, day in ENTRIES])
    for _ in range(4):
        assert (await sync.run()).well
        sync.clock.forward(600)
    # The old address was asked when the list had lacked it long enough; what it leads to is the same page.
    assert await ids(sync) == before
    assert (await sync.mirror.listing("events", 0, 100)).total == len(ENTRIES)
    assert "新地址" in str((await sync.mirror.item(before[TITLE])).blocks)
    run = make_run(sync.site, sync.redis, clock=sync.clock)
    await run.begin()
    assert run.same(canned.home + NEW[1:]) == run.same(canned.home + OLD[1:])
    run.close()


async def test_dead_addresses_that_lead_to_one_notice_are_not_joined(
    canned: Canned, town: Town, sync_of: SyncOf
) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    before = await ids(sync)
    canned.article("/notice.html", "网站改版期间部分旧稿件暂停访问的说明")
    for url, _, _ in ENTRIES[:2]:
        canned.put(url, "", status=302, headers={"Location": "/notice.html"})
    sync.clock.forward(8 * 86_400)
    await sync.run()
    shown = (await sync.mirror.listing("events", 0, 100)).heads
    assert {head.id for head in shown} == set(before.values())
    run = make_run(sync.site, sync.redis, clock=sync.clock)
    await run.begin()
    assert run.aliases == {}
    run.close()


async def test_a_second_old_address_joins_the_first(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    """Two addresses of one article, both listed, that end up at one page are one item from then on."""
    twice = ("/old/six.html", TITLE, DAY)
    build(canned, [*ENTRIES, twice])
    sync = sync_of(town())
    await sync.run()
    assert (await sync.mirror.listing("events", 0, 100)).total == 9
    canned.article(NEW, TITLE, f"{DAY} 10:00")
    moves(canned)
    canned.put(twice[0], "", status=301, headers={"Location": NEW})
    sync.clock.forward(8 * 86_400)
    await sync.run()
    sync.clock.forward(8 * 86_400)
    await sync.run()
    assert (await sync.mirror.listing("events", 0, 100)).total == 8
