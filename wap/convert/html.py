"""XHTML-MP and simple HTML -> the pieces of a WML page.

Words, links, pictures and forms stay, in the order of the page; how it was laid out does not. The tree is
walked once, without recursion, and a page beyond the limits is read as far as they go.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml import etree

from wap.convert.document import Document, Piece, sentences
from wap.convert.forms import Form, all_text, key_of, words_of
from wap.convert.links import Links
from wap.render_wml import address, attribute, text

MOST_PIECES = 6_000
LONGEST_LABEL = 200
LONGEST_TITLE = 40


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


SKIPPED = _names("""
    head script style template object svg canvas audio video math datalist applet map option optgroup
""")
BLOCKS = _names("""
    address article aside blockquote body br caption center dd details dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol p pre section summary table
    tbody tfoot thead tr ul
""")
STYLES = {"b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "ins": "u",
          **{f"h{level}": "b" for level in range(1, 7)}, "th": "b"}  # fmt: skip
CELLS = frozenset(("td", "th"))
FIELDS = frozenset(("input", "select", "textarea", "button"))
FRAMES = frozenset(("iframe", "frame"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_REFRESH = re.compile(r"^\s*\d+[\d.]*\s*[;,]\s*(?:url\s*=)?\s*['\"]?([^'\"]+)", re.IGNORECASE)
_SIDE = re.compile(r"\s*(\d{1,4})(?:px)?\s*")
_ENCODING = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class Screen:
    """What a phone shows: px, whether pictures, whether its WML knows access keys, and its character set."""

    width: int
    height: int
    pictures: bool
    keys: bool
    charset: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Words:
    """What the gateway says of its own on a page of somebody else, in the phone's language."""

    back: str
    next: str
    previous: str
    home: str
    send: str
    picture: str
    follow: str


def read_html(source: str, links: Links, codec: str, screen: Screen, words: Words) -> Document:
    """The pieces of a page.

    codec   in which it was written, and in which its forms want their fields
    """
    source = _ENCODING.sub("", source, count=1)
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_pis=True)
    try:
        root = lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return Document("", ())
    base = root.find(".//base[@href]")
    if base is not None:
        links = links.under(base.get("href") or "")
    return _Reader(root, links, codec, screen, words).document()


@dataclass
class _Link:
    """A link that is open: its label so far, as WML."""

    element: etree._Element
    href: str
    label: list[str] = field(default_factory=list)
    length: int = 0


class _Reader:
    def __init__(self, root: etree._Element, links: Links, codec: str, screen: Screen, words: Words) -> None:
        self._root = root
        self._links = links
        self._codec = codec
        self._screen = screen
        self._words = words
        self._pieces: list[Piece] = []
        self._text: list[str] = []
        self._breaks = False
        self._styles: list[str] = []
        self._open: _Link | None = None
        self._lists: list[int] = []
        self._preserved = 0
        self._muted = 0
        self._silent: set[etree._Element] = set()
        self._silent_tails: set[etree._Element] = set()
        self._keys: set[str] = set()
        self._forms: dict[etree._Element, Form] = {}
        self._labels = self._read_labels()

    def document(self) -> Document:
        """Walk the tree."""
        title = self._root.find(".//title")
        name = "" if title is None else all_text(title)
        body = self._root.find("body")
        self._refresh()
        if body is None:
            body = self._root
        walk = etree.iterwalk(body, events=("start", "end", "comment"))
        for event, element in walk:
            if len(self._pieces) >= MOST_PIECES:
                break
            if event == "comment":
                self._tail(element)
            elif event == "end":
                self._end(element)
                if element is not body:
                    self._tail(element)
            elif not self._start(element):
                walk.skip_subtree()
        self._flush()
        return Document(name[:LONGEST_TITLE], tuple(self._pieces), frozenset(self._keys))

    # -- elements -------------------------------------------------------------------------------------

    def _start(self, element: etree._Element) -> bool:
        """Open an element; False where nothing inside it is shown."""
        tag = str(element.tag)
        if tag in SKIPPED or element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
            return False
        if tag in BLOCKS:
            self._line()
        if tag in CELLS and element.getprevious() is not None:
            self._text.append(" ")
        if tag in STYLES and STYLES[tag] not in self._styles:
            self._flush()
            self._styles.append(STYLES[tag])
        return _STARTS.get(tag, _Reader._text_of)(self, element)

    def _end(self, element: etree._Element) -> None:
        tag = str(element.tag)
        if tag == "a" and self._open is not None and self._open.element is element:
            self._close_link()
        if tag == "label" and element in self._silent:
            self._muted -= 1
        if tag in STYLES and STYLES[tag] in self._styles and not self._inside(element, STYLES[tag]):
            self._flush()
            self._styles.remove(STYLES[tag])
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        if tag == "pre" and self._preserved:
            self._preserved -= 1
        if tag == "form":
            self._form_ends(element)
        if tag in BLOCKS:
            self._line()

    @staticmethod
    def _inside(element: etree._Element, style: str) -> bool:
        """Whether an element around this one has the same style, and so ends it."""
        return any(STYLES.get(str(each.tag)) == style for each in element.iterancestors())

    def _tail(self, element: etree._Element) -> None:
        if element.tail and element not in self._silent_tails:
            self._say(element.tail)

    def _say(self, value: str) -> None:
        if self._muted:
            return
        if self._preserved:
            first, *more = value.split("\n")
            self._text.append(first)
            for line in more:
                self._line()
                self._text.append(line)
        else:
            self._text.append(value)

    def _text_of(self, element: etree._Element) -> bool:
        if element.text:
            self._say(element.text)
        return True

    def _line(self) -> None:
        self._flush()
        self._breaks = True
        if self._open is not None and self._open.label:
            self._open.label.append(" ")

    def _flush(self) -> None:
        """Write the text that has come."""
        joined, self._text = "".join(self._text), []
        words = words_of(joined)
        if not words:
            if joined and self._pieces and not self._breaks:
                self._text = [" "]
            return
        # A space at either end parts words from the link or the style beside them.
        goes_on = self._open is not None or not self._breaks
        before = " " if joined[0].isspace() and goes_on else ""
        after = " " if joined[-1].isspace() else ""
        if self._open is not None:
            self._label(text(f"{before}{words}{after}"), len(words))
            return
        self._add(sentences(f"{before}{words}{after}", self._breaks, tuple(self._styles)))

    def _add(self, pieces: list[Piece]) -> None:
        self._pieces += pieces
        self._breaks = False

    def _markup(self, markup: str) -> None:
        if markup:
            self._flush()
            self._add([Piece(markup, self._breaks)])

    # -- links and pictures ---------------------------------------------------------------------------

    def _link_starts(self, element: etree._Element) -> bool:
        self._flush()
        if self._open is not None:
            self._close_link()
        href = self._links.link(element.get("href") or "")
        if href:
            self._open = _Link(element, href)
        return self._text_of(element)

    def _label(self, markup: str, length: int) -> None:
        if self._open is not None and self._open.length < LONGEST_LABEL:
            self._open.label.append(markup)
            self._open.length += length

    def _close_link(self) -> None:
        self._flush()
        link, self._open = self._open, None
        if link is None:
            return
        label = "".join(link.label).strip()
        if not label:
            label = text(words_of(link.element.get("title") or "") or self._words.follow)
        self._link(link.href, label, key_of(link.element, self._screen.keys))

    def _link(self, href: str, label: str, key: str = "") -> None:
        if key:
            self._keys.add(key[-2])
        self._add([Piece(f'<a href="{address(href)}"{key}>{label}</a>', self._breaks)])

    def _picture(self, element: etree._Element) -> bool:
        source = self._links.absolute(element.get("src") or "")
        alt = element.get("alt")
        words = self._words.picture if alt is None else words_of(alt)[:LONGEST_LABEL]
        if alt is not None and not words and self._open is None:
            return False  # decoration
        width, height = (self._side(element.get(name)) for name in ("width", "height"))
        if source and self._links.allowed(source) and self._screen.pictures and (width, height) != (1, 1):
            size = self._size(width, height)
            shown = address(self._links.shown(source))
            markup = f'<img src="{shown}" alt="{attribute(words or self._words.picture)}"{size}/>'
        else:
            markup = text(f"[{words}]") if words else ""
        self._flush()
        if self._open is not None:
            self._label(markup, len(words))
        else:
            self._markup(markup)
        return False

    @staticmethod
    def _side(value: str | None) -> int:
        found = _SIDE.fullmatch(value or "")
        return int(found[1]) if found else 0

    def _size(self, width: int, height: int) -> str:
        """The size on the screen, where the page states both sides; the picture is shrunk likewise."""
        if not width or not height:
            return ""
        scale = min(1.0, self._screen.width / width, self._screen.height / height)
        return f' width="{max(1, round(width * scale))}" height="{max(1, round(height * scale))}"'

    def _frame(self, element: etree._Element) -> bool:
        source = element.get("src") or ""
        href = self._links.link(source)
        if href:
            name = unquote(PurePosixPath(urlsplit(source).path).stem)
            words = words_of(element.get("title") or element.get("name") or name) or self._words.follow
            self._line()
            self._link(href, text(words))
            self._breaks = True
        return False

    def _refresh(self) -> None:
        """A page that sends its reader on by itself does so by a link."""
        for meta in self._root.iter("meta"):
            if (meta.get("http-equiv") or "").strip().lower() == "refresh":
                found = _REFRESH.match(meta.get("content") or "")
                href = self._links.link(found[1].strip()) if found else ""
                if href:
                    self._link(href, text(self._words.follow))
                    self._breaks = True

    # -- lists ----------------------------------------------------------------------------------------

    def _list_starts(self, element: etree._Element) -> bool:
        self._lists.append(self._side(element.get("start")) or 1 if element.tag == "ol" else 0)
        return self._text_of(element)

    def _item(self, element: etree._Element) -> bool:
        if self._lists and self._lists[-1]:
            self._text.append(f"{self._lists[-1]}. ")
            self._lists[-1] += 1
        return self._text_of(element)

    def _pre(self, element: etree._Element) -> bool:
        self._preserved += 1
        return self._text_of(element)

    # -- forms ----------------------------------------------------------------------------------------

    def _read_labels(self) -> dict[etree._Element, str]:
        """What the page says each field is: its label around it or for it, or the words right after it."""
        found: dict[etree._Element, str] = {}
        by_id = {element.get("id"): element for element in self._root.iter(*FIELDS) if element.get("id")}
        for label in self._root.iter("label"):
            target = by_id.get(label.get("for") or "")
            if target is None:
                target = next(label.iter(*FIELDS), None)
            if target is not None and (words := all_text(label)):
                found.setdefault(target, words)
                if _ticked(target):
                    self._silent.add(label)
        for element in self._root.iter("input"):
            if _ticked(element) and element not in found and (words := words_of(element.tail or "")):
                found[element] = words
                self._silent_tails.add(element)
        return found

    def _form(self, element: etree._Element) -> Form:
        form = self._forms.get(element)
        if form is None:
            screen = self._screen
            form = Form(element, self._links, self._codec, screen.charset, screen.keys, self._words.send)
            self._forms[element] = form
        return form

    def _label_starts(self, element: etree._Element) -> bool:
        if element in self._silent:
            self._muted += 1
        return self._text_of(element)

    def _control(self, element: etree._Element) -> bool:
        around = next(element.iterancestors("form"), None)
        if around is None:
            return False
        form = self._form(around)
        control = form.control(element)
        if control is not None:
            label = (
                ""
                if _ticked(element)
                else self._labels.get(element, "")
                or words_of(
                    element.get("aria-label") or element.get("placeholder") or element.get("title") or ""
                )
            )
            if key := key_of(element, self._screen.keys):
                self._keys.add(key[-2])
            self._markup(form.markup(control, label, self._labels))
        return False

    def _form_ends(self, element: etree._Element) -> None:
        """A form without a button gets one."""
        form = self._form(element)
        if form.controls and not form.has_button:
            self._line()
            self._markup(form.button())


def _ticked(element: etree._Element) -> bool:
    return (element.get("type") or "").strip().lower() in ("checkbox", "radio")


_STARTS: dict[str, Callable[[_Reader, etree._Element], bool]] = {
    "a": _Reader._link_starts,
    "img": _Reader._picture,
    "ul": _Reader._list_starts,
    "ol": _Reader._list_starts,
    "li": _Reader._item,
    "pre": _Reader._pre,
    "label": _Reader._label_starts,
    **dict.fromkeys(FIELDS, _Reader._control),
    **dict.fromkeys(FRAMES, _Reader._frame),
}
