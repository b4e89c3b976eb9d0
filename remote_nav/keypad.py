"""The boxes of a keypad with its matches beside it: the number box, and fields without a keyboard."""

from __future__ import annotations

from dataclasses import dataclass

from remote_nav.errors import BadLayout
from remote_nav.geometry import Box, Rect
from remote_nav.keymap import DIGITS, Action

ERASE = "erase"
LEAVE = "leave"
MATCH = "match"

KEYS: tuple[tuple[str, ...], ...] = (
    ("1", "2", "3"),
    ("4", "5", "6"),
    ("7", "8", "9"),
    (ERASE, "0", LEAVE),
)
"""The keys as they lie on a remote control: fingers know where 5 is."""

_SMALLEST = 32.0
_LABELS = frozenset(digit.value for digit in DIGITS)


@dataclass(frozen=True, slots=True)
class Keypad:
    """Sizes in pixels: keys are at most `key` wide and high, `gap` apart; the rest is for matches."""

    key: float = 112.0
    gap: float = 16.0
    row: float = 88.0


def keypad(area: Rect, matches: int = 0, sizes: Keypad = Keypad()) -> tuple[Box, ...]:
    """The boxes of a number box.

    area     what they must stand inside          matches  rows to the right of the keys, "match-1" ...
    returns  "key-1" ... "key-0", "key-erase", "key-leave", and the matches, which come first, as the best
             match has the focus
    raises   BadLayout where the area is too small for keys that can be hit
    """
    columns, lines = len(KEYS[0]), len(KEYS)
    high = min(sizes.key, (area.height - (lines - 1) * sizes.gap) / lines)
    wide = min(sizes.key, (area.width / 2 - columns * sizes.gap) / columns)
    fitting = int((area.height + sizes.gap) // (sizes.row + sizes.gap))
    if min(high, wide) < _SMALLEST:
        raise BadLayout(f"no keypad fits into {area.width:g} by {area.height:g}")
    if matches > fitting:
        raise BadLayout(f"{matches} matches do not fit; there is room for {fitting}")
    left = area.left + columns * (wide + sizes.gap) + sizes.gap
    found = [
        Box(
            f"{MATCH}-{number + 1}",
            Rect(left, area.top + number * (sizes.row + sizes.gap), area.right - left, sizes.row),
            group="matches",
        )
        for number in range(matches)
    ]
    keys = [
        Box(
            f"key-{name}",
            Rect(area.left + x * (wide + sizes.gap), area.top + y * (high + sizes.gap), wide, high),
            group="keys",
        )
        for y, names in enumerate(KEYS)
        for x, name in enumerate(names)
    ]
    return (*found, *keys)


def meant(box_id: str) -> Action | None:
    """The action of a key of the keypad: a digit, or Back for both erasing and leaving; None for others."""
    name = box_id.removeprefix("key-")
    if name in _LABELS:
        return Action(name)
    return Action.BACK if name in (ERASE, LEAVE) else None
