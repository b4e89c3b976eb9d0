"""Rectangles on a screen, and how far one press of a direction key has to reach.

All numbers are CSS pixels, x to the right, y down, as `getBoundingClientRect` gives them.

A press is measured in the frame of its key (`framed`): `ahead` is the way the key points, `across`
stands at right angles to it. The best target is the cheapest:

    in line   2 * gap ahead - alignment
    aside     straight line + gap ahead + weight * gap across + what standing aside costs

The parts are those of the focus heuristics that browsers share (W3C WICD 1.0 "Focus handling", CSS Spatial
Navigation Level 1 "Select the best candidate"): the straight line and the gap ahead prefer what is near,
the weighted gap across prefers what stands in line, and the alignment decides between boxes that stand
equally near. What differs from them here has a reason each, given at the constant that carries it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import hypot, isfinite

from remote_nav.errors import BadLayout

LAP = 0.3
"""How much of a box may stand beside the box one comes from and still count as ahead of it: on ragged
tiles the next one often begins before this one ends (lrud-spatial allows the same share)."""


class Key(StrEnum):
    """The four direction keys, in the order in which moves are listed."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"

    @property
    def opposite(self) -> Key:
        """The key that should lead back."""
        return OPPOSITE[self]

    @property
    def sideways(self) -> bool:
        """Whether the key moves inside a row."""
        return self in (Key.LEFT, Key.RIGHT)


OPPOSITE = {Key.UP: Key.DOWN, Key.DOWN: Key.UP, Key.LEFT: Key.RIGHT, Key.RIGHT: Key.LEFT}


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; its right and bottom edges are the first pixels outside of it."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x just right of it."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The y just below it."""
        return self.top + self.height

    @property
    def area(self) -> float:
        """Square pixels."""
        return self.width * self.height

    def contains(self, other: Rect, slack: float = 0.0) -> bool:
        """Whether `other` lies inside, touching edges and `slack` pixels allowed."""
        return (
            other.left >= self.left - slack
            and other.top >= self.top - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def overlaps(self, other: Rect, slack: float = 0.0) -> bool:
        """Whether they share more than an edge, and more than `slack` pixels of depth."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > slack
            and min(self.bottom, other.bottom) - max(self.top, other.top) > slack
        )

    def union(self, other: Rect) -> Rect:
        """The smallest rectangle around both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Rect(left, top, right - left, bottom - top)

    def mirrored(self, axis: float) -> Rect:
        """The same rectangle on a page drawn from right to left; `axis` is left + right of the page."""
        return replace(self, left=axis - self.right)


@dataclass(frozen=True, slots=True)
class Box:
    """Something that can have the focus.

    id     unique on its screen
    group  the innermost group it belongs to, "" for none
    row    boxes of one row are locked together: Left and Right stay inside, Up and Down leave
    lap    the share of it that may stand beside the box it is reached from, 0 to 1
    """

    id: str
    rect: Rect
    group: str = ""
    row: str = ""
    lap: float = LAP


def checked(boxes: Sequence[Box]) -> Sequence[Box]:
    """The boxes, where they are a layout.

    raises  BadLayout: an empty or repeated id, a size below nothing, a number that is none
    """
    seen: set[str] = set()
    for box in boxes:
        rect = box.rect
        if not box.id:
            raise BadLayout(f"a box at {rect.left},{rect.top} has no id")
        if box.id in seen:
            raise BadLayout(f"two boxes are called {box.id!r}")
        seen.add(box.id)
        if not all(map(isfinite, (rect.left, rect.top, rect.width, rect.height))):
            raise BadLayout(f"box {box.id!r} has a number that is not finite")
        if rect.width < 0 or rect.height < 0:
            raise BadLayout(f"box {box.id!r} has a size below nothing")
    return boxes


# --- The frame of a key -----------------------------------------------------------------------

Framed = tuple[float, float, float, float]
"""A rectangle as a key sees it: near edge, far edge (growing the way the key points), low, high."""


SIDEWAYS = 30.0
"""What a pixel across costs for Left and Right, and the own height on top for standing aside at all: people
read a screen in rows, so a row is left sideways only where it ends. The browsers take half the height, which
on a screen this wide lets a near box aside win over the button at the far end of the row."""

UPRIGHT = 2.0
"""The same for Up and Down, on half the own width: columns are often ragged, so they are left more easily.
The figure is the browsers'; ours is that standing aside costs at least two own heights. As a pixel ahead
costs 2 (line and gap), narrow boxes keep to their column until the next in line stands more than one row
further off, and a hole of one row in a grid is stepped over."""

ALIGNMENT = 5.0
"""The most that standing in line is worth, in pixels: half for the share of the own edge that the target
covers, half for covering its middle. The middle is ours: under a wide box with three narrower ones, it
chooses the one below the eye and not the one that happens to be widest."""

SHALLOW = 0.1
"""Boxes that share less than this part of the smaller one only touch. Focus rings, borders and rounding
make neighbours overlap by a pixel or two, which must not put them in line or inside each other."""

FIRST = -1e9
"""Boxes that cover each other come before everything else: what lies under the focus is what the viewer
looks at, and would often be reached from nowhere else. They are measured from the near edge."""


def framed(rect: Rect, key: Key) -> Framed:
    """The rectangle in the frame of a key."""
    if key is Key.RIGHT:
        return rect.left, rect.right, rect.top, rect.bottom
    if key is Key.LEFT:
        return -rect.right, -rect.left, rect.top, rect.bottom
    if key is Key.DOWN:
        return rect.top, rect.bottom, rect.left, rect.right
    return -rect.bottom, -rect.top, rect.left, rect.right


def cost(here: Framed, there: Framed, key: Key, lap: float = LAP) -> float | None:
    """What a press from `here` to `there` costs; None where `there` is no target of the key.

    A box that holds `here` inside itself is no target: leaving a part goes to what lies outside.
    Otherwise a target lies wholly ahead, or lies inside `here`, or covers it in part and begins further
    on, or stands in line and ends further on, or stands beside `here` with no more than `lap` of itself.
    """
    near, far, low, high = here
    t_near, t_far, t_low, t_high = there
    shared = (high if high < t_high else t_high) - (low if low > t_low else t_low)
    in_line = shared > 0 and shared > SHALLOW * min(high - low, t_high - t_low)
    start, first = far, 0.0
    if t_near < far:
        if t_near <= near and t_far >= far and t_low <= low and t_high >= high:
            return None
        inside = t_near >= near and t_far <= far and t_low >= low and t_high <= high
        deep = far - t_near > SHALLOW * min(far - near, t_far - t_near)
        if inside or (in_line and deep and near < t_near):
            start, first = near, FIRST
        elif not (in_line and t_near >= near and t_far > far) and t_near + lap * (t_far - t_near) < far:
            return None
    ahead = t_near - start
    if in_line:
        ahead = max(0.0, ahead)
        middle = t_low <= (low + high) / 2 <= t_high
        return first + 2 * ahead - ALIGNMENT / 2 * (shared / (high - low) + middle)
    ahead = abs(ahead)  # what begins beside `here` is as far off as what begins as much beyond it
    across = -shared if shared < 0 else 0.0
    extent = high - low
    if key is Key.LEFT or key is Key.RIGHT:
        return first + hypot(ahead, across) + ahead + SIDEWAYS * (across + extent)
    return first + hypot(ahead, across) + ahead + UPRIGHT * across + max(extent, 2 * (far - near))
