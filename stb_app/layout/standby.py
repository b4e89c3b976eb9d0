"""Standby: the time and the city's name, dim, in another place each minute so that nothing burns in."""

from __future__ import annotations

from remote_nav.geometry import Rect
from stb_app.layout.frame import one_line
from stb_app.layout.look import Look
from stb_app.layout.view import Role, Target, View, font, words
from stb_app.system_pages import Standby

PLACES = 5
"""How many places the clock takes in turn, down the screen and across."""


def view(page: Standby, look: Look) -> View:
    """Place the clock; the whole screen is one link back, for boxes without script."""
    area = look.area
    _, huge, _ = font(look, Role.HUGE)
    _, quiet, _ = font(look, Role.QUIET)
    block = huge + 2 * quiet
    place = page.minute % PLACES / (PLACES - 1)
    top = area.top + (area.height - block) * place
    width = area.width * 0.75
    left = area.left + (area.width - width) * (1 - place)
    dim = [
        words(look, Role.HUGE, page.clock, left, top, width, align="center"),
        words(look, Role.QUIET, page.day, left, top + huge, width, align="center"),
        words(
            look, Role.QUIET, one_line(look, Role.QUIET, page.name, width), left, top + huge + quiet, width,
            align="center",
        ),
    ]  # fmt: skip
    rect = Rect(area.left, area.top, area.width, area.height)
    return View(
        title=page.name,
        look=look,
        section=None,
        targets=(Target("wake", rect, page.wake, page.name, tuple(dim), "dim"),),
        focus="wake",
        refresh=60,
        script="standby",
        data={"t": page.wake},
    )
