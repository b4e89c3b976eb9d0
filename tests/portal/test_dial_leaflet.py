"""The leaflet of short numbers, as a page and as a PDF, and its command."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html
from redis.asyncio import Redis

from portal import dial, dial_leaflet, dial_leaflet_pdf, fonts
from portal.dial_leaflet import make, to_html
from portal.dial_leaflet_pdf import Line, _poured, to_pdf
from portal.fonts import NoFont
from portal.local_redis import LocalRedis
from portal.model import Field, Head, Kind, Site
from portal.settings import PROJECT
from portal.text import text
from tests import sample

HANS = text("zh-Hans")
SITE = Site(id="s", name="青澜<市>", columns=sample.COLUMNS, names=(Field("en", "Qinglan"),))
HEADS = [
    Head(id=f"m{at}", kind=Kind.MATTER, title=f"机动车驾驶证换证{at}", note="驾照、换证" * 4)
    for at in range(99)
]
NUMBERS = {dial.item_target(f"m{at}"): str(2001 + at) for at in range(1, 99)}


def test_all_columns_and_the_numbered_matters() -> None:
    """Every column with its number, groups with what is below them, matters that have a number."""
    leaflet = make(SITE, NUMBERS, HEADS, HANS)
    shown = [
        (entry.number, entry.name)
        for block in leaflet.blocks
        for group in block.groups
        for entry in group.entries
    ]
    assert [block.number for block in leaflet.blocks] == ["300", "400", "500", "600"]
    assert ("310", "要闻") in shown and ("411", "驾照车辆") in shown
    services = leaflet.blocks[1]
    assert [(group.name, group.number) for group in services.groups] == [("", ""), ("个人办事", "410")]
    assert len(leaflet.matters) == dial_leaflet.MATTERS and leaflet.matters[0].number == "2002"
    assert make(SITE, {}, HEADS, HANS).matters == ()


def test_the_page() -> None:
    """A page of text: names are escaped, every number stands in it."""
    page = html.fromstring(to_html(make(SITE, NUMBERS, HEADS, HANS), HANS))
    assert page.findtext(".//h1") == "青澜<市>号码表"
    numbers = [each.text for each in page.findall(".//li/b")]
    assert {"310", "320", "411", "490", "510", "2002"} <= set(numbers)
    assert "大家常办" not in to_html(make(SITE, {}, (), HANS), HANS)


def test_the_pdf() -> None:
    """Two sides of A4, with a font of its own inside; English, too, and a city without anything."""
    pdf = to_pdf(make(SITE, NUMBERS, HEADS, HANS), "zh-Hans")
    assert pdf.startswith(b"%PDF-") and pdf.count(b"/Type /Page\n") == 2 and b"/FontFile" in pdf
    assert to_pdf(make(SITE, NUMBERS, HEADS, text("en")), "en").startswith(b"%PDF-")
    assert to_pdf(make(Site(id="s", name="空", columns=()), {}, (), HANS), "zh-Hans").startswith(b"%PDF-")


def test_lines_are_poured_whole() -> None:
    """Nothing stands below the margin, nothing is lost, no heading stands alone at the foot of a column."""
    lines = [Line(level, "1", "x", "news") for _ in range(12) for level in (0, 1, *[2] * 9)]
    stood = _poured(lines, 3, 1.0)
    assert [at.line for at in stood] == lines
    assert all(at.y + at.line.height <= dial_leaflet_pdf.BOTTOM for at in stood)
    for at, following in pairwise(stood):
        if at.line.level < 2:
            assert (at.side, at.column) == (following.side, following.column)


def test_no_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is no font, one that is not there, and a machine without any."""
    leaflet = make(SITE, NUMBERS, HEADS, HANS)
    bad = tmp_path / "x.ttf"
    bad.write_bytes(b"no font")
    for path in (bad, tmp_path / "missing.ttc"):
        with pytest.raises(NoFont, match="cannot be used as a font"):
            to_pdf(leaflet, "zh-Hans", path)
    monkeypatch.setattr(fonts, "PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoFont, match="fonts-noto-cjk"):
        to_pdf(leaflet, "zh-Hans")


async def test_the_command(
    redis_client: Redis, redis_server: LocalRedis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """HTML on standard output, a PDF in a file; what is missing is said."""
    site_file = tmp_path / "site.toml"
    site_file.write_text(f'[site]\nid = "{sample.SITE_ID}"\n')
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    monkeypatch.setenv("SITE", str(site_file))

    async def run(*arguments: str) -> tuple[int, str, str]:
        status = await asyncio.to_thread(dial_leaflet.main, arguments)
        return status, *capsys.readouterr()

    status, _, said = await run("leaflet")
    assert status == 1 and "nothing has been published" in said
    await sample.publish(redis_client)
    # As an operator calls it.
    command = [sys.executable, "-m", "portal.dial", "leaflet"]
    page = await asyncio.to_thread(
        subprocess.run, command, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert page.returncode == 0 and "<li><b>2001</b>" in page.stdout and "青澜市阳光政务号码表" in page.stdout
    out = tmp_path / "numbers.pdf"
    status, _, said = await run("leaflet", "-o", str(out), "--locale", "zh-Hant")
    assert status == 0 and out.read_bytes().startswith(b"%PDF-") and "3 matters" in said
    status, _, said = await run("leaflet", "-o", str(out), "--font", str(site_file))
    assert status == 1 and "numbers.html" in said
    with pytest.raises(SystemExit, match="2"):
        await run("nothing")
