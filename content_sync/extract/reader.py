"""Reads page after page, each column's without the furniture that its pages share.

What is furniture is learnt from two pages of a column that are read whole, and tried against pages that
are read both ways: each of the next few, then every 64th. A page that reads otherwise without furniture, or
that lacks most of it, is read whole; what was learnt is then forgotten and learnt anew, a few times.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from content_sync.extract.furniture import needless, shared, without
from content_sync.extract.page import Extracted
from content_sync.extract.reading import Opened, open_page, read_text

LARGE = 200_000
"""Octets of a page from which nothing is learnt and which is read whole."""
MOST_COLUMNS = 64
"""Columns whose furniture is remembered."""
MOST_LESSONS = 6
"""How often a column's furniture is learnt; then its pages are read whole."""
MOST_READ = 1_000_000
"""Characters that are read for one lesson."""
FIRST, EVERY = 4, 64
"""Pages behind a lesson that are read both ways, and which of the later ones."""
FEW = 3
"""Pages without furniture, one after the other, before it is learnt anew."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A page, and what was read of it."""

    opened: Opened
    url: str
    page: Extracted

    def alike(self, furniture: Sequence[str], hint: str) -> bool:
        """Whether it reads the same without these stretches."""
        return read_text(self.opened, without(self.opened.text, furniture), self.url, hint) == self.page


@dataclass(slots=True)
class _Column:
    """What is remembered of a column.

    last       a page that was read whole and waits for another to be compared with
    furniture  what its pages are read without      saved    characters of it
    seen       pages since it was learnt            strange  pages in a row that lacked it
    lessons    how often it was learnt
    """

    last: _Read | None = None
    furniture: tuple[str, ...] = ()
    saved: int = 0
    seen: int = 0
    strange: int = 0
    lessons: int = 0


class Reader:
    """`extract` with a memory. Not for several threads at a time."""

    def __init__(self) -> None:
        self._columns: OrderedDict[str, _Column] = OrderedDict()

    def read(self, body: bytes, url: str, content_type: str, hint: str, column: str) -> Extracted:
        """Read an item's page as `extract` does; `column` names pages that are likely to look alike.

        raises  NotAPage
        """
        opened = open_page(body, url, content_type)
        if isinstance(opened, Extracted):
            return opened
        if len(body) >= LARGE:
            return read_text(opened, opened.text, url, hint)
        key = f"{hint} {column}"
        known = self._columns.get(key)
        if known is None:
            known = self._columns[key] = _Column()
            if len(self._columns) > MOST_COLUMNS:
                self._columns.popitem(last=False)
        else:
            self._columns.move_to_end(key)
        if known.furniture:
            return _without_furniture(known, opened, url, hint)
        read = _Read(opened, url, read_text(opened, opened.text, url, hint))
        if known.lessons < MOST_LESSONS:
            _learn(known, read, hint)
        return read.page


def _without_furniture(known: _Column, opened: Opened, url: str, hint: str) -> Extracted:
    rest = without(opened.text, known.furniture)
    lacks = (len(opened.text) - len(rest)) * 2 < known.saved
    known.seen += 1
    known.strange = known.strange + 1 if lacks else 0
    if not lacks and known.seen > FIRST and known.seen % EVERY:
        return read_text(opened, rest, url, hint)
    read = _Read(opened, url, read_text(opened, opened.text, url, hint))
    if known.strange > FEW or not (lacks or read.alike(known.furniture, hint)):
        known.furniture, known.last = (), read
    return read.page


def _learn(known: _Column, read: _Read, hint: str) -> None:
    """Compare a page with the one before it, or keep it for the next."""
    last, known.last = known.last, read
    if last is None:
        return
    known.lessons += 1
    left = MOST_READ

    def alike(furniture: Sequence[str]) -> bool:
        nonlocal left
        left -= len(last.opened.text) + len(read.opened.text)
        return left >= 0 and last.alike(furniture, hint) and read.alike(furniture, hint)

    known.furniture = needless(shared(last.opened.text, read.opened.text), alike)
    known.saved, known.seen, known.strange = sum(map(len, known.furniture)), 0, 0
    if known.furniture:
        known.last = None
