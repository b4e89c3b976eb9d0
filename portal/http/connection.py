"""Connections at Tornado's whose heads are read here first, and requests of the editions cut to size.

Tornado looks through a head again with every packet and refuses what is long. Here the work grows with the
octets alone (`portal.http.incoming`), and of a form that somebody has filled with a million characters the
begin is read and the rest dropped: the page that takes it says what is too long.

The private names of Tornado that this leans on are pinned by tests/portal/http/test_lane_contract.py.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from tornado import iostream
from tornado.http1connection import HTTP1Connection, HTTP1ConnectionParameters, HTTP1ServerConnection
from tornado.httpserver import HTTPServer, _HTTPRequestContext
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
)

from portal.http.incoming import FIELDS as HEAD_FIELDS
from portal.http.incoming import IncomingHead, Refused

log = logging.getLogger("sunshine.http")

IDLE_SECONDS = 75.0
HEAD_SECONDS = 20.0
"""How long a head may take from its first octet to its last."""

READ_OCTETS = 65_536
PLAIN_OCTETS = 8_000
"""A head that stands in the buffer as a whole is Tornado's as it is, up to this length."""

BODY_OCTETS = 64_000
"""Of a body that are read: of a form of an edition the first, of every other it may not have more."""

LONGEST_BODY = 4_000_000
"""Of an edition's form, read or dropped."""

FIELDS = 100
"""Of a query or a form: Tornado refuses what has more than a thousand, and reading them takes its time."""

FORM = "application/x-www-form-urlencoded"
EDITIONS = ("/tv/", "/wap/")

_END = re.compile(rb"\r?\n\r?\n")

Back = Callable[[iostream.IOStream], None]


class Connection(HTTP1ServerConnection):
    """A connection of the server's.

    back  takes it after one answer; without, it stays here      gone  is told when it has ended
    """

    def __init__(
        self, stream: iostream.IOStream, params: HTTP1ConnectionParameters, context: object,
        back: Back | None = None, gone: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        super().__init__(stream, params, context)
        self._back = back
        self._gone = gone

    async def _server_request_loop(self, delegate: HTTPServerConnectionDelegate) -> None:
        open_still = False
        try:
            while True:
                open_still = await self._serve(delegate)
                if not open_still or self._back is not None:
                    return
                await asyncio.sleep(0)
        finally:
            delegate.on_close(self)
            if self._back is not None and open_still and not self.stream.closed():
                self._back(self.stream)
            else:
                self._gone()

    async def _serve(self, delegate: HTTPServerConnectionDelegate) -> bool:
        """Serve one request. Whether the connection can have another."""
        try:
            await _take_head(self.stream)
        except Refused as error:
            log.info("a request is refused: %s", error)
            await _refuse(self.stream, error)
            return False
        except (iostream.StreamClosedError, TimeoutError):
            self.stream.close()
            return False
        connection = HTTP1Connection(self.stream, False, self.params, self.context)
        request = delegate.start_request(self, connection)
        try:
            return await connection.read_response(request)
        except (iostream.StreamClosedError, iostream.UnsatisfiableReadError, asyncio.CancelledError):
            return False
        except Exception:
            log.exception("Uncaught exception")
            connection.close()
            return False


async def _take_head(stream: iostream.IOStream) -> None:
    """Wait until a whole head, cut to size, stands in the stream's buffer.

    raises  Refused, StreamClosedError; TimeoutError where none comes or it comes too slowly
    """
    unread = stream._read_buffer
    if unread.startswith((b"\r", b"\n")):
        # RFC 9112 2.2: empty lines before a request are passed over, those too that have been read already.
        blank = len(unread) - len(unread.lstrip(b"\r\n"))
        del unread[:blank]
        stream._read_buffer_size -= blank
    end = _END.search(unread, 0, PLAIN_OCTETS)
    # Its lines are the first, one a field, and the empty one.
    if end and unread.count(b"\n", 0, end.end()) <= HEAD_FIELDS + 2:
        return
    head = IncomingHead()
    async with asyncio.timeout(IDLE_SECONDS):
        data = await stream.read_bytes(READ_OCTETS, partial=True)
    async with asyncio.timeout(HEAD_SECONDS):
        while not head.feed(data):
            # What has come already is there at once: others have their turn in between.
            await asyncio.sleep(0)
            data = await stream.read_bytes(READ_OCTETS, partial=True)
    taken = head.head + head.rest
    stream._read_buffer[:0] = taken
    stream._read_buffer_size += len(taken)


async def _refuse(stream: iostream.IOStream, error: Refused) -> None:
    try:
        await stream.write(f"HTTP/1.1 {error}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    except iostream.StreamClosedError:
        return
    stream.close()


class Cut(HTTPMessageDelegate):
    """Hands on a request: of an address its first `FIELDS` fields; of a body to an edition so many of them,
    and its first `BODY_OCTETS`."""

    def __init__(self, to: HTTPMessageDelegate, connection: HTTPConnection) -> None:
        self._to = to
        self._connection = connection
        self._room = BODY_OCTETS
        self._fields = FIELDS
        self._form = False

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        """Tornado's hook: the head is there."""
        if isinstance(start_line, RequestStartLine):
            path = start_line.path
            if path.startswith(EDITIONS) and isinstance(self._connection, HTTP1Connection):
                self._connection.set_max_body_size(LONGEST_BODY)
                self._form = headers.get("Content-Type", "").startswith(FORM)
            if path.count("&") >= FIELDS:
                start_line = start_line._replace(path="&".join(path.split("&", FIELDS)[:FIELDS]))
        return self._to.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """Tornado's hook: a part of the body is there."""
        part = chunk[: self._room]
        if self._form and part:
            *_, last = begun = part.split(b"&", self._fields)
            if len(begun) > self._fields:
                part = part[: len(part) - len(last) - 1]
                self._room = len(part)
            self._fields -= len(begun) - 1
        self._room -= len(part)
        return self._to.data_received(part) if part else None

    def finish(self) -> None:
        """Tornado's hook: all is there."""
        self._to.finish()

    def on_connection_close(self) -> None:
        """Tornado's hook: no more comes."""
        self._to.on_connection_close()


class CuttingServer(HTTPServer):
    """Tornado's HTTPServer, with TLS or without, that takes what is long and reads its begin."""

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        """Tornado's hook for every request."""
        return Cut(super().start_request(server_conn, request_conn), request_conn)

    def handle_stream(self, stream: iostream.IOStream, address: Any) -> None:
        """Tornado's hook for every connection."""
        self.serve(stream, address)

    def serve(
        self, stream: iostream.IOStream, address: Any, back: Back | None = None,
        gone: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """Answer what comes on a stream; one request of it where somebody takes it back."""
        context = _HTTPRequestContext(stream, address, self.protocol, self.trusted_downstream)
        connection = Connection(stream, self.conn_params, context, back, gone)
        self._connections.add(connection)
        connection.start_serving(self)
