"""The session mode gateway: datagrams in, datagrams and questions out (WTP under WSP, port 9201).

It joins the transaction machines (`wtp`) to the sessions (`session`) and keeps the tables of both within
the limits. It has neither sockets nor a clock: whoever owns those calls it with the time in seconds and
carries out the effects it returns.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from wap.protocol import cookies, wtp
from wap.protocol import session as wsp
from wap.protocol.capabilities import POLICIES, RESUME_FACILITY, Policy
from wap.protocol.effects import Cancel, Effect, ErrorDeck, Fetch
from wap.protocol.errors import Malformed
from wap.protocol.exchange import WspReply, WspRequest, reply_octets, request_of, room
from wap.protocol.guard import HostGuard, Key, Memory
from wap.protocol.limits import Limits
from wap.protocol.peers import Peer
from wap.protocol.sar import MAX_SEGMENTS
from wap.protocol.session import Address, Session
from wap.protocol.transactions import Transactions
from wap.protocol.wsp_pdu import (
    Connect,
    Disconnect,
    Method,
    Reason,
    Redirect,
    Resume,
    Suspend,
    decode,
    encode,
)
from wap.protocol.wsp_pdu import Pdu as WspPdu

LARGEST_DATAGRAM = 60_000
SWEEP_S = 5.0
LONG_WAY_S = 1.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question under way: where its answer goes, and under which key it may be remembered."""

    address: Address
    tid: int
    session: int
    request: WspRequest
    key: Key | None


def _key(session: Session, body: bytes) -> Key:
    """Everything that the answer to a GET without cookies can depend on; `body` is its PDU."""
    granted = session.granted
    return body, session.headers, granted.client_sdu, granted.pages, session.version


class Stack:
    """All peers, transactions and sessions of port 9201."""

    def __init__(
        self,
        limits: Limits,
        error_deck: ErrorDeck,
        new_id: Callable[[], int],
        *,
        guard: HostGuard,
        memory: Memory,
        wall_offset_s: float = 0.0,
        policies: tuple[Policy, ...] = POLICIES,
        redirect: Redirect | None = None,
    ) -> None:
        """A gateway without peers.

        error_deck     the page that tells of an HTTP status, for this request
        new_id         random numbers 1..2**32-1 nobody can guess
        wall_offset_s  what the time arguments lack to seconds since 1970, for the expiry of cookies
        redirect       set: every Connect is sent elsewhere
        """
        self.limits = limits
        self.redirect = redirect
        self._error_deck = error_deck
        self._new_id = new_id
        self._guard = guard
        self._memory = memory
        self._wall_offset_s = wall_offset_s
        self._policies = policies
        self._wtp = Transactions(limits, guard, self)
        self._sessions: OrderedDict[int, Session] = OrderedDict()
        self._bound: dict[Address, int] = {}  # the live session of an address
        self._per_host: dict[str, int] = {}
        self._asks: dict[int, Asked] = {}
        self._handles: dict[tuple[Address, int], int] = {}
        self._next_handle = 0
        self._swept_at = 0.0

    # -- what the owner calls -------------------------------------------------------------------------

    def receive(self, octets: bytes, address: Address, now: float) -> list[Effect]:
        """One datagram from the network; any octets whatever."""
        return self._wtp.receive(octets, address, now)

    def answer(self, handle: int, reply: WspReply | None, now: float, status: int = 502) -> list[Effect]:
        """The answer to a Fetch; None for none, which the phone reads as the error deck of `status`."""
        asked = self._asks.pop(handle, None)
        if asked is None:
            return []
        self._handles.pop((asked.address, asked.tid), None)
        peer = self._wtp.peers.get(asked.address)
        if peer is None:
            return []
        if reply is None:
            reply = self._error_deck(status, asked.request)
        self._reply(peer, asked, reply, now)
        return self._wtp.flush(peer, now)

    def tick(self, now: float) -> list[Effect]:
        """Every timer that has run out by `now`."""
        found = self._wtp.tick(now)
        if now - self._swept_at >= SWEEP_S:
            self._swept_at = now
            found += self._sweep(now)
        return found

    def deadline(self) -> float | None:
        """When `tick` has to be called next; None while nothing runs."""
        timer = self._wtp.deadline()
        if not self._sessions and not self._wtp.peers:
            return timer
        sweep = self._swept_at + SWEEP_S
        return sweep if timer is None else min(timer, sweep)

    @property
    def sizes(self) -> dict[str, int]:
        """How full the tables are, for the operator and for tests."""
        return {
            "peers": len(self._wtp.peers),
            "sessions": len(self._sessions),
            "transactions": self._wtp.count,
            "asks": len(self._asks),
            "held_octets": self._wtp.held_octets,
            "timers": self._wtp.timers,
        }

    # -- what the transactions tell -------------------------------------------------------------------

    def invoked(self, peer: Peer, tid: int, tclass: int, body: bytes, now: float) -> None:
        """TR-Invoke.ind: a WSP PDU."""
        try:
            if tclass == 2 and (known := self.known(peer, body, now)) is not None:
                self._result(peer, tid, known, now)
            else:
                self._session_pdu(peer, tid, tclass, decode(body), now)
        except Malformed:
            if tclass == 2:
                self._wtp.primitive(peer, tid, wtp.AbortReq(Reason.PROTOERR), now)
        if tclass == 1:
            self._wtp.primitive(peer, tid, wtp.InvokeRes(), now)

    def confirmed(self, peer: Peer, tid: int, now: float) -> None:
        """TR-Result.cnf."""
        session = self._sessions.get(self._bound.get(peer.address, 0))
        if session is not None and session.handshake == tid:
            self._session_event(session.id, wsp.Confirmed(tid), now)

    def aborted(self, peer: Peer, tid: int, now: float) -> None:
        """TR-Abort.ind: the answer to a question of this transaction is not wanted any more."""
        handle = self._handles.pop((peer.address, tid), None)
        if handle is not None and self._asks.pop(handle, None) is not None:
            self._wtp.also(Cancel(handle))
        self._session_event(self._bound.get(peer.address, 0), wsp.Aborted(tid), now)

    def known(self, peer: Peer, body: bytes, now: float) -> bytes | None:
        """The remembered answer to a GET, which then is over at once and changes nothing in its session.

        Once a second it goes the long way all the same, so that the session counts as used. An answer in
        segments always does, since not every phone takes them.
        """
        session = self._sessions.get(self._bound.get(peer.address, 0))
        if session is None or session.jar or now - session.used_at > LONG_WAY_S:
            return None
        if len(session.methods) >= session.granted.method_mor:
            return None
        answer = self._memory.get(_key(session, body), now)
        return answer if answer is not None and len(answer) <= self.limits.segment_octets else None

    # -- sessions -------------------------------------------------------------------------------------

    def _session_pdu(self, peer: Peer, tid: int, tclass: int, pdu: WspPdu, now: float) -> None:
        bound = self._bound.get(peer.address, 0)
        match tclass, pdu:
            case 2, Connect() if self.redirect is not None:
                self._result(peer, tid, wsp.redirected(self.redirect), now)
            case 2, Connect():
                self._connect(peer, tid, pdu, now)
            case 2, Method():
                if bound:
                    self._session_event(bound, wsp.Invoked(tid, peer.address, pdu), now)
                else:
                    self._wtp.primitive(peer, tid, wtp.AbortReq(Reason.DISCONNECT), now)
            case 2, Resume(session_id):
                self._resume(peer, tid, session_id, pdu, now)
            case 0, Suspend(session_id) | Disconnect(session_id) if session_id == bound:
                self._session_event(session_id, wsp.Invoked(tid, peer.address, pdu), now)
            case 2, _:
                self._wtp.primitive(peer, tid, wtp.AbortReq(Reason.PROTOERR), now)
            case _:
                pass

    def _connect(self, peer: Peer, tid: int, pdu: Connect, now: float) -> None:
        host = peer.address[0]
        limits = self.limits
        fresh_id = self._new_id()
        if fresh_id in self._sessions or self._per_host.get(host, 0) >= limits.sessions_per_host:
            self._wtp.primitive(peer, tid, wtp.AbortReq(Reason.CONGESTION), now)
            return
        session, octets = wsp.connect(pdu, tid, peer.address, fresh_id, limits, now, self._policies)
        self._drop(self._bound.get(peer.address, 0))
        self._wtp.abort_all(peer.address, Reason.DISCONNECT, tid, now)
        self._keep(None, session)
        while len(self._sessions) > limits.sessions:
            self._drop(next(iter(self._sessions)))
        self._result(peer, tid, octets, now)

    def _resume(self, peer: Peer, tid: int, session_id: int, pdu: Resume, now: float) -> None:
        found = self._sessions.get(session_id)
        host = peer.address[0]
        unknown = found is None or not found.granted.options & RESUME_FACILITY
        if found is None or unknown or len(pdu.headers) > self.limits.session_header_octets:
            # An unknown id costs a place in the bucket of guesses; over it, nothing is said at all.
            if self._guard.guesses(host, now):
                self._wtp.primitive(peer, tid, wtp.AbortReq(Reason.DISCONNECT), now)
            else:
                self._wtp.discard(peer, tid)
            return
        if (other := self._bound.get(peer.address, 0)) not in (0, session_id):
            self._drop(other)
            self._wtp.abort_all(peer.address, Reason.DISCONNECT, tid, now)
        self._session_event(session_id, wsp.Invoked(tid, peer.address, pdu), now)

    def _session_event(self, session_id: int, event: wsp.Event, now: float) -> None:
        before = self._sessions.get(session_id)
        if before is None:
            return
        after, effects = wsp.step(before, event, now)
        if after is None:
            self._drop(session_id)
        else:
            self._keep(before, after)
        for effect in effects:
            self._session_effect(before, after, effect, now)

    def _session_effect(self, before: Session, after: Session | None, effect: wsp.Effect, now: float) -> None:
        owner = after or before
        peer = self._wtp.peers.get(owner.peer)
        match effect:
            case wsp.AbortAll(address, reason, spare):
                self._wtp.abort_all(address, reason, spare, now)
            case wsp.Refuse(tid, reason) if peer:
                self._wtp.primitive(peer, tid, wtp.AbortReq(reason), now)
            case wsp.Answer(tid, octets) if peer:
                self._result(peer, tid, octets, now)
            case wsp.Ask(tid, method) if peer:
                self._ask(peer, owner, tid, method, now)
            case wsp.TellBye(octets):
                self._wtp.unit(octets)

    def _keep(self, before: Session | None, after: Session) -> None:
        if before is None or before.peer != after.peer:
            if before is not None:
                self._unbind(before)
                self._count(before.peer[0], -1)
            self._count(after.peer[0], 1)
        if after.state is wsp.SessionState.SUSPENDED:
            self._unbind(after)
        else:
            self._bound[after.peer] = after.id
        self._sessions[after.id] = after
        self._sessions.move_to_end(after.id)

    def _drop(self, session_id: int) -> None:
        session = self._sessions.pop(session_id, None)
        if session is not None:
            self._unbind(session)
            self._count(session.peer[0], -1)

    def _unbind(self, session: Session) -> None:
        if self._bound.get(session.peer) == session.id:
            del self._bound[session.peer]

    def _count(self, host: str, change: int) -> None:
        count = self._per_host.get(host, 0) + change
        if count > 0:
            self._per_host[host] = count
        else:
            self._per_host.pop(host, None)

    # -- requests -------------------------------------------------------------------------------------

    def _ask(self, peer: Peer, session: Session, tid: int, method: Method, now: float) -> None:
        granted = session.granted
        request = request_of(method, session.headers, granted.pages, granted.methods)
        if isinstance(request, int):
            refused = WspRequest("", "", ())
            asked = Asked(peer.address, tid, session.id, refused, None)
            self._reply(peer, asked, self._error_deck(request, refused), now)
            return
        key = _key(session, encode(method)) if request.method == "GET" and not session.jar else None
        line = cookies.sent(session.jar, request.url, now + self._wall_offset_s)
        headers = (*request.headers, ("Cookie", line)) if line else request.headers
        request = replace(
            request, headers=headers, max_body=room(granted.client_sdu), host=str(peer.address[0])
        )
        asked = Asked(peer.address, tid, session.id, request, key)
        if len(self._asks) >= self.limits.asks:
            self._reply(peer, asked, self._error_deck(503, request), now)
            return
        self._wtp.primitive(peer, tid, wtp.InvokeRes(), now)
        self._next_handle += 1
        self._asks[self._next_handle] = asked
        self._handles[peer.address, tid] = self._next_handle
        self._wtp.also(Fetch(self._next_handle, request))

    def _reply(self, peer: Peer, asked: Asked, reply: WspReply, now: float) -> None:
        session = self._sessions.get(asked.session)
        if session is None:
            return
        reply, jar = self._with_cookies(session, asked.request, reply, now)
        method = asked.request.method
        if not reply.body and reply.status >= 400 and method != "HEAD":
            reply = self._error_deck(reply.status, asked.request)
        octets = reply_octets(reply, method, session.version)
        txn = peer.txns.get(asked.tid)
        most = self._largest(session, txn)
        if self._wtp.held_octets + len(octets) > self.limits.held_octets:
            octets = reply_octets(self._error_deck(503, asked.request), method, session.version)
        elif len(octets) > most:
            octets = reply_octets(self._error_deck(413, asked.request), method, session.version)
        elif asked.key and reply.fresh_s > 0 and reply.status == 200 and not jar:
            self._memory.put(asked.key, octets, now + reply.fresh_s)
        if len(octets) > most:
            self._wtp.primitive(peer, asked.tid, wtp.AbortReq(Reason.MRUEXCEEDED), now)
        else:
            self._result(peer, asked.tid, octets, now)
        self._session_event(session.id, wsp.Answered(asked.tid, jar), now)

    def _largest(self, session: Session, txn: wtp.Txn | None) -> int:
        """Octets of the longest message that can reach the phone in this transaction."""
        segmented = txn is not None and txn.segmented
        bearer = MAX_SEGMENTS * self.limits.segment_octets if segmented else LARGEST_DATAGRAM
        return min(session.granted.client_sdu or bearer, bearer)

    def _with_cookies(
        self, session: Session, request: WspRequest, reply: WspReply, now: float
    ) -> tuple[WspReply, cookies.Jar]:
        """Cookies stay with us, unless the phone shows that it keeps its own."""
        lines = [value for name, value in reply.headers if name.lower() == "set-cookie"]
        if not lines or (request.header("Cookie") and not session.jar):
            return reply, session.jar
        jar = session.jar
        for line in lines:
            wall = now + self._wall_offset_s
            jar = cookies.kept(jar, line, request.url, wall, self.limits.cookies_octets)
        others = tuple(pair for pair in reply.headers if pair[0].lower() != "set-cookie")
        return replace(reply, headers=others), jar

    def _result(self, peer: Peer, tid: int, octets: bytes, now: float) -> None:
        limits = self.limits
        ceiling = limits.largest_group if peer.proven else limits.first_group
        request = wtp.ResultReq(octets, limits.segment_octets, limits.first_group, ceiling)
        self._wtp.primitive(peer, tid, request, now)

    # -- upkeep ---------------------------------------------------------------------------------------

    def _sweep(self, now: float) -> list[Effect]:
        """Let go of idle sessions and peers; both tables are in the order of their last use."""
        found: list[Effect] = []
        limits = self.limits
        while self._sessions:
            session = next(iter(self._sessions.values()))
            if now - session.used_at < limits.session_idle_s:
                break
            peer = self._wtp.peers.get(session.peer) or Peer(session.peer, now)
            self._session_event(session.id, wsp.Expired(), now)
            found += self._wtp.flush(peer, now)
        self._wtp.forget_idle(now)
        return found
