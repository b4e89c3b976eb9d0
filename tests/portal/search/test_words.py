"""The words of texts and queries, what is marked in a snippet, and what sounds alike."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search import words
from portal.search.snippet import mark, snippet
from portal.search.sound import Sounds, sound

ANY = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("駕駛證", ("驾驶证",)),
        ("ＡＢＣ　１２３", ("abc", "123")),
        ("我想问上牌怎么办", ("上牌",)),
        ("机动车驾驶证（驾照）", ("机动车", "驾驶证", "驾照")),
        ("怎么办", ("怎么办",)),
        ("林致远", ("林", "致远")),
        ("水", ("水",)),
        ("...!?", ()),
    ],
)
def test_words_of_a_query(typed: str, expected: tuple[str, ...]) -> None:
    """NFKC, Simplified, brackets, questions, unknown names."""
    assert words.of_query(typed) == expected


@pytest.mark.parametrize(
    "name", ["机动车注册登记", "上牌", "青澜市人民政府", "林致远", "老旧小区加装电梯", "ETC安装", "5G基站"]
)
def test_what_is_typed_stands_in_what_is_written(name: str) -> None:
    """Whatever stands around it, the words of a name are among those of a text with it."""
    for text in (name, f"关于{name}的通知", f"市里今天说，{name}。", f"（{name}）"):
        assert set(words.of_query(name)) <= set(words.of_text(text).split()), text


@settings(deadline=None)
@given(ANY)
def test_any_text(text: str) -> None:
    """Words are short, without blanks, storable and not too many."""
    for word in words.of_query(text):
        assert word.strip() == word and 0 < len(word.encode()) <= words.LONGEST_WORD
    assert (
        len(words.of_query(text)) <= words.MOST_WORDS
        and len(words.finer(words.of_query(text))) <= words.MOST_WORDS
    )
    assert len(words.typed(text)) <= words.MOST_TYPED
    words.of_text(text).encode()
    words.name_key(text).encode()


def test_long_runs_are_no_words() -> None:
    """A line of ten thousand letters is left out of the index."""
    assert words.of_text("a" * 10_000).split() == []


def test_marks() -> None:
    """Every place, the longer word first, in any written form."""
    assert mark("驾照换证，換駕照", ("驾照", "驾照换证")).marks == ((0, 4), (6, 8))
    assert mark("ＡＢＣ", ("abc",)).marks == ((0, 3),)
    assert mark("一㍿水", ("水",)).marks == ((2, 3),)
    assert mark("没有", ("水",)).marks == ()


def test_a_snippet_begins_with_a_sentence_and_shows_most_words() -> None:
    """Of two places the one with more of the words."""
    text = (
        "今天天气很好。" * 9 + "停水通知来了。" + "别的事。" * 20 + "明天停水，请储水三桶。" + "再见。" * 40
    )
    shown = snippet(text, ("停水", "储水"), 40)
    assert shown.text.startswith("明天停水，请储水三桶。") and shown.text.endswith("…")
    assert [shown.text[start:stop] for start, stop in shown.marks] == ["停水", "储水"]
    assert snippet("没有这个词。\n第二行", ("水",)).text == "没有这个词。"
    assert snippet("", ("水",)).text == ""


@settings(deadline=None)
@given(ANY, st.lists(st.text(st.characters(), max_size=4), max_size=4), st.integers(1, 80))
def test_any_snippet(text: str, wanted: list[str], width: int) -> None:
    """Marks lie in the text and not over each other, and hold a wanted word or its start."""
    shown = snippet(text, wanted, width)
    assert len(shown.text) <= width + 2
    last = 0
    for start, stop in shown.marks:
        assert last <= start < stop <= len(shown.text)
        last = stop


SOUNDS = Sounds(("住房公积金提取", "驾照换证", "居民身份证换领", "老年证", "低保", "市图书馆"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("公鸡金", "公积金"), ("甲照换正", "驾照换证"), ("身粉证", "身份证"), ("脑年证", "老年证"),
        ("市土书管", "市图书馆"), ("家照幻政", "驾照换证"),
    ],
)  # fmt: skip
def test_what_sounds_alike(typed: str, meant: str) -> None:
    """Homophones, n and l, flat and curled tongues."""
    assert SOUNDS.nearest(typed) == meant


@pytest.mark.parametrize("typed", ["", "天气预报怎么样", "x", "驾照换证", "12345", "\ud800"])
def test_what_sounds_like_nothing(typed: str) -> None:
    """Nothing near, or the name itself."""
    assert SOUNDS.nearest(typed) in ("", "驾照")


@settings(deadline=None)
@given(ANY)
def test_any_sound(text: str) -> None:
    """Any text has a sound and an answer."""
    assert isinstance(sound(text), str) and isinstance(SOUNDS.nearest(text), str)
