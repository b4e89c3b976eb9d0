"""Parameters and media types where the table of headers does not reach."""

import pytest

from wap.protocol.errors import Malformed
from wap.protocol.media import (
    decode_media,
    encode_media,
    encode_parameters,
    quote_unless_token,
    read_parameters,
)
from wap.protocol.values import Cursor

TYPE = "multipart/related"


@pytest.mark.parametrize(
    ("parameter", "octets", "version"),
    [
        ("q=0.5", "8033", (1, 2)),
        ("charset=utf-8", "81ea", (1, 2)),
        ("level=1.2", "8292", (1, 2)),
        ("level=20", "82323000", (1, 2)),
        ("type=5", "8385", (1, 1)),
        ("name=a.txt", "85612e74787400", (1, 2)),
        ("name=a.txt", "97612e74787400", (1, 4)),
        ('filename="a b"', "8661206200", (1, 2)),
        ('filename="a b"', "982261206200", (1, 4)),
        ("differences=Accept", "8780", (1, 2)),
        ("padding=3", "8883", (1, 2)),
        ("type=application/vnd.wap.wmlc", "8994", (1, 2)),
        ("start=a", "8a6100", (1, 2)),
        ("start-info=a", "9a6100", (1, 4)),
        ("comment=a", "8c6100", (1, 3)),
        ("domain=a", "8d6100", (1, 3)),
        ("max-age=300", "8e02012c", (1, 3)),
        ("path=/", "8f2f00", (1, 3)),
        ("secure", "9000", (1, 3)),
        ("sec=1", "9181", (1, 4)),
        ("mac=a", "926100", (1, 4)),
        ('creation-date="Sun, 06 Nov 1994 08:49:37 GMT"', "93042ebc98a1", (1, 4)),
        ("size=1000", "960203e8", (1, 4)),
        ("odd=a", "6f6464006100", (1, 2)),
        ('odd="a b"', "6f64640022612062 00".replace(" ", ""), (1, 2)),
        ("odd", "6f64640000", (1, 2)),
        ("charset=odd", "63686172736574006f646400", (1, 2)),
        ("path=/", "70617468002f00", (1, 2)),
    ],
)  # fmt: skip
def test_parameters_both_ways(parameter: str, octets: str, version: tuple[int, int]) -> None:
    encoded = encode_parameters([parameter], version)
    assert encoded.hex() == octets
    assert read_parameters(Cursor(encoded)) == f"; {parameter}"


def test_q_of_one_is_not_sent() -> None:
    assert encode_parameters(["q=1.0"], (1, 2)) == b""


def test_untyped_integers_are_read() -> None:
    assert read_parameters(Cursor(b"odd\0\x85")) == "; odd=5"


@pytest.mark.parametrize("octets", ["ff", "038880ff", "0394fe80", "00", "1f00", "02b700"])
def test_what_is_no_media_type(octets: str) -> None:
    with pytest.raises(Malformed):
        decode_media(bytes.fromhex(octets))


def test_text_types_and_long_parameters() -> None:
    text = f"application/x-odd; a={'b' * 60}"
    octets = encode_media(text, (1, 2))
    assert octets[0] == 31
    assert decode_media(octets) == text


def test_quotes() -> None:
    assert quote_unless_token("a.b") == "a.b"
    assert quote_unless_token('a"b\\') == '"a\\"b\\\\"'
    assert quote_unless_token("") == '""'
