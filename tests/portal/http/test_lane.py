"""The fast lane answers what Tornado would have answered, octet for octet, and is never in the way."""

from __future__ import annotations

import asyncio
import re
import tracemalloc
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from portal.http import lane as lane_module
from portal.http.ahead import links
from portal.local_redis import LocalRedis
from tests import sample
from tests.laned import Laned, both, laned, read_on, request, undated

NOKIA = "User-Agent: Nokia7110/1.0 (04.84)"
WML = "Accept: text/vnd.wap.wml, image/vnd.wap.wbmp"
HBBTV = "User-Agent: Opera/9.80 (Linux; U; HbbTV/1.1.1 (;;;;;)) Presto/2.10"
ROOTS = (
    ("/tv/web-hd/", ()),
    ("/tv/ipanel-sd.en.large/", ()),
    ("/tv/hbbtv-hd.zh-Hant/", (HBBTV,)),
    ("/tv/hbbtv-hd/", ()),
    ("/wap/", (NOKIA, WML)),
    ("/wap/en/", ("User-Agent: Mozilla/5.0 (Series40; Nokia311) Gecko", "Accept: text/html")),
)


@pytest_asyncio.fixture
async def pair(redis_server: LocalRedis, redis_client: Redis) -> AsyncIterator[tuple[Laned, Laned]]:
    """The sample portal, served with the lane and without."""
    await sample.publish(redis_client)
    async with both(redis_server.url, sample.SITE_ID) as servers:
        yield servers


def forms(target: str, *fields: str) -> Iterable[bytes]:
    """The ways in which one page is asked for."""
    for method in ("GET", "HEAD"):
        for coding in ((), ("Accept-Encoding: gzip, deflate",), ("Accept-Encoding: gzip;q=0",)):
            yield request(target, *fields, *coding, "Connection: close", method=method)


async def same(fast: Laned, plain: Laned, octets: bytes, wait: float = 10) -> bytes:
    """What both answer, which is the same."""
    mine, theirs = await asyncio.gather(fast.raw(octets, wait=wait), plain.raw(octets, wait=wait))
    assert undated(mine) == undated(theirs), octets
    return mine


@pytest.mark.parametrize(("root", "fields"), ROOTS)
async def test_every_page_is_the_same_octet_for_octet(
    pair: tuple[Laned, Laned], root: str, fields: tuple[str, ...]
) -> None:
    """Made, kept, for those who take no gzip, HEAD and 304: all pages within two presses of the home page."""
    fast, plain = pair
    todo, known = [(root, 0)], {root}
    while todo:
        target, depth = todo.pop(0)
        first = await same(fast, plain, next(iter(forms(target, *fields))))
        for octets in forms(target, *fields):
            await same(fast, plain, octets)
        tag = re.search(rb"\r\nEtag: ([^\r]+)", first)
        if tag:
            asked = f"If-None-Match: {tag[1].decode()}"
            again = await same(fast, plain, request(target, *fields, asked, "Connection: close"))
            assert again.startswith(b"HTTP/1.1 304")
        if depth < 2:
            for link in links(first.partition(b"\r\n\r\n")[2]):
                path = link.decode()
                if path not in known and path.startswith(root) and len(known) < 14:
                    known.add(path)
                    todo.append((path, depth + 1))
    assert len(known) > 8 and fast.lane.counts.hits > 20


ODD = {
    "no host": b"GET /tv/web-hd/ HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
    "an odd host": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
    "http 1.0": b"GET /tv/web-hd/ HTTP/1.0\r\n\r\n",
    "http 1.0 kept": b"GET /tv/web-hd/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "http 2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "http 3.7": b"GET /tv/web-hd/ HTTP/3.7\r\nHost: a\r\n\r\n",
    "bare line feeds": b"GET /tv/web-hd/ HTTP/1.1\nHost: a\nConnection: close\n\n",
    "a folded field": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\nConnection: close\r\n\r\n",
    "a blank before the colon": b"GET /tv/web-hd/ HTTP/1.1\r\nHost : a\r\nConnection: close\r\n\r\n",
    "no colon": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n",
    "a zero": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nX: \0\r\nConnection: close\r\n\r\n",
    "two blanks": b"GET  /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "whole address": b"GET http://a/tv/web-hd/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "asterisk": b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "no method": b"/tv/web-hd/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "a method in small letters": b"get /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "post": b"POST /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
    "get with a body": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
    "two lengths": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "length and chunks": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a negative length": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "chunks": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    b"3\r\nabc\r\n0\r\n\r\n",
    "a range": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nRange: bytes=0-3\r\nConnection: close\r\n\r\n",
    "an expectation": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
    "an upgrade": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    "a climbing path": b"GET /tv/web-hd/../../x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "an escaped path": b"GET /tv/web%2dhd/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "a path of high octets": b"GET /tv/web-hd/\xe4\xbd\xa0 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "a query that nobody reads": b"GET /tv/web-hd/?x=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "an empty query": b"GET /tv/web-hd/? HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "a fragment": b"GET /tv/web-hd/#x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "a field of high octets": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nX: \xe4\r\nConnection: close\r\n\r\n",
    "a long field": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nX: "
    + b"y" * 9_000
    + b"\r\nConnection: close\r\n\r\n",
    "too long a head": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 40_000 + b"\r\n\r\n",
    "odd tags": b'GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nIf-None-Match: x, W/, "\r\nConnection: close\r\n\r\n',
    "any tag": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\nConnection: close\r\n\r\n",
    "a blank line first": b"\r\nGET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "blank lines first": b"\r\n\r\n\n\r\nGET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "blank lines between": request("/tv/web-hd/") + b"\r\n\r\n" + request("/tv/web-hd/", "Connection: close"),
    "many fields": request("/tv/web-hd/", *(f"x{at}: y" for at in range(160)), "Connection: close"),
    "many fields behind another": request("/tv/web-hd/")
    + request("/tv/web-hd/", *(f"x{at}: y" for at in range(160))),
    "as many fields as may be": request(
        "/tv/web-hd/", *(f"x{at}: y" for at in range(148)), "Connection: close"
    ),
    "not there": b"GET /tv/web-hd/c/310/1/nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "two close tokens": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nConnection: close, te\r\n\r\n",
    "kept in capitals": b"GET /tv/web-hd/ HTTP/1.1\r\nHost: a\r\nConnection: CLOSE\r\n\r\n",
    "no fields": b"GET /tv/web-hd/ HTTP/1.1\r\n\r\n",
    "tls": b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"\0" * 40 + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", sorted(ODD))
async def test_odd_requests_are_tornado_s_to_judge(pair: tuple[Laned, Laned], name: str) -> None:
    """The same answer with the lane as without, or the same silence."""
    fast, plain = pair
    # So that the page is kept, and could be answered wrongly; and read by both, so that neither is late.
    await same(fast, plain, request("/tv/web-hd/", "Connection: close"))
    await same(fast, plain, ODD[name], wait=0.4)


async def test_several_requests_at_once_and_one_in_pieces(pair: tuple[Laned, Laned]) -> None:
    """Answers come in order, whoever gives them; pieces of a head are put together."""
    fast, plain = pair
    wanted = (
        "/tv/web-hd/",
        "/healthz",
        "/tv/web-hd/c/310",
        "/nowhere",
        "/wap/",
        "/tv/web-hd/c/310",
        "/tv/web-hd/",
    )
    octets = b"".join(map(request, wanted))
    octets = octets[: -len(request(wanted[-1]))] + request(wanted[-1], "Connection: close")
    for _ in range(2):
        mine = await same(fast, plain, octets, wait=5)
    assert mine.count(b"HTTP/1.1 200 OK") == 6 and mine.count(b"HTTP/1.1 404") == 1
    assert fast.lane.counts.back >= 4
    reader, writer = await asyncio.open_connection("127.0.0.1", fast.port)
    for octet in request("/tv/web-hd/c/310", "Connection: close"):
        writer.write(bytes([octet]))
        await writer.drain()
        await asyncio.sleep(0)
    assert (await read_on(reader, 5)).startswith(b"HTTP/1.1 200 OK")
    writer.close()


@pytest.mark.parametrize("line", ["GET /tv/web-hd/ HTTP/1.1", "POST /desk/login HTTP/1.1"])
async def test_a_head_without_end_is_cut_off(pair: tuple[Laned, Laned], line: str) -> None:
    """A hundred thousand fields would keep everybody waiting while they are read."""
    for served in pair:
        head = line + "\r\nHost: x\r\n" + "".join(f"a{at}: b\r\n" for at in range(20_000))
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        with suppress(ConnectionError):
            writer.write(head.encode())
            await writer.drain()
        assert (await read_on(reader, 5))[:13] in (b"HTTP/1.1 431 ", b"")
        writer.close()
        assert (await served.get("/tv/web-hd/")).startswith(b"HTTP/1.1 200")


async def test_a_connection_returns_to_the_lane(pair: tuple[Laned, Laned]) -> None:
    """After an answer of Tornado's the next kept page is answered at the socket again."""
    fast, _ = pair
    await fast.get("/tv/web-hd/")
    reader, writer = await asyncio.open_connection("127.0.0.1", fast.port)
    for target, hits in (("/healthz", 0), ("/tv/web-hd/", 1), ("/remote", 0), ("/tv/web-hd/", 1)):
        before = fast.lane.counts.hits
        writer.write(request(target))
        assert (await read_on(reader, 0.3)).startswith(b"HTTP/1.1 200 OK")
        assert fast.lane.counts.hits - before == hits
    writer.close()


async def test_slow_and_idle_connections_are_ended(
    pair: tuple[Laned, Laned], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A head that does not come to its end, a reader who does not read, and silence."""
    fast, _ = pair
    monkeypatch.setattr(lane_module, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(lane_module, "IDLE_SECONDS", 0.2)
    monkeypatch.setattr(lane_module, "WRITE_SECONDS", 0.1)
    silent = await asyncio.open_connection("127.0.0.1", fast.port)
    slow = await asyncio.open_connection("127.0.0.1", fast.port)
    deaf = await asyncio.open_connection("127.0.0.1", fast.port, limit=1024)
    slow[1].write(b"GET /tv/web-hd/ HT")
    deaf[1].write(request("/tv/web-hd/c/310") * 3_000)
    await asyncio.wait_for(silent[0].read(), 5)
    await asyncio.wait_for(slow[0].read(), 5)
    for _ in range(50):
        if not fast.lane.guests:
            break
        await asyncio.sleep(0.1)
    assert not fast.lane.guests and fast.lane.counts.timeouts == 3
    for _, writer in (silent, slow, deaf):
        writer.close()


async def test_a_fault_costs_one_connection(
    pair: tuple[Laned, Laned], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What we got wrong is logged; everybody else is served."""
    fast, _ = pair

    def broken(_: bytes) -> None:
        raise ZeroDivisionError("of the test")

    monkeypatch.setattr(fast.lane, "fields", broken)
    assert await fast.get("/tv/web-hd/") == b""
    assert fast.lane.counts.faults == 1 and "of the test" in caplog.text
    monkeypatch.undo()
    assert (await fast.get("/tv/web-hd/")).startswith(b"HTTP/1.1 200")


async def test_a_page_that_breaks_is_tornado_s_error_page(
    pair: tuple[Laned, Laned], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception in a handler is the same 500 page, and is not kept."""
    fast, plain = pair

    async def broken(*_: object) -> None:
        raise ZeroDivisionError("of the test")

    for each in pair:
        monkeypatch.setattr(each.context.mirror, "listing", broken)
    answer = await same(fast, plain, request("/tv/web-hd/c/310", "Connection: close"))
    assert answer.startswith(b"HTTP/1.1 500")
    monkeypatch.undo()
    assert (await fast.get("/tv/web-hd/c/310")).startswith(b"HTTP/1.1 200")


async def test_the_figures_count_what_was_sent(pair: tuple[Laned, Laned]) -> None:
    """Once each, by edition and status, whoever answered."""
    fast, _ = pair
    for target in ("/tv/web-hd/", "/tv/web-hd/", "/tv/ipanel-sd/", "/wap/", "/healthz", "/tv/web-hd/x/y"):
        await fast.get(target)
    text = (await fast.get("/metrics")).decode()
    assert 'sunshine_answers_total{edition="web-hd",status="200"} 2' in text
    assert 'sunshine_answers_total{edition="ipanel-sd",status="200"} 1' in text
    assert 'sunshine_answers_total{edition="healthz",status="200"} 1' in text
    assert 'sunshine_answers_total{edition="other",status="404"} 1' in text
    assert 'sunshine_lane_total{event="hit"} 1' in text and "sunshine_mirror_followed 1" in text
    sample_lines = [line for line in text.partition("\r\n\r\n")[2].splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z_]+(\{[^}]*\})? [0-9.e+-]+", line) for line in sample_lines)


async def test_opened_items_are_counted_from_kept_pages(pair: tuple[Laned, Laned]) -> None:
    """What people open is counted whoever answers, once each."""
    fast, _ = pair
    for _ in range(3):
        await fast.get("/tv/web-hd/c/310/1/news003")
    await fast.context.finding.flush()
    counted = dict(await fast.context.finding.wanted.most())
    assert counted.get("news003", 0) == 3


async def test_no_connection_is_left_behind(pair: tuple[Laned, Laned]) -> None:
    """Clients that go away at any moment leave nothing in the lane or at Tornado's."""
    fast, _ = pair
    for target in ("/tv/web-hd/", "/healthz", "/tv/web-hd/c/310/1/news003"):
        for cut in (1, 10, None):
            _, writer = await asyncio.open_connection("127.0.0.1", fast.port)
            writer.write(request(target)[:cut])
            writer.transport.abort()
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            while fast.serving.server.busy:
                await asyncio.sleep(0.05)
    assert not fast.serving.server.busy and fast.serving.server.door.inside == 0


async def test_idle_connections_make_room_for_those_who_ask(
    redis_server: LocalRedis, redis_client: Redis
) -> None:
    """Who holds every place open, in silence or with half a head, keeps nobody out."""
    await sample.publish(redis_client)
    async with laned(redis_server.url, sample.SITE_ID, connections=8) as fast:
        held = [await asyncio.open_connection("127.0.0.1", fast.port) for _ in range(8)]
        for _, writer in held[::2]:
            writer.write(b"GET /tv/web-hd/ HT")
        await asyncio.sleep(0.1)
        for target in ("/tv/web-hd/", "/healthz", "/tv/web-hd/c/310"):
            assert (await fast.get(target)).startswith(b"HTTP/1.1 200")
        assert fast.lane.counts.pushed >= 1 and fast.serving.server.door.refused == 0
        for _, writer in held:
            writer.close()
        await nobody_inside(fast)


@pytest.mark.parametrize("lane", [True, False])
async def test_one_address_has_not_all_the_places(
    redis_server: LocalRedis, redis_client: Redis, lane: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Sent away at once and told when to come back; each that leaves makes room for another."""
    await sample.publish(redis_client)
    async with laned(redis_server.url, sample.SITE_ID, connections_each=3, fast_lane=lane) as served:
        held = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(3)]
        for reader, writer in held:
            writer.write(request("/tv/web-hd/"))
            await reader.readuntil(b"\r\n\r\n")
        for _ in range(3):
            refused = await served.raw(b"")
            assert refused.startswith(b"HTTP/1.1 503 ") and b"\r\nRetry-After: 5\r\n" in refused
        assert served.serving.server.door.refused == 3
        assert caplog.text.count("CONNECTIONS_EACH") == 1
        held.pop()[1].close()
        await asyncio.sleep(0.1)
        assert (await served.get("/healthz")).startswith(b"HTTP/1.1 200")
        for _, writer in held:
            writer.transport.abort()
        await nobody_inside(served)
        assert "sunshine_refused_total 3" in (await served.get("/metrics")).decode()


async def nobody_inside(served: Laned) -> None:
    """Wait until every connection has left, and has been counted out."""
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            while served.serving.server.door.inside:
                await asyncio.sleep(0.02)
    assert served.serving.server.door.inside == 0 and not served.serving.server.busy


async def test_heads_that_nobody_sends_twice_take_no_more_room(pair: tuple[Laned, Laned]) -> None:
    """Whoever sends each another makes us forget the others, and not grow."""
    fields = "".join(f"X{at}:\r\n" for at in range(140))
    tracemalloc.start()
    try:
        for at in range(3_000):
            found = pair[0].lane.fields(f"Host: a\r\nN: {at}\r\n{fields}".encode())
            assert found is not None and found.headers["n"] == str(at)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * lane_module.HEADS_OCTETS


async def test_a_kept_page_keeps_nothing_of_who_asked(pair: tuple[Laned, Laned]) -> None:
    """Only what decides how it looks, to make it again; not that where somebody made it endless."""
    fast, _ = pair
    asked = ("Cookie: a=secret", f"User-Agent: Nokia7110/1.0 {'x' * 2_000}", "Accept: text/vnd.wap.wml")
    for target in ("/tv/web-hd/c/310?f=news002", "/wap/c/310"):
        await fast.raw(request(target, *asked, "Connection: close"))
    await fast.raw(request("/wap/", NOKIA, WML, "Cookie: a=secret", "Connection: close"))
    orders = {page.order.target: page.order.headers for page in fast.lane.cache.drop(None) if page.order}
    assert orders.keys() == {b"/tv/web-hd/c/310?f=news002", b"/wap/"}
    assert orders[b"/wap/"].keys() == {"user-agent", "accept"}
    assert not any("secret" in value for headers in orders.values() for value in headers.values())


async def test_what_comes_after_the_last_request_does_not_cost_its_answer(pair: tuple[Laned, Laned]) -> None:
    """RFC 9112 9.6: a connection closed upon octets that nobody read is reset, and the answer with it."""
    fast, _ = pair
    last = request("/tv/web-hd/", "Connection: close")
    whole = await fast.raw(last)
    reader, writer = await asyncio.open_connection("127.0.0.1", fast.port)
    writer.write(last)
    for _ in range(20):
        writer.write(request("/tv/web-hd/c/310"))
        await writer.drain()
        await asyncio.sleep(0.01)
    assert undated(await read_on(reader, 3)) == undated(whole)
    # Whoever does not go after that is not waited for.
    async with asyncio.timeout(5):
        while fast.lane.guests:
            await asyncio.sleep(0.05)
    assert fast.lane.counts.timeouts == 0
    writer.close()
