"""Titles from metas, headings and the page's own title."""

from __future__ import annotations

import pytest

from content_sync.extract import extract
from content_sync.extract.title import without_site

BODY = (
    "<p>发布时间：2025-03-02</p><div class=content><p>三路公交车今天起延长到新校区，全程票价不变。</p></div>"
)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<meta name=ARTICLETITLE content='公交三路&lt;br&gt;延长'><title>x</title>", "<h1>别的</h1>", "公交三路延长"),
        ("<title>公交三路延长到新校区_青澜市交通局</title>", "<div class=bt>公交三路延长到新校区</div>", "公交三路延长到新校区"),
        ("<title>青澜市交通局</title>", "<h1>青澜市交通局</h1><h2>公交三路延长到新校区</h2>", "公交三路延长到新校区"),
        ("<title>工作动态</title>", "<div>位置：首页 &gt; 工作动态</div><div class=title>工作动态</div><h1>公交三路延长</h1>", "公交三路延长"),
        ("<title>交通</title>", "<h1>公交三路延长<br>到新校区</h1>", "公交三路延长到新校区"),
        ("<title>公交三路延长 - 工作动态 - 青澜市政府</title>", "", "公交三路延长"),
        ("<meta name=ArticleTitle content='{title}'><title>公交三路延长</title>", "<h1>公交三路延长</h1>", "公交三路延长"),
    ],
)  # fmt: skip
def test_title(head: str, body: str, title: str) -> None:
    assert extract(f"<html><head>{head}</head><body>{body}{BODY}</body></html>".encode()).title == title


@pytest.mark.parametrize(
    ("whole", "title"),
    [
        ("停水通知_公告_青澜市人民政府", "停水通知"),
        ("青澜网-关于做好今年冬季供暖工作的通知", "关于做好今年冬季供暖工作的通知"),
        ("2024-2025学年校历", "2024-2025学年校历"),
        ("青澜市人民政府", "青澜市人民政府"),
        ("", ""),
    ],
)
def test_without_site(whole: str, title: str) -> None:
    assert without_site(whole) == title
