"""The responder's table, row by row."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wap.protocol import wtp
from wap.protocol.errors import LocalMisuse
from wap.protocol.pdu import (
    Abort,
    AbortReason,
    Ack,
    Invoke,
    Kind,
    Nack,
    Pdu,
    Result,
    Segment,
    decode_pdu,
    psn_tpi,
)
from wap.protocol.wtp import (
    AbortInd,
    AbortReq,
    InvokeInd,
    InvokeRes,
    ResultCnf,
    ResultReq,
    State,
    Tick,
    Txn,
    listen,
    step,
)

GET = Invoke(5, 2, b"get", gtr=False)
AGAIN = Invoke(5, 2, b"get", gtr=False, rid=True)


def sent(effects: list[wtp.Effect]) -> list[Pdu]:
    return [decode_pdu(effect.octets) for effect in effects if isinstance(effect, wtp.Send)]


def told(effects: list[wtp.Effect]) -> list[wtp.Effect]:
    return [effect for effect in effects if not isinstance(effect, wtp.Send)]


def at(state: State, body: bytes = b"answer") -> Txn:
    """A transaction that has come to a state in the ordinary way, at the moment 0."""
    if state is State.TIDOK_WAIT:
        txn, _ = listen(GET, False, 0.3, 0.0)
    elif state is State.GATHERING:
        txn, _ = listen(Invoke(5, 2, b"a", gtr=True, ttr=False), True, 0.3, 0.0)
    elif state is State.WAIT_TIMEOUT:
        first, _ = listen(Invoke(5, 1, b"get"), True, 0.3, 0.0)
        assert first
        txn, _ = step(first, InvokeRes(), 0.0)
    else:
        txn, _ = listen(GET, True, 0.3, 0.0)
        if state in (State.RESULT_WAIT, State.RESULT_RESP_WAIT):
            assert txn
            txn, _ = step(txn, InvokeRes(), 0.0)
        if state is State.RESULT_RESP_WAIT:
            assert txn
            txn, _ = step(txn, ResultReq(body, size=10), 0.0)
    assert txn
    assert txn.state is state
    return txn


def test_listen_valid() -> None:
    txn, effects = listen(GET, True, 0.3, 1.0)
    assert txn
    assert txn.state is State.INVOKE_RESP_WAIT
    assert effects == [InvokeInd(2, b"get")]


def test_listen_class_0_keeps_nothing() -> None:
    assert listen(Invoke(5, 0, b"bye"), True, 0.3, 1.0) == (None, [InvokeInd(0, b"bye")])


def test_listen_asks_where_the_tid_test_fails() -> None:
    txn, effects = listen(GET, False, 0.3, 1.0)
    assert txn
    assert txn.state is State.TIDOK_WAIT
    assert sent(effects) == [Ack(0x8005, verify=True)]
    assert told(effects) == []


def test_listen_refuses_another_version() -> None:
    txn, effects = listen(Invoke(5, 2, b"", version=1), True, 0.3, 1.0)
    assert txn is None
    assert sent(effects) == [Abort(0x8005, False, AbortReason.WTPVERSIONONE)]


def test_the_ordinary_way() -> None:
    txn = at(State.RESULT_RESP_WAIT)
    after, effects = step(txn, Ack(5), 0.25)
    assert after is None
    assert effects == [ResultCnf(0.25)]


ROWS: list[tuple[State, wtp.Event, State | None, list[Pdu], list[wtp.Effect]]] = [
    (State.TIDOK_WAIT, Ack(5, verify=True), State.INVOKE_RESP_WAIT, [], [InvokeInd(2, b"get")]),
    (State.TIDOK_WAIT, GET, State.TIDOK_WAIT, [], []),
    (State.TIDOK_WAIT, AGAIN, State.TIDOK_WAIT, [Ack(0x8005, verify=True)], []),
    (State.TIDOK_WAIT, Abort(5, False, 2), None, [], []),
    (State.TIDOK_WAIT, Ack(5), State.TIDOK_WAIT, [], []),
    (State.TIDOK_WAIT, Tick(), None, [], []),
    (State.INVOKE_RESP_WAIT, AGAIN, State.INVOKE_RESP_WAIT, [], []),
    (State.INVOKE_RESP_WAIT, InvokeRes(), State.RESULT_WAIT, [], []),
    (State.INVOKE_RESP_WAIT, ResultReq(b"r"), State.RESULT_RESP_WAIT, [Result(0x8005, b"r")], []),
    (State.INVOKE_RESP_WAIT, Abort(5, True, 0xEA), None, [], [AbortInd(0xEA, True)]),
    (State.INVOKE_RESP_WAIT, AbortReq(0xE1), None, [Abort(0x8005, True, 0xE1)], []),
    (State.INVOKE_RESP_WAIT, Tick(), State.INVOKE_RESP_WAIT, [Ack(0x8005, rid=False)], []),
    (State.RESULT_WAIT, ResultReq(b"r"), State.RESULT_RESP_WAIT, [Result(0x8005, b"r")], []),
    (State.RESULT_WAIT, AGAIN, State.RESULT_WAIT, [], []),
    (State.RESULT_WAIT, GET, State.RESULT_WAIT, [], []),
    (State.RESULT_WAIT, Ack(5, verify=True), State.RESULT_WAIT, [], []),
    (State.RESULT_WAIT, Abort(5, True, 0xE8), None, [], [AbortInd(0xE8, True)]),
    (State.RESULT_WAIT, AbortReq(8, by_user=False), None, [Abort(0x8005, False, 8)], []),
    (State.RESULT_WAIT, Tick(), State.RESULT_WAIT, [Ack(0x8005)], []),
    (State.RESULT_RESP_WAIT, Ack(5, verify=True), State.RESULT_RESP_WAIT, [], []),
    (State.RESULT_RESP_WAIT, GET, State.RESULT_RESP_WAIT, [], []),
    (State.RESULT_RESP_WAIT, Abort(5, False, 0), None, [], [AbortInd(0)]),
    (State.RESULT_RESP_WAIT, AbortReq(0xE2), None, [Abort(0x8005, True, 0xE2)], []),
    (State.RESULT_RESP_WAIT, Tick(), State.RESULT_RESP_WAIT, [Result(0x8005, b"answer", rid=True)], []),
    (State.WAIT_TIMEOUT, Invoke(5, 1, b"get"), State.WAIT_TIMEOUT, [], []),
    (State.WAIT_TIMEOUT, Invoke(5, 1, b"get", rid=True), State.WAIT_TIMEOUT, [Ack(0x8005)], []),
    (State.WAIT_TIMEOUT, Abort(5, False, 0), None, [], []),
    (State.WAIT_TIMEOUT, Tick(), None, [], []),
    (
        State.GATHERING,
        Invoke(5, 2, b"a", gtr=True, ttr=False, rid=True),
        State.GATHERING,
        [Ack(0x8005, tpis=(psn_tpi(0),))],
        [],
    ),
    (State.GATHERING, Tick(), None, [], []),
    (State.GATHERING, Abort(5, False, 0), None, [], []),
]


@pytest.mark.parametrize(("state", "event", "following", "pdus", "indications"), ROWS)
def test_row(
    state: State, event: wtp.Event, following: State | None, pdus: list[Pdu], indications: list[wtp.Effect]
) -> None:
    after, effects = step(at(state), event, 0.01)
    assert (after.state if after else None) is following
    assert [strip(pdu) for pdu in sent(effects)] == [strip(pdu) for pdu in pdus]
    assert told(effects) == indications


def strip(pdu: Pdu) -> Pdu:
    """An Ack without its own retransmission flag, which the rows are not about."""
    return Ack(pdu.tid, pdu.verify, False, pdu.tpis) if isinstance(pdu, Ack) else pdu


@pytest.mark.parametrize(
    "state", [State.TIDOK_WAIT, State.GATHERING, State.RESULT_RESP_WAIT, State.WAIT_TIMEOUT]
)
@pytest.mark.parametrize("event", [InvokeRes(), ResultReq(b"")])
def test_our_own_misuse_is_loud(state: State, event: wtp.Event) -> None:
    with pytest.raises(LocalMisuse):
        step(at(state), event, 0.0)


def test_a_result_in_class_1_is_misuse() -> None:
    txn, _ = listen(Invoke(5, 1, b""), True, 0.3, 0.0)
    assert txn
    with pytest.raises(LocalMisuse):
        step(txn, ResultReq(b""), 0.0)


def test_class_1_is_acknowledged_once_it_is_taken() -> None:
    txn, _ = listen(Invoke(5, 1, b"x"), True, 0.3, 0.0)
    assert txn
    after, effects = step(txn, InvokeRes(), 0.0)
    assert after
    assert after.state is State.WAIT_TIMEOUT
    assert sent(effects) == [Ack(0x8005)]


def test_resends_grow_longer_and_end() -> None:
    txn: Txn | None = at(State.RESULT_RESP_WAIT)
    moments = []
    effects: list[wtp.Effect] = []
    while txn:
        moments.append(txn.deadline)
        txn, effects = step(txn, Tick(), txn.deadline)
    assert len(moments) == wtp.MAX_RESENDS + 1
    assert effects == [AbortInd(AbortReason.NORESPONSE)]
    gaps = [after - before for before, after in pairwise(moments)]
    assert moments[0] == pytest.approx(0.3)
    assert gaps == sorted(gaps)
    assert max(gaps) <= wtp.LONGEST_RESEND_S


def test_hold_on_acks_end() -> None:
    txn: Txn | None = at(State.RESULT_WAIT)
    acks = 0
    effects: list[wtp.Effect] = []
    while txn:
        txn, effects = step(txn, Tick(), txn.deadline)
        acks += len([pdu for pdu in sent(effects) if isinstance(pdu, Ack)])
    assert acks == wtp.MAX_ACK_EXPIRIES
    assert Abort(0x8005, False, AbortReason.NORESPONSE) in sent(effects)
    assert told(effects) == [AbortInd(AbortReason.NORESPONSE)]


def test_a_repeated_invoke_brings_the_result_again_but_not_at_once() -> None:
    txn = at(State.RESULT_RESP_WAIT)
    assert step(txn, AGAIN, 0.05) == (txn, [])
    _, effects = step(txn, AGAIN, 0.2)
    assert sent(effects) == [Result(0x8005, b"answer", rid=True)]


def test_selective_retransmission() -> None:
    txn = at(State.RESULT_RESP_WAIT, bytes(range(80)))
    assert txn.out
    assert txn.out.last == 2
    txn2, effects = step(txn, Nack(5, (0, 1)), 0.1)
    assert [(type(pdu), pdu.rid) for pdu in sent(effects)] == [(Result, True), (Segment, True)]  # type: ignore[union-attr]  # of these two only
    assert txn2
    # The Nack that the first resent packet provokes is not answered; one that shows a new loss is.
    assert step(txn2, Nack(5, (1,)), 0.1)[1] == []
    _, effects = step(txn2, Nack(5, (0,)), 0.1)
    assert len(sent(effects)) == 1
    txn3, effects = step(txn2, Ack(5, tpis=(psn_tpi(2),)), 0.2)
    assert txn3
    assert txn3.out
    assert (txn3.out.first, txn3.out.last) == (3, 4)
    assert len(sent(effects)) == 2


def test_an_empty_nack_brings_the_whole_group() -> None:
    _, effects = step(at(State.RESULT_RESP_WAIT, bytes(80)), Nack(5, ()), 0.1)
    assert len(sent(effects)) == 3


def test_nacks_for_ever_are_not_answered_for_ever() -> None:
    txn: Txn | None = at(State.RESULT_RESP_WAIT, bytes(80))
    answered = 0
    for number in range(200):
        assert txn
        txn, effects = step(txn, Nack(5, (number % 2,) if number % 2 else (0,)), 0.1)
        answered += bool(effects)
    assert answered <= wtp.MAX_NACKS


def test_of_a_group_only_the_last_packet_is_sent_again() -> None:
    txn = at(State.RESULT_RESP_WAIT, bytes(80))
    _, effects = step(txn, Tick(), 0.5)
    assert sent(effects) == [Segment(Kind.SEGMENTED_RESULT, 0x8005, 2, bytes(10), gtr=True, rid=True)]


def test_a_peer_without_segments_gets_one_packet() -> None:
    txn, _ = listen(Invoke(5, 2, b"get"), True, 0.3, 0.0)
    assert txn
    _, effects = step(txn, ResultReq(bytes(4_000), size=10), 0.0)
    assert sent(effects) == [Result(0x8005, bytes(4_000))]


def test_the_group_is_as_long_as_the_peer_takes() -> None:
    from wap.protocol.pdu import Tpi, TpiKind

    invoke = Invoke(5, 2, b"get", gtr=False, tpis=(Tpi(TpiKind.OPTION, b"\x04\x00\x14"),))
    txn, _ = listen(invoke, True, 0.3, 0.0)
    assert txn
    after, effects = step(txn, ResultReq(bytes(100), size=10, window=8), 0.0)
    assert len(effects) == 2
    assert after


def segment(psn: int, body: bytes, *, gtr: bool = False, ttr: bool = False, rid: bool = False) -> Segment:
    return Segment(Kind.SEGMENTED_INVOKE, 5, psn, body, gtr, ttr, rid)


def test_an_invoke_in_segments_with_losses() -> None:
    txn: Txn | None = at(State.GATHERING)
    assert txn
    txn, effects = step(txn, segment(3, b"d", gtr=True), 0.1)
    assert sent(effects) == [Nack(0x8005, (1, 2))]
    assert txn
    txn, effects = step(txn, segment(1, b"b", rid=True), 0.1)
    assert effects == []
    assert txn
    txn, effects = step(txn, segment(2, b"c", rid=True), 0.1)
    assert sent(effects) == [Ack(0x8005, tpis=(psn_tpi(3),))]
    assert txn
    txn, effects = step(txn, segment(3, b"d", gtr=True, rid=True), 0.1)  # our Ack was lost
    assert sent(effects) == [Ack(0x8005, tpis=(psn_tpi(3),))]
    assert txn
    txn, effects = step(txn, segment(4, b"e", ttr=True), 0.1)
    assert effects == [InvokeInd(2, b"abcde")]
    assert txn
    assert txn.state is State.INVOKE_RESP_WAIT


def test_segments_wait_for_the_tid_to_be_verified() -> None:
    txn, _ = listen(Invoke(5, 2, b"a", gtr=True, ttr=False), False, 0.3, 0.0)
    assert txn
    txn, effects = step(txn, segment(1, b"b", ttr=True), 0.1)
    assert effects == []
    assert txn
    txn, effects = step(txn, Ack(5, verify=True), 0.2)
    assert effects == [InvokeInd(2, b"ab")]


EVENTS: list[wtp.Event] = [
    GET,
    AGAIN,
    Ack(5),
    Ack(5, verify=True),
    Ack(5, tpis=(psn_tpi(2),)),
    Nack(5, (0, 200)),
    segment(1, b"x", gtr=True),
    segment(250, b"y", ttr=True, rid=True),
    Tick(),
    Abort(5, True, 1),
]


@given(st.sampled_from(list(State)), st.lists(st.sampled_from(EVENTS), max_size=30))
def test_no_order_of_events_breaks_it(state: State, events: list[wtp.Event]) -> None:
    txn: Txn | None = at(state)
    now = 0.0
    packets = 0
    for event in events:
        if txn is None:
            break
        now += 0.2
        txn, effects = step(txn, event, now)
        packets += len(sent(effects))
    assert packets <= 8 * (len(events) + 1)
