"""Rectangles, and what counts as a target of a press."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_nav.errors import BadLayout
from remote_nav.geometry import Box, Key, Rect, checked, cost, framed

HERE = Rect(100, 100, 100, 50)


def price(key: Key, there: Rect, here: Rect = HERE) -> float | None:
    return cost(framed(here, key), framed(there, key), key)


def test_edges_are_the_first_pixels_outside() -> None:
    rect = Rect(10, 20, 30, 40)
    assert (rect.right, rect.bottom, rect.area) == (40, 60, 1200)
    assert rect.union(Rect(0, 70, 5, 5)) == Rect(0, 20, 40, 55)


@pytest.mark.parametrize(
    ("other", "contains", "overlaps"),
    [
        (Rect(100, 100, 100, 50), True, True),  # itself
        (Rect(110, 110, 20, 20), True, True),
        (Rect(190, 110, 20, 20), False, True),
        (Rect(200, 100, 50, 50), False, False),  # touches
        (Rect(300, 300, 10, 10), False, False),
    ],
)
def test_contains_and_overlaps(other: Rect, contains: bool, overlaps: bool) -> None:
    assert HERE.contains(other) is contains
    assert HERE.overlaps(other) is overlaps
    assert other.overlaps(HERE) is overlaps


def test_slack_forgives_rounding() -> None:
    assert HERE.contains(Rect(99.7, 100, 100, 50), slack=0.5)
    assert not HERE.overlaps(Rect(199.7, 100, 50, 50), slack=0.5)


def test_mirrored_twice_is_the_same() -> None:
    assert HERE.mirrored(1280) == Rect(1080, 100, 100, 50)
    assert HERE.mirrored(1280).mirrored(1280) == HERE


@pytest.mark.parametrize("key", list(Key))
def test_keys_have_opposites(key: Key) -> None:
    assert key.opposite is not key
    assert key.opposite.opposite is key
    assert key.opposite.sideways is key.sideways


@pytest.mark.parametrize(
    ("there", "keys"),
    [
        (Rect(220, 100, 50, 50), {Key.RIGHT}),
        (Rect(100, 170, 100, 50), {Key.DOWN}),
        (Rect(300, 300, 50, 50), {Key.RIGHT, Key.DOWN}),  # aside of both
        (Rect(0, 0, 50, 50), {Key.LEFT, Key.UP}),
        (Rect(0, 0, 400, 400), set()),  # holds it: not to be reached from inside
        (Rect(120, 110, 20, 20), set(Key)),  # lies on it: any key enters
        (Rect(190, 100, 200, 50), {Key.RIGHT}),  # laps over the right edge
        (Rect(150, 160, 100, 50), {Key.DOWN}),  # begins half-way: too far beside it for Right
        (Rect(180, 160, 100, 50), {Key.DOWN, Key.RIGHT}),  # less than a third stands beside it
    ],
)
def test_what_a_key_can_reach(there: Rect, keys: set[Key]) -> None:
    assert {key for key in Key if price(key, there) is not None} == keys


@pytest.mark.parametrize(
    ("key", "nearer", "further"),
    [
        # in line: the nearer one; equally near: what covers more of the edge, then what covers its middle
        (Key.DOWN, Rect(100, 170, 100, 50), Rect(100, 180, 100, 50)),
        (Key.DOWN, Rect(100, 170, 80, 50), Rect(180, 170, 100, 50)),
        (Key.DOWN, Rect(140, 170, 20, 50), Rect(100, 170, 38, 50)),
        # sideways a row is left only at its end, however far the next in line stands
        (Key.RIGHT, Rect(1000, 120, 50, 50), Rect(210, 155, 50, 50)),
        # upright a hole of one row is stepped over, two are not
        (Key.DOWN, Rect(100, 200, 100, 50), Rect(202, 150, 100, 50)),
        (Key.DOWN, Rect(202, 150, 100, 50), Rect(100, 260, 100, 50)),
        # what lies on the box comes before what stands next to it
        (Key.RIGHT, Rect(150, 110, 90, 30), Rect(200, 100, 50, 50)),
    ],
)
def test_which_of_two_is_cheaper(key: Key, nearer: Rect, further: Rect) -> None:
    one, other = price(key, nearer), price(key, further)
    assert one is not None
    assert other is not None
    assert one < other


def test_neighbours_that_overlap_by_a_border_only_touch() -> None:
    """Tiles drawn with a focus ring cover each other by a pixel; Right must not go to the row below."""
    below = Rect(100, 149, 300, 50)
    assert price(Key.RIGHT, below) is None
    assert price(Key.DOWN, below) is not None


rects = st.builds(
    Rect,
    st.integers(0, 500).map(float),
    st.integers(0, 500).map(float),
    st.integers(0, 300).map(float),
    st.integers(0, 300).map(float),
)


@given(rects, rects, st.sampled_from(list(Key)))
def test_cost_is_the_same_in_a_mirror(one: Rect, other: Rect, key: Key) -> None:
    there = key.opposite if key.sideways else key
    assert price(key, other, one) == price(there, other.mirrored(1280), one.mirrored(1280))


@given(rects, rects)
def test_opposite_keys_never_both_reach_what_stands_apart(one: Rect, other: Rect) -> None:
    if one.overlaps(other) or one.contains(other) or other.contains(one) or not one.area or not other.area:
        return
    for key in (Key.RIGHT, Key.DOWN):
        assert price(key, other, one) is None or price(key.opposite, other, one) is None


@pytest.mark.parametrize(
    ("boxes", "says"),
    [
        ([Box("", Rect(0, 0, 1, 1))], "no id"),
        ([Box("a", Rect(0, 0, 1, 1)), Box("a", Rect(2, 2, 1, 1))], "two boxes"),
        ([Box("a", Rect(0, 0, -1, 1))], "below nothing"),
        ([Box("a", Rect(float("nan"), 0, 1, 1))], "not finite"),
        ([Box("a", Rect(0, 0, float("inf"), 1))], "not finite"),
    ],
)
def test_bad_boxes_are_named(boxes: list[Box], says: str) -> None:
    with pytest.raises(BadLayout, match=says):
        checked(boxes)
