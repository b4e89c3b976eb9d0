"""The head of a request, read as strictly as can be: what is not plainly understood is Tornado's to judge.

Pure. The grammar is a part of RFC 9112 that Tornado reads in the same way: GET and HEAD of HTTP/1.1 in
origin form, one Host, every field once, no body, nothing that changes the protocol.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from portal.http.incoming import FIELDS

LONGEST = 8_000
"""Octets of a head that is read here."""

_FIELDS = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]++:[ -~\t]*+\r\n)++")
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?")
_END = re.compile(rb"\r?\n\r?\n")
_BEGINS = (b"GET /", b"HEAD /")

ELSEWHERE = frozenset(
    (
        "content-length",
        "transfer-encoding",
        "expect",
        "upgrade",
        "authorization",
        "range",
        "content-type",
        "http2-settings",
        "x-http-method-override",
    )
)
"""Fields of requests that are not answered here."""

_USUAL = ("gzip, deflate, br", "gzip, deflate, br, zstd", "gzip, deflate", "gzip")
_NOT_AT_ALL = re.compile(r"q=0(?:\.0{0,3})?")
_TAG = re.compile(r'\*|(?:W/)?"[^"]*"')


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one head: `headers` by name in lower case.

    close  the connection ends after the answer      gzip  a compressed body is taken
    tags   the entity tags of If-None-Match          classes  what families have found, for the next time
    """

    headers: Mapping[str, str]
    close: bool
    gzip: bool
    tags: tuple[str, ...]
    classes: dict[int, Hashable] = field(default_factory=dict)


def read_fields(block: bytes) -> Fields | None:
    """The fields of a head, from the line after the request line to the last CRLF before the empty line;
    None where they are not plainly understood."""
    if len(block) > LONGEST or block.count(b"\n") > FIELDS or _FIELDS.fullmatch(block) is None:
        return None
    text = block.decode("ascii")
    headers: dict[str, str] = {}
    for line in text[:-2].split("\r\n"):
        name, _, value = line.partition(":")
        name = name.lower()
        if name in headers or name in ELSEWHERE:
            return None
        headers[name] = value.strip(" \t")
    connection = headers.get("connection", "keep-alive").lower()
    if connection not in ("close", "keep-alive") or not _HOST.fullmatch(headers.get("host", "")):
        return None
    tags = tuple(_TAG.findall(headers["if-none-match"])) if "if-none-match" in headers else ()
    return Fields(headers, connection == "close", takes_gzip(headers.get("accept-encoding", "")), tags)


def takes_gzip(accepted: str) -> bool:
    """Whether a browser that sends this Accept-Encoding takes gzip (RFC 9110 12.5.3)."""
    if accepted in _USUAL:
        return True
    weights: dict[str, bool] = {}
    for part in accepted.lower().split(","):
        name, _, rest = part.partition(";")
        weights[name.strip()] = _NOT_AT_ALL.fullmatch(rest.strip()) is None
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", False)))


def may_become_ours(begun: bytes) -> bool:
    """Whether what has come of a head so far may still become one that is answered here."""
    begins = any(begin.startswith(begun[: len(begin)]) for begin in _BEGINS)
    return begins and len(begun) <= LONGEST and _END.search(begun) is None


def matches(tags: tuple[str, ...], tag: str) -> bool:
    """Whether one of the tags of If-None-Match is that of the page (RFC 9110 13.1.2, weak comparison)."""
    if not tag or not tags:
        return False
    return tags[0] == "*" or any(each.removeprefix("W/") == tag.removeprefix("W/") for each in tags)
