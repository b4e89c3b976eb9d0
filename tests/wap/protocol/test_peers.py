"""The TID test and the round trip."""

import pytest

from wap.protocol.peers import Peer, learn, tid_is_valid
from wap.protocol.wtp import LONGEST_RESEND_S, SHORTEST_RESEND_S


@pytest.mark.parametrize(
    ("last", "tid", "flags", "valid"),
    [
        (-1, 5, "", True),
        (-1, 5, "rid", False),
        (-1, 5, "new", False),
        (5, 6, "", True),
        (5, 6, "new", False),
        (5, 6, "rid", True),
        (5, 5, "", False),
        (5, 4, "", False),
        (5, 5 + 0x4000, "", True),
        (5, 6 + 0x4000, "", False),
        (0x7FFF, 0, "", True),
        (0x7FFF, 0x3FFF, "", True),
        (0x7FFF, 0x4000, "", False),
    ],
)
def test_tid(last: int, tid: int, flags: str, valid: bool) -> None:
    peer = Peer(("a", 1), 0.0, last_tid=last)
    assert tid_is_valid(peer, tid, new=flags == "new", repeated=flags == "rid") is valid
    assert peer.last_tid == (tid if valid else last)


def test_the_interval_follows_the_round_trip() -> None:
    peer = Peer(("a", 1), 0.0)
    for _ in range(50):
        learn(peer, 1.0)
    assert 1.0 <= peer.resend_s < 1.2
    for _ in range(100):
        learn(peer, 0.001)
    assert peer.resend_s == SHORTEST_RESEND_S
    assert peer.proven


def test_it_backs_off_while_nothing_is_known_and_has_bounds() -> None:
    peer = Peer(("a", 1), 0.0)
    for _ in range(50):
        learn(peer, None)
    assert peer.resend_s == LONGEST_RESEND_S
    learn(peer, 100.0)
    assert peer.resend_s == LONGEST_RESEND_S
