"""What is a page and what only looks like one."""

from __future__ import annotations

import pytest

from content_sync import check
from content_sync.check import GOOD, Judgement, Verdict
from content_sync.extract.page import Extracted, Link
from portal.model import Field, Kind, Paragraph, Run

LONG = "市政府召开会议，研究部署防汛工作。会议强调，访问过于频繁的网站要加验证码，页面不存在的要清理。" * 12


def extracted(text: str = "", title: str = "标题", **more: object) -> Extracted:
    blocks = (Paragraph((Run(text),)),) if text else ()
    return Extracted(kind="article", title=title, blocks=blocks, **more)  # type: ignore[arg-type]  # test options


@pytest.mark.parametrize(
    ("status", "judgement"),
    [
        (200, "good"),
        (404, "gone"),
        (410, "gone"),
        (412, "quarantined"),
        (403, "quarantined"),
        (500, "failed"),
        (302, "failed"),
        (204, "failed"),
    ],
)
def test_statuses(status: int, judgement: str) -> None:
    assert check.judge_status(status).judgement == judgement


@pytest.mark.parametrize(
    ("body", "was_whole", "good"),
    [
        (b"<html><body><p>x</p></body></html>\n", True, True),
        (b"<html><body><p>x</p></BODY>", True, True),
        (b"<html><body><p>x</p>", False, True),
        (b"<html><body><p>x</p>", True, False),
        (b"<html><body><p>half a sen", False, False),
        (b"<html><body><p>x</p></body></html><!-- 3 ms -->", True, True),
        (b'{"articles": []}', True, True),
        (b"", False, False),
        (b"\xef\xbb\xbf \r\n", False, False),
    ],
)
def test_halves(body: bytes, was_whole: bool, good: bool) -> None:
    assert check.judge_markup(body, was_whole).good is good


@pytest.mark.parametrize(
    ("text", "title", "body", "came_from", "said"),
    [
        ("", "404 Not Found", b"<html>", "/a", "soft 404"),
        ("您访问的页面不存在或已被删除", "提示信息", b"<html>", "/a", "soft 404"),
        ("", "", "<html><body>抱歉，找不到您请求的页面</body></html>".encode(), "/a", "soft 404"),
        ("", "", "<html><body>文章已删除</body></html>".encode("gb18030"), "/a", "soft 404"),
        ("首页内容", "首页", b"<html>", "/", "home page"),
        ("首页内容", "首页", b"<html>", "/404.html", "leads to"),
        ("您的访问过于频繁，请稍后再试", "提示", b"<html>", "/a", "wall"),
        ("您的请求疑似攻击行为，您的IP已被拦截", "", b"<html>", "/a", "wall"),
        ("", "", b"<html><script>document.cookie='x=1';location.href='/a'</script></html>", "/a", "wall"),
        ("", "用户登录", b"<html><input type='password'>", "/a", "login"),
        ("系统正在维护，请稍后访问", "通知", b"<html>", "/a", "error page"),
        ("java.lang.NullPointerException at org.apache.jsp", "", b"<html>", "/a", "error page"),
        (LONG, "关于网站页面管理的通知", b"<html><input type=password>", "/a", ""),
        (
            "请各单位做好防汛工作。",
            "关于整治网站登录入口的通知",
            b"<html><input type=password> text text text",
            "/a",
            "",
        ),
    ],
)
def test_walls(text: str, title: str, body: bytes, came_from: str, said: str) -> None:
    home = "http://h"
    verdict = check.judge_wall(body, extracted(text, title), home + "/a", home + came_from, home + "/")
    assert (said in verdict.reason) if said else verdict == GOOD


@pytest.mark.parametrize(
    ("page", "kind", "listed", "good"),
    [
        (extracted("正文"), Kind.ARTICLE, "", True),
        (extracted("正文", title=""), Kind.ARTICLE, "列表里的标题", True),
        (extracted("正文", title=""), Kind.ARTICLE, "", False),
        (extracted(""), Kind.ARTICLE, "标题", False),
        (extracted("", fields=(Field("地址", "x"),)), Kind.UNIT, "标题", True),
        (extracted("", fields=(Field("地址", "x"),)), Kind.ARTICLE, "标题", False),
        (extracted("", title=""), Kind.UNIT, "标题", False),
        (Extracted(kind="list", title="栏目", blocks=extracted("x").blocks), Kind.ARTICLE, "标题", False),
    ],
)
def test_items(page: Extracted, kind: Kind, listed: str, good: bool) -> None:
    assert check.judge_item(page, kind, listed).good is good


def test_lists() -> None:
    link = Link(title="t", url="http://h/1")
    assert check.judge_list(Extracted(kind="list", items=(link,))).good
    assert check.judge_list(Extracted(kind="list", pages=("http://h/data",), script_list=True)).good
    assert "script" in check.judge_list(Extracted(kind="list", script_list=True)).reason
    assert "reads as 'other'" in check.judge_list(Extracted(kind="other")).reason
    assert check.judge_empty(0, 0, 0).good and check.judge_empty(3, 0, 9).good
    assert (
        "held 9" in check.judge_empty(0, 0, 9).reason
        and "none was found" in check.judge_empty(0, 72, 0).reason
    )


@pytest.mark.parametrize(
    ("missing", "known", "good"),
    [(5, 6, True), (6, 20, True), (7, 20, False), (6, 19, False), (30, 100, True), (31, 100, False)],
)
def test_mass_deletions(missing: int, known: int, good: bool) -> None:
    assert check.judge_missing(missing, known).good is good


@pytest.mark.parametrize(
    ("lost", "fine", "published", "good"),
    [(2, 0, 9, True), (2, 1, 9, False), (2, 1, 0, True), (2, 2, 9, True), (30, 20, 9, False)],
)
def test_redesigns(lost: int, fine: int, published: int, good: bool) -> None:
    verdicts = [Verdict(Judgement.QUARANTINED, "x")] * lost + [GOOD] * fine
    assert check.judge_column(verdicts, [], published).good is good


def test_pages_that_all_have_one_title() -> None:
    titles = [
        ("天天市政府", "第一条"),
        ("天天市政府", "第二条"),
        ("天天市政府", "第三条"),
        ("第四条", "第四条"),
    ]
    assert "the same title '天天市政府'" in check.judge_column([GOOD] * 4, titles, 0).reason
    repeated = [("水质公示", "水质公示")] * 4
    assert check.judge_column([GOOD] * 4, repeated, 9).good
    named = check.judge_item(extracted("正文", title="天天市政府"), Kind.ARTICLE, "第一条", {"天天市政府"})
    assert "portal's name" in named.reason
