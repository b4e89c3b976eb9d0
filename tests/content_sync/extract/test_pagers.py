"""The other pages of a list, in the pager of several systems."""

from __future__ import annotations

import pytest

from content_sync.extract.pagers import other_pages, page_count, total_of
from tests.content_sync.extract.helpers import look

BASE = "http://q.example/xw/index.html"


def links(*pairs: tuple[str, str]) -> str:
    return "".join(f"<a href='{href}'>{text}</a>" for text, href in pairs)


@pytest.mark.parametrize(
    ("markup", "pages"),
    [
        ('<script>createPageHTML(4,0,"index","html")</script>', ["index_1.html", "index_2.html", "index_3.html"]),
        ("<script>createPageHTML(3, 1, 'index', 'shtml');</script>", ["index.shtml", "index_2.shtml"]),
        ("<script>createPageHTML('page-div',2,0,'list','htm',40);</script>", ["list_1.htm"]),
        ("<script>Pager({size:3, current:0, prefix:'index',suffix:'html'});</script>", ["index_1.html", "index_2.html"]),
        ('<script>createPageHTML(1,0,"index","html")</script>', []),
        # numbered links with a gap that the rest shows how to fill
        (
            "<p>共80条 第1/5页</p>" + links(("2", "list_2.html"), ("3", "list_3.html"), ("尾页", "list_5.html")),
            ["list_2.html", "list_3.html", "list_4.html", "list_5.html"],
        ),
        # VSB counts down
        (
            "<p>共5页</p>" + links(("2", "index/4.htm"), ("3", "index/3.htm"), ("尾页", "index/1.htm")),
            ["index/4.htm", "index/3.htm", "index/2.htm", "index/1.htm"],
        ),
        (links(("下一页", "list.asp?lb=1&page=2")), ["list.asp?lb=1&page=2"]),
        (
            links(("首页", "/"), ("要闻", "/yw/")) + "<i></i>" * 50 + links(("首页", "l1.htm"), ("2", "l2.htm"), ("下一页", "l2.htm")),
            ["l1.htm", "l2.htm"],
        ),
        (links(("2", "javascript:goto(2)"), ("3", "http://elsewhere.example/3.html")), []),
    ],
)  # fmt: skip
def test_other_pages(markup: str, pages: list[str]) -> None:
    assert list(other_pages(look(markup), BASE, markup)) == [f"http://q.example/xw/{page}" for page in pages]


def test_counts_that_the_pager_prints() -> None:
    seen = look("<p>共 1630 条 当前第 2 / 163 页</p>")
    assert (total_of(seen), page_count(seen)) == (1630, 163)
    assert (total_of(look("<p>没有数字</p>")), page_count(look("<p>2025/03 月</p>"))) == (0, 0)
