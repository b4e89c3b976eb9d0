"""The supervision board on a phone: decks that fit, every share in words beside its picture."""

from __future__ import annotations

import pytest

from portal.letters.board.digest import digest
from portal.text import LOCALES, text
from tests.stb_app.test_board import NOW, RULES, board
from wap.board import address, board_page
from wap.device import recognise
from wap.page import Line, Picture
from wap.pictures import address_of
from wap.split import decks, measure
from wap.view import View

WML = recognise({"User-Agent": "Nokia7110/1.0", "Accept": "text/vnd.wap.wml, image/vnd.wap.wbmp"})


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("units", [0, 12])
def test_a_week_in_decks(locale: str, units: int) -> None:
    t = text(locale)
    view = View(t, "/wap", "2026-11-27")
    page = board_page(view, digest(board(units), RULES, t, NOW))
    made = decks(page, WML)
    assert made and all(measure(deck, WML) <= WML.deck_bytes for deck in made)
    said = "\n".join(part.text for part in page.body if isinstance(part, Line))
    if units:
        for share in ("8/10 80%", "3/7 43%", "2/3 67%"):
            assert share in said
    pictures = [part for part in page.body if isinstance(part, Picture)]
    assert len(pictures) == (1 if not units else 5)
    for each in pictures:
        assert address_of(each, WML).endswith(".wbmp")
    assert address(view, "2026-11-16") in {getattr(part, "href", "") for part in page.body}
