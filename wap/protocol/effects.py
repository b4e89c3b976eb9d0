"""What the gateway asks of whoever owns its sockets."""

from collections.abc import Callable
from dataclasses import dataclass

from wap.protocol.exchange import WspReply, WspRequest
from wap.protocol.session import Address

ErrorDeck = Callable[[int, WspRequest], WspReply]


@dataclass(frozen=True, slots=True)
class Datagram:
    """Send these octets to this address."""

    address: Address
    octets: bytes


@dataclass(frozen=True, slots=True)
class Fetch:
    """Find the answer to this request, then call `answer` with the handle."""

    handle: int
    request: WspRequest


@dataclass(frozen=True, slots=True)
class Cancel:
    """Nobody waits for this answer any more."""

    handle: int


Effect = Datagram | Fetch | Cancel
