"""Variable-length integers, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wap.protocol.errors import Malformed, Truncated
from wap.protocol.uintvar import MAX_VALUE, decode_uintvar, encode_uintvar, take


@pytest.mark.parametrize(
    ("value", "octets"),
    [
        (0, "00"),
        (0x7F, "7f"),
        (0x80, "8100"),
        (0x87A5, "828f25"),
        (0x3FFF, "ff7f"),
        (0x100000, "c08000"),
        (MAX_VALUE, "8fffffff7f"),
    ],
)
def test_both_ways(value: int, octets: str) -> None:
    assert encode_uintvar(value).hex() == octets
    assert decode_uintvar(bytes.fromhex(octets)) == (value, len(octets) // 2)
    assert decode_uintvar(b"\xff" + bytes.fromhex(octets) + b"\xff", 1) == (value, len(octets) // 2 + 1)


def test_a_long_form_of_a_small_number_is_read() -> None:
    assert decode_uintvar(bytes.fromhex("8005")) == (5, 2)


@pytest.mark.parametrize("octets", ["", "80", "8180", "8f8f8f8f"])
def test_truncated(octets: str) -> None:
    with pytest.raises(Truncated):
        decode_uintvar(bytes.fromhex(octets))


@pytest.mark.parametrize("octets", ["ffffffff7f", "808080808000", "9080808000"])
def test_malformed(octets: str) -> None:
    with pytest.raises(Malformed) as raised:
        decode_uintvar(bytes.fromhex(octets))
    assert not isinstance(raised.value, Truncated)


@pytest.mark.parametrize("value", [-1, MAX_VALUE + 1])
def test_numbers_that_do_not_fit(value: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode_uintvar(value)


@given(st.binary(max_size=8), st.integers(0, 9))
def test_any_octets(octets: bytes, at: int) -> None:
    try:
        value, end = decode_uintvar(octets, at)
    except Malformed:
        return
    assert at < end <= len(octets)
    assert decode_uintvar(encode_uintvar(value))[0] == value


def test_take() -> None:
    assert take(b"abc", 1, 2) == (b"bc", 3)
    with pytest.raises(Truncated):
        take(b"abc", 2, 2)
