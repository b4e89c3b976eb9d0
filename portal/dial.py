"""The short numbers of columns, units, matters and articles: the same on television and phone.

    3 digits   a column, as its site file says           4 digits  2001-6999 a matter
    4 digits   7001-8999 a unit                          5 digits  an article: its column's number
                                                                   and a place from 01 to 99
A number that stood for a column, a unit or a matter never stands for anything else: what is printed
on a leaflet stays true. Articles come and go, so their places are handed on as on teletext pages:
the oldest article of the column gives its place to the newest.
Numbers that people know as telephones are never given out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from portal.model import Column, Kind

TELEPHONES = frozenset(("110", "114", "119", "120", "122", "12345", "12367"))
TELEPHONE_PREFIXES = ("95", "123")
MATTERS = range(2001, 7000)
UNITS = range(7001, 9000)
PLACES = 99


@dataclass(frozen=True, slots=True)
class Numbering:
    """What is new: `given` as (number, target), and the targets whose number went to another."""

    given: tuple[tuple[str, str], ...] = ()
    freed: tuple[str, ...] = ()


def is_telephone(number: str) -> bool:
    """Whether people know this number as a telephone."""
    return number in TELEPHONES or number.startswith(TELEPHONE_PREFIXES)


def column_target(column_id: str) -> str:
    """The target of a column."""
    return f"c:{column_id}"


def item_target(item_id: str) -> str:
    """The target of an item."""
    return f"i:{item_id}"


def number(
    known: Mapping[str, str],
    columns: Sequence[Column],
    items: Iterable[tuple[str, Kind, str]],
) -> Numbering:
    """Give numbers to what has none.

    known    every number ever given and its target
    items    (item id, kind, id of its first column), oldest first, all that are published
    """
    taken = dict(known)
    numbered = {target: given for given, target in known.items()}
    given: dict[str, str] = {}
    freed: list[str] = []

    def give(candidate: str, target: str) -> None:
        taken[candidate] = target
        numbered[target] = candidate
        given[candidate] = target

    for column in columns:
        if column.number and column.number not in taken:
            give(column.number, column_target(column.id))
    column_numbers = {column.id: column.number for column in columns}
    free = {Kind.MATTER: _free(MATTERS, taken), Kind.UNIT: _free(UNITS, taken)}
    articles: dict[str, list[str]] = {}
    for item_id, kind, column_id in items:
        target = item_target(item_id)
        if kind in free:
            # Where a kind has run out of numbers, its newest items have none: they are found by name.
            if target not in numbered and (candidate := next(free[kind], None)):
                give(candidate, target)
        elif column_numbers.get(column_id):
            articles.setdefault(column_numbers[column_id], []).append(target)
    for base, targets in articles.items():
        newest = targets[-PLACES:]
        wanted = [target for target in newest if not numbered.get(target, "").startswith(base)]
        keep = {numbered[target] for target in newest if target not in wanted}
        places = (f"{base}{place:02}" for place in _places(keep, base))
        for target, candidate in zip(wanted, places, strict=False):
            if (loser := taken.get(candidate)) and loser != target:
                freed.append(loser)
                numbered.pop(loser, None)
            give(candidate, target)
    return Numbering(tuple(given.items()), tuple(freed))


def _free(numbers: range, taken: Mapping[str, str]) -> Iterator[str]:
    return (str(number) for number in numbers if str(number) not in taken and not is_telephone(str(number)))


def _places(keep: set[str], base: str) -> Iterator[int]:
    """Places of a column that no kept article has, those after the last kept one first."""
    used = {int(number[len(base) :]) for number in keep}
    start = max(used, default=0)
    turn = chain(range(start + 1, PLACES + 1), range(1, start + 1))
    return (place for place in turn if place not in used and not is_telephone(f"{base}{place:02}"))


if __name__ == "__main__":
    import sys

    from portal import dial_leaflet

    sys.exit(dial_leaflet.main(sys.argv[1:]))
