"""The board as it is shown: pictures, paper, page, and that nothing of a letter or a person stands on it."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from portal.errors import NotFound
from portal.letters.board import bars
from portal.letters.board.blocks import blocks
from portal.letters.board.digest import MEASURES, digest
from portal.letters.board.figures import Board, Figures, Share, Span, week_of
from portal.letters.board.pdf import to_pdf
from portal.letters.model import Event, Kind, Role, Verb
from portal.letters.rules import Unit
from portal.text import LOCALES, text

from ..conftest import RULES, at, draft
from ..house import Browser, opened

NOW = at("2026-11-27 12:00")
SHARES = (Share(8, 10), Share(0, 7), Share(0, 0), Share(5, 5))
EVIL = "<b>&\"'{{7*7}}</b>\x00\u202e"


def some_board(**more) -> Board:
    figures = Figures(
        received=12, accepted=Share(8, 10), answered=Share(3, 7), satisfied=Share(2, 3), yellow=1
    )
    units = {"": Figures(received=1), "water": figures, "roads": figures}
    return Board(
        span=week_of(NOW.date()),
        total=figures,
        units=units,
        topics=(("water", 5),),
        waiting=4,
        overdue=1,
        **more,
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_a_pictures_name_says_all_that_stands_on_it(locale) -> None:
    name = bars.name(SHARES, locale)
    assert bars.parse(name) == (LOCALES.index(locale), SHARES)
    dark = bars.name(SHARES, locale, dark=True)
    assert bars.ground(bars.parse(dark)[0]) == (locale, True)
    assert bars.name([Share(70_000, 140_000)] * 4, locale)[5:13] == "7fffffff"


@pytest.mark.parametrize(
    "name", ["ba55", "ba550" + "f" * 31, "ba559" + "0" * 32, "ba550" + "0002" + "0001" + "0" * 24]
)
def test_a_name_that_says_nothing_is_no_picture(name) -> None:
    with pytest.raises(NotFound):
        bars.picture(name, 300, 100, "png")


@pytest.mark.parametrize(("ending", "kind"), [("png", "PNG"), ("jpg", "JPEG"), ("gif", "GIF")])
@pytest.mark.parametrize(("width", "height"), [(640, 216), (384, 130), (96, 40)])
def test_bars_are_as_long_as_their_shares(ending, kind, width, height) -> None:
    body = bars.picture(bars.name(SHARES, "zh-Hans"), width, height, ending)
    with Image.open(io.BytesIO(body)) as found:
        assert (found.format, found.size) == (kind, (width, height))
        picture = found.convert("RGB")
    lengths = []
    for at_row, fill in enumerate(bars.FILLS):
        y = round(height / 4 * (at_row + 0.5))
        row = [picture.getpixel((x, y)) for x in range(width)]
        lengths.append(sum(sum(abs(a - b) for a, b in zip(pixel, fill, strict=True)) < 60 for pixel in row))
    assert lengths[1] == lengths[2] == 0
    assert lengths[0] / lengths[3] == pytest.approx(0.8, abs=0.06)
    assert len(body) < 30_000


def test_a_phone_of_two_colours_gets_a_bitmap() -> None:
    body = bars.picture(bars.name(SHARES, "zh-Hans"), 96, 40, "wbmp")
    assert body[:4] == bytes((0, 0, 96, 40)) and len(body) == 4 + 12 * 40


@pytest.mark.parametrize(("width", "height", "ending"), [(5000, 10, "png"), (1, 1, "png"), (300, 100, "svg")])
def test_sizes_and_formats_that_nobody_asks_for(width, height, ending) -> None:
    with pytest.raises(NotFound):
        bars.picture(bars.name(SHARES, "en"), width, height, ending)


def words_of(pdf: bytes, tmp_path) -> str:
    path = tmp_path / "board.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True
    ).stdout.decode()


def test_the_paper_says_every_denominator_on_as_many_pages_as_it_takes(tmp_path) -> None:
    """And what a city calls its units stays text."""
    rules = replace(RULES, units=(Unit("water", EVIL + "很" * 200),))
    figures = Figures(received=1, answered=Share(1, 1))
    board = some_board()
    board = replace(board, units={**board.units, **{f"u{at}": figures for at in range(200, 290)}})
    t = text("zh-Hans")
    said = words_of(to_pdf(digest(board, rules, t, NOW), t, EVIL), tmp_path)
    for expected in ("8/10", "3/7", "2/3", "督办公示", "u200", "u289"):
        assert expected in said
    assert "{{7*7}}" in said and said.count("\f") >= 3


def test_an_empty_week_is_a_page_too() -> None:
    t = text("en")
    found = digest(Board(span=week_of(NOW.date()), total=Figures()), RULES, t, NOW)
    assert [measure.said for measure in found.total.measures] == ["–"] * len(MEASURES)
    assert to_pdf(found, t, "City").startswith(b"%PDF")
    assert blocks(found, t, large=False)


def test_the_blocks_say_what_the_pictures_show() -> None:
    t = text("zh-Hans")
    said = repr(blocks(digest(some_board(), RULES, t, NOW), t, large=False))
    for expected in ("8/10 80%", "3/7 43%", "水务局", "受理中心", "黄牌 1", "供水"):
        assert expected in said


async def test_nothing_of_a_letter_or_a_person_stands_on_the_board(client) -> None:
    async with opened(client) as house:
        one = draft(kind=Kind.REPORT, phrase="", text="有人收钱办证", name="张三丰", telephone="13912345678")
        number = (await house.letters.file(one, house.now)).number
        for verb, more in (
            (Verb.ACCEPT, {"unit": "water", "by": "anna"}),
            (Verb.ANSWER, {"note": "已经查实", "by": "wang"}),
        ):
            await house.letters.apply(number, Event(verb=verb, at=house.now, role=Role.ADMIN, **more))
        stranger = Browser(house.url)
        assert await stranger.get("/board/") == 200
        for secret in (number, "收钱", "张三", "13912345678", "查实", "anna", "wang"):
            assert secret not in stranger.text
        assert "1/1" in stranger.text
        assert not stranger.page.xpath("//script")
        for source in stranger.page.xpath("//img/@src"):
            assert await stranger.get(str(source)) == 200
        monday = week_of(house.now.date()).first
        assert await stranger.get(f"/board/{monday}.pdf") == 200
        assert stranger.answer.body.startswith(b"%PDF")


@pytest.mark.parametrize("path", ["2026-11-24", "2026-13-01", "1999-01-04", "9999-12-27", "2026-11-24.pdf"])
async def test_weeks_that_there_are_not(client, path) -> None:
    async with opened(client) as house:
        assert await Browser(house.url).get(f"/board/{path}") == 404


async def test_the_board_is_counted_once_a_minute(client) -> None:
    from portal.letters.board.cache import Weeks, this_week

    async with opened(client) as house:
        weeks = Weeks(house.letters)
        monday = this_week(house.now)
        first = await weeks.board(monday, house.now)
        await house.letters.file(draft(), house.now)
        assert await weeks.board(monday, house.now) is first
        later = await weeks.board(monday, house.now + timedelta(seconds=61))
        assert (first.total.received, later.total.received) == (0, 1)


def test_a_span() -> None:
    span = Span(NOW.date(), NOW.date())
    assert span.holds(NOW, NOW.tzinfo) and not span.holds(NOW + timedelta(days=1), NOW.tzinfo)
