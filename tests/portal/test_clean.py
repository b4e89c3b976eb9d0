"""Text that is fit for every edition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from portal import codec
from portal.clean import clean, cleaned, unfit_row
from portal.model import Article, Paragraph, Run


def test_what_no_screen_shows_is_taken_out() -> None:
    """Controls, noncharacters, turned lines; white space and everything else stays."""
    assert clean("公告\x01\x08\x1b[31m\ufffe\u202e通知\n二\t三") == "公告[31m通知\n二\t三"
    article = Article(id="a", url="http://o/", title="公\x00告", blocks=(Paragraph((Run("正\x07文"),)),))
    assert cleaned(article) == Article(
        id="a", url="http://o/", title="公告", blocks=(Paragraph((Run("正文"),)),)
    )


@given(st.text(alphabet=st.characters(codec=None), max_size=80))
def test_any_text_can_stand_in_xml(text: str) -> None:
    """XML 1.0 section 2.2."""
    element = etree.Element("p")
    element.text = clean(text)
    assert etree.fromstring(etree.tostring(element)).text in (
        clean(text).replace("\r", "\n"),
        clean(text),
        None,
    )


@pytest.mark.parametrize("text", ["坏\x01", "坏\x1f", "坏\x7f", "坏\x9f", "\u202e坏", "坏\ud800", "坏\uffff"])
def test_a_row_shows_that_its_item_is_unfit(text: str) -> None:
    """So that a clean item need not be looked through value by value."""
    assert unfit_row(codec.dump_item(Article(id="a", url="", title=text)))


@pytest.mark.parametrize("text", ['好\n\t\r"\\', "好\u3000\ufeff", "\\v00"])
def test_a_clean_row_is_left_alone(text: str) -> None:
    assert not unfit_row(codec.dump_item(Article(id="a", url="", title=text)))
