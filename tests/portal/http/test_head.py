"""What the lane reads of a head, and what it leaves to Tornado."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.http.head import matches, may_become_ours, read_fields, takes_gzip
from portal.http.incoming import FIELDS


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip, deflate, br", True),
        ("gzip", True),
        ("GZIP", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;q=0.001", True),
        ("*", True),
        ("*;q=0", False),
        ("*, gzip;q=0", False),
        ("identity", False),
        ("", False),
        ("x-gzip", True),
        ("gzipped", False),
    ],
)
def test_who_takes_gzip(accepted: str, taken: bool) -> None:
    """RFC 9110 12.5.3."""
    assert takes_gzip(accepted) is taken


@pytest.mark.parametrize(
    "block",
    [
        b"Host: a\r\nContent-Length: 0\r\n",
        b"Host: a\r\nhost: b\r\n",
        b"Host: a\r\nX : b\r\n",
        b"Host: a\r\nX: b\r\n c\r\n",
        b"Host: a\r\nRange: bytes=0-1\r\n",
        b"Host: a\r\nConnection: Upgrade\r\n",
        b"Host: a/b\r\n",
        b"X: b\r\n",
        b"Host: a\r\nX: \xff\r\n",
        b"Host: a\r\nX: " + b"y" * 8_000 + b"\r\n",
        b"Host: a\n",
    ],
)
def test_what_is_not_plainly_understood_is_not_read(block: bytes) -> None:
    """None: Tornado judges."""
    assert read_fields(block) is None


def test_the_fields_of_a_browser() -> None:
    """Names in lower case, tags apart, the connection's end."""
    fields = read_fields(
        b'Host: tv.example:8080\r\nAccept-Encoding: gzip\r\nIf-None-Match: "a", W/"b"\r\nConnection: close\r\n'
    )
    assert fields is not None and fields.close and fields.gzip and fields.tags == ('"a"', 'W/"b"')
    assert matches(fields.tags, '"b"') and matches(("*",), '"x"')
    assert not matches(fields.tags, '"c"') and not matches((), '"a"') and not matches(("*",), "")


@given(st.binary(max_size=300))
def test_no_octets_break_it(octets: bytes) -> None:
    """None or fields, nothing else."""
    read_fields(octets)
    may_become_ours(octets)


@pytest.mark.parametrize(
    ("begun", "ours"),
    [(b"G", True), (b"GET /tv/ HTTP/1.1\r\nHost: a\r\n", True), (b"HEAD /", True), (b"POST", False),
     (b"GET http://", False), (b"\r\n", False), (b"GET /\n\n", False), (b"GET /" + b"a" * 9_000, False)],
)  # fmt: skip
def test_what_may_still_become_ours(begun: bytes, ours: bool) -> None:
    """The lane waits for the rest of these alone."""
    assert may_become_ours(begun) is ours


def test_a_head_of_more_fields_than_anybody_sends_is_not_read() -> None:
    """As many as may stand in a head elsewhere, and no more."""
    fields = [b"Host: a\r\n", *(b"x%d:\r\n" % at for at in range(FIELDS - 1))]
    assert read_fields(b"".join(fields)) is not None
    assert read_fields(b"".join([*fields, b"y:\r\n"])) is None
