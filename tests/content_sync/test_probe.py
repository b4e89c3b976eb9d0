"""A first site file for a portal nobody has described."""

from __future__ import annotations

from pathlib import Path

import pytest

from content_sync import probe
from content_sync import site as sites
from content_sync.__main__ import main
from content_sync.extract.page import Extracted, Link
from content_sync.probe import Candidate
from portal.model import Kind, Section
from tests.content_sync.conftest import Canned, page

HOSTS = frozenset({"www.town.example"})
HOME = """<html><head><title>首页-试验市人民政府</title><link rel="alternate" type="application/rss+xml" href="/rss.xml">
</head><body><a href="/yw/">要闻</a><a href="/yw/">要闻更多</a><a href="http://else.example/">外站链接</a>
<a href="/zc/">政策文件</a><a href="javascript:x()">搜索一下</a><a href="/">首页</a><a href="/en/">English</a>
<a href="/xx.html">这是一条很长很长的新闻标题不是栏目</a><a href="/szxx/">市长信箱</a></body></html>"""


def test_candidates_of_a_home_page() -> None:
    found = probe.candidates(HOME, "http://www.town.example/", HOSTS)
    assert [(each.name, each.url.removeprefix("http://www.town.example")) for each in found] == [
        ("订阅", "/rss.xml"), ("要闻", "/yw/"), ("政策文件", "/zc/"), ("市长信箱", "/szxx/"),
    ]  # fmt: skip
    assert probe.candidates("", "http://x/", HOSTS) == []
    assert probe.name_of(HOME) == "试验市人民政府"
    assert probe.name_of('<meta name="SiteName" content="甲市政府网">') == "甲市政府网"


@pytest.mark.parametrize(
    ("name", "section", "kind"),
    [
        ("今日要闻", Section.NEWS, Kind.ARTICLE), ("政策解读", Section.NEWS, Kind.ARTICLE),
        ("政策文件", Section.DISCLOSURE, Kind.DISCLOSURE), ("办事指南", Section.SERVICES, Kind.MATTER),
        ("机构设置", Section.SERVICES, Kind.UNIT), ("在线访谈", Section.INTERVIEWS, Kind.INTERVIEW),
        ("市长信箱", probe.LETTERS, Kind.ARTICLE), ("停水停电", Section.NEWS, Kind.NOTICE),
    ],
)  # fmt: skip
def test_sections_by_name(name: str, section: str, kind: Kind) -> None:
    assert probe.section_of(name) == (section, kind)


def listing(count: int, dated: bool = True) -> Extracted:
    links = tuple(
        Link(title=f"t{n}", url=f"http://o/{n}", date="2026-03-01" if dated else "") for n in range(count)
    )
    return Extracted(kind="list", items=links)


def test_confidence_grows_with_what_is_seen() -> None:
    named, plain = Candidate("要闻", "http://o/a"), Candidate("看一看", "http://o/b")
    proposals = [
        probe.judge(each, seen, "") for each in (named, plain) for seen in (listing(9), listing(2, False))
    ]
    rates = [proposal.confidence for proposal in proposals if proposal]
    assert rates == [1.0, 0.6, 0.7, 0.3]
    assert probe.judge(named, Extracted(kind="article"), "") is None
    sampled = probe.judge(plain, listing(9), "", "service")
    assert sampled and (sampled.section, sampled.kind) == (Section.SERVICES, Kind.MATTER)


def test_systems_by_their_looks() -> None:
    assert probe.system_of(['<div class="TRS_Editor">'], ["http://o/202601/t20260101_1.html"]) == "TRS WCM"
    assert probe.system_of([], ["http://o/info/1/2.htm"]) == "VSB" and probe.system_of(["<p>"], []) == ""


def test_a_draft_is_a_right_site_file() -> None:
    found = [probe.judge(Candidate(f"要闻{n}", f"http://o/{n}"), listing(9), "") for n in range(120)]
    found.append(probe.judge(Candidate('市长"信箱', "http://o/x"), listing(9), ""))
    text = probe.site_file(
        "http://www.town.example/",
        '试验"市',
        [each for each in found if each],
        system="",
        also={"Sitemap": ["http://o/s"]},
    )
    site = sites.parse(text)
    assert (site.id, site.name) == ("town", '试验"市')
    assert "no number is left" in text and "Letters are not mirrored" in text and len(site.sources) > 90


async def test_the_command(canned: Canned, tmp_path: Path) -> None:
    import asyncio

    rows = "".join(
        f'<li><a href="/yw/{n}.html">第{n}件要闻的标题写在这里</a><span>2026-03-0{n}</span></li>'
        for n in range(1, 9)
    )
    canned.put("/", page("试验市人民政府", '<a href="/yw/">要闻</a><a href="/none/">公告</a>'))
    canned.put("/yw/", page("要闻", f"<ul class=list>{rows}</ul>"))
    out = tmp_path / "town.toml"
    code = await asyncio.to_thread(
        main, ["probe", canned.home, "--allow-private", "--delay", "0", "-o", str(out)]
    )
    assert code == 0
    site = sites.load(out)
    assert [source.column.name for source in site.sources] == [
        "新闻中心",
        "要闻",
    ] and site.fetch.allow_private
    assert (
        await asyncio.to_thread(main, ["probe", canned.home + "none/", "--allow-private", "--delay", "0"])
        == 3
    )
    assert await asyncio.to_thread(main, ["probe", "ftp://x"]) == 2
