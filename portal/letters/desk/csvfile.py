"""Rows as CSV that a spreadsheet opens as text: Excel reads UTF-8 by its mark, and no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from portal.clean import clean

MARK = "\ufeff"

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet would compute (OWASP, CSV injection)."""


def cell(value: str | int | float) -> str:
    """One cell. A text that would be a formula gets an apostrophe in front, as spreadsheets write text."""
    if isinstance(value, int | float):
        return str(value)
    text = clean(value).replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.lstrip(" \u3000").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def to_csv(head: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> bytes:
    """A table as the octets of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([cell(each) for each in head])
    writer.writerows([cell(each) for each in row] for row in rows)
    return (MARK + out.getvalue()).encode()
