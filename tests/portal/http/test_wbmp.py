"""WBMP: its octets, read back by netpbm, and what becomes of photographs and drawings."""

from __future__ import annotations

import random
import subprocess

import pytest
from PIL import Image, ImageDraw

from portal.http.wbmp import encode_wbmp


def read(octets: bytes) -> Image.Image:
    """The picture as netpbm reads it."""
    done = subprocess.run(["wbmptopbm"], input=octets, capture_output=True, check=True)
    kind, size, bits = done.stdout.split(b"\n", 2)
    assert kind == b"P4"
    width, height = map(int, size.split())
    return Image.frombytes("1", (width, height), bytes(octet ^ 255 for octet in bits))


def test_octets() -> None:
    picture = Image.new("L", (10, 2), 255)
    picture.putpixel((0, 0), 0)
    assert encode_wbmp(picture, 10, 2).hex() == "00000a02" + "7fc0" + "ffc0"


@pytest.mark.parametrize(("width", "header"), [(127, "7f"), (128, "8100"), (300, "822c")])
def test_sizes_are_multi_byte(width: int, header: str) -> None:
    octets = encode_wbmp(Image.new("RGB", (width, 1)), width, 1)
    assert octets.hex().startswith("0000" + header + "01")
    assert read(octets).size == (width, 1)


@pytest.mark.parametrize(
    ("size", "box", "fitted"),
    [((960, 640), (96, 65), (96, 64)), ((50, 40), (96, 65), (50, 40)), ((10, 3000), (96, 65), (1, 65)), ((3, 3), (0, 0), (1, 1))],
)  # fmt: skip
def test_pictures_keep_their_shape(
    size: tuple[int, int], box: tuple[int, int], fitted: tuple[int, int]
) -> None:
    assert read(encode_wbmp(Image.new("RGB", size, "grey"), *box)).size == fitted


def test_a_slope_of_grey_keeps_its_brightness() -> None:
    slope = Image.linear_gradient("L").rotate(90)
    bits = read(encode_wbmp(slope, 256, 256))
    shares = [
        bits.crop((left, 0, left + 32, 256))
        .convert("L")
        .resize((1, 1), Image.Resampling.BOX)
        .getpixel((0, 0))
        for left in range(0, 256, 32)
    ]
    expected = [left + 16 for left in range(0, 256, 32)]
    ordered = shares if shares[0] < shares[-1] else shares[::-1]
    assert all(abs(share - want) < 24 for share, want in zip(ordered, expected, strict=True))


def test_a_flat_grey_is_dithered_and_a_drawing_is_not() -> None:
    photograph = Image.new("L", (64, 64))
    noise = random.Random(7)
    photograph.putdata([noise.randrange(60, 200) for _ in range(64 * 64)])
    assert 0.3 < sum(read(encode_wbmp(photograph, 64, 64)).get_flattened_data()) / 255 / 64 / 64 < 0.7
    drawing = Image.new("L", (64, 64), 250)
    ImageDraw.Draw(drawing).rectangle((8, 8, 40, 40), fill=10)
    bits = read(encode_wbmp(drawing, 64, 64))
    assert bits.getbbox() == (0, 0, 64, 64)
    assert sum(bits.crop((8, 8, 41, 41)).get_flattened_data()) == 0
    assert sum(bits.crop((42, 42, 64, 64)).get_flattened_data()) == 255 * 22 * 22


def test_what_is_transparent_is_paper() -> None:
    picture = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert set(read(encode_wbmp(picture, 8, 8)).get_flattened_data()) == {255}
