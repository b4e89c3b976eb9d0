"""The on-air gate from end to end: what is held, and what a person does about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from content_sync import gatelog, review
from content_sync.report import Outcome
from content_sync.run import Run
from content_sync.service import make_run
from content_sync.site import SiteFile
from portal.errors import NotFound, Withdrawn
from tests.content_sync.conftest import Canned, Sync, article_page
from tests.content_sync.test_job import ENTRIES, build

Town = Callable[..., SiteFile]
SyncOf = Callable[[SiteFile], Sync]

SPAM = (
    '<div style="position:absolute;left:-9999px"><a href="http://lucky.invalid/">老虎机</a></div>'
    "<p>百家乐真人娱乐，首存返水，时时彩稳赚不赔。</p>"
)


def desk(sync: Sync) -> Run:
    """A run for a person's act."""
    return make_run(sync.site, sync.redis, clock=sync.clock)


async def test_a_held_column_waits_for_a_person(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town(events='policy = "hold"'))
    report = await sync.run()
    assert report.total(Outcome.HELD) == 8 and report.exit_code == 3
    assert await sync.titles("events") == []
    run = desk(sync)
    held = await review.waiting(run)
    assert len(held) == 8
    some = dict(list(held.items())[:3])
    assert await review.release(run, some, "王芳") == 1
    assert len(await sync.titles("events")) == 3
    await review.refuse(desk(sync), {item: one for item, one in held.items() if item not in some}, "王芳")
    assert await review.waiting(desk(sync)) == {}
    # What was refused is not offered again; a changed version is.
    sync.clock.forward(8 * 86_400)
    await sync.run()
    assert await review.waiting(desk(sync)) == {}
    build(canned, [(url, title + "（新）", day) for url, title, day in ENTRIES])
    sync.clock.forward(86_400)
    await sync.run()
    assert len(await review.waiting(desk(sync))) == 8
    assert len(await sync.titles("events")) == 3
    lines = await run.state.log()
    assert gatelog.broken_at(lines) is None
    acts = [line.split("|")[2:4] for line in lines]
    assert acts.count(["release", "王芳"]) == 3 and acts.count(["refuse", "王芳"]) == 5


async def test_injected_spam_is_held_by_itself(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    url, title, day = ENTRIES[2]
    canned.list_page("/events/", [*ENTRIES[:2], (url, title + "！", day), *ENTRIES[3:]])
    canned.put(url, article_page(title + "！", day).replace("</body>", SPAM + "</body>"))
    report = await sync.run()
    assert report.total(Outcome.HELD) == 1 and not report.changed
    (held,) = (await review.waiting(desk(sync))).values()
    assert "words of injected advertising" in held.reason and "lucky.invalid" in held.reason
    assert title in await sync.titles("events")
    one, new, old = await review.shown(desk(sync), held.staged.head.id)
    assert one == held and new is not None and old is not None and new.title != old.title
    build(canned)
    sync.clock.forward(86_400)
    await sync.run()
    assert await review.waiting(desk(sync)) == {}


async def test_a_host_never_seen_before_is_held_and_learnt(
    canned: Canned, town: Town, sync_of: SyncOf
) -> None:
    build(canned)
    linked = '详情见<a href="http://habit.example/x">网上大厅</a>，按说明办理即可。' * 3
    canned.put(ENTRIES[0][0], article_page(ENTRIES[0][1], ENTRIES[0][2], linked))
    sync = sync_of(town())
    assert (await sync.run()).well
    strange = linked.replace("habit.example", "strange.example")
    for place, text in ((1, linked), (2, strange)):
        url, title, day = ENTRIES[place]
        canned.put(url, article_page(title + "！", day, text))
    entries = [
        (url, title + "！" * (1 <= place <= 2), day) for place, (url, title, day) in enumerate(ENTRIES)
    ]
    canned.list_page("/events/", entries)
    report = await sync.run()
    assert (report.total(Outcome.CHANGED), report.total(Outcome.HELD)) == (1, 1)
    run = desk(sync)
    held = await review.waiting(run)
    assert "strange.example" in next(iter(held.values())).reason
    await review.release(run, held, "desk")
    assert "strange.example" in (await run.state.familiar()).hosts


async def test_another_site_in_the_same_clothes_is_held(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    named = '<meta name="SiteName" content="{}"><meta name="SiteIDCode" content="{}"></head>'
    for url, title, day in ENTRIES:
        canned.put(
            url, article_page(title, day).replace("</head>", named.format("试验市政府网", "1234560001"))
        )
    canned.list_page("/events/", ENTRIES)
    sync = sync_of(town())
    assert (await sync.run()).well
    url, title, day = ENTRIES[0]
    canned.list_page("/events/", [(url, title + "！", day), *ENTRIES[1:]])
    canned.put(url, article_page(title + "！", day).replace("</head>", named.format("天天娱乐网", "")))
    await sync.run()
    (held,) = (await review.waiting(desk(sync))).values()
    assert "now calls itself '天天娱乐网'" in held.reason


async def test_withdraw_is_at_once_and_for_good(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    head = (await sync.mirror.listing("events", 0, 1)).heads[0]
    generation = await review.withdraw(desk(sync), head.id, "李明", "个人信息")
    assert generation == 2
    assert len(await sync.titles("events")) == 7
    with pytest.raises(Withdrawn):
        await sync.mirror.item(head.id)
    assert await sync.redis.exists(f"sg:{{town}}:row:{head.id}:{head.version}") == 0
    assert (await sync.mirror.site()).column("news").count == 7  # type: ignore[union-attr]
    canned.list_page("/events/", [(ENTRIES[0][0], "改了标题的同一篇文章", ENTRIES[0][2]), *ENTRIES[1:]])
    canned.article(ENTRIES[0][0], "改了标题的同一篇文章", "2026-03-08 10:00")
    for _ in range(2):
        await sync.run()
        sync.clock.forward(31 * 86_400)
    await sync.run(full=True)
    assert len(await sync.titles("events")) == 7
    await review.put_back(desk(sync), head.id, "李明")
    await sync.run()
    assert (await sync.titles("events"))[0] == "改了标题的同一篇文章"
    with pytest.raises(NotFound):
        await review.put_back(desk(sync), head.id, "李明")
    with pytest.raises(NotFound):
        await review.withdraw(desk(sync), "zzzzzzzz", "李明", "")


async def test_withdraw_wins_over_a_sync_that_is_running(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    head = (await sync.mirror.listing("events", 0, 1)).heads[0]
    entries = [(url, title + "！", day) for url, title, day in ENTRIES]
    build(canned, entries)
    acts: list[asyncio.Task[int]] = []

    def meanwhile(path: str) -> None:
        if path == "/events/4.html" and not acts:
            acts.append(asyncio.ensure_future(review.withdraw(desk(sync), head.id, "李明", "")))

    canned.on_request = meanwhile
    report = await sync.run()
    assert acts and await acts[0]
    assert report.well and len(await sync.titles("events")) == 7
    with pytest.raises(Withdrawn):
        await sync.mirror.item(head.id)


async def test_a_person_agrees_to_a_mass_deletion(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    canned.list_page("/events/", [ENTRIES[0], ENTRIES[-1]])
    for url, _, _ in ENTRIES[1:-1]:
        del canned.answers[url]
    await sync.run()
    await review.agree(desk(sync), "events", "王芳")
    for _ in range(2):
        report = await sync.run()
    assert report.total(Outcome.WITHDRAWN) == 6
    assert len(await sync.titles("events")) == 2
    with pytest.raises(NotFound):
        await review.agree(desk(sync), "nothing", "王芳")
