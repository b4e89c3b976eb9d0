"""Walking with the memory of groups."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_nav.errors import BadLayout
from remote_nav.geometry import Box, Key, Rect
from remote_nav.graph import Group
from remote_nav.layout import Layout
from remote_nav.walk import State, Walker, walk
from tests.remote_nav.layouts import KEYS, SCREENS

SHELVES = Layout(
    (
        *(Box(f"a{n}", Rect(64 + 220 * n, 100, 200, 120), group="upper") for n in range(5)),
        *(Box(f"b{n}", Rect(64 + 140 * n, 260, 120, 120), group="lower") for n in range(8)),
        Box("foot", Rect(64, 420, 1100, 60)),
    ),
    groups=(Group("upper"), Group("lower", enters="first")),
)


def path(layout: Layout, start: str, presses: str) -> list[str]:
    return walk(layout, start, [KEYS[press] for press in presses])


@pytest.mark.parametrize(
    ("start", "presses", "expected"),
    [
        # never entered: as the group says, by geometry or at its first box
        ("b7", "u", "a4"),
        ("a3", "d", "b0"),
        # entered again: where one was
        ("a3", "du", "b0 a3"),
        ("a3", "drrrud", "b0 b1 b2 b3 a3 b3"),
        # a box outside all groups does not forget
        ("a2", "ddud", "b0 foot b0 foot"),
        ("b5", "dudu", "foot b5 foot b5"),
        # inside a group geometry rules, memory or not
        ("a3", "llr", "a2 a1 a2"),
    ],
)
def test_memory(start: str, presses: str, expected: str) -> None:
    assert path(SHELVES, start, presses) == expected.split()


def test_a_state_is_never_changed() -> None:
    walker, state = Walker(SHELVES), State("a3")
    walker.press(state, Key.DOWN)
    assert state == State("a3", {})


def test_a_press_that_goes_nowhere_keeps_the_state() -> None:
    state = State("a0", {"upper": "a3"})
    assert Walker(SHELVES).press(state, Key.LEFT) is state


def test_what_was_remembered_may_be_gone() -> None:
    """A page that changed meanwhile: the remembered box is no longer there."""
    fewer = Layout(tuple(b for b in SHELVES.boxes if b.id != "b3"), SHELVES.groups)
    assert Walker(fewer).press(State("a3", {"lower": "b3"}), Key.DOWN).focus == "b0"
    assert Walker(SHELVES).press(State("a3", {"lower": "b3"}), Key.DOWN).focus == "b3"


def test_focus_put_by_hand_keeps_the_memory() -> None:
    walker = Walker(SHELVES)
    state = walker.press(State("a3"), Key.DOWN)
    assert walker.press(walker.focus(state, "foot"), Key.UP).focus == "b0"
    with pytest.raises(BadLayout, match="no box 'z'"):
        walker.focus(state, "z")


def test_nested_groups_remember_each_for_itself() -> None:
    layout = Layout(
        (
            Box("top", Rect(100, 0, 100, 50), group="outer"),
            Box("in1", Rect(100, 100, 100, 50), group="inner"),
            Box("in2", Rect(220, 100, 100, 50), group="inner"),
            Box("end", Rect(100, 200, 220, 50), group="outer"),
        ),
        groups=(Group("outer"), Group("inner", parent="outer")),
    )
    # into an inner group memory does not lead (one never left the outer one), out of it neither
    assert path(layout, "top", "drdu") == ["in1", "in2", "end", "in1"]


def test_own_boxes_come_first_and_blocked_keys_stay() -> None:
    layout = Layout(
        (
            Box("a", Rect(300, 100, 100, 50), group="shelf"),
            Box("b", Rect(100, 400, 100, 50), group="shelf"),
            Box("near", Rect(300, 200, 100, 50)),
            Box("low", Rect(100, 500, 300, 50)),
        ),
        groups=(Group("shelf", own_first=True, blocked=frozenset({Key.DOWN})),),
    )
    assert path(layout, "a", "dd") == ["b", "b"]
    assert path(layout, "near", "u") == ["a"]


def test_scope_keeps_every_press_inside() -> None:
    walker = Walker(SHELVES, scope="lower")
    assert walker.press(State("b2"), Key.UP).focus == "b2"
    assert walker.press(State("a0"), Key.DOWN).focus == "b0"
    with pytest.raises(BadLayout, match="no box in a group"):
        Walker(SHELVES, scope="cellar")


def test_mirrored_walks() -> None:
    mirrored = Layout(SHELVES.boxes, SHELVES.groups, mirrored=True)
    assert path(mirrored, "a0", "lr") == ["a1", "a0"]


@given(st.sampled_from(sorted(SCREENS)), st.lists(st.sampled_from(list(Key)), max_size=12))
def test_without_groups_a_walk_is_the_graph(name: str, keys: list[Key]) -> None:
    layout = Layout(tuple(SCREENS[name]))
    moves, here, expected = layout.moves(), SCREENS[name][0].id, []
    for key in keys:
        here = moves[here][key] or here
        expected.append(here)
    assert walk(layout, SCREENS[name][0].id, keys) == expected


def test_an_unknown_start_is_named() -> None:
    with pytest.raises(BadLayout, match="no box 'z'"):
        walk(SHELVES, "z", [])
