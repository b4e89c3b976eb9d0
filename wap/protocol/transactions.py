"""All WTP transactions of a port: datagrams to transaction machines, machines to datagrams.

The session layer above is told of three things, through `User`. Tables are bounded by the limits.
"""

import heapq
from collections import OrderedDict
from collections.abc import Iterable
from typing import Protocol

from wap.protocol import wtp
from wap.protocol.effects import Datagram, Effect
from wap.protocol.errors import Malformed
from wap.protocol.guard import HostGuard
from wap.protocol.limits import Limits
from wap.protocol.pdu import (
    RESPONSE,
    Abort,
    AbortReason,
    Ack,
    Invoke,
    Nack,
    Pdu,
    Segment,
    concatenate,
    decode_datagram,
    encode_pdu,
)
from wap.protocol.peers import TID_SPACE, Peer, learn, tid_is_valid
from wap.protocol.session import Address

MOST_NAMED_MISSING = 16
PLAIN_ACK = 0x18
PLAIN_INVOKES = (0x0A, 0x0E)  # in one packet, of a phone that knows segments and of one that does not
PLAIN_FLAGS = (b"\x02", b"\x12")  # class 2, without and with U/P; version 0, no TIDnew
WHOLE_RESULT = 0x16


class User(Protocol):
    """The layer that uses transactions: WSP."""

    def known(self, peer: Peer, body: bytes, now: float) -> bytes | None:
        """The answer to a class 2 Invoke, in one packet, where there is one that changes nothing in WSP."""

    def invoked(self, peer: Peer, tid: int, tclass: int, body: bytes, now: float) -> None:
        """TR-Invoke.ind."""

    def confirmed(self, peer: Peer, tid: int, now: float) -> None:
        """TR-Result.cnf."""

    def aborted(self, peer: Peer, tid: int, now: float) -> None:
        """TR-Abort.ind, or the peer was forgotten: nothing more comes of this transaction."""


class Transactions:
    """Peers by address, and the transactions of each."""

    def __init__(self, limits: Limits, guard: HostGuard, user: User) -> None:
        self.peers: OrderedDict[Address, Peer] = OrderedDict()
        self.count = 0
        self.held_octets = 0
        self._limits = limits
        self._guard = guard
        self._user = user
        self._next_tid = 0
        self._heap: list[tuple[float, Address, int]] = []
        self._armed: dict[tuple[Address, int], float] = {}
        self._out: list[Effect] = []
        self._pdus: list[bytes] = []

    def receive(self, octets: bytes, address: Address, now: float) -> list[Effect]:
        """One datagram from the network; any octets whatever."""
        if not self._guard.admits(address[0], now):
            return []
        if (found := self._plain(octets, address, now)) is not None:
            return found
        try:
            pdus = decode_datagram(octets)
        except Malformed:
            return self._error_pdu(octets, address, now)
        peer = self._peer(address, now)
        if len(pdus) > 1:
            peer.concatenates = True
        for pdu in pdus:
            self._pdu(peer, pdu, now)
        return self.flush(peer, now)

    def tick(self, now: float) -> list[Effect]:
        """Every timer that has run out by `now`."""
        found: list[Effect] = []
        while self._heap and self._heap[0][0] <= now:
            deadline, address, tid = heapq.heappop(self._heap)
            if self._armed.get((address, tid)) == deadline:
                del self._armed[address, tid]
            peer = self.peers.get(address)
            txn = peer.txns.get(tid) if peer else None
            if peer is None or txn is None:
                continue
            if txn.deadline > now:
                self._arm(peer, txn)
                continue
            self._event(peer, txn, wtp.Tick(), now)
            found += self.flush(peer, now)
        return found

    def deadline(self) -> float | None:
        """The first timer; None while none runs."""
        return self._heap[0][0] if self._heap else None

    @property
    def timers(self) -> int:
        """How many timers are kept, run out or not."""
        return len(self._heap)

    def primitive(self, peer: Peer, tid: int, event: wtp.Event, now: float) -> None:
        """A service primitive of ours, to a transaction that may be over by now."""
        if (txn := peer.txns.get(tid)) is not None:
            self._event(peer, txn, event, now)

    def unit(self, body: bytes) -> None:
        """A class 0 transaction of ours with the peer that is flushed next."""
        self._next_tid = (self._next_tid + 1) % TID_SPACE
        self._pdus.append(encode_pdu(Invoke(self._next_tid, 0, body)))

    def also(self, effect: Effect) -> None:
        """Something else to be done with what is flushed next."""
        self._out.append(effect)

    def discard(self, peer: Peer, tid: int) -> None:
        """End a transaction without a word."""
        self._store(peer, peer.txns.get(tid), None)

    def abort_all(self, address: Address, reason: int, spare: int, now: float) -> None:
        """Abort every transaction with an address but `spare`."""
        peer = self.peers.get(address)
        if peer is None:
            return
        for tid, txn in list(peer.txns.items()):
            gone = peer.txns.get(tid) is not txn  # the user may abort the rest when it is told of one
            if gone or tid == spare or txn.state is wtp.State.WAIT_TIMEOUT:
                continue
            after, effects = wtp.step(txn, wtp.AbortReq(reason), now)
            self._store(peer, txn, after)
            self._user.aborted(peer, tid, now)
            self._out += [Datagram(address, one.octets) for one in effects if isinstance(one, wtp.Send)]

    def flush(self, peer: Peer, now: float) -> list[Effect]:
        """Everything that has come together, the PDUs for this peer in as few datagrams as it can read."""
        for txn in peer.txns.values():
            self._arm(peer, txn)
        found, self._out = self._out, []
        pdus, self._pdus = self._pdus, []
        for octets in _datagrams(pdus, self._limits.segment_octets, peer.concatenates):
            if self._guard.sends(peer.address[0], len(octets), now):
                found.append(Datagram(peer.address, octets))
        return found

    def forget_idle(self, now: float) -> None:
        """Let go of peers that have been silent; the table is in the order of their last datagram."""
        while self.peers:
            peer = next(iter(self.peers.values()))
            if peer.txns or now - peer.seen_at < self._limits.peer_idle_s:
                return
            del self.peers[peer.address]

    def _peer(self, address: Address, now: float) -> Peer:
        peer = self.peers.get(address)
        if peer is not None:
            self._heard(peer, now)
            return peer
        peer = self.peers[address] = Peer(address, now)
        if len(self.peers) > self._limits.peers:
            _, oldest = self.peers.popitem(last=False)
            for tid, txn in list(oldest.txns.items()):
                self._store(oldest, txn, None)
                self._user.aborted(oldest, tid, now)
        return peer

    def _plain(self, octets: bytes, address: Address, now: float) -> list[Effect] | None:
        """What most datagrams are, in one step: a request whose answer is known, and the Ack of it.

        The tables of `wtp` come to the same, octet for octet, in three times as long.

        returns  None for everything else, of which nothing has been done yet
        """
        peer = self.peers.get(address)
        if peer is None or len(octets) < 3 or octets[1] & 0x80:
            return None
        tid = octets[1] << 8 | octets[2]
        txn = peer.txns.get(tid)
        if octets[0] == PLAIN_ACK and len(octets) == 3 and txn is not None:
            if txn.state is not wtp.State.RESULT_RESP_WAIT or txn.out is None or txn.out.final:
                return None
            self._heard(peer, now)
            del peer.txns[tid]
            self.count -= 1
            self.held_octets -= len(txn.out.body)
            learn(peer, None if txn.resends else now - txn.sent_at)
            self._user.confirmed(peer, tid, now)
            return []
        plain = octets[0] in PLAIN_INVOKES and octets[3:4] in PLAIN_FLAGS
        if not plain or txn is not None or self._is_full(peer):
            return None
        known = self._user.known(peer, octets[4:], now)
        if known is None or not tid_is_valid(peer, tid, new=False, repeated=False):
            return None
        self._heard(peer, now)
        txn = peer.txns[tid] = wtp.at_once(tid, known, peer.resend_s, now)
        self.count += 1
        self.held_octets += len(known)
        self._arm(peer, txn)
        answer = bytes((WHOLE_RESULT, octets[1] | 0x80, octets[2])) + known
        return [Datagram(address, answer)] if self._guard.sends(address[0], len(answer), now) else []

    def _heard(self, peer: Peer, now: float) -> None:
        self.peers.move_to_end(peer.address)
        peer.seen_at = now

    def _is_full(self, peer: Peer) -> bool:
        limits = self._limits
        most = self.count >= limits.transactions or len(peer.txns) >= limits.transactions_per_peer
        return most or self.held_octets > limits.held_octets

    def _pdu(self, peer: Peer, pdu: Pdu, now: float) -> None:
        if pdu.tid & RESPONSE:
            return  # to a transaction of ours: those are of class 0, which nobody answers
        txn = peer.txns.get(pdu.tid)
        match pdu:
            case Invoke() if txn is None or pdu.tclass == 0:
                self._invoke(peer, pdu, now)
            case Invoke() | Segment() | Ack() | Nack() | Abort() if txn is not None:
                if isinstance(pdu, Ack) and pdu.verify and txn.state is wtp.State.TIDOK_WAIT:
                    peer.last_tid = pdu.tid
                    peer.proven = True
                self._event(peer, txn, pdu, now)
            case Segment(tid=tid, psn=psn) if (pdu.gtr or pdu.ttr) and psn <= MOST_NAMED_MISSING:
                # The packet that would have told us of this transaction was lost.
                self._pdus.append(encode_pdu(Nack(tid | RESPONSE, tuple(range(psn)))))
            case _:
                pass  # late: the transaction is over

    def _invoke(self, peer: Peer, invoke: Invoke, now: float) -> None:
        if invoke.tclass and self._is_full(peer):
            reason = AbortReason.CAPTEMPEXCEEDED
            self._pdus.append(encode_pdu(Abort(invoke.tid | RESPONSE, False, reason)))
            return
        flags = {"new": invoke.tid_new, "repeated": invoke.rid}
        valid = invoke.tclass == 0 or tid_is_valid(peer, invoke.tid, **flags)
        txn, effects = wtp.listen(invoke, valid, peer.resend_s, now)
        if txn is not None:
            self.count += 1
            self._store(peer, None, txn)
        self._carry_out(peer, invoke.tid, effects, now)

    def _event(self, peer: Peer, txn: wtp.Txn, event: wtp.Event, now: float) -> None:
        after, effects = wtp.step(txn, event, now)
        if after is not None and after.inc and after.inc.octets > self._limits.reassembly_octets:
            too_large = wtp.AbortReq(AbortReason.MESSAGETOOLARGE, by_user=False)
            after, effects = wtp.step(txn, too_large, now)
        self._store(peer, txn, after)
        self._carry_out(peer, txn.tid, effects, now)

    def _store(self, peer: Peer, before: wtp.Txn | None, after: wtp.Txn | None) -> None:
        self.held_octets += _weight(after) - _weight(before)
        if after is not None:
            peer.txns[after.tid] = after
        elif before is not None:
            del peer.txns[before.tid]
            self.count -= 1

    def _carry_out(self, peer: Peer, tid: int, effects: list[wtp.Effect], now: float) -> None:
        for effect in effects:
            match effect:
                case wtp.Send(octets):
                    self._pdus.append(octets)
                case wtp.InvokeInd(tclass, body):
                    self._user.invoked(peer, tid, tclass, body, now)
                case wtp.ResultCnf(clean_s):
                    learn(peer, clean_s)
                    self._user.confirmed(peer, tid, now)
                case wtp.AbortInd():
                    self._user.aborted(peer, tid, now)

    def _arm(self, peer: Peer, txn: wtp.Txn) -> None:
        key = (peer.address, txn.tid)
        if txn.deadline < self._armed.get(key, wtp.NEVER):
            self._armed[key] = txn.deadline
            heapq.heappush(self._heap, (txn.deadline, *key))

    def _error_pdu(self, octets: bytes, address: Address, now: float) -> list[Effect]:
        """RcvErrorPDU: only what looks like an Invoke is worth an Abort (WAP-224 10.3)."""
        if len(octets) < 4 or octets[0] >> 3 & 0x0F != 1 or octets[1] & 0x80:
            return []
        tid = octets[1] << 8 | octets[2]
        abort = encode_pdu(Abort(tid | RESPONSE, False, AbortReason.PROTOERR))
        return [Datagram(address, abort)] if self._guard.sends(address[0], len(abort), now) else []


def _weight(txn: wtp.Txn | None) -> int:
    """Octets of messages that a transaction holds."""
    if txn is None:
        return 0
    return len(txn.held) + (txn.inc.octets if txn.inc else 0) + (len(txn.out.body) if txn.out else 0)


def _datagrams(pdus: list[bytes], most: int, concatenates: bool) -> Iterable[bytes]:
    """PDUs packed in order; one that is large, or a peer that does not concatenate, gets one each."""
    if not concatenates or len(pdus) < 2:
        yield from pdus
        return
    waiting: list[bytes] = []
    size = 1
    for pdu in pdus:
        if waiting and size + len(pdu) + 2 > most:
            yield concatenate(waiting)
            waiting, size = [], 1
        waiting.append(pdu)
        size += len(pdu) + 2
    yield concatenate(waiting)
