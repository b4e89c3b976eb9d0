"""A picture of another site -> what the phone shows, in the octets that it takes."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from portal.http.pictures import MIMES, resized

MOST_PIXELS = 12_000_000
"""Of a picture that is unpacked: a small file can claim to be very large."""

SMALLEST_SIDE = 8
ENDINGS = {kind: ending for ending, kind in MIMES.items()}


class BadPicture(Exception):
    """This is no picture that can be read, or none that the phone can be given."""


def for_phone(
    body: bytes, kind: str, endings: Sequence[str], width: int, height: int, room: int
) -> tuple[str, bytes]:
    """The picture's media type and octets for this phone.

    kind           as it came           endings  formats that the phone shows, best first
    width, height  of its screen, px    room     octets
    returns        the picture as it came where the phone shows it so, else made anew and smaller
    raises         BadPicture
    """
    if (
        ENDINGS.get(kind, "") in endings
        and len(body) <= room
        and (kind == MIMES["wbmp"] or _fits(body, width))
    ):
        return kind, body
    if not endings:
        raise BadPicture("the phone shows no pictures")
    _check(body)
    across, down = width, height
    while min(across, down) >= SMALLEST_SIDE:
        for ending in endings:
            try:
                made = resized(body, across, down, ending)
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
                raise BadPicture(f"it cannot be read: {error}") from error
            if len(made) <= room:
                return MIMES[ending], made
        across, down = across * 3 // 4, down * 3 // 4
    raise BadPicture("it does not get small enough")


def _check(body: bytes) -> None:
    try:
        with Image.open(io.BytesIO(body)) as picture:
            width, height = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadPicture(f"it cannot be read: {error}") from error
    if width * height > MOST_PIXELS:
        raise BadPicture(f"{width}x{height} px are too many")


def _fits(body: bytes, width: int) -> bool:
    try:
        with Image.open(io.BytesIO(body)) as picture:
            return picture.width <= width
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
