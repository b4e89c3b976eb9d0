"""Octets of a fetched page -> text, by what is said about them, most trusted first.

1. the charset parameter of HTTP's Content-Type (RFC 7303 and RFC 2854 put it above the rest);
2. a byte order mark;
3. the encoding in the XML declaration;
4. HTML's <meta>;
5. nothing is said: UTF-8 where the octets are UTF-8, else GB 18030, in which unlabelled Chinese pages are.
"""

from __future__ import annotations

import codecs
import re

HEAD = 2_048
"""Octets in which a page has to say what it is written in."""

_PARAMETER = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_META = re.compile(rb"<meta\s[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "big5": "big5hkscs", "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "us-ascii": "cp1252", "ascii": "cp1252", "utf8": "utf-8", "iso-10646-ucs-2": "utf-16-be",
    "ucs-2": "utf-16-be", "utf-16": "utf-16-be",
}  # fmt: skip
"""Names that pages use -> the codec that reads all of what they write under that name."""


def decoded(body: bytes, content_type: str) -> tuple[str, str]:
    """The text of a page and the Python codec that read it.

    content_type  the HTTP header, "" where there was none
    returns       what cannot be read becomes U+FFFD; a name that nobody knows counts as nothing said
    """
    codec = next((known for name in _said(body, content_type) if (known := codec_of(name))), "")
    if codec:
        mark = next((mark for mark, name in _MARKS if codec.startswith(name) and body.startswith(mark)), b"")
        if not mark and codec == "utf-16-be" and body.startswith(codecs.BOM_UTF16_LE):
            mark, codec = codecs.BOM_UTF16_LE, "utf-16-le"  # said to be UTF-16 without saying which
        return body[len(mark) :].decode(codec, "replace"), codec
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace"), "gb18030"


def _said(body: bytes, content_type: str) -> list[str]:
    found: list[str] = []
    if parameter := _PARAMETER.search(content_type):
        found.append(parameter[1])
    found += [name for mark, name in _MARKS if body.startswith(mark)][:1]
    # What is written in ASCII inside the page says nothing true where it says that it is not ASCII-like.
    head = body[:HEAD]
    for pattern in (_DECLARATION, _META):
        if said := pattern.search(head):
            name = said[1].decode("ascii")
            found.append("utf-8" if name.lower().startswith(("utf-16", "utf-32")) else name)
    return found


def codec_of(name: str) -> str:
    """Python's codec for a character set's name, "" for one that it does not have or that is not text."""
    known = name.strip().lower()
    known = _WIDER.get(known, known)
    try:
        found = codecs.lookup(known)
        "".encode(known)
    except (LookupError, ValueError, UnicodeError):
        return ""
    # Codecs such as base64 and idna are no character sets.
    return (
        ""
        if found.name in ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined")
        else known
    )
