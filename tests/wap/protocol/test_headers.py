"""Header blocks, both ways: one table of HTTP lines and the octets that say them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wap.protocol.assigned import FIELDS, Version
from wap.protocol.errors import Malformed, Truncated
from wap.protocol.headers import (
    decode_content_type,
    decode_headers,
    encode_content_type,
    encode_headers,
    encoding_version,
)

# Lines that are written and read back as they stand: name, value, octets, encoding version.
BOTH_WAYS: list[tuple[str, str, str, Version]] = [
    ("Accept", "*/*", "8080", (1, 2)),
    ("Accept", "text/vnd.wap.wml", "8088", (1, 1)),
    ("Accept", "text/vnd.wap.wml; q=0.5", "8003 88 80 33", (1, 2)),
    ("Accept", "text/html; level=1", "8003 82 82 9f", (1, 2)),
    ("Accept", "application/vnd.syncml+xml", "8003 02 0302", (1, 5)),
    ("Accept", "image/x-odd", "80 696d6167652f782d6f646400", (1, 2)),
    ("Accept-Charset", "utf-8", "81ea", (1, 2)),
    ("Accept-Charset", "utf-8", "bbea", (1, 3)),
    ("Accept-Charset", "*", "8180", (1, 2)),
    ("Accept-Charset", "big5", "8103 02 07ea", (1, 2)),
    ("Accept-Charset", "gb2312; q=0.9", "8104 02 07e9 5b", (1, 2)),
    ("Accept-Charset", "gbk", "81f1", (1, 2)),
    ("Accept-Encoding", "gzip", "8280", (1, 2)),
    ("Accept-Encoding", "deflate; q=0.5", "bc028233", (1, 3)),
    ("Accept-Encoding", "*; q=0.1", "bc02830b", (1, 3)),
    ("Accept-Language", "zh", "83c1", (1, 2)),
    ("Accept-Language", "en; q=0.7", "83029947", (1, 2)),
    ("Accept-Language", "vo; q=0.003", "8303 0185 67", (1, 2)),
    ("Accept-Language", "vo", "8302 0185", (1, 2)),
    ("Accept-Language", "zh-cn", "837a682d636e00", (1, 2)),
    ("Accept-Ranges", "bytes", "8481", (1, 2)),
    ("Age", "5868", "850216ec", (1, 2)),
    ("Allow", "GET", "86c0", (1, 2)),
    ("Allow", "PUT", "86e1", (1, 2)),
    (
        "Authorization",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "871580416c616464696e006f70656e20736573616d6500",
        (1, 2),
    ),
    ("Cache-Control", "no-cache", "8880", (1, 2)),
    ("Cache-Control", "no-cache", "bd80", (1, 3)),
    ("Cache-Control", "no-cache", "c780", (1, 4)),
    ("Cache-Control", "max-age=3600", "8804 82 020e10", (1, 2)),
    ("Cache-Control", "must-revalidate", "8889", (1, 2)),
    ("Cache-Control", 'private="Set-Cookie"', "c70287c1", (1, 4)),
    ("Cache-Control", "s-maxage=9", "c7028b89", (1, 4)),
    ("Connection", "close", "8980", (1, 2)),
    ("Content-Base", "http://city.example/", "8a687474703a2f2f636974792e6578616d706c652f00", (1, 2)),
    ("Content-Encoding", "deflate", "8b82", (1, 2)),
    ("Content-Language", "zh", "8cc1", (1, 2)),
    ("Content-Length", "100", "8de4", (1, 2)),
    ("Content-Location", "/a", "8e2f6100", (1, 2)),
    ("Content-MD5", "AAECAwQFBgcICQoLDA0ODw==", "8f10000102030405060708090a0b0c0d0e0f", (1, 2)),
    ("Content-Range", "bytes 10-/200", "90030a8148", (1, 2)),
    ("Content-Range", "bytes 10-/*", "be020a80", (1, 3)),
    ("Content-Type", "text/plain; charset=utf-8", "91038381ea", (1, 2)),
    ("Date", "Sun, 06 Nov 1994 08:49:37 GMT", "92042ebc98a1", (1, 2)),
    ("ETag", '"abc"', "932261626322 00", (1, 2)),
    ("Expires", "Thu, 01 Jan 1970 00:00:00 GMT", "940100", (1, 2)),
    ("From", "a@b", "95614062 00", (1, 2)),
    ("Host", "city.example", "96636974792e6578616d706c6500", (1, 2)),
    ("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT", "97042ebc98a1", (1, 2)),
    ("If-Match", "*", "982a00", (1, 2)),
    ("If-None-Match", "*", "992a00", (1, 2)),
    ("If-Range", "Sun, 06 Nov 1994 08:49:37 GMT", "9a042ebc98a1", (1, 2)),
    ("If-Range", "W/x", "9a572f7800", (1, 2)),
    ("If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT", "9b042ebc98a1", (1, 2)),
    ("Location", "/b", "9c2f6200", (1, 2)),
    ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT", "9d042ebc98a1", (1, 2)),
    ("Max-Forwards", "10", "9e8a", (1, 2)),
    ("Pragma", "no-cache", "9f80", (1, 2)),
    ("Pragma", 'odd="a b"', "9f09 6f646400 2261206200", (1, 2)),
    ("Proxy-Authenticate", 'Basic realm="city"', "a0068063697479 00", (1, 2)),
    ("Proxy-Authorization", "Basic OmE=", "a10480006100", (1, 2)),
    ("Public", "OPTIONS", "a2c1", (1, 2)),
    ("Range", "bytes=5-9", "a303800509", (1, 2)),
    ("Range", "bytes=5-", "a3028005", (1, 2)),
    ("Range", "bytes=-9", "a3028109", (1, 2)),
    ("Referer", "/", "a42f00", (1, 2)),
    ("Retry-After", "120", "a50281f8", (1, 2)),
    ("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT", "a50680042ebc98a1", (1, 2)),
    ("Server", "S", "a65300", (1, 2)),
    ("Transfer-Encoding", "chunked", "a780", (1, 2)),
    ("Upgrade", "X", "a85800", (1, 2)),
    ("User-Agent", "Phone/1.0", "a950686f6e652f312e3000", (1, 2)),
    ("Vary", "Accept", "aa80", (1, 2)),
    ("Vary", "X-Odd", "aa582d4f646400", (1, 2)),
    ("Via", "1.1 gw", "ab312e3120677700", (1, 2)),
    ("Warning", '110 - "old"', "ac078a2d006f6c6400", (1, 2)),
    (
        "WWW-Authenticate",
        'Digest realm="c", nonce="n n"',
        "ad14 44696765737400 6300 6e6f6e636500 226e206e00",
        (1, 2),
    ),
    ("Content-Disposition", "attachment; filename=a.txt", "ae088186612e74787400", (1, 2)),
    ("Content-Disposition", "attachment; filename=a.txt", "c5088198612e74787400", (1, 4)),
    ("X-Wap-Application-Id", "x-wap-application:wml.ua", "af82", (1, 2)),
    ("X-Wap-Content-URI", "u", "b07500", (1, 2)),
    ("X-Wap-Initiator-URI", "u", "b17500", (1, 2)),
    ("Accept-Application", "*", "b280", (1, 2)),
    ("Accept-Application", "30000", "b2027530", (1, 2)),
    ("Bearer-Indication", "11", "b38b", (1, 2)),
    ("Push-Flag", "4", "b484", (1, 2)),
    ("Profile", "http://p/x.xml", "b5687474703a2f2f702f782e786d6c00", (1, 2)),
    ("Profile-Diff", "0a0b", "b6020a0b", (1, 2)),
    ("Profile-Warning", "102", "b792", (1, 2)),
    ("Profile-Warning", "200 http://p", "c40aa0 687474703a2f2f7000", (1, 4)),
    ("Expect", "100-continue", "b880", (1, 3)),
    ("TE", "trailers", "b981", (1, 3)),
    ("TE", "gzip; q=0.5", "b903848033", (1, 3)),
    ("Trailer", "Content-MD5", "ba8f", (1, 3)),
    ("X-WAP-Tod", "Sun, 06 Nov 1994 08:49:37 GMT", "bf042ebc98a1", (1, 3)),
    ("Content-ID", '"<a@b>"', "c0223c6140623e00", (1, 3)),
    ("Set-Cookie", "a=b; path=/", "c108 90 6100 6200 8f2f00", (1, 3)),
    ("Cookie", "a=b; c=d", "c20b90 04 61006200 04 63006400", (1, 3)),
    ("Encoding-Version", "1.3", "c393", (1, 3)),
    ("X-WAP-Security", "close-subordinate", "c680", (1, 4)),
    ("X-Odd", "some text", "582d4f646400736f6d65207465787400", (1, 2)),
    ("Set-Cookie", "a=b; path=/", "5365742d436f6f6b696500613d623b20706174683d2f00", (1, 2)),
    ("X-Odd", "阳光", "582d4f6464007fe998b3e5858900", (1, 2)),
]


@pytest.mark.parametrize(("name", "value", "octets", "version"), BOTH_WAYS)
def test_both_ways(name: str, value: str, octets: str, version: Version) -> None:
    encoded = encode_headers([(name, value)], version)
    assert encoded.hex() == octets.replace(" ", "")
    assert [(known.lower(), text) for known, text in decode_headers(encoded)] == [(name.lower(), value)]


def test_every_code_is_in_the_table() -> None:
    spoken = {name.lower() for name, _, _, _ in BOTH_WAYS}
    assert {name.lower() for name, _ in FIELDS} - spoken == {
        "x-wap-loc-invocation",
        "x-wap-loc-delivery",
    }


# Lines that read back in another form.
ONE_WAY: list[tuple[str, str, Version, list[str]]] = [
    ("Accept", "text/html;level=1;q=0.80;odd=bar, image/gif;q=1.0", (1, 2), ["text/html; level=1; q=0.8; odd=bar", "image/gif"]),
    ("Accept-Encoding", "gzip;q=1.0, identity;q=0.5, *;q=0", (1, 2), ["gzip", "identity"]),
    ("Allow", "get, head", (1, 2), ["GET", "HEAD"]),
    ("Cache-Control", 'no-store, private="*", x=y', (1, 2), ["no-store", 'private="*"', "x=y"]),
    ("Cache-Control", "s-maxage=5", (1, 3), ["s-maxage=5"]),
    ("Cache-Control", "max-age=soon", (1, 2), ["max-age=soon"]),
    ("Content-Range", "bytes 10-99/200", (1, 2), ["bytes 10-/200"]),
    ("Date", "never", (1, 2), ["never"]),
    ("Last-Modified", "Tue, 01 Jan 1901 00:00:00 GMT", (1, 2), ["Tue, 01 Jan 1901 00:00:00 GMT"]),
    ("Warning", "199 gw \"odd\"", (1, 2), ['299 gw "odd"']),
    ("User-Agent", "a\r\nX-Evil: b\0c", (1, 2), ["a  X-Evil: b c"]),
    (
        "WWW-Authenticate",
        'Basic realm="a, b", Digest realm="c", nonce="x; y"',
        (1, 2),
        ['Basic realm="a, b"', 'Digest realm="c", nonce="x; y"'],
    ),
    ("Content-Type", "text/plain; charset=koi9", (1, 2), ["text/plain; charset=koi9"]),
    ("Content-Type", 'multipart/mixed; boundary="a b"', (1, 2), ['multipart/mixed; boundary="a b"']),
    ("Retry-After", "soon", (1, 2), ["soon"]),
    ("Bad name", "x", (1, 2), []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "version", "read"), ONE_WAY)
def test_one_way(name: str, value: str, version: Version, read: list[str]) -> None:
    assert [text for _, text in decode_headers(encode_headers([(name, value)], version))] == read


def test_pages_are_shifted_both_ways() -> None:
    up = bytes.fromhex("7f058681897800018088")
    assert decode_headers(up, ((5, "x-up-1"),)) == (
        ("x-up-devcap-has-color", "1"),
        ("x-up-devcap-screen-chars", "x"),
        ("Accept", "text/vnd.wap.wml"),
    )
    assert decode_headers(up) == (("Accept", "text/vnd.wap.wml"),)
    assert decode_headers(bytes.fromhex("058681"), ((5, "x-up-1"),)) == (("x-up-devcap-has-color", "1"),)


def test_what_cannot_be_read_is_left_out() -> None:
    known = bytes.fromhex("8088")
    assert decode_headers(bytes.fromhex("ff01ff") + known) == (("Accept", "text/vnd.wap.wml"),)
    assert decode_headers(bytes.fromhex("8f0400010203") + known) == (("Accept", "text/vnd.wap.wml"),)


@pytest.mark.parametrize("octets", ["80", "8004", "801f", "a95068", "58", "5800", "7f", "58004142"])
def test_truncated(octets: str) -> None:
    with pytest.raises(Truncated):
        decode_headers(bytes.fromhex(octets))


def test_nul_is_no_name() -> None:
    with pytest.raises(Malformed):
        decode_headers(b"\0")


@pytest.mark.parametrize(
    ("text", "octets", "version"),
    [
        ("application/vnd.wap.wmlc", "94", (1, 1)),
        ("application/vnd.wap.wmlc; charset=utf-8", "03 94 81ea", (1, 2)),
        ("text/vnd.wap.wml; charset=gbk", "03 88 81f1", (1, 2)),
        ("application/vnd.wap.sic", "ae", (1, 2)),
        ("application/xhtml+xml", "bb", (1, 4)),
        ("image/vnd.wap.wbmp", "a1", (1, 2)),
        ("application/vnd.wap.multipart.related; type=text/css", "0b b3 89 746578742f63737300", (1, 2)),
    ],
)
def test_content_types(text: str, octets: str, version: Version) -> None:
    encoded = encode_content_type(text, version)
    if "type=" not in text:
        assert encoded.hex() == octets.replace(" ", "")
    assert decode_content_type(encoded) == text


def test_an_older_phone_reads_a_younger_type_as_text() -> None:
    assert encode_content_type("application/xhtml+xml", (1, 3)) == b"application/xhtml+xml\0"
    assert encode_content_type("application/vnd.wap.xhtml+xml; charset=utf-8", (1, 4))[0] == 31
    with pytest.raises(Truncated):
        decode_content_type(b"")


def test_encoding_versions() -> None:
    assert encoding_version(()) == (1, 2)
    assert encoding_version((("Encoding-Version", "1.3"),)) == (1, 3)
    assert encoding_version((("encoding-version", "1.9"),)) == (1, 4)
    assert encoding_version((("Encoding-Version", "odd"),)) == (1, 2)


@given(st.binary(max_size=80))
def test_any_octets(octets: bytes) -> None:
    try:
        found = decode_headers(octets, ((5, "x-up-1"),))
    except Malformed:
        return
    for name, value in found:
        assert not set(name + value) & {"\r", "\n", "\0"}


@given(
    st.sampled_from([name for name, _ in FIELDS] + ["X-Odd", "a b", ""]),
    st.text(max_size=40),
    st.sampled_from([(1, 1), (1, 2), (1, 3), (1, 4)]),
)
def test_any_line_is_written_so_that_it_can_be_divided(name: str, value: str, version: Version) -> None:
    block = encode_headers([(name, value), ("Age", "7")], version)
    assert decode_headers(block)[-1] == ("Age", "7")


@given(st.sampled_from(BOTH_WAYS), st.data())
def test_mutations(example: tuple[str, str, str, Version], data: st.DataObject) -> None:
    octets = bytearray.fromhex(example[2])
    octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Malformed):
        decode_headers(bytes(octets), ((5, "x-up-1"),))
