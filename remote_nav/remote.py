"""Remote controls as they are: a set of keys, and what can be pressed with it.

Many lack something: of the key tables of real remotes that the Linux kernel's tools ship, one in ten of
those with arrows and OK has no digits, half have no colours and hardly any has page keys. What a remote
lacks must stand on the screen as something to select.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from remote_nav.keymap import ARROWS, COLOURS, DIGITS, Action

INPUT_CODES: Mapping[str, Action] = MappingProxyType(
    {f"KEY_{action.name}": action for action in (*ARROWS, *COLOURS)}
    | {
        name: digit
        for number, digit in enumerate(DIGITS)
        for name in (f"KEY_{number}", f"KEY_NUMERIC_{number}", f"KEY_KP{number}")
    }
    | {
        "KEY_OK": Action.OK,
        "KEY_ENTER": Action.OK,
        "KEY_KPENTER": Action.OK,
        "KEY_SELECT": Action.OK,
        "KEY_BACK": Action.BACK,
        "KEY_BACKSPACE": Action.BACK,
        "KEY_ESC": Action.BACK,
        "KEY_EXIT": Action.EXIT,
        "KEY_CLOSE": Action.EXIT,
        "KEY_HOME": Action.HOME,
        "KEY_HOMEPAGE": Action.HOME,
        "KEY_MENU": Action.MENU,
        "KEY_PAGEUP": Action.PAGE_UP,
        "KEY_PAGEDOWN": Action.PAGE_DOWN,
        "KEY_NUMERIC_STAR": Action.STAR,
        "KEY_NUMERIC_POUND": Action.HASH,
    }
)
"""Names of Linux input codes (linux/input-event-codes.h) that mean something to a page."""

NEEDED = frozenset((*ARROWS, Action.OK))
"""What steering cannot do without; Back is the sixth key, and a page without it has a way back to select."""

SHORTCUTS = frozenset((Action.BACK, Action.PAGE_UP, Action.PAGE_DOWN, *COLOURS, *DIGITS))
"""Keys that only shorten what can also be selected."""


def pressable(names: Iterable[str]) -> frozenset[Action]:
    """What can be pressed on a remote with keys of these names; unknown names mean nothing to a page."""
    return frozenset(INPUT_CODES[name] for name in names if name in INPUT_CODES)


def can_steer(actions: Collection[Action]) -> bool:
    """Whether these keys are enough for every page."""
    return actions >= NEEDED if isinstance(actions, frozenset) else NEEDED.issubset(actions)


def must_show(actions: Collection[Action]) -> frozenset[Action]:
    """What a screen must offer to select, because this remote has no key for it."""
    return SHORTCUTS.difference(actions)
