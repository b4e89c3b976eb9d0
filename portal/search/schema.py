"""What the article index holds of an item, and how an item is found in it.

fields of a document
    id, kind, title, published                                what a hit shows while Redis is away
    name          the title and each everyday name, whole     words    title and everyday names, split
    letters       their characters, each once                 all      words of title and body
    column, unit, year, effect, kind                          what a search can be narrowed by
    case          digits of a case's number              until     when it can no longer be done
    day           its own date: what lists are sorted by
    weight        what a score is multiplied by: newer counts a little more, and a service more than its news

Nothing of the body is stored: a snippet is cut from the mirror's row, which is never older than the index.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import tantivy

from portal.model import AnyItem, Case, Disclosure, Head, Kind, Matter
from portal.search import words
from portal.search.deadline import as_number, until_of
from portal.search.plain import text_of, unit_of, year_of

VERSION = 2
"""Grows with every change of what is indexed or how: an index of another version is made anew."""

CASE_DIGITS = 40

TITLE = 1_000
"""Octets of a title that are kept."""

BODY = 60_000
"""Characters of a body that are searched."""

_RAW = ("column", "unit", "year", "effect", "case")
COUNTED = ("column", "unit", "year", "effect", "kind")
"""What hits are counted by."""
_BASIC = "basic"
_OLDEST_YEAR = 1990
_SERVICE_WEIGHT = 2.0
_NOT_DATED_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to; "" or () leaves it wide.

    columns  ids of columns, any of them            unit    the name of a public body
    year     four digits                            effect  有效, 失效 or 废止         kind  a Kind's value
    """

    columns: tuple[str, ...] = ()
    unit: str = ""
    year: str = ""
    effect: str = ""
    kind: str = ""


def _build() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "kind"):
        builder.add_text_field(
            name, stored=True, tokenizer_name="raw", index_option=_BASIC, fast=name in COUNTED
        )
    for name in ("title", "published"):
        builder.add_bytes_field(name, stored=True)
    for name in ("name", *_RAW):
        builder.add_text_field(name, tokenizer_name="raw", index_option=_BASIC, fast=name in COUNTED)
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("letters", tokenizer_name="whitespace", index_option=_BASIC)
    builder.add_text_field("all", tokenizer_name="whitespace", index_option="freq")
    builder.add_float_field("weight", fast=True)
    builder.add_integer_field("until", fast=True, indexed=True)
    builder.add_integer_field("day", fast=True)
    return builder.build()


SCHEMA = _build()


def document(item: AnyItem, head: Head) -> tantivy.Document:
    """An item as the index takes it."""
    everyday = item.everyday_names if isinstance(item, Matter) else ()
    names = (item.title, *everyday)
    told = " ".join(words.of_text(name) for name in names)
    body = words.of_text(text_of(item)[:BODY])
    return tantivy.Document(
        id=head.id,
        kind=head.kind.value,
        title=item.title.encode()[:TITLE],
        published=item.published.encode(),
        name=[words.name_key(name) for name in names],
        words=told,
        letters=" ".join(words.letters("".join(names))),
        all=f"{told} {body}",
        column=list(item.columns),
        unit=words.name_key(unit_of(item)),
        year=year_of(item),
        effect=item.effect.value if isinstance(item, Disclosure) else "",
        weight=weight(head.kind, item.published),
        case=re.sub(r"\D", "", item.case_no)[:CASE_DIGITS] if isinstance(item, Case) else "",
        until=as_number(until_of(item)),
        day=as_number(item.published),
    )


def weight(kind: Kind, published: str) -> float:
    """What the score of an item is multiplied by.

    A year makes a fiftieth and a day the 365th of that: among equals the newer one comes first, and a much
    better match stays before a newer one.
    """
    if kind in (Kind.MATTER, Kind.UNIT):
        return _SERVICE_WEIGHT
    try:
        year, month, day = int(published[:4]), int(published[5:7]), int(published[8:10])
    except ValueError:
        return _NOT_DATED_WEIGHT
    years = year - _OLDEST_YEAR + (month - 1) / 12 + (day - 1) / 372
    return _NOT_DATED_WEIGHT + min(max(years, 0.0), 100.0) / 50
