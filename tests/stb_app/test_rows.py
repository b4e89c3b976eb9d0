"""Rows of a list: which words stay where the screen is narrow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stb_app.layout.look import HD, SD, Look
from stb_app.layout.rows import view
from stb_app.layout.view import Words
from stb_app.pages import Link, Rows

LONG = Link("a", "关于拟批准市第二人民医院新门诊楼项目环境影响报告表的公示", "/a", "1", "11月29日 截止")
PAGE = Rows("快到期的", None, "", 1, 1, (LONG,), "/", "", "", (), back_label="返回")


def said(link: Link, look: Look) -> dict[str, Words]:
    """The words of the row while another has the focus."""
    row = next(target for target in view(replace(PAGE, rows=(link,)), look).targets if target.id == "a")
    words = [part for part in row.parts if isinstance(part, Words) and part.when != "focus"]
    return {"".join(span.text for line in part.lines for span in line): part for part in words}


@pytest.mark.parametrize(
    ("noted", "look", "stays"), [(False, HD, True), (True, HD, True), (False, SD, False), (True, SD, True)]
)
def test_what_the_list_is_about_stays(noted: bool, look: Look, stays: bool) -> None:
    """A long title takes the room of a note on a small screen, but for a list of ends: when, and of what."""
    parts = said(replace(LONG, noted=noted), look)
    assert (LONG.note in parts) == stays
    title = next(part for text, part in parts.items() if text.startswith("关于拟批准市"))
    assert not stays or title.rect.right <= parts[LONG.note].rect.left
