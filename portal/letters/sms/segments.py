"""How long a text message is. Ours always hold Chinese (the signature alone is), so they go as UCS-2.

source   3GPP TS 23.038 6.2.3, 23.040 9.2.3.24.1: 140 octets, 6 of them a header where a text is of several
"""

from __future__ import annotations

ALONE, TOGETHER = 70, 67
"""UTF-16 units in a message that is alone, and in one of several."""


def units(text: str) -> int:
    """UTF-16 units; a character beyond the first plane is two."""
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


def segments(text: str) -> int:
    """How many messages a text is sent in; 1 for ""."""
    length = units(text)
    return 1 if length <= ALONE else -(-length // TOGETHER)


def room(count: int) -> int:
    """Units in so many messages."""
    return ALONE if count <= 1 else TOGETHER * count


def shortened(text: str, most: int) -> str:
    """A text of at most `most` units; one that was longer ends with …"""
    if units(text) <= most:
        return text
    kept, left = [], most - 1
    for char in text:
        left -= units(char)
        if left < 0:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…" if most > 0 else ""
