"""The supervision board on a television: every screen proved, every picture large enough to read."""

from __future__ import annotations

import pytest

from portal.letters.board.digest import digest
from portal.letters.board.figures import Board, Figures, Share, week_of
from portal.letters.rules import Rules, Unit
from portal.model import Site
from portal.text import LOCALES, text
from remote_nav.graph import focus_graph
from remote_nav.proof import prove
from stb_app.address import Edition, Place
from stb_app.board import board_document
from stb_app.layout import document
from stb_app.layout.look import HD, HD_LARGE, SD, SD_LARGE, Look
from stb_app.layout.view import Picture
from stb_app.pages import Scene
from tests.portal.letters.conftest import at

NOW = at("2026-11-27 12:00")
FIGURES = Figures(received=12, accepted=Share(8, 10), answered=Share(3, 7), satisfied=Share(2, 3), yellow=2)
RULES = Rules(units=tuple(Unit(f"u{at}", f"第{at}街道办事处和便民服务中心") for at in range(12)))


def board(units: int, *, old: bool = False) -> Board:
    span = week_of(at("2026-11-10 12:00").date() if old else NOW.date())
    names = {f"u{number}": FIGURES for number in range(units)}
    return Board(
        span=span, total=FIGURES if units else Figures(), units=names, topics=(("water", 5),) if units else ()
    )


def scene(locale: str) -> Scene:
    edition = Edition("web-hd", locale)
    site = Site(id="t", name="城", columns=())
    return Scene(edition, Place(), site, text(locale), "2026-11-27", "12:00")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("look", [HD, HD_LARGE, SD, SD_LARGE], ids=["hd", "hd-large", "sd", "sd-large"])
@pytest.mark.parametrize(("units", "old"), [(0, False), (1, True), (12, False)])
def test_every_screen_is_proved(look: Look, locale: str, units: int, old: bool) -> None:
    t = text(locale)
    found = digest(board(units, old=old), RULES, t, NOW)
    screens = 1
    number = 1
    while number <= screens:
        view = document.view(board_document(scene(locale), found, number), look)
        boxes = [target.box for target in view.targets]
        proof = prove(boxes, focus_graph(boxes), area=look.area, start=view.focus)
        assert proof.ok, proof.text
        for part in view.parts:
            if isinstance(part, Picture):
                # A row of bars is as high as a line of text, or nobody reads it from a sofa.
                rows = 4 if part.media.startswith("ba55") else min(6, units - 6 * int(part.media[-1]))
                assert part.rect.height / rows >= look.quiet * 1.2, (part.media, part.rect)
                assert part.rect.width >= look.area.width * 0.6
        assert ("after" in {target.id for target in view.targets}) is old
        assert view.back == "/tv/web-hd/l?f=board" or locale != "zh-Hans"
        screens = max(screens, *(int(part) for part in _screens(view)))
        number += 1
    assert screens <= 40


def _screens(view) -> list[str]:
    """The screens that a view leads to."""
    found = [target.href.rpartition("/")[2].partition("?")[0] for target in view.targets]
    return ["1", *(each for each in found if each.isdigit())]
