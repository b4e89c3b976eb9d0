"""A whole answer, ready for the wire: what one page looks like to everyone who may ask for it.

Pure. An answer is kept once, as it was made for a browser that takes gzip; the forms for others (no gzip, a
HEAD, a 304) are derived from it, octet for octet what Tornado would have written, but for the Date.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

ENTRY_OCTETS = 900
"""What an answer takes beside its octets, roughly: objects, key, and its place in the tables."""

_GZIP_WINDOW = 31
_REPRESENTATION = (b"Content-Encoding", b"Content-Language", b"Content-Type", b"Content-Length")
"""What a 304 leaves out, as Tornado does."""

_LENGTH = re.compile(rb"(?m)^Content-Length: [0-9]+\r$")


class Answer:
    """One answer.

    top    status line and fields up to the value of Date
    rest   what follows the value of Date, with the empty line at the end
    body   the octets of the body, compressed where `gzip`
    tag    its entity tag, "" where it has none
    label  the edition, for the figures            item  id of the item that it opens, or ""
    """

    __slots__ = ("body", "gzip", "item", "label", "rest", "status", "tag", "top")

    def __init__(self, status: int, top: bytes, rest: bytes, body: bytes, gzip: bool, tag: str) -> None:
        self.status = status
        self.top = top
        self.rest = rest
        self.body = body
        self.gzip = gzip
        self.tag = tag
        self.label = ""
        self.item = ""

    @property
    def octets(self) -> int:
        """What it takes in memory."""
        return len(self.top) + len(self.rest) + len(self.body) + ENTRY_OCTETS

    def plain_body(self) -> bytes:
        """The body, not compressed."""
        return zlib.decompress(self.body, _GZIP_WINDOW) if self.gzip else self.body

    def wire(self, date: bytes, *, gzip: bool, head: bool, close: bool, unchanged: bool) -> bytes:
        """The octets to send.

        date       value of the Date field            gzip       the browser takes a compressed body
        head       the answer to HEAD                 unchanged  the browser has it already: 304
        close      the connection ends with it
        """
        top, rest, body = self.top, self.rest, self.body
        if unchanged:
            top = b"HTTP/1.1 304 Not Modified\r\n" + _without(_fields_of(top), _REPRESENTATION)
            rest, body = b"\r\n" + _without(rest[2:], _REPRESENTATION), b""
        elif self.gzip and not gzip:
            body = self.plain_body()
            rest = _without(rest, (b"Content-Encoding",))
            rest = _LENGTH.sub(b"Content-Length: %d\r" % len(body), rest)
        if head:
            body = b""
        if close:
            rest = rest[:-2] + b"Connection: close\r\n\r\n"
        return b"".join((top, date, rest, body))


def answer_of(status: int, reason: str, fields: Iterable[tuple[str, str]], body: bytes) -> Answer:
    """An answer of what a handler has written; ValueError where a field could end the head."""
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in fields)]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a field of the answer has a line break")
    head = "\r\n".join((*lines, "", "")).encode("latin1")
    at = head.find(b"\r\nDate: ")
    if at < 0:
        raise ValueError("the answer has no Date")
    start = at + len(b"\r\nDate: ")
    end = head.index(b"\r\n", start)
    named = {name.lower(): value for name, value in fields}
    gzip = named.get("content-encoding", "") == "gzip"
    return Answer(status, head[:start], head[end:], body, gzip, named.get("etag", ""))


def _fields_of(top: bytes) -> bytes:
    """The fields of a head without its status line."""
    return top[top.index(b"\r\n") + 2 :]


def _without(fields: bytes, names: tuple[bytes, ...]) -> bytes:
    """Lines of a head without the fields of these names."""
    lines = fields.split(b"\r\n")
    return b"\r\n".join(line for line in lines if line.partition(b":")[0] not in names)
