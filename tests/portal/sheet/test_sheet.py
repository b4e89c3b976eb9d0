"""明白纸: what a sheet says, how it stands on paper, and as a page."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html
from redis.asyncio import Redis

from portal.dial import item_target
from portal.fonts import NoFont
from portal.hant import in_hant
from portal.local_redis import LocalRedis
from portal.model import Field, Matter, Site, Unit
from portal.settings import PROJECT
from portal.sheet.__main__ import main
from portal.sheet.make import Mark, Sheet, make
from portal.sheet.page import to_html
from portal.sheet.pages import BOTTOM, MOST_PAGES, SMALLEST, TOP, Kind, broken, layout
from portal.sheet.pdf import to_pdf
from portal.text import text
from tests import sample

HANS = text("zh-Hans")
SITE = Site(id="s", name="青澜市", columns=(), checked=1_795_320_000.0, names=(Field("en", "Qinglan"),))
MATTER = next(item for item in sample.items() if isinstance(item, Matter))
UNIT = next(item for item in sample.items() if isinstance(item, Unit))


def em(words: str) -> float:
    """Chinese is one em wide, Latin a half."""
    return sum(0.5 if character.isascii() else 1.0 for character in words)


def sheet_of(matter: Matter = MATTER, tag: str = "zh-Hans", unit: Unit | None = None) -> Sheet:
    return make(SITE, matter, text(tag), today="2026-11-23", number="2001", unit=unit)


def read(pdf: bytes, tmp_path: Path) -> str:
    """The words of a PDF, as a reader program finds them."""
    file = tmp_path / "sheet.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_what_it_says() -> None:
    """Everyday names, what to bring as boxes, all rows that are known, both dates."""
    sheet = sheet_of()
    assert sheet.names == "又叫 驾照换证、驾照" and "2001" in sheet.number
    assert sheet.bring is not None and sheet.bring.mark is Mark.BOX and len(sheet.bring.lines) == 4
    assert [row.label for row in sheet.rows] == [
        "到哪里办", "什么时候", "怎么去", "打电话", "收费", "多久办好", "谁来办"
    ]  # fmt: skip
    assert [(part.title, part.mark) for part in sheet.after] == [
        ("什么人能办", Mark.NONE),
        ("怎么办", Mark.NUMBER),
    ]
    assert "2026年11月23日" in sheet.dates and "2026年11月22日" in sheet.dates and "青澜市" in sheet.dates
    assert sheet.address == "http://o/m1" and "12345" in sheet.help
    assert "Qinglan" in sheet_of(tag="en").dates


def test_the_unit_says_what_the_matter_does_not() -> None:
    """Address, hours, telephone and bus route; what nobody knows has no row."""
    bare = replace(
        MATTER, place="", hours="", telephone="", bus_route="", fee="", promised_limit="", legal_limit=""
    )
    values = {row.label: row.value for row in sheet_of(bare, unit=UNIT).rows}
    assert values == {
        "到哪里办": UNIT.address, "什么时候": UNIT.hours, "怎么去": UNIT.bus_route, "打电话": UNIT.telephone,
        "谁来办": "市公安局车辆管理所",
    }  # fmt: skip
    empty = make(SITE, Matter(id="x", url="javascript:1", title="事"), HANS, today="2026-11-23")
    assert (empty.rows, empty.after, empty.bring, empty.address, empty.number, empty.names) == (
        (),
        (),
        None,
        "",
        "",
        "",
    )
    assert len(layout(empty, em).pages) == 1


def test_lines_break_where_chinese_breaks() -> None:
    """Numbers and words whole, no closing mark first and no opening one last; too long a word is cut."""
    lines = list(broken("电话 0999-5550166，请先打（周一至周五）。", 8, em))
    assert "".join(line.replace(" ", "") for line in lines) == "电话0999-5550166，请先打（周一至周五）。"
    assert any("0999-5550166，" in line for line in lines)
    assert not any(line[0] in "，。）" or line[-1] in "（" for line in lines)
    assert all(em(line) <= 8 for line in lines)
    assert [len(line) for line in broken("x" * 40, 8, em)] == [16, 16, 8]
    assert list(broken("一\n\n二  ", 8, em)) == ["一", "二"]


@pytest.mark.parametrize("times", [1, 2, 9, 60])
def test_as_large_as_it_fits(times: int) -> None:
    """One page while 12 points do; then several, no band below the foot, none lost, no heading last."""
    long = replace(
        MATTER, materials=MATTER.materials * times, steps=tuple(each * times for each in MATTER.steps)
    )
    found = layout(sheet_of(long), em)
    assert found.size >= SMALLEST
    assert (len(found.pages) == 1) == (times <= 2)
    if len(found.pages) > 1:
        assert found.size == SMALLEST
    for page in found.pages:
        assert page[0].y >= TOP and page[-1].y + page[-1].band.height <= BOTTOM
        assert page[-1].band.kind is not Kind.HEADING
        for above, below in pairwise(page):
            assert above.y + above.band.height <= below.y
    boxes = sum(placed.band.boxed for page in found.pages for placed in page)
    assert boxes == 4 * times


def test_what_never_ends_ends() -> None:
    """A step of a hundred thousand characters fills the pages there are, and no more."""
    found = layout(sheet_of(replace(MATTER, steps=("很长" * 50_000,))), em)
    assert len(found.pages) == MOST_PAGES


@pytest.mark.parametrize("tag", ["zh-Hans", "zh-Hant", "en"])
def test_the_pdf(tag: str, tmp_path: Path) -> None:
    """One page of A4 whose words can be searched and copied, and which carries its letters."""
    matter = in_hant(MATTER) if tag == "zh-Hant" else MATTER
    pdf = to_pdf(sheet_of(matter, tag), tag)
    assert pdf.startswith(b"%PDF-") and pdf.count(b"/Type /Page\n") == 1 and b"/FontFile" in pdf
    assert len(pdf) < 120_000
    words = read(pdf, tmp_path)
    for said in (matter.title, *matter.materials, *matter.steps, matter.telephone, "2001", "12345"):
        assert said in words
    assert {"zh-Hans": "带了就打勾", "zh-Hant": "2026年11月23日", "en": "23 Nov 2026"}[tag] in words


def test_several_pages_are_numbered(tmp_path: Path) -> None:
    """Each says which it is, of how many."""
    pdf = to_pdf(sheet_of(replace(MATTER, materials=MATTER.materials * 20)), "zh-Hans")
    pages = read(pdf, tmp_path).split("\f")[:-1]
    assert len(pages) > 1
    for at, page in enumerate(pages, 1):
        assert f"第 {at} 页，共 {len(pages)} 页" in page


def test_the_page() -> None:
    """The same as a page; text of the origin is text, and a code is drawn for an address that is one."""
    nasty = replace(MATTER, title="<b>&事", materials=("<script>",))
    page = html.fromstring(to_html(sheet_of(nasty), HANS, "/p/123456.pdf"))
    assert page.findtext(".//h1") == "<b>&事" and not page.findall(".//script")
    assert page.xpath("//ul[@class='box']/li/text()") == ["<script>"]
    assert page.xpath("//p[@class='bar']/a/@href") == ["/p/123456.pdf"]
    assert page.xpath("//*[local-name()='svg']")
    without = html.fromstring(to_html(sheet_of(replace(MATTER, url="http://o/" + "x" * 500)), HANS))
    assert not without.xpath("//*[local-name()='svg']") and not without.xpath("//p[@class='bar']/a")
    assert to_pdf(sheet_of(replace(MATTER, url="http://o/" + "x" * 500)), "zh-Hans")


async def test_the_command(
    redis_client: Redis, redis_server: LocalRedis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """By id, by dial number, as PDF and as a page; what is missing is said."""
    await sample.publish(redis_client)
    number = (await redis_client.hget("sg:{sample}:numbered", item_target("matter01")) or b"").decode()
    site_file = tmp_path / "site.toml"
    site_file.write_text(f'[site]\nid = "{sample.SITE_ID}"\n')
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    monkeypatch.setenv("SITE", str(site_file))

    async def run(*arguments: str) -> tuple[int, str, str]:
        status = await asyncio.to_thread(main, arguments)
        return status, *capsys.readouterr()

    out = tmp_path / "out.pdf"
    command = [sys.executable, "-m", "portal.sheet", "matter01", "-o", str(out)]
    done = await asyncio.to_thread(subprocess.run, command, cwd=PROJECT, check=False)
    assert done.returncode == 0 and out.read_bytes().startswith(b"%PDF-")
    status, page, _ = await run(number, "--locale", "en")
    assert status == 0 and "<h1>机动车驾驶证期满换证</h1>" in page and number in page
    for unknown in ("nothing", "news001", "123456", "310"):
        status, _, said = await run(unknown)
        assert status == 1 and said.startswith("portal.sheet: "), unknown
    status, _, said = await run("matter01", "-o", str(out), "--font", str(site_file))
    assert status == 1 and "cannot be used as a font" in said


def test_no_font(tmp_path: Path) -> None:
    """It is named."""
    with pytest.raises(NoFont):
        to_pdf(sheet_of(), "zh-Hans", tmp_path / "missing.ttc")
