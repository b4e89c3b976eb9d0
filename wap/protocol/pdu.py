"""WTP protocol data units: octets to values and back (WAP-224-WTP section 9)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from wap.protocol.errors import Malformed, Truncated
from wap.protocol.uintvar import take

RESPONSE = 0x8000  # the top bit of a TID is set in what the responder sends (WAP-224 8.10)
MAX_CONCATENATED = 0x7FFF


class Kind(IntEnum):
    """PDU types (WAP-224 table 9.1)."""

    INVOKE = 1
    RESULT = 2
    ACK = 3
    ABORT = 4
    SEGMENTED_INVOKE = 5
    SEGMENTED_RESULT = 6
    NACK = 7


class TpiKind(IntEnum):
    """Transport information items (WAP-224 9.4)."""

    ERROR = 0
    INFO = 1
    OPTION = 2
    PSN = 3
    SDU_BOUNDARY = 4
    FRAME_BOUNDARY = 5


class Option(IntEnum):
    """First octet of an OPTION item (WAP-224 9.4.3)."""

    MAX_RECEIVE_UNIT = 1
    TOTAL_MESSAGE_SIZE = 2
    DELAY_TIMER = 3
    MAX_GROUP = 4
    CURRENT_TID = 5
    NO_CACHED_TID = 6


class AbortReason(IntEnum):
    """Why the provider (WTP itself) aborts (WAP-224 9.3.4)."""

    UNKNOWN = 0
    PROTOERR = 1
    INVALIDTID = 2
    NOTIMPLEMENTEDCL2 = 3
    NOTIMPLEMENTEDSAR = 4
    NOTIMPLEMENTEDUACK = 5
    WTPVERSIONONE = 6
    CAPTEMPEXCEEDED = 7
    NORESPONSE = 8
    MESSAGETOOLARGE = 9
    NOTIMPLEMENTEDESAR = 10


@dataclass(frozen=True, slots=True)
class Tpi:
    """One transport information item: `kind` 0..15, up to 255 octets of data."""

    kind: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Invoke:
    """Starts a transaction. `gtr` and `ttr` both set say: this sender knows no segmentation."""

    tid: int
    tclass: int
    body: bytes
    gtr: bool = True
    ttr: bool = True
    rid: bool = False
    tid_new: bool = False
    user_ack: bool = False
    version: int = 0
    tpis: tuple[Tpi, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of a class 2 transaction, or the first segment of it."""

    tid: int
    body: bytes
    gtr: bool = True
    ttr: bool = True
    rid: bool = False
    tpis: tuple[Tpi, ...] = ()


@dataclass(frozen=True, slots=True)
class Ack:
    """`verify` is Tve from a responder and Tok from an initiator."""

    tid: int
    verify: bool = False
    rid: bool = False
    tpis: tuple[Tpi, ...] = ()


@dataclass(frozen=True, slots=True)
class Abort:
    """`by_user` tells a WSP reason from an AbortReason."""

    tid: int
    by_user: bool
    reason: int
    tpis: tuple[Tpi, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A later segment of an Invoke (`kind` SEGMENTED_INVOKE) or of a Result; `psn` 0..255."""

    kind: Kind
    tid: int
    psn: int
    body: bytes
    gtr: bool = False
    ttr: bool = False
    rid: bool = False
    tpis: tuple[Tpi, ...] = ()


@dataclass(frozen=True, slots=True)
class Nack:
    """The packets that did not arrive; an empty list asks for the whole group again."""

    tid: int
    missing: tuple[int, ...]
    rid: bool = False
    tpis: tuple[Tpi, ...] = ()


Pdu = Invoke | Result | Ack | Abort | Segment | Nack


def decode_datagram(octets: bytes) -> list[Pdu]:
    """Every PDU of a datagram, concatenated or single.

    raises   Truncated or Malformed; nothing else, whatever the bytes
    source   WAP-224-WTP 9.5 (concatenation), 9.1-9.3
    """
    if not octets:
        raise Truncated("empty datagram")
    if octets[0]:
        return [decode_pdu(octets)]
    found: list[Pdu] = []
    at = 1
    while at < len(octets):
        length = octets[at]
        at += 1
        if length & 0x80:
            low, at = take(octets, at, 1)
            length = (length & 0x7F) << 8 | low[0]
        part, at = take(octets, at, length)
        found.append(decode_pdu(part))
    return found


def concatenate(pdus: Sequence[bytes]) -> bytes:
    """One datagram of several encoded PDUs; ValueError where one is over 32,767 octets."""
    if len(pdus) == 1:
        return pdus[0]
    parts = [b"\0"]
    for pdu in pdus:
        if len(pdu) > MAX_CONCATENATED:
            raise ValueError("PDU too long to be concatenated")
        parts.append(bytes((len(pdu),)) if len(pdu) < 0x80 else (0x8000 | len(pdu)).to_bytes(2, "big"))
        parts.append(pdu)
    return b"".join(parts)


def decode_pdu(octets: bytes) -> Pdu:
    """One WTP PDU.

    raises   Truncated or Malformed; nothing else, whatever the bytes
    source   WAP-224-WTP 9.2, 9.3
    """
    if len(octets) < 3:
        raise Truncated("a WTP PDU has at least 3 octets")
    head = octets[0]
    read = READERS.get(head >> 3 & 0x0F)
    if read is None:
        raise Malformed(f"WTP PDU type {head >> 3 & 0x0F}")
    return read(head, octets[1] << 8 | octets[2], octets)


def _tpis(head: int, octets: bytes, at: int) -> tuple[tuple[Tpi, ...], int]:
    """The variable header that follows where CON is set (WAP-224 9.1.2)."""
    if head < 0x80:
        return (), at
    found = []
    more = True
    while more:
        first, at = take(octets, at, 1)
        more = first[0] >= 0x80
        length = first[0] & 0x03
        if first[0] & 0x04:
            long, at = take(octets, at, 1)
            length = long[0]
        data, at = take(octets, at, length)
        found.append(Tpi(first[0] >> 3 & 0x0F, data))
    return tuple(found), at


def _invoke(head: int, tid: int, octets: bytes) -> Invoke:
    if len(octets) < 4:
        raise Truncated("an Invoke has at least 4 octets")
    flags = octets[3]
    if flags & 0x03 == 3:
        raise Malformed("transaction class 3")
    tpis, at = _tpis(head, octets, 4)
    return Invoke(
        tid,
        flags & 0x03,
        octets[at:],
        head & 0x04 != 0,
        head & 0x02 != 0,
        head & 0x01 != 0,
        flags & 0x20 != 0,
        flags & 0x10 != 0,
        flags >> 6,
        tpis,
    )


def _result(head: int, tid: int, octets: bytes) -> Result:
    tpis, at = _tpis(head, octets, 3)
    return Result(tid, octets[at:], head & 0x04 != 0, head & 0x02 != 0, head & 0x01 != 0, tpis)


def _ack(head: int, tid: int, octets: bytes) -> Ack:
    return Ack(tid, head & 0x04 != 0, head & 0x01 != 0, _tpis(head, octets, 3)[0])


def _abort(head: int, tid: int, octets: bytes) -> Abort:
    if head & 0x07 > 1:
        raise Malformed(f"abort type {head & 0x07}")
    reason, at = take(octets, 3, 1)
    return Abort(tid, head & 0x07 == 1, reason[0], _tpis(head, octets, at)[0])


def _segment(head: int, tid: int, octets: bytes) -> Segment:
    psn, at = take(octets, 3, 1)
    tpis, at = _tpis(head, octets, at)
    kind = Kind(head >> 3 & 0x0F)
    return Segment(kind, tid, psn[0], octets[at:], head & 0x04 != 0, head & 0x02 != 0, head & 0x01 != 0, tpis)


def _nack(head: int, tid: int, octets: bytes) -> Nack:
    count, at = take(octets, 3, 1)
    missing, at = take(octets, at, count[0])
    return Nack(tid, tuple(missing), head & 0x01 != 0, _tpis(head, octets, at)[0])


READERS: dict[int, Callable[[int, int, bytes], Pdu]] = {
    Kind.INVOKE: _invoke,
    Kind.RESULT: _result,
    Kind.ACK: _ack,
    Kind.ABORT: _abort,
    Kind.SEGMENTED_INVOKE: _segment,
    Kind.SEGMENTED_RESULT: _segment,
    Kind.NACK: _nack,
}


def encode_pdu(pdu: Pdu) -> bytes:
    """The octets of one PDU; ValueError for a field out of its range."""
    match pdu:
        case Result():
            head = _head(pdu, Kind.RESULT, pdu.gtr << 2 | pdu.ttr << 1 | pdu.rid)
            return head + _encode_tpis(pdu.tpis) + pdu.body
        case Ack():
            return _head(pdu, Kind.ACK, pdu.verify << 2 | pdu.rid) + _encode_tpis(pdu.tpis)
        case Invoke():
            if not 0 <= pdu.tclass <= 2:
                raise ValueError(f"transaction class {pdu.tclass}")
            head = _head(pdu, Kind.INVOKE, pdu.gtr << 2 | pdu.ttr << 1 | pdu.rid)
            flags = pdu.version << 6 | pdu.tid_new << 5 | pdu.user_ack << 4 | pdu.tclass
            return head + bytes((flags,)) + _encode_tpis(pdu.tpis) + pdu.body
        case Segment():
            head = _head(pdu, pdu.kind, pdu.gtr << 2 | pdu.ttr << 1 | pdu.rid)
            return head + bytes((pdu.psn,)) + _encode_tpis(pdu.tpis) + pdu.body
        case Nack():
            head = _head(pdu, Kind.NACK, pdu.rid)
            return head + bytes((len(pdu.missing), *pdu.missing)) + _encode_tpis(pdu.tpis)
        case Abort():
            return _head(pdu, Kind.ABORT, pdu.by_user) + bytes((pdu.reason,)) + _encode_tpis(pdu.tpis)


def _head(pdu: Pdu, kind: Kind, flags: int) -> bytes:
    return bytes(((0x80 if pdu.tpis else 0) | kind << 3 | flags, pdu.tid >> 8, pdu.tid & 0xFF))


def _encode_tpis(tpis: tuple[Tpi, ...]) -> bytes:
    parts = []
    for left, tpi in zip(range(len(tpis) - 1, -1, -1), tpis, strict=True):
        first = (0x80 if left else 0) | tpi.kind << 3
        short = len(tpi.data) <= 3
        parts.append(bytes((first | len(tpi.data),)) if short else bytes((first | 0x04, len(tpi.data))))
        parts.append(tpi.data)
    return b"".join(parts)


def psn_tpi(psn: int) -> Tpi:
    """The item by which an Ack names the packet that ends the group it acknowledges."""
    return Tpi(TpiKind.PSN, bytes((psn,)))


def acked_psn(tpis: tuple[Tpi, ...]) -> int | None:
    """The packet sequence number an Ack names; None in an Ack without one."""
    for tpi in tpis:
        if tpi.kind == TpiKind.PSN and len(tpi.data) == 1:
            return tpi.data[0]
    return None


def option(tpis: tuple[Tpi, ...], wanted: Option) -> int | None:
    """The number of an OPTION item (big endian, at most 4 octets); None where there is none."""
    for tpi in tpis:
        if tpi.kind == TpiKind.OPTION and 1 <= len(tpi.data) <= 5 and tpi.data[0] == wanted:
            return int.from_bytes(tpi.data[1:], "big")
    return None
