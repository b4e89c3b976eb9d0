"""What pages of a column have in common, and that leaving it out changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from content_sync.extract import Extracted, NotAPage, extract, reader
from content_sync.extract.frame import Known, learn
from content_sync.extract.furniture import needless, shared, without
from content_sync.extract.reader import FIRST, SAMPLES, Reader
from content_sync.extract.reading import Opened, read_text
from demo.generate import COLUMNS, Scaled

MENU = "<ul>" + "".join(f'<li><a href="/l{at}/">栏目之{at}</a></li>' for at in range(20)) + "</ul>"
NOTICE = "<p>本市各级政府部门提醒：办理上述事项不收取任何费用，如有疑问请拨打市民服务热线咨询，我们随时为您服务。</p>"


def page(number: int, *, menu: str = MENU, end: str = "", side: str = "") -> str:
    """A page of one template; `side` stands beside the body, `end` behind its text."""
    return (
        f"<html><head><title>第{number}次常务会议召开-试验市</title>"
        f'<script>var menu = "{"x" * 80}";</script></head><body><div class="top">{menu}</div>'
        f'<div class="main"><h1>第{number}次常务会议召开</h1>'
        f"<div class=info>发布时间：2026-03-{number % 28 + 1:02} 10:00 来源：试验市政府办</div>"
        f'<div id="zoom"><p>第{number}次会议听取了第{number * 7}号工作的汇报，会议强调要抓好落实。</p>'
        f"<p>会议还研究了其他{number + 3}个事项，要求各部门按时完成。</p>{end}</div>{side}</div>"
        '<div class="foot"><p>主办：试验市人民政府　承办：试验市数据中心　网站标识码：1234567890</p></div>'
        "</body></html>"
    )


@pytest.fixture
def spared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Characters of furniture of each reading; nothing is read by its gaps."""
    lengths: list[int] = []

    def counted(opened: Opened, text: str, url: str, hint: str) -> Extracted:
        lengths.append(len(opened.text) - len(text))
        return read_text(opened, text, url, hint)

    monkeypatch.setattr(reader, "read_text", counted)
    monkeypatch.setattr(reader, "learn", lambda known, hint: None)
    return lengths


def read_all(texts: Sequence[str], one: Reader | None = None) -> list[Extracted]:
    one = one or Reader()
    return [one.read(text.encode(), address(at), "", "article", "news") for at, text in enumerate(texts)]


def address(number: int) -> str:
    return f"http://town.example/art/{number}.html"


def whole(texts: Sequence[str]) -> list[Extracted]:
    return [extract(text.encode(), address(at), "", "article") for at, text in enumerate(texts)]


def test_what_is_shared_are_whole_elements() -> None:
    found = shared(page(1), page(2))
    assert MENU in found[0] and any("网站标识码" in stretch for stretch in found)
    assert all(stretch.startswith("<") and stretch.endswith(">") for stretch in found)
    rest = without(page(3), found)
    assert "栏目之" not in rest and "第3次会议" in rest and 'id="zoom"' in rest


def test_a_stretch_that_stands_twice_is_left_where_it_is() -> None:
    assert without("a<p>1</p>b<p>1</p>", ["<p>1</p>"]) == "a<p>1</p>b<p>1</p>"


@pytest.mark.parametrize("kept", [(), ("menu",), ("menu", "foot")])
def test_only_what_nobody_misses_is_needless(kept: tuple[str, ...]) -> None:
    assert needless(("menu", "body", "foot"), lambda some: set(some) <= set(kept)) == kept


def test_pages_are_read_the_same_without_furniture(spared: list[int]) -> None:
    texts = [page(number, side=f"<div><p>热点第{number}条</p></div>") for number in range(40)]
    assert read_all(texts) == whole(texts)
    assert sum(map(bool, spared)) >= 40 - 2 - FIRST


def test_what_every_body_says_stays_in_it(spared: list[int]) -> None:
    texts = [page(number, end=NOTICE) for number in range(12)]
    found = read_all(texts)
    assert found == whole(texts) and any(spared)
    assert all("不收取任何费用" in each.text for each in found)


def test_a_redesign_is_noticed_and_learnt(spared: list[int]) -> None:
    other = MENU.replace("栏目之", "新版栏目").replace("<ul>", '<ul class="new-menu">')
    texts = [page(number) for number in range(12)] + [page(number, menu=other) for number in range(12, 40)]
    assert read_all(texts) == whole(texts)
    assert spared[-1] > len(other)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_system_of_the_demo_city_reads_the_same(name: str) -> None:
    origin, one = Scaled(len(COLUMNS) * 40), Reader()
    for entry in origin.listed[name]:
        drawn = origin.page(entry.path)
        assert drawn is not None
        given = (drawn.body, f"http://o{entry.path}", drawn.content_type, "article")
        assert one.read(*given, name) == extract(*given)


def test_hostile_markup_is_not_compared() -> None:
    assert shared("<script>" * 50_000, "<script>" * 50_000) == []
    assert shared("<a '" * 20_000, '<a "' * 20_000) == []


def test_what_is_no_page_is_none_here_either() -> None:
    with pytest.raises(NotAPage):
        Reader().read(b"%PDF-1.4", "http://town.example/", "", "article", "news")


# --- frames ---------------------------------------------------------------------------------------


def known(texts: Sequence[str]) -> list[Known]:
    opened = [Opened(text, "utf-8", ()) for text in texts]
    return [
        Known(each, address(at), read_text(each, each.text, address(at), "article"))
        for at, each in enumerate(opened)
    ]


def framed(*texts: str, samples: int = SAMPLES) -> list[bool | None]:
    """Whether each text fits the frame of the first pages and reads as it does in full; None: it does not fit."""
    frame = learn(known([page(number) for number in range(samples)]), "article")
    assert frame is not None
    found = [(frame.read(each.opened, each.url), each.page) for each in known(texts)]
    return [None if by_gaps is None else by_gaps == in_full for by_gaps, in_full in found]


def test_a_page_of_a_known_template_is_read_by_its_gaps() -> None:
    rich = page(30, end='<table border=1><tr><td>一</td><td>二</td></tr><tr><td>3</td><td>4</td></tr></table>'
                '<h3>附件</h3><a href="a.pdf">文件.pdf</a><ul><li>甲项</li><li>乙项</li></ul>')  # fmt: skip
    assert framed(page(9), rich) == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        page(9).replace("<h1>", "<h1 class=new>"),
        page(9).replace('<div id="zoom">', '<div class="share">分享</div><div id="zoom">'),
        page(9, end="<p>来源：试验日报</p>"),
        page(9).replace("<p>第9次会议", "<p>发布时间：2025-01-01 08:00</p><p>第9次会议"),
        page(9, end="</div><div>"),
        page(9, end="</div>"),
        page(9, end='<div style="display:none">百家乐 六合彩</div>'),
        page(9, end="<p>索引号：A1</p><p>主题分类：教育</p><p>发文机关：试验市</p><p>文号：试政1号</p>"),
        page(9, end="<p>主持人：请介绍情况。</p><p>张三：好的。</p><p>主持人：谢谢。</p><p>张三：不客气。</p>" * 3),
        page(9).replace("<h1>第9次常务会议召开</h1>", "<h1>第9次会议</h1>"),
        page(9)[:-20],
        page(9).replace("试验市政府办", "试验日报"),
        page(9).replace(" 来源", " 更新时间：2026-04-01 来源"),
        page(9).replace(" 来源：试验市政府办", ""),
        page(9).replace("<title>", '<meta name="Description" content="一句话"><title>'),
        page(9).replace("<p>第9次会议听取了第63号工作的汇报，会议强调要抓好落实。</p>", ""),
        page(9) + page(9),
        "",
    ],
)  # fmt: skip
def test_what_is_out_of_the_ordinary_is_never_read_wrongly(text: str) -> None:
    assert framed(text or "<p>") in ([None], [True])


def test_a_day_that_all_samples_share_is_no_part_of_the_template() -> None:
    """A column's newest pages are of one day: samples are taken from several."""
    same = [
        page(1).replace("第1次", f"第{number}次").replace("第7号", f"第{number}号") for number in range(30)
    ]
    texts = [*same, *(page(number) for number in range(2, 28))]
    one = Reader()
    assert read_all(texts, one) == whole(texts)


def test_a_frame_that_reads_otherwise_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong:
        def read(self, opened: Opened, url: str) -> Extracted:
            return Extracted(kind="article", title="falsch")

    monkeypatch.setattr(reader, "learn", lambda known, hint: Wrong())
    texts = [page(number) for number in range(30)]
    assert read_all(texts) == whole(texts)
