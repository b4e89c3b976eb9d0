"""Requests and replies between HTTP and WSP."""

import pytest

from wap.protocol.exchange import WspReply, WspRequest, reply_octets, request_of, room
from wap.protocol.headers import encode_headers
from wap.protocol.wsp_pdu import Method, Reply, decode


@pytest.mark.parametrize(
    ("url", "written"),
    [
        (b"http://x/a?b=%E9&c#d", "http://x/a?b=%E9&c#d"),
        (b"/a b", "/a%20b"),
        (b"/\r\nX: y", "/%0D%0AX:%20y"),
        (b"\xe9\x98\xb3\x00\x7f", "%E9%98%B3%00%7F"),
        (b"", ""),
    ],
)
def test_urls(url: bytes, written: str) -> None:
    request = request_of(Method(0x40, url, b""), b"", (), ())
    assert isinstance(request, WspRequest)
    assert request.url == written


def test_methods_by_number_and_by_agreement() -> None:
    assert request_of(Method(0x50, b"/", b""), b"", (), ()) == 501
    assert request_of(Method(0x40, b"/" * 3_000, b""), b"", (), ()) == 414
    request = request_of(Method(0x50, b"/", b""), b"", (), ((0x50, "X-M"),))
    assert isinstance(request, WspRequest)
    assert request.method == "X-M"


def test_headers() -> None:
    static = encode_headers(
        [("Accept", "image/gif"), ("Accept", "image/png"), ("X-IMSI", "46000"), ("Connection", "close")]
    )
    request = request_of(Method(0x40, b"/", encode_headers([("accept-language", "zh")])), static, (), ())
    assert isinstance(request, WspRequest)
    assert request.headers == (("Accept", "image/gif"), ("Accept", "image/png"), ("Accept-Language", "zh"))
    assert request.header("accept") == "image/gif, image/png"
    assert request.header("x-imsi") == ""


def test_reply() -> None:
    headers = (("Cache-Control", "no-store"), ("Server", "x"), ("Content-Length", "4"), ("Vary", "Accept"))
    octets = reply_octets(WspReply(404, "text/vnd.wap.wml; charset=utf-8", headers, b"deck"), "GET", (1, 2))
    assert decode(octets) == Reply(0x44, b"\x03\x88\x81\xea\x88\x81", b"deck")


def test_room_for_a_body() -> None:
    assert room(1_400) == 1_300
    assert room(0) > 100_000
    assert room(20) == 0
