"""A screen as JSON: boxes, groups and options, for the command line, for logs and for tests.

    {"nodes": [{"id": "a", "rect": [left, top, width, height],
                "containers": ["outer", "inner"],     groups around it, outermost first
                "group": "inner",                     the same, where groups are not nested
                "row": "r1",                          locked row
                "overlap_threshold": 0.3,             share that may stand beside (Box.lap)
                "disabled": true, "tabindex": "-1"}], either one: never has the focus
     "containers": [{"id": "inner", "parent": "outer", "block_exit": ["down"],
                     "prioritise_children": true, "enters": "first"}],
     "area": [left, top, width, height], "wrap": ["left", "right"], "mirrored": false, "start": "a"}

Only `nodes` must be there; what is not named here is ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from remote_nav.errors import BadLayout
from remote_nav.geometry import LAP, Box, Key, Rect, checked
from remote_nav.graph import Group, Moves, Reason, explain, focus_graph
from remote_nav.proof import Proof, prove

MOST_NODES = 2000
"""More than any screen shows; a larger file is a mistake, and its graph would take minutes."""


@dataclass(frozen=True)
class Layout:
    """A screen that can be steered. `start` is the first focus, "" for the first box."""

    boxes: tuple[Box, ...]
    groups: tuple[Group, ...] = ()
    area: Rect | None = None
    wrap: frozenset[Key] = frozenset()
    mirrored: bool = False
    start: str = ""

    def moves(self) -> Moves:
        """The table of moves of this screen, without the memory of its groups."""
        return focus_graph(self.boxes, wrap=self.wrap, mirrored=self.mirrored, groups=self.groups)

    def prove(self, moves: Moves) -> Proof:
        """The proof of a table of moves for this screen."""
        return prove(self.boxes, moves, area=self.area, start=self.start or None)

    def explain(self, here: str, key: Key) -> Reason:
        """Why a press goes where it goes."""
        return explain(here, key, self.boxes, wrap=self.wrap, mirrored=self.mirrored, groups=self.groups)


def read(value: object) -> Layout:
    """A layout from parsed JSON.

    raises  BadLayout, naming the part that cannot be read; nothing else, whatever the value
    """
    top = _mapping(value, "a layout")
    nodes = _list(top.get("nodes"), "'nodes'")
    if len(nodes) > MOST_NODES:
        raise BadLayout(f"{len(nodes)} nodes are more than {MOST_NODES}")
    boxes = [box for at, node in enumerate(nodes) if (box := _box(node, f"node {at}")) is not None]
    groups = [
        _group(group, f"container {at}")
        for at, group in enumerate(_list(top.get("containers", []), "'containers'"))
    ]
    start = _text(top.get("start", ""), "'start'")
    checked(boxes)
    if start and start not in {box.id for box in boxes}:
        raise BadLayout(f"'start' names no box: {start!r}")
    return Layout(
        boxes=tuple(boxes),
        groups=_nested(groups, nodes),
        area=None if top.get("area") is None else _rect(top["area"], "'area'"),
        wrap=_keys(top.get("wrap", []), "'wrap'"),
        mirrored=_flag(top.get("mirrored", False), "'mirrored'"),
        start=start,
    )


def write(layout: Layout) -> dict[str, object]:
    """The layout as JSON that `read` takes: what a log keeps of a page whose proof failed."""
    value: dict[str, object] = {
        "nodes": [
            {
                "id": box.id,
                "rect": [box.rect.left, box.rect.top, box.rect.width, box.rect.height],
                "group": box.group,
                "row": box.row,
                "overlap_threshold": box.lap,
            }
            for box in layout.boxes
        ],
        "containers": [
            {
                "id": group.id,
                "parent": group.parent,
                "block_exit": sorted(group.blocked),
                "prioritise_children": group.own_first,
                "enters": group.enters,
            }
            for group in layout.groups
        ],
        "wrap": sorted(layout.wrap),
        "mirrored": layout.mirrored,
        "start": layout.start,
    }
    if layout.area is not None:
        area = layout.area
        value["area"] = [area.left, area.top, area.width, area.height]
    return value


def _box(value: object, where: str) -> Box | None:
    node = _mapping(value, where)
    name = _text(node.get("id"), f"{where}: 'id'")
    where = f"node {name!r}"
    if node.get("disabled") or str(node.get("tabindex", "0")).strip() == "-1":
        return None
    around = [_text(group, f"{where}: 'containers'") for group in _list(node.get("containers", []), where)]
    lap = _number(node.get("overlap_threshold", LAP), f"{where}: 'overlap_threshold'")
    if not 0 <= lap <= 1:
        raise BadLayout(f"{where}: 'overlap_threshold' must be from 0 to 1")
    return Box(
        name,
        _rect(node.get("rect"), f"{where}: 'rect'"),
        group=around[-1] if around else _text(node.get("group", ""), f"{where}: 'group'"),
        row=_text(node.get("row", ""), f"{where}: 'row'"),
        lap=lap,
    )


def _group(value: object, where: str) -> Group:
    group = _mapping(value, where)
    enters = group.get("enters", "first")
    if enters not in ("first", "nearest"):
        raise BadLayout(f"{where}: 'enters' must be first or nearest")
    return Group(
        _text(group.get("id"), f"{where}: 'id'"),
        parent=_text(group.get("parent") or "", f"{where}: 'parent'"),
        blocked=_keys(group.get("block_exit", []), f"{where}: 'block_exit'"),
        own_first=_flag(group.get("prioritise_children", True), f"{where}: 'prioritise_children'"),
        enters=str(enters),
    )


def _nested(groups: list[Group], nodes: list[object]) -> tuple[Group, ...]:
    """The groups, with those that only the nodes name."""
    known = {group.id: group for group in groups}
    for node in nodes:
        parent = ""
        for name in _list(_mapping(node, "a node").get("containers", []), "'containers'"):
            known.setdefault(str(name), Group(str(name), parent, own_first=True, enters="first"))
            parent = str(name)
    return tuple(known.values())


def _mapping(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise BadLayout(f"{what} must be an object, not {type(value).__name__}")
    return value


def _list(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise BadLayout(f"{what} must be a list, not {type(value).__name__}")
    return value


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise BadLayout(f"{what} must be text, not {type(value).__name__}")
    return value


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadLayout(f"{what} must be a number, not {type(value).__name__}")
    try:
        return float(value)
    except OverflowError:
        raise BadLayout(f"{what} is too large") from None


def _flag(value: object, what: str) -> bool:
    if not isinstance(value, bool):
        raise BadLayout(f"{what} must be true or false")
    return value


def _rect(value: object, what: str) -> Rect:
    numbers = [_number(number, what) for number in _list(value, what)]
    if len(numbers) != 4:
        raise BadLayout(f"{what} must be [left, top, width, height]")
    return Rect(*numbers)


def _keys(value: object, what: str) -> frozenset[Key]:
    names = [_text(name, what) for name in _list(value, what)]
    if not set(names).issubset(Key):
        raise BadLayout(f"{what} must name keys: {', '.join(Key)}")
    return frozenset(map(Key, names))
