"""A plan as a picture: for a television in its night colours, for a phone in black on white."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, degrees

from PIL import Image, ImageDraw, ImageFont

from portal.fonts import find_font
from portal.http.wbmp import encode_wbmp
from portal.maps.plan import Plan, Point, short

Box = tuple[float, float, float, float]

NICE = (50, 100, 200, 500, 1_000, 2_000)
"""Metres of a scale's bar."""

LONGEST_NAME = 10
"""Characters of a neighbour's name."""


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of a plan."""

    ground: str
    road: str
    word: str
    spot: str
    mark: str
    mark_word: str


THEMES = {
    "tv": Inks("#16263a", "#35495f", "#b4bfcc", "#b4bfcc", "#f2a93b", "#ffe9b0"),
    "wap": Inks("#ffffff", "#c8c8c8", "#000000", "#606060", "#000000", "#000000"),
}


def draw(plan: Plan, width: int, height: int, theme: str, ending: str, sketch: str, north: str) -> bytes:
    """The picture of a plan.

    sketch  the word that says that it is one     north  the letter at the arrow
    raises  portal.fonts.NoFont
    """
    inks = THEMES[theme]
    image = Image.new("RGB", (width, height), inks.ground)
    canvas = _Canvas(image, plan, inks, two_colours=ending == "wbmp")
    canvas.roads()
    canvas.middle()
    canvas.street_names()
    canvas.others()
    canvas.legend(sketch, north)
    if ending == "wbmp":
        return encode_wbmp(image.convert("L").point(lambda value: 255 if value > 160 else 0), width, height)
    out = io.BytesIO()
    image.quantize(32).save(out, "PNG" if ending == "png" else "GIF", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(find_font()), size)


class _Canvas:
    """One plan being drawn; boxes that words stand in are taken."""

    def __init__(self, image: Image.Image, plan: Plan, inks: Inks, *, two_colours: bool) -> None:
        self._image = image
        self._draw = ImageDraw.Draw(image)
        self._plan = plan
        self._inks = inks
        self._side = min(image.size)
        self._scale = self._side / 2 / plan.reach
        # As large as quiet text is on the screen that it stands on: a plan is as high as half of it.
        self._small = max(11, round(self._side / 13))
        self._taken: list[Box] = []
        self._two_colours = two_colours
        # Where there is no grey, a road is a line and its name stands on a gap in it.
        self._wide = 2 if two_colours else max(2, round(self._side / 15))
        self._lines = [(each.name, self.at(each.start), self.at(each.end)) for each in plan.streets]

    def at(self, point: Point) -> tuple[float, float]:
        """Where a point stands, in px."""
        across, down = self._image.size
        return across / 2 + point.east * self._scale, down / 2 - point.north * self._scale

    def roads(self) -> None:
        """The streets without their names."""
        ink, half = self._inks.word if self._two_colours else self._inks.road, self._wide / 2
        for _, start, end in self._lines:
            self._draw.line((*start, *end), fill=ink, width=self._wide)
            for x, y in (start, end):
                self._draw.ellipse((x - half, y - half, x + half, y + half), ink)

    def street_names(self) -> None:
        """Each on its street, where there is room."""
        for name, start, end in self._lines:
            self._along(name, start, end)

    def _along(self, name: str, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A street's name on it, turned so that it is read from the left or from above."""
        size = max(9, round(self._small * 0.8))
        font = _font(size)
        angle = -degrees(atan2(end[1] - start[1], end[0] - start[0]))
        angle = (angle + 90) % 180 - 90
        long, high = round(font.getlength(name)) + 4, round(size * 1.35)
        label = Image.new("RGBA", (long, high), "#ffffff" if self._two_colours else (0, 0, 0, 0))
        ImageDraw.Draw(label).text((2, 0), name, font=font, fill=self._inks.word)
        turned = label.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
        for share in (0.3, 0.7, 0.5, 0.2, 0.8, 0.1, 0.9):
            x = start[0] + (end[0] - start[0]) * share - turned.width / 2
            y = start[1] + (end[1] - start[1]) * share - turned.height / 2
            box = (x, y, x + turned.width, y + turned.height)
            if self._free(box):
                self._image.paste(turned, (round(x), round(y)), turned)
                self._taken.append(box)
                return

    def middle(self) -> None:
        """The unit itself: a pin, and its name on a plate."""
        x, y = self.at(Point(0.0, 0.0))
        radius = max(4, self._side / 28)
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), self._inks.mark)
        inner = radius * 0.4
        self._draw.ellipse((x - inner, y - inner, x + inner, y + inner), self._inks.ground)
        self._taken.append((x - radius, y - radius, x + radius, y + radius))
        self._beside(short(self._plan.name), x, y, radius, self._small + 2, self._inks.mark_word, must=True)

    def others(self) -> None:
        """The neighbours, the nearest first, those whose names find room."""
        for name, point in self._plan.others:
            x, y = self.at(point)
            radius = max(2, self._side / 70)
            said = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
            if self._beside(said, x, y, radius, self._small, self._inks.word):
                self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), self._inks.spot)

    def _beside(
        self, name: str, x: float, y: float, radius: float, size: int, ink: str, *, must: bool = False
    ) -> bool:
        """A name right, left, below or above of its spot; whether there was room."""
        while True:
            font = _font(size)
            long, high, gap = font.getlength(name), size * 1.3, radius + 3
            places = (
                (x + gap, y - high / 2), (x - gap - long, y - high / 2), (x - long / 2, y + gap),
                (x - long / 2, y - gap - high),
            )  # fmt: skip
            for left, top in places:
                box = (left, top, left + long, top + high)
                if self._free(box):
                    self._draw.text((left, top), name, font=font, fill=ink)
                    self._taken.append(box)
                    return True
            if not must or size <= max(9, self._small * 0.7):
                return False
            size -= 1

    def legend(self, sketch: str, north: str) -> None:
        """Where north is, how long a bar is, and that it is a sketch."""
        across, down = self._image.size
        font, edge = _font(self._small), max(4, self._side // 30)
        room = across * 0.28 / self._scale
        metres = max((nice for nice in NICE if nice <= room), default=NICE[0])
        long = metres * self._scale
        base = down - edge
        self._draw.line((edge, base, edge + long, base), fill=self._inks.word, width=2)
        for x in (edge, edge + long):
            self._draw.line((x, base - 5, x, base), fill=self._inks.word, width=2)
        said = f"{metres} m" if metres < 1_000 else f"{metres // 1_000} km"
        self._draw.text((edge, base - 7 - self._small * 1.2), said, font=font, fill=self._inks.word)
        wide = font.getlength(sketch)
        self._draw.text(
            (across - edge - wide, down - edge - self._small * 1.2), sketch, font=font, fill=self._inks.word
        )
        x, tip = across - edge - self._small * 0.6, edge
        side = self._small * 0.4
        self._draw.polygon(
            ((x, tip), (x - side, tip + 2.4 * side), (x + side, tip + 2.4 * side)), self._inks.word
        )
        self._draw.text(
            (x - font.getlength(north) / 2, tip + 2.6 * side), north, font=font, fill=self._inks.word
        )

    def _free(self, box: Box) -> bool:
        across, down = self._image.size
        inside = box[0] >= 2 and box[1] >= 2 and box[2] <= across - 2 and box[3] <= down - self._small * 1.8
        # The arrow stands in the corner.
        clear = not (box[2] > across - self._small * 2 and box[1] < self._small * 3)
        return inside and clear and not any(_overlap(box, taken) for taken in self._taken)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
