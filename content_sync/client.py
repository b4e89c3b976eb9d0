"""HTTP/1.1 over connections that are kept: one handshake for many pages, kinder to both sides.

Tornado's own client closes after every answer. This one reads and writes with the same parts of
Tornado (TCPClient, HTTP1Connection), hands a connection back after a whole answer, and asks once
more on a new one where a kept one turns out to be dead before it has answered anything.
"""

from __future__ import annotations

import asyncio
import ssl
from urllib.parse import SplitResult, urlsplit

from tornado.http1connection import HTTP1Connection, HTTP1ConnectionParameters
from tornado.httputil import (
    HTTPHeaders,
    HTTPInputError,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.iostream import IOStream, StreamClosedError
from tornado.netutil import Resolver
from tornado.tcpclient import TCPClient

KEPT_SECONDS = 10.0
"""A connection that lay idle longer is not used again: many servers close after 15 s, some after 5."""
KEPT_MOST = 64
_PORTS = {"http": 80, "https": 443}

Host = tuple[str, str, int]
"""Scheme, name and port."""


class Collector(HTTPMessageDelegate):
    """One answer as it comes, its body stopped at `limit` octets.

    begun  the head is there      whole  so is the end      over  it is longer than allowed
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.code = 0
        self.headers = HTTPHeaders()
        self.chunks: list[bytes] = []
        self.size = 0
        self.begun = self.whole = self.over = False
        self.version = ""

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> None:
        """The head of the answer: a length beyond the limit ends it before the body."""
        if not isinstance(start_line, ResponseStartLine) or 100 <= start_line.code < 200:
            return
        self.begun = True
        self.code, self.version, self.headers = start_line.code, start_line.version, headers
        length = headers.get("Content-Length", "").strip()
        if length.isascii() and length.isdigit() and int(length) > self.limit:
            self._stop()

    def data_received(self, chunk: bytes) -> None:
        """A piece of the body."""
        self.size += len(chunk)
        if self.size > self.limit:
            self._stop()
        self.chunks.append(chunk)

    def finish(self) -> None:
        """The answer is whole."""
        self.whole = self.begun

    def on_connection_close(self) -> None:
        """The answer ended before its end, which `whole` says."""

    def _stop(self) -> None:
        self.over = True
        raise HTTPInputError("longer than allowed")

    @property
    def keeps(self) -> bool:
        """Whether the connection can carry another answer (RFC 9112 9.3)."""
        said = self.headers.get("Connection", "").lower()
        return self.whole and (self.version == "HTTP/1.1" or "keep-alive" in said) and "close" not in said


class Client:
    """Asks hosts over kept connections. `resolver` decides which addresses a name may lead to."""

    def __init__(self, resolver: Resolver, *, header_limit: int) -> None:
        self._tcp = TCPClient(resolver=resolver)
        self._header_limit = header_limit
        self._kept: dict[Host, list[tuple[float, IOStream]]] = {}
        self._tls: ssl.SSLContext | None = None

    def close(self) -> None:
        """Give the sockets back."""
        for kept in self._kept.values():
            for _, stream in kept:
                stream.close()
        self._kept.clear()
        self._tcp.close()

    async def get(self, url: str, headers: HTTPHeaders, into: Collector, seconds: float) -> None:
        """Ask for an address and fill `into`.

        seconds  for everything: name, connection, handshake and the whole answer
        raises   TimeoutError, StreamClosedError, ssl.SSLError, OSError, and what the resolver raises;
                 returns without `into.whole` where the answer was broken off or is no HTTP
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        parts = urlsplit(url)
        host = (parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme])
        while (kept := self._take(host)) is not None:
            try:
                async with asyncio.timeout_at(deadline):
                    await self._ask(kept, parts, headers, into, host)
            except StreamClosedError:
                if into.begun:
                    raise
            if into.begun:
                return
        stream = await self._tcp.connect(
            host[1], host[2],
            ssl_options=self._context() if parts.scheme == "https" else None,
            max_buffer_size=into.limit + 2 * self._header_limit,
            timeout=max(0.001, deadline - loop.time()),
        )  # fmt: skip
        stream.set_nodelay(True)
        async with asyncio.timeout_at(deadline):
            await self._ask(stream, parts, headers, into, host)

    async def _ask(
        self, stream: IOStream, parts: SplitResult, headers: HTTPHeaders, into: Collector, host: Host
    ) -> None:
        """One request and its answer; the connection is kept afterwards, or closed."""
        limits = HTTP1ConnectionParameters(
            no_keep_alive=False,
            max_header_size=self._header_limit,
            # The collector stops first and knows that it did; this is the second fence.
            max_body_size=into.limit + 65_536,
        )
        connection = HTTP1Connection(stream, True, limits)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = HTTPHeaders({"Host": parts.netloc, "Connection": "keep-alive", **headers})
        try:
            connection.write_headers(RequestStartLine("GET", path, "HTTP/1.1"), sent)
            connection.finish()
            await connection.read_response(into)
        except BaseException:
            stream.close()
            raise
        # Octets beyond the answer would be read as the next one.
        if into.keeps and not stream.closed() and not stream._read_buffer_size:
            self._keep(host, stream)
        else:
            stream.close()

    def _take(self, host: Host) -> IOStream | None:
        """A kept connection that is still open."""
        kept = self._kept.get(host, [])
        while kept:
            since, stream = kept.pop()
            if not stream.closed() and not stream._read_buffer_size and _now() - since < KEPT_SECONDS:
                stream.set_close_callback(None)
                return stream
            stream.close()
        return None

    def _keep(self, host: Host, stream: IOStream) -> None:
        kept = self._kept.setdefault(host, [])
        # With a callback the stream listens, and so learns that the other side has hung up.
        stream.set_close_callback(_noticed)
        kept.append((_now(), stream))
        while len(kept) > KEPT_MOST:
            kept.pop(0)[1].close()

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls


def _now() -> float:
    """Seconds that only grow."""
    return asyncio.get_running_loop().time()


def _noticed() -> None:
    """A kept connection was closed by the other side; it is found closed when it is wanted."""
