"""Whole syncs: a portal that changes, misbehaves and disappears, on a real Redis."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image
from redis.asyncio import Redis

import content_sync.examine
from content_sync.extract.page import Extracted
from content_sync.lock import only_sync
from content_sync.records import ColumnRecord
from content_sync.report import Outcome, lines
from content_sync.site import SiteFile, parse
from content_sync.state import State
from portal.errors import NotFound, Withdrawn
from portal.model import Article
from portal.writer import MirrorWriter, Publication
from tests.content_sync.conftest import SITE, Canned, Sync, article_page, page

Town = Callable[..., SiteFile]
SyncOf = Callable[[SiteFile], Sync]

ENTRIES = [
    (f"/events/{number}.html", f"第{number}件要闻的标题写在这里", f"2026-03-{number:02}")
    for number in range(8, 0, -1)
]


def build(canned: Canned, entries: list[tuple[str, str, str]] = ENTRIES) -> None:
    canned.list_page("/events/", entries)
    for url, title, day in entries:
        canned.article(url, title, f"{day} 10:00")


async def test_a_portal_is_mirrored(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    report = await sync.run()
    assert report.well and report.changed and report.generation == 1
    assert report.total(Outcome.NEW) == 8
    assert await sync.titles("events") == [title for _, title, _ in ENTRIES]
    site = await sync.mirror.site()
    events = site.column("events")
    assert events is not None and (events.count, events.newest) == (8, "2026-03-08 10:00")
    assert site.checked == sync.clock.now
    head = (await sync.mirror.listing("events", 0, 1)).heads[0]
    item = await sync.mirror.item(head.id)
    assert isinstance(item, Article)
    assert item.source == "市政府办公室" and "来龙去脉" in "".join(map(str, item.blocks))
    assert len(head.id) == 8 and await sync.mirror.number_of(f"i:{head.id}") == "31008"
    hant = await sync.mirror.item(head.id, "hant")
    assert hant.title == "第8件要聞的標題寫在這裏"
    agents = {headers["User-Agent"] for _, headers in canned.asked}
    assert agents and all("mailto:editor@town.example" in agent for agent in agents)


async def test_a_second_run_asks_only_the_list_and_changes_nothing(
    canned: Canned, town: Town, sync_of: SyncOf
) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    before = await sync.redis.get("sg:{town}:generation")
    canned.asked.clear()
    sync.clock.forward(60)
    report = await sync.run()
    assert canned.paths() == ["/events/"] and "If-None-Match" in canned.asked[0][1]
    assert not report.changed and report.well and report.not_modified == 1
    assert await sync.redis.get("sg:{town}:generation") == before
    assert (await sync.mirror.site()).checked == sync.clock.now


async def test_new_edited_and_pinned_entries(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    edited = ("/events/3.html", "第3件要闻的标题改写了", "2026-03-03")
    new = ("/events/9.html", "第9件要闻的标题写在这里", "2026-03-09")
    entries = [new, *ENTRIES[:5], edited, *ENTRIES[6:]]
    build(canned, entries)
    canned.asked.clear()
    report = await sync.run()
    assert (report.total(Outcome.NEW), report.total(Outcome.CHANGED)) == (1, 1)
    assert sorted(canned.paths()) == ["/events/", "/events/3.html", "/events/9.html"]
    titles = await sync.titles("events")
    assert titles[0] == new[1] and titles[6] == edited[1]
    changes = await sync.redis.xrange("sg:{town}:changes")
    assert [change[1][b"change"] for change in changes[8:]] == [b"added", b"changed"]


async def test_a_silent_edit_is_found_by_the_sweep(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    canned.put(
        "/events/5.html",
        article_page(ENTRIES[3][1], "2026-03-05 10:00", "更正：时间改为下午三点整开始办理。" * 4),
    )
    assert (await sync.run()).total(Outcome.CHANGED) == 0
    sync.clock.forward(8 * 86_400)
    report = await sync.run()
    assert report.total(Outcome.CHANGED) == 1
    head = (await sync.mirror.listing("events", 3, 1)).heads[0]
    assert "下午三点" in str((await sync.mirror.item(head.id)).blocks)


async def test_counters_and_clocks_are_no_change(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    counted = article_page(ENTRIES[0][1], "2026-03-08 10:00").replace("来源：", "浏览次数：123 来源：")
    canned.put(ENTRIES[0][0], counted)
    sync.clock.forward(8 * 86_400)
    report = await sync.run()
    assert not report.changed


async def test_a_deletion_needs_misses_and_a_404(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    gone_id = (await sync.mirror.listing("events", 2, 1)).heads[0].id
    rest = [entry for entry in ENTRIES if entry[0] != "/events/6.html"]
    canned.list_page("/events/", rest)
    assert not (await sync.run()).changed  # the first miss
    assert len(await sync.titles("events")) == 8
    await sync.run()  # the second, but the page lives on
    assert len(await sync.titles("events")) == 8
    del canned.answers["/events/6.html"]
    sync.clock.forward(31 * 86_400)
    report = await sync.run()
    assert report.total(Outcome.WITHDRAWN) == 1
    assert len(await sync.titles("events")) == 7
    with pytest.raises(Withdrawn) as caught:
        await sync.mirror.item(gone_id)
    assert caught.value.when and "第6件要闻" not in str(caught.value)
    changes = await sync.redis.xrange("sg:{town}:changes")
    assert changes[-1][1][b"change"] == b"withdrawn"


async def test_a_deleted_page_goes_after_two_misses(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    canned.list_page("/events/", [entry for entry in ENTRIES if entry[0] != "/events/6.html"])
    del canned.answers["/events/6.html"]
    assert (await sync.run()).total(Outcome.WITHDRAWN) == 0
    assert (await sync.run()).total(Outcome.WITHDRAWN) == 1
    assert (await sync.run()).total(Outcome.WITHDRAWN) == 0


async def test_what_comes_back_is_shown_again(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    item = (await sync.mirror.listing("events", 2, 1)).heads[0].id
    canned.list_page("/events/", [entry for entry in ENTRIES if entry[0] != "/events/6.html"])
    del canned.answers["/events/6.html"]
    await sync.run()
    await sync.run()
    build(canned)
    await sync.run()
    assert (await sync.mirror.item(item)).title == "第6件要闻的标题写在这里"
    assert len(await sync.titles("events")) == 8


async def test_entries_that_age_out_of_a_short_list_stay(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    newer = [
        (f"/events/{number}.html", f"第{number}件要闻的标题写在这里", f"2026-03-{number:02}")
        for number in range(12, 8, -1)
    ]
    build(canned, [*newer, *ENTRIES[:4]])
    for _ in range(4):
        assert (await sync.run()).well
    assert len(await sync.titles("events")) == 12


async def test_many_at_once_wait_for_a_person(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    canned.list_page("/events/", [ENTRIES[0], ENTRIES[-1]])
    for url, _, _ in ENTRIES[1:-1]:
        del canned.answers[url]
    for _ in range(4):
        report = await sync.run()
        assert not report.well and "vanished from the list at once" in report.columns["events"]
    assert len(await sync.titles("events")) == 8


async def test_an_empty_or_scripted_list_deletes_nothing(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    canned.put("/events/", page("列表", '<ul class="list"></ul>'))
    report = await sync.run()
    assert "empty" in report.columns["events"] or "no list" in report.columns["events"]
    script = "<script>$.ajax({url:'/api/list',success:function(d){render(d)}})</script>"
    canned.put("/events/", page("列表", f'<ul class="list" id="list"></ul>{script}'))
    report = await sync.run()
    assert not report.well and report.exit_code == 3
    assert len(await sync.titles("events")) == 8


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, "", "answers 500"),
        (412, "<html>拦截</html>", "wall answers 412"),
        (200, page("页面不存在", "<h1>404</h1><p>对不起，您访问的页面不存在！</p>"), "soft 404"),
        (200, page("用户登录", "<form><input name=u><input type=password></form>"), "login"),
        (200, page("", "<script>document.cookie='a=1';location.reload();</script>"), "wall"),
        (200, article_page("标题在这里的一篇文章")[:-300], "half a page"),
        (200, "", "empty"),
    ],
)
async def test_what_is_no_page_leaves_yesterdays(
    canned: Canned, town: Town, sync_of: SyncOf, status: int, body: str, said: str
) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    before = (await sync.mirror.listing("events", 0, 1)).heads[0]
    url, _, day = ENTRIES[0]
    canned.list_page("/events/", [(url, "标题改了，要重新看这一页", day), *ENTRIES[1:]])
    canned.put(url, body, status=status)
    report = await sync.run()
    assert said in str(report.notes), report.notes
    assert not report.changed and report.exit_code == 3
    assert (await sync.mirror.listing("events", 0, 1)).heads[0] == before
    build(canned)
    sync.clock.forward(86_400)
    assert (await sync.run()).well


async def test_a_redesign_holds_the_column(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    entries = [(url, title + "（更新）", day) for url, title, day in ENTRIES]
    canned.list_page("/events/", entries)
    for url, title, _ in entries[:5]:
        canned.put(url, page(title, "<div id=app></div><script src=/app.js></script>"))
    for url, title, day in entries[5:]:
        canned.article(url, title, day)
    report = await sync.run()
    assert not report.changed and "redesign" in report.columns["events"]
    assert report.total(Outcome.QUARANTINED) == 8
    assert await sync.titles("events") == [title for _, title, _ in ENTRIES]
    build(canned, entries)
    sync.clock.forward(86_400)
    assert (await sync.run()).total(Outcome.CHANGED) == 8


async def test_an_origin_that_is_away(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    checked = (await sync.mirror.site()).checked
    canned.put("/events/", "", status=503)
    sync.clock.forward(100)
    report = await sync.run()
    assert "503" in report.columns["events"] and report.exit_code == 3
    assert len(await sync.titles("events")) == 8
    assert (await sync.mirror.site()).checked == checked + 100  # it answered, but not well


async def test_an_origin_that_is_not_there(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    checked = (await sync.mirror.site()).checked
    sync.site = parse(SITE.format(home="http://127.0.0.1:1/", fetch="", schedule="", events=""), home="")
    sync.site = replace(sync.site, owner=town().owner)
    sync.clock.forward(100)
    report = await sync.run()
    assert "robots.txt answers nothing" in report.columns["events"] and report.exit_code == 3
    assert len(await sync.titles("events")) == 8
    assert (await sync.mirror.site()).checked == checked


async def test_an_origin_that_was_never_there_makes_no_empty_portal(
    canned: Canned, town: Town, sync_of: SyncOf
) -> None:
    away = parse(SITE.format(home="http://127.0.0.1:1/", fetch="", schedule="", events=""), home="")
    sync = sync_of(replace(away, owner=town().owner))
    report = await sync.run()
    assert report.exit_code == 3 and report.generation == 0 and not report.changed
    assert "nothing published" in lines(report)[0]
    with pytest.raises(NotFound):
        await sync.mirror.site()
    assert await State(sync.redis, "town").log() == []
    # A list whose pages cannot be read is no portal either.
    canned.list_page("/events/", ENTRIES)
    for url, _, _ in ENTRIES:
        canned.put(url, "", status=500)
    sync.site = town()
    assert (await sync.run()).generation == 0
    build(canned)
    sync.clock.forward(86_400)
    assert (await sync.run()).generation == 1
    assert len(await sync.titles("events")) == 8


async def test_a_soft_404_goes_when_it_has_lasted(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    soft = page("页面不存在", "<h1>404</h1><p>对不起，您访问的页面不存在！</p>")
    url = ENTRIES[2][0]
    canned.put(url, soft)
    # While the list has it, nothing is believed.
    sync.clock.forward(8 * 86_400)
    assert (await sync.run()).total(Outcome.WITHDRAWN) == 0
    canned.list_page("/events/", [entry for entry in ENTRIES if entry[0] != url])
    for day in range(5):
        report = await sync.run()
        gone = report.total(Outcome.WITHDRAWN)
        # Missing once, then asked: the soft 404 has to last three days from there.
        assert gone == (day == 4), day
        if 0 < day < 4:
            assert any("taken off when it has lasted 3 days" in note.reason for note in report.notes)
        sync.clock.forward(86_400)
    assert len(await sync.titles("events")) == 7


async def test_a_soft_404_that_mends_starts_anew(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    url, title, day = ENTRIES[2]
    canned.list_page("/events/", [entry for entry in ENTRIES if entry[0] != url])
    canned.put(url, page("页面不存在", "<p>对不起，您访问的页面不存在！</p>"))
    for _ in range(3):
        await sync.run()
        sync.clock.forward(86_400)
    canned.article(url, title, f"{day} 10:00")
    for _ in range(5):
        await sync.run()
        sync.clock.forward(86_400)
    assert len(await sync.titles("events")) == 8


async def test_a_foreign_mirror_is_not_overwritten(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    await MirrorWriter(sync.redis, "town").claim("www.other.example")
    report = await sync.run()
    assert "belongs to www.other.example" in report.error and report.exit_code == 3
    assert canned.asked == []
    with pytest.raises(NotFound):
        await sync.mirror.site()


async def test_one_sync_at_a_time(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    async with only_sync(MirrorWriter(sync.redis, "town")):
        report = await sync.run()
    assert "another sync of 'town' is at work" in report.error
    assert (await sync.run()).well


async def test_a_stale_writer_publishes_nothing(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town())
    writer = MirrorWriter(sync.redis, "town")
    taken = []

    def overtake(path: str) -> None:
        if path == "/events/4.html" and not taken:
            import asyncio

            taken.append(asyncio.ensure_future(writer.take_fence()))

    canned.on_request = overtake
    report = await sync.run()
    assert "newer sync" in report.error and report.generation == 0
    with pytest.raises(NotFound):
        await sync.mirror.site()
    canned.on_request = None
    canned.asked.clear()
    report = await sync.run()
    # What the stale writer had read is not asked for again.
    assert report.generation == 1 and canned.paths() == ["/events/"]
    assert len(await sync.titles("events")) == 8


async def test_full_reads_everything_anew(
    canned: Canned, town: Town, sync_of: SyncOf, redis_client: Redis
) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    head = (await sync.mirror.listing("events", 0, 1)).heads[0]
    await redis_client.delete(f"sg:{{town}}:row:{head.id}:{head.version}")
    canned.asked.clear()
    report = await sync.run(full=True)
    assert sorted(canned.paths()) == sorted(["/events/", *(url for url, _, _ in ENTRIES)])
    assert all("If-None-Match" not in headers for _, headers in canned.asked)
    assert report.well and (await sync.mirror.item(head.id)).title == head.title


async def test_one_article_in_two_columns_and_two_addresses(
    canned: Canned, town: Town, sync_of: SyncOf
) -> None:
    more = """
[[column]]
id = "press"
name = "媒体"
section = "news"
parent = "news"
number = "320"
list = "/press/"
"""
    entries = [
        (f"/info/10{number}/{number}.htm", f"第{number}件要闻的标题写在这里", f"2026-03-{number:02}")
        for number in range(5, 1, -1)
    ]
    other = [
        (f"/content.jsp?wbtreeid=99&wbnewsid={number}&urltype=news.NewsContentUrl", title, day)
        for number, (_, title, day) in zip(range(5, 1, -1), entries, strict=True)
    ]
    build(canned, entries)
    canned.list_page("/press/", other[:3])
    sync = sync_of(town(more=more))
    report = await sync.run()
    assert report.total(Outcome.NEW) == 4
    press = (await sync.mirror.listing("press", 0, 10)).heads
    assert [head.columns for head in press] == [("events", "press")] * 3
    assert (await sync.mirror.site()).column("news").count == 4  # type: ignore[union-attr]
    canned.list_page("/press/", other[:2])
    await sync.run()
    await sync.run()
    press = (await sync.mirror.listing("press", 0, 10)).heads
    assert len(press) == 2  # another column lists it still, so this one can let it go
    cut = sync_of(town())
    await cut.run()
    events = (await cut.mirror.listing("events", 0, 10)).heads
    assert {head.columns for head in events} == {("events",)}
    assert (await cut.mirror.listing("press", 0, 10)).total == 0


async def test_columns_in_another_order_file_their_items_anew(
    canned: Canned, town: Town, sync_of: SyncOf
) -> None:
    more = """
[[column]]
id = "press"
name = "媒体"
section = "news"
parent = "news"
number = "320"
list = "/press/"
"""
    build(canned)
    canned.list_page("/press/", ENTRIES[:3])
    sync = sync_of(town(more=more))
    await sync.run()
    top = (await sync.mirror.listing("events", 0, 9)).heads
    assert [head.columns for head in top] == [("events", "press")] * 3 + [("events",)] * 5
    group, events, press = sync.site.sources
    sync.site = replace(sync.site, sources=(group, press, events))
    canned.asked.clear()
    assert (await sync.run()).changed
    top = (await sync.mirror.listing("events", 0, 9)).heads
    assert [head.columns for head in top] == [("press", "events")] * 3 + [("events",)] * 5
    assert sorted(canned.paths()) == ["/events/", "/press/"]  # no page was asked again for it
    assert not (await sync.run()).changed


async def test_pictures_that_fail_leave_the_article(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    out = io.BytesIO()
    Image.new("RGB", (1600, 900), "navy").save(out, "JPEG")
    canned.put("/good.jpg", out.getvalue(), headers={"Content-Type": "image/jpeg"})
    canned.put("/broken.jpg", out.getvalue()[:300], headers={"Content-Type": "image/jpeg"})
    pictures = "".join(
        f'<p><img src="/{name}.jpg" width="600" height="400"></p>' for name in ("good", "broken", "none")
    )
    build(canned)
    url, title, day = ENTRIES[0]
    canned.put(url, article_page(title, day).replace('<div id="zoom">', f'<div id="zoom">{pictures}'))
    sync = sync_of(town())
    report = await sync.run()
    assert report.well and report.total(Outcome.PICTURE) == 2
    head = (await sync.mirror.listing("events", 0, 1)).heads[0]
    picture = await sync.mirror.media(head.picture)
    assert (picture.width, picture.height, picture.mime) == (1280, 720, "image/jpeg")
    item = await sync.mirror.item(head.id)
    assert len(item.images) == 1 and "来龙去脉" in str(item.blocks)
    canned.put("/none.jpg", out.getvalue(), headers={"Content-Type": "image/jpeg"})
    canned.asked.clear()
    sync.clock.forward(3_700)
    await sync.run()
    assert "/good.jpg" not in canned.paths() and "/none.jpg" in canned.paths()
    assert len((await sync.mirror.item(head.id)).images) == 2


async def test_a_crash_in_the_publish_leaves_the_old_generation(
    canned: Canned,
    town: Town,
    sync_of: SyncOf,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    build(canned)
    sync = sync_of(town())
    await sync.run()
    build(canned, [(url, title + "！", day) for url, title, day in ENTRIES])
    real = MirrorWriter._write

    def half(self: MirrorWriter, pipe: Any, publication: Publication) -> None:
        real(self, pipe, publication)
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(MirrorWriter, "_write", half)
    report = await sync.run()
    assert "the power is gone" in report.error and report.exit_code == 3
    assert (await sync.mirror.site()).generation == 1
    assert await sync.titles("events") == [title for _, title, _ in ENTRIES]
    monkeypatch.undo()
    canned.asked.clear()
    report = await sync.run()
    assert report.generation == 2 and canned.paths() == ["/events/"]
    assert (await sync.titles("events"))[0].endswith("！")


async def test_a_page_on_which_we_fail_waits_and_the_others_go_on(
    canned: Canned, town: Town, sync_of: SyncOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(canned)
    real = content_sync.examine.extract

    def failing(body: bytes, url: str, content_type: str, hint: str) -> Extracted:
        if url.endswith("/5.html"):
            raise RecursionError("too deep")
        return real(body, url, content_type, hint)

    monkeypatch.setattr(content_sync.examine, "extract", failing)
    sync = sync_of(town())
    report = await sync.run()
    assert report.total(Outcome.NEW) == 7 and report.total(Outcome.QUARANTINED) == 1
    assert "RecursionError: too deep" in str(report.notes)


async def test_lists_are_asked_by_what_they_learn(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    sync = sync_of(town(schedule="shortest = 100\nlongest = 1000"))
    asked = []
    for _ in range(80):
        canned.asked.clear()
        await sync.run(all_due=False)
        asked.append("/events/" in canned.paths())
        sync.clock.forward(50)
    # 100 s at first, then half as long again with each look that finds nothing, 1000 s at most.
    looks = [number for number, was in enumerate(asked) if was]
    gaps = [later - earlier for earlier, later in pairwise(looks)]
    assert gaps == sorted(gaps) and gaps[0] == 2 and gaps[-1] == 20
    build(canned, [("/events/9.html", "第9件要闻的标题写在这里", "2026-03-09"), *ENTRIES])
    sync.clock.forward(1000)
    await sync.run(all_due=False)
    record = (await sync_state(sync)).get("events")
    assert record is not None and record.interval == 500.0


async def sync_state(sync: Sync) -> dict[str, ColumnRecord]:
    """What the sync remembers of its columns."""
    return await State(sync.redis, sync.site.id).columns()
