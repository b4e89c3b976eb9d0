"""The reading side of the article index: what words find, the best first.

Three questions are put one after the other, until one finds something: all words; all words in shorter
pieces; half of the pieces. Each lists what has the words in its title or names before what has them in
its body; a name typed whole stands before all. Those with the words in their title are equals: services
first, then the newer ones, then the shorter titles. The others stand by BM25 times the item's weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import tantivy
from tantivy import Occur, Query

from portal.search import words
from portal.search.schema import SCHEMA, Filters

DEEPEST = 10_000
"""Places of a result that can be turned to; nobody pages further."""

MOST_PAGE = 200
SHORT = 2
"""Characters of a word that is also found as the beginning of longer ones."""

ENDINGS = 12
"""Longer words that a short one is taken for."""

SELDOM = 100
"""Documents: a word of `SHORT` characters that more of them have is not looked for in longer words."""

_WHOLE_NAME = 1_000.0
_SHORTER_TITLE = 2e-6
"""Of a score of BM25, below 30: less than one day makes in `schema.weight`."""

_LONGER_WORD = 0.5


class How(StrEnum):
    """Which question found the hits."""

    ALL = "all"
    PIECES = "pieces"
    HALF = "half"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What the index itself knows of a hit."""

    id: str
    kind: str
    title: str
    published: str


@dataclass(frozen=True, slots=True)
class Result:
    """Hits of a search: `cards` from place `start` of `total`, and the words that they have."""

    cards: tuple[Card, ...] = ()
    total: int = 0
    words: tuple[str, ...] = ()
    how: How = How.NONE


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as queries: in the names alone, and anywhere; `one` is its only word, if not narrowed."""

    names: Query
    anywhere: Query
    one: str = ""


def search(
    searcher: tantivy.Searcher,
    text: str,
    filters: Filters,
    start: int,
    count: int,
    others: Sequence[str] = (),
) -> Result:
    """What a text finds.

    others  official names that the text stands for (驾照: 机动车驾驶证); each is asked for as well
    """
    asked = words.of_query(text)
    if not asked or start < 0 or start >= DEEPEST:
        return Result(words=asked)
    for how, used, ask in _questions(searcher, text, asked, filters, others):
        result = _page(searcher, ask(), start, min(count, MOST_PAGE))
        if result.total:
            return Result(result.cards, result.total, used, how)
    return Result(words=asked)


def meant(searcher: tantivy.Searcher, text: str, filters: Filters, others: Sequence[str] = ()) -> Query:
    """All that a text finds, as one query, for counting; whatever the filters leave where it has no word."""
    asked = words.of_query(text)
    if not asked:
        return Query.empty_query() if text else everything(filters)
    for _, _, ask in _questions(searcher, text, asked, filters, others):
        found = Query.const_score_query(ask().anywhere, 1.0)
        if count_of(searcher.search(found, limit=1)):
            return found
    return Query.empty_query()


def everything(filters: Filters) -> Query:
    """All that the filters leave."""
    return Query.boolean_query([(Occur.Must, Query.all_query()), *_narrow(filters)])


_Question = tuple[How, tuple[str, ...], Callable[[], Asked]]


def _questions(
    searcher: tantivy.Searcher, text: str, asked: tuple[str, ...], filters: Filters, others: Sequence[str]
) -> Iterator[_Question]:
    """The questions in their order, each with the words that its hits have."""
    pieces = words.finer(asked)
    alternatives = [words.of_query(other) for other in others]
    telling = tuple(word for word in pieces if len(word) > 1) or tuple(
        word for word in asked if len(word) > 1
    )
    most = -(-len(telling) // 2)
    questions: list[_Question] = [
        (How.ALL, asked, lambda: _all(searcher, asked, alternatives, words.name_key(text), filters)),
        (How.PIECES, pieces, lambda: _all(searcher, pieces, (), "", filters)),
        (How.HALF, telling, lambda: _half(searcher, telling, most, filters)),
    ]
    for how, used, ask in questions:
        if (how is How.PIECES and pieces == asked) or (how is How.HALF and most in (0, len(pieces))):
            continue
        yield how, tuple(dict.fromkeys((*used, *(word for each in alternatives for word in each)))), ask


def _page(searcher: tantivy.Searcher, asked: Asked, start: int, count: int) -> Result:
    """The hits from `start`: those by name first, then the others."""
    count = max(count, 0)
    named = searcher.search(asked.names, limit=max(count, 1), offset=start, weight_by_field="weight")
    of_names = count_of(named)
    found = [address for _, address in named.hits][:count]
    missing = count - len(found)
    more = Query.boolean_query([(Occur.Must, asked.anywhere), (Occur.MustNot, asked.names)])
    if missing:
        rest = searcher.search(more, limit=missing, offset=max(0, start - of_names), weight_by_field="weight")
        found += [address for _, address in rest.hits]
        total = of_names + count_of(rest)
    elif asked.one:
        total = searcher.doc_freq("all", asked.one)
    else:
        total = count_of(searcher.search(Query.const_score_query(asked.anywhere, 1.0), limit=1))
    return Result(tuple(card_at(searcher, address) for address in found), max(total, of_names))


def count_of(found: tantivy.SearchResult) -> int:
    """How many there are in all; the engine's types do not know of it."""
    return int(getattr(found, "count", 0) or 0)


def card_at(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> Card:
    """What the index knows of a document."""
    found = searcher.doc(address)
    return Card(
        id=str(found.get_first("id")),
        kind=str(found.get_first("kind")),
        title=bytes(found.get_first("title") or b"").decode("utf-8", "ignore"),
        published=bytes(found.get_first("published") or b"").decode("utf-8", "ignore"),
    )


def _all(
    searcher: tantivy.Searcher,
    asked: Sequence[str],
    alternatives: Sequence[Sequence[str]],
    key: str,
    filters: Filters,
) -> Asked:
    """Documents that have every word, or every word of an alternative."""
    narrow = _narrow(filters)
    ways = [(word, _longer(searcher, word)) for word in asked]
    names = _either(
        [_every([_in_names(*way) for way in ways]), *(_plain(each, "words") for each in alternatives)]
    )
    anywhere = _either(
        [_every([_anywhere(*way) for way in ways]), *(_plain(each, "all") for each in alternatives)]
    )
    whole = Query.const_score_query(Query.term_query(SCHEMA, "name", key), _WHOLE_NAME) if key else None
    equals = _equals(names) + ([(Occur.Should, whole)] if whole is not None else [])
    alone = len(asked) == 1 and not narrow and not alternatives and not ways[0][1]
    return Asked(
        Query.boolean_query([*narrow, *equals]),
        Query.boolean_query([*narrow, (Occur.Must, anywhere)]),
        asked[0] if alone else "",
    )


def _half(searcher: tantivy.Searcher, asked: Sequence[str], least: int, filters: Filters) -> Asked:
    """Documents that have at least so many of the words."""
    narrow = _narrow(filters)

    def enough(queries: Sequence[Query]) -> Query:
        return Query.boolean_query(
            [(Occur.Should, each) for each in queries], minimum_number_should_match=least
        )

    names = enough([_in_names(word, ()) for word in asked])
    anywhere = enough([_anywhere(word, ()) for word in asked])
    return Asked(
        Query.boolean_query([*narrow, (Occur.Must, names)]),
        Query.boolean_query([*narrow, (Occur.Must, anywhere)]),
    )


def _equals(names: Query) -> list[tuple[Occur, Query]]:
    """What has the words in its title counts alike, but for a trace of how much of the title they are."""
    return [
        (Occur.Must, Query.const_score_query(names, 1.0)),
        (Occur.Should, Query.boost_query(names, _SHORTER_TITLE)),
    ]


def _in_names(word: str, longer: Sequence[str]) -> Query:
    if len(word) == 1:
        return _term("letters", word)
    return _either(
        [_term("words", word), *(Query.boost_query(_term("words", each), _LONGER_WORD) for each in longer)]
    )


def _anywhere(word: str, longer: Sequence[str]) -> Query:
    found = [_term("all", word), *(Query.boost_query(_term("all", each), _LONGER_WORD) for each in longer)]
    return _either([*found, _term("letters", word)] if len(word) == 1 else found)


def _plain(asked: Sequence[str], field: str) -> Query:
    return _every([_term(field, word) for word in asked]) if asked else Query.empty_query()


def _longer(searcher: tantivy.Searcher, word: str) -> tuple[str, ...]:
    """Longer words that begin with a short one, the most frequent first."""
    if len(word) > SHORT or (len(word) == SHORT and searcher.doc_freq("all", word) > SELDOM):
        return ()
    found = searcher.terms_with_prefix("all", word, limit=ENDINGS + 1)
    return tuple(term for term, _ in found if term != word)[:ENDINGS]


def _narrow(filters: Filters) -> list[tuple[Occur, Query]]:
    queries = [
        _term(field, value)
        for field, value in (
            ("unit", words.name_key(filters.unit)), ("year", filters.year), ("effect", filters.effect),
            ("kind", filters.kind),
        )
        if value
    ]  # fmt: skip
    if filters.columns:
        queries.append(Query.term_set_query(SCHEMA, "column", list(filters.columns)))
    return [(Occur.Must, Query.const_score_query(query, 0.0)) for query in queries]


def _term(field: str, word: str) -> Query:
    return Query.term_query(SCHEMA, field, word)


def _every(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, each) for each in queries])


def _either(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(list(queries), 0.1)
