"""Lists that need no words: the newest of a kind, the nearest deadlines, cases by number, and counts.

Counts say how a search can be narrowed: how many hits stand under each column, unit, year, effect, kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import tantivy
from tantivy import FieldType, Occur, Order, Query

from portal.search.reader import DEEPEST, MOST_PAGE, Result, card_at, count_of, everything, meant
from portal.search.schema import CASE_DIGITS, COUNTED, SCHEMA, Filters

MOST_VALUES = 200
"""Values of one field that are counted: units of a city, years of its files."""

LATEST = 10**13
FEWEST_DIGITS = 4
"""Digits of a case's number from which on its whole number is guessed."""

MOST_GUESSES = 8

Counts = Mapping[str, Sequence[tuple[str, int]]]
"""Field (section, column, unit, year, effect, kind) -> (value, how many), most first; years newest first."""


def newest(searcher: tantivy.Searcher, filters: Filters, start: int, count: int) -> Result:
    """What the filters leave, the newest first."""
    return _ordered(searcher, everything(filters), "day", Order.Desc, start, count)


def nearest(searcher: tantivy.Searcher, now: int, filters: Filters, start: int, count: int) -> Result:
    """What ends at `now` (YYYYMMDDHHMM) or later, the nearest end first."""
    ahead = Query.range_query(SCHEMA, "until", FieldType.Integer, now, LATEST)
    query = Query.boolean_query([(Occur.Must, ahead), (Occur.Must, everything(filters))])
    return _ordered(searcher, query, "until", Order.Asc, start, count)


def case(searcher: tantivy.Searcher, digits: str) -> Result:
    """Cases whose number has these digits, or begins with them."""
    digits = digits[:CASE_DIGITS]
    if len(digits) < FEWEST_DIGITS:
        return Result()
    terms = [term for term, _ in searcher.terms_with_prefix("case", digits, limit=MOST_GUESSES)]
    if not terms:
        return Result()
    query = Query.term_set_query(SCHEMA, "case", terms)
    return _ordered(searcher, query, "day", Order.Desc, 0, MOST_GUESSES)


def counts(
    searcher: tantivy.Searcher,
    text: str,
    filters: Filters,
    others: Sequence[str] = (),
    sections: Mapping[str, Sequence[str]] | None = None,
) -> Counts:
    """How many hits stand under each value of each field.

    sections  section -> ids of its columns; what stands in several of them is one hit of the section
    """
    query = meant(searcher, text, filters, others)
    asked = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in COUNTED}
    found = searcher.aggregate(query, asked)
    counted = {
        name: [(str(each["key"]), int(each["doc_count"])) for each in found[name]["buckets"] if each["key"]]
        for name in COUNTED
    }
    for name, values in counted.items():
        values.sort(key=lambda pair: (-pair[1], pair[0]))
        if name == "year":
            values.sort(reverse=True)
    counted["section"] = [
        (name, count)
        for name, columns in (sections or {}).items()
        if (count := _count_in(searcher, query, columns))
    ]
    return counted


def _count_in(searcher: tantivy.Searcher, query: Query, columns: Sequence[str]) -> int:
    if not columns:
        return 0
    inside = Query.const_score_query(Query.term_set_query(SCHEMA, "column", list(columns)), 0.0)
    both = Query.boolean_query([(Occur.Must, query), (Occur.Must, inside)])
    return count_of(searcher.search(both, limit=1))


def _ordered(
    searcher: tantivy.Searcher, query: Query, field: str, order: Order, start: int, count: int
) -> Result:
    if not 0 <= start < DEEPEST:
        return Result()
    found = searcher.search(
        query, limit=max(1, min(count, MOST_PAGE)), offset=start, order_by_field=field, order=order
    )
    addresses = [address for _, address in found.hits][:count]
    return Result(tuple(card_at(searcher, address) for address in addresses), count_of(found))
