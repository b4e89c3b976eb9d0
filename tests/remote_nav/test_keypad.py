"""The boxes of the number box."""

from __future__ import annotations

import pytest

from remote_nav.errors import BadLayout
from remote_nav.geometry import Key, Rect
from remote_nav.graph import focus_graph
from remote_nav.keymap import Action
from remote_nav.keypad import keypad, meant
from remote_nav.profile import PROFILES
from remote_nav.proof import prove

AREAS = {name: box.area for name, box in PROFILES.items()}


@pytest.mark.parametrize("name", ["hbbtv-hd", "web-hd", "webos-fhd", "ipanel-sd"])
@pytest.mark.parametrize("matches", [0, 1, 4])
def test_proved_on_every_screen(name: str, matches: int) -> None:
    area = AREAS[name]
    inner = Rect(area.left, area.top + 60, area.width, area.height - 60)
    screen = keypad(inner, matches)
    moves = focus_graph(screen)
    assert prove(screen, moves, area=inner).ok
    assert len(screen) == 12 + matches
    assert screen[0].id == ("match-1" if matches else "key-1")


def test_fingers_find_their_keys() -> None:
    moves = focus_graph(keypad(AREAS["web-hd"], 4))
    assert [moves["key-5"][key] for key in Key] == ["key-2", "key-8", "key-4", "key-6"]
    assert moves["key-3"][Key.RIGHT] == "match-1"
    assert moves["match-1"][Key.LEFT] == "key-3"
    assert moves["key-0"][Key.UP] == "key-8"


def test_what_keys_mean() -> None:
    assert [meant(f"key-{name}") for name in ("1", "0", "erase", "leave")] == [
        Action.D1,
        Action.D0,
        Action.BACK,
        Action.BACK,
    ]
    assert meant("match-1") is None


def test_a_screen_too_small_is_refused() -> None:
    with pytest.raises(BadLayout, match="no keypad fits"):
        keypad(Rect(0, 0, 200, 150))
    with pytest.raises(BadLayout, match="room for 4"):
        keypad(AREAS["ipanel-sd"], 5)
