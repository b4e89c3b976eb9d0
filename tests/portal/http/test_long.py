"""A million characters over real sockets: a page for who sends them, and nothing for others to wait for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio
from lxml import etree, html
from redis.asyncio import Redis

from portal.http import connection
from portal.local_redis import LocalRedis
from tests import sample
from tests.laned import Laned, both, read_on, request, undated

MILLION = 1_000_000
WML = ("User-Agent: Nokia7110/1.0 (04.84)", "Accept: text/vnd.wap.wml")
TYPED = {
    "characters": "%E6%B0%B4" * (MILLION // 9),
    "digits": "5" * MILLION,
    "SQL": "%27%20OR%201%3D1--" * (MILLION // 18),
    "fields": "a&q=" * (MILLION // 4),
    "octets that are no text": "%FF%ED%A0%80" * (MILLION // 12),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(redis_server: LocalRedis) -> AsyncIterator[tuple[Laned, Laned]]:
    """The sample portal, served with the lane and without."""
    redis = Redis.from_url(redis_server.url)
    await redis.flushdb()
    await sample.publish(redis)
    async with both(redis_server.url, sample.SITE_ID) as servers:
        yield servers
    await redis.aclose()


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
@pytest.mark.parametrize(
    "path", ["/tv/web-hd/s?q=", "/tv/ipanel-sd/n/", "/wap/s?q=", "/wap/n?p=2&q=", "/wap/en/s?q="]
)
async def test_an_address_of_a_million(pair: tuple[Laned, Laned], path: str, typed: str) -> None:
    """Hits or nothing found, in the edition's own format, on a connection that goes on."""
    if "/n/" in path:
        typed = "59" * (MILLION // 2)
    fields = WML if path.startswith("/wap") else ()
    for served in pair:
        octets = request(path + typed, *fields) + request("/healthz", "Connection: close")
        answer = await served.raw(octets, wait=10)
        head, _, body = answer.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 302"):
            target = head.partition(b"\r\nLocation: ")[2].partition(b"\r\n")[0].decode()
            assert len(target) < 2_000
            head, _, body = (await served.get(target, *fields)).partition(b"\r\n\r\n")
            page = body
        else:
            page, _, rest = body.partition(b"HTTP/1.1 200")
            assert rest, "the next request of the connection is answered"
        assert head.startswith(b"HTTP/1.1 200"), head
        if fields:
            assert b"\r\nContent-Type: text/vnd.wap.wml" in head
            etree.fromstring(page)
        else:
            assert html.fromstring(page).xpath("//*[@id]")


@pytest.mark.parametrize("typed", [b"a" * MILLION, b"a&q=" * (MILLION // 4)], ids=["characters", "fields"])
async def test_a_form_of_a_million(pair: tuple[Laned, Laned], typed: bytes) -> None:
    """Its begin is read by the edition; elsewhere it is refused, and an endless one everywhere."""
    octets = b"q=" + typed
    whole = (f"Content-Length: {len(octets)}", octets)
    chunked = ("Transfer-Encoding: chunked", b"%x\r\n%b\r\n0\r\n\r\n" % (len(octets), octets))
    form = (*WML, "Connection: close", "Content-Type: application/x-www-form-urlencoded")
    for served in pair:
        for length, body in (whole, chunked):
            answer = await served.raw(request("/wap/s", *form, length, method="POST") + body, wait=10)
            assert answer.startswith(b"HTTP/1.1 200") and b"\r\nContent-Type: text/vnd.wap.wml" in answer
            assert b"a" * 70 not in answer
            # A television sends no forms: it is told so, in its own look.
            answer = await served.raw(request("/tv/web-hd/s", *form, length, method="POST") + body, wait=10)
            assert answer.startswith(b"HTTP/1.1 405") and b"text/html" in answer
        for path, most in (("/healthz", MILLION), ("/wap/s", connection.LONGEST_BODY + 1)):
            head = request(path, *form, f"Content-Length: {most}", method="POST")
            assert (await served.raw(head, wait=10)).startswith(b"HTTP/1.1 400")


async def test_cut_or_not_it_is_the_same_with_the_lane_and_without(pair: tuple[Laned, Laned]) -> None:
    """Octet for octet."""
    octets = request("/wap/n?q=" + "5" * MILLION, *WML, "Connection: close")
    mine, theirs = [undated(await served.raw(octets, wait=10)) for served in pair]
    assert mine == theirs and mine.startswith(b"HTTP/1.1 200")


async def test_many_of_them_keep_nobody_waiting(pair: tuple[Laned, Laned]) -> None:
    """While a hundred megabytes of addresses and forms come in, each of another's pages comes soon."""
    octets = request("/wap/s?q=" + "%41" * (MILLION // 3), *WML, "Connection: close")

    async def flood(served: Laned) -> None:
        for _ in range(10):
            await served.raw(octets, wait=10)

    for served in pair:
        flooding = asyncio.gather(*(flood(served) for _ in range(5)))
        slowest = 0.0
        while not flooding.done():
            started = time.monotonic()
            assert (await served.get("/tv/web-hd/")).startswith(b"HTTP/1.1 200")
            slowest = max(slowest, time.monotonic() - started)
        await flooding
        assert slowest < 5, "each was read as it came"


async def test_a_head_that_never_ends(pair: tuple[Laned, Laned], monkeypatch: pytest.MonkeyPatch) -> None:
    """Octet after octet: its time is over, and nobody has noticed."""
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.3)
    for served in pair:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(b"POST /wap/s?q=" + b"a" * 20_000)
        with suppress(ConnectionError):
            for _ in range(6):
                await asyncio.sleep(0.1)
                writer.write(b"a")
        assert await read_on(reader, 5) == b""
        writer.close()
