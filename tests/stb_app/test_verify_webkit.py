"""The pages in an engine of 2016, Debian's QtWebKit: where things stand, what keys do, what is drawn."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from remote_nav.profile import PROFILES
from tests.rendered import LOOK, Looked, Seen, faults

pytestmark = pytest.mark.asyncio(loop_scope="module")
PATHS = [
    "", "c/310/2", "c/411/1/matter01", "h/news000", "h/news002/2", "c/510/1/file0001", "c/600/1/talk0001", "n/59",
    "c/411/1/matter01/1/q", "help", "c/999",
]  # fmt: skip
BOXES = [("ipanel-webkit-hd", "Key_Backspace"), ("dth-sd.large", "Key_Escape")]
FOCUS_COLOUR = (255, 233, 176)
PRESSES = 6


@dataclass(frozen=True)
class Told:
    """What the engine tells of one page."""

    address: str
    wrong: list[str]
    pressed: int
    picture: str
    looked: dict[str, object]


async def shown(portal: str, edition: str, back: str, folder: Path) -> list[Told]:
    """Every page in QtWebKit, which runs under the system's Python."""
    profile = PROFILES[edition.partition(".")[0]]
    asked = {
        "width": profile.width, "height": profile.height, "probe": LOOK, "presses": PRESSES, "folder": str(folder),
        "back": back, "pages": [f"{portal}/tv/{edition}/{path}" for path in PATHS],
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        "/usr/bin/python3", str(Path(__file__).with_name("qtwebkit.py")),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(folder)},
    )  # fmt: skip
    out, err = await process.communicate(json.dumps(asked).encode())
    missing = "python3-pyqt5.qtwebkit is missing: scripts/setup test installs it"
    assert b"No module named 'PyQt5" not in err, missing
    assert process.returncode == 0, err.decode()
    return [Told(**one) for one in json.loads(out)]


@pytest.mark.parametrize(("edition", "back"), BOXES)
async def test_an_older_engine_shows_and_steers_every_layout(
    portal: str, tmp_path: Path, edition: str, back: str
) -> None:
    """The same rectangles as the proof's, no word outside its place, keys that go where the table says, OK
    and Back, and the focus drawn as a light surface that fills its rectangle."""
    area = PROFILES[edition.partition(".")[0]].area
    told = await shown(portal, edition, back, tmp_path)
    assert len(told) == len(PATHS)
    assert sum(page.pressed for page in told) >= 3 * len(PATHS)
    found: list[str] = []
    for page in told:
        looked = Looked(**page.looked)  # type: ignore[arg-type]  # it comes as JSON
        assert len(looked.seen) > 3, page.address
        found += [f"{page.address}: {fault}" for fault in (*page.wrong, *faults(looked, area))]
        focused: Seen = next(one for one in looked.seen if " on" in one["kind"])
        found += [f"{page.address}: the focus is not drawn at {focused['rect']}"] * (
            not drawn(page.picture, focused["rect"])
        )
    assert not found, "\n".join(found[:12])


def drawn(picture: str, rect: list[float]) -> bool:
    """Whether the corners of a rectangle, and most of it, have the colour of the focus."""
    left, top, width, height = (round(value) for value in rect)
    with Image.open(picture) as screen:
        inside = screen.convert("RGB").crop((left, top, left + width, top + height))
    corners = [inside.getpixel((x, y)) for x in (width - 3,) for y in (2, height - 3)]
    counted = inside.getcolors(width * height) or []
    share = sum(count for count, colour in counted if colour == FOCUS_COLOUR) / (width * height)
    return all(colour == FOCUS_COLOUR for colour in corners) and share > 0.5
