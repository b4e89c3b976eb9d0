"""WTP PDUs, both ways."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wap.protocol import pdu as wtp_pdu
from wap.protocol.errors import Malformed, Truncated
from wap.protocol.pdu import (
    Abort,
    Ack,
    Invoke,
    Kind,
    Nack,
    Option,
    Pdu,
    Result,
    Segment,
    Tpi,
    TpiKind,
    acked_psn,
    concatenate,
    decode_datagram,
    decode_pdu,
    encode_pdu,
    option,
    psn_tpi,
)

EXAMPLES: list[tuple[Pdu, str]] = [
    (Invoke(1, 2, b"\x40\x00", gtr=False, ttr=True, user_ack=True), "0a0001124000"),
    (Invoke(0x1234, 0, b"", rid=True), "0f123400"),
    (Invoke(7, 1, b"x", tid_new=True), "0e00072178"),
    (Invoke(7, 2, b"x", version=1), "0e00074278"),
    (
        Invoke(5, 2, b"z", True, False, tpis=(Tpi(TpiKind.OPTION, b"\x04\x10\x68"),)),
        "8c0005021304106 87a".replace(" ", ""),
    ),
    (Result(0x8001, b"\x04\x20"), "1680010420"),
    (Result(0x8001, b"ab", gtr=False, ttr=False), "1080016162"),
    (Ack(3), "180003"),
    (Ack(0x8003, verify=True), "1c8003"),
    (Ack(3, rid=True, tpis=(psn_tpi(9),)), "9900031909"),
    (Abort(2, False, 8), "20000208"),
    (Abort(0x8002, True, 0xE1), "218002e1"),
    (Segment(Kind.SEGMENTED_INVOKE, 4, 1, b"q", ttr=True), "2a00040171"),
    (Segment(Kind.SEGMENTED_RESULT, 0x8004, 255, b"", gtr=True, rid=True), "358004ff"),
    (Nack(4, (1, 3)), "380004020103"),
    (Nack(4, (), rid=True), "39000400"),
    (Ack(1, tpis=(Tpi(1, b""), Tpi(0, b"longer"))), "98000188 04066c6f6e676572".replace(" ", "")),
]


@pytest.mark.parametrize(("pdu", "octets"), EXAMPLES)
def test_both_ways(pdu: Pdu, octets: str) -> None:
    assert encode_pdu(pdu).hex() == octets
    assert decode_pdu(bytes.fromhex(octets)) == pdu


def test_concatenation_both_ways() -> None:
    short, long = Ack(1), Result(0x8002, bytes(200))
    together = concatenate([encode_pdu(short), encode_pdu(long)])
    assert together[:2] == b"\x00\x03"
    assert together[5:7] == b"\x80\xcb"  # 203 octets: the long form of the length
    assert decode_datagram(together) == [short, long]
    assert concatenate([encode_pdu(short)]) == encode_pdu(short)
    assert decode_datagram(encode_pdu(short)) == [short]
    with pytest.raises(ValueError, match="too long"):
        concatenate([bytes(0x8000), b""])


@pytest.mark.parametrize(
    "octets",
    [
        "",
        "0a",
        "0a0001",
        "200001",
        "380001",
        "38000103aa",
        "9800",
        "980001",
        "98000103aa",
        "0003180001"[:8],
        "0080",
    ],
)
def test_truncated(octets: str) -> None:
    with pytest.raises(Truncated):
        decode_datagram(bytes.fromhex(octets))


@pytest.mark.parametrize("octets", ["400001", "0e000103", "22000100", "0003000000"])
def test_malformed(octets: str) -> None:
    with pytest.raises(Malformed):
        decode_datagram(bytes.fromhex(octets))


def test_items() -> None:
    tpis = (Tpi(TpiKind.OPTION, b"\x04\x10\x68"), psn_tpi(6))
    assert option(tpis, Option.MAX_GROUP) == 0x1068
    assert option(tpis, Option.CURRENT_TID) is None
    assert acked_psn(tpis) == 6
    assert acked_psn((Tpi(TpiKind.PSN, b""),)) is None


def test_fields_out_of_range() -> None:
    with pytest.raises(ValueError, match="class 3"):
        encode_pdu(Invoke(1, 3, b""))
    with pytest.raises(ValueError):
        encode_pdu(Ack(0x10000))


@given(st.binary(max_size=60))
def test_any_octets(octets: bytes) -> None:
    try:
        found = decode_datagram(octets)
    except Malformed:
        return
    for pdu in found:
        assert wtp_pdu.decode_pdu(encode_pdu(pdu)) == pdu


@given(st.sampled_from(EXAMPLES), st.data())
def test_mutations(example: tuple[Pdu, str], data: st.DataObject) -> None:
    octets = bytearray.fromhex(example[1])
    octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Malformed):
        decode_datagram(bytes(octets))
