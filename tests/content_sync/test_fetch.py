"""Asking an origin that behaves, and one that does not."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
import pytest_asyncio

from content_sync import fetch
from content_sync.fetch import Fetcher, Validators
from content_sync.identity import netloc
from content_sync.resolver import PrivateAddress
from content_sync.robots import RefusedByRobots, RobotsFile
from content_sync.site import Fetching
from tests.content_sync.conftest import Canned

LIMITS = Fetching(
    contact="mailto:a@b.example", allow_private=True, delay=0.0, timeout=1.0, tries=3, concurrency=2
)


class Shelf:
    """robots.txt files in a dict."""

    def __init__(self) -> None:
        self.files: dict[str, RobotsFile] = {}

    async def robots(self, origin: str) -> RobotsFile | None:
        return self.files.get(origin)

    async def keep_robots(self, origin: str, file: RobotsFile) -> None:
        self.files[origin] = file


Make = Callable[..., Fetcher]


@pytest_asyncio.fixture
async def make(canned: Canned) -> AsyncIterator[Make]:
    """Makes a fetcher for the canned portal; its pauses are noted in `slept` and not taken."""
    made: list[Fetcher] = []

    def build(
        limits: Fetching = LIMITS, slept: list[float] | None = None, shelf: Shelf | None = None
    ) -> Fetcher:
        async def sleep(seconds: float) -> None:
            (slept if slept is not None else []).append(seconds)

        fetcher = Fetcher(
            limits, lambda url: netloc(url) == netloc(canned.home), shelf or Shelf(),
            version="1", clock=lambda: 1_000_000.0, random=lambda: 0.5, sleep=sleep,
        )  # fmt: skip
        made.append(fetcher)
        return fetcher

    yield build
    for fetcher in made:
        fetcher.close()


async def test_validators_go_out_and_come_back(canned: Canned, make: Make) -> None:
    modified = "Sun, 01 Mar 2026 10:00:00 GMT"
    canned.put("/a", "one", headers={"Last-Modified": modified, "Cache-Control": "public, max-age=90"})
    fetcher = make()
    got = await fetcher.get(canned.home + "a")
    assert (got.status, got.body, got.fresh) == (200, b"one", 90.0) and got.validators.modified == modified
    again = await fetcher.get(canned.home + "a", got.validators)
    assert (again.status, again.body) == (304, b"") and fetcher.tally.unchanged == 1
    assert canned.asked[-1][1]["If-Modified-Since"] == modified
    canned.put("/a", "two", etag=False)
    changed = await fetcher.get(canned.home + "a", got.validators)
    assert (changed.status, changed.body, changed.validators) == (200, b"two", Validators())
    assert canned.asked[-1][1]["User-Agent"] == "sunshine/1 (television and WAP edition; +mailto:a@b.example)"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("gzip", lambda body: gzip.compress(body[:99]) + gzip.compress(body[99:]) + b"rest"),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("", bytes),
    ],
)
async def test_compressed_answers(
    canned: Canned, make: Make, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    body = "阳光政务".encode() * 500
    canned.put("/a", pack(body), headers={"Content-Encoding": encoding} if encoding else {})
    assert (await make().get(canned.home + "a")).body == body


@pytest.mark.parametrize(
    ("body", "headers", "error"),
    [
        (gzip.compress(b"\0" * 3_000_000, mtime=0), {"Content-Encoding": "gzip"}, fetch.TooBig),
        (gzip.compress(b"abc" * 1000, mtime=0)[:40], {"Content-Encoding": "gzip"}, fetch.CutShort),
        (
            gzip.compress(b"a", mtime=0) + gzip.compress(b"b", mtime=0)[:9],
            {"Content-Encoding": "gzip"},
            fetch.CutShort,
        ),
        (gzip.compress(b"", mtime=0) * 4_000, {"Content-Encoding": "gzip"}, fetch.BadEncoding),
        (b"not gzip", {"Content-Encoding": "gzip"}, fetch.BadEncoding),
        (b"abc", {"Content-Encoding": "br"}, fetch.BadEncoding),
        (b"x" * 200_000, {}, fetch.TooBig),
        (b"", {"Location": "http://127.0.0.1:1/else"}, fetch.LedElsewhere),
        (b"", {"Location": "ftp://127.0.0.1/else"}, fetch.LedElsewhere),
        (b"", {"Location": "/a"}, fetch.TooManyRedirects),
    ],
)
async def test_answers_that_are_none(
    canned: Canned, make: Make, body: bytes, headers: dict[str, str], error: type[Exception]
) -> None:
    canned.put("/a", body, headers=headers, status=302 if "Location" in headers else 200)
    fetcher = make(replace(LIMITS, max_bytes=100_000))
    with pytest.raises(error):
        await fetcher.get(canned.home + "a")
    assert canned.paths().count("/a") == (3 if error is fetch.CutShort else 1)


async def test_redirects_are_followed_by_hand(canned: Canned, make: Make) -> None:
    for number in range(5):
        canned.put(f"/{number}", "", status=301, headers={"Location": f"/{number + 1}"})
    canned.put("/5", "there")
    got = await make().get(canned.home + "0")
    assert (got.body, got.url, got.hops) == (b"there", canned.home + "5", 5)
    with pytest.raises(fetch.TooManyRedirects):
        await make(replace(LIMITS, max_redirects=3)).get(canned.home + "0")


async def test_private_addresses_are_refused(canned: Canned, make: Make) -> None:
    canned.put("/a", "secret")
    fetcher = make(replace(LIMITS, allow_private=False))
    with pytest.raises(PrivateAddress):
        await fetcher.get(canned.home + "a")
    assert canned.asked == []


async def test_a_slow_trickle_ends_at_the_time_for_one_request(canned: Canned, make: Make) -> None:
    canned.put("/a", b"x" * 1000, trickle=0.05)
    before = time.monotonic()
    with pytest.raises(fetch.TimedOut, match="octets"):
        await make(replace(LIMITS, timeout=0.4, tries=1)).get(canned.home + "a")
    assert time.monotonic() - before < 3


async def _raw(answer: bytes, wait: float = 0.0) -> tuple[asyncio.Server, str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await asyncio.sleep(wait)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", fetch.CutShort),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", fetch.CutShort),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", fetch.TooBig),
        (b"nonsense\r\n\r\n", fetch.Unreachable),
        (b"", fetch.Unreachable),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", fetch.Unreachable),
    ],
)
async def test_broken_servers(answer: bytes, error: type[Exception]) -> None:
    server, url = await _raw(answer)
    fetcher = Fetcher(
        replace(LIMITS, tries=1), lambda _: True, Shelf(), version="1", clock=time.time, random=lambda: 0.5
    )
    fetcher.robots._rules[url.rstrip("/")] = (RobotsFile(404), fetch_rules())
    with pytest.raises(error):
        await fetcher.get(url + "a")
    fetcher.close()
    server.close()


def fetch_rules():  # type: ignore[no-untyped-def]  # protego has no types
    """Rules that allow everything."""
    from protego import Protego

    return Protego.parse("")


async def test_what_a_moment_may_mend_is_tried_again(canned: Canned, make: Make) -> None:
    slept: list[float] = []
    canned.put("/a", "busy", status=503)
    got = await make(slept=slept).get(canned.home + "a")
    assert got.status == 503 and canned.paths().count("/a") == 3 and slept == [1.0, 2.0]


@pytest.mark.parametrize(
    ("value", "pause"),
    [("7", 7.0), (format_datetime(datetime.fromtimestamp(1_000_030, UTC), usegmt=True), 30.0), ("x", 1.0)],
)
async def test_retry_after_is_obeyed(canned: Canned, make: Make, value: str, pause: float) -> None:
    slept: list[float] = []
    canned.put("/a", "", status=429, headers={"Retry-After": value})
    await make(replace(LIMITS, tries=2), slept=slept).get(canned.home + "a")
    assert slept == [pause]


async def test_a_host_that_wants_an_hour_is_left_alone(canned: Canned, make: Make) -> None:
    canned.put("/a", "", status=503, headers={"Retry-After": "3600"})
    fetcher = make()
    assert (await fetcher.get(canned.home + "a")).status == 503
    with pytest.raises(fetch.HostDown, match="left alone for 3600 s"):
        await fetcher.get(canned.home + "b")
    assert "/b" not in canned.paths()


async def test_a_host_that_is_down_is_not_asked_for_every_page(canned: Canned, make: Make) -> None:
    canned.put("/a", "", status=500)
    fetcher = make()
    down = 0
    for _ in range(20):
        try:
            await fetcher.get(canned.home + "a")
        except fetch.HostDown:
            down += 1
    assert down >= 14 and canned.paths().count("/a") == fetch.HOST_FAILURES * LIMITS.tries


async def test_nobody_there(make: Make, canned: Canned) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fetcher = Fetcher(
        replace(LIMITS, tries=1), lambda _: True, Shelf(), version="1", clock=time.time, random=lambda: 0.5
    )
    with pytest.raises(RefusedByRobots, match="answers nothing"):
        await fetcher.get(f"http://127.0.0.1:{port}/a")
    fetcher.close()


async def test_the_pace_of_a_host(canned: Canned, make: Make) -> None:
    slept: list[float] = []
    for name in "abcd":
        canned.put(f"/{name}", name)
    fetcher = make(replace(LIMITS, delay=5.0, concurrency=4), slept=slept)
    await asyncio.gather(*(fetcher.get(canned.home + name) for name in "abcd"))
    waits = sorted(round(pause) for pause in slept)
    assert waits == [5, 10, 15, 20]  # behind robots.txt


async def test_robots_are_asked_once_and_obeyed(canned: Canned, make: Make) -> None:
    canned.put("/robots.txt", "User-agent: *\nDisallow: /secret/\nAllow: /secret/open\nCrawl-delay: 2\n")
    canned.put("/secret/open", "open")
    canned.put("/a", "a", status=302, headers={"Location": "/secret/b"})
    slept: list[float] = []
    fetcher = make(slept=slept)
    assert (await fetcher.get(canned.home + "secret/open")).body == b"open"
    for path in ("secret/x", "a"):
        with pytest.raises(RefusedByRobots):
            await fetcher.get(canned.home + path)
    assert canned.paths() == ["/robots.txt", "/secret/open", "/a"] and round(max(slept)) == 2


@pytest.mark.parametrize(
    ("status", "kept", "allowed"),
    [(404, None, True), (403, None, True), (500, None, False), (503, RobotsFile(200, "", 999_000.0), True),
     (500, RobotsFile(200, "", 900_000.0), False), (200, RobotsFile(200, "User-agent: *\nDisallow: /", 999_000.0), False)],
)  # fmt: skip
async def test_robots_that_are_not_there(
    canned: Canned, make: Make, status: int, kept: RobotsFile | None, allowed: bool
) -> None:
    canned.put("/robots.txt", "", status=status)
    canned.put("/a", "a")
    shelf = Shelf()
    if kept is not None:
        shelf.files[canned.home.rstrip("/")] = kept
    fetcher = make(replace(LIMITS, tries=1), shelf=shelf)
    if allowed:
        assert (await fetcher.get(canned.home + "a")).status == 200
    else:
        with pytest.raises(RefusedByRobots):
            await fetcher.get(canned.home + "a")


async def test_other_hosts_are_not_asked(make: Make) -> None:
    with pytest.raises(fetch.LedElsewhere, match="add it to hosts"):
        await make().get("http://127.0.0.2/")
