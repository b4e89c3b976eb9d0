"""The WTP responder: one transaction as a state machine (WAP-224-WTP 10.3).

A transaction is a value; `step` takes it and one event and gives the next value (None: LISTEN, nothing is
kept) and the effects. Time is an argument, in seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto

from wap.protocol import sar
from wap.protocol.errors import LocalMisuse
from wap.protocol.pdu import (
    RESPONSE,
    Abort,
    AbortReason,
    Ack,
    Invoke,
    Nack,
    Option,
    Segment,
    acked_psn,
    encode_pdu,
    option,
    psn_tpi,
)

MAX_RESENDS = 8  # RCR_MAX over IP (WAP-224 appendix A)
MAX_ACK_EXPIRIES = 6  # AEC_MAX over IP
ACK_AFTER_S = 1.5  # below B_A, 2 s: the phone hears of us before it repeats itself
WAIT_S = 40.0  # W over IP
LONGEST_RESEND_S = 5.0  # B_R over IP: the upper bound of the adaptive interval
SHORTEST_RESEND_S = 0.3
GROWTH = 1.5  # each interval is so much longer than the last
MAX_NACKS = 32  # answered for one group
EARLY_S = 0.1  # a repeated Invoke asks for the result again, at most so often
NEVER = float("inf")


class State(Enum):
    """The responder's states but LISTEN (WAP-224 10.3), and GATHERING for an Invoke in segments."""

    GATHERING = auto()
    TIDOK_WAIT = auto()
    INVOKE_RESP_WAIT = auto()
    RESULT_WAIT = auto()
    RESULT_RESP_WAIT = auto()
    WAIT_TIMEOUT = auto()


@dataclass(frozen=True, slots=True)
class Txn:
    """One transaction of one peer.

    tid        0..0x7FFF, as the initiator sent it
    segmented  the peer can take a message in segments
    group      octets of a group that the peer takes at once
    resend_s   the interval after the first sending
    deadline   when the running timer (A, R or W) expires, in seconds; NEVER without one
    expiries   of timer A so far; `resends` of timer R; `nacks` answered for this group
    resent     the packets sent again for the last Nack
    """

    tid: int
    state: State
    tclass: int
    segmented: bool
    group: int
    resend_s: float
    deadline: float = NEVER
    expiries: int = 0
    resends: int = 0
    acked: bool = False
    held: bytes = b""
    sent_at: float = 0.0
    nacks: int = 0
    resent: tuple[int, ...] = ()
    out: sar.Outgoing | None = None
    inc: sar.Incoming | None = None


@dataclass(frozen=True, slots=True)
class InvokeRes:
    """TR-Invoke.res: the session layer has taken the Invoke."""


@dataclass(frozen=True, slots=True)
class ResultReq:
    """TR-Result.req: the answer. `size` octets a segment, `window` segments in the first group."""

    body: bytes
    size: int = 1_400
    window: int = 3
    ceiling: int = 16


@dataclass(frozen=True, slots=True)
class AbortReq:
    """TR-Abort.req with a WSP reason, or with a provider reason where `by_user` is false."""

    reason: int
    by_user: bool = True


@dataclass(frozen=True, slots=True)
class Tick:
    """The deadline has passed."""


Event = Invoke | Segment | Ack | Nack | Abort | InvokeRes | ResultReq | AbortReq | Tick


@dataclass(frozen=True, slots=True)
class Send:
    """One PDU, encoded, for the peer."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class InvokeInd:
    """TR-Invoke.ind: a whole message for the session layer."""

    tclass: int
    body: bytes


@dataclass(frozen=True, slots=True)
class ResultCnf:
    """TR-Result.cnf: the peer has the result. `clean_s` is the round trip, None after a resend."""

    clean_s: float | None


@dataclass(frozen=True, slots=True)
class AbortInd:
    """TR-Abort.ind: the transaction is over without success; reason as in the Abort PDU."""

    reason: int
    by_user: bool = False


Effect = Send | InvokeInd | ResultCnf | AbortInd
Step = tuple[Txn | None, list[Effect]]


def listen(invoke: Invoke, valid: bool, resend_s: float, now: float) -> Step:
    """The rows of state LISTEN.

    valid   whether the TID test passed; where it did not, the peer is asked (WAP-224 8.9)
    """
    if invoke.version:
        return None, [_provider_abort(invoke.tid, AbortReason.WTPVERSIONONE)]
    whole = invoke.ttr
    if invoke.tclass == 0:
        return None, [InvokeInd(0, invoke.body)] if whole else []
    group = option(invoke.tpis, Option.MAX_GROUP) or 0
    segmented = not (invoke.gtr and invoke.ttr)
    ack_at = now + ACK_AFTER_S
    txn = Txn(invoke.tid, State.INVOKE_RESP_WAIT, invoke.tclass, segmented, group, resend_s, ack_at)
    if not whole:
        inc = sar.received(sar.Incoming({}, 0), 0, invoke.body, gtr=invoke.gtr, ttr=False)
        txn = replace(txn, state=State.GATHERING, inc=inc, deadline=now + WAIT_S)
    if not valid:
        waiting = replace(txn, state=State.TIDOK_WAIT, held=invoke.body, deadline=now + WAIT_S)
        return waiting, [_ack(txn, verify=True)]
    if not whole:
        return txn, _group_answer(txn)
    return txn, [InvokeInd(invoke.tclass, invoke.body)]


def step(txn: Txn, event: Event, now: float) -> Step:
    """One row of the responder's table; an event that the state does not know is ignored.

    raises   LocalMisuse for a service primitive of ours that the state has no row for
    source   WAP-224-WTP 10.3
    """
    match event:
        case Abort():
            indicate = txn.state not in (State.TIDOK_WAIT, State.GATHERING, State.WAIT_TIMEOUT)
            return None, [AbortInd(event.reason, event.by_user)] if indicate else []
        case AbortReq():
            return None, [Send(encode_pdu(Abort(txn.tid | RESPONSE, event.by_user, event.reason)))]
        case _:
            return ROWS[txn.state](txn, event, now)


def _gathering(txn: Txn, event: Event, now: float) -> Step:
    match event:
        case Segment() if txn.inc is not None:
            inc = sar.received(txn.inc, event.psn, event.body, gtr=event.gtr, ttr=event.ttr)
            gaps = sar.missing(inc)
            closes = event.gtr or event.ttr
            # Of packets sent again, only the one that passes the last gap is answered.
            passed = event.psn < inc.end and (not gaps or event.psn > gaps[-1])
            txn = replace(txn, inc=inc)
            return _gathered(txn, _group_answer(txn) if closes or passed else [], now)
        case Invoke(rid=True):
            return txn, _group_answer(txn)
        case Tick():
            return None, []
        case _:
            return _ours(txn, event)


def _gathered(txn: Txn, answer: list[Effect], now: float) -> Step:
    """On to the session layer with a message that is whole, else wait for the rest of it."""
    if txn.inc is None or not sar.complete(txn.inc):
        return replace(txn, deadline=now + WAIT_S), answer
    # The result, or the Ack of timer A, acknowledges the last group.
    done = replace(txn, state=State.INVOKE_RESP_WAIT, inc=None, deadline=now + ACK_AFTER_S)
    return done, [InvokeInd(txn.tclass, sar.message(txn.inc))]


def _tidok_wait(txn: Txn, event: Event, now: float) -> Step:
    match event:
        case Ack(verify=True) if txn.inc is not None:
            return _gathered(replace(txn, state=State.GATHERING, held=b""), _group_answer(txn), now)
        case Ack(verify=True):
            known = replace(txn, state=State.INVOKE_RESP_WAIT, held=b"", deadline=now + ACK_AFTER_S)
            return known, [InvokeInd(txn.tclass, txn.held)]
        case Segment() if txn.inc is not None:
            inc = sar.received(txn.inc, event.psn, event.body, gtr=event.gtr, ttr=event.ttr)
            return replace(txn, inc=inc), []
        case Invoke(rid=True):
            return txn, [_ack(txn, verify=True)]
        case Tick():
            return None, []
        case _:
            return _ours(txn, event)


def _invoke_resp_wait(txn: Txn, event: Event, now: float) -> Step:
    match event:
        case InvokeRes() if txn.tclass == 1:
            return replace(txn, state=State.WAIT_TIMEOUT, deadline=now + WAIT_S), [_ack(txn)]
        case InvokeRes():
            return replace(txn, state=State.RESULT_WAIT, deadline=now + ACK_AFTER_S, expiries=0), []
        case ResultReq():
            return _answer(txn, event, now)
        case Tick() if txn.expiries < MAX_ACK_EXPIRIES:
            return _hold_on(txn, now)
        case Tick():
            return None, [_provider_abort(txn.tid, AbortReason.NORESPONSE), AbortInd(AbortReason.NORESPONSE)]
        case _:
            return txn, []


def _result_wait(txn: Txn, event: Event, now: float) -> Step:
    match event:
        case ResultReq():
            return _answer(txn, event, now)
        case Invoke(rid=True) if txn.acked:
            return txn, [_ack(txn)]
        case Segment(ttr=True):
            return txn, [_ack(txn, psn=event.psn)]
        case Tick() if txn.expiries < MAX_ACK_EXPIRIES:
            return _hold_on(txn, now)
        case Tick():
            return None, [_provider_abort(txn.tid, AbortReason.NORESPONSE), AbortInd(AbortReason.NORESPONSE)]
        case _:
            return _ours(txn, event)


def _result_resp_wait(txn: Txn, event: Event, now: float) -> Step:
    out = txn.out
    if out is None:
        raise LocalMisuse("a result without its message")
    match event:
        case Ack(verify=True):
            return txn, []  # an answer to a hold-on Ack of ours that crossed the result
        case Ack():
            following = sar.acknowledged(out, acked_psn(event.tpis))
            if following is None:
                clean = None if txn.resends else now - txn.sent_at
                return None, [ResultCnf(clean)]
            if following is out:
                return txn, []
            sent = replace(
                txn,
                out=following,
                resends=0,
                nacks=0,
                resent=(),
                sent_at=now,
                deadline=now + _first_interval(txn, following),
            )
            return sent, _packets(sent, range(following.first, following.last + 1), rid=False)
        case Nack() if txn.nacks < MAX_NACKS:
            wanted = event.missing or tuple(range(out.first, out.last + 1))
            if txn.resent and max(txn.resent) in wanted:
                return txn, []  # what was sent again for the last Nack is still on its way
            again = replace(
                txn,
                out=sar.thinned(out),
                sent_at=now,
                resends=1,
                nacks=txn.nacks + 1,
                resent=wanted,
                deadline=now + txn.resend_s,
            )
            return again, _packets(txn, wanted, rid=True)
        case Invoke(rid=True) if now - txn.sent_at >= EARLY_S and txn.resends < MAX_RESENDS:
            return _resend(txn, out, now)
        case Tick() if txn.resends < MAX_RESENDS:
            return _resend(txn, out, now)
        case Tick():
            return None, [AbortInd(AbortReason.NORESPONSE)]
        case _:
            return _ours(txn, event)


def _wait_timeout(txn: Txn, event: Event, now: float) -> Step:
    match event:
        case Invoke(rid=True):
            return txn, [_ack(txn)]
        case Tick():
            return None, []
        case _:
            return _ours(txn, event)


ROWS: dict[State, Callable[[Txn, Event, float], Step]] = {
    State.GATHERING: _gathering,
    State.TIDOK_WAIT: _tidok_wait,
    State.INVOKE_RESP_WAIT: _invoke_resp_wait,
    State.RESULT_WAIT: _result_wait,
    State.RESULT_RESP_WAIT: _result_resp_wait,
    State.WAIT_TIMEOUT: _wait_timeout,
}


def _ours(txn: Txn, event: Event) -> Step:
    """A duplicate of the peer's is normal on UDP; a primitive of ours out of place is a bug."""
    if isinstance(event, InvokeRes | ResultReq):
        raise LocalMisuse(f"{type(event).__name__} in {txn.state}")
    return txn, []


def _answer(txn: Txn, request: ResultReq, now: float) -> Step:
    if txn.tclass != 2:
        raise LocalMisuse(f"a result in class {txn.tclass}")
    ceiling = min(request.ceiling, txn.group // request.size) if txn.group else request.ceiling
    size = request.size if txn.segmented else max(1, len(request.body))
    out = sar.begin(request.body, size, request.window, ceiling)
    wait = now + _first_interval(txn, out)
    # Written out, since every answer comes this way and `replace` takes four times as long.
    same = (txn.segmented, txn.group, txn.resend_s)
    sent = Txn(txn.tid, State.RESULT_RESP_WAIT, 2, *same, wait, acked=txn.acked, sent_at=now, out=out)
    return sent, _packets(sent, range(out.last + 1), rid=False)


def at_once(tid: int, body: bytes, resend_s: float, now: float) -> Txn:
    """The transaction of a plain class 2 Invoke whose Result has just been sent, all of it in one packet."""
    whole = sar.Outgoing(body, max(1, len(body)), 0, 0, 1, 1, 0)
    wait = now + min(LONGEST_RESEND_S, resend_s)
    return Txn(tid, State.RESULT_RESP_WAIT, 2, False, 0, resend_s, wait, sent_at=now, out=whole)


def _first_interval(txn: Txn, out: sar.Outgoing) -> float:
    """A group of many packets takes longer on a slow bearer than one packet."""
    return min(LONGEST_RESEND_S, txn.resend_s * (1 + (out.last - out.first) / 16))


def _resend(txn: Txn, out: sar.Outgoing, now: float) -> Step:
    """Of a group only the last packet is repeated: the peer answers with what it lacks (8.14.4)."""
    wait = min(LONGEST_RESEND_S, txn.resend_s * GROWTH ** (txn.resends + 1))
    again = replace(txn, resends=txn.resends + 1, resent=(), sent_at=now, deadline=now + wait)
    return again, _packets(txn, (out.last,), rid=True)


def _hold_on(txn: Txn, now: float) -> Step:
    waiting = replace(txn, expiries=txn.expiries + 1, acked=True, deadline=now + ACK_AFTER_S * 2)
    return waiting, [_ack(txn)]


def _packets(txn: Txn, numbers: range | tuple[int, ...], *, rid: bool) -> list[Effect]:
    if txn.out is None:
        raise LocalMisuse("packets of no message")
    return [Send(octets) for octets in sar.packets(txn.out, txn.tid | RESPONSE, numbers, rid=rid)]


def _group_answer(txn: Txn) -> list[Effect]:
    """An Ack of the newest closed group, a Nack for its gaps, or nothing while it is open."""
    inc = txn.inc
    if inc is None or inc.end < 0:
        return []
    if gaps := sar.missing(inc):
        return [Send(encode_pdu(Nack(txn.tid | RESPONSE, gaps[:255])))]
    return [_ack(txn, psn=inc.end)]


def _ack(txn: Txn, *, verify: bool = False, psn: int | None = None) -> Send:
    tpis = () if psn is None else (psn_tpi(psn),)
    return Send(encode_pdu(Ack(txn.tid | RESPONSE, verify, txn.acked, tpis)))


def _provider_abort(tid: int, reason: AbortReason) -> Send:
    return Send(encode_pdu(Abort(tid | RESPONSE, False, reason)))
