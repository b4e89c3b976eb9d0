"""Moves that are worked out once for each geometry are those of every page of it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from remote_nav.geometry import Box, Key, Rect
from remote_nav.graph import focus_graph
from remote_nav.proof import prove
from stb_app.layout.look import HD
from stb_app.layout.view import Target, View
from stb_app.moves import moves_of

PLACES = st.tuples(*[st.integers(0, 8).map(lambda n: n * 40.0)] * 2, *[st.sampled_from((40.0, 80.0))] * 2)
BOXES = st.lists(
    st.tuples(PLACES, st.sampled_from(("", "", "x", "y")), st.sampled_from(("", "g"))),
    min_size=1, max_size=9,
)  # fmt: skip


def viewed(boxes: list[Box], jumps: dict[tuple[str, Key], str], focus: str) -> View:
    """A view of nothing but places."""
    targets = tuple(Target(box.id, box.rect, "/", box.id, row=box.row, group=box.group) for box in boxes)
    return View("", HD, None, targets, focus, jumps=jumps)


@given(BOXES, st.randoms(use_true_random=False))
def test_they_are_those_of_the_graph(found, random):
    """Whatever the boxes are called, and in whatever order they are given."""
    for _ in range(2):
        names = random.sample([f"{letter}{at}" for letter in "abZ_" for at in range(40)], len(found))
        boxes = [
            Box(name, Rect(*place), group, row and f"{row}{names[0]}")
            for name, (place, row, group) in zip(names, found, strict=True)
        ]
        random.shuffle(boxes)
        jumps = {(random.choice(names), random.choice(list(Key))): random.choice(names) for _ in range(2)}
        view = viewed(boxes, jumps, random.choice(names))
        plain = {
            name: {key: jumps.get((name, key), to) for key, to in row.items()}
            for name, row in focus_graph(boxes).items()
        }
        moves, proof = moves_of(view)
        assert moves == plain and list(moves) == [box.id for box in boxes]
        assert proof == prove(boxes, plain, area=HD.area, start=view.focus)


def test_what_fails_its_proof_names_its_own_boxes() -> None:
    """Not those of the page of the same geometry that came before."""
    inside = [Box("a", Rect(100, 100, 40, 40)), Box("b", Rect(300, 100, 40, 40))]
    for one, other in (("a", "b"), ("c", "d")):
        boxes = [replace(inside[0], id=one), replace(inside[1], id=other, rect=Rect(2_000, 100, 40, 40))]
        assert moves_of(viewed(boxes, {}, one))[1].outside == (other,)
