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

_Shape = tuple[Rect, str, int]
"""A box without its name: where it is, group, number of its locked row (0 for none)."""

KEYS = tuple(Key)
_Table = tuple[tuple[int | None, ...], ...]
"""For each box the places, among the boxes, where the four keys lead."""


def moves_of(view: View) -> tuple[Moves, Proof]:
    """The moves of a view, its jumps among them, and their proof. BadLayout where it is none."""
    targets = view.targets
    names = [target.id for target in targets]
    places = {name: at for at, name in enumerate(names)}
    known = {view.focus, *view.jumps.values(), *(name for name, _ in view.jumps)} <= places.keys()
    # Of boxes at the very same place the names decide.
    apart = len({(target.rect.top, target.rect.left) for target in targets}) == len(targets)
    if len(places) < len(names) or "" in places or not (known and apart):
        return _anew(view, [target.box for target in targets])
    rows = {"": 0}
    shapes = tuple((target.rect, target.group, rows.setdefault(target.row, len(rows))) for target in targets)
    jumps = tuple((places[name], key, places[to]) for (name, key), to in view.jumps.items())
    table, proved = _worked_out(shapes, jumps, view.look.area, places[view.focus])
    moves: Moves = {
        name: {key: None if to is None else names[to] for key, to in zip(KEYS, row, strict=True)}
        for name, row in zip(names, table, strict=True)
    }
    return moves, Proof() if proved else _proof(view, [target.box for target in targets], moves)


@lru_cache(maxsize=4_000)
def _worked_out(
    shapes: tuple[_Shape, ...], jumps: tuple[tuple[int, Key, int], ...], area: Rect, start: int
) -> tuple[_Table, bool]:
    """Moves between boxes by their places, and whether the proof is good."""
    # Names that sort as the reading order does settle what costs the same.
    ordered = reading_order([Box(f"{at:05}", rect) for at, (rect, _, _) in enumerate(shapes)])
    name = {int(box.id): f"{at:05}" for at, box in enumerate(ordered)}
    boxes = [
        Box(name[at], rect, group, str(row) if row else "") for at, (rect, group, row) in enumerate(shapes)
    ]
    moves = {box: dict(keys) for box, keys in focus_graph(boxes).items()}
    for here, key, there in jumps:
        moves[name[here]][key] = name[there]
    proof = prove(boxes, moves, area=area, start=name[start])
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
