"""Which key events count."""

from __future__ import annotations

from itertools import pairwise

import pytest

from remote_nav.keymap import Action
from remote_nav.repeat import Presses


def counted(events: list[tuple[Action, float]]) -> list[float]:
    """The times of the events that count."""
    state, heeded = Presses(), []
    for action, at in events:
        state, counts = state.hear(action, at)
        if counts:
            heeded.append(at)
    return heeded


def held(action: Action, every: float, seconds: float, start: float = 0.0) -> list[tuple[Action, float]]:
    return [(action, round(start + step * every, 3)) for step in range(int(seconds / every) + 1)]


def test_frames_that_come_twice_are_one_press() -> None:
    assert counted([(Action.DOWN, 0.0), (Action.DOWN, 0.04), (Action.DOWN, 0.5), (Action.DOWN, 0.54)]) == [
        0,
        0.5,
    ]


@pytest.mark.parametrize("every", [0.033, 0.05, 0.1, 0.114, 0.15])
def test_a_held_arrow_runs_at_a_pace(every: float) -> None:
    heeded = counted(held(Action.DOWN, every, 2.0))
    assert 6 <= len(heeded) <= 12
    assert all(later - earlier >= 0.18 for earlier, later in pairwise(heeded))


@pytest.mark.parametrize("action", [Action.OK, Action.BACK, Action.D5, Action.RED])
def test_other_keys_count_once_however_long_they_are_held(action: Action) -> None:
    assert counted(held(action, 0.11, 3.0)) == [0]
    assert counted([*held(action, 0.11, 0.5), *held(action, 0.11, 0.5, start=1.0)]) == [0, 1.0]


def test_a_held_page_key_waits_for_the_page() -> None:
    assert len(counted(held(Action.PAGE_DOWN, 0.11, 2.0))) <= 4


def test_the_same_digit_twice_in_a_hurry() -> None:
    assert counted([(Action.D1, 0.0), (Action.D1, 0.2), (Action.D1, 0.4)]) == [0, 0.2, 0.4]


def test_different_keys_always_count() -> None:
    events = [(Action.DOWN, 0.0), (Action.OK, 0.01), (Action.DOWN, 0.02), (Action.D1, 0.03)]
    assert counted(events) == [0.0, 0.01, 0.02, 0.03]
