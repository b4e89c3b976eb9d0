"""How many connections a process has at once: all together, and of one address.

Pure but for the warning: whoever accepts asks `admit` before and says `leave` after. One address may not take
all the places, and the number of files that the system gives a process is never used up: a server that has
none left can accept nobody, not even to send them away.
"""

from __future__ import annotations

import logging
import resource
import time
from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from portal.tries import network

log = logging.getLogger("sunshine.http")

SPARE_FILES = 200
"""Files that a process needs besides its connections: Redis, index, logs, listening sockets."""

TELL_SECONDS = 60.0
"""How long it is silent after a warning."""

FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
"""What somebody is told for whom there is no room."""


class Door:
    """Counts connections.

    most     at once; 0: no limit
    each     at once of one address, which is a /64 of IPv6; 0: no limit
    proxies  networks whose addresses stand for many people
    now      seconds of a clock that only goes forward
    """

    def __init__(
        self,
        most: int,
        each: int,
        proxies: Sequence[IPv4Network | IPv6Network] = (),
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most = most
        self.each = each
        self.inside = 0
        self.refused = 0
        self._proxies = proxies
        self._now = now
        self._by_address: dict[str, int] = {}
        self._told = float("-inf")
        self._untold = 0

    @property
    def full(self) -> bool:
        """Whether there is no place left for anybody."""
        return bool(self.most) and self.inside >= self.most

    def admit(self, address: object) -> bool:
        """Whether this one may come in, who is then counted. `address` as `accept` gives it."""
        name = self._name(address)
        have = self._by_address.get(name, 0)
        if self.full:
            self._warn(f"all {self.most:,} are in use", "CONNECTIONS, or start more processes")
            return False
        if name and self.each and have >= self.each:
            # The network is not written down: the log names no viewer.
            self._warn(
                f"one address has {have:,}",
                "CONNECTIONS_EACH, or name your proxy in TRUSTED_PROXIES if that is what it is",
            )
            return False
        self.inside += 1
        if name:
            self._by_address[name] = have + 1
        return True

    def leave(self, address: object) -> None:
        """One that was admitted has gone."""
        self.inside -= 1
        name = self._name(address)
        left = self._by_address.get(name, 0) - 1
        if left > 0:
            self._by_address[name] = left
        else:
            self._by_address.pop(name, None)

    def _name(self, address: object) -> str:
        """Whose connections count together; "" for those that are not counted by address."""
        if not isinstance(address, tuple) or not address:
            return ""
        name = network(str(address[0]))
        if name == "-" or any(ip_address(name) in each for each in self._proxies):
            return ""
        return name

    def _warn(self, why: str, remedy: str) -> None:
        self.refused += 1
        self._untold += 1
        if self._now() - self._told >= TELL_SECONDS:
            log.warning("%d connections refused: %s. If viewers are meant: raise %s",
                        self._untold, why, remedy)  # fmt: skip
            self._told, self._untold = self._now(), 0


def places(wanted: int) -> int:
    """How many connections this process can have of those that are wanted; a warning where that is fewer.

    Asks the system for as many files as it may. 0 is returned only where the system sets no limit.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            soft = hard
        except (OSError, ValueError):
            log.warning("the number of open files stays at %d: the system does not allow %d", soft, hard)
    if soft == resource.RLIM_INFINITY:
        return wanted
    room = max(1, soft - SPARE_FILES)
    if wanted > room:
        log.warning("CONNECTIONS is %d, but the system allows %d open files: there will be %d connections "
                    "at most. Raise LimitNOFILE or `ulimit -Hn`", wanted, soft, room)  # fmt: skip
    return min(wanted, room) if wanted else room
