"""Plans: what they show, how they look, and that each is an honest sketch."""

from __future__ import annotations

import io
from dataclasses import replace
from math import hypot

import pytest
from PIL import Image
from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient

from portal.local_redis import LocalRedis
from portal.maps.draw import THEMES, draw
from portal.maps.plan import (
    LARGEST,
    SMALLEST,
    Plan,
    Point,
    Spot,
    nearest,
    offset,
    plan,
    short,
    spot,
    street_of,
)
from portal.text import Text, text
from tests import guide_sample, sample
from tests.browser import serving

MIDDLE = Spot("m", "青澜市教育局", 117.63, 33.40, "学府路")


def beside(name: str, east: float, north: float, street: str = "") -> Spot:
    """A unit so many metres away."""
    return Spot(name, f"青澜市{name}", 117.63 + east / (111_320 * 0.83485), 33.40 + north / 111_320, street)


def test_positions() -> None:
    """What is no position has no spot."""
    assert spot("a", "n", "117.63,33.40", "青澜市学府路88号") == Spot("a", "n", 117.63, 33.40, "学府路")
    for wrong in ("", "x", "117.63", "200.0,33.4", "117.63,99.0", "1e9,3", "117.63;33.4"):
        assert spot("a", "n", wrong, "") is None
    at = offset(MIDDLE, beside("x", 300, -400))
    assert abs(at.east - 300) < 1 and abs(at.north + 400) < 1


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("青澜市滨江大道1号", "滨江大道"), ("青澜市云桥区槐安街88号", "槐安街"), ("建业大道168号创新大厦", "建业大道"),
        ("梧陵县梧桐路6号", "梧桐路"), ("镜月湖公园东门", ""), ("", ""), ("文澜街10号", "文澜街"),
    ],
)  # fmt: skip
def test_streets(address: str, street: str) -> None:
    assert street_of(address) == street


def test_what_a_plan_shows() -> None:
    """Neighbours that are apart, streets through the units that stand in them, and nothing invented."""
    spots = [
        MIDDLE, beside("next door", 20, 5, "学府路"), beside("图书馆", 400, 0, "学府路"), beside("体育馆", 410, 10),
        beside("医院", -300, 350, "康乐街"), beside("far", 9_000, 9_000, "远路"),
    ]  # fmt: skip
    made = plan(MIDDLE, spots)
    names = [name for name, _ in made.others]
    assert "图书馆" in names and "青澜市医院" in names and "体育馆" not in names and "far" not in names
    assert [street.name for street in made.streets] == ["学府路"]
    assert SMALLEST <= made.reach <= LARGEST
    (street,) = made.streets
    assert street.start.east < 0 < 400 < street.end.east and abs(street.start.north) < 30
    alone = plan(MIDDLE, [MIDDLE])
    assert (alone.streets, alone.others, alone.reach) == ((), (), SMALLEST * 1.25)


@pytest.mark.parametrize(
    ("east", "north", "direction"),
    [(0, 200, 4), (200, 0, 6), (0, -200, 0), (-200, 0, 2), (-150, -150, 1), (150, 150, 5)],
)
def test_directions(east: float, north: float, direction: int) -> None:
    """Where one is, seen from the neighbour."""
    found = nearest(MIDDLE, [MIDDLE, beside("x", east, north)])
    assert found is not None and found[2] == direction and abs(found[1] - hypot(east, north)) < 2


def test_names_as_people_say_them() -> None:
    assert (
        short("青澜市教育局") == "教育局" and short("国家税务总局青澜市税务局") == "国家税务总局青澜市税务局"
    )


@pytest.mark.parametrize(
    ("theme", "size", "ending"),
    [
        ("tv", (1152, 440), "png"),
        ("tv", (560, 330), "png"),
        ("wap", (232, 174), "gif"),
        ("wap", (120, 90), "wbmp"),
    ],
)
def test_the_picture(theme: str, size: tuple[int, int], ending: str) -> None:
    """Its pin is in the middle, its ground and roads have their colours, and no word leaves it."""
    spots = [
        MIDDLE,
        beside("图书馆", 400, 0, "学府路"),
        beside("医院", -300, 350, "康乐街"),
        beside("中心", -320, 100, "康乐街"),
    ]
    made = plan(MIDDLE, spots)
    octets = draw(made, *size, theme, ending, "示意图", "北")
    if ending == "wbmp":
        assert (
            octets[:4] == bytes((0, 0, size[0], size[1])) and len(octets) == 4 + (size[0] + 7) // 8 * size[1]
        )
        return
    image = Image.open(io.BytesIO(octets)).convert("RGB")
    assert image.size == size
    colours = {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in image.getcolors(1_000_000)}  # type: ignore[misc]
    inks = THEMES[theme]
    assert inks.ground in colours and len(octets) < 40_000
    box = image.crop(
        (
            size[0] // 2 - size[1] // 12,
            size[1] // 2 - size[1] // 12,
            size[0] // 2 + size[1] // 12,
            size[1] // 2 + size[1] // 12,
        )
    )
    marked = sum(count for count, colour in box.getcolors(100_000) or () if _near(colour, inks.mark))  # type: ignore[arg-type]
    assert marked > 20
    edge = [image.getpixel((x, y)) for x in range(size[0]) for y in (0, size[1] - 1)]
    words = [pixel for pixel in edge if _near(pixel, inks.word)]  # type: ignore[arg-type]
    assert len(words) == 0
    assert len(
        draw(
            Plan("很长的名字" * 20, 400, (), (("邻居" * 30, Point(100, 100)),)),
            *size,
            theme,
            ending,
            "示意图",
            "北",
        )
    )


def _near(colour: tuple[int, int, int], wanted: str) -> bool:
    return all(
        abs(have - int(wanted[at : at + 2], 16)) < 12 for have, at in zip(colour, (1, 3, 5), strict=True)
    )


async def test_served(redis_server: LocalRedis, redis_client: Redis) -> None:
    """In the sizes of screens; a unit without a position, and sizes of none, are not found."""
    await guide_sample.publish(redis_client)
    async with serving(redis_server.url, sample.SITE_ID) as (base, context):
        fetch = AsyncHTTPClient().fetch
        answer = await fetch(f"{base}/map/tv/unit01/560x330.en.png")
        assert answer.headers["Content-Type"] == "image/png" and answer.body.startswith(b"\x89PNG")
        assert "max-age" in answer.headers["Cache-Control"]
        for wrong in (
            "tv/unit01/9999x9999.png",
            "tv/unit01/10x10.png",
            "tv/matter01/320x240.png",
            "tv/nobody/320x240.png",
            "web/unit01/320x240.png",
        ):
            assert (await fetch(f"{base}/map/{wrong}", raise_error=False)).code == 404
        assert await context.places.beside("unit01", _text("zh-Hans")) == "在青澜市图书馆西边，约 350 米"
        assert await context.places.beside("unit01", _text("en")) == "About 350 m west of 青澜市图书馆"
        page = (await fetch(f"{base}/tv/web-hd/c/490/1/unit01/1")).body.decode()
        assert "约 350 米" in page or "下一屏" in page


def _text(tag: str) -> Text:
    return text(tag)


def test_others_do_not_cover_the_middle() -> None:
    """A name that finds no room is left out, not written over another."""
    crowd = [
        MIDDLE,
        *(beside(f"邻居{n}", 150 * (n % 5 - 2) or 150, 150 * (n // 5 - 2) or 150) for n in range(25)),
    ]
    made = plan(MIDDLE, crowd)
    assert len(made.others) <= 6
    assert draw(replace(made, reach=SMALLEST), 560, 330, "tv", "png", "示意图", "北")
