"""Where the keys lead on a view, and the proof that they lead everywhere.

Both depend on the rectangles alone, not on what stands in them: pages of one geometry, as all full pages of
lists are, are worked out once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from remote_nav.geometry import Box, Key, Rect
from remote_nav.graph import Moves, focus_graph, reading_order
from remote_nav.proof import Proof, prove
from stb_app.layout.view import View

_Shape = tuple[float, float, float, float, str, int, float]
"""A box without its name: left, top, width, height, group, number of its locked row (0 for none), lap."""

KEYS = tuple(Key)
_Table = tuple[tuple[int | None, ...], ...]
"""For each box, in reading order, the places where the four keys lead."""


def moves_of(view: View) -> tuple[Moves, Proof]:
    """The moves of a view, its jumps among them, and their proof. BadLayout where it is none."""
    boxes = [target.box for target in view.targets]
    ordered = reading_order(boxes)
    places = {box.id: at for at, box in enumerate(ordered)}
    known = {view.focus, *view.jumps.values(), *(name for name, _ in view.jumps)} <= places.keys()
    if len(places) < len(boxes) or "" in places or not known:
        return _anew(view, boxes)
    rows = {"": 0}
    shapes = tuple(
        (
            box.rect.left, box.rect.top, box.rect.width, box.rect.height,
            box.group, rows.setdefault(box.row, len(rows)), box.lap,
        )
        for box in ordered
    )  # fmt: skip
    jumps = tuple((places[name], key, places[to]) for (name, key), to in view.jumps.items())
    table, proved = _worked_out(shapes, jumps, view.look.area, places[view.focus])
    # In the order of the targets, as the script's table has always had them.
    moves: Moves = {
        box.id: {
            key: None if to is None else ordered[to].id
            for key, to in zip(KEYS, table[places[box.id]], strict=True)
        }
        for box in boxes
    }
    return moves, Proof() if proved else _proof(view, boxes, moves)


@lru_cache(maxsize=4_000)
def _worked_out(
    shapes: tuple[_Shape, ...], jumps: tuple[tuple[int, Key, int], ...], area: Rect, start: int
) -> tuple[_Table, bool]:
    """Moves between boxes by their places in reading order, and whether the proof is good."""
    # Names that sort as the places do settle what costs the same as the real ones would.
    boxes = [
        Box(f"{at:05}", Rect(left, top, width, height), group, str(row) if row else "", lap)
        for at, (left, top, width, height, group, row, lap) in enumerate(shapes)
    ]
    moves = {name: dict(keys) for name, keys in focus_graph(boxes).items()}
    for here, key, there in jumps:
        moves[boxes[here].id][key] = boxes[there].id
    proof = prove(boxes, moves, area=area, start=boxes[start].id)
    places: dict[str | None, int | None] = {box.id: at for at, box in enumerate(boxes)}
    places[None] = None
    return tuple(tuple(places[moves[box.id][key]] for key in KEYS) for box in boxes), proof.ok


def _anew(view: View, boxes: Sequence[Box]) -> tuple[Moves, Proof]:
    """The same for a view of which nothing is taken for granted."""
    moves: Moves = {
        name: {key: view.jumps.get((name, key), to) for key, to in row.items()}
        for name, row in focus_graph(boxes).items()
    }
    return moves, _proof(view, boxes, moves)


def _proof(view: View, boxes: Sequence[Box], moves: Moves) -> Proof:
    return prove(boxes, moves, area=view.look.area, start=view.focus)
