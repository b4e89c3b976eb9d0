"""Which picture a phone gets: format, size on its screen, address. Pure."""

from __future__ import annotations

from wap.device import Device, Markup
from wap.page import Picture

MARGIN = 8
"""Pixels of a colour screen's width that a browser keeps for itself (scroll bar, margin)."""

WIDEST = 320
"""Pixels: beyond this a page's pictures would outweigh the 20 kB that W3C mobileOK allows it."""

SHAPE = (4, 3)
"""Taken for a picture whose size the origin does not state."""


def size_on(picture: Picture, device: Device) -> tuple[int, int]:
    """The box in px into which the picture is shrunk: the screen's width, two thirds of its height."""
    margin = 0 if device.markup is Markup.WML else MARGIN
    across = min(WIDEST, device.width - margin)
    down = max(16, device.height * 2 // 3)
    width, height = picture.width or SHAPE[0] * 100, picture.height or SHAPE[1] * 100
    scale = min(1.0, across / width, down / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def address_of(picture: Picture, device: Device) -> str:
    """Where the phone fetches the picture, "" where it shows none."""
    if not device.images or not picture.media:
        return ""
    width, height = size_on(picture, device)
    return f"/media/{picture.media}/{width}x{height}.{device.images[0]}"
