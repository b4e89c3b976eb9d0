"""Digits as shortcuts and as letters."""

from __future__ import annotations

import pytest

from remote_nav.digits import KEYPAD, letters_as_digits, shortcuts
from remote_nav.errors import BadLayout
from remote_nav.keymap import Action


def test_shortcuts() -> None:
    things = [f"t{n}" for n in range(1, 9)]
    given = shortcuts(things, more="next", number_box="numbers")
    assert given[Action.D1] == "t1"
    assert given[Action.D8] == "t8"
    assert given[Action.D9] == "next"
    assert given[Action.D0] == "numbers"
    assert shortcuts(["only"]) == {Action.D1: "only"}
    assert shortcuts([]) == {}


def test_a_ninth_thing_has_no_digit() -> None:
    with pytest.raises(BadLayout, match="9 numbered things"):
        shortcuts([str(n) for n in range(9)])


@pytest.mark.parametrize(
    ("letters", "digits"),
    [("jz", "59"), ("zsz", "979"), ("gjj", "455"), ("GJJ", "455"), ("a-b c1", "222"), ("", ""), ("驾照", "")],
)
def test_letters(letters: str, digits: str) -> None:
    assert letters_as_digits(letters) == digits


def test_every_letter_has_one_key() -> None:
    assert sorted("".join(KEYPAD.values())) == list("abcdefghijklmnopqrstuvwxyz")
