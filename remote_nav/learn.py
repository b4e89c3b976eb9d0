"""Learning the keys of an unknown box: it is asked to press them, and its address remembers the answer.

An address carries learned keys as one word, the codes in base 36 in the order of ORDER, joined with "_":
`12_14_11_13_d_8` are the arrows of a browser, OK and Back. A key that a remote lacks is left empty, empty
ones at the end are left out. Digits are 48 to 57 on every box known, unless such a code was learned as
something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from remote_nav.errors import BadKeys
from remote_nav.keymap import ARROWS, COLOURS, DIGITS, Action, KeyMap

ASKED = (*ARROWS, Action.OK, Action.BACK)
"""What the teaching page asks for, in this order."""

ORDER = (*ASKED, Action.PAGE_UP, Action.PAGE_DOWN, *COLOURS, *DIGITS)

LARGEST_CODE = 2**31 - 1
_WORD = re.compile(r"[0-9a-z]{0,6}(_[0-9a-z]{0,6}){0,21}")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def encode(codes: Mapping[int, Action]) -> str:
    """The word for a table; where an action has several codes the first one is kept."""
    first: dict[Action, int] = {}
    for code, action in codes.items():
        first.setdefault(action, code)
    if all(first.get(digit) == 48 + number for number, digit in enumerate(DIGITS)):
        first = {action: code for action, code in first.items() if action not in DIGITS}
    words = [_base36(first[action]) if action in first else "" for action in ORDER]
    while words and not words[-1]:
        words.pop()
    return "_".join(words)


@lru_cache(maxsize=1_000)
def decode(word: str, profile: str = "") -> KeyMap:
    """The keys that a word of an address names.

    raises  BadKeys: not such a word, one code for two keys, or no code for an arrow or OK
    """
    if not _WORD.fullmatch(word):
        raise BadKeys("a learned key table is codes in base 36, joined with _")
    codes: dict[int, Action] = {}
    for action, part in zip(ORDER, word.split("_"), strict=False):
        if not part:
            continue
        code = int(part, 36)
        if code in codes or not 0 < code <= LARGEST_CODE:
            raise BadKeys(f"code {code} cannot be {action}")
        codes[code] = action
    missing = [action for action in (*ARROWS, Action.OK) if action not in codes.values()]
    if missing:
        raise BadKeys(f"no code for {', '.join(missing)}")
    if not any(digit in codes.values() for digit in DIGITS):
        codes |= {48 + number: digit for number, digit in enumerate(DIGITS) if 48 + number not in codes}
    return KeyMap(profile, codes)


def _base36(number: int) -> str:
    word = ""
    while True:
        number, digit = divmod(number, 36)
        word = _DIGITS[digit] + word
        if not number:
            return word


@dataclass(frozen=True, slots=True)
class Lesson:
    """How far teaching has come: the codes pressed so far, 0 for a key that was passed over."""

    codes: tuple[int, ...] = ()

    @property
    def asks(self) -> Action | None:
        """The key to press now; None where all are known."""
        return ASKED[len(self.codes)] if len(self.codes) < len(ASKED) else None

    @property
    def known(self) -> Mapping[int, Action]:
        """The codes learned so far."""
        return {code: action for code, action in zip(self.codes, ASKED, strict=False) if code}

    @property
    def word(self) -> str:
        """The word for the address, once all are known."""
        return encode(self.known)

    def press(self, code: int) -> Lesson:
        """The lesson after a key; the same lesson where the key is already another's, or after the end."""
        if self.asks is None or not 0 < code <= LARGEST_CODE or code in self.codes:
            return self
        return Lesson((*self.codes, code))

    def skip(self) -> Lesson:
        """The lesson without the key asked for; only Back may be missing."""
        return Lesson((*self.codes, 0)) if self.asks is Action.BACK else self
