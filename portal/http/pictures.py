"""Pictures in the sizes that editions ask for. Pure: bytes in, bytes out."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from portal.errors import NotFound
from portal.http.wbmp import encode_wbmp

MIMES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "wbmp": "image/vnd.wap.wbmp"}
"""Ending of the address -> type of the answer."""

MAX_SIDE = 1920
QUALITY = 72


def fitted(width: int, height: int, box_width: int, box_height: int) -> tuple[int, int]:
    """The size of a picture shrunk into a box with its shape kept; never enlarged, never below 1 px."""
    scale = min(1.0, box_width / max(1, width), box_height / max(1, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def resized(body: bytes, width: int, height: int, ending: str, *, cover: bool = False) -> bytes:
    """A picture shrunk into width x height px, in the format of `ending`.

    cover    fill the whole of width x height instead, cutting off what stands over
    raises   NotFound for an ending or a size that no edition asks for
    """
    if ending not in MIMES or not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise NotFound(f"no pictures of {width}x{height}.{ending}")
    with Image.open(io.BytesIO(body)) as opened:
        opened.draft("RGB", (width, height))
        picture = ImageOps.exif_transpose(opened)
        if ending == "wbmp":
            return encode_wbmp(picture, width, height)
        picture = picture.convert("RGB")
        if cover:
            picture = ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
        else:
            picture = picture.resize(fitted(*picture.size, width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if ending == "jpg":
        # Baseline, not progressive: the boxes and phones of the time read nothing else.
        picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    elif ending == "png":
        picture.quantize(64).save(out, "PNG", optimize=True)
    else:
        picture.quantize(64).save(out, "GIF", optimize=True)
    return out.getvalue()
