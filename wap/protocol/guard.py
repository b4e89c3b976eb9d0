"""Who may ask how often, and which answers are remembered: the gateway's bounded tables."""

from collections import OrderedDict
from collections.abc import Hashable
from ipaddress import ip_address

from wap.protocol.limits import Bucket, Limits, pour

MOST_HOSTS = 20_000
Key = bytes | tuple[Hashable, ...]
"""A question in session mode with all that its answer depends on; without a session its octets are all."""


class HostGuard:
    """Counts datagrams from and octets to each network address; loopback, which cannot be forged, is free."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buckets: OrderedDict[tuple[str, str], Bucket] = OrderedDict()
        self._free: dict[str, bool] = {}

    def admits(self, host: str, now: float) -> bool:
        """Whether one more datagram of this host is read."""
        rate = self._limits.datagrams_per_host_s
        return self._poured("in", host, 1.0, rate, rate, now)

    def sends(self, host: str, octets: int, now: float) -> bool:
        """Whether so many octets may go to this host now."""
        rate = self._limits.octets_to_host_s
        return self._poured("out", host, float(octets), rate, max(rate, 65_536.0), now)

    def guesses(self, host: str, now: float) -> bool:
        """Whether one more session id that does not exist may be named by this host."""
        limits = self._limits
        rate, holds = limits.resume_guesses_s, limits.resume_guesses
        # Sixteen times as much for all hosts together: many addresses guess no faster than a few.
        return self._poured("guess", host, 1.0, rate, holds, now) and (
            self.is_free(host) or self._poured("guess", "*", 1.0, rate * 16, holds * 16, now)
        )

    @property
    def hosts(self) -> int:
        """How many buckets there are."""
        return len(self._buckets)

    def _poured(self, kind: str, host: str, units: float, rate: float, holds: float, now: float) -> bool:
        if self.is_free(host):
            return True
        key = (kind, host)
        bucket = pour(self._buckets.get(key, Bucket(0.0, now)), units, rate, holds, now)
        if bucket is None:
            return False
        self._buckets[key] = bucket
        self._buckets.move_to_end(key)
        if len(self._buckets) > MOST_HOSTS:
            self._buckets.popitem(last=False)
        return True

    def is_free(self, host: str) -> bool:
        """Whether nothing of this host is counted."""
        free = self._free.get(host)
        if free is None:
            if len(self._free) >= MOST_HOSTS:
                self._free.clear()
            try:
                free = ip_address(host.partition("%")[0]).is_loopback
            except ValueError:
                free = False
            self._free[host] = free
        return free


class Memory:
    """Encoded answers to requests that were asked in the same octets, at most `octets` of them."""

    def __init__(self, octets: int) -> None:
        self._most = octets
        self._octets = 0
        self._kept: OrderedDict[Key, tuple[float, bytes]] = OrderedDict()

    def get(self, key: Key, now: float) -> bytes | None:
        """The answer, or None where there is none that is still fresh."""
        found = self._kept.get(key)
        if found is None:
            return None
        if found[0] <= now:
            self._drop(key)
            return None
        return found[1]

    def put(self, key: Key, answer: bytes, until: float) -> None:
        """Keep an answer until the moment `until`; the oldest leave where it gets too much."""
        self._drop(key)
        self._kept[key] = (until, answer)
        self._octets += self._weight(key, answer)
        while self._octets > self._most and self._kept:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        if (found := self._kept.pop(key, None)) is not None:
            self._octets -= self._weight(key, found[1])

    @staticmethod
    def _weight(key: Key, answer: bytes) -> int:
        parts = (key,) if isinstance(key, bytes) else key
        return sum(len(part) for part in parts if isinstance(part, bytes)) + len(answer) + 300
