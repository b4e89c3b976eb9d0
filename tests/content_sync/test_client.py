"""Kept connections, and hosts that prove who they are."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from protego import Protego
from tornado.httputil import HTTPHeaders

from content_sync import fetch
from content_sync.client import KEPT_MOST, Client, Collector
from content_sync.fetch import Fetcher
from content_sync.resolver import GuardedResolver
from content_sync.robots import RobotsFile
from tests.content_sync.conftest import Canned
from tests.content_sync.test_fetch import LIMITS, Shelf

CERTIFICATE = Path(__file__).with_name("self_signed.pem")
"""A key and its certificate for 127.0.0.1, signed by itself, 2020 to 2120. It opens nothing but tests."""

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


@pytest_asyncio.fixture
async def client() -> AsyncIterator[Client]:
    """A client that may ask loopback."""
    made = Client(GuardedResolver(allow_private=True), header_limit=10_000)
    yield made
    made.close()


async def ask(client: Client, url: str, limit: int = 1_000) -> Collector:
    answer = Collector(limit)
    await client.get(url, HTTPHeaders(), answer, 2.0)
    return answer


class Host:
    """A server that answers each request of a connection with the next of `answers`, then hangs up."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = answers
        self.connections = self.requests = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        for answer in self.answers:
            try:
                await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            self.requests += 1
            writer.write(answer)
            await writer.drain()
        writer.close()

    async def serve(self, tls: ssl.SSLContext | None = None) -> tuple[asyncio.Server, str]:
        server = await asyncio.start_server(self, "127.0.0.1", 0, ssl=tls)
        scheme = "https" if tls else "http"
        return server, f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_one_connection_carries_many_answers(client: Client) -> None:
    host = Host(OK, b"HTTP/1.1 304 Not Modified\r\n\r\n", OK)
    server, url = await host.serve()
    codes = [(await ask(client, url)).code for _ in range(3)]
    assert codes == [200, 304, 200] and (host.connections, host.requests) == (1, 3)
    server.close()


async def test_a_connection_that_died_is_replaced_unseen(client: Client) -> None:
    host = Host(OK)
    server, url = await host.serve()
    for _ in range(4):
        assert (await ask(client, url)).chunks == [b"hi"]
    assert host.connections == 4
    server.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        # More octets than it said: what follows would be read as the next answer.
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad",
    ],
)
async def test_what_may_not_be_kept_is_closed(client: Client, answer: bytes) -> None:
    host = Host(answer, answer)
    server, url = await host.serve()
    assert [(await ask(client, url)).chunks for _ in range(2)] == [[b"hi"]] * 2
    assert host.connections == 2
    server.close()


async def test_a_broken_second_answer_is_not_asked_for_again(client: Client) -> None:
    host = Host(OK, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
    server, url = await host.serve()
    await ask(client, url)
    broken = Collector(1_000)
    with pytest.raises(Exception, match="closed"):
        await client.get(url, HTTPHeaders(), broken, 2.0)
    assert broken.begun and not broken.whole and host.requests == 2
    server.close()


async def test_no_more_connections_are_kept_than_stated(client: Client, canned: Canned) -> None:
    canned.put("/a", "x")
    await asyncio.gather(*(ask(client, canned.home + "a") for _ in range(KEPT_MOST + 5)))
    assert sum(len(kept) for kept in client._kept.values()) == KEPT_MOST


async def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    host = Host(OK)
    server, url = await host.serve(tls)
    fetcher = Fetcher(
        replace(LIMITS, tries=2), lambda _: True, Shelf(),
        version="1", clock=lambda: 1_000_000.0, random=lambda: 0.5,
    )  # fmt: skip
    fetcher.robots._rules[url.rstrip("/")] = (RobotsFile(404), Protego.parse(""))
    with pytest.raises(fetch.NotTrusted, match=r"certificate of 127\.0\.0\.1:\d+ does not hold"):
        await fetcher.get(url)
    assert host.requests == 0
    # The same host with somebody who vouches for it is read.
    fetcher._client._tls = ssl.create_default_context(cafile=CERTIFICATE)
    assert (await fetcher.get(url)).body == b"hi"
    fetcher.close()
    server.close()


async def test_an_untrusted_host_is_named_before_its_robots_file() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    server, url = await Host(OK).serve(tls)
    fetcher = Fetcher(LIMITS, lambda _: True, Shelf(), version="1", clock=lambda: 1e6, random=lambda: 0.5)
    with pytest.raises(fetch.NotTrusted):
        await fetcher.get(url)
    fetcher.close()
    server.close()
