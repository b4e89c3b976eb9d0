"""Reads page after page, and remembers of each column how its pages are made.

Two things are learnt from pages that are read in full: the furniture that they share, and the frame that
their template writes around its gaps. A page that fits the frame is read by its gaps, any other without
furniture. Both are tried against pages that are read in full as well: each of the next few, then every 64th.
Where the two readings differ, that in full is believed, and what was learnt is forgotten and learnt anew, a
few times.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from content_sync.extract.frame import Frame, Known, learn
from content_sync.extract.furniture import needless, shared, without
from content_sync.extract.page import Extracted
from content_sync.extract.reading import Opened, open_page, read_text

LARGE = 200_000
"""Octets of a page from which nothing is learnt and which is read in full."""
MOST_COLUMNS = 32
"""Columns of which anything is remembered."""
MOST_LESSONS = 4
"""How often a column's furniture, or its frame, is learnt; then its pages are read without."""
MOST_READ = 1_000_000
"""Characters that are read for one lesson."""
FIRST, EVERY = 4, 64
"""Pages behind a lesson that are read both ways, and which of the later ones."""
FEW = 3
"""Pages without furniture, one after the other, before it is learnt anew."""
SAMPLES = 4
"""Pages that a frame is learnt from; as many that do not fit make it be learnt anew from both."""
MOST_PASSED = 12
"""Pages of one moment of which one is kept."""
FRAMED = 60_000
"""Characters of a page from which a frame is learnt."""
MOSTLY = 16
"""A frame that fits so many times as many pages as it does not is good enough."""


@dataclass(slots=True)
class _Furniture:
    """What pages are read without.

    saved    characters of it                  seen  pages since it was learnt
    strange  pages in a row that lacked it     last  a page that waits for another to be compared with
    """

    stretches: tuple[str, ...] = ()
    saved: int = 0
    seen: int = 0
    strange: int = 0
    lessons: int = 0
    last: Known | None = None


@dataclass(slots=True)
class _Framing:
    """A frame, the pages that it was learnt from, some of those since that do not fit.

    fitted  pages since that fit, and `missed` those that do not
    passed  pages in a row that were not kept, since they are of the same moment as the last one that was:
            what all pages of a day have in common is no part of a template
    """

    frame: Frame | None = None
    learnt_from: list[Known] = field(default_factory=list)
    unfit: list[Known] = field(default_factory=list)
    fitted: int = 0
    missed: int = 0
    passed: int = 0
    lessons: int = 0


@dataclass(slots=True)
class _Column:
    furniture: _Furniture = field(default_factory=_Furniture)
    framing: _Framing = field(default_factory=_Framing)


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
        known = self._known(f"{hint} {column}")
        if (frame := known.framing.frame) and (page := frame.read(opened, url)):
            known.framing.fitted += 1
            if known.framing.fitted > FIRST and known.framing.fitted % EVERY:
                return page
            whole = Known(opened, url, read_text(opened, opened.text, url, hint))
            if page != whole.page:
                known.framing = _Framing(lessons=known.framing.lessons + 1)
            return whole.page
        whole = Known(opened, url, _without_furniture(known.furniture, opened, url, hint))
        _learn_frame(known.framing, whole, hint)
        return whole.page

    def _known(self, key: str) -> _Column:
        known = self._columns.get(key)
        if known is None:
            known = self._columns[key] = _Column()
            if len(self._columns) > MOST_COLUMNS:
                self._columns.popitem(last=False)
        else:
            self._columns.move_to_end(key)
        return known


def _learn_frame(known: _Framing, whole: Known, hint: str) -> None:
    """Keep a page that fits no frame, and learn from such pages when there are enough of them."""
    if known.lessons >= MOST_LESSONS or len(whole.opened.text) > FRAMED:
        known.unfit, known.learnt_from = [], []
        return
    if known.frame and known.frame.holds(whole.opened.text):
        return  # nothing can be learnt from what is odd about its body
    known.missed += 1
    if known.unfit and known.unfit[-1].page.published == whole.page.published and known.passed < MOST_PASSED:
        known.passed += 1
        return
    known.passed = 0
    known.unfit.append(whole)
    if len(known.unfit) < SAMPLES:
        return
    samples, known.unfit = known.unfit, []
    if known.frame and known.fitted >= MOSTLY * known.missed:
        return
    known.lessons += 1
    samples = [*known.learnt_from[:SAMPLES], *samples]
    if found := learn(samples, hint):
        known.frame, known.learnt_from, known.fitted, known.missed = found, samples, 0, 0
    elif known.frame is None:
        known.learnt_from = samples[-SAMPLES // 2 :]


def _without_furniture(known: _Furniture, opened: Opened, url: str, hint: str) -> Extracted:
    """The page, read in full or without furniture."""
    if known.stretches:
        rest = without(opened.text, known.stretches)
        lacks = (len(opened.text) - len(rest)) * 2 < known.saved
        known.seen += 1
        known.strange = known.strange + 1 if lacks else 0
        if not lacks and known.seen > FIRST and known.seen % EVERY:
            return read_text(opened, rest, url, hint)
    whole = Known(opened, url, read_text(opened, opened.text, url, hint))
    if not known.stretches:
        if known.lessons < MOST_LESSONS:
            _learn_furniture(known, whole, hint)
    elif known.strange > FEW or not (lacks or _alike(whole, known.stretches, hint)):
        known.stretches, known.last = (), whole
    return whole.page


def _alike(whole: Known, stretches: Sequence[str], hint: str) -> bool:
    """Whether a page reads the same without these stretches."""
    return read_text(whole.opened, without(whole.opened.text, stretches), whole.url, hint) == whole.page


def _learn_furniture(known: _Furniture, whole: Known, hint: str) -> None:
    """Compare a page with the one before it, or keep it for the next."""
    last, known.last = known.last, whole
    if last is None:
        return
    known.lessons += 1
    left = MOST_READ

    def alike(stretches: Sequence[str]) -> bool:
        nonlocal left
        left -= len(last.opened.text) + len(whole.opened.text)
        return left >= 0 and _alike(last, stretches, hint) and _alike(whole, stretches, hint)

    known.stretches = needless(shared(last.opened.text, whole.opened.text), alike)
    known.saved, known.seen, known.strange = sum(map(len, known.stretches)), 0, 0
    if known.stretches:
        known.last = None
