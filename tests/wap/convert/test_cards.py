"""WML decks of other sites, cut for small phones."""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.wap.conftest import WAP_DTD
from wap.convert import cards
from wap.convert.deck import Target, TooLarge
from wap.convert.html import Words
from wap.convert.links import Links
from wap.convert.wml import read_wml
from wap.wbxml import BadDeck, compile_xml

URL = "http://o.example/dir/page.wml"
HOME = "/wap/"
WORDS = Words("返回", "下一页", "上一页", "首页", "提交", "图片", "打开")
DECK = (
    '<?xml version="1.0"?><!DOCTYPE wml PUBLIC "-//WAPFORUM//DTD WML 1.1//EN" '
    '"http://www.wapforum.org/DTD/wml_1.1.xml"><wml>{}</wml>'
)
SENTENCES = [f"第 {number} 句说的是市民中心的窗口 $(name{number}) 和 $$5 的费用。" for number in range(60)]
FORM = (
    '<do type="accept" label="查"><go method="post" href="ask"><postfield name="q" value="$(q:e)"/></go></do>'
)


def cut(inside: str, room: int = 600, deck: str = DECK) -> list[etree._Element]:
    """The decks, each of which must fit."""
    wml = read_wml(deck.format(inside), Links(URL, URL, lambda _: True), "返回")
    found = cards.cut(wml, Target(room, "utf-8", "1.1"), lambda number: f"/p;deck={number}", HOME, WORDS)
    for each in found:
        assert len(compile_xml(each)) <= room
    return [etree.fromstring(each.partition("?>")[2]) for each in found]


def words_of(decks: list[etree._Element]) -> str:
    """The words of the site itself, without what the gateway says on each deck."""
    said = re.compile(r"\d+/\d+|下一页|上一页|首页")
    found = [each for deck in decks for each in deck.itertext() if not said.fullmatch(each.strip())]
    return re.sub(r"\s+", "", "".join(found))


def test_small_cards_share_decks_and_stay_whole() -> None:
    inside = "".join(
        f'<card id="c{number}" title="{number}"><p>{SENTENCES[number]}<a href="#c{(number + 1) % 12}">on</a></p></card>'
        for number in range(12)
    )
    decks = cut(inside)
    assert 2 < len(decks) < 12
    assert [card.get("id") for deck in decks for card in deck.iter("card")] == [
        f"c{number}" for number in range(12)
    ]
    where = {card.get("id"): at for at, deck in enumerate(decks, 1) for card in deck.iter("card")}
    for at, deck in enumerate(decks, 1):
        for link in deck.iter("a"):
            path, _, name = link.get("href", "").rpartition("#")
            assert path == ("" if where[name] == at else f"/p;deck={where[name]}")
    assert "下一页" not in "".join(decks[0].itertext())  # the site's own links lead on


def test_a_large_card_goes_on_with_its_softkeys_and_variables(tmp_path: Path) -> None:
    start = '<onevent type="onenterforward"><refresh><setvar name="q" value="1"/></refresh></onevent><timer value="50"/>'
    text = "<br/>".join(f"<b>{sentence}</b>" for sentence in SENTENCES)
    decks = cut(f'<card id="a" title="t" newcontext="true" ontimer="#b">{start}{FORM}<p align="center">{text}</p></card>'
                '<card id="b"><p>last <a href="#a">first</a></p></card>')  # fmt: skip
    assert len(decks) > 5
    assert words_of(decks) == "".join(SENTENCES).replace(" ", "") + "lastfirst"
    parts, last = decks[:-1], decks[-1]
    for at, deck in enumerate(parts, 1):
        card = deck.find("card")
        assert card is not None
        assert card.get("title") == "t"
        assert card.find("do[@type='accept']/go/postfield") is not None
        assert deck.find("template/do[@type='prev']") is not None or card.find("do[@type='prev']") is not None
        assert (card.get("newcontext"), card.get("id")) == (("true", "a") if at == 1 else (None, None))
        assert (card.find("timer") is None) == (card.find("onevent") is None) == (at > 1)
        assert f"{at}/{len(parts)}" in "".join(deck.itertext())
        links = [link.get("href") for link in deck.iter("a")]
        on = [f"/p;deck={at + 1}"] if at < len(parts) else []
        assert links == [*on, *([f"/p;deck={at - 1}"] if at > 1 else []), HOME]
        assert all(p.get("align") == "center" for p in deck.findall("card/p")[1:-1])
    assert parts[0].find("card").get("ontimer") == f"/p;deck={len(decks)}#b"  # type: ignore[union-attr]  # seen above
    assert [link.get("href") for link in last.iter("a")] == ["/p;deck=1#a"]
    for at, deck in enumerate(decks):
        _valid(deck, tmp_path / f"{at}.wml")


def _valid(deck: etree._Element, file: Path) -> None:
    file.write_bytes(etree.tostring(deck, encoding="utf-8"))
    command = ["xmllint", "--noout", "--nonet", "--dtdvalid", str(WAP_DTD / "wml11.dtd"), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_one_long_sentence_and_a_table_are_divided(tmp_path: Path) -> None:
    row = '<tr><td>{0}</td><td><a href="x{0}">{0}</a></td></tr>'
    table = "".join(row.format(number) for number in range(80))
    decks = cut(f"<card><p>{'很长' * 600}</p><p><table columns='2'>{table}</table></p></card>")
    assert words_of(decks) == "很长" * 600 + "".join(f"{number}{number}" for number in range(80))
    assert sum(1 for deck in decks if deck.find(".//table") is not None) > 2
    for at, deck in enumerate(decks):
        _valid(deck, tmp_path / f"{at}.wml")


def test_variables_stay_whole() -> None:
    decks = cut(f"<card><p>{'$(name)$$' * 300}</p></card>")
    for deck in decks:
        for p in deck.findall("card/p")[1:-1]:
            assert re.fullmatch(r"(\$\(name\)|\$\$)*", "".join(p.itertext()))


def test_access_keys_from_wml_12_on_unless_the_card_has_that_key() -> None:
    newer = DECK.replace("WML 1.1", "WML 1.3").replace("wml_1.1", "wml13")
    wml = read_wml(
        newer.format(f"<card><p>{'很长。' * 600}</p></card>"), Links(URL, URL, lambda _: True), "返回"
    )
    target = Target(600, "utf-8", "1.3")
    assert '<a href="2" accesskey="9">' in cards.cut(wml, target, str, HOME, WORDS)[0]
    keyed = newer.format(f'<card><p><a href="x" accesskey="9">x</a>{"很长。" * 600}</p></card>')
    wml = read_wml(keyed, Links(URL, URL, lambda _: True), "返回")
    assert '<a href="2">' in cards.cut(wml, target, str, HOME, WORDS)[0]


@pytest.mark.parametrize(
    "inside",
    [
        f"<card><p><select name='s'>{'<option>a choice of many</option>' * 90}</select></p></card>",
        f"<card><do type='accept' label='{'long' * 300}'><noop/></do><p>x</p></card>",
        f"<head><meta name='x' content='{'y' * 900}'/></head><card><p>x</p></card>",
    ],
)
def test_what_cannot_be_divided_is_named(inside: str) -> None:
    with pytest.raises(TooLarge):
        cut(inside)


def test_time_grows_with_the_deck_and_no_faster() -> None:
    took = []
    for count in (50, 400):
        inside = f"<card><p>{'<br/>'.join(SENTENCES[number % 60] for number in range(count))}</p></card>"
        before = time.process_time()
        cut(inside, 1_300)
        took.append(time.process_time() - before)
    assert took[1] < took[0] * 8 * 2.5


@given(st.text(alphabet='<>/="& $()acdprwmlbi\n;#', max_size=160), st.integers(150, 400))
def test_any_deck_is_cut_or_refused(inside: str, room: int) -> None:
    with contextlib.suppress(BadDeck, TooLarge):
        cut(f"<card><p>{inside}</p><p>{inside}</p></card>", room)
