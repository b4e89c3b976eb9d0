"""Typing with a remote control."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_nav.entry import (
    CODE,
    IDLE,
    LETTERS,
    LONGEST_NUMBER,
    RECEIPT,
    SETTLE,
    TAP,
    TELEPHONE,
    Do,
    Fault,
    Kind,
    MultiTap,
    NumberBox,
    NumberField,
)
from remote_nav.keymap import Action

A = Action


def digits(text: str) -> list[Action]:
    return [Action(digit) for digit in text]


# --- The number box -------------------------------------------------------------------------------


def test_driving_licence_in_four_presses() -> None:
    """0 opened the box; 5 9 are typed, settle, and OK opens what is seen."""
    box, does = NumberBox(since=0.0).press(A.D5, 1.0)
    assert (box.typed, does) == ("5", None)
    box, does = box.press(A.D9, 1.2)
    assert (box.typed, does) == ("59", None)
    assert box.wakes() == pytest.approx(1.2 + SETTLE)
    assert box.tick(1.3) == (box, None)
    box, does = box.tick(1.2 + SETTLE)
    assert (box.asked, does) == ("59", Do.LOOK)
    assert box.tick(2.0) == (box, None)
    assert box.press(A.OK, 2.5)[1] is Do.OPEN


def test_ok_in_a_hurry_shows_first_what_it_would_open() -> None:
    box, _ = NumberBox().press(A.D5, 1.0)
    box, does = box.press(A.OK, 1.1)
    assert (box.asked, does) == ("5", Do.LOOK)
    assert box.press(A.OK, 1.5)[1] is Do.OPEN


def test_back_takes_digits_and_then_leaves() -> None:
    box = NumberBox(typed="31", asked="31")
    box, does = box.press(A.BACK, 1.0)
    assert (box.typed, box.asked, does) == ("3", "3", Do.LOOK)
    box, does = box.press(A.BACK, 1.0)
    assert (box.typed, does) == ("", Do.LOOK)
    assert box.press(A.BACK, 1.0)[1] is Do.CLOSE


def test_ok_on_nothing_does_nothing() -> None:
    assert NumberBox().press(A.OK, 1.0) == (NumberBox(since=1.0), None)


def test_a_box_left_alone_closes_and_any_key_keeps_it() -> None:
    box = NumberBox(typed="5", asked="5")
    assert box.tick(IDLE - 1)[1] is None
    assert box.tick(IDLE)[1] is Do.CLOSE
    box, does = box.press(A.DOWN, IDLE - 1)
    assert does is None
    assert box.tick(IDLE)[1] is None
    assert box.wakes() == 2 * IDLE - 1


@given(st.lists(st.sampled_from(list(Action)), max_size=40))
def test_a_number_box_never_grows_beyond_its_length(presses: list[Action]) -> None:
    box, now = NumberBox(), 0.0
    for press in presses:
        now += 0.3
        box, does = box.press(press, now)
        assert len(box.typed) <= LONGEST_NUMBER
        assert does is not Do.OPEN or box.asked == box.typed != ""
        box, _ = box.tick(now)
        assert box.typed.isdigit() or box.typed == ""


# --- Fields for numbers ---------------------------------------------------------------------------


def typed(kind: Kind, *presses: Action) -> NumberField:
    field = NumberField(kind)
    for press in presses:
        field = field.press(press)
    return field


def test_correction_in_the_middle() -> None:
    field = typed(TELEPHONE, *digits("13900138000"), A.LEFT, A.LEFT, A.LEFT, A.LEFT, A.BACK, A.D7)
    assert field.digits == "13900178000"
    assert field.caret == 7
    assert typed(CODE, *digits("12"), A.LEFT, A.LEFT, A.LEFT, A.D9).digits == "912"
    assert typed(CODE, A.RIGHT, A.BACK, A.UP, A.OK).digits == ""
    assert field.cleared() == NumberField(TELEPHONE)


def test_a_full_field_takes_no_more() -> None:
    assert typed(CODE, *digits("1234567")).digits == "123456"


@pytest.mark.parametrize(
    ("kind", "text", "shown", "fault"),
    [
        (TELEPHONE, "13800138000", "138 0013 8000", None),
        (TELEPHONE, "12800138000", "128 0013 8000", Fault.NO_TELEPHONE),
        (TELEPHONE, "1380013800", "1380013800", Fault.NO_TELEPHONE),
        (TELEPHONE, "057112345678", "057112345678", None),
        (TELEPHONE, "01012345678", "010 1234 5678", None),
        (TELEPHONE, "4001234567", "4001234567", None),
        (TELEPHONE, "87654321", "8765 4321", None),
        (TELEPHONE, "8765432", "876 5432", None),
        (TELEPHONE, "12345", "12345", None),
        (TELEPHONE, "110", "110", None),
        (TELEPHONE, "0123456", "012 3456", Fault.NO_TELEPHONE),
        (TELEPHONE, "123456", "123456", Fault.NO_TELEPHONE),
        (TELEPHONE, "11", "11", Fault.SHORT),
        (TELEPHONE, "", "", Fault.SHORT),
        (CODE, "123456", "123 456", None),
        (CODE, "12345", "12345", Fault.SHORT),
        (RECEIPT, "20250001", "2025 0001", None),
    ],
)
def test_numbers(kind: Kind, text: str, shown: str, fault: Fault | None) -> None:
    field = typed(kind, *digits(text))
    assert (field.shown, field.fault) == (shown, fault)


@given(st.lists(st.sampled_from(list(Action)), max_size=40), st.sampled_from([TELEPHONE, CODE, RECEIPT]))
def test_the_caret_stays_in_the_field(presses: list[Action], kind: Kind) -> None:
    field = typed(kind, *presses)
    assert 0 <= field.caret <= len(field.digits) <= kind.longest
    assert field.shown.replace(" ", "") == field.digits


# --- Letters --------------------------------------------------------------------------------------


def tapped(*taps: tuple[Action, float]) -> MultiTap:
    state = MultiTap()
    for action, at in taps:
        state = state.press(action, at)
    return state


@pytest.mark.parametrize(
    ("taps", "shown"),
    [
        ([(A.D2, 0.0)], "a"),
        ([(A.D2, 0.0), (A.D2, 0.5)], "b"),
        ([(A.D2, 0.0), (A.D2, 0.5), (A.D2, 1.0), (A.D2, 1.5)], "2"),
        ([(A.D2, 0.0), (A.D2, 0.5), (A.D2, 1.0), (A.D2, 1.5), (A.D2, 2.0)], "a"),
        ([(A.D2, 0.0), (A.D2, TAP)], "aa"),
        ([(A.D2, 0.0), (A.D3, 0.1)], "ad"),
        ([(A.D2, 0.0), (A.RIGHT, 0.1), (A.D2, 0.2)], "aa"),
        ([(A.D1, 0.0), (A.D0, 0.1), (A.D0, 0.2)], "@0"),
        ([(A.D2, 0.0), (A.BACK, 0.1)], ""),
        ([(A.D2, 0.0), (A.D3, 0.1), (A.BACK, 0.2), (A.BACK, 0.3)], ""),
        ([(A.HASH, 0.0), (A.D7, 0.1), (A.HASH, 0.2), (A.D7, 0.3)], "Pp"),
        ([(A.BACK, 0.0), (A.UP, 0.1)], ""),
    ],
)
def test_taps(taps: list[tuple[Action, float]], shown: str) -> None:
    assert tapped(*taps).shown == shown


def test_a_letter_left_alone_settles() -> None:
    state = tapped((A.D5, 0.0))
    assert state.tick(TAP - 0.1) is state
    assert state.tick(TAP).text == "j"
    assert state.tick(TAP).letter == ""


def test_letters_as_links() -> None:
    state = MultiTap()
    for letter in "wang@163":
        state = state.choose(letter)
    assert state.text == "wang@163"
    assert state.choose("<").text == state.choose("").text == state.choose("ab").text == "wang@163"
    assert MultiTap(text="a" * 64).choose("b").text == "a" * 64


def test_every_letter_and_digit_can_be_tapped() -> None:
    assert set("".join(LETTERS.values())) >= set("abcdefghijklmnopqrstuvwxyz0123456789@. ")


@given(st.lists(st.tuples(st.sampled_from(list(Action)), st.floats(0, 2)), max_size=100))
def test_text_never_grows_beyond_its_length(events: list[tuple[Action, float]]) -> None:
    state, now = MultiTap(longest=8), 0.0
    for action, wait in events:
        now += wait
        state = state.tick(now).press(action, now)
        assert len(state.shown) <= 8
