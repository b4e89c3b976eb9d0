"""Markup -> a tree that has been looked at once.

`survey` walks the tree a single time and leaves plain lists, indexed by place in document order:
everything later (title, dates, fields, body) reads those lists instead of walking again. The main
one is `lines`: the page's text as a reader sees it, one entry a visual line.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from content_sync.extract.names import words
from content_sync.extract.page import NotAPage

Element = etree._Element
"""A node of the tree."""

MAX_NODES = 200_000
"""Elements of a page; more is not a page that a person reads."""

_DROPPED = words("script style noscript template select button svg object applet head")
BLOCKS = frozenset(
    words(
        """
        address article aside blockquote body br caption center dd details dir div dl dt fieldset figcaption
        figure footer form h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol p pre section summary table
        tbody td tfoot th thead tr ul ucapcontent ucaptitle
        """
    )
)
"""Elements that begin a line of their own."""
_EARLY_CLOSERS = re.compile(r"</(?:html|body)\s*>|<\?xml\b[^<>]*\?>|\x00", re.IGNORECASE)
_TAG = re.compile(r"""<[a-zA-Z](?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')|=)*+""")
"""A tag up to its end. Quotes count where they quote: behind an equals sign."""
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_WORD = re.compile(r"[^\s/=<]+")
_QUOTED_END = re.compile(r"""=\s*+(?:"[^">]*+>|'[^'>]*+>)""")
"""A value with the sign in it that else ends a tag; without any, a tag is no longer than to the next one."""
LONG_TAG, MAX_WORDS = 1_200, 400
"""Characters of a tag that is looked at, and what it may have of names and of values without quotes: a parser
goes through all attributes of an element for each one that it adds."""
DEEPEST = 250
"""Elements in elements that the parser reads, a few less."""
_LOOKS = re.compile(r"</?(?:font|span|b|strong|em|i|u|center|o:p|st1:\w+|small|big)\b[^<>]*>", re.IGNORECASE)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt)?\s*(?:;|$)", re.IGNORECASE
)
_STOPS = re.compile("[，。；！？、]")
_LABEL = re.compile(r"\s*[\[【]?[\u4e00-\u9fff\s]{2,10}[\]】]?\s?[:：]")
"""What a new element begins with where it stands apart on the page, whatever the markup has between."""
_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\xad\ufffd]")
_string = etree.XPath("string()")


def parse(text: str) -> tuple[Element, bool]:
    """The tree of a page, and whether its nesting was too deep to read whole.

    Closing tags of html and body are left out first: pages that are glued together have several,
    and a parser would drop all that follows the first. Scripts stay in the tree until `survey`.
    raises  NotAPage
    """
    text = _bearable(_EARLY_CLOSERS.sub("", text))
    root, deep = _parse(text)
    if deep:
        # The parser stops at 256 levels. What nests that deep in practice is unclosed <font>.
        root, deep = _parse(_LOOKS.sub("", text))
    return root, deep


def _bearable(text: str) -> str:
    """Markup whose elements have no more attributes than any page needs."""
    if _QUOTED_END.search(text) is None and max(map(len, text.split(">"))) <= LONG_TAG:
        return text
    if all(found.end() - found.start() <= LONG_TAG for found in _TAG.finditer(text)):
        return text
    return _TAG.sub(_without_many, text)


def _without_many(found: re.Match[str]) -> str:
    tag = found.group()
    if len(tag) <= LONG_TAG:
        return tag
    if next(islice(_WORD.finditer(_VALUE.sub("=", tag)), MAX_WORDS, None), None) is None:
        return tag
    name = _WORD.match(tag, 1)
    return f"<{name.group()[:40]}" if name else "<p"


def _parse(text: str) -> tuple[Element, bool]:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=False, recover=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise NotAPage(f"cannot be read as HTML: {error}") from error
    if root is None:
        raise NotAPage("no element in it")
    deep = text.count("<") > DEEPEST and any("depth" in entry.message for entry in parser.error_log)
    return root, deep


def seen_in(text: str) -> str:
    """Text without characters that nobody sees; few texts have any."""
    return _UNSEEN.sub("", text) if _UNSEEN.search(text) else text


def squeeze(text: str) -> str:
    """Text with every run of white space (the ideographic space too) as one blank."""
    return " ".join(seen_in(text).split())


def compact(text: str) -> str:
    """Text without any white space."""
    return "".join(seen_in(text).split())


def text_in(element: Element) -> str:
    """All text of an element, comments left out."""
    return squeeze(str(_string(element)))


def plain_tag(element: Element) -> str:
    """The tag, "" for comments and the like."""
    tag = element.tag
    return tag if isinstance(tag, str) else ""


@dataclass(slots=True)
class Line:
    """One visual line.

    block    index of the block element that holds it        at      index of the element where it begins
    text     what it reads, white space squeezed              linked  how many characters are links
    weight   how much it looks like running text              hidden  not shown on the page
    table    part of a label table that is no body (set by `fields.set_apart`)
    """

    block: int
    at: int
    text: str
    linked: int = 0
    weight: int = 0
    hidden: bool = False
    table: bool = False


@dataclass(slots=True)
class Survey:
    """A tree looked at once. The lists run in document order and are indexed alike.

    parent   index of the parent, -1 at the root      end  index of the last element inside
    weight   running text inside                      chars, linked  characters inside, in links
    marks    (index of the parent, comment) of the comments that may say where the body is
    """

    root: Element
    nodes: list[Element] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    weight: list[int] = field(default_factory=list)
    chars: list[int] = field(default_factory=list)
    linked: list[int] = field(default_factory=list)
    hidden: list[bool] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    marks: list[tuple[int, str]] = field(default_factory=list)
    place: dict[Element, int] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)

    def inside(self, index: int, ancestor: int) -> bool:
        """Whether the element stands in the other one, or is it."""
        return ancestor <= index <= self.end[ancestor]

    def path(self, index: int) -> list[int]:
        """The element and what it stands in, from inside out."""
        found = []
        while index >= 0:
            found.append(index)
            index = self.parent[index]
        return found

    def lines_in(self, index: int) -> list[Line]:
        """The lines of an element."""
        if not self.starts:
            self.starts = [line.at for line in self.lines]
        return self.lines[bisect_left(self.starts, index) : bisect_right(self.starts, self.end[index])]


def survey(root: Element) -> Survey:
    """Look at the whole tree once. Scripts, styles and form controls are taken out of it first.

    raises  NotAPage where there are more elements than any page has
    """
    etree.strip_elements(root, *_DROPPED, with_tail=False)
    seen = Survey(root)
    writer = _Lines(seen)
    parts, leave = writer.parts, writer.leave
    block_of, in_link = writer.block_of, writer.in_link
    hidden, place = seen.hidden, seen.place
    pending: list[Element] = []  # ancestors whose tail text has not been written yet

    for index, element in enumerate(root.iter()):
        above = element.getparent()
        while pending and pending[-1] is not above:
            leave(pending.pop(), index - 1)
        if index > MAX_NODES:
            raise NotAPage(f"more than {MAX_NODES} elements")
        up = place[above] if above is not None else -1
        place[element] = index
        seen.nodes.append(element)
        seen.parent.append(up)
        pending.append(element)
        tag = element.tag
        if not isinstance(tag, str):
            _pass_over(writer, element, up, index)
            continue
        seen.tags.append(tag)
        get = element.get
        of, named, style = get("class"), get("id"), get("style")
        seen.names.append(f" {of or ''} {named or ''} ".lower() if of or named else "  ")
        is_block = tag in BLOCKS
        unseen = (up >= 0 and hidden[up]) or (style is not None and _HIDDEN.search(style) is not None)
        linked = tag == "a" or (up >= 0 and in_link[up])
        block = index if up < 0 or (is_block and tag != "br") else block_of[up]
        hidden.append(unseen)
        in_link.append(linked)
        block_of.append(block)
        if is_block and parts:
            writer.flush()
        if (text := element.text) and not text.isspace():
            if not is_block and parts and _LABEL.match(text[:16]):
                parts.append(" ")
            writer.add(text, block, index, linked, unseen)
        elif text and parts:
            parts.append(" ")
    while pending:
        leave(pending.pop(), len(seen.nodes) - 1)
    writer.flush()
    _sum_up(seen)
    return seen


def _pass_over(writer: _Lines, element: Element, up: int, index: int) -> None:
    """Note a comment or the like: it has a place in the lists and no text."""
    seen = writer.seen
    if isinstance(element, etree._Comment):
        seen.marks.append((max(0, up), (element.text or "")[:80]))
    seen.tags.append("")
    seen.names.append("")
    seen.hidden.append(False)
    writer.block_of.append(writer.block_of[up] if up >= 0 else index)
    writer.in_link.append(False)


class _Lines:
    """Joins text nodes into visual lines. `block_of`, `in_link`: as the lists of `Survey`, by element."""

    def __init__(self, seen: Survey) -> None:
        self.seen = seen
        self.block_of: list[int] = []
        self.in_link: list[bool] = []
        self.parts: list[str] = []
        self.block = self.at = self.linked = 0
        self.hidden = False

    def leave(self, element: Element, last: int) -> None:
        """Leave an element; `last` is the index of the last one inside."""
        seen, parts = self.seen, self.parts
        index = seen.place[element]
        if parts and seen.tags[index] in BLOCKS:
            self.flush()
        if (tail := element.tail) and (up := seen.parent[index]) >= 0:
            if not tail.isspace():
                self.add(tail, self.block_of[up], last, self.in_link[up], seen.hidden[up])
            elif parts:
                parts.append(" ")

    def add(self, text: str, block: int, at: int, in_link: bool, hidden: bool) -> None:
        if not self.parts:
            self.block, self.at, self.linked, self.hidden = block, at, 0, hidden
        if in_link:
            self.linked += len(text.strip())
        self.parts.append(text)

    def flush(self) -> None:
        if not self.parts:
            return
        text = squeeze("".join(self.parts) if len(self.parts) > 1 else self.parts[0])
        self.parts.clear()
        if text:
            self.seen.lines.append(Line(self.block, self.at, text, self.linked, 0, self.hidden))


def _sum_up(seen: Survey) -> None:
    """Weigh the lines, then add each element's sums to what it stands in, from the last to the first."""
    count = len(seen.nodes)
    end, weight, chars, linked = list(range(count)), [0] * count, [0] * count, [0] * count
    seen.end, seen.weight, seen.chars, seen.linked = end, weight, chars, linked
    known: set[str] = set()
    for line in seen.lines:
        text, block, links = line.text, line.block, line.linked
        length = len(text)
        chars[block] += length
        linked[block] += links
        plain = length - links
        if line.hidden or plain < links:
            continue
        prose = length >= 80 or (length >= 10 and _STOPS.search(text) is not None)
        if length >= 20:
            # A body that stands twice (for a desk and for a phone) counts once.
            if text in known:
                continue
            known.add(text)
        line.weight = plain if prose else plain // 4
        weight[block] += line.weight
    parent = seen.parent
    for index in range(count - 1, 0, -1):
        up = parent[index]
        if up < 0:
            continue
        end[up] = max(end[up], end[index])
        if chars[index]:
            weight[up] += weight[index]
            chars[up] += chars[index]
            linked[up] += linked[index]
