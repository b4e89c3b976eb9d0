"""What the gate holds, and what it lets by."""

from __future__ import annotations

import time

import pytest

from content_sync.gate import look
from content_sync.records import Familiar
from portal.model import Article, Attachment, Paragraph, Run

OWN = frozenset({"www.town.example"})
KNOWN = Familiar(frozenset({"hall.example"}), {"www.town.example": "试验市政府 1234560001"})


def article(*links: str, title: str = "标题") -> Article:
    blocks = tuple(Paragraph((Run("详情", href=link),)) for link in links)
    return Article(id="a", url="http://www.town.example/1", title=title, blocks=blocks)


@pytest.mark.parametrize(
    ("markup", "item", "said"),
    [
        ("<p>正文</p>", article(), ""),
        ("<p>警方提醒：百家乐、六合彩都是赌博。</p>", article(), ""),
        ("<p>百家乐 真人娱乐 首存返水</p>", article(), "injected advertising: 百家乐"),
        ("<p>正文</p><script>var a='百家乐真人娱乐首存'</script>", article(), ""),
        ("<p>百家乐</p>", article(title="注册送彩金 稳赚不赔"), "in the title"),
        ('<div style="display:none"><a href="http://x.invalid/">a</a></div>', article(), "hidden text links to x.invalid"),
        ('<div style="position:absolute; left:-9999px"><a href="http://x.invalid/">a</a></div>', article(), "hidden"),
        ('<span style="font-size:0"><a href=http://x.invalid/>a</a></span>', article(), "hidden"),
        ('<div style="height:1px;overflow:hidden"><a href="http://x.invalid/">a</a></div>', article(), "hidden"),
        ('<div style="display:none"><a href="http://hall.example/">a</a></div>', article(), ""),
        ('<div style="display:none"><a href="http://www.other.gov.cn/">a</a></div>', article(), ""),
        ('<div style="display:none">x</div><a href="http://x.invalid/">a</a>', article(), ""),
        ("", article("http://x.invalid/"), "never seen before: x.invalid"),
        ("", article("http://hall.example/", "http://www.town.example/2", "https://a.gov.cn/"), ""),
        ('<meta name="SiteName" content="试验市政府"><meta name=SiteIDCode content="1234560001">', article(), ""),
        ('<meta name="SiteName" content="天天娱乐">', article(), "now calls itself '天天娱乐'"),
        ('<meta name="SiteName" content="网站名称">', article(), ""),
        ("<div style='" * 20_000, article(), ""),
    ],
)  # fmt: skip
def test_reasons(markup: str, item: Article, said: str) -> None:
    seen = look(markup, item, "http://www.town.example/1", OWN, KNOWN, learning=False)
    assert (said in seen.reason) if said else seen.reason == ""


def test_a_first_mirror_learns_the_portals_habits() -> None:
    item = Article(id="a", url="u", title="t", blocks=(Attachment("http://files.example/a.pdf", "a"),))
    markup = '<meta name="sitename" content="试验市政府">'
    seen = look(markup, item, "http://www.town.example/1", OWN, Familiar(), learning=True)
    assert (seen.reason, seen.hosts, seen.identity) == (
        "",
        ("files.example",),
        {"www.town.example": "试验市政府"},
    )


@pytest.mark.parametrize("markup", ["<script>" * 100_000, "<" * 800_000, "<div style='" * 60_000])
def test_markup_that_closes_nothing_takes_no_time(markup: str) -> None:
    begun = time.process_time()
    look(markup, article(), "http://www.town.example/a.html", OWN, Familiar(), learning=False)
    assert time.process_time() - begun < 5
