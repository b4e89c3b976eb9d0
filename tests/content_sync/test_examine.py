"""Reading one page whole."""

from __future__ import annotations

import asyncio

import pytest

from content_sync.check import Judgement
from content_sync.examine import LARGE, Question, Surroundings, examine, examine_aside
from content_sync.fetch import Got
from content_sync.records import PageRecord
from portal.model import Kind
from tests.content_sync.conftest import article_page

AROUND = Surroundings(
    home="http://town.example/", names=frozenset(("试验市",)), own=frozenset(("town.example",))
)
URL = "http://town.example/1.html"


def question(body: bytes, kind: Kind = Kind.ARTICLE) -> Question:
    record = PageRecord(url=URL, id="abcdefgh", title="表里的标题", date="2026-03-02")
    return Question(Got(URL, 200, body, "text/html; charset=utf-8"), record, kind, ("events",))


GOOD = question(article_page("一篇要闻的标题").encode())


def test_a_page_comes_out_with_its_rows() -> None:
    found = examine(GOOD, AROUND)
    assert found.verdict.good and found.item is not None and found.row is not None
    assert (found.title, found.item.published, found.whole) == ("一篇要闻的标题", "2026-03-02 10:00", True)
    assert found.row.head.columns == ("events",) and '"title":"一篇要闻的标题"' in found.row.raw
    assert found.row.head_hant.title == "一篇要聞的標題"


@pytest.mark.parametrize(
    ("body", "judgement"),
    [
        (b"", Judgement.QUARANTINED),
        (b"<html><title>404 Not Found</title></html>", Judgement.ABSENT),
        (b"\x89PNG\r\n", Judgement.QUARANTINED),
        (b"<html><body>" + b"<p>" * 100, Judgement.QUARANTINED),
    ],
)
def test_what_is_no_page_says_why(body: bytes, judgement: Judgement) -> None:
    found = examine(question(body), AROUND)
    assert found.item is None and found.verdict.judgement is judgement and found.verdict.reason


def test_pictures_and_units_are_waited_for() -> None:
    pictured = article_page("标题").replace(
        '<div id="zoom">', '<div id="zoom"><img src="/a.jpg" width="600">'
    )
    assert examine(question(pictured.encode()), AROUND).row is None


async def test_a_large_page_is_read_beside_the_loop() -> None:
    large = question(article_page("标题", text="长文一句。" * 40_000).encode())
    assert len(large.got.body) > LARGE
    reading = asyncio.ensure_future(examine_aside(large, AROUND))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 2 and (await reading).verdict.good


async def test_a_fault_of_ours_is_told_with_the_address(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("content_sync.extract.reader.open_page", failing)
    found = await examine_aside(GOOD, AROUND)
    assert found.item is None and "RecursionError: too deep" in found.verdict.reason
    assert URL in caplog.text and "Traceback" in caplog.text
