"""Words typed on the digit keys."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search.articles import ArticleSearch
from portal.search.lexicon import Lexicon
from portal.search.opened import State

WORDS = Lexicon(("停水", "退税", "通知", "图书馆", "银行", "的", "ABC", "水", "我们", "停水停电通知书"))


@pytest.mark.parametrize(
    ("digits", "first"),
    [("87", ["停水", "退税"]), ("8464", ["停水"]), ("8", ["停水", "退税", "通知", "图书馆"]), ("94", ["银行"]), ("875", []), ("", [])],
)  # fmt: skip
def test_initials_and_pinyin(digits: str, first: list[str]) -> None:
    """The most frequent first; 银行 by the reading that its word has; what is no word is left out."""
    found = WORDS.find(digits)
    assert found[: len(first)] == first and len(set(found)) == len(found)
    assert first or not found
    assert len(WORDS) == 5


def test_a_word_typed_whole_stands_before_one_begun() -> None:
    """Whatever is more frequent."""
    assert Lexicon(("停水通知", "停水")).find("87") == ["停水", "停水通知"]


@settings(deadline=None)
@given(st.text(max_size=30), st.integers(-2, 20))
def test_any_digits(typed: str, limit: int) -> None:
    """Whatever is asked."""
    assert len(WORDS.find(typed, limit)) <= max(limit, 0)


async def test_words_of_the_index(search: ArticleSearch) -> None:
    """What is offered stands in titles, and is found."""
    assert search.state is State.READY
    offered = await search.words("59")
    assert "驾照" in offered
    for word in (await search.words("5"))[:4]:
        assert (await search.find(word)).total
