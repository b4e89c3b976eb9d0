"""What a search asks for, as one word of an address."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import NotFound
from portal.search import asked
from portal.search.asked import Asked

FULL = Asked("停水", "news", "yaowen", "市水务局", "2026", "有效", "article")


def test_a_token_says_it_all() -> None:
    """There and back, with filters, menus and digits."""
    for each in (
        Asked(),
        FULL,
        FULL.typing("87"),
        Asked(menu="all", section="disclosure"),
        Asked(effect="失效"),
    ):
        assert asked.parse(each.token) == each
        assert set(each.token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def test_changes() -> None:
    """Another section is another column; a value closes the menu; words are put together."""
    assert FULL.with_("section", "open").column == ""
    assert Asked("水", menu="year").with_("year", "2020") == Asked("水", year="2020")
    assert Asked("停水", year="2020").typing("8").with_word("通知") == Asked("停水 通知", year="2020")
    assert FULL.narrowed == (
        ("section", "news"), ("column", "yaowen"), ("unit", "市水务局"), ("year", "2026"), ("effect", "有效"),
        ("kind", "article"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "token",
    ["", "%", "-.x-1", "-.y-20", "-.y-2020.y-2021", "-.n-nowhere", "-.e-w", "-.m-nothing", "-.d-x", "5rC0.u-", "\ud800", "-.k-", "____"],
)  # fmt: skip
def test_what_is_no_token(token: str) -> None:
    """An address of somebody else's is a page that is not there, or a text like any other."""
    try:
        assert isinstance(asked.parse(token), Asked)
    except NotFound as error:
        assert "can be found" in str(error)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=120))
def test_any_text(text: str) -> None:
    """Whatever was typed has a token of a bounded length that reads back."""
    each = Asked(asked.typed(text))
    assert asked.parse(each.token) == each and len(each.token) <= 320
    with suppress(NotFound):
        asked.parse(text)
