"""Finding from a phone: the number box, the ways in, word search and its filters, in every markup."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from portal import codec
from portal.http.base import Context
from portal.model import LifeScene, Site, Step
from portal.search.files import Folder
from portal.search.finding import Finding
from portal.search.indexer import Indexer
from portal.search.opened import State
from portal.store import Keys
from tests import sample
from tests.portal.search.test_articles import HOSTILE
from tests.wap.conftest import NOW, PHONES, WAP_DTD, XHTML_DTD, Shown, ask, context_over, crawl, invalid
from tests.wap.test_bridge import HOST, asks, bridge
from tests.wap.test_journeys import Viewer
from wap.device import Markup, recognise
from wap.edition import Edition

SCENE = LifeScene(
    id="car", name="买车开车", words="考驾照 上牌", steps=(Step(("机动车注册登记", "机动车转让登记")), Step(("驾照",)))
)  # fmt: skip
KEYED = ("nokia3510i", "nokia2730", "w3m")
WORDS = quote("小区")


@pytest_asyncio.fixture
async def finding(redis_client: Redis, tmp_path: Path) -> AsyncIterator[Context]:
    """The sample with a life scene, and its index, whole."""
    await sample.publish(redis_client)
    key = Keys(sample.SITE_ID).of("site")
    site = codec.load(bytes(await redis_client.get(key) or b""), Site)
    await redis_client.set(key, codec.dump(replace(site, scenes=(SCENE,))))
    stop = asyncio.Event()
    keeper = asyncio.create_task(
        Indexer(redis_client, sample.SITE_ID, Folder(tmp_path / sample.SITE_ID)).run(stop)
    )
    context = context_over(redis_client)
    context = replace(context, finding=Finding(redis_client, context.mirror, tmp_path, "", NOW.date))
    await context.finding.start()
    for _ in range(600):
        answer = await context.finding.articles.find("小区")
        if answer.total and answer.state is State.READY:
            break
        await asyncio.sleep(0.05)
    assert answer.total
    yield context
    await context.finding.stop()
    stop.set()
    await keeper


@pytest.mark.parametrize("phone", KEYED)
async def test_by_access_keys_along_the_ways(phone: str, finding: Context) -> None:
    """0, then a life event or an office, then the matter; up again by links."""
    viewer = Viewer(finding, phone)
    await viewer.open("/wap/")
    box = await viewer.press("0")
    assert "2ABC" in box.words and "不用输字" in box.words
    scene = await viewer.press("11")
    assert "第 1 步，选一项" in scene.words or phone == "nokia3510i"
    assert "机动车转让登记" in scene.words
    assert (await viewer.press("1")).target == "/wap/i/matter02"
    await viewer.open(scene.target)
    assert (await viewer.follow("上一级")).target == "/wap/w/scene"
    assert (await viewer.follow("上一级")).target == "/wap/w"
    await viewer.follow("按单位找")
    await viewer.press("1")
    assert "去哪里" in (await viewer.press("2")).words


@pytest.mark.parametrize("phone", KEYED)
async def test_words_and_what_narrows_them(phone: str, finding: Context) -> None:
    """How many there are and how to have fewer; by column, by year; the words are marked."""
    viewer = Viewer(finding, phone)
    found = await viewer.open(f"/wap/s?q={WORDS}")
    assert "共 22 条" in found.words and "筛选" in found.words
    assert "private" in found.headers["Cache-Control"]
    assert "“小区”" in (await viewer.follow("筛选")).words
    await viewer.follow("按栏目")
    narrowed = await viewer.press("2")
    assert "共 5 条" in narrowed.words and "通知" in narrowed.words
    assert (await viewer.press("1")).target.startswith("/wap/i/news")
    pages = await viewer.open(f"/wap/s?q={WORDS}")
    seen = [link for link in pages.links() if "/i/" in link]
    while "下一页" in pages.words:
        pages = await viewer.follow("下一页")
        seen += [link for link in pages.links() if "/i/" in link]
    assert len(seen) == len(set(seen)) == 22


async def test_marked_words_and_the_next_best_name(finding: Context) -> None:
    """Snippets with the words in bold; a slip of the ear; names before articles; all in one box."""
    page = await ask(finding, PHONES["nokia2730"], f"/wap/s?q={quote('盲文阅览室')}")
    bold = [str(each.text) for each in page.root.xpath("//*[local-name()='b']")]
    assert "盲文" in bold or "阅览室" in bold
    missed = await ask(finding, PHONES["w3m"], f"/wap/s?q={quote('甲照幻政')}")
    assert "没有找到“甲照幻政”" in missed.words and "您是不是要找: 驾照换证" in missed.words
    names = await ask(finding, PHONES["w3m"], f"/wap/n?q={quote('驾照')}")
    assert names.keys()["1"] == "/wap/i/matter01" and names.keys()["#"].startswith("/wap/s/")
    anywhere = await ask(finding, PHONES["w3m"], f"/wap/n?q={quote('盲文')}")
    assert "共" in anywhere.words
    many = await ask(finding, PHONES["w3m"], "/wap/n?q=5")
    assert "共" in many.words or len(many.keys()) < 9


@pytest.mark.parametrize("name", PHONES)
async def test_every_page_of_finding_fits_and_is_valid(name: str, finding: Context, tmp_path: Path) -> None:
    """Each deck within the phone's limit, by its DTD."""
    phone, device = PHONES[name], recognise(PHONES[name])
    pages: list[Shown] = []
    for start in ("/wap/n", "/wap/w", f"/wap/s?q={WORDS}", f"/wap/n?q={quote('电梯')}", "/wap/n?q=59"):
        pages += await crawl(finding, phone, start, 12)
    found = [page for page in pages if page.target.startswith(("/wap/n", "/wap/w", "/wap/s"))]
    assert len({page.target for page in found}) >= 15
    assert all(page.status == 200 for page in found)
    assert all(len(page.body) <= device.deck_bytes for page in found if device.markup is not Markup.WML)
    if device.markup is not Markup.HTML:
        dtd = XHTML_DTD
        if device.markup is Markup.WML:
            dtd = WAP_DTD / ("wml11.dtd" if device.version == "1.1" else "wml13.dtd")
        assert invalid(found, dtd, tmp_path) == ""


async def test_w3m_shows_what_was_found(finding: Context, tmp_path: Path) -> None:
    """A text browser shows the hits and the field."""
    page = await ask(finding, PHONES["w3m"], f"/wap/s?q={WORDS}")
    file = tmp_path / "page.html"
    file.write_bytes(page.body)
    shown = subprocess.run(["w3m", "-dump", str(file)], capture_output=True, text=True, check=True).stdout
    assert "共 22 条" in shown and "1 城区第" in shown and "[查找]" in shown


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
async def test_whatever_is_typed_over_the_gateway(typed: str, finding: Context) -> None:
    """Hits or nothing found in a deck that the phone can hold, by GET and by POST."""
    octets = quote(typed.encode("utf-8", "surrogatepass")[:20_000])
    for path in ("n", "s"):
        reply = await bridge(finding).fetch(asks(f"{HOST}/wap/{path}?q={octets}"))
        assert reply.status == 200 and 0 < len(reply.body) <= 1_400
        body = f"q={octets}"[:3_000].encode()
        posted = await bridge(finding).fetch(asks(f"{HOST}/wap/{path}", "POST", body=body))
        assert posted.status == 200


async def test_nothing_searched_is_kept_ready(finding: Context) -> None:
    """A search is made anew each time: the index follows a publish a moment later."""
    edition = Edition(finding)
    for target in (f"/wap/s?q={WORDS}", "/wap/w/soon", "/wap/s/-"):
        first = await edition.answer(target, PHONES["w3m"])
        assert await edition.answer(target, PHONES["w3m"]) is not first
    first = await edition.answer("/wap/i/matter03", PHONES["w3m"])
    assert await edition.answer("/wap/i/matter03", PHONES["w3m"]) is first
    for _ in range(3):
        await edition.answer("/wap/i/matter03", PHONES["w3m"])
    await finding.finding.flush()
    assert (await finding.finding.most_wanted())[0] == "matter03"
