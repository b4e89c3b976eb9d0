"""Finding before a real browser: with arrows only, with digits only, with a keyboard, and with anything at all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from portal import codec
from portal.hant import in_hant
from portal.http.base import Context
from portal.local_redis import LocalRedis
from portal.model import Field, LifeScene, Matter, Step
from portal.search.asked import Asked
from portal.search.files import Folder
from portal.search.opened import State
from portal.store import Keys
from remote_nav.keymap import KEY_MAPS, Action
from tests import sample
from tests.browser import Viewer, serving, viewer
from tests.portal.search.test_articles import HOSTILE
from tests.site_graph import read

pytestmark = pytest.mark.asyncio(loop_scope="module")
BOXES = ["web-hd", "ipanel-sd"]
SCENE = LifeScene(
    id="car", name="买车开车", words="考驾照 上牌", steps=(Step(("机动车注册登记", "机动车转让登记")), Step(("驾照",)))
)  # fmt: skip


async def publish(redis: Redis) -> None:
    """The sample with identities and a life scene, and its change stream."""
    matters = [item for item in sample.items() if isinstance(item, Matter)]
    await sample.publish(redis, changed=())
    site = await sample.publish(
        redis, changed=tuple(replace(each, identities=("老年人",)) for each in matters)
    )
    keys = Keys(sample.SITE_ID)
    site = replace(site, scenes=(SCENE,), everyday=(Field("小车", "机动车"),))
    await redis.mset({keys.of("site"): codec.dump(site), keys.of("site", "hant"): codec.dump(in_hant(site))})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(
    redis_server: LocalRedis, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[str, Context]]:
    """The sample portal, served, its index whole."""
    redis = Redis.from_url(redis_server.url)
    await redis.flushall()
    await publish(redis)
    folder = tmp_path_factory.mktemp("index")
    async with serving(redis_server.url, sample.SITE_ID, indexed=True, data_dir=folder) as (address, context):
        for _ in range(600):
            answer = await context.finding.articles.find("小区")
            if answer.state is State.READY and answer.total:
                break
            await asyncio.sleep(0.1)
        assert answer.total
        yield address, context
    await redis.aclose()


async def watch(browser: Browser, served: tuple[str, Context], profile: str) -> Viewer:
    """A viewer at the home page of a box."""
    keys = KEY_MAPS[profile]
    codes = {action.value: code for action in Action if (code := keys.code(action)) is not None}
    someone = await viewer(browser, profile.rpartition("-")[2], codes)
    await someone.open(f"{served[0]}/tv/{profile}/")
    return someone


async def get(address: str, path: str) -> HTTPResponse:
    """A page, wherever it leads."""
    return await AsyncHTTPClient(max_header_size=2_000_000).fetch(f"{address}{path}", raise_error=False)


@pytest.mark.parametrize(
    ("profile", "way", "item", "said"),
    [("web-hd", "scene", "matter02", "到哪里办"), ("ipanel-sd", "unit", "unit01", "管什么事")],
)
async def test_by_topic_with_arrows_only(
    browser: Browser, served: tuple[str, Context], profile: str, way: str, item: str, said: str
) -> None:
    """No digit is pressed and no word typed: along a way to an item, and back to what one came from."""
    tv = await watch(browser, served, profile)
    steps = ["number", "way", way]
    for step in steps:
        await tv.choose(step)
    first = str(await tv.page.locator("a.row, a.tile").first.get_attribute("id"))
    for step in (first, item):
        await tv.choose(step)
    assert said in await tv.text()
    for before in (item, first, way, "way"):
        await tv.press("back")
        assert await tv.focus() == before
    await tv.page.context.close()


@pytest.mark.parametrize("profile", BOXES)
async def test_a_licence_with_four_presses(
    browser: Browser, served: tuple[str, Context], profile: str
) -> None:
    """0 5 9 OK: the everyday name that was meant stands before the official one, with how many there are."""
    tv = await watch(browser, served, profile)
    for key in ("0", "5", "9"):
        await tv.press(key)
    hit = await tv.page.locator("#matter01").inner_text()
    assert hit.startswith("驾照") and "期满换证" in hit
    assert "共" in await tv.text() and "JKL" in await tv.text()
    await tv.press("ok")
    assert "到哪里办" in await tv.text()
    await tv.page.context.close()


@pytest.mark.parametrize("profile", BOXES)
async def test_words_with_digits_only(browser: Browser, served: tuple[str, Context], profile: str) -> None:
    """小区 is 9 7: the words that these digits mean are offered, what is found is counted and narrowed."""
    tv = await watch(browser, served, profile)
    await tv.open(f"{served[0]}/tv/{profile}/s")
    for key in ("9", "7"):
        await tv.press(key)
    assert "小区" in await tv.page.locator("#word0").inner_text()
    await tv.press("ok")
    assert "共 22 条" in await tv.text() and "筛选" in await tv.text()
    marked = await tv.page.locator("a.row b").all_inner_texts()
    assert "小区" in marked
    await tv.press("6")
    await tv.choose("column")
    said = await tv.text()
    assert "通知" in said and "要闻" in said
    await tv.press("2")
    assert "共 5 条" in await tv.text()
    await tv.press("1")
    await tv.press("back")
    await tv.press("back")
    assert "/s" in tv.page.url and await tv.focus() == "k5"
    await tv.page.context.close()


async def test_words_with_a_keyboard(browser: Browser, served: tuple[str, Context]) -> None:
    """The field takes letters, digits and its own Backspace; OK sends it; arrows leave it."""
    tv = await watch(browser, served, "web-hd")
    await tv.open(f"{served[0]}/tv/web-hd/s")
    await tv.steer("q")
    await tv.page.keyboard.type("电x梯2")
    await tv.page.keyboard.press("Backspace")
    await tv.page.keyboard.press("ArrowDown")
    assert await tv.focus() != "q"
    await tv.steer("q")
    assert await tv.page.input_value("#q") == "电x梯"
    await tv.page.fill("#q", "加装电梯")
    await tv.press("ok")
    assert "“加装电梯”" in await tv.text() and "共" in await tv.text()
    await tv.page.context.close()


@pytest.mark.parametrize("edition", ["web-hd", "ipanel-sd.large", "hbbtv-hd.en", "tizen-fhd.zh-Hant"])
async def test_every_page_is_proved(served: tuple[str, Context], edition: str) -> None:
    """Every page that finding makes passes its proof (what does not is an error here), and its links lead on."""
    seen = {"n", "n/5", "n/59", "n/000", "s", f"s/{Asked('小区').token}", f"s/{Asked('没有的词').token}"}
    queue, root = sorted(seen), f"/tv/{edition}/"
    for path in queue:
        answer = await get(served[0], root + path)
        assert answer.code == 200, path
        for link in read(root + path, answer.body).links.values():
            inner = link.removeprefix(root).partition("?")[0]
            if (
                inner.startswith(("w", "s/"))
                and inner not in seen
                and inner.count("/") < 3
                and ".d-" not in inner
            ):
                seen.add(inner)
                queue.append(inner)
    assert len([path for path in seen if path.startswith("w")]) > 8
    assert len([path for path in seen if ".m-" in path]) > 3


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
async def test_whatever_is_typed(served: tuple[str, Context], typed: str) -> None:
    """Hits or nothing found, and never an error page: in the field, as digits, on the phone."""
    octets = quote(typed.encode("utf-8", "surrogatepass")[:250_000])[:1_000_000]
    for path in ("/tv/web-hd/s?q=", "/wap/s?q=", "/wap/n?q=", "/wap/en/n?p=9&q="):
        answer = await get(served[0], path + octets)
        assert answer.code == 200, (path, answer.code)
    digits = "".join(char for char in typed if char.isdigit() and char.isascii()) or "59" * 500_000
    answer = await get(served[0], f"/tv/ipanel-sd/n/{digits}")
    assert answer.code == 200


@pytest.mark.parametrize(
    "octets", ["%ff%fe", "%ed%a0%80", "%00", "a%0d%0ab", "%", "q&q&q=x", "&" * 400 + "q=x", "%CD%A3%CB%AE"]
)
async def test_octets_that_are_no_text(served: tuple[str, Context], octets: str) -> None:
    """Broken UTF-8, controls, GBK, fields without end."""
    for path in ("/tv/web-hd/s?f=%ff&q=", "/wap/s?q=", "/wap/n?q="):
        assert (await get(served[0], path + octets)).code == 200


async def test_while_the_index_is_prepared(served: tuple[str, Context], redis_server: LocalRedis) -> None:
    """Search says so, in both editions; numbers and topics work as ever."""
    async with serving(redis_server.url, sample.SITE_ID) as (address, _):
        for path in (
            f"/tv/web-hd/s/{Asked('小区').token}",
            "/tv/web-hd/w/soon",
            "/wap/s?q=%E5%B0%8F%E5%8C%BA",
            "/wap/w/soon",
        ):
            answer = await get(address, path)
            assert answer.code == 200 and "搜索正在准备" in answer.body.decode(), path
        for path in ("/tv/web-hd/w/hot", "/tv/web-hd/n/59", "/wap/w/hot", "/wap/n?q=59"):
            assert "机动车驾驶证期满换证" in (await get(address, path)).body.decode()


@pytest.mark.parametrize("harm", ["delete", "shorten"])
async def test_while_a_broken_index_is_mended(served: tuple[str, Context], harm: str) -> None:
    """Its files go, or are cut short, under the server: search says so, browsing goes on, all is well again."""
    address, context = served
    folder = Folder(context.settings.data_dir / "index" / sample.SITE_ID)
    before = folder.current()
    for path in (folder.path / before).iterdir():
        if harm == "delete":
            path.unlink()
        else:
            os.truncate(path, path.stat().st_size // 3)
    await asyncio.sleep(0.05)
    searches = (f"/tv/web-hd/s/{Asked('小区').token}", "/wap/s?q=%E5%B0%8F%E5%8C%BA")
    said = [(await get(address, path)).body.decode() for path in searches]
    # What was deleted is read on from what is open; what was written over must not be touched.
    for page in said if folder.current() == before else ():
        assert "搜索正在准备" in page and ("城区第" in page) == (harm == "delete")
    whole = False
    for _ in range(600):
        for path in ("/tv/web-hd/", "/wap/c/310", "/tv/web-hd/n/59", "/wap/w/hot", *searches):
            assert (await get(address, path)).code == 200, path
        whole = (await context.finding.articles.find("小区")).state is State.READY
        if whole:
            break
    assert whole and folder.current() != before
    for path in searches:
        assert "共 22 条" in (await get(address, path)).body.decode()


async def test_what_is_opened_is_wanted(served: tuple[str, Context]) -> None:
    """Openings on either edition are counted, and decide what comes first; nobody stands in the counts."""
    address, context = served
    for _ in range(3):
        await get(address, "/tv/web-hd/n/2002/matter03")
        await get(address, "/wap/i/matter03")
    await context.finding.flush()
    assert (await context.finding.most_wanted())[0] == "matter03"
    assert await context.number_box.find("5")
