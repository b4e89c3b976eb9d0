"""Pictures of the origin, made small and safe before they enter the mirror.

A picture is fetched like a page, opened by Pillow within limits, turned upright, scaled down to what
a television shows and written anew: what reaches a set-top box was encoded here.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from portal.errors import PortalError
from portal.store import Media

WIDEST, HIGHEST = 1280, 720
MOST_PIXELS = 40_000_000
SMALLEST = 40
"""Pixels: what is narrower or lower is an icon or a rule, not a picture of the text."""
LARGEST_PNG = 300_000
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
QUALITY = 82

# Pillow warns of a picture between one and two times this size and refuses above it; both end here.
Pillow.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Pillow.DecompressionBombWarning)


class BadPicture(PortalError):
    """These bytes are no picture that can be shown; the text says why."""


class Decoration(BadPicture):
    """A picture too small to be one: an icon, a line, a counter."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as the mirror keeps it, and the name of its bytes."""

    name: str
    media: Media


def prepare(body: bytes) -> Picture:
    """Check, turn, scale and encode a picture.

    body    as fetched      returns at most 1280 x 720, JPEG or PNG, named by its hash
    raises  BadPicture, Decoration
    """
    try:
        with Pillow.open(io.BytesIO(body), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise BadPicture(f"{opened.width} x {opened.height} pixels are too many")
            if min(opened.size) < SMALLEST:
                raise Decoration(f"{opened.width} x {opened.height} pixels: a decoration")
            source = opened.format or ""
            if source == "JPEG":
                opened.draft("RGB", (WIDEST, HIGHEST))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((WIDEST, HIGHEST), Pillow.Resampling.LANCZOS)
            mime, encoded, size = _encode(upright, source)
    except BadPicture:
        raise
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
        raise BadPicture(f"more than {MOST_PIXELS} pixels") from None
    except UnidentifiedImageError:
        raise BadPicture("no JPEG, PNG, GIF, WebP or BMP picture") from None
    except Exception as error:
        # Pillow's decoders raise OSError, ValueError, SyntaxError, struct.error and more on bad bytes.
        raise BadPicture(f"a broken picture: {type(error).__name__}: {str(error)[:120]}") from error
    name = hashlib.sha256(encoded).hexdigest()[:24]
    return Picture(name, Media(mime=mime, width=size[0], height=size[1], body=encoded))


def _encode(image: Pillow.Image, source: str) -> tuple[str, bytes, tuple[int, int]]:
    """(MIME type, bytes, size). Drawings stay PNG while they are small, the rest becomes JPEG."""
    if source in ("PNG", "GIF", "BMP"):
        plain = image if image.mode in ("L", "RGB", "RGBA", "P", "1") else image.convert("RGBA")
        out = io.BytesIO()
        plain.save(out, "PNG", optimize=False)
        if out.tell() <= LARGEST_PNG:
            return "image/png", out.getvalue(), image.size
    out = io.BytesIO()
    _on_white(image).save(out, "JPEG", quality=QUALITY, optimize=True)
    return "image/jpeg", out.getvalue(), image.size


def _on_white(image: Pillow.Image) -> Pillow.Image:
    """The picture without transparency."""
    if image.mode == "RGB":
        return image
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    ground = Pillow.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground
