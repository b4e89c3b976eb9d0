"""Transactions of many peers: what reaches the layer above, what goes back, what is let go."""

from dataclasses import dataclass, field

from tests.wap.protocol.world import HERE, THERE
from wap.protocol import wtp
from wap.protocol.effects import Datagram, Effect
from wap.protocol.guard import HostGuard
from wap.protocol.limits import Limits
from wap.protocol.pdu import (
    Abort,
    AbortReason,
    Ack,
    Invoke,
    Kind,
    Pdu,
    Result,
    Segment,
    concatenate,
    decode_datagram,
    encode_pdu,
)
from wap.protocol.peers import Peer
from wap.protocol.transactions import Transactions


@dataclass
class Above:
    """A layer that notes what it is told, and answers class 2 at once where `reply` is set."""

    reply: bytes = b""
    told: list[tuple[str, int, bytes]] = field(default_factory=list)

    def use(self, limits: Limits) -> Transactions:
        self.below = Transactions(limits, HostGuard(limits), self)
        return self.below

    def known(self, peer: Peer, body: bytes, now: float) -> None:
        return None

    def invoked(self, peer: Peer, tid: int, tclass: int, body: bytes, now: float) -> None:
        self.told.append((f"class {tclass}", tid, body))
        if tclass == 1:
            self.below.primitive(peer, tid, wtp.InvokeRes(), now)
        elif tclass == 2 and self.reply:
            self.below.primitive(peer, tid, wtp.ResultReq(self.reply, 100, 2, 4), now)

    def confirmed(self, peer: Peer, tid: int, now: float) -> None:
        self.told.append(("confirmed", tid, b""))

    def aborted(self, peer: Peer, tid: int, now: float) -> None:
        self.told.append(("aborted", tid, b""))


def pdus(effects: list[Effect]) -> list[Pdu]:
    return [
        pdu for effect in effects if isinstance(effect, Datagram) for pdu in decode_datagram(effect.octets)
    ]


def test_all_three_classes() -> None:
    above = Above(b"answer")
    below = above.use(Limits())
    assert below.receive(encode_pdu(Invoke(1, 0, b"a")), HERE, 0.0) == []
    assert pdus(below.receive(encode_pdu(Invoke(2, 1, b"b")), HERE, 0.0)) == [Ack(0x8002)]
    assert pdus(below.receive(encode_pdu(Invoke(3, 2, b"c")), HERE, 0.0)) == [Result(0x8003, b"answer")]
    assert below.receive(encode_pdu(Ack(3)), HERE, 0.0) == []
    assert above.told == [
        ("class 0", 1, b"a"),
        ("class 1", 2, b"b"),
        ("class 2", 3, b"c"),
        ("confirmed", 3, b""),
    ]
    assert below.count == 1  # class 1 waits for late repetitions
    assert pdus(below.receive(encode_pdu(Invoke(2, 1, b"b", rid=True)), HERE, 1.0)) == [Ack(0x8002)]
    assert below.tick(100.0) == []
    assert (below.count, below.held_octets) == (0, 0)


def test_the_same_tid_of_two_peers() -> None:
    above = Above()
    below = above.use(Limits())
    below.receive(encode_pdu(Invoke(1, 2, b"a")), HERE, 0.0)
    below.receive(encode_pdu(Invoke(1, 2, b"b")), THERE, 0.0)
    below.receive(encode_pdu(Abort(1, True, 0xEA)), HERE, 0.0)
    assert [told for told, _, _ in above.told] == ["class 2", "class 2", "aborted"]
    assert below.count == 1


def test_concatenation_is_spoken_with_those_who_speak_it() -> None:
    above = Above(b"answer")
    below = above.use(Limits())
    one = below.receive(
        concatenate([encode_pdu(Invoke(1, 1, b"")), encode_pdu(Invoke(2, 2, b""))]), HERE, 0.0
    )
    assert len(one) == 1
    assert pdus(one) == [Ack(0x8001), Result(0x8002, b"answer")]
    above.reply = bytes(350)
    packets = below.receive(encode_pdu(Invoke(3, 2, b"", gtr=False)), HERE, 0.0)
    assert len(packets) == 1
    assert [type(pdu) for pdu in pdus(packets)] == [Result, Segment]
    apart = below.receive(encode_pdu(Invoke(3, 2, b"", gtr=False)), THERE, 0.0)
    assert len(apart) == 2


def test_a_datagram_is_never_longer_than_a_segment_by_concatenation() -> None:
    above = Above(bytes(900))
    below = above.use(Limits(segment_octets=1_000))
    effects = below.receive(
        concatenate([encode_pdu(Invoke(1, 2, b"", gtr=True)), encode_pdu(Invoke(2, 2, b"", gtr=True))]),
        HERE,
        0.0,
    )
    assert len(effects) == 2
    assert all(isinstance(effect, Datagram) and len(effect.octets) <= 1_000 for effect in effects)


def test_a_segment_without_its_beginning_asks_for_it() -> None:
    below = Above().use(Limits())
    late = Segment(Kind.SEGMENTED_INVOKE, 9, 2, b"c", ttr=True)
    (nack,) = pdus(below.receive(encode_pdu(late), HERE, 0.0))
    assert nack.missing == (0, 1)  # type: ignore[union-attr]  # a Nack
    far = Segment(Kind.SEGMENTED_INVOKE, 9, 200, b"c", ttr=True)
    assert below.receive(encode_pdu(far), HERE, 0.0) == []


def test_the_oldest_peers_go_first() -> None:
    above = Above()
    below = above.use(Limits(peers=2))
    for port in range(3):
        below.receive(encode_pdu(Invoke(1, 2, b"")), ("h", port), 0.0)
    assert list(below.peers) == [("h", 1), ("h", 2)]
    assert ("aborted", 1, b"") in above.told
    assert below.count == 2


def test_too_much_under_way() -> None:
    below = Above().use(Limits(transactions=1))
    below.receive(encode_pdu(Invoke(1, 2, b"")), HERE, 0.0)
    refused = pdus(below.receive(encode_pdu(Invoke(2, 2, b"")), HERE, 0.0))
    assert refused == [Abort(0x8002, False, AbortReason.CAPTEMPEXCEEDED)]


def test_octets_to_a_host_are_bounded() -> None:
    above = Above(bytes(60_000))
    below = above.use(Limits(octets_to_host_s=100.0, segment_octets=100))
    sent = 0
    for tid in range(1, 30):
        effects = below.receive(encode_pdu(Invoke(tid, 2, b"")), HERE, 0.0)
        sent += sum(len(effect.octets) for effect in effects if isinstance(effect, Datagram))
    assert 60_000 <= sent <= 65_536
