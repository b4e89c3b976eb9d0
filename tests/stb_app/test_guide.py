"""On the go and cases on a television: every page proved, walked with six keys, at every size."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from lxml import html
from playwright.async_api import Browser
from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from portal.cases import CaseDesk
from portal.http.base import Context
from portal.local_redis import LocalRedis
from portal.model import Case
from portal.store import Keys
from portal.travel import now
from remote_nav.keymap import KEY_MAPS
from stb_app import handlers
from tests import guide_sample, sample
from tests.browser import chromium, serving, viewer

EDITIONS = (
    "web-hd",
    "web-hd.large",
    "ipanel-sd",
    "ipanel-sd.large",
    "ipanel-sd.en.large",
    "tizen-fhd",
    "hbbtv-hd.zh-Hant",
)
PAGES = (
    "c/888", "g", *(f"g/{key}" for key, _, _ in now.TOPICS), "g/lines/2", "g/show/2", "g/show.visa", "g/today.hospital",
    "g/closed.library", "g/away.elsewhere-doctor", "g/lost.lost-id", "g/take", "g/away/1/matter01", "c/482", "case", "case/12",
    "case/2026", "case/202611040410", "case/999999999999", "case/20261234?k=", "case/20261234?k=123",
    "case/20261234?k=123456", "case/20261234?k=654321", "case/20261234/case0001", "c/481", "c/481/1/case0001",
    "c/490/1/unit01", "c/490/1/unit01/9", "c/411/1/matter01/1/u/unit01/9", "c/411/1/matter01/1/p",
)  # fmt: skip


async def origin(number: str, code: str) -> Case | None:
    """Knows one case."""
    found = Case(id="c", url="u", title="取水许可", matter="取水许可", state="审查", applicant="王**",
                 case_no="QL20261234", unit="市水利局", content="年取水量1.8万立方米" * 20)  # fmt: skip
    return found if (number, code) == ("20261234", "123456") else None


def with_cases(context: Context, redis: Redis) -> Context:
    return replace(context, cases=CaseDesk(redis, Keys(sample.SITE_ID), origin, 6))


@pytest_asyncio.fixture
async def portal(
    redis_server: LocalRedis,
    redis_client: Redis,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> AsyncIterator[str]:
    """The sample portal with its guide, served; a page that is not proved is an error. With an index where
    a browser looks for a case."""
    await guide_sample.publish(redis_client)
    real = handlers.routes
    monkeypatch.setattr(handlers, "routes", lambda context: real(with_cases(context, redis_client)))
    indexed = "browser" in request.fixturenames
    async with serving(redis_server.url, sample.SITE_ID, indexed=indexed) as (address, _):
        yield address


async def get(address: str) -> HTTPResponse:
    return await AsyncHTTPClient().fetch(address, follow_redirects=False, raise_error=False)


@pytest.mark.parametrize("edition", EDITIONS)
async def test_every_page_is_proved(portal: str, edition: str) -> None:
    """Served strictly: whatever cannot be reached, left or seen whole fails here. Codes are kept by nobody."""
    for path in PAGES:
        answer = await get(f"{portal}/tv/{edition}/{path}")
        assert answer.code == 200, path
        assert answer.headers["Cache-Control"] == ("no-store" if "?k=" in path else "no-cache"), path
        assert html.fromstring(answer.body).xpath("//a[@id]"), path


async def test_what_is_not_there(portal: str) -> None:
    for path in (
        "g/nonsense",
        "g/show.nobody",
        "g/away.nobody",
        "g/lines.police",
        "g/show/1/nobody",
    ):
        assert (await get(f"{portal}/tv/web-hd/{path}")).code == 404, path


async def test_bad_digits(portal: str) -> None:
    """Any length, any octet: a page, never a fault."""
    for path in ("case/" + "1" * 500, "case/12x", "case/2026?k=" + "9" * 500, "case/2026?k=%00%ff", "case/2026?k=abc&s=999", "case/20261234?k=123456&s=x",
                 "case/20261234?k=123456&s=99"):  # fmt: skip
        assert (await get(f"{portal}/tv/ipanel-sd/{path}")).code in (200, 400, 404), path


async def test_what_the_pages_say(portal: str) -> None:
    """Both languages where a stranger needs them; source and day below; nothing that has ended."""
    lines = html.fromstring((await get(f"{portal}/tv/web-hd/g/lines")).body).text_content()
    assert "报警 Police" in lines and "2026年11月20日" in lines
    english = html.fromstring((await get(f"{portal}/tv/web-hd.en/g/lines")).body).text_content()
    assert "Police 报警: Danger" in english and "checked 20 Nov 2026" in english
    show = html.fromstring((await get(f"{portal}/tv/ipanel-sd.large/g/show.visa")).body).text_content()
    for said in ("青澜市长风路68号", "cháng fēng", "68 Changfeng Road", "核对"):
        assert said.replace(" ", "") in re.sub(r"\s", "", show), said
    closed = html.fromstring((await get(f"{portal}/tv/web-hd/g/closed")).body).text_content()
    assert "槐安街" in closed and "市政务服务中心" in closed
    assert "国庆" not in (await get(f"{portal}/tv/web-hd/g/ways")).body.decode()


async def test_codes_are_not_in_the_way(portal: str) -> None:
    """The code goes behind the question mark, and the page that one comes back to has none of it."""
    body = (await get(f"{portal}/tv/web-hd/case/20261234?k=12345")).body.decode()
    assert "/case/20261234?k=123456" in body.replace("\\u0026", "&") and "/case/20261234/12" not in body
    shown = html.fromstring((await get(f"{portal}/tv/web-hd/case/20261234?k=123456")).body)
    assert "王**" in shown.text_content() and "审查" in shown.text_content()
    (back,) = shown.xpath("//a[@id='back']/@href")
    assert "k=" not in back


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with chromium() as opened:
        yield opened


@pytest.mark.parametrize(("edition", "size"), [("web-hd", "hd"), ("ipanel-sd", "sd")])
async def test_six_keys(portal: str, browser: Browser, edition: str, size: str) -> None:
    """From home to an address for a driver and back again; then a case by the pad alone."""
    person = await viewer(
        browser, size, {action.value: code for code, action in KEY_MAPS[edition].codes.items()}
    )
    await person.open(f"{portal}/tv/{edition}/c/400?f=go")
    await person.press("ok")
    assert "/c/888" in person.page.url or "/g" in person.page.url
    await person.choose("show")
    await person.choose("visa")
    assert "长风路" in await person.text()
    await person.press("back")
    assert await person.focus() == "visa"
    await person.press("back")
    assert await person.focus() == "show"
    await person.press("back")
    assert await person.focus() == "go"
    await person.open(f"{portal}/tv/{edition}/case")
    for digit in "2026":
        await person.choose(f"k{digit}")
    assert "教师资格认定" in await person.text()
    await person.choose("case0001")
    assert "准予许可" in await person.text()
    await person.press("back")
    assert await person.focus() == "case0001"
