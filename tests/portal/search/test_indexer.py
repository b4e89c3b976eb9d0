"""The life of an index: followed, broken, lost, overtaken, kept by one process for many."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from portal.local_redis import LocalRedis
from portal.search import schema
from portal.search.articles import ArticleSearch
from portal.search.files import BrokenIndex, Folder, Lock, Place, Seal, Soundness, guarded
from portal.search.indexer import Indexer
from portal.search.opened import OpenIndex, State
from portal.store import Keys, Mirror
from portal.writer import MirrorWriter, Publication
from tests import sample
from tests.portal.search.conftest import publish, ready, until
from tests.portal.search.test_articles import article

WIDE = schema.Filters()


def files(folder: Folder, ending: str) -> list[Path]:
    """The current index's files of a kind."""
    return sorted((folder.path / folder.current()).glob(f"*{ending}"))


async def test_a_change_is_found_within_two_seconds(search: ArticleSearch, published: Redis) -> None:
    """Added, changed, withdrawn: each is seen by a search in time."""
    news = article("fresh", "龙卷风橙色预警", "请到室内。")
    await publish(published, news)

    async def found(text: str, total: int) -> bool:
        return (await search.find(text)).total == total

    assert await until(lambda: found("龙卷风", 1)) <= 2.0
    await publish(published, replace(news, title="沙尘暴橙色预警"))
    assert await until(lambda: found("沙尘暴", 1)) <= 2.0
    assert await found("龙卷风", 0)
    await _withdraw(published, "fresh")
    assert await until(lambda: found("沙尘暴", 0)) <= 2.0


async def _withdraw(redis: Redis, item_id: str) -> None:
    writer = MirrorWriter(redis, sample.SITE_ID)
    site, head = await writer.site(), await writer.head(item_id)
    assert site is not None and head is not None
    stone = replace(head, withdrawn="2026-11-22", version="")
    site = replace(site, generation=site.generation + 1)
    changes = (("withdrawn", item_id),)
    fence = await writer.take_fence()
    await writer.publish(
        Publication(site=site, site_hant=site, withdrawn=((stone, stone),), changes=changes), fence
    )


@pytest.mark.parametrize("ending", ["meta.json", ".term", ".idx", ".store", ".fast"])
@pytest.mark.parametrize("harm", ["delete", "shorten", "overwrite"])
async def test_broken_files_are_mended(search: ArticleSearch, folder: Folder, ending: str, harm: str) -> None:
    """Whatever happens to a file under a running search: no error, `being prepared`, then whole again."""
    before = folder.current()
    for path in files(folder, ending):
        match harm:
            case "delete":
                path.unlink()
            case "shorten":
                os.truncate(path, path.stat().st_size // 3)
            case _:
                path.write_bytes(b"\x5a" * path.stat().st_size)
    await asyncio.sleep(0.03)
    answer = await search.find("图书馆")
    assert answer.total >= 0
    await ready(search)
    assert folder.current() != before


async def test_the_whole_folder_deleted(search: ArticleSearch, folder: Folder) -> None:
    """What is open answers while a new index is made."""
    shutil.rmtree(folder.path)
    await asyncio.sleep(0.03)
    answer = await search.find("图书馆")
    assert answer.state is State.PREPARING and answer.total
    await ready(search)
    assert folder.current()


async def test_no_index_yet(published: Redis, tmp_path: Path) -> None:
    """Before the first index is made a search says so and finds nothing."""
    search = ArticleSearch(Mirror(published, sample.SITE_ID), tmp_path)
    await search.start()
    answer = await search.find("图书馆")
    assert answer.state is State.PREPARING and answer.total == 0 and answer.suggestion == ""
    await search.stop()


async def test_redis_away(tmp_path: Path) -> None:
    """With the mirror gone the index still answers, by the titles that it knows."""
    own = LocalRedis(tmp_path / "redis")
    own.start()
    redis = Redis.from_url(own.url)
    await publish(redis)
    stop = asyncio.Event()
    task = asyncio.create_task(Indexer(redis, sample.SITE_ID, Folder(tmp_path / sample.SITE_ID)).run(stop))
    search = ArticleSearch(Mirror(redis, sample.SITE_ID), tmp_path)
    await search.start()
    await ready(search)
    own.stop()
    answer = await search.find("老旧小区")
    assert answer.total == 22 and answer.hits[0].head.title.startswith("城区第")
    assert (await search.find("鬿鬿鬿")).total == 0
    stop.set()
    await asyncio.wait_for(task, 10)
    await search.stop()
    await redis.aclose()


async def test_what_the_stream_forgot_is_made_anew(published: Redis, folder: Folder, tmp_path: Path) -> None:
    """Entries trimmed while nobody followed; a mirror that began again; an index of another version."""
    search = ArticleSearch(Mirror(published, sample.SITE_ID), tmp_path)
    await search.start()

    async def follow_until(text: str) -> str:
        stop = asyncio.Event()
        task = asyncio.create_task(Indexer(published, sample.SITE_ID, folder).run(stop))
        await ready(search, text)
        stop.set()
        await task
        return folder.current()

    first = await follow_until("图书馆")
    assert await follow_until("图书馆") == first
    await publish(published, article("a", "龙卷风预警", "。"))
    assert await follow_until("龙卷风") == first, "what the stream still has is followed"
    await publish(published, article("b", "沙尘暴预警", "。"))
    await publish(published, article("c", "寒潮预警", "。"))
    await published.xtrim(Keys(sample.SITE_ID)("changes"), maxlen=1, approximate=False)
    second = await follow_until("沙尘暴")
    assert second != first
    folder.put_place(second, replace(folder.place(second) or Place(0), schema=0))
    third = await follow_until("寒潮")
    await published.flushall()
    await publish(published, article("d", "冰雹预警", "。"))
    fourth = await follow_until("冰雹")
    assert len({second, third, fourth}) == 3 and (await search.find("寒潮")).total == 0
    await search.stop()


async def test_a_crash_between_commit_and_place(
    search: ArticleSearch, published: Redis, folder: Folder
) -> None:
    """Entries that are read twice change nothing."""
    total = (await search.find("小区")).total
    name = folder.current()
    folder.put_place(name, replace(folder.place(name) or Place(0), stream="0-0", added=0))
    stop = asyncio.Event()
    # The one that follows goes on from what it remembers; this one takes over from the file.
    folder_copy = Folder(folder.path.parent / "copy")
    shutil.copytree(folder.path, folder_copy.path, ignore=shutil.ignore_patterns("*.lock"))
    task = asyncio.create_task(Indexer(published, sample.SITE_ID, folder_copy).run(stop))
    opened = OpenIndex(folder_copy)

    async def read_again() -> bool:
        place = folder_copy.place(name)
        return place is not None and place.stream != "0-0"

    await until(read_again)
    await asyncio.sleep(0.03)
    assert opened.search("小区", WIDE, 0, 50).total == total
    stop.set()
    await task


async def test_many_processes_one_writer(published: Redis, redis_server: LocalRedis, tmp_path: Path) -> None:
    """Two servers share an index; when the indexer is killed another comes, and nothing is lost."""
    servers = [ArticleSearch(Mirror(published, sample.SITE_ID), tmp_path, redis_server.url) for _ in range(2)]
    for server in servers:
        await server.start()
    for server in servers:
        await ready(server)
    folder = Folder(tmp_path / sample.SITE_ID)
    assert len(list(folder.path.glob("*-*"))) == 1
    (child,) = _followers(folder)
    os.kill(child, signal.SIGKILL)
    await publish(published, article("late", "龙卷风预警", "。"))
    for server in servers:
        await ready(server, "龙卷风")
    await asyncio.gather(*(server.stop() for server in servers))
    assert _followers(folder) == []


def _followers(folder: Folder) -> list[int]:
    """Processes that index into this folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"portal.search.follow" in words and os.fsencode(folder.path) in words:
            found.append(int(path.parent.name))
    return found


def test_one_lock(tmp_path: Path) -> None:
    """One holder at a time; a deleted lock file is noticed by its holder."""
    first, second = Lock(Folder(tmp_path)), Lock(Folder(tmp_path))
    assert first.take() and not second.take() and first.take() and not first.lost()
    first.release()
    assert second.take()
    (tmp_path / "lock").unlink()
    assert second.lost()
    second.release()


def test_names_and_places(tmp_path: Path) -> None:
    """Whatever stands in the small files, a name is a name and a place is a place, or there is none."""
    folder = Folder(tmp_path)
    assert folder.current() == "" and folder.place("x") is None
    (tmp_path / "current").write_bytes(b"\xff../../etc\n")
    assert folder.current() == ""
    (tmp_path / "current").write_text("../12")
    assert folder.current() == ""
    folder.put_place("12-3", Place(1, "5-0", 7, 2))
    folder.take_over("12-3")
    assert folder.current() == "12-3" and folder.place("12-3") == Place(1, "5-0", 7, 2)
    for bad in ("", "{}", "[]", '{"schema": []}'):
        (tmp_path / "12-3" / "place.json").write_text(bad)
        assert folder.place("12-3") is None
    for old in ("1-1", "12-3"):
        (tmp_path / old).mkdir(exist_ok=True)
        os.utime(tmp_path / old, (0, 0))
    folder.tidy(1_000_000.0)
    assert (tmp_path / "12-3").exists() and not (tmp_path / "1-1").exists()


def test_a_seal_tells_how_the_files_are(tmp_path: Path) -> None:
    """Whole, gone, changed, newer; a merged segment that goes after a commit is no harm."""
    meta = tmp_path / "meta.json"
    meta.write_text('{"segments": [{"segment_id": "ab-cd"}]}')
    segment = tmp_path / "abcd.term"
    segment.write_bytes(b"12345678")
    seal = Seal(tmp_path)
    assert seal.check() is Soundness.WHOLE
    os.truncate(segment, 3)
    assert seal.check() is Soundness.CHANGED
    segment.unlink()
    assert seal.check() is Soundness.GONE
    meta.write_text('{"segments": []}  ')
    assert seal.check() is Soundness.NEWER
    meta.unlink()
    assert seal.check() is Soundness.GONE
    with pytest.raises(BrokenIndex):
        Seal(tmp_path)


def test_panics_are_one_error() -> None:
    """Errors of the engine become BrokenIndex; those that are ours do not."""

    class PanicException(BaseException):
        pass

    for error in (ValueError("x"), OSError("x"), PanicException("x")):
        with pytest.raises(BrokenIndex), guarded():
            raise error
    with pytest.raises(KeyboardInterrupt), guarded():
        raise KeyboardInterrupt
