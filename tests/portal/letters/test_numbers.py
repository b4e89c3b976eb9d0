"""Numbers and telephone numbers: what can be typed wrong is caught, and nothing can be read out of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.letters import numbers

_numbers = st.integers(0, 8_999_999).map(lambda drawn: numbers.draw(lambda _: drawn))


@given(_numbers)
def test_every_drawn_number_is_one(number: str) -> None:
    """Eight digits, none of them a leading zero that a keypad would lose."""
    assert len(number) == numbers.NUMBER_DIGITS and numbers.is_number(number) and number[0] != "0"


@given(_numbers, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_caught(number: str, place: int, by: int) -> None:
    """Whichever it is."""
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert not numbers.is_number(wrong)


@given(_numbers, st.integers(0, 6))
def test_two_neighbours_turned_round_are_caught(number: str, place: int) -> None:
    """Unless they are the same digit."""
    turned = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert turned == number or not numbers.is_number(turned)


@given(st.text(max_size=12))
def test_nothing_else_is_a_number(written: str) -> None:
    """Digits of other scripts neither."""
    if numbers.is_number(written):
        assert written.isascii() and len(written) == 8
    assert not numbers.is_code(written) or (written.isascii() and len(written) == 6)


def test_telephones_as_people_type_them() -> None:
    """Blanks, hyphens, brackets and +86 fall away; what cannot be rung is none."""
    for typed in (
        "+86 139-1234-5678",
        "0086 13912345678",
        "139 1234 5678",
        "13912345678",
        "+86（139）12345678",
    ):
        assert numbers.plain_telephone(typed) == "13912345678", typed
    assert numbers.is_telephone("13912345678") and numbers.is_telephone("09995550001")
    for wrong in (
        "1391234567",
        "139123456789",
        "12345678901",
        "5550001",
        "",
        "１３９１２３４５６７８",
        "1391234567a",
    ):
        assert not numbers.is_telephone(wrong), wrong
