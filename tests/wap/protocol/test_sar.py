"""Messages in segments, out and in."""

import random

import pytest

from wap.protocol import sar
from wap.protocol.pdu import Result, Segment, decode_pdu

TID = 0x8005


def test_one_packet_says_both_trailers() -> None:
    out = sar.begin(b"abc", 10, 3, 8)
    assert (out.final, out.last) == (0, 0)
    (packet,) = sar.packets(out, TID, range(1), rid=False)
    assert decode_pdu(packet) == Result(TID, b"abc", gtr=True, ttr=True)
    assert sar.acknowledged(out, None) is None


def test_groups_grow_and_end() -> None:
    body = bytes(range(95))
    out: sar.Outgoing | None = sar.begin(body, 10, 2, 4)
    spans = []
    parts: dict[int, bytes] = {}
    while out:
        spans.append((out.first, out.last))
        for packet in sar.packets(out, TID, range(out.first, out.last + 1), rid=False):
            pdu = decode_pdu(packet)
            assert isinstance(pdu, Result | Segment)
            psn = pdu.psn if isinstance(pdu, Segment) else 0
            parts[psn] = pdu.body
            assert pdu.ttr == (psn == 9)
            assert pdu.gtr == (psn == out.last and psn != 9)
        assert sar.acknowledged(out, out.last - 1) is out
        out = sar.acknowledged(out, out.last)
    assert spans == [(0, 1), (2, 5), (6, 9)]
    assert b"".join(parts[psn] for psn in sorted(parts)) == body


def test_a_nack_halves_the_groups_to_come() -> None:
    out = sar.thinned(sar.begin(bytes(1000), 10, 8, 16))
    assert out.window == 4
    following = sar.acknowledged(out, out.last)
    assert following
    assert following.last - following.first + 1 == 8


def test_too_many_segments() -> None:
    assert sar.begin(bytes(2560), 10, 1, 1).final == 255
    with pytest.raises(ValueError, match="too many"):
        sar.begin(bytes(2561), 10, 1, 1)


def test_packets_of_a_later_group_are_not_given_away() -> None:
    out = sar.begin(bytes(100), 10, 3, 3)
    assert len(sar.packets(out, TID, (1, 2, 7, 200), rid=True)) == 2


@pytest.mark.parametrize("seed", range(5))
def test_reassembly_in_any_order(seed: int) -> None:
    parts = [bytes((number,)) * 3 for number in range(20)]
    order = [*range(20), *range(0, 20, 3)]
    random.Random(seed).shuffle(order)
    inc = sar.Incoming({}, 0)
    for psn in order:
        inc = sar.received(inc, psn, parts[psn], gtr=psn in (4, 11), ttr=psn == 19)
    assert sar.complete(inc)
    assert inc.octets == 60
    assert sar.message(inc) == b"".join(parts)


def test_gaps_are_those_of_closed_groups() -> None:
    inc = sar.Incoming({}, 0)
    inc = sar.received(inc, 0, b"a", gtr=False, ttr=False)
    assert sar.missing(inc) == ()
    inc = sar.received(inc, 3, b"d", gtr=True, ttr=False)
    assert sar.missing(inc) == (1, 2)
    assert not sar.complete(inc)


def test_a_packet_past_the_end_changes_nothing() -> None:
    inc = sar.received(sar.Incoming({}, 0), 0, b"a", gtr=False, ttr=True)
    assert sar.complete(inc)
    after = sar.received(inc, 9, b"x" * 100, gtr=True, ttr=True)
    assert after.octets == 1
    assert sar.message(after) == b"a"
