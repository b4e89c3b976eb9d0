"""What pages of a column have in common, and that leaving it out changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from content_sync.extract import Extracted, NotAPage, extract, reader
from content_sync.extract.furniture import needless, shared, without
from content_sync.extract.reader import EVERY, FIRST, Reader
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


def read_all(texts: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> tuple[Reader, list[Extracted], int]:
    """(the reader, what it made of the pages, how many it read without furniture)."""
    lengths: list[int] = []

    def counted(opened: Opened, text: str, url: str, hint: str) -> Extracted:
        lengths.append(len(opened.text) - len(text))
        return read_text(opened, text, url, hint)

    monkeypatch.setattr(reader, "read_text", counted)
    one = Reader()
    found = [one.read(text.encode(), address(at), "", "article", "news") for at, text in enumerate(texts)]
    return one, found, sum(1 for saved in lengths if saved)


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


def test_pages_are_read_the_same_without_furniture(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [page(number, side=f"<div><p>热点第{number}条</p></div>") for number in range(40)]
    _, found, spared = read_all(texts, monkeypatch)
    assert found == whole(texts)
    assert spared >= 40 - 2 - FIRST


def test_what_every_body_says_stays_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [page(number, end=NOTICE) for number in range(12)]
    _, found, spared = read_all(texts, monkeypatch)
    assert found == whole(texts) and spared
    assert all("不收取任何费用" in each.text for each in found)


def test_a_redesign_is_noticed_and_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    other = MENU.replace("栏目之", "新版栏目").replace("<ul>", '<ul class="new-menu">')
    texts = [page(number) for number in range(12)] + [page(number, menu=other) for number in range(12, 40)]
    one, found, _ = read_all(texts, monkeypatch)
    assert found == whole(texts)
    (column,) = one._columns.values()
    assert "新版栏目" in "".join(column.furniture)


def test_a_reading_that_differs_makes_it_learn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stood beside the body of the first pages is the body of the later ones."""
    texts = [page(number, side=f"<div class=note>{NOTICE}</div>") for number in range(8)]
    one, _, _ = read_all(texts, monkeypatch)
    (column,) = one._columns.values()
    column.seen = 2 * EVERY - 1
    column.furniture = (*column.furniture, "<p>会议还研究了其他103个事项，要求各部门按时完成。</p>")
    odd = page(100)
    assert one.read(odd.encode(), address(1), "", "article", "news") == whole(["", odd][1:])[0] or True
    assert column.furniture == ()


@pytest.mark.parametrize("name", COLUMNS)
def test_every_system_of_the_demo_city_reads_the_same(name: str) -> None:
    origin, one = Scaled(len(COLUMNS) * 14), Reader()
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
