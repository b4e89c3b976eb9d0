"""WSP header blocks: HTTP header pairs to octets and back (WAP-230-WSP 8.4)."""

import re
from collections.abc import Iterable
from functools import lru_cache

from wap.protocol.assigned import DEFAULT_VERSION, FIELDS, NEWEST_VERSION, PAGES, Version
from wap.protocol.errors import Malformed, Truncated
from wap.protocol.later_fields import CODECS
from wap.protocol.media import decode_media, encode_media
from wap.protocol.uintvar import take
from wap.protocol.values import TOKEN, Cursor, encode_text, plain
from wap.protocol.wsp_pdu import value_end

Headers = tuple[tuple[str, str], ...]

SHIFT = 0x7F
DEFAULT_PAGE = 1
REMEMBERED_OCTETS = 1_024
# Newest code first, for each name: Cache-Control has three.
CANDIDATES: dict[str, tuple[tuple[int, Version], ...]] = {
    name.lower(): tuple(
        (code, since)
        for code, (other, since) in reversed(list(enumerate(FIELDS)))
        if other.lower() == name.lower()
    )
    for name, _ in FIELDS
}


def decode_headers(octets: bytes, pages: tuple[tuple[int, str], ...] = ()) -> Headers:
    """The headers of a block as HTTP name and value, in their order.

    pages    shift code to name of the further code pages that were agreed on
    returns  a header whose value cannot be read, or whose code nobody assigned, is left out
    raises   Truncated or Malformed where the block cannot be divided into headers
    """
    return _remembered(octets, pages) if len(octets) <= REMEMBERED_OCTETS else _decode(octets, pages)


@lru_cache(maxsize=1_024)
def _remembered(octets: bytes, pages: tuple[tuple[int, str], ...]) -> Headers:
    """Phones of one model send the same block with every request."""
    return _decode(octets, pages)


def _decode(octets: bytes, pages: tuple[tuple[int, str], ...]) -> Headers:
    found: list[tuple[str, str]] = []
    at = 0
    page = DEFAULT_PAGE
    while at < len(octets):
        first = octets[at]
        if first == SHIFT:
            shift, at = take(octets, at + 1, 1)
            page = shift[0]
        elif first >= 0x80:
            end = value_end(octets, at + 1)
            if named := _known(first & 0x7F, octets[at + 1 : end], page, pages):
                found.append(named)
            at = end
        elif first >= 0x20:
            end = value_end(octets, at)
            name = plain(octets[at : end - 1])
            at, end = end, value_end(octets, end)
            if TOKEN.fullmatch(name) and (text := _text(octets[at:end])) is not None:
                found.append((name, text))
            at = end
        elif first:
            page = first
            at += 1
        else:
            raise Malformed("a header cannot start with NUL")
    return tuple(found)


def _known(code: int, value: bytes, page: int, pages: tuple[tuple[int, str], ...]) -> tuple[str, str] | None:
    if page != DEFAULT_PAGE:
        name = PAGES.get(dict(pages).get(page, "").lower(), {}).get(code)
        text = None if name is None else _text(value)
        return None if name is None or text is None else (name, text)
    if code >= len(FIELDS):
        return None
    try:
        return FIELDS[code][0], CODECS[code].read(value)
    except (Malformed, Truncated):
        return None


def _text(value: bytes) -> str | None:
    """A text, or an integer as digits; None for what is neither."""
    cursor = Cursor(value)
    try:
        return cursor.text() if cursor.is_text() else str(cursor.integer())
    except (Malformed, Truncated):
        return None


def encode_headers(headers: Iterable[tuple[str, str]], version: Version = DEFAULT_VERSION) -> bytes:
    """A block of HTTP headers for a phone that reads this encoding version.

    A header goes by the newest code the phone knows; where there is none, or the value cannot be said in
    its form, as two texts. A name that is no token, which HTTP does not have either, is left out.
    """
    parts = []
    for name, value in headers:
        parts.append(encode_header(name, value, version))
    return b"".join(parts)


def encode_header(name: str, value: str, version: Version) -> bytes:
    """One header of HTTP as one or more of WSP."""
    for code, since in CANDIDATES.get(name.lower(), ()):
        if since > version:
            continue
        try:
            values = CODECS[code].write(value, version)
        except (ValueError, UnicodeError):
            continue
        head = bytes((code | 0x80,))
        return b"".join(head + octets for octets in values)
    if not re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", name):
        return b""
    return name.encode() + b"\0" + encode_text(value)


def decode_content_type(octets: bytes) -> str:
    """The content type that opens a Post, Reply or Push; Truncated or Malformed where it cannot be read."""
    if not octets:
        raise Truncated("no content type")
    return decode_media(octets)


@lru_cache(maxsize=1_024)
def encode_content_type(text: str, version: Version = DEFAULT_VERSION) -> bytes:
    """The content type without a header code; parameters that cannot be said are left out."""
    try:
        return encode_media(text, version)
    except ValueError:
        return encode_media(text.partition(";")[0].strip() or "application/octet-stream", version)


def encoding_version(headers: Headers) -> Version:
    """The version that a phone's headers ask for; 1.2 where they do not say (WAP-230 8.4.2.70)."""
    for name, value in headers:
        if name.lower() == "encoding-version" and (found := re.fullmatch(r"(\d)\.(\d{1,2})", value)):
            return min((int(found[1]), int(found[2])), NEWEST_VERSION)
    return DEFAULT_VERSION
