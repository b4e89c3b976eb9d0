"""The parts of header values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wap.protocol import values
from wap.protocol.errors import Malformed
from wap.protocol.values import Cursor


@pytest.mark.parametrize(
    ("number", "octets"),
    [(0, "80"), (127, "ff"), (128, "0180"), (65_536, "03010000"), (2**239, "1e80" + "00" * 29)],
)
def test_integers(number: int, octets: str) -> None:
    assert values.encode_integer(number).hex() == octets
    assert Cursor(bytes.fromhex(octets)).integer() == number


@pytest.mark.parametrize("number", [-1, 2**240])
def test_integers_that_do_not_fit(number: int) -> None:
    with pytest.raises((ValueError, OverflowError)):
        values.encode_integer(number)


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("0.0", "01"),
        ("0.01", "02"),
        ("0.5", "33"),
        ("0.99", "64"),
        ("0.333", "8331"),
        ("0.003", "67"),
        ("0.999", "884b"),
    ],
)
def test_qualities(text: str, octets: str) -> None:
    assert values.encode_q(text).hex() == octets
    assert Cursor(bytes.fromhex(octets)).q() == text


@pytest.mark.parametrize("text", ["", "2", "1.5", "-1", "0.1234", "x"])
def test_no_qualities(text: str) -> None:
    with pytest.raises(ValueError):
        values.encode_q(text)


@pytest.mark.parametrize("octets", ["00", "884c", "8f7f"])
def test_qualities_out_of_range(octets: str) -> None:
    with pytest.raises(Malformed):
        Cursor(bytes.fromhex(octets)).q()


@pytest.mark.parametrize(
    ("text", "octets"), [("1.2", "92"), ("1", "9f"), ("7.14", "fe"), ("1.15", "312e313500"), ("x", "7800")]
)
def test_versions(text: str, octets: str) -> None:
    assert values.encode_version(text).hex() == octets
    assert Cursor(bytes.fromhex(octets)).version() == text


def test_dates_before_and_after_the_calendar() -> None:
    with pytest.raises(ValueError, match="before 1970"):
        values.encode_date("Tue, 01 Jan 1901 00:00:00 GMT")
    with pytest.raises(Malformed):
        Cursor(values.encode_long(2**100)).date()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a, b", ["a", "b"]),
        ('a="x, y", b', ['a="x, y"', "b"]),
        ('"\\",", c', ['"\\","', "c"]),
        (",, ,", []),
        ('"open, end', ['"open, end']),
    ],
)
def test_lists(text: str, parts: list[str]) -> None:
    assert values.split_list(text) == parts


@given(st.text(max_size=30))
def test_text_comes_back(text: str) -> None:
    octets = values.encode_text(text)
    assert octets.count(0) == 1
    assert Cursor(octets).text() == text.translate(values.CONTROLS)


@given(st.binary(max_size=20))
def test_any_octets(octets: bytes) -> None:
    for read in (
        Cursor.integer,
        Cursor.text,
        Cursor.text_value,
        Cursor.date,
        Cursor.version,
        Cursor.q,
        Cursor.value,
    ):
        try:
            read(Cursor(octets))
        except Malformed:
            continue
