"""A phone for tests: the initiator's side of WTP and WSP, without sockets.

It is written against the standard apart from the gateway's machines, of which it uses only the codecs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wap.protocol import capabilities, wsp_pdu
from wap.protocol.capabilities import Cap, Capability
from wap.protocol.headers import encode_headers
from wap.protocol.pdu import (
    RESPONSE,
    Abort,
    Ack,
    Invoke,
    Kind,
    Nack,
    Pdu,
    Result,
    Segment,
    decode_datagram,
    encode_pdu,
    psn_tpi,
)
from wap.protocol.uintvar import encode_uintvar

SEGMENT = 1_000


@dataclass
class Call:
    """One transaction of the phone."""

    tid: int
    packets: list[bytes]
    sent_at: float
    tries: int = 1
    parts: dict[int, bytes] = field(default_factory=dict)
    end: int = -1
    final: int = -1
    acked: bytes = b""


@dataclass
class Phone:
    """One phone: `segmented` says that it takes messages in segments; resends after `resend_s`."""

    segmented: bool = True
    resend_s: float = 1.0
    client_sdu: int = 1_048_576
    tid: int = 0
    session: int = 0
    calls: dict[int, Call] = field(default_factory=dict)
    done: dict[int, bytes] = field(default_factory=dict)
    aborts: dict[int, Abort] = field(default_factory=dict)
    told: list[wsp_pdu.Pdu] = field(default_factory=list)
    heard: list[Pdu] = field(default_factory=list)

    def invoke(self, body: bytes, now: float = 0.0, tclass: int = 2, *, tid_new: bool = False) -> list[bytes]:
        """The datagrams that start a transaction; long messages go in segments of one group."""
        self.tid = (self.tid + 1) % RESPONSE
        parts = [body[at : at + SEGMENT] for at in range(0, len(body), SEGMENT)] or [b""]
        last = len(parts) - 1
        packets = [
            encode_pdu(
                Invoke(self.tid, tclass, parts[0], gtr=not self.segmented, ttr=last == 0, tid_new=tid_new)
            )
        ]
        for psn, part in enumerate(parts[1:], 1):
            packets.append(encode_pdu(Segment(Kind.SEGMENTED_INVOKE, self.tid, psn, part, ttr=psn == last)))
        if tclass:
            self.calls[self.tid] = Call(self.tid, packets, now)
        return packets

    def connect(
        self,
        headers: Iterable[tuple[str, str]] = (("User-Agent", "Phone/1.0"),),
        options: int = 0x20,
        now: float = 0.0,
        more: Iterable[Capability] = (),
    ) -> list[bytes]:
        caps = [
            Capability(Cap.CLIENT_SDU, encode_uintvar(self.client_sdu)),
            Capability(Cap.SERVER_SDU, encode_uintvar(1_048_576)),
            Capability(Cap.PROTOCOL_OPTIONS, bytes((options,))),
            *more,
        ]
        block = encode_headers(list(headers), (1, 3))
        return self.invoke(
            wsp_pdu.encode(wsp_pdu.Connect(0x10, capabilities.encode_capabilities(caps), block)), now
        )

    def get(self, url: str, now: float = 0.0, headers: Iterable[tuple[str, str]] = ()) -> list[bytes]:
        block = encode_headers(list(headers), (1, 3))
        return self.invoke(wsp_pdu.encode(wsp_pdu.Method(wsp_pdu.Type.GET, url.encode(), block)), now)

    def post(self, url: str, content_type: bytes, body: bytes, now: float = 0.0) -> list[bytes]:
        pdu = wsp_pdu.Method(wsp_pdu.Type.POST, url.encode(), b"", content_type, body)
        return self.invoke(wsp_pdu.encode(pdu), now)

    def suspend(self) -> list[bytes]:
        return self.invoke(wsp_pdu.encode(wsp_pdu.Suspend(self.session)), tclass=0)

    def disconnect(self) -> list[bytes]:
        return self.invoke(wsp_pdu.encode(wsp_pdu.Disconnect(self.session)), tclass=0)

    def resume(self, headers: bytes = b"", now: float = 0.0) -> list[bytes]:
        return self.invoke(wsp_pdu.encode(wsp_pdu.Resume(self.session, b"", headers)), now)

    def receive(self, octets: bytes) -> list[bytes]:
        """What the phone sends back for one datagram."""
        answer: list[bytes] = []
        for pdu in decode_datagram(octets):
            self.heard.append(pdu)
            answer += self._pdu(pdu)
        return answer

    def tick(self, now: float) -> list[bytes]:
        """Transactions not answered in time are started again."""
        found: list[bytes] = []
        for call in self.calls.values():
            if call.tid not in self.done and not call.parts and now - call.sent_at >= self.resend_s:
                call.sent_at = now
                call.tries += 1
                found += [bytes((packet[0] | 1, *packet[1:])) for packet in call.packets]
        return found

    def reply(self, tid: int | None = None) -> wsp_pdu.Reply:
        """The answer to a method, decoded."""
        pdu = wsp_pdu.decode(self.done[self.tid if tid is None else tid])
        assert isinstance(pdu, wsp_pdu.Reply)
        return pdu

    def _pdu(self, pdu: Pdu) -> list[bytes]:
        if isinstance(pdu, Invoke):
            self.told.append(wsp_pdu.decode(pdu.body))
            return []
        assert pdu.tid & RESPONSE
        tid = pdu.tid & ~RESPONSE
        call = self.calls.get(tid)
        match pdu:
            case Ack(verify=True) if call is None:
                return [encode_pdu(Abort(tid, False, 2))]
            case Ack(verify=True):
                return [encode_pdu(Ack(tid, verify=True))]
            case Abort():
                self.aborts[tid] = pdu
                self.calls.pop(tid, None)
                return []
            case Nack() if call is not None:
                return [
                    bytes((call.packets[psn][0] | 1, *call.packets[psn][1:]))
                    for psn in pdu.missing
                    if psn < len(call.packets)
                ]
            case Result() | Segment() if call is not None:
                return self._part(call, pdu)
            case _:
                return []

    def _part(self, call: Call, pdu: Result | Segment) -> list[bytes]:
        psn = pdu.psn if isinstance(pdu, Segment) else 0
        whole = call.acked and psn <= call.end and call.tid in self.done
        if whole:
            return [call.acked]
        call.parts[psn] = pdu.body
        if pdu.gtr or pdu.ttr:
            call.end = max(call.end, psn)
        if pdu.ttr:
            call.final = psn
        gaps = tuple(number for number in range(call.end + 1) if number not in call.parts)
        if gaps:
            return [encode_pdu(Nack(call.tid, gaps))] if pdu.gtr or pdu.ttr or psn > gaps[-1] else []
        if call.end < 0 or (not (pdu.gtr or pdu.ttr) and psn > call.end):
            return []
        call.acked = encode_pdu(Ack(call.tid, tpis=(psn_tpi(call.end),) if call.end else ()))
        if call.end == call.final:
            message = b"".join(call.parts[number] for number in range(call.final + 1))
            self.done[call.tid] = message
            if message[:1] == bytes((wsp_pdu.Type.CONNECT_REPLY,)):
                connected = wsp_pdu.decode(message)
                assert isinstance(connected, wsp_pdu.ConnectReply)
                self.session = connected.session
        return [call.acked]
