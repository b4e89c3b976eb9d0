"""Typing with a remote control: the number box, fields for numbers, and Latin letters by multi-tap.

Each is a state machine without a clock: a state, an event and the time in seconds go in, the next state
(and, for the number box, what the page has to do) comes out. All that a state says fits into an address,
so each event can also be a link on the screen: a box without script types with arrows and OK.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from remote_nav.digits import KEYPAD
from remote_nav.keymap import DIGITS, Action

# --- The number box ---------------------------------------------------------------------------

LONGEST_NUMBER = 12
SETTLE = 0.4
"""Seconds without a digit before matches are asked for: a weak box loads no page between two digits."""
IDLE = 60.0
"""Seconds without a key after which an open number box closes: the set was left alone, not in doubt."""


class Do(StrEnum):
    """What the page has to do after an event."""

    LOOK = "look"  # show the matches of what is typed
    OPEN = "open"  # open the match that has the focus
    CLOSE = "close"  # back to the page below


@dataclass(frozen=True, slots=True)
class NumberBox:
    """An open number box.

    typed   digits so far          since   when the last key came, seconds on any steady clock
    asked   the digits whose matches stand on the screen
    """

    typed: str = ""
    since: float = 0.0
    asked: str = ""

    def press(self, action: Action, now: float) -> tuple[NumberBox, Do | None]:
        """A key: digits extend what is typed, Back takes the last digit and then closes, OK opens.

        OK right after a digit first shows the matches: what opens is always something that was seen.
        Arrows belong to the screen and leave the state alone, but count as a sign of life.
        """
        alive = replace(self, since=now)
        if action in DIGITS:
            if len(self.typed) >= LONGEST_NUMBER:
                return alive, None
            return replace(alive, typed=self.typed + action.value), None
        if action is Action.BACK:
            if not self.typed:
                return alive, Do.CLOSE
            return alive._look(self.typed[:-1])
        if action is Action.OK and self.typed:
            return (alive, Do.OPEN) if self.asked == self.typed else alive._look(self.typed)
        return alive, None

    def tick(self, now: float) -> tuple[NumberBox, Do | None]:
        """Time has passed: digits that have settled are looked up, a box left alone closes."""
        waited = now - self.since
        if waited >= IDLE:
            return self, Do.CLOSE
        if self.typed != self.asked and waited >= SETTLE:
            return self._look(self.typed)
        return self, None

    def wakes(self) -> float:
        """When `tick` next has something to do, on the clock of `since`."""
        return self.since + (SETTLE if self.typed != self.asked else IDLE)

    def _look(self, typed: str) -> tuple[NumberBox, Do | None]:
        return replace(self, typed=typed, asked=typed), Do.LOOK


# --- Fields for numbers -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field takes: lengths that are complete, and how the digits are shown in groups.

    groups  sizes of the groups of a number as long as their sum; other lengths are shown as they are
    """

    lengths: frozenset[int]
    groups: tuple[tuple[int, ...], ...] = ()

    @property
    def longest(self) -> int:
        """Digits beyond this are not taken."""
        return max(self.lengths)


class Fault(StrEnum):
    """Why what was typed cannot be used yet."""

    SHORT = "short"
    NO_TELEPHONE = "no telephone"


TELEPHONE = Kind(frozenset((3, 5, 7, 8, 10, 11, 12)), ((3, 4, 4), (4, 4), (3, 4)))
CODE = Kind(frozenset((6,)), ((3, 3),))
RECEIPT = Kind(frozenset((8,)), ((4, 4),))


@dataclass(frozen=True, slots=True)
class NumberField:
    """A field being typed in. `caret` stands before that digit; correction happens there."""

    kind: Kind
    digits: str = ""
    caret: int = 0

    def press(self, action: Action) -> NumberField:
        """Digits go in at the caret, Left and Right move it, Back takes the digit before it."""
        if action in DIGITS:
            if len(self.digits) >= self.kind.longest:
                return self
            digits = self.digits[: self.caret] + action.value + self.digits[self.caret :]
            return replace(self, digits=digits, caret=self.caret + 1)
        if action is Action.BACK and self.caret:
            digits = self.digits[: self.caret - 1] + self.digits[self.caret :]
            return replace(self, digits=digits, caret=self.caret - 1)
        if action is Action.LEFT:
            return replace(self, caret=max(0, self.caret - 1))
        if action is Action.RIGHT:
            return replace(self, caret=min(len(self.digits), self.caret + 1))
        return self

    def cleared(self) -> NumberField:
        """The field without a digit."""
        return replace(self, digits="", caret=0)

    @property
    def shown(self) -> str:
        """The digits in groups: 138 0013 8000."""
        fitting = (sizes for sizes in self.kind.groups if sum(sizes) == len(self.digits))
        at, parts = 0, []
        for size in next(fitting, ()):
            parts.append(self.digits[at : at + size])
            at += size
        return " ".join(parts) if parts else self.digits

    @property
    def fault(self) -> Fault | None:
        """Why it cannot be sent yet; None where it can.

        A Chinese mobile number has eleven digits and begins with 1 and 3 to 9; a number with an area code
        begins with 0; anything shorter is a local number or a hotline.
        """
        length = len(self.digits)
        if self.kind is not TELEPHONE:
            return None if length in self.kind.lengths else Fault.SHORT
        if length < min(self.kind.lengths):
            return Fault.SHORT
        mobile = length == 11 and self.digits[0] == "1" and self.digits[1] in "3456789"
        with_area = self.digits[0] == "0" and 10 <= length <= 12
        service = length == 10 and self.digits[:3] in ("400", "800")
        local = length in (3, 5, 7, 8) and self.digits[0] != "0"
        return None if mobile or with_area or service or local else Fault.NO_TELEPHONE


# --- Letters ----------------------------------------------------------------------------------

TAP = 1.2
"""Seconds within which the same key goes on to its next letter; slow hands and slow boxes need the second."""

MARKS = "@._-"
LETTERS: Mapping[Action, str] = MappingProxyType(
    {digit: letters + digit.value for digit, letters in KEYPAD.items()}
    | {Action.D1: MARKS + "1", Action.D0: " 0"}
)
"""What each digit key types, one tap after the other; the digit itself comes last."""


@dataclass(frozen=True, slots=True)
class MultiTap:
    """Text being tapped.

    text     what is settled               key, taps   the key in hand and how often it was tapped
    since    when it was tapped last       upper       capital letters
    """

    text: str = ""
    key: Action | None = None
    taps: int = 0
    since: float = 0.0
    upper: bool = False
    longest: int = 64

    @property
    def letter(self) -> str:
        """The letter in hand, "" where none is."""
        if self.key is None:
            return ""
        letters = LETTERS[self.key]
        letter = letters[(self.taps - 1) % len(letters)]
        return letter.upper() if self.upper else letter

    @property
    def shown(self) -> str:
        """The text with the letter in hand."""
        return self.text + self.letter

    def press(self, action: Action, now: float) -> MultiTap:
        """A digit taps; Back takes the letter in hand, then the one before; Right settles; # changes case."""
        if action in LETTERS:
            if action is self.key and now - self.since < TAP:
                return replace(self, taps=self.taps + 1, since=now)
            settled = self.settled()
            if len(settled.text) >= self.longest:
                return settled
            return replace(settled, key=action, taps=1, since=now)
        if action is Action.BACK:
            if self.key is not None:
                return replace(self, key=None, taps=0)
            return replace(self, text=self.text[:-1])
        if action is Action.HASH:
            return replace(self.settled(), upper=not self.upper)
        return self.settled() if action in (Action.RIGHT, Action.OK) else self

    def tick(self, now: float) -> MultiTap:
        """Time has passed: a letter left alone is settled."""
        return self.settled() if self.key is not None and now - self.since >= TAP else self

    def settled(self) -> MultiTap:
        """The state with the letter in hand put to the text."""
        return replace(self, text=self.shown, key=None, taps=0)

    def choose(self, letter: str) -> MultiTap:
        """A letter chosen on the screen, as a box without script does it; others than ours change nothing."""
        settled = self.settled()
        if letter.lower() not in _TYPED or len(settled.text) >= self.longest:
            return settled
        return replace(settled, text=settled.text + letter)


_TYPED = frozenset("".join(LETTERS.values()))
