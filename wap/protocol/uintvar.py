"""Variable-length unsigned integers (WAP-230-WSP 8.1.2)."""

from wap.protocol.errors import Malformed, Truncated

MAX_OCTETS = 5
MAX_VALUE = 0xFFFF_FFFF


def decode_uintvar(octets: bytes, at: int = 0) -> tuple[int, int]:
    """Read a variable-length unsigned integer.

    octets   7-bit groups, high first, top bit set on all but the last; 1 to 5 octets
    at       offset, in octets
    returns  (value in 0..2**32-1, offset just past it)
    raises   Truncated or Malformed; nothing else, whatever the bytes
    source   WAP-230-WSP 8.1.2
    """
    value = 0
    for octet in octets[at : at + MAX_OCTETS]:
        at += 1
        value = value << 7 | octet & 0x7F
        if octet < 0x80:
            if value > MAX_VALUE:
                raise Malformed("uintvar above 2**32-1")
            return value, at
    if at >= len(octets):
        raise Truncated("uintvar without its last octet")
    raise Malformed("uintvar of more than 5 octets")


def encode_uintvar(value: int) -> bytes:
    """The shortest form of `value` in 0..2**32-1; ValueError outside."""
    if 0 <= value < 0x80:
        return bytes((value,))
    if not 0 <= value <= MAX_VALUE:
        raise ValueError(f"{value} does not fit a uintvar")
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


def take(octets: bytes, at: int, count: int) -> tuple[bytes, int]:
    """The next `count` octets and the offset past them; Truncated where there are fewer."""
    end = at + count
    if end > len(octets):
        raise Truncated(f"{count} octets promised, {len(octets) - at} there")
    return octets[at:end], end
