"""Home and columns: what is numbered, and where the foot leads."""

from __future__ import annotations

from portal.model import Site
from portal.text import text
from tests import sample
from wap import pages
from wap.page import Line, Link
from wap.view import View

VIEW = View(text("zh-Hans"), "/wap", "2026-11-22", (("zh-Hans", "/wap"), ("en", "/wap/en")))
SITE = Site(id="s", name="青澜市阳光政务", columns=sample.COLUMNS)


def test_home_numbers_sections_then_news() -> None:
    heads = [sample.head_of(item) for item in sample.articles()[:8]]
    page = pages.home(VIEW, SITE, heads)
    links = [part for part in page.body if isinstance(part, Link)]
    assert [link.key for link in links] == [*"12345678", "", ""]
    assert links[1].note == "办证 社保 看病 水电 公交"
    assert links[-1] == Link("/wap/en/", "English")


def test_rows_of_a_column_are_numbered_and_lead_on() -> None:
    column = SITE.columns[0]
    below = SITE.children(column.id)
    page = pages.column(VIEW, SITE, column, below, [], 19, 2)
    assert [part.key for part in page.body if isinstance(part, Link)] == ["1", "2"]
    assert (page.address, page.at, page.of) == ("/wap/c/300/2", 2, 3)
    assert page.next is not None and page.next.href == "/wap/c/300/3"
    assert page.previous is not None and page.previous.href == "/wap/c/300"
    assert pages.column(VIEW, SITE, column, (), [], 0, 1).body == (Line("这里还没有内容。"),)
