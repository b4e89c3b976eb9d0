"""What a template writes around the gaps that it fills: a page of a known template read by its gaps.

A frame is learnt from pages of one column that were read in full. It holds the markup that all of them have
word for word, the gap in which each of them has its body, and for every other value that differs (title,
moment, source, fields) the gaps that say it. A page that fits has that markup to the last character; its
body is built and trimmed by the code that builds and trims all bodies. Whatever is out of the ordinary
(labels, a talk, hidden text, a short body) makes it none that fits, and it is read in full.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from content_sync.extract import fields, imprint, interview, trim
from content_sync.extract.blocks import build
from content_sync.extract.dates import MOMENT, first_moment, moments
from content_sync.extract.dom import BLOCKS, Line, parse, squeeze, survey
from content_sync.extract.furniture import comparable, ends_of, pieces, runs, tag_of
from content_sync.extract.kinds import HINTS
from content_sync.extract.meta import clean, read_meta, stated
from content_sync.extract.page import Extracted, NotAPage, text_of
from content_sync.extract.reading import LITTLE, Opened, locate
from portal.model import Block, Field

NEAR = 6
"""Lines below the imprint that may still tell when a page was published, or where it comes from."""
AGREED = 2
"""Gaps that have to say the same where a page says a thing more than once."""
LEAST = 3
"""Pages of one look that a frame is learnt from."""
SHORTEST = 6
"""Characters of markup that may stand for a place in a page."""
_META = re.compile(
    r"""<meta\s+(?:name|property)\s*=\s*["']([^"'<>]+)["']\s+content\s*=\s*["']([^"<>]*)["']\s*/?>""",
    re.IGNORECASE,
)
_EDGE = re.compile(rf"</?(?:{'|'.join(sorted(BLOCKS))})\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_ODD = re.compile(r"<(?:base|iframe|frameset)\b", re.IGNORECASE)
_OPENED, _CLOSED = (
    re.compile(r"<(?:div|table|td)\b", re.IGNORECASE),
    re.compile(r"</(?:div|table|td)\b", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class Known:
    """A page that was read in full."""

    opened: Opened
    url: str
    page: Extracted


# --- what a gap says ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """How a value is read out of a gap that is one line or part of one.

    how   "words" all of it, "source" the one in it, "meta" the meta tag of that name in it,
          "label" what follows that label in the line, which is the gap between `before` and `after`
    """

    gap: int
    how: str
    dated: bool = False
    name: str = ""
    before: str = ""
    after: str = ""

    def read(self, gaps: Sequence[str]) -> str:
        """The value, "" where the gap has none."""
        gap = gaps[self.gap]
        match self.how:
            case "words":
                said = _words(gap)
            case "source":
                text = _words(gap)
                found = imprint.SOURCE.search(text)
                said = imprint.cut_source(text[found.end() :]) if found else ""
            case "meta":
                said = next((stated(text) for name, text in _metas(gap) if name == self.name), "")
            case _:
                said = _words(f"{self.before}{gap}{self.after}").partition(self.name)[2].strip(" :：")
        return first_moment(said) if self.dated else said


def _ways(gap: int, markup: str, label: str, sides: tuple[str, str]) -> Iterator[Way]:
    """Every way in which a gap may say a value that the page calls `label`."""
    yield Way(gap, "words")
    yield Way(gap, "words", dated=True)
    yield Way(gap, "source")
    for name, _ in _metas(markup):
        yield Way(gap, "meta", False, name)
        yield Way(gap, "meta", True, name)
    if label:
        yield Way(gap, "label", False, label, *sides)


def _words(markup: str) -> str:
    return clean(_TAG.sub(" ", markup)) if "<" in markup or "&" in markup else squeeze(markup)


def _metas(markup: str) -> list[tuple[str, str]]:
    return [(name.lower(), text) for name, text in _META.findall(markup)] if "<meta" in markup else []


Shape = tuple[int, int, int]


def _shape(gap: str) -> Shape:
    """Tags, dates and sources in a gap: one more of them than any sample had is news that no way tells."""
    dates = len(MOMENT.findall(gap)) if "20" in gap or "19" in gap else 0
    labelled = "：" in gap or ":" in gap
    return gap.count("<"), dates, len(imprint.SOURCE.findall(gap)) if labelled else 0


def _several(gap: str) -> bool:
    """Whether a gap holds more than one line: what each of them says is not known."""
    return "<" in gap and _EDGE.search(gap) is not None


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a page: constant, or what some ways say, by their numbers, all of them the same."""

    constant: str = ""
    ways: tuple[int, ...] = ()

    def of(self, said: Sequence[str]) -> str | None:
        """The value, None where the ways do not agree on one."""
        if not self.ways:
            return self.constant
        value = said[self.ways[0]]
        return value if all(said[way] == value for way in self.ways) else None


@dataclass(frozen=True, slots=True)
class Frame:
    """The markup of a template and what stands in its gaps; gap n is before `marks[n + 1]`.

    body    the gap of the body    alone  its element holds nothing else, by an imprint that stands before it
    shapes  of each gap, those that the samples had
    """

    marks: tuple[str, ...]
    body: int
    alone: bool
    shapes: tuple[frozenset[Shape], ...]
    kind: str
    ways: tuple[Way, ...]
    values: tuple[Value, Value, Value, Value]
    fields: tuple[tuple[str, Value], ...]
    dates: tuple[tuple[str, Value], ...]

    def holds(self, text: str) -> bool:
        """Whether a page has this markup, whatever stands in its gaps."""
        return _gaps(text, self.marks) is not None

    def read(self, opened: Opened, url: str) -> Extracted | None:
        """The page, None where it does not fit."""
        gaps = _gaps(opened.text, self.marks)
        if gaps is None or _ODD.search(gaps[self.body]) or any(_several(gaps[way.gap]) for way in self.ways):
            return None
        if any(_shape(gap) not in known for gap, known in zip(gaps, self.shapes, strict=True) if known):
            return None
        said = [way.read(gaps) for way in self.ways]
        title, published, source, summary = (value.of(said) for value in self.values)
        labelled, dates = _fields(self.fields, said), _fields(self.dates, said)
        if not title or not published or None in (source, summary, labelled, dates):
            return None
        blocks = self._blocks(gaps[self.body], title, url, least=1 if labelled else LITTLE)
        if blocks is None:
            return None
        return Extracted(
            kind=self.kind, title=title, published=published, source=source or "", summary=summary or "",
            fields=labelled or (), dates=dates or (), blocks=blocks,
            charset=opened.charset, flags=opened.flags,
        )  # fmt: skip

    def _blocks(self, markup: str, title: str, url: str, least: int) -> tuple[Block, ...] | None:
        """The body's blocks, None where anything about it is out of the ordinary."""
        if len(_OPENED.findall(markup)) != len(_CLOSED.findall(markup)):
            return None
        root, deep = parse(f"<div>{markup}</div>")
        seen = survey(root)
        if deep or fields.read_table(fields.find_labels(seen)).group or _speaks_of_itself(seen.lines):
            return None
        found, unseen = build(seen, seen.tags.index("div"), url)
        blocks, twice = trim.trim(found, title, "", alone=self.alone)
        if unseen or twice or sum(len(text_of(block)) for block in blocks) < least:
            return None
        return None if interview.looks_like_talk(blocks) else blocks


def _fields(named: Sequence[tuple[str, Value]], said: Sequence[str]) -> tuple[Field, ...] | None:
    found = [(name, value.of(said)) for name, value in named]
    return tuple(Field(name, value) for name, value in found if value) if all(v for _, v in found) else None


def _gaps(text: str, marks: Sequence[str]) -> list[str] | None:
    """What stands between the marks, where each of them stands in the text once and in this order."""
    if not text.startswith(marks[0]) or not text.endswith(marks[-1]):
        return None
    found, end = [], len(marks[0])
    for mark in marks[1:]:
        at = text.find(mark, end)
        if at < 0 or text.find(mark, at + 1) >= 0:
            return None
        found.append(text[end:at])
        end = at + len(mark)
    return found


def _speaks_of_itself(lines: Sequence[Line]) -> bool:
    """Whether a body has dates or a source where those of the page are looked for."""
    for number, line in enumerate(lines):
        text = line.text
        if len(text) > imprint.LONGEST:
            continue
        if imprint.SOURCE.search(text) if number < NEAR else imprint.SOURCE.match(text):
            return True
        if number < NEAR and any(imprint.label_of(text[:begin]) for begin, _, _ in moments(text)):
            return True
    return False


# --- learning -------------------------------------------------------------------------------------


def learn(known: Sequence[Known], hint: str) -> Frame | None:
    """The frame of these pages of one template, None where none was found by which they read as they do."""
    looks = Counter(_look(each.page) for each in known if each.page.flags == each.opened.flags)
    if hint not in HINTS or not looks or not all(comparable(each.opened.text) for each in known):
        return None
    known = [each for each in known if _look(each.page) == looks.most_common(1)[0][0]]
    pages = [each.page for each in known]
    first = pages[0]
    if len(known) < LEAST or first.items:
        return None
    try:
        found = _marks([each.opened.text for each in known])
    except NotAPage:
        return None
    if found is None:
        return None
    marks, body, alone = found
    filled = [gaps for each in known if (gaps := _gaps(each.opened.text, marks)) is not None]
    if len(filled) < len(known):
        return None
    sides = [(_EDGE.split(before)[-1], _EDGE.split(after)[0]) for before, after in pairwise(marks)]
    usable = [
        gap for gap in range(len(sides)) if gap != body and not any(_several(each[gap]) for each in filled)
    ]
    shapes = [
        frozenset(() if gap == body else {_shape(each[gap]) for each in filled}) for gap in range(len(sides))
    ]
    numbers: dict[Way, int] = {}

    def value(values: Sequence[str], label: str = "") -> Value | None:
        same = len(set(values)) == 1
        if same and not values[0]:
            return Value()
        # What is the same in all samples may still stand in a gap, and not be the same for ever.
        said: list[int] = []
        for gap in usable:
            for way in _ways(gap, filled[0][gap], label, sides[gap]):
                if all(way.read(gaps) == told for gaps, told in zip(filled, values, strict=True)):
                    said.append(numbers.setdefault(way, len(numbers)))
                    break
            if len(said) == AGREED:
                break
        return Value("", tuple(said)) if said else Value(values[0]) if same else None

    def named(of: Callable[[Extracted], tuple[Field, ...]]) -> list[tuple[str, Value | None]]:
        return [
            (field.name, value([of(page)[at].value for page in pages], field.name))
            for at, field in enumerate(of(first))
        ]

    plain = [value([text(page) for page in pages]) for text in _TEXTS]
    labelled, dated = named(lambda page: page.fields), named(lambda page: page.dates)
    if None in plain or None in [each for _, each in (*labelled, *dated)]:
        return None
    title, published, source, summary = (each or Value() for each in plain)
    frame = Frame(
        marks, body, alone, tuple(shapes), first.kind, tuple(numbers), (title, published, source, summary),
        tuple((name, each or Value()) for name, each in labelled),
        tuple((name, each or Value()) for name, each in dated),
    )  # fmt: skip
    found_again = [frame.read(each.opened, each.url) for each in known]
    wrong = any(again not in (None, page) for again, page in zip(found_again, pages, strict=True))
    return None if wrong or found_again.count(None) * 2 > len(known) else frame


def _look(page: Extracted) -> tuple[object, ...]:
    """What pages of one frame have in common beside markup."""
    labels, dates = (tuple(field.name for field in named) for named in (page.fields, page.dates))
    return page.kind, page.flags, labels, dates


_TEXTS: tuple[Callable[[Extracted], str], ...] = (
    lambda page: page.title,
    lambda page: page.published,
    lambda page: page.source,
    lambda page: page.summary,
)


def _marks(texts: Sequence[str]) -> tuple[tuple[str, ...], int, bool] | None:
    """(the markup that all texts have in common, which gap is the body, whether it stands alone).

    raises  NotAPage
    """
    cut = [pieces(text) for text in texts]
    bodies = [_place_of_body(text, own) for text, own in zip(texts, cut, strict=True)]
    alone = {body[2] for body in bodies if body is not None}
    if None in bodies or len(alone) > 1:
        return None
    halves: list[list[str]] = []
    for before in (True, False):
        parts = [
            own[: body[0] + 1] if before else own[body[1] :]
            for own, body in zip(cut, bodies, strict=True)
            if body is not None
        ]
        marks = [
            mark
            for mark in _common(parts)
            if len(mark) >= SHORTEST and all(t.count(mark) == 1 for t in texts)
        ]
        joined = ["".join(part) for part in parts]
        if not marks or not all(half.startswith(marks[0]) and half.endswith(marks[-1]) for half in joined):
            return None
        halves.append(marks)
    return (*halves[0], *halves[1]), len(halves[0]) - 1, alone.pop()


def _place_of_body(text: str, own: Sequence[str]) -> tuple[int, int, bool] | None:
    """(piece with which the body's element begins, piece with which it ends, whether there is an imprint)."""
    root, deep = parse(text)
    meta = read_meta(root)
    seen = survey(root)
    places = locate(seen, meta)
    region = places.region
    if deep or region is None or not region.alone or meta.base:
        return None
    tag = seen.tags[region.index]
    number = seen.tags[: region.index].count(tag)
    begins = [at for at, piece in enumerate(own) if tag_of(piece) == (False, tag)]
    if number >= len(begins):
        return None
    end = ends_of(list(own)).get(begins[number])
    return None if end is None else (begins[number], end, places.line >= 0)


def _common(parts: Sequence[Sequence[str]]) -> Iterator[str]:
    """The longest stretches of pieces that stand in all parts, in order."""
    first = list(parts[0])
    breaks = {0, len(first)}
    shared = [True] * len(first)
    for other in parts[1:]:
        covered = [False] * len(first)
        for begin, end in runs(first, list(other)):
            covered[begin:end] = [True] * (end - begin)
            breaks |= {begin, end}
        shared = [both and here for both, here in zip(shared, covered, strict=True)]
    begin = 0
    for at in range(1, len(first) + 1):
        if at in breaks or shared[at - 1] != shared[at]:
            if shared[begin]:
                yield "".join(first[begin:at])
            begin = at
