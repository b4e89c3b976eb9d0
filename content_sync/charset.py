"""Bytes of an origin page -> text.

Old portals declare one encoding and send another, cut a character in two at a field's end, or
declare nothing. So the bytes decide and the declaration only breaks ties:

1. a byte order mark;
2. UTF-16 without a mark, told by its zero octets;
3. strict UTF-8;
4. UTF-8 with a few bad octets (one cut character does not make a page GBK);
5. GB18030 against Big5-HKSCS, by the share of characters that people commonly write; the
   declaration, when it names one of the two, decides near a draw.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

SAMPLE = 400_000
"""Octets that the choice looks at; a page's text is decoded whole."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<(?:meta\b[^>]{0,200}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""",
    re.IGNORECASE,
)
_ASCII = re.compile(r"[\x00-\x7f]+")
_THREE_OCTETS = re.compile("[\u0800-\ufffc\ufffe-\U0010ffff]")
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)

_FAMILIES = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "gb_2312-80": "gb18030", "cp936": "gb18030",
    "x-gbk": "gb18030", "hz-gb-2312": "gb18030", "euc-cn": "gb18030", "gb_2312": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs", "cp950": "big5hkscs",
    "big5hkscs": "big5hkscs",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page.

    charset  how it was read: utf-8, gb18030, big5hkscs, utf-16-le ...
    flags    "charset-declared-wrong", "bad-octets"; () where nothing is odd
    """

    text: str
    charset: str
    flags: tuple[str, ...] = ()


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Read bytes as text. Never raises, whatever the bytes; what cannot be read is left out.

    content_type  the HTTP header's value, whose charset is believed no more than a meta tag's
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], charset, "")
    declared = declaration(body, content_type)
    if charset := _wide(body):
        return _decoded(body, charset, declared)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text or not body:
        if _FAMILIES.get(declared) and _by_chance(text):
            return _decoded(body, _gb_or_big5(body, declared), declared)
        return Decoded(text, "utf-8", _flags("utf-8", declared, bad=False))
    if _nearly_utf8(body):
        return _decoded(body, "utf-8", declared)
    return _decoded(body, _gb_or_big5(body, declared), declared)


def declaration(body: bytes, content_type: str = "") -> str:
    """The declared charset in lower case: the header's, else the first in the page, else ""."""
    if found := _IN_HEADER.search(content_type):
        return found.group(1).lower()
    found_in_page = _DECLARED.search(body[:8192])
    return found_in_page.group(1).decode("ascii").lower() if found_in_page else ""


def _decoded(body: bytes, charset: str, declared: str) -> Decoded:
    try:
        return Decoded(body.decode(charset), charset, _flags(charset, declared, bad=False))
    except UnicodeDecodeError:
        return Decoded(body.decode(charset, "ignore"), charset, _flags(charset, declared, bad=True))


def _flags(charset: str, declared: str, *, bad: bool) -> tuple[str, ...]:
    said = _FAMILIES.get(declared, declared.replace("utf8", "utf-8"))
    wrong = bool(said) and said != charset and not charset.startswith(said)
    return ("charset-declared-wrong",) * wrong + ("bad-octets",) * bad


def _wide(body: bytes) -> str:
    """UTF-16 without a byte order mark: markup is ASCII, so every other octet is often zero."""
    head = body[:1000]
    if len(head) < 8 or head.count(0) < len(head) // 5:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else ""


def _by_chance(text: str) -> bool:
    """Whether a text is UTF-8 only by chance: a few characters of GBK (联通) read as Cyrillic or Latin,
    and then none of them is Chinese."""
    wide = _ASCII.sub("", text[:SAMPLE])
    return bool(wide) and max(wide) < "\u0800"


def _nearly_utf8(body: bytes) -> bool:
    """Whether these are UTF-8 with a few cut characters: bad sequences against good ones."""
    sample = body[:SAMPLE]
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd") - (1 if len(body) > SAMPLE else 0)
    if bad > max(2, len(text) // 10):
        return False  # more than any number of good ones allows
    good = len(_THREE_OCTETS.findall(text))
    # Chinese in GBK or Big5 makes almost no valid three-octet sequence by chance.
    return good > 0 and bad <= max(2, good // 10)


def _gb_or_big5(body: bytes, declared: str) -> str:
    sample = body[:SAMPLE]
    said = _FAMILIES.get(declared, "")
    scores = {said: _likeness(sample, said)} if said else {}
    if said and scores[said] > 0.9:
        return said  # the other one cannot be so much better
    scores = {
        charset: scores.get(charset) or _likeness(sample, charset) for charset in ("gb18030", "big5hkscs")
    }
    best = max(scores, key=lambda charset: scores[charset])
    if said and scores[said] > 0.9 * scores[best]:
        return said
    return best


def _likeness(sample: bytes, charset: str) -> float:
    """How much a reading looks like Chinese: 0 to 1, the share of its wide characters that people
    commonly write, with unreadable octets counted against it."""
    text = sample.decode(charset, "replace")
    wide = _ASCII.sub("", text)
    return sum(map(_common().__contains__, wide)) / len(wide) if wide else 0.0


@cache
def _common() -> frozenset[str]:
    """The characters of everyday writing, simplified and traditional, from the standards' own order.

    GB 2312 level 1 (rows 16 to 55) are the 3,755 common simplified characters; Big5 level 1
    (lead octets A4 to C6) are the 5,401 common traditional ones.
    """
    simplified = (bytes((row + 0xA0, cell + 0xA0)) for row in range(16, 56) for cell in range(1, 95))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = (bytes((lead, trail)) for lead in range(0xA4, 0xC7) for trail in trails)
    read = {pair.decode("gb2312", "ignore") for pair in simplified}
    read |= {pair.decode("big5", "ignore") for pair in traditional}
    # Punctuation that Chinese pages are full of counts as well; halves of a wrong reading do not.
    return frozenset(read | set("，。、；：？！“”‘’（）《》【】—…·　－～％０１２３４５６７８９")) - {""}
