"""Splitting: nothing lost, nothing doubled, nothing too large, cut where a reader would pause."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wap import split
from wap.device import MINIMUM, Device, Markup
from wap.page import Ask, Call, Line, Link, Page, Part, Picture

WMLC = replace(MINIMUM, compiled=True)
XHTML = Device(Markup.XHTML, "1.3", 3_000, False, 128, 160, ("jpg",))
PAGE = Page("要闻 31001", "要闻", "/wap/i/a", "/wap/i/a/", (), "zh-Hans", "返回", menu=Link("/wap/n", "号码", "0"),
            foot=(Link("/wap/", "首页"),), next_text="下一页", previous_text="上一页")  # fmt: skip

SENTENCES = "市图书馆新馆今天起试开放。新馆在江南大道 88 号！凭身份证即可借阅，不收押金；周一闭馆？" * 3


def prose(at: int) -> str:
    """A paragraph in which hardly anything repeats, as in real texts."""
    words = "".join(chr(0x4E00 + (at * 977 + place * 7919) % 20_000) for place in range(150))
    return "。".join(words[begin : begin + 15] for begin in range(0, 150, 15)) + "。"


def text_of(parts: tuple[Part, ...]) -> str:
    return "".join(part.text for part in parts if isinstance(part, Line))


@pytest.mark.parametrize("device", [MINIMUM, WMLC, XHTML, replace(MINIMUM, charset="gbk")], ids=str)
def test_nothing_is_lost_and_every_deck_fits(device: Device) -> None:
    page = replace(PAGE, body=tuple(Line(prose(at)) for at in range(20)))
    found = split.decks(page, device)
    assert len(found) > 1
    assert "".join(text_of(deck.parts) for deck in found) == "".join(map(prose, range(20)))
    assert [deck.number for deck in found] == list(range(1, len(found) + 1))
    assert all(split.measure(deck, device) <= device.deck_bytes for deck in found)
    assert all(text_of(deck.parts)[-1] == "。" for deck in found)
    # None but the last is left half empty.
    assert all(split.measure(deck, device) > 0.7 * device.deck_bytes for deck in found[:-1])


def test_decks_end_with_sentences() -> None:
    page = replace(PAGE, body=tuple(Line(SENTENCES) for _ in range(8)))
    for deck in split.decks(page, MINIMUM):
        assert text_of(deck.parts)[-1] in "。！？；"


def test_a_whole_page_in_one_deck_has_no_count() -> None:
    (deck,) = split.decks(replace(PAGE, body=(Line("短。"),)), MINIMUM)
    assert (deck.place, deck.next, deck.previous) == ("", None, None)


def test_places_of_lists_and_their_decks() -> None:
    rows = tuple(Link(f"/wap/i/{at}", "很长的标题" * 14, str(at)) for at in range(1, 9))
    page = replace(
        PAGE, address="/wap/c/310/2", more="/wap/c/310/2.", body=rows, at=2, of=5,
        next=Link("/wap/c/310/3", "下一页"), previous=Link("/wap/c/310", "上一页"),
    )  # fmt: skip
    first, *_, last = split.decks(page, MINIMUM)
    assert first.place == "2.1/5"
    assert first.next is not None and first.next.href == "/wap/c/310/2.2"
    assert first.previous is not None and first.previous.href == "/wap/c/310"
    assert last.next is not None and last.next.href == "/wap/c/310/3"
    assert last.previous is not None and last.previous.href.startswith("/wap/c/310/2")


def test_pictures_are_spread_over_pages() -> None:
    body = tuple(Picture(f"m{at}", "图", 600, 400) for at in range(4))
    assert [len(deck.parts) for deck in split.decks(replace(PAGE, body=body), XHTML)] == [1, 1, 1, 1]


def test_a_long_page_takes_time_in_proportion() -> None:
    def seconds(paragraphs: int) -> float:
        page = replace(PAGE, body=tuple(Line(f"{at}。{SENTENCES}") for at in range(paragraphs)))
        start = time.process_time()
        split.decks(page, MINIMUM)
        return time.process_time() - start

    seconds(5)
    assert seconds(80) < 30 * seconds(10)  # linear would be 8, the square 64


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200)
_PART = st.one_of(
    st.builds(Line, _TEXT, st.booleans()),
    st.builds(Link, _TEXT.map(lambda text: "/wap/i/" + text[:20]), _TEXT, st.sampled_from("12345678"), _TEXT),
    st.builds(Call, st.from_regex(r"\d{3,12}", fullmatch=True), _TEXT.map(lambda text: text[:40]), _TEXT.map(lambda text: text[:40])),
    st.builds(Picture, st.sampled_from(["", "abc"]), _TEXT.map(lambda text: text[:40]), st.integers(0, 2000), st.integers(0, 2000)),
    st.builds(Ask, st.just("/wap/n"), st.just("q"), st.just("号码"), st.just("打开")),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_PART, max_size=12), st.sampled_from([MINIMUM, WMLC, XHTML]))
def test_any_page_is_split_into_decks_that_fit(parts: list[Part], device: Device) -> None:
    page = replace(PAGE, body=tuple(parts))
    found = split.decks(page, device)
    assert all(split.measure(deck, device) <= device.deck_bytes for deck in found)
    before = "".join(part.text for part in parts if isinstance(part, Line))
    assert "".join(text_of(deck.parts) for deck in found) == before
