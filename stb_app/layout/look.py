"""The measures of each kind of screen: one table, everything in px of that screen.

Type is large by default (a 32-inch set at 3 m, an eye of acuity 0.4): at 720 lines titles 42, lists
36, body 38 on lines of 60, quiet text 32 and nothing smaller: blurred as that eye has it, a reader program
gets 92 % of the characters of a list right where quiet text is 30, 97 % where it is 32. `large` is a
quarter more again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache

from remote_nav.geometry import Rect


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """The measures of one screen. There is one value a screen: much is remembered by which one it is.

    area          content area, focus marks included: nothing stands outside
    rows          rows of a list page; 1 to rows are its digits
    split         whether a picture stands beside the text (else above it)
    """

    width: int
    height: int
    area: Rect
    title: int
    title_line: int
    item: int
    item_line: int
    body: int
    body_line: int
    quiet: int
    quiet_line: int
    header: int
    row: int
    rows: int
    gap: int
    badge: int
    bar: int
    button: int
    legend: int
    picture: int
    split: bool = True
    large: bool = False


HD = Look(
    width=1280, height=720, area=Rect(64, 36, 1152, 648),
    title=42, title_line=56, item=36, item_line=42, body=38, body_line=60, quiet=32, quiet_line=46,
    header=60, row=94, rows=5, gap=8, badge=48, bar=14, button=60, legend=48, picture=380,
)  # fmt: skip
HD_LARGE = replace(
    HD, title=48, title_line=60, item=45, item_line=52, body=47, body_line=72, quiet=39, quiet_line=52,
    row=118, rows=4, gap=10, badge=56, button=70, legend=52, large=True,
)  # fmt: skip
SD = Look(
    width=640, height=530, area=Rect(40, 26, 560, 478),
    title=32, title_line=44, item=28, item_line=33, body=28, body_line=42, quiet=26, quiet_line=34,
    header=46, row=82, rows=4, gap=6, badge=38, bar=10, button=50, legend=36, picture=216, split=False,
)  # fmt: skip
SD_LARGE = replace(
    SD, title=36, title_line=46, item=35, item_line=41, body=35, body_line=50, quiet=32, quiet_line=40,
    row=104, rows=3, gap=8, badge=44, button=54, legend=42, large=True,
)  # fmt: skip


def _scaled(look: Look, by: float, area: Rect, width: int, height: int) -> Look:
    kept = ("width", "height", "area", "rows", "split", "large")
    scaled = {
        field.name: round(getattr(look, field.name) * by) for field in fields(look) if field.name not in kept
    }
    return replace(look, width=width, height=height, area=area, **scaled)


FHD_AREA = Rect(96, 54, 1728, 972)
LOOKS: dict[tuple[int, bool], Look] = {
    (1280, False): HD,
    (1280, True): HD_LARGE,
    (640, False): SD,
    (640, True): SD_LARGE,
    (1920, False): _scaled(HD, 1.5, FHD_AREA, 1920, 1080),
    (1920, True): _scaled(HD_LARGE, 1.5, FHD_AREA, 1920, 1080),
}


@cache
def look_for(width: int, area: Rect, large: bool) -> Look:
    """The measures for a screen of that width whose content area is `area`."""
    return replace(LOOKS[width, large], area=area)
