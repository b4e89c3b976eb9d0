"""WSP PDUs, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wap.protocol.errors import Malformed, Truncated
from wap.protocol.wsp_pdu import (
    Address,
    Connect,
    ConnectReply,
    Disconnect,
    Method,
    Pdu,
    Push,
    Redirect,
    Reply,
    Resume,
    Suspend,
    decode,
    encode,
    value_end,
)

EXAMPLES: list[tuple[Pdu, str]] = [
    (Connect(0x10, b"\x02\x80\x00", b"\x80\x80"), "0110 03 02 028000 8080"),
    (ConnectReply(5, b"", b"\x80\x80"), "02 05 00 02 8080"),
    (ConnectReply(0xFFFFFFFF, b"", b""), "02 8fffffff7f 00 00"),
    (Redirect((Address(None, None, b"\x7f\x00\x00\x01"),)), "03 00 04 7f000001"),
    (
        Redirect((Address(0, 9201, b"\x0a\x00\x00\x01"), Address(1, None, b"")), permanent=True),
        "03 80 c4 00 23f1 0a000001 80 01",
    ),
    (Redirect((), reuse_security=True), "03 40"),
    (Reply(0x20, b"\x94", b"deck"), "04 20 01 94 6465636b"),
    (Disconnect(300), "05 822c"),
    (Push(b"\x94", b"d"), "06 01 94 64"),
    (Push(b"\x94", b"d", confirmed=True), "07 01 94 64"),
    (Suspend(1), "08 01"),
    (Resume(9, b"\x01", b"\x80\x80"), "09 09 01 01 8080"),
    (Method(0x40, b"http://x/", b"\x80\x80"), "40 09 687474703a2f2f782f 8080"),
    (Method(0x41, b"*", b""), "41 01 2a"),
    (Method(0x42, b"/", b""), "42 01 2f"),
    (Method(0x50, b"/", b""), "50 01 2f"),
    (Method(0x60, b"/", b"\x80\x80", b"\x92", b"a=1"), "60 01 03 2f 92 8080 613d31"),
    (Method(0x61, b"/", b"", b"\x03\x83\x81\xea", b""), "61 01 04 2f 038381ea"),
    (Method(0x60, b"/", b"", b"text/x\0", b"b"), "60 01 07 2f 746578742f7800 62"),
]


@pytest.mark.parametrize(("pdu", "octets"), EXAMPLES)
def test_both_ways(pdu: Pdu, octets: str) -> None:
    assert encode(pdu).hex() == octets.replace(" ", "")
    assert decode(bytes.fromhex(octets)) == pdu


@pytest.mark.parametrize(
    "octets",
    [
        "",
        "01",
        "0110",
        "01100580",
        "4009687474",
        "600103",
        "6001032f92",
        "04",
        "03",
        "0300c400",
        "05",
        "060594",
    ],
)
def test_truncated(octets: str) -> None:
    with pytest.raises(Truncated):
        decode(bytes.fromhex(octets))


@pytest.mark.parametrize("octets", ["00", "0a", "3f", "80", "ff", "05ffffffffff"])
def test_malformed(octets: str) -> None:
    with pytest.raises(Malformed):
        decode(bytes.fromhex(octets))


@pytest.mark.parametrize(
    ("octets", "end"),
    [("80", 1), ("00ff", 1), ("0301020304", 4), ("1f03010203ff", 5), ("616200ff", 3), ("7fe900", 3)],
)
def test_where_a_value_ends(octets: str, end: int) -> None:
    assert value_end(bytes.fromhex(octets), 0) == end


def test_long_redirect_addresses() -> None:
    with pytest.raises(ValueError, match="63"):
        encode(Redirect((Address(None, None, bytes(64)),)))


@given(st.binary(max_size=60))
def test_any_octets(octets: bytes) -> None:
    try:
        pdu = decode(octets)
    except Malformed:
        return
    assert decode(encode(pdu)) == pdu
