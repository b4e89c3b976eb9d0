"""Heads as they come in: whole or in any pieces they are the same, and what is too long costs little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.http.incoming import DROPPED_OCTETS, FIELDS, FIELDS_OCTETS, LINE_OCTETS, IncomingHead, Refused


def read(octets: bytes, step: int) -> tuple[bytes, bytes]:
    """The head, and what is left of the octets, which come so many at a time."""
    head = IncomingHead()
    for at in range(0, len(octets), step):
        if head.feed(octets[at : at + step]):
            return head.head, head.rest + octets[at + step :]
    raise AssertionError("no end")


@given(
    st.integers(0, LINE_OCTETS + 40),
    st.integers(1, 40),
    st.sampled_from([b"\r\n", b"\n"]),
    st.sampled_from([b"", b"Host: x", b"Host: x\r\nA: b"]),
)
def test_in_pieces(length: int, step: int, end: bytes, fields: bytes) -> None:
    """A line that is short enough comes out as it was, a longer one with its begin and the protocol."""
    line = b"GET /" + b"a" * length + b" HTTP/1.1"
    tail = (end + fields if fields else b"") + end + end
    head, rest = read(b"\r\n" + line + tail + b"BODY\r\n\r\n", step * 997 if length > 200 else step)
    assert rest == b"BODY\r\n\r\n"
    if len(line) + len(end) <= LINE_OCTETS:
        assert head == line + tail
    else:
        assert head.startswith(line[: LINE_OCTETS - 100]) and head.endswith(b"a HTTP/1.1" + tail)
        assert len(head) <= LINE_OCTETS + len(tail) + 16


@pytest.mark.parametrize("step", [1, 65_536])
def test_every_length_around_the_bound(step: int) -> None:
    """Wherever the cut falls, in the protocol itself too."""
    for length in range(LINE_OCTETS - 20, LINE_OCTETS + 24, 1 if step > 1 else 11):
        line = b"GET /" + b"%E4" * (length // 3) + b"a" * (length % 3) + b" HTTP/1.0\r\n"
        head, _ = read(line + b"Host: x\r\n\r\n", step)
        first, _, fields = head.partition(b"\r\n")
        assert fields == b"Host: x\r\n\r\n" and first.endswith(b" HTTP/1.0")
        address = first.split(b" ")[1]
        assert address.rpartition(b"%")[2] in (b"E4", b"E4a", b"E4aa"), "no half of an escape is left"


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (b"GET /" + b"a" * (DROPPED_OCTETS + LINE_OCTETS + 9), 414),
        (b"GET /" + b"a" * 20_000 + b" HTTP/2.0\r\n", 400),
        (b"G" * 20_000 + b" HTTP/1.1\r\n", 400),
        (b"GET /" + b"a" * 20_000 + b"\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * FIELDS_OCTETS, 431),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * FIELDS_OCTETS + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"a:\r\n" * (FIELDS + 1) + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"a:\r\n" * (FIELDS + 9), 431),
    ],
)
def test_refused(octets: bytes, status: int) -> None:
    """What is no head, or too long a one, is refused with what its sender did wrong."""
    for step in (1_000, len(octets)):
        with pytest.raises(Refused) as refused:
            read(octets, step)
        assert refused.value.status == status


def test_as_many_fields_as_may_be() -> None:
    """A body's lines are none of them."""
    octets = b"GET / HTTP/1.1\r\n" + b"a:\r\n" * FIELDS + b"\r\n"
    assert read(octets + b"\n" * 900, 65_536) == (octets, b"\n" * 900)
