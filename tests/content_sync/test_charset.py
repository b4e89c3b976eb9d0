"""Bytes of origin pages as text: wrong, missing and contradicting declarations."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_sync.charset import declaration, decode

SIMPLIFIED = (
    "青澜市人民政府今天公布二〇二五年为民办实事项目，共十大类三十六项，涉及教育、医疗、养老和交通等方面。"
)
TRADITIONAL = "本市今日公布年度施政報告，內容涵蓋教育、醫療、長者服務及公共運輸等多個範疇，歡迎市民提出意見。"


def page(text: str, charset: str, declared: str = "") -> bytes:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    return f"<html><head>{meta}</head><body><p>{text}</p></body></html>".encode(charset)


@pytest.mark.parametrize("declared", ["", "gb2312", "gbk", "utf-8", "big5", "x-unheard-of"])
@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "big5hkscs", "big5hkscs"),
        (TRADITIONAL, "utf-8", "utf-8"),
    ],
)
def test_the_bytes_decide_and_not_the_declaration(text: str, written: str, read: str, declared: str) -> None:
    decoded = decode(page(text, written, declared))
    assert text in decoded.text
    assert decoded.charset == read


def test_a_wrong_declaration_is_mentioned_and_a_right_one_is_not() -> None:
    assert decode(page(SIMPLIFIED, "utf-8", "gb2312")).flags == ("charset-declared-wrong",)
    assert decode(page(SIMPLIFIED, "gbk", "gb2312")).flags == ()


@pytest.mark.parametrize(
    ("mark", "charset"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_decides_and_is_not_text(mark: bytes, charset: str) -> None:
    decoded = decode(mark + SIMPLIFIED.encode(charset), "text/html; charset=big5")
    assert (decoded.text, decoded.charset) == (SIMPLIFIED, charset)


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(charset: str) -> None:
    body = page(SIMPLIFIED, charset)
    assert SIMPLIFIED in decode(body).text
    assert decode(body).charset == charset


def test_one_cut_character_does_not_make_a_page_gbk() -> None:
    body = page(SIMPLIFIED * 3, "utf-8")
    cut = body.replace("教".encode(), "教".encode()[:2], 1)
    decoded = decode(cut)
    assert decoded.charset == "utf-8"
    assert decoded.flags == ("bad-octets",)
    assert "涉及育、医疗" in decoded.text


def test_the_declaration_is_read_from_header_meta_and_xml_but_not_from_scripts() -> None:
    assert declaration(b"", 'text/html; charset="GBK"') == "gbk"
    assert declaration(b'<meta charset="Big5">') == "big5"
    assert declaration(b"<?xml version='1.0' encoding='gb2312'?>") == "gb2312"
    assert declaration(b'<script charset="utf-8" src="a.js"></script>') == ""


@given(st.binary(max_size=400), st.text(max_size=30))
def test_any_bytes_decode(body: bytes, content_type: str) -> None:
    decoded = decode(body, content_type)
    assert isinstance(decoded.text, str)
    assert codecs.lookup(decoded.charset)


@given(st.integers(0, len(SIMPLIFIED) - 6), st.integers(6, 60))
def test_a_short_piece_of_gbk_comes_back_where_it_is_declared(begin: int, length: int) -> None:
    text = SIMPLIFIED[begin : begin + length]
    assert decode(text.encode("gb18030"), "text/html; charset=gbk").text == text


def test_gbk_that_is_utf8_by_chance() -> None:
    # 联通 in GBK is valid UTF-8, of two letters that are not Chinese.
    assert decode("联通".encode("gbk"), "text/html; charset=gb2312").text == "联通"
    assert decode("приём".encode(), "text/html; charset=utf-8").text == "приём"
