"""Attachments are files of their format."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import pytest

from demo.city import City
from demo.files import TYPES, make


def test_each_format_opens() -> None:
    given = ("申请表", "青澜市民政局", "2026-11-20")
    pdf = make(given[0], "pdf", *given[1:])
    assert pdf.startswith(b"%PDF-1.4") and pdf.endswith(b"%%EOF\n")
    start = int(pdf.rpartition(b"startxref\n")[2].split()[0])
    assert pdf[start:].startswith(b"xref")
    for number, line in enumerate(pdf[start:].splitlines()[3:10], 1):
        assert pdf[int(line.split()[0]) :].startswith(b"%d 0 obj" % number)
    assert make(given[0], "doc", *given[1:]).startswith(b"{\\rtf1")
    assert "申请表" in "".join(ElementTree.fromstring(make(given[0], "xls", *given[1:])).itertext())
    with zipfile.ZipFile(io.BytesIO(make(given[0], "zip", *given[1:]))) as archive:
        assert archive.testzip() is None and archive.namelist() == ["form.doc"]


def test_no_other_format() -> None:
    with pytest.raises(ValueError, match="exe"):
        make("a", "exe", "b", "2026-01-01")


def test_the_city_has_all_formats(city: City) -> None:
    from demo.blocks import files

    assert {file.format for entry in city.listed for file in files(entry.text)} == set(TYPES)
