"""What a 70-year-old reads from the sofa: pages blurred as a weak eye has them, read by tesseract."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.async_api import Browser

from tests.browser import SCREENS
from tests.legible import ENOUGH, LINES, read, seen_from_the_sofa, sigma
from tests.rendered import Looked, Seen, look

pytestmark = pytest.mark.asyncio(loop_scope="module")
KNOWN = 0.9
"""What of a page the reader must be able to read at all, for its reading to mean something."""

PAGES = [
    ("web-hd", ""), ("web-hd", "c/310/2"), ("web-hd", "c/411/1/matter01"), ("ipanel-sd", "c/510/1/file0001"),
]  # fmt: skip


async def test_the_eye() -> None:
    """2.69 of 720 lines; the finest stripes keep a tenth of their contrast, stripes three times as wide most."""
    assert sigma() == pytest.approx(2.69, abs=0.01)
    for stripe, least, most in ((4, 0.06, 0.14), (12, 0.7, 1.0)):
        screen = Image.new("RGB", (1280, LINES), "#000000")
        for left in range(0, 1280, 2 * stripe):
            screen.paste("#ffffff", (left, 0, left + stripe, LINES))
        seen = seen_from_the_sofa(screen).crop((320, 320, 960, 400))
        dark, light = ((value / 255.0) ** 2.2 for value in seen.getextrema())  # type: ignore[operator]
        assert least < (light - dark) / (light + dark) < most


async def test_the_reader_fails_where_letters_are_small() -> None:
    """The same words at 18 px and at 36 px: a test that small letters pass would prove nothing."""
    lines = (
        "市图书馆新馆今天起试开放",
        "凭身份证或社保卡即可借阅",
        "少年儿童阅览区周末人多",
        "请提前一天在服务台预约",
    )
    shares = {}
    for px in (18, 36):
        font = ImageFont.truetype("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", px, index=2)
        screen = Image.new("RGB", (1280, LINES), "#0d1826")
        seen: list[Seen] = []
        for at, line in enumerate(lines):
            rect = [80.0, 80.0 * (at + 1), px * len(line), px * 1.5]
            ImageDraw.Draw(screen).text((rect[0], rect[1]), line, font=font, fill="#f1eee6")
            seen.append(Seen(what="", rect=rect, asked=rect, origin=[0, 0], text=rect, says=line, kind="w i"))
        png = io.BytesIO()
        screen.save(png, "PNG")
        shares[px] = (await asyncio.to_thread(read, png.getvalue(), Looked(seen, 1, False))).share
    assert shares[18] < 0.6 and shares[36] >= ENOUGH


@pytest.mark.parametrize(("edition", "path"), PAGES)
async def test_a_page_is_read_from_the_sofa(browser: Browser, portal: str, edition: str, path: str) -> None:
    """At least 95 of 100 characters right."""
    width, height = SCREENS[edition.rpartition("-")[2]]
    page = await browser.new_page(viewport={"width": width, "height": height})
    await page.goto(f"{portal}/tv/{edition}/{path}")
    reading = await asyncio.to_thread(read, await page.screenshot(), await look(page))
    await page.close()
    assert reading.count > max(40, KNOWN * reading.characters)
    assert reading.share >= ENOUGH, f"{reading.share:.3f}: {reading.missed}"
