"""Digits as shortcuts, and as letters.

The same digits do the same on every screen: 1 to 8 open the numbered thing at once, 9 turns to the next
screen, 0 opens the number box. Each only shortens what can be selected with arrows and OK.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from remote_nav.errors import BadLayout
from remote_nav.keymap import DIGITS, Action

NUMBERED = DIGITS[1:9]
"""The digits that open things, in the order in which things are numbered."""

NEXT = Action.D9
NUMBER_BOX = Action.D0

KEYPAD: Mapping[Action, str] = MappingProxyType(
    dict(zip(DIGITS[2:], ("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"), strict=True))
)
"""Letters on the digit keys, as printed on telephones (ITU-T E.161)."""

_DIGIT_OF = {letter: digit.value for digit, letters in KEYPAD.items() for letter in letters}


def shortcuts(
    things: Sequence[str], more: str | None = None, number_box: str | None = None
) -> dict[Action, str]:
    """Which box each digit presses.

    things      ids of the numbered boxes, at most eight, in the order of their numbers
    more        the box that turns to the next screen, None on the last one
    number_box  the box that opens the number box, None where there is none
    raises      BadLayout for a ninth thing: its number would be the next screen's
    """
    if len(things) > len(NUMBERED):
        raise BadLayout(
            f"{len(things)} numbered things on one screen; there are {len(NUMBERED)} digits for them"
        )
    given = dict(zip(NUMBERED, things, strict=False))
    if more is not None:
        given[NEXT] = more
    if number_box is not None:
        given[NUMBER_BOX] = number_box
    return given


def letters_as_digits(letters: str) -> str:
    """The digits under which letters stand: "jz" is "59". Case does not count, all but a to z is left out."""
    return "".join(_DIGIT_OF.get(letter, "") for letter in letters.lower())
