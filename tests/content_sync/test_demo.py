"""The demo city mirrored, well and ill, and syncs that are killed."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from content_sync import review
from content_sync import site as sites
from content_sync.report import Outcome
from content_sync.service import make_run
from content_sync.site import SiteFile
from demo.faults import Fault, Wrong
from portal.local_redis import LocalRedis
from portal.model import Disclosure, Interview, Kind, Matter, Unit
from portal.store import Mirror
from tests.content_sync.conftest import DemoOrigin, Sync

PROJECT = Path(__file__).parents[2]
Cut = Callable[[SiteFile, set[str]], SiteFile]

# One column of each CMS of the city.
KEEP = {"minsheng", "bumen", "jiedu", "danwei", "yibao", "caizheng", "zhengji"}


def demo_site(origin: DemoOrigin) -> SiteFile:
    return sites.load(PROJECT / "demo" / "site.toml", origin.home)


@pytest.fixture
def small(demo: DemoOrigin, without_columns: Cut, redis_client: Redis) -> Sync:
    """A part of the city, one of each kind of page."""
    site = without_columns(demo_site(demo), KEEP)
    fetch = replace(site.fetch, timeout=3.0, tries=1)
    return Sync(replace(site, fetch=fetch), redis_client)


async def test_the_city_is_mirrored_whole(demo: DemoOrigin, redis_client: Redis) -> None:
    sync = Sync(demo_site(demo), redis_client)
    report = await sync.run()
    assert report.error == "" and report.columns == {}
    troubles = [
        note for note in report.notes if note.outcome in (Outcome.QUARANTINED, Outcome.FAILED, Outcome.HELD)
    ]
    assert troubles == []
    site = await sync.mirror.site()
    assert [column.id for column in site.columns if not column.count and not column.page] == []
    kinds: dict[type, int] = {}
    for column in site.columns:
        for head in (await sync.mirror.listing(column.id, 0, 1000)).heads:
            if head.columns[0] == column.id:
                item = await sync.mirror.item(head.id)
                kinds[type(item)] = kinds.get(type(item), 0) + 1
                assert item.title and head.title == item.title
                if isinstance(item, Matter):
                    assert item.unit_id, f"{item.title} names {item.unit}"
                    assert (await sync.mirror.item(item.unit_id)).title
    assert kinds[Matter] >= 300 and kinds[Unit] >= 60 and kinds[Disclosure] >= 40 and kinds[Interview] >= 4
    again = await sync.run()
    assert not again.changed and again.well
    assert again.requests == again.not_modified == again.columns_asked


async def test_pictures_come_small_and_safe(small: Sync) -> None:
    await small.run()
    head = next(head for head in (await small.mirror.listing("minsheng", 0, 60)).heads if head.picture)
    picture = await small.mirror.media(head.picture)
    assert picture.mime in ("image/jpeg", "image/png")
    assert 40 <= picture.width <= 1280 and 40 <= picture.height <= 720
    item = await small.mirror.item(head.id)
    assert item.images[0].media == head.picture and item.images[0].width == picture.width


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(Wrong.STATUS, status=500), "answers 500"),
        (Fault(Wrong.STATUS, status=412), "wall answers 412"),
        (Fault(Wrong.SLOW, seconds=5.0), "did not answer whole within 3 s"),
        (Fault(Wrong.SOFT404), "soft 404"),
        (Fault(Wrong.TRUNCATED), "before its end"),
        (Fault(Wrong.HUGE), "longer than"),
        (Fault(Wrong.REDIRECTS), "redirects"),
    ],
)
@pytest.mark.parametrize("prefix", ["/xwzx/bmdt/index.html", "/xwzx/bmdt/2"])
async def test_a_fault_leaves_yesterdays_and_says_why(
    small: Sync, demo: DemoOrigin, fault: Fault, said: str, prefix: str
) -> None:
    """The prefixes are the list of one column, and its articles."""
    only = replace(
        small.site, sources=tuple(each for each in small.site.sources if each.column.id in ("news", "bumen"))
    )
    small.site = replace(only, sources=tuple(replace(each, limit=6) for each in only.sources))
    await small.run()
    before = [head.version for head in (await small.mirror.listing("bumen", 0, 99)).heads]
    assert len(before) >= 6
    demo.faults.set(prefix, fault)
    small.clock.forward(40 * 86_400)
    # A page that has not changed is answered without a body, which cannot be cut or swollen.
    report = await small.run(full=fault.wrong in (Wrong.TRUNCATED, Wrong.HUGE))
    reasons = " ".join([*report.columns.values(), *(note.reason for note in report.notes)])
    assert said in reasons and report.exit_code == 3
    after = (await small.mirror.listing("bumen", 0, 99)).heads
    assert [head.version for head in after] == before
    demo.faults.clear()
    small.clock.forward(86_400)
    assert (await small.run()).well


async def test_a_redesign_is_noticed(small: Sync, demo: DemoOrigin) -> None:
    await small.run()
    before = await small.titles("bumen")
    demo.faults.set("/xwzx/bmdt/", Fault(Wrong.REDESIGN))
    small.clock.forward(40 * 86_400)
    report = await small.run()
    assert await small.titles("bumen") == before
    assert report.generation_before >= 1


async def test_deletions_of_a_third_are_proved_one_by_one(small: Sync, demo: DemoOrigin) -> None:
    await small.run()
    before = await small.titles("bumen")
    demo.faults.set("/xwzx/bmdt/2", Fault(Wrong.DELETIONS, share=0.1))
    for _ in range(3):
        small.clock.forward(8 * 86_400)
        report = await small.run()
    after = await small.titles("bumen")
    assert 0 < len(before) - len(after) <= 0.3 * len(before)
    assert report.columns == {}


async def test_most_of_a_long_list_stays_until_a_person_agrees(small: Sync, demo: DemoOrigin) -> None:
    """However often the list is looked at: its first page alone would not show how much has vanished."""
    await small.run()
    before = await small.titles("bumen")
    demo.faults.set("/xwzx/bmdt/2", Fault(Wrong.DELETIONS, share=0.6))
    for _ in range(4):
        small.clock.forward(600)
        report = await small.run()
        assert "vanished from the list at once" in report.columns["bumen"]
        assert await small.titles("bumen") == before
    run = make_run(small.site, small.redis, clock=small.clock)
    assert list(await review.vanishing(run)) == ["bumen"]
    await review.agree(run, "bumen", "王芳")
    assert await review.vanishing(run) == {}
    run.close()
    for _ in range(3):
        small.clock.forward(600)
        await small.run()
    after = await small.titles("bumen")
    assert len(set(before) - set(after)) > 0.3 * len(before)


async def test_wrong_declarations_change_nothing(small: Sync, demo: DemoOrigin) -> None:
    await small.run()
    demo.faults.set("/", Fault(Wrong.CHARSET))
    report = await small.run(full=True)
    assert report.total(Outcome.CHANGED) == 0 and report.total(Outcome.QUARANTINED) == 0


async def test_injected_spam_is_held(small: Sync, demo: DemoOrigin) -> None:
    await small.run()
    before = [head.version for head in (await small.mirror.listing("bumen", 0, 99)).heads]
    demo.faults.set("/xwzx/bmdt/2", Fault(Wrong.SPAM))
    small.clock.forward(40 * 86_400)
    await small.run()
    after = [head.version for head in (await small.mirror.listing("bumen", 0, 99)).heads]
    assert after == before


def _environment(demo: DemoOrigin, redis: LocalRedis, folder: Path, site: Path) -> dict[str, str]:
    return {
        **os.environ, "SITE": str(site), "SITE_HOME": demo.home, "REDIS_URL": redis.url, "DATA_DIR": str(folder),
    }  # fmt: skip


def _start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "content_sync", "run", *arguments],
        cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


async def _ended(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    out, err = await asyncio.to_thread(process.communicate, timeout=60)
    return process.returncode, out.decode(), err.decode()


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    """A site file on disk with some columns of the city."""
    text = (PROJECT / "demo" / "site.toml").read_text(encoding="utf-8")
    head, *columns = text.split("\n[[column]]\n")
    kept = [
        column for column in columns if any(f'id = "{name}"' in column for name in ("news", "bumen", "jiedu"))
    ]
    path = tmp_path / "site.toml"
    path.write_text("\n[[column]]\n".join([head, *kept]), encoding="utf-8")
    shutil.copy(PROJECT / "demo" / "travel.toml", tmp_path)
    return path


async def test_killed_at_any_moment_readers_see_whole_generations(
    demo: DemoOrigin, redis_server: LocalRedis, redis_client: Redis, tmp_path: Path, site_file: Path
) -> None:
    environment = _environment(demo, redis_server, tmp_path, site_file)
    mirror = Mirror(redis_client, "qinglan")
    chance = random.Random(7)
    killed = 0
    for _ in range(6):
        process = _start(environment, "--once", "--full")
        await asyncio.sleep(0.5 + chance.random() * 1.2)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        await _ended(process)
        raw = await redis_client.get("sg:{qinglan}:generation")
        if raw is None:
            continue
        site = await mirror.site()
        assert site.generation == int(raw)
        for column in site.columns:
            heads = (await mirror.listing(column.id, 0, 1000)).heads
            if column.kind is Kind.ARTICLE and not site.children(column.id):
                assert len(heads) == column.count
            for head in heads:
                assert (await mirror.item(head.id)).title == head.title
    assert killed
    code, out, err = await _ended(_start(environment, "--once"))
    assert code == 0 and not _wrong(err), out + err
    site = await mirror.site()
    assert all(column.count for column in site.columns if not column.page)


def _wrong(err: str) -> list[str]:
    """What a pass complained of; a slow machine also tells how far it is."""
    return [line for line in err.splitlines() if not line.startswith(("lists:", "pages:"))]


async def test_the_command_repeats_and_stops_cleanly(
    demo: DemoOrigin, redis_server: LocalRedis, redis_client: Redis, tmp_path: Path, site_file: Path
) -> None:
    environment = _environment(demo, redis_server, tmp_path, site_file) | {"SYNC_EVERY": "1"}
    process = _start(environment)
    for _ in range(600):
        await asyncio.sleep(0.1)
        if len(list((tmp_path / "reports").glob("*.json")) if (tmp_path / "reports").exists() else []) >= 2:
            break
    process.send_signal(signal.SIGTERM)
    code, out, err = await _ended(process)
    assert code == 0 and "published" in out and "nothing changed" in out, err
    assert (tmp_path / "report.json").exists()
    assert await redis_client.get("sg:{qinglan}:sync:lock") is None


async def test_the_command_starts_its_own_redis(demo: DemoOrigin, tmp_path: Path, site_file: Path) -> None:
    environment = _environment(demo, LocalRedis(tmp_path), tmp_path, site_file) | {"REDIS_URL": ""}
    code, out, err = await _ended(_start(environment, "--once"))
    assert code == 0 and not _wrong(err) and "generation 1 published" in out, err
    server = LocalRedis(tmp_path / "redis")
    server.start()
    try:
        code, out, err = await _ended(_start(environment, "--once"))
        assert code == 0 and "nothing changed, generation 1 stands" in out, err
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--site", "/nowhere.toml"], "cannot be read"), (["--sight", "x"], "unrecognized arguments")],
)
async def test_wrong_use(
    demo: DemoOrigin,
    redis_server: LocalRedis,
    tmp_path: Path,
    site_file: Path,
    arguments: list[str],
    said: str,
) -> None:
    code, _, err = await _ended(_start(_environment(demo, redis_server, tmp_path, site_file), *arguments))
    assert code == 2 and said in err
