"""Codes that carry a sheet, and the pages that they open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from ipaddress import ip_network
from itertools import count

import pytest
import pytest_asyncio
from lxml import etree, html
from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from portal.errors import MirrorAway, NotFound
from portal.local_redis import LocalRedis
from portal.sheet.codes import LIFE_SECONDS, Carried, Codes, NoCodeFree
from portal.tries import MOST_WRONG, TooManyTries, network
from tests import sample
from tests.browser import serving


def codes_over(redis: Redis, start: int = 41) -> Codes:
    """Codes drawn one after the other."""
    drawn = count(start)
    return Codes(redis, "s", lambda most: next(drawn) % most)


async def test_a_sheet_has_one_code(redis_client: Redis) -> None:
    """The same at each asking, another for another language, with its whole life before it."""
    codes = codes_over(redis_client)
    first = await codes.give("m1", "zh-Hans")
    assert first == "000041" and await codes.give("m1", "zh-Hans") == first
    other = await codes.give("m1", "en")
    assert other != first
    assert await codes.open(first, "10.0.0.1") == Carried("m1", "zh-Hans")
    assert await codes.open(other, "10.0.0.1") == Carried("m1", "en")
    await redis_client.expire("sg:{s}:sheet:code:000041", 5)
    await codes.give("m1", "zh-Hans")
    for key in ("sg:{s}:sheet:code:000041", "sg:{s}:sheet:of:zh-Hans:m1"):
        assert LIFE_SECONDS - 5 < await redis_client.ttl(key) <= LIFE_SECONDS
    await redis_client.delete("sg:{s}:sheet:code:000041")
    assert await codes.open(await codes.give("m1", "zh-Hans"), "10.0.0.1") == Carried("m1", "zh-Hans")


async def test_a_code_that_is_taken_is_not_given_again(redis_client: Redis) -> None:
    """Another is drawn; where none is free, that is said."""
    assert await codes_over(redis_client, 7).give("m1", "en") == "000007"
    assert await codes_over(redis_client, 7).give("m2", "en") == "000008"
    with pytest.raises(NoCodeFree):
        await Codes(redis_client, "s", lambda most: 7).give("m3", "en")


async def test_who_guesses_waits(redis_client: Redis) -> None:
    """Wrong codes are counted by address; right ones cost nothing, and others are not kept out."""
    codes = codes_over(redis_client)
    good = await codes.give("m1", "en")
    for wrong in ("1", "", "abc", "999999", "000041; DROP", "０００００１") * 3 + ("1", "2"):
        await codes.open(good, "10.0.0.1")
        with pytest.raises(NotFound):
            await codes.open(wrong, "10.0.0.1")
    assert MOST_WRONG == 20
    with pytest.raises(TooManyTries):
        await codes.open(good, "10.0.0.1")
    assert await codes.open(good, "10.0.0.2") == Carried("m1", "en")
    assert 0 < await redis_client.ttl("sg:{s}:tries:sheet:10.0.0.1") <= 600


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("10.1.2.3", "10.1.2.3"), ("2001:db8::1:2:3:4", "2001:db8::"), ("::ffff:10.1.2.3", "10.1.2.3"),
        ("fe80::1%eth0", "fe80::"), ("nonsense", "-"), ("", "-"),
    ],
)  # fmt: skip
def test_whose_tries(address: str, counted: str) -> None:
    assert network(address) == counted


async def test_without_redis() -> None:
    """One named error."""
    away = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    codes = Codes(away, "s", lambda most: 1)
    with pytest.raises(MirrorAway):
        await codes.give("m", "en")
    with pytest.raises(MirrorAway):
        await codes.open("000001", "10.0.0.1")
    await away.aclose()


@pytest_asyncio.fixture
async def portal(redis_server: LocalRedis, redis_client: Redis) -> AsyncIterator[str]:
    """The sample portal, served."""
    await sample.publish(redis_client)
    async with serving(redis_server.url, sample.SITE_ID) as (address, _):
        yield address


async def get(address: str, **headers: str) -> HTTPResponse:
    return await AsyncHTTPClient().fetch(address, headers=headers, follow_redirects=False, raise_error=False)


async def test_from_the_television_to_paper(portal: str) -> None:
    """The matter's page leads to the code; the code opens the sheet, and the sheet its PDF."""
    matter = html.fromstring((await get(f"{portal}/tv/web-hd/c/411/1/matter01")).body)
    (leads,) = matter.xpath("//a[@id='sheet']/@href")
    shown = html.fromstring((await get(portal + leads)).body)
    (back,) = shown.xpath("//a[@id='back']/@href")
    assert back.endswith("/c/411/1/matter01/1?f=sheet") or back.endswith("/c/411/1/matter01?f=sheet")
    (picture,) = [src for src in shown.xpath("//img/@src") if "qr.png" in src]
    drawn = await get(portal + picture)
    assert drawn.code == 200 and drawn.body.startswith(b"\x89PNG")
    code = picture.rpartition("%2F")[2]
    assert f"{code[:3]} {code[3:]}" in shown.text_content() and len(code) == 6
    typed = await get(f"{portal}/p/?c={code[:3]}+{code[3:]}")
    assert (typed.code, typed.headers["Location"]) == (302, f"/p/{code}")
    page = await get(f"{portal}/p/{code}")
    assert page.code == 200 and "居民身份证原件" in page.body.decode()
    pdf = await get(f"{portal}/p/{code}.pdf")
    assert pdf.headers["Content-Type"] == "application/pdf" and pdf.body.startswith(b"%PDF-")
    assert (await get(f"{portal}/tv/web-hd/c/310/1/news001/1/p")).code == 404


async def test_in_the_viewers_language(portal: str) -> None:
    """The code of the Traditional edition opens the sheet in Traditional Chinese."""
    shown = html.fromstring((await get(f"{portal}/tv/web-hd.zh-Hant/c/411/1/matter01/1/p")).body)
    code = next(src for src in shown.xpath("//img/@src") if "qr.png" in src).rpartition("%2F")[2]
    page = html.fromstring((await get(f"{portal}/p/{code}")).body)
    assert page.get("lang") == "zh-Hant" and page.findtext(".//h1") == "機動車駕駛證期滿換證"


async def test_the_form(portal: str) -> None:
    """It asks again where a code is none, and says when to wait; phones with WML have their own."""
    form = await get(f"{portal}/p/", **{"Accept-Language": "en-GB,en;q=0.8"})
    assert form.code == 200 and html.fromstring(form.body).get("lang") == "en"
    assert html.fromstring((await get(f"{portal}/p/")).body).xpath("//input[@name='c']")
    for wrong in (
        "/p/abc",
        "/p/%FF/x",
        "/p/?c=abc",
        "/p/?c=%FF",
        "/p/0",
        "/p/999999",
        "/p/999999.pdf",
        "/p/?c=" + "1" * 5_000,
    ):
        answer = await get(portal + wrong)
        if answer.code == 302:
            answer = await get(portal + answer.headers["Location"])
        assert answer.code in (400, 404), wrong
        assert wrong.startswith("/p/?c=%FF") or html.fromstring(answer.body).xpath("//input[@name='c']"), (
            wrong
        )
    for _ in range(MOST_WRONG):
        await get(f"{portal}/p/1")
    blocked = await get(f"{portal}/p/000001")
    assert blocked.code == 429 and int(blocked.headers["Retry-After"]) > 0
    assert html.fromstring(blocked.body).xpath("//input[@name='c']")


async def test_a_phone_with_wml_alone_never_gets_html(portal: str) -> None:
    """The form, sheet and PDF of a code, wrong codes, one try too many: all in the phone's own format."""
    shown = html.fromstring((await get(f"{portal}/tv/web-hd.en/c/411/1/matter01/1/p")).body)
    code = next(src for src in shown.xpath("//img/@src") if "qr.png" in src).rpartition("%2F")[2]
    wml = {"Accept": "text/vnd.wap.wml"}

    async def told(path: str) -> str:
        moved = await get(portal + path, **wml)
        assert moved.code == 302, path
        answer = await get(portal + moved.headers["Location"], **wml)
        assert answer.code == 200 and answer.headers["Content-Type"].startswith("text/vnd.wap.wml"), path
        etree.fromstring(answer.body)
        return answer.body.decode()

    for good in (f"/p/{code}", f"/p/{code}.pdf", f"/p/?c={code}"):
        assert "All details" in await told(good), "in the language of the television"
    for wrong in ("/p", "/p/", "/p/000000", "/p/x%FF%22", "/p/?c=%ff", "/p/999999.pdf"):
        assert 'name="c"' in await told(wrong), wrong
    for _ in range(MOST_WRONG):
        await told("/p/000001")
    assert "十分钟" in await told(f"/p/{code}")


async def test_behind_our_proxy_nobody_pays_for_another(
    redis_server: LocalRedis, redis_client: Redis
) -> None:
    """Wrong codes are counted for who stands before the proxy."""
    await sample.publish(redis_client)
    proxies = (ip_network("127.0.0.1/32"),)
    async with serving(redis_server.url, sample.SITE_ID, trusted_proxies=proxies) as (address, _):
        thief, other = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "203.0.113.10"}
        for _ in range(MOST_WRONG):
            assert (await get(f"{address}/p/000001", **thief)).code == 404
        assert (await get(f"{address}/p/000001", **thief)).code == 429
        assert (await get(f"{address}/p/000001", **other)).code == 404
        counted = [key async for key in redis_client.scan_iter("*tries:sheet:*")]
        assert sorted(key.rpartition(b":")[2] for key in counted) == [b"203.0.113.10", b"203.0.113.9"]
