"""Screens for the tests: each a picture of a page that a portal really has, in our own measures."""

from __future__ import annotations

from hypothesis import strategies as st

from remote_nav.geometry import Box, Key, Rect

KEYS = {"u": Key.UP, "d": Key.DOWN, "l": Key.LEFT, "r": Key.RIGHT}


def boxes(drawn: dict[str, tuple[float, float, float, float]], **rows: str) -> list[Box]:
    """Boxes from {id: (left, top, width, height)}; `rows` names the locked row of some."""
    return [Box(name, Rect(*rect), row=rows.get(name, "")) for name, rect in drawn.items()]


def grid(columns: int, lines: int, wide: float = 200, high: float = 100, gap: float = 20) -> list[Box]:
    """Tiles named r1c1, r1c2 ... from the top left."""
    return [
        Box(f"r{y + 1}c{x + 1}", Rect(64 + x * (wide + gap), 36 + y * (high + gap), wide, high))
        for y in range(lines)
        for x in range(columns)
    ]


def titled_list(widths: list[int], *, locked: bool) -> list[Box]:
    """Rows of a title (ragged, from the left) and a button (in a column at the right)."""
    made = []
    for at, width in enumerate(widths, start=1):
        top, row = 100 + at * 72, f"row{at}" if locked else ""
        made.append(Box(f"t{at}", Rect(64, top, width, 64), row=row))
        made.append(Box(f"b{at}", Rect(1056, top + 8, 160, 48), row=row))
    return made


RAGGED_LIST = titled_list([820, 300, 700, 260, 900, 410], locked=False)
LOCKED_LIST = titled_list([820, 300, 700, 260, 900, 410], locked=True)
GRID = grid(4, 3)

# A lead story, two stories beside it, a strip of short links below: home pages look like this.
UNEQUAL_TILES = boxes(
    {
        "lead": (64, 80, 560, 300),
        "second": (644, 80, 572, 140),
        "third": (644, 240, 276, 140),
        "fourth": (940, 240, 276, 140),
        "s1": (64, 400, 272, 120),
        "s2": (356, 400, 272, 120),
        "s3": (648, 400, 272, 120),
        "s4": (940, 400, 276, 120),
        "more": (64, 540, 180, 60),
        "help": (1036, 540, 180, 60),
    }
)

# Rows of links of every length, as a cloud of topics.
RAGGED_ROWS = boxes(
    {
        "a1": (64, 60, 240, 60),
        "a2": (312, 60, 90, 60),
        "a3": (410, 60, 300, 60),
        "b1": (64, 128, 100, 60),
        "b2": (172, 128, 300, 60),
        "b3": (480, 128, 120, 60),
        "c1": (64, 196, 420, 60),
        "c2": (492, 196, 60, 60),
        "c3": (560, 196, 150, 60),
    }
)

# A card with two buttons on it, a neighbour that laps over its edge, and two that only touch.
OVERLAPS = boxes(
    {
        "card": (100, 100, 400, 300),
        "open": (120, 330, 120, 50),
        "share": (260, 330, 120, 50),
        "badge": (440, 200, 160, 90),
        "below": (100, 399, 400, 80),
        "right": (620, 100, 200, 300),
        "under": (620, 401, 200, 78),
    }
)

# A menu with a hole where a heading stands, and one link far to the side at the height of the hole.
COLUMN_WITH_GAP = boxes(
    {
        "one": (64, 80, 300, 60),
        "two": (64, 150, 300, 60),
        "three": (64, 420, 300, 60),
        "four": (64, 490, 300, 60),
        "aside": (800, 290, 300, 60),
    }
)

# Tabs of different widths over a list that is wider than any of them, a pager below.
TABS_OVER_LIST = boxes(
    {
        "tab1": (64, 40, 120, 56),
        "tab2": (200, 40, 220, 56),
        "tab3": (436, 40, 140, 56),
        "item1": (64, 120, 1152, 80),
        "item2": (64, 210, 1152, 80),
        "item3": (64, 300, 1152, 80),
        "prev": (64, 420, 160, 56),
        "next": (240, 420, 160, 56),
        "home": (1056, 420, 160, 56),
    }
)

SCREENS = {
    "list with buttons": RAGGED_LIST,
    "locked list": LOCKED_LIST,
    "grid": GRID,
    "unequal tiles": UNEQUAL_TILES,
    "ragged rows": RAGGED_ROWS,
    "overlaps": OVERLAPS,
    "column with a gap": COLUMN_WITH_GAP,
    "tabs over a list": TABS_OVER_LIST,
}


@st.composite
def tilings(draw: st.DrawFn, most: int = 24) -> list[Box]:
    """Random screens without overlap: the screen is cut again and again, some pieces are left empty,
    the others shrink by a margin of their own."""
    pieces = [Rect(64, 36, 1152, 648)]
    for _ in range(draw(st.integers(0, most - 1))):
        at = draw(st.integers(0, len(pieces) - 1))
        rect, share = pieces[at], draw(st.sampled_from((0.2, 0.33, 0.5, 0.6, 0.8)))
        if draw(st.booleans()):
            cut = rect.width * share
            halves = (
                Rect(rect.left, rect.top, cut, rect.height),
                Rect(rect.left + cut, rect.top, rect.width - cut, rect.height),
            )
        else:
            cut = rect.height * share
            halves = (
                Rect(rect.left, rect.top, rect.width, cut),
                Rect(rect.left, rect.top + cut, rect.width, rect.height - cut),
            )
        if min(halves[0].width, halves[0].height, halves[1].width, halves[1].height) < 8:
            continue
        pieces[at : at + 1] = halves
    kept = [piece for piece in pieces if draw(st.integers(0, 9)) < 7] or pieces[:1]
    margins = [draw(st.sampled_from((0.0, 0.0, 1.0, 3.0))) for _ in kept]
    return [
        Box(f"n{at}", Rect(p.left + m, p.top + m, p.width - 2 * m, p.height - 2 * m))
        for at, (p, m) in enumerate(zip(kept, margins, strict=True))
    ]


@st.composite
def scattered(draw: st.DrawFn) -> list[Box]:
    """Random boxes anywhere, covering each other or not, some without any size."""
    rects = draw(
        st.lists(
            st.tuples(st.integers(0, 1200), st.integers(0, 680), st.integers(0, 600), st.integers(0, 400)),
            min_size=1,
            max_size=12,
        )
    )
    rows = draw(st.lists(st.sampled_from(("", "", "x", "y")), min_size=len(rects), max_size=len(rects)))
    return [
        Box(f"n{at}", Rect(*map(float, rect)), row=row)
        for at, (rect, row) in enumerate(zip(rects, rows, strict=True))
    ]
