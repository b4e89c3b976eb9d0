"""Traditional Chinese: whole rows read as what is converted text by text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import codec
from portal.hant import in_hant, row_in_hant
from portal.model import (
    AnyItem,
    Article,
    Attachment,
    Case,
    Disclosure,
    Effect,
    Field,
    Image,
    Paragraph,
    Run,
)
from tests import sample

TRICKY = (
    Article(id="a", url="http://o/图片/发布.html", title='说"头发"\\发展\n发现'),
    Article(id="a", url="http://o/", title='"url":"头发"', summary='\\"href\\":\\"后面\\"'),
    Article(id="a", url="http://o/", title="T恤", blocks=(Attachment("http://o/附件/表格.doc", "表格.doc"),)),
    Article(id="a", url="http://o/", title="图", blocks=(Image("http://o/后.jpg", "皇后", "以后"),)),
    Article(
        id="a", url="", title="", blocks=(Paragraph((Run("干", strong=True), Run("净", href="http://后/"))),)
    ),
    Disclosure(
        id="d", url="http://o/", title="办法", effect=Effect.REPEALED, fields=(Field("有效性", "废止"),)
    ),
    Case(id="c", url="http://o/", title="许可", state="办结", result="准予许可"),
)


@pytest.mark.parametrize("item", [*TRICKY, *sample.items()])
def test_a_row_is_converted_as_its_item_is(item: AnyItem) -> None:
    assert row_in_hant(codec.dump_item(item)) == codec.dump_item(in_hant(item))


@given(st.lists(st.text('发后干面里头T恤n"\\:,{}[]\n\t表 url'), max_size=6))
def test_any_texts_are_converted_alike(texts: list[str]) -> None:
    item = Article(id="a", url="http://o/", title="".join(texts),
                   blocks=tuple(Paragraph((Run(text),)) for text in texts))  # fmt: skip
    assert row_in_hant(codec.dump_item(item)) == codec.dump_item(in_hant(item))


def test_names_and_enums_stay() -> None:
    """An address is one in every written form, and so is the value of an enum."""
    row = row_in_hant(codec.dump_item(TRICKY[5]))
    assert '"effect":"废止"' in row and '"value":"廢止"' in row
    assert "http://o/图片/发布.html" in row_in_hant(codec.dump_item(TRICKY[0]))
