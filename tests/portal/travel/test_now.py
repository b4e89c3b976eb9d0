"""The facts at a moment, in three languages; closures; the file that needs no network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from portal.model import Field, Notice, Site
from portal.search.ways import Sort
from portal.text import text
from portal.travel import around, now
from portal.travel.model import Travel
from portal.travel.now import Moment
from portal.travel.offline import LARGEST, offline
from portal.travel.pinyin import pinyin
from tests.browser import chromium
from tests.guide_sample import facts

SITE = Site(id="s", name="青澜市", columns=(), names=(Field("en", "Qinglan"),))


def at(moment: str, tag: str = "zh-Hans") -> Moment:
    return Moment(text(tag), datetime.fromisoformat(moment))


def test_every_card_carries_its_source_and_day() -> None:
    """Below it, or below the last of several that share them."""
    for tag in ("zh-Hans", "en"):
        when = at("2026-11-23 10:00", tag)
        travel = facts().on(when.day)
        for topic, _, _ in now.TOPICS:
            shown = now.cards(travel, topic, when)
            if shown:
                assert shown[-1].foot
            assert all(card.lines for card in shown), topic
            feet = {card.foot for card in shown} - {""}
            assert all(
                ("核对" in foot and "2026年" in foot) or "checked 20 Nov 2026" in foot for foot in feet
            )
    police = now.cards(facts(), "lines", at("2026-11-23 10:00", "en"))[0]
    assert (police.title, police.also, police.telephones) == ("Police", "报警", ("110",))


@pytest.mark.parametrize(
    ("moment", "tag", "said", "short"),
    [
        ("2026-11-23 10:00", "zh-Hans", "现在开着，到 17:00", "开到 17:00"),
        ("2026-11-23 07:00", "en", "Opens today at 09:00, until 17:00", "09:00-17:00"),
        ("2026-11-23 18:00", "zh-Hans", "今天已经关门，11月24日 09:00 再开", "已关门"),
        ("2026-11-22 10:00", "en", "Closed today, opens 23 Nov 09:00", "Closed today"),
        ("2027-02-06 10:00", "zh-Hans", "今天不开门，2月12日 09:00 再开", "不开门"),
    ],
)
def test_open_today(moment: str, tag: str, said: str, short: str) -> None:
    """By the clock, with the holidays of the file."""
    hall = facts().place("hall")
    assert hall is not None
    assert (now.opening(hall, at(moment, tag)), now.brief(hall, at(moment, tag))) == (said, short)


def test_open_places_come_first() -> None:
    """On a Sunday morning the hall is last."""
    order = [place.id for place in now.by_state(facts().places, at("2026-11-22 10:00"))]
    assert order.index("library") < order.index("hall") and order[-2:] == ["hall", "visa"]
    assert "airport" not in order
    assert [place.id for place in now.closed_today(facts(), at("2026-11-22 10:00"))] == ["hall", "visa"]


def test_pinyin() -> None:
    """With tones; characters of several readings by their phrases; the rest as it is."""
    assert pinyin("青澜市长风路68号") == "qīng lán shì cháng fēng lù 68 hào"
    assert pinyin("长春市朝阳区长江路") == "cháng chūn shì cháo yáng qū cháng jiāng lù"
    assert pinyin("重庆路3号A座") == "chóng qìng lù 3 hào A zuò" and pinyin("") == ""


@pytest.mark.parametrize(
    ("title", "fields", "first", "last"),
    [
        ("道路施工：槐安街11月20日起封闭27天，请绕行", {}, "2026-11-20", "2026-12-16"),
        ("计划停电：11月24日清风社区部分用户", {}, "2026-11-24", "2026-11-24"),
        ("停水通知：12月30日至1月2日", {}, "2026-12-30", "2027-01-02"),
        ("停水：11月3日—5日", {}, "2026-11-03", "2026-11-05"),
        ("停水通知", {"valid_from": "2026-11-21 08:00", "valid_until": "2026-11-23 18:00"}, "2026-11-21", "2026-11-23"),
        ("停水通知", {}, "2026-11-19", "2026-11-19"),
        ("停水：13月40日起封闭3天", {}, "2026-11-19", "2026-11-19"),
    ],
)  # fmt: skip
def test_when_a_closure_holds(title: str, fields: dict[str, str], first: str, last: str) -> None:
    notice = replace(Notice(id="n", url="u", title=title, published="2026-11-19 10:00"), **fields)  # type: ignore[arg-type]
    assert around.span(notice) == (first, last)
    assert around.in_force(notice, datetime.fromisoformat(f"{last} 23:00"))
    assert not around.in_force(notice, datetime.fromisoformat(f"{first} 00:00").replace(year=2025))
    assert not around.in_force(replace(notice, title="招聘会"), datetime.fromisoformat(f"{first} 10:00"))


def test_matters_by_name_and_by_tag() -> None:
    """Steps in their order, everyday names too, then what bears the tag; each once."""
    known = (
        Sort("a", "公积金异地转移接续"), Sort("b", "异地就医备案", ("外地看病报销",)), Sort("c", "机动车驾驶证期满换证", ("驾照",)),
    )  # fmt: skip
    advice = facts().advice
    found = around.ids_of([each for each in advice if each.id.startswith("elsewhere")], known)
    assert found == ["b", "c", "a"]


async def test_the_file_that_needs_no_network(tmp_path: Path) -> None:
    """Below 30 kB, no address of any server in it; a browser hides what has ended."""
    made = offline(SITE, facts(), "2026-11-23", "888")
    assert len(made.encode()) <= LARGEST == 30_000
    page = html.fromstring(made)
    assert page.xpath("//a/@href") and all(href.startswith("tel:") for href in page.xpath("//a/@href"))
    assert not page.xpath("//*[@src]") and "http" not in made
    words = page.text_content()
    for said in ("110", "12367", "888", "青澜市长风路68号", "qīng lán shì cháng fēng lù", "68 Changfeng Road", "周一至周五 09:00-17:00",
                 "Mon-Fri 09:00-17:00", "2026-11-20", "流动人口居住登记"):  # fmt: skip
        assert said in words, said
    assert "国庆假日专线" not in words and "国庆假日专线" in offline(SITE, facts(), "2026-10-01")
    file = tmp_path / "go.html"
    travel = facts()
    old = replace(travel, lines=(replace(travel.lines[0], until="2026-11-23"), *travel.lines[1:]))
    file.write_text(offline(SITE, old, "2026-11-23"), encoding="utf-8")
    async with chromium() as browser:
        tab = await browser.new_page()
        await tab.goto(file.as_uri())
        shown = await tab.inner_text("body")
    # The tests' machine has another date than the one in the file: the script goes by the machine's.
    ended = datetime.now(UTC).strftime("%Y-%m-%d") > "2026-11-23"
    assert ("110" in shown) is not ended and "119" in shown


def test_a_large_city_still_fits() -> None:
    """The telephones stay; what is needed least goes."""
    travel = facts()
    many = replace(
        travel,
        advice=tuple(
            replace(travel.advice[0], id=f"a{n}", lines=travel.advice[0].lines * 4) for n in range(60)
        ),
    )
    made = offline(SITE, many, "2026-11-23")
    assert len(made.encode()) <= LARGEST and "110" in made and "青澜市长风路68号" in made
    assert offline(SITE, Travel(), "2026-11-23")
