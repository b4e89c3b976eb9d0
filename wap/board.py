"""The supervision board on the phone: `/wap/b[/MONDAY]`."""

from __future__ import annotations

from collections.abc import Sequence

from portal.letters.board.blocks import blocks
from portal.letters.board.digest import Digest
from wap.items import parts_of
from wap.page import Line, Link, Page, Part
from wap.view import View, page_of


def address(view: View, week: str = "") -> str:
    """The address of a week; of this one where none is named."""
    return f"{view.base}/b/{week}" if week else f"{view.base}/b"


def board_page(view: View, found: Digest) -> Page:
    """A week's figures, with the weeks beside it."""
    t = view.text
    body: list[Part] = [Line(found.week, strong=True)]
    body += parts_of(view, blocks(found, t, large=False))
    body += _weeks(view, found)
    week = found.span.first.isoformat()
    up = Link(f"{view.base}/l", t.gettext("写信、查回信"))
    return page_of(view, found.title, found.title, address(view, week), body, up=up)


def _weeks(view: View, found: Digest) -> Sequence[Part]:
    t = view.text
    links = [Link(address(view, found.before), t.gettext("上一周"))]
    if found.after:
        links.append(Link(address(view, found.after), t.gettext("下一周")))
    return links
