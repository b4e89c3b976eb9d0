"""Pictures become small and safe, or one named error."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from content_sync.media import BadPicture, Decoration, prepare


def encoded(
    size: tuple[int, int], form: str, mode: str = "RGB", noisy: bool = False, **more: object
) -> bytes:
    image = Image.effect_noise(size, 80).convert(mode) if noisy else Image.new(mode, size, 128)
    out = io.BytesIO()
    image.save(out, form, **more)  # type: ignore[arg-type]  # options differ by format
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "mode", "size", "mime", "after"),
    [
        ("JPEG", "RGB", (2000, 1000), "image/jpeg", (1280, 640)),
        ("JPEG", "CMYK", (400, 900), "image/jpeg", (320, 720)),
        ("JPEG", "L", (300, 200), "image/jpeg", (300, 200)),
        ("PNG", "RGBA", (300, 200), "image/png", (300, 200)),
        ("PNG", "P", (1600, 200), "image/png", (1280, 160)),
        ("PNG", "I;16", (100, 100), "image/png", (100, 100)),
        ("GIF", "P", (100, 100), "image/png", (100, 100)),
        ("BMP", "RGB", (100, 100), "image/png", (100, 100)),
        ("WEBP", "RGB", (100, 100), "image/jpeg", (100, 100)),
    ],
)
def test_every_format_is_written_anew(
    form: str, mode: str, size: tuple[int, int], mime: str, after: tuple[int, int]
) -> None:
    picture = prepare(encoded(size, form, mode))
    media = picture.media
    assert (media.mime, (media.width, media.height)) == (mime, after)
    with Image.open(io.BytesIO(media.body)) as opened:
        assert opened.size == after
    assert picture.name == prepare(encoded(size, form, mode)).name


def test_a_large_drawing_becomes_a_jpeg_on_white() -> None:
    assert prepare(encoded((900, 700), "PNG", "RGBA", noisy=True)).media.mime == "image/jpeg"


def test_a_photograph_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    media = prepare(encoded((300, 200), "JPEG", exif=exif)).media
    assert (media.width, media.height) == (200, 300)
    with Image.open(io.BytesIO(media.body)) as opened:
        assert not opened.getexif()


def test_icons_are_decoration() -> None:
    with pytest.raises(Decoration):
        prepare(encoded((600, 8), "PNG"))


def _bomb(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(7000, 7000), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
def test_bombs_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(BadPicture, match="pixels"):
        prepare(_bomb(*size))


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>404</html>", b"GIF89a", b"\xff\xd8\xff\xe0", encoded((300, 200), "JPEG", noisy=True)[:2000],
     encoded((300, 200), "PNG", noisy=True)[:500], b"%!PS-Adobe-3.0 EPSF-3.0\n", b"II*\0" + b"\xff" * 60],
)  # fmt: skip
def test_what_is_no_picture(body: bytes) -> None:
    with pytest.raises(BadPicture):
        prepare(body)
