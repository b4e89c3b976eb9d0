"""What fast lane and connections lean on in Tornado; each is private there: a new version may change it."""

from __future__ import annotations

import inspect
import socket

from tornado import iostream
from tornado.http1connection import HTTP1Connection, HTTP1ConnectionParameters, HTTP1ServerConnection
from tornado.httpserver import HTTPServer, _HTTPRequestContext
from tornado.tcpserver import TCPServer
from tornado.web import Application, GZipContentEncoding


def names(function: object) -> list[str]:
    """The names of a function's parameters."""
    return list(inspect.signature(function).parameters)  # type: ignore[arg-type]


def test_an_accepted_socket_comes_to_handle_connection() -> None:
    """Where the lane steps in."""
    assert names(TCPServer._handle_connection) == ["self", "connection", "address"]
    assert "self._handle_connection" in inspect.getsource(TCPServer.add_sockets)


def test_a_connection_is_made_as_handle_stream_makes_it() -> None:
    """`CuttingServer.serve` does the same, step for step, but for the class of the connection."""
    source = inspect.getsource(HTTPServer.handle_stream)
    for step in (
        "_HTTPRequestContext(\n            stream, address, self.protocol, self.trusted_downstream\n        )",
        "HTTP1ServerConnection(stream, self.conn_params, context)",
        "self._connections.add(conn)",
        "conn.start_serving(self)",
    ):
        assert step in source
    assert names(_HTTPRequestContext.__init__) == [
        "self", "stream", "address", "protocol", "trusted_downstream",
    ]  # fmt: skip
    assert "self._connections.remove" in inspect.getsource(HTTPServer.on_close)
    assert "self.address = address" in inspect.getsource(_HTTPRequestContext.__init__)
    for attribute in ("max_buffer_size", "read_chunk_size", "conn_params", "protocol", "trusted_downstream"):
        assert hasattr(HTTPServer(Application()), attribute), attribute


def test_one_request_is_served_as_the_loop_of_tornado_serves_it() -> None:
    """`Connection._serve` is one turn of this loop."""
    source = inspect.getsource(HTTP1ServerConnection._server_request_loop)
    for step in (
        "conn = HTTP1Connection(self.stream, False, self.params, self.context)",
        "request_delegate = delegate.start_request(self, conn)",
        "ret = await conn.read_response(request_delegate)",
        "iostream.StreamClosedError,\n                    iostream.UnsatisfiableReadError,\n"
        "                    asyncio.CancelledError,",
        "if not ret:\n                    return",
        "finally:\n            delegate.on_close(self)",
    ):
        assert step in source
    assert "self._server_request_loop(delegate)" in inspect.getsource(HTTP1ServerConnection.start_serving)


async def test_a_stream_gives_and_takes_what_it_has_read_ahead() -> None:
    """Unread octets stand in a bytearray with their number beside it; `_state` is what the loop listens to."""
    ours, theirs = socket.socketpair()
    stream = iostream.IOStream(ours)
    assert isinstance(stream._read_buffer, bytearray) and stream._read_buffer_size == 0
    stream._read_buffer += b"one\r\ntwo"
    stream._read_buffer_size += 8
    assert await stream.read_until(b"\r\n") == b"one\r\n"
    assert bytes(stream._read_buffer[: stream._read_buffer_size]) == b"two"
    assert stream._state is None
    waiting = stream.read_until(b"!")
    assert stream._state is not None
    theirs.sendall(b"!")
    assert await waiting == b"two!"
    stream.io_loop.remove_handler(stream.fileno())
    stream._state = None
    assert not stream.closed() and stream.socket is ours
    ours.close()
    theirs.close()


def test_retiring_closes_after_the_next_answer() -> None:
    """Each request reads `no_keep_alive` anew; an answer that ends the connection says so."""
    assert "self.no_keep_alive = params.no_keep_alive" in inspect.getsource(HTTP1Connection.__init__)
    assert HTTP1ConnectionParameters().no_keep_alive is False
    assert 'headers["Connection"] = "close"' in inspect.getsource(HTTP1Connection.write_headers)


def test_compression_is_decided_when_it_is_made() -> None:
    """`Compressed` decides anew."""
    assert "self._gzipping = " in inspect.getsource(GZipContentEncoding.__init__)
