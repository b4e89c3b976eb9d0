"""The proof of a screen, and its repair."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_nav.errors import BadLayout
from remote_nav.geometry import Box, Key, Rect
from remote_nav.graph import Moves, focus_graph
from remote_nav.proof import Proof, prove, repaired
from tests.remote_nav.layouts import GRID, LOCKED_LIST, OVERLAPS, SCREENS, boxes, grid, scattered, tilings

U, D, L, R = Key.UP, Key.DOWN, Key.LEFT, Key.RIGHT
STILL: dict[Key, str | None] = dict.fromkeys(Key)

THREE = boxes({"a": (0, 0, 10, 10), "b": (20, 0, 10, 10), "c": (40, 0, 10, 10)})


def moves_of(**ways: dict[Key, str]) -> Moves:
    """A table in which everything not named stays."""
    return {name: STILL | ways.get(name, {}) for name in ("a", "b", "c")}


LINE = moves_of(a={R: "b"}, b={L: "a", R: "c"}, c={L: "b"})


@pytest.mark.parametrize("name", SCREENS)
def test_our_screens_are_proved(name: str) -> None:
    screen = SCREENS[name]
    proof = prove(screen, focus_graph(screen), may_overlap=True)
    assert proof == Proof()
    assert proof.ok
    assert proof.connected
    assert proof.text == ""


@pytest.mark.parametrize(
    ("moves", "unreachable", "traps"),
    [
        (LINE, (), ()),
        (moves_of(a={R: "b"}, b={L: "a"}), ("c",), ("c",)),
        (moves_of(a={R: "b"}, b={L: "a"}, c={L: "b"}), ("c",), ()),
        (moves_of(a={R: "b"}, b={L: "a", R: "c"}), (), ("c",)),
        (moves_of(a={R: "b"}, b={R: "c"}, c={L: "b"}), (), ("b", "c")),
        (moves_of(), ("b", "c"), ("b", "c")),
    ],
)
def test_unreachable_boxes_and_traps(
    moves: Moves, unreachable: tuple[str, ...], traps: tuple[str, ...]
) -> None:
    proof = prove(THREE, moves)
    assert (proof.unreachable, proof.traps) == (unreachable, traps)
    assert proof.connected is proof.ok is (not unreachable and not traps)


def test_the_first_focus_may_be_another_box() -> None:
    moves = moves_of(a={R: "b"}, b={R: "c"}, c={L: "b"})
    assert prove(THREE, moves, start="b").unreachable == ("a",)
    assert prove(THREE, moves, start="b").traps == ()


def test_promised_opposites() -> None:
    moves = moves_of(a={R: "b"}, b={L: "c", R: "c"}, c={L: "a"})
    assert prove(THREE, moves, promised_opposites=[R]).not_undone == (("a", R, "b", "c"), ("b", R, "c", "a"))
    assert prove(THREE, moves, promised_opposites=[("a", R)]).not_undone == (("a", R, "b", "c"),)
    assert prove(THREE, moves, promised_opposites=[("a", U)]).ok
    assert prove(THREE, moves).ok
    assert prove(THREE, LINE, promised_opposites=list(Key)).ok


def test_a_locked_list_keeps_every_promise() -> None:
    assert prove(LOCKED_LIST, focus_graph(LOCKED_LIST), promised_opposites=list(Key)).ok
    assert prove(GRID, focus_graph(GRID), promised_opposites=list(Key)).ok


def test_outside_the_area() -> None:
    screen = grid(2, 1)
    moves = focus_graph(screen)
    assert prove(screen, moves, area=Rect(64, 36, 420, 100)).ok
    assert prove(screen, moves, area=Rect(64.4, 36, 419.4, 100)).ok  # rounding
    assert prove(screen, moves, area=Rect(64, 36, 419, 100)).outside == ("r1c2",)
    assert prove(screen, moves, area=Rect(70, 36, 500, 100)).outside == ("r1c1",)


def test_overlapping() -> None:
    proof = prove(OVERLAPS, focus_graph(OVERLAPS))
    assert {frozenset(pair) for pair in proof.overlapping} == {
        frozenset(pair)
        for pair in (("card", "open"), ("card", "share"), ("card", "badge"), ("card", "below"))
    }
    assert not proof.ok
    assert proof.connected


@given(scattered())
def test_the_sweep_finds_every_overlap(screen: list[Box]) -> None:
    pairs = {
        frozenset((one.id, other.id))
        for at, one in enumerate(screen)
        for other in screen[at + 1 :]
        if one.rect.overlaps(other.rect, 0.5)
    }
    assert {frozenset(pair) for pair in prove(screen, focus_graph(screen)).overlapping} == pairs


def test_faults_read_as_sentences() -> None:
    moves = moves_of(a={R: "b"})
    text = prove(THREE, moves, promised_opposites=[R], area=Rect(0, 0, 45, 10)).text
    assert text.splitlines() == [
        "c cannot be reached",
        "b cannot be left for the first box",
        "c cannot be left for the first box",
        "a right goes to b, but left from there goes to nowhere",
        "c stands outside the area",
    ]


@pytest.mark.parametrize(
    ("moves", "says"),
    [
        ({"a": STILL}, "same boxes: b, c"),
        ({**LINE, "d": STILL}, "same boxes: d"),
        ({**LINE, "a": {R: "nowhere"}}, "'nowhere', which is no box"),
    ],
)
def test_moves_of_other_boxes_are_refused(moves: Moves, says: str) -> None:
    with pytest.raises(BadLayout, match=says):
        prove(THREE, moves)
    with pytest.raises(BadLayout, match=says):
        repaired(THREE, moves)


def test_a_start_or_promise_for_no_box_is_refused() -> None:
    with pytest.raises(BadLayout, match="not a box"):
        prove(THREE, LINE, start="z")
    with pytest.raises(BadLayout, match="names no box"):
        prove(THREE, LINE, promised_opposites=[("z", R)])


def test_nothing_is_proved_of_nothing() -> None:
    assert prove([], {}).ok
    assert repaired([], {}) == {}


# --- Repair ---------------------------------------------------------------------------------------


@given(tilings())
def test_after_repair_every_box_is_reachable_from_every_box(screen: list[Box]) -> None:
    moves = focus_graph(screen)
    proof = prove(screen, moves)
    mended = repaired(screen, moves)
    assert proof.overlapping == ()
    assert prove(screen, mended).connected
    if proof.connected:
        assert mended == moves


@st.composite
def any_moves(draw: st.DrawFn) -> tuple[list[Box], Moves]:
    """A screen with a table that no geometry made: anything may lead anywhere."""
    screen = draw(scattered())
    names = st.sampled_from([None, None, *(box.id for box in screen)])
    return screen, {box.id: {key: draw(names) for key in Key} for box in screen}


@given(any_moves())
def test_any_table_can_be_repaired(given_moves: tuple[list[Box], Moves]) -> None:
    screen, moves = given_moves
    for start in (None, screen[-1].id):
        mended = repaired(screen, moves, start=start)
        assert prove(screen, mended, start=start).connected
        assert all(list(keys) == list(Key) for keys in mended.values())


def test_repair_uses_keys_that_went_nowhere() -> None:
    """`c` is given to the nearest box that can be reached, on the key that points at it."""
    moves = moves_of(a={R: "b"}, b={L: "a"}, c={L: "b"})
    assert repaired(THREE, moves) == LINE
    moves = moves_of(a={R: "b"}, b={L: "a", R: "c"})
    assert repaired(THREE, moves) == LINE


def test_repair_falls_back_to_reading_order() -> None:
    """Where every key is taken, Up and Down step through all boxes."""
    moves = {
        "a": {U: "b", D: "b", L: "b", R: "b"},
        "b": {U: "a", D: "a", L: "a", R: "a"},
        "c": {U: "c", D: "c", L: "c", R: "c"},
    }
    mended = repaired(THREE, moves)
    assert [mended[name][D] for name in "abc"] == ["b", "c", None]
    assert [mended[name][U] for name in "abc"] == [None, "a", "b"]
    assert mended["a"][L] == "b"


def test_repair_leaves_its_argument_alone() -> None:
    moves = moves_of(a={R: "b"}, b={L: "a"})
    before = {name: dict(keys) for name, keys in moves.items()}
    repaired(THREE, moves)
    assert moves == before
