"""Segmentation and reassembly: a message as numbered packets in groups (WAP-224-WTP 8.14)."""

from dataclasses import dataclass, replace

from wap.protocol.pdu import Kind, Result, Segment, encode_pdu

MAX_SEGMENTS = 256


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way: segments `first`..`last` are the group sent and not yet acknowledged.

    size     octets of message in each segment but the last
    window   how many segments the next group may have
    ceiling  the most segments the peer takes in a group
    final    the number of the last segment of the message
    """

    body: bytes
    size: int
    first: int
    last: int
    window: int
    ceiling: int
    final: int


def begin(body: bytes, size: int, window: int, ceiling: int) -> Outgoing:
    """The first group of a message; ValueError where it needs more than 256 segments."""
    final = max(0, (len(body) - 1) // size)
    if final >= MAX_SEGMENTS:
        raise ValueError(f"{len(body)} octets are too many segments")
    window = max(1, min(window, ceiling))
    return Outgoing(body, size, 0, min(final, window - 1), window, max(1, ceiling), final)


def packets(out: Outgoing, tid: int, numbers: range | tuple[int, ...], *, rid: bool) -> list[bytes]:
    """The encoded packets of these segment numbers; those beyond the current group are left out."""
    return [_packet(out, tid, psn, rid) for psn in numbers if psn <= out.last]


def _packet(out: Outgoing, tid: int, psn: int, rid: bool) -> bytes:
    part = out.body[psn * out.size : (psn + 1) * out.size]
    ttr = psn == out.final
    gtr = psn == out.last and not ttr
    if psn:
        return encode_pdu(Segment(Kind.SEGMENTED_RESULT, tid, psn, part, gtr, ttr, rid))
    return encode_pdu(Result(tid, part, gtr or out.final == 0, ttr, rid))


def acknowledged(out: Outgoing, psn: int | None) -> Outgoing | None:
    """The next group after an Ack that names packet `psn` (None: a message of one packet).

    returns  `out` itself for an Ack of an older group; None where the whole message has arrived
    """
    if psn is None:
        psn = 0
    if psn != out.last:
        return out
    if psn == out.final:
        return None
    window = min(out.window * 2, out.ceiling)
    return replace(out, first=psn + 1, last=min(out.final, psn + window), window=window)


def thinned(out: Outgoing) -> Outgoing:
    """After a Nack: later groups are half as long."""
    return replace(out, window=max(1, out.window // 2))


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that is arriving: `end` closes the newest group seen, `final` the message (-1: unknown)."""

    parts: dict[int, bytes]
    octets: int
    end: int = -1
    final: int = -1


def received(inc: Incoming, psn: int, body: bytes, *, gtr: bool, ttr: bool) -> Incoming:
    """With one more packet; a packet that is there already, or lies past the end, changes nothing."""
    end = max(inc.end, psn) if gtr or ttr else inc.end
    final = psn if ttr and inc.final < 0 and psn >= max(inc.parts, default=0) else inc.final
    if psn in inc.parts or 0 <= final < psn:
        return replace(inc, end=end if final < 0 else min(end, final), final=final)
    return Incoming({**inc.parts, psn: body}, inc.octets + len(body), end, final)


def missing(inc: Incoming) -> tuple[int, ...]:
    """The packets of the groups closed so far that have not arrived."""
    return tuple(psn for psn in range(inc.end + 1) if psn not in inc.parts)


def complete(inc: Incoming) -> bool:
    """Whether every packet up to the last of the message is there."""
    return 0 <= inc.final < len(inc.parts)


def message(inc: Incoming) -> bytes:
    """The whole message; only of a complete one."""
    return b"".join(inc.parts[psn] for psn in range(inc.final + 1))
