"""The way in through an operator's portal, and the ways back out: never anywhere else."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import quote

import pytest
import pytest_asyncio
from lxml import html
from playwright.async_api import Browser
from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from portal.local_redis import LocalRedis
from portal.model import Kind, Notice
from remote_nav.keymap import KEY_MAPS, Action
from remote_nav.profile import PROFILES
from stb_app.exits import EXITS
from tests import sample
from tests.browser import SCREENS, Viewer, serving, viewer
from tests.rendered import faults, look

pytestmark = pytest.mark.asyncio(loop_scope="module")

TABLE = """
[[operator]]
name = "cable"
title = "青澜广电"
card = ["smartcardId"]
area = "areaCode"
back = "backUrl"
exit = "return"
home = "http://127.0.0.1:{port}/portal/home"
allow = ["http://127.0.0.1:{port}/portal/"]
[operator.returns]
life = "http://127.0.0.1:{port}/portal/life"
[operator.areas]
0201 = "城东区"
[[operator.service]]
name = "宽带业务"
address = "http://127.0.0.1:{port}/portal/broadband"
"""


class PortalPage(RequestHandler):
    """A page of the operator's portal."""

    def get(self, path: str) -> None:
        """Say which."""
        self.write(f"<html><body>PORTAL {path}</body></html>")


async def get(address: str, agent: str = "Mozilla/5.0 (X11; Linux x86_64) Chrome/120") -> HTTPResponse:
    """A request that follows nothing."""
    return await AsyncHTTPClient().fetch(
        address, headers={"User-Agent": agent}, follow_redirects=False, raise_error=False
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def towers(
    redis_server: LocalRedis, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[str, str]]:
    """Our server with a table of operators, and the portal of one of them: their addresses."""
    redis = Redis.from_url(redis_server.url)
    await redis.flushall()
    await sample.publish(redis)
    operator = HTTPServer(Application([(r"/portal/(.*)", PortalPage)]))
    (socket, *_) = sockets = bind_sockets(0, "127.0.0.1")
    operator.add_sockets(sockets)
    port = socket.getsockname()[1]
    table = tmp_path_factory.mktemp("operators") / "operators.toml"
    ways = "".join(
        f'\n[[operator]]\nname = "way-{name}"\ntitle = "{name}"\nexit = "{name}"\nhome = "http://127.0.0.1:{port}/portal/{name}"\n'
        for name in EXITS
    )
    table.write_text(TABLE.replace("{port}", str(port)) + ways)
    async with serving(redis_server.url, sample.SITE_ID, operators=table) as (address, _):
        yield address, f"http://127.0.0.1:{port}/portal"
    operator.stop()
    await operator.close_all_connections()
    await redis.aclose()


async def test_the_way_in(towers: tuple[str, str], caplog: pytest.LogCaptureFixture) -> None:
    """Area and return address are kept as far as the table knows them; the card is neither kept nor logged."""
    portal, theirs = towers
    caplog.set_level(logging.DEBUG)
    query = f"operator=cable&smartcardId=8100200300&areaCode=0201&backUrl={quote(theirs + '/x?y=1')}"
    answer = await get(f"{portal}/tv/?{query}")
    place = answer.headers["Location"]
    assert answer.code == 302 and place.startswith("/tv/web-hd.o-cable.a-0201.r-0_")
    home = await get(portal + place)
    assert home.code == 200
    assert "8100200300" not in place + home.body.decode() + str(home.headers) + caplog.text
    for query, kept in (
        ("operator=cable&areaCode=9999", "/tv/web-hd.o-cable/"),
        ("operator=cable&backUrl=life", "/tv/web-hd.o-cable.r-life/"),
        ("operator=cable&backUrl=http://evil.example/", "/tv/web-hd.o-cable/"),
        ("operator=nobody&backUrl=http://evil.example/", "/tv/web-hd/"),
    ):
        assert (await get(f"{portal}/tv/?{query}")).headers["Location"] == kept


async def test_an_operator_that_is_gone(towers: tuple[str, str]) -> None:
    """Its viewers see the same pages without it; its ways out are no more."""
    portal, _ = towers
    answer = await get(f"{portal}/tv/web-hd.o-gone.a-1.r-x/")
    assert answer.code == 200 and b"o-gone" not in answer.body
    assert (await get(f"{portal}/tv/web-hd.o-gone/leave")).code == 404
    assert (await get(f"{portal}/tv/web-hd/services")).code == 404


async def test_no_open_redirect(towers: tuple[str, str]) -> None:
    """The way out leads into the operator's own portal, whatever the address says."""
    portal, theirs = towers
    for way, to in (
        ("", "/home"),
        (".r-life", "/life"),
        (".r-0_Ly9ldmlsLmV4YW1wbGU", "///evil.example"),
        (".r-9_eA", "/home"),
    ):
        answer = await get(
            f"{portal}/tv/web-hd.o-cable{way}/leave?backUrl=http://evil.example/&to=//evil.example"
        )
        assert (answer.code, answer.headers["Location"]) == (302, theirs + to)


async def watch(browser: Browser, address: str, profile: str = "web-hd") -> Viewer:
    """A viewer before a page."""
    keys = KEY_MAPS[profile]
    codes = {action.value: code for action in Action if (code := keys.code(action)) is not None}
    someone = await viewer(browser, profile.rpartition("-")[2], codes)
    await someone.open(address)
    return someone


async def test_back_on_the_home_page(browser: Browser, towers: tuple[str, str]) -> None:
    """Back, the button and (where there is one) the exit key all give the screen back."""
    portal, theirs = towers
    tv = await watch(browser, f"{portal}/tv/?operator=cable&backUrl={quote(theirs + '/from/here')}")
    await tv.press("back")
    assert tv.page.url == f"{theirs}/from/here"
    await tv.open(f"{portal}/tv/web-hd.o-cable/")
    await tv.choose("to_leave")
    assert tv.page.url == f"{theirs}/home"
    await tv.page.context.close()
    tv = await watch(browser, f"{portal}/tv/ipanel-sd.o-cable.r-life/c/310", "ipanel-sd")
    await tv.press("exit")
    assert tv.page.url == f"{theirs}/life"
    await tv.page.context.close()


async def test_the_operators_services(browser: Browser, towers: tuple[str, str]) -> None:
    """A page of their own, from home and back, and out by OK or digit."""
    portal, theirs = towers
    tv = await watch(browser, f"{portal}/tv/web-hd.o-cable/")
    await tv.choose("to_services")
    assert "宽带业务" in await tv.text() and "青澜广电" in await tv.text()
    await tv.press("back")
    assert await tv.focus() == "to_services"
    await tv.press("ok")
    await tv.press("1")
    assert tv.page.url == f"{theirs}/broadband"
    await tv.page.context.close()
    assert "to_services" not in (await get(f"{portal}/tv/web-hd.o-way-close/")).body.decode()


MIDDLEWARE = {
    "ipanel": "window.iPanel = {eventFrame: {portal_url: 'PORTAL/ipanel'}};",
    "iptv": "window.Authentication = {CTCGetConfig: function (name) { return 'PORTAL/' + name; }};",
}


@pytest.mark.parametrize(("way", "to"), [("top", "/top"), ("ipanel", "/ipanel"), ("iptv", "/EPGDomain")])
async def test_middleware_that_opens_a_page(
    browser: Browser, towers: tuple[str, str], way: str, to: str
) -> None:
    """Each way of the closed list does what its name says, on a box that has it."""
    portal, theirs = towers
    tv = await viewer(browser, "hd", {})
    await tv.page.add_init_script(MIDDLEWARE.get(way, "").replace("PORTAL", theirs))
    await tv.page.goto(f"{portal}/tv/web-hd.o-way-{way}/leave", wait_until="commit")
    await tv.page.wait_for_url(theirs + to)
    await tv.page.context.close()


async def test_history_leads_before_our_first_page(browser: Browser, towers: tuple[str, str]) -> None:
    """However many pages of ours were read."""
    portal, theirs = towers
    opener = await viewer(browser, "hd", {"back": 8})
    async with opener.page.expect_popup() as opened:
        # A window that begins with the portal, as a box's does.
        await opener.page.evaluate(f"window.open('{theirs}/start') && 0")
    tv = Viewer(await opened.value, opener.codes)
    await tv.page.wait_for_load_state("load")
    for path in ("", "c/300", "c/310", ""):
        await tv.open(f"{portal}/tv/web-hd.o-way-history/{path}")
    await tv.press("back")
    await tv.page.wait_for_url(f"{theirs}/start")
    await tv.page.context.close()


async def test_middleware_that_ends_the_application(browser: Browser, towers: tuple[str, str]) -> None:
    """HbbTV's application manager and Tizen's application are asked to end it; a receiver needs no operator."""
    portal, _ = towers
    tv = await viewer(browser, "hd", {})
    await tv.page.add_init_script(
        """window.done = [];
        window.tizen = {application: {getCurrentApplication: () => ({exit: () => window.done.push('tizen')})}};
        Object.getPrototypeOf(document.createElement('object')).getOwnerApplication = () => ({
          show: () => 0, privateData: {keyset: {setValue: () => 0}}, destroyApplication: () => window.done.push('hbbtv')});"""
    )
    for edition, done in (
        ("hbbtv-hd", "hbbtv"),
        ("hbbtv-hd.o-way-hbbtv", "hbbtv"),
        ("tizen-fhd.o-way-tizen", "tizen"),
    ):
        await tv.page.goto(f"{portal}/tv/{edition}/leave")
        assert await tv.page.evaluate("window.done") == [done]
    await tv.page.context.close()


@pytest.mark.parametrize("way", sorted(set(EXITS) - {"return", "top", "close", "history"}))
async def test_where_the_box_does_nothing(browser: Browser, towers: tuple[str, str], way: str) -> None:
    """No error, a sentence that says how to go on, and a way back in."""
    portal, _ = towers
    tv = await viewer(browser, "hd", {**{"ok": 13}})
    errors: list[str] = []
    tv.page.on("pageerror", lambda error: errors.append(str(error)))
    await tv.open(f"{portal}/tv/hbbtv-hd.o-way-{way}/leave")
    assert "正在退出" in await tv.text() and await tv.focus() == "home"
    await tv.press("ok")
    assert tv.page.url == f"{portal}/tv/hbbtv-hd.o-way-{way}/" and not errors
    await tv.page.context.close()


async def looks_right(browser: Browser, portal: str, notice: str) -> None:
    """The home page at its fullest, and the operator's pages, stand where their layout put them."""
    found: list[str] = []
    for edition in (
        "web-hd",
        "web-hd.large",
        "hbbtv-hd.en.large",
        "ipanel-sd",
        "ipanel-sd.en.large",
        "tizen-fhd",
    ):
        profile = PROFILES[edition.partition(".")[0]]
        width, height = SCREENS[profile.size]
        context = await browser.new_context(viewport={"width": width, "height": height})
        page = await context.new_page()
        for path in ("", "services"):
            answer = await page.goto(f"{portal}/tv/{edition}.o-cable.a-0201/{path}")
            assert answer is not None and len(await answer.body()) <= 12_000, (edition, path)
            found += [f"{edition}/{path}: {fault}" for fault in faults(await look(page), profile.area)]
            if not path:
                ids = set(await page.evaluate("Object.keys(P.m)"))
                assert {notice, "to_services", "to_leave", "number", "help", "large", "lang"} <= ids
                cut = await page.evaluate("[...document.querySelectorAll('.button')].map(e => e.innerText)")
                assert not [each for each in cut if "…" in each], (edition, cut)
        await context.close()
    assert not found, "\n".join(found)


async def test_the_area_decides_whose_notice_comes_first(
    browser: Browser, towers: tuple[str, str], redis_server: LocalRedis
) -> None:
    """A household of the area sees its own notice, everybody else the newest."""
    redis = Redis.from_url(redis_server.url)
    known = sample.COLUMNS
    changed = tuple(
        replace(column, kind=Kind.NOTICE) if column.id == "notices" else column for column in known
    )
    there = [
        Notice(id=f"area{at}", url=f"http://o/a{at}", title=title, columns=("notices",), published=f"2026-11-22 1{at}:00",
               area=area, valid_from="2026-11-22 18:00", valid_until="2026-11-23 06:00")
        for at, (title, area) in enumerate((("城东停水", "城东区江南大道"), ("城西停电", "城西区")))
    ]  # fmt: skip
    sample.COLUMNS = changed
    try:
        await sample.publish(redis, changed=tuple(there))
        portal, _ = towers
        await looks_right(browser, portal, "area0")
        for edition, first in (
            ("web-hd.o-cable.a-0201", "area0"),
            ("web-hd.zh-Hant.o-cable.a-0201", "area0"),
            ("web-hd.o-cable", "area1"),
        ):
            page = html.fromstring((await get(f"{portal}/tv/{edition}/")).body)
            assert page.xpath("//a/@id")[0] == first
    finally:
        sample.COLUMNS = known
        await redis.aclose()
