"""The city's pictures: scenes painted with gradients and simple shapes, the same on every machine.

`named("river-3.jpg")` gives the third variation of the river: other hour of the day, other houses, other trees.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from PIL import Image

from demo.easel import LIGHT, Colour, Easel, H, W, mix

_NAME = re.compile(r"([a-z]+)-([1-9])\.jpg")


def town(easel: Easel, base: int, height: int, wall: Colour, lit: float) -> None:
    """A row of houses on `base`."""
    x = -40
    while x < W:
        width = easel.luck.randrange(120, 250)
        top = base - easel.luck.randrange(height // 3, height)
        easel.house((x, top, x + width, base), mix(wall, easel.bottom, easel.luck.random() * 0.35), lit)
        x += width + easel.luck.randrange(0, 34)


def skyline(easel: Easel) -> None:
    """The city over the water at dusk."""
    easel.sky(860)
    easel.hills(800, 260, mix(easel.bottom, (70, 90, 130), 0.5))
    town(easel, 860, 560, (66, 80, 118), 0.42)
    mirror = easel.image.crop((0, 440, W, 860)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    easel.image.paste(Image.blend(mirror, Image.new("RGB", mirror.size, (34, 60, 100)), 0.5), (0, 860))
    for y in range(880, H, 22):
        x = easel.luck.randrange(W)
        easel.draw.line((x, y, x + easel.luck.randrange(100, 420), y), fill=(230, 214, 190), width=3)


def bridge(easel: Easel) -> None:
    """The cable-stayed bridge."""
    easel.sky(820)
    easel.hills(820, 240, mix(easel.bottom, (60, 100, 110), 0.5))
    easel.shade((0, 820, W, H), (96, 150, 176), (40, 84, 116))
    deck = 760
    for tower in (W // 3 + easel.luck.randrange(-60, 60), W * 2 // 3 + easel.luck.randrange(-60, 60)):
        for reach in range(60, 340, 34):
            for side in (-1, 1):
                easel.draw.line(
                    (tower, 250 + reach // 2, tower + side * reach, deck), fill=(240, 240, 236), width=5
                )
        easel.draw.polygon(
            ((tower - 10, 220), (tower + 10, 220), (tower + 30, 960), (tower - 30, 960)), fill=(232, 232, 228)
        )
    easel.draw.rectangle((0, deck, W, deck + 34), fill=(206, 208, 208))
    easel.draw.rectangle((0, deck + 26, W, deck + 34), fill=(150, 156, 162))
    for _ in range(60):
        x, y = easel.luck.randrange(W), easel.luck.randrange(850, H)
        easel.draw.line((x, y, x + easel.luck.randrange(40, 180), y), fill=(180, 212, 224), width=4)


def river(easel: Easel) -> None:
    """The river and its green banks."""
    easel.sky(600)
    easel.hills(600, 280, (96, 138, 134))
    easel.shade((0, 590, W, H), (136, 176, 110), (84, 130, 76))
    easel.draw.polygon(
        ((1060, 596), (1150, 596), (1500, 900), (1380, H), (260, H), (700, 860)), fill=(104, 164, 190)
    )
    easel.draw.polygon(
        ((1084, 600), (1130, 600), (1330, 900), (1120, H), (620, H), (880, 860)), fill=(132, 190, 210)
    )
    for _ in range(16):
        x = easel.luck.choice((easel.luck.randrange(0, 560), easel.luck.randrange(1560, W)))
        easel.tree(x, easel.luck.randrange(700, 1160), easel.luck.randrange(60, 110), (82, 142, 84))


def library(easel: Easel) -> None:
    """A library with its steps."""
    easel.sky(900)
    wall = easel.luck.choice(((226, 206, 178), (206, 214, 220), (232, 220, 204)))
    easel.shade((260, 420, W - 260, 900), mix(wall, (255, 255, 255), 0.3), wall)
    easel.draw.polygon(((200, 430), (W // 2, 230), (W - 200, 430)), fill=mix(wall, (90, 70, 60), 0.35))
    for x in range(330, W - 360, 150):
        easel.shade((x, 470, x + 56, 880), (255, 252, 240), mix(wall, (120, 100, 80), 0.2))
        easel.draw.rectangle((x + 70, 520, x + 128, 860), fill=(92, 132, 160))
    for step in range(5):
        easel.draw.rectangle(
            (200 - step * 34, 890 + step * 30, W - 200 + step * 34, 924 + step * 30),
            fill=mix(wall, (60, 60, 60), 0.1 + step * 0.05),
        )
    easel.shade((0, 1040, W, H), (150, 160, 160), (120, 130, 134))
    for _ in range(7):
        easel.person(easel.luck.randrange(150, W - 150), easel.luck.randrange(1060, 1240), 150)
    for x in (90, W - 90):
        easel.tree(x, 1080, 130, (90, 146, 90))


def bus(easel: Easel) -> None:
    """A bus on its way."""
    easel.sky(840)
    town(easel, 840, 420, (150, 160, 178), 0.12)
    for x in range(60, W, 360):
        easel.tree(x, 900, 84, (88, 148, 92))
    easel.road(880)
    body = easel.luck.choice(((58, 160, 120), (52, 122, 196), (226, 120, 60)))
    left = easel.luck.randrange(180, 560)
    easel.draw.ellipse((left - 20, 1120, left + 1130, 1190), fill=(58, 62, 70))
    easel.draw.rounded_rectangle((left, 690, left + 1100, 1120), 46, fill=body)
    easel.draw.rounded_rectangle((left, 970, left + 1100, 1120), 30, fill=mix(body, (255, 255, 255), 0.75))
    for x in range(left + 40, left + 1000, 170):
        easel.draw.rounded_rectangle((x, 750, x + 146, 920), 14, fill=(206, 230, 240))
        easel.draw.polygon(
            ((x + 20, 920), (x + 70, 750), (x + 100, 750), (x + 50, 920)), fill=(228, 242, 248)
        )
    for x in (left + 220, left + 860):
        easel.draw.ellipse((x - 76, 1044, x + 76, 1196), fill=(40, 42, 48))
        easel.draw.ellipse((x - 34, 1086, x + 34, 1154), fill=(190, 194, 200))
    easel.draw.rectangle((left + 1072, 990, left + 1100, 1040), fill=LIGHT)


def park(easel: Easel) -> None:
    """A park with a lake and walkers."""
    easel.sky(560)
    town(easel, 600, 240, (166, 178, 192), 0.05)
    easel.shade((0, 590, W, H), (152, 190, 116), (98, 150, 84))
    easel.draw.ellipse((300, 680, 1620, 960), fill=(120, 176, 200))
    easel.draw.ellipse((380, 700, 1520, 920), fill=(146, 200, 218))
    easel.draw.polygon(((0, 1240), (W, 1010), (W, 1090), (0, H)), fill=(224, 208, 176))
    for _ in range(14):
        y = easel.luck.choice((easel.luck.randrange(640, 700), easel.luck.randrange(980, 1100)))
        leaf = easel.luck.choice(((92, 150, 86), (120, 164, 80), (206, 150, 70), (232, 160, 170)))
        easel.tree(easel.luck.randrange(W), y, easel.luck.randrange(60, 120), leaf)
    for x in range(200, W, 340):
        easel.person(x + easel.luck.randrange(-60, 60), 1230 - x // 9 + 10, 150)


def hospital(easel: Easel) -> None:
    """A hospital."""
    easel.sky(960)
    easel.house((300, 330, 1000, 960), (216, 226, 232), 0.3)
    easel.house((980, 480, 1640, 960), (232, 236, 236), 0.25)
    easel.draw.rectangle((1190, 400, 1430, 480), fill=(244, 246, 246))
    x, y = 650, 430
    easel.draw.rectangle((x - 110, y - 90, x + 110, y + 90), fill=(250, 250, 250))
    easel.draw.rectangle((x - 26, y - 70, x + 26, y + 70), fill=(206, 62, 58))
    easel.draw.rectangle((x - 70, y - 24, x + 70, y + 24), fill=(206, 62, 58))
    easel.draw.rounded_rectangle((1120, 800, 1500, 970), 20, fill=(140, 190, 206))
    easel.shade((0, 950, W, H), (176, 186, 184), (140, 150, 152))
    easel.draw.ellipse((200, 1030, 1720, 1190), fill=(124, 172, 108))
    for _ in range(6):
        easel.tree(easel.luck.randrange(260, 1660), easel.luck.randrange(1060, 1150), 80, (86, 148, 92))
    for _ in range(6):
        easel.person(easel.luck.randrange(100, W - 100), easel.luck.randrange(1180, 1260), 150)


def classroom(easel: Easel) -> None:
    """A classroom seen from the back."""
    wall = easel.luck.choice(((238, 228, 204), (222, 234, 230), (236, 226, 226)))
    easel.shade((0, 0, W, 880), wall, mix(wall, (180, 170, 150), 0.25))
    easel.shade((0, 860, W, H), (196, 160, 116), (166, 128, 90))
    easel.draw.rounded_rectangle((460, 180, 1460, 640), 16, fill=(150, 112, 76))
    easel.shade((486, 206, 1434, 614), (52, 104, 84), (40, 88, 72))
    for line in range(3):
        y = 290 + line * 100
        easel.draw.line((560, y, 560 + easel.luck.randrange(400, 780), y), fill=(226, 234, 226), width=8)
    for x in (90, 1540):
        easel.draw.rectangle((x, 170, x + 290, 660), fill=(250, 250, 246))
        easel.shade((x + 16, 186, x + 274, 644), easel.top, easel.bottom)
        easel.draw.rectangle((x + 138, 170, x + 152, 660), fill=(250, 250, 246))
    for row, (y, size) in enumerate(((760, 120), (930, 150), (1120, 190))):
        for seat in range(6 - row):
            x = W // (6 - row) * seat + W // (12 - 2 * row)
            shirt = easel.luck.choice(((66, 120, 180), (224, 224, 230), (200, 80, 76), (236, 190, 80)))
            easel.draw.ellipse((x - size // 3, y - size, x + size // 3, y - size // 3), fill=(52, 44, 42))
            easel.draw.rounded_rectangle(
                (x - size // 2, y - size // 3, x + size // 2, y + size // 2), 24, fill=shirt
            )
            easel.draw.rectangle(
                (x - size, y + size // 3, x + size, y + size // 3 + 26), fill=(214, 176, 128)
            )


def market(easel: Easel) -> None:
    """Stalls of a market."""
    easel.shade((0, 0, W, 800), (250, 238, 214), (232, 210, 178))
    for x in range(100, W, 320):
        easel.glow(x, 150, 260, (255, 240, 190), 160)
        easel.draw.ellipse((x - 26, 130, x + 26, 182), fill=(255, 252, 232))
    easel.shade((0, 800, W, H), (176, 160, 146), (140, 126, 116))
    for stall in range(3):
        left = 60 + stall * 620
        for stripe in range(8):
            x = left + stripe * 70
            colour = (206, 78, 66) if stripe % 2 else (248, 242, 230)
            easel.draw.polygon(((x + 16, 330), (x + 74, 330), (x + 70, 470), (x, 470)), fill=colour)
        easel.draw.rectangle((left, 470, left + 18, 1010), fill=(120, 92, 70))
        easel.draw.rectangle((left + 542, 470, left + 560, 1010), fill=(120, 92, 70))
        easel.person(left + 280, 830, 330)
        easel.draw.polygon(
            ((left - 20, 800), (left + 580, 800), (left + 620, 1020), (left - 60, 1020)), fill=(160, 122, 86)
        )
        for bin_ in range(4):
            goods = easel.luck.choice(
                ((92, 158, 70), (222, 70, 56), (240, 168, 50), (132, 76, 140), (236, 226, 200))
            )
            for _ in range(34):
                gx = left + 20 + bin_ * 136 + easel.luck.randrange(0, 110)
                gy, r = 820 + easel.luck.randrange(0, 120), easel.luck.randrange(16, 26)
                tone = mix(goods, (255, 255, 255), easel.luck.random() * 0.3)
                easel.draw.ellipse((gx - r, gy - r, gx + r, gy + r), fill=tone)
    for x in range(240, W, 520):
        easel.person(x, 1270, 420)


def field(easel: Easel) -> None:
    """Rice fields."""
    easel.sky(520)
    easel.hills(520, 260, (110, 140, 150))
    rice = easel.luck.choice(((222, 186, 84), (142, 188, 88), (196, 190, 96)))
    easel.shade((0, 510, W, H), mix(rice, (255, 255, 230), 0.3), mix(rice, (60, 80, 20), 0.25))
    centre = easel.luck.randrange(700, 1220)
    for edge in range(-3000, 5000, 260):
        easel.draw.line((centre, 510, edge, H), fill=mix(rice, (70, 110, 50), 0.5), width=12)
    for _ in range(2600):
        y = int(520 + (H - 520) * easel.luck.random() ** 0.6)
        x, tall = easel.luck.randrange(W), 6 + (y - 520) // 22
        easel.draw.line(
            (x, y, x + easel.luck.randrange(-5, 6), y - tall),
            fill=mix(rice, (255, 246, 190), easel.luck.random() * 0.5),
            width=3,
        )
    for _ in range(5):
        x = easel.luck.randrange(W)
        easel.house((x, 440, x + 150, 530), (226, 222, 214), 0.1)
        easel.draw.polygon(((x - 18, 444), (x + 75, 390), (x + 168, 444)), fill=(120, 76, 66))


def heating(easel: Easel) -> None:
    """The heating plant and its steam."""
    easel.sky(900)
    easel.hills(900, 200, (120, 134, 150))
    for x in (420, 900):
        easel.draw.polygon(
            ((x - 60, 380), (x + 260, 380), (x + 330, 900), (x - 130, 900)), fill=(196, 200, 204)
        )
        easel.draw.polygon(
            ((x + 140, 380), (x + 260, 380), (x + 330, 900), (x + 180, 900)), fill=(170, 176, 182)
        )
        for puff in range(9):
            px, py, r = x + 100 + puff * 26, 350 - puff * 34, 60 + puff * 16
            easel.glow(px + easel.luck.randrange(-26, 26), py, r, (252, 252, 252), 190)
    easel.draw.rectangle((1380, 240, 1450, 900), fill=(216, 212, 206))
    for y in range(280, 620, 120):
        easel.draw.rectangle((1380, y, 1450, y + 50), fill=(196, 72, 62))
    easel.house((1180, 640, 1760, 900), (150, 166, 182), 0.5)
    easel.shade((0, 890, W, H), (132, 146, 132), (96, 110, 100))
    for y in (1000, 1060):
        easel.shade((0, y, W, y + 44), (226, 226, 224), (142, 146, 150))
        for x in range(easel.luck.randrange(60, 200), W, 300):
            easel.draw.rectangle((x, y - 6, x + 26, y + 50), fill=(196, 72, 62))


def snow(easel: Easel) -> None:
    """Snow over the old town."""
    easel.shade((0, 0, W, 900), (128, 146, 176), (226, 230, 236))
    easel.hills(820, 300, (176, 188, 206))
    for x in range(-30, W, 330):
        top = 620 - easel.luck.randrange(0, 180)
        easel.house((x + 30, top, x + 290, 900), (176, 138, 116), 0.5)
        easel.draw.polygon(((x, top + 10), (x + 160, top - 110), (x + 320, top + 10)), fill=(246, 248, 252))
    easel.shade((0, 890, W, H), (244, 246, 250), (208, 218, 232))
    easel.draw.polygon(((760, 896), (900, 896), (1340, H), (500, H)), fill=(190, 200, 216))
    for x in (160, 460, 1440, 1760):
        easel.tree(x, 1080, 110, (226, 232, 240))
    for _ in range(4):
        easel.person(easel.luck.randrange(760, 1060), easel.luck.randrange(1060, 1250), 150)
    for _ in range(420):
        x, y, r = easel.luck.randrange(W), easel.luck.randrange(H), easel.luck.randrange(3, 9)
        easel.draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 255, 255))


def road(easel: Easel) -> None:
    """Men at work on a street."""
    easel.sky(760)
    town(easel, 800, 460, (160, 166, 180), 0.08)
    easel.road(800)
    easel.draw.rectangle((500, 940, 1500, 1160), fill=(128, 106, 84))
    easel.draw.rectangle((530, 960, 1470, 1130), fill=(104, 84, 66))
    easel.draw.rounded_rectangle((900, 700, 1240, 900), 30, fill=(240, 176, 48))
    easel.draw.rectangle((940, 730, 1080, 820), fill=(196, 222, 232))
    easel.draw.line((1220, 760, 1420, 620, 1500, 900), fill=(226, 160, 40), width=34, joint="curve")
    easel.draw.polygon(((1460, 900), (1560, 880), (1540, 990), (1450, 970)), fill=(90, 90, 96))
    easel.draw.rounded_rectangle((880, 890, 1270, 960), 34, fill=(60, 62, 68))
    for x in range(440, 1620, 150):
        easel.draw.polygon(((x, 1120), (x + 30, 1120), (x + 52, 1220), (x - 22, 1220)), fill=(232, 96, 50))
        easel.draw.rectangle((x - 8, 1156, x + 38, 1180), fill=(250, 246, 240))
    for x in (640, 800):
        easel.person(x, 1130, 210)


def factory(easel: Easel) -> None:
    """A bright workshop with machines."""
    easel.shade((0, 0, W, 820), (206, 220, 230), (236, 240, 242))
    for x in range(-200, W, 240):
        easel.draw.polygon(((x, 0), (x + 60, 0), (x + 260, 240), (x + 200, 240)), fill=(184, 200, 212))
    for x in range(120, W, 300):
        easel.draw.rounded_rectangle((x, 250, x + 200, 276), 10, fill=(255, 255, 250))
        easel.glow(x + 100, 264, 180, (255, 255, 255), 120)
    easel.shade((0, 810, W, H), (120, 160, 150), (86, 124, 120))
    easel.draw.polygon(((0, 980), (W, 900), (W, 960), (0, 1060)), fill=(228, 186, 70))
    for place in range(4):
        x = 160 + place * 450
        easel.draw.rounded_rectangle((x, 620, x + 300, 900), 18, fill=(70, 112, 160))
        easel.draw.rectangle((x + 40, 660, x + 180, 780), fill=(196, 230, 236))
        easel.draw.line(
            (x + 300, 700, x + 360, 560, x + 430, 640), fill=(236, 140, 50), width=30, joint="curve"
        )
        for lamp, colour in enumerate(((90, 196, 110), (240, 196, 80), (214, 80, 70))):
            easel.draw.ellipse((x + 210, 660 + lamp * 40, x + 238, 688 + lamp * 40), fill=colour)
    for x in (420, 960, 1500):
        easel.person(x + easel.luck.randrange(-60, 60), 1200, 300)


def hall(easel: Easel) -> None:
    """The service hall with its counters."""
    easel.shade((0, 0, W, 760), (232, 238, 242), (214, 224, 232))
    easel.draw.rectangle((0, 120, W, 230), fill=(44, 96, 158))
    easel.draw.rectangle((0, 226, W, 240), fill=(240, 190, 84))
    for x in range(80, W, 230):
        easel.draw.rounded_rectangle((x, 280, x + 170, 350), 10, fill=(30, 40, 60))
        easel.draw.line(
            (x + 20, 316, x + 20 + easel.luck.randrange(60, 130), 316), fill=(120, 230, 150), width=12
        )
        easel.person(x + 84, 690, 300)
        easel.draw.rectangle((x - 10, 400, x - 4, 640), fill=(196, 214, 226))
    easel.shade((0, 620, W, 800), (206, 170, 124), (168, 130, 90))
    easel.draw.rectangle((0, 608, W, 640), fill=(240, 240, 236))
    easel.shade((0, 800, W, H), (208, 214, 218), (176, 184, 192))
    for x in range(0, W, 240):
        easel.draw.line((x, 800, x * 2 - W // 2, H), fill=(190, 198, 206), width=4)
    for _ in range(6):
        easel.person(easel.luck.randrange(100, W - 100), easel.luck.randrange(1060, 1250), 380)


SCENES: dict[str, Callable[[Easel], None]] = {
    painter.__name__: painter
    for painter in (
        skyline, bridge, river, library, bus, park, hospital, classroom,
        market, field, heating, snow, road, factory, hall,
    )
}  # fmt: skip


@cache
def paint(scene: str, variant: int) -> bytes:
    """A scene as JPEG of SIZE; `scene` is a key of SCENES."""
    easel = Easel(f"{scene}/{variant}")
    SCENES[scene](easel)
    return easel.finish()


def named(name: str) -> bytes | None:
    """The picture of a name such as river-3.jpg, None where there is none."""
    found = _NAME.fullmatch(name)
    return paint(found.group(1), int(found.group(2))) if found and found.group(1) in SCENES else None
