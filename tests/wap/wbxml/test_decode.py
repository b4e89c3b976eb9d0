"""The decoder: whatever the octets, a document or one named error, soon."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.wap.wbxml.conftest import wml
from wap.wbxml import BadWbxml, compile_xml, decode

GOOD = compile_xml(
    wml(
        '<do type="accept" label="下页"><go href="http://www.example.com/$(x)"/></do>'
        '<p>阳光 $$5 $(x:e)<b>b</b><img src="a" alt="阳光"/><odd way="a">阳光</odd></p>'
    )
)


@pytest.mark.parametrize(
    ("hexadecimal", "says"),
    [
        ("", "cut off"),
        ("09", "not known"),
        ("01046a", "cut off"),
        ("01046aff7f", "string table"),
        ("01ff7f6a00", "document type"),
        ("0104810000 3f", "character set"),
        ("01046a00 7f", "cut off"),
        ("01046a00 3f3f", "after the end"),
        ("01046a00 01", "END"),
        ("01046a00 0a", "tag token"),
        ("01046a00 7f 8305 01", "string table"),
        ("01046a00 7f 03ff00 01", "not utf-8"),
        ("01046a00 7f 030100 01", "control character"),
        ("01046a00 7f 0301", "without its end"),
        ("01046a00 7f 0290808080808000 01", "five octets"),
        ("01046a00 7f 028380b000 01", "no character"),
        ("01046a00 bf 8901", "without its attribute"),
        ("01046a00 bf 8301", "without its attribute"),
        ("01046a00 bf 7f01", "attribute token"),
        ("01046a00 7f c0 01", "extension"),
        ("01046a00 7f c3ff01 01", "opaque"),
        ("01046a00 7f 0007", "code page"),
        ("01046a00 0361 00", "outside"),
        ("01046a03616263 04 00", "without its end"),
        ("01046a04222e0000 04 00", "not a name"),
    ],
)
def test_bad_octets_are_named(hexadecimal: str, says: str) -> None:
    with pytest.raises(BadWbxml, match=says):
        decode(bytes.fromhex(hexadecimal))


def test_a_document_with_its_public_id_in_the_table() -> None:
    name = b"-//WAPFORUM//DTD WML 1.3//EN\0"
    octets = b"\x01\x00\x00\x6a" + bytes((len(name),)) + name + b"\x7f\x01"
    assert "WML 1.3" in decode(octets)


def test_processing_instructions_are_dropped() -> None:
    assert decode(bytes.fromhex("01046a00 43 550361 00 01 7f 43 55 01 01")).endswith("<wml></wml>\n")


def test_references_cannot_swell_without_end() -> None:
    table = b"x" * 60_000 + b"\0"
    head = b"\x01\x04\x6a" + bytes((0x83, 0xD4, 0x61)) + table
    with pytest.raises(BadWbxml, match="longer than"):
        decode(head + b"\x7f" + b"\x83\x00" * 1_000 + b"\x01")
    with pytest.raises(BadWbxml, match="stand in one another"):
        decode(b"\x01\x04\x6a\x00" + b"\x7f" * 100_000)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80))
def test_random_octets(octets: bytes) -> None:
    for head in (b"", b"\x01\x0a\x6a\x04ab\0c", b"\x03\x05\x6a\x00"):
        _document_or_error(head + octets)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mutated_decks(data: st.DataObject) -> None:
    octets = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    _document_or_error(bytes(octets[: data.draw(st.integers(0, len(octets)))]))


def _document_or_error(octets: bytes) -> None:
    try:
        text = decode(octets)
    except BadWbxml:
        return
    etree.fromstring(text.encode(), etree.XMLParser(load_dtd=False, resolve_entities=False, recover=True))
