"""Screens as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_nav.errors import BadLayout
from remote_nav.geometry import Box, Key, Rect
from remote_nav.graph import Group
from remote_nav.layout import MOST_NODES, Layout, read, write
from tests.remote_nav.layouts import SCREENS, scattered

A = {"id": "a", "rect": [0, 0, 10, 10]}
B = {"id": "b", "rect": [20, 0, 10, 10]}


def test_the_least() -> None:
    layout = read({"nodes": [A, B]})
    assert layout == Layout((Box("a", Rect(0, 0, 10, 10)), Box("b", Rect(20, 0, 10, 10))))
    assert layout.moves()["a"][Key.RIGHT] == "b"
    assert layout.prove(layout.moves()).ok
    assert layout.explain("a", Key.RIGHT).goes == "b"


def test_everything() -> None:
    layout = read(
        {
            "nodes": [
                A | {"containers": ["outer", "inner"], "row": "r", "overlap_threshold": 0.5},
                B | {"containers": ["implied"], "aria_disabled": "true"},
                {"id": "c", "rect": [40, 0, 10, 10], "disabled": True},
                {"id": "d", "rect": [60, 0, 10, 10], "tabindex": "-1"},
                {"id": "e", "rect": [80, 0, 10, 10], "group": "inner", "tabindex": 0},
            ],
            "containers": [
                {"id": "outer", "parent": None, "block_exit": ["down"]},
                {"id": "inner", "parent": "outer", "prioritise_children": False, "enters": "nearest"},
            ],
            "area": [0, 0, 100, 100],
            "wrap": ["left"],
            "mirrored": True,
            "start": "b",
            "viewport": [1280, 720],
        }
    )
    assert layout.boxes == (
        Box("a", Rect(0, 0, 10, 10), group="inner", row="r", lap=0.5),
        Box("b", Rect(20, 0, 10, 10), group="implied"),
        Box("e", Rect(80, 0, 10, 10), group="inner"),
    )
    assert layout.groups == (
        Group("outer", blocked=frozenset({Key.DOWN}), own_first=True, enters="first"),
        Group("inner", parent="outer"),
        Group("implied", own_first=True, enters="first"),
    )
    assert (layout.area, layout.wrap) == (Rect(0, 0, 100, 100), frozenset({Key.LEFT}))
    assert (layout.mirrored, layout.start) == (True, "b")


@given(scattered(), st.booleans(), st.sets(st.sampled_from(list(Key))))
def test_what_is_written_reads_the_same(screen: list[Box], mirrored: bool, wrap: set[Key]) -> None:
    groups = (Group("g", blocked=frozenset({Key.UP})), Group("h", "g", own_first=True, enters="first"))
    inside = [Box(b.id, b.rect, "gh"[at % 2], b.row, 0.5) for at, b in enumerate(screen)]
    layout = Layout(tuple(inside), groups, Rect(1, 2, 3, 4), frozenset(wrap), mirrored, start=screen[-1].id)
    assert read(json.loads(json.dumps(write(layout)))) == layout


@pytest.mark.parametrize("name", SCREENS)
def test_our_screens_can_be_written(name: str) -> None:
    layout = Layout(tuple(SCREENS[name]))
    assert read(write(layout)) == layout


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([], "a layout must be an object"),
        ({}, "'nodes' must be a list"),
        ({"nodes": [1]}, "node 0 must be an object"),
        ({"nodes": [{"rect": [0, 0, 1, 1]}]}, "node 0: 'id' must be text"),
        ({"nodes": [{"id": "a"}]}, "node 'a': 'rect' must be a list"),
        ({"nodes": [{"id": "a", "rect": [0, 0, 1]}]}, "must be \\[left, top, width, height\\]"),
        ({"nodes": [{"id": "a", "rect": [0, 0, "1", 1]}]}, "must be a number"),
        ({"nodes": [{"id": "a", "rect": [0, 0, True, 1]}]}, "must be a number"),
        ({"nodes": [{"id": "a", "rect": [0, 0, 10**400, 1]}]}, "too large"),
        ({"nodes": [{"id": "a", "rect": [0, 0, -1, 1]}]}, "below nothing"),
        ({"nodes": [A, A]}, "two boxes are called 'a'"),
        ({"nodes": [A | {"containers": "x"}]}, "must be a list"),
        ({"nodes": [A | {"overlap_threshold": 2}]}, "from 0 to 1"),
        ({"nodes": [A], "start": "z"}, "names no box"),
        ({"nodes": [A], "wrap": ["north"]}, "'wrap' must name keys: up, down, left, right"),
        ({"nodes": [A], "mirrored": 1}, "'mirrored' must be true or false"),
        ({"nodes": [A], "containers": [{"id": "g", "enters": "last"}]}, "first or nearest"),
        ({"nodes": [A], "containers": [{"id": "g", "block_exit": "down"}]}, "must be a list"),
        ({"nodes": [A] * (MOST_NODES + 1)}, f"more than {MOST_NODES}"),
    ],
)
def test_what_cannot_be_read_is_named(value: object, says: str) -> None:
    with pytest.raises(BadLayout, match=says):
        read(value)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
nodes = st.fixed_dictionaries(
    {"id": st.text(max_size=2) | values, "rect": st.lists(scalars, max_size=5) | values},
    optional={"containers": values, "disabled": values, "tabindex": values, "row": values, "group": values},
)
layouts = st.fixed_dictionaries(
    {"nodes": st.lists(nodes | values, max_size=4) | values},
    optional={"containers": values, "area": values, "wrap": values, "start": values, "mirrored": values},
)


@given(layouts | values)
def test_any_json_is_a_layout_or_one_named_error(value: Any) -> None:
    try:
        layout = read(value)
    except BadLayout as error:
        assert str(error)
    else:
        layout.prove(layout.moves())
