"""The head of a request as it comes in: read in time that grows with its length, its address cut to size.

Pure. Whatever somebody pastes into a search, a million characters of it, gets an answer, and nobody else
waits for that: what stands beyond `LINE_OCTETS` of the first line is dropped as it comes. A search counts
sixty characters, and every other address of ours is shorter.
"""

from __future__ import annotations

import re

LINE_OCTETS = 16_000
"""Of the first line that are kept."""

DROPPED_OCTETS = 4_000_000
"""Of it that are dropped."""

FIELDS_OCTETS = 32_768
FIELDS = 150

_END = re.compile(rb"\r?\n\r?\n")
_LONGEST_END = 4
_VERSION = re.compile(rb" HTTP/1\.[01]\r?\n")
_HALF_ESCAPE = re.compile(rb"%[0-9A-Fa-f]?$")
_TAIL = 16
"""Octets that hold the protocol at the end of the line, and more."""


class Refused(Exception):
    """A head that is not read on; `status` is what its sender is told."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status


class IncomingHead:
    """One head, fed as it comes.

    head  once it is whole: first line, fields, empty line     rest  what came after it
    """

    def __init__(self) -> None:
        self.head = b""
        self.rest = b""
        self._line = bytearray()
        self._tail = b""
        self._dropped = 0
        # The end of the first line stands before them: a head without fields ends there.
        self._fields = bytearray()
        self._lines = 0

    def feed(self, data: bytes) -> bool:
        """Take what has come. True once the head is whole.

        raises  Refused where it is too long, or no head of HTTP/1
        """
        if not self._fields:
            data = self._first_line(data)
            if not self._fields:
                return False
        before = len(self._fields)
        self._fields += data
        found = _END.search(self._fields, max(0, before - _LONGEST_END))
        if found is None:
            self._lines += data.count(b"\n")
            _bound(len(self._fields), self._lines)
            return False
        _bound(found.end(), self._fields.count(b"\n", 0, found.end()) - 2)
        self.head = bytes(self._line) + bytes(self._fields[: found.end()])
        self.rest = bytes(self._fields[found.end() :])
        return True

    def _first_line(self, data: bytes) -> bytes:
        """Take what belongs to the first line; what comes after it."""
        if not self._line:
            # RFC 9112 2.2: empty lines before a request are passed over.
            data = data.lstrip(b"\r\n")
        end = data.find(b"\n")
        part = data if end < 0 else data[: end + 1]
        room = LINE_OCTETS - len(self._line)
        self._line += part[:room]
        if over := part[room:]:
            self._dropped += len(over)
            self._tail = ((self._tail or bytes(self._line[-_TAIL:])) + over[-_TAIL:])[-_TAIL:]
        if self._dropped > DROPPED_OCTETS:
            raise Refused(414, "URI Too Long")
        if end < 0:
            return b""
        if self._dropped:
            self._close_line()
        self._fields += b"\r\n" if self._line.endswith(b"\r\n") else b"\n"
        del self._line[-len(self._fields) :]
        return data[end + 1 :]

    def _close_line(self) -> None:
        """Put the protocol after what has been kept of the address."""
        version = _VERSION.search(self._tail)
        if version is None or b" " not in self._line:
            raise Refused(400, "Bad Request")
        kept = bytes(self._line[: LINE_OCTETS - _TAIL])
        self._line = bytearray(_HALF_ESCAPE.sub(b"", kept) + version[0])


def _bound(octets: int, lines: int) -> None:
    if octets > FIELDS_OCTETS or lines > FIELDS:
        raise Refused(431, "Request Header Fields Too Large")
