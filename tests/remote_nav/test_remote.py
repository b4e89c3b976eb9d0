"""Real remote controls: whatever keys they lack, every page can be reached and left."""

from __future__ import annotations

import pytest

from remote_nav.keymap import ARROWS, COLOURS, DIGITS, SIX_KEYS, Action
from remote_nav.presses import costs, prisons, site_of
from remote_nav.remote import SHORTCUTS, can_steer, must_show, pressable
from tests.remote_nav.sites import whole
from tests.remotes import STEERING, keys_of

PAGES = whole()
SITE = site_of(list(PAGES.values()))


def test_names_of_keys() -> None:
    text = """
        [[protocols]]
        name = "ours"
        protocol = "nec"
        [protocols.scancodes]
        0x01 = "KEY_UP"
        0x02 = "KEY_NUMERIC_5"
        0x03 = "KEY_COFFEE"
        [[protocols]]
        protocol = "raw"
    """
    assert keys_of(text) == {"KEY_UP", "KEY_NUMERIC_5", "KEY_COFFEE"}
    assert pressable(keys_of(text)) == {Action.UP, Action.D5}
    assert pressable(["KEY_5", "KEY_KP5", "KEY_SELECT", "KEY_EXIT"]) == {Action.D5, Action.OK, Action.EXIT}


def test_what_is_enough_and_what_must_be_shown() -> None:
    assert can_steer(SIX_KEYS)
    assert can_steer([*ARROWS, Action.OK])
    assert not can_steer(SIX_KEYS - {Action.LEFT})
    assert not can_steer([*ARROWS, Action.BACK])
    assert must_show(SIX_KEYS) == {*DIGITS, *COLOURS, Action.PAGE_UP, Action.PAGE_DOWN}
    assert must_show(SHORTCUTS) == set()
    assert Action.BACK in must_show([*ARROWS, Action.OK])


def test_there_are_remotes_of_every_kind() -> None:
    """The survey that the design rests on: most can steer, and each kind of key is missing somewhere."""
    assert len(STEERING) >= 80, "Debian's package ir-keytable is missing: scripts/setup test installs it"
    lacking = {action: sum(action not in actions for actions in STEERING.values()) for action in SHORTCUTS}
    assert lacking[Action.BACK] > 0
    assert lacking[Action.D1] > 0
    assert lacking[Action.RED] > len(STEERING) / 4
    assert lacking[Action.PAGE_UP] > len(STEERING) / 2


@pytest.mark.parametrize("name", sorted(STEERING))
def test_every_page_can_be_reached_and_left(name: str) -> None:
    actions = STEERING[name]
    route = costs(SITE, "home", actions)
    assert set(route.costs) == set(PAGES)
    assert prisons(SITE, "home", actions) == []
    for page in PAGES:
        assert set(route.keys(page)) <= actions


def test_without_a_way_back_on_the_screen_some_would_be_stuck() -> None:
    bare = site_of(list(whole(way_back=False).values()))
    stuck = {name for name, actions in STEERING.items() if prisons(bare, "home", actions)}
    assert stuck == {name for name, actions in STEERING.items() if Action.BACK not in actions}
    assert stuck
