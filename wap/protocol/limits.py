"""How much of everything the gateway takes on, and how fast one address may ask."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the gateway: what is above them is refused or forgotten, oldest first.

    Octet counts are of payload as received; rates are per second with a burst of as many units.
    """

    sessions: int = 20_000
    sessions_per_host: int = 10_000
    session_idle_s: float = 3_600.0
    session_header_octets: int = 2_048
    capability_octets: int = 512
    peers: int = 50_000
    peer_idle_s: float = 600.0
    transactions: int = 10_000
    transactions_per_peer: int = 32
    asks: int = 1_000
    reassembly_octets: int = 262_144
    held_octets: int = 32 * 1_048_576
    client_sdu_octets: int = 1_400
    server_sdu_octets: int = 262_144
    outstanding_methods: int = 8
    unit_data_octets: int = 3_000
    segment_octets: int = 1_360
    first_group: int = 3
    largest_group: int = 24
    cookies_octets: int = 1_024
    remembered_octets: int = 4 * 1_048_576
    datagrams_per_host_s: float = 4_000.0
    octets_to_host_s: float = 4_000_000.0
    resume_guesses_s: float = 1.0
    resume_guesses: int = 16


@dataclass(frozen=True, slots=True)
class Bucket:
    """A leaky bucket: `level` units at the moment `at` (seconds)."""

    level: float
    at: float


def pour(bucket: Bucket, units: float, rate: float, holds: float, now: float) -> Bucket | None:
    """The bucket with `units` more in it, or None where it would overflow.

    rate   units that leak in a second
    holds  units that may come at once
    """
    level = max(0.0, bucket.level - (now - bucket.at) * rate) + units
    return None if level > holds else Bucket(level, now)
