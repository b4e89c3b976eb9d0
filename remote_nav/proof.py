"""Is every box reachable, can every box be left, is everything inside the screen? And repair if not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from remote_nav.errors import BadLayout
from remote_nav.geometry import Box, Key, Rect, checked
from remote_nav.graph import Moves, reading_order

SLACK = 0.5
"""Pixels that rounding may cost: browsers place boxes on sixty-fourths of a pixel."""

_TURN = 1e5
"""What a key that points a quarter turn off costs, in pixels: more than any screen is wide."""


@dataclass(frozen=True)
class Proof:
    """What is wrong with a screen; nothing is, where all five are empty.

    unreachable  ids that no presses lead to from the first focus
    traps        ids from which no presses lead back to the first focus
    not_undone   (id, key, where it goes, where the opposite key goes from there) against the promise
    outside      ids that leave the area
    overlapping  pairs of ids that cover each other
    """

    unreachable: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    not_undone: tuple[tuple[str, Key, str, str | None], ...] = ()
    outside: tuple[str, ...] = ()
    overlapping: tuple[tuple[str, str], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the screen may be shown. Without unreachable boxes and traps every box is reachable
        from every other: by way of the first focus."""
        return not (self.unreachable or self.traps or self.not_undone or self.outside or self.overlapping)

    @property
    def connected(self) -> bool:
        """Whether every box is reachable from every box."""
        return not (self.unreachable or self.traps)

    @property
    def text(self) -> str:
        """The faults, one a line, for a log."""
        lines = [f"{name} cannot be reached" for name in self.unreachable]
        lines += [f"{name} cannot be left for the first box" for name in self.traps]
        lines += [
            f"{here} {key} goes to {went}, but {key.opposite} from there goes to {back or 'nowhere'}"
            for here, key, went, back in self.not_undone
        ]
        lines += [f"{name} stands outside the area" for name in self.outside]
        lines += [f"{one} and {other} cover each other" for one, other in self.overlapping]
        return "\n".join(lines)


def prove(
    boxes: Sequence[Box],
    moves: Moves,
    *,
    area: Rect | None = None,
    promised_opposites: Iterable[Key | tuple[str, Key]] = (),
    start: str | None = None,
    may_overlap: bool = False,
) -> Proof:
    """Prove a screen.

    area                what boxes must stand inside; None: anywhere
    promised_opposites  presses that the opposite key must undo: (box id, key), or a key alone for
                        every box that it moves
    start               the first focus; None: the first box given
    raises              BadLayout where `moves` and `boxes` are not about the same boxes
    """
    checked(boxes)
    _matching(boxes, moves)
    ids = [box.id for box in boxes]
    if not ids:
        return Proof()
    if start is not None and start not in moves:
        raise BadLayout(f"the first focus {start!r} is not a box")
    first = start or ids[0]
    there = _reach({first}, _forward(moves))
    back = _reach({first}, _backward(moves))
    return Proof(
        unreachable=tuple(name for name in ids if name not in there),
        traps=tuple(name for name in ids if name not in back),
        not_undone=tuple(_not_undone(ids, moves, promised_opposites)),
        outside=() if area is None else tuple(b.id for b in boxes if not area.contains(b.rect, SLACK)),
        overlapping=() if may_overlap else tuple(_overlapping(boxes)),
    )


def repaired(boxes: Sequence[Box], moves: Moves, *, start: str | None = None) -> Moves:
    """The same moves, with as few changes as make every box reachable from every box.

    A box that cannot be reached is given to a key that goes nowhere on a box that can, the nearest one
    that lies on the other side of that key; a trap gets a way out in the same manner. Where no such key
    is left, Up and Down step through all boxes in reading order: never pretty, always complete.
    """
    checked(boxes)
    _matching(boxes, moves)
    if not boxes:
        return {}
    order = reading_order(boxes)
    first = start or boxes[0].id
    table = {box.id: dict(moves[box.id]) for box in boxes}
    _join(order, table, first)
    _release(order, table, first)
    if len(_reach({first}, _forward(table))) == len(_reach({first}, _backward(table))) == len(boxes):
        return table
    for place, box in enumerate(order):
        table[box.id][Key.UP] = order[place - 1].id if place else None
        table[box.id][Key.DOWN] = order[place + 1].id if place + 1 < len(order) else None
    return table


def _join(order: list[Box], table: dict[str, dict[Key, str | None]], first: str) -> None:
    """Give every box that cannot be reached to a free key of one that can."""
    reached = _reach({first}, _forward(table))
    for box in order:
        if box.id in reached:
            continue
        near = _nearest(box, [other for other in order if other.id in reached], table, inward=True)
        if near is None:
            continue
        other, key = near
        table[other.id][key] = box.id
        reached |= _reach({box.id}, _forward(table))


def _release(order: list[Box], table: dict[str, dict[Key, str | None]], first: str) -> None:
    """Give every box that cannot be left a free key to one that can."""
    free = _reach({first}, _backward(table))
    for box in order:
        if box.id in free:
            continue
        near = _nearest(box, [other for other in order if other.id in free], table, inward=False)
        if near is None:
            continue
        other, key = near
        table[box.id][key] = other.id
        free |= _reach({box.id}, _backward(table))


def _nearest(
    box: Box, others: Iterable[Box], table: Mapping[str, Mapping[Key, str | None]], *, inward: bool
) -> tuple[Box, Key] | None:
    """The nearest other box and the key between the two that still goes nowhere.

    inward  the key is pressed on the other box and leads here; else pressed here and leads there
    """
    best: tuple[float, str, Key] | None = None
    found: Box | None = None
    for other in others:
        origin, target = (other, box) if inward else (box, other)
        for turn, key in enumerate(_keys_between(origin.rect, target.rect)):
            if table[origin.id].get(key) is not None:
                continue
            price = (turn * _TURN + _distance(box.rect, other.rect), other.id, key)
            if best is None or price < best:
                best, found = price, other
            break
    return None if best is None or found is None else (found, best[2])


def _keys_between(here: Rect, there: Rect) -> tuple[Key, ...]:
    """The keys from one box to another, the one that points there best first."""
    dx = (there.left + there.right) - (here.left + here.right)
    dy = (there.top + there.bottom) - (here.top + here.bottom)
    across = (Key.RIGHT, Key.LEFT) if dx >= 0 else (Key.LEFT, Key.RIGHT)
    along = (Key.DOWN, Key.UP) if dy >= 0 else (Key.UP, Key.DOWN)
    pairs = (along, across) if abs(dy) >= abs(dx) else (across, along)
    return pairs[0][0], pairs[1][0], pairs[1][1], pairs[0][1]


def _distance(one: Rect, other: Rect) -> float:
    dx = max(0.0, one.left - other.right, other.left - one.right)
    dy = max(0.0, one.top - other.bottom, other.top - one.bottom)
    return hypot(dx, dy)


def _matching(boxes: Sequence[Box], moves: Moves) -> None:
    ids = {box.id for box in boxes}
    if ids != set(moves):
        odd = sorted(ids.symmetric_difference(moves))
        raise BadLayout(f"moves and boxes do not speak of the same boxes: {', '.join(odd[:5])}")
    for here, keys in moves.items():
        for key, to in keys.items():
            if to is not None and to not in ids:
                raise BadLayout(f"{here} {key} goes to {to!r}, which is no box")


def _forward(moves: Mapping[str, Mapping[Key, str | None]]) -> dict[str, list[str]]:
    return {here: [to for to in keys.values() if to is not None] for here, keys in moves.items()}


def _backward(moves: Mapping[str, Mapping[Key, str | None]]) -> dict[str, list[str]]:
    back: dict[str, list[str]] = {here: [] for here in moves}
    for here, keys in moves.items():
        for to in keys.values():
            if to is not None:
                back[to].append(here)
    return back


def _reach(start: Collection[str], edges: Mapping[str, Sequence[str]]) -> set[str]:
    seen, todo = set(start), list(start)
    while todo:
        for to in edges[todo.pop()]:
            if to not in seen:
                seen.add(to)
                todo.append(to)
    return seen


def _not_undone(
    ids: Sequence[str], moves: Moves, promised: Iterable[Key | tuple[str, Key]]
) -> Iterable[tuple[str, Key, str, str | None]]:
    pairs: dict[tuple[str, Key], None] = {}
    for promise in promised:
        if isinstance(promise, Key):
            pairs.update(dict.fromkeys((name, promise) for name in ids))
        else:
            pairs[promise] = None
    for name, key in pairs:
        if name not in moves:
            raise BadLayout(f"the promise for {name!r} {key} names no box")
        went = moves[name].get(key)
        if went is not None and (back := moves[went].get(key.opposite)) != name:
            yield name, key, went, back


def _overlapping(boxes: Sequence[Box]) -> Iterable[tuple[str, str]]:
    """Pairs that cover each other: a sweep from top to bottom, so that long lists stay cheap."""
    open_boxes: list[Box] = []
    for box in reading_order(boxes):
        open_boxes = [other for other in open_boxes if other.rect.bottom - SLACK > box.rect.top]
        for other in open_boxes:
            if other.rect.overlaps(box.rect, SLACK):
                yield other.id, box.id
        open_boxes.append(box)
