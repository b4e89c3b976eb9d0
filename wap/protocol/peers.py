"""What the gateway knows of one address: its last TID, its round trip, its transactions."""

from dataclasses import dataclass, field

from wap.protocol.session import Address
from wap.protocol.wtp import LONGEST_RESEND_S, SHORTEST_RESEND_S, Txn

TID_SPACE = 0x8000
TID_WINDOW = 0x4000


@dataclass(slots=True)
class Peer:
    """One address. It changes with every datagram, so it is not frozen.

    last_tid     of the newest transaction that passed the TID test; -1 for none
    resend_s     the adaptive first interval of timer R
    smooth_s     smoothed round trip, 0 before the first; `vary_s` its mean deviation (RFC 6298)
    proven       something it could only know from our answers has come from there
    concatenates it has sent several PDUs in a datagram, so it can read them too
    """

    address: Address
    seen_at: float
    last_tid: int = -1
    resend_s: float = SHORTEST_RESEND_S
    smooth_s: float = 0.0
    vary_s: float = 0.0
    proven: bool = False
    concatenates: bool = False
    txns: dict[int, Txn] = field(default_factory=dict)


def tid_is_valid(peer: Peer, tid: int, *, new: bool, repeated: bool) -> bool:
    """The TID test (WAP-224 8.8.3.2); a new TID that passes is the last one from then on.

    A peer not known is believed, as WTP allows, unless it repeats itself: then what it repeats may be old.

    new, repeated   the flags TIDnew and RID of the Invoke
    """
    if new:
        return False
    newer = 1 <= (tid - peer.last_tid) % TID_SPACE <= TID_WINDOW
    valid = newer if peer.last_tid >= 0 else not repeated
    if valid:
        peer.last_tid = tid
    return valid


def learn(peer: Peer, clean_s: float | None) -> None:
    """Adapt the resend interval to a confirmed result (RFC 6298, Karn: a resent one only backs off)."""
    peer.proven = True
    if clean_s is None:
        peer.resend_s = min(LONGEST_RESEND_S, peer.resend_s * (1.5 if peer.smooth_s == 0 else 1.0))
        return
    if peer.smooth_s == 0.0:
        peer.smooth_s, peer.vary_s = clean_s, clean_s / 2
    else:
        peer.vary_s += (abs(clean_s - peer.smooth_s) - peer.vary_s) / 4
        peer.smooth_s += (clean_s - peer.smooth_s) / 8
    wanted = peer.smooth_s + 4 * peer.vary_s
    peer.resend_s = min(LONGEST_RESEND_S, max(SHORTEST_RESEND_S, wanted))
