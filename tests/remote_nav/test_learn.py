"""Learning the keys of an unknown box."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_nav.errors import BadKeys
from remote_nav.keymap import DIGITS, SIX_KEYS, TABLES, Action
from remote_nav.learn import ASKED, Lesson, decode, encode


def test_the_word_of_a_browser() -> None:
    assert encode({38: Action.UP, 40: Action.DOWN, 37: Action.LEFT, 39: Action.RIGHT, 13: Action.OK}) == (
        "12_14_11_13_d"
    )
    keys = decode("12_14_11_13_d_8", "web-hd")
    assert keys.profile == "web-hd"
    assert keys.actions == SIX_KEYS | set(DIGITS)
    assert (keys.action(38), keys.action(8), keys.action(48)) == (Action.UP, Action.BACK, Action.D0)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_tables_travel_in_the_address(name: str) -> None:
    table = TABLES[name]
    word = encode(table.codes)
    known = {Action.STAR, Action.HASH, Action.EXIT, Action.HOME, Action.MENU}
    kept = {action for action in table.codes.values() if action not in known}
    keys = decode(word)
    assert keys.actions == kept
    assert all(table.codes[code] is action for code, action in keys.codes.items())
    assert set(word) <= set("0123456789abcdefghijklmnopqrstuvwxyz_")
    assert len(word) <= 100


def test_digits_that_are_elsewhere_are_kept() -> None:
    keys = decode(encode(TABLES["maple"].codes))
    assert keys.action(17) is Action.D0
    assert keys.action(48) is None


def test_learned_codes_come_before_the_usual_digits() -> None:
    keys = decode("1c_1d_1e_1f_d")  # arrows on 48 to 51
    assert keys.action(48) is Action.UP
    assert keys.action(52) is Action.D4
    assert Action.D0 not in keys.actions


@pytest.mark.parametrize(
    "word",
    [
        "",
        "12",
        "12_14_11_13",
        "12_14_11_12_d",
        "12_14_11_13_0",
        "A_B_C_D_E",
        "12.14",
        "12_14_11_13_zzzzzz9",
        "_" * 30,
    ],
)
def test_words_that_are_none(word: str) -> None:
    with pytest.raises(BadKeys):
        decode(word)


@given(st.text(alphabet="0123456789abcdefghijklmnopqrstuvwxyz_.-", max_size=60))
def test_any_word_is_a_table_or_one_named_error(word: str) -> None:
    try:
        keys = decode(word)
    except BadKeys:
        return
    assert decode(encode(keys.codes)).codes.items() <= keys.codes.items() | decode(word).codes.items()


def test_a_lesson() -> None:
    lesson = Lesson()
    for code, asked in zip((1, 2, 3, 4, 13, 340), ASKED, strict=True):
        assert lesson.asks is asked
        lesson = lesson.press(code)
    assert lesson.asks is None
    assert lesson.word == "1_2_3_4_d_9g"
    assert decode(lesson.word).action(340) is Action.BACK
    assert lesson.press(99) is lesson


def test_a_key_twice_is_not_taken() -> None:
    lesson = Lesson().press(38)
    assert lesson.press(38) is lesson
    assert lesson.press(0) is lesson
    assert lesson.press(2**40) is lesson


def test_only_back_may_be_missing() -> None:
    lesson = Lesson().press(1)
    assert lesson.skip() is lesson
    lesson = Lesson((1, 2, 3, 4, 13)).skip()
    assert lesson.asks is None
    assert lesson.word == "1_2_3_4_d"
