"""The easel on which the city's pictures are painted: gradients, houses, trees and people from simple shapes.

A scene is painted at SCALE times its size and reduced, which smooths its edges.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (960, 640)
SCALE = 2
W, H = SIZE[0] * SCALE, SIZE[1] * SCALE
COARSE = 4  # clouds and hills are soft: they are drawn so many times smaller

Colour = tuple[int, int, int]
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((24, 42, 88), (244, 150, 96)),
    ((72, 136, 204), (214, 234, 246)),
    ((104, 164, 216), (250, 232, 204)),
    ((58, 66, 126), (236, 168, 150)),
    ((120, 158, 186), (226, 232, 232)),
)
LIGHT = (255, 226, 150)


class Easel:
    """A canvas, its brush and its luck."""

    def __init__(self, seed: str) -> None:
        # Not for secrets: the same picture must come out on every machine.
        self.luck = Random(seed)  # noqa: S311
        self.image = Image.new("RGB", (W, H))
        self.draw = ImageDraw.Draw(self.image)
        self.top, self.bottom = self.luck.choice(SKIES)

    def shade(self, box: tuple[int, int, int, int], top: Colour, bottom: Colour) -> None:
        """Fill a box with a gradient from top to bottom."""
        left, upper, right, lower = box
        width, height = right - left, lower - upper
        column = Image.linear_gradient("L").crop((0, 0, 1, 256)).resize((1, height))
        strip = Image.composite(
            Image.new("RGB", (1, height), bottom), Image.new("RGB", (1, height), top), column
        )
        self.image.paste(strip.resize((width, height), Image.Resampling.NEAREST), (left, upper))

    def sky(self, horizon: int) -> None:
        """The sky down to the horizon, its sun and a few clouds."""
        self.shade((0, 0, W, horizon), self.top, self.bottom)
        self.draw.rectangle((0, horizon, W, H), fill=mix(self.bottom, (110, 130, 110), 0.7))
        x, y, r = (
            self.luck.randrange(W // 6, W * 5 // 6),
            self.luck.randrange(H // 8, H // 3),
            self.luck.randrange(60, 100),
        )
        self.glow(x, y, r * 3, (255, 240, 210), 90)
        self.draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 244, 220))
        with self.soft((255, 250, 244), 26) as brush:
            for _ in range(self.luck.randrange(2, 5)):
                lowest = max(H // 12 + 1, horizon // 2)
                self.cloud(brush, self.luck.randrange(W), self.luck.randrange(H // 12, lowest))

    def cloud(self, brush: ImageDraw.ImageDraw, x: int, y: int) -> None:
        """A cloud, with a soft brush."""
        for _ in range(7):
            dx, dy = self.luck.randrange(-200, 200), self.luck.randrange(-24, 24)
            r = self.luck.randrange(50, 100)
            box = (x + dx - r * 2, y + dy - r // 2, x + dx + r * 2, y + dy + r // 2)
            brush.ellipse([side / COARSE for side in box], fill=130)

    @contextmanager
    def soft(self, colour: Colour, blur: int) -> Iterator[ImageDraw.ImageDraw]:
        """A brush for shapes with soft edges, drawn COARSE times smaller than the canvas."""
        layer = Image.new("L", (W // COARSE, H // COARSE))
        yield ImageDraw.Draw(layer)
        soft = layer.filter(ImageFilter.GaussianBlur(blur / COARSE)).resize((W, H), Image.Resampling.BILINEAR)
        self.image.paste(colour, mask=soft)

    def glow(self, x: int, y: int, r: int, colour: Colour, strength: int) -> None:
        """A light that fades outwards."""
        disc = (
            Image.radial_gradient("L")
            .resize((2 * r, 2 * r))
            .point(lambda v: max(0, 200 - v) * strength // 200)
        )
        self.image.paste(colour, (x - r, y - r), disc)

    def hills(self, base: int, height: int, colour: Colour) -> None:
        """A range of hills that stands on `base`."""
        points, x = [(0, base)], 0
        while x < W + 160:
            points.append((x, base - self.luck.randrange(height // 3, height)))
            x += self.luck.randrange(140, 320)
        with self.soft(colour, 18) as brush:
            outline = [*points, (W, base), (0, base)]
            brush.polygon([(x / COARSE, y / COARSE) for x, y in outline], fill=255)
        self.draw.rectangle((0, base - 4, W, base), fill=colour)

    def house(self, box: tuple[int, int, int, int], wall: Colour, lit: float) -> None:
        """A block with rows of windows, `lit` of them bright."""
        left, top, right, bottom = box
        self.shade(box, mix(wall, (255, 255, 255), 0.12), wall)
        self.draw.rectangle((left, top, left + (right - left) // 7, bottom), fill=mix(wall, (0, 0, 0), 0.16))
        for y in range(top + 26, bottom - 30, 48):
            for x in range(left + 22, right - 30, 44):
                bright = self.luck.random() < lit
                self.draw.rectangle(
                    (x, y, x + 22, y + 28), fill=LIGHT if bright else mix(wall, (20, 40, 70), 0.45)
                )

    def tree(self, x: int, base: int, r: int, leaf: Colour) -> None:
        """A round tree."""
        self.draw.rectangle((x - r // 9, base - r, x + r // 9, base), fill=(98, 74, 56))
        for dx, dy, size, tone in (
            (-0.4, 1.2, 0.7, -0.1),
            (0.4, 1.25, 0.7, -0.05),
            (0, 1.7, 0.85, 0.06),
            (0.1, 1.3, 0.6, 0.12),
        ):
            cx, cy, cr = x + int(dx * r), base - int(dy * r), int(size * r)
            shade = mix(leaf, (255, 255, 220) if tone > 0 else (0, 20, 20), abs(tone) * 2)
            self.draw.ellipse((cx - cr, cy - cr, cx + cr, cy + cr), fill=shade)

    def person(self, x: int, base: int, height: int) -> None:
        """Somebody seen from afar."""
        coat = self.luck.choice(((196, 70, 60), (56, 98, 150), (226, 168, 60), (70, 126, 96), (120, 90, 140)))
        r = height // 8
        self.draw.rounded_rectangle((x - r, base - height * 3 // 4, x + r, base - height // 4), r, fill=coat)
        self.draw.rectangle((x - r + 4, base - height // 3, x - 4, base), fill=(50, 54, 70))
        self.draw.rectangle((x + 4, base - height // 3, x + r - 4, base), fill=(50, 54, 70))
        self.draw.ellipse(
            (x - r + 2, base - height, x + r - 2, base - height * 3 // 4 + 4), fill=(236, 200, 172)
        )

    def road(self, top: int) -> None:
        """A road along the lower edge."""
        self.shade((0, top, W, H), (96, 102, 112), (70, 76, 86))
        self.draw.rectangle((0, top, W, top + 14), fill=(200, 200, 196))
        for x in range(self.luck.randrange(-120, 0), W, 240):
            self.draw.rectangle((x, (top + H) // 2 + 20, x + 130, (top + H) // 2 + 34), fill=(240, 236, 220))

    def finish(self) -> bytes:
        """Halved, with the grain of film, as JPEG."""
        small = self.image.reduce(SCALE)
        tile = Image.frombytes("L", (320, 320), self.luck.randbytes(320 * 320)).point(
            lambda v: 119 + v * 18 // 255
        )
        grain = Image.new("L", SIZE)
        for x in range(0, SIZE[0], 320):
            for y in range(0, SIZE[1], 320):
                grain.paste(tile, (x, y))
        out = io.BytesIO()
        textured = Image.blend(small, Image.merge("RGB", (grain, grain, grain)), 0.07)
        textured.save(out, "JPEG", quality=84, optimize=True)
        return out.getvalue()


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two, `share` of the other."""
    red, green, blue = (int(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
