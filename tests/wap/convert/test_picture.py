"""Pictures of other sites, made for a phone."""

from __future__ import annotations

import io
import subprocess
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from wap.convert.picture import BadPicture, for_phone

WBMP = "image/vnd.wap.wbmp"


def picture(ending: str = "PNG", width: int = 400, height: int = 300) -> bytes:
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for step in range(0, width, 7):
        draw.line((0, 0, step, height), fill=(step % 255, 80, 200 - step % 200))
    out = io.BytesIO()
    image.save(out, ending)
    return out.getvalue()


@pytest.mark.parametrize("ending", ["PNG", "JPEG", "GIF", "BMP"])
def test_a_wbmp_phone_gets_wbmp(ending: str, tmp_path: Path) -> None:
    kind, body = for_phone(picture(ending), f"image/{ending.lower()}", ("wbmp",), 96, 64, 1_300)
    assert kind == WBMP
    assert len(body) <= 1_300
    file = tmp_path / "p.wbmp"
    file.write_bytes(body)
    read = subprocess.run(["wbmptopbm", str(file)], capture_output=True, check=True).stdout
    assert read.split()[:3] == [b"P4", b"85", b"64"]


def test_what_fits_stays_as_it_is() -> None:
    small = picture("GIF", 60, 40)
    assert for_phone(small, "image/gif", ("jpg", "gif"), 128, 128, 5_000) == ("image/gif", small)
    assert for_phone(b"\0\0\x08\x01\xff", WBMP, ("wbmp",), 96, 64, 1_300) == (WBMP, b"\0\0\x08\x01\xff")


@pytest.mark.parametrize("room", [900, 2_000, 10_000])
def test_it_gets_smaller_until_it_fits(room: int) -> None:
    kind, body = for_phone(picture("PNG", 800, 600), "image/png", ("jpg",), 240, 320, room)
    assert kind == "image/jpeg"
    assert len(body) <= room
    with Image.open(io.BytesIO(body)) as made:
        assert made.width <= 240


def bomb() -> bytes:
    """A PNG that says it is 60,000 px wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    size = (60_000).to_bytes(4, "big")
    header = chunk(b"IHDR", size + size + b"\x08\x00\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1_000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("body", "kind", "endings", "room"),
    [
        (b"no picture", "image/png", ("wbmp",), 1_300),
        (picture()[:200], "image/png", ("wbmp",), 1_300),
        (bomb(), "image/png", ("wbmp",), 1_300),
        (picture(), "image/png", (), 1_300),
        (picture(), "image/png", ("jpg",), 100),
        (b"<svg/>", "image/svg+xml", ("wbmp",), 1_300),
    ],
)
def test_what_cannot_be_shown(body: bytes, kind: str, endings: tuple[str, ...], room: int) -> None:
    with pytest.raises(BadPicture):
        for_phone(body, kind, endings, 96, 64, room)
