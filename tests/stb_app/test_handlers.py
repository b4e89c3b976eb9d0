"""The television's routes: recognising boxes, errors as pages, and what happens while Redis is away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from lxml import html
from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from portal import codec
from portal.errors import NotFound
from portal.hant import in_hant
from portal.local_redis import LocalRedis
from portal.writer import MirrorWriter, Publication
from tests import sample
from tests.browser import serving


async def get(address: str, agent: str = "test", **headers: str) -> HTTPResponse:
    """A request that follows nothing and raises nothing."""
    return await AsyncHTTPClient().fetch(
        address, headers={"User-Agent": agent, **headers}, follow_redirects=False, raise_error=False
    )


@pytest_asyncio.fixture
async def portal(redis_server: LocalRedis, redis_client: Redis) -> AsyncIterator[str]:
    """The sample portal, served."""
    await sample.publish(redis_client)
    async with serving(redis_server.url, sample.SITE_ID) as (address, _):
        yield address


@pytest.mark.parametrize(
    ("agent", "language", "leads"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/120", "zh-CN,zh", "/tv/web-hd/"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/120", "en-GB", "/tv/web-hd.en/"),
        ("Mozilla/5.0 (iPanel Advanced)", "", "/tv/ipanel-webkit-hd/"),
        ("iPanel/3.0", "zh-TW", "/tv/ipanel-sd.zh-Hant/"),
        ("Opera/9.80 (Linux; U; HbbTV/1.1.1 (;;;;;)) Presto/2.10", "", "/tv/hbbtv-hd/"),
    ],
)
async def test_a_box_is_recognised(portal: str, agent: str, language: str, leads: str) -> None:
    """By what its browser says of itself, in the language that it asks for."""
    answer = await get(f"{portal}/tv/", agent, **{"Accept-Language": language})
    assert (answer.code, answer.headers["Location"]) == (302, leads)


@pytest.mark.parametrize(
    ("agent", "accept", "leads"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120", "text/html", "/remote"),
        ("Nokia6310i/1.0 (4.80)", "text/vnd.wap.wml", "/wap/"),
        ("w3m/0.5.3", "text/html", "/wap/"),
        ("Mozilla/5.0 (Linux; Tizen 2.4; SMART-TV) Version/2.4 TV Safari/538.1", "text/html", "/tv/"),
    ],
)
async def test_the_front_door(portal: str, agent: str, accept: str, leads: str) -> None:
    """A television, a phone and a computer are each sent to their edition."""
    answer = await get(f"{portal}/", agent, Accept=accept)
    assert (answer.code, answer.headers["Location"]) == (302, leads)


@pytest.mark.parametrize(
    "path", ["web-hd/c/999", "web-hd/c/310/1/nothere", "nobox/", "web-hd/x/y", "web-hd/c/310/0"]
)
async def test_what_is_not_there_is_a_page_with_a_way_home(portal: str, path: str) -> None:
    """404, in the edition's own look."""
    answer = await get(f"{portal}/tv/{path}")
    assert answer.code == 404
    page = html.fromstring(answer.body)
    assert "没有这一页" in page.text_content()
    assert page.xpath("//a[@id='home']/@href")


async def test_a_withdrawn_item_says_so(portal: str, redis_client: Redis) -> None:
    """410, and when it was taken off; what it was called is gone with it."""
    writer = MirrorWriter(redis_client, sample.SITE_ID)
    site = await writer.site()
    assert site is not None
    head = replace((await writer.heads())["file0001"], withdrawn="2026-11-21 10:00", version="")
    fresh = replace(site, generation=site.generation + 1)
    await writer.publish(
        Publication(site=fresh, site_hant=in_hant(fresh), withdrawn=((head, in_hant(head)),)),
        await writer.take_fence(),
    )
    answer = await get(f"{portal}/tv/web-hd/c/510/1/file0001")
    assert answer.code == 410
    words = html.fromstring(answer.body).text_content()
    assert "撤下" in words and "昨天 10:00" in words
    assert "冬季清洁取暖" in head.title and "冬季清洁取暖".encode() not in answer.body


async def test_while_redis_is_away(tmp_path: Path) -> None:
    """What was read before is shown as before; what was not is a 503 page with links to what is held."""
    server = LocalRedis(tmp_path / "redis")
    server.start()
    redis = Redis.from_url(server.url)
    await sample.publish(redis)
    async with serving(server.url, sample.SITE_ID) as (portal, _):
        read = await get(f"{portal}/tv/web-hd/h/news003")
        listed = await get(f"{portal}/tv/web-hd/c/310")
        server.kill()
        again = await get(f"{portal}/tv/web-hd/h/news003")
        assert (again.code, again.body) == (200, read.body)
        assert (await get(f"{portal}/tv/web-hd/c/310")).body == listed.body
        away = await get(f"{portal}/tv/web-hd/c/310/1/news007")
        assert away.code == 503 and away.headers["Retry-After"]
        page = html.fromstring(away.body)
        assert "内容暂时取不到" in page.text_content()
        assert page.xpath("//a[@id='news003']/@href") == ["/tv/web-hd/h/news003"]
        health = await get(f"{portal}/healthz")
        assert health.code == 200 and b"serving what it holds" in health.body
        server.start()
        assert (await get(f"{portal}/tv/web-hd/c/310/1/news007")).code == 200
    await redis.aclose()
    server.stop()


async def test_nothing_published_yet(redis_server: LocalRedis, redis_client: Redis) -> None:
    """An empty mirror is a 404 page and an unhealthy server, not a crash."""
    async with serving(redis_server.url, "empty") as (portal, _):
        assert (await get(f"{portal}/tv/web-hd/")).code == 404
        assert (await get(f"{portal}/healthz")).code == 503


async def test_pictures_in_the_size_of_their_place(portal: str) -> None:
    """Exactly as large as asked, kept for minutes and then asked for again; other sizes are not found."""
    answer = await get(f"{portal}/media/{sample.PICTURE}/380x253c.jpg")
    assert answer.code == 200 and answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
    assert len(answer.body) < 60_000
    known = {"If-None-Match": answer.headers["Etag"]}
    assert (await get(f"{portal}/media/{sample.PICTURE}/380x253c.jpg", **known)).code == 304
    assert (await get(f"{portal}/media/{sample.PICTURE}/0x0.jpg")).code == 404
    assert (await get(f"{portal}/media/{sample.PICTURE}/9999x10.jpg")).code == 404
    assert (await get(f"{portal}/media/00000000/10x10.jpg")).code == 404


async def test_a_picture_that_was_taken_off_is_gone(portal: str, redis_client: Redis) -> None:
    """Also from the memory of the server that has shown it."""
    address = f"{portal}/media/{sample.PICTURE}/300x200c.jpg"
    assert (await get(address)).code == 200
    await redis_client.delete(MirrorWriter(redis_client, sample.SITE_ID).keys("media", sample.PICTURE))
    assert (await get(address)).code == 404


async def test_codes_are_drawn_for_our_own_pages_only(portal: str) -> None:
    """A QR code of a phone page is a picture; of another site there is none."""
    own = await get(f"{portal}/tv/qr.png?u={portal}/wap/i/news000")
    assert own.code == 200 and own.body.startswith(b"\x89PNG")
    assert "public" in own.headers["Cache-Control"]
    for lang in ("", "en/"):
        pairing = await get(f"{portal}/tv/qr.png?u={portal}/wap/{lang}l/j/123456")
        assert pairing.code == 200 and pairing.headers["Cache-Control"] == "no-store"
    assert (await get(f"{portal}/tv/qr.png?u=http://elsewhere.example/wap/")).code == 404


async def test_titles_from_the_origin_are_text(portal: str, redis_client: Redis) -> None:
    """Markup in a title is shown, not obeyed, and cannot end the script."""
    nasty = replace(sample.articles()[3], title='</script><b onclick="x">&\u2028"\'标题')
    await sample.publish(redis_client, changed=(nasty,))
    for path in ("c/310", "c/310/1/news003"):
        body = (await get(f"{portal}/tv/web-hd/{path}")).body.decode()
        assert "<b onclick" not in body and body.count("</script>") == 1
    assert codec.load_item(codec.dump_item(nasty)) == nasty


async def test_an_edition_without_its_slash_and_the_head_of_a_page(portal: str) -> None:
    """`/tv/web-hd` is the home page too; HEAD answers as GET does, without a body."""
    assert (await get(f"{portal}/tv/web-hd")).code == 200
    for path in ("/tv/web-hd/", "/healthz", "/remote"):
        answer = await AsyncHTTPClient().fetch(f"{portal}{path}", method="HEAD", raise_error=False)
        assert (answer.code, answer.body) == (200, b"")


async def test_a_flood_of_odd_requests_does_not_push_out_what_people_read(tmp_path: Path) -> None:
    """Pages that were read stay readable without Redis, whatever else was asked for meanwhile."""
    server = LocalRedis(tmp_path / "redis")
    server.start()
    redis = Redis.from_url(server.url)
    await sample.publish(redis)
    async with serving(server.url, sample.SITE_ID) as (portal, context):
        assert (await get(f"{portal}/tv/web-hd/h/news003")).code == 200
        for number in range(5_000):
            with suppress(NotFound):
                await context.mirror.place("yaowen", f"r{number}")
        server.kill()
        assert (await get(f"{portal}/tv/web-hd/h/news003")).code == 200
    await redis.aclose()
