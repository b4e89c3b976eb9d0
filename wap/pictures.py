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


PLANS = "/map/wap/"
"""How the address of a drawn plan begins; it is drawn in the size that is asked for."""

PLAN_FORMATS = ("png", "gif", "wbmp")
NARROWEST_PLAN = 120
"""Pixels below which no name on a plan can be read: the sentence above it has to do."""


def size_on(picture: Picture, device: Device) -> tuple[int, int]:
    """The box in px into which the picture is shrunk: the screen's width, two thirds of its height."""
    margin = 0 if device.markup is Markup.WML else MARGIN
    across = min(WIDEST, device.width - margin)
    if picture.media.startswith(PLANS):
        # A plan is as wide as the screen and nearly as high: its words do not shrink with it.
        return max(40, across), max(40, min(device.height, across * 3 // 4))
    down = max(16, device.height * 2 // 3)
    width, height = picture.width or SHAPE[0] * 100, picture.height or SHAPE[1] * 100
    scale = min(1.0, across / width, down / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def address_of(picture: Picture, device: Device) -> str:
    """Where the phone fetches the picture, "" where it shows none."""
    if not device.images or not picture.media:
        return ""
    width, height = size_on(picture, device)
    if picture.media.startswith(PLANS):
        fits = device.width >= NARROWEST_PLAN
        ending = next((each for each in device.images if fits and each in PLAN_FORMATS), "")
        return f"{picture.media}/{width}x{height}.{ending}" if ending else ""
    return f"/media/{picture.media}/{width}x{height}.{device.images[0]}"
