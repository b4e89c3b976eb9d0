"""WBMP, the black-and-white picture of WAP 1.x phones (WAP-190, annex A). Pure: picture in, bytes out.

A phone's picture is about the size of a stamp, so detail is sharpened and contrast stretched before
it is dithered; drawings and characters, which have hardly any grey, are cut at a threshold instead,
because dithering would only fray their edges.
"""

from __future__ import annotations

from PIL import Image, ImageFilter, ImageOps

TYPE = b"\x00\x00"
"""Type 0 (no compression) and a fixed header without extensions."""

LINE_ART = 0.92
"""Share of nearly black or nearly white pixels from which a picture counts as a drawing."""

NEAR = 40
"""Grey levels, of 255, that still count as nearly black or nearly white."""


def encode_wbmp(picture: Image.Image, width: int, height: int) -> bytes:
    """A picture shrunk into width x height px, its shape kept, as WBMP.

    width, height  the box in px, at least 1; a smaller picture is not enlarged
    returns        header, multi-byte width and height, then rows of bits, 1 = white, each padded
                   to whole octets
    """
    grey = _on_white(picture)
    grey.thumbnail((max(1, width), max(1, height)), Image.Resampling.LANCZOS)
    bits = _two_tone(grey)
    return TYPE + _uintvar(bits.width) + _uintvar(bits.height) + bits.tobytes()


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture in grey; what is transparent becomes paper, not ink."""
    if "A" in picture.getbands() or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        paper = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(paper, rgba).convert("L")
    return picture.convert("L")


def _two_tone(grey: Image.Image) -> Image.Image:
    levels = grey.histogram()
    extreme = sum(levels[:NEAR]) + sum(levels[256 - NEAR :])
    if extreme >= LINE_ART * grey.width * grey.height:
        return grey.point(lambda level: 255 if level >= 128 else 0).convert("1")
    strong = ImageOps.autocontrast(grey, cutoff=1)
    sharp = strong.filter(ImageFilter.UnsharpMask(radius=1, percent=120, threshold=2))
    return sharp.convert("1", dither=Image.Dither.FLOYDSTEINBERG)


def _uintvar(value: int) -> bytes:
    """A multi-byte integer: 7 bits an octet, high first, top bit set on all but the last."""
    octets = [value & 0x7F]
    while value := value >> 7:
        octets.append(0x80 | value & 0x7F)
    return bytes(reversed(octets))
