"""Which character set a fetched page is read in."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wap.convert.charset import codec_of, decoded

CITY = "市民中心：办证大厅"
META = '<html><head><meta charset="{}"></head><body>{}</body></html>'
OLD_META = '<html><head><META HTTP-EQUIV=Content-Type CONTENT="text/html; charset={}"></head>{}</html>'
XML = '<?xml version="1.0" encoding="{}"?><wml><card><p>{}</p></card></wml>'


@pytest.mark.parametrize(
    ("body", "header", "codec"),
    [
        # HTTP is above all that the page says.
        (META.format("utf-8", CITY).encode("gbk"), "text/html; charset=gb2312", "gb18030"),
        (XML.format("gbk", CITY).encode(), 'text/vnd.wap.wml; charset="UTF-8"', "utf-8"),
        (codecs.BOM_UTF8 + META.format("gbk", CITY).encode(), "text/html;charset=UTF8", "utf-8"),
        # A mark is above a declaration, which is above <meta>.
        (codecs.BOM_UTF8 + XML.format("gbk", CITY).encode(), "text/vnd.wap.wml", "utf-8"),
        (codecs.BOM_UTF16_LE + CITY.encode("utf-16-le"), "", "utf-16-le"),
        (codecs.BOM_UTF16_BE + CITY.encode("utf-16-be"), "text/html", "utf-16-be"),
        (("<?xml version='1.0' encoding='gbk'?>" + META.format("utf-8", CITY)).encode("gbk"), "", "gb18030"),
        (META.format("gb2312", CITY).encode("gbk"), "text/html", "gb18030"),
        (OLD_META.format("gbk", CITY).encode("gbk"), "text/html", "gb18030"),
        # A declaration in UTF-8 without a charset in HTTP is UTF-8, not Latin-1.
        (XML.format("UTF-8", CITY).encode(), "text/vnd.wap.wml", "utf-8"),
        # Nothing, or nothing sensible, is said.
        (CITY.encode(), "text/html", "utf-8"),
        (CITY.encode("gbk"), "text/html", "gb18030"),
        (CITY.encode(), "text/html; charset=klingon", "utf-8"),
        (CITY.encode(), "text/html; charset=base64", "utf-8"),
        (META.format("utf-16", CITY).encode(), "", "utf-8"),
        (codecs.BOM_UTF16_LE + CITY.encode("utf-16-le"), "text/html; charset=utf-16", "utf-16-le"),
    ],
)
def test_precedence(body: bytes, header: str, codec: str) -> None:
    text, found = decoded(body, header)
    assert found == codec
    assert CITY in text
    assert not text.startswith("\ufeff")


@given(st.binary(max_size=300), st.text(max_size=60))
def test_any_octets_are_text(body: bytes, header: str) -> None:
    text, codec = decoded(body, header)
    assert codec_of(codec) == codec
    assert len(text) <= len(body)
